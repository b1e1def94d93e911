//! Streams whose far side is a simulated line.

use super::*;
use crate::{
    FRAME, Far, Line, Peer,
    testing::{amplitude, format},
};

/// A bench with these lines.
fn with_lines(lines: Vec<Line>) -> Bench {
    Bench::with(Config {
        lines,
        ..Config::default()
    })
}

fn line(far: Far, recorded: bool) -> Line {
    Line { far, recorded }
}

/// Opens a stream to a line in group 1, both ways.
fn open_line(bench: &mut Bench, stream: u32, number: u32) {
    let settings = StreamSettings::member();
    bench.command(Command::OpenLine {
        stream: StreamRef(stream),
        line: LineRef(number),
        group: GroupId(1),
        settings,
    });
}

#[test]
fn a_phone_hears_the_lines_and_a_recorded_line_hears_the_phone() {
    let tone = Far::Tone { hz: 1000, dbm0: -9 };
    let mut bench = with_lines(vec![line(tone, true), line(Far::Silence, false)]);
    bench.join(1, Pcmu);
    open_line(&mut bench, 100, 0);
    open_line(&mut bench, 101, 1);
    bench.run(50);
    assert!(bench.phones[0].hears(1000.0, WINDOW) > AUDIBLE);
    let heard: Vec<i16> = bench.recorded.iter().flat_map(|(_, s)| s.clone()).collect();
    assert!(
        bench
            .recorded
            .iter()
            .all(|(of, _)| *of == crate::Source::Line(LineRef(0)))
    );
    assert_eq!(heard.len(), 50 * FRAME);
    let late = &heard[25 * FRAME..];
    assert!(amplitude(late, bench.phones[0].tone) > AUDIBLE);
    assert!(amplitude(late, 1000.0) < INAUDIBLE);
    let octets = 50 * FRAME as u64;
    let counts = |octets_received| StreamStatistics {
        octets_sent: octets,
        octets_received,
        ..StreamStatistics::default()
    };
    assert_eq!(bench.statistics(100), counts(octets));
    assert_eq!(bench.statistics(101), counts(0));
}

#[test]
fn recorded_sound_begins_anew_with_each_stream_and_ends_where_it_is_not_looped() {
    let samples = square(1600);
    let once = Far::Samples {
        samples: samples.clone(),
        looped: false,
    };
    let looped = Far::Samples {
        samples,
        looped: true,
    };
    let mut bench = with_lines(vec![line(once, false), line(looped, false)]);
    bench.join(1, Pcmu);
    let hears = |bench: &Bench| bench.phones[0].hears(1000.0, 5) > AUDIBLE;
    for (stream, number, on) in [(1, 0, false), (2, 0, false), (3, 1, true)] {
        open_line(&mut bench, stream, number);
        bench.run(8);
        assert!(hears(&bench));
        bench.run(20);
        assert_eq!(hears(&bench), on);
        let (stream, ticket) = (StreamRef(stream), Ticket(0));
        bench.command(Command::Close { stream, ticket });
    }
}

#[test]
fn a_phone_that_does_not_speak_is_silent_but_for_what_it_dials_and_goes_on_afterwards() {
    let samples = square(1600);
    let far = Far::Samples {
        samples,
        looped: false,
    };
    let mut bench = with_lines(vec![line(far, false)]);
    bench.join(1, Pcmu);
    open_line(&mut bench, 100, 0);
    let stream = StreamRef(100);
    let speak = |bench: &mut Bench, speaks| bench.command(Command::Speak { stream, speaks });
    speak(&mut bench, false);
    bench.run(40);
    assert!(bench.phones[0].hears(1000.0, WINDOW) < INAUDIBLE);
    assert_eq!(bench.statistics(100).octets_received, 0);
    let (digit, time) = (Dtmf(1), Duration::from_millis(400));
    bench.command(Command::Play {
        signal: SignalRef(1),
        stream,
        sound: Sound::Dtmf { digit, time },
        direction: Direction::Received,
    });
    bench.run(18);
    assert!(bench.phones[0].hears(697.0, 10) > AUDIBLE);
    assert!(bench.phones[0].hears(1000.0, 10) < INAUDIBLE);
    bench.run(20);
    speak(&mut bench, true);
    bench.run(8);
    assert!(bench.phones[0].hears(1000.0, 5) > AUDIBLE);
}

#[test]
fn a_line_has_one_stream_at_a_time_and_one_that_is_not_there_has_none() {
    let mut bench = with_lines(vec![Line::default()]);
    open_line(&mut bench, 1, 0);
    open_line(&mut bench, 2, 0);
    open_line(&mut bench, 3, 1);
    assert_eq!(bench.engine.counters().opens_refused, 2);
    let (stream, ticket) = (StreamRef(1), Ticket(0));
    bench.command(Command::Close { stream, ticket });
    open_line(&mut bench, 2, 0);
    assert_eq!(bench.engine.counters().opens_refused, 2);
}

#[test]
fn a_shell_that_takes_no_recording_costs_frames_but_no_memory() {
    let mut bench = with_lines(vec![line(Far::Silence, true)]);
    open_line(&mut bench, 1, 0);
    for tick in 1..=50 {
        let at = bench.now + Duration::from_millis(20 * tick);
        bench.engine.handle_timeout(at);
    }
    assert_eq!(bench.engine.counters().transmits_dropped, 48);
}

#[test]
fn a_line_may_have_an_rtp_peer_who_hears_and_is_heard() {
    // The second phone of another bench is the peer.
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.join(1, Pcma);
    let Phone { port, address, .. } = bench.phones[1];
    let peer = Peer {
        port,
        to: address,
        format: format(Pcma),
        events: Some(EVENTS),
    };
    let mut other = with_lines(vec![line(Far::Peer(peer), true); 2]);
    other.join(1, Pcmu);
    other.phones.push(bench.phones.remove(1));
    open_line(&mut other, 100, 0);
    // Another line cannot have the same port.
    open_line(&mut other, 101, 1);
    assert_eq!(other.engine.counters().opens_refused, 1);
    other.run(50);
    assert_matrix(&other, &[&[0, 1], &[1, 0]]);
    assert_eq!(other.recorded.len(), 50);
    other.command(Command::Play {
        signal: SignalRef(1),
        stream: StreamRef(100),
        sound: Sound::Dtmf {
            digit: Dtmf(1),
            time: Duration::from_millis(100),
        },
        direction: Direction::External,
    });
    other.run(10);
    assert_eq!(other.phones[1].events.len(), 7);
    for _ in 0..2 {
        let ticket = Ticket(0);
        let stream = StreamRef(100);
        other.command(Command::Close { stream, ticket });
        open_line(&mut other, 100, 0);
        other.run(50);
        assert_matrix(&other, &[&[0, 1], &[1, 0]]);
    }
}
