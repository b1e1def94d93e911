//! Quality alert and payload transition: what the engine measures becomes events (H.248.1 E.11.2, E.12.2).

use mg_contract::{AudioCodec, Command, Detected, Report};

use super::desk::Desk;

fn lose(desk: &mut Desk, percent: u8) {
    let stream = desk.bench.stream("rtp/1").0;
    desk.report(Report::Loss { stream, percent });
}

fn looked(desk: &Desk) -> Option<Detected> {
    let mut looked = None;
    for command in &desk.bench.engine.log {
        if let Command::Detect { tones, .. } = command {
            looked = Some(*tones);
        }
    }
    looked
}

#[test]
fn quality_alert_comes_when_the_loss_rises_over_its_threshold() {
    let mut desk = Desk::new();
    desk.modify("Events=7{nt/qualert{th=5}}");
    let looks = looked(&desk).unwrap();
    assert!(looks.loss && !looks.codec && !looks.dtmf);
    for percent in [1, 5] {
        lose(&mut desk, percent);
    }
    desk.expect(&[]);
    for percent in [6, 20] {
        lose(&mut desk, percent);
    }
    desk.expect(&["7 nt/qualert th=6"]);
    for percent in [4, 0, 30] {
        lose(&mut desk, percent);
    }
    desk.expect(&["7 nt/qualert th=30"]);
    // It goes on, and is news to who asks anew.
    lose(&mut desk, 30);
    desk.expect(&[]);
    desk.modify("Events=8{nt/qualert{th=5}}");
    lose(&mut desk, 30);
    desk.expect(&["8 nt/qualert th=30"]);
    desk.modify("Events");
    assert_eq!(looked(&desk), Some(Detected::default()));
    lose(&mut desk, 90);
    desk.expect(&[]);
}

#[test]
fn a_quality_alert_without_a_threshold_comes_above_10_percent() {
    let mut desk = Desk::new();
    desk.modify("Events=7{rtp/qualert}");
    lose(&mut desk, 10);
    desk.expect(&[]);
    lose(&mut desk, 11);
    desk.expect(&["7 rtp/qualert th=11"]);
}

#[test]
fn each_threshold_is_crossed_by_itself() {
    let mut desk = Desk::new();
    desk.modify("Events=7{nt/qualert{th=5,Stream=1},nt/qualert{th=20}}");
    lose(&mut desk, 10);
    desk.expect(&["7 nt/qualert Stream=1 th=10"]);
    lose(&mut desk, 25);
    desk.expect(&["7 nt/qualert th=25"]);
}

#[test]
fn quality_alert_can_be_buffered() {
    let mut desk = Desk::new();
    desk.modify(
        "EventBuffer{nt/qualert{th=3}},Media{TerminationState{Buffer=LockStep}},Events=1{dd/d1}",
    );
    desk.dial("1");
    desk.expect(&["1 dd/d1"]);
    lose(&mut desk, 2);
    lose(&mut desk, 4);
    desk.modify("Events=2{nt/qualert{th=3}}");
    desk.expect(&["2 nt/qualert th=4"]);
}

#[test]
fn another_payload_is_told_with_its_name() {
    let mut desk = Desk::new();
    desk.modify("Events=7{rtp/pltrans}");
    let looks = looked(&desk).unwrap();
    assert!(looks.codec && !looks.loss);
    let stream = desk.bench.stream("rtp/1").0;
    for codec in [AudioCodec::Pcma, AudioCodec::Pcmu] {
        desk.report(Report::CodecChanged { stream, codec });
    }
    desk.expect(&[
        "7 rtp/pltrans rtppltype=[\"PCMA\"]",
        "7 rtp/pltrans rtppltype=[\"PCMU\"]",
    ]);
}

#[test]
fn a_wildcard_looks_for_what_its_package_has() {
    for (events, codec, loss) in [
        ("rtp/*", true, true),
        ("nt/*", false, true),
        ("*/*", true, true),
        ("nt/netfail", false, false),
    ] {
        let mut desk = Desk::new();
        desk.modify(&format!("Events=7{{{events}}}"));
        let looks = looked(&desk).unwrap_or_default();
        assert_eq!((looks.codec, looks.loss), (codec, loss), "{events}");
    }
}
