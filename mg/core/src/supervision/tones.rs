//! Tones that last (H.248.1 E.4.2), and what the engine is to look for.

use std::time::{Duration, Instant};

use codec_h248::descriptor::{RequestedEvent, StreamId};
use mg_contract::{Command, Detected as Looked, Tone};

use super::{
    Around, Held, Supervision,
    events::asked,
    occurrence::{LONG_TONE, Occurrence},
};

/// Long tones (H.248.1 E.4.2).
impl Supervision {
    pub(super) fn hold(&mut self, tone: Tone, stream: Option<StreamId>, now: Instant) {
        self.held.retain(|held| !held.is(tone, stream));
        self.held.push(Held {
            tone,
            stream,
            since: now,
            told: Duration::ZERO,
        });
    }

    /// Takes the end of a tone that has lasted for `time`.
    pub(super) fn release(
        &mut self,
        tone: Tone,
        stream: Option<StreamId>,
        time: Duration,
        around: &mut Around<'_>,
    ) {
        if let Some(place) = self.held.iter().position(|held| held.is(tone, stream)) {
            let held = self.held.remove(place);
            let due = self.long_tones(&held, time, around.now);
            self.report_long_tones(due, around);
        }
        if matches!(tone, Tone::Dtmf(_)) {
            self.release_symbol(around);
        }
    }

    /// Reports tones that are long by now.
    pub(super) fn time_long_tones(&mut self, around: &mut Around<'_>) {
        let mut due = Vec::new();
        for held in &self.held {
            let time = around.now.saturating_duration_since(held.since);
            due.extend(self.long_tones(held, time, around.now));
        }
        for held in &mut self.held {
            held.told = around.now.saturating_duration_since(held.since);
        }
        self.report_long_tones(due, around);
    }

    /// The events that a tone is long enough for after `time`, and was not before.
    fn long_tones(&self, held: &Held, time: Duration, now: Instant) -> Vec<(usize, Occurrence)> {
        let long = self.events.events.iter().enumerate();
        let long = long.filter_map(|(event, armed)| Some((event, long_tone(armed, held)?)));
        let due = long.filter(|(_, wanted)| held.told < *wanted && *wanted <= time);
        let one = |(event, _)| (event, Occurrence::long_tone(held.tone, held.stream, now));
        due.map(one).collect()
    }

    fn report_long_tones(&mut self, due: Vec<(usize, Occurrence)>, around: &mut Around<'_>) {
        if self.buffer.suspended {
            for (_, one) in due {
                self.buffer.take(one);
            }
        } else {
            self.recognise(due, around);
        }
    }

    pub(super) fn next_long_tone(&self) -> Option<Instant> {
        let all = self.held.iter().flat_map(|held| {
            let long = self.events.events.iter();
            let long = long.filter_map(|armed| long_tone(armed, held));
            let open = long.filter(|wanted| *wanted > held.told);
            open.map(|wanted| held.since + wanted)
        });
        all.min()
    }
}

/// What the engine looks for.
impl Supervision {
    pub(super) fn looked_for(&self) -> Looked {
        let armed = self.events.events.iter().map(|armed| &armed.name);
        let buffered = self.buffer.listed.events.iter().map(|spec| &spec.name);
        let mut looked = Looked {
            dtmf: self.collecting.is_some(),
            ..Looked::default()
        };
        for name in armed.chain(buffered) {
            let is = |package| name.package.eq_ignore_ascii_case(package);
            let any = name.package == "*";
            looked.dtmf |= any || is("dd") || is("tonedet");
            looked.call_progress |= any || is("cd") || is("tonedet");
            looked.continuity |= any || is("ct");
            let item = |item| name.item == "*" || name.item.eq_ignore_ascii_case(item);
            looked.codec |= (any || is("rtp")) && item("pltrans");
            let network = any || ["nt", "rtp", "tdmc"].iter().any(|package| is(package));
            looked.talk |= is("zconfmix") && item("talk");
            looked.loss |= network && item("qualert");
        }
        looked
    }

    /// Tells the engine what to look for on each stream, where it is not what it was.
    pub(super) fn look(&mut self, around: &mut Around<'_>) {
        let tones = self.looked_for();
        let mut looked = Vec::new();
        // The end of a tone is not told by who does not look for it any more, or begins anew.
        let is_there = |held: &Held| {
            let mut ids = around.streams.iter().map(|(id, _)| Some(*id));
            ids.any(|id| id == held.stream)
        };
        self.held.retain(is_there);
        for (id, stream) in around.streams {
            let known = self.looked.iter().find(|(known, _)| known == stream);
            let before = known.map_or_else(Looked::default, |(_, before)| *before);
            if before != tones {
                self.held.retain(|held| held.stream != Some(*id));
                let stream = *stream;
                around.media.push_back(Command::Detect { stream, tones });
            }
            if tones != Looked::default() {
                looked.push((*stream, tones));
            }
        }
        if !tones.loss {
            self.losses.clear();
        }
        self.looked = looked;
    }
}

/// How long a tone must last for this event, if it is about long tones and this one.
fn long_tone(armed: &RequestedEvent<'static>, held: &Held) -> Option<Duration> {
    if !armed.name.item.eq_ignore_ascii_case("ltd") {
        return None;
    }
    let asked = asked(armed);
    let ms = asked.number("dur");
    asked
        .takes(&Occurrence::long_tone(held.tone, held.stream, held.since))
        .then(|| ms.map_or(LONG_TONE, |ms| Duration::from_millis(ms.into())))
}
