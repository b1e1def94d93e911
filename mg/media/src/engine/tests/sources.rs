//! Whom a stream believes.

use super::*;

#[test]
fn a_stranger_neither_speaks_nor_listens_while_the_source_is_alive() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.join(1, Pcmu);
    bench.run(50);
    let stranger = SocketAddr::from(([203, 0, 113, 9], 9999));
    for _ in 0..100 {
        let mut octets = bench.phones[0].packet(160);
        octets[8..12].copy_from_slice(&[9; 4]);
        bench
            .engine
            .handle_rtp(RtpPort(20_000), &octets, stranger, bench.now);
        bench.run(1); // delivery asserts that every packet goes to the phone
    }
    assert_eq!(bench.engine.counters().strangers, 100);
    assert_eq!(bench.statistics(0).packets_received, 150);
}

#[test]
fn who_had_the_port_before_is_neither_heard_nor_answered_in_the_next_stream() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.join(2, Pcmu);
    bench.run(20);
    bench.command(Command::Close {
        stream: StreamRef(0),
        ticket: Ticket(0),
    });
    let before = bench.phones[0].address;
    bench.phones[0].address = SocketAddr::from(([192, 0, 2, 99], 4000));
    let settings = settings(&bench.phones[0]);
    bench.command(Command::Open {
        stream: StreamRef(7),
        port: RtpPort(20_000),
        group: GroupId(2),
        settings,
    });
    for _ in 0..150 {
        let octets = bench.phones[0].packet(160);
        let port = RtpPort(20_000);
        bench.engine.handle_rtp(port, &octets, before, bench.now);
        bench.tick(); // delivery asserts that every packet goes to the new far end
    }
    assert!(bench.phones[1].hears(400.0, WINDOW) < INAUDIBLE);
    assert_eq!(bench.engine.counters().strangers, 150);
    bench.run(WINDOW + 5);
    assert!(bench.phones[1].hears(400.0, WINDOW) > AUDIBLE);
}

#[test]
fn a_far_end_that_is_silent_for_long_is_not_replaced() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.run(5);
    for _ in 0..200 {
        bench.tick();
    }
    let octets = bench.phones[0].packet(160);
    let stranger = SocketAddr::from(([203, 0, 113, 9], 9999));
    bench
        .engine
        .handle_rtp(RtpPort(20_000), &octets, stranger, bench.now);
    bench.tick(); // delivery asserts that every packet goes to the phone
    assert_eq!(bench.engine.counters().strangers, 1);
}

#[test]
fn a_source_other_than_signalled_is_answered_where_it_is() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.phones[0].address = SocketAddr::from(([198, 51, 100, 7], 7000));
    bench.run(200);
    // Until enough packets in a row have come from there, the signalled address is sent to.
    let phone = &bench.phones[0];
    assert_eq!((phone.elsewhere, phone.received.len()), (4, 196));
    assert_eq!(bench.statistics(0).packets_received, 200);
}

#[test]
fn a_new_ssrc_is_followed_and_losses_before_it_remain_counted() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.join(1, Pcmu);
    bench.run(10);
    bench.phones[0].sequence += 3;
    bench.run(10);
    (bench.phones[0].ssrc, bench.phones[0].sequence) = (77, 5);
    bench.phones[0].samples_sent += 3_000_000;
    bench.run(50);
    let statistics = bench.statistics(0);
    assert_eq!(
        (statistics.packets_received, statistics.packets_lost),
        (70, 3)
    );
    assert_matrix(&bench, &[&[0, 1], &[1, 0]]);
}
