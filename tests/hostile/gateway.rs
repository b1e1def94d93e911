//! Attacks on a gateway, while Legs join and leave it.

use std::{fs, process::Command};

use h248_tests::{program::Program, programs, scratch};

use crate::{
    alone, attack,
    measure::Victims,
    process::peak_mib,
    report::{Report, judge},
    rounds::{Attack, Measured},
};

/// What each attack is, the counter that shows it, and how it is done.
const ATTACKS: &[(&str, &str, Attack)] = &[
    (
        "mg: random octets by UDP",
        "decode_errors",
        attack::random_octets,
    ),
    (
        "mg: ids reused with other content",
        "duplicates",
        attack::reused_ids,
    ),
    (
        "mg: messages of maximum size by UDP",
        "shut_out",
        attack::largest_datagrams,
    ),
];

fn suffer<'a>((name, counter, attack): (&'a str, &'a str, Attack)) -> Report<'a> {
    let mut mgc = Program::start("mgc", &["--h248", "127.0.0.1:0", "--http", "127.0.0.1:0"]);
    let place = mgc.wait("mgc: h248 ");
    let http = mgc.wait("mgc: http ");
    let log = scratch("hostile").join("mg.log");
    let mg = programs().join("mg");
    let line = format!(
        "exec {} --mgc {place} --h248 127.0.0.1:0 --mwd 0 2> {}",
        mg.display(),
        log.display()
    );
    let mut mg = Program::of(Command::new("sh").args(["-c", &line]));
    let h248 = mg.wait("mg: h248 ").parse().unwrap();
    mg.wait("mg: registered with ");
    let mut victims = Victims::new(&http);
    let measured = Measured::of(&mut victims, h248, attack);
    let (peak_mib, alive) = (peak_mib(mg.id()), mg.is_alive());
    mg.interrupt();
    Report {
        name,
        measured,
        counter,
        counted: counted(&fs::read_to_string(log).unwrap(), counter),
        peak_mib,
        alive,
    }
}

/// What the program's last words say of a counter.
fn counted(log: &str, counter: &str) -> u64 {
    let name = format!("{counter}=");
    let line = log.lines().find(|line| line.contains("counted"));
    let words = line.unwrap_or_default().split([' ', '"']);
    let count = words.into_iter().find_map(|word| word.strip_prefix(&name));
    count.map_or(0, |count| count.parse().unwrap())
}

#[test]
fn a_flood_at_a_gateway_does_not_harm_its_controller() {
    let _alone = alone();
    let suffer = |attack: &(_, _, _)| judge(|| suffer(*attack));
    let faults: Vec<_> = ATTACKS.iter().flat_map(suffer).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
