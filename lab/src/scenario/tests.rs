//! The machine alone: what comes is written here.

use std::{sync::Arc, time::Duration};

use transport_h248::Encoding;

use super::*;

/// A player of a text that begins in no state.
struct Stage {
    player: Player,
    now: std::time::Instant,
}

fn stage(role: Role, text: &str) -> Stage {
    let mut library = Library::default();
    library.add("N0", "given: N0\n");
    let program = Program::new(&parse(text, 1).unwrap(), &library).unwrap();
    let now = crate::sim::start();
    let settings = Arc::new(Settings::new(role, Encoding::Text));
    let mut player = Player::new(program, settings, now);
    player.handle_timeout(now);
    Stage { player, now }
}

impl Stage {
    fn hear(&mut self, text: &str) {
        let home = self.player.settings.role.home();
        self.player.handle_message(home, text.as_bytes(), self.now);
    }

    fn sent(&mut self) -> Vec<String> {
        let all = std::iter::from_fn(|| self.player.poll_transmit());
        all.map(|one| String::from_utf8(one.octets).unwrap())
            .collect()
    }

    fn pass(&mut self, millis: u64) {
        self.now += Duration::from_millis(millis);
        self.player.handle_timeout(self.now);
    }

    fn end(&mut self) -> Outcome {
        self.player.poll_end().expect("it has ended")
    }
}

#[test]
fn loops_count_and_branches_choose() {
    let text = "given: N0\nlet SUM: 0\nrepeat 4 I\nsum SUM SUM I\nif equal I 3\nleave\nelse\nremark: @I\nend\nend\nequal SUM 6\n";
    let outcome = stage(Role::Mgc, text).end();
    assert_eq!(outcome.verdict, Verdict::Pass, "{}", outcome.reason);
    assert_eq!(outcome.remarks, ["1", "2"]);
    let wrong = text.replace("SUM 6", "SUM 7");
    let outcome = stage(Role::Mgc, &wrong).end();
    assert_eq!((outcome.verdict, outcome.line), (Verdict::Fail, Some(11)));
}

#[test]
fn what_is_standing_is_answered_unseen_and_what_is_waited_for_is_not() {
    let text = "given: N0\nstanding with: Context=- {AuditValue=@WHO {Audit{}}}\ngives: Context=- {AuditValue=@WHO}\n\
        request with: Context=- {AuditValue=b {Audit{}}}\nquiet 100ms\n";
    let mut stage = stage(Role::Mg, text);
    stage.hear("MEGACO/1 c Transaction=1{Context=-{AuditValue=a{Audit{}}}}");
    assert_eq!(
        stage.sent(),
        ["MEGACO/3 [192.0.2.10]:2944 Reply=1{Context=- {AuditValue=a}}"]
    );
    stage.hear("MEGACO/1 c Transaction=2{Context=-{AuditValue=b{Audit{}}}}");
    assert!(stage.sent().is_empty());
    stage.hear("MEGACO/1 c Transaction=3{Context=-{AuditValue=c{Audit{}}}}");
    // What comes again is no news, and is answered again.
    stage.hear("MEGACO/1 c Transaction=3{Context=-{AuditValue=c{Audit{}}}}");
    assert_eq!(stage.sent().len(), 2);
    stage.pass(100);
    assert_eq!(stage.end().verdict, Verdict::Pass);
}

#[test]
fn errors_are_judged_by_level_and_code() {
    let reply = |text: &str, answer: &str| {
        let body = "send: Context=1 {Modify=a {Events}, Modify=b {Events}}";
        let mut stage = stage(Role::Mgc, &format!("given: N0\n{body}\n{text}\n"));
        let sent = stage.sent();
        assert!(sent[0].contains("Transaction=8001{Context=1"), "{sent:?}");
        stage.hear(&format!("MEGACO/3 g {answer}"));
        stage.pass(6_000);
        let outcome = stage.end();
        (outcome.verdict, outcome.remarks.len())
    };
    let command = "Reply=8001{Context=1{Modify=a,Modify=b{Error=430{}}}}";
    let whole = "Reply=8001{Error=430{}}";
    assert_eq!(reply("fails at cmd 430", command), (Verdict::Pass, 0));
    assert_eq!(
        reply("fails at cmd 431 alt 430", command),
        (Verdict::Pass, 1)
    );
    assert_eq!(reply("fails at act 430", command), (Verdict::Pass, 1));
    assert_eq!(reply("fails at cmd 435", command), (Verdict::Fail, 0));
    assert_eq!(reply("fails at cmd 430", whole), (Verdict::Fail, 0));
    assert_eq!(reply("fails at trans 430", whole), (Verdict::Pass, 0));
    assert_eq!(reply("fails 400", "Error=400{}"), (Verdict::Pass, 0));
    let nothing = "Reply=9{Context=1{Modify=a,Modify=b}}";
    assert_eq!(reply("fails 430", nothing), (Verdict::Fail, 0));
    assert_eq!(
        reply("fails 430 silence inconc", nothing),
        (Verdict::Inconc, 0)
    );
    assert_eq!(
        reply("fails 430 silence remark", nothing),
        (Verdict::Pass, 1)
    );
    let good = "Reply=8001{Context=1{Modify=a,Modify=b}}";
    assert_eq!(reply("fails 430", good), (Verdict::Fail, 0));
}

#[test]
fn a_pending_makes_the_wait_longer_and_what_is_missing_is_inconclusive() {
    let ask = "given: N0\nsend: Context=- {AuditValue=ROOT {Audit{}}}\n";
    let mut slow = stage(
        Role::Mgc,
        &format!("{ask}reply: Context=- {{AuditValue=ROOT}}\n"),
    );
    slow.pass(4_000);
    slow.hear("MEGACO/3 g Pending=8001{}");
    slow.pass(9_000);
    assert!(!slow.player.has_ended());
    slow.hear("MEGACO/3 g Reply=8001{Context=-{AuditValue=ROOT}}");
    assert_eq!(slow.end().verdict, Verdict::Pass);
    let mut silent = stage(
        Role::Mgc,
        &format!("{ask}reply: Context=- {{AuditValue=ROOT}}\n"),
    );
    silent.pass(5_000);
    let outcome = silent.end();
    assert_eq!(outcome.verdict, Verdict::Fail);
    assert_eq!(outcome.reason, "no reply came; unread: nothing");
    let outcome = stage(
        Role::Mgc,
        "given: N0\nsend: Context=- {AuditValue=@PX_NONE {Audit{}}}\n",
    )
    .end();
    assert_eq!(
        (outcome.verdict, &*outcome.reason),
        (Verdict::Inconc, "no value for PX_NONE")
    );
}

#[test]
fn a_purpose_is_not_passed_by_a_context_that_stays() {
    let text = "purpose: TP_MG_AD_BI_99\ngiven: N0\nsend: Context=$ {Add=x}\nfails 430\n";
    let play = |after: &str| {
        let mut stage = stage(Role::Mgc, text);
        stage.hear("MEGACO/3 g Reply=8001{Context=*{AuditValue=ROOT{Error=431{}}}}");
        stage.hear("MEGACO/3 g Reply=8002{Context=0{Add=x{Error=430{}}}}");
        stage.hear("MEGACO/3 g Reply=8003{Context=-{AuditValue=ROOT{Packages{g-1}}}}");
        stage.hear(&format!("MEGACO/3 g Reply=8004{{{after}}}"));
        stage.end()
    };
    let outcome = play("Context=*{AuditValue=ROOT{Error=431{}}}");
    assert_eq!(outcome.verdict, Verdict::Pass, "{}", outcome.reason);
    let outcome = play("Context=5{AuditValue=ROOT}");
    assert_eq!(outcome.verdict, Verdict::Fail);
    assert_eq!(
        outcome.reason,
        "afterwards: Contexts have come to be: [\"5\"]"
    );
}

#[test]
fn no_octets_end_the_machine_but_by_a_verdict() {
    let mut random = fastrand::Rng::with_seed(8);
    let good = b"MEGACO/3 g Reply=8001{Context=-{AuditValue=ROOT{Media{Stream=1{Local{v=0}}}}}}";
    for _ in 0..2_000 {
        let text = "given: N0\nsend: Context=- {AuditValue=ROOT {Audit{Media}}}\n\
            reply with: Context=@C {AuditValue=@T {Media {Stream=1 {Local {@X}}}}}\nkeep K\n";
        let mut stage = stage(Role::Mgc, text);
        let mut octets = good.to_vec();
        for _ in 0..random.usize(0..6) {
            let at = random.usize(..octets.len());
            octets[at] = random.u8(..);
        }
        stage.player.handle_message("mgc1", &octets, stage.now);
        stage.pass(60_000);
        assert!(stage.player.has_ended());
    }
}

#[test]
fn a_value_that_nobody_has_given_is_inconclusive_wherever_it_is_used() {
    let send = "send: Context=- {AuditValue=ROOT {Audit{}}}";
    let texts = [
        "sum more @PX_GONE -1",
        "sum more PX_GONE -1",
        "repeat @PX_GONE\nwait 1s\nend",
        "if atleast @PX_GONE 3\nwait 1s\nend",
        "if equal PX_GONE 3\nwait 1s\nend",
        "wait @PX_GONE",
        "let A: Add=@PX_GONE",
        "send: Context=- {AuditValue=@PX_GONE {Audit{}}}",
        "standing with: Context=- {AuditValue=ROOT {Audit{}}}\ngives: Context=- {AuditValue=@PX_GONE}",
        "hears a @PX_GONE",
        "prompt FAIL @PX_GONE",
        &format!("{send}\nreply within @PX_GONE: Context=- {{AuditValue=ROOT}}"),
        &format!(
            "{send}\nreply: Context=- {{AuditValue=ROOT}}\nor: Context=- {{AuditValue=@PX_GONE}}"
        ),
    ];
    for text in texts {
        let outcome = stage(Role::Mgc, &format!("given: N0\n{text}\n")).end();
        let told = (outcome.verdict, outcome.reason.as_str());
        assert_eq!(told, (Verdict::Inconc, "no value for PX_GONE"), "{text}");
    }
    let outcome = stage(
        Role::Mgc,
        "given: N0\nif given PX_GONE\nfail: it is there\nend\nif given gone\nfail: @gone\nend\n",
    )
    .end();
    assert_eq!(outcome.verdict, Verdict::Pass, "{}", outcome.reason);
}

#[test]
fn a_name_that_stands_for_nothing_is_told_by_its_own_name() {
    for text in [
        "wait @gone",
        "answer id @gone: Context=- {AuditValue=ROOT}",
        "sum a @gone 1",
        "let A: @gone",
        "speak @gone",
    ] {
        let asks = "request: Context=- {AuditValue=ROOT {Audit {}}}";
        let text = format!(
            "given: N0\nsend: Context=- {{AuditValue=ROOT {{Audit{{}}}}}}\n{asks}\n{text}\n"
        );
        let mut nobody = stage(Role::Mgc, &text);
        assert_eq!(nobody.sent(), [""; 0]);
        let outcome = nobody.end();
        assert_eq!(
            outcome.reason,
            "expected a name that something gives, found @gone"
        );
        assert_eq!((outcome.verdict, outcome.line), (Verdict::Error, Some(4)));
        // Something that was not carried out would have given it.
        let given = "let none: 0\nrepeat @none\nlet gone: 1\nend\n";
        let mut missing = stage(Role::Mgc, &format!("{text}{given}"));
        missing.hear("MEGACO/1 g Transaction=1{Context=-{AuditValue=ROOT{Audit{}}}}");
        let outcome = missing.end();
        assert!(!outcome.reason.contains("zz"), "{}", outcome.reason);
        let wanted = [Verdict::Inconc, Verdict::Error];
        assert!(wanted.contains(&outcome.verdict), "{text}: {outcome:?}");
    }
    let text = "given: N0\nlet gone: a\nforget gone\nstanding with: Context=- {AuditValue=a {Audit {}}}\ngives: Context=- {AuditValue=@gone}\nwait 1s\n";
    let mut stage = stage(Role::Mg, text);
    stage.hear("MEGACO/1 c Transaction=1{Context=-{AuditValue=a{Audit{}}}}");
    assert_eq!(stage.sent(), [""; 0]);
}

#[test]
fn a_fault_that_comes_to_nothing_is_no_pass() {
    let ask = "send: Context=- {AuditValue=ROOT {Audit{}}}";
    let play = |text: &str| {
        let mut stage = stage(Role::Mgc, &format!("given: N0\n{text}\n"));
        let sent = stage.sent();
        (stage.end(), sent)
    };
    for (text, told) in [
        (
            format!("fault corrupt nosuch 7\n{ask}"),
            "expected a field nosuch in the message behind it; found none",
        ),
        (
            format!("fault corrupt contextId rubbish\n{ask}"),
            "expected a value that contextId can have; found rubbish: ",
        ),
        (
            "fault corrupt contextId 7\nraw: rubbish".to_owned(),
            "expected a message that decodes; found ",
        ),
        (
            format!("{ask}\nfault corrupt contextId 7"),
            "expected a message behind it; found none",
        ),
    ] {
        let (outcome, sent) = play(&text);
        assert_eq!(outcome.verdict, Verdict::Inconc, "{text}");
        let told = format!("fault corrupt: {told}");
        assert!(outcome.reason.starts_with(&told), "{}", outcome.reason);
        assert_eq!(
            sent.len(),
            text.matches(&format!("{ask}\n")).count(),
            "{text}"
        );
    }
    let (outcome, sent) = play(&format!("fault corrupt contextId 7\n{ask}"));
    assert_eq!(outcome.verdict, Verdict::Pass, "{}", outcome.reason);
    assert!(sent[0].contains("C=7"), "{sent:?}");
}

#[test]
fn segments_are_acknowledged_whatever_their_count_is_called() {
    let ask = "send: Context=- {AuditValue=ROOT {Audit{}}}";
    let text = format!("given: N0\n{ask}\nsegments N L\nacknowledge but 1\n");
    let mut stage = stage(Role::Mgc, &text);
    stage.sent();
    for (number, item) in [("1", "a"), ("2/END", "b")] {
        stage.hear(&format!(
            "MEGACO/3 g Reply=8001/{number}{{Context=-{{AuditValue={item}}}}}"
        ));
    }
    assert_eq!(
        stage.sent(),
        ["MEGACO/3 [192.0.2.1]:2944 Segment=8001/2/END"]
    );
    assert_eq!(stage.end().verdict, Verdict::Pass);
}

#[test]
fn what_is_remarked_says_in_which_file_it_stands() {
    let text = "given: N0\nsend: Context=- {AuditValue=ROOT {Audit{}}}\nreply: Context=- {AuditValue=a}\n\
        or remark: Context=- {AuditValue=ROOT}\n";
    let mut script = parse(text, 583).unwrap();
    script.path = "mg/AV.txt".into();
    let mut library = Library::default();
    library.add("N0", "given: N0\n");
    let outcome = |script: &Script, library: &Library, answer: &str| {
        let program = Program::new(script, library).unwrap();
        let (now, settings) = (
            crate::sim::start(),
            Settings::new(Role::Mgc, Encoding::Text),
        );
        let mut player = Player::new(program, Arc::new(settings), now);
        player.handle_timeout(now);
        player.handle_message("mgc1", answer.as_bytes(), now);
        player.poll_end().unwrap()
    };
    let good = "MEGACO/3 g Reply=8001{Context=-{AuditValue=ROOT}}";
    let remarks = outcome(&script, &library, good).remarks;
    assert_eq!(remarks, ["mg/AV.txt:586: Context=- {AuditValue=ROOT}"]);
    library.add("N0", "title: x\ngiven: N0\nsend: Context=- {AuditValue=ROOT {Audit{}}}\nreply: Context=- {AuditValue=b}\n");
    let reason = outcome(&script, &library, good).reason;
    assert!(
        reason.starts_with("N0 is not reached: common/N0.txt:4: "),
        "{reason}"
    );
}

#[test]
fn what_waits_and_what_names_stand_for_is_bounded() {
    let many = "many 1000: Context=- {AuditValue=ROOT {Audit{}}}\n";
    let text = format!("given: N0\nrepeat 60\n{many}end\n");
    let mut loops = stage(Role::Mgc, &text);
    let (mut sent, mut all) = (0, 0);
    while !loops.player.has_ended() {
        let waits = loops.sent();
        let octets: usize = waits.iter().map(String::len).sum();
        assert!(octets < 2 << 20, "{octets} octets wait");
        (sent, all) = (sent + waits.len(), all + octets);
        loops.pass(0);
    }
    sent += loops.sent().len();
    assert_eq!((sent, loops.end().verdict), (60, Verdict::Pass));
    assert!(all > 2 << 20, "{all} octets are too few to tell");
    let value = "x".repeat(2_000);
    let text = format!("given: N0\nrepeat 9000 I\nlet N_@I: {value}\nend\n");
    let outcome = stage(Role::Mgc, &text).end();
    assert_eq!(outcome.verdict, Verdict::Error);
    assert_eq!(
        outcome.reason,
        "names would stand for more than 8388608 octets"
    );
    let held = "given: N0\nrepeat 9999\nfault delay 9s\nmany 1000: Context=- {AuditValue=a{Audit{}}}\nend\n";
    let outcome = stage(Role::Mgc, held).end();
    assert_eq!(
        outcome.reason,
        "more than 8388608 octets are late or wait behind others"
    );
}

#[test]
fn what_nobody_reads_makes_room_by_its_octets() {
    let mut stage = stage(Role::Mgc, "given: N0\nwait 60s\n");
    let long = "x".repeat(60_000);
    for id in 0..100 {
        stage.hear(&format!("MEGACO/3 g Reply={id}{{Error=400{{\"{long}\"}}}}"));
    }
    let octets: usize = stage.player.inbox.iter().map(|one| one.octets.len()).sum();
    assert!((1 << 20..=2 << 20).contains(&octets), "{octets}");
    stage.pass(60_000);
    assert!(stage.end().forgotten >= 60);
}

#[test]
fn what_is_sent_has_to_decode_once_its_names_are_known() {
    let text = "given: N0\nlet X: Modfy\nsend: Context=1 {@X=a}\n";
    let mut wrong = stage(Role::Mgc, text);
    assert!(wrong.sent().is_empty());
    let outcome = wrong.end();
    assert_eq!((outcome.verdict, outcome.line), (Verdict::Error, Some(3)));
    let told = "what is said does not decode: expected commandRequest, found \"Modfy=a}\" behind 11 octets of it";
    assert_eq!(outcome.reason, told);
    let mut meant = stage(Role::Mgc, &text.replace("send:", "send unreadable:"));
    assert_eq!(meant.sent().len(), 1);
}

#[test]
fn requests_of_no_step_are_answered_by_who_has_reached_its_state() {
    let text = "given: N0\nstanding with: Context=- {AuditValue=b {Audit{}}}\ngives: Context=- {AuditValue=b}\n";
    let mut stage = stage(Role::Mg, text);
    assert_eq!(stage.end().verdict, Verdict::Pass);
    let mut serve = |body: &str| {
        let octets = format!("MEGACO/3 c {body}");
        let served = stage.player.serve("mg1", octets.as_bytes(), stage.now);
        let sent = stage
            .sent()
            .join(" ")
            .replace("MEGACO/3 [192.0.2.10]:2944 ", "");
        ((served.answered, served.refused), sent)
    };
    for (asks, served, sent) in [
        (
            "Transaction=1{Context=-{AuditValue=ROOT{Audit{}}}}",
            (1, 0),
            "Reply=1{Context=-{AuditValue=ROOT}}",
        ),
        (
            "Transaction=2{Context=-{AuditValue=b{Audit{}}}}",
            (1, 0),
            "Reply=2{Context=- {AuditValue=b}}",
        ),
        (
            "Transaction=3{Context=${Add=$}}",
            (0, 1),
            "Reply=3{Error=501{\"no call expected it\"}}",
        ),
        (
            "Transaction=4{Context=-{ServiceChange=ROOT{Services{Method=Restart,Reason=\"901 x\"}}}}Transaction=5{Context=2{Notify=a{ObservedEvents=1{al/of}}}}",
            (2, 0),
            "Reply=4{Context=-{ServiceChange=ROOT}} Reply=5{Context=2{Notify=a}}",
        ),
        ("Reply=6{Context=-{AuditValue=ROOT}}", (0, 0), ""),
    ] {
        assert_eq!(serve(asks), (served, sent.to_owned()), "{asks}");
    }
}
