//! One reader of the events: which it wants, where it stands, and what it gets next.

use std::{collections::VecDeque, sync::Arc};

use axum::http::StatusCode;
use mgc_core::northbound::{CallId, LegId, SegId};
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;
use utoipa::IntoParams;

use super::{
    event_data::{EventData, GAP, TYPES, event_type},
    problem::Problem,
};
use crate::{
    caller::Asking,
    journal::{Entry, Next, Position, Reader},
};

/// Events are taken from the log by so many at once, so that its lock is held shortly.
const CHUNK: usize = 64;

/// Which events to send.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Selection {
    /// Only those about this Call.
    call: Option<String>,
    /// Only those about this Seg.
    seg: Option<String>,
    /// Only those about this Leg.
    leg: Option<String>,
    /// Only those of these types, separated by commas.
    #[serde(rename = "type")]
    #[param(example = "CreateSegRes,LegEventReport")]
    kind: Option<String>,
    /// As the header `Last-Event-ID`, for clients that cannot send it; the header wins.
    pub(super) last_event_id: Option<String>,
}

/// What a reader wants and may have.
#[derive(Debug, Default)]
pub(super) struct Filter {
    call: Option<CallId>,
    seg: Option<SegId>,
    leg: Option<LegId>,
    kinds: Option<Vec<&'static str>>,
    /// Whether private Segs are named.
    sees_private: bool,
}

impl Filter {
    pub(super) fn new(selection: Selection) -> Result<Self, Problem> {
        let kinds = selection.kind.map(|names| {
            let names = names.split(',').map(str::trim);
            names.map(known_type).collect::<Result<Vec<_>, _>>()
        });
        Ok(Self {
            call: selection.call.map(CallId::from_text),
            seg: selection.seg.map(SegId::from_text),
            leg: selection.leg.map(LegId::from_text),
            kinds: kinds.transpose()?,
            sees_private: Asking::sees_private(),
        })
    }

    fn passes(&self, entry: &Entry) -> bool {
        // Who may not see a private Seg cannot find out its events by its name either.
        let seg = entry.seg.as_ref();
        let seg = seg.filter(|_| self.sees_private || entry.veiled.is_none());
        let call = self.call.is_none() || self.call == entry.call;
        let leg = self.leg.is_none() || self.leg == entry.leg;
        let kinds = self.kinds.as_ref();
        call && leg
            && (self.seg.is_none() || self.seg.as_ref() == seg)
            && kinds.is_none_or(|kinds| kinds.contains(&entry.kind))
    }

    fn data(&self, entry: &Entry) -> Arc<str> {
        match &entry.veiled {
            Some(veiled) if !self.sees_private => veiled.clone(),
            _ => entry.data.clone(),
        }
    }
}

fn known_type(name: &str) -> Result<&'static str, Problem> {
    event_type(name).ok_or_else(|| {
        let detail = format!("the types of events are {}", TYPES.join(", "));
        Problem::new(StatusCode::BAD_REQUEST, "query.invalid", detail).field("type")
    })
}

/// `evt_EPOCH_NUMBER`, or a bare number.
pub(super) fn read_id(text: &str) -> Option<Position> {
    let (epoch, number) = match text.strip_prefix("evt_") {
        Some(rest) => {
            let (epoch, number) = rest.rsplit_once('_')?;
            (Some(epoch.to_owned()), number)
        }
        None => (None, text),
    };
    let seq = number.parse().ok()?;
    Some(Position { epoch, seq })
}

/// What a reader is sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Item {
    /// Its id, at which the reader stands when it has it.
    pub(super) id: String,
    /// Its type.
    pub(super) kind: &'static str,
    /// Its JSON.
    pub(super) data: Arc<str>,
}

/// A reader that is being served.
#[derive(Debug)]
pub(super) struct Subscription {
    reader: Reader,
    filter: Filter,
    ready: VecDeque<Item>,
    /// Its place among those that may be.
    _permit: OwnedSemaphorePermit,
}

impl Subscription {
    pub(super) fn new(reader: Reader, filter: Filter, permit: OwnedSemaphorePermit) -> Self {
        Self {
            reader,
            filter,
            ready: VecDeque::new(),
            _permit: permit,
        }
    }

    /// The id of where it stands.
    pub(super) fn position(&self) -> String {
        self.reader.journal().id(self.reader.seq())
    }

    /// What comes next; `None` when the log is closed.
    pub(super) async fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(item);
            }
            match self.reader.read(CHUNK) {
                Next::Entries(entries) => self.take(&entries),
                Next::Gap { until, time } => {
                    let id = self.reader.journal().id(until);
                    let data = EventData::gap(id.clone(), until, &time).json().into();
                    return Some(Item {
                        id,
                        kind: GAP,
                        data,
                    });
                }
                Next::Nothing => {
                    if !self.reader.wait().await {
                        return None;
                    }
                }
            }
        }
    }

    fn take(&mut self, entries: &[Entry]) {
        for entry in entries.iter().filter(|entry| self.filter.passes(entry)) {
            self.ready.push_back(Item {
                id: self.reader.journal().id(entry.seq),
                kind: entry.kind,
                data: self.filter.data(entry),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_and_a_bare_number_too() {
        let position = read_id("evt_a1_7").unwrap();
        assert_eq!(position.epoch.as_deref(), Some("a1"));
        assert_eq!(position.seq, 7);
        let position = read_id("7").unwrap();
        assert_eq!(position.epoch, None);
        assert_eq!(position.seq, 7);
        assert_eq!(read_id("evt_7"), None);
        assert_eq!(read_id("evt_a_x"), None);
        assert_eq!(read_id("-1"), None);
    }

    #[test]
    fn who_may_not_see_a_private_seg_gets_the_veiled_event_and_cannot_find_it_by_its_name() {
        let entry = Entry {
            seq: 1,
            kind: "LegEventReport",
            call: None,
            seg: Some(SegId::from_text("seg_1")),
            leg: Some(LegId::from_text("leg_1")),
            time: "then".into(),
            data: "whole".into(),
            veiled: Some("veiled".into()),
        };
        let mut filter = Filter {
            sees_private: true,
            seg: entry.seg.clone(),
            ..Filter::default()
        };
        assert!(filter.passes(&entry));
        assert_eq!(&*filter.data(&entry), "whole");
        filter.sees_private = false;
        assert!(!filter.passes(&entry));
        filter.seg = None;
        filter.leg = entry.leg.clone();
        assert!(filter.passes(&entry));
        assert_eq!(&*filter.data(&entry), "veiled");
        filter.leg = Some(LegId::from_text("leg_2"));
        assert!(!filter.passes(&entry));
    }
}
