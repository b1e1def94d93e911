//! Physical Terminations: what is provisioned of them (H.248.1 6.2, 12.1.2).

use codec_h248::{PropertyParm, TerminationId, descriptor::ServiceState};

use crate::gateway::packages::{self, Owner};

/// A physical Termination as it is provisioned: a simulated line or a channel of a trunk.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its name.
    pub id: TerminationId<'static>,
    /// What it is.
    pub kind: LineKind,
    /// Whether it is in service at the start.
    pub service: ServiceState,
    /// Properties of LocalControl that differ from the defaults of their packages; a controller that
    /// does not say them means these.
    pub properties: Vec<PropertyParm<'static>>,
}

/// What a physical Termination is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LineKind {
    /// An analog line with a phone: package al.
    Analog,
    /// A channel of a trunk: packages tdmc and ct.
    Trunk,
}

impl Line {
    /// A line of that name in service, with nothing but defaults.
    pub fn new(id: TerminationId<'static>, kind: LineKind) -> Self {
        Self {
            id,
            kind,
            service: ServiceState::InService,
            properties: Vec::new(),
        }
    }

    /// Whether it can be provisioned so.
    ///
    /// # Errors
    ///
    /// With what stands against it: a name that is a wildcard or ROOT, or a property that it does not
    /// have or that has not one value.
    pub fn check(&self) -> Result<(), String> {
        let id = &self.id;
        if id.is_root() || id.has_all() || id.has_choose() {
            return Err(format!("{id} is no name of one Termination"));
        }
        let kept = packages::local_control(self.kind.owner(), &self.properties);
        let kept = kept.map_err(|error| format!("{id}: {}", error.descriptor()))?;
        match kept.iter().find(|kept| kept.chosen) {
            Some(open) => Err(format!("{id}: {} has not one value", open.parm.name)),
            None => Ok(()),
        }
    }

    /// LocalControl's properties where the controller says none of them.
    pub(crate) fn provisioned(&self) -> Vec<PropertyParm<'static>> {
        packages::over(packages::defaults(self.kind.owner()), &self.properties)
    }
}

impl LineKind {
    pub(crate) fn owner(self) -> Owner {
        match self {
            Self::Analog => Owner::Analog,
            Self::Trunk => Owner::Trunk,
        }
    }
}
