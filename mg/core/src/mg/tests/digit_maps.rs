//! Digit maps of Terminations and of ROOT, in virtual time (H.248.1 7.1.14).

use super::desk::{Desk, is_tone};

const CE: &str = "Events=7{dd/ce{DigitMap={";

fn armed(map: &str) -> Desk {
    let mut desk = Desk::new();
    desk.modify(&format!("{CE}{map}}}}}}}"));
    desk
}

#[test]
fn the_dial_tone_ends_with_the_first_digit_and_the_number_is_told_at_once() {
    let mut desk = Desk::new();
    desk.modify("Events=7{dd/ce{DigitMap={(0|[1-9]xxx|Exx)}}},Signals{cg/dt}");
    is_tone(&desk.playing(), &[425]);
    desk.dial("4");
    assert_eq!(desk.playing(), []);
    desk.dial("71");
    desk.expect(&[]);
    desk.dial("1");
    desk.expect(&["7 dd/ce ds=\"4711\" Meth=UM"]);
    // The map is not active any more.
    desk.dial("0");
    desk.expect(&[]);
}

#[test]
fn a_dial_tone_that_is_kept_plays_on() {
    let mut desk = Desk::new();
    desk.modify("Events=7{dd/ce{KeepActive,DigitMap={(1xx)}}},Signals{cg/dt}");
    desk.dial("1");
    assert_eq!(desk.playing().len(), 1);
}

#[test]
fn timers_end_a_map() {
    let mut desk = armed("T:4,(1xxx)");
    desk.pass(3_990);
    desk.expect(&[]);
    desk.pass(20);
    desk.expect(&["7 dd/ce ds=\"\" Meth=PM"]);

    let mut desk = armed("S:2,(12|123)");
    desk.dial("12");
    // 40 ms of the press are over when the key is let go, and 40 ms more.
    desk.pass(1_800);
    desk.expect(&[]);
    desk.pass(200);
    desk.expect(&["7 dd/ce ds=\"12\" Meth=FM"]);

    let mut desk = armed("L:3,(1xxx)");
    desk.dial("12");
    desk.pass(3_000);
    desk.expect(&["7 dd/ce ds=\"12\" Meth=PM"]);
}

#[test]
fn the_digit_that_ends_a_map_is_an_event_of_its_own() {
    let mut desk = Desk::new();
    desk.modify("Events=7{dd/d9,dd/ce{DigitMap={S:2,(12|123)}}}");
    desk.dial("129");
    desk.expect(&["7 dd/ce ds=\"12\" Meth=FM", "7 dd/d9"]);
}

#[test]
fn digits_are_told_by_themselves_only_where_they_are_asked_for() {
    let mut desk = Desk::new();
    desk.modify("Events=7{dd/*{DigitMap={(1xx)}}}");
    desk.dial("123");
    desk.expect(&[
        "7 dd/d1",
        "7 dd/d2",
        "7 dd/d3",
        "7 dd/ce ds=\"123\" Meth=UM",
    ]);
}

#[test]
fn a_long_press_has_its_letter() {
    let mut desk = armed("Z:5,(Z1|2x)");
    desk.hold('1', 200);
    desk.expect(&["7 dd/ce ds=\"\" Meth=PM"]);
    let mut desk = armed("Z:5,(Z1|2x)");
    desk.hold('1', 800);
    desk.expect(&["7 dd/ce ds=\"Z1\" Meth=UM"]);
}

#[test]
fn maps_have_names_here_and_on_root() {
    let mut desk = Desk::new();
    assert!(
        desk.ask("Events=7{dd/ce{DigitMap=dm1}}")
            .contains("ER=520{")
    );
    // It may be defined behind its use.
    desk.modify("Events=7{dd/ce{DigitMap=dm1}},DigitMap=dm1{(1xx)}");
    desk.dial("1");
    // What runs goes on with the former map.
    desk.modify("DigitMap=dm1{(2xx)}");
    desk.dial("23");
    desk.expect(&["7 dd/ce ds=\"123\" Meth=UM"]);
    desk.modify("Events=8{dd/ce{DigitMap=DM1}}");
    desk.dial("223");
    desk.expect(&["8 dd/ce ds=\"223\" Meth=UM"]);
    assert_eq!(desk.audit("DigitMap"), "DM=dm1{(2xx)}");

    let root = "Context=-{Modify=ROOT{DigitMap=dm1{(5xx)}}}";
    assert_eq!(desk.bench.ask(root), "C=-{MF=ROOT}");
    desk.modify("DigitMap=dm1");
    desk.modify("Events=9{dd/ce{DigitMap=dm1}}");
    desk.dial("512");
    desk.expect(&["9 dd/ce ds=\"512\" Meth=UM"]);
    let none = "Context=-{Modify=ROOT{DigitMap=dm1}}";
    assert_eq!(desk.bench.ask(none), "C=-{MF=ROOT}");
    assert!(
        desk.ask("Events=9{dd/ce{DigitMap=dm1}}")
            .contains("ER=520{")
    );
}

#[test]
fn a_map_is_begun_again_with_its_events() {
    let mut desk = armed("(1xx)");
    desk.dial("1");
    assert_eq!(desk.audit("ObservedEvents"), "OE=7{dd/ce{ds=\"1\"}}");
    desk.modify(&format!("{CE}(1xx)}}}}}}"));
    assert_eq!(desk.audit("ObservedEvents"), "OE=7{dd/ce{ds=\"\"}}");
    desk.dial("123");
    desk.expect(&["7 dd/ce ds=\"123\" Meth=UM"]);
}

#[test]
fn maps_have_an_end() {
    let mut desk = Desk::new();
    for number in 0..16 {
        desk.modify(&format!("DigitMap=dm{number}{{(1xx)}}"));
    }
    assert!(desk.ask("DigitMap=dm99{(1xx)}").contains("ER=519{"));
    desk.modify("DigitMap=dm3{(2xx)}");
    let long = format!("DigitMap=dm4{{({})}}", "1".repeat(2_047));
    assert!(desk.ask(&long).contains("ER=519{"));
    let in_place = format!("{CE}({})}}}}}}", "1".repeat(2_047));
    assert!(desk.ask(&in_place).contains("ER=519{"));
    desk.modify(&format!("{CE}({})}}}}}}", "1".repeat(2_046)));
}

#[test]
fn a_map_that_the_last_digit_makes_active_has_not_ended_with_it() {
    let mut desk = Desk::new();
    desk.modify("Events=7{dd/ce{DigitMap={(1)}},dd/d1{Embed{Events=8{dd/ce{DigitMap={(2x)}}}}}}");
    desk.dial("1");
    desk.expect(&["7 dd/d1"]);
    desk.dial("23");
    desk.expect(&["8 dd/ce ds=\"23\" Meth=UM"]);
}

#[test]
fn the_signal_that_a_digit_of_a_map_embeds_plays_on() {
    let mut desk = Desk::new();
    desk.modify("Events=7{dd/ce{DigitMap={(1xx)}},dd/d1{Embed{Signals{cg/bt}}}},Signals{cg/dt}");
    desk.dial("1");
    is_tone(&desk.playing(), &[425]);
    desk.dial("2");
    assert_eq!(desk.playing(), []);
    desk.expect(&["7 dd/d1"]);
}

#[test]
fn maps_in_place_have_an_end_together() {
    let mut desk = Desk::new();
    let event = |map: usize| format!("dd/ce{{DigitMap={{({})}}}}", "1".repeat(map - 2));
    let two = format!("{},{}", event(2_048), event(2_047));
    desk.modify(&format!("Events=7{{{two},dd/ce{{DigitMap={{1}}}}}}"));
    let embedded = format!(
        "Events=7{{{two},dd/d1{{Embed{{Events=8{{{}}}}}}}}}",
        event(3)
    );
    assert!(desk.ask(&embedded).contains("ER=519{"));
}
