//! Comfort noise in place of silence: who has agreed on it is sent it, and misses nothing that is said.

use std::collections::{BTreeMap, BTreeSet};

use mg_contract::{AudioCodec, PacketTime, SendSettings, ToneStep};

use super::{mixing::run_with, *};
use crate::testing::{NOISE, sounds};

/// Has a phone say what it understands of comfort noise, and what it wants to be sent of it.
fn agree(bench: &mut Bench, phone: usize, received: bool, sent: bool) {
    let mut settings = settings(&bench.phones[phone]);
    settings.receive_noise = received.then_some(NOISE);
    let send = |send| SendSettings {
        noise: sent.then_some(NOISE),
        ..send
    };
    settings.send = settings.send.map(send);
    let stream = StreamRef(phone as u32);
    bench.command(Command::Modify { stream, settings });
}

/// A room of one who talks and of two others, of whom the first is sent comfort noise.
fn room(codec: AudioCodec, packet_time: PacketTime) -> Bench {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.join_with(1, codec, packet_time);
    bench.join_with(1, codec, packet_time);
    agree(&mut bench, 1, false, true);
    bench
}

/// The level of a packet of comfort noise.
fn level(noise: &Received) -> u8 {
    assert_eq!(noise.payload.len(), 1);
    assert!(!noise.marker, "noise is no talk spurt");
    noise.payload[0]
}

fn levels(bench: &Bench, phone: usize) -> Vec<u8> {
    bench.phones[phone].noise.iter().map(level).collect()
}

/// When a packet begins, in time stamp units since a phone's first.
fn since(phone: &Phone, one: &Received) -> u32 {
    one.time_stamp.wrapping_sub(phone.received[0].time_stamp)
}

/// The numbers of all packets of a phone in the order of their times.
fn numbers(phone: &Phone) -> Vec<u16> {
    let first = phone.received[0].sequence;
    let all = phone.received.iter().chain(&phone.noise);
    let place = |one: &Received| (since(phone, one), one.sequence.wrapping_sub(first));
    let ordered: BTreeMap<u32, u16> = all.map(place).collect();
    ordered.into_values().collect()
}

#[test]
fn noise_takes_the_place_of_silence_for_who_has_agreed_on_it_and_sound_comes_back_whole() {
    // A decoder of G.722 remembers what it was sent; all others hear the same, to the bit.
    let kinds = [
        (Pcmu, PacketTime::Ms20, f64::MIN),
        (Pcma, PacketTime::Ms10, f64::MIN),
        (Pcma, PacketTime::Ms60, f64::MIN),
        (AudioCodec::G722, PacketTime::Ms20, -40.0),
        (AudioCodec::G722, PacketTime::Ms40, -40.0),
    ];
    for (codec, packet_time, most_off) in kinds {
        let mut bench = room(codec, packet_time);
        for _ in 0..3 {
            run_with(&mut bench, &[0], 100);
            // Five seconds less half a one, and less than what was said last takes to be heard.
            run_with(&mut bench, &[], 250);
            // Somewhere in the middle of a long packet.
            run_with(&mut bench, &[0], 22);
        }
        let [_, sparing, plain] = &bench.phones[..] else {
            panic!("{} phones", bench.phones.len())
        };
        assert_eq!(levels(&bench, 1), [127; 15], "{codec:?} {packet_time:?}");
        assert!(plain.noise.is_empty());
        let (few, all) = (sparing.received.len(), plain.received.len());
        assert!(few < all * 3 / 5, "{few} of {all}");
        let off = off(sparing, plain);
        assert!(off < most_off, "{codec:?} {packet_time:?}: {off:.1} dB");
        assert_whole(sparing, plain);
        assert_eq!(bench.engine.counters().transmits_dropped, 0);
    }
}

/// By how much what one of two hears, who hear the same, is off from what the other does, in dB of a tone:
/// in the worst packet of the first half second of all talk spurts.
fn off(sparing: &Phone, plain: &Phone) -> f64 {
    let at = |one| (since(plain, one), &one.samples);
    let all: BTreeMap<u32, &Vec<i16>> = plain.received.iter().map(at).collect();
    let (mut worst, mut begun) = (0.0, 0);
    for one in &sparing.received {
        let now = since(sparing, one);
        begun = if one.marker { now } else { begun };
        if now - begun < 4_000 {
            let off = sounds::power_of_difference(&one.samples, all[&now]);
            worst = f64::max(worst, off);
        }
    }
    sounds::decibels(worst / (8_000_f64.powi(2) / 2.0))
}

/// Asserts that no number is missing in the order of times, that each talk spurt is marked, and that what
/// is left out is silence.
fn assert_whole(sparing: &Phone, plain: &Phone) {
    let numbers = numbers(sparing);
    assert!(numbers.iter().copied().eq(0..numbers.len() as u16));
    let mut marked = 0;
    for two in sparing.received.windows(2) {
        let follows = two[1].sequence == two[0].sequence.wrapping_add(1);
        assert_eq!(two[1].marker, !follows);
        marked += usize::from(two[1].marker);
    }
    assert_eq!(marked, 3);
    let heard: BTreeSet<u32> = sparing
        .received
        .iter()
        .map(|one| since(sparing, one))
        .collect();
    let mut missed = plain
        .received
        .iter()
        .filter(|one| !heard.contains(&since(plain, one)));
    let is_faint = |one: &Received| one.samples.iter().all(|sample| sample.abs() < 20);
    assert!(missed.all(is_faint));
}

#[test]
fn what_all_hear_alike_is_encoded_once_and_each_packet_and_octet_is_counted() {
    let mut bench = room(Pcmu, PacketTime::Ms20);
    for _ in 0..10 {
        let n = bench.join(1, Pcmu);
        agree(&mut bench, n, false, true);
    }
    run_with(&mut bench, &[0], 50);
    run_with(&mut bench, &[], 50);
    let before = bench.engine.counters().encoded;
    run_with(&mut bench, &[], 100);
    assert_eq!(bench.engine.counters().encoded - before, 100);
    for n in 1..bench.phones.len() {
        let statistics = bench.statistics(n);
        let Phone {
            received, noise, ..
        } = &bench.phones[n];
        let sent = (
            received.len() + noise.len(),
            160 * received.len() + noise.len(),
        );
        let counted = (statistics.packets_sent, statistics.octets_sent);
        assert_eq!(counted, (sent.0 as u64, sent.1 as u64));
        assert_eq!(noise.is_empty(), n == 2);
    }
}

#[test]
fn who_is_sent_noise_is_sent_reports_of_a_sender() {
    let mut bench = room(Pcmu, PacketTime::Ms20);
    run_with(&mut bench, &[0], 50);
    run_with(&mut bench, &[], 3_000);
    let Phone {
        rtcp,
        noise,
        received,
        ..
    } = &bench.phones[1];
    assert!(rtcp.len() > 5);
    for report in rtcp {
        assert_eq!(report[1], 200, "a sender report");
    }
    let word = |at: usize| {
        let report = rtcp.last().and_then(|report| report[at..].first_chunk());
        u32::from_be_bytes(*report.expect("a sender report is longer"))
    };
    let behind = |all: usize, counted: u32| all as u32 - counted;
    // The last report is at most 7.5 s old, and one packet comes each second.
    assert!(behind(received.len() + noise.len(), word(20)) <= 8);
    assert!(behind(160 * received.len() + noise.len(), word(24)) <= 8);
    let ahead = word(16).wrapping_sub(noise.last().expect("noise").time_stamp);
    assert!(ahead.cast_signed().abs() < 8_000 * 8, "{ahead}");
}

#[test]
fn the_noise_of_others_is_passed_on_by_its_level_and_followed() {
    let mut bench = Bench::new();
    for _ in 0..3 {
        let n = bench.join(1, Pcmu);
        agree(&mut bench, n, true, true);
    }
    run_with(&mut bench, &[0], 20);
    let mut hush = |level: u8, ticks| {
        let octets = bench.phones[0].noise_packet(&[level], 160 * ticks as u32);
        bench.arrive(0, &octets);
        run_with(&mut bench, &[], ticks);
    };
    hush(45, 100);
    hush(33, 100);
    hush(127, 200);
    for phone in [1, 2] {
        let levels = levels(&bench, phone);
        let [first, .., last] = levels[..] else {
            panic!("{levels:?}")
        };
        assert!(first.abs_diff(45) <= 1 && last == 127, "{levels:?}");
        let loudest = levels.iter().min().expect("some");
        assert!(loudest.abs_diff(33) <= 1, "{levels:?}");
        // One a second, and two for each change: between it, and behind it.
        assert!(levels.len() <= 8 + 2 * 2, "{levels:?}");
    }
    let own = levels(&bench, 0);
    assert!(
        own.iter().all(|level| *level == 127),
        "nobody hears himself: {own:?}"
    );
    run_with(&mut bench, &[1], 60);
    assert!(bench.phones[0].hears(bench.phones[1].tone, WINDOW) > AUDIBLE);
    assert!(bench.phones[2].hears(bench.phones[1].tone, WINDOW) > AUDIBLE);
}

#[test]
fn who_hears_nobody_by_topology_or_is_played_nothing_is_sent_noise() {
    let mut bench = room(Pcmu, PacketTime::Ms20);
    let hears = Hears {
        received: false,
        sent: false,
    };
    let (listener, source) = (StreamRef(1), StreamRef(0));
    bench.command(Command::Hear {
        listener,
        source,
        hears,
    });
    run_with(&mut bench, &[0], 100);
    assert_eq!(levels(&bench, 1), [127, 127]);
    let step = |frequencies: Vec<u16>, millis| ToneStep {
        frequencies,
        level: -10,
        time: Duration::from_millis(millis),
    };
    let signal = SignalRef(1);
    bench.command(Command::Play {
        signal,
        stream: listener,
        sound: Sound::Tones {
            steps: vec![
                step(vec![425], 400),
                step(vec![], 400),
                step(vec![425], 400),
                step(vec![], 2_000),
            ],
            repeats: false,
        },
        direction: Direction::External,
    });
    bench.phones[1].received.clear();
    run_with(&mut bench, &[0], 160);
    let Phone {
        received, noise, ..
    } = &bench.phones[1];
    // Three times 400 ms, half a second, and what fades.
    assert!((84..=88).contains(&received.len()), "{}", received.len());
    assert_eq!(received.iter().filter(|one| one.marker).count(), 1);
    assert!(received[0].marker && noise.len() <= 2 + 3);
    let samples: Vec<i16> = received
        .iter()
        .flat_map(|one| one.samples.clone())
        .collect();
    let power = sounds::decibels(sounds::power(&samples) / f64::from(i16::MAX).powi(2));
    assert!((-20.0..-10.0).contains(&power), "{power}");
}

#[test]
fn digits_that_go_as_events_end_the_silence_for_half_a_second() {
    let mut bench = room(Pcmu, PacketTime::Ms20);
    let mut settings = settings(&bench.phones[1]);
    let send = |send| SendSettings {
        noise: Some(NOISE),
        events: Some(EVENTS),
        ..send
    };
    settings.send = settings.send.map(send);
    let stream = StreamRef(1);
    bench.command(Command::Modify { stream, settings });
    run_with(&mut bench, &[], 40);
    assert_eq!(bench.phones[1].noise.len(), 1);
    bench.command(Command::Play {
        signal: SignalRef(1),
        stream,
        sound: Sound::Dtmf {
            digit: Dtmf(5),
            time: Duration::from_millis(100),
        },
        direction: Direction::External,
    });
    run_with(&mut bench, &[], 60);
    let phone = &bench.phones[1];
    let last = phone.events.last().expect("events").sequence;
    let behind: Vec<&Received> = (phone.received.iter())
        .filter(|one| one.sequence.wrapping_sub(last) < 100)
        .collect();
    assert!(
        behind[0].marker && (20..=25).contains(&behind.len()),
        "{}",
        behind.len()
    );
    assert_eq!(phone.noise.len(), 2);
    let among = (phone.events.iter().map(|event| event.sequence)).collect::<Vec<_>>();
    assert!(among.windows(2).all(|two| two[1] == two[0].wrapping_add(1)));
}

#[test]
fn a_modify_and_a_mode_end_what_was_told_and_a_move_does_not() {
    let mut bench = room(Pcmu, PacketTime::Ms20);
    run_with(&mut bench, &[], 60);
    assert_eq!(bench.phones[1].noise.len(), 1);
    agree(&mut bench, 1, false, false);
    run_with(&mut bench, &[], 60);
    let Phone {
        received, noise, ..
    } = &bench.phones[1];
    assert_eq!((received.len(), noise.len()), (24 + 60, 1));
    assert!(received[24].marker && !received[25].marker);
    agree(&mut bench, 1, false, true);
    run_with(&mut bench, &[], 30);
    let group = GroupId(2);
    bench.command(Command::Move {
        stream: StreamRef(1),
        group,
    });
    run_with(&mut bench, &[], 30);
    let Phone {
        received, noise, ..
    } = &bench.phones[1];
    assert_eq!((received.len(), noise.len()), (84 + 24, 2));
    let mut inactive = settings(&bench.phones[1]);
    (inactive.listens, inactive.contributes) = (false, false);
    inactive.send = inactive.send.map(|send| SendSettings {
        noise: Some(NOISE),
        ..send
    });
    let (stream, settings) = (StreamRef(1), inactive);
    bench.command(Command::Modify { stream, settings });
    run_with(&mut bench, &[], 100);
    let Phone {
        received, noise, ..
    } = &bench.phones[1];
    assert_eq!((received.len(), noise.len()), (108, 2));
}
