//! What a package's table says: its items, their parameters, and what these can be.

use std::time::Duration;

use codec_h248::descriptor::SignalType;

use super::Owner;

/// A package as this gateway has it.
#[derive(Debug)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its version.
    pub(crate) version: u16,
    /// The package whose items are its items, too (H.248.1 6.2.3).
    pub(crate) base: Option<&'static str>,
    /// Whether it is only there to be extended: such a package is not published (H.248.1 6.2.3).
    pub(crate) base_only: bool,
    /// Who has it.
    pub(crate) owners: &'static [Owner],
    /// Its own events.
    pub(crate) events: &'static [Event],
    /// Its own signals.
    pub(crate) signals: &'static [Signal],
    /// Its own properties.
    pub(crate) properties: &'static [Property],
}

/// A package without items, to begin a table with.
pub(super) const NOTHING: Package = Package {
    name: "",
    version: 1,
    base: None,
    base_only: false,
    owners: &[],
    events: &[],
    signals: &[],
    properties: &[],
};

/// An event.
#[derive(Debug)]
pub(crate) struct Event {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it is asked for with.
    pub(crate) parameters: &'static [Parameter],
}

/// A signal.
#[derive(Debug)]
pub(crate) struct Signal {
    /// Its name.
    pub(crate) name: &'static str,
    /// How it ends where the request does not say.
    pub(crate) ends: SignalType,
    /// How long it lasts at most where it ends by time and the request does not say; `None`: as
    /// long as its sound does.
    pub(crate) time: Option<Duration>,
    /// What it is.
    pub(crate) plays: Plays,
    /// What it is asked for with.
    pub(crate) parameters: &'static [Parameter],
}

/// What a signal is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Plays {
    /// This tone.
    Tone(&'static super::sounds::ToneOf),
    /// The tones of its parameter `tl`.
    ToneList,
    /// The announcement of its parameter `an`.
    Announcement,
    /// What only a line shows.
    Silence,
    /// What is received, sent back.
    Loop,
    /// The announcement of its parameter `an`, as audio servers name it.
    Segment,
    /// What is heard is recorded.
    Record,
    /// Nothing is heard of it.
    Nothing,
}

/// A property, and the descriptor that it stands in.
#[derive(Debug)]
pub(crate) struct Property {
    /// Its name.
    pub(crate) name: &'static str,
    /// Whether it is of one stream (LocalControl), else it is of the Termination (TerminationState).
    pub(crate) of_stream: bool,
    /// What it can be.
    pub(crate) possible: Possible,
    /// What it is until it is set, and where the controller leaves it open; ROOT's come from the
    /// configuration.
    pub(crate) default: &'static str,
}

/// A parameter of an event or a signal.
#[derive(Debug)]
pub(crate) struct Parameter {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it can be.
    pub(crate) possible: Possible,
    /// Whether it must be given.
    pub(crate) needed: bool,
}

/// What a value can be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Possible {
    /// A number, both ends included.
    Number(i64, i64),
    /// The same, or the third.
    NumberOr(i64, i64, i64),
    /// A list of numbers.
    Numbers(i64, i64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// Any text.
    Text,
    /// The name of a tone of the package, or a list of them.
    Tones,
    /// The same, or `*`: any.
    AnyTones,
}

/// A parameter that may be left out.
pub(super) const fn may(name: &'static str, possible: Possible) -> Parameter {
    Parameter {
        name,
        possible,
        needed: false,
    }
}

/// A parameter that must be given.
pub(super) const fn must(name: &'static str, possible: Possible) -> Parameter {
    Parameter {
        name,
        possible,
        needed: true,
    }
}

/// An event without parameters.
pub(super) const fn event(name: &'static str) -> Event {
    Event {
        name,
        parameters: &[],
    }
}

/// An event with parameters.
pub(super) const fn event_with(name: &'static str, parameters: &'static [Parameter]) -> Event {
    Event { name, parameters }
}

/// A boolean.
pub(super) const SWITCH: Possible = Possible::Word(&["ON", "OFF"]);
/// A direction, out of the Context or into it.
pub(super) const DIRECTION: Possible = Possible::Word(&["ext", "int", "both"]);
