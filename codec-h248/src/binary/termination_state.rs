//! TerminationState (H.248.1 Annex A.2 `TerminationStateDescriptor`).

use super::{
    ber::{BerError, BerReader, BerWriter, leaf},
    property,
};
use crate::descriptor::{EventBufferControl, ServiceState, TerminationStateDescriptor};

/// `ServiceState`
pub(super) const SERVICE_STATES: &[(u32, ServiceState)] = &[
    (0, ServiceState::Test),
    (1, ServiceState::OutOfService),
    (2, ServiceState::InService),
];

/// `EventBufferControl`
const BUFFER_CONTROLS: &[(u32, EventBufferControl)] = &[
    (0, EventBufferControl::Off),
    (1, EventBufferControl::LockStep),
];

/// `TerminationStateDescriptor`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<TerminationStateDescriptor<'a>, BerError> {
    let properties = r.mandatory(0, "propertyParms", property::read_list)?;
    let buffer = r.optional_value(1, "eventBufferControl", |r| {
        leaf::enumerated(r, "EventBufferControl", BUFFER_CONTROLS)
    })?;
    let service_states = r.optional(2, "serviceState", service_state)?;
    r.extensions(2)?;
    Ok(TerminationStateDescriptor {
        service_states,
        buffer,
        properties,
    })
}

/// `ServiceState`
pub(super) fn service_state(r: &mut BerReader<'_>) -> Result<ServiceState, BerError> {
    leaf::enumerated(r, "ServiceState", SERVICE_STATES)
}

/// `TerminationStateDescriptor`
pub(super) fn write(w: &mut BerWriter<'_>, state: &TerminationStateDescriptor<'_>) {
    w.extensions();
    if let Some(service_states) = state.service_states {
        w.enumerated(2, SERVICE_STATES, service_states);
    }
    if let Some(buffer) = state.buffer {
        w.enumerated(1, BUFFER_CONTROLS, buffer);
    }
    w.constructed(0, "propertyParms", |w| {
        property::write_list(w, &state.properties);
    });
}
