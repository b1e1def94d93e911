//! The Media descriptor and its parts.

use super::{Check, Walk};
use crate::descriptor::{
    LocalControlDescriptor, MediaDescriptor, StreamDescriptor, StreamParms, Streams,
    TerminationStateDescriptor,
};

impl Check for MediaDescriptor<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("termStateDescr", &self.termination_state);
        walk.at("streams", |walk| match &self.streams {
            Streams::Single(parms) => walk.member("oneStream", parms),
            Streams::Several(streams) => walk.member("multiStream", streams),
        });
    }
}

impl Check for StreamDescriptor<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("streamParms", &self.parms);
    }
}

impl Check for StreamParms<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("localControlDescriptor", &self.local_control);
        walk.member("localDescriptor", &self.local);
        walk.member("remoteDescriptor", &self.remote);
        walk.member("statisticsDescriptor", &self.statistics);
    }
}

impl Check for LocalControlDescriptor<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("propertyParms", &self.properties);
    }
}

impl Check for TerminationStateDescriptor<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("propertyParms", &self.properties);
    }
}
