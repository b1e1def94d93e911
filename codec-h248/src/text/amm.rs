//! The descriptors of Add, Move and Modify (H.248.1 Annex B.2 `ammParameter`).

use super::{
    audit, digit_map,
    error::{Read, level, wrong},
    event_buffer, events,
    form::Form,
    media, modem, mux,
    reader::Reader,
    signals, statistics,
    token::Token,
    write::Writer,
};
use crate::{Expected, Level, descriptor::AmmDescriptor};

/// `ammParameter`
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, AmmDescriptor<'a>> {
    level(Level::Descriptor, descriptor(r))
}

fn descriptor<'a>(r: &mut Reader<'a>) -> Read<'a, AmmDescriptor<'a>> {
    let at = r.rest();
    match r.keyword("ammParameter")? {
        Some(Token::Media) => Ok(AmmDescriptor::Media(media::read(r)?)),
        Some(Token::Modem) => Ok(AmmDescriptor::Modem(modem::read(r)?)),
        Some(Token::Mux) => Ok(AmmDescriptor::Mux(mux::read(r)?)),
        Some(Token::Events) => Ok(AmmDescriptor::Events(events::read(r)?)),
        Some(Token::Signals) => Ok(AmmDescriptor::Signals(signals::read(r)?)),
        Some(Token::DigitMap) => Ok(AmmDescriptor::DigitMap(digit_map::read(r)?)),
        Some(Token::EventBuffer) => Ok(AmmDescriptor::EventBuffer(event_buffer::read(r)?)),
        Some(Token::Audit) => Ok(AmmDescriptor::Audit(audit::read(r)?)),
        Some(Token::Statistics) => Ok(AmmDescriptor::Statistics(statistics::read(r)?)),
        _ => Err(wrong(at, Expected::Descriptor)),
    }
}

/// `ammParameter`
pub(super) fn write(w: &mut Writer<'_, impl Form>, descriptor: &AmmDescriptor<'_>) {
    match descriptor {
        AmmDescriptor::Media(media) => media::write(w, media),
        AmmDescriptor::Modem(modem) => modem::write(w, modem),
        AmmDescriptor::Mux(mux) => mux::write(w, mux),
        AmmDescriptor::Events(events) => events::write(w, events),
        AmmDescriptor::Signals(signals) => signals::write(w, signals),
        AmmDescriptor::DigitMap(digit_map) => digit_map::write(w, digit_map),
        AmmDescriptor::EventBuffer(buffer) => event_buffer::write(w, buffer),
        AmmDescriptor::Audit(audit) => audit::write(w, audit),
        AmmDescriptor::Statistics(statistics) => statistics::write(w, statistics),
    }
}
