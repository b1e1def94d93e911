//! Recordings (H.248.9), talkers and gain: what the controller says, and what it is told.

use std::time::Duration;

use mg_contract::{Command, Direction, Report, Sound};

use super::{bench::config, desk::Desk};

/// The signal that records, and the direction.
fn recording(desk: &Desk) -> (mg_contract::SignalRef, Direction) {
    let mut all = desk.bench.engine.log.iter().rev();
    let found = all.find_map(|command| {
        let Command::Play {
            signal,
            sound: Sound::Record { .. },
            direction,
            ..
        } = command
        else {
            return None;
        };
        Some((*signal, *direction))
    });
    found.expect("something is recorded")
}

fn recorded(desk: &mut Desk, file: Option<&str>) {
    let (signal, _) = recording(desk);
    desk.report(Report::Recorded {
        signal,
        file: file.map(str::to_owned),
        time: Duration::from_millis(2_340),
    });
}

fn mixer() -> Desk {
    Desk::with(crate::Config {
        zconfmix: true,
        ..config()
    })
}

fn recorder() -> Desk {
    Desk::with(crate::Config {
        records: true,
        ..config()
    })
}

#[test]
fn a_prompt_goes_before_and_the_file_is_told_when_it_is_complete() {
    let mut desk = recorder();
    desk.modify("Events=7{aasrec/precsucc,aasrec/audfail},Signals{aasrec/playrec{ip=\"<sid=12>\",rid=\"talk.opus\",rlt=50,rd=both}}");
    let prompt = Sound::Announcement {
        number: 12,
        cycles: Some(1),
        duck: 12,
    };
    assert_eq!(desk.playing(), [prompt]);
    desk.finish_first(true);
    let record = Sound::Record {
        name: "talk.opus".into(),
        time: Duration::from_secs(5),
    };
    assert_eq!(desk.playing(), [record]);
    assert_eq!(recording(&desk).1, Direction::Both);
    desk.finish_first(true);
    desk.expect(&[]);
    recorded(&mut desk, Some("talk-2.opus"));
    desk.expect(&["7 aasrec/precsucc ri=\"talk-2.opus\" rdur=234"]);
    // It is told once.
    recorded(&mut desk, Some("talk-2.opus"));
    desk.expect(&[]);
}

#[test]
fn a_recording_that_is_stopped_is_told_as_well_and_one_that_fails_otherwise() {
    let mut desk = recorder();
    desk.modify("Events=7{aasrec/precsucc,aasrec/audfail},Signals{aasrec/playrec{rd=int}}");
    assert_eq!(recording(&desk).1, Direction::Internal);
    desk.modify("Signals{}");
    assert_eq!(desk.playing(), []);
    recorded(&mut desk, None);
    desk.expect(&["7 aasrec/audfail rc=620"]);
}

#[test]
fn what_cannot_be_written_is_told_while_it_is_recorded_and_ends_the_signal() {
    let mut desk = recorder();
    desk.modify("Events=7{aasrec/precsucc,aasrec/audfail},Signals{aasrec/playrec{rd=int}}");
    desk.bench.pass(Duration::from_secs(1));
    assert_eq!(desk.playing().len(), 1);
    recorded(&mut desk, None);
    desk.expect(&["7 aasrec/audfail rc=620"]);
    assert_eq!(desk.playing(), []);
    // So it is once more where the engine has ended it.
    recorded(&mut desk, None);
    desk.expect(&[]);
}

#[test]
fn what_is_not_carried_out_is_refused_and_so_is_all_where_nothing_records() {
    let mut desk = recorder();
    for (wrong, code) in [
        ("aasrec/playrec{prt=5}", 501),
        ("aasrec/playrec{ip=99}", 514),
        ("aasrec/playrec{rlt=0}", 454),
        ("aasb/play{an=12}", 440),
    ] {
        let reply = desk.ask(&format!("Signals{{{wrong}}}"));
        assert!(reply.contains(&format!("ER={code}")), "{wrong}: {reply}");
    }
    let mut deaf = Desk::new();
    let reply = deaf.ask("Signals{aasrec/playrec}");
    assert!(reply.contains("ER=440"), "{reply}");
}

#[test]
fn talkers_are_told_to_who_names_their_package_only() {
    let mut desk = mixer();
    let stream = desk.bench.stream("rtp/1").0;
    let talk = |desk: &mut Desk| {
        desk.report(Report::TalkBegan { stream, level: 30 });
        let time = Duration::from_millis(1_500);
        desk.report(Report::TalkEnded { stream, time });
    };
    desk.modify("Events=6{*/*}");
    talk(&mut desk);
    desk.expect(&[]);
    desk.modify("Events=7{zconfmix/talk}");
    talk(&mut desk);
    desk.expect(&[
        "7 zconfmix/talk on=ON lvl=30",
        "7 zconfmix/talk on=OFF dur=1500",
    ]);
}

#[test]
fn root_tells_that_the_gateway_mixes() {
    let root = "Context=-{AuditValue=ROOT{Audit{Packages}}}";
    let told = mixer().bench.ask(root);
    assert!(told.ends_with(",zconfmix-1}}}"), "{told}");
    let told = Desk::new().bench.ask(root);
    assert!(!told.contains("zconfmix"), "{told}");
}

#[test]
fn gain_goes_to_the_engine() {
    let mut desk = mixer();
    desk.modify("Media{Stream=1{LocalControl{zconfmix/gain=-6}}}");
    let mut all = desk.bench.engine.log.iter().rev();
    let gain = all.find_map(|command| {
        let Command::Modify { settings, .. } = command else {
            return None;
        };
        Some(settings.gain)
    });
    assert_eq!(gain, Some(-6));
    let reply = desk.ask("Media{Stream=1{LocalControl{zconfmix/gain=21}}}");
    assert!(reply.contains("ER="), "{reply}");
}
