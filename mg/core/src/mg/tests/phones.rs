//! Analog lines and the phones on them (H.248.1 E.9), in virtual time.

use std::time::Duration;

use codec_h248::{Command as Request, TerminationId};
use mg_contract::{Command, Direction, Dtmf, Report, Sound};

use super::bench::{Bench, config};
use crate::{Config, Line, LineKind, Step, Why};

/// A gateway with one line, on whose phone this is done.
fn with(script: &[&str], on_ring: &[&str]) -> Bench {
    let steps =
        |texts: &[&str]| -> Vec<Step> { texts.iter().map(|text| text.parse().unwrap()).collect() };
    let line = Line {
        script: steps(script),
        on_ring: steps(on_ring),
        ..Line::new(TerminationId::from_name("line/1"), LineKind::Analog)
    };
    Bench::registered(Config {
        lines: vec![line],
        ..config()
    })
}

/// Lets time pass, answers what is notified, and returns it: the Context, the RequestID and the event.
fn notified(bench: &mut Bench, ms: u64) -> Vec<String> {
    let mut told = Vec::new();
    let end = bench.now + Duration::from_millis(ms);
    loop {
        for request in bench.requests() {
            for action in &request.actions {
                let Request::Notify(notify) = &action.commands[0].command else {
                    continue;
                };
                let observed = &notify.observed_events;
                let event = &observed.events[0];
                let parameters = event.parameters.iter();
                let parameters: String = parameters
                    .map(|one| format!(" {}={:?}", one.name, one.value))
                    .collect();
                assert_eq!(notify.terminations[0].as_str(), "line/1");
                told.push(format!(
                    "{} {} {}{}",
                    action.context,
                    observed.request_id,
                    event.name,
                    if parameters.is_empty() { "" } else { " with" }
                ));
            }
            bench.sent.clear();
            let id = request.id.0;
            let context = request.actions[0].context;
            bench.receive(&format!(
                "MEGACO/3 [192.0.2.1]:2944 Reply={id}{{Context={context}{{Notify=line/1}}}}"
            ));
        }
        bench.sent.clear();
        match bench.mg.poll_timeout() {
            Some((at, _)) if at <= end => bench.pass(at.saturating_duration_since(bench.now)),
            Some(_) | None => break,
        }
    }
    bench.pass(end - bench.now);
    told
}

fn arm(bench: &mut Bench, events: &str) -> String {
    bench.ask(&format!("Context=-{{Modify=line/1{{Events={events}}}}}"))
}

#[test]
fn a_handset_that_is_lifted_is_notified_in_the_null_context() {
    let mut bench = with(&["2s off-hook", "5s on-hook"], &[]);
    assert_eq!(
        bench.mg.poll_timeout().map(|(_, why)| why),
        Some(Why::Phone)
    );
    assert_eq!(arm(&mut bench, "4711{al/of,al/on}"), "C=-{MF=line/1}");
    assert_eq!(notified(&mut bench, 1_999), Vec::<String>::new());
    assert_eq!(notified(&mut bench, 1), ["- 4711 al/of"]);
    assert_eq!(notified(&mut bench, 60_000), ["- 4711 al/on"]);
    assert!(bench.engine.log.is_empty(), "a hook makes no sound");
}

#[test]
fn nobody_is_told_what_nobody_has_asked_for() {
    let mut bench = with(&["2s off-hook", "5s on-hook"], &[]);
    arm(&mut bench, "1{al/on}");
    assert_eq!(notified(&mut bench, 6_000), Vec::<String>::new());
    bench.ask("Context=-{Modify=line/1{Events}}");
    assert_eq!(notified(&mut bench, 60_000), Vec::<String>::new());
}

#[test]
fn a_state_that_is_there_already_is_waited_for_told_or_refused() {
    for (strict, expected) in [
        ("", Vec::new()),
        ("{strict=exact}", Vec::new()),
        ("{strict=state}", vec!["- 7 al/of with"]),
    ] {
        let mut bench = with(&["off-hook"], &[]);
        notified(&mut bench, 10);
        assert_eq!(
            arm(&mut bench, &format!("7{{al/of{strict}}}")),
            "C=-{MF=line/1}"
        );
        assert_eq!(notified(&mut bench, 1_000), expected, "{strict}");
    }
    let mut bench = with(&["off-hook"], &[]);
    notified(&mut bench, 10);
    let before = bench.state();
    let refused = arm(&mut bench, "7{al/of{strict=failWrong}}");
    assert!(refused.contains("ER=540{"), "{refused}");
    assert_eq!(bench.state(), before);
    assert_eq!(
        arm(&mut bench, "7{al/on{strict=failWrong}}"),
        "C=-{MF=line/1}"
    );
}

#[test]
fn a_flash_is_as_long_as_the_controller_says() {
    let script = ["off-hook", "1s flash 300ms"];
    for (events, expected) in [
        ("1{al/fl}", vec!["- 1 al/fl"]),
        ("1{al/fl,al/on,al/of}", vec!["- 1 al/fl"]),
        ("1{al/fl{mindur=400},al/on}", vec![]),
        (
            "1{al/fl{mindur=50,maxdur=200},al/on,al/of}",
            vec!["- 1 al/on", "- 1 al/of"],
        ),
        ("1{al/on,al/of}", vec!["- 1 al/on", "- 1 al/of"]),
    ] {
        let mut bench = with(&script, &[]);
        notified(&mut bench, 500);
        arm(&mut bench, events);
        assert_eq!(notified(&mut bench, 10_000), expected, "{events}");
    }
}

#[test]
fn a_phone_that_rings_is_answered_and_stops_ringing() {
    let mut bench = with(&[], &["3s off-hook", "2s on-hook"]);
    let ring = "Context=-{Modify=line/1{Events=1{al/of,al/on},Signals{al/ri}}}";
    assert_eq!(bench.ask(ring), "C=-{MF=line/1}");
    assert_eq!(notified(&mut bench, 2_999), Vec::<String>::new());
    let signals = "Context=-{AuditValue=line/1{Audit{Signals}}}";
    assert!(bench.ask(signals).contains("al/ri"));
    assert_eq!(notified(&mut bench, 1), ["- 1 al/of"]);
    assert!(!bench.ask(signals).contains("al/ri"), "the event ends it");
    assert_eq!(notified(&mut bench, 9_000), ["- 1 al/on"]);
}

#[test]
fn a_phone_that_rings_no_more_is_not_answered() {
    let mut bench = with(&[], &["3s off-hook"]);
    bench.ask("Context=-{Modify=line/1{Events=1{al/of},Signals{al/ri}}}");
    assert_eq!(notified(&mut bench, 2_000), Vec::<String>::new());
    bench.ask("Context=-{Modify=line/1{Signals}}");
    assert_eq!(notified(&mut bench, 60_000), Vec::<String>::new());
    // The next call is.
    bench.ask("Context=-{Modify=line/1{Signals{al/ri}}}");
    assert_eq!(notified(&mut bench, 3_000), ["- 1 al/of"]);
}

/// What the engine was told to play.
fn played(bench: &Bench) -> Vec<(Sound, Direction)> {
    let play = |command: &Command| {
        if let Command::Play {
            sound, direction, ..
        } = command
        {
            return Some((sound.clone(), *direction));
        }
        None
    };
    bench.engine.log.iter().filter_map(play).collect()
}

#[test]
fn what_is_dialled_sounds_only_where_somebody_listens() {
    let dialled = |digit, ms| {
        let time = Duration::from_millis(ms);
        let digit = Dtmf(digit);
        (Sound::Dtmf { digit, time }, Direction::Received)
    };
    let mut bench = with(&["off-hook", "1s dial 5#"], &[]);
    notified(&mut bench, 10_000);
    assert_eq!(played(&bench), []);

    let mut bench = with(&["off-hook", "1s dial 5#"], &[]);
    arm(&mut bench, "1{dd/*}");
    assert!(matches!(
        bench.engine.log[..],
        [Command::OpenLine { .. }, Command::Detect { .. }]
    ));
    notified(&mut bench, 10_000);
    assert_eq!(played(&bench), [dialled(5, 100), dialled(11, 100)]);
    let strays = bench.mg.snapshot().counters.stray_reports;
    let signals = bench.engine.log.iter().filter_map(|command| {
        if let Command::Play { signal, .. } = command {
            return Some(*signal);
        }
        None
    });
    for signal in signals.collect::<Vec<_>>() {
        let report = Report::Played {
            signal,
            completed: true,
        };
        bench.mg.handle_media(report, bench.now);
    }
    assert_eq!(bench.mg.snapshot().counters.stray_reports, strays);
    bench.ask("Context=-{Modify=line/1{Events}}");
    assert!(bench.engine.streams.is_empty(), "nobody listens any more");
}

#[test]
fn a_line_that_is_listened_to_keeps_its_stream_in_a_context_and_counts_anew() {
    let mut bench = with(&["off-hook"], &[]);
    notified(&mut bench, 10);
    bench.ask("Context=-{Modify=line/1{Events=1{dd/*},Signals{cg/dt}}}");
    bench.engine.statistics.octets_received = 8_000;
    bench.engine.log.clear();
    let added = bench.ask("Context=${Add=line/1{Media{LocalControl{Mode=SendReceive}}},Add=$}");
    assert_eq!(added, "C=1{A=line/1,A=rtp/1}");
    assert!(matches!(
        bench.engine.log[..],
        [
            Command::Audit { .. },
            Command::Move { .. },
            Command::Modify { .. },
            ..
        ]
    ));
    let armed = bench.ask("Context=1{AuditValue=line/1{Audit{Events,Signals}}}");
    assert!(armed.contains("dd/*") && armed.contains("cg/dt"), "{armed}");
    bench.engine.statistics.octets_received = 8_640;
    let gone = bench.ask("Context=1{Subtract=line/1}");
    assert!(gone.contains("nt/or=640"), "{gone}");
    let idle = bench.ask("Context=-{AuditValue=line/1{Audit{Events,Signals}}}");
    assert_eq!(idle, "C=-{AV=line/1{E,SG}}");
    assert!(bench.engine.streams.is_empty());
}

#[test]
fn the_phone_is_not_hung_up_by_the_controller() {
    let mut bench = with(&["off-hook", "9s on-hook"], &[]);
    notified(&mut bench, 10);
    bench.ask("Context=${Add=line/1{Events=3{al/on}},Add=$}");
    assert_eq!(notified(&mut bench, 5_000), Vec::<String>::new());
    bench.ask("Context=1{Subtract=line/1}");
    // Subtract has disarmed it; the hook is still off.
    let refused = arm(&mut bench, "4{al/of{strict=failWrong}}");
    assert!(refused.contains("ER=540{"), "{refused}");
    arm(&mut bench, "4{al/on}");
    assert_eq!(notified(&mut bench, 5_000), ["- 4 al/on"]);
}
