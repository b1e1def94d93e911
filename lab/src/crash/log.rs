//! What an application knows that reads the events alone, over any number of connections.

use std::collections::BTreeMap;

use crate::api::Event;

/// The sum of all events.
#[derive(Debug, Default)]
pub(super) struct Log {
    last: u64,
    /// How many events were taken.
    pub(super) taken: usize,
    /// The Seg of each leg, by the events.
    pub(super) rooms: BTreeMap<String, String>,
    reports: BTreeMap<String, u32>,
}

impl Log {
    /// Takes what came behind [`Self::taken`]; what is not as it must be is returned.
    pub(super) fn take(&mut self, events: &[Event]) -> Vec<String> {
        let mut faults = Vec::new();
        self.taken += events.len();
        for event in events {
            if event.kind == "gap" || event.seq != self.last + 1 {
                let (seq, kind, last) = (event.seq, &event.kind, self.last);
                faults.push(format!("event {seq} ({kind}) follows event {last}"));
            }
            self.last = self.last.max(event.seq);
            self.note(event);
        }
        faults
    }

    fn note(&mut self, event: &Event) {
        if let Some(operation) = &event.operation {
            let tells = matches!(event.kind.as_str(), "LegEventReport" | "CreateSegRes");
            *self.reports.entry(operation.clone()).or_default() += u32::from(tells);
        }
        let Some(leg) = &event.leg else { return };
        match (event.event.as_deref(), &event.seg) {
            (Some("joined" | "moved" | "moveFailed"), Some(seg)) => {
                self.rooms.insert(leg.clone(), seg.clone());
            }
            (Some("left" | "stranded"), _) => {
                self.rooms.remove(leg);
            }
            _ => {}
        }
    }

    /// How many events told the end of an operation.
    pub(super) fn reports(&self, operation: &str) -> u32 {
        self.reports.get(operation).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(seq: u64, event: &str, seg: &str) -> Event {
        Event {
            seq,
            kind: "LegEventReport".to_owned(),
            seg: Some(seg.to_owned()),
            leg: Some("leg_a".to_owned()),
            operation: Some("op_1".to_owned()),
            event: Some(event.to_owned()),
            ..Event::default()
        }
    }

    #[test]
    fn events_that_are_missing_or_come_twice_are_told() {
        let mut log = Log::default();
        let events = [event(1, "joined", "seg_1"), event(2, "moved", "seg_2")];
        assert!(log.take(&events).is_empty());
        assert_eq!(log.rooms["leg_a"], "seg_2");
        assert_eq!(log.reports("op_1"), 2);
        let told = log.take(&[event(4, "moved", "seg_1")]);
        assert_eq!(told, ["event 4 (LegEventReport) follows event 2"]);
        let told = log.take(&[event(5, "left", "seg_1"), event(5, "left", "seg_1")]);
        assert_eq!(told, ["event 5 (LegEventReport) follows event 5"]);
        assert_eq!(log.taken, 5);
        assert!(log.rooms.is_empty());
    }
}
