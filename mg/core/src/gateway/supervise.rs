//! Signals and events of all Terminations: whose turn it is, and what the controller is to be told.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::{Duration, Instant},
};

use codec_h248::{
    ActionRequest, Command, NotifyRequest,
    descriptor::{ErrorCode, ErrorDescriptor, StreamId},
    list,
};
use mg_contract::{Report, StreamRef};
use transport_h248::Anchor;

use super::{Gateway, TerminationKey, packages::Owner};
use crate::{
    line::phone::Flash,
    supervision::{Alike, Around, Change, Detected, MapChange, Shared, Supervision},
};

/// The machines of all Terminations, by what they wait for.
#[derive(Clone, Debug, Default)]
pub(super) struct Supervised {
    pub(super) shared: Shared,
    /// When they are due.
    due: BTreeSet<(Instant, TerminationKey)>,
    /// Those that may notify.
    news: VecDeque<TerminationKey>,
    /// Whose streams the engine looks at.
    looked: BTreeMap<StreamRef, (TerminationKey, StreamId)>,
}

impl Gateway {
    /// Carries out what a command says of signals and events.
    pub(super) fn change_supervision(
        &mut self,
        key: TerminationKey,
        changes: Vec<Change>,
        now: Instant,
    ) {
        let Some(termination) = self.terminations.get(&key) else {
            return;
        };
        if changes.is_empty() && termination.supervision.is_none() {
            return;
        }
        self.supervise(key, now, |machine, around| {
            machine.retarget(around);
            machine.apply(changes, around);
        });
    }

    /// The digit maps that are defined anywhere.
    pub(crate) fn alike(&self) -> &Alike {
        &self.supervised.shared.alike
    }

    /// Changes a digit map of ROOT.
    pub(crate) fn change_root_map(&mut self, change: MapChange) {
        let alike = &mut self.supervised.shared.alike;
        self.root.maps.apply(change, alike);
    }

    /// Takes what was detected at a Termination.
    pub(crate) fn detect(
        &mut self,
        key: TerminationKey,
        stream: Option<StreamId>,
        what: &Detected,
        now: Instant,
    ) {
        let termination = self.terminations.get(&key);
        if termination.is_some_and(|found| found.supervision.is_some()) {
            self.supervise(key, now, |machine, around| {
                machine.handle_detected(what, stream, around);
            });
        }
    }

    /// Takes what the engine says of signals and tones, and says whether it was expected.
    pub(crate) fn handle_report(&mut self, report: &Report, now: Instant) -> bool {
        let (stream, what) = match *report {
            Report::Statistics { .. } => return false,
            Report::Played { signal, completed } => {
                let found = self.supervised.shared.playing.get(&signal).copied();
                if let Some(key) = found {
                    self.supervise(key, now, |machine, around| {
                        machine.handle_played(signal, completed, around);
                    });
                }
                // One that was stopped may have ended at the same moment.
                return self.supervised.shared.was_used(signal);
            }
            Report::ToneBegan { stream, tone } => (stream, Detected::ToneBegan(tone)),
            Report::ToneEnded { stream, tone, time } => (stream, Detected::ToneEnded(tone, time)),
            Report::CodecChanged { stream, codec } => (stream, Detected::Codec(codec)),
            Report::Loss { stream, percent } => (stream, Detected::Loss(percent)),
            Report::TalkBegan { stream, level } => (stream, Detected::TalkBegan(level)),
            Report::TalkEnded { stream, time } => (stream, Detected::TalkEnded(time)),
            Report::Recorded {
                signal,
                ref file,
                time,
            } => {
                if let Some(key) = self.supervised.shared.recording.remove(&signal) {
                    let what = Detected::Recorded(file.clone(), time);
                    self.detect(key, None, &what, now);
                }
                let plays = self.supervised.shared.playing.get(&signal).copied();
                if let Some(key) = plays.filter(|_| file.is_none()) {
                    self.supervise(key, now, |machine, around| {
                        machine.give_up(signal, around);
                    });
                }
                return self.supervised.shared.was_used(signal);
            }
        };
        if let Some((key, id)) = self.supervised.looked.get(&stream).copied() {
            self.detect(key, Some(id), &what, now);
        }
        stream.0 <= self.last_stream
    }

    /// When a machine is due next.
    pub(crate) fn poll_supervision_timeout(&self) -> Option<Instant> {
        self.supervised.due.first().map(|(at, _)| *at)
    }

    /// Advances the machines that are due.
    pub(crate) fn advance_supervision(&mut self, now: Instant) {
        while let Some((at, key)) = self.supervised.due.first().copied()
            && at <= now
        {
            self.supervised.due.remove(&(at, key));
            self.supervise(key, now, Supervision::handle_timeout);
        }
    }

    /// Ends the signals and events of a Termination that leaves its Context.
    pub(super) fn end_supervision(&mut self, key: TerminationKey, now: Instant) {
        let termination = self.terminations.get(&key);
        if termination.is_some_and(|found| found.supervision.is_some()) {
            self.supervise(key, now, Supervision::end);
        }
    }

    /// How often what events set off was cut off.
    pub(crate) fn cut_off(&self) -> u64 {
        self.supervised.shared.cut_off
    }

    /// The next Notify (H.248.1 7.2.7), and whose it is.
    pub(crate) fn poll_notify(
        &mut self,
        anchor: &Anchor,
    ) -> Option<(TerminationKey, ActionRequest<'static>)> {
        loop {
            let key = self.supervised.news.pop_front()?;
            let Some(termination) = self.terminations.get_mut(&key) else {
                continue;
            };
            let machine = termination.supervision.as_mut();
            let Some(news) = machine.and_then(|machine| machine.poll_news(anchor)) else {
                continue;
            };
            let full = ErrorDescriptor::new(ErrorCode::EVENT_BUFFER_FULL);
            let notify = Command::Notify(NotifyRequest {
                terminations: list![termination.id.clone()],
                observed_events: news.observed,
                error: news.lost.then_some(full),
            });
            let action = ActionRequest::new(termination.context_id(), list![notify.into()]);
            return Some((key, action));
        }
    }

    /// Takes the end of a Termination's Notify: the next may follow.
    pub(crate) fn handle_notified(&mut self, key: TerminationKey) {
        let termination = self.terminations.get_mut(&key);
        if let Some(machine) = termination.and_then(|found| found.supervision.as_mut()) {
            machine.handle_answered();
            if machine.has_news() {
                self.supervised.news.push_back(key);
            } else if machine.is_idle() {
                self.drop_machine(key);
            }
        }
    }

    /// How long a press of a line's hook is a flash; `None` where nobody wants to know.
    pub(crate) fn flash(&self, key: TerminationKey) -> Option<Flash> {
        let machine = self.terminations.get(&key)?.supervision.as_ref()?;
        let (least, most) = machine.flash_ms()?;
        let default = Flash::default();
        let time =
            |ms: Option<u32>, default| ms.map_or(default, |ms| Duration::from_millis(ms.into()));
        Some(Flash {
            least: time(least, default.least),
            most: time(most, default.most),
        })
    }

    fn drop_machine(&mut self, key: TerminationKey) {
        if let Some(termination) = self.terminations.get_mut(&key) {
            termination.supervision = None;
        }
    }

    /// Does something with the machine of a Termination, and looks up what it waits for afterwards.
    fn supervise(
        &mut self,
        key: TerminationKey,
        now: Instant,
        act: impl FnOnce(&mut Supervision, &mut Around<'_>),
    ) {
        let Some(termination) = self.terminations.get_mut(&key) else {
            return;
        };
        let mut machine = termination.supervision.take().unwrap_or_default();
        let rang = machine.rings();
        if let Some(at) = machine.poll_timeout() {
            self.supervised.due.remove(&(at, key));
        }
        let had_news = machine.has_news();
        for stream in machine.looked() {
            self.supervised.looked.remove(&stream);
        }
        self.act(key, &mut machine, now, act);
        self.serve_line(key, &mut machine, now);
        if let Some(at) = machine.poll_timeout() {
            self.supervised.due.insert((at, key));
        }
        if machine.has_news() && !had_news {
            self.supervised.news.push_back(key);
        }
        let rings = machine.rings();
        let idle = machine.is_idle();
        let Some(termination) = self.terminations.get_mut(&key) else {
            return;
        };
        for (id, stream) in &termination.streams {
            let looked = stream.media.map(|media| media.stream);
            if let Some(looked) = looked.filter(|looked| machine.looked().any(|one| one == *looked))
            {
                self.supervised.looked.insert(looked, (key, *id));
            }
        }
        termination.supervision = (!idle).then_some(machine);
        if rang != rings {
            self.ring(key, rings, now);
        }
    }

    /// Opens the stream of a line of the null Context where the machine needs it, and closes it where it
    /// does not any more.
    fn serve_line(&mut self, key: TerminationKey, machine: &mut Supervision, now: Instant) {
        let Some(termination) = self.terminations.get(&key) else {
            return;
        };
        if termination.owner == Owner::Rtp || termination.context.is_some() {
            return;
        }
        let is_open = termination.streams.values().any(|one| one.media.is_some());
        let needed = machine.needs_stream();
        if needed && !is_open {
            self.open_line(key);
        } else if !needed && is_open {
            self.close_idle_line(key);
        } else {
            return;
        }
        self.act(key, machine, now, Supervision::retarget);
    }

    fn act(
        &mut self,
        key: TerminationKey,
        machine: &mut Supervision,
        now: Instant,
        act: impl FnOnce(&mut Supervision, &mut Around<'_>),
    ) {
        let off_hook = self.is_off_hook(key);
        let Some(termination) = self.terminations.get(&key) else {
            return;
        };
        let streams = termination.streams.iter();
        let streams = streams.filter_map(|(id, stream)| Some((*id, stream.media?.stream)));
        let streams: Vec<(StreamId, StreamRef)> = streams.collect();
        let mut around = Around {
            now,
            key,
            packages: self.packages.of(termination.owner),
            global: &self.root.maps,
            streams: &streams,
            off_hook,
            regulated_percent: self.root.properties.notified_percent(),
            shared: &mut self.supervised.shared,
            media: &mut self.media,
        };
        act(machine, &mut around);
    }
}
