//! Every action that is sent to a gateway, each built in one place.

use std::time::Duration;

use codec_h248::{
    ActionRequest, AmmRequest, AuditRequest, Command, ContextId, PackageItem, ParmValue,
    SubtractRequest, TerminationId, Value,
    descriptor::{
        AmmDescriptor, AuditDescriptor, AuditItem, EventParameter, EventsDescriptor,
        LocalControlDescriptor, MediaDescriptor, NamedParameter, RequestId, RequestedEvent,
        SessionDescription, StreamDescriptor, StreamId, StreamMode, StreamParms, Streams,
    },
    list,
};

use crate::sdp::{Audio, Direction};

/// The one stream of a Termination that carries a Leg's audio.
const AUDIO: StreamId = StreamId(1);

/// Adds a Termination that receives as `local` says, or as the gateway chooses among what
/// `remote` receives (H.248.1 7.2.1); without Remote where that is nowhere.
pub(super) fn add(
    context: ContextId,
    remote: &Audio,
    local: Option<&Audio>,
    direction: Direction,
) -> ActionRequest<'static> {
    let local = local.map_or_else(|| remote.choose(), Audio::description);
    let parms = StreamParms {
        local_control: Some(mode(direction)),
        local: Some(SessionDescription::new(local.into_bytes())),
        remote: remote
            .is_somewhere()
            .then(|| SessionDescription::new(remote.description().into_bytes())),
        statistics: None,
    };
    let stream = StreamDescriptor { id: AUDIO, parms };
    let media = media(Streams::Several(list![stream]));
    let request = amm(TerminationId::CHOOSE, media);
    action(context, Command::Add(request))
}

/// Moves a Termination into a Context and opens it there (H.248.1 7.2.4).
pub(super) fn move_to(
    context: ContextId,
    termination: TerminationId<'static>,
    direction: Direction,
) -> ActionRequest<'static> {
    let media = mode_only(direction);
    action(context, Command::Move(amm(termination, media)))
}

/// Sets the Mode of a Termination's stream (H.248.1 7.2.2).
pub(super) fn set_direction(
    context: ContextId,
    termination: TerminationId<'static>,
    direction: Direction,
) -> ActionRequest<'static> {
    let media = mode_only(direction);
    action(context, Command::Modify(amm(termination, media)))
}

/// Sets where a Termination's stream sends to, with its Mode (H.248.1 7.1.8).
pub(super) fn set_remote(
    context: ContextId,
    termination: TerminationId<'static>,
    remote: &Audio,
    direction: Direction,
) -> ActionRequest<'static> {
    let parms = StreamParms {
        local_control: Some(mode(direction)),
        remote: Some(SessionDescription::new(remote.description().into_bytes())),
        ..StreamParms::default()
    };
    let stream = StreamDescriptor { id: AUDIO, parms };
    let media = media(Streams::Several(list![stream]));
    action(context, Command::Modify(amm(termination, media)))
}

/// Subtracts a Termination (H.248.1 7.2.3), whose statistics come where nothing is said of them (7.1.12).
pub(super) fn subtract(
    context: ContextId,
    termination: TerminationId<'static>,
    statistics: bool,
) -> ActionRequest<'static> {
    let request = SubtractRequest {
        terminations: list![termination],
        audit: (!statistics).then(AuditDescriptor::default),
    };
    action(context, Command::Subtract(request))
}

/// Subtracts a Termination that nobody wants, without its statistics.
pub(super) fn undo(context: u32, termination: TerminationId<'static>) -> ActionRequest<'static> {
    subtract(ContextId::Id(context), termination, false)
}

/// Asks in which Context a Termination is, or for all of them where `termination` is ALL
/// (H.248.1 7.2.5).
pub(super) fn whereabouts(termination: TerminationId<'static>) -> ActionRequest<'static> {
    audit_name(ContextId::All, termination)
}

/// Asks the same, and what the Termination detects and plays.
pub(super) fn supervision(termination: TerminationId<'static>) -> ActionRequest<'static> {
    let items = vec![AuditItem::Events, AuditItem::Signals];
    audit(ContextId::All, termination, items)
}

/// Asks for nothing but an answer: the name of ROOT (H.248.1 7.2.5).
pub(super) fn presence() -> ActionRequest<'static> {
    audit_name(ContextId::Null, TerminationId::ROOT)
}

/// Asks for the packages of the gateway (H.248.1 7.1.16).
pub(super) fn packages() -> ActionRequest<'static> {
    audit(
        ContextId::Null,
        TerminationId::ROOT,
        vec![AuditItem::Packages],
    )
}

/// The unit of `it/ito`'s parameter `mit`, in milliseconds.
const MIT_UNIT_MS: u128 = 10;

/// Arms the inactivity timer on ROOT.
pub(super) fn inactivity(silence_max: Duration) -> ActionRequest<'static> {
    let mit = EventParameter::Other(NamedParameter {
        name: "mit".into(),
        value: ParmValue::Equal(Value::bare(
            (silence_max.as_millis() / MIT_UNIT_MS).to_string(),
        )),
    });
    let events = EventsDescriptor {
        request_id: Some(RequestId::Id(INACTIVITY)),
        events: list![RequestedEvent {
            name: PackageItem::known("it", "ito"),
            parameters: vec![mit],
        }],
    };
    let request = AmmRequest {
        terminations: list![TerminationId::ROOT],
        descriptors: list![AmmDescriptor::Events(events)],
    };
    action(ContextId::Null, Command::Modify(request))
}

/// The request id of the inactivity timer.
const INACTIVITY: u32 = 1;

fn audit_name(context: ContextId, termination: TerminationId<'static>) -> ActionRequest<'static> {
    audit(context, termination, Vec::new())
}

fn audit(
    context: ContextId,
    termination: TerminationId<'static>,
    items: Vec<AuditItem<'static>>,
) -> ActionRequest<'static> {
    let request = AuditRequest {
        terminations: list![termination],
        audit: AuditDescriptor { items },
    };
    action(context, Command::AuditValue(request))
}

fn action(context: ContextId, command: Command<'static>) -> ActionRequest<'static> {
    ActionRequest::new(context, list![command.into()])
}

fn amm(
    termination: TerminationId<'static>,
    media: MediaDescriptor<'static>,
) -> AmmRequest<'static> {
    AmmRequest {
        terminations: list![termination],
        descriptors: list![AmmDescriptor::Media(media)],
    }
}

fn media(streams: Streams<'static>) -> MediaDescriptor<'static> {
    MediaDescriptor {
        termination_state: None,
        streams,
    }
}

fn mode_only(direction: Direction) -> MediaDescriptor<'static> {
    media(Streams::Single(StreamParms {
        local_control: Some(mode(direction)),
        ..StreamParms::default()
    }))
}

/// The Mode for a party: what it sends the gateway receives, and the other way round
/// (H.248.1 7.1.7).
fn mode(direction: Direction) -> LocalControlDescriptor<'static> {
    let mode = match direction {
        Direction::SendRecv => StreamMode::SendReceive,
        Direction::SendOnly => StreamMode::ReceiveOnly,
        Direction::RecvOnly => StreamMode::SendOnly,
        Direction::Inactive => StreamMode::Inactive,
    };
    LocalControlDescriptor {
        mode: Some(mode),
        ..LocalControlDescriptor::default()
    }
}
