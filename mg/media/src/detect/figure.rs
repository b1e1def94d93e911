//! Call progress tones that are one short figure and a long pause: warning, payphone recognition, call
//! waiting and caller waiting. They are looked for just as they are played.

use mg_contract::{
    Tone,
    call_progress::{self, Step},
};

use super::progress::{Run, Sound};

/// A pause of this many ticks ends a figure: 1 s, more than there is within any.
const PAUSE: u32 = 50;
/// By how many ticks a sound or a pause may be off: 60 ms, of which a window that is half sound and
/// half silence takes one at each end.
const OFF: u32 = 3;

/// The figure of one tone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figure {
    tone: Tone,
    steps: &'static [Step],
}

const fn figure(tone: Tone, steps: &'static [Step]) -> Figure {
    Figure { tone, steps }
}

static FIGURES: [Figure; 4] = [
    figure(Tone::Warning, call_progress::WARNING),
    figure(Tone::Payphone, call_progress::PAYPHONE),
    figure(Tone::CallWaiting, call_progress::CALL_WAITING),
    figure(Tone::CallerWaiting, call_progress::CALLER_WAITING),
];

/// Returns the tone whose figure is over, and how long it has lasted; `past` has the newest run first.
pub(super) fn find(past: &[Run; 3], now: Run) -> Option<(Tone, u32)> {
    if now.sound != Sound::Silence || now.ticks < PAUSE {
        return None;
    }
    FIGURES.iter().find_map(|figure| {
        let ticks = figure.ticks_in(past)?;
        Some((figure.tone, ticks + now.ticks))
    })
}

impl Figure {
    /// The figure of a tone, if it has one.
    pub(super) fn of(tone: Tone) -> Option<&'static Self> {
        FIGURES.iter().find(|figure| figure.tone == tone)
    }

    /// Tells whether the tone goes on with this run.
    pub(super) fn lasts(&self, now: Run) -> bool {
        let alike = self.steps.iter().filter(|step| sound(step.0) == now.sound);
        // A pause may be a tenth off.
        let longest = alike
            .map(|step| ticks(*step) + ticks(*step) / 10 + OFF)
            .max();
        longest.is_some_and(|longest| now.ticks <= longest)
    }

    /// How long the newest runs have been, if they are the figure, and silence was before it.
    fn ticks_in(&self, past: &[Run; 3]) -> Option<u32> {
        let (_pause, figure) = self.steps.split_last()?;
        let mut whole = 0;
        for (run, step) in past.iter().zip(figure.iter().rev()) {
            if run.sound != sound(step.0) || run.ticks.abs_diff(ticks(*step)) > OFF {
                return None;
            }
            whole += run.ticks;
        }
        let before = past.get(figure.len());
        let alone = before.is_none_or(|run| run.sound == Sound::Silence);
        alone.then_some(whole)
    }
}

fn sound(hz: u16) -> Sound {
    match hz {
        0 => Sound::Silence,
        1_400 => Sound::Special(1),
        1_200 => Sound::Payphone(0),
        800 => Sound::Payphone(1),
        _ => Sound::Single,
    }
}

fn ticks((_, time): Step) -> u32 {
    (time / 20) as u32
}
