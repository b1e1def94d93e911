//! What becomes of the packets of a stream, through the engine (H.248.1 E.11.2, E.12.2).

use super::{
    detection::{detect, found},
    *,
};
use crate::testing::format;

fn watching(codec: bool, loss: bool) -> Bench {
    let mut bench = Bench::new();
    bench.join(1, Pcma);
    let both = StreamSettings {
        receive: vec![format(Pcma), format(Pcmu)],
        receive_events: vec![events()],
        // A phone of a test takes one codec.
        listens: false,
        ..settings(&bench.phones[0])
    };
    bench.command(Command::Modify {
        stream: StreamRef(0),
        settings: both,
    });
    detect(
        &mut bench,
        Detected {
            codec,
            loss,
            ..Detected::default()
        },
    );
    bench
}

/// Sends so many packets, of which those are lost whose place in a hundred is below `lost`.
fn talk(bench: &mut Bench, packets: usize, lost: usize) {
    for n in 0..packets {
        let octets = bench.phones[0].packet(160);
        // Spread over the hundred, as 37 and 100 have no factor in common.
        bench.say(0, (n * 37 % 100 >= lost).then_some(&octets[..]));
    }
}

#[test]
fn another_codec_is_told_once_each_time_and_the_first_is_none() {
    let mut bench = watching(true, false);
    talk(&mut bench, 5, 0);
    assert_eq!(found(&mut bench), [""; 0]);
    bench.phones[0].codec = Pcmu;
    talk(&mut bench, 5, 0);
    assert_eq!(found(&mut bench), ["Pcmu"]);
    let start = bench.phones[0].now();
    let event = bench.phones[0].event_packet(start, [5, 0x80, 0, 160]);
    bench.say(0, Some(&event));
    talk(&mut bench, 2, 0);
    assert_eq!(found(&mut bench), [""; 0]);
    bench.phones[0].codec = Pcma;
    talk(&mut bench, 5, 0);
    assert_eq!(found(&mut bench), ["Pcma"]);
}

#[test]
fn a_packet_that_was_overtaken_is_no_change_of_codec() {
    let mut bench = watching(true, false);
    talk(&mut bench, 5, 0);
    let late = bench.phones[0].packet(160);
    bench.phones[0].codec = Pcmu;
    talk(&mut bench, 2, 0);
    bench.say(0, Some(&late));
    talk(&mut bench, 2, 0);
    assert_eq!(found(&mut bench), ["Pcmu"]);
}

#[test]
fn a_far_end_that_changes_with_each_packet_tells_no_more_than_once_in_a_tick() {
    let mut bench = watching(true, false);
    talk(&mut bench, 5, 0);
    for _ in 0..3 {
        for codec in [Pcmu, Pcma, Pcmu, Pcma, Pcmu] {
            bench.phones[0].codec = codec;
            let octets = bench.phones[0].packet(160);
            bench.arrive(0, &octets);
        }
        bench.tick();
    }
    assert_eq!(found(&mut bench), ["Pcmu"]);
}

#[test]
fn what_is_lost_is_measured_each_second_over_five() {
    let mut bench = watching(false, true);
    talk(&mut bench, 300, 0);
    assert_eq!(found(&mut bench), [""; 0], "nothing is lost");
    talk(&mut bench, 500, 10);
    let measured = found(&mut bench);
    assert!((9..=10).contains(&measured.len()), "{measured:?}");
    // One packet of 250 may be counted as lost with this measure or the next.
    let settled = measured[5..].iter();
    assert!(
        settled.clone().all(|one| one == "9 %" || one == "10 %"),
        "{measured:?}"
    );
    talk(&mut bench, 400, 0);
    let healed = found(&mut bench);
    assert_eq!(healed.last().map(String::as_str), Some("0 %"), "{healed:?}");
    assert_eq!(healed.iter().filter(|one| *one == "0 %").count(), 1);
}

#[test]
fn nobody_who_does_not_ask_is_told_of_codecs_and_losses() {
    let mut bench = watching(false, false);
    talk(&mut bench, 100, 20);
    bench.phones[0].codec = Pcmu;
    talk(&mut bench, 100, 20);
    assert_eq!(found(&mut bench), [""; 0]);
}

#[test]
fn what_came_to_a_port_before_its_stream_was_opened_is_not_of_the_stream() {
    let mut bench = Bench::new();
    let phone = bench.join(1, Pcmu);
    let octets = bench.phones[phone].packet(160);
    let (port, from) = (bench.phones[phone].port, bench.phones[phone].address);
    let opened = bench.now;
    for (at, received) in [(opened - Duration::from_micros(1), 0), (opened, 1)] {
        bench.engine.handle_rtp(port, &octets, from, at);
        assert_eq!(bench.statistics(phone).packets_received, received);
    }
}
