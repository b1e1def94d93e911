//! TerminationState (H.248.1 Annex B.2 `terminationStateDescriptor`).

use super::{
    error::Parsed,
    lex::equal,
    reading::{Reading, choice, fill, keyword, push},
    token::Token,
    value::{property, write_property},
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
pub(super) fn read<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
) -> Parsed<'a, TerminationStateDescriptor<'a>> {
    let mut found = TerminationStateDescriptor::default();
    let (rest, ()) = reading.each_or_none(i, "terminationStateDescriptor", |i| {
        let (after, token) = keyword(i, "terminationStateParm")?;
        match token {
            Some(Token::ServiceStates) => {
                let states = equal(after)
                    .and_then(|(i, ())| choice(i, "serviceStatesValue", SERVICE_STATES));
                fill(&mut found.service_states, i, "serviceStates", states)
            }
            Some(Token::Buffer) => {
                let control = equal(after)
                    .and_then(|(i, ())| choice(i, "eventBufferControlValue", BUFFER_CONTROLS));
                fill(&mut found.buffer, i, "eventBufferControl", control)
            }
            _ => push(&mut found.properties, property(i, reading)),
        }
    })?;
    Ok((rest, found))
}

/// `terminationStateDescriptor`
pub(super) fn write(w: &mut Writer<'_>, state: &TerminationStateDescriptor<'_>) {
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
