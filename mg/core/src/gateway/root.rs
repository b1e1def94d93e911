//! ROOT: the gateway itself (H.248.1 6.2.5, E.2).

use std::{
    ops::RangeInclusive,
    time::{Duration, Instant},
};

use codec_h248::{
    MId, PackageItem, ParmValue, PropertyParm, ToBoundedStatic, Value,
    descriptor::{
        EventBufferControl, EventsDescriptor, MediaDescriptor, ServiceState, Streams,
        TerminationStateDescriptor,
    },
};

use transport_h248::Terms;

use super::{packages::Owner, segmentation::Segmentation};
use crate::{CommandError, Limits, supervision::DigitMaps};

/// Times that a controller may set, in milliseconds: from one that a network can keep to ten minutes.
pub(super) const TIMES_MS: RangeInclusive<u32> = 10..=600_000;

/// What ROOT holds.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    /// The events that are armed.
    pub(crate) events: EventsDescriptor<'static>,
    /// Whether it can be used, so far as the controller orders.
    pub(crate) service: RootService,
    /// Whether the gateway itself leaves gracefully, which it does not take back.
    pub(crate) drains: bool,
    /// Its digit maps, which all Terminations can name.
    pub(crate) maps: DigitMaps,
    /// Its properties.
    pub(crate) properties: Properties,
    /// Those that packages of vendors have, where they are set.
    pub(crate) of_vendors: Vec<PropertyParm<'static>>,
    /// Where the controller sends the gateway, until it goes there.
    pub(crate) hand_off: Option<MId<'static>>,
}

/// What the controller has ordered of the whole gateway (H.248.1 7.2.8).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum RootService {
    /// It is to be used.
    In,
    /// It is out of service then, or when the last Context ends before that.
    Leaving { until: Instant },
    /// It is not to be used, until it is back by itself.
    Out { back: Option<Instant> },
}

impl RootService {
    /// What it is when it is to be back then, or at once: what is not out of service stays in.
    pub(crate) fn restarted(self, at: Option<Instant>) -> Self {
        match (self, at) {
            (Self::Out { .. }, Some(_)) => Self::Out { back: at },
            (Self::Out { .. }, None) | (Self::In | Self::Leaving { .. }, _) => Self::In,
        }
    }

    /// What it is when it is to be out of service by then, or at once.
    pub(crate) fn left(self, at: Option<Instant>) -> Self {
        match (self, at) {
            (Self::In | Self::Leaving { .. }, Some(until)) => Self::Leaving { until },
            (Self::Out { .. }, _) | (Self::In | Self::Leaving { .. }, None) => {
                Self::Out { back: None }
            }
        }
    }
}

/// The properties of E.2.1, in milliseconds where they are times, and of E.14.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Properties {
    contexts_max: usize,
    terminations_per_context_max: usize,
    normal_mg_execution: u32,
    normal_mgc_execution: u32,
    mg_provisional: u32,
    mgc_provisional: u32,
    /// A limit that nobody has set is none: it has no value, and no audit of Media returns it, of which
    /// peers of version 1 know no name. Who audits it by itself gets 532.
    mgc_pendings_max: Option<u32>,
    mg_pendings_max: Option<u32>,
    /// How many of a hundred regulated notifications are sent (E.15).
    notified_percent: u32,
    segmentation: Segmentation,
}

impl Root {
    /// ROOT of a gateway that has just started.
    pub(crate) fn new(limits: &Limits, transport: &transport_h248::Config) -> Self {
        let ms = |time: Duration| u32::try_from(time.as_millis()).unwrap_or(u32::MAX);
        Self {
            events: EventsDescriptor::default(),
            maps: DigitMaps::default(),
            properties: Properties {
                contexts_max: limits.contexts,
                terminations_per_context_max: limits.terminations_per_context,
                normal_mg_execution: ms(transport.pending_after),
                normal_mgc_execution: ms(transport.pending_after),
                mg_provisional: ms(transport.pending_after),
                mgc_provisional: ms(transport.provisional_timer),
                mgc_pendings_max: None,
                mg_pendings_max: None,
                notified_percent: 100,
                segmentation: Segmentation::new(ms(transport.segment_wait)),
            },
            of_vendors: Vec::new(),
            hand_off: None,
            service: RootService::In,
            drains: false,
        }
    }

    /// Whether the gateway is in service: a Termination may be put into a Context then, and only then.
    pub(crate) fn is_in_service(&self) -> bool {
        match self.service {
            RootService::In | RootService::Leaving { .. } => !self.drains,
            RootService::Out { .. } => false,
        }
    }

    /// Takes that the last Context has ended.
    pub(super) fn handle_idle(&mut self) {
        if let RootService::Leaving { .. } = self.service {
            self.service = RootService::Out { back: None };
        }
    }

    /// Changes the state where it has had its time.
    pub(super) fn advance_service(&mut self, now: Instant) {
        if self.poll_service_timeout().is_none_or(|at| at > now) {
            return;
        }
        self.service = match self.service {
            RootService::Leaving { .. } => RootService::Out { back: None },
            RootService::In | RootService::Out { .. } => RootService::In,
        };
    }

    /// When the state changes by itself.
    pub(super) fn poll_service_timeout(&self) -> Option<Instant> {
        match self.service {
            RootService::Leaving { until } => Some(until),
            RootService::Out { back } => back,
            RootService::In => None,
        }
    }

    /// The Media descriptor as an audit returns it.
    pub(crate) fn media(&self) -> MediaDescriptor<'static> {
        let parm = |package, item, value| PropertyParm {
            name: PackageItem::known(package, item),
            value: ParmValue::Equal(Value::bare(value)),
        };
        let root = self.properties.values().into_iter();
        let root = root.map(|(item, value): (_, String)| parm("root", item, value));
        let seg = self.properties.segmentation.values().into_iter();
        let seg = seg.map(|(item, value)| parm("seg", item, value));
        let percent = self.properties.notified_percent.to_string();
        let nb = parm("nb", "notreg", percent);
        let of_vendors = self.of_vendors.iter().cloned();
        let properties = root.chain(seg).chain([nb]).chain(of_vendors).collect();
        MediaDescriptor {
            termination_state: Some(TerminationStateDescriptor {
                service_states: Some(match self.is_in_service() {
                    true => ServiceState::InService,
                    false => ServiceState::OutOfService,
                }),
                buffer: Some(EventBufferControl::Off),
                properties,
            }),
            streams: Streams::default(),
        }
    }
}

impl Properties {
    /// How many of a hundred regulated notifications are sent.
    pub(crate) fn notified_percent(&self) -> u32 {
        self.notified_percent
    }

    fn values(&self) -> Vec<(&'static str, String)> {
        let per_context = self.terminations_per_context_max;
        let mut values = vec![
            ("maxNumberOfContexts", self.contexts_max.to_string()),
            ("maxTerminationsPerContext", per_context.to_string()),
            (
                "normalMGExecutionTime",
                self.normal_mg_execution.to_string(),
            ),
            (
                "normalMGCExecutionTime",
                self.normal_mgc_execution.to_string(),
            ),
            (
                "MGProvisionalResponseTimerValue",
                self.mg_provisional.to_string(),
            ),
            (
                "MGCProvisionalResponseTimerValue",
                self.mgc_provisional.to_string(),
            ),
        ];
        let limits = [
            ("MGCOriginatedPendingLimit", self.mgc_pendings_max),
            ("MGOriginatedPendingLimit", self.mg_pendings_max),
        ];
        let set = |(name, limit): (_, Option<u32>)| limit.map(|limit| (name, limit.to_string()));
        values.extend(limits.into_iter().filter_map(set));
        values
    }

    /// Those that cannot be written, which have no other value than this.
    pub(crate) fn fixed(&self) -> [PropertyParm<'static>; 2] {
        let parm = |item, value: usize| PropertyParm {
            name: PackageItem::known("root", item),
            value: ParmValue::Equal(Value::bare(value.to_string())),
        };
        [
            parm("maxNumberOfContexts", self.contexts_max),
            parm(
                "maxTerminationsPerContext",
                self.terminations_per_context_max,
            ),
        ]
    }

    /// What these become when `parms` are written.
    pub(crate) fn written(mut self, parms: &[PropertyParm<'_>]) -> Result<Self, CommandError> {
        for parm in parms {
            Owner::Root.check_package(&parm.name)?;
        }
        for (index, parm) in parms.iter().enumerate() {
            if parms[..index].iter().any(|other| other.name == parm.name) {
                return Err(CommandError::PropertyTwice(parm.name.to_static()));
            }
            self.write(parm)?;
        }
        Ok(self)
    }

    fn write(&mut self, parm: &PropertyParm<'_>) -> Result<(), CommandError> {
        let name = &parm.name;
        let is = |item| name.is("root", item);
        if is("maxNumberOfContexts") || is("maxTerminationsPerContext") {
            return Err(CommandError::ReadOnly(name.to_static()));
        }
        let time = || number(parm, &TIMES_MS);
        let limit = || number(parm, &(0..=u32::MAX)).map(Some);
        if is("normalMGExecutionTime") {
            self.normal_mg_execution = time()?;
        } else if is("normalMGCExecutionTime") {
            self.normal_mgc_execution = time()?;
        } else if is("MGProvisionalResponseTimerValue") {
            self.mg_provisional = time()?;
        } else if is("MGCProvisionalResponseTimerValue") {
            self.mgc_provisional = time()?;
        } else if is("MGCOriginatedPendingLimit") {
            self.mgc_pendings_max = limit()?;
        } else if is("MGOriginatedPendingLimit") {
            self.mg_pendings_max = limit()?;
        } else if name.is("nb", "notreg") {
            self.notified_percent = number(parm, &(0..=100))?;
        } else if !self.segmentation.write(parm)? {
            return Err(CommandError::NoSuchProperty(name.to_static()));
        }
        Ok(())
    }

    /// Brings the association's terms to what the controller expects of us, and we of it.
    pub(crate) fn apply(&self, terms: &mut Terms) {
        let ms = |time: u32| Duration::from_millis(time.into());
        terms.pending_after = ms(self.normal_mg_execution.min(self.mg_provisional));
        terms.provisional_timer = ms(self.normal_mgc_execution.max(self.mgc_provisional));
        terms.pending_limit = self.mg_pendings_max;
        terms.peer_pending_limit = self.mgc_pendings_max;
        self.segmentation.apply(terms);
    }
}

/// Reads a property that takes one number.
pub(super) fn number(
    parm: &PropertyParm<'_>,
    allowed: &RangeInclusive<u32>,
) -> Result<u32, CommandError> {
    let given = match &parm.value {
        ParmValue::Equal(value) => value.text.parse().ok(),
        ParmValue::NotEqual(_)
        | ParmValue::Greater(_)
        | ParmValue::Less(_)
        | ParmValue::Range(..)
        | ParmValue::AllOf(_)
        | ParmValue::OneOf(_) => None,
    };
    let given = given.filter(|given| allowed.contains(given));
    given.ok_or_else(|| CommandError::PropertyValue(parm.name.to_static()))
}
