//! The Signals descriptor (H.248.1 7.1.11).

use bounded_static::ToStatic;

use super::{RequestId, StreamId};
use crate::{Name, PackageItem, ParmValue};

/// The signals to play; empty stops all.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
pub struct SignalsDescriptor<'a> {
    /// Signals and lists, in the order written.
    pub parms: Vec<SignalParm<'a>>,
}

/// A signal, or a list of them.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum SignalParm<'a> {
    /// One signal.
    Signal(Signal<'a>),
    /// Signals one after another.
    List(SignalList<'a>),
}

/// Signals one after another.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct SignalList<'a> {
    /// The list's number.
    pub id: u16,
    /// Its signals.
    pub signals: Vec<Signal<'a>>,
}

/// One signal. Each parameter stands at most once.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct Signal<'a> {
    /// Which one.
    pub name: PackageItem<'a>,
    /// The stream it is about.
    pub stream: Option<StreamId>,
    /// How it ends; the package's default where absent.
    pub signal_type: Option<SignalType>,
    /// Hundredths of a second.
    pub duration_cs: Option<u16>,
    /// Which ways of ending are reported.
    pub notify_completion: Option<Vec<NotificationReason>>,
    /// Whether it goes on if it plays already.
    pub keep_active: bool,
    /// Which way it plays (version 3).
    pub direction: Option<SignalDirection>,
    /// Ties its completion to a request (version 3).
    pub request_id: Option<RequestId>,
    /// Pause before the next of a list, in hundredths of a second (version 3).
    pub intersignal_delay_cs: Option<u16>,
    /// Parameters of the package, in the order written.
    pub parameters: Vec<NamedParameter<'a>>,
}

impl<'a> Signal<'a> {
    /// A signal without parameters.
    pub fn new(name: PackageItem<'a>) -> Self {
        Self {
            name,
            stream: None,
            signal_type: None,
            duration_cs: None,
            notify_completion: None,
            keep_active: false,
            direction: None,
            request_id: None,
            intersignal_delay_cs: None,
            parameters: Vec::new(),
        }
    }
}

/// How a signal ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ToStatic)]
pub enum SignalType {
    /// When it is taken out.
    OnOff,
    /// When it is taken out, or after its duration.
    TimeOut,
    /// By itself.
    Brief,
}

/// Which way a signal plays (version 3).
#[derive(Clone, Copy, Debug, Eq, PartialEq, ToStatic)]
pub enum SignalDirection {
    /// Out of the Context.
    External,
    /// Into the Context.
    Internal,
    /// Both.
    Both,
}

/// A way of ending that is reported.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ToStatic)]
pub enum NotificationReason {
    /// It ran its time.
    TimeOut,
    /// An event stopped it.
    InterruptByEvent,
    /// A new Signals descriptor stopped it.
    InterruptByNewSignals,
    /// Something else.
    OtherReason,
    /// One iteration ended (version 3).
    Iteration,
}

/// A parameter of a package's event or signal.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct NamedParameter<'a> {
    /// Its name.
    pub name: Name<'a>,
    /// Its value.
    pub value: ParmValue<'a>,
}
