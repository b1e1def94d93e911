//! What passes the gateway's border besides octets and media commands.

use codec_h248::{MId, descriptor::ErrorDescriptor};
use transport_h248::Address;

/// What became of a port pair that the shell was asked to bind.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Bound {
    /// Both ports are bound.
    Ready,
    /// One of them or both could not be bound.
    Failed,
}

/// A name of a controller that the shell is to look up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Question {
    /// The domain name.
    pub host: String,
    /// The port that goes with it.
    pub port: u16,
}

/// What an operator wants to know.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Event {
    /// A registration is sent.
    Registering {
        /// Where it goes.
        to: Address,
    },
    /// The controller is silent. The registration is repeated until it fails. Told once, until the
    /// controller says something.
    Unanswered {
        /// Where it went.
        to: Address,
    },
    /// The controller has accepted us.
    Registered {
        /// Its name, where it has said it.
        mgc: Option<MId<'static>>,
        /// The version that is spoken from here on.
        version: u8,
    },
    /// The controller sends us to another one.
    Redirected {
        /// The controller to try.
        mgc: MId<'static>,
    },
    /// The controller sends us to another one, which is to go on with what there is.
    HandedOff {
        /// The controller to try.
        mgc: MId<'static>,
    },
    /// The controller that we are sent to cannot be found.
    NotFound {
        /// Its name.
        mgc: MId<'static>,
    },
    /// The connection to the controller has ended, or it does not answer any more. All is kept, and
    /// we come back to it.
    ControllerLost {
        /// Where it was.
        mgc: Address,
    },
    /// A registration came to nothing; another follows, with the next controller at once, or after
    /// the last of them with the first after a random delay.
    RegistrationFailed {
        /// Where it went.
        to: Address,
        /// What the controller said; `None` where it said nothing.
        error: Option<ErrorDescriptor<'static>>,
    },
    /// A message was refused for its authentication header (H.248.1 10.2); told once a second.
    Unauthenticated {
        /// Where it came from.
        from: Address,
    },
    /// The controller's events set each other off without an end; what went on is not carried out.
    CutOff,
    /// The controller could not read a message of ours.
    MessageError {
        /// What it said.
        error: ErrorDescriptor<'static>,
    },
    /// The controller knows that we are going, or has not answered within a second.
    Stopped,
}

/// Why a wake-up is wanted; it is logged, and tests assert on it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Why {
    /// A timer of the transactions.
    Transport(transport_h248::Why),
    /// The next attempt to register.
    Register,
    /// The name of a controller is not known after so long.
    Resolve,
    /// The controller has not answered for so long that the operator wants to know.
    Unanswered,
    /// The controller has said nothing for as long as it has allowed itself (H.248.14).
    Inactive,
    /// The controller has not answered our goodbye, or the time to leave has come.
    Stop,
    /// Somebody does something with the phone of a line.
    Phone,
    /// A Termination has had its time to leave gracefully.
    Service,
    /// A timer of a signal, a digit map or a long tone.
    Supervision,
    /// Load is over the limit, and is looked at again.
    Overload,
    /// The engine or a socket has not answered; the command ends without it.
    Waiting,
}
