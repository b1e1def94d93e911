//! What signals record, and when their files are complete.

use super::*;
use crate::{Source, testing::amplitude};

fn record(bench: &mut Bench, (signal, stream): (u32, u32), direction: Direction, ms: u64) {
    bench.command(Command::Play {
        signal: SignalRef(signal),
        stream: StreamRef(stream),
        sound: Sound::Record {
            name: "room".into(),
            time: Duration::from_millis(ms),
        },
        direction,
    });
}

/// What a signal recorded, and whether it has ended.
fn recorded(bench: &Bench, signal: u32) -> (Vec<i16>, bool) {
    let of = |(source, samples): &(Source, Vec<i16>)| {
        (*source == Source::Signal(SignalRef(signal))).then(|| samples.clone())
    };
    let frames: Vec<Vec<i16>> = bench.recorded.iter().filter_map(of).collect();
    let ended = frames.last().is_some_and(Vec::is_empty);
    (frames.concat(), ended)
}

/// Which phones' tones are in the last half second of what a signal recorded.
fn tones(bench: &Bench, signal: u32) -> Vec<usize> {
    let (samples, _) = recorded(bench, signal);
    let last = &samples[samples.len() - 4000..];
    let heard = |n: &usize| amplitude(last, bench.phones[*n].tone) > AUDIBLE;
    (0..bench.phones.len()).filter(heard).collect()
}

#[test]
fn each_direction_has_its_own_voices_and_follows_the_leg_to_where_it_moves() {
    let mut bench = Bench::new();
    for group in [1, 1, 2] {
        bench.join(group, Pcmu);
    }
    record(&mut bench, (1, 0), Direction::External, 60_000);
    record(&mut bench, (2, 0), Direction::Internal, 60_000);
    record(&mut bench, (3, 0), Direction::Both, 60_000);
    record(&mut bench, (4, 2), Direction::Both, 60_000);
    bench.run(60);
    let all = |bench: &Bench| [1, 2, 3, 4].map(|signal| tones(bench, signal));
    assert_eq!(all(&bench), [vec![0], vec![1], vec![0, 1], vec![2]]);
    let (stream, group) = (StreamRef(0), GroupId(2));
    bench.command(Command::Move { stream, group });
    bench.run(60);
    assert_eq!(all(&bench), [vec![0], vec![2], vec![0, 2], vec![0, 2]]);
    // The other room's voice is nowhere to be heard.
    let (samples, _) = recorded(&bench, 4);
    assert!(amplitude(&samples, bench.phones[1].tone) < INAUDIBLE);
    assert_eq!(samples.len(), 120 * 160);
}

#[test]
fn a_recording_ends_by_its_time_by_a_stop_and_with_its_stream() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    record(&mut bench, (1, 0), Direction::External, 400);
    record(&mut bench, (2, 0), Direction::Both, 60_000);
    record(&mut bench, (3, 0), Direction::Internal, 60_000);
    bench.run(30);
    let (samples, ended) = recorded(&bench, 1);
    assert_eq!((samples.len(), ended), (20 * 160, true));
    let report = bench.engine.poll_report();
    assert!(matches!(
        report,
        Some(Report::Played {
            signal: SignalRef(1),
            completed: true
        })
    ));
    bench.command(Command::Stop {
        signal: SignalRef(2),
    });
    bench.run(10);
    let (samples, ended) = recorded(&bench, 2);
    assert_eq!((samples.len(), ended), (30 * 160, true));
    let (stream, ticket) = (StreamRef(0), Ticket(0));
    bench.command(Command::Close { stream, ticket });
    while let Some(rest) = bench.engine.poll_recorded() {
        let rest = (rest.source, rest.samples.to_vec());
        bench.recorded.push(rest);
    }
    let (samples, ended) = recorded(&bench, 3);
    assert_eq!((samples.len(), ended), (40 * 160, true));
}

#[test]
fn what_cannot_record_says_so_and_is_over() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    record(&mut bench, (1, 7), Direction::External, 400);
    bench.run(1);
    assert!(recorded(&bench, 1).1);
    let report = bench.engine.poll_report();
    assert!(matches!(
        report,
        Some(Report::Played {
            signal: SignalRef(1),
            completed: false
        })
    ));
}

#[test]
fn who_is_sent_nowhere_hears_the_group_for_a_recording() {
    let mut bench = Bench::new();
    for group in [1, 1, 1, 2] {
        bench.join(group, Pcmu);
    }
    let settings = StreamSettings {
        contributes: false,
        send: None,
        ..settings(&bench.phones[2])
    };
    let stream = StreamRef(2);
    bench.command(Command::Modify { stream, settings });
    record(&mut bench, (1, 2), Direction::Internal, 60_000);
    record(&mut bench, (2, 2), Direction::Both, 60_000);
    bench.run(60);
    for signal in [1, 2] {
        assert_eq!(tones(&bench, signal), [0, 1]);
        assert_eq!(recorded(&bench, signal).0.len(), 60 * 160);
    }
    let (stream, group) = (StreamRef(2), GroupId(2));
    bench.command(Command::Move { stream, group });
    bench.run(60);
    assert_eq!(tones(&bench, 1), [3]);
}
