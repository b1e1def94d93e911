//! Why a request is refused or fails.

use std::{borrow::Cow, fmt};

use codec_h248::{
    ContextId, TransactionId,
    descriptor::{ErrorCode, ErrorDescriptor},
};

use serde::{Deserialize, Serialize};

use super::{CallId, GatewayId, LegId, OperationId, Right, SegId};

/// Why a request is refused, or why its operation failed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub enum Refusal {
    /// No such Call.
    UnknownCall(CallId),
    /// No such Seg in any Call.
    UnknownSeg(SegId),
    /// No such Leg in this Call.
    UnknownLeg(LegId),
    /// No such gateway is registered.
    UnknownGateway(GatewayId),
    /// No such operation.
    UnknownOperation(OperationId),
    /// The Seg is of another Call.
    SegOfAnotherCall(SegId),
    /// An operation about the Leg has not ended, beside which there can be none like this.
    LegBusy {
        /// The Leg.
        leg: LegId,
        /// That operation.
        operation: OperationId,
    },
    /// The Leg is in no Seg.
    LegStranded(LegId),
    /// The main Seg ends only with its Call.
    MainSeg(SegId),
    /// The Seg has Legs.
    SegNotEmpty(SegId),
    /// Something is played into the Seg already, or it is recorded.
    SegBusy {
        /// The Seg.
        seg: SegId,
        /// The operation that plays or records it.
        operation: OperationId,
    },
    /// No Leg is in the Seg that hears it.
    SegEmpty(SegId),
    /// The Seg is to be merged into itself.
    SameSeg(SegId),
    /// The Segs of the Call are kept apart in a way that does not go with the strategy.
    StrategyNotForCall(CallId),
    /// A rule of the Seg needs another separation of the Call's Segs.
    PolicyNotForCall(CallId),
    /// The media server has not confirmed the Seg yet.
    SegNotConfirmed(SegId),
    /// The Leg is not at rest in this Seg.
    LegElsewhere(LegId),
    /// The operator has given no announcement of the Leg's gateway this name.
    UnknownAnnouncement(String),
    /// The Call has as many Segs as it may have.
    SegLimit {
        /// The Call.
        call: CallId,
        /// How many, the main one included.
        max: usize,
    },
    /// The Call has as many Legs as it may have.
    LegLimit {
        /// The Call.
        call: CallId,
        /// How many.
        max: usize,
    },
    /// The Seg has as many Legs as it may have, or would have more.
    SegFull {
        /// The Seg.
        seg: SegId,
        /// How many.
        max: usize,
    },
    /// Nobody may enter the Seg.
    SegLocked(SegId),
    /// The rule is none that a main Seg can have.
    NotForMain(SegId),
    /// The member may not ask that.
    MayNot {
        /// The member.
        by: LegId,
        /// What it may not.
        right: Right,
    },
    /// The Leg is asked into another Seg already.
    LegInvited {
        /// The Leg.
        leg: LegId,
        /// The operation that waits for its consent.
        operation: OperationId,
    },
    /// The operation does not wait for consent.
    NotInvited(OperationId),
    /// The Leg's party did not want to be there.
    Declined,
    /// The Leg's party did not say in time whether it wants to be there.
    NoConsent,
    /// The session description cannot be used.
    BadSdp(Cow<'static, str>),
    /// The Leg's gateway cannot make anybody louder.
    NoGain,
    /// The Leg's gateway does not tell who talks.
    NoTalkers,
    /// No gateway that is registered takes Legs of this Call, or the Leg's gateway is gone.
    NoGateway,
    /// The gateway did not answer in time.
    GatewayTimeout,
    /// The gateway refused.
    Gateway(H248Refusal),
    /// The gateway answered something that does not fit the request.
    GatewayAnswer(Cow<'static, str>),
    /// A limit of the platform is reached.
    Limit(Cow<'static, str>),
    /// The Leg, Seg or Call was ended before the operation was done.
    Cancelled,
    /// It was waited for as long as it may be.
    WaitTimeout,
    /// It is to be waited for longer than the platform does.
    WaitTooLong {
        /// The platform's most, in seconds.
        max_s: u64,
    },
    /// The controller restarted before the operation was done.
    Interrupted,
    /// The caller's key stands for this operation, which another request began.
    KeyReused(OperationId),
}

/// A refusal in H.248's words.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct H248Refusal {
    /// A code of H.248.8.
    pub code: u16,
    /// The gateway's text.
    pub text: String,
    /// The transaction that was refused.
    pub transaction: TransactionId,
    /// The Context it was about.
    pub context: ContextId,
}

impl H248Refusal {
    fn error(&self) -> ErrorDescriptor<'_> {
        ErrorDescriptor {
            code: ErrorCode(self.code),
            text: Some(Cow::Borrowed(&self.text)),
        }
    }
}

impl Refusal {
    /// A limit of the platform is reached.
    pub const fn limit(of: &'static str) -> Self {
        Self::Limit(Cow::Borrowed(of))
    }

    /// The session description cannot be used.
    pub const fn bad_sdp(why: &'static str) -> Self {
        Self::BadSdp(Cow::Borrowed(why))
    }

    /// The gateway answered something that does not fit the request.
    pub const fn answer(why: &'static str) -> Self {
        Self::GatewayAnswer(Cow::Borrowed(why))
    }

    /// What a rule of rooms refuses, in words; the last is that nobody consented.
    fn rule(&self) -> String {
        if let Self::PolicyNotForCall(call) = self {
            format!(
                "Call {call} keeps its Segs in Contexts of their own, and none of H.248 hears \
                 another: `listenMain` is for a Call of separation `topology`"
            )
        } else if let Self::SegLimit { call, max } = self {
            format!("Call {call} may have {max} Segs, the main one included")
        } else if let Self::LegLimit { call, max } = self {
            format!("Call {call} may have {max} Legs")
        } else if let Self::SegFull { seg: _, max } = self {
            // Who consents need not be allowed to know which private Seg it is about.
            format!("the Seg may have {max} Legs, those on their way there included")
        } else if let Self::SegLocked(_) = self {
            "the Seg is locked".to_owned()
        } else if let Self::NotForMain(seg) = self {
            format!("Seg {seg} is the main Seg, which has a name and a lock and no other rule")
        } else if let Self::MayNot { by, right } = self {
            format!("Leg {by} may not {}", right.words())
        } else if let Self::LegInvited { leg, operation } = self {
            format!(
                "Leg {leg} is asked into a Seg by operation {operation}, which waits for consent"
            )
        } else if let Self::NotInvited(operation) = self {
            format!("operation {operation} does not wait for consent")
        } else if *self == Self::Declined {
            "the Leg's party does not want to be there".to_owned()
        } else {
            "the Leg's party did not say in time that it wants to be there".to_owned()
        }
    }

    /// A stable code that programs may rely on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownCall(_) => "call.unknown",
            Self::UnknownSeg(_) => "seg.unknown",
            Self::UnknownLeg(_) => "leg.unknown",
            Self::UnknownGateway(_) => "gateway.unknown",
            Self::UnknownOperation(_) => "operation.unknown",
            Self::SegOfAnotherCall(_) => "seg.otherCall",
            Self::LegBusy { .. } => "leg.busy",
            Self::LegStranded(_) => "leg.stranded",
            Self::MainSeg(_) => "seg.main",
            Self::SegNotEmpty(_) => "seg.notEmpty",
            Self::SegBusy { .. } => "seg.busy",
            Self::SegEmpty(_) => "seg.empty",
            Self::SameSeg(_) => "seg.same",
            Self::StrategyNotForCall(_) => "strategy.notForCall",
            Self::PolicyNotForCall(_) => "policy.notForCall",
            Self::SegNotConfirmed(_) => "seg.notConfirmed",
            Self::LegElsewhere(_) => "leg.elsewhere",
            Self::UnknownAnnouncement(_) => "announcement.unknown",
            Self::SegLimit { .. } => "seg.limit",
            Self::LegLimit { .. } => "leg.limit",
            Self::SegFull { .. } => "seg.full",
            Self::SegLocked(_) => "seg.locked",
            Self::NotForMain(_) => "policy.notForMain",
            Self::MayNot { right, .. } => match right {
                Right::Create => "seg.mayNotCreate",
                Right::Join => "seg.mayNotJoin",
                Right::Invite => "seg.mayNotInvite",
            },
            Self::LegInvited { .. } => "leg.invited",
            Self::NotInvited(_) => "consent.notAsked",
            Self::Declined => "consent.declined",
            Self::NoConsent => "consent.none",
            Self::BadSdp(_) => "sdp.invalid",
            Self::NoGain => "gain.unsupported",
            Self::NoTalkers => "talking.unsupported",
            Self::NoGateway => "gateway.none",
            Self::GatewayTimeout => "gateway.timeout",
            Self::Gateway(_) => "gateway.refused",
            Self::GatewayAnswer(_) => "gateway.answer",
            Self::Limit(_) => "limit",
            Self::Cancelled => "operation.cancelled",
            Self::WaitTimeout => "wait.timeout",
            Self::WaitTooLong { .. } => "wait.tooLong",
            Self::Interrupted => "operation.interrupted",
            Self::KeyReused(_) => "idempotency.mismatch",
        }
    }
}

/// What an operation may do with a Leg that it occupies.
const BUSY: &str = "it is moved or changed, or something is played to it or collected from it";
/// Which gateways do not count.
const NO_GATEWAY: &str = "no gateway can do it: none is registered that takes Legs of this Call \
    (one that is drained, leaves, is silent, or cannot do the Call's separation does not)";

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownCall(call) => write!(f, "there is no Call {call}"),
            Self::UnknownSeg(seg) => write!(f, "there is no Seg {seg}"),
            Self::UnknownLeg(leg) => write!(f, "there is no Leg {leg} in this Call"),
            Self::UnknownGateway(gateway) => write!(f, "there is no gateway {gateway}"),
            Self::UnknownOperation(operation) => write!(f, "there is no operation {operation}"),
            Self::SegOfAnotherCall(seg) => write!(f, "Seg {seg} belongs to another Call"),
            Self::LegBusy { leg, operation } => {
                write!(f, "Leg {leg} is occupied by operation {operation}: {BUSY}")
            }
            Self::LegStranded(leg) => write!(f, "Leg {leg} is in no Seg"),
            Self::MainSeg(seg) => write!(f, "Seg {seg} is the main Seg and ends with its Call"),
            Self::SegNotEmpty(seg) => write!(f, "Seg {seg} has Legs"),
            Self::SegBusy { seg, operation } => {
                write!(f, "operation {operation} plays into or records Seg {seg}")
            }
            Self::SegEmpty(seg) => write!(f, "nobody in Seg {seg} would hear it"),
            Self::SameSeg(seg) => write!(f, "Seg {seg} cannot be merged into itself"),
            Self::StrategyNotForCall(call) => write!(
                f,
                "the strategy does not go with how Call {call} keeps its Segs apart: `topology` is \
                 for a Call of separation `topology`, which takes no other"
            ),
            Self::SegNotConfirmed(seg) => {
                write!(f, "the media server has not confirmed Seg {seg} yet")
            }
            Self::LegElsewhere(leg) => write!(f, "Leg {leg} is not at rest in this Seg"),
            Self::UnknownAnnouncement(name) => {
                write!(f, "the gateway has no announcement named `{name}`")
            }
            Self::PolicyNotForCall(_)
            | Self::SegLimit { .. }
            | Self::LegLimit { .. }
            | Self::SegFull { .. }
            | Self::SegLocked(_)
            | Self::NotForMain(_)
            | Self::MayNot { .. }
            | Self::LegInvited { .. }
            | Self::NotInvited(_)
            | Self::Declined
            | Self::NoConsent => f.write_str(&self.rule()),
            Self::BadSdp(why) => write!(f, "the session description cannot be used: {why}"),
            Self::NoGain => f.write_str("the Leg's gateway has no package that gives it a gain"),
            Self::NoTalkers => f.write_str("the Leg's gateway has no package that tells who talks"),
            Self::NoGateway => f.write_str(NO_GATEWAY),
            Self::GatewayTimeout => f.write_str("the gateway did not answer in time"),
            Self::Gateway(refusal) => write!(f, "the gateway refused: {}", refusal.error()),
            Self::GatewayAnswer(why) => write!(f, "the gateway's answer does not fit: {why}"),
            Self::Limit(what) => write!(f, "the platform's limit of {what} is reached"),
            Self::Cancelled => f.write_str("ended before the operation was done"),
            Self::WaitTimeout => f.write_str("nothing came of it in the time that it may take"),
            Self::WaitTooLong { max_s } => {
                write!(f, "the platform waits for {max_s} s at most")
            }
            Self::Interrupted => {
                f.write_str("the controller restarted before the operation was done")
            }
            Self::KeyReused(operation) => {
                write!(
                    f,
                    "the key stands for operation {operation}, another request began it"
                )
            }
        }
    }
}

impl std::error::Error for Refusal {}
