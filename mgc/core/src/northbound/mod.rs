//! What the conference application asks of the platform, and what it is told. Typed, and without
//! a wire format: the shell spells it as HTTP and JSON.

mod event;
mod ids;
mod media;
mod members;
mod origin;
mod refusal;
mod request;
mod rooms;
mod rules;
mod view;

pub use event::{Cause, Event, EventKind, LegEvent, MediaFault};
pub use ids::{CallId, GatewayId, LegId, OperationId, SegId};
pub use media::{
    Collect, Digits, DigitsMethod, GAIN_DB, MediaChanges, MediaSettings, Play, PlayMethod, Record,
    Recording, Sound, Talking, Voices,
};
pub use members::{LegResult, Members, MoveResult};
pub use origin::{Key, Origin, Taken};
pub use refusal::{H248Refusal, Refusal};
pub use request::{Accepted, Completion, Done, OperationKind, Request, Strategy};
pub use rooms::{Confirm, NewCall, OnGatewayLoss, Role, SegPolicy, Separation};
pub use rules::{AutoClose, CallLimits, Closing, Right, SegChanges, SegLimits, Who};
pub use view::{
    CallView, ContextView, GatewayState, GatewayView, LegState, LegView, OperationState,
    OperationView, SegView, TerminationView, Totals,
};
