//! The playout of one stream: packets wait, are decoded when they are due, and make one frame a tick.
//!
//! All places and times are on the source's time line, in 48,000ths of a second: a multiple of every
//! clock and every rate. What a packet's time stamp says it begins at and when it came tell the
//! [`Schedule`] how late sound has to be played; where it should be played later or earlier than it
//! is, the sound is made longer or shorter by periods of itself, or by any time where it is quiet.

mod concealment;
mod pitch;
mod reel;
mod schedule;
mod store;
mod timeline;
mod voices;

use std::time::{Duration, Instant};

use mg_contract::{AudioCodec, PayloadFormat, Rate};

use self::{
    concealment::Concealment,
    reel::Reel,
    schedule::Schedule,
    store::{Entry, Store},
    timeline::Timeline,
    voices::Voices,
};
use crate::{frame::Frame, rtp::View};

/// 48,000ths of a second.
type Units = i64;

/// Those of a second.
const UNITS: Units = 48_000;
/// Those of a millisecond.
const MILLISECOND: Units = UNITS / 1000;
/// Those of a tick.
const TICK: Units = 20 * MILLISECOND;
/// Sound that may wait: 200 ms. Above, the oldest is dropped.
const WAITING_MAX: Units = 200 * MILLISECOND;
/// Sound that remains when the oldest is dropped.
const WAITING_KEPT: Units = 40 * MILLISECOND;
/// A packet so much before or after its time is by a clock that was set anew.
const JUMP: Units = 500 * MILLISECOND;
/// So many packets that all come too late say that the way has become longer.
const LATE_RUN: u8 = 3;
/// Delay above what is wanted that is given up at once, and not a period at a time: 60 ms.
const EXCESS: Units = 60 * MILLISECOND;
/// Ticks between two periods that are left out.
const REST: u8 = 2;
/// How like its next period a sound is that may be left out.
const LIKENESS: f32 = 0.7;
/// By how much less it may be like it with each tick in which no period was found that is.
const IMPATIENCE: f32 = 0.02;

/// Whether a packet is the newest of its source.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Order {
    /// It is newer than all before.
    Advances,
    /// Newer ones came first.
    Overtaken,
}

/// What became of a packet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Filed {
    /// It will be played.
    Kept,
    /// Its time had passed.
    Late,
}

/// What a frame holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Pulled {
    /// Received or concealed sound.
    Sound,
    /// Zeros.
    Silence,
}

/// The playout.
#[derive(Debug)]
pub(crate) struct Playout {
    voices: Voices,
    store: Store,
    timeline: Timeline,
    schedule: Schedule,
    reel: Reel,
    concealment: Concealment,
    /// When time began.
    epoch: Option<Instant>,
    /// The last tick; `None` before the first.
    tick: Option<Units>,
    /// Where the sound ends that is on the reel.
    next: Units,
    /// Whether nothing waits and silence is reached; then `next` goes on with time.
    idle: bool,
    /// How much of what ends at `next` is made up.
    made_up: Units,
    /// Where the newest packet ended.
    end: Units,
    /// The payload type of the last packet that was decoded.
    payload_type: u8,
    /// Packets that came too late since one did not.
    late: u8,
    /// Whether the source has said that it is silent.
    pauses: bool,
    /// Ticks until a period may be left out.
    rest: u8,
    /// Ticks in which none was found.
    waited: u8,
    /// Gaps that were filled in.
    gaps: u64,
}

impl Playout {
    /// Returns one that understands nothing.
    pub(crate) fn new() -> Self {
        Self {
            voices: Voices::default(),
            store: Store::new(),
            timeline: Timeline::default(),
            schedule: Schedule::new(),
            reel: Reel::new(Rate::Narrow),
            concealment: Concealment::new(Rate::Narrow),
            epoch: None,
            tick: None,
            next: 0,
            idle: true,
            made_up: 0,
            end: 0,
            payload_type: 0,
            late: 0,
            pauses: false,
            rest: 0,
            waited: 0,
            gaps: 0,
        }
    }

    /// Says what formats will arrive, and the rate of the frames. This is where memory is allocated;
    /// what goes on is not disturbed, unless the rate is another.
    pub(crate) fn understand(&mut self, formats: &[PayloadFormat], rate: Rate) {
        let before = self.reel.rate();
        self.voices.understand(formats, rate, before);
        self.store.resize(self.voices.octets());
        if rate != before {
            self.next = self.played();
            self.reel = Reel::new(rate);
            self.concealment = Concealment::new(rate);
        }
    }

    /// The codec of a payload type.
    pub(crate) fn codec(&self, payload_type: u8) -> Option<AudioCodec> {
        self.voices.codec(payload_type)
    }

    /// Whether a packet's payload is one of its codec, and at most 120 ms long.
    pub(crate) fn understands(&self, packet: &View<'_>) -> bool {
        let (payload_type, payload) = (packet.payload_type, packet.payload);
        self.voices.is_silence(payload_type, payload)
            || self.voices.length(payload_type, payload).is_some()
    }

    /// Gaps in sound that were filled in, since nothing arrived in time.
    pub(crate) fn gaps(&self) -> u64 {
        self.gaps
    }

    /// Forgets all that was heard, so that none of it is played or continued.
    pub(crate) fn forget(&mut self) {
        self.next = self.played();
        self.store.clear();
        self.reel.clear();
        self.concealment.end();
        self.idle = true;
        self.made_up = 0;
    }

    /// Prepares for a new source: what it says follows what waits of the former one.
    pub(crate) fn begin_source(&mut self) {
        self.timeline.forget();
    }

    /// Takes a packet that is understood. One that says that there is silence says as much as none.
    pub(crate) fn insert(&mut self, packet: &View<'_>, order: Order, arrival: Instant) -> Filed {
        let payload_type = packet.payload_type;
        let codec = self.voices.codec(payload_type);
        let length = self.voices.length(payload_type, packet.payload);
        let is_silence = self.voices.is_silence(payload_type, packet.payload);
        let Some((codec, length)) = codec.zip(length).filter(|_| !is_silence) else {
            self.pauses = true;
            return Filed::Kept;
        };
        let stamp = (packet.time_stamp, codec.clock_rate());
        let arrival = self.units(arrival);
        let Some(start) = self.locate(stamp, order, arrival) else {
            return Filed::Late;
        };
        self.schedule.observe(arrival, start, self.last_tick());
        if !self.admits(start, length, arrival) {
            self.late += 1;
            if self.late < LATE_RUN {
                return Filed::Late;
            }
            // The way has become longer.
            let start = self.anchor(stamp, arrival);
            return self.keep(start, length, packet);
        }
        self.keep(start, length, packet)
    }

    /// Takes the frame of the tick that is due at `at`.
    pub(crate) fn pull(&mut self, frame: &mut Frame, at: Instant) -> Pulled {
        self.turn_to(at);
        if self.idle || frame.rate() != self.reel.rate() {
            self.next += TICK;
            frame.samples_mut().fill(0);
            return Pulled::Silence;
        }
        let frame = frame.samples_mut();
        self.gather(frame.len());
        if self.reel.unplayed() < frame.len() {
            self.make_up(frame.len() - self.reel.unplayed());
        }
        if !self.concealment.is_on() {
            self.keep_to_schedule(frame.len());
        }
        self.reel.play(frame);
        self.idle = self.reel.unplayed() == 0
            && self.concealment.is_silent()
            && self.store.first().is_none();
        match frame.iter().all(|&sample| sample == 0) {
            true => Pulled::Silence,
            false => Pulled::Sound,
        }
    }

    /// Finds where a packet belongs; `None`: nowhere any more.
    fn locate(&mut self, stamp: (u32, u32), order: Order, arrival: Units) -> Option<Units> {
        let (time_stamp, clock_rate) = stamp;
        let Some(start) = self.timeline.place(time_stamp, clock_rate) else {
            return Some(self.anchor(stamp, arrival));
        };
        if order == Order::Overtaken {
            // What was overtaken is not later than what came before it.
            return self
                .timeline
                .newest()
                .filter(|newest| start < *newest)
                .map(|_| start);
        }
        let behind = self.timeline.newest().is_some_and(|newest| start <= newest);
        let late = self.schedule.needed(arrival, start, self.last_tick()) - self.delay();
        let is_apart = start > self.end + TICK;
        let early = is_apart && -late > WAITING_MAX;
        if behind || early || (self.idle && late > JUMP) {
            return Some(self.anchor(stamp, arrival));
        }
        self.timeline.set(time_stamp, clock_rate, start);
        Some(start)
    }

    /// Has a packet whose time stamp does not say it begin where it can be played as others were, but
    /// not before the end of what waits.
    fn anchor(&mut self, (time_stamp, clock_rate): (u32, u32), arrival: Units) -> Units {
        self.schedule.forget();
        let soon = self.schedule.needed(arrival, 0, self.last_tick()) - self.delay();
        let start = if self.idle { soon } else { soon.max(self.end) };
        self.timeline.set(time_stamp, clock_rate, start);
        self.schedule.observe(arrival, start, self.last_tick());
        start
    }

    /// Whether a packet can be played. It can if its turn is not over, or if it was over too soon: if
    /// more delay is wanted, and nothing but made-up sound was played in its place.
    fn admits(&mut self, start: Units, length: Units, arrival: Units) -> bool {
        let rise = self.schedule.wanted().map_or(Units::MIN, |(rise, _)| rise);
        let tick = self.last_tick();
        if self.idle {
            // Those that follow may leave a frame less time.
            let packets = (0..2 * TICK).step_by(length.max(MILLISECOND) as usize);
            let needed = packets.map(|n| self.schedule.needed(arrival + n, start + n, tick));
            self.next = tick - needed.max().map_or(rise, |needed| rise.max(needed));
            self.idle = false;
            self.made_up = WAITING_MAX;
            return true;
        }
        let over = self.next - start;
        let again = over > 0 && over <= self.made_up && tick - start <= rise;
        if again && self.reel.unplayed() == 0 {
            self.next = start;
            self.made_up = 0;
        }
        start + length > self.next
    }

    fn keep(&mut self, start: Units, length: Units, packet: &View<'_>) -> Filed {
        self.late = 0;
        self.pauses = false;
        self.end = self.end.max(start + length);
        let at = (start, length);
        self.store.keep(at, packet.payload_type, packet.payload);
        self.bound(length);
        Filed::Kept
    }

    /// Drops the oldest if too much waits.
    fn bound(&mut self, newest: Units) {
        let Some(end) = self.store.end() else { return };
        if end - self.played() <= WAITING_MAX {
            return;
        }
        let kept = WAITING_KEPT.max(newest + TICK);
        while let Some(first) = self.store.first()
            && end - first.start > kept
            && first.end() < end
        {
            self.store.drop_first();
        }
        if let Some(first) = self.store.first() {
            self.jump(first.start);
            self.schedule.forget();
        }
    }

    /// Goes on elsewhere. What was played goes over into what will be.
    fn jump(&mut self, to: Units) {
        self.next = to;
        self.reel.drop_unplayed();
        self.made_up = 0;
        if !self.concealment.is_on() {
            self.concealment.begin(self.reel.all(), false);
        }
    }

    /// Notes the time. Ticks that were left out are not played later; ticks at other instants than
    /// before, as on another thread, need other delays.
    fn turn_to(&mut self, at: Instant) {
        let at = self.units(at);
        let Some(before) = self.tick.replace(at) else {
            // What came before the first tick waits for it.
            self.schedule.forget();
            self.next = self.store.first().map_or(self.next, |first| first.start);
            return;
        };
        let skipped = at - before - TICK;
        if skipped == 0 {
            return;
        }
        if skipped > 0 && skipped % TICK == 0 {
            self.skip(skipped);
        } else {
            self.schedule.forget();
        }
    }

    fn skip(&mut self, time: Units) {
        let waits = self.reel.unplayed() as Units * self.unit();
        if self.idle {
            self.next += time;
        } else if time < waits {
            self.reel.shorten((time / self.unit()) as usize);
        } else {
            self.jump(self.next + time - waits);
        }
    }

    /// Decodes what is due until so much is there, or nothing waits.
    fn gather(&mut self, count: usize) {
        while self.reel.unplayed() < count
            && let Some(first) = self.store.first()
        {
            let gap = (first.start - self.next) / self.unit();
            if first.end() <= self.next {
                self.store.drop_first();
            } else if gap <= 0 {
                self.decode(first);
            } else if !self.restore(first) {
                let missing = count - self.reel.unplayed();
                self.make_up(missing.min(gap as usize));
            }
        }
    }

    /// Decodes what follows without a gap, so that up to so much is there.
    fn gather_ahead(&mut self, count: usize) {
        while self.reel.unplayed() < count
            && let Some(first) = self.store.first()
            && first.start - self.next < self.unit()
        {
            self.decode(first);
        }
    }

    fn decode(&mut self, first: Entry) {
        let payload = self.store.payload(first);
        let decoded = self
            .voices
            .decode(first.payload_type, payload, &mut self.reel);
        self.store.drop_first();
        let Ok(count) = decoded else { return };
        let played = ((self.next - first.start).max(0) / self.unit()) as usize;
        let cut = played.min(count);
        self.reel.cut(count, cut);
        self.concealment.end_into(self.reel.last_mut(count - cut));
        self.next = self.next.max(first.end());
        self.made_up = 0;
        self.payload_type = first.payload_type;
    }

    /// Fills a gap before a packet from what that one tells of the one before it.
    fn restore(&mut self, first: Entry) -> bool {
        let gap = first.start - self.next;
        let count = (gap / self.unit()) as usize;
        let payload = self.store.payload(first);
        let (voices, reel) = (&mut self.voices, &mut self.reel);
        let restored =
            gap <= first.length && voices.restore(first.payload_type, payload, count, reel);
        if restored {
            self.gaps += u64::from(!self.concealment.is_on());
            self.concealment.end_into(self.reel.last_mut(count));
            self.next = first.start;
            self.made_up = 0;
        }
        restored
    }

    /// Makes up so much sound, or a little more.
    fn make_up(&mut self, count: usize) {
        if !self.concealment.is_on() {
            let by_codec = self.voices.conceals(self.payload_type);
            self.concealment.begin(self.reel.all(), by_codec);
            self.gaps += u64::from(!self.concealment.is_silent() && !self.pauses);
        }
        let before = self.reel.unplayed();
        if self.concealment.is_by_codec() && !self.concealment.is_silent() {
            let step = pitch::samples(self.reel.rate(), 2_500);
            let count = count.next_multiple_of(step);
            self.voices
                .conceal(self.payload_type, count, &mut self.reel);
            let made = self.reel.unplayed() - before;
            self.concealment.fade(self.reel.last_mut(made));
        }
        let made = self.reel.unplayed() - before;
        if made < count {
            let concealment = &mut self.concealment;
            self.reel.append(count - made, |out| {
                concealment.fill(out);
                out.len()
            });
        }
        let made = (self.reel.unplayed() - before) as Units * self.unit();
        self.next += made;
        self.made_up += made;
    }

    /// Makes sound longer or shorter where it should be played later or earlier than it is.
    fn keep_to_schedule(&mut self, frame: usize) {
        let Some((rise, fall)) = self.schedule.wanted() else {
            return;
        };
        let unit = self.unit();
        // After this tick.
        let delay = self.delay() - TICK;
        if delay < rise {
            self.lengthen(((rise - delay) / unit) as usize);
        } else if delay > fall {
            self.shorten(frame, ((delay - fall) / unit) as usize);
        }
    }

    fn lengthen(&mut self, missing: usize) {
        let rate = self.reel.rate();
        if self.reel.is_quiet() {
            self.reel.lengthen(missing.min(pitch::lag_max(rate)));
        } else if let Some(found) = self.reel.find_longer() {
            self.reel.lengthen(found.lag);
        }
    }

    fn shorten(&mut self, frame: usize, excess: usize) {
        let rate = self.reel.rate();
        if self.reel.is_quiet() {
            self.gather_ahead(frame + excess.min(frame));
            let spare = self.reel.unplayed().saturating_sub(frame);
            self.reel.shorten(excess.min(spare));
            return;
        }
        if excess < pitch::lag_min(rate) {
            return;
        }
        if self.rest > 0 && (excess as Units * self.unit()) < EXCESS {
            self.rest -= 1;
            return;
        }
        self.gather_ahead(frame + excess.min(pitch::lag_max(rate)));
        let Some(found) = self.reel.find_shorter(frame, excess) else {
            return;
        };
        if found.likeness < LIKENESS - IMPATIENCE * f32::from(self.waited) {
            self.waited = self.waited.saturating_add(1);
            return;
        }
        self.reel.shorten(found.lag);
        (self.rest, self.waited) = (REST, 0);
    }

    /// The time of the last tick less where the sound ended that was played until then.
    fn delay(&self) -> Units {
        self.last_tick() - self.played()
    }

    fn played(&self) -> Units {
        self.next - self.reel.unplayed() as Units * self.unit()
    }

    fn last_tick(&self) -> Units {
        self.tick.unwrap_or(0)
    }

    /// A sample, in units.
    fn unit(&self) -> Units {
        UNITS / Units::from(self.reel.rate().hz())
    }

    fn units(&mut self, instant: Instant) -> Units {
        let epoch = *self.epoch.get_or_insert(instant);
        match instant.checked_duration_since(epoch) {
            Some(since) => in_units(since),
            None => -in_units(epoch.saturating_duration_since(instant)),
        }
    }
}

fn in_units(time: Duration) -> Units {
    let below = Units::from(time.subsec_nanos()) * MILLISECOND / 1_000_000;
    time.as_secs().min(u64::from(u32::MAX)) as Units * UNITS + below
}

#[cfg(test)]
mod tests;
