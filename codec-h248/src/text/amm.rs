//! The descriptors of Add, Move and Modify (H.248.1 Annex B.2 `ammParameter`).

use super::{
    audit, digit_map,
    error::{Parsed, level, wrap, wrong},
    event_buffer, events, media, modem, mux,
    reading::{Reading, keyword},
    signals, statistics,
    token::Token,
    write::Writer,
};
use crate::{Expected, Level, descriptor::AmmDescriptor};

/// `ammParameter`
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, AmmDescriptor<'a>> {
    level(Level::Descriptor, descriptor(i, reading))
}

fn descriptor<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, AmmDescriptor<'a>> {
    let (after, token) = keyword(i, "ammParameter")?;
    match token {
        Some(Token::Media) => wrap(media::read(after, reading), AmmDescriptor::Media),
        Some(Token::Modem) => wrap(modem::read(after, reading), AmmDescriptor::Modem),
        Some(Token::Mux) => wrap(mux::read(after, reading), AmmDescriptor::Mux),
        Some(Token::Events) => wrap(events::read(after, reading), AmmDescriptor::Events),
        Some(Token::Signals) => wrap(signals::read(after, reading), AmmDescriptor::Signals),
        Some(Token::DigitMap) => wrap(digit_map::read(after, reading), AmmDescriptor::DigitMap),
        Some(Token::EventBuffer) => wrap(
            event_buffer::read(after, reading),
            AmmDescriptor::EventBuffer,
        ),
        Some(Token::Audit) => wrap(audit::read(after, reading), AmmDescriptor::Audit),
        Some(Token::Statistics) => {
            wrap(statistics::read(after, reading), AmmDescriptor::Statistics)
        }
        _ => Err(wrong(i, Expected::Descriptor)),
    }
}

/// `ammParameter`
pub(super) fn write(w: &mut Writer<'_>, descriptor: &AmmDescriptor<'_>) {
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
