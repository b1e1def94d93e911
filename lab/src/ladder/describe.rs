//! Actions, commands and replies in a few words.

use codec_h248::{
    ActionReply, ActionRequest, AmmRequest, AmmsReply, AuditReply, AuditRequest, Command,
    CommandReply, CommandRequest, ContextProperty, ServiceChangeResult, TerminationId,
    descriptor::{
        AmmDescriptor, AuditReturn, ErrorDescriptor, MediaDescriptor, ServiceChangeDescriptor,
        StatisticValue, StatisticsDescriptor, StreamMode, StreamParms, Streams,
    },
};

use crate::phones::sdp;

/// What is asked of one Context.
pub(super) fn action_request(action: &ActionRequest<'_>) -> String {
    let mut words = vec![format!("C={}", action.context)];
    words.extend(properties(&action.properties));
    if action.audit.is_some() {
        words.push("audit of the Context".to_owned());
    }
    let commands: Vec<String> = action.commands.iter().map(command_request).collect();
    if !commands.is_empty() {
        words.push(commands.join(", "));
    }
    words.join(" ")
}

/// What came of one action.
pub(super) fn action_reply(action: &ActionReply<'_>) -> String {
    let mut words = vec![format!("C={}", action.context)];
    words.extend(properties(&action.properties));
    let commands: Vec<String> = action.commands.iter().map(command_reply).collect();
    if !commands.is_empty() {
        words.push(commands.join(", "));
    }
    words.extend(action.error.as_ref().map(error));
    words.join(" ")
}

/// An error descriptor.
pub(super) fn error(error: &ErrorDescriptor<'_>) -> String {
    format!("error {error}")
}

fn properties(properties: &[ContextProperty<'_>]) -> Vec<String> {
    let word = |property: &ContextProperty<'_>| match property {
        ContextProperty::Topology(triples) => format!("topology of {} triples", triples.len()),
        ContextProperty::Priority(priority) => format!("priority={priority}"),
        ContextProperty::Emergency(on) => format!("emergency={on}"),
        ContextProperty::Ieps(on) => format!("IEPS={on}"),
        ContextProperty::Properties(list) => format!("{} properties", list.len()),
        ContextProperty::ContextList(list) => format!("{} Contexts", list.len()),
    };
    properties.iter().map(word).collect()
}

fn command_request(request: &CommandRequest<'_>) -> String {
    let marks = match (request.optional, request.wildcard_return) {
        (false, false) => "",
        (true, false) => "O-",
        (false, true) => "W-",
        (true, true) => "O-W-",
    };
    let command = match &request.command {
        Command::Add(add) => amm("Add", add),
        Command::Move(moved) => amm("Move", moved),
        Command::Modify(modify) => amm("Modify", modify),
        Command::Subtract(subtract) => format!("Subtract {}", names(&subtract.terminations)),
        Command::AuditValue(audit) => audit_request("AuditValue", audit),
        Command::AuditCapability(audit) => audit_request("AuditCapability", audit),
        Command::Notify(notify) => {
            let events = notify.observed_events.events.iter();
            let events: Vec<String> = events.map(|event| event.name.to_string()).collect();
            format!(
                "Notify {} {}",
                names(&notify.terminations),
                events.join(" ")
            )
        }
        Command::ServiceChange(change) => format!(
            "ServiceChange {} {}",
            names(&change.terminations),
            service_change(&change.services)
        ),
    };
    format!("{marks}{command}")
}

fn command_reply(reply: &CommandReply<'_>) -> String {
    match reply {
        CommandReply::Add(reply) => amms("Add", reply),
        CommandReply::Move(reply) => amms("Move", reply),
        CommandReply::Modify(reply) => amms("Modify", reply),
        CommandReply::Subtract(reply) => amms("Subtract", reply),
        CommandReply::AuditValue(reply) => audit_reply("AuditValue", reply),
        CommandReply::AuditCapability(reply) => audit_reply("AuditCapability", reply),
        CommandReply::Notify(reply) => {
            let refused = reply.error.as_ref().map(error);
            with("Notify", &reply.terminations, refused)
        }
        CommandReply::ServiceChange(reply) => {
            let result = match &reply.result {
                ServiceChangeResult::Accepted => None,
                ServiceChangeResult::Services(services) => {
                    services.version.map(|version| format!("version={version}"))
                }
                ServiceChangeResult::Error(refused) => Some(error(refused)),
            };
            with("ServiceChange", &reply.terminations, result)
        }
    }
}

fn names(terminations: &[TerminationId<'_>]) -> String {
    let names: Vec<&str> = terminations.iter().map(TerminationId::as_str).collect();
    names.join("+")
}

fn with(
    command: &str,
    terminations: &[TerminationId<'_>],
    more: impl IntoIterator<Item = String>,
) -> String {
    let mut words = vec![command.to_owned(), names(terminations)];
    words.extend(more);
    words.join(" ")
}

fn amm(command: &str, request: &AmmRequest<'_>) -> String {
    let more = request.descriptors.iter().flat_map(amm_descriptor);
    with(command, &request.terminations, more)
}

fn amm_descriptor(descriptor: &AmmDescriptor<'_>) -> Vec<String> {
    match descriptor {
        AmmDescriptor::Media(descriptor) => media(descriptor),
        AmmDescriptor::Events(events) => events
            .events
            .iter()
            .map(|event| format!("event {}", event.name))
            .collect(),
        AmmDescriptor::Modem(_) => vec!["Modem".to_owned()],
        AmmDescriptor::Mux(_) => vec!["Mux".to_owned()],
        AmmDescriptor::Signals(_) => vec!["Signals".to_owned()],
        AmmDescriptor::DigitMap(_) => vec!["DigitMap".to_owned()],
        AmmDescriptor::EventBuffer(_) => vec!["EventBuffer".to_owned()],
        AmmDescriptor::Audit(_) => vec!["Audit".to_owned()],
        AmmDescriptor::Statistics(_) => vec!["Statistics".to_owned()],
    }
}

fn amms(command: &str, reply: &AmmsReply<'_>) -> String {
    let more = reply.descriptors.iter().flat_map(audit_return);
    with(command, &reply.terminations, more)
}

fn audit_return(descriptor: &AuditReturn<'_>) -> Vec<String> {
    match descriptor {
        AuditReturn::Media(descriptor) => media(descriptor),
        AuditReturn::Statistics(descriptor) => statistics(descriptor),
        AuditReturn::Error(refused) => vec![error(refused)],
        AuditReturn::Modem(_) => vec!["Modem".to_owned()],
        AuditReturn::Mux(_) => vec!["Mux".to_owned()],
        AuditReturn::Events(_) => vec!["Events".to_owned()],
        AuditReturn::Signals(_) => vec!["Signals".to_owned()],
        AuditReturn::DigitMap(_) => vec!["DigitMap".to_owned()],
        AuditReturn::EventBuffer(_) => vec!["EventBuffer".to_owned()],
        AuditReturn::ObservedEvents(_) => vec!["ObservedEvents".to_owned()],
        AuditReturn::Packages(_) => vec!["Packages".to_owned()],
        AuditReturn::Empty(_) => Vec::new(),
    }
}

fn media(media: &MediaDescriptor<'_>) -> Vec<String> {
    match &media.streams {
        Streams::Single(parms) => stream(parms),
        Streams::Several(streams) => streams
            .iter()
            .flat_map(|descriptor| stream(&descriptor.parms))
            .collect(),
    }
}

fn stream(parms: &StreamParms<'_>) -> Vec<String> {
    let mode = parms
        .local_control
        .as_ref()
        .and_then(|control| control.mode);
    let port = |octets: &[u8]| sdp::media_port(octets).unwrap_or_else(|| "-".to_owned());
    let local = parms.local.as_ref().map(|local| port(&local.octets));
    let remote = parms.remote.as_ref().map(|remote| port(&remote.octets));
    [
        mode.map(|mode| format!("mode={}", mode_name(mode))),
        local.map(|port| format!("local:{port}")),
        remote.map(|port| format!("remote:{port}")),
    ]
    .into_iter()
    .flatten()
    .collect()
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
fn statistics(descriptor: &StatisticsDescriptor<'_>) -> Vec<String> {
    let shown = [("ps", "sent"), ("pr", "received")];
    let value = |item: &str| {
        descriptor.statistics.iter().find_map(|statistic| {
            let value = statistic.value.as_ref()?;
            match value {
                StatisticValue::One(one) if statistic.name.is("rtp", item) => Some(one.to_string()),
                StatisticValue::One(_) | StatisticValue::List(_) => None,
            }
        })
    };
    let word = |(item, name)| Some(format!("{name}={}", value(item)?));
    let mut words: Vec<String> = shown.into_iter().filter_map(word).collect();
    if !words.is_empty() {
        words.push("RTP packets".to_owned());
    }
    words
}

fn audit_request(command: &str, request: &AuditRequest<'_>) -> String {
    let items = request.audit.items.len();
    let more = (items > 0).then(|| format!("{items} items"));
    with(command, &request.terminations, more)
}

fn audit_reply(command: &str, reply: &AuditReply<'_>) -> String {
    match reply {
        AuditReply::Context(terminations) => format!("{command} {}", names(terminations)),
        AuditReply::ContextError(refused) => format!("{command} {}", error(refused)),
        AuditReply::Termination(reply) => amms(command, reply),
    }
}

fn service_change(services: &ServiceChangeDescriptor<'_>) -> String {
    let version = services
        .version
        .map_or_else(String::new, |version| format!(" version={version}"));
    format!("{:?} {}{version}", services.method, services.reason.text)
}
