//! The ServiceChange descriptor, `Services` in text (H.248.1 7.1.13, 7.2.8).

use std::borrow::Cow;

use bounded_static::ToStatic;

use super::{AuditItem, NonStandardData};
use crate::{MId, Name, ParmValue, TimeStamp, Value};

/// What changes, as a request says it.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct ServiceChangeDescriptor<'a> {
    /// The kind of change.
    pub method: ServiceChangeMethod<'a>,
    /// A code of H.248.8 with text, such as `901 Cold Boot`.
    pub reason: Value<'a>,
    /// Seconds until it holds.
    pub delay_s: Option<u32>,
    /// Where requests are to go.
    pub address: Option<ServiceChangeAddress<'a>>,
    /// The profile spoken.
    pub profile: Option<ServiceChangeProfile<'a>>,
    /// The highest version spoken.
    pub version: Option<u8>,
    /// The controller to try.
    pub mgc_id: Option<MId<'a>>,
    /// When it was sent.
    pub time_stamp: Option<TimeStamp>,
    /// `ServiceChangeInc`: more will follow (version 3).
    pub incomplete: bool,
    /// Which items the change is about (version 2).
    pub info: Vec<AuditItem<'a>>,
    /// `X-…` and `X+…` parameters.
    pub extensions: Vec<(Cow<'a, str>, ParmValue<'a>)>,
    /// What only binary can say.
    pub non_standard: Option<Box<NonStandardData<'a>>>,
}

impl<'a> ServiceChangeDescriptor<'a> {
    /// A change with method and reason alone.
    pub fn new(method: ServiceChangeMethod<'a>, reason: Value<'a>) -> Self {
        Self {
            method,
            reason,
            delay_s: None,
            address: None,
            profile: None,
            version: None,
            mgc_id: None,
            time_stamp: None,
            incomplete: false,
            info: Vec::new(),
            extensions: Vec::new(),
            non_standard: None,
        }
    }

    /// The code that the reason begins with, where it has one (H.248.8).
    pub fn reason_code(&self) -> Option<u16> {
        let digits = self
            .reason
            .text
            .split(|c: char| !c.is_ascii_digit())
            .next()?;
        digits.parse().ok()
    }
}

/// The kind of a change.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum ServiceChangeMethod<'a> {
    /// Another entity takes over.
    Failover,
    /// Taken out of service at once.
    Forced,
    /// Taken out of service after a delay.
    Graceful,
    /// Put into service.
    Restart,
    /// Contact was lost and is restored.
    Disconnected,
    /// Another controller takes over.
    HandOff,
    /// `X-…` or `X+…`.
    Extension(Cow<'a, str>),
}

/// Where requests are to go: a port of the sender's address, or a whole address.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum ServiceChangeAddress<'a> {
    /// A port alone.
    Port(u16),
    /// An address.
    MId(MId<'a>),
}

/// A profile in a version: `name/version`.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct ServiceChangeProfile<'a> {
    /// Its name.
    pub name: Name<'a>,
    /// Its version.
    pub version: u8,
}

/// What a reply says.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
pub struct ServiceChangeReplyDescriptor<'a> {
    /// Where requests are to go.
    pub address: Option<ServiceChangeAddress<'a>>,
    /// The controller to try.
    pub mgc_id: Option<MId<'a>>,
    /// The profile to use.
    pub profile: Option<ServiceChangeProfile<'a>>,
    /// The version to use.
    pub version: Option<u8>,
    /// When it was sent.
    pub time_stamp: Option<TimeStamp>,
}
