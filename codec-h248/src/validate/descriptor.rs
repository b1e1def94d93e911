//! Descriptors as commands and replies carry them.

use super::{Check, Walk, words::is_type_name};
use crate::descriptor::{
    AmmDescriptor, AuditReturn, DigitMapDescriptor, ModemDescriptor, ModemType, MuxDescriptor,
    MuxType, NonStandardData, NonStandardIdentifier, PackagesDescriptor,
};
use crate::text::{is_modem_type, is_mux_type};

impl Check for AmmDescriptor<'_> {
    fn check(&self, walk: &mut Walk) {
        match self {
            Self::Media(media) => walk.member("mediaDescriptor", media),
            Self::Modem(modem) => walk.member("modemDescriptor", modem),
            Self::Mux(mux) => walk.member("muxDescriptor", mux),
            Self::Events(events) => walk.member("eventsDescriptor", events),
            Self::Signals(signals) => walk.member("signalsDescriptor", signals),
            Self::DigitMap(digit_map) => walk.member("digitMapDescriptor", digit_map),
            Self::EventBuffer(buffer) => walk.member("eventBufferDescriptor", buffer),
            Self::Audit(audit) => walk.member("auditDescriptor", audit),
            Self::Statistics(statistics) => walk.member("statisticsDescriptor", statistics),
        }
    }
}

impl Check for AuditReturn<'_> {
    fn check(&self, walk: &mut Walk) {
        match self {
            Self::Media(media) => walk.member("mediaDescriptor", media),
            Self::Modem(modem) => walk.member("modemDescriptor", modem),
            Self::Mux(mux) => walk.member("muxDescriptor", mux),
            Self::Events(events) => walk.member("eventsDescriptor", events),
            Self::Signals(signals) => walk.member("signalsDescriptor", signals),
            Self::DigitMap(digit_map) => walk.member("digitMapDescriptor", digit_map),
            Self::EventBuffer(buffer) => walk.member("eventBufferDescriptor", buffer),
            Self::ObservedEvents(observed) => walk.member("observedEventsDescriptor", observed),
            Self::Statistics(statistics) => walk.member("statisticsDescriptor", statistics),
            Self::Packages(packages) => walk.member("packagesDescriptor", packages),
            Self::Error(error) => walk.member("errorDescriptor", error),
            Self::Empty(_) => {}
        }
    }
}

impl Check for PackagesDescriptor<'_> {
    fn check(&self, walk: &mut Walk) {
        self.packages.check(walk);
    }
}

impl Check for DigitMapDescriptor<'_> {
    fn check(&self, walk: &mut Walk) {
        let something = self.name.is_some() || self.value.is_some();
        walk.wants(something, "digitMapName or digitMapValue");
        walk.member("digitMapName", &self.name);
        walk.member("digitMapValue", &self.value);
    }
}

impl Check for ModemDescriptor<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.filled("mtl", &self.types);
        walk.member("mpl", &self.properties);
        walk.member("nonStandardData", &self.non_standard);
    }
}

impl Check for ModemType<'_> {
    fn check(&self, walk: &mut Walk) {
        if let Self::Extension(name) = self {
            walk.at("extension", |walk| {
                walk.wants(
                    is_type_name(name) && !is_modem_type(name),
                    "the name of an unknown modemType",
                );
            });
        }
    }
}

impl Check for MuxDescriptor<'_> {
    fn check(&self, walk: &mut Walk) {
        if let MuxType::Extension(name) = &self.mux_type {
            walk.at("muxType", |walk| {
                walk.wants(
                    is_type_name(name) && !is_mux_type(name),
                    "the name of an unknown MuxType",
                );
            });
        }
        walk.filled("termList", &self.terminations);
        walk.member("nonStandardData", &self.non_standard);
    }
}

impl Check for NonStandardData<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.is_binary_only();
        if let NonStandardIdentifier::Experimental(name) = &self.identifier {
            walk.at("nonStandardIdentifier", |walk| {
                walk.wants(name.len() == 8 && name.is_ascii(), "8 characters of ASCII");
            });
        }
    }
}
