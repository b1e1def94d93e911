//! A gateway that was held up: what is late is left out, and told.

use std::{
    fs,
    io::ErrorKind,
    process::Command,
    thread::sleep,
    time::{Duration, Instant},
};

use h248_tests::{program::Program, scratch};

use super::{
    alone,
    hostile_rtp::{FarEnd, counts},
    line::controller::Controller,
};

const STALL: Duration = Duration::from_millis(600);

/// A packet: when it came, its number and its time stamp.
#[derive(Clone, Copy, Debug)]
struct Heard {
    at: Instant,
    sequence: u16,
    time_stamp: u32,
}

fn listen(end: &FarEnd, until: Instant, heard: &mut Vec<Heard>) {
    let mut octets = [0; 2048];
    while Instant::now() < until {
        match end.socket.recv(&mut octets) {
            Ok(172) => heard.push(Heard {
                at: Instant::now(),
                sequence: u16::from_be_bytes([octets[2], octets[3]]),
                time_stamp: u32::from_be_bytes([octets[4], octets[5], octets[6], octets[7]]),
            }),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                sleep(Duration::from_micros(500));
            }
            Err(error) => panic!("{error}"),
        }
    }
}

fn signal(mg: &Program, name: &str) {
    let sent = Command::new("kill")
        .args([name, &mg.id().to_string()])
        .status();
    assert!(sent.is_ok_and(|status| status.success()), "kill {name}");
}

#[test]
fn after_a_stall_what_is_late_is_left_out_and_told_to_the_operator() {
    let _alone = alone();
    let log = scratch("stall").join("mg.log");
    let mut mgc = Controller::new();
    let place = mgc.place().to_string();
    let arguments = ["--mgc", &place, "--h248", "127.0.0.1:0", "--mwd", "0"];
    let mut mg = Program::logged("mg", &arguments, &log);
    mgc.registered();
    let end = FarEnd::new(700.0);
    mgc.ask(&format!("Context=${{{}}}", end.add()));
    let mut heard = Vec::new();
    listen(
        &end,
        Instant::now() + Duration::from_millis(500),
        &mut heard,
    );
    signal(&mg, "-STOP");
    sleep(STALL);
    let before = heard.len();
    let goes_on = Instant::now();
    signal(&mg, "-CONT");
    listen(&end, goes_on + Duration::from_millis(1500), &mut heard);
    mgc.ask("Context=1{Subtract=*}");
    mg.interrupt();

    let soon = goes_on + Duration::from_millis(30);
    let burst = heard[before..].iter().filter(|packet| packet.at < soon);
    assert!(burst.count() <= 3, "{:?}", &heard[before..]);
    for two in heard.windows(2) {
        assert_eq!(two[1].sequence, two[0].sequence.wrapping_add(1));
    }
    let passed = |two: &[Heard]| two[1].time_stamp.wrapping_sub(two[0].time_stamp);
    let longest = heard.windows(2).map(passed).max().unwrap();
    assert!(
        longest >= 25 * 160 && longest.is_multiple_of(160),
        "{longest}"
    );
    let log = fs::read_to_string(&log).unwrap();
    assert!(log.contains("media is late, new: late_ticks="), "{log}");
    assert!(counts(&log)["late_ticks"] >= 25, "{log}");
}
