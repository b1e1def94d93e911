//! The Error descriptor (H.248.1 7.1.19, codes of H.248.8).

use std::{borrow::Cow, fmt};

use bounded_static::ToStatic;

use crate::shown::write_shown;

/// A code of H.248.8.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent)
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErrorCode(pub u16);

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal $phrase:literal;)*) => {
        impl ErrorCode {
            $($(#[$doc])* pub const $name: Self = Self($code);)*

            /// The registered phrase, for the text of a descriptor; empty for a code that this
            /// program never sends.
            pub fn phrase(self) -> &'static str {
                match self.0 {
                    $($code => $phrase,)*
                    _ => "",
                }
            }
        }
    };
}

codes! {
    /// The message as a whole cannot be read.
    SYNTAX_MESSAGE = 400 "Syntax error in message";
    /// A sequence of messages breaks the protocol.
    PROTOCOL = 401 "Protocol error";
    /// The sender may not talk to this entity.
    UNAUTHORIZED = 402 "Unauthorized";
    /// A transaction cannot be read.
    SYNTAX_TRANSACTION = 403 "Syntax error in TransactionRequest";
    /// The version of the message is not spoken.
    VERSION_NOT_SUPPORTED = 406 "Version not supported";
    /// An identifier that is not legal where it stands, such as ROOT in Add.
    INCORRECT_IDENTIFIER = 410 "Incorrect identifier";
    /// No such Context.
    UNKNOWN_CONTEXT = 411 "The transaction refers to an unknown ContextID";
    /// No Context can be made.
    NO_CONTEXT = 412 "No ContextIDs available";
    /// More transactions than the receiver takes.
    TOO_MANY_TRANSACTIONS = 413 "Number of transactions in message exceeds maximum";
    /// An action that is not possible, such as Subtract in the null Context.
    ILLEGAL_ACTION = 421 "Unknown action or illegal combination of actions";
    /// An action cannot be read.
    SYNTAX_ACTION = 422 "Syntax error in action";
    /// No such Termination.
    UNKNOWN_TERMINATION = 430 "Unknown TerminationID";
    /// A wildcard matches nothing.
    NO_MATCH = 431 "No TerminationID matched a wildcard";
    /// No Termination can be chosen.
    NO_TERMINATION = 432 "Out of TerminationIDs or no TerminationID available";
    /// Add of a Termination that is in a Context.
    ALREADY_IN_CONTEXT = 433 "TerminationID is already in a Context";
    /// The Context is full.
    CONTEXT_FULL = 434 "Max number of Terminations in a Context exceeded";
    /// The Termination is elsewhere.
    NOT_IN_CONTEXT = 435 "TerminationID is not in specified Context";
    /// No such package.
    UNKNOWN_PACKAGE = 440 "Unsupported or unknown package";
    /// Remote or Local is needed and was never given.
    MISSING_DESCRIPTOR = 441 "Missing Remote or Local Descriptor";
    /// A command cannot be read.
    SYNTAX_COMMAND = 442 "Syntax error in command";
    /// A command that is not supported.
    UNKNOWN_COMMAND = 443 "Unsupported or unknown command";
    /// A descriptor that is not supported.
    UNKNOWN_DESCRIPTOR = 444 "Unsupported or unknown descriptor";
    /// A property that is not supported.
    UNKNOWN_PROPERTY = 445 "Unsupported or unknown property";
    /// A parameter that is not supported.
    UNKNOWN_PARAMETER = 446 "Unsupported or unknown parameter";
    /// A descriptor that this command does not take.
    ILLEGAL_DESCRIPTOR = 447 "Descriptor not legal in this command";
    /// A descriptor stands twice.
    DESCRIPTOR_TWICE = 448 "Descriptor appears twice in a command";
    /// A value that is not supported.
    UNKNOWN_VALUE = 449 "Unsupported or unknown parameter or property value";
    /// The package has no such property.
    NO_SUCH_PROPERTY = 450 "No such property in this package";
    /// The package has no such event.
    NO_SUCH_EVENT = 451 "No such event in this package";
    /// The package has no such signal.
    NO_SUCH_SIGNAL = 452 "No such signal in this package";
    /// The package has no such statistic.
    NO_SUCH_STATISTIC = 453 "No such statistic in this package";
    /// A value that the parameter of an event or a signal cannot have.
    NO_SUCH_PARAMETER_VALUE = 454 "No such parameter value in this package";
    /// A property that does not belong into this descriptor.
    ILLEGAL_PROPERTY = 455 "Property illegal in this Descriptor";
    /// A property stands twice.
    PROPERTY_TWICE = 456 "Property appears twice in this Descriptor";
    /// An event or a signal lacks a parameter that it needs.
    MISSING_PARAMETER = 457 "Missing parameter in signal or event";
    /// An event or request that was not asked for.
    UNEXPECTED_REQUEST_ID = 458 "Unexpected Event/Request ID";
    /// The profile of a registration is not taken.
    PROFILE_NOT_SUPPORTED = 459 "Unsupported or unknown profile";
    /// A statistic that cannot be kept of a stream (version 3).
    STATISTIC_ON_STREAM = 460 "Unable to set statistic on stream";
    /// What a command cannot do without is not said.
    INFORMATION_MISSING = 472 "Required Information Missing";
    /// Values that cannot stand together.
    CONFLICTING_VALUES = 473 "Conflicting property values";
    /// SDP that cannot be read.
    INVALID_SDP = 474 "Invalid SDP syntax";
    /// A fault of the program.
    INTERNAL = 500 "Internal software failure in the MG or MGC";
    /// Legal, and not built.
    NOT_IMPLEMENTED = 501 "Not implemented";
    /// Not ready yet.
    NOT_READY = 502 "Not ready";
    /// A peer other than the controlling one.
    UNAUTHORIZED_ENTITY = 504 "Command received from unauthorized entity";
    /// A request before registration.
    NOT_REGISTERED = 505 "Transaction Request received before a ServiceChange Reply has been received";
    /// It has executed for too long.
    PENDINGS_EXCEEDED = 506 "Number of TransactionPendings exceeded";
    /// Out of resources.
    INSUFFICIENT_RESOURCES = 510 "Insufficient resources";
    /// Busy for the moment.
    BUSY = 511 "Temporarily busy";
    /// An event that is known and cannot be detected.
    EVENT_NOT_DETECTABLE = 512 "MG unequipped to detect requested Event";
    /// A signal that is known and cannot be generated.
    SIGNAL_NOT_GENERATED = 513 "MG unequipped to generate requested Signals";
    /// No such announcement.
    NO_SUCH_ANNOUNCEMENT = 514 "MG cannot send the specified announcement";
    /// A media type or codec that is not supported.
    UNSUPPORTED_MEDIA = 515 "Unsupported media type";
    /// A mode that is not supported.
    UNSUPPORTED_MODE = 517 "Unsupported or invalid mode";
    /// Events were lost.
    EVENT_BUFFER_FULL = 518 "Event buffer full";
    /// No room for a digit map.
    NO_DIGIT_MAP_SPACE = 519 "Out of space to store digit map";
    /// No such digit map.
    UNKNOWN_DIGIT_MAP = 520 "Digit Map undefined in the MG";
    /// A Termination that is about to leave service.
    SERVICE_CHANGING = 521 "Termination is ServiceChanging";
    /// A topology triple asks for what is not supported (version 3).
    TOPOLOGY_NOT_SUPPORTED = 522 "Functionality requested in topology triple not supported";
    /// The audited thing does not exist.
    AUDITED_NOT_FOUND = 532 "Audited property, statistic, event or signal does not exist";
    /// The reply does not fit a message.
    REPLY_TOO_LARGE = 533 "Response exceeds maximum transport PDU size";
    /// A read-only property was written.
    READ_ONLY = 534 "Illegal write or read-only property";
    /// The line's hook is in another state than asked for.
    UNEXPECTED_HOOK_STATE = 540 "Unexpected initial hook state";
}

/// Says what went wrong.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(
        deny_unknown_fields,
        rename_all = "camelCase",
        bound(deserialize = "'de: 'a")
    )
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErrorDescriptor<'a> {
    /// The code of H.248.8.
    #[cfg_attr(feature = "serde", serde(rename = "errorCode"))]
    pub code: ErrorCode,
    /// Text for people; never parsed.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "errorText", skip_serializing_if = "Option::is_none")
    )]
    pub text: Option<Cow<'a, str>>,
}

impl ErrorDescriptor<'static> {
    /// The code with its registered phrase.
    pub fn new(code: ErrorCode) -> Self {
        Self {
            code,
            text: Some(Cow::Borrowed(code.phrase())),
        }
    }

    /// The code with its registered phrase and what it is about. Double quotes and control
    /// characters, which a quoted string cannot hold, are replaced.
    pub fn about(code: ErrorCode, what: impl fmt::Display) -> Self {
        let text = format!("{}: {what}", code.phrase());
        let clean = |c: char| {
            if c == '"' || c.is_control() || !c.is_ascii() {
                '\''
            } else {
                c
            }
        };
        Self {
            code,
            text: Some(Cow::Owned(text.chars().map(clean).collect())),
        }
    }
}

impl fmt::Display for ErrorDescriptor<'_> {
    /// Writes the code and the text. What would begin a line or move a cursor is escaped: the text is a peer's, and this is
    /// for logs and screens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.code.fmt(f)?;
        let Some(text) = &self.text else {
            return Ok(());
        };
        f.write_str(" ")?;
        write_shown(f, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_begins_no_line_and_moves_no_cursor_where_it_is_shown() {
        let told = ErrorDescriptor {
            code: ErrorCode::SYNTAX_MESSAGE,
            text: Some("caf\u{e9} \"x\"\n12:00 INFO \u{9b}31m\u{202e}\u{200f}".into()),
        };
        let shown = r#"400 café "x"\n12:00 INFO \u{9b}31m\u{202e}\u{200f}"#;
        assert_eq!(told.to_string(), shown);
    }

    #[test]
    fn a_code_has_its_registered_phrase_and_what_it_is_about() {
        let new = ErrorDescriptor::new(ErrorCode::UNKNOWN_TERMINATION);
        assert_eq!(new.to_string(), "430 Unknown TerminationID");
        let about = ErrorDescriptor::about(ErrorCode::UNKNOWN_PACKAGE, "a\"b\n\u{e9}");
        assert_eq!(
            about.text.as_deref(),
            Some("Unsupported or unknown package: a'b''")
        );
        assert_eq!(ErrorCode(999).phrase(), "");
        let bare = ErrorDescriptor {
            code: ErrorCode(999),
            text: None,
        };
        assert_eq!(bare.to_string(), "999");
        let every = (400..640).filter(|&code| !ErrorCode(code).phrase().is_empty());
        assert!(every.count() > 40);
    }
}
