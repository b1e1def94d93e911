//! ROOT: the gateway itself (H.248.1 6.2.5, E.2).

use std::time::Duration;

use codec_h248::{
    PackageItem, ParmValue, PropertyParm, ToBoundedStatic, Value,
    descriptor::{
        EventBufferControl, EventsDescriptor, MediaDescriptor, ServiceState, Streams,
        TerminationStateDescriptor,
    },
};

use super::packages::Owner;
use crate::{CommandError, Limits};

/// What ROOT holds.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    /// The events that are armed.
    pub(crate) events: EventsDescriptor<'static>,
    /// Its properties.
    pub(crate) properties: Properties,
}

/// The properties of E.2.1, in milliseconds where they are times.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Properties {
    contexts_max: usize,
    terminations_per_context_max: usize,
    normal_mg_execution: u32,
    normal_mgc_execution: u32,
    mg_provisional: u32,
    mgc_provisional: u32,
}

impl Root {
    /// ROOT of a gateway that has just started.
    pub(crate) fn new(limits: &Limits, transport: &transport_h248::Config) -> Self {
        let ms = |time: Duration| u32::try_from(time.as_millis()).unwrap_or(u32::MAX);
        Self {
            events: EventsDescriptor::default(),
            properties: Properties {
                contexts_max: limits.contexts,
                terminations_per_context_max: limits.terminations_per_context,
                normal_mg_execution: ms(transport.pending_after),
                normal_mgc_execution: ms(transport.pending_after),
                mg_provisional: ms(transport.pending_after),
                mgc_provisional: ms(transport.provisional_timer),
            },
        }
    }

    /// The Media descriptor as an audit returns it.
    pub(crate) fn media(&self) -> MediaDescriptor<'static> {
        let it = &self.properties;
        let parm = |item, value: String| PropertyParm {
            name: PackageItem::known("root", item),
            value: ParmValue::Equal(Value::bare(value)),
        };
        let properties = vec![
            parm("maxNumberOfContexts", it.contexts_max.to_string()),
            parm(
                "maxTerminationsPerContext",
                it.terminations_per_context_max.to_string(),
            ),
            parm("normalMGExecutionTime", it.normal_mg_execution.to_string()),
            parm(
                "normalMGCExecutionTime",
                it.normal_mgc_execution.to_string(),
            ),
            parm(
                "MGProvisionalResponseTimerValue",
                it.mg_provisional.to_string(),
            ),
            parm(
                "MGCProvisionalResponseTimerValue",
                it.mgc_provisional.to_string(),
            ),
        ];
        MediaDescriptor {
            termination_state: Some(TerminationStateDescriptor {
                service_states: Some(ServiceState::InService),
                buffer: Some(EventBufferControl::Off),
                properties,
            }),
            streams: Streams::default(),
        }
    }
}

impl Properties {
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
        if is("MGProvisionalResponseTimerValue") || is("MGCProvisionalResponseTimerValue") {
            return Err(CommandError::NotImplemented("provisional response timers"));
        }
        let place = if is("normalMGExecutionTime") {
            &mut self.normal_mg_execution
        } else if is("normalMGCExecutionTime") {
            &mut self.normal_mgc_execution
        } else {
            return Err(CommandError::NoSuchProperty(name.to_static()));
        };
        let bad = || CommandError::PropertyValue(name.to_static());
        match &parm.value {
            ParmValue::Equal(value) => *place = value.text.parse().map_err(|_| bad())?,
            ParmValue::NotEqual(_)
            | ParmValue::Greater(_)
            | ParmValue::Less(_)
            | ParmValue::Range(..)
            | ParmValue::AllOf(_)
            | ParmValue::OneOf(_) => return Err(bad()),
        }
        Ok(())
    }
}
