//! Physical Terminations: what is provisioned of them (H.248.1 6.2, 12.1.2).

pub(crate) mod phone;
pub(crate) mod script;
pub(crate) mod service;

use codec_h248::{PropertyParm, TerminationId, descriptor::ServiceState};

pub use self::{
    script::{Act, BadStep, Step},
    service::Service,
};
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
    /// What is done with the phone of an analog line from the start of the gateway on.
    pub script: Vec<Step>,
    /// What is done with it when it rings, in place of what else was to come.
    pub on_ring: Vec<Step>,
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
            script: Vec::new(),
            on_ring: Vec::new(),
        }
    }

    /// Whether it can be provisioned so.
    ///
    /// # Errors
    ///
    /// With what stands against it: a name that is a wildcard or ROOT, a phone of a trunk, or a property that it does not
    /// have or that has not one value.
    pub fn check(&self) -> Result<(), String> {
        let id = &self.id;
        if id.is_root() || id.has_all() || id.has_choose() {
            return Err(format!("{id} is no name of one Termination"));
        }
        let scripted = !(self.script.is_empty() && self.on_ring.is_empty());
        if self.kind == LineKind::Trunk && scripted {
            return Err(format!("{id}: a trunk has no phone"));
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
