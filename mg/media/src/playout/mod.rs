//! The playout of one stream: packets wait, are decoded when they are due, and make one frame a tick.
//!
//! All places and times are on the source's time line, in 48,000ths of a second: a multiple of every
//! clock and every rate. What a packet's time stamp says it begins at and when it came tell the
//! [`Schedule`] how late sound has to be played; where it should be played later or earlier than it
//! is, the sound is made longer or shorter by periods of itself, or by any time where it is quiet.

mod concealment;
mod noise;
mod pitch;
mod placing;
mod playing;
mod reel;
mod schedule;
mod store;
mod timeline;
mod voices;

use std::time::{Duration, Instant};

use mg_contract::{AudioCodec, PayloadFormat, Rate};

use self::{
    concealment::Concealment, reel::Reel, schedule::Schedule, store::Store, timeline::Timeline,
    voices::Voices,
};
use crate::{frame::FrameRef, rtp::View};

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
/// So many packets that all come too late say that the way has become longer.
const LATE_RUN: u8 = 3;

/// Whether a packet is the newest of its source.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Order {
    /// It is newer than all before.
    Advances,
    /// Newer ones came first.
    Overtaken,
}

/// What a packet says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Content {
    /// That there is silence.
    Silence,
    /// Sound.
    Sound {
        /// How long it is, in 48,000ths of a second.
        length: Units,
        /// Units of its time stamp in a second.
        clock_rate: u32,
    },
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
    /// Comfort noise alone.
    Noise,
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
    /// The level of the comfort noise that follows what was decoded last, if it does.
    noise: Option<u8>,
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
            noise: None,
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

    /// Reads a little of what is needed for each packet, so that it is at hand.
    pub(crate) fn glance(&self) -> usize {
        let kept = self.store.glance() ^ self.voices.glance() ^ self.reel.glance();
        kept ^ usize::from(self.schedule.wanted().is_some()) ^ usize::from(self.idle)
    }

    /// The codec of a payload type.
    pub(crate) fn codec(&self, payload_type: u8) -> Option<AudioCodec> {
        self.voices.codec(payload_type)
    }

    /// What a packet says; `None` if its payload is none of its codec, or longer than 120 ms.
    pub(crate) fn content(&self, packet: &View<'_>) -> Option<Content> {
        self.voices.content(packet.payload_type, packet.payload)
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
        self.noise = None;
        self.made_up = 0;
    }

    /// Prepares for a new source: what it says follows what waits of the former one.
    pub(crate) fn begin_source(&mut self) {
        self.timeline.forget();
    }

    /// Takes a packet, and what it says. One that says that there is silence says as much as none.
    pub(crate) fn insert(
        &mut self,
        packet: &View<'_>,
        content: Content,
        order: Order,
        arrival: Instant,
    ) -> Filed {
        let Content::Sound { length, clock_rate } = content else {
            self.pauses = true;
            return Filed::Kept;
        };
        let stamp = (packet.time_stamp, clock_rate);
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

    /// Plays the frame of the tick that is due at `at`, at a rate. [`Self::frame`] has it.
    pub(crate) fn play(&mut self, rate: Rate, at: Instant) -> Pulled {
        self.turn_to(at);
        if self.idle || rate != self.reel.rate() {
            self.next += TICK;
            return Pulled::Silence;
        }
        let count = rate.frame();
        self.gather(count);
        if self.reel.unplayed() < count {
            self.make_up(count - self.reel.unplayed());
        }
        if !self.concealment.is_on() {
            self.keep_to_schedule(count);
        }
        let is_silent = self.reel.play(count);
        self.idle = self.reel.unplayed() == 0
            && self.concealment.is_silent()
            && self.store.first().is_none();
        if is_silent {
            Pulled::Silence
        } else if self.concealment.is_noise_of(count) {
            Pulled::Noise
        } else {
            Pulled::Sound
        }
    }

    /// The frame that was played last, if it was no silence.
    pub(crate) fn frame(&self) -> FrameRef<'_> {
        FrameRef::new(self.reel.rate(), self.reel.played())
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
