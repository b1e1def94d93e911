//! Signals: what plays, for how long, and what is told of its end (H.248.1 7.1.11, E.1.2).

use mg_contract::{Direction, Dtmf, Sound, Tone};

use super::desk::{Desk, is_tone};
use crate::Event;

const ALL: &str = "NotifyCompletion={TimeOut,IntByEvent,IntBySigDescr,OtherReason}";

fn listening() -> Desk {
    let mut desk = Desk::new();
    desk.modify("Events=7{g/sc,dd/d1}");
    desk
}

#[test]
fn a_signal_ends_after_its_time() {
    let mut desk = listening();
    desk.modify(&format!(
        "Signals{{cg/rt{{SignalType=TimeOut,Duration=200,{ALL}}}}}"
    ));
    is_tone(&desk.playing(), &[425]);
    assert!(desk.audit("Signals").starts_with("SG{cg/rt{"));
    desk.pass(1_999);
    assert_eq!(desk.playing().len(), 1);
    desk.pass(1);
    assert_eq!(desk.playing(), []);
    desk.expect(&["7 g/sc SigID=\"cg/rt\" Meth=TO"]);
    assert_eq!(desk.audit("Signals"), "SG");
}

#[test]
fn a_signal_without_an_end_lasts_until_it_is_taken_out() {
    let mut desk = listening();
    desk.modify("Signals{cg/rt{SignalType=OnOff,Duration=100}}");
    desk.pass(3_600_000);
    assert_eq!(desk.playing().len(), 1);
    desk.modify("Signals");
    assert_eq!(desk.playing(), []);
    // Nobody has asked to be told.
    desk.expect(&[]);
}

#[test]
fn a_brief_signal_ends_by_itself() {
    let mut desk = listening();
    desk.modify(&format!("Signals{{dg/d5{{{ALL}}}}}"));
    let [Sound::Dtmf { digit, .. }] = desk.playing()[..] else {
        panic!("a digit");
    };
    assert_eq!(digit, Dtmf(5));
    desk.finish_first(true);
    desk.expect(&["7 g/sc SigID=\"dg/d5\" Meth=TO"]);
    desk.modify("Signals{dg/d5}");
    desk.finish_first(false);
    desk.expect(&[]);
    desk.pass(20);
    desk.expect(&["7 g/sc SigID=\"dg/d5\" Meth=NC"]);
}

#[test]
fn each_way_of_ending_is_told_where_it_is_asked_for() {
    let mut desk = listening();
    let one = |reason: &str| {
        format!("Signals{{cg/dt{{SignalType=OnOff,NotifyCompletion={{{reason}}}}}}}")
    };
    desk.modify(&one("IntByEvent"));
    desk.dial("1");
    desk.expect(&["7 dd/d1", "7 g/sc SigID=\"cg/dt\" Meth=EV"]);
    desk.modify(&one("IntBySigDescr"));
    desk.modify("Signals{cg/bt}");
    desk.expect(&["7 g/sc SigID=\"cg/dt\" Meth=SD"]);
    desk.modify(&one("TimeOut"));
    desk.dial("1");
    desk.expect(&["7 dd/d1"]);
    desk.modify("Events=8{dd/d1}");
    desk.modify(&one("IntByEvent"));
    desk.dial("1");
    desk.expect(&["8 dd/d1"]);
}

#[test]
fn a_request_is_named_in_its_completion() {
    let mut desk = listening();
    desk.modify("Signals{dg/d1{SPARequestID=881,NotifyCompletion={TimeOut}}}");
    desk.finish_first(true);
    desk.expect(&["7 g/sc SigID=\"dg/d1\" Meth=TO RID=881"]);
}

#[test]
fn what_is_kept_plays_on_and_what_is_not_begins_again() {
    let mut desk = listening();
    desk.modify("Signals{cg/dt{SignalType=OnOff}}");
    let first = desk.signals();
    desk.modify("Signals{cg/dt{SignalType=OnOff,KeepActive},cg/bt}");
    let second = desk.signals();
    assert_eq!((second.len(), second[0]), (2, first[0]));
    desk.modify("Signals{cg/dt{SignalType=OnOff}}");
    let third = desk.signals();
    assert_eq!(third.len(), 1);
    assert!(third[0] > second[1]);
    desk.modify("Signals");
    // A signal that does not play is not kept.
    desk.modify("Signals{cg/dt{SignalType=OnOff,KeepActive}}");
    assert_eq!(desk.playing(), []);
    assert_eq!(desk.audit("Signals"), "SG");
}

#[test]
fn the_signals_of_a_list_play_one_after_another() {
    let mut desk = listening();
    let list = "SignalList=12{cg/rt{Duration=50,Intersignal=30},dg/d1,cg/sit{Duration=50,\
                Intersignal=99,NotifyCompletion={TimeOut}}}";
    desk.modify(&format!("Signals{{{list}}}"));
    is_tone(&desk.playing(), &[425]);
    desk.pass(500);
    assert_eq!(desk.playing(), [], "the pause");
    desk.pass(299);
    // A list of the same number is left alone.
    desk.modify("Signals{SignalList=12{cg/bt}}");
    assert_eq!(desk.playing(), []);
    desk.pass(1);
    assert!(matches!(desk.playing()[..], [Sound::Dtmf { .. }]));
    desk.finish_first(true);
    is_tone(&desk.playing(), &[950]);
    desk.pass(500);
    desk.expect(&["7 g/sc SigID=\"cg/sit\" Meth=TO SLID=12"]);
    assert_eq!(desk.audit("Signals"), "SG");
    assert!(
        desk.ask("Signals{SignalList=1{cg/rt{SignalType=OnOff},cg/bt}}")
            .contains("ER=442{")
    );
}

#[test]
fn a_list_of_tones_has_its_pauses() {
    let mut desk = listening();
    desk.modify("Signals{dg/pt{tl=[d1,d2],ind=100,NotifyCompletion={TimeOut}}}");
    let digit = |sounds: &[Sound]| matches!(sounds, [Sound::Dtmf { .. }]);
    assert!(digit(&desk.playing()));
    desk.finish_first(true);
    assert!(matches!(desk.playing()[..], [Sound::Silence { .. }]));
    desk.finish_first(true);
    assert!(digit(&desk.playing()));
    desk.finish_first(true);
    desk.finish_first(true);
    assert_eq!(desk.playing(), []);
    desk.expect(&["7 g/sc SigID=\"dg/pt\" Meth=TO"]);
}

#[test]
fn an_announcement_is_one_that_there_is() {
    let mut desk = listening();
    desk.modify("Signals{an/apf{an=21,noc=2,NotifyCompletion={TimeOut}}}");
    let announcement = Sound::Announcement {
        number: 21,
        cycles: Some(2),
        duck: 12,
    };
    assert_eq!(desk.playing(), [announcement]);
    desk.finish_first(true);
    desk.expect(&["7 g/sc SigID=\"an/apf\" Meth=TO"]);
    for (wrong, code) in [
        ("an/apf{an=99}", 514),
        ("an/apf", 457),
        ("an/apf{an=x}", 454),
        ("an/apv{an=21,num=1,sp=x}", 514),
    ] {
        let reply = desk.ask(&format!("Signals{{{wrong}}}"));
        assert!(reply.contains(&format!("ER={code}{{")), "{wrong}: {reply}");
    }
}

#[test]
fn iterations_are_told() {
    let mut desk = listening();
    desk.modify("Signals{an/apf{an=21,noc=3,NotifyCompletion={TimeOut,Iteration}}}");
    for _ in 0..3 {
        desk.finish_first(true);
    }
    let iteration = "7 g/sc SigID=\"an/apf\" Meth=PI";
    desk.expect(&[iteration, iteration, "7 g/sc SigID=\"an/apf\" Meth=TO"]);
}

#[test]
fn signals_go_where_they_are_told() {
    let mut desk = listening();
    for (parameters, direction) in [
        ("", Direction::External),
        ("{btd=int}", Direction::Internal),
        ("{btd=both}", Direction::Both),
        ("{btd=int,SPADirection=Both}", Direction::Both),
        ("{SPADirection=Internal}", Direction::Internal),
    ] {
        desk.modify(&format!("Signals{{cg/dt{parameters}}}"));
        assert_eq!(desk.directions(), [direction], "{parameters}");
    }
}

#[test]
fn a_continuity_test_succeeds_with_its_tone_and_fails_without() {
    let mut desk = Desk::new();
    desk.modify("Events=7{ct/cmp},Signals{ct/ct}");
    is_tone(&desk.playing(), &[2_000]);
    desk.begin(Tone::Continuity);
    desk.expect(&["7 ct/cmp res=success"]);
    assert_eq!(desk.playing(), []);
    desk.modify("Signals{ct/ct}");
    desk.pass(2_000);
    desk.expect(&["7 ct/cmp res=failure"]);
    desk.begin(Tone::Continuity);
    desk.expect(&[]);
    desk.modify("Signals{ct/rsp}");
    assert_eq!(desk.playing(), [Sound::Loop]);
}

#[test]
fn a_signal_follows_its_stream_to_another_port() {
    let mut desk = listening();
    desk.modify("Signals{cg/dt}");
    let before = desk.signals();
    desk.ask("Media{Stream=1{Local{}}}");
    assert_eq!(desk.playing(), [], "no stream, no sound");
    desk.ask("Media{Stream=1{Local{\nv=0\nc=IN IP4 $\nm=audio $ RTP/AVP 8\n}}}");
    let after = desk.signals();
    assert_eq!(after.len(), 1);
    assert_ne!(before, after);
}

#[test]
fn what_cannot_be_played_is_refused() {
    let mut desk = listening();
    for (wrong, code) in [
        ("nosuch/x", 440),
        ("cg/nosuch", 452),
        ("cg/*", 442),
        ("cg/rt{nosuch=1}", 446),
        ("cg/rt{btd=up}", 454),
        ("ct/rsp{SignalType=TimeOut}", 457),
        ("dg/pt", 457),
        ("dg/pt{tl=[dt]}", 454),
        ("al/ri", 440),
    ] {
        let reply = desk.ask(&format!("Signals{{{wrong}}}"));
        assert!(reply.contains(&format!("ER={code}{{")), "{wrong}: {reply}");
    }
    let many = vec!["cg/dt"; 33].join(",");
    let reply = desk.ask(&format!("Signals{{{many}}}"));
    assert!(reply.contains("ER=510{"), "{reply}");
}

#[test]
fn signals_that_replace_each_other_for_ever_are_cut_off() {
    let mut desk = Desk::new();
    let tone = "cg/dt{SY=OO,NC={IBS}}";
    desk.modify(&format!(
        "Events=1{{g/sc{{EM{{SG{{{tone}}}}}}}}},Signals{{{tone}}}"
    ));
    desk.modify(&format!("Signals{{{}}}", tone.replace("dt", "bt")));
    let told = desk.notified();
    assert_eq!(told.len(), 17, "{told:?}");
    assert_eq!(desk.bench.mg.snapshot().counters.cut_off, 1);
    assert_eq!(desk.bench.mg.poll_event(), Some(Event::CutOff));
    assert_eq!(desk.playing().len(), 1);
}

/// The ends of a signal in a second, where each begins it anew.
fn ends_in_a_second(desk: &mut Desk, signal: &str) -> usize {
    desk.modify(&format!(
        "Events=1{{g/sc{{EM{{SG{{{signal}}}}}}}}},Signals{{{signal}}}"
    ));
    desk.pass(1_000);
    desk.notified().len()
}

#[test]
fn signals_of_no_length_that_begin_anew_let_time_go_on() {
    let brief = "cg/dt{DR=0,SY=TO,NC={TO}}";
    assert_eq!(ends_in_a_second(&mut Desk::new(), brief), 50);
    let mut unheard = Desk::new();
    unheard.ask("Media{Stream=1{Local{}}}");
    assert_eq!(ends_in_a_second(&mut unheard, brief), 50);
    assert_eq!(ends_in_a_second(&mut unheard, "an/apf{an=21}"), 50);
}

#[test]
fn what_nobody_takes_of_signals_that_begin_anew_is_lost() {
    let mut desk = Desk::new();
    desk.answers = false;
    ends_in_a_second(&mut desk, "cg/dt{DR=0,SY=TO,NC={TO}}");
    desk.pass(2_000);
    desk.modify("Events,Signals");
    desk.answers = true;
    // The one that waits for its reply was taken before.
    let told = desk.notified();
    assert!((64..=66).contains(&told.len()), "{}", told.len());
    assert!(told.iter().any(|one| one.ends_with("Error 518")));
}

#[test]
fn a_sound_that_cannot_be_played_begins_anew_after_its_least_time() {
    let mut desk = Desk::new();
    desk.modify("Events=1{g/sc{EM{SG{dg/d5}}}},Signals{dg/d5}");
    for _ in 0..3 {
        desk.finish_first(false);
        assert_eq!(desk.playing(), []);
        desk.pass(20);
        desk.expect(&["1 g/sc SigID=\"dg/d5\" Meth=NC"]);
    }
}
