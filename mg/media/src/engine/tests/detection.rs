//! Tones that are looked for, through the engine with RTP packets.

use mg_contract::{Rate, call_progress};

use super::*;
use crate::{FRAME, detect::speech::Speaker, sound::Oscillator};

/// The tones of each digit, low and high (Q.23).
const TONES: [(u16, u16); 16] = [
    (941, 1336),
    (697, 1209),
    (697, 1336),
    (697, 1477),
    (770, 1209),
    (770, 1336),
    (770, 1477),
    (852, 1209),
    (852, 1336),
    (852, 1477),
    (941, 1209),
    (941, 1477),
    (697, 1633),
    (770, 1633),
    (852, 1633),
    (941, 1633),
];

/// One phone whose DTMF is looked for, in the audio and as events, and who hears nobody.
fn listening() -> Bench {
    let mut bench = Bench::new();
    bench.join(1, Pcma);
    let quiet = StreamSettings {
        receive_events: vec![events()],
        contributes: false,
        listens: false,
        ..settings(&bench.phones[0])
    };
    let stream = StreamRef(0);
    let settings = quiet;
    bench.command(Command::Modify { stream, settings });
    detect(
        &mut bench,
        Detected {
            dtmf: true,
            ..Detected::default()
        },
    );
    bench
}

pub(super) fn detect(bench: &mut Bench, tones: Detected) {
    let stream = StreamRef(0);
    bench.command(Command::Detect { stream, tones });
}

/// What was found, as text: `+` a begin, `-` an end with its milliseconds.
pub(super) fn found(bench: &mut Bench) -> Vec<String> {
    std::iter::from_fn(|| bench.engine.poll_report())
        .map(|report| match report {
            Report::ToneBegan { tone, .. } => format!("+{}", name(tone)),
            Report::ToneEnded { tone, time, .. } => {
                format!("-{} {}", name(tone), time.as_millis())
            }
            Report::CodecChanged { codec, .. } => format!("{codec:?}"),
            Report::Loss { percent, .. } => format!("{percent} %"),
            Report::TalkBegan { level, .. } => format!("+talk -{level}"),
            Report::TalkEnded { time, .. } => format!("-talk {}", time.as_millis()),
            other @ (Report::Statistics { .. }
            | Report::Played { .. }
            | Report::Recorded { .. }) => panic!("{other:?}"),
        })
        .collect()
}

fn name(tone: Tone) -> String {
    match tone {
        Tone::Dtmf(Dtmf(digit)) => digit.to_string(),
        Tone::Dial
        | Tone::Ringing
        | Tone::Busy
        | Tone::Congestion
        | Tone::SpecialInformation
        | Tone::Warning
        | Tone::Payphone
        | Tone::CallWaiting
        | Tone::CallerWaiting
        | Tone::Continuity => format!("{tone:?}"),
    }
}

/// Hears samples packet by packet.
fn say(bench: &mut Bench, samples: &[i16]) {
    for frame in samples.chunks(FRAME) {
        let octets = bench.phones[0].packet_of(frame);
        bench.say(0, Some(&octets));
    }
}

/// A digit of so many samples.
fn digit(digit: usize, level: i8, samples: usize) -> Vec<i16> {
    let (low, high) = TONES[digit];
    let mut tones = [Oscillator::new(low, level), Oscillator::new(high, level)];
    (0..samples)
        .map(|_| {
            tones
                .iter_mut()
                .map(|tone| tone.sample(Rate::Narrow))
                .sum::<f64>() as i16
        })
        .collect()
}

/// What lies between a digit and its detection.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Path {
    Clean,
    /// White noise 20 dB below the digit.
    Noise,
    /// Every twentieth packet is lost, at random.
    Loss,
}

/// How many of the 16 digits, at a level and each so often, are found once and in their order.
fn digits_found(level: i8, path: Path, times: usize) -> usize {
    let mut bench = listening();
    let mut rng = fastrand::Rng::with_seed(20);
    let (mut said, mut stream) = (Vec::new(), Vec::new());
    for n in 0..16 * times {
        said.push(format!("+{}", n % 16));
        // 70 ms on, 70 ms off and something, so that no place within a packet is special.
        stream.extend(digit(n % 16, level, 560));
        stream.extend(vec![0; 560 + rng.usize(..FRAME)]);
    }
    // Uniform noise has a power of a third of its peak's square; two tones have that of one peak's.
    let peak = crate::sound::amplitude(level) * 0.1 * 3_f64.sqrt();
    for frame in stream.chunks_mut(FRAME) {
        if path == Path::Noise {
            for sample in &mut *frame {
                let noise = (rng.f64() * 2.0 - 1.0) * peak;
                *sample = sample.saturating_add(noise as i16);
            }
        }
        let octets = bench.phones[0].packet_of(frame);
        let lost = path == Path::Loss && rng.u8(..20) == 0;
        bench.say(0, (!lost).then_some(&octets[..]));
    }
    let found: Vec<String> = found(&mut bench)
        .into_iter()
        .filter(|found| found.starts_with('+'))
        .collect();
    // One that is missing or too many puts all that follow out of step, so that they are compared
    // from the front.
    said.iter().zip(&found).take_while(|(a, b)| a == b).count()
        - found.len().saturating_sub(said.len())
}

#[test]
fn sixteen_digits_at_three_levels_are_found_clean_in_noise_and_with_loss() {
    const TIMES: usize = 10;
    for path in [Path::Clean, Path::Noise, Path::Loss] {
        let mut total = 0;
        for level in [-3, -15, -25] {
            let count = digits_found(level, path, TIMES);
            total += count;
            println!("{path:?} {level} dBm0: {count} of {}", 16 * TIMES);
        }
        assert_eq!(total, 3 * 16 * TIMES, "{path:?}");
    }
}

#[test]
fn ten_minutes_of_speech_like_noise_hold_no_digit() {
    let mut bench = listening();
    let mut speaker = Speaker::new(1);
    let mut found = 0;
    for _ in 0..30_000 {
        let octets = bench.phones[0].packet_of(&speaker.say());
        bench.say(0, Some(&octets));
        found += std::iter::from_fn(|| bench.engine.poll_report()).count();
    }
    println!("600 s of speech-like noise: {found} false digits");
    assert_eq!(found, 0);
}

/// Sends a digit as events for so many ticks, and its end three times; some packets are lost.
fn send_event(bench: &mut Bench, digit: u8, ticks: u16, audio: bool, lost: &[u16]) {
    let start = bench.phones[0].now();
    let sound = self::digit(digit.into(), -9, usize::from(ticks) * FRAME);
    let mut sound = sound.chunks(FRAME);
    for n in 1..=ticks + 2 {
        let [d0, d1] = (n.min(ticks) * 160).to_be_bytes();
        let end = if n >= ticks { 0x80 } else { 0 };
        let octets = bench.phones[0].event_packet(start, [digit, end | 9, d0, d1]);
        if !lost.contains(&n) {
            bench.arrive(0, &octets);
        }
        let silence = [0; FRAME];
        let frame = sound.next().filter(|_| audio).unwrap_or(&silence);
        say(bench, frame);
    }
}

#[test]
fn events_are_digits_each_once() {
    let mut bench = listening();
    send_event(&mut bench, 11, 5, false, &[]);
    send_event(&mut bench, 11, 5, false, &[1, 2, 5, 6]);
    assert_eq!(found(&mut bench), ["+11", "-11 100", "+11", "-11 100"]);
    let statistics = bench.statistics(0);
    assert_eq!(statistics.packets_lost, 4);
    // The phone sends events a little earlier in the tick than audio.
    assert!(statistics.jitter < 8, "{statistics:?}");
    // All its ends are lost.
    send_event(&mut bench, 3, 5, false, &[5, 6, 7]);
    say(&mut bench, &[0; 10 * FRAME]);
    assert_eq!(found(&mut bench), ["+3", "-3 80"]);
}

#[test]
fn a_digit_that_comes_as_event_and_in_the_audio_is_one() {
    let mut bench = listening();
    for digit in [5, 5, 6] {
        send_event(&mut bench, digit, 6, true, &[]);
        say(&mut bench, &[0; 4 * FRAME]);
    }
    let expected = ["+5", "-5 120", "+5", "-5 120", "+6", "-6 120"];
    assert_eq!(found(&mut bench), expected);
    // The audio comes first where the first packets of the event are lost.
    send_event(&mut bench, 7, 10, true, &[1, 2, 3, 4, 5, 6, 7, 8]);
    say(&mut bench, &[0; 30 * FRAME]);
    assert_eq!(found(&mut bench), ["+7", "-7 200"]);
    // Long after the event, the audio counts again.
    say(&mut bench, &digit(7, -9, 5 * FRAME));
    say(&mut bench, &[0; 10 * FRAME]);
    let again = found(&mut bench);
    assert_eq!(again[0], "+7");
    assert!(again[1].starts_with("-7"));
}

#[test]
fn events_of_the_tones_that_nobody_looks_for_are_not_told() {
    let mut bench = listening();
    detect(&mut bench, Detected::default());
    send_event(&mut bench, 5, 5, true, &[]);
    assert_eq!(found(&mut bench), [""; 0]);
    assert_eq!(bench.engine.counters().unknown_payload_type, 0);
}

#[test]
fn a_flood_of_events_is_bounded() {
    let mut bench = listening();
    for n in 0..2000_u32 {
        let octets = bench.phones[0].event_packet(n * 50_000, [5, 0x80, 0, 1]);
        bench.arrive(0, &octets);
    }
    say(&mut bench, &[0; FRAME]);
    assert_eq!(found(&mut bench).len(), 16);
}

#[test]
fn what_is_played_as_received_is_detected() {
    let mut bench = listening();
    bench.command(Command::Play {
        signal: SignalRef(1),
        stream: StreamRef(0),
        sound: Sound::Dtmf {
            digit: Dtmf(9),
            time: Duration::from_millis(100),
        },
        direction: Direction::Received,
    });
    for _ in 0..20 {
        bench.tick();
    }
    let reports: Vec<Report> = std::iter::from_fn(|| bench.engine.poll_report()).collect();
    let (stream, tone) = (StreamRef(0), Tone::Dtmf(Dtmf(9)));
    assert_eq!(reports[0], Report::ToneBegan { stream, tone });
    let time = Duration::from_millis(100);
    assert!(reports.contains(&Report::ToneEnded { stream, tone, time }));
}

#[test]
fn each_kind_of_tone_is_told_only_where_it_is_looked_for() {
    let kinds = [
        (
            Detected {
                dtmf: true,
                ..Detected::default()
            },
            "5",
        ),
        (
            Detected {
                call_progress: true,
                ..Detected::default()
            },
            "Dial",
        ),
        (
            Detected {
                continuity: true,
                ..Detected::default()
            },
            "Continuity",
        ),
    ];
    for (wanted, name) in kinds {
        let mut bench = listening();
        detect(&mut bench, wanted);
        for tones in [&[770, 1336][..], &[425], &[2010]] {
            let mut tones: Vec<_> = tones.iter().map(|&hz| Oscillator::new(hz, -10)).collect();
            let sum = |_| {
                tones
                    .iter_mut()
                    .map(|tone| tone.sample(Rate::Narrow))
                    .sum::<f64>() as i16
            };
            let samples: Vec<i16> = (0..24_000).map(sum).collect();
            say(&mut bench, &samples);
            say(&mut bench, &[0; 50 * FRAME]);
        }
        let found = found(&mut bench);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0], format!("+{name}"));
        assert!(found[1].starts_with(&format!("-{name} ")), "{found:?}");
    }
}

#[test]
fn a_digit_is_found_whichever_two_of_its_five_packets_are_lost() {
    for (one, other) in (0..5).flat_map(|one| (0..5).map(move |other| (one, other))) {
        let mut bench = listening();
        say(&mut bench, &[0; 10 * FRAME]);
        for (n, frame) in digit(8, -12, 5 * FRAME).chunks(FRAME).enumerate() {
            let octets = bench.phones[0].packet_of(frame);
            let lost = n == one || n == other;
            bench.say(0, (!lost).then_some(&octets[..]));
        }
        say(&mut bench, &[0; 20 * FRAME]);
        let found = found(&mut bench);
        assert_eq!((found.len(), &found[0][..]), (2, "+8"), "{one} {other}");
    }
}

/// Has the engine play a tone to a phone for so many seconds, and returns what the phone hears.
fn played(steps: &[call_progress::Step], seconds: usize) -> Vec<i16> {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    let step = |&(hz, time): &call_progress::Step| ToneStep {
        frequencies: if hz == 0 { Vec::new() } else { vec![hz] },
        level: -10,
        time: Duration::from_millis(time),
    };
    bench.command(Command::Play {
        signal: SignalRef(1),
        stream: StreamRef(0),
        sound: Sound::Tones {
            steps: steps.iter().map(step).collect(),
            repeats: true,
        },
        direction: Direction::External,
    });
    bench.run(50 * seconds);
    let received = bench.phones[0].received.iter();
    received.flat_map(|packet| packet.samples.clone()).collect()
}

#[test]
fn each_call_progress_tone_is_played_and_found_over_rtp() {
    let all = [
        (call_progress::DIAL, Tone::Dial),
        (call_progress::RINGING, Tone::Ringing),
        (call_progress::BUSY, Tone::Busy),
        (call_progress::CONGESTION, Tone::Congestion),
        (call_progress::WARNING, Tone::Warning),
        (call_progress::PAYPHONE, Tone::Payphone),
        (call_progress::CALL_WAITING, Tone::CallWaiting),
        (call_progress::CALLER_WAITING, Tone::CallerWaiting),
    ];
    for (steps, tone) in all {
        let mut bench = listening();
        detect(
            &mut bench,
            Detected {
                call_progress: true,
                ..Detected::default()
            },
        );
        // Over packets of another phase than those that it was played in.
        say(&mut bench, &[0; 73]);
        say(&mut bench, &played(steps, 21));
        assert_eq!(found(&mut bench), [format!("+{tone:?}")]);
    }
}

#[test]
fn special_information_is_played_and_found_over_rtp_each_time() {
    let mut bench = listening();
    detect(
        &mut bench,
        Detected {
            call_progress: true,
            ..Detected::default()
        },
    );
    say(&mut bench, &played(call_progress::SPECIAL_INFORMATION, 6));
    let found = found(&mut bench);
    let begun = found.iter().filter(|found| found.starts_with('+'));
    assert_eq!(begun.count(), 3, "{found:?}");
    assert!(
        found.iter().all(|found| found.contains("Special")),
        "{found:?}"
    );
}
