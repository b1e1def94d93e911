//! The Audit descriptor and individual audits.

use super::{Check, Walk, events::STREAM};
use crate::descriptor::{
    AuditDescriptor, AuditItem, IndividualEventSpec, IndividualMedia, IndividualStream,
    IndividualStreams, LocalControlAudit, TerminationStateAudit,
};

impl Check for AuditDescriptor<'_> {
    fn check(&self, walk: &mut Walk) {
        self.items.check(walk);
    }
}

impl Check for AuditItem<'_> {
    fn check(&self, walk: &mut Walk) {
        match self {
            Self::IndividualMedia(media) => walk.member("indAudMediaDescriptor", media),
            Self::IndividualEvents(_, name) => walk.at("indAudEventsDescriptor", |walk| {
                walk.member("pkgdName", name);
            }),
            Self::IndividualEventBuffer(spec) => walk.member("indAudEventBufferDescriptor", spec),
            Self::IndividualSignal(signal) => walk.member("indAudSignal", signal),
            Self::IndividualSignalList(_, signal) => walk.at("indAudSeqSigList", |walk| {
                walk.member("signal", signal);
            }),
            Self::IndividualDigitMap(name) => walk.member("indAudDigitMapDescriptor", name),
            Self::IndividualStatistic(name) => walk.member("indAudStatisticsDescriptor", name),
            Self::IndividualPackage(package) => walk.member("indAudPackagesDescriptor", package),
            Self::Mux
            | Self::Modem
            | Self::Media
            | Self::Events
            | Self::Signals
            | Self::EventBuffer
            | Self::DigitMap
            | Self::Statistics
            | Self::Packages
            | Self::ObservedEvents
            | Self::IndividualSignalsEmpty => {}
        }
    }
}

impl Check for IndividualEventSpec<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("eventName", &self.name);
        walk.at("eventParameterName", |walk| {
            self.parameter.check(walk);
            let name = self.parameter.as_ref();
            let taken = name.is_some_and(|name| STREAM.iter().any(|word| name.is(word)));
            walk.wants(!taken, "a name that is no keyword here");
        });
    }
}

impl Check for IndividualMedia<'_> {
    fn check(&self, walk: &mut Walk) {
        let streams = match &self.streams {
            IndividualStreams::Single(stream) => *stream != IndividualStream::default(),
            IndividualStreams::Several(streams) => !streams.is_empty(),
        };
        let something = self.termination_state.is_some() || streams;
        walk.wants(something, "termStateDescr or streams");
        walk.member("termStateDescr", &self.termination_state);
        walk.at("streams", |walk| match &self.streams {
            IndividualStreams::Single(stream) => walk.member("oneStream", stream),
            IndividualStreams::Several(streams) => {
                let streams: Vec<_> = streams.iter().map(|(_, stream)| Numbered(stream)).collect();
                walk.member("multiStream", &streams);
            }
        });
    }
}

/// A stream by its number, of which something must be asked.
struct Numbered<'s, 'a>(&'s IndividualStream<'a>);

impl Check for Numbered<'_, '_> {
    fn check(&self, walk: &mut Walk) {
        walk.at("streamParms", |walk| {
            let something = *self.0 != IndividualStream::default();
            walk.wants(something, "one member or more");
            self.0.check(walk);
        });
    }
}

impl Check for IndividualStream<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("localControlDescriptor", &self.local_control);
        walk.member("localDescriptor", &self.local);
        walk.member("remoteDescriptor", &self.remote);
        walk.member("statisticsDescriptor", &self.statistic);
    }
}

impl Check for LocalControlAudit<'_> {
    fn check(&self, walk: &mut Walk) {
        match self {
            Self::Property(name) => walk.member("propertyParm", name),
            Self::PropertyIs(property) => walk.member("propertyParmSel", property),
            Self::Mode
            | Self::ModeIs(_)
            | Self::ModeIsNot(_)
            | Self::ReservedValue
            | Self::ReservedGroup => {}
        }
    }
}

impl Check for TerminationStateAudit<'_> {
    fn check(&self, walk: &mut Walk) {
        match self {
            Self::Property(name) => walk.member("propertyParm", name),
            Self::PropertyIs(property) => walk.member("propertyParmSel", property),
            Self::ServiceStates
            | Self::ServiceStatesIs(_)
            | Self::ServiceStatesIsNot(_)
            | Self::Buffer => {}
        }
    }
}
