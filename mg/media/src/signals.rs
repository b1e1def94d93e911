//! The signals that are played on one stream.

use std::time::Duration;

use mg_contract::{Direction, SignalRef};

use crate::{
    frame::Frame,
    leg::Tick,
    playout::Pulled,
    recorder::{Recorder, Source},
    sound::Player,
    telephone_event::EventPacket,
};

/// Signals of one stream at a time; one more cannot be played. A list is played one by one, so that
/// this is how many sound together.
pub(crate) const SIGNALS_MAX: usize = 32;

/// How long a tick is.
const TICK: Duration = Duration::from_millis(20);

/// The signals of a stream, and what they say in one tick.
#[derive(Debug)]
pub(crate) struct Signals {
    playing: Vec<Playing>,
    /// What goes to the far side.
    outward: Heard,
    /// What goes into the group.
    inward: Heard,
    /// What goes to the far side in place of sound.
    event: Option<EventPacket>,
    /// What one of them says, or has recorded.
    one: Frame,
}

/// Whether a direction hears anything in this tick, and what.
#[derive(Debug)]
struct Heard {
    any: bool,
    frame: Frame,
}

/// One signal.
#[derive(Debug)]
struct Playing {
    signal: SignalRef,
    direction: Direction,
    player: Player,
    /// By how many dB all else is lowered where it is heard.
    duck: u8,
    state: State,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    /// It goes on.
    Playing,
    /// It is to end with the next frame.
    Stopping,
    /// Nobody waits for it any more.
    Stopped,
}

/// What a stream is at one tick.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Occasion {
    /// When.
    pub(crate) tick: Tick,
    /// The clock rate with which DTMF goes out as events, if it does.
    pub(crate) events: Option<u32>,
}

impl Signals {
    /// Returns none.
    pub(crate) fn new() -> Self {
        Self {
            playing: Vec::new(),
            outward: Heard::nothing(),
            inward: Heard::nothing(),
            event: None,
            one: Frame::roomy(),
        }
    }

    /// Plays one more from the next tick on. Returns whether it can.
    pub(crate) fn start(
        &mut self,
        signal: SignalRef,
        player: Player,
        direction: Direction,
        duck: u8,
    ) -> bool {
        let fits = self.playing.len() < SIGNALS_MAX;
        if fits {
            self.playing.push(Playing {
                signal,
                direction,
                player,
                duck,
                state: State::Playing,
            });
        }
        fits
    }

    /// Ends one with the next tick.
    pub(crate) fn stop(&mut self, signal: SignalRef) {
        for playing in &mut self.playing {
            if playing.signal == signal {
                playing.state = State::Stopping;
                playing.player.stop();
            }
        }
    }

    /// Tells whether nothing is played, and nothing was in the tick before.
    pub(crate) fn is_quiet(&self) -> bool {
        let said = self.outward.any || self.inward.any || self.event.is_some();
        self.playing.is_empty() && !said
    }

    /// Tells whether any of them needs what the far side says.
    pub(crate) fn loops(&self) -> bool {
        let mut playing = self.playing.iter();
        playing.any(|playing| matches!(playing.player, Player::Loop))
    }

    /// Tells whether any of them records.
    pub(crate) fn records(&self) -> bool {
        self.recording().next().is_some()
    }

    /// Tells whether any of them records what the Context says.
    pub(crate) fn records_heard(&self) -> bool {
        let mut playing = self.playing.iter();
        playing.any(|one| one.is_record() && one.direction != Direction::External)
    }

    /// Returns those that record.
    pub(crate) fn recording(&self) -> impl Iterator<Item = SignalRef> {
        let recording = self.playing.iter().filter(|playing| playing.is_record());
        recording.map(|playing| playing.signal)
    }

    /// Records one tick: what was `said` by the far side or played as if into the Context, and what was
    /// `heard`. Returns false if that found no room.
    pub(crate) fn record(
        &mut self,
        said: &Frame,
        heard: &Frame,
        tick: Tick,
        recorder: &mut Recorder,
    ) -> bool {
        let mut kept = true;
        let inward = self.inward.any.then_some(&self.inward.frame);
        for playing in &mut self.playing {
            let Player::Record(left) = &mut playing.player else {
                continue;
            };
            if playing.state == State::Playing && !left.is_zero() {
                let source = Source::Signal(playing.signal);
                kept &= match playing.direction {
                    Direction::External | Direction::Received => {
                        recorder.push(source, tick.at, said)
                    }
                    Direction::Internal => recorder.push(source, tick.at, heard),
                    Direction::Both => {
                        self.one.copy(heard);
                        self.one.add(inward.unwrap_or(said));
                        recorder.push(source, tick.at, &self.one)
                    }
                };
                *left = left.saturating_sub(TICK);
            }
            if playing.state == State::Stopping || left.is_zero() {
                recorder.end(playing.signal);
            }
        }
        let stopped = |one: &Playing| one.is_record() && one.state == State::Stopping;
        self.playing.retain(|playing| !stopped(playing));
        kept
    }

    /// Returns all of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = SignalRef> {
        self.playing.iter().map(|playing| playing.signal)
    }

    /// Plays one tick at the rate of `received`, which is what the far side says, and to which is added
    /// what is played as if it said that.
    pub(crate) fn play(&mut self, received: &mut Frame, pulled: &mut Pulled, occasion: Occasion) {
        (self.outward.any, self.inward.any, self.event) = (false, false, None);
        self.play_as_received(received, pulled, occasion);
        let rate = received.rate();
        let received = (*pulled != Pulled::Silence).then_some(&*received);
        let mut digits = false;
        for playing in &mut self.playing {
            let is_digit = matches!(playing.player, Player::Digit(_));
            let is_record = playing.is_record();
            if is_record || playing.direction == Direction::Received || is_digit && digits {
                // Digits go one after the other.
                continue;
            }
            digits |= is_digit;
            let event = playing.packet(occasion);
            let frame = &mut self.one;
            frame.clear(rate);
            let sounds = playing.play(received, frame);
            let (outward, inward) = playing.ways();
            if sounds && inward {
                self.inward.hear(frame);
            }
            if sounds && outward && !playing.is_sent_as_events() {
                self.outward.hear(frame);
            }
            self.event = self.event.or(event);
        }
        self.playing
            .retain(|playing| playing.state != State::Stopped);
    }

    /// By how many dB all else is lowered that goes to the far side, and into the group.
    pub(crate) fn ducking(&self) -> (u8, u8) {
        let lowered = |wanted: fn(&Playing) -> bool| {
            let playing = self.playing.iter().filter(|playing| wanted(playing));
            playing
                .map(|playing| playing.duck)
                .max()
                .unwrap_or_default()
        };
        (
            lowered(|playing| playing.ways().0),
            lowered(|playing| playing.ways().1),
        )
    }

    /// Tells whether anything goes to the far side.
    pub(crate) fn plays_outward(&self) -> bool {
        self.outward.any || self.event.is_some()
    }

    /// Returns what goes to the far side beside what the group says.
    pub(crate) fn outward(&self) -> Option<&Frame> {
        self.outward.any.then_some(&self.outward.frame)
    }

    /// Returns what goes into the group.
    pub(crate) fn inward(&self) -> Option<&Frame> {
        self.inward.any.then_some(&self.inward.frame)
    }

    /// Adds what the far side says to what goes into the group.
    pub(crate) fn join_inward(&mut self, received: &Frame) {
        if self.inward.any {
            self.inward.frame.add(received);
        }
    }

    /// Returns what goes to the far side in place of sound.
    pub(crate) fn event(&self) -> Option<EventPacket> {
        self.event
    }

    /// Takes out a signal that is over by itself.
    pub(crate) fn poll_over(&mut self) -> Option<SignalRef> {
        let over = self
            .playing
            .iter()
            .position(|playing| playing.state == State::Playing && playing.player.is_over())?;
        Some(self.playing.remove(over).signal)
    }

    fn play_as_received(&mut self, received: &mut Frame, pulled: &mut Pulled, occasion: Occasion) {
        let mut digits = false;
        for playing in &mut self.playing {
            let is_digit = matches!(playing.player, Player::Digit(_));
            let is_record = playing.is_record();
            if is_record || playing.direction != Direction::Received || is_digit && digits {
                continue;
            }
            digits |= is_digit;
            playing.packet(occasion);
            let frame = &mut self.one;
            frame.clear(received.rate());
            if playing.play(None, frame) {
                if *pulled == Pulled::Silence {
                    received.clear(received.rate());
                }
                received.add(&*frame);
                *pulled = Pulled::Sound;
            }
        }
    }
}

impl Playing {
    fn is_record(&self) -> bool {
        matches!(self.player, Player::Record(_))
    }

    /// Returns whether it goes to the far side, and whether into the group.
    fn ways(&self) -> (bool, bool) {
        match self.direction {
            Direction::External => (true, false),
            Direction::Internal => (false, true),
            Direction::Both => (true, true),
            Direction::Received => (false, false),
        }
    }

    fn packet(&mut self, occasion: Occasion) -> Option<EventPacket> {
        let (outward, _) = self.ways();
        let Player::Digit(digit) = &mut self.player else {
            return None;
        };
        digit.packet(
            occasion.events.filter(|_| outward),
            occasion.tick.time_stamp,
        )
    }

    fn is_sent_as_events(&self) -> bool {
        matches!(&self.player, Player::Digit(digit) if digit.is_sent_as_events())
    }

    fn play(&mut self, received: Option<&Frame>, frame: &mut Frame) -> bool {
        let sounds = self.player.play(received, frame);
        if self.state == State::Stopping && self.player.fade(frame) {
            self.state = State::Stopped;
        }
        sounds
    }
}

impl Heard {
    fn nothing() -> Self {
        Self {
            any: false,
            frame: Frame::roomy(),
        }
    }

    fn hear(&mut self, frame: &Frame) {
        if self.any {
            self.frame.add(frame);
        } else {
            self.frame.copy(frame);
        }
        self.any = true;
    }
}
