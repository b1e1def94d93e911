//! Digits as they come, in the audio or as events, each told once.

use mg_contract::Dtmf;

use super::dtmf::{AudioDigits, BLOCK, Found};
use crate::{
    FRAME, Narrow,
    telephone_event::{Arrived, Happened, Receiving},
};

/// Ticks after an event in which a digit in the audio is that of the event: it waits for its turn to
/// be played, 200 ms at most, and is longer than the event where packets are lost.
const ECHO: u32 = 15;

/// Digits of both kinds.
#[derive(Debug)]
pub(crate) struct Digits {
    audio: AudioDigits,
    events: Receiving,
    active: Option<Source>,
    /// Ticks left in which digits in the audio are those of events.
    echo: u32,
}

/// Where the digit comes from that has begun.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Source {
    Audio(Dtmf),
    Event,
}

impl Digits {
    /// Starts without a digit.
    pub(crate) fn new() -> Self {
        Self {
            audio: AudioDigits::new(),
            events: Receiving::default(),
            active: None,
            echo: 0,
        }
    }

    /// Takes an event.
    pub(crate) fn event(&mut self, arrived: Arrived, mut told: impl FnMut(Happened)) {
        let Self {
            events,
            active,
            echo,
            ..
        } = self;
        events.hear(arrived, |happened| {
            join(active, echo, happened, &mut told);
        });
    }

    /// Takes a tick's frame.
    pub(crate) fn hear(&mut self, frame: &Narrow, mut told: impl FnMut(Happened)) {
        let Self {
            audio,
            events,
            active,
            echo,
        } = self;
        *echo = echo.saturating_sub(1);
        events.tick(|happened| join(active, echo, happened, &mut told));
        for block in frame.chunks_exact(BLOCK) {
            audio.hear(block, |found| match (found, *active) {
                (Found::Began(digit), None) if *echo == 0 => {
                    *active = Some(Source::Audio(digit));
                    told(Happened::Began(digit));
                }
                (Found::Ended(digit, blocks), Some(Source::Audio(_))) => {
                    *active = None;
                    told(Happened::Ended(digit, blocks * BLOCK as u32));
                }
                (Found::Began(_) | Found::Ended(..), _) => {}
            });
        }
    }
}

/// Takes what an event says; it is about the digit that is heard in the audio, if one is.
fn join(
    active: &mut Option<Source>,
    echo: &mut u32,
    happened: Happened,
    told: &mut impl FnMut(Happened),
) {
    match (happened, *active) {
        (Happened::Began(digit), Some(Source::Audio(heard))) if heard == digit => {}
        (Happened::Began(_), Some(Source::Audio(heard))) => {
            told(Happened::Ended(heard, FRAME as u32));
            told(happened);
        }
        (Happened::Began(_) | Happened::Ended(..), _) => told(happened),
    }
    *active = match happened {
        Happened::Began(_) => Some(Source::Event),
        Happened::Ended(..) => {
            *echo = ECHO;
            None
        }
    };
}
