//! The signals that play (H.248.1 7.1.11).

use std::time::{Duration, Instant};

use codec_h248::{
    PackageItem, ToBoundedStatic,
    descriptor::{
        NotificationReason, RequestId, Signal, SignalParm, SignalType, SignalsDescriptor, StreamId,
    },
};
use mg_contract::{Command, SignalRef, Sound, StreamRef};

use super::Around;
use crate::gateway::packages::{Prepared, members_of, sounds};

/// The least time of a signal, and of what is heard of it where the engine does not play it (project): the
/// engine's tick. So time goes on while signals set each other off.
const LEAST: Duration = Duration::from_millis(20);

/// What plays. An entry that is over is not kept: nothing in the protocol tells it from one that was
/// never given.
#[derive(Clone, Debug, Default)]
pub(super) struct Signals {
    entries: Vec<Entry>,
}

/// A signal, or a list, that plays.
#[derive(Clone, Debug)]
struct Entry {
    parm: SignalParm<'static>,
    /// Which signal of the list.
    member: usize,
    prepared: Prepared,
    /// Which of its sounds.
    step: usize,
    /// How often all of them were played.
    rounds: u32,
    /// What the engine plays; `None` where the Termination has no stream.
    sounding: Option<(SignalRef, StreamRef)>,
    /// When the sound began.
    step_since: Instant,
    /// When the sound is over, where the engine does not say.
    step_until: Option<Instant>,
    /// Whether it cannot be played.
    step_fails: bool,
    /// When the signal ends by time.
    until: Option<Instant>,
    /// When the pause after it ends.
    pause_until: Option<Instant>,
}

/// A signal that ended, or an iteration of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Ended {
    pub(super) name: PackageItem<'static>,
    pub(super) stream: Option<StreamId>,
    /// The number of its list.
    pub(super) list: Option<u16>,
    pub(super) request_id: Option<RequestId>,
    pub(super) how: How,
    /// Whether somebody wants to know.
    pub(super) reported: bool,
}

/// How a signal ended (H.248.1 E.1.2.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum How {
    /// By its time, or by itself.
    TimedOut,
    /// By an event.
    Event,
    /// By a new Signals descriptor.
    Replaced,
    /// For another reason.
    NotCompleted,
    /// It goes on with its next iteration.
    Iteration,
}

impl How {
    /// The value of `Meth`.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::TimedOut => "TO",
            Self::Event => "EV",
            Self::Replaced => "SD",
            Self::NotCompleted => "NC",
            Self::Iteration => "PI",
        }
    }

    /// Whether a signal that asks for these wants to know. What is not completed is always told.
    fn is_wanted(self, reasons: &[NotificationReason]) -> bool {
        let reason = match self {
            Self::NotCompleted => return true,
            Self::TimedOut => NotificationReason::TimeOut,
            Self::Event => NotificationReason::InterruptByEvent,
            Self::Replaced => NotificationReason::InterruptByNewSignals,
            Self::Iteration => NotificationReason::Iteration,
        };
        reasons.contains(&reason)
    }
}

/// Whether an entry goes on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Goes {
    On,
    Out,
}

impl Signals {
    /// Whether nothing plays.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What plays, as an audit returns it.
    pub(super) fn descriptor(&self) -> SignalsDescriptor<'static> {
        let parms = self.entries.iter().map(|entry| entry.parm.clone());
        SignalsDescriptor {
            parms: parms.collect(),
        }
    }

    /// Whether a signal of that name plays.
    pub(super) fn plays(&self, package: &str, item: &str) -> bool {
        let is_it = |entry: &Entry| {
            entry
                .signal()
                .is_some_and(|signal| signal.name.is(package, item))
        };
        self.entries.iter().any(is_it)
    }

    /// When [`Self::handle_timeout`] is due.
    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        let all = self.entries.iter();
        all.flat_map(|entry| match entry.pause_until {
            Some(until) => [Some(until), None],
            None => [entry.until, entry.step_until],
        })
        .flatten()
        .min()
    }

    /// Puts a Signals descriptor in the place of the former one: a list of the same number, and a signal
    /// that is to be kept, play on; all others stop, and what is new begins.
    pub(super) fn replace(
        &mut self,
        wanted: &SignalsDescriptor<'_>,
        around: &mut Around<'_>,
    ) -> Vec<Ended> {
        let mut former = std::mem::take(&mut self.entries);
        let mut kept = Vec::new();
        let mut begin = Vec::new();
        for parm in &wanted.parms {
            let place = former.iter().position(|entry| entry.goes_on_as(parm));
            match (place, parm) {
                (Some(place), _) => kept.push(former.remove(place)),
                (None, SignalParm::Signal(signal)) if signal.keep_active => {}
                (None, parm) => begin.push(parm.to_static()),
            }
        }
        let mut ended = Vec::new();
        for mut entry in former {
            entry.silence(around);
            ended.extend(entry.ended(How::Replaced));
        }
        self.entries = kept;
        for parm in begin {
            self.begin(parm, around);
        }
        ended
    }

    /// Stops everything because of an event.
    pub(super) fn interrupt(&mut self, around: &mut Around<'_>) -> Vec<Ended> {
        let mut ended = Vec::new();
        for mut entry in std::mem::take(&mut self.entries) {
            entry.silence(around);
            ended.extend(entry.ended(How::Event));
        }
        ended
    }

    /// Stops everything without a word: the Termination leaves.
    pub(super) fn stop(&mut self, around: &mut Around<'_>) {
        for mut entry in std::mem::take(&mut self.entries) {
            entry.silence(around);
        }
    }

    /// Takes the engine's word that a sound is over.
    pub(super) fn handle_played(
        &mut self,
        signal: SignalRef,
        completed: bool,
        around: &mut Around<'_>,
    ) -> Vec<Ended> {
        let mut ended = Vec::new();
        let is_it = |entry: &Entry| entry.sounding.is_some_and(|(known, _)| known == signal);
        let Some(place) = self.entries.iter().position(is_it) else {
            return ended;
        };
        let Some(entry) = self.entries.get_mut(place) else {
            return ended;
        };
        entry.sounding = None;
        around.shared.playing.remove(&signal);
        let goes = if completed {
            entry.next_sound(around, &mut ended)
        } else {
            entry.fail(around, &mut ended)
        };
        if goes == Goes::Out {
            self.entries.remove(place);
        }
        ended
    }

    /// Ends what is over by time.
    pub(super) fn handle_timeout(&mut self, around: &mut Around<'_>) -> Vec<Ended> {
        let mut ended = Vec::new();
        self.entries
            .retain_mut(|entry| entry.handle_timeout(around, &mut ended) == Goes::On);
        ended
    }

    /// Brings signals to the streams that there are now.
    pub(super) fn retarget(&mut self, around: &mut Around<'_>) {
        for entry in &mut self.entries {
            let here = entry.target(around);
            let moved = match entry.sounding {
                Some((_, stream)) => Some(stream) != here,
                None => here.is_some() && entry.pause_until.is_none() && !entry.is_mute(),
            };
            if moved {
                entry.silence(around);
                entry.sound(around);
            }
        }
    }

    fn begin(&mut self, parm: SignalParm<'static>, around: &mut Around<'_>) {
        let Some(prepared) = prepare(&parm, 0, around) else {
            return;
        };
        let mut entry = Entry {
            parm,
            member: 0,
            prepared,
            step: 0,
            rounds: 0,
            sounding: None,
            step_since: around.now,
            step_until: None,
            step_fails: false,
            until: None,
            pause_until: None,
        };
        entry.start(around);
        self.entries.push(entry);
    }
}

fn prepare(parm: &SignalParm<'static>, member: usize, around: &Around<'_>) -> Option<Prepared> {
    around.packages.prepare(members_of(parm).get(member)?).ok()
}

impl Entry {
    fn signal(&self) -> Option<&Signal<'static>> {
        members_of(&self.parm).get(self.member)
    }

    /// Whether it plays on where `parm` stands in a new descriptor.
    fn goes_on_as(&self, parm: &SignalParm<'_>) -> bool {
        match (&self.parm, parm) {
            (SignalParm::List(playing), SignalParm::List(wanted)) => playing.id == wanted.id,
            (SignalParm::Signal(playing), SignalParm::Signal(wanted)) => {
                wanted.keep_active && playing.name == wanted.name && playing.stream == wanted.stream
            }
            (SignalParm::List(_), SignalParm::Signal(_))
            | (SignalParm::Signal(_), SignalParm::List(_)) => false,
        }
    }

    /// Whether it has nothing that is heard.
    fn is_mute(&self) -> bool {
        self.prepared.sounds.is_empty()
    }

    /// The stream that it plays on: the one that it names, else the first (project).
    fn target(&self, around: &Around<'_>) -> Option<StreamRef> {
        let named = self.signal().and_then(|signal| signal.stream);
        let named = named.filter(|stream| stream.0 != 0);
        let is_it = |(id, _): &&(StreamId, StreamRef)| named.is_none_or(|named| named == *id);
        let found = around.streams.iter().find(is_it);
        found.map(|(_, stream)| *stream)
    }

    /// Begins the signal.
    fn start(&mut self, around: &mut Around<'_>) {
        self.step = 0;
        self.rounds = 0;
        self.until = (self.prepared.time).map(|time| around.now + time.max(LEAST));
        self.sound(around);
    }

    /// Begins its sound.
    fn sound(&mut self, around: &mut Around<'_>) {
        self.step_since = around.now;
        self.step_until = None;
        self.step_fails = false;
        let Some(sound) = self.prepared.sounds.get(self.step).cloned() else {
            // Of a vendor's signal nobody here knows how long it lasts.
            let brief = self.prepared.ends == SignalType::Brief;
            self.step_until = brief.then_some(around.now + LEAST);
            return;
        };
        let Some(stream) = self.target(around) else {
            // What nobody hears lasts as long all the same; how long an announcement is, only the engine
            // knows.
            self.step_fails = matches!(sound, Sound::Announcement { .. });
            let time = sounds::length(&sound).or(self.step_fails.then_some(LEAST));
            self.step_until = time.map(|time| around.now + time.max(LEAST));
            return;
        };
        let signal = around.shared.next_signal(around.key);
        self.sounding = Some((signal, stream));
        if matches!(sound, Sound::Record { .. }) {
            around.shared.recording.insert(signal, around.key);
        }
        around.media.push_back(Command::Play {
            signal,
            stream,
            sound,
            direction: self.prepared.direction,
        });
    }

    /// Goes on when a sound is over: with the next, from the beginning, or not at all.
    fn next_sound(&mut self, around: &mut Around<'_>, ended: &mut Vec<Ended>) -> Goes {
        self.step += 1;
        if self.step < self.prepared.sounds.len() {
            self.sound(around);
            return Goes::On;
        }
        self.rounds = self.rounds.saturating_add(1);
        let goes_on = self.rounds < self.prepared.rounds;
        if goes_on {
            ended.extend(self.ended(How::Iteration));
        }
        if goes_on || self.prepared.ends == SignalType::OnOff {
            self.step = 0;
            self.sound(around);
            return Goes::On;
        }
        self.finish(How::TimedOut, around, ended)
    }

    /// Ends the signal because its sound cannot be played, not before its least time.
    fn fail(&mut self, around: &mut Around<'_>, ended: &mut Vec<Ended>) -> Goes {
        let least = self.step_since + LEAST;
        if least <= around.now {
            return self.finish(How::NotCompleted, around, ended);
        }
        self.step_fails = true;
        self.step_until = Some(least);
        Goes::On
    }

    fn handle_timeout(&mut self, around: &mut Around<'_>, ended: &mut Vec<Ended>) -> Goes {
        let is_over = |until: Option<Instant>| until.is_some_and(|until| until <= around.now);
        if let Some(until) = self.pause_until {
            if until > around.now {
                return Goes::On;
            }
            self.pause_until = None;
            ended.extend(self.ended(How::TimedOut));
            return self.next_member(around);
        }
        if is_over(self.until) {
            self.silence(around);
            return self.finish(How::TimedOut, around, ended);
        }
        if is_over(self.step_until) {
            return if self.step_fails {
                self.finish(How::NotCompleted, around, ended)
            } else {
                self.next_sound(around, ended)
            };
        }
        Goes::On
    }

    /// Ends the signal, and goes on with the next of the list: after a pause, where one is asked for.
    fn finish(&mut self, how: How, around: &mut Around<'_>, ended: &mut Vec<Ended>) -> Goes {
        self.until = None;
        self.step_until = None;
        let is_last = self.member + 1 >= members_of(&self.parm).len();
        let pause = self.signal().and_then(|signal| signal.intersignal_delay_cs);
        if let Some(pause) = pause.filter(|pause| *pause > 0)
            && how == How::TimedOut
            && !is_last
        {
            let pause = Duration::from_millis(10) * pause.into();
            self.pause_until = Some(around.now + pause);
            return Goes::On;
        }
        ended.extend(self.ended(how));
        self.next_member(around)
    }

    fn next_member(&mut self, around: &mut Around<'_>) -> Goes {
        self.member += 1;
        let Some(prepared) = prepare(&self.parm, self.member, around) else {
            return Goes::Out;
        };
        self.prepared = prepared;
        self.start(around);
        Goes::On
    }

    fn silence(&mut self, around: &mut Around<'_>) {
        if let Some((signal, _)) = self.sounding.take() {
            around.shared.playing.remove(&signal);
            around.media.push_back(Command::Stop { signal });
        }
    }

    fn ended(&self, how: How) -> Option<Ended> {
        let signal = self.signal()?;
        let reasons = signal.notify_completion.as_deref().unwrap_or_default();
        Some(Ended {
            name: signal.name.clone(),
            stream: signal.stream,
            list: match &self.parm {
                SignalParm::Signal(_) => None,
                SignalParm::List(list) => Some(list.id),
            },
            request_id: signal.request_id,
            how,
            reported: how.is_wanted(reasons),
        })
    }
}
