//! Actions, commands and replies in a few words, written one behind the other.

use std::fmt::{Display, Write as _};

use codec_h248::{
    AckRange, ActionReply, ActionRequest, AmmRequest, AmmsReply, AuditReply, AuditRequest, Command,
    CommandReply, CommandRequest, ContextId, ContextProperty, ParmValue, ServiceChangeResult,
    TerminationId, Transaction, TransactionId, TransactionReply, TransactionResult,
    descriptor::{
        AmmDescriptor, AuditItem, AuditReturn, ErrorDescriptor, MediaDescriptor,
        ObservedEventsDescriptor, ServiceChangeDescriptor, SignalParm, SignalsDescriptor,
        StatisticValue, StatisticsDescriptor, StreamMode, StreamParms, Streams,
    },
};

use crate::phones::sdp;

/// Writes what a transaction says.
pub(super) fn transaction(out: &mut String, transaction: &Transaction<'_>) {
    match transaction {
        Transaction::Request(request) => {
            id(out, request.id);
            out.push_str(" request  ");
            joined(out, "; ", &request.actions, action_request);
        }
        Transaction::Reply(it) => reply(out, it),
        Transaction::Pending(pending) => {
            id(out, *pending);
            out.push_str(" pending");
        }
        Transaction::ResponseAck(ranges) => {
            out.push_str("ack ");
            joined(out, "; ", ranges, ack);
        }
        Transaction::SegmentReply(it) => {
            let last = last(it.segment.last);
            let (id, number) = (it.id, it.segment.number);
            put(out, format_args!("T{id} segment {number}{last} received"));
        }
    }
}

/// Writes an error descriptor.
pub(super) fn error(out: &mut String, error: &ErrorDescriptor<'_>) {
    put(out, format_args!("error {error}"));
}

fn id(out: &mut String, id: TransactionId) {
    out.push('T');
    number(out, id.0);
}

fn number(out: &mut String, number: u32) {
    out.push_str(itoa::Buffer::new().format(number));
}

/// Writes which Context an action is about.
fn context(out: &mut String, context: ContextId) {
    out.push_str("C=");
    match context {
        ContextId::Null => out.push('-'),
        ContextId::Choose => out.push('$'),
        ContextId::All => out.push('*'),
        ContextId::Id(id) => number(out, id),
    }
}

fn put(out: &mut String, words: impl Display) {
    write!(out, "{words}").expect("a string takes all that is written");
}

fn joined<T>(out: &mut String, between: &str, all: &[T], mut write: impl FnMut(&mut String, &T)) {
    for (n, one) in all.iter().enumerate() {
        if n > 0 {
            out.push_str(between);
        }
        write(out, one);
    }
}

fn last(last: bool) -> &'static str {
    if last { " (last)" } else { "" }
}

fn reply(out: &mut String, reply: &TransactionReply<'_>) {
    id(out, reply.id);
    out.push_str(" reply    ");
    if let Some(segment) = reply.segment {
        let last = last(segment.last);
        put(out, format_args!("segment {}{last} ", segment.number));
    }
    match &reply.result {
        TransactionResult::Error(refused) => error(out, refused),
        TransactionResult::Actions(actions) => joined(out, "; ", actions, action_reply),
    }
    if reply.immediate_ack {
        out.push_str(" (asks for an ack)");
    }
}

fn ack(out: &mut String, range: &AckRange) {
    put(out, format_args!("T{}", range.first));
    if range.first != range.last {
        put(out, format_args!("-{}", range.last));
    }
}

fn action_request(out: &mut String, action: &ActionRequest<'_>) {
    context(out, action.context);
    properties(out, &action.properties);
    if action.audit.is_some() {
        out.push_str(" audit of the Context");
    }
    if !action.commands.is_empty() {
        out.push(' ');
        joined(out, ", ", &action.commands, command_request);
    }
}

fn action_reply(out: &mut String, action: &ActionReply<'_>) {
    context(out, action.context);
    properties(out, &action.properties);
    if !action.commands.is_empty() {
        out.push(' ');
        joined(out, ", ", &action.commands, command_reply);
    }
    if let Some(refused) = &action.error {
        out.push(' ');
        error(out, refused);
    }
}

fn properties(out: &mut String, properties: &[ContextProperty<'_>]) {
    for property in properties {
        match property {
            ContextProperty::Topology(triples) => {
                put(out, format_args!(" topology of {} triples", triples.len()));
            }
            ContextProperty::Priority(it) => put(out, format_args!(" priority={it}")),
            ContextProperty::Emergency(on) => put(out, format_args!(" emergency={on}")),
            ContextProperty::Ieps(on) => put(out, format_args!(" IEPS={on}")),
            ContextProperty::Properties(list) => {
                put(out, format_args!(" {} properties", list.len()));
            }
            ContextProperty::ContextList(list) => {
                put(out, format_args!(" {} Contexts", list.len()));
            }
        }
    }
}

fn command_request(out: &mut String, request: &CommandRequest<'_>) {
    out.push_str(match (request.optional, request.wildcard_return) {
        (false, false) => "",
        (true, false) => "O-",
        (false, true) => "W-",
        (true, true) => "O-W-",
    });
    match &request.command {
        Command::Add(it) => amm(out, "Add", it),
        Command::Move(it) => amm(out, "Move", it),
        Command::Modify(it) => amm(out, "Modify", it),
        Command::Subtract(it) => head(out, "Subtract", &it.terminations),
        Command::AuditValue(it) => audit_request(out, "AuditValue", it),
        Command::AuditCapability(it) => audit_request(out, "AuditCapability", it),
        Command::Notify(it) => {
            head(out, "Notify", &it.terminations);
            observed(out, &it.observed_events);
        }
        Command::ServiceChange(it) => {
            head(out, "ServiceChange", &it.terminations);
            service_change(out, &it.services);
        }
    }
}

fn command_reply(out: &mut String, reply: &CommandReply<'_>) {
    match reply {
        CommandReply::Add(it) => amms(out, "Add", it),
        CommandReply::Move(it) => amms(out, "Move", it),
        CommandReply::Modify(it) => amms(out, "Modify", it),
        CommandReply::Subtract(it) => amms(out, "Subtract", it),
        CommandReply::AuditValue(it) => audit_reply(out, "AuditValue", it),
        CommandReply::AuditCapability(it) => audit_reply(out, "AuditCapability", it),
        CommandReply::Notify(it) => {
            head(out, "Notify", &it.terminations);
            refused(out, it.error.as_ref());
        }
        CommandReply::ServiceChange(it) => {
            head(out, "ServiceChange", &it.terminations);
            match &it.result {
                ServiceChangeResult::Accepted => {}
                ServiceChangeResult::Services(services) => version(out, services.version),
                ServiceChangeResult::Error(error) => refused(out, Some(error)),
            }
        }
    }
}

fn refused(out: &mut String, refusal: Option<&ErrorDescriptor<'_>>) {
    if let Some(refusal) = refusal {
        out.push(' ');
        error(out, refusal);
    }
}

fn version(out: &mut String, version: Option<u8>) {
    if let Some(version) = version {
        put(out, format_args!(" version={version}"));
    }
}

fn names(out: &mut String, terminations: &[TerminationId<'_>]) {
    joined(out, "+", terminations, |out, name| {
        out.push_str(name.as_str());
    });
}

fn head(out: &mut String, command: &str, terminations: &[TerminationId<'_>]) {
    out.push_str(command);
    out.push(' ');
    names(out, terminations);
}

fn amm(out: &mut String, command: &str, request: &AmmRequest<'_>) {
    head(out, command, &request.terminations);
    for descriptor in &request.descriptors {
        amm_descriptor(out, descriptor);
    }
}

fn amm_descriptor(out: &mut String, descriptor: &AmmDescriptor<'_>) {
    match descriptor {
        AmmDescriptor::Media(it) => media(out, it),
        AmmDescriptor::Events(events) => {
            for event in &events.events {
                put(out, format_args!(" event {}", event.name));
            }
        }
        AmmDescriptor::Modem(_) => out.push_str(" Modem"),
        AmmDescriptor::Mux(_) => out.push_str(" Mux"),
        AmmDescriptor::Signals(it) => signals(out, it),
        AmmDescriptor::DigitMap(_) => out.push_str(" DigitMap"),
        AmmDescriptor::EventBuffer(_) => out.push_str(" EventBuffer"),
        AmmDescriptor::Audit(_) => out.push_str(" Audit"),
        AmmDescriptor::Statistics(_) => out.push_str(" Statistics"),
    }
}

fn amms(out: &mut String, command: &str, reply: &AmmsReply<'_>) {
    head(out, command, &reply.terminations);
    for descriptor in &reply.descriptors {
        audit_return(out, descriptor);
    }
}

fn audit_return(out: &mut String, descriptor: &AuditReturn<'_>) {
    match descriptor {
        AuditReturn::Media(it) => media(out, it),
        AuditReturn::Statistics(it) => statistics(out, it),
        AuditReturn::Error(it) => refused(out, Some(it)),
        AuditReturn::Modem(_) => out.push_str(" Modem"),
        AuditReturn::Mux(_) => out.push_str(" Mux"),
        AuditReturn::Events(_) => out.push_str(" Events"),
        AuditReturn::Signals(it) => signals(out, it),
        AuditReturn::DigitMap(_) => out.push_str(" DigitMap"),
        AuditReturn::EventBuffer(_) => out.push_str(" EventBuffer"),
        AuditReturn::ObservedEvents(it) => {
            out.push_str(" ObservedEvents");
            observed(out, it);
        }
        AuditReturn::Packages(_) => out.push_str(" Packages"),
        AuditReturn::Empty(_) => {}
    }
}

/// Events that were observed, with what was observed of them.
fn observed(out: &mut String, observed: &ObservedEventsDescriptor<'_>) {
    for event in &observed.events {
        put(out, format_args!(" {}", event.name));
        for parameter in &event.parameters {
            if let ParmValue::Equal(value) = &parameter.value {
                put(out, format_args!(" {}={value}", parameter.name));
            }
        }
    }
}

fn signals(out: &mut String, signals: &SignalsDescriptor<'_>) {
    if signals.parms.is_empty() {
        out.push_str(" no signals");
    }
    for parm in &signals.parms {
        match parm {
            SignalParm::Signal(signal) => put(out, format_args!(" signal {}", signal.name)),
            SignalParm::List(list) => {
                put(out, format_args!(" signals {}:", list.id));
                for signal in &list.signals {
                    put(out, format_args!(" {}", signal.name));
                }
            }
        }
    }
}

fn media(out: &mut String, media: &MediaDescriptor<'_>) {
    match &media.streams {
        Streams::Single(parms) => stream(out, parms),
        Streams::Several(streams) => {
            for descriptor in streams {
                stream(out, &descriptor.parms);
            }
        }
    }
}

fn stream(out: &mut String, parms: &StreamParms<'_>) {
    let control = parms.local_control.as_ref();
    if let Some(mode) = control.and_then(|control| control.mode) {
        out.push_str(" mode=");
        out.push_str(mode_name(mode));
    }
    let sides = [("local", &parms.local), ("remote", &parms.remote)];
    for (side, description) in sides {
        let Some(description) = description else {
            continue;
        };
        put(out, format_args!(" {side}:"));
        sdp::media_in_short(&description.octets, out);
    }
}

fn mode_name(mode: StreamMode) -> &'static str {
    match mode {
        StreamMode::SendOnly => "SendOnly",
        StreamMode::ReceiveOnly => "ReceiveOnly",
        StreamMode::SendReceive => "SendReceive",
        StreamMode::Inactive => "Inactive",
        StreamMode::Loopback => "Loopback",
    }
}

/// Packets sent and received; the rest is for those who read the message itself.
fn statistics(out: &mut String, descriptor: &StatisticsDescriptor<'_>) {
    let mut any = false;
    for (item, name) in [("ps", "sent"), ("pr", "received")] {
        let mut all = descriptor.statistics.iter();
        let found = all.find(|statistic| statistic.name.is("rtp", item));
        if let Some(StatisticValue::One(value)) = found.and_then(|found| found.value.as_ref()) {
            put(out, format_args!(" {name}={value}"));
            any = true;
        }
    }
    if any {
        out.push_str(" RTP packets");
    }
}

fn audit_request(out: &mut String, command: &str, request: &AuditRequest<'_>) {
    head(out, command, &request.terminations);
    for item in &request.audit.items {
        out.push(' ');
        out.push_str(audit_item(item));
    }
}

/// What is audited; parts of a descriptor by the descriptor.
fn audit_item(item: &AuditItem<'_>) -> &'static str {
    match item {
        AuditItem::Mux => "Mux",
        AuditItem::Modem => "Modem",
        AuditItem::Media | AuditItem::IndividualMedia(_) => "Media",
        AuditItem::Events | AuditItem::IndividualEvents(..) => "Events",
        AuditItem::Signals
        | AuditItem::IndividualSignalsEmpty
        | AuditItem::IndividualSignal(_)
        | AuditItem::IndividualSignalList(..) => "Signals",
        AuditItem::EventBuffer | AuditItem::IndividualEventBuffer(_) => "EventBuffer",
        AuditItem::DigitMap | AuditItem::IndividualDigitMap(_) => "DigitMap",
        AuditItem::Statistics | AuditItem::IndividualStatistic(_) => "Statistics",
        AuditItem::Packages | AuditItem::IndividualPackage(_) => "Packages",
        AuditItem::ObservedEvents => "ObservedEvents",
    }
}

fn audit_reply(out: &mut String, command: &str, reply: &AuditReply<'_>) {
    match reply {
        AuditReply::Context(terminations) => head(out, command, terminations),
        AuditReply::ContextError(error) => {
            out.push_str(command);
            refused(out, Some(error));
        }
        AuditReply::Termination(reply) => amms(out, command, reply),
    }
}

fn service_change(out: &mut String, services: &ServiceChangeDescriptor<'_>) {
    put(
        out,
        format_args!(" {:?} {}", services.method, services.reason.text),
    );
    version(out, services.version);
}
