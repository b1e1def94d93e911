//! Rooms in which every codec is spoken: each member hears all others at its own rate.

use mg_contract::{AudioCodec, Opus, PacketTime};

use super::{mixing::run_with, *};
use crate::testing::sounds;

const EVERY_CODEC: [AudioCodec; 7] = [
    AudioCodec::Pcmu,
    AudioCodec::Pcma,
    AudioCodec::G722,
    AudioCodec::L16(Rate::Narrow),
    AudioCodec::L16(Rate::Wide),
    AudioCodec::L16(Rate::Full),
    OPUS,
];
const OPUS: AudioCodec = AudioCodec::Opus(Opus {
    rate: Rate::Full,
    fec: false,
    dtx: false,
    bit_rate: 32_000,
});

#[test]
fn in_a_room_of_all_codecs_two_talk_and_all_hear_them_but_not_themselves() {
    for talking in [[0, 6], [2, 5], [4, 1], [6, 3]] {
        let mut bench = Bench::new();
        for codec in EVERY_CODEC {
            bench.join(1, codec);
        }
        run_with(&mut bench, &talking, 60);
        for listener in 0..EVERY_CODEC.len() {
            for talker in 0..EVERY_CODEC.len() {
                let heard = bench.phones[listener].hears(bench.phones[talker].tone, WINDOW);
                let wanted = listener != talker && talking.contains(&talker);
                let right = if wanted {
                    heard > AUDIBLE
                } else {
                    heard < 2.0 * INAUDIBLE
                };
                let [listener, talker] = [listener, talker].map(|n| EVERY_CODEC[n]);
                assert!(right, "{listener:?} hears {talker:?} at {heard:.0}");
            }
        }
    }
}

#[test]
fn three_of_two_hundred_talk_in_opus_and_four_packets_are_encoded_a_tick() {
    let mut bench = Bench::new();
    for _ in 0..200 {
        bench.join(1, OPUS);
    }
    run_with(&mut bench, &[0, 1, 2], 50);
    let before = bench.engine.counters().encoded;
    run_with(&mut bench, &[0, 1, 2], 25);
    assert_eq!(bench.engine.counters().encoded - before, 25 * 4);
    for listener in [3, 100, 199] {
        for talker in 0..3 {
            let heard = bench.phones[listener].hears(bench.phones[talker].tone, WINDOW);
            assert!(heard > AUDIBLE, "{listener} hears {talker} at {heard:.0}");
        }
    }
    let own = bench.phones[1].hears(bench.phones[1].tone, WINDOW);
    assert!(own < 2.0 * INAUDIBLE, "{own:.0}");
}

#[test]
fn who_begins_and_ends_to_talk_hears_the_others_without_a_break() {
    for (codec, time) in [
        (OPUS, PacketTime::Ms20),
        (OPUS, PacketTime::Ms60),
        (AudioCodec::G722, PacketTime::Ms20),
    ] {
        let mut bench = Bench::new();
        for _ in 0..3 {
            bench.join_with(1, codec, time);
        }
        for round in 0..6 {
            let talking: &[usize] = if round % 2 == 0 { &[0] } else { &[0, 1] };
            // A time that is no multiple of a packet's.
            run_with(&mut bench, talking, 61);
        }
        let [talker, listener] = [0, 2].map(|n| &bench.phones[n]);
        let (first, rate) = (talker.tone, codec.rate());
        let own = bench.phones[1].tone;
        let received = &bench.phones[1].received;
        let samples: Vec<i16> = received
            .iter()
            .flat_map(|one| one.samples.clone())
            .collect();
        // What is heard while encoders change is compared with what is heard while they do not.
        let settled = 40 * rate.frame();
        for (n, part) in samples[settled..].chunks_exact(rate.frame()).enumerate() {
            let heard = crate::testing::amplitude_at(rate, part, first);
            assert!(
                (6_500.0..9_500.0).contains(&heard),
                "{codec:?} {time:?} {n}: {heard:.0}"
            );
            let echo = crate::testing::amplitude_at(rate, part, own);
            assert!(
                echo < 1_000.0,
                "{codec:?} {time:?} {n}: own voice at {echo:.0}"
            );
        }
        assert!(listener.received.len() > 6 * 61 * 20 / time.millis() as usize - 4);
    }
}

#[test]
fn an_announcement_is_heard_at_the_rate_of_each_room_and_nothing_of_it_where_that_is_too_low() {
    const HIGH: u32 = 10_000;
    let high = sounds::tones(Rate::Full, 50, &[(HIGH, 8_000.0)]);
    let mut sound = Samples::new(Rate::Full, &*high);
    for rate in [Rate::Narrow, Rate::Wide] {
        sound = sound.with(rate, sounds::resampled(Rate::Full, rate, &high));
    }
    for codec in EVERY_CODEC {
        let mut bench = Bench::with(Config {
            announcements: [(7, sound.clone())].into(),
            ..Config::default()
        });
        bench.join(1, codec);
        bench.join(1, codec);
        bench.command(Command::Play {
            signal: SignalRef(1),
            stream: StreamRef(0),
            sound: Sound::Announcement {
                number: 7,
                cycles: None,
                duck: 0,
            },
            direction: Direction::Both,
        });
        run_with(&mut bench, &[], 45);
        for phone in &bench.phones {
            let level = phone.hears(HIGH.into(), WINDOW);
            let heard = phone.received[phone.received.len() - WINDOW..].iter();
            let all: Vec<i16> = heard.flat_map(|packet| packet.samples.clone()).collect();
            let loudness = sounds::power(&all).sqrt();
            match codec.rate() {
                // Half a decibel, which Opus may take.
                Rate::Full => assert!((level - 8_000.0).abs() < 450.0, "{codec:?}: {level:.0}"),
                // 55 dB below, all that there is: PCMA says 8 where there is silence.
                Rate::Narrow | Rate::Wide => assert!(loudness < 10.0, "{codec:?}: {loudness:.1}"),
            }
        }
    }
}
