//! What is read although the grammar does not have it, and that nothing else is noted.

use super::{super::decode_noting, corpus::examples};
use crate::Limits;

/// The rules that the text departs from.
fn rules(text: &[u8]) -> Vec<&'static str> {
    let (_, liberties) = decode_noting(text, &Limits::default())
        .unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(text)));
    liberties.iter().map(|liberty| liberty.rule).collect()
}

fn departs(text: &str, rule: &str) {
    assert_eq!(rules(text.as_bytes()), [rule], "{text}");
}

#[test]
fn each_liberty_is_noted_by_its_rule() {
    for (inside, rule) in [
        ("C=0{S=a}", "ContextID"),
        ("C=1{MF=a{}}", "ammRequest"),
        ("C=1{MF=[a]{E}}", "termIDList"),
        ("C=1{MF=a{SG{}}}", "signalsDescriptor"),
        ("C=1{MF=a{M{}}}", "mediaDescriptor"),
        ("C=1{MF=a{M{O{}}}}", "localControlDescriptor"),
        ("C=1{MF=a{M{TS{}}}}", "terminationStateDescriptor"),
        ("C=1{MF=a{M{ST=1{}}}}", "streamDescriptor"),
        ("C=1{MF=a{E{}}}", "eventsDescriptor"),
        ("C=1{MF=a{E=1{b/c{}}}}", "requestedEvent"),
        ("C=1{MF=a{EB{}}}", "eventBufferDescriptor"),
        ("C=1{MF=a{SA{}}}", "statisticsDescriptor"),
        ("C=1{MF=a{DM{(x)}}}", "digitMapDescriptor"),
        ("C=1{MF=a{DM=d{}}}", "digitMapDescriptor"),
        ("C=1{MF=a{SG{b/c{}}}}", "signalRequest"),
        ("C=1{MF=a{SG{b/c{KA,KA}}}}", "sigParameter"),
        ("C=1{MF=a{AT}}", "auditDescriptor"),
        ("C=1{AV=a}", "auditRequest"),
        ("C=1{S=a{}}", "auditDescriptor"),
        ("C=1{S=a,PR=1}", "contextRequest"),
        ("C=1{S=a,CA{PR}}", "contextRequest"),
        (
            "C=-{SC=a{SV{MT=RS,RE=\"901 x\",SIC,SIC}}}",
            "serviceChangeParm",
        ),
        ("C=1{MF=a{DM={S:3,T:9,(0)}}}", "digitMapValue"),
        ("C=1{MF=a{E=1{a/b{DM={L:1,S:3,Z:4,(0)}}}}}", "digitMapValue"),
        ("C=1{MF=a{E=1{a/b{EM{E=2{a/c},SG{c/d}}}}}}", "embedWithSig"),
        (
            "C=1{MF=a{E=1{a/b{NBRN{EM{E=2{a/c},SG{c/d}}}}}}}",
            "embedWithSig",
        ),
    ] {
        departs(&format!("!/3 mg T=1{{{inside}}}"), rule);
    }
    departs("!/1 mg T=1{C=1{MF=a{SG}}}", "signalsDescriptor");
    departs("!/3 mg P=1{C=1{S=a,PR=1}}", "commandReply");
    departs("!/3 mg P=1{C=1{ER=500{},S=a}}", "actionReply");
    departs("!/3 mg P=1{C=1{AV=a{SA{b/c[1,2]}}}}", "statisticsParameter");
    departs("!/3 mg PN=1{}\0\0", "megacoMessage");
    departs("!/3 mg PN=1{} ; bye", "COMMENT");
}

#[test]
fn what_stands_in_its_order_and_once_is_no_liberty() {
    for inside in [
        "C=-{SC=a{SV{MT=RS,RE=\"901 x\",SIC}}}",
        "C=1{MF=a{DM={T:9,S:3,L:2,Z:1,(0)},E=1{a/b{DM={T:1,Z:2,(0)}}}}}",
        "C=1{MF=a{E=1{a/b{EM{SG{c/d},E=2{a/c}}}}}}",
    ] {
        let text = format!("!/3 mg1 T=1{{{inside}}}");
        assert_eq!(rules(text.as_bytes()), [""; 0], "{text}");
    }
}

#[test]
fn each_timer_before_the_one_it_follows_is_noted() {
    let text = "!/3 mg1 T=1{C=1{MF=a{DM={Z:1,L:2,S:3,T:4,(0)}}}}";
    assert_eq!(rules(text.as_bytes()), ["digitMapValue"; 3]);
}

#[test]
fn a_comment_has_what_is_printed_of_ascii_and_tabs() {
    for octet in (0..=u8::MAX).filter(|octet| !matches!(octet, b'\r' | b'\n')) {
        let legal = octet == b'\t' || octet == b' ' || octet.is_ascii_graphic();
        let text = [b"!/3 mg1 ; a ", &[octet][..], b" z\nPN=1{}"].concat();
        let (_, liberties) = decode_noting(&text, &Limits::default()).expect("it is read");
        let places: Vec<_> = liberties.iter().map(|liberty| liberty.span.start).collect();
        let expected: &[usize] = if legal { &[] } else { &[12] };
        assert_eq!(places, expected, "{octet:#x}");
    }
}

#[test]
fn comments_are_found_wherever_white_space_is() {
    for (text, expected) in [
        (&b"!/3 mg1 ;\xff\x01\x00\nPN=1{}"[..], 1),
        (b";\x01\n!/3 ;\x01\r mg1 ;\x01\r\nPN=;\x01\n1{};\x01\n", 5),
        (b"!/3 mg1 P=1{ER=400{\"a;\xc3\xbc\"};\x80\n}", 1),
        (
            b"!/3 mg1 T=1{C=1{A=a{M{L;\x80\n{;\x80}\n s=;\x80\\};\x80\n\"}}}}};\x80\n",
            3,
        ),
        (b"!/3 mg1 T=1{C=1{A=a{M{L{},R{s=;\x80\n}}}}}", 0),
        (b"!/3 mg1 T=1{C=1{A=L{M{R{\"}}},AV=R{;\x80\nAT{}}}}", 1),
        (b"!/3 mg1 T=1{C=1{MF=a{DM={(0|;\x80\n1)}}}}", 1),
        (
            b"!/3 mg1 T=1{C=1{MF=a{M{O{a/b=\xc3\xbc,a/c=1;\x80\n}}}}}",
            1,
        ),
        (b"!/3 mg1 PN=1{} ; {b} \x80 }", 2),
        (b"!/3 mg1 PN=1{} ; {b}\n", 0),
    ] {
        assert_eq!(
            rules(text),
            vec!["COMMENT"; expected],
            "{}",
            text.escape_ascii()
        );
    }
    let rules = rules(b"!/3 mg1 PN=1{} ; b\0\0");
    assert_eq!(rules, ["COMMENT", "megacoMessage"]);
}

#[test]
fn the_place_of_a_liberty_is_its_word() {
    let text = b"!/3 mg T=1{C=000{S=a}}";
    let (_, liberties) = decode_noting(text, &Limits::default()).expect("it is read");
    assert_eq!(liberties[0].span, 13..16);
}

#[test]
fn the_examples_take_no_liberty() {
    for (name, pretty, compact) in examples() {
        for octets in [Some(pretty), compact].into_iter().flatten() {
            assert_eq!(rules(&octets), [""; 0], "{name}");
        }
    }
}
