//! What is newer than the version in the header.

use super::{
    super::{newer_in_action, newer_in_command, rules::table::*},
    Case, decoded,
};
use crate::{MessageBody, Transaction};

/// The walk for what is newer alone finds that of every rule about requests that both encodings have.
#[test]
fn what_is_newer_is_found_apart() {
    let mut told = 0;
    for Case(rule, breaking, legal) in CASES {
        let newer = |text| {
            let message = decoded(text);
            let MessageBody::Transactions(transactions) = &message.body else {
                panic!("transactions");
            };
            let Some(Transaction::Request(request)) = transactions.first() else {
                return None;
            };
            let action = &request.actions[0];
            let of_context = newer_in_action(message.version, action);
            let mut commands = action.commands.iter();
            let of_commands =
                || commands.find_map(|one| newer_in_command(message.version, &one.command));
            Some(of_context.or_else(of_commands).map(|found| found.rule))
        };
        let Some(found) = newer(breaking) else {
            continue;
        };
        told += usize::from(found.is_some());
        assert_eq!(found, (!rule.text_only).then_some(rule.rule), "{breaking}");
        assert_eq!(newer(legal).flatten(), None, "{legal}");
    }
    assert!(told > 15, "{told}");
}

pub(super) static CASES: &[Case] = &[
    Case(
        &TERMINATION_LIST,
        "!/2 mg T=1{C=1{A=[a,b]}}",
        "!/3 mg T=1{C=1{A=[a,b]}}",
    ),
    Case(
        &TERMINATION_LIST,
        "!/2 mg P=1{C=1{A=[a,b]}}",
        "!/1 mg P=1{C=1{AV=Context{a,b}}}",
    ),
    Case(
        &REPLY_SEGMENT,
        "!/2 mg P=1/1/END{C=1{A=a}}",
        "!/3 mg P=1/1/END{C=1{A=a}}",
    ),
    Case(&SEGMENT_REPLY, "!/2 mg SM=1/2", "!/3 mg SM=1/2"),
    Case(&BARE_ACTION_REPLY, "!/2 mg P=1{C=1}", "!/3 mg P=1{C=1}"),
    Case(
        &CONTEXT_ATTRIBUTES,
        "!/2 mg T=1{C=1{CT{a/b=1}}}",
        "!/3 mg T=1{C=1{CT{a/b=1}}}",
    ),
    Case(
        &CONTEXT_ATTRIBUTES,
        "!/2 mg P=1{C=1{CT{CLT={1,2}}}}",
        "!/3 mg P=1{C=1{CT{CLT={1,2}}}}",
    ),
    Case(
        &IEPS,
        "!/2 mg T=1{C=1{IEPS=ON}}",
        "!/3 mg T=1{C=1{IEPS=ON}}",
    ),
    Case(
        &EMERGENCY_OFF,
        "!/2 mg T=1{C=1{EGO}}",
        "!/3 mg T=1{C=1{EGO}}",
    ),
    Case(
        &EMERGENCY_OFF,
        "!/1 mg T=1{C=1{EGO}}",
        "!/1 mg P=1{C=1{EGO}}",
    ),
    Case(
        &CONTEXT_SELECTOR,
        "!/2 mg T=1{C=*{CA{TP,PR=5}}}",
        "!/3 mg T=1{C=*{CA{TP,PR=5}}}",
    ),
    Case(
        &CONTEXT_SELECTOR,
        "!/2 mg T=1{C=*{CA{ORLgc}}}",
        "!/2 mg T=1{C=*{CA{TP,EG,PR}}}",
    ),
    Case(
        &CONTEXT_AUDIT_WIDER,
        "!/2 mg T=1{C=1{CA{IEPS}}}",
        "!/3 mg T=1{C=1{CA{IEPS}}}",
    ),
    Case(
        &CONTEXT_AUDIT_WIDER,
        "!/2 mg T=1{C=1{CA{CT{a/b}}}}",
        "!/3 mg T=1{C=1{CA{CT{a/b}}}}",
    ),
    Case(
        &AMM_STATISTICS,
        "!/2 mg T=1{C=1{MF=a{SA{a/b}}}}",
        "!/3 mg T=1{C=1{MF=a{SA{a/b}}}}",
    ),
    Case(
        &STREAM_STATISTICS,
        "!/2 mg P=1{C=1{MF=a{M{ST=1{SA{a/b=1}}}}}}",
        "!/3 mg P=1{C=1{MF=a{M{ST=1{SA{a/b=1}}}}}}",
    ),
    Case(
        &STATISTIC_LIST,
        "!/2 mg P=1{C=1{S=a{SA{a/b=[1]}}}}",
        "!/2 mg P=1{C=1{S=a{SA{a/b=1}}}}",
    ),
    Case(
        &NOTIFY_BEHAVIOUR,
        "!/2 mg T=1{C=1{MF=a{E=1{a/b{NBNN}}}}}",
        "!/3 mg T=1{C=1{MF=a{E=1{a/b{NBNN}}}}}",
    ),
    Case(
        &RESET_EVENTS,
        "!/2 mg T=1{C=1{MF=a{E=1{a/b{RSE}}}}}",
        "!/3 mg T=1{C=1{MF=a{E=1{a/b{RSE}}}}}",
    ),
    Case(
        &SIGNAL_DIRECTION,
        "!/2 mg T=1{C=1{MF=a{SG{a/b{SPADI=IT}}}}}",
        "!/3 mg T=1{C=1{MF=a{SG{a/b{SPADI=IT}}}}}",
    ),
    Case(
        &SIGNAL_REQUEST_ID,
        "!/2 mg T=1{C=1{MF=a{SG{a/b{SPARQ=5,NC={TO}}}}}}",
        "!/3 mg T=1{C=1{MF=a{SG{a/b{SPARQ=5,NC={TO}}}}}}",
    ),
    Case(
        &INTERSIGNAL,
        "!/2 mg T=1{C=1{MF=a{SG{a/b{SPAIS=5}}}}}",
        "!/3 mg T=1{C=1{MF=a{SG{a/b{SPAIS=5}}}}}",
    ),
    Case(
        &ITERATION,
        "!/2 mg T=1{C=1{MF=a{SG{a/b{NC={TO,IR}}}}}}",
        "!/2 mg T=1{C=1{MF=a{SG{a/b{NC={TO,IBE,IBS,OR}}}}}}",
    ),
    Case(
        &TOPOLOGY_DIRECTION,
        "!/2 mg T=1{C=1{TP{a,b,OWE}}}",
        "!/3 mg T=1{C=1{TP{a,b,OWE}}}",
    ),
    Case(
        &TOPOLOGY_DIRECTION,
        "!/2 mg T=1{C=1{TP{a,b,OWB}}}",
        "!/1 mg T=1{C=1{TP{a,b,OW}}}",
    ),
    Case(
        &TOPOLOGY_STREAM,
        "!/1 mg T=1{C=1{TP{a,b,BW,ST=1}}}",
        "!/2 mg T=1{C=1{TP{a,b,BW,ST=1}}}",
    ),
    Case(
        &INDIVIDUAL_AUDIT,
        "!/1 mg T=1{C=1{AV=a{AT{M{O{MO}}}}}}",
        "!/2 mg T=1{C=1{AV=a{AT{M{O{MO}}}}}}",
    ),
    Case(
        &INDIVIDUAL_AUDIT,
        "!/1 mg T=1{C=1{S=a{AT{SA{a/b}}}}}",
        "!/1 mg T=1{C=1{S=a{AT{SA}}}}",
    ),
    Case(
        &INDIVIDUAL_MEDIA,
        "!/2 mg T=1{C=1{AV=a{AT{M{ST=1{O{MO}},ST=2{O{MO}}}}}}}",
        "!/3 mg T=1{C=1{AV=a{AT{M{ST=1{O{MO}},ST=2{O{MO}}}}}}}",
    ),
    Case(
        &INDIVIDUAL_MEDIA,
        "!/2 mg T=1{C=1{AV=a{AT{M{TS{SI},O{MO}}}}}}",
        "!/2 mg T=1{C=1{AV=a{AT{M{TS{SI}},M{O{MO}}}}}}",
    ),
    Case(
        &INDIVIDUAL_LOCAL_CONTROL,
        "!/2 mg T=1{C=1{AV=a{AT{M{O{MO,RG}}}}}}",
        "!/3 mg T=1{C=1{AV=a{AT{M{O{MO,RG}}}}}}",
    ),
    Case(
        &INDIVIDUAL_DESCRIPTION,
        "!/2 mg T=1{C=1{AV=a{AT{M{L{}}}}}}",
        "!/3 mg T=1{C=1{AV=a{AT{M{L{}}}}}}",
    ),
    Case(
        &INDIVIDUAL_STATISTICS,
        "!/2 mg T=1{C=1{AV=a{AT{M{ST=1{SA{a/b}}}}}}}",
        "!/3 mg T=1{C=1{AV=a{AT{M{ST=1{SA{a/b}}}}}}}",
    ),
    Case(
        &LOCAL_CONTROL_SELECTOR,
        "!/2 mg T=1{C=1{AV=a{AT{M{O{MO=IN}}}}}}",
        "!/3 mg T=1{C=1{AV=a{AT{M{O{MO=IN}}}}}}",
    ),
    Case(
        &LOCAL_CONTROL_SELECTOR,
        "!/2 mg T=1{C=1{AV=a{AT{M{O{a/b#5}}}}}}",
        "!/2 mg T=1{C=1{AV=a{AT{M{O{a/b}}}}}}",
    ),
    Case(
        &STATE_SELECTOR,
        "!/2 mg T=1{C=1{AV=a{AT{M{TS{SI#OS}}}}}}",
        "!/3 mg T=1{C=1{AV=a{AT{M{TS{SI#OS}}}}}}",
    ),
    Case(
        &INDIVIDUAL_EVENTS,
        "!/2 mg T=1{C=1{AV=a{AT{E{a/b}}}}}",
        "!/2 mg T=1{C=1{AV=a{AT{E=5{a/b}}}}}",
    ),
    Case(
        &INDIVIDUAL_SIGNAL_STREAM,
        "!/2 mg T=1{C=1{AV=a{AT{SG{a/b{ST=1}}}}}}",
        "!/3 mg T=1{C=1{AV=a{AT{SG{a/b{ST=1}}}}}}",
    ),
    Case(
        &INDIVIDUAL_SIGNAL_REQUEST_ID,
        "!/2 mg T=1{C=1{AV=a{AT{SG{SL=1{a/b{SPARQ=1}}}}}}}",
        "!/3 mg T=1{C=1{AV=a{AT{SG{SL=1{a/b{SPARQ=1}}}}}}}",
    ),
    Case(
        &SERVICES_ITEM,
        "!/1 mg T=1{C=-{SC=a{SV{MT=RS,RE=\"916\",PG}}}}",
        "!/2 mg T=1{C=-{SC=a{SV{MT=RS,RE=\"916\",PG}}}}",
    ),
    Case(
        &INCOMPLETE,
        "!/2 mg T=1{C=-{SC=ROOT{SV{MT=RS,RE=\"901\",SIC}}}}",
        "!/3 mg T=1{C=-{SC=ROOT{SV{MT=RS,RE=\"901\",SIC}}}}",
    ),
    Case(
        &DURATION_TIMER,
        "!/1 mg T=1{C=1{MF=a{DM=d{Z:5,x}}}}",
        "!/2 mg T=1{C=1{MF=a{DM=d{Z:5,x}}}}",
    ),
    Case(
        &START_TIMER_LETTER,
        "!/1 mg T=1{C=1{MF=a{DM=d{Tx}}}}",
        "!/1 mg T=1{C=1{MF=a{DM=d{T:9,SxLZ1}}}}",
    ),
    Case(
        &NX64K,
        "!/1 mg T=1{C=1{MF=a{MX=N64{b}}}}",
        "!/2 mg T=1{C=1{MF=a{MX=N64{b}}}}",
    ),
    Case(
        &QUOTED_STRING,
        "!/2 mg P=1{ER=500{\"a\nb\"}}",
        "!/3 mg P=1{ER=500{\"a\nb\"}}",
    ),
    Case(
        &QUOTED_STRING,
        "!/2 mg T=1{C=1{MF=a{SG{a/b{c=\"ü\"}}}}}",
        "!/3 mg T=1{C=1{MF=a{SG{a/b{c=\"ü\"}}}}}",
    ),
    Case(
        &WIDE_VALUE,
        "!/2 mg T=1{C=1{MF=a{SG{a/b{c=ü}}}}}",
        "!/3 mg T=1{C=1{MF=a{SG{a/b{c=ü}}}}}",
    ),
];
