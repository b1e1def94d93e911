//! Who hears whom where topology says so (H.248.1 7.1.18), by what each phone hears.

use super::*;

const NOTHING: Hears = Hears {
    received: false,
    sent: false,
};
const EXTERNAL: Hears = Hears {
    received: false,
    sent: true,
};
const BOTH: Hears = Hears {
    received: true,
    sent: true,
};
const RECEIVED: Hears = Hears {
    received: true,
    sent: false,
};

/// Phones in one group.
fn group_of(count: usize) -> Bench {
    let mut bench = Bench::new();
    for _ in 0..count {
        bench.join(1, Pcmu);
    }
    bench
}

fn hear(bench: &mut Bench, listener: u32, source: u32, hears: Hears) {
    bench.command(Command::Hear {
        listener: StreamRef(listener),
        source: StreamRef(source),
        hears,
    });
}

#[test]
fn those_isolated_do_not_hear_each_other_and_the_third_hears_both() {
    let mut bench = group_of(3);
    hear(&mut bench, 0, 1, NOTHING);
    hear(&mut bench, 1, 0, NOTHING);
    bench.run(50);
    assert_matrix(&bench, &[&[0, 0, 1], &[0, 0, 1], &[1, 1, 0]]);
}

#[test]
fn one_way_is_one_way_and_the_default_again_is_both_ways() {
    let mut bench = group_of(3);
    hear(&mut bench, 0, 1, NOTHING);
    bench.run(50);
    assert_matrix(&bench, &[&[0, 0, 1], &[1, 0, 1], &[1, 1, 0]]);
    hear(&mut bench, 0, 1, RECEIVED);
    bench.run(50);
    assert_matrix(&bench, &[&[0, 1, 1], &[1, 0, 1], &[1, 1, 0]]);
}

#[test]
fn a_member_of_many_that_hears_one_hears_that_one() {
    let mut bench = group_of(5);
    for source in 1..4 {
        hear(&mut bench, 0, source, NOTHING);
    }
    bench.run(50);
    let rows: [&[u8]; 5] = [
        &[0, 0, 0, 0, 1],
        &[1, 0, 1, 1, 1],
        &[1, 1, 0, 1, 1],
        &[1, 1, 1, 0, 1],
        &[1, 1, 1, 1, 0],
    ];
    assert_matrix(&bench, &rows);
}

#[test]
fn what_is_sent_to_another_is_heard_and_not_what_that_one_says() {
    let mut bench = group_of(4);
    // 0 listens to what 1 is sent; 1 hears 2 and 3, of which 0 hears neither itself.
    hear(&mut bench, 0, 1, EXTERNAL);
    hear(&mut bench, 1, 0, NOTHING);
    hear(&mut bench, 0, 2, NOTHING);
    hear(&mut bench, 0, 3, NOTHING);
    bench.run(50);
    assert_matrix(
        &bench,
        &[&[0, 0, 1, 1], &[0, 0, 1, 1], &[1, 1, 0, 1], &[1, 1, 1, 0]],
    );
    let quiet = StreamSettings {
        listens: false,
        ..settings(&bench.phones[1])
    };
    bench.command(Command::Modify {
        stream: StreamRef(1),
        settings: quiet,
    });
    bench.run(50);
    assert_eq!(bench.phones[0].hears(600.0, WINDOW) as i32 / 200, 0);
}

#[test]
fn who_listens_to_both_ways_hears_nobody_twice_and_not_himself() {
    let mut bench = group_of(3);
    hear(&mut bench, 0, 1, BOTH);
    bench.run(50);
    assert_matrix(&bench, &[&[0, 1, 1], &[1, 0, 1], &[1, 1, 0]]);
    let once = bench.phones[0].hears(600.0, WINDOW);
    assert!(once < 9000.0, "{once:.0}");
    hear(&mut bench, 0, 2, NOTHING);
    hear(&mut bench, 1, 2, NOTHING);
    bench.run(50);
    assert_matrix(&bench, &[&[0, 1, 0], &[1, 0, 0], &[1, 1, 0]]);
}

#[test]
fn two_that_listen_to_each_others_sending_do_not_howl() {
    let mut bench = group_of(3);
    hear(&mut bench, 0, 1, EXTERNAL);
    hear(&mut bench, 1, 0, EXTERNAL);
    bench.run(100);
    assert_matrix(&bench, &[&[0, 0, 1], &[0, 0, 1], &[1, 1, 0]]);
    assert!(bench.phones[0].hears(600.0, WINDOW) < 9000.0);
}

#[test]
fn what_a_looped_back_one_is_sent_is_his_own_voice() {
    let mut bench = group_of(2);
    let mut changed = settings(&bench.phones[1]);
    (changed.contributes, changed.listens, changed.loopback) = (false, false, true);
    bench.command(Command::Modify {
        stream: StreamRef(1),
        settings: changed,
    });
    bench.run(50);
    assert_matrix(&bench, &[&[0, 0], &[0, 1]]);
    hear(&mut bench, 0, 1, EXTERNAL);
    bench.run(50);
    assert_matrix(&bench, &[&[0, 1], &[0, 1]]);
}

#[test]
fn who_is_moved_or_new_in_a_former_place_hears_and_is_heard_by_everybody() {
    let mut bench = group_of(3);
    for (listener, source) in [(0, 1), (1, 0), (2, 1)] {
        hear(&mut bench, listener, source, NOTHING);
    }
    for group in [2, 1] {
        let (stream, group) = (StreamRef(1), GroupId(group));
        bench.command(Command::Move { stream, group });
    }
    bench.run(50);
    assert_matrix(&bench, &[&[0, 1, 1], &[1, 0, 1], &[1, 1, 0]]);
    hear(&mut bench, 0, 1, NOTHING);
    let (stream, ticket) = (StreamRef(1), Ticket(1));
    bench.command(Command::Close { stream, ticket });
    let Phone { port, .. } = bench.phones[1];
    let settings = settings(&bench.phones[1]);
    bench.command(Command::Open {
        stream: StreamRef(9),
        port,
        group: GroupId(1),
        settings,
    });
    bench.run(50);
    assert_matrix(&bench, &[&[0, 1, 1], &[1, 0, 1], &[1, 1, 0]]);
}

#[test]
fn topology_does_not_reach_into_another_group() {
    let mut bench = group_of(2);
    bench.join(2, Pcmu);
    hear(&mut bench, 0, 2, BOTH);
    hear(&mut bench, 0, 0, BOTH);
    hear(&mut bench, 0, 77, NOTHING);
    bench.run(50);
    assert_matrix(&bench, &[&[0, 1, 0], &[1, 0, 0], &[0, 0, 0]]);
}
