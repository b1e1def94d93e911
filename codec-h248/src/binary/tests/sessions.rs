//! Local and Remote: lines and the properties that they are.

use super::{
    super::{individual_description, session_description},
    element,
    nouns::{octets, read, write},
    profile,
};
use crate::descriptor::SessionDescription;

/// The properties of a group, each by its tag and its values.
fn group(properties: &[(&str, &[&str])]) -> Vec<u8> {
    let all: Vec<_> = properties
        .iter()
        .map(|(name, values)| property(name, values, ""))
        .collect();
    let all: Vec<_> = all.iter().map(Vec::as_slice).collect();
    element(0x30, &all)
}

/// `PropertyParm`
fn property(name: &str, values: &[&str], extra: &str) -> Vec<u8> {
    let values: Vec<_> = values
        .iter()
        .map(|value| element(0x04, &[&octets(value)]))
        .collect();
    element(
        0x30,
        &[
            &octets("8004"),
            &octets(name),
            &element(0xa1, &[&values.concat()]),
            &octets(extra),
        ],
    )
}

fn groups(groups: &[Vec<u8>]) -> Vec<u8> {
    element(0xa0, &[&groups.concat()])
}

/// These octets are those lines, and those lines are these octets.
fn is(octets: &[u8], lines: &str) {
    let profile = profile();
    let found = read(octets, &profile, session_description::read).unwrap();
    let text = String::from_utf8_lossy(&found.octets).replace("\r\n", "|");
    assert_eq!(text, lines);
    let written = write(3, &profile, |w| session_description::write(w, &found));
    assert_eq!(written.as_deref(), Ok(octets), "{lines}");
}

#[test]
fn lines_of_sdp_are_properties() {
    let letters = "vosiuepcbzkatrm";
    let tags: Vec<_> = (1..=15).map(|tag| format!("0000b0{tag:02x}")).collect();
    let properties: Vec<_> = tags
        .iter()
        .map(|tag| (tag.as_str(), &["160178"][..]))
        .collect();
    let lines: String = letters
        .chars()
        .map(|letter| format!("{letter}=x|"))
        .collect();
    is(&groups(&[group(&properties)]), &lines);
    is(&groups(&[]), "");
    is(&groups(&[group(&[("0000b003", &["1600"])])]), "s=|");
    is(&groups(&[group(&[("0000b003", &["0c02c3a9"])])]), "s=é|");
}

#[test]
fn octets_that_are_no_text_stay() {
    let profile = profile();
    let description = SessionDescription::new(&b"s=\xff\x80\r\n"[..]);
    let written = write(3, &profile, |w| session_description::write(w, &description)).unwrap();
    assert_eq!(written, groups(&[group(&[("0000b003", &["0402ff80"])])]));
    let again = read(&written, &profile, session_description::read).unwrap();
    assert_eq!(again.octets, description.octets);
}

#[test]
fn groups_are_told_apart() {
    let v = || group(&[("0000b001", &["160130"]), ("0000b003", &["16012d"])]);
    let s = || group(&[("0000b003", &["16012d"])]);
    let none = || group(&[]);
    is(&groups(&[v(), v()]), "v=0|s=-|v=0|s=-|");
    is(&groups(&[s(), v()]), "s=-|v=0|s=-|");
    is(&groups(&[s(), s()]), "s=-|a=x-h248:group|s=-|");
    is(
        &groups(&[v(), s(), v()]),
        "v=0|s=-|a=x-h248:group|s=-|v=0|s=-|",
    );
    is(&groups(&[none()]), "a=x-h248:group|");
    is(&groups(&[none(), none()]), "a=x-h248:group|a=x-h248:group|");
    is(&groups(&[none(), v()]), "a=x-h248:group|v=0|s=-|");
    is(
        &groups(&[none(), s()]),
        "a=x-h248:group|a=x-h248:group|s=-|",
    );
    is(&groups(&[v(), none()]), "v=0|s=-|a=x-h248:group|");
    // A first line that is not the first.
    let late = group(&[("0000b003", &["16012d"]), ("0000b001", &["160130"])]);
    is(&groups(&[late]), "s=-|a=x-h248:b001=0x160130|");
}

#[test]
fn what_is_no_line_of_sdp_has_one_by_its_number() {
    let one = |name: &str, values: &[&str], extra: &str, line: &str| {
        let octets = groups(&[element(0x30, &[&property(name, values, extra)])]);
        is(&octets, &format!("a=x-h248:{line}|"));
    };
    one("00001006", &["04021234"], "", "1006=0x04021234");
    one("000b0007", &["020128"], "", "000b0007=0x020128");
    one("00001006", &[], "", "1006=");
    one("00001006", &[""], "", "1006=0x");
    one("00001006", &["01", "02"], "", "1006=0x01,0x02");
    one("00001006", &["01", "02"], "a203 8101ff", "1006=[0x01:0x02]");
    one("00001006", &["01", "02"], "a203 8201ff", "1006=[0x01,0x02]");
    one("00001006", &["01"], "a203 8201ff", "1006=[0x01]");
    one("00001006", &["01", "02"], "a203 820100", "1006={0x01,0x02}");
    one("00001006", &[], "a203 820100", "1006={}");
    one("00001006", &["01"], "a203 800100", "1006>0x01");
    one("00001006", &["01"], "a203 800101", "1006<0x01");
    one("00001006", &["01", "02"], "a203 800102", "1006#0x01,0x02");
    // Lines of SDP that would be read as something else.
    one("0000b003", &["1603610d0a"], "", "b003=0x1603610d0a");
    one("0000b003", &["16026100"], "", "b003=0x16026100");
    one("0000b003", &["020105"], "", "b003=0x020105");
    one("0000b003", &["040161"], "", "b003=0x040161");
    one(
        "0000b003",
        &["160161", "160162"],
        "",
        "b003=0x160161,0x160162",
    );
    one("0000b003", &["160161"], "a203 820100", "b003={0x160161}");
    one(
        "0000b00c",
        &["1608782d683234383a31"],
        "",
        "b00c=0x1608782d683234383a31",
    );
    one("0000b010", &["160161"], "", "b010=0x160161");
    one("0000b000", &["160161"], "", "b000=0x160161");
}

#[test]
fn what_peers_send_instead_is_read() {
    let profile = profile();
    let lines = |values: &[&str]| {
        let octets = groups(&[group(&[("0000b008", values)])]);
        let found = read(&octets, &profile, session_description::read).unwrap();
        String::from_utf8(found.octets.into_owned()).unwrap()
    };
    // The text as it is, with its letter or without; CHOOSE for all of it.
    assert_eq!(lines(&["494e20495034"]), "c=IN IP4\r\n");
    assert_eq!(lines(&["633d494e20495034"]), "c=IN IP4\r\n");
    assert_eq!(lines(&[]), "c=$\r\n");
    assert_eq!(lines(&["0c0124"]), "c=$\r\n");
}

#[test]
fn lines_are_written_as_they_stand() {
    let profile = profile();
    let written = |lines: &str| {
        let description = SessionDescription::new(lines.as_bytes());
        write(3, &profile, |w| session_description::write(w, &description))
    };
    let group_of_two = group(&[("0000b001", &["160130"]), ("0000b003", &["1602782d"])]);
    let expected = Ok(groups(&[group_of_two]));
    assert_eq!(written("v=0\n\n  s=x-"), expected);
    assert_eq!(written("v=0\rs=x-\r"), expected);
    assert_eq!(written("\n \r\n"), Ok(groups(&[])));
    for wrong in [
        "hello",
        "V=0",
        "x=1",
        "=",
        "v",
        "a=x-h248:",
        "a=x-h248:1006",
        "a=x-h248:106=0x01",
        "a=x-h248:00001006=0x01",
        "a=x-h248:1006=01",
        "a=x-h248:1006=0x1",
        "a=x-h248:1006=[0x1:]",
        "a=x-h248:1006=[0x01:0x02:0x03]",
        "a=x-h248:groups",
        "a=x-h248:group=1",
        "a=x-h248:1006=]",
    ] {
        let error = written(wrong).unwrap_err().to_string();
        let expected = format!("{wrong:?} is no line of a session description in propGrps[0]");
        assert_eq!(error, expected);
    }
}

#[test]
fn what_is_said_of_codecs_packets_and_keys_comes_back() {
    let lines = "v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 4000 RTP/SAVP 111 110 0\r\n\
                 a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10; useinbandfec=1;stereo=$\r\n\
                 a=fmtp:110 0-15,66\r\na=ptime:20\r\na=maxptime:$\r\na=rtcp:4001 IN IP4 192.0.2.7\r\n\
                 a=rtcp-mux\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 \
                 inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd|2^20 WSH=64\r\n\
                 a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:$\r\n";
    let profile = profile();
    let said = SessionDescription::new(lines.as_bytes());
    let octets = write(3, &profile, |w| session_description::write(w, &said)).unwrap();
    let found = read(&octets, &profile, session_description::read).unwrap();
    assert_eq!(String::from_utf8_lossy(&found.octets), lines);
}

#[test]
fn a_range_has_two_values() {
    let profile = profile();
    let octets = groups(&[element(
        0x30,
        &[&property("00001006", &["01"], "a203 8101ff")],
    )]);
    let error = read(&octets, &profile, session_description::read).unwrap_err();
    assert_eq!(error.expected.to_string(), "expected two values of a range");
}

/// The lines of `IndAudLocalRemoteDescriptor`, which is written as it was read.
fn audited(octets: &[u8]) -> String {
    let profile = profile();
    let found = read(octets, &profile, individual_description::read).unwrap();
    let written = write(3, &profile, |w| individual_description::write(w, &found));
    assert_eq!(written.as_deref(), Ok(octets));
    String::from_utf8(found.octets.into_owned())
        .unwrap()
        .replace("\r\n", "|")
}

#[test]
fn audits_ask_and_select_by_lines() {
    let asked = |name: &str| element(0x30, &[&octets("8004"), &octets(name)]);
    let selected = |name: &str, values: &[&str]| {
        let inner = property(name, values, "");
        let inner = element(0xa1, &[&inner[2..]]);
        element(0x30, &[&octets("8004"), &octets(name), &inner])
    };
    let all = [
        asked("0000b001"),
        selected("0000b008", &["160178"]),
        selected("0000b003", &["1600"]),
        asked("00001006"),
        selected("00001006", &["0401ff"]),
    ]
    .concat();
    let lines = "v=|c=x|a=x-h248:b003=0x1600|a=x-h248:1006|a=x-h248:1006=0x0401ff|";
    assert_eq!(audited(&element(0xa1, &[&all])), lines);
    let numbered = [octets("80020100"), element(0xa1, &[&all])].concat();
    assert_eq!(audited(&numbered), format!("a=x-h248:group=256|{lines}"));
    assert_eq!(audited(&octets("800100 a100")), "a=x-h248:group=0|");
    assert_eq!(audited(&octets("a100")), "");
    let profile = profile();
    for wrong in [
        "hello",
        "v=\na=x-h248:group=1",
        "a=x-h248:group",
        "a=x-h248:group=01",
        "a=x-h248:1006=1",
    ] {
        let description = SessionDescription::new(wrong.as_bytes());
        let written = write(3, &profile, |w| {
            individual_description::write(w, &description)
        });
        let error = written.unwrap_err().to_string();
        assert!(
            error.contains("is no line of a session description"),
            "{error}"
        );
    }
}
