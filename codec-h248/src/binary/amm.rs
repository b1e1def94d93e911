//! The descriptors of Add, Move and Modify (H.248.1 Annex A.2 `AmmDescriptor`).

use super::{
    audit,
    ber::{BerError, BerReader, BerWriter, level},
    digit_map, event_buffer, events, media, modem, mux, signals, statistics,
};
use crate::{
    Expected, Level, List,
    descriptor::{AmmDescriptor, MediaDescriptor},
    list::Entries,
};

/// `AmmDescriptor`, a whole element to the list.
pub(super) fn read<'a>(
    r: &mut BerReader<'a>,
    list: &mut List<AmmDescriptor<'a>>,
) -> Result<(), BerError> {
    level(Level::Descriptor, descriptor(r, list))
}

fn descriptor<'a>(
    r: &mut BerReader<'a>,
    list: &mut List<AmmDescriptor<'a>>,
) -> Result<(), BerError> {
    match r.alternative() {
        Some(0) => {
            let nothing = || AmmDescriptor::Media(MediaDescriptor::default());
            if let AmmDescriptor::Media(media) = list.add(nothing) {
                r.mandatory(0, "mediaDescriptor", |r| media::read(r, media))?;
            }
        }
        Some(1) => {
            let modem = r.mandatory(1, "modemDescriptor", modem::read)?;
            list.push(AmmDescriptor::Modem(modem));
        }
        Some(2) => {
            let mux = r.mandatory(2, "muxDescriptor", mux::read)?;
            list.push(AmmDescriptor::Mux(mux));
        }
        Some(3) => {
            let events = r.mandatory(3, "eventsDescriptor", events::read)?;
            list.push(AmmDescriptor::Events(events));
        }
        Some(4) => {
            let buffer = r.mandatory(4, "eventBufferDescriptor", event_buffer::read)?;
            list.push(AmmDescriptor::EventBuffer(buffer));
        }
        Some(5) => {
            let signals = r.mandatory(5, "signalsDescriptor", signals::read)?;
            list.push(AmmDescriptor::Signals(signals));
        }
        Some(6) => {
            let digit_map = r.mandatory(6, "digitMapDescriptor", digit_map::read)?;
            list.push(AmmDescriptor::DigitMap(digit_map));
        }
        Some(7) => {
            let audit = r.mandatory(7, "auditDescriptor", audit::read)?;
            list.push(AmmDescriptor::Audit(audit));
        }
        Some(8) => {
            let statistics = r.mandatory(8, "statisticsDescriptor", statistics::read)?;
            list.push(AmmDescriptor::Statistics(statistics));
        }
        Some(_) | None => return Err(r.wrong(Expected::Descriptor)),
    }
    Ok(())
}

/// `AmmDescriptor`, a whole element.
pub(super) fn write(w: &mut BerWriter<'_>, descriptor: &AmmDescriptor<'_>) {
    match descriptor {
        AmmDescriptor::Media(media) => {
            w.constructed(0, "mediaDescriptor", |w| media::write(w, media));
        }
        AmmDescriptor::Modem(modem) => {
            w.constructed(1, "modemDescriptor", |w| modem::write(w, modem));
        }
        AmmDescriptor::Mux(mux) => w.constructed(2, "muxDescriptor", |w| mux::write(w, mux)),
        AmmDescriptor::Events(events) => {
            w.constructed(3, "eventsDescriptor", |w| events::write(w, events));
        }
        AmmDescriptor::EventBuffer(buffer) => {
            w.constructed(4, "eventBufferDescriptor", |w| {
                event_buffer::write(w, buffer)
            });
        }
        AmmDescriptor::Signals(signals) => {
            w.constructed(5, "signalsDescriptor", |w| signals::write(w, signals));
        }
        AmmDescriptor::DigitMap(digit_map) => {
            w.constructed(6, "digitMapDescriptor", |w| digit_map::write(w, digit_map));
        }
        AmmDescriptor::Audit(audit) => {
            w.constructed(7, "auditDescriptor", |w| audit::write(w, audit));
        }
        AmmDescriptor::Statistics(statistics) => {
            w.since(3, "statisticsDescriptor");
            w.constructed(8, "statisticsDescriptor", |w| {
                statistics::write(w, statistics)
            });
        }
    }
}
