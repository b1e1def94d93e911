mod arrivals;
mod detection;
mod hush;
mod lines;
mod mixing;
mod noise;
mod parcels;
mod quality;
mod rates;
mod recording;
mod reports;
mod signals;
mod sources;
mod topology;
mod wire;

use std::{net::SocketAddr, time::Duration};

use mg_contract::{
    AudioCodec::{Pcma, Pcmu},
    Command, Detected, Direction, Dtmf, GroupId, Hears, LineRef, Rate, Report, RtpPort, SignalRef,
    Sound, StreamRef, StreamSettings, StreamStatistics, Ticket, Tone, ToneStep,
};

use super::*;
use crate::testing::{Bench, EVENTS, Phone, Received, events, settings};

/// What a phone's tone comes to, less what G.711 and windows take.
const AUDIBLE: f64 = 6000.0;
/// Above what G.711 adds to a silent frequency.
const INAUDIBLE: f64 = 200.0;
/// Half a second.
const WINDOW: usize = 25;

/// A square wave of 1,000 Hz.
fn square(samples: usize) -> Samples {
    let values = (0..samples).map(|n| [8000, -8000][n / 4 % 2]);
    Samples::new(Rate::Narrow, Vec::from_iter(values))
}

/// Asserts which tones each phone hears: `hears[listener][talker]`.
fn assert_matrix(bench: &Bench, hears: &[&[u8]]) {
    for (listener, row) in hears.iter().enumerate() {
        for (talker, &wanted) in row.iter().enumerate() {
            let heard = bench.phones[listener].hears(bench.phones[talker].tone, WINDOW);
            let right = if wanted == 1 {
                heard > AUDIBLE
            } else {
                heard < INAUDIBLE
            };
            assert!(
                right,
                "{listener} hears {talker} at {heard:.0}, wanted {wanted}"
            );
        }
    }
}

/// Asserts that packets follow each other without a gap.
fn assert_continuous(received: &[Received]) {
    for pair in received.windows(2) {
        assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1));
        assert_eq!(pair[1].time_stamp, pair[0].time_stamp.wrapping_add(160));
        assert_eq!(pair[1].ssrc, pair[0].ssrc);
        assert!(!pair[1].marker);
    }
}

#[test]
fn everyone_hears_everyone_in_the_group_but_himself() {
    let mut bench = Bench::new();
    for codec in [Pcmu, Pcma, Pcmu, Pcma] {
        bench.join(1, codec);
    }
    bench.run(50);
    assert_matrix(
        &bench,
        &[&[0, 1, 1, 1], &[1, 0, 1, 1], &[1, 1, 0, 1], &[1, 1, 1, 0]],
    );
}

#[test]
fn nothing_leaks_from_group_to_group() {
    let mut bench = Bench::new();
    for (group, codec) in [(1, Pcmu), (2, Pcmu), (1, Pcma), (2, Pcma)] {
        bench.join(group, codec);
    }
    bench.run(50);
    assert_matrix(
        &bench,
        &[&[0, 0, 1, 0], &[0, 0, 0, 1], &[1, 0, 0, 0], &[0, 1, 0, 0]],
    );
}

#[test]
fn a_move_leaves_no_gap_and_the_next_tick_is_the_new_group_alone() {
    let mut bench = Bench::new();
    for group in [1, 1, 2, 2] {
        bench.join(group, Pcmu);
    }
    bench.run(50);
    let before = bench.phones[0].received.len();
    bench.command(Command::Move {
        stream: StreamRef(0),
        group: GroupId(2),
    });
    // For 5 ms the new group comes in and the old one fades out.
    bench.run(1);
    assert!(bench.phones[0].hears(bench.phones[2].tone, 1) > AUDIBLE / 2.0);
    assert!(bench.phones[0].hears(bench.phones[1].tone, 1) < AUDIBLE / 2.0);
    // A frame holds whole periods of every tone, so the next one tells.
    bench.run(1);
    for (phone, talker, audible) in [
        (0, 1, false),
        (0, 2, true),
        (0, 3, true),
        (1, 0, false),
        (2, 0, true),
        (3, 0, true),
    ] {
        let heard = bench.phones[phone].hears(bench.phones[talker].tone, 1);
        assert_eq!(
            heard > AUDIBLE,
            audible,
            "{phone} hears {talker} at {heard:.0}"
        );
        assert!(
            audible || heard < INAUDIBLE,
            "{phone} hears {talker} at {heard:.0}"
        );
    }
    bench.run(48);
    assert_eq!(bench.phones[0].received.len(), before + 50);
    assert_matrix(
        &bench,
        &[&[0, 0, 1, 1], &[0, 0, 0, 0], &[1, 0, 0, 1], &[1, 0, 1, 0]],
    );
    for phone in &bench.phones {
        assert_continuous(&phone.received);
    }
}

#[test]
fn a_stream_alone_in_its_group_is_sent_silence_with_one_marker() {
    let mut bench = Bench::new();
    bench.join(1, Pcma);
    bench.run(100);
    let received = &bench.phones[0].received;
    assert_eq!(received.len(), 100);
    assert!(received[0].marker);
    assert_continuous(received);
    assert!(
        received
            .iter()
            .all(|packet| packet.samples.iter().all(|s| s.abs() <= 8))
    );
}

#[test]
fn the_mode_decides_who_talks_and_who_listens() {
    let mut bench = Bench::new();
    for _ in 0..3 {
        bench.join(1, Pcmu);
    }
    let mut changed = settings(&bench.phones[0]);
    changed.contributes = false;
    bench.command(Command::Modify {
        stream: StreamRef(0),
        settings: changed,
    });
    bench.run(50);
    assert_matrix(&bench, &[&[0, 1, 1], &[0, 0, 1], &[0, 1, 0]]);
}

#[test]
fn a_pause_keeps_the_numbers_and_the_time_stamps_go_on() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.run(10);
    let on = settings(&bench.phones[0]);
    let off = StreamSettings {
        listens: false,
        ..on.clone()
    };
    bench.command(Command::Modify {
        stream: StreamRef(0),
        settings: off,
    });
    bench.run(50);
    bench.command(Command::Modify {
        stream: StreamRef(0),
        settings: on,
    });
    bench.run(2);
    let received = &bench.phones[0].received;
    assert_eq!(received.len(), 12);
    let (before, after) = (&received[9], &received[10]);
    assert_eq!(after.sequence, before.sequence.wrapping_add(1));
    assert_eq!(after.time_stamp, before.time_stamp.wrapping_add(51 * 160));
    assert!(after.marker && !received[11].marker);
}

#[test]
fn loopback_sends_back_what_came_and_tells_the_group_nothing() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.join(1, Pcma);
    let mut changed = settings(&bench.phones[0]);
    (changed.contributes, changed.listens, changed.loopback) = (false, false, true);
    bench.command(Command::Modify {
        stream: StreamRef(0),
        settings: changed,
    });
    bench.run(50);
    assert_matrix(&bench, &[&[1, 0], &[0, 0]]);
}

#[test]
fn what_was_said_before_the_mode_changed_is_not_heard_after_it() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.join(2, Pcmu);
    let on = settings(&bench.phones[0]);
    let inactive = StreamSettings {
        contributes: false,
        listens: false,
        ..on.clone()
    };
    let loopback = StreamSettings {
        loopback: true,
        ..inactive.clone()
    };
    let stream = StreamRef(0);
    for meanwhile in [inactive, loopback] {
        bench.run(50);
        bench.command(Command::Modify {
            stream,
            settings: meanwhile,
        });
        bench.run(5);
        for (settings, group) in [(&on, 2), (&on, 1)] {
            let group = GroupId(group);
            bench.command(Command::Move { stream, group });
            let settings = settings.clone();
            bench.command(Command::Modify { stream, settings });
            // It says nothing any more, so that all that could be heard is old.
            for _ in 0..15 {
                bench.tick();
            }
            let heard = bench.phones[1].hears(bench.phones[0].tone, 15);
            assert!(heard < INAUDIBLE, "{heard:.0}");
        }
    }
}

#[test]
fn reordering_duplicates_and_five_percent_loss_are_survived() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.join(1, Pcma);
    let mut rng = fastrand::Rng::with_seed(3);
    let mut kept_back = None;
    let mut lost = 0;
    for _ in 0..1000 {
        let octets = bench.phones[0].packet(160);
        bench.now += Duration::from_millis(7);
        let overtaken = kept_back.take();
        match rng.u8(..100) {
            0..5 => lost += 1,
            5..15 if overtaken.is_none() => kept_back = Some(octets),
            15..25 => {
                bench.arrive(0, &octets);
                bench.arrive(0, &octets);
            }
            _ => bench.arrive(0, &octets),
        }
        if let Some(octets) = overtaken {
            bench.arrive(0, &octets);
        }
        bench.tick();
    }
    let statistics = bench.statistics(0);
    let expected = 1000 - lost - u64::from(kept_back.is_some());
    assert_eq!(statistics.packets_received, expected);
    assert!(lost > 30 && statistics.packets_lost.abs_diff(lost) <= 1);
    let counters = bench.engine.counters();
    assert!(counters.duplicates > 50, "{counters:?}");
    assert!(counters.late_packets < 3, "{counters:?}");
    let heard = bench.phones[1].hears(400.0, 900);
    assert!(heard > AUDIBLE, "{heard:.0}");
    // No frame of the listener is silent: every gap is concealed.
    let quiet = bench.phones[1].received[10..]
        .iter()
        .filter(|packet| packet.samples.iter().all(|sample| sample.abs() < 1000));
    assert_eq!(quiet.count(), 0);
}

#[test]
fn late_ticks_are_skipped_and_counted_and_time_stamps_keep_with_time() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.run(10);
    let (due, _why) = bench.engine.poll_timeout().unwrap();
    bench.tick_at(due + Duration::from_millis(115));
    assert_eq!(bench.engine.counters().late_ticks, 5);
    let received = &bench.phones[0].received;
    assert_eq!(received.len(), 11);
    assert_eq!(received[10].sequence, received[9].sequence.wrapping_add(1));
    assert_eq!(
        received[10].time_stamp,
        received[9].time_stamp.wrapping_add(6 * 160)
    );
    let (next, _why) = bench.engine.poll_timeout().unwrap();
    assert_eq!(next, due + Duration::from_millis(120));
}

#[test]
fn a_wake_up_too_early_or_twice_does_nothing() {
    let mut bench = Bench::new();
    assert_eq!(bench.engine.poll_timeout(), None);
    bench.join(1, Pcmu);
    bench.tick_at(bench.now + Duration::from_millis(19));
    assert_eq!(bench.phones[0].received.len(), 0);
    bench.tick();
    bench.tick_at(bench.now);
    assert_eq!(bench.phones[0].received.len(), 1);
}

#[test]
fn what_is_not_understood_is_counted_and_dropped() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.run(1);
    let good = bench.phones[0].packet(160);
    let with = |at: usize, octet: u8| {
        let mut octets = good.clone();
        octets[at] = octet;
        octets
    };
    bench.arrive(0, &with(0, 0x40));
    bench.arrive(0, &with(1, 96));
    bench.arrive(0, &[&good[..], &[0; 1200]].concat());
    bench
        .engine
        .handle_rtp(RtpPort(2), &good, bench.phones[0].address, bench.now);
    bench
        .engine
        .handle_rtcp(RtpPort(20_000), &good, bench.phones[0].address, bench.now);
    let counters = bench.engine.counters();
    assert_eq!((counters.malformed, counters.malformed_rtcp), (2, 1));
    assert_eq!(
        (counters.unknown_payload_type, counters.unknown_port),
        (1, 1)
    );
    assert_eq!(bench.statistics(0).packets_received, 1);
    assert_eq!(bench.statistics(0).packets_lost, 0);
}

#[test]
fn statistics_count_packets_and_octets_both_ways() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.run(50);
    let expected = StreamStatistics {
        packets_sent: 50,
        packets_received: 50,
        octets_sent: 8000,
        octets_received: 8000,
        packets_lost: 0,
        jitter: 0,
        delay: 0,
    };
    assert_eq!(bench.statistics(0), expected);
    bench.command(Command::Close {
        stream: StreamRef(0),
        ticket: Ticket(9),
    });
    let report = Report::Statistics {
        ticket: Ticket(9),
        statistics: expected,
    };
    assert_eq!(bench.engine.poll_report(), Some(report));
    assert_eq!(bench.engine.poll_timeout(), None);
}

#[test]
fn a_ticket_for_an_unknown_stream_is_answered_with_zeros() {
    let mut bench = Bench::new();
    for (stream, ticket) in [(StreamRef(1), Ticket(1)), (StreamRef(1), Ticket(2))] {
        let command = match ticket {
            Ticket(1) => Command::Close { stream, ticket },
            Ticket(_) => Command::Audit { stream, ticket },
        };
        bench.command(command);
        let statistics = StreamStatistics::default();
        let report = Report::Statistics { ticket, statistics };
        assert_eq!(bench.engine.poll_report(), Some(report));
    }
}

#[test]
fn a_port_in_use_is_not_opened_again_and_a_closed_one_is() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    let open = |stream: u32, bench: &Bench| Command::Open {
        stream: StreamRef(stream),
        port: RtpPort(20_000),
        group: GroupId(1),
        settings: settings(&bench.phones[0]),
    };
    let again = open(5, &bench);
    bench.command(again.clone());
    assert_eq!(bench.engine.counters().opens_refused, 1);
    bench.command(Command::Close {
        stream: StreamRef(0),
        ticket: Ticket(0),
    });
    bench.command(again);
    bench.run(10);
    assert_eq!(bench.engine.counters().opens_refused, 1);
    assert_eq!(bench.phones[0].received.len(), 10);
}

#[test]
fn random_datagrams_do_no_harm() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.join(1, Pcma);
    bench.run(20);
    let mut rng = fastrand::Rng::with_seed(5);
    for round in 0..20_000 {
        let mut octets = [0; 300];
        rng.fill(&mut octets);
        octets[0] = octets[0] & 0x3f | 0x80;
        octets[1] = if rng.bool() { 0 } else { rng.u8(199..206) };
        octets[8..12].copy_from_slice(&rng.u32(..3).to_be_bytes());
        let octets = &octets[..rng.usize(..=300)];
        let from = bench.phones[0].address;
        bench
            .engine
            .handle_rtp(RtpPort(20_000), octets, from, bench.now);
        bench
            .engine
            .handle_rtcp(RtpPort(20_000), octets, from, bench.now);
        if round % 4 == 0 {
            bench.tick();
        }
    }
    bench.run(50);
    assert_matrix(&bench, &[&[0, 1], &[1, 0]]);
}

#[test]
fn a_shell_that_sends_nothing_costs_packets_but_no_memory() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    for tick in 1..=50 {
        bench
            .engine
            .handle_timeout(bench.now + Duration::from_millis(20 * tick));
    }
    assert_eq!(bench.engine.counters().transmits_dropped, 46);
}

#[test]
fn what_is_sent_while_a_tick_goes_on_is_the_same_in_the_same_order() {
    let all = |meanwhile: bool| {
        let mut bench = Bench::new();
        for phone in 0..60 {
            bench.join(phone / 20, Pcmu);
        }
        let mut all = Vec::new();
        for _ in 0..300 {
            bench.talk();
            let (at, _why) = bench.engine.poll_timeout().unwrap();
            bench.now = at;
            let mut take = |packet: Transmit<'_>| {
                all.push((packet.port, packet.kind, packet.to, packet.octets.to_vec()));
            };
            let mut left = 0;
            match meanwhile {
                true => bench.engine.handle_timeout_and_send(at, &mut take),
                false => bench.engine.handle_timeout(at),
            }
            while let Some(packet) = bench.engine.poll_transmit() {
                take(packet);
                left += 1;
            }
            assert_eq!(left < AT_HAND, meanwhile);
        }
        all
    };
    let (meanwhile, after) = (all(true), all(false));
    assert!(after.len() > 60 * 300, "{} packets", after.len());
    assert!(meanwhile == after);
}
