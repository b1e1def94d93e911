//! The descriptors of Add, Move and Modify (H.248.1 Annex A.2 `AmmDescriptor`).

use super::{
    audit,
    ber::{BerError, BerReader, BerWriter, level},
    digit_map, event_buffer, events, media, modem, mux, signals, statistics,
};
use crate::{Expected, Level, descriptor::AmmDescriptor};

/// `AmmDescriptor`, a whole element, added to the list.
pub(super) fn read<'a>(
    r: &mut BerReader<'a>,
    list: &mut Vec<AmmDescriptor<'a>>,
) -> Result<(), BerError> {
    level(Level::Descriptor, descriptor(r, list))
}

fn descriptor<'a>(
    r: &mut BerReader<'a>,
    list: &mut Vec<AmmDescriptor<'a>>,
) -> Result<(), BerError> {
    let descriptor = match r.alternative() {
        Some(0) => AmmDescriptor::Media(r.mandatory(0, "mediaDescriptor", media::read)?),
        Some(1) => AmmDescriptor::Modem(r.mandatory(1, "modemDescriptor", modem::read)?),
        Some(2) => AmmDescriptor::Mux(r.mandatory(2, "muxDescriptor", mux::read)?),
        Some(3) => AmmDescriptor::Events(r.mandatory(3, "eventsDescriptor", events::read)?),
        Some(4) => AmmDescriptor::EventBuffer(r.mandatory(
            4,
            "eventBufferDescriptor",
            event_buffer::read,
        )?),
        Some(5) => AmmDescriptor::Signals(r.mandatory(5, "signalsDescriptor", signals::read)?),
        Some(6) => {
            AmmDescriptor::DigitMap(r.mandatory(6, "digitMapDescriptor", digit_map::read)?)
        }
        Some(7) => AmmDescriptor::Audit(r.mandatory(7, "auditDescriptor", audit::read)?),
        Some(8) => {
            AmmDescriptor::Statistics(r.mandatory(8, "statisticsDescriptor", statistics::read)?)
        }
        Some(_) | None => return Err(r.wrong(Expected::Descriptor)),
    };
    list.push(descriptor);
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
