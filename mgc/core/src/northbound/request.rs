//! Requests of the application and how they end.

use codec_h248::MId;

use super::{
    CallId, Collect, ContextView, Digits, GatewayId, LegId, LegResult, MediaChanges, Members,
    NewCall, OperationId, Play, PlayMethod, Record, Recording, Refusal, Role, SegChanges, SegId,
    SegPolicy, SegView,
};

/// What the application asks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Request {
    /// Makes a Call with its main Seg.
    CreateCall(NewCall),
    /// Brings a party into a Call.
    AddLeg {
        /// The Call.
        call: CallId,
        /// The Seg to join; the main Seg where absent.
        seg: Option<SegId>,
        /// The party's session description: an SDP offer.
        sdp: String,
        /// What it is to be there.
        role: Role,
        /// Whether it may do what hosts may.
        host: bool,
    },
    /// Makes another Seg (the seed's CreateSegReq).
    CreateSeg {
        /// The Call.
        call: CallId,
        /// A name for people.
        name: Option<String>,
        /// Its rules.
        policy: SegPolicy,
        /// The member on whose behalf it is asked.
        by: Option<LegId>,
    },
    /// Changes the name and the rules of a Seg. Nobody is put out by that, and what is on its way
    /// goes on.
    ModifySeg {
        /// The Call.
        call: CallId,
        /// The Seg.
        seg: SegId,
        /// What changes.
        changes: SegChanges,
    },
    /// Moves a Leg into a Seg (the seed's AttachMediaReq).
    AttachMedia {
        /// The Call.
        call: CallId,
        /// The Leg.
        leg: LegId,
        /// Where it is to be.
        seg: SegId,
        /// How; where absent, as is best with its gateway.
        strategy: Option<Strategy>,
        /// The member on whose behalf it is asked.
        by: Option<LegId>,
        /// So many seconds the move waits for [`Self::Consent`]; `None`: it begins at once.
        consent: Option<u32>,
    },
    /// What a Leg's party says to the AttachMedia that waits for its consent.
    Consent {
        /// The operation.
        operation: OperationId,
        /// Whether it wants to be there.
        accept: bool,
    },
    /// Changes what of a Leg's media is cut off, and where its party receives; refused while the Leg moves.
    ModifyLeg {
        /// The Call.
        call: CallId,
        /// The Leg.
        leg: LegId,
        /// What changes.
        changes: MediaChanges,
        /// What its party offers instead of what it offered before.
        offer: Option<String>,
    },
    /// Plays something to a Leg; refused while something is played to it.
    Play {
        /// The Call.
        call: CallId,
        /// The Leg.
        leg: LegId,
        /// What.
        play: Play,
    },
    /// Stops what is played to a Leg.
    StopPlay {
        /// The Call.
        call: CallId,
        /// The Leg.
        leg: LegId,
    },
    /// Plays something to every Leg of a Seg that hears it at this moment; refused while something
    /// is played into the Seg.
    PlaySeg {
        /// The Call.
        call: CallId,
        /// The Seg.
        seg: SegId,
        /// What.
        play: Play,
    },
    /// Stops what is played into a Seg.
    StopSegPlay {
        /// The Call.
        call: CallId,
        /// The Seg.
        seg: SegId,
    },
    /// Collects digits of a Leg; refused while some are collected.
    Collect {
        /// The Call.
        call: CallId,
        /// The Leg.
        leg: LegId,
        /// Which.
        collect: Collect,
    },
    /// Stops the collection of digits.
    StopCollect {
        /// The Call.
        call: CallId,
        /// The Leg.
        leg: LegId,
    },
    /// Records what a Leg says or hears; refused while anything is recorded, played or collected of it.
    Record {
        /// The Call.
        call: CallId,
        /// The Leg.
        leg: LegId,
        /// What.
        record: Record,
    },
    /// Stops the recording of a Leg; its own operation ends when its file is complete.
    StopRecord {
        /// The Call.
        call: CallId,
        /// The Leg.
        leg: LegId,
    },
    /// Records what is heard in a Seg; refused while it is recorded.
    RecordSeg {
        /// The Call.
        call: CallId,
        /// The Seg.
        seg: SegId,
        /// What the file is to be named.
        name: String,
        /// It ends after so many milliseconds at the latest; the gateway's limit where absent.
        limit_ms: Option<u32>,
    },
    /// Stops the recording of a Seg; its own operation ends when its file is complete.
    StopSegRecord {
        /// The Call.
        call: CallId,
        /// The Seg.
        seg: SegId,
    },
    /// Closes a Leg's media where it is; an AttachMedia opens it again.
    DetachMedia {
        /// The Call.
        call: CallId,
        /// The Leg.
        leg: LegId,
    },
    /// Takes a Leg out of its Call.
    DeleteLeg {
        /// The Call.
        call: CallId,
        /// The Leg.
        leg: LegId,
    },
    /// Ends a Seg. The main Seg cannot be ended alone.
    DeleteSeg {
        /// The Call.
        call: CallId,
        /// The Seg.
        seg: SegId,
        /// What becomes of its Legs.
        members: Members,
    },
    /// Makes another Seg and moves Legs of one Seg there.
    SplitSeg {
        /// The Call.
        call: CallId,
        /// Where the Legs are.
        seg: SegId,
        /// The Legs; at rest, all of them in `seg`.
        legs: Vec<LegId>,
        /// The new Seg's name for people.
        name: Option<String>,
        /// How they are moved; two-step where absent.
        strategy: Option<Strategy>,
    },
    /// Moves all Legs of a Seg into another, then ends it.
    MergeSeg {
        /// The Call.
        call: CallId,
        /// The Seg that ends; not the main one.
        seg: SegId,
        /// Where its Legs go.
        into: SegId,
        /// How they are moved; two-step where absent.
        strategy: Option<Strategy>,
    },
    /// Ends a Call with all its Legs and Segs.
    DeleteCall {
        /// The Call.
        call: CallId,
    },
    /// Asks every gateway that is not suspect which Contexts and Terminations it holds; it ends
    /// after 3 s at the latest.
    AuditContexts,
    /// Has a gateway take no new Calls, or take them again. Those that it has go on, and may grow.
    Drain {
        /// The gateway.
        gateway: GatewayId,
        /// Whether it takes none.
        drain: bool,
    },
    /// Hands a gateway over to another controller, with all that it holds; its Legs leave their
    /// Calls.
    HandOff {
        /// The gateway.
        gateway: GatewayId,
        /// The controller to go to.
        mgc: MId<'static>,
    },
}

/// How a Leg is moved from one Context to another.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Strategy {
    /// Closes the Leg's media to the first Context, then moves it and opens it in the second;
    /// each step is confirmed by the gateway.
    #[default]
    TwoStep,
    /// One Move.
    Move,
    /// Subtract, then Add on the same local port.
    SubtractAdd,
    /// Topology descriptors in the one Context of the Call; the only one where it has but one.
    Topology,
}

impl Strategy {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::TwoStep, Self::Move, Self::SubtractAdd, Self::Topology];

    /// The name as the application and the operator spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::TwoStep => "two-step",
            Self::Move => "move",
            Self::SubtractAdd => "subtract-add",
            Self::Topology => "topology",
        }
    }

    /// Whether the gateway must know Move for it.
    pub(crate) fn needs_move(self) -> bool {
        match self {
            Self::TwoStep | Self::Move => true,
            Self::SubtractAdd | Self::Topology => false,
        }
    }
}

/// What an operation does, in the seed's vocabulary where it has a word.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum OperationKind {
    /// Makes a Call.
    CreateCall,
    /// Brings a party into a Call.
    AddLeg,
    /// Makes another Seg.
    CreateSegReq,
    /// Changes the name and the rules of a Seg.
    ModifySeg,
    /// Ends a Seg by its own rule.
    AutoClose,
    /// Moves a Leg into a Seg.
    AttachMediaReq,
    /// Changes a Leg's media settings.
    ModifyLeg,
    /// Plays something to a Leg.
    Play,
    /// Stops what is played to a Leg.
    StopPlay,
    /// Plays something into a Seg.
    PlaySeg,
    /// Stops what is played into a Seg.
    StopSegPlay,
    /// Collects digits of a Leg.
    Collect,
    /// Stops the collection of digits.
    StopCollect,
    /// Records what a Leg says or hears.
    Record,
    /// Stops the recording of a Leg.
    StopRecord,
    /// Records what is heard in a Seg.
    RecordSeg,
    /// Stops the recording of a Seg.
    StopSegRecord,
    /// Closes a Leg's media where it is.
    DetachMediaReq,
    /// Makes a Leg anew whose gateway was lost.
    RecreateLeg,
    /// Has a gateway hold the Context of a Seg again.
    HoldSeg,
    /// Takes a Leg out of its Call.
    DeleteLeg,
    /// Ends a Seg.
    DeleteSeg,
    /// Makes another Seg and moves Legs there.
    SplitSeg,
    /// Moves all Legs of a Seg into another.
    MergeSeg,
    /// Ends a Call.
    DeleteCall,
    /// Asks the gateways what they hold.
    AuditContexts,
    /// Has a gateway take no new Calls, or take them again.
    DrainReq,
    /// Hands a gateway over to another controller.
    HandOffReq,
}

impl OperationKind {
    /// The name as the application sees it.
    pub fn name(self) -> &'static str {
        match self {
            Self::CreateCall => "CreateCall",
            Self::AddLeg => "AddLeg",
            Self::CreateSegReq => "CreateSegReq",
            Self::ModifySeg => "ModifySeg",
            Self::AutoClose => "AutoClose",
            Self::AttachMediaReq => "AttachMediaReq",
            Self::ModifyLeg => "ModifyLeg",
            Self::Play => "Play",
            Self::StopPlay => "StopPlay",
            Self::PlaySeg => "PlaySeg",
            Self::StopSegPlay => "StopSegPlay",
            Self::Collect => "Collect",
            Self::StopCollect => "StopCollect",
            Self::Record => "Record",
            Self::StopRecord => "StopRecord",
            Self::RecordSeg => "RecordSeg",
            Self::StopSegRecord => "StopSegRecord",
            Self::DetachMediaReq => "DetachMediaReq",
            Self::RecreateLeg => "RecreateLeg",
            Self::HoldSeg => "HoldSeg",
            Self::DeleteLeg => "DeleteLeg",
            Self::DeleteSeg => "DeleteSeg",
            Self::SplitSeg => "SplitSeg",
            Self::MergeSeg => "MergeSeg",
            Self::DeleteCall => "DeleteCall",
            Self::AuditContexts => "AuditContexts",
            Self::DrainReq => "DrainReq",
            Self::HandOffReq => "HandOffReq",
        }
    }
}

/// A request that was taken: the answer is a [`Completion`] of this operation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Accepted {
    /// The operation.
    pub operation: OperationId,
    /// The Seg that a CreateSeg or SplitSeg made.
    pub seg: Option<SegId>,
}

/// How an operation ended.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Completion {
    /// The operation.
    pub operation: OperationId,
    /// What came of it.
    pub result: Result<Done, Refusal>,
    /// What came of each Leg, where the request was about several.
    pub legs: Vec<LegResult>,
}

/// What came of a request.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Done {
    /// The Call stands.
    CallCreated {
        /// The Call.
        call: CallId,
        /// Its main Seg.
        main_seg: SegId,
    },
    /// The Leg is in its Seg and hears it.
    LegAdded {
        /// The Leg.
        leg: LegId,
        /// Where it is.
        seg: SegId,
        /// The gateway's session description: the SDP answer.
        sdp: String,
    },
    /// The Seg stands.
    SegCreated {
        /// The Seg.
        seg: SegId,
    },
    /// The gateway holds the Seg's Context again.
    SegHeld {
        /// The Seg.
        seg: SegId,
    },
    /// The same as SegModified, in the rows of those who did not keep the Seg with it.
    SegChanged,
    /// The Seg's rules are as they were to be: as it was then, but for its Legs and what its gateway has
    /// of it. Who asks again once it is gone is told so.
    SegModified(Box<SegView>),
    /// The Leg is where it was to be.
    LegMoved {
        /// The Leg.
        leg: LegId,
        /// Where it is.
        seg: SegId,
    },
    /// The Leg is in its Seg, and neither hears nor is heard.
    LegDetached {
        /// The Leg.
        leg: LegId,
        /// Where it is.
        seg: SegId,
    },
    /// The Legs are where they were to be, but for those that left meanwhile.
    LegsMoved {
        /// Where they are.
        seg: SegId,
    },
    /// The Leg's settings are as they were to be.
    LegChanged,
    /// It was played.
    Played {
        /// How it ended.
        method: PlayMethod,
    },
    /// It was played to its end to each Leg but those that left meanwhile.
    LegsPlayed,
    /// The digits are there.
    Collected(Digits),
    /// The recording is complete.
    Recorded(Recording),
    /// The Leg, Seg or Call, or what was played or collected, is gone.
    Deleted,
    /// The gateway takes no new Calls, or takes them again.
    Drained,
    /// The gateway goes to another controller.
    HandedOff,
    /// What the gateways hold.
    Contexts {
        /// The Contexts of the gateways that told.
        contexts: Vec<ContextView>,
        /// The gateways that did not tell in time, or refused to.
        silent: Vec<GatewayId>,
    },
}
