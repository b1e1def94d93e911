//! The table of the rules.

/// A rule that a message that decodes can break.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rule {
    /// The rule of H.248.1 Annex B.2 that it belongs to.
    pub rule: &'static str,
    /// Where it stands.
    pub clause: &'static str,
    /// Whether only the text encoding has it: a message that came as binary may break it.
    pub text_only: bool,
    /// The rule in a sentence.
    pub line: &'static str,
}

macro_rules! rules {
    ($($name:ident: $rule:literal, $clause:literal, $encoding:ident, $line:literal;)*) => {
        $(pub(in crate::strict) static $name: Rule = Rule {
            rule: $rule,
            clause: $clause,
            text_only: rules!($encoding),
            line: $line,
        };)*

        /// All rules, in the order of their concerns: versions, what stands once, numbers, names,
        /// Terminations, Contexts, events, signals, digit maps, audits, ServiceChange, values.
        pub const RULES: &[&Rule] = &[$(&$name),*];
    };
    (both) => { false };
    (text) => { true };
}

rules! {
    // Versions.
    TERMINATION_LIST: "termIDList", "H.248.1 Annex B.2", both,
        "A command for a list of Terminations is version 3.";
    REPLY_SEGMENT: "segmentNumber", "H.248.1 Annex B.2", both,
        "A reply in segments is version 3.";
    SEGMENT_REPLY: "segmentReply", "H.248.1 Annex B.2", both,
        "The acknowledgement of a segment is version 3.";
    BARE_ACTION_REPLY: "actionReply", "H.248.1 Annex B.2", both,
        "An action's reply that only names its Context is version 3.";
    CONTEXT_ATTRIBUTES: "contextAttrDescriptor", "H.248.1 Annex B.2", both,
        "ContextAttr, with properties or a ContextList, is version 3.";
    IEPS: "iepsValue", "H.248.1 Annex B.2", both,
        "IEPSCall is version 3.";
    EMERGENCY_OFF: "contextProperty", "H.248.1 Annex B.2", text,
        "EmergencyOff in a request is version 3.";
    CONTEXT_SELECTOR: "contextAuditSelector", "H.248.1 Annex B.2", both,
        "An audit that selects Contexts is version 3.";
    CONTEXT_AUDIT_WIDER: "contextAuditProperties", "H.248.1 Annex B.2", both,
        "An audit of IEPSCall or of a Context's package properties is version 3.";
    AMM_STATISTICS: "ammParameter", "H.248.1 Annex B.2", both,
        "Statistics in Add, Move or Modify is version 3.";
    STREAM_STATISTICS: "streamParm", "H.248.1 Annex B.2", both,
        "Statistics of a stream is version 3.";
    STATISTIC_LIST: "statisticsParameter", "H.248.1 Annex B.2", both,
        "A list as the value of a statistic is version 3.";
    NOTIFY_BEHAVIOUR: "notifyBehaviour", "H.248.1 Annex B.2", both,
        "NeverNotify, ImmediateNotify and RegulatedNotify are version 3.";
    RESET_EVENTS: "eventParameter", "H.248.1 Annex B.2", both,
        "ResetEventsDescriptor is version 3.";
    SIGNAL_DIRECTION: "sigDirection", "H.248.1 Annex B.2", both,
        "SPADirection is version 3.";
    SIGNAL_REQUEST_ID: "sigRequestID", "H.248.1 Annex B.2", both,
        "SPARequestID is version 3.";
    INTERSIGNAL: "sigIntsigDelay", "H.248.1 Annex B.2", both,
        "Intersignal is version 3.";
    ITERATION: "notificationReason", "H.248.1 Annex B.2", both,
        "Iteration in NotifyCompletion is version 3.";
    TOPOLOGY_DIRECTION: "topologyDirection", "H.248.1 Annex B.2", both,
        "OnewayExternal and OnewayBoth are version 3.";
    TOPOLOGY_STREAM: "topologyTriple", "H.248.1 Annex B.2", both,
        "The topology of one stream is version 2.";
    INDIVIDUAL_AUDIT: "indAudterminationAudit", "H.248.1 Annex B.2", both,
        "An audit of parts of a descriptor is version 2.";
    INDIVIDUAL_MEDIA: "indAudmediaDescriptor", "H.248.1 Annex B.2", text,
        "An audit of more than one part of a Media is version 3.";
    INDIVIDUAL_LOCAL_CONTROL: "indAudlocalControlDescriptor", "H.248.1 Annex B.2", text,
        "An audit of more than one part of a LocalControl is version 3.";
    INDIVIDUAL_DESCRIPTION: "indAudstreamParm", "H.248.1 Annex B.2", text,
        "An audit of Local or Remote alone is version 3.";
    INDIVIDUAL_STATISTICS: "indAudstreamParm", "H.248.1 Annex B.2", both,
        "An audit of a stream's statistic is version 3.";
    LOCAL_CONTROL_SELECTOR: "indAudlocalParm", "H.248.1 Annex B.2", both,
        "An audit that selects by LocalControl is version 3.";
    STATE_SELECTOR: "indAudterminationStateParm", "H.248.1 Annex B.2", both,
        "An audit that selects by TerminationState is version 3.";
    INDIVIDUAL_EVENTS: "indAudeventsDescriptor", "H.248.1 Annex B.2", text,
        "An audit of an event without RequestID is version 3.";
    INDIVIDUAL_SIGNAL_STREAM: "indAudsignalRequestParm", "H.248.1 Annex B.2", text,
        "An audit of a signal by its stream is version 3.";
    INDIVIDUAL_SIGNAL_REQUEST_ID: "indAudsignalRequestParm", "H.248.1 Annex B.2", both,
        "An audit of a signal by its RequestID is version 3.";
    SERVICES_ITEM: "serviceChangeParm", "H.248.1 Annex B.2", both,
        "A ServiceChange that names what changed is version 2.";
    INCOMPLETE: "serviceChangeParm", "H.248.1 Annex B.2", both,
        "ServiceChangeInc is version 3.";
    DURATION_TIMER: "digitMapValue", "H.248.1 Annex B.2", both,
        "The Z timer of a digit map is version 2.";
    START_TIMER_LETTER: "digitMapLetter", "H.248.1 Annex B.2", both,
        "T within a digit map is version 2.";
    NX64K: "MuxType", "H.248.1 Annex B.2", both,
        "Nx64Kservice is version 2.";
    QUOTED_STRING: "quotedString", "H.248.1 Annex B.2", text,
        "Line ends and octets above 127 in a quoted string are version 3.";
    WIDE_VALUE: "VALUE", "H.248.1 Annex B.2", text,
        "Octets above 127 in a value without quotes are version 3.";

    // What stands at most once.
    DESCRIPTOR_TWICE: "ammParameter", "H.248.8 448", both,
        "Each descriptor stands at most once in a command.";
    STREAM_TWICE: "streamDescriptor", "H.248.1 7.1.6", both,
        "Each stream stands at most once in a Media.";
    PROPERTY_TWICE: "propertyParm", "H.248.8 456", both,
        "Each property stands at most once in a descriptor.";
    CONTEXT_PROPERTY_TWICE: "contextProperty", "H.248.1 Annex B.2", both,
        "Each kind of Context property stands at most once; Emergency and EmergencyOff are one.";
    CONTEXT_AUDIT_TWICE: "contextAuditProperties", "H.248.1 Annex B.2", both,
        "Each item and selector of a Context audit stands at most once; ANDLgc and ORLgc are one.";
    AUDIT_ITEM_TWICE: "auditItem", "H.248.1 Annex B.2", both,
        "Each keyword stands at most once in an Audit.";
    EVENT_PARAMETER_TWICE: "eventParameter", "H.248.1 Annex B.2", both,
        "Each parameter of a requested event stands at most once; all forms of Embed are one.";
    EVENT_SPEC_PARAMETER_TWICE: "eventSpecParameter", "H.248.1 Annex B.2", both,
        "Each parameter of a buffered event stands at most once.";
    OBSERVED_PARAMETER_TWICE: "observedEventParameter", "H.248.1 Annex B.2", both,
        "Each parameter of an observed event stands at most once.";
    SIGNAL_PARAMETER_TWICE: "sigParameter", "H.248.1 Annex B.2", both,
        "Each parameter of a signal stands at most once.";
    STATISTIC_TWICE: "statisticsParameter", "H.248.1 Annex B.2", both,
        "Each statistic stands at most once.";
    TERMINATION_TWICE: "TerminationID", "H.248.1 6.2.2", both,
        "A list of Terminations names each of them once.";
    EXTENSION_TWICE: "serviceChangeParm", "H.248.1 Annex B.2", both,
        "Each extension stands at most once in a ServiceChange.";

    // Numbers.
    TRANSACTION_ZERO: "TransactionID", "H.248.1 8.1.1", both,
        "Transaction 0 stands in a reply that is an error, and nowhere else.";
    SEGMENT_ZERO: "segmentNumber", "H.248.1 8.2.2", both,
        "The first segment of a reply is number 1.";
    PRIORITY: "priority", "H.248.1 6.1.1", both,
        "A priority is at most 15.";
    TIME_STAMP: "TimeStamp", "H.248.1 Annex B.2", both,
        "A time stamp is a date and a time of day (ISO 8601).";
    VERSION: "Version", "H.248.1 11.3", both,
        "A version is at least 1.";

    // Names.
    DOMAIN_NAME: "domainName", "H.248.1 Annex B.2", both,
        "A domain name is letters, digits, hyphens and single dots.";
    DEVICE_NAME: "deviceName", "H.248.1 Annex B.2", both,
        "A device name is a pathNAME.";
    PATH_NAME: "TerminationID", "H.248.1 Annex B.2", text,
        "A Termination's name is ROOT, $, * or a pathNAME, which begins with a letter.";
    EXTENSION_NAME: "extensionParameter", "H.248.1 Annex B.2", text,
        "A type that the standard does not have is X- or X+ and at most 6 letters or digits.";

    // Terminations.
    ROOT_COMMAND: "TerminationID", "H.248.1 6.2.5", both,
        "ROOT stands in Modify, audits, Notify and ServiceChange only.";
    ROOT_DESCRIPTOR: "ammParameter", "H.248.1 6.2.5", both,
        "ROOT has neither signals nor streams.";
    CHOOSE_TERMINATION: "TerminationID", "H.248.1 6.2.2", both,
        "CHOOSE stands in the Termination of Add only.";
    NOTIFY_WILDCARD: "notifyRequest", "H.248.1 7.2.7", both,
        "Notify names its Termination in full.";
    CHOOSE_IN_REPLY: "TerminationID", "H.248.1 7.2", both,
        "A reply that is no error names the Termination that was chosen.";

    // Contexts.
    CHOOSE_CONTEXT: "ContextID", "H.248.1 6.1", both,
        "An action for a Context that is to be made has an Add or a Move.";
    CHOOSE_CONTEXT_IN_REPLY: "ContextID", "H.248.1 8.1", both,
        "A reply that is no error names the Context that was made.";
    NULL_CONTEXT_ATTRIBUTE: "contextRequest", "H.248.1 6.1", both,
        "The null Context has no topology and no other attributes.";
    NULL_CONTEXT_COMMAND: "commandRequest", "H.248.8 421", both,
        "Nothing is added to, moved to or subtracted from the null Context.";
    TOPOLOGY_CHOOSE: "topologyTriple", "H.248.1 7.1.18", both,
        "CHOOSE in a topology stands for what an Add of the same action chooses.";
    TOPOLOGY_PART: "topologyTriple", "H.248.1 7.1.18", text,
        "CHOOSE in a topology is a whole name.";
    TOPOLOGY_OVERLAP: "topologyTriple", "H.248.1 7.1.18", both,
        "The two sides of Oneway, OnewayExternal and OnewayBoth have no Termination in common.";
    TOPOLOGY_ALL: "topologyTriple", "H.248.1 7.1.18", both,
        "OnewayExternal has no ALL as its first side, OnewayBoth on neither.";
    TOPOLOGY_MIXED: "topologyTriple", "H.248.8 421", both,
        "A topology speaks of two Terminations with a stream each time, or never.";
    CONTEXT_AUDIT_ALONE: "contextAudit", "H.248.1 Annex B.2", text,
        "ContextAttr that asks for properties stands alone in a Context audit.";

    // Events.
    REQUEST_ID_ALL: "RequestID", "H.248.1 Annex B.2", both,
        "The RequestID * stands in replies to AuditCapability only.";
    KEEP_ACTIVE_EMBED: "eventParameter", "H.248.1 7.1.9", both,
        "KeepActive and embedded signals exclude each other.";
    MISSING_DIGIT_MAP: "eventDM", "H.248.1 E.6", both,
        "dd/ce has a digit map.";

    // Signals.
    SIGNAL_WILDCARD: "signalName", "H.248.1 Annex B.2", both,
        "A signal is named in full.";
    LONE_REQUEST_ID: "sigRequestID", "H.248.1 7.1.11", both,
        "SPARequestID stands with NotifyCompletion only.";
    LIST_SIGNAL_TYPE: "signalListParm", "H.248.1 Annex B.2", text,
        "Each signal of a list has a SignalType.";
    LIST_ON_OFF: "signalListParm", "H.248.1 7.1.11", both,
        "Only the last signal of a list may be OnOff.";

    // Digit maps.
    DIGIT_MAP: "digitMap", "H.248.1 Annex B.2", both,
        "A digit map is a string of positions, or strings in parentheses.";
    DIGIT_MAP_LETTER: "digitMapLetter", "H.248.1 Annex B.2", both,
        "* and # are E and F in a digit map.";

    // Audits.
    NO_CAPABILITY: "auditItem", "H.248.8 447", both,
        "AuditCapability does not ask for DigitMap or Packages.";
    INDIVIDUAL_STREAM: "indAudstreamDescriptor", "H.248.1 Annex B.2", text,
        "A Stream of an audit has one part.";
    INDIVIDUAL_EVENT_SPEC: "indAudeventSpec", "H.248.1 Annex B.2", text,
        "An event of an audited EventBuffer has a stream or a parameter, not both.";
    INDIVIDUAL_SIGNAL: "indAudsignalRequest", "H.248.1 Annex B.2", both,
        "A signal of an audit has no parameters but Stream and SPARequestID.";

    // ServiceChange.
    REASON_QUOTES: "serviceChangeReason", "H.248.1 Annex B.2", text,
        "A Reason stands in quotes.";
    REASON_CODE: "serviceChangeReason", "H.248.1 7.2.8", both,
        "A Reason begins with a code from 900 to 999, alone or before a space.";
    DELAY: "serviceChangeDelay", "H.248.1 7.2.8", both,
        "A Delay stands with Graceful and Restart only.";
    INCOMPLETE_RESTART: "serviceChangeParm", "H.248.1 7.2.8", both,
        "ServiceChangeInc stands in a Restart of ROOT only.";
    REGISTRATION_ONLY: "serviceChangeParm", "H.248.1 7.2.8", both,
        "Version and Profile stand in a ServiceChange of ROOT only.";
    REPLY_PARAMETERS: "serviceChangeReplyDescriptor", "H.248.1 7.2.8", both,
        "Only the reply to a ServiceChange of ROOT has parameters.";

    // Values.
    SEVERAL_IN_REPLY: "alternativeValue", "H.248.1 7.1.1", both,
        "A gateway tells one value, unless it tells capabilities or about several Terminations.";
    CHOOSE_VALUE_IN_REPLY: "VALUE", "H.248.1 7.1.1", both,
        "A gateway tells the value that it chose.";
    CHOOSE_DESCRIPTION_IN_REPLY: "octetString", "H.248.1 7.1.8", both,
        "A gateway tells the values that it chose in Local and Remote.";
    RESERVED_EVENT_PARAMETER: "eventParameterName", "H.248.1 12.1", both,
        "A package's parameter of an event has no name that the standard reserves.";
    RESERVED_SIGNAL_PARAMETER: "sigParameterName", "H.248.1 12.1", both,
        "A package's parameter of a signal has no name that the standard reserves.";
    UNKNOWN_PROPERTY: "propertyParm", "H.248.8 450", both,
        "A property is one of its package.";
    MISPLACED_PROPERTY: "propertyParm", "H.248.8 455", both,
        "A property stands in the descriptor that its package says.";
    READ_ONLY: "propertyParm", "H.248.8 534", both,
        "A controller does not set a property that is read-only.";
    UNKNOWN_EVENT: "requestedEvent", "H.248.8 451", both,
        "An event is one of its package.";
    UNKNOWN_SIGNAL: "signalRequest", "H.248.8 452", both,
        "A signal is one of its package.";
    UNKNOWN_STATISTIC: "statisticsParameter", "H.248.8 453", both,
        "A statistic is one of its package.";
    UNKNOWN_EVENT_PARAMETER: "eventParameterName", "H.248.8 446", both,
        "A parameter of an event is one of its package.";
    UNKNOWN_SIGNAL_PARAMETER: "sigParameterName", "H.248.8 446", both,
        "A parameter of a signal is one of its package.";
    TIME_OUT_DURATION: "sigSignalType", "H.248.1 7.1.11", both,
        "A signal that is TimeOut although its package says otherwise has a Duration.";
    VALUE_TYPE: "VALUE", "H.248.1 12.2", both,
        "A value is of the type that its package says.";
    VALUE_QUOTES: "VALUE", "H.248.1 Annex B.2", text,
        "Strings and characters stand in quotes, values of other types do not.";
}
