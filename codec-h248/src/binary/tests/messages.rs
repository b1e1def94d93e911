//! Messages in text are read as what they were when they are written in binary.

use super::{decoded, profile, written};
use crate::Limits;

/// Through binary and back; `text` has what binary orders in the order of the module.
fn stays(text: &str) {
    let profile = profile();
    let message = crate::decode(text.as_bytes(), &Limits::default());
    let message = message.unwrap_or_else(|error| panic!("{text}: {error}"));
    let octets = written(&message, &profile);
    let octets = octets.unwrap_or_else(|error| panic!("{text}: {error}"));
    let read = decoded(&octets, &profile);
    let read = read.unwrap_or_else(|error| panic!("{text}: {error}\n{octets:02x?}"));
    assert_eq!(read, message, "{text}");
}

#[test]
fn every_name_of_a_sender_stays() {
    for mid in [
        "[192.0.2.1]",
        "[192.0.2.1]:2944",
        "[2001:db8::7]:65535",
        "[::ffff:192.0.2.1]",
        "<gw_1.example.net>",
        "<1>:0",
        "gw/rack1/mg7",
        "MTP{0A12}",
        "MTP{00123456}",
    ] {
        stays(&format!("!/1 {mid} PN=1{{}}"));
    }
}

#[test]
fn every_transaction_stays() {
    for text in [
        "T=0{C=1{S=line/1}}",
        "T=4294967295{C=1{S=line/1},C=${A=$},C=*{S=*},C=-{S=$},C=4294967293{S=ROOT}}",
        "P=1{ER=500{\"x\"}}",
        "P=1{IA,C=1}",
        "P=1/65535/END{C=1{ER=411{}}}",
        "P=1/2{IA,C=1}",
        "PN=7{}",
        "K{0,3-9,4294967295}",
        "SM=1/2",
        "SM=1/2/END",
        "T=1{C=1{S=line/1}}P=2{C=1}PN=3{}K{4}SM=5/6",
        "ER=400{\"Syntax error in message\"}",
        "ER=9999{}",
    ] {
        stays(&format!("!/3 mg1 {text}"));
    }
    stays(
        "AU=0x00000007:0xFFFFFFFF:0x0102030405060708090A0B0C !/2 mg1 \
         T=1{C=1{S=line/1}}",
    );
}

#[test]
fn every_command_stays() {
    for command in [
        "A=$",
        "A=[rtp/00001,rtp/*]{AT{}}",
        "O-MV=line/1{SG{},AT{M,SA}}",
        "W-MF=*{EB,E,SA}",
        "O-W-S=line/*{AT{}}",
        "S=line/1{AT{MX,MD,M,E,SG,DM,SA,OE,PG,EB}}",
        "AV=line/1{AT{}}",
        "AC=[line/1,line/2]{AT{M}}",
        "N=line/1{OE=1{al/on},ER=518{\"x\"}}",
        "SC=ROOT{SV{MT=RS,RE=\"901 Cold Boot\"}}",
    ] {
        stays(&format!("!/3 mg1 T=1{{C=1{{{command}}}}}"));
    }
}

#[test]
fn every_reply_stays() {
    for reply in [
        "A=line/1",
        "MV=line/1{ER=510{\"x\"}}",
        "MF=[line/1,line/2]{SA{nt/os=7}}",
        "S=line/1{MX,MD,M,DM,SA,OE,PG,E,SG,EB}",
        "S=line/1{M,SA{nt/os=7},SA,OE}",
        "AV=line/1{M{O{MO=SR}},MD=V32,MX=H223{line/2},E=1{al/on},SG{cg/dt},DM=dialplan1,\
         EB{al/of},OE=1{al/on},SA{nt/os=7},PG{al-1},ER=500{}}",
        "AV=C{line/1,line/2,*}",
        "AV=C{ER=430{}}",
        "AV=line/1{PG{al-1,nt-2}}",
        "AC=[line/1,line/2]{M}",
        "N=line/1",
        "N=line/1{ER=500{\"x\"}}",
        "SC=ROOT",
        "SC=ROOT{SV{V=2,PF=resgw/1}}",
        "SC=[ROOT,line/1]{ER=505{\"x\"}}",
    ] {
        stays(&format!("!/3 mg1 P=1{{C=1{{{reply}}}}}"));
    }
}

#[test]
fn every_attribute_of_a_context_stays() {
    for attributes in [
        "PR=0",
        "PR=15,EG",
        "EGO,IEPS=OFF",
        "TP{line/1,line/2,BW,*,$,IS,line/1,*,OW},IEPS=ON",
        "TP{line/1,line/2,OWE,ST=7,line/1,line/2,OWB}",
        "CT{CLT={1,4294967293,-}}",
        "CT{nt/jit=20,nt/jit=[1,2]}",
    ] {
        stays(&format!("!/3 mg1 T=1{{C=1{{{attributes},S=line/1}}}}"));
        stays(&format!("!/3 mg1 P=1{{C=1{{{attributes},ER=500{{}}}}}}"));
    }
    for audit in [
        "TP,EG,PR,IEPS",
        "nt/jit,nt/jit",
        "PR=15,EGV=EG,IEPS=ON,ANDLgc",
        "EGV=EGO,IEPS=OFF,ORLgc",
        "CT{nt/jit=1,nt/jit>2},PR=1",
    ] {
        stays(&format!("!/3 mg1 T=1{{C=*{{CA{{{audit}}}}}}}"));
    }
}

#[test]
fn what_is_asked_for_in_a_group_is_asked_for_all_the_same() {
    let profile = profile();
    let octets = |audit: &str| {
        let text = format!("!/3 mg1 T=1{{C=*{{CA{{{audit}}}}}}}");
        let message = crate::decode(text.as_bytes(), &Limits::default()).expect(audit);
        written(&message, &profile).expect(audit)
    };
    assert_eq!(octets("CT{TP,nt/jit}"), octets("nt/jit,TP"));
}
