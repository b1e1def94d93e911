//! Comfort noise: silence that sounds like something, and is neither lost nor talk.

use std::num::NonZeroUsize;

use mg_contract::AudioCodec;

use super::{mixing::run_with, *};
use crate::testing::{NOISE, sounds};

/// A room of one who sends comfort noise where `understood`, and of others of L16 at these rates.
fn room(config: Config, understood: bool, rates: &[Rate]) -> Bench {
    let mut bench = Bench::with(config);
    bench.join(1, Pcmu);
    for &rate in rates {
        bench.join(1, AudioCodec::L16(rate));
    }
    let mut settings = settings(&bench.phones[0]);
    settings.receive_noise = understood.then_some(NOISE);
    bench.command(Command::Modify {
        stream: StreamRef(0),
        settings,
    });
    bench
}

/// Has the first say ten times 200 ms of comfort noise, while others talk.
fn hush(bench: &mut Bench, payload: &[u8], talking: &[usize]) {
    for _ in 0..10 {
        let octets = bench.phones[0].noise_packet(payload, 1_600);
        bench.arrive(0, &octets);
        run_with(bench, talking, 10);
    }
}

/// How loud the last second is that a phone has heard, in dBov.
fn level(bench: &Bench, phone: usize) -> f64 {
    let received = &bench.phones[phone].received;
    let packets = received[received.len() - 50..].iter();
    let samples: Vec<i16> = packets.flat_map(|packet| packet.samples.clone()).collect();
    sounds::decibels(sounds::power(&samples) / f64::from(i16::MAX).powi(2))
}

#[test]
fn comfort_noise_is_heard_at_its_level_whatever_spectrum_it_names_and_is_not_lost_sound() {
    let rates = [Rate::Narrow, Rate::Full];
    let mut bench = room(Config::default(), true, &rates);
    run_with(&mut bench, &[0], 50);
    for payload in [&[40][..], &[0x80 | 55, 17, 4, 99], &[30]] {
        hush(&mut bench, payload, &[]);
        let wanted = -f64::from(payload[0] & 0x7f);
        // At 48 kHz, too: what a leg of 8 kHz says goes over to it whole but for its edge.
        for (phone, off) in [(1, 0.3), (2, 1.0)] {
            let found = level(&bench, phone);
            assert!(
                (found - wanted).abs() < off,
                "{phone}: {found}, not {wanted}"
            );
        }
        run_with(&mut bench, &[0], 50);
        for phone in [1, 2] {
            let heard = bench.phones[phone].hears(bench.phones[0].tone, WINDOW);
            assert!(heard > AUDIBLE, "{phone}: {heard:.0}");
        }
    }
    let (counters, statistics) = (bench.engine.counters(), bench.statistics(0));
    assert_eq!((counters.gaps_filled, counters.late_packets), (0, 0));
    assert_eq!((counters.unknown_payload_type, counters.malformed), (0, 0));
    assert_eq!(statistics.packets_received, 4 * 50 + 3 * 10);
    assert_eq!((statistics.packets_lost, statistics.jitter), (0, 0));
}

#[test]
fn noise_comes_and_goes_without_a_click_and_behind_all_sound_before_it() {
    let mut bench = room(Config::default(), true, &[Rate::Narrow]);
    // No packet ends where the tone is 0.
    bench.phones[0].packet(22);
    for _ in 0..5 {
        run_with(&mut bench, &[0], 31);
        hush(&mut bench, &[50], &[]);
    }
    let samples: Vec<i16> = (bench.phones[1].received.iter())
        .flat_map(|packet| packet.samples.clone())
        .collect();
    // A tone of 400 Hz steps by 2,500, and comes in and goes in 5 ms.
    let steepest = sounds::step(&samples);
    assert!((2_400.0..3_000.0).contains(&steepest), "{steepest}");
    // All that was said is heard, and no more: of its periods of 20 samples, 18 stand out.
    let loud = samples.iter().filter(|sample| sample.abs() > 500).count();
    let said = 5 * 31 * 160 * 18 / 20;
    assert!(loud.abs_diff(said) < 5 * 40, "{loud} samples, not {said}");
}

#[test]
fn noise_is_no_talk_and_makes_way_for_the_loudest() {
    let config = Config {
        loudest: NonZeroUsize::new(1),
        ..Config::default()
    };
    let mut bench = room(config, true, &[Rate::Narrow; 3]);
    let stream = StreamRef(0);
    let tones = Detected {
        talk: true,
        ..Detected::default()
    };
    bench.command(Command::Detect { stream, tones });
    hush(&mut bench, &[30], &[]);
    assert!((level(&bench, 3) + 30.0).abs() < 0.3);
    hush(&mut bench, &[30], &[1]);
    let own = level(&bench, 1);
    assert!((own + 30.0).abs() < 0.3, "one who talks hears it: {own}");
    hush(&mut bench, &[30], &[1, 2]);
    let quiet = bench.phones[1].received.last().unwrap();
    assert!(quiet.samples.iter().all(|sample| *sample == 0));
    assert_eq!(detection::found(&mut bench), Vec::<String>::new());
}

#[test]
fn noise_that_is_too_faint_is_silence_and_one_that_is_not_agreed_on_is_not_understood() {
    let mut bench = room(Config::default(), true, &[Rate::Narrow; 2]);
    hush(&mut bench, &[61], &[]);
    let before = bench.engine.counters().encoded;
    hush(&mut bench, &[61], &[]);
    // One packet of each codec a tick: nobody says anything.
    assert_eq!(bench.engine.counters().encoded - before, 2 * 100);
    assert!(level(&bench, 1) < -120.0);
    hush(&mut bench, &[], &[]);
    assert_eq!(bench.engine.counters().malformed, 10);

    let mut bench = room(Config::default(), false, &[Rate::Narrow]);
    run_with(&mut bench, &[0], 10);
    hush(&mut bench, &[30], &[]);
    assert_eq!(bench.engine.counters().unknown_payload_type, 10);
    assert_eq!(bench.statistics(0).packets_lost, 0);
    assert!(level(&bench, 1) < -120.0);
}

#[test]
fn what_is_lost_before_noise_is_made_up_and_late_noise_begins_when_it_comes() {
    let mut bench = room(Config::default(), true, &[Rate::Narrow]);
    run_with(&mut bench, &[0], 50);
    bench.phones[0].packet(160);
    run_with(&mut bench, &[], 1);
    hush(&mut bench, &[40], &[]);
    assert_eq!(bench.engine.counters().gaps_filled, 1);
    assert_eq!(bench.statistics(0).packets_lost, 1);
    run_with(&mut bench, &[0], 50);
    let octets = bench.phones[0].noise_packet(&[40], 0);
    // By then what was said last has faded away.
    run_with(&mut bench, &[], 20);
    bench.arrive(0, &octets);
    run_with(&mut bench, &[], 51);
    let found = level(&bench, 1);
    assert!((found + 40.0).abs() < 0.3, "{found}");
    assert_eq!(bench.engine.counters().late_packets, 0);
}

#[test]
fn time_stamps_of_noise_that_say_nothing_do_no_harm() {
    let mut bench = room(Config::default(), true, &[Rate::Narrow]);
    let mut rng = fastrand::Rng::with_seed(9);
    for _ in 0..200 {
        let samples = bench.phones[0].samples_sent;
        bench.phones[0].samples_sent = rng.u32(..);
        let octets = bench.phones[0].noise_packet(&[rng.u8(..)], 0);
        bench.phones[0].samples_sent = samples;
        bench.arrive(0, &octets);
        run_with(&mut bench, &[0], rng.usize(1..4));
    }
    run_with(&mut bench, &[0], 50);
    let heard = bench.phones[1].hears(bench.phones[0].tone, WINDOW);
    assert!(heard > AUDIBLE, "{heard:.0}");
    assert_eq!(bench.engine.counters().late_packets, 0);
}
