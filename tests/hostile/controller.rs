//! Attacks on a controller with three gateways: our own, and two that measure.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use h248_tests::program::Program;
use rustix::process::{Resource, getrlimit, setrlimit};

use crate::{
    alone, attack, attack_stream,
    measure::Victims,
    peer::both,
    process::{forget_peak, peak_mib},
    report::{Report, judge},
    rounds::{Attack, Measured, ROUND},
};

/// What each attack is, the counter that shows it, and how it is done.
const ATTACKS: &[(&str, &str, Attack)] = &[
    (
        "random octets by UDP",
        "decodeErrors",
        attack::random_octets,
    ),
    (
        "random octets by TCP",
        "notTpkt",
        attack_stream::random_octets,
    ),
    ("a storm of Pendings", "pendingsReceived", attack::pendings),
    (
        "ids reused with other content",
        "duplicates",
        attack::reused_ids,
    ),
    ("acks for ids never sent", "foreign", attack::foreign_acks),
    (
        "replies from a third address",
        "fromElsewhere",
        attack::forged_replies,
    ),
    (
        "messages of maximum size by UDP",
        "shutOut",
        attack::largest_datagrams,
    ),
    (
        "messages of maximum size by TCP",
        "requestsReceived",
        attack_stream::largest_frames,
    ),
    (
        "messages of maximum size from 64 ports, each under its own name",
        "requestsReceived",
        attack::largest_of_many,
    ),
    ("invented names", "peersForgotten", attack::invented_names),
];

/// A controller, and those who use it.
struct Stage {
    mgc: Program,
    _mg: Program,
    h248: SocketAddr,
    victims: Victims,
}

impl Stage {
    fn open() -> Self {
        let mut mgc = Program::start("mgc", &["--h248", "127.0.0.1:0", "--http", "127.0.0.1:0"]);
        let h248 = mgc.wait("mgc: h248 ");
        let http = mgc.wait("mgc: http ");
        let places = ["--mgc", &h248, "--h248", "127.0.0.1:0", "--mwd", "0"];
        let mut mg = Program::start("mg", &places);
        mg.wait("mg: registered with ");
        let h248 = h248.parse().unwrap();
        let mut victims = Victims::new(&http);
        victims.peers = both(h248).into();
        Self {
            mgc,
            _mg: mg,
            h248,
            victims,
        }
    }

    fn suffer<'a>(&mut self, (name, counter, attack): (&'a str, &'a str, Attack)) -> Report<'a> {
        forget_peak(self.mgc.id());
        let before = self.victims.counter(counter);
        let measured = Measured::of(&mut self.victims, self.h248, attack);
        Report {
            name,
            measured,
            counter,
            counted: self.victims.counter(counter) - before,
            peak_mib: peak_mib(self.mgc.id()),
            alive: self.mgc.is_alive(),
        }
    }
}

#[test]
fn a_flood_at_a_controller_harms_no_association_but_its_own() {
    let _alone = alone();
    let mut stage = Stage::open();
    let suffer = |attack: &(_, _, _)| judge(|| stage.suffer(*attack));
    let faults: Vec<_> = ATTACKS.iter().flat_map(suffer).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// How many connections can be held open here, of those that are wanted.
fn holdable(wanted: usize) -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
    let most = limit.maximum.map(|most| usize::try_from(most).unwrap());
    // Some are open already, here and there.
    let most = most.map_or(wanted, |most| most - 200);
    if most < wanted {
        println!("{most} connections instead of {wanted}: the system allows no more open files");
    }
    most.min(wanted)
}

#[test]
fn ten_thousand_half_frames_held_open_harm_nobody_and_are_ended() {
    let _alone = alone();
    let count = holdable(10_000);
    let faults = judge(|| half_frames(count));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn half_frames(count: usize) -> Report<'static> {
    let mut stage = Stage::open();
    let mut measured = Measured::default();
    measured.idle.push(stage.victims.measure(ROUND * 2));
    let start = Instant::now();
    let held = attack_stream::half_frames(stage.h248, count);
    let opened = start.elapsed();
    measured.attacked.push(stage.victims.measure(ROUND * 2));
    measured.sent = held.len() as u64;
    // Each is ended ten seconds after it was accepted.
    let patience = Duration::from_secs(11) + opened;
    while stage.victims.counter("slow") < measured.sent && start.elapsed() < patience {
        stage.victims.measure(ROUND);
    }
    let ended = start.elapsed();
    println!("{count} opened within {opened:.1?} and ended within {ended:.1?}");
    let counted = stage.victims.counter("slow");
    assert_eq!(counted, measured.sent, "each is ended");
    Report {
        name: "half TPKT frames held open",
        measured,
        counter: "slow",
        counted,
        peak_mib: peak_mib(stage.mgc.id()),
        alive: stage.mgc.is_alive(),
    }
}
