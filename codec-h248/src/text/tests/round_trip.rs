//! Messages of our own for every noun: compact text is written again octet for octet, and what is
//! written pretty decodes to the same message.

use super::{compact, decoded, written};
use crate::Style;

/// Checks one message that is written as the compact writer does.
fn stays(text: &str) {
    let message = decoded(text);
    assert_eq!(compact(&message), text);
    let pretty = String::from_utf8(written(&message, Style::Pretty)).expect("it is ASCII");
    assert_eq!(decoded(&pretty), message, "{pretty}");
    assert!(
        !pretty.contains('\t') && !pretty.contains(" \n"),
        "{pretty}"
    );
}

/// Checks the body of a message of a version.
fn body_stays(version: u8, body: &str) {
    stays(&format!("!/{version} [192.0.2.9]:2944 {body}"));
}

/// Checks commands of a request.
fn commands_stay(version: u8, commands: &str) {
    body_stays(version, &format!("T=7{{C=4{{{commands}}}}}"));
}

/// Checks descriptors of a Modify.
fn descriptors_stay(descriptors: &str) {
    commands_stay(3, &format!("MF=line/7{{{descriptors}}}"));
}

#[test]
fn headers() {
    for mid in [
        "<gw7.example.net>",
        "[2001:db8::1]:5",
        "mg7",
        "rack/7@site.example",
        "MTP{00AB}",
    ] {
        for version in 1..=3 {
            stays(&format!("!/{version} {mid} PN=1{{}}"));
        }
    }
    stays("AU=0x00000007:0xFFFFFFFF:0x0102030405060708090A0B0C !/2 [192.0.2.9] PN=4294967295{}");
}

#[test]
fn transactions() {
    body_stays(3, "ER=400{\"Bad luck\"}");
    body_stays(3, "ER=400{}");
    body_stays(3, "K{1,3-9}PN=4{}P=5/2{C=1}P=5/3/END{IA,C=-{N=ROOT}}");
    body_stays(3, "SM=9/1\nSM=9/2/END\nT=10{C=*{AV=*{AT{}}},C=1{S=a}}");
    body_stays(1, "P=0{ER=403{\"No sense\"}}P=1{C=${ER=422{}}}");
    body_stays(1, "P=3{C=1{MF=a,ER=422{\"And no more\"}}}");
}

#[test]
fn context_attributes() {
    body_stays(2, "T=1{C=1{TP{a,*,IS,$,b,BW,a,b,OW,ST=3,c,d,OW},PR=15,EG}}");
    body_stays(
        3,
        "T=1{C=1{TP{a,b,OWE,c,d,OWB,ST=1},EGO,IEPS=OFF,CA{TP,EG,PR},S=*}}",
    );
    body_stays(3, "T=1{C=1{CT{x/y=1,x/z>2},CA{IEPS,x/y,CT{TP,x/z}}}}");
    body_stays(
        3,
        "T=1{C=*{CA{PR=3,EGV=EGO,IEPS=ON,CT{CLT={1,-,7}},CT{x/y#3},ORLgc}}}",
    );
    body_stays(3, "T=1{C=*{CA{CT{PR,CT{x/y=3}},ANDLgc}}}");
    body_stays(3, "P=1{C=1{CT{CLT={1,2}},AV=*}}");
}

#[test]
fn commands_with_marks_and_lists() {
    commands_stay(
        3,
        "O-A=$,W-MV=tdm/*,O-W-MF=[a,b],S=[a,b,c]{AT{SA}},AC=a{AT{M,MX,MD,EB}}",
    );
    commands_stay(
        1,
        "N=ROOT{OE=1{x/y},ER=518{}},O-N=a/1{OE=2{20260102T03040506:x/y{ST=1,p=q}}}",
    );
}

#[test]
fn service_changes() {
    commands_stay(
        3,
        "SC=ROOT{SV{MT=X-Gone,RE=\"904 Why\",DL=7,AD=2944,V=3,PF=p_1/99,20260102T03040506,SIC,M,PG,\
         X+a1=[1:5]}}",
    );
    for (method, rest) in [
        ("RS", "AD=[192.0.2.1]:1"),
        ("FO", "AD=<a.example>"),
        ("GR", "MG=dev/1"),
        ("DC", "V=1"),
        ("HO", "MG=MTP{0123}"),
        ("FL", "X-b={1,2}"),
    ] {
        commands_stay(1, &format!("SC=a/*{{SV{{MT={method},RE=901,{rest}}}}}"));
    }
    body_stays(
        1,
        "P=1{C=-{SC=ROOT,SC=ROOT{SV{AD=1,V=2,PF=p/1,20260102T03040506}},SC=a{ER=500{}}}}",
    );
}

#[test]
fn media() {
    descriptors_stay(
        "M{TS{SI=TE,BF=SP,x/y=\"a b\"},O{MO=LB,RV=ON,RG=OFF,x/y<3},L{\nv=0\n},R{},SA{x/y}}",
    );
    descriptors_stay("M{TS{SI=OS,BF=OFF},ST=1{O{MO=IN}},ST=65535{R{\ns={\\}\n}}}");
    descriptors_stay("M{O{a/b=[1,\"two\",3],a/c={on,$},a/d=[0:9],a/e=*,a/f=\"\"}}");
    descriptors_stay("M{}");
}

#[test]
fn events() {
    descriptors_stay("E");
    descriptors_stay("E=4294967295{*/*,a/*,a/b{KA,ST=0,DM=map1,NBIN,RSE,p=q,q=[1:2]}}");
    descriptors_stay("E=1{a/b{DM={T:1,S:22,L:3,Z:40,[0-9A-K]x.|9T}},a/c{NBNN},a/d{NBRN}}");
    descriptors_stay(
        "E=1{a/b{EM{SG{c/d},E=2{e/f{EM{SG{g/h}},NBRN{EM{SG}}}}}},a/c{NBRN{EM{E=3{x/y}}}},a/d{EM{E}}}",
    );
    descriptors_stay("EB,EB{a/b,a/c{ST=3,p=q}}");
}

#[test]
fn signals() {
    descriptors_stay("SG");
    descriptors_stay(
        "SG{a/b,a/c{p=1,ST=2,SY=OO,DR=65535,SPADI=EX,SPARQ=7,SPAIS=1,NC={TO,IBE,IBS,OR,IR},KA}}",
    );
    descriptors_stay("SG{SL=9{a/b{SY=BR},a/c{SY=TO,SPADI=B}},a/d{SPADI=IT}}");
    commands_stay(1, "MF=a{SG{}}");
}

#[test]
fn other_descriptors() {
    descriptors_stay("DM=map1,DM=map2{(1|2x.|[3-5]EF)},DM={T:4,(x)}");
    descriptors_stay("MD=V18,MD[V90,X-abc]{a/b=1},MX=N64{a,b/1}");
    descriptors_stay("SA,SA{a/b=1,a/c=[1,2],a/d},AT{},AT{MX,MD,M,E,SG,EB,DM,SA,PG,OE}");
}

#[test]
fn individual_audits() {
    descriptors_stay("AT{M{TS{SI},O{MO,RV,RG,a/b}},E=1{a/b},E{a/b},EB{a/b{ST=1,p}},SG{},PG{a-1}}");
    descriptors_stay("AT{SG{a/b{ST=1,SPARQ=2}},SG{SL=1},SG{SL=2{a/b}},DM=map1,SA{a/b},EB{a/b}}");
    descriptors_stay(
        "AT{M{TS{SI=IV},ST=1{O{MO=SR,MO#IN,a/b=1},L{\nv=0\n},R{},SA{a/b}},ST=2{O{MO}}}}",
    );
    descriptors_stay("AT{M{TS{SI#OS}},M{TS{BF}},M{TS{a/b}},M{TS{a/b>1}}}");
}

#[test]
fn replies() {
    body_stays(
        3,
        "P=1{C=1{A=a{M{L{\nv=0\n}},MD=V18,MX=H223{a},E=*{a/b},SG,DM=x,EB{a/b},OE=1{a/b},SA{a/b=1},\
         PG{a-1,b-65535},ER=500{}},MV=a,MF=[a,b],S=*{SA}}}",
    );
    body_stays(
        2,
        "P=1{C=1{AV=a{MX,MD,M,DM,SA,OE,PG},AC=C{a,b},AV=C{ER=431{}},AV=c,N=a{ER=458{}}}}",
    );
}
