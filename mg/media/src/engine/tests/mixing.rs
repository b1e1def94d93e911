//! What is heard in rooms: the same by all who say nothing, in one packet, without clicks.

use std::{f64::consts::TAU, num::NonZeroUsize};

use mg_contract::{AudioCodec, PacketTime};

use super::*;

/// How far a phone's tone of 500 Hz goes from one sample to the next, and what G.711 adds.
const STEP: i32 = 3_700;

fn steepest(received: &[Received]) -> i32 {
    let samples: Vec<i32> = received
        .iter()
        .flat_map(|packet| packet.samples.iter().copied().map(i32::from))
        .collect();
    let steps = samples.windows(2).map(|two| (two[1] - two[0]).abs());
    steps.max().unwrap_or_default()
}

/// Lets some phones send for so many ticks; the others say nothing.
pub(super) fn run_with(bench: &mut Bench, talking: &[usize], ticks: usize) {
    for _ in 0..ticks {
        for &n in talking {
            let frame = bench.phones[n].codec.rate().frame();
            let octets = bench.phones[n].packet(frame as u32);
            bench.arrive(n, &octets);
        }
        bench.tick();
    }
}

#[test]
fn who_says_nothing_is_sent_what_all_others_are_and_it_is_encoded_once() {
    let mut bench = Bench::new();
    for _ in 0..20 {
        bench.join(1, Pcmu);
    }
    for _ in 0..5 {
        bench.join(1, Pcma);
    }
    run_with(&mut bench, &[0, 1, 2], 50);
    let before = bench.engine.counters();
    run_with(&mut bench, &[0, 1, 2], 10);
    let after = bench.engine.counters();
    // One for each of those who talk, and one for each codec.
    assert_eq!(after.encoded - before.encoded, 10 * (3 + 2));
    let last = |phone: usize| &bench.phones[phone].received.last().unwrap().payload;
    assert!((4..20).all(|phone| last(phone) == last(3)));
    assert!((0..3).all(|phone| last(phone) != last(3)));
    for talker in 0..3 {
        for listener in 0..25 {
            let heard = bench.phones[listener].hears(bench.phones[talker].tone, WINDOW);
            assert_eq!(heard > AUDIBLE, listener != talker, "{listener} {talker}");
        }
    }
}

#[test]
fn nothing_clicks_when_someone_comes_moves_is_silenced_or_goes() {
    let mut bench = Bench::new();
    for _ in 0..3 {
        bench.join(1, Pcmu);
    }
    // No frame ends where the tone is 0.
    bench.phones[1].packet(22);
    run_with(&mut bench, &[1], 40);
    for (stream, group) in [(1, 2), (1, 1), (0, 2), (0, 1), (2, 3), (2, 1)] {
        let (stream, group) = (StreamRef(stream), GroupId(group));
        bench.command(Command::Move { stream, group });
        run_with(&mut bench, &[1], 7);
    }
    let mut silenced = settings(&bench.phones[1]);
    silenced.contributes = false;
    for contributes in [false, true] {
        silenced.contributes = contributes;
        let (stream, settings) = (StreamRef(1), silenced.clone());
        bench.command(Command::Modify { stream, settings });
        run_with(&mut bench, &[1], 7);
    }
    // One who is looped back is forgotten where it was decoded, and has just been heard all the same.
    let stream = StreamRef(1);
    for (loopback, group) in [(true, 2), (false, 1)] {
        let settings = StreamSettings {
            loopback,
            ..settings(&bench.phones[1])
        };
        bench.command(Command::Modify { stream, settings });
        let group = GroupId(group);
        bench.command(Command::Move { stream, group });
        run_with(&mut bench, &[1], 7);
    }
    bench.command(Command::Close {
        stream: StreamRef(1),
        ticket: Ticket(1),
    });
    run_with(&mut bench, &[], 7);
    for phone in [0, 2] {
        let steepest = steepest(&bench.phones[phone].received);
        assert!(steepest < STEP, "{phone}: {steepest}");
        assert!(steepest > 3_000, "{phone}: {steepest}");
    }
}

#[test]
fn who_does_not_listen_hears_nothing_of_a_group_after_a_move_either() {
    let mut bench = Bench::new();
    for _ in 0..3 {
        bench.join(1, Pcmu);
    }
    run_with(&mut bench, &[0, 2], 20);
    let stream = StreamRef(1);
    let listening = settings(&bench.phones[1]);
    let mut deaf = listening.clone();
    deaf.listens = false;
    for settings in [deaf, listening] {
        bench.phones[1].received.clear();
        bench.command(Command::Modify { stream, settings });
        run_with(&mut bench, &[0, 2], 5);
        let group = GroupId(2);
        bench.command(Command::Move { stream, group });
    }
    let heard = bench.phones[1]
        .received
        .iter()
        .flat_map(|packet| &packet.samples);
    assert_eq!(heard.copied().map(i16::unsigned_abs).max(), Some(0));
}

#[test]
fn of_many_who_talk_the_loudest_are_heard_and_the_others_hear_them() {
    let mut bench = Bench::with(Config {
        loudest: NonZeroUsize::new(2),
        ..Config::default()
    });
    for _ in 0..4 {
        bench.join(1, Pcmu);
    }
    let say = |bench: &mut Bench, amplitudes: [f64; 4]| {
        for _ in 0..50 {
            for (n, amplitude) in amplitudes.into_iter().enumerate() {
                let octets = bench.phones[n].packet_as_loud(160, amplitude);
                bench.arrive(n, &octets);
            }
            bench.tick();
        }
    };
    let hears = |bench: &Bench, listener: usize, talker: usize| {
        bench.phones[listener].hears(bench.phones[talker].tone, WINDOW)
    };
    say(&mut bench, [8_000.0, 2_000.0, 4_000.0, 1_000.0]);
    assert!(hears(&bench, 3, 0) > AUDIBLE && hears(&bench, 3, 2) > 3_500.0);
    assert!(hears(&bench, 3, 1) < INAUDIBLE);
    // One who is heard stays so until another is clearly louder.
    say(&mut bench, [8_000.0, 5_000.0, 4_000.0, 1_000.0]);
    assert!(hears(&bench, 3, 2) > 3_500.0 && hears(&bench, 3, 1) < INAUDIBLE);
    say(&mut bench, [8_000.0, 7_000.0, 4_000.0, 1_000.0]);
    assert!(hears(&bench, 3, 2) < INAUDIBLE && hears(&bench, 3, 1) > AUDIBLE);
    assert!(hears(&bench, 0, 0) < INAUDIBLE && hears(&bench, 0, 1) > AUDIBLE);
}

/// Ten who talk at once, each with a tone below 80 Hz, so that any other step stands out.
const TALKERS: usize = 10;
/// Samples by which they become as loud as they will be.
const GLIDE: usize = 1_600;
/// How loud those are who are among the loudest, and how loud the others.
const LOUD: f64 = 4_000.0;
const LOW: f64 = 1_000.0;

/// Has all of them say a second, at the end of which the `loud` ones are those.
fn say_at_once(bench: &mut Bench, before: &[usize], loud: &[usize]) {
    let level = |n: usize, loud: &[usize]| if loud.contains(&n) { LOUD } else { LOW };
    for packet in 0..50 {
        for n in 0..TALKERS {
            let (from, to) = (level(n, before), level(n, loud));
            let (tone, said) = (bench.phones[n].tone, bench.phones[n].samples_sent);
            let sample = |at: usize| {
                let glide = ((packet * 160 + at).min(GLIDE) as f64) / GLIDE as f64;
                let turn = TAU * tone * f64::from(said + at as u32) / 8_000.0;
                ((from + (to - from) * glide) * (turn + n as f64).sin()) as i16
            };
            let samples: Vec<i16> = (0..160).map(sample).collect();
            let octets = bench.phones[n].packet_of(&samples);
            bench.arrive(n, &octets);
        }
        bench.tick();
    }
}

#[test]
fn of_ten_who_talk_everybody_hears_the_three_loudest_and_no_change_of_them_clicks() {
    let mut bench = Bench::with(Config {
        loudest: NonZeroUsize::new(3),
        ..Config::default()
    });
    // One more who says nothing.
    for n in 0..=TALKERS {
        bench.join(1, AudioCodec::L16(Rate::Narrow));
        bench.phones[n].tone = (40 + 4 * n) as f64;
    }
    let turns: [[usize; 3]; 4] = [[0, 4, 9], [1, 4, 8], [3, 5, 6], [9, 0, 7]];
    let mut before = turns[0];
    for loud in turns {
        say_at_once(&mut bench, &before, &loud);
        for listener in 0..=TALKERS {
            for talker in 0..TALKERS {
                let heard = bench.phones[listener].hears(bench.phones[talker].tone, WINDOW);
                let is_heard = loud.contains(&talker) && talker != listener;
                let wanted = if is_heard { LOUD } else { 0.0 };
                assert!(
                    (heard - wanted).abs() < 40.0,
                    "{loud:?}: {listener} hears {talker} at {heard:.0}, not {wanted}"
                );
            }
        }
        before = loud;
    }
    // The three steepest tones, and one that comes within 5 ms as another goes.
    let own: f64 = (TALKERS - 3..TALKERS)
        .map(|n| LOUD * TAU * bench.phones[n].tone / 8_000.0)
        .sum();
    let most = own + 2.0 * LOUD / 40.0;
    for phone in &bench.phones {
        let steepest = f64::from(steepest(&phone.received));
        assert!(
            steepest < most && steepest > own / 2.0,
            "{steepest}, at most {most:.0}"
        );
    }
}

#[test]
fn packets_of_every_length_hold_the_same_without_ones_own_voice() {
    for (time, samples, packets) in [
        (PacketTime::Ms10, 80, 120),
        (PacketTime::Ms40, 320, 30),
        (PacketTime::Ms60, 480, 20),
    ] {
        let mut bench = Bench::new();
        bench.join(1, Pcmu);
        bench.join_with(1, Pcmu, time);
        bench.join_with(1, Pcmu, time);
        run_with(&mut bench, &[0], 31);
        // One begins to talk in the middle of what would have been a packet of all.
        run_with(&mut bench, &[0, 1], 29);
        for phone in [1, 2] {
            let received = &bench.phones[phone].received;
            assert!(received.len().abs_diff(packets) <= 1, "{}", received.len());
            for two in received.windows(2) {
                assert_eq!(two[1].time_stamp.wrapping_sub(two[0].time_stamp), samples);
                assert_eq!(two[1].sequence, two[0].sequence.wrapping_add(1));
                assert_eq!(two[1].samples.len(), samples as usize);
            }
            assert!(steepest(received) < 2 * STEP);
            let last = received.len() * 2 / 5;
            assert!(bench.phones[phone].hears(bench.phones[0].tone, last) > AUDIBLE);
            let own = bench.phones[phone].hears(bench.phones[1].tone, last);
            assert_eq!(own > AUDIBLE, phone == 2, "{time:?} {own}");
            assert!(phone == 2 || own < INAUDIBLE, "{time:?} {own}");
        }
    }
}

#[test]
fn gain_makes_one_louder_for_all_and_never_cuts() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.join(1, Pcmu);
    for (gain, least, most) in [
        (-20, 790.0, 810.0),
        (0, 7_900.0, 8_100.0),
        (20, 28_000.0, 38_000.0),
    ] {
        let mut settings = settings(&bench.phones[1]);
        settings.gain = gain;
        let stream = StreamRef(1);
        bench.command(Command::Modify { stream, settings });
        run_with(&mut bench, &[1], 50);
        let heard = bench.phones[0].hears(bench.phones[1].tone, WINDOW);
        assert!((least..most).contains(&heard), "{gain} dB: {heard}");
    }
}

#[test]
fn an_announcement_lowers_those_who_talk_while_it_plays() {
    for (direction, lowered) in [(Direction::External, [1, 0]), (Direction::Internal, [1, 1])] {
        let announcements = [(7, square(8_000))].into_iter().collect();
        let mut bench = Bench::with(Config {
            announcements,
            ..Config::default()
        });
        for _ in 0..3 {
            bench.join(1, Pcmu);
        }
        run_with(&mut bench, &[2], 10);
        bench.command(Command::Play {
            signal: SignalRef(1),
            stream: StreamRef(0),
            sound: Sound::Announcement {
                number: 7,
                cycles: Some(1),
                duck: 12,
            },
            direction,
        });
        run_with(&mut bench, &[2], 40);
        let hears =
            |bench: &Bench, phone: usize| bench.phones[phone].hears(bench.phones[2].tone, WINDOW);
        for (phone, lowered) in lowered.into_iter().enumerate() {
            let wanted = if lowered == 1 { 2_010.0 } else { 8_000.0 };
            let heard = hears(&bench, phone);
            assert!(
                (heard - wanted).abs() < 150.0,
                "{direction:?} {phone}: {heard}"
            );
        }
        run_with(&mut bench, &[2], 40);
        assert!(hears(&bench, 0) > 7_800.0 && hears(&bench, 1) > 7_800.0);
    }
}

#[test]
fn who_talks_is_told_with_how_loud_and_for_how_long() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.command(Command::Detect {
        stream: StreamRef(0),
        tones: Detected {
            talk: true,
            ..Detected::default()
        },
    });
    run_with(&mut bench, &[0], 20);
    run_with(&mut bench, &[], 40);
    let found = detection::found(&mut bench);
    // What is played in place of what is missing belongs to it.
    let [began, ended] = &found[..] else {
        panic!("{found:?}")
    };
    assert!(
        began == "+talk -15" && ended.starts_with("-talk 4"),
        "{found:?}"
    );
}
