//! Call progress tones, by their frequencies and how they come and go (E.180, and ANSI T1.401 for
//! North America).
//!
//! Every 20 ms the last 40 ms are told to be silence, one of the known sounds, or something else.
//! What runs of those follow each other makes the tone.

use mg_contract::Tone;

use super::{
    bank::{Bank, Overlap, energy, energy_of, tone_energy},
    complex::Complex,
    figure::{self, Figure},
};
use crate::{FRAME, Narrow};

/// Samples that are looked at together.
const WINDOW: usize = 2 * FRAME;
/// The frequencies in Hz: those that a single tone of about 425 may have, three more that are
/// sounded in pairs in North America, the variants of the three special information tones, of which
/// the second is that of warning, too, and the two of payphones.
const FREQUENCIES: [u16; COUNT] = [
    400, 412, 425, 438, 450, 350, 440, 480, 620, 914, 950, 985, 1371, 1400, 1429, 1777, 1800, 1823,
    1200, 800,
];
/// How many there are.
const COUNT: usize = 20;
/// The least share of all energy that a sound has.
const PURE: f32 = 0.7;
/// How much louder one tone of a pair may be, in powers: 6 dB.
const TWIST: f32 = 4.0;
/// What is weaker is silence, in dBm0.
const SILENT: i8 = -40;
/// Ticks of something else in a row that belong to a change; more break the tone.
const CHANGE: u32 = 3;
/// Ticks of silence between special information tones: 40 ms.
const GAP: u32 = 2;

/// What is heard in a window.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Sound {
    Silence,
    /// About 425 Hz.
    Single,
    /// 350 and 440 Hz.
    Dial,
    /// 440 and 480 Hz.
    Ringing,
    /// 480 and 620 Hz.
    Busy,
    /// One of the three special information tones.
    Special(u8),
    /// One of the two tones of payphones.
    Payphone(u8),
}

/// A sound, and for how many ticks it lasts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) sound: Sound,
    pub(super) ticks: u32,
}

/// What was found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Found {
    /// A tone has begun.
    Began(Tone),
    /// It has ended after so many ticks.
    Ended(Tone, u32),
}

/// Looks for them.
#[derive(Debug)]
pub(crate) struct Progress {
    bank: Bank<COUNT>,
    /// How the tones of each pair look like each other.
    pairs: [(Sound, usize, usize, Overlap); 3],
    before: ([Complex; COUNT], f32),
    /// Runs that are over, the newest first.
    past: [Run; 3],
    now: Run,
    /// Ticks of something else, in a row.
    other: u32,
    /// The tone that was told, and for how many ticks it lasts.
    told: Option<(Tone, u32)>,
}

impl Progress {
    /// Starts in silence.
    pub(crate) fn new() -> Self {
        let bank = Bank::new(FREQUENCIES, FRAME);
        let pair = |sound, one, other| (sound, one, other, bank.overlap(one, other, WINDOW));
        Self {
            pairs: [
                pair(Sound::Dial, 5, 6),
                pair(Sound::Ringing, 6, 7),
                pair(Sound::Busy, 7, 8),
            ],
            bank,
            before: ([Complex::default(); COUNT], 0.0),
            past: [NOTHING; 3],
            now: NOTHING,
            other: 0,
            told: None,
        }
    }

    /// Takes a tick's frame.
    pub(crate) fn hear(&mut self, frame: &Narrow, mut found: impl FnMut(Found)) {
        let sound = self.sound(frame);
        if let Some((_, ticks)) = &mut self.told {
            *ticks += 1;
        }
        match sound {
            Some(sound) => {
                self.other = 0;
                self.run_on(sound);
            }
            None => {
                self.other += 1;
                if self.other > CHANGE {
                    (self.past, self.now) = ([NOTHING; 3], NOTHING);
                }
            }
        }
        self.tell(&mut found);
    }

    fn run_on(&mut self, sound: Sound) {
        if self.now.sound == sound {
            self.now.ticks += 1;
            return;
        }
        let [newest, older, _] = self.past;
        // What lies between two special information tones is no pause.
        let is_gap = self.now.sound == Sound::Silence && self.now.ticks <= GAP;
        let within = matches!(
            (newest.sound, sound),
            (Sound::Special(_), Sound::Special(_))
        );
        if !(is_gap && within) {
            self.past = [self.now, newest, older];
        }
        self.now = Run { sound, ticks: 1 };
    }

    fn tell(&mut self, found: &mut impl FnMut(Found)) {
        if let Some((tone, ticks)) = self.told {
            if self.lasts(tone) {
                return;
            }
            self.told = None;
            let after = self.other + self.now.ticks;
            // What has made this tone makes no other; but a sound that a figure does not have begins one.
            self.past = [NOTHING; 3];
            let begins = Figure::of(tone).is_some() && self.now.sound != Sound::Silence;
            if !begins {
                self.now = NOTHING;
            }
            found(Found::Ended(tone, ticks.saturating_sub(after)));
        }
        if let Some((tone, ticks)) = self.tone() {
            self.told = Some((tone, ticks));
            found(Found::Began(tone));
        }
    }

    /// Returns the tone that the runs make, and how long it has lasted.
    fn tone(&self) -> Option<(Tone, u32)> {
        let [newest, older, oldest] = self.past;
        let now = self.now;
        match (oldest.sound, older.sound, newest.sound, now.sound) {
            (_, _, _, Sound::Dial) if now.ticks >= 25 => Some((Tone::Dial, now.ticks)),
            // Ringing is at most 2 s long.
            (_, _, _, Sound::Single) if now.ticks >= 110 => Some((Tone::Dial, now.ticks)),
            (_, _, _, Sound::Ringing) if now.ticks >= 30 => Some((Tone::Ringing, now.ticks)),
            (_, _, Sound::Single, Sound::Silence)
                if (33..110).contains(&newest.ticks) && now.ticks >= 80 =>
            {
                Some((Tone::Ringing, newest.ticks + now.ticks))
            }
            (_, Sound::Special(0), Sound::Special(1), Sound::Special(2))
                if [older, newest].iter().all(is_special) && now.ticks >= 12 =>
            {
                Some((
                    Tone::SpecialInformation,
                    older.ticks + newest.ticks + now.ticks,
                ))
            }
            (
                on @ (Sound::Single | Sound::Busy),
                Sound::Silence,
                again @ (Sound::Single | Sound::Busy),
                Sound::Silence,
            ) if on == again => {
                let ticks = oldest.ticks + older.ticks + newest.ticks + now.ticks;
                let even = cadence(oldest, older, newest).map(|tone| (tone, ticks));
                even.or_else(|| figure::find(&self.past, now))
            }
            _ => figure::find(&self.past, now),
        }
    }

    /// Tells whether a tone that was told goes on.
    fn lasts(&self, tone: Tone) -> bool {
        let Run { sound, ticks } = self.now;
        if self.other > CHANGE {
            return false;
        }
        match (tone, sound) {
            (Tone::Dial, Sound::Single | Sound::Dial) => true,
            (Tone::Ringing, Sound::Single | Sound::Ringing) => ticks < 110,
            // The longest pause is 5 s.
            (Tone::Ringing, Sound::Silence) => ticks < 275,
            (Tone::Busy, Sound::Single | Sound::Busy | Sound::Silence) => ticks <= BUSY.1,
            (Tone::Congestion, Sound::Single | Sound::Busy | Sound::Silence) => {
                ticks <= CONGESTION.1
            }
            (Tone::SpecialInformation, Sound::Special(2)) => true,
            _ => Figure::of(tone).is_some_and(|figure| figure.lasts(self.now)),
        }
    }

    /// Returns what the last two frames sound like, if it is known.
    fn sound(&mut self, frame: &Narrow) -> Option<Sound> {
        let (now, energy) = (self.bank.measure(frame), energy(frame));
        let (before, energy_before) = std::mem::replace(&mut self.before, (now, energy));
        let whole = energy + energy_before;
        if whole < energy_of(SILENT, WINDOW) {
            return Some(Sound::Silence);
        }
        let measured = self.bank.join(&before, &now);
        let share = |n: usize| tone_energy(measured[n], WINDOW) / whole;
        let any = |mut tones: std::ops::Range<usize>| tones.any(|n| share(n) >= PURE);
        if any(0..5) {
            return Some(Sound::Single);
        }
        let special = (0..3_u8).find(|n| {
            let first = 9 + 3 * usize::from(*n);
            any(first..first + 3)
        });
        if let Some(number) = special {
            return Some(Sound::Special(number));
        }
        if let Some(number) = (0..2_u8).find(|n| share(18 + usize::from(*n)) >= PURE) {
            return Some(Sound::Payphone(number));
        }
        let pair = self.pairs.iter().find(|(_, one, other, overlap)| {
            let pair = overlap.pair(measured[*one], measured[*other]);
            let (first, second) = pair.powers();
            let balanced = first < second * TWIST && second < first * TWIST;
            balanced && pair.energies.0 + pair.energies.1 >= PURE * whole
        });
        pair.map(|(sound, ..)| *sound)
    }
}

/// A run of nothing.
const NOTHING: Run = Run {
    sound: Sound::Silence,
    ticks: 0,
};
/// How long busy and congestion sound and pause, in ticks, one less than in truth.
const BUSY: (u32, u32) = (17, 40);
const CONGESTION: (u32, u32) = (7, 16);
/// How much sounds and pauses of one cadence may differ, in ticks.
const UNEVEN: u32 = 6;

fn is_special(run: &Run) -> bool {
    (11..=20).contains(&run.ticks)
}

/// Returns the tone that sounds, pauses and sounds for so long.
fn cadence(on: Run, off: Run, again: Run) -> Option<Tone> {
    let even = on.ticks.abs_diff(again.ticks) <= UNEVEN && on.ticks.abs_diff(off.ticks) <= UNEVEN;
    let within = |(least, most)| {
        [on, off, again]
            .iter()
            .all(|r| r.ticks >= least && r.ticks <= most)
    };
    if even && within(CONGESTION) {
        Some(Tone::Congestion)
    } else if even && within(BUSY) {
        Some(Tone::Busy)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use mg_contract::{Rate, call_progress};

    use super::*;
    use crate::{detect::speech::Speaker, sound::Oscillator};

    /// Plays steps (frequencies, milliseconds) so often, from some place within a frame, and returns
    /// what is found with its ticks.
    fn find(steps: &[(&[u16], usize)], times: usize, shift: usize) -> Vec<Found> {
        let mut samples = vec![0; 1600 + shift];
        for _ in 0..times {
            for (frequencies, milliseconds) in steps {
                let tones = frequencies.iter().map(|&hz| Oscillator::new(hz, -13));
                let mut tones: Vec<_> = tones.collect();
                let sum = |_| {
                    tones
                        .iter_mut()
                        .map(|tone| tone.sample(Rate::Narrow))
                        .sum::<f64>() as i16
                };
                samples.extend((0..8 * milliseconds).map(sum));
            }
        }
        samples.extend([0; 8000 * 6]);
        let mut progress = Progress::new();
        let mut all = Vec::new();
        for frame in samples.chunks_exact(FRAME) {
            let frame = frame.try_into().unwrap();
            progress.hear(frame, |found| all.push(found));
        }
        all
    }

    /// Asserts that a tone is found once, wherever it begins, and ends when it should.
    fn assert_found(tone: Tone, steps: &[(&[u16], usize)], times: usize) {
        let whole: usize = steps.iter().map(|(_, time)| time).sum();
        let last = steps.last().filter(|step| step.0.is_empty());
        let sounding = whole * times - last.map_or(0, |(_, time)| *time);
        for shift in [0, 40, 80, 120] {
            let found = find(steps, times, shift);
            let [Found::Began(began), Found::Ended(ended, ticks)] = found[..] else {
                panic!("{tone:?} {shift}: {found:?}");
            };
            assert_eq!((began, ended), (tone, tone));
            let off = (ticks as usize * 20).abs_diff(sounding);
            assert!(
                off <= 120,
                "{tone:?} {shift}: {ticks} ticks of {sounding} ms"
            );
        }
    }

    #[test]
    fn dial_tones_are_found() {
        assert_found(Tone::Dial, &[(&[425], 5000)], 1);
        assert_found(Tone::Dial, &[(&[350, 440], 1500)], 1);
    }

    #[test]
    fn ringing_is_found() {
        assert_found(Tone::Ringing, &[(&[425], 1000), (&[], 4000)], 3);
        assert_found(Tone::Ringing, &[(&[440, 480], 2000), (&[], 4000)], 3);
    }

    #[test]
    fn busy_and_congestion_are_told_apart() {
        for frequencies in [&[425][..], &[400], &[450], &[480, 620]] {
            assert_found(Tone::Busy, &[(frequencies, 500), (&[], 500)], 6);
            assert_found(Tone::Congestion, &[(frequencies, 250), (&[], 250)], 8);
        }
        assert_found(Tone::Congestion, &[(&[425], 200), (&[], 200)], 8);
        assert_found(Tone::Busy, &[(&[425], 375), (&[], 375)], 8);
    }

    #[test]
    fn special_information_is_found_each_time() {
        let once: [(&[u16], usize); 4] = [(&[950], 330), (&[1400], 330), (&[1800], 330), (&[], 20)];
        assert_found(Tone::SpecialInformation, &once, 1);
        let american: [(&[u16], usize); 3] = [(&[985], 380), (&[1371], 274), (&[1777], 380)];
        assert_found(Tone::SpecialInformation, &american, 1);
        let gaps: [(&[u16], usize); 6] = [
            (&[950], 330),
            (&[], 30),
            (&[1400], 330),
            (&[], 30),
            (&[1800], 330),
            (&[], 1000),
        ];
        let found = find(&gaps, 3, 0);
        let began = Found::Began(Tone::SpecialInformation);
        assert_eq!(found.iter().filter(|found| **found == began).count(), 3);
        assert_eq!(found.len(), 6);
    }

    #[test]
    fn each_tone_is_found_as_the_gateway_plays_it_and_no_other() {
        let all = [
            (Tone::Ringing, call_progress::RINGING),
            (Tone::Busy, call_progress::BUSY),
            (Tone::Congestion, call_progress::CONGESTION),
            (Tone::Warning, call_progress::WARNING),
            (Tone::Payphone, call_progress::PAYPHONE),
            (Tone::CallWaiting, call_progress::CALL_WAITING),
            (Tone::CallerWaiting, call_progress::CALLER_WAITING),
        ];
        for (tone, steps) in all {
            let steps: Vec<([u16; 1], usize)> = steps
                .iter()
                .map(|(hz, time)| ([*hz], *time as usize))
                .collect();
            let steps: Vec<(&[u16], usize)> = steps
                .iter()
                .map(|(hz, time)| (if hz[0] == 0 { &[][..] } else { &hz[..] }, *time))
                .collect();
            assert_found(tone, &steps, 4);
        }
    }

    #[test]
    fn a_tone_that_follows_a_figure_is_found_at_once() {
        let steps: [(&[u16], usize); 8] = [
            (&[425], 200),
            (&[], 600),
            (&[425], 200),
            (&[], 1500),
            (&[425], 1000),
            (&[], 200),
            (&[425], 200),
            (&[], 1500),
        ];
        let began = find(&steps, 1, 0)
            .into_iter()
            .filter_map(|found| match found {
                Found::Began(tone) => Some(tone),
                Found::Ended(..) => None,
            });
        let began: Vec<Tone> = began.collect();
        assert_eq!(began, [Tone::CallWaiting, Tone::CallerWaiting]);
    }

    #[test]
    fn figures_that_are_like_a_tone_are_none() {
        let none: [&[(&[u16], usize)]; 7] = [
            &[(&[1400], 200), (&[], 2000)],
            &[(&[1400], 600), (&[], 2000)],
            &[(&[1400], 400), (&[1000], 200), (&[], 2000)],
            &[(&[800], 200), (&[1200], 200), (&[], 2000)],
            &[(&[1200], 200), (&[800], 500), (&[], 2000)],
            &[(&[425], 200), (&[], 1000)],
            &[(&[425], 300), (&[], 9700)],
        ];
        for steps in none {
            assert_eq!(find(steps, 5, 0), [], "{steps:?}");
        }
    }

    #[test]
    fn other_cadences_and_frequencies_are_none() {
        let none: [&[(&[u16], usize)]; 6] = [
            &[(&[425], 60), (&[], 60)],
            &[(&[1000], 500), (&[], 500)],
            &[(&[300], 5000)],
            &[(&[500], 5000)],
            &[(&[1800], 330), (&[1400], 330), (&[950], 330)],
            &[(&[425], 500), (&[], 100)],
        ];
        for steps in none {
            assert_eq!(find(steps, 5, 0), [], "{steps:?}");
        }
    }

    #[test]
    fn speech_like_noise_is_none() {
        let mut speaker = Speaker::new(2);
        let mut progress = Progress::new();
        let mut all = Vec::new();
        for _ in 0..6000 {
            progress.hear(&speaker.say(), |found| all.push(found));
        }
        assert_eq!(all, []);
    }
}
