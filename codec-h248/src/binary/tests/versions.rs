//! What is written is never newer than the version of its message.

use super::{decoded, profile, written};
use crate::{Limits, binary::Unsayable};

/// What cannot be said of a text in versions 1, 2 and 3, with `VERSION` for its number.
fn unsayable(text: &str) -> [Option<Unsayable>; 3] {
    let profile = profile();
    [1, 2, 3].map(|version| {
        let text = format!("!/{version} mg1 {text}");
        let message = crate::decode(text.as_bytes(), &Limits::default());
        let message = message.unwrap_or_else(|error| panic!("{text}: {error}"));
        match written(&message, &profile) {
            Ok(octets) => {
                let read = decoded(&octets, &profile);
                let again = written(&read.expect("it was written"), &profile);
                assert_eq!(again.as_ref(), Ok(&octets), "{text}");
                None
            }
            Err(error) => Some(error.what),
        }
    })
}

fn newer(component: &'static str, version: u8) -> Option<Unsayable> {
    Some(Unsayable::Newer { component, version })
}

#[test]
fn components_of_version_3_are_written_in_version_3_alone() {
    for (text, component) in [
        ("P=1/2{C=1}", "segmentNumber"),
        ("SM=1/2", "segmentReply"),
        ("T=1{C=1{IEPS=ON}}", "iepscallind"),
        ("T=1{C=1{CT{CLT={1,2}}}}", "contextList"),
        ("T=1{C=1{CA{IEPS}}}", "iepscallind"),
        ("T=1{C=1{CA{PR=3}}}", "selectpriority"),
        ("T=1{C=1{CA{PR,ORLgc}}}", "selectLogic"),
        ("T=1{C=1{S=[line/1,line/2]}}", "a list of Terminations"),
        ("T=1{C=1{AV=[line/1,line/2]{AT{}}}}", "terminationIDList"),
        ("P=1{C=1{AV=[line/1,line/2]{M}}}", "auditResultTermList"),
        (
            "T=1{C=1{TP{line/1,line/2,OWB}}}",
            "topologyDirectionExtension",
        ),
    ] {
        let found = unsayable(text);
        let expected = newer(component, 3);
        assert_eq!(found, [expected.clone(), expected, None], "{text}");
    }
}

#[test]
fn components_of_version_2_are_not_written_in_version_1() {
    let found = unsayable("T=1{C=1{TP{line/1,line/2,BW,ST=1}}}");
    assert_eq!(found, [newer("streamID", 2), None, None]);
}

#[test]
fn what_every_version_has_is_written_in_every_version() {
    for text in [
        "T=1{C=1{PR=15,EG,TP{line/1,*,IS},S=line/1}}",
        "T=1{C=-{CA{PR,TP,EG},O-W-AV=*{AT{M,SG,PG}}}}",
        "P=1{IA,C=*{PR=3,EGO,ER=500{\"x\"}}}",
        "P=1{C=1{A=line/1{M,MD,MX,DM,SA,OE,PG},AV=C{line/1,*},AC=C{ER=430{}}}}",
        "P=1{C=1{N=line/1{ER=500{\"x\"}},SC=ROOT}}",
        "K{1,3-9}PN=4{}",
        "ER=400{}",
    ] {
        assert_eq!(unsayable(text), [None, None, None], "{text}");
    }
}

#[test]
fn what_binary_has_no_words_for_is_told() {
    let what = |text| unsayable(text)[2].clone().expect(text);
    let priority = Unsayable::Value("priority", "16".to_owned());
    assert_eq!(what("T=1{C=1{PR=16}}"), priority);
    assert_eq!(what("T=1{C=1{PR=1,PR=2}}"), Unsayable::Twice("priority"));
    let name = Unsayable::Name("Termination", "lorry/1".to_owned());
    assert_eq!(what("T=1{C=1{S=lorry/1}}"), name);
    let list = Unsayable::TextOnly("selection by a list of Contexts");
    assert_eq!(what("T=1{C=1{CA{CT{CLT={1,2}}}}}"), list);
    let all = Unsayable::Value("RequestID", "4294967295".to_owned());
    for text in [
        "T=1{C=1{N=line/1{OE=4294967295{al/on}}}}",
        "T=1{C=1{MF=line/1{E=4294967295{al/on}}}}",
        "T=1{C=1{MF=line/1{SG{al/ri{SPARQ=4294967295}}}}}",
    ] {
        assert_eq!(what(text), all, "{text}");
        let others = text.replace("4294967295", "4294967294");
        assert_eq!(unsayable(&others)[2], None, "{others}");
    }
}
