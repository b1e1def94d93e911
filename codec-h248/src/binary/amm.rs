//! The descriptors of Add, Move and Modify (H.248.1 Annex A.2 `AmmDescriptor`).

use super::{
    audit,
    ber::{BerError, BerReader, BerWriter, level},
    digit_map, event_buffer, events, media, modem, mux, signals, statistics,
};
use crate::{Expected, Level, descriptor::AmmDescriptor};

/// `AmmDescriptor`, a whole element.
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<AmmDescriptor<'a>, BerError> {
    level(Level::Descriptor, descriptor(r))
}

fn descriptor<'a>(r: &mut BerReader<'a>) -> Result<AmmDescriptor<'a>, BerError> {
    match r.alternative() {
        Some(0) => r
            .mandatory(0, "mediaDescriptor", media::read)
            .map(AmmDescriptor::Media),
        Some(1) => r
            .mandatory(1, "modemDescriptor", modem::read)
            .map(AmmDescriptor::Modem),
        Some(2) => r
            .mandatory(2, "muxDescriptor", mux::read)
            .map(AmmDescriptor::Mux),
        Some(3) => r
            .mandatory(3, "eventsDescriptor", events::read)
            .map(AmmDescriptor::Events),
        Some(4) => r
            .mandatory(4, "eventBufferDescriptor", event_buffer::read)
            .map(AmmDescriptor::EventBuffer),
        Some(5) => r
            .mandatory(5, "signalsDescriptor", signals::read)
            .map(AmmDescriptor::Signals),
        Some(6) => r
            .mandatory(6, "digitMapDescriptor", digit_map::read)
            .map(AmmDescriptor::DigitMap),
        Some(7) => r
            .mandatory(7, "auditDescriptor", audit::read)
            .map(AmmDescriptor::Audit),
        Some(8) => r
            .mandatory(8, "statisticsDescriptor", statistics::read)
            .map(AmmDescriptor::Statistics),
        Some(_) | None => Err(r.wrong(Expected::Descriptor)),
    }
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
