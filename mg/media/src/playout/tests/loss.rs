//! What losses sound like, by codec (issue 7, must show 3).

use std::f64::consts::TAU;

use mg_contract::Opus;

use super::{
    flow::{Flow, largest_break, tone},
    *,
};

/// Packets of a measure: 20 s.
const PACKETS: u32 = 1000;
/// By how much larger the largest step from one sample to the next may be with losses than without.
const CLICK: f64 = 1.35;
/// By how much of its amplitude a sample of a tone may differ from what those before it say that it is.
const BREAK: f64 = 0.25;
/// The tone.
const TONE: f64 = 441.0;

/// How packets are lost.
#[derive(Clone, Copy, Debug)]
enum Losses {
    Random(f64),
    /// By Gilbert's model: the share that is lost, and the mean length of a burst.
    Bursts(f64, f64),
}

impl Losses {
    fn all() -> [Self; 5] {
        [
            Self::Random(0.01),
            Self::Random(0.05),
            Self::Random(0.1),
            Self::Bursts(0.05, 2.0),
            Self::Bursts(0.1, 3.0),
        ]
    }

    fn name(self) -> String {
        match self {
            Self::Random(share) => format!("{:.0} % random", share * 100.0),
            Self::Bursts(share, mean) => format!("{:.0} % in bursts of {mean}", share * 100.0),
        }
    }

    /// Whether the next packet is lost if the one before was.
    fn lose(self, before: bool, rng: &mut fastrand::Rng) -> bool {
        let risk = match (self, before) {
            (Self::Random(share), _) => share,
            (Self::Bursts(_, mean), true) => 1.0 - 1.0 / mean,
            (Self::Bursts(share, mean), false) => share / (1.0 - share) / mean,
        };
        rng.f64() < risk
    }
}

/// A voice: harmonics of a pitch that moves, in syllables, over a little noise.
fn voice(rate: Rate) -> Vec<i16> {
    let mut rng = fastrand::Rng::with_seed(5);
    let (hz, mut phase) = (f64::from(rate.hz()), 0.0);
    let samples = (0..rate.hz() * 10).map(|n| {
        let at = f64::from(n) / hz;
        phase += (140.0 + 30.0 * (TAU * 0.7 * at).sin()) / hz;
        let syllable = (0.5 - 0.5 * (TAU * 3.0 * at).cos()).powi(2);
        let harmonics: f64 = (1..=20)
            .map(|k| (TAU * f64::from(k) * phase).sin() / f64::from(k))
            .sum();
        (harmonics * syllable * 6000.0 + (rng.f64() - 0.5) * 100.0) as i16
    });
    samples.collect()
}

/// What losses made of a sound.
struct Played {
    gaps_made: u64,
    gaps_filled: u64,
    /// The largest difference of two samples.
    step: f64,
    /// The largest break of the tone.
    broken: f64,
}

/// Plays a sound through losses.
fn play(codec: AudioCodec, sound: &[i16], losses: Option<Losses>) -> Played {
    let mut rng = fastrand::Rng::with_seed(9);
    let mut flow = Flow::new(codec);
    let (mut sent, mut lost, mut made) = (0, false, 0);
    let way = || {
        sent += 1;
        let before = lost;
        // The first tells where the sound begins, and the last where it ends.
        lost = (10..PACKETS - 10).contains(&sent)
            && losses.is_some_and(|losses| losses.lose(before, &mut rng));
        made += u64::from(lost && !before);
        (!lost).then_some(5.0)
    };
    flow.run(PACKETS, |n| sound[n as usize % sound.len()].into(), way);
    // Where it begins and ends is no matter here.
    let frame = codec.rate().frame();
    let played = &flow.played[5 * frame..flow.played.len() - 5 * frame];
    let steps = played.windows(2).map(|two| two[0].abs_diff(two[1]));
    Played {
        gaps_made: made,
        gaps_filled: flow.playout.gaps(),
        step: steps.max().unwrap_or(0).into(),
        broken: largest_break(played, codec.rate(), TONE),
    }
}

#[test]
fn each_gap_is_concealed_once_and_none_clicks() {
    let opus = |rate, fec| {
        AudioCodec::Opus(Opus {
            rate,
            fec,
            ..Opus::default()
        })
    };
    let codecs = [
        ("PCMU", AudioCodec::Pcmu),
        ("G722", AudioCodec::G722),
        ("L16, 48 kHz", AudioCodec::L16(Rate::Full)),
        ("Opus, 16 kHz, FEC", opus(Rate::Wide, true)),
        ("Opus, 48 kHz", opus(Rate::Full, false)),
    ];
    println!(
        "| codec | losses | gaps made | concealed | largest step: tone | voice | largest break |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (name, codec) in codecs {
        let rate = codec.rate();
        // A whole number of periods, so that it can be repeated.
        let period: Vec<i16> = (0..rate.hz().into())
            .map(|n| tone(rate, TONE)(n) as i16)
            .collect();
        let sounds = [period, voice(rate)];
        let clean = [0, 1].map(|n| play(codec, &sounds[n], None));
        for losses in Losses::all() {
            let [tone, voice] = [0, 1].map(|n| play(codec, &sounds[n], Some(losses)));
            let steps = [tone.step / clean[0].step, voice.step / clean[1].step];
            let made = [tone.gaps_made, voice.gaps_made];
            let filled = [tone.gaps_filled, voice.gaps_filled];
            println!(
                "| {name} | {} | {} | {} | {:.2} | {:.2} | {:.2} ({:.2}) |",
                losses.name(),
                made[0] + made[1],
                filled[0] + filled[1],
                steps[0],
                steps[1],
                tone.broken,
                clean[0].broken,
            );
            assert_eq!(made, filled, "{name}, {losses:?}");
            assert!(tone.broken - clean[0].broken < BREAK, "{name}, {losses:?}");
            assert!(
                steps.iter().all(|&step| step <= CLICK),
                "{name}, {losses:?}"
            );
        }
    }
}
