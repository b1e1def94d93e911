//! The advanced media server packages (H.248.9): announcements, collected digits, recordings,
//! speech. Amounts and offsets are in units of 10 ms, volumes in decibels, speeds in percent.

mod base;
mod digit_collection;
mod multimedia;
mod recording;
mod segment_management;
mod speech;

use super::row::*;
use crate::package::{ItemDefinition, ParameterDefinition};

pub(super) use self::{
    base::AASB,
    digit_collection::AASDC,
    multimedia::{MPP, MRP},
    recording::AASREC,
    segment_management::AASSM,
    speech::{AASTTS, ASR},
};

/// Why an operation failed: a return code from 600 to 629.
const RETURN_CODE: ParameterDefinition = parameter("rc", 0x0001, one(Integer));

const AUDIO_FAILURE: ItemDefinition = event("audfail", 0x0001, &[], parameters![RETURN_CODE]);

const fn number(name: &'static str, id: u16) -> ParameterDefinition {
    parameter(name, id, one(Integer))
}

const fn flag(name: &'static str, id: u16) -> ParameterDefinition {
    parameter(name, id, one(Boolean))
}

/// An announcement, a key sequence or a name.
const fn text(name: &'static str, id: u16) -> ParameterDefinition {
    parameter(name, id, one(String))
}
