//! What the application is told without having asked at that moment.

use super::{
    CallId, Closing, Digits, GatewayId, LegId, OperationId, PlayMethod, Recording, Refusal, SegId,
    Talking,
};

/// One event, in the order in which things happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// The Call it is about.
    pub call: Option<CallId>,
    /// The Seg it is about; for a moved Leg, where it is.
    pub seg: Option<SegId>,
    /// The Leg it is about.
    pub leg: Option<LegId>,
    /// The operation that brought it about.
    pub operation: Option<OperationId>,
    /// Why, where something went wrong or ended.
    pub cause: Option<Cause>,
}

/// The kinds of events.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum EventKind {
    /// A Call was made.
    CallCreated,
    /// A Call ended.
    CallEnded,
    /// A CreateSegReq ended (the seed's CreateSegRes).
    CreateSegRes,
    /// The name or the rules of a Seg changed.
    SegChanged,
    /// A Seg ended.
    SegEnded,
    /// A supervisor is about to hear a Seg.
    SupervisionBegan,
    /// The last supervisor has left a Seg.
    SupervisionEnded,
    /// A Seg is recorded from now on.
    RecordingBegan,
    /// A Seg is not recorded any more; `None`: what was is not told, and the cause says why.
    RecordingEnded(Option<Recording>),
    /// Something happened to a Leg (the seed's LegEventReport).
    LegEventReport(LegEvent),
    /// A gateway registered.
    GatewayUp(GatewayId),
    /// A gateway left or stopped answering.
    GatewayDown(GatewayId),
}

/// What happened to a Leg.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum LegEvent {
    /// It entered its Call.
    Joined,
    /// It is asked into the Seg that the event names, and its party is to say whether it wants to be
    /// there. Where it does not, or not in time, the move has failed.
    Invited,
    /// It is in another Seg.
    Moved,
    /// A move failed; the Leg is in the Seg that the event names, as it was before. Where the Leg
    /// was ended meanwhile, the event names none.
    MoveFailed,
    /// It is in its Seg, and neither hears nor is heard.
    Detached,
    /// Its media could not be closed; it is as it was before.
    DetachFailed,
    /// A move failed, and so did the way back: the Leg is in no Seg.
    Stranded,
    /// What of its media is cut off has changed.
    Changed,
    /// What was played to it has ended.
    Played(PlayMethod),
    /// What was to be played to it was not, or not to its end.
    PlayFailed,
    /// Digits were collected of it.
    Digits(Digits),
    /// No digits are collected of it any more.
    CollectFailed,
    /// What was recorded of it is complete.
    RecordingEnded(Recording),
    /// Nothing of it is recorded any more, and what was is not told.
    RecordFailed,
    /// Its party begins to talk, or has ended; told where the application wants to know.
    Talking(Talking),
    /// Its media is lost: its gateway reports that it fails, and this is told once until it is back;
    /// or the gateway itself is lost, and the Leg is being made anew.
    MediaLost,
    /// Its gateway reports that its Termination is in service again.
    MediaBack,
    /// It is made anew, and to be sent to as this session description says: an SDP answer.
    Remade(String),
    /// What its gateway has counted of it, each figure under its name such as `nt/os`. Told before
    /// it is gone.
    Counted(Vec<(String, String)>),
    /// It is gone. One that never joined never leaves: its AddLeg fails.
    Left,
}

/// Why something went wrong or ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Cause {
    /// The application asked for it.
    Requested,
    /// The gateway restarted and holds none of it any more.
    GatewayRestarted,
    /// The gateway left or stopped answering.
    GatewayLost,
    /// The gateway went to another controller.
    HandedOff,
    /// Its gateway reported a fault of its media.
    Media(MediaFault),
    /// The Seg closed by its own rule.
    Closed(Closing),
    /// An operation failed.
    Failed(Refusal),
}

impl Cause {
    /// How what was asked about a Leg that has gone for this cause fails.
    pub(crate) fn as_refusal(&self) -> Refusal {
        match self {
            Self::Failed(refusal) => refusal.clone(),
            Self::Requested => Refusal::Cancelled,
            Self::GatewayRestarted
            | Self::GatewayLost
            | Self::HandedOff
            | Self::Media(_)
            | Self::Closed(_) => Refusal::NoGateway,
        }
    }
}

/// A fault of media.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MediaFault {
    /// The Termination failed (g/cause).
    Failure,
    /// The network failed (nt/netfail).
    Network,
    /// More packets are lost than were to be (nt/qualert).
    Quality,
}
