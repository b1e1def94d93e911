//! TerminationState (H.248.1 Annex B.2 `terminationStateDescriptor`).

use super::{
    error::Read,
    form::Form,
    reader::{Reader, fill},
    token::Token,
    value::{property_into, write_property},
    write::Writer,
};
use crate::descriptor::{EventBufferControl, ServiceState, TerminationStateDescriptor};

/// `serviceStatesValue`
pub(super) const SERVICE_STATES: &[(Token, ServiceState)] = &[
    (Token::Test, ServiceState::Test),
    (Token::OutOfService, ServiceState::OutOfService),
    (Token::InService, ServiceState::InService),
];

/// `eventBufferControlValue`
const BUFFER_CONTROLS: &[(Token, EventBufferControl)] = &[
    (Token::Off, EventBufferControl::Off),
    (Token::LockStep, EventBufferControl::LockStep),
];

/// `terminationStateDescriptor` behind its keyword.
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, TerminationStateDescriptor<'a>> {
    let mut found = TerminationStateDescriptor::default();
    r.each_or_none("terminationStateDescriptor", |r| parm(r, &mut found))?;
    Ok(found)
}

/// `terminationStateParm`
fn parm<'a>(r: &mut Reader<'a>, found: &mut TerminationStateDescriptor<'a>) -> Read<'a, ()> {
    let at = r.rest();
    match r.keyword("terminationStateParm")? {
        Some(Token::ServiceStates) => {
            let states = r.equal_choice("serviceStatesValue", SERVICE_STATES);
            fill(&mut found.service_states, at, "serviceStates", states)
        }
        Some(Token::Buffer) => {
            let control = r.equal_choice("eventBufferControlValue", BUFFER_CONTROLS);
            fill(&mut found.buffer, at, "eventBufferControl", control)
        }
        _ => {
            r.go_to(at);
            property_into(r, &mut found.properties)
        }
    }
}

/// `terminationStateDescriptor`
pub(super) fn write(w: &mut Writer<'_, impl Form>, state: &TerminationStateDescriptor<'_>) {
    w.token(Token::TerminationState);
    w.open();
    if let Some(service_states) = state.service_states {
        w.item();
        w.key(Token::ServiceStates);
        w.choice(SERVICE_STATES, service_states);
    }
    if let Some(buffer) = state.buffer {
        w.item();
        w.key(Token::Buffer);
        w.choice(BUFFER_CONTROLS, buffer);
    }
    for property in &state.properties {
        w.item();
        write_property(w, property);
    }
    w.close();
}
