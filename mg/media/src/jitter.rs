//! The playout buffer of one stream: samples filed by time stamp, taken out a frame at a time.
//!
//! A talk spurt is held back by one tick and the rest of the tick in which it began, so that a
//! packet may be at least 20 ms late. Late packets make that more, a time without any makes it
//! less again.

use crate::{FRAME, Narrow, conceal::Concealment};

/// Samples that fit; a power of two above everything that [`LEVEL_MAX`] and a packet can need.
const RING: usize = 4096;
/// Samples that may wait: 200 ms. Above, the oldest are dropped.
const LEVEL_MAX: u32 = 1600;
/// Samples that remain at least when the oldest are dropped.
const LEVEL_KEPT: u32 = 2 * FRAME_LENGTH;
/// Samples that may wait before lateness no longer makes the delay longer: 120 ms.
const LEVEL_HELD: u32 = 960;
/// Time by which packets come early enough for a frame of delay to be given up.
const SLACK_WANTED: u32 = 2 * FRAME_LENGTH;
/// Frames over which packets must have come that early: 2 s.
const WINDOW: u32 = 100;
/// The longest payload: 120 ms.
pub(crate) const PAYLOAD_MAX: usize = 960;

const FRAME_LENGTH: u32 = FRAME as u32;
/// Marks a place where no sample is; no codec yields it.
const ABSENT: i16 = i16::MIN;

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

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    /// Nothing waits.
    Empty,
    /// A talk spurt has begun to arrive and is held back.
    Filling {
        /// Whether it may be played at the next tick.
        ripe: bool,
    },
    /// Frames are taken out.
    Playing,
}

/// The buffer.
#[derive(Debug)]
pub(crate) struct Playout {
    ring: Box<[i16; RING]>,
    state: State,
    /// Time stamp of the next sample to play.
    play: u32,
    /// Time stamp after the newest sample.
    end: u32,
    /// Up to where the source was played; what lies before is late.
    played: Option<u32>,
    /// Whether the next frame is concealed to gain delay.
    hold: bool,
    /// The least time before its turn that a packet came, in this window.
    slack: u32,
    /// Frames left of the window.
    window: u32,
    concealment: Concealment,
}

impl Playout {
    /// Returns an empty buffer.
    pub(crate) fn new() -> Self {
        Self {
            ring: Box::new([ABSENT; RING]),
            state: State::Empty,
            play: 0,
            end: 0,
            played: None,
            hold: false,
            slack: u32::MAX,
            window: WINDOW,
            concealment: Concealment::new(),
        }
    }

    /// Forgets all that was heard, so that none of it is played or continued.
    pub(crate) fn forget(&mut self) {
        self.reset();
        self.concealment = Concealment::new();
    }

    /// Forgets what waits and what was played, as for a new source, which may fade in where the
    /// former one fades out.
    pub(crate) fn reset(&mut self) {
        self.skip_to(self.end);
        self.state = State::Empty;
        self.played = None;
        self.hold = false;
        self.start_window();
    }

    /// Files a payload of one octet a sample, at most [`PAYLOAD_MAX`] of them.
    pub(crate) fn insert(
        &mut self,
        time_stamp: u32,
        payload: &[u8],
        decoded: &[i16; 256],
        order: Order,
    ) -> Filed {
        assert!(
            payload.len() <= PAYLOAD_MAX,
            "the caller refuses longer ones"
        );
        let end = time_stamp.wrapping_add(payload.len() as u32);
        if self.place(time_stamp, end, order) == Filed::Late {
            return Filed::Late;
        }
        if after(end, self.end) {
            self.make_room(end, payload.len() as u32);
            self.end = end;
        }
        let mut at = time_stamp;
        for &octet in payload {
            if !before(at, self.play) {
                self.ring[at as usize % RING] = decoded[usize::from(octet)];
            }
            at = at.wrapping_add(1);
        }
        if self.state == State::Playing {
            self.slack = self.slack.min(distance(self.play, time_stamp));
        }
        Filed::Kept
    }

    /// Takes the frame of one tick.
    pub(crate) fn pull(&mut self, frame: &mut Narrow) -> Pulled {
        match self.state {
            State::Empty => return self.conceal(frame),
            State::Filling { ripe: false } => {
                self.state = State::Filling { ripe: true };
                return self.conceal(frame);
            }
            State::Filling { ripe: true } => {
                self.state = State::Playing;
                self.start_window();
            }
            State::Playing => {}
        }
        if std::mem::take(&mut self.hold) && self.level() <= LEVEL_HELD {
            return self.conceal(frame);
        }
        self.play_frame(frame);
        self.watch_slack();
        Pulled::Sound
    }

    /// Gives up frames whose ticks were skipped, as far as that costs no delay that is needed.
    pub(crate) fn skip_frames(&mut self, frames: u64) {
        for _ in 0..frames.min(u64::from(LEVEL_MAX / FRAME_LENGTH)) {
            if self.state != State::Playing || self.level() < LEVEL_KEPT + FRAME_LENGTH {
                return;
            }
            self.skip_to(self.play.wrapping_add(FRAME_LENGTH));
        }
    }

    fn level(&self) -> u32 {
        self.end.wrapping_sub(self.play)
    }

    /// Finds where a packet belongs, and starts or restarts the talk spurt if need be.
    fn place(&mut self, start: u32, end: u32, order: Order) -> Filed {
        let gone = self.played.is_some_and(|played| !after(end, played));
        match self.state {
            State::Empty if gone && order == Order::Overtaken => return Filed::Late,
            State::Empty => self.begin(start),
            State::Filling { .. } if before(start, self.play) => {
                if order == Order::Advances {
                    self.restart(start);
                } else if gone || distance(start, self.end) > LEVEL_MAX {
                    return Filed::Late;
                } else {
                    self.play = start;
                }
            }
            State::Playing if !after(end, self.play) => {
                if order == Order::Overtaken {
                    self.hold = distance(start, self.play) <= LEVEL_HELD;
                    self.slack = 0;
                    return Filed::Late;
                }
                self.restart(start);
            }
            State::Filling { .. } | State::Playing => {}
        }
        Filed::Kept
    }

    /// The source goes on in sequence with time stamps that went back: it has set its clock anew.
    fn restart(&mut self, start: u32) {
        self.reset();
        self.begin(start);
    }

    fn begin(&mut self, start: u32) {
        // What follows without a gap was waited for already.
        let ripe = self.played == Some(start);
        self.state = State::Filling { ripe };
        self.play = start;
        self.end = start;
    }

    /// Drops the oldest samples if those up to `end` would be too many.
    fn make_room(&mut self, end: u32, length: u32) {
        if distance(self.play, end) > LEVEL_MAX {
            let kept = LEVEL_KEPT.max(length + FRAME_LENGTH);
            self.skip_to(end.wrapping_sub(kept));
        }
    }

    /// Drops all samples before `target`.
    fn skip_to(&mut self, target: u32) {
        for n in 0..distance(self.play, target).min(self.level()) {
            self.ring[self.play.wrapping_add(n) as usize % RING] = ABSENT;
        }
        self.play = target;
        if after(target, self.end) {
            self.end = target;
        }
    }

    fn conceal(&mut self, frame: &mut Narrow) -> Pulled {
        if self.concealment.is_silent() {
            frame.fill(0);
            return Pulled::Silence;
        }
        frame.fill_with(|| self.concealment.sample());
        Pulled::Sound
    }

    fn play_frame(&mut self, frame: &mut Narrow) {
        let available = self.level().min(FRAME_LENGTH);
        for (n, sample) in (0..).zip(&mut *frame) {
            let place = &mut self.ring[self.play.wrapping_add(n) as usize % RING];
            *sample = if n < available && *place != ABSENT {
                self.concealment.heard(*place);
                std::mem::replace(place, ABSENT)
            } else {
                self.concealment.sample()
            };
        }
        self.play = self.play.wrapping_add(available);
        if available < FRAME_LENGTH {
            self.state = State::Empty;
            self.played = Some(self.play);
        }
    }

    /// Gives up delay that no packet has needed for a while.
    fn watch_slack(&mut self) {
        self.window = self.window.saturating_sub(1);
        if self.window > 0 {
            return;
        }
        if self.slack != u32::MAX && self.slack >= SLACK_WANTED {
            let excess = (self.slack - FRAME_LENGTH) / FRAME_LENGTH;
            let frames = excess.div_ceil(2);
            self.skip_to(
                self.play
                    .wrapping_add((frames * FRAME_LENGTH).min(self.level())),
            );
        }
        self.start_window();
    }

    fn start_window(&mut self) {
        self.window = WINDOW;
        self.slack = u32::MAX;
    }
}

/// Samples from one time stamp to another that is not before it; zero if it is.
fn distance(from: u32, to: u32) -> u32 {
    if before(to, from) {
        0
    } else {
        to.wrapping_sub(from)
    }
}

fn before(a: u32, b: u32) -> bool {
    a.wrapping_sub(b).cast_signed() < 0
}

fn after(a: u32, b: u32) -> bool {
    before(b, a)
}

#[cfg(test)]
mod tests;
