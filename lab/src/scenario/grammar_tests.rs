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
            "line 2: expected a count up to 10000000 behind repeat, found \"99999999999999999999\"",
        ),
        (
            "given: none\nreply wiht: Context=- {AuditValue=ROOT}\n",
            "line 2: expected with some any id:NUMBER at:NAME within:TIME behind reply, found \"wiht\"",
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
        (
            "as: proxy\n",
            "line 1: expected mgc or mg behind as, found \"proxy\"",
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
    let raw = "given: none\nraw: MEGACO/3 rubbish\noctets: 00 01\nanswer pending\n";
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
