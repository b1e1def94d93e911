//! Events as JSON.

use std::collections::BTreeMap;

use mgc_core::northbound::{
    Closing, DigitsMethod, Event, EventKind, LegEvent, MediaFault, PlayMethod, Refusal, Talking,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{problem::H248Error, record::Recorded};

/// The types of events, as a stream and its filter name them.
pub(crate) const TYPES: [&str; 12] = [
    "CallCreated",
    "CallEnded",
    "CreateSegRes",
    "SegChanged",
    "SegEnded",
    "SupervisionBegan",
    "SupervisionEnded",
    "RecordingBegan",
    "RecordingEnded",
    "LegEventReport",
    "GatewayUp",
    "GatewayDown",
];

/// The type of this name.
pub(crate) fn event_type(name: &str) -> Option<&'static str> {
    TYPES.into_iter().find(|known| *known == name)
}

/// The type of the event that stands for events that are no longer held.
pub(crate) const GAP: &str = "gap";

/// An event. Every member is always there; null where there is nothing to say.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Event)]
pub(crate) struct EventData {
    /// Its id, for `Last-Event-ID`.
    #[schema(example = "evt_7hq2m_42")]
    pub(crate) id: String,
    /// Its number in the controller's log; numbers go up by one.
    pub(crate) seq: u64,
    /// When it happened (RFC 3339, UTC).
    #[schema(example = "2026-11-24T06:54:34.120Z")]
    pub(crate) time: String,
    /// `CallCreated`, `CallEnded`, `CreateSegRes`, `SegChanged`, `SegEnded`, `SupervisionBegan`,
    /// `SupervisionEnded`, `RecordingBegan`, `RecordingEnded`, `LegEventReport`, `GatewayUp`, `GatewayDown`; or `gap`: the events up to `seq` that were not sent are no longer held.
    #[serde(rename = "type")]
    #[schema(example = "LegEventReport")]
    pub(crate) kind: &'static str,
    /// The Call it is about.
    pub(crate) call: Option<String>,
    /// The Seg it is about; for a moved Leg, where it is.
    pub(crate) seg: Option<String>,
    /// Whether that Seg is private; `seg` is null where the reader may not see private Segs.
    #[serde(rename = "inPrivate")]
    pub(crate) in_private: bool,
    /// The Leg it is about.
    pub(crate) leg: Option<String>,
    /// The operation that brought it about.
    pub(crate) operation: Option<String>,
    /// The name of the request that began the operation: its `X-Request-Id`.
    #[serde(rename = "requestId")]
    pub(crate) request_id: Option<String>,
    /// What happened to the Leg: `joined`, `invited`, `moved`, `moveFailed`, `stranded`, `changed`,
    /// `played`, `playFailed`, `digits`, `collectFailed`, `recordingEnded`, `recordFailed`,
    /// `talking`, `mediaLost`, `mediaBack`, `counted`, `left`.
    /// Of a Leg that never joined nothing is told: its AddLeg fails.
    #[schema(example = "moved")]
    pub(crate) event: Option<&'static str>,
    /// The SDP answer that the party is to send by from now on, where its media is back.
    pub(crate) sdp: Option<String>,
    /// The digits that were collected.
    #[schema(example = "1234")]
    pub(crate) digits: Option<String>,
    /// How the digits fit their map: `unambiguous`, `full`, `partial`; or how what was played
    /// ended: `timeOut`, that is by itself, or `event`, that is by a digit.
    pub(crate) method: Option<&'static str>,
    /// The recording that is complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recording: Option<Recorded>,
    /// What the Leg's party does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) talking: Option<Talk>,
    /// What the gateway counted of the Leg, each figure under its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = json!({"nt/os": "1200"}))]
    pub(crate) statistics: Option<BTreeMap<String, String>>,
    /// The gateway it is about.
    pub(crate) gateway: Option<String>,
    /// Why, where something went wrong or ended.
    pub(crate) cause: Option<Cause>,
}

/// What a party's voice does.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Talking)]
pub(crate) struct Talk {
    /// Whether it begins to talk, or has ended.
    on: bool,
    /// How loud it begins, in dBov.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = -28)]
    level: Option<i8>,
    /// How long it talked, in milliseconds; absent where its gateway cannot tell any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<u32>,
}

impl From<Talking> for Talk {
    fn from(talking: Talking) -> Self {
        match talking {
            Talking::Began { level } => Self {
                on: true,
                level,
                duration_ms: None,
            },
            Talking::Ended { duration_ms } => Self {
                on: false,
                level: None,
                duration_ms,
            },
        }
    }
}

/// Why something went wrong or ended.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub(crate) struct Cause {
    /// A stable code: that of a problem, or `requested`, `gateway.restarted`, `gateway.lost`,
    /// `gateway.handedOff`, `seg.empty`, `seg.oneLeft`, `seg.expired`, `media.failure`, `media.network`, `media.quality`, `events.gap`.
    #[schema(example = "gateway.refused")]
    pub(crate) code: &'static str,
    /// The same for people.
    pub(crate) text: String,
    /// The gateway's refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) h248: Option<H248Error>,
}

impl Cause {
    fn plain(code: &'static str, text: &str) -> Self {
        Self {
            code,
            text: text.to_owned(),
            h248: None,
        }
    }
}

impl From<&Refusal> for Cause {
    fn from(refusal: &Refusal) -> Self {
        let h248 = if let Refusal::Gateway(h248) = refusal {
            Some(h248.into())
        } else {
            None
        };
        Self {
            code: refusal.code(),
            text: refusal.to_string(),
            h248,
        }
    }
}

impl From<&mgc_core::northbound::Cause> for Cause {
    fn from(cause: &mgc_core::northbound::Cause) -> Self {
        use mgc_core::northbound::Cause as Core;
        match cause {
            Core::Requested => Self::plain("requested", "the application asked for it"),
            Core::GatewayRestarted => Self::plain("gateway.restarted", "the gateway restarted"),
            Core::GatewayLost => {
                Self::plain("gateway.lost", "the gateway left or stopped answering")
            }
            Core::HandedOff => Self::plain(
                "gateway.handedOff",
                "the gateway went to another controller",
            ),
            Core::Media(MediaFault::Failure) => {
                Self::plain("media.failure", "the gateway reports a failure (g/cause)")
            }
            Core::Media(MediaFault::Network) => {
                Self::plain("media.network", "the network failed (nt/netfail)")
            }
            Core::Media(MediaFault::Quality) => {
                Self::plain("media.quality", "too many packets are lost (nt/qualert)")
            }
            Core::Closed(Closing::Empty) => Self::plain("seg.empty", "its last Leg left"),
            Core::Closed(Closing::OneLeft) => Self::plain("seg.oneLeft", "one Leg was left"),
            Core::Closed(Closing::Expired) => Self::plain("seg.expired", "its time was over"),
            Core::Failed(refusal) => refusal.into(),
        }
    }
}

/// The type of an event, as a stream names it.
pub(crate) fn kind(event: &Event) -> &'static str {
    match event.kind {
        EventKind::CallCreated => "CallCreated",
        EventKind::CallEnded => "CallEnded",
        EventKind::CreateSegRes => "CreateSegRes",
        EventKind::SegChanged => "SegChanged",
        EventKind::SegEnded => "SegEnded",
        EventKind::SupervisionBegan => "SupervisionBegan",
        EventKind::SupervisionEnded => "SupervisionEnded",
        EventKind::RecordingBegan => "RecordingBegan",
        EventKind::RecordingEnded(_) => "RecordingEnded",
        EventKind::LegEventReport(_) => "LegEventReport",
        EventKind::GatewayUp(_) => "GatewayUp",
        EventKind::GatewayDown(_) => "GatewayDown",
    }
}

fn leg_event(event: &LegEvent) -> &'static str {
    match event {
        LegEvent::Joined => "joined",
        LegEvent::Invited => "invited",
        LegEvent::Moved => "moved",
        LegEvent::MoveFailed => "moveFailed",
        LegEvent::Detached => "detached",
        LegEvent::DetachFailed => "detachFailed",
        LegEvent::Stranded => "stranded",
        LegEvent::Changed => "changed",
        LegEvent::Played(_) => "played",
        LegEvent::PlayFailed => "playFailed",
        LegEvent::Digits(_) => "digits",
        LegEvent::CollectFailed => "collectFailed",
        LegEvent::RecordingEnded(_) => "recordingEnded",
        LegEvent::RecordFailed => "recordFailed",
        LegEvent::Talking(_) => "talking",
        LegEvent::MediaLost => "mediaLost",
        LegEvent::MediaBack | LegEvent::Remade(_) => "mediaBack",
        LegEvent::Counted(_) => "counted",
        LegEvent::Left => "left",
    }
}

/// How something that was played ended.
pub(super) fn play_method(method: PlayMethod) -> &'static str {
    match method {
        PlayMethod::TimeOut => "timeOut",
        PlayMethod::Event => "event",
    }
}

/// How digits fit their map.
pub(super) fn digits_method(method: DigitsMethod) -> &'static str {
    match method {
        DigitsMethod::Unambiguous => "unambiguous",
        DigitsMethod::Partial => "partial",
        DigitsMethod::Full => "full",
    }
}

impl EventData {
    /// An event of the core under the id and number that the log gave it, and the name of the
    /// request that brought it about.
    pub(crate) fn new(
        event: &Event,
        (id, seq): (String, u64),
        request_id: Option<String>,
        time: &str,
    ) -> Self {
        let (happened, gateway) = match &event.kind {
            EventKind::LegEventReport(happened) => (Some(leg_event(happened)), None),
            EventKind::GatewayUp(gateway) | EventKind::GatewayDown(gateway) => {
                (None, Some(gateway.to_string()))
            }
            EventKind::CallCreated
            | EventKind::CallEnded
            | EventKind::CreateSegRes
            | EventKind::SegChanged
            | EventKind::SegEnded
            | EventKind::SupervisionBegan
            | EventKind::SupervisionEnded
            | EventKind::RecordingBegan
            | EventKind::RecordingEnded(_) => (None, None),
        };
        let (mut digits, mut method, mut sdp, mut recording) = (None, None, None, None);
        let (mut statistics, mut talking) = (None, None);
        if let EventKind::LegEventReport(LegEvent::Talking(told)) = &event.kind {
            talking = Some(Talk::from(*told));
        }
        if let EventKind::LegEventReport(LegEvent::Counted(figures)) = &event.kind {
            statistics = Some(figures.iter().cloned().collect());
        }
        if let EventKind::LegEventReport(LegEvent::RecordingEnded(ended))
        | EventKind::RecordingEnded(Some(ended)) = &event.kind
        {
            recording = Some(Recorded::from(ended));
        }
        if let EventKind::LegEventReport(LegEvent::Remade(answer)) = &event.kind {
            sdp = Some(answer.clone());
        }
        if let EventKind::LegEventReport(LegEvent::Digits(collected)) = &event.kind {
            digits = Some(collected.digits.clone());
            method = Some(digits_method(collected.method));
        }
        if let EventKind::LegEventReport(LegEvent::Played(how)) = &event.kind {
            method = Some(play_method(*how));
        }
        Self {
            id,
            seq,
            time: time.to_owned(),
            kind: kind(event),
            call: event.call.as_ref().map(ToString::to_string),
            seg: event.seg.as_ref().map(ToString::to_string),
            in_private: false,
            leg: event.leg.as_ref().map(ToString::to_string),
            operation: event.operation.as_ref().map(ToString::to_string),
            request_id,
            event: happened,
            sdp,
            digits,
            recording,
            method,
            talking,
            statistics,
            gateway,
            cause: event.cause.as_ref().map(Cause::from),
        }
    }

    /// The event that stands for events that are no longer held, up to the one of this id.
    pub(crate) fn gap(id: String, seq: u64, time: &str) -> Self {
        let text = "events before this one are no longer held; read the state anew";
        Self {
            id,
            seq,
            time: time.to_owned(),
            kind: GAP,
            call: None,
            seg: None,
            in_private: false,
            leg: None,
            operation: None,
            request_id: None,
            event: None,
            digits: None,
            recording: None,
            method: None,
            talking: None,
            statistics: None,
            sdp: None,
            gateway: None,
            cause: Some(Cause::plain("events.gap", text)),
        }
    }

    /// Its JSON.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers can always be written as JSON")
    }
}

#[cfg(test)]
mod tests {
    use mgc_core::northbound::{Cause as CoreCause, LegId};

    use super::*;

    fn event(kind: EventKind) -> Event {
        Event {
            kind,
            call: None,
            seg: None,
            leg: Some(LegId::from_text("leg_1")),
            operation: None,
            cause: Some(CoreCause::GatewayLost),
        }
    }

    #[test]
    fn an_event_has_every_member_and_null_where_there_is_nothing() {
        let event = event(EventKind::LegEventReport(LegEvent::MoveFailed));
        let json =
            EventData::new(&event, ("evt_e_3".into(), 3), Some("req_1".into()), "then").json();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let expected = serde_json::json!({
            "id": "evt_e_3", "seq": 3, "time": "then", "type": "LegEventReport", "call": null,
            "seg": null, "inPrivate": false, "leg": "leg_1", "operation": null,
            "requestId": "req_1", "event": "moveFailed", "sdp": null,
            "digits": null, "method": null, "gateway": null,
            "cause": {"code": "gateway.lost", "text": "the gateway left or stopped answering"},
        });
        assert_eq!(json, expected);
    }

    #[test]
    fn who_talks_is_told_with_the_level_and_who_has_ended_with_the_time() {
        let told = |talking| {
            let event = event(EventKind::LegEventReport(LegEvent::Talking(talking)));
            let data = EventData::new(&event, ("evt_e_3".into(), 3), None, "then");
            let json: serde_json::Value = serde_json::from_str(&data.json()).unwrap();
            (json["event"].clone(), json["talking"].clone())
        };
        let talking = |told| (serde_json::json!("talking"), told);
        assert_eq!(
            told(Talking::Began { level: Some(-28) }),
            talking(serde_json::json!({"on": true, "level": -28}))
        );
        let ended = Talking::Ended {
            duration_ms: Some(1_500),
        };
        assert_eq!(
            told(ended),
            talking(serde_json::json!({"on": false, "durationMs": 1_500}))
        );
    }

    #[test]
    fn a_filter_can_name_every_type() {
        let gateway = || mgc_core::northbound::GatewayId("<mg>".into());
        let kinds = [
            EventKind::CallCreated,
            EventKind::CallEnded,
            EventKind::CreateSegRes,
            EventKind::SegChanged,
            EventKind::SegEnded,
            EventKind::SupervisionBegan,
            EventKind::SupervisionEnded,
            EventKind::RecordingBegan,
            EventKind::RecordingEnded(None),
            EventKind::LegEventReport(LegEvent::Joined),
            EventKind::GatewayUp(gateway()),
            EventKind::GatewayDown(gateway()),
        ];
        assert_eq!(kinds.map(|kind_of| kind(&event(kind_of))), TYPES);
    }
}
