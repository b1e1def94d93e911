//! One signal's sound.

use std::{collections::BTreeMap, time::Duration};

use mg_contract::{DIGIT_PAUSE, Dtmf, Rate, Sound};

use super::{Recording, Samples, Tones, fade_out, samples, unit, units};
use crate::{
    frame::Frame,
    telephone_event::{EventPacket, Sending},
};

/// What is played.
#[derive(Debug)]
pub(crate) enum Player {
    /// Tones.
    Tones(Tones),
    /// An announcement.
    Recording(Box<Recording>),
    /// Nothing for so many units, or until it is stopped.
    Silence(Option<u32>),
    /// What the far side says.
    Loop,
    /// Nothing: what is heard is recorded for so long.
    Record(Duration),
    /// A digit.
    Digit(Digit),
}

/// A digit and how it goes out.
#[derive(Debug)]
pub(crate) struct Digit {
    tones: Tones,
    sending: Sending,
    /// Whether it goes out as events; decided when it begins.
    as_events: Option<bool>,
}

impl Player {
    /// Returns what plays a sound; `None` if there is no such announcement.
    pub(crate) fn new(sound: Sound, announcements: &BTreeMap<u32, Samples>) -> Option<Self> {
        Some(match sound {
            Sound::Tones { steps, repeats } => Self::Tones(Tones::new(steps, repeats)),
            Sound::Dtmf { digit, time } => Self::Digit(Digit::new(digit, time)),
            Sound::Announcement { number, cycles, .. } => Self::Recording(Box::new(
                Recording::new(announcements.get(&number)?, cycles),
            )),
            Sound::Silence { time } => Self::Silence(time.map(units)),
            Sound::Loop => Self::Loop,
            Sound::Record { time, .. } => Self::Record(time),
        })
    }

    /// Plays a frame at its rate, where `received` is what the far side says. Returns whether it sounds.
    pub(crate) fn play(&mut self, received: Option<&Frame>, frame: &mut Frame) -> bool {
        match self {
            Self::Tones(tones) => tones.play(frame),
            Self::Recording(recording) => recording.play(frame),
            Self::Digit(digit) => digit.tones.play(frame),
            Self::Silence(left) => {
                let length = frame.samples().len() as u32 * unit(frame.rate());
                *left = left.map(|left| left.saturating_sub(length));
                return false;
            }
            Self::Record(_) => return false,
            Self::Loop => {
                let Some(received) = received else {
                    return false;
                };
                frame.copy(received);
            }
        }
        true
    }

    /// Tells whether it is over by itself.
    pub(crate) fn is_over(&self) -> bool {
        match self {
            Self::Tones(tones) => tones.is_over(),
            Self::Recording(recording) => recording.is_over(),
            Self::Silence(left) => *left == Some(0),
            Self::Record(left) => left.is_zero(),
            Self::Loop => false,
            Self::Digit(digit) => digit.is_over(),
        }
    }

    /// Has it stop: a digit says so in its next packet.
    pub(crate) fn stop(&mut self) {
        if let Self::Digit(digit) = self {
            digit.sending.stop();
        }
    }

    /// Fades the last frame of one that is stopped. Returns whether that was all.
    pub(crate) fn fade(&mut self, frame: &mut Frame) -> bool {
        fade_out(frame);
        match self {
            Self::Digit(digit) => {
                // Only the packets that say its end may still be due.
                digit.tones = Tones::new(Vec::new(), false);
                digit.is_over()
            }
            Self::Tones(_)
            | Self::Recording(_)
            | Self::Silence(_)
            | Self::Record(_)
            | Self::Loop => true,
        }
    }
}

impl Digit {
    fn new(digit: Dtmf, time: Duration) -> Self {
        Self {
            tones: Tones::dtmf(digit, time, DIGIT_PAUSE),
            sending: Sending::new(digit, samples(time)),
            as_events: None,
        }
    }

    /// Returns the packet of a tick if it goes out as events, which is decided at its first tick; `clock`
    /// is that of events where they are agreed on.
    pub(crate) fn packet(&mut self, clock: Option<u32>, time_stamp: u32) -> Option<EventPacket> {
        let as_events = *self.as_events.get_or_insert(clock.is_some());
        let sends = as_events && !self.sending.is_over();
        // It runs its time, too, where events are agreed on no more.
        let clock = clock.unwrap_or(Rate::Narrow.hz());
        sends.then(|| self.sending.packet(time_stamp, clock))
    }

    /// Tells whether it goes out as events.
    pub(crate) fn is_sent_as_events(&self) -> bool {
        self.as_events == Some(true)
    }

    fn is_over(&self) -> bool {
        self.tones.is_over() && (self.sending.is_over() || !self.is_sent_as_events())
    }
}
