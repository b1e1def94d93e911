//! Two runs by hand, and what is told of them.

use std::time::{Duration, SystemTime};

use super::*;
use crate::{
    capture::{Captured, Encoding, Transport},
    replay::exchange,
};

/// A run: what the controller and the gateway say in turn.
fn run(lines: &[String]) -> Exchange {
    let said = lines.iter().enumerate().map(|(n, text)| {
        let (mgc, mg) = ("10.0.0.1:2944", "10.0.0.2:2944");
        let by_mgc = text.starts_with("!/1 mgc");
        let (from, to) = if by_mgc { (mgc, mg) } else { (mg, mgc) };
        let address = |text: &str| text.parse::<std::net::SocketAddr>().unwrap().into();
        Captured {
            time: SystemTime::UNIX_EPOCH + Duration::from_millis(n as u64),
            frame: n as u64,
            from: address(from),
            to: address(to),
            transport: Transport::Udp,
            encoding: Encoding::Text,
            octets: text.as_bytes().to_vec().into(),
        }
    });
    let said: Vec<_> = said.collect();
    exchange(&said, None).expect("it is an exchange")
}

/// A call of a line and a stream, with the ids that this run has for everything.
fn call(id: u32, context: u32, stream: &str, port: u16, mode: &str) -> Vec<String> {
    let [second, third] = [id + 1, id + 2];
    vec![
        format!(
            "!/1 mgc T={id}{{C=${{A=al/1,A=${{M{{L{{v=0\nc=IN IP4 $\nm=audio $ RTP/AVP 8\n}}}}}}}}}}"
        ),
        format!(
            "!/1 mg P={id}{{C={context}{{A=al/1,A={stream}{{M{{L{{v=0\nc=IN IP4 10.0.0.2\nm=audio {port} RTP/AVP 8\n}}}}}}}}}}"
        ),
        format!("!/1 mgc T={second}{{C={context}{{MF={stream}{{M{{O{{MO={mode}}}}}}}}}}}"),
        format!("!/1 mg P={second}{{C={context}{{MF={stream}}}}}"),
        format!("!/1 mgc T={third}{{C={context}{{S={stream}}}}}"),
        format!("!/1 mg P={third}{{C={context}{{S={stream}{{SA{{rtp/ps={port}}}}}}}}}"),
    ]
}

fn told(first: &[String], second: &[String], rules: &[&str]) -> Vec<String> {
    let given: Vec<_> = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    let comparison = compare(&run(first), &run(second), &Rules::new(&given));
    comparison
        .differences
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn two_runs_of_one_call_are_the_same_whatever_its_ids_and_ports() {
    let (one, other) = (
        call(1, 7, "rtp/3", 4_000, "SR"),
        call(900, 12, "rtp/9", 5_000, "SR"),
    );
    assert_eq!(told(&one, &other, &[]), [""; 0]);
    // A repeat counts for nothing.
    let mut repeated = other.clone();
    repeated.insert(1, other[0].clone());
    assert_eq!(told(&one, &repeated, &[]), [""; 0]);
}

#[test]
fn a_field_that_differs_is_named_with_its_path() {
    let (one, other) = (
        call(1, 7, "rtp/3", 4_000, "SR"),
        call(900, 12, "rtp/9", 5_000, "RC"),
    );
    let told = told(&one, &other, &[]);
    assert_eq!(told.len(), 1, "{told:?}");
    let wanted = "streamMode: sendRecv in the first, recvOnly in the second";
    assert!(told[0].contains(wanted), "{told:?}");
    assert!(
        told[0].starts_with("~ message 3 (+0.002 s) mgc: C=7 Modify rtp/3"),
        "{told:?}"
    );
}

#[test]
fn an_id_that_stands_for_two_things_is_told() {
    let (one, mut other) = (
        call(1, 7, "rtp/3", 4_000, "SR"),
        call(900, 12, "rtp/9", 5_000, "SR"),
    );
    for line in &mut other[4..] {
        *line = line.replace("rtp/9", "al/1");
    }
    let told = told(&one, &other, &[]);
    assert!(
        told[0].contains("rtp/3 in the first, al/1 in the second, where rtp/9 stood for it before"),
        "{told:?}"
    );
}

#[test]
fn what_is_missing_or_added_is_told_and_the_rest_still_compared() {
    let (one, mut other) = (
        call(1, 7, "rtp/3", 4_000, "SR"),
        call(900, 12, "rtp/9", 5_000, "SR"),
    );
    other.drain(2..4);
    other.push("!/1 mgc T=5{C=-{AV=ROOT{AT{}}}}".to_owned());
    let told = told(&one, &other, &[]);
    assert_eq!(
        told,
        [
            "- only in the first:  message 3 (+0.002 s) mgc: C=7 Modify rtp/3",
            "+ only in the second: message 5 (+0.004 s) mgc: C=- AuditValue ROOT",
        ]
    );
}

#[test]
fn rules_say_what_counts() {
    let (one, other) = (
        call(1, 7, "rtp/3", 4_000, "SR"),
        call(900, 7, "rtp/3", 5_000, "SR"),
    );
    let exact = told(&one, &other, &["port=exact"]);
    assert!(
        exact[0].contains("4000 in the first, 5000 in the second"),
        "{exact:?}"
    );
    assert_eq!(
        told(&one, &other, &["context=exact", "termination=exact"]),
        [""; 0]
    );
    assert_eq!(told(&one, &other, &["statistics=exact"]).len(), 1);
}

/// A Modify with these descriptors.
fn modify(descriptors: &str) -> Vec<String> {
    vec![
        format!("!/1 mgc T=1{{C=1{{MF=rtp/1{{{descriptors}}}}}}}"),
        "!/1 mg P=1{C=1{MF=rtp/1}}".to_owned(),
    ]
}

#[test]
fn the_order_and_case_of_names_says_nothing_and_the_first_stream_need_not_be_named() {
    let one = modify("M{O{MO=SR,TDMC/EC=on,nt/jit=4}},E=4{al/on,ctyp/dtone}");
    let other = modify("E=4{ctyp/dtone,al/on},M{ST=1{O{nt/jit=4,tdmc/ec=on,MO=SR}}}");
    assert_eq!(told(&one, &other, &[]), [""; 0]);
}

#[test]
fn a_property_more_is_one_difference() {
    let one = modify("M{O{MO=SR,TDMC/EC=on,nt/jit=4}}");
    let other = modify("M{O{MO=SR,nt/jit=4}}");
    let told = told(&one, &other, &[]);
    let wanted = "modReq.mediaDescriptor.streams[1].localControlDescriptor.propertyParms[tdmc/ec].value: on in the first, nothing in the second";
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].lines().count(), 3, "{told:?}");
    assert!(told[0].ends_with(wanted), "{told:?}");
}
