//! The descriptors of Add, Move and Modify (H.248.1 Annex B.2 `ammParameter`).

use super::{
    audit, digit_map,
    error::{Read, level, wrong},
    event_buffer, events,
    form::Form,
    media, modem, mux,
    reader::{Reader, add, read_into},
    signals, statistics,
    token::Token,
    write::Writer,
};
use crate::{
    Expected, Level, List,
    descriptor::{AmmDescriptor, EventsDescriptor, MediaDescriptor, SignalsDescriptor},
};

/// `ammParameter`
pub(super) fn read<'a>(r: &mut Reader<'a>, list: &mut List<AmmDescriptor<'a>>) -> Read<'a, ()> {
    level(Level::Descriptor, descriptor(r, list))
}

fn descriptor<'a>(r: &mut Reader<'a>, list: &mut List<AmmDescriptor<'a>>) -> Read<'a, ()> {
    let at = r.rest();
    let descriptor = match r.keyword("ammParameter")? {
        Some(Token::Media) => {
            let blank = MediaDescriptor::default;
            read_into!(list, AmmDescriptor::Media, blank(), |media| media::read(
                r, media
            ));
            return Ok(());
        }
        Some(Token::Modem) => AmmDescriptor::Modem(modem::read(r)?),
        Some(Token::Mux) => AmmDescriptor::Mux(mux::read(r)?),
        Some(Token::Events) => {
            let blank = EventsDescriptor::default;
            read_into!(list, AmmDescriptor::Events, blank(), |events| events::read(
                r, events
            ));
            return Ok(());
        }
        Some(Token::Signals) => {
            let blank = SignalsDescriptor::default;
            read_into!(list, AmmDescriptor::Signals, blank(), |signals| {
                signals::read_into(r, signals)
            });
            return Ok(());
        }
        Some(Token::DigitMap) => AmmDescriptor::DigitMap(digit_map::read(r)?),
        Some(Token::EventBuffer) => AmmDescriptor::EventBuffer(event_buffer::read(r)?),
        Some(Token::Audit) => AmmDescriptor::Audit(audit::read(r)?),
        Some(Token::Statistics) => AmmDescriptor::Statistics(statistics::read(r)?),
        _ => return Err(wrong(at, Expected::Descriptor)),
    };
    add(list, || descriptor);
    Ok(())
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
