//! One stream of a Termination: LocalControl, Local, Remote, and its port pair at the engine.

use codec_h248::{
    ParmValue, PropertyParm,
    descriptor::{LocalControlDescriptor, SessionDescription, StreamMode, StreamParms},
};
use mg_contract::{RtpPort, StreamRef, StreamSettings, StreamStatistics};
use transport_h248::mutants::{Mutant, seeded};

use super::{
    kept::Kept,
    packages::{self, Owner},
    sdp::{self, Description},
    select,
};
use crate::Codecs;

/// One stream (H.248.1 7.1.6).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Stream {
    /// LocalControl (H.248.1 7.1.7).
    pub(crate) control: Control,
    /// Local: `None` until it is given, empty where it was given empty (H.248.1 7.1.8).
    pub(crate) local: Option<Vec<Description>>,
    /// Remote, likewise.
    pub(crate) remote: Option<Vec<Description>>,
    /// What the engine has for it.
    pub(crate) media: Option<Media>,
    /// The last statistics of port pairs that it had before.
    pub(crate) past: StreamStatistics,
    /// What the present stream at the engine had counted before it came into a Context.
    pub(crate) before: StreamStatistics,
    /// Which statistics are kept of the stream by itself.
    pub(crate) kept: Kept,
}

/// LocalControl (H.248.1 7.1.7).
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Control {
    /// Which way media flows.
    pub(crate) mode: StreamMode,
    /// Whether every format of a description is reserved.
    pub(crate) reserve_value: bool,
    /// Whether every description is reserved.
    pub(crate) reserve_group: bool,
    /// Package properties.
    pub(crate) properties: Vec<PropertyParm<'static>>,
}

/// A stream at the engine.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Media {
    /// Its name there.
    pub(crate) stream: StreamRef,
    /// Its port pair, if it is not a line's.
    pub(crate) port: Option<RtpPort>,
    /// Whether the phone of a line speaks there, as the engine knows it.
    pub(crate) speaks: bool,
}

/// What becomes of a stream's port pair.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PortChange {
    /// It stays, or there is none.
    Keep,
    /// This one is taken, in place of any former one.
    Take(RtpPort),
    /// It is given up.
    Release,
}

impl Stream {
    /// What the engine is to do.
    pub(crate) fn settings(&self, codecs: &Codecs) -> StreamSettings {
        let (contributes, listens, loopback) = match self.control.mode {
            StreamMode::SendOnly if seeded(Mutant::M11) => (true, false, false),
            StreamMode::ReceiveOnly if seeded(Mutant::M11) => (false, true, false),
            StreamMode::SendOnly => (false, true, false),
            StreamMode::ReceiveOnly => (true, false, false),
            StreamMode::SendReceive => (true, true, false),
            StreamMode::Inactive => (false, false, false),
            StreamMode::Loopback => (false, false, true),
        };
        StreamSettings {
            contributes,
            listens,
            loopback,
            gain: self.control.gain(),
            ..select::settings(self, codecs)
        }
    }

    /// The whole stream as an audit returns it (H.248.1 7.2.5).
    pub(crate) fn parms(&self, owner: Owner) -> StreamParms<'static> {
        StreamParms {
            local_control: Some(self.control.descriptor(owner)),
            local: self.local.as_deref().map(description),
            remote: self.remote.as_deref().map(description),
            statistics: None,
        }
    }
}

impl Default for Control {
    fn default() -> Self {
        Self {
            mode: if seeded(Mutant::M10) {
                StreamMode::SendReceive
            } else {
                StreamMode::default()
            },
            reserve_value: false,
            reserve_group: false,
            properties: Vec::new(),
        }
    }
}

impl Control {
    /// How much louder the far side is made, in dB.
    fn gain(&self) -> i8 {
        let mut set = self.properties.iter();
        match set.find(|one| one.name.is("zconfmix", "gain")) {
            Some(PropertyParm {
                value: ParmValue::Equal(value),
                ..
            }) => value.text.parse().unwrap_or_default(),
            Some(_) | None => 0,
        }
    }

    /// What nobody has set is what it is assumed to be.
    fn descriptor(&self, owner: Owner) -> LocalControlDescriptor<'static> {
        LocalControlDescriptor {
            mode: Some(self.mode),
            reserved_value: self.reserve_value.then_some(true),
            reserved_group: self.reserve_group.then_some(true),
            properties: packages::over(packages::assumed(owner), &self.properties),
        }
    }
}

/// Descriptions as they stand in Local or Remote when the controller is told: with all lines that are
/// mandatory (H.248.1 7.1.8).
pub(crate) fn description(descriptions: &[Description]) -> SessionDescription<'static> {
    let mut whole = descriptions.to_vec();
    whole.iter_mut().for_each(Description::complete);
    SessionDescription::new(sdp::write(&whole))
}
