use mg_contract::{Direction, Sound, StreamSettings, Ticket};

use super::*;

fn open(stream: u32, port: u16, group: u32) -> Command {
    Command::Open {
        stream: StreamRef(stream),
        port: RtpPort(port),
        group: GroupId(group),
        settings: StreamSettings::member(),
    }
}

fn moved(stream: u32, group: u32) -> Command {
    Command::Move {
        stream: StreamRef(stream),
        group: GroupId(group),
    }
}

fn close(stream: u32) -> Command {
    Command::Close {
        stream: StreamRef(stream),
        ticket: Ticket(0),
    }
}

fn ways(routes: &mut Routes, command: &Command) -> Vec<Way> {
    let mut ways = Vec::new();
    routes.route(command.clone(), &mut ways);
    ways
}

fn done(thread: Thread, stream: u32, command: Command) -> Way {
    Way::Do(thread, About(Some(StreamRef(stream)), None), command)
}

#[test]
fn groups_are_spread_and_their_streams_are_together() {
    let mut routes = Routes::new(2, Vec::new(), 0);
    for (stream, group, thread) in [(1, 1, 0), (2, 2, 1), (3, 1, 0), (4, 3, 0), (5, 4, 1)] {
        let (port, command) = (
            RtpPort(2 * stream as u16),
            open(stream, 2 * stream as u16, group),
        );
        let wanted = [
            Way::Give(thread, port),
            done(thread, stream, command.clone()),
        ];
        assert_eq!(ways(&mut routes, &command), wanted);
    }
    assert_eq!(routes.loads, [2 * WEIGHT_LEAST; 2]);
}

#[test]
fn a_stream_is_carried_to_the_thread_of_its_group_and_a_new_group_stays_where_it_is() {
    let mut routes = Routes::new(2, Vec::new(), 0);
    for (stream, group) in [(1, 1), (2, 2), (3, 1)] {
        ways(&mut routes, &open(stream, 2 * stream as u16, group));
    }
    let command = moved(3, 3);
    assert_eq!(ways(&mut routes, &command), [done(0, 3, command)]);
    let (stream, group) = (StreamRef(3), GroupId(2));
    let carry = Way::Carry {
        from: 0,
        to: 1,
        stream,
        group,
    };
    assert_eq!(
        ways(&mut routes, &moved(3, 2)),
        [Way::Expect(1, stream), carry]
    );
    let command = close(3);
    assert_eq!(ways(&mut routes, &command), [done(1, 3, command)]);
    assert_eq!(routes.loads, [WEIGHT_LEAST; 2]);
}

#[test]
fn a_group_that_begins_with_a_move_leaves_an_overloaded_thread() {
    let mut routes = Routes::new(2, Vec::new(), 0);
    for stream in 0..20 {
        ways(&mut routes, &open(stream, 2 * stream as u16 + 2, 1));
    }
    let to = |ways: &[Way]| matches!(ways, [Way::Expect(1, _), Way::Carry { to: 1, .. }]);
    assert!(to(&ways(&mut routes, &moved(0, 7))));
    assert_eq!(routes.loads, [19, WEIGHT_LEAST]);
}

#[test]
fn a_free_pair_is_handed_to_the_thread_that_opens_a_stream_on_it() {
    let mut routes = Routes::new(2, vec![None, Some(RtpPort(8))], 0);
    ways(&mut routes, &open(1, 2, 1));
    ways(&mut routes, &open(2, 4, 2));
    ways(&mut routes, &close(1));
    let command = open(3, 2, 2);
    let (from, to, port, had, stream) = (0, 1, RtpPort(2), StreamRef(1), StreamRef(3));
    let hand = Way::Hand {
        from,
        to,
        port,
        had,
        stream,
    };
    let opened = Way::Do(1, About(Some(stream), Some(had)), command.clone());
    assert_eq!(
        ways(&mut routes, &command),
        [Way::Expect(1, stream), hand, opened]
    );
    let command = Command::OpenLine {
        stream: StreamRef(4),
        line: LineRef(1),
        group: GroupId(2),
        settings: StreamSettings::member(),
    };
    let wanted = [Way::Give(1, RtpPort(8)), done(1, 4, command.clone())];
    assert_eq!(ways(&mut routes, &command), wanted);
}

#[test]
fn a_signal_goes_with_its_stream_and_is_forgotten_with_it() {
    let mut routes = Routes::new(2, Vec::new(), 0);
    for stream in [1, 2] {
        ways(&mut routes, &open(stream, 2 * stream as u16, stream));
    }
    let play = |signal| Command::Play {
        signal: SignalRef(signal),
        stream: StreamRef(1),
        sound: Sound::Loop,
        direction: Direction::External,
    };
    let stop = |signal| Command::Stop {
        signal: SignalRef(signal),
    };
    for signal in [5, 6, 7] {
        assert_eq!(ways(&mut routes, &play(signal)), [done(0, 1, play(signal))]);
    }
    ways(&mut routes, &moved(1, 2));
    assert_eq!(ways(&mut routes, &stop(5)), [done(1, 1, stop(5))]);
    assert_eq!(ways(&mut routes, &stop(5)), []);
    assert_eq!(routes.played(SignalRef(6)), Some(StreamRef(1)));
    ways(&mut routes, &close(1));
    assert_eq!(ways(&mut routes, &stop(7)), []);
    assert!(routes.signals.is_empty());
}

#[test]
fn a_thread_is_given_enough_before_another_wakes_and_opus_weighs_more() {
    let mut routes = Routes::new(3, Vec::new(), 10);
    for stream in 0..10 {
        ways(&mut routes, &open(stream, 2 * stream as u16 + 2, 0));
    }
    assert_eq!(routes.loads, [10, 0, 0]);
    ways(&mut routes, &open(10, 40, 10));
    assert_eq!(routes.loads, [10, WEIGHT_LEAST, 0]);
    let format = mg_contract::PayloadFormat {
        payload_type: 96,
        codec: AudioCodec::Opus(mg_contract::Opus::default()),
    };
    let to = ([192, 0, 2, 1], 4_000).into();
    let mut opus = StreamSettings::member();
    opus.send = Some(mg_contract::SendSettings {
        to,
        rtcp_to: to,
        format,
        packet_time: mg_contract::PacketTime::Ms20,
        events: None,
        noise: None,
    });
    let (stream, settings) = (StreamRef(10), opus);
    ways(&mut routes, &Command::Modify { stream, settings });
    assert_eq!(routes.loads, [10, 16, 0]);
    ways(&mut routes, &open(11, 42, 11));
    assert_eq!(routes.loads, [10, 16, WEIGHT_LEAST]);
    ways(&mut routes, &close(10));
    assert_eq!(routes.loads, [10, 0, WEIGHT_LEAST]);
}

#[test]
fn groups_that_begin_with_one_stream_each_are_spread_before_the_others_follow() {
    let mut routes = Routes::new(2, Vec::new(), 2 * WEIGHT_LEAST);
    for round in 0..WEIGHT_LEAST as u32 {
        for group in 0..4 {
            let stream = 4 * round + group;
            ways(&mut routes, &open(stream, 2 * stream as u16 + 2, group));
        }
        assert_eq!(routes.loads, [2 * WEIGHT_LEAST; 2], "round {round}");
    }
}
