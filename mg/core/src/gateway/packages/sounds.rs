//! The sounds of tones.

use std::time::Duration;

use mg_contract::{
    Dtmf, Sound, ToneStep,
    call_progress::{self, BRIEF, Step},
};

/// A tone: what `tl` and the signals of the generators name.
#[derive(Debug)]
pub(crate) struct ToneOf {
    /// Its name.
    pub(crate) name: &'static str,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Digit(u8),
    Cadence(&'static [Step]),
}

/// A digit that ends by itself.
const DIGIT: Duration = Duration::from_millis(100);
/// A digit that does not end by itself is sent again and again for at most this long: a key that
/// nobody holds longer.
const DIGIT_MAX: Duration = Duration::from_secs(60);
/// The level of each frequency, in dBm0.
const LEVEL: i8 = -10;

const fn digit(name: &'static str, digit: u8) -> ToneOf {
    ToneOf {
        name,
        kind: Kind::Digit(digit),
    }
}

const fn cadence(name: &'static str, steps: &'static [Step]) -> ToneOf {
    ToneOf {
        name,
        kind: Kind::Cadence(steps),
    }
}

/// DTMF digits, as dg and dd number them (H.248.1 E.5, E.6).
pub(crate) static DIGITS: [ToneOf; 16] = [
    digit("d0", 0),
    digit("d1", 1),
    digit("d2", 2),
    digit("d3", 3),
    digit("d4", 4),
    digit("d5", 5),
    digit("d6", 6),
    digit("d7", 7),
    digit("d8", 8),
    digit("d9", 9),
    digit("ds", 10),
    digit("do", 11),
    digit("da", 12),
    digit("db", 13),
    digit("dc", 14),
    digit("dd", 15),
];

/// Call progress tones, as cg and cd name them (H.248.1 E.7, E.8): dial, ringing, busy, congestion,
/// special information, warning, payphone recognition, call waiting, caller waiting.
pub(crate) static CALL_PROGRESS: [ToneOf; 9] = [
    cadence("dt", call_progress::DIAL),
    cadence("rt", call_progress::RINGING),
    cadence("bt", call_progress::BUSY),
    cadence("ct", call_progress::CONGESTION),
    cadence("sit", call_progress::SPECIAL_INFORMATION),
    cadence("wt", call_progress::WARNING),
    cadence("prt", call_progress::PAYPHONE),
    cadence("cw", call_progress::CALL_WAITING),
    cadence("cr", call_progress::CALLER_WAITING),
];

/// The tone of a continuity test (Q.724: 2000 Hz).
pub(super) static CONTINUITY: ToneOf = cadence("ct", &[(2_000, BRIEF)]);

/// The tones that a package has: those of digits, of call progress, or all.
pub(super) fn tones_of(package: &str) -> impl Iterator<Item = &'static ToneOf> {
    let is = |names: [&str; 2]| names.iter().any(|name| package.eq_ignore_ascii_case(name));
    let digits = !is(["cg", "cd"]);
    let progress = !is(["dg", "dd"]);
    let digits = DIGITS.iter().filter(move |_| digits);
    digits.chain(CALL_PROGRESS.iter().filter(move |_| progress))
}

/// The tone of that name that a package has.
pub(super) fn tone_of(package: &str, name: &str) -> Option<&'static ToneOf> {
    tones_of(package).find(|tone| tone.name.eq_ignore_ascii_case(name))
}

/// The tone of that name.
pub(crate) fn tone(name: &str) -> Option<&'static ToneOf> {
    let mut all = DIGITS.iter().chain(&CALL_PROGRESS);
    all.find(|tone| tone.name.eq_ignore_ascii_case(name))
}

/// The name of a digit.
pub(crate) fn digit_name(digit: Dtmf) -> &'static str {
    let found = DIGITS.get(usize::from(digit.0));
    found.map_or("d0", |tone| tone.name)
}

impl ToneOf {
    /// Its sound that ends by itself.
    pub(crate) fn once(&self) -> Sound {
        match self.kind {
            Kind::Digit(digit) => Sound::Dtmf {
                digit: Dtmf(digit),
                time: DIGIT,
            },
            Kind::Cadence(steps) => Sound::Tones {
                steps: steps.iter().map(step).collect(),
                repeats: false,
            },
        }
    }

    /// Its sound that goes on until it is stopped, or for that long.
    pub(crate) fn lasting(&self, time: Option<Duration>) -> Sound {
        match self.kind {
            Kind::Digit(digit) => Sound::Dtmf {
                digit: Dtmf(digit),
                time: time.unwrap_or(DIGIT_MAX),
            },
            Kind::Cadence(steps) => Sound::Tones {
                steps: steps.iter().map(step).collect(),
                repeats: true,
            },
        }
    }
}

fn step(&(frequency, time): &Step) -> ToneStep {
    ToneStep {
        frequencies: if frequency == 0 {
            Vec::new()
        } else {
            vec![frequency]
        },
        level: LEVEL,
        time: Duration::from_millis(time),
    }
}

/// How long a sound lasts that ends by itself; `None` where it does not, or only the engine knows.
pub(crate) fn length(sound: &Sound) -> Option<Duration> {
    match sound {
        Sound::Tones {
            steps,
            repeats: false,
        } => Some(steps.iter().map(|step| step.time).sum()),
        Sound::Dtmf { time, .. } => Some(*time),
        Sound::Silence { time } => *time,
        Sound::Record { time, .. } => Some(*time),
        Sound::Tones { repeats: true, .. } | Sound::Announcement { .. } | Sound::Loop => None,
    }
}
