//! Where a message stops making sense, and what that place belongs to (H.248.1 8.2.2).

use crate::{
    ContextId, DecodeError, Expected, Level, Limits, MId, TransactionId, decode, decode_partly,
    peek,
};

/// The error of a text; `¦` marks where it must be found.
fn error(marked: &str) -> DecodeError {
    let text = marked.replace('¦', "");
    let error = decode(text.as_bytes(), &Limits::default()).expect_err(marked);
    assert_eq!(
        marked.find('¦'),
        Some(error.span.start),
        "{error}\n{marked}"
    );
    error
}

/// Checks level and transaction of the error of a text.
fn is(marked: &str, level: Level, transaction: Option<u32>) {
    let error = error(marked);
    assert_eq!(error.level, level, "{marked}");
    assert_eq!(
        error.transaction,
        transaction.map(TransactionId),
        "{marked}"
    );
    assert!(error.answerable, "{marked}");
}

#[test]
fn a_bad_header_is_the_messages() {
    for text in [
        "¦",
        "¦{",
        "¦FOO/1 mg PN=1{}",
        "MEGACO¦",
        "!/¦x mg PN=1{}",
        "!/¦123 mg PN=1{}",
        "!/1¦",
        "!/1 ¦[1.2.3] PN=1{}",
        "!/1 <a¦ PN=1{}",
        "!/1 mg¦",
        "!/1 [1.2.3.4]¦PN=1{}",
        "!/1 mg ¦",
        "AU=¦0x01:",
        "AU=0x00000001:0x00000001:¦0x01 !/1 mg PN=1{}",
    ] {
        is(text, Level::Message, None);
    }
}

#[test]
fn an_unknown_version_is_named() {
    for version in [0, 4, 99] {
        let found = error(&format!("¦!/{version} mg T=1{{C=1{{S=a}}}}"));
        assert_eq!(found.expected, Expected::Version(version));
        assert_eq!(found.level, Level::Message);
    }
}

#[test]
fn a_transaction_that_is_none_is_the_transactions() {
    is("!/1 mg ¦Foo=1{}", Level::Transaction, None);
    is("!/1 mg T=¦x{C=1{S=a}}", Level::Transaction, None);
    is("!/1 mg T=¦4294967296{C=1{S=a}}", Level::Transaction, None);
    is("!/1 mg T=17¦,", Level::Transaction, Some(17));
    is("!/1 mg T=17{C=1{S=a}¦", Level::Transaction, Some(17));
    is("!/1 mg T=17{C=1{S=a};}\n¦", Level::Transaction, Some(17));
    is("!/1 mg T=17{C=1{S=a}}¦}", Level::Transaction, None);
}

#[test]
fn a_bad_context_is_the_actions() {
    is("!/1 mg T=17{¦}", Level::Action, Some(17));
    is("!/1 mg T=17{¦A=1}", Level::Action, Some(17));
    is("!/1 mg T=17{C=¦x{S=a}}", Level::Action, Some(17));
    is("!/1 mg T=17{C=¦-1{S=a}}", Level::Action, Some(17));
    is("!/1 mg T=17{C=¦4294967295{S=a}}", Level::Action, Some(17));
    is(
        "!/1 mg T=17{C=1{S=a},C=¦99999999999{S=a}}",
        Level::Action,
        Some(17),
    );
    is("!/1 mg T=17{C=1{¦}}", Level::Action, Some(17));
    is("!/1 mg T=17{C=1{PR=¦x}}", Level::Action, Some(17));
    is("!/1 mg T=17{C=1{S=a ¦", Level::Action, Some(17));
}

#[test]
fn a_bad_command_or_termination_is_the_commands() {
    is("!/1 mg T=17{C=1{¦Foo=a}}", Level::Command, Some(17));
    is("!/1 mg T=17{C=1{S=a,MF=¦}}", Level::Command, Some(17));
    is("!/1 mg T=17{C=1{MF=¦#a}}", Level::Command, Some(17));
    is("!/1 mg T=17{C=1{MF=¦a%b}}", Level::Command, Some(17));
    is("!/1 mg T=17{C=1{MF=[a,¦]}}", Level::Command, Some(17));
    is("!/1 mg T=17{C=1{MF=a{SG¦", Level::Command, Some(17));
    is("!/1 mg T=17{C=1{SC=ROOT¦}}", Level::Command, Some(17));
}

#[test]
fn a_bad_descriptor_is_the_descriptors() {
    is("!/1 mg T=17{C=1{MF=a{¦Foo}}}", Level::Descriptor, Some(17));
    is(
        "!/1 mg T=17{C=1{MF=a{M{O{MO=¦Foo}}}}}",
        Level::Descriptor,
        Some(17),
    );
    is("!/1 mg T=17{C=1{MF=a{M{L{v=0}}}¦", Level::Action, Some(17));
    is(
        "!/1 mg T=17{C=1{MF=a{M{L{v=0\\}¦",
        Level::Descriptor,
        Some(17),
    );
    is(
        "!/1 mg T=17{C=1{MF=a{M{L{v=¦\0}}}}}",
        Level::Descriptor,
        Some(17),
    );
    is(
        "!/1 mg T=17{C=1{MF=a{M{ST=¦65536{O{MO=IN}}}}}}",
        Level::Descriptor,
        Some(17),
    );
    is(
        "!/1 mg T=17{C=1{MF=a{E=1{¦*/on}}}}",
        Level::Descriptor,
        Some(17),
    );
    is(
        "!/1 mg T=17{C=1{MF=a{E=1{a/b{p=\"¦\x01\"}}}}}",
        Level::Descriptor,
        Some(17),
    );
    is(
        "!/1 mg T=17{C=1{AV=a{AT{¦Foo}}}}",
        Level::Descriptor,
        Some(17),
    );
    is("!/1 mg T=17{C=1{N=a{¦SG}}}", Level::Descriptor, Some(17));
}

#[test]
fn what_must_stand_once_and_does_not_is_refused() {
    for inside in [
        "M{O{MO=IN,¦MO=SR}}",
        "M{ST=1{L{},¦L{}}}",
        "M{TS{SI=IV,¦SI=IV}}",
        "SG{a/b{ST=1,¦ST=1}}",
        "DM={T:1,¦T:1,1}",
    ] {
        let found = error(&format!("!/1 mg T=17{{C=1{{MF=a{{{inside}}}}}}}"));
        assert!(matches!(found.expected, Expected::Once(_)), "{found}");
    }
    is(
        "!/1 mg T=17{C=1{MF=a{M¦{L{},ST=1{R{}}}}}}",
        Level::Descriptor,
        Some(17),
    );
}

#[test]
fn a_service_change_needs_method_and_reason_and_one_address_at_most() {
    is(
        "!/1 mg T=17{C=-{SC=ROOT{SV¦{MT=RS}}}}",
        Level::Descriptor,
        Some(17),
    );
    is(
        "!/1 mg T=17{C=-{SC=ROOT{SV¦{RE=901}}}}",
        Level::Descriptor,
        Some(17),
    );
    is(
        "!/1 mg T=17{C=-{SC=ROOT{SV¦{MT=RS,RE=901,AD=1,MG=mgc}}}}",
        Level::Descriptor,
        Some(17),
    );
    is(
        "!/1 mg T=17{C=-{SC=ROOT{SV{MT=RS,RE=901,PF=a/1,¦PF=a/1}}}}",
        Level::Descriptor,
        Some(17),
    );
}

#[test]
fn embedded_events_embed_signals_only() {
    let deep = "E=1{a/b{EM{E=2{a/b{EM{¦E=3{a/b}}}}}}}";
    is(
        &format!("!/1 mg T=17{{C=1{{MF=a{{{deep}}}}}}}"),
        Level::Descriptor,
        Some(17),
    );
}

#[test]
fn errors_in_what_is_no_request_are_not_to_be_answered() {
    for text in [
        "!/1 mg P=17{¦}",
        "!/1 mg P=17{C=1{A=¦}}",
        "!/1 mg P=17/¦x{}",
        "!/1 mg PN=17¦",
        "!/1 mg K{¦}",
        "!/1 mg K{¦9-3}",
        "!/1 mg ER=¦x{}",
        "!/1 mg ER=400{} ¦x",
    ] {
        assert!(!error(text).answerable, "{text}");
    }
    assert!(error("!/1 mg P=1{C=1{A=a}}T=2{¦}").answerable);
}

#[test]
fn limits_are_errors_of_their_own() {
    let limits = Limits {
        octets: 60,
        transactions: 2,
        entries: 3,
        entries_total: 6,
        ..Limits::default()
    };
    let found = |text: &str| decode(text.as_bytes(), &limits).expect_err(text).expected;
    assert_eq!(found(&"x".repeat(61)), Expected::AtMost(60, "octets"));
    assert_eq!(
        found("!/1 mg PN=1{}PN=2{}PN=3{}"),
        Expected::AtMost(2, "transactions")
    );
    assert_eq!(
        found("!/1 mg K{1,2,3,4}"),
        Expected::AtMost(3, "entries of a list")
    );
    assert_eq!(
        found("!/1 mg T=1{C=1{S=a,S=b},C=1{S=a,S=b,S=c}}"),
        Expected::AtMost(6, "entries")
    );
    assert!(decode(b"!/1 mg K{1,2,3}K{4,5,6}", &limits).is_ok());
}

#[test]
fn a_span_covers_the_word_that_makes_no_sense() {
    let found = error("!/1 mg T=17{C=1{¦Foo=a}}");
    assert_eq!(found.span, 16..19);
    assert_eq!(error("!/1 mg ¦").span, 7..7);
}

#[test]
fn a_peek_says_what_can_be_read() {
    let found = peek(b"MEGACO/7 <mg>:1 T=12{garbage");
    assert_eq!(found.version, Some(7));
    assert_eq!(
        found.mid.map(|mid: MId<'_>| mid.to_string()).as_deref(),
        Some("<mg>:1")
    );
    assert_eq!(peek(b"!/2 ").version, Some(2));
    assert_eq!(peek(b"!/2 ").mid, None);
    assert_eq!(peek(b"\x30\x10"), crate::Peek::default());
}

#[test]
fn what_stands_before_a_transaction_that_makes_no_sense_is_kept() {
    let kept = |text: &'static str| {
        let part = decode_partly(text.as_bytes(), &Limits::default()).expect(text);
        let whole = super::compact(&part.message);
        (whole, part.error.and_then(|error| error.transaction))
    };
    assert_eq!(
        kept("!/1 mg PN=1{}T=2{C=1{S=a}}T=3{C=1{Foo=a}}PN=4{}"),
        (
            "!/1 mg PN=1{}T=2{C=1{S=a}}".to_owned(),
            Some(TransactionId(3))
        )
    );
    assert_eq!(
        kept("!/1 mg T=3{x"),
        ("!/1 mg ".to_owned(), Some(TransactionId(3)))
    );
    assert_eq!(kept("!/1 mg PN=1{}"), ("!/1 mg PN=1{}".to_owned(), None));
}

#[test]
fn more_transactions_than_are_taken_keep_nothing() {
    let limits = Limits {
        transactions: 1,
        ..Limits::default()
    };
    assert!(decode_partly(b"!/1 mg PN=1{}PN=2{}", &limits).is_err());
}

#[test]
fn an_error_in_an_action_names_its_context() {
    let context = |marked: &str| error(marked).context;
    assert_eq!(
        context("!/1 mg T=1{C=7{S=a},C=5{¦Foo=a}}"),
        Some(ContextId::Id(5))
    );
    assert_eq!(context("!/1 mg T=1{C=$¦}"), Some(ContextId::Choose));
    assert_eq!(context("!/1 mg T=1{C=7{S=a},C=¦x{S=a}}"), None);
}

#[test]
fn of_two_readings_the_one_that_got_further_tells_its_error() {
    let expected = |marked: &str| error(marked).expected;
    let rule = Expected::Rule;
    assert_eq!(
        expected("!/3 mg P=1{C=1{AV=C{M{O{MO=¦Foo}}}}}"),
        rule("streamModes")
    );
    assert_eq!(
        expected("!/3 mg P=1{C=1{AV=C{E,Foo¦=1}}}"),
        rule("COMMA or RBRKT")
    );
    assert_eq!(expected("!/3 mg P=1{C=1{AV=C{¦}}}"), rule("TerminationID"));
    // What would be written as the list of a Context's Terminations, or as its error.
    let ambiguous = rule("auditOther that is no contextTerminationAudit");
    for reply in ["[C]{E}", "[context]{ER=430{}}", "[c]{SG{},PG{}}"] {
        let marked = format!("!/3 mg P=1{{C=1{{AV¦={reply}}}}}");
        assert_eq!(expected(&marked), ambiguous, "{reply}");
    }
    for reply in ["C{SG¦{}}", "C{E¦{}}"] {
        let marked = format!("!/3 mg P=1{{C=1{{AV={reply}}}}}");
        assert_eq!(error(&marked).level, Level::Command, "{reply}");
    }
}

#[test]
fn values_without_an_order_are_not_compared_by_it() {
    for (marked, told) in [
        ("TS{SI¦<TE}", "service states have no order"),
        ("TS{SI¦ > TE}", "service states have no order"),
        ("O{MO¦>SO}", "modes have no order"),
    ] {
        let marked = marked.replace("¦ ", " ¦");
        let error = error(&format!("!/3 mg T=1{{C=*{{AV=*{{AT{{M{{{marked}}}}}}}}}}}"));
        assert!(error.to_string().contains(told), "{error}");
    }
}

#[test]
fn what_is_no_utf_8_is_told_where_it_stands() {
    for (before, after, expected) in [
        (&b"ER=400{\"caf"[..], &b"\"}"[..], "UTF-8 in quotedString"),
        (
            b"T=1{C=1{MF=a{E=1{a/b{p=\"",
            b"\"}}}}}",
            "UTF-8 in quotedString",
        ),
        (
            b"T=1{C=1{MF=a{E=1{a/b{p=\xc3\xa9",
            b"}}}}}",
            "UTF-8 in VALUE",
        ),
    ] {
        let octets = [b"!/3 mg ", before, b"\xe9", after].concat();
        let error = decode(&octets, &Limits::default()).expect_err(expected);
        assert_eq!(error.expected, Expected::Rule(expected));
        assert_eq!(error.span, 7 + before.len()..8 + before.len());
    }
}
