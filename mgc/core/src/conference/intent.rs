//! What a conference wants of a gateway and what came of it, in its own words: Legs and Segs.

use crate::{
    northbound::{Collect, GatewayId, LegId, Play, Record, Refusal, SegId},
    sdp::{Audio, Direction},
};

/// Something wanted about a Leg.
#[derive(Debug)]
pub(crate) struct Intent {
    pub(crate) gateway: GatewayId,
    pub(crate) leg: LegId,
    /// Where it leads into a Seg that shares its Context.
    pub(crate) hall: Option<Hall>,
    pub(crate) mixing: Mixing,
    pub(crate) want: Want,
}

/// What is wanted beside it of a gateway that can mix so.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Mixing {
    /// By how many dB the Leg is louder to the others; `None`: nobody has said.
    pub(crate) gain: Option<i8>,
    /// Whether its gateway tells when its party talks.
    pub(crate) talking: bool,
    /// Whether this want changes what it tells.
    pub(crate) rearmed: bool,
    /// Without what the want is refused: it is what the application asks for by it.
    pub(crate) needs: Option<Skill>,
}

/// What not every gateway can do.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Skill {
    /// Make a Leg louder.
    Gain,
    /// Tell who talks.
    Talking,
}

impl Skill {
    /// How a gateway without it is told of.
    pub(crate) fn lacking(self) -> Refusal {
        match self {
            Self::Gain => Refusal::NoGain,
            Self::Talking => Refusal::NoTalkers,
        }
    }
}

/// The Context that several Segs share, seen from one of them.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Hall {
    /// The Seg that stands for the Context: the main one.
    pub(crate) seg: SegId,
    /// Whether those in the Seg from which it is seen hear the main one.
    #[serde(default)]
    pub(crate) listens: bool,
}

/// What is wanted; a `direction` is the party's, seen from it. Each but Abandon is answered by one final [`Outcome`].
#[derive(Debug)]
pub(crate) enum Want {
    /// A place in the Seg for a party that is not known to the gateway yet.
    Join {
        seg: SegId,
        remote: Audio,
        direction: Direction,
    },
    /// A place in the Seg where the party goes on sending to `local`.
    Rejoin {
        seg: SegId,
        remote: Audio,
        local: Audio,
        direction: Direction,
    },
    /// Open this way, where it is, and to where its party receives now.
    Open {
        direction: Direction,
        remote: Option<Audio>,
    },
    /// Other signals and events, where it is.
    Supervise(Supervise),
    /// Neither heard nor hearing, where it is.
    Close,
    /// In the Seg, open as the party wants it.
    Enter { seg: SegId, direction: Direction },
    /// Back in the Seg where it was, open as the party wants it.
    Restore { seg: SegId, direction: Direction },
    /// In the Seg from wherever it is, which may be nowhere.
    Recover {
        seg: SegId,
        remote: Audio,
        local: Audio,
        direction: Direction,
    },
    /// Out of its Seg, to be added to another.
    Release,
    /// Out of its Seg for good.
    Leave,
    /// Nothing of what is under way. The final outcome of that comes all the same.
    Abandon,
}

/// What is played and what is told.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Supervise {
    /// The request under which the end of signals is told, and digits where some are collected;
    /// `None`: as before.
    pub(crate) events: Option<(u32, Option<Collect>)>,
    pub(crate) signals: Signals,
    /// Whether it is recorded meanwhile, which goes on.
    #[serde(default)]
    pub(crate) recorded: bool,
}

/// What is played.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) enum Signals {
    /// What is played already.
    Same,
    /// Nothing.
    Stop,
    /// This.
    Play(Play),
    /// Nothing, but it is recorded.
    Record(Record),
}

impl Want {
    /// The Seg that it leads into.
    pub(crate) fn seg(&self) -> Option<&SegId> {
        match self {
            Self::Join { seg, .. }
            | Self::Rejoin { seg, .. }
            | Self::Enter { seg, .. }
            | Self::Restore { seg, .. }
            | Self::Recover { seg, .. } => Some(seg),
            Self::Open { .. }
            | Self::Close
            | Self::Supervise(_)
            | Self::Release
            | Self::Leave
            | Self::Abandon => None,
        }
    }
}

/// What came of a want: Done to Missing are final.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The gateway has been asked.
    Asked,
    /// The gateway did not answer in time; it is being found out what it did.
    Silent,
    /// It is done; `local` is what the gateway receives, where a place was made.
    Done { local: Option<Audio> },
    /// What the gateway counted of the Leg, in the reply that tells its end.
    Counted(Vec<(String, String)>),
    /// It is refused, and nothing has changed.
    Refused(Refusal),
    /// It is refused, because the gateway does not know Move, and nothing has changed.
    Unable(Refusal),
    /// It is not done, because the gateway did not answer.
    Unanswered,
    /// The gateway does not have the Leg any more.
    Missing(Refusal),
    /// Though nothing was asked, the gateway holds the Leg no more.
    Vanished,
    /// Though nothing was asked, the Leg is not where it was.
    Astray,
}
