//! What is wrong with a scenario is told before anything is sent.

use std::path::{Path, PathBuf};

use super::*;

fn refused(text: &str) -> String {
    let script = parse(text, 1).map_err(|error| error.to_string());
    let program = script.and_then(|script| {
        Program::new(&script, &Library::ours()).map_err(|error| error.to_string())
    });
    program.map(|_| String::new()).unwrap_or_else(|told| told)
}

#[test]
fn words_that_are_none_are_told_with_their_line_and_their_state() {
    for (text, told) in [
        (
            "given: none\nwait 1s\nsned: x\n",
            "line 3: expected a word of docs/scenarios.md, found \"sned\"",
        ),
        (
            "given: S99\n",
            "line 1: expected a state that is there (M0, M1, M2, M3, S0, S1, S2, S3, S4, S5, S6, none), found \"S99\"",
        ),
        (
            "given: none\nrepeat 99999999999999999999 N\nend\n",
            "line 2: expected a count from 1 to 10000000 behind repeat, found \"99999999999999999999\"",
        ),
        (
            "given: none\nreply wiht: Context=- {AuditValue=ROOT}\n",
            "line 2: expected with some any id:NUMBER at:PLACE within:TIME behind reply, found \"wiht\"",
        ),
        (
            "given: none\nwait 5\n",
            "line 2: expected a time like 250ms or 5s behind wait, found \"5\"",
        ),
        (
            "given: none\nwait\n",
            "line 2: expected a time like 250ms or 5s behind wait, found nothing",
        ),
        (
            "given: none\nsays g 500\n",
            "line 2: expected a phone from a to f behind says, found \"g\"",
        ),
        (
            "given: none\nif wait 1s\nend\n",
            "line 2: expected a check behind if (as holds, equal, given), found \"wait\"",
        ),
        (
            "given: none\nsend swap 8001: Context=-\n",
            "line 2: expected two times pairs of hex digits behind swap",
        ),
        (
            "given: none\nfault explode\n",
            "line 2: there is no fault explode",
        ),
        ("given: none\nfails at cmd x\n", "line 2: x is no code"),
        (
            "given: none\nwait 1s\nor: Context=-\n",
            "line 3: expected reply, request, notify, skim or spells before or",
        ),
    ] {
        assert_eq!(refused(text), told, "{text}");
    }
    let mut library = Library::ours();
    library.add("S1", "given: none\nlet A: b\nfrobnicate\n");
    let error = Program::new(&parse("wait 1s\n", 1).unwrap(), &library).unwrap_err();
    let told = "common/S1.txt:3: expected a word of docs/scenarios.md, found \"frobnicate\"";
    assert_eq!(error.to_string(), told);
}

#[test]
fn words_of_the_head_have_values_of_their_own() {
    for (text, told) in [
        (
            "version 7\n",
            "line 1: expected a colon behind version, found \"7\"",
        ),
        (
            "version: 7\n",
            "line 1: expected 1, 2 or 3, maybe +, and any, text or bin behind version, found \"7\"",
        ),
        (
            "contexts some\n",
            "line 1: expected none behind contexts, found \"some\"",
        ),
        (
            "as: proxy\n",
            "line 1: expected mgc or mg behind as, found \"proxy\"",
        ),
        (
            "unchecked because\n",
            "line 1: expected a colon behind unchecked, found \"because\"",
        ),
        (
            "as: mg\ntitle: x\nas: mgc\n",
            "line 3: expected as once, found it again",
        ),
        (
            "text-only\ntext-only\n",
            "line 2: expected text-only once, found it again",
        ),
    ] {
        assert_eq!(refused(text), told, "{text}");
    }
}

#[test]
fn what_a_step_can_have_no_use_for_is_told_before_anything_is_sent() {
    let from =
        "a place of the tool (mgc1, mgc2, mgc3, port2, stranger, mg1, mg2, tcp or ber) behind";
    let audit = "Context=- {AuditValue=ROOT {Audit {}}}";
    for (text, told) in [
        (
            "speak 99",
            "expected a version from 1 to 3 behind speak, found \"99\"",
        ),
        (
            "mid: rub bish",
            "expected an MId behind mid, found \"rub bish\"",
        ),
        ("speak as [1", "expected an MId behind as, found \"[1\""),
        (
            &format!("send version 100: {audit}"),
            "expected a version from 0 to 99 behind version, found \"100\"",
        ),
        (
            "repeat 0\nwait 1s\nend",
            "expected a count from 1 to 10000000 behind repeat, found \"0\"",
        ),
        (
            &format!("many 0: {audit}"),
            "expected a count from 1 to 1000 behind many, found \"0\"",
        ),
        (
            "noise 0: MEGACO/3",
            "expected a count from 1 to 100000 behind noise, found \"0\"",
        ),
        (
            "raw:",
            "expected a colon and a text behind raw, found nothing",
        ),
        (
            "if holds:\nend",
            "expected a colon and a text behind holds, found nothing",
        ),
        ("octets: 0g", "expected pairs of hex digits behind octets"),
        (
            "connect a 65536",
            "expected a port from 1 to 65535 behind connect, found \"65536\"",
        ),
        (
            "connect a 0",
            "expected a port from 1 to 65535 behind connect, found \"0\"",
        ),
        (
            "gets a payload 128",
            "expected a payload type from 0 to 127 behind payload, found \"128\"",
        ),
        (
            "gets a payload for 1s",
            "expected a payload type from 0 to 127 behind payload, found \"for\"",
        ),
        ("fault duplicate 0", "expected 1 to 10000, found \"0\""),
        (
            &format!("send from nowhere: {audit}"),
            &format!("expected {from} from, found \"nowhere\""),
        ),
        (
            "reply at nowhere: Context=-",
            &format!("expected {from} at, found \"nowhere\""),
        ),
    ] {
        let told = format!("line 2: {told}");
        assert_eq!(refused(&format!("given: none\n{text}\n")), told, "{text}");
    }
}

#[test]
fn what_a_step_leans_on_stands_before_it() {
    let audit = "Context=- {AuditValue=ROOT {Audit {}}}";
    for (text, told) in [
        (
            "acknowledge",
            "expected segments before acknowledge, found none",
        ),
        (
            "answer: Context=- {AuditValue=ROOT}",
            "expected one of request, notify, skim before answer, found none",
        ),
        (
            "fault pending 3",
            "expected one of request, notify, skim before fault, found none",
        ),
        (
            "again",
            "expected one of send, message, raw, octets, stream, many, acknowledge before again, found none",
        ),
    ] {
        let told = format!("line 2: {told}");
        assert_eq!(refused(&format!("given: none\n{text}\n")), told, "{text}");
    }
    let told = refused("given: none\nif lacks: x\nend\n");
    assert!(
        told.ends_with("unrepeated before lacks, found none"),
        "{told}"
    );
    // What comes behind a step of a loop may have been carried out before it.
    let answer = "if given r\nanswer: Context=- {AuditValue=ROOT}\nend\n";
    let text = format!("given: none\nrepeat 2\n{answer}request with: {audit}\nend\n");
    assert_eq!(refused(&text), "");
    assert_ne!(refused(&text.replace("repeat 2", "if given r")), "");
}

#[test]
fn a_scenario_without_a_step_judges_nothing_and_is_none() {
    let told = "line 1: expected a step, found none: nothing would be judged";
    for text in ["", "given: none\n", "title: x\ngiven: S1\n", "  send: x\n"] {
        assert_eq!(refused(text), told, "{text:?}");
    }
}

#[test]
fn rubbish_is_sent_by_those_alone_who_say_so() {
    for (text, told) in [
        (
            "send: Context=1 {Modyfy=a}\n",
            "line 1: what is said does not decode: expected commandRequest, found \"Modyfy=a}\" behind 11 octets of it",
        ),
        (
            "message: Transaction=1{Context=-\n",
            "line 1: what is said does not decode: expected LBRKT, found its end behind 23 octets of it",
        ),
    ] {
        assert_eq!(
            refused(&format!("given: none\n{text}")).replace("line 2", "line 1"),
            told
        );
        let meant = text.replacen(':', " unreadable:", 1);
        assert_eq!(refused(&format!("given: none\n{meant}")), "");
    }
    let raw = "given: none\nraw: MEGACO/3 rubbish\noctets: 00 01\nrequest: Context=- {AuditValue=ROOT}\nanswer pending\n";
    assert_eq!(refused(raw), "");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let all = std::fs::read_dir(folder).unwrap();
    all.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn every_purpose_keeps_to_the_words_that_there_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance");
    let mut count = 0;
    for path in ["mg", "mgc"]
        .iter()
        .flat_map(|side| files(&root.join(side)))
    {
        let text = std::fs::read_to_string(&path).unwrap();
        for script in purposes(&text, &path.display().to_string()).unwrap() {
            let program = Program::new(&script, &Library::ours());
            let told = program
                .err()
                .map(|error| format!("{}: {error}", path.display()));
            assert_eq!(told, None);
            count += 1;
        }
    }
    assert!(count > 600, "{count}");
}
