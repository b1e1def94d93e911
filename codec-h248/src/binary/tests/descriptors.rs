//! Descriptors: what text says, binary says, and what it cannot say is named.

use super::{
    super::{amm, audit, audit_return, packages, property, signals, statistics},
    element,
    nouns::{descriptors, descriptors_stay, octets, read, read_amm, unsayable, write},
    profile,
};
use crate::{
    List, ToBoundedStatic,
    descriptor::{AmmDescriptor, AuditReturn, ModemType, SignalDirection, SignalParm},
};

#[test]
fn media() {
    descriptors_stay("M{},M{TS{SI=TE,BF=SP,nt/jit=1}},M{TS{SI=OS,BF=OFF}},M{TS{SI=IV}},M{TS{}}");
    descriptors_stay("M{O{MO=SO,RV=ON,RG=OFF,nt/jit=[1:9],tdmc/ec=on}},M{O{MO=RC}},M{O{MO=SR}}");
    descriptors_stay("M{O{MO=IN}},M{O{MO=LB},L{v=0\nc=IN IP4 $\n},R{}}");
    descriptors_stay("M{ST=1{O{MO=IN},SA{rtp/ps,nt/dur=7}},ST=65535{L{}},TS{nt/jit=2}}");
}

#[test]
fn events() {
    descriptors_stay("E,E=7{al/on,al/of{strict=state,ST=2,KA,EM{SG{cg/dt}},NBIN,RSE}}");
    descriptors_stay("E=*{dd/ce{DM=dialplan1},dd/ce{DM={T:1,S:2,L:3,Z:4,(1|2x.)}},al/*,*/*}");
    descriptors_stay(
        "E=1{al/on{EM{SG,E=2{al/of{strict=exact,ST=1,KA,DM=id_0002,EM{SG{cg/bt}}}}}}}",
    );
    descriptors_stay(
        "E=1{al/on{EM{E},NBRN{EM{SG{cg/rt},E=3{al/of{NBRN{EM{SG}},RSE}}}}},al/of{NBRN}}",
    );
    descriptors_stay("E=1{al/fl{NBNN}},EB,EB{al/on,al/fl{ST=3,mindur=5}}");
}

#[test]
fn signals_and_digit_maps() {
    descriptors_stay("SG,SG{cg/dt,cg/rt{btd=ext,ST=2,SY=OO,DR=65535,SPADI=EX,SPARQ=7,SPAIS=1}}");
    descriptors_stay("SG{SL=9{cg/bt{SY=BR,SPADI=B},cg/ct{SY=TO,NC={TO,IBE,IBS,OR,IR},KA}},al/ri}");
    descriptors_stay("DM=dialplan1,DM=id_1234{(1|2x.|[3-5]EF)},DM={T:4,(x)}");
}

#[test]
fn other_descriptors() {
    descriptors_stay("MD=V18,MD[V22,V22b,V32,V32b,V34,V90,V91,SN]{nt/jit=1}");
    descriptors_stay(
        "MX=H221{line/1},MX=H223{line/1},MX=H226{line/1},MX=V76{line/1},MX=N64{tdm/1/1,tdm/1/2}",
    );
    descriptors_stay("SA,SA{nt/dur=1,nt/os,rtp/pl=0.130039011,rtp/jit=[1,2]}");
    descriptors_stay("AT{},AT{MX,MD,M,E,SG,DM,SA,OE,PG,EB}");
}

#[test]
fn parts_of_descriptors() {
    descriptors_stay("AT{M{TS{SI},O{MO,RV,RG,nt/jit}}},AT{M{TS{BF}}},AT{M{TS{nt/jit}}}");
    descriptors_stay(
        "AT{M{TS{SI=IV},ST=1{O{MO=SR,nt/jit=1,nt/jit>2},L{v=\nc=IN IP4 1.2.3.4\n},R{},SA{rtp/ps}},ST=2{O{MO}}}}",
    );
    descriptors_stay(
        "AT{M{TS{nt/jit#1}},E=1{al/on},E{al/*},EB{al/on{ST=1}},SG{cg/dt{ST=1,SPARQ=2}}}",
    );
    descriptors_stay("AT{SG{SL=1},SG{SL=2{cg/dt}},DM=dialplan1,SA{rtp/*},PG{nt-1}}");
}

#[test]
fn what_only_text_says_is_named() {
    let no = |text: &str, expected: &str| {
        let told = unsayable(3, text);
        assert!(told.contains(expected), "{told}");
    };
    no("E=1{al/on{ST=1,ST=2}}", "streamID stands twice");
    no("E=1{al/on{NBIN,NBNN}}", "notifyBehaviour stands twice");
    no(
        "AT{EB{al/on{x}}}",
        "binary has no audit of an event's parameter",
    );
    no("AT{SG{}}", "binary has no audit of no signal");
    no(
        "AT{SG{cg/dt{DR=1}}}",
        "binary has no audit of a signal's parameters",
    );
    no(
        "AT{M{O{MO#SR}}}",
        "binary has no selection by another streamMode",
    );
    no(
        "AT{M{TS{SI#IV}}}",
        "binary has no selection by another serviceState",
    );
    no("AT{M{O{MO,MO=SR}}}", "streamMode stands twice");
    no("MD=X-abc", "the ModemType \"X-abc\" has no binary name");
    no("MD=enum_0", "the ModemType \"enum_0\" has no binary name");
    no(
        "MX=X-abc{line/1}",
        "the MuxType \"X-abc\" has no binary name",
    );
    no("DM=nobody", "the digit map \"nobody\" has no binary name");
    no("AT{PG{nt-100}}", "\"100\" is no packageVersion");
    no(
        "AT{PG{nobody-1}}",
        "the package \"nobody\" has no binary name",
    );
    no(
        "M{L{hello\n}}",
        "\"hello\" is no line of a session description",
    );
}

#[test]
fn what_a_version_lacks_is_named() {
    let newer = |version: u8, text: &str, component: &str| {
        let told = unsayable(version, text);
        let expected = format!("{component} exists since version {}", version + 1);
        assert!(told.starts_with(&expected), "{told}");
        assert_eq!(unsayable(version + 1, text), "", "{text}");
    };
    newer(2, "M{ST=1{SA{nt/dur}}}", "statisticsDescriptor");
    newer(2, "E=1{al/on{NBIN}}", "notifyBehaviour");
    newer(2, "E=1{al/on{RSE}}", "resetEventsDescriptor");
    newer(
        2,
        "E=1{al/on{EM{E=2{al/of{RSE}}}}}",
        "resetEventsDescriptor",
    );
    newer(2, "SG{cg/dt{SPADI=B}}", "direction");
    newer(2, "SG{cg/dt{SPARQ=1}}", "requestID");
    newer(2, "SG{cg/dt{SPAIS=1}}", "intersigDelay");
    newer(2, "SG{cg/dt{NC={IR}}}", "onIteration");
    newer(1, "MX=N64{line/1}", "nx64k");
    newer(1, "DM={Z:1,(x)}", "durationTimer");
    newer(1, "AT{M{O{MO}}}", "auditPropertyToken");
    newer(2, "AT{M{O{MO=SR}}}", "streamModeSel");
    newer(2, "AT{M{O{nt/jit=1}}}", "propertyParms");
    newer(2, "AT{M{TS{SI=IV}}}", "serviceStateSel");
    newer(2, "AT{M{L{v=0\n}}}", "propertyParms");
    newer(2, "AT{M{SA{nt/dur}}}", "statisticsDescriptor");
    newer(2, "AT{SG{cg/dt{SPARQ=1}}}", "signalRequestID");
}

/// An event without more: its name, and then this.
fn event(rest: &[&[u8]]) -> Vec<u8> {
    element(0x30, &[&octets("80040009 0004"), &rest.concat()])
}

/// `EventsDescriptor` of request 1 and one event.
fn events_of(event: &[u8]) -> Vec<u8> {
    element(0xa3, &[&octets("800101"), &element(0xa1, &[event])])
}

const NO_PARAMETERS: [u8; 2] = [0xa3, 0];

#[test]
fn forms_that_peers_have_are_read() {
    let profile = profile();
    let one =
        |octets: &[u8]| read(octets, &profile, read_amm).map(|descriptor| descriptor.to_static());
    // A request of no events, actions that say nothing.
    let nothing = one(&octets("a305 800101 a100"));
    assert_eq!(nothing, Ok(descriptors("E").remove(0)));
    let actions = octets("a203 800100");
    let silent = one(&events_of(&event(&[&actions, &NO_PARAMETERS])));
    assert_eq!(silent, Ok(descriptors("E=1{al/on}").remove(0)));
    // A type that no table has.
    let modem = one(&octets("a10a a006 0a0103 0a0109 a100")).unwrap();
    let AmmDescriptor::Modem(found) = &modem else {
        panic!("{modem:?}")
    };
    let types = [ModemType::V32, ModemType::Extension("enum_9".into())];
    assert_eq!(found.types, types);
    let written = write(3, &profile, |w| amm::write(w, &modem));
    assert_eq!(written, Ok(octets("a10a a006 0a0103 0a0109 a100")));
    // A direction by the number of another module.
    let signal = octets("a00b 80040007 0030 a600 870103");
    let parms = read(&signal, &profile, signals::read).unwrap().parms;
    let [SignalParm::Signal(signal)] = parms.as_slice() else {
        panic!("{parms:?}")
    };
    assert_eq!(signal.direction, Some(SignalDirection::Both));
}

#[test]
fn what_is_out_of_place_is_refused() {
    let profile = profile();
    let refused = |octets: &[u8]| {
        let error = read(octets, &profile, read_amm).unwrap_err();
        error.expected.to_string()
    };
    // Events without a request; an embedded event within an embedded one.
    let events = element(0xa3, &[&element(0xa1, &[&event(&[&NO_PARAMETERS])])]);
    assert_eq!(refused(&events), "expected requestID");
    let embedded = |number: u8, inner: &[u8]| {
        let second = element(number, &[&octets("800102"), &element(0xa1, &[inner])]);
        let actions = element(0xa2, &[&second]);
        event(&[&actions, &NO_PARAMETERS])
    };
    let inner = event(&[&NO_PARAMETERS]);
    let deep = embedded(0xa2, &embedded(0xa2, &inner));
    assert_eq!(refused(&events_of(&deep)), "expected signalName");
    let regulated = element(
        0xa3,
        &[&element(0xa1, &[&element(0xa0, &[&octets("a100")])])],
    );
    let deep = embedded(
        0xa2,
        &event(&[&element(0xa2, &[&regulated]), &NO_PARAMETERS]),
    );
    assert_eq!(
        refused(&events_of(&deep)),
        "expected no secondEvent within secondEvent"
    );
    // A timer of three digits; a version of a package.
    assert_eq!(
        refused(&octets("a607 a105 800164 8300")),
        "expected INTEGER in range"
    );
    let item = octets("8002000b 810164");
    let error = read(&item, &profile, packages::read_item).unwrap_err();
    assert_eq!(error.expected.to_string(), "expected INTEGER in range");
    // Parts of a TerminationState, of which text has one at a time.
    let two = octets("a10a a008 a006 a000 8100 8200");
    let error = read(&two, &profile, audit::read).unwrap_err();
    let most = "expected at most 1 parts of IndAudTerminationStateDescriptor";
    assert_eq!(error.expected.to_string(), most);
}

#[test]
fn a_list_of_a_statistic_is_new_in_version_3() {
    let profile = profile();
    let AmmDescriptor::Statistics(statistics) = descriptors("SA{nt/dur=[1,2]}").remove(0) else {
        panic!("not Statistics")
    };
    let error = write(2, &profile, |w| statistics::write(w, &statistics)).unwrap_err();
    let told = "a list in statValue exists since version 3 in #0";
    assert_eq!(error.to_string(), told);
}

#[test]
fn packages_of_replies() {
    let profile = profile();
    let digits = "aa12 3007 8002000b 810101 3007 80028123 810163";
    let all = octets(digits);
    let mut list = List::new();
    read(&all, &profile, |r| audit_return::read_list(r, &mut list)).unwrap();
    let [AuditReturn::Packages(found)] = list.as_slice() else {
        panic!("{list:?}")
    };
    let named: Vec<_> = found
        .packages
        .iter()
        .map(|found| (found.name.as_str(), found.version))
        .collect();
    assert_eq!(named, [("nt", 1), ("id_8123", 99)]);
    assert_eq!(
        write(3, &profile, |w| audit_return::write_list(w, &list)),
        Ok(all)
    );
}

#[test]
fn lists_of_properties_say_which_is_wrong() {
    let profile = profile();
    let broken = octets("300b 8004000b0007 a103 0401 28 3000");
    let error = read(&broken, &profile, property::read_list).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected name at octet 15 (Message) in #1"
    );
}
