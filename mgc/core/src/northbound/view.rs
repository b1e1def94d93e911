//! The state of things as the application may see it.

use super::{
    CallId, Confirm, Done, GatewayId, LegId, LegResult, MediaSettings, OnGatewayLoss, OperationId,
    OperationKind, Refusal, Role, SegId, SegPolicy, Separation, Strategy, Who,
};
use crate::manners::Learnt;

/// A Call.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CallView {
    /// Its name.
    pub id: CallId,
    /// The Seg that Legs join by default.
    pub main_seg: SegId,
    /// How its Segs are kept apart.
    pub separation: Separation,
    /// Its Segs, in the order of their making.
    pub segs: Vec<SegId>,
    /// Its Legs, in the order of their joining.
    pub legs: Vec<LegId>,
    /// Those of its Segs that only supervisors see.
    pub private_segs: Vec<SegId>,
    /// What becomes of its Legs when their gateway is lost.
    pub on_gateway_loss: OnGatewayLoss,
    /// How many Segs it may have, the main one included.
    pub segs_max: usize,
    /// How many Legs it may have.
    pub legs_max: usize,
    /// Which of its members may make Segs.
    pub may_create: Who,
    /// Whether it is told when its members talk, where their gateway can tell.
    pub talking: bool,
}

/// A Seg.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct SegView {
    /// Its name.
    pub id: SegId,
    /// Its Call.
    pub call: CallId,
    /// Its name for people.
    pub name: Option<String>,
    /// Whether it is its Call's main Seg.
    pub main: bool,
    /// Whether only supervisors see it.
    pub private: bool,
    /// What it takes for it to stand.
    pub confirm: Confirm,
    /// Whether its Legs hear the main Seg.
    pub listen_main: bool,
    /// Whether a supervisor is in it or on the way.
    pub supervised: bool,
    /// The operation that records it.
    pub recording: Option<OperationId>,
    /// Its rules.
    pub policy: SegPolicy,
    /// How many Legs it may have, by its own rule or the platform's; `None` where neither says.
    pub legs_max: Option<usize>,
    /// When it closes by itself because its time is over, in milliseconds of Unix time.
    pub until: Option<u64>,
    /// The Legs in it.
    pub legs: Vec<LegId>,
    /// Its Context at the gateway; `None` while there is none.
    pub context: Option<u32>,
    /// The Termination that keeps its Context open while it is empty.
    pub holder: Option<String>,
}

/// A Leg.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct LegView {
    /// Its name.
    pub id: LegId,
    /// Its Call.
    pub call: CallId,
    /// Where it is; `None` where it is stranded.
    pub seg: Option<SegId>,
    /// Whether that is a private Seg.
    pub in_private: bool,
    /// What it is there.
    pub role: Role,
    /// What is going on with it.
    pub state: LegState,
    /// What of its media is cut off, and how it is mixed, where its gateway does that.
    pub settings: MediaSettings,
    /// Whether its gateway has reported that its media fails.
    pub media_lost: bool,
    /// Whether it may do what hosts may.
    pub host: bool,
    /// The operation that waits for its party's consent.
    pub invitation: Option<OperationId>,
    /// The operation that is being carried out on it.
    pub operation: Option<OperationId>,
    /// Its gateway.
    pub gateway: GatewayId,
    /// Its Termination at the gateway, once it is known.
    pub termination: Option<String>,
}

/// What is going on with a Leg.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum LegState {
    /// Its Termination is being made.
    Joining,
    /// It is in its Seg.
    Attached,
    /// It is in its Seg, and neither hears nor is heard.
    Detached,
    /// It is on its way to another Seg, or its media is being opened or closed.
    Moving,
    /// It is in no Seg.
    Stranded,
    /// Its Termination is being ended.
    Leaving,
}

/// An operation.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct OperationView {
    /// Its name.
    pub id: OperationId,
    /// What it does.
    pub kind: OperationKind,
    /// How far it is.
    pub state: OperationState,
    /// The Call it is about.
    pub call: Option<CallId>,
    /// The Seg it is about.
    pub seg: Option<SegId>,
    /// The Leg it is about.
    pub leg: Option<LegId>,
    /// Why it failed.
    pub refusal: Option<Refusal>,
    /// What came of it, where it has ended well.
    pub done: Option<Done>,
    /// What came of each Leg, where it is about several.
    pub legs: Vec<LegResult>,
    /// The name of the request that began it.
    #[serde(default)]
    pub request_id: Option<String>,
}

/// How far an operation is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum OperationState {
    /// Taken; nothing asked of a gateway yet.
    Accepted,
    /// The first media channel is being closed.
    Closing,
    /// The first media channel is closed.
    Closed,
    /// The second media channel is being connected.
    Connecting,
    /// The gateway has taken it, and will tell its end.
    Waiting,
    /// Done.
    Done,
    /// Failed, and nothing had to be undone.
    Failed,
    /// Failed, and what was done is undone.
    RolledBack,
    /// The gateway's state is not known.
    Unknown,
}

/// How much stands.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Totals {
    /// Calls.
    pub calls: usize,
    /// Segs of all Calls.
    pub segs: usize,
    /// Legs of all Calls.
    pub legs: usize,
}

/// A gateway.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GatewayView {
    /// Its MId as text.
    pub id: GatewayId,
    /// Where it is spoken to.
    pub address: transport_h248::Address,
    /// Whether it answers.
    pub state: GatewayState,
    /// The version spoken with it.
    pub version: u8,
    /// How many Legs it carries.
    pub legs: usize,
    /// How many faults of media it has notified: g/cause and nt/netfail.
    pub media_faults: u64,
    /// How Legs can be moved there, in order of preference.
    pub strategies: Vec<Strategy>,
    /// What its refusals have taught.
    pub learnt: Learnt,
    /// Whether it takes no new Calls.
    pub drained: bool,
}

/// Whether a gateway answers.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum GatewayState {
    /// It registered and has not answered a command since; it is chosen for a new Call only where
    /// no gateway has.
    Unverified,
    /// It registered and answers commands.
    Registered,
    /// It did not answer a command in time; it is not chosen for new Legs until it answers one.
    Suspect,
    /// It has said that it leaves; its Legs go on, and it gets no new ones.
    Leaving,
}

/// A Context as its gateway reports it.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ContextView {
    /// The gateway.
    pub gateway: GatewayId,
    /// The Context's number.
    pub context: u32,
    /// The Seg that the platform ties to it.
    pub seg: Option<SegId>,
    /// What is in it.
    pub terminations: Vec<TerminationView>,
}

/// A Termination as its gateway reports it.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct TerminationView {
    /// Its name.
    pub id: String,
    /// The Leg that the platform ties to it.
    pub leg: Option<LegId>,
    /// The Seg whose Context it keeps open, where it is no Leg's.
    pub holds: Option<SegId>,
}
