//! Streams that are carried from one engine to another.

use std::{mem, time::UNIX_EPOCH};

use super::*;
use crate::Config;

/// Two engines that were begun at one instant, and who is at the second.
struct Two {
    bench: Bench,
    second: Engine,
    there: Vec<usize>,
}

impl Two {
    /// Starts with phones in groups of the first engine.
    fn new(groups: &[u32]) -> Self {
        let mut bench = Bench::new();
        let second = Engine::new(Config::default(), 7, (bench.now, UNIX_EPOCH), bench.now);
        for &group in groups {
            bench.join(group, Pcmu);
        }
        Self {
            bench,
            second,
            there: Vec::new(),
        }
    }

    /// Carries a phone's stream over, as it is after the last tick.
    fn carry(&mut self, phone: usize, group: u32) {
        let stream = StreamRef(phone as u32);
        let parcel = self.bench.engine.release(stream, GroupId(group)).unwrap();
        assert_eq!(parcel.port(), Some(self.bench.phones[phone].port));
        self.second.adopt(parcel).unwrap();
        self.there.push(phone);
    }

    fn run(&mut self, ticks: usize) {
        for _ in 0..ticks {
            let at = self.bench.now + Duration::from_millis(20);
            self.bench.now += Duration::from_millis(7);
            for phone in 0..self.bench.phones.len() {
                let octets = self.bench.phones[phone].packet(160);
                let there = self.there.contains(&phone);
                self.at(there, |bench| bench.arrive(phone, &octets));
            }
            self.at(false, |bench| bench.tick_at(at));
            self.at(true, |bench| bench.tick_at(at));
        }
    }

    fn at(&mut self, second: bool, act: impl FnOnce(&mut Bench)) {
        if second {
            mem::swap(&mut self.bench.engine, &mut self.second);
        }
        act(&mut self.bench);
        if second {
            mem::swap(&mut self.bench.engine, &mut self.second);
        }
    }
}

#[test]
fn a_stream_runs_on_in_another_engine_and_hears_the_room_there() {
    let mut two = Two::new(&[1, 1, 2, 2]);
    two.run(50);
    two.carry(2, 2);
    two.carry(3, 2);
    two.run(50);
    assert_matrix(
        &two.bench,
        &[&[0, 1, 0, 0], &[1, 0, 0, 0], &[0, 0, 0, 1], &[0, 0, 1, 0]],
    );
    two.carry(1, 2);
    two.run(50);
    assert_matrix(
        &two.bench,
        &[&[0, 0, 0, 0], &[0, 0, 1, 1], &[0, 1, 0, 1], &[0, 1, 1, 0]],
    );
    for phone in &two.bench.phones {
        assert_continuous(&phone.received[..]);
        assert_eq!(phone.received.len(), 150);
    }
    // Nobody who stayed in his room has heard a gap in it.
    let heard: Vec<i16> = two.bench.phones[3].received[20..]
        .iter()
        .flat_map(|packet| packet.samples.clone())
        .collect();
    for part in heard.chunks(160) {
        assert!(crate::testing::amplitude(part, two.bench.phones[2].tone) > AUDIBLE / 2.0);
    }
    two.at(true, |bench| {
        let statistics = bench.statistics(1);
        assert_eq!(
            (statistics.packets_received, statistics.packets_sent),
            (150, 150)
        );
        assert_eq!(statistics.packets_lost, 0);
        let counters = bench.engine.counters();
        let usual = Counters {
            ticks: counters.ticks,
            encoded: counters.encoded,
            ..Counters::default()
        };
        assert_eq!(counters, usual);
    });
}

#[test]
fn signals_and_detection_go_with_a_stream() {
    let mut two = Two::new(&[1]);
    two.bench.phones[0].tone = 0.0;
    let tones = Detected {
        dtmf: true,
        ..Detected::default()
    };
    let stream = StreamRef(0);
    two.bench.command(Command::Detect { stream, tones });
    let digit = Sound::Dtmf {
        digit: Dtmf(5),
        time: Duration::from_millis(100),
    };
    for (signal, direction) in [(1, Direction::Received), (2, Direction::External)] {
        two.bench.command(Command::Play {
            signal: SignalRef(signal),
            stream,
            sound: digit.clone(),
            direction,
        });
    }
    two.run(1);
    two.carry(0, 9);
    two.at(true, |bench| {
        let signal = SignalRef(2);
        bench.command(Command::Stop { signal });
    });
    two.run(30);
    assert_eq!(two.bench.engine.poll_report(), None);
    let mut reports = Vec::new();
    while let Some(report) = two.second.poll_report() {
        reports.push(report);
    }
    let tone = Tone::Dtmf(Dtmf(5));
    assert!(reports.contains(&Report::ToneBegan { stream, tone }));
    let signal = SignalRef(1);
    let completed = true;
    let played: Vec<_> = reports
        .iter()
        .filter(|report| matches!(report, Report::Played { .. }))
        .collect();
    assert_eq!(played, [&Report::Played { signal, completed }]);
}

#[test]
fn no_tick_is_played_twice_and_one_that_was_missed_is_counted() {
    let mut two = Two::new(&[1, 1]);
    two.run(5);
    two.carry(1, 2);
    let at = two.bench.now + Duration::from_millis(20);
    two.at(false, |bench| bench.tick_at(at));
    // The first has played a tick that the second has still to play.
    let parcel = two.bench.engine.release(StreamRef(0), GroupId(2)).unwrap();
    let parcel = two.second.adopt(parcel).unwrap_err();
    two.at(true, |bench| bench.tick_at(at));
    two.second.adopt(parcel).unwrap();
    two.there.push(0);
    two.run(1);
    for phone in &two.bench.phones {
        assert_continuous(&phone.received);
        assert_eq!(phone.received.len(), 7);
    }
    let parcel = two.second.release(StreamRef(0), GroupId(1)).unwrap();
    two.run(2);
    two.second.adopt(parcel).unwrap();
    assert_eq!(two.second.counters().ticks_missed_moving, 2);
    two.run(1);
    let [.., before, after] = &two.bench.phones[0].received[..] else {
        panic!("packets were sent");
    };
    assert_eq!(after.sequence, before.sequence.wrapping_add(1));
    assert_eq!(after.time_stamp, before.time_stamp.wrapping_add(3 * 160));
}

#[test]
fn who_had_a_port_stays_out_of_it_in_another_engine_too() {
    let mut two = Two::new(&[1]);
    two.run(10);
    let former = two.bench.phones[0].address;
    let port = two.bench.phones[0].port;
    two.bench.engine.handle_command(
        Command::Close {
            stream: StreamRef(0),
            ticket: Ticket(1),
        },
        two.bench.now,
    );
    let parcel = two.bench.engine.release_port(port);
    two.second.adopt_port(parcel);
    let mut other = settings(&two.bench.phones[0]);
    if let Some(send) = &mut other.send {
        send.to = SocketAddr::from(([192, 0, 2, 99], 4000));
    }
    two.second.handle_command(
        Command::Open {
            stream: StreamRef(5),
            port,
            group: GroupId(5),
            settings: other,
        },
        two.bench.now,
    );
    let octets = two.bench.phones[0].packet(160);
    two.second.handle_rtp(port, &octets, former, two.bench.now);
    assert_eq!(two.second.counters().strangers, 1);
}
