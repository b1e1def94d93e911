//! Physical Terminations: what is provisioned of them (H.248.1 6.2, 12.1.2).

pub(crate) mod phone;
pub(crate) mod script;
pub(crate) mod service;

use codec_h248::{PropertyParm, TerminationId};

pub use self::{
    script::{Act, BadStep, Step},
    service::Service,
};
use crate::gateway::packages::{self, Owner};

/// Octets of the longest name (H.248.1 B.2).
const NAME_MAX: usize = 64;

/// A physical Termination as it is provisioned: a simulated line or a channel of a trunk.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its name.
    pub id: TerminationId<'static>,
    /// What it is.
    pub kind: LineKind,
    /// Whether it is in service at the start.
    pub service: Service,
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
            service: Service::In,
            properties: Vec::new(),
            script: Vec::new(),
            on_ring: Vec::new(),
        }
    }

    /// Whether it can be provisioned so.
    ///
    /// # Errors
    ///
    /// With what stands against it: a name that is a wildcard, ROOT or of RTP, a phone of a trunk, or a property that it does not
    /// have or that has not one value.
    pub fn check(&self) -> Result<(), String> {
        let id = &self.id;
        if !is_name(id.as_str()) {
            return Err(format!("{id} is no name of a physical Termination"));
        }
        let scripted = !(self.script.is_empty() && self.on_ring.is_empty());
        if self.kind == LineKind::Trunk && scripted {
            return Err(format!("{id}: a trunk has no phone"));
        }
        let packages = packages::Packages::default();
        let kept = packages
            .of(self.kind.owner())
            .local_control(&self.properties);
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

/// Whether a Termination can be called so (H.248.1 B.2 `pathNAME`), and no other is.
fn is_name(name: &str) -> bool {
    let legal = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'_' || octet == b'/';
    let first = name.split('/').next().unwrap_or_default();
    let begins = name
        .bytes()
        .next()
        .is_some_and(|octet| octet.is_ascii_alphabetic());
    let taken = ["ROOT", "rtp"]
        .iter()
        .any(|taken| first.eq_ignore_ascii_case(taken));
    begins && name.bytes().all(legal) && name.len() <= NAME_MAX && !taken
}

impl LineKind {
    pub(crate) fn owner(self) -> Owner {
        match self {
            Self::Analog => Owner::Analog,
            Self::Trunk => Owner::Trunk,
        }
    }
}
