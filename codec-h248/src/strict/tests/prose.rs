//! What the clauses forbid, and the comments of the grammar.

use super::{super::rules::table::*, Case};

pub(super) static CASES: &[Case] = &[
    // Numbers.
    Case(
        &TRANSACTION_ZERO,
        "!/3 mg T=0{C=1{S=a}}",
        "!/3 mg T=1{C=1{S=a}}",
    ),
    Case(
        &TRANSACTION_ZERO,
        "!/3 mg P=0{C=1{S=a}}",
        "!/3 mg P=0{ER=403{}}",
    ),
    Case(&TRANSACTION_ZERO, "!/3 mg PN=0{}", "!/3 mg PN=1{}"),
    Case(&TRANSACTION_ZERO, "!/3 mg K{0-4}", "!/3 mg K{1-4,7}"),
    Case(&SEGMENT_ZERO, "!/3 mg P=1/0{C=1}", "!/3 mg P=1/1{C=1}"),
    Case(&SEGMENT_ZERO, "!/3 mg SM=1/0", "!/3 mg SM=1/65535/END"),
    Case(
        &PRIORITY,
        "!/3 mg T=1{C=1{PR=16}}",
        "!/3 mg T=1{C=1{PR=15}}",
    ),
    Case(
        &PRIORITY,
        "!/3 mg T=1{C=*{CA{TP,PR=16}}}",
        "!/3 mg T=1{C=*{CA{TP,PR=15}}}",
    ),
    Case(
        &PRIORITY,
        "!/3 mg T=1{C=*{CA{CT{TP,PR=16}}}}",
        "!/3 mg T=1{C=*{CA{CT{TP,PR=15}}}}",
    ),
    Case(
        &TIME_STAMP,
        "!/3 mg T=1{C=1{N=a{OE=1{20260229T00000000:a/b}}}}",
        "!/3 mg T=1{C=1{N=a{OE=1{20240229T00000000:a/b}}}}",
    ),
    Case(
        &TIME_STAMP,
        "!/3 mg P=1{C=-{SC=ROOT{SV{19700101T24000001}}}}",
        "!/3 mg P=1{C=-{SC=ROOT{SV{19700101T23595999}}}}",
    ),
    Case(
        &VERSION,
        "!/3 mg P=1{C=-{SC=ROOT{SV{V=0}}}}",
        "!/3 mg P=1{C=-{SC=ROOT{SV{V=1}}}}",
    ),
    // Names.
    Case(&DOMAIN_NAME, "!/3 <a_b> PN=1{}", "!/3 <a-b.c> PN=1{}"),
    Case(
        &DEVICE_NAME,
        "!/3 192.0.2.1 PN=1{}",
        "!/3 [192.0.2.1] PN=1{}",
    ),
    Case(
        &DEVICE_NAME,
        "!/3 mg P=1{C=-{SC=ROOT{SV{MG=1.2.3.4}}}}",
        "!/3 mg P=1{C=-{SC=ROOT{SV{MG=mgc/1@x.example}}}}",
    ),
    Case(
        &PATH_NAME,
        "!/3 mg T=1{C=1{S=11/00}}",
        "!/3 mg T=1{C=1{S=a11/00}}",
    ),
    Case(
        &PATH_NAME,
        "!/3 mg T=1{C=1{S=a-1}}",
        "!/3 mg T=1{C=1{S=a_1}}",
    ),
    Case(
        &EXTENSION_NAME,
        "!/3 mg T=1{C=1{MF=a{MX=H999{b}}}}",
        "!/3 mg T=1{C=1{MF=a{MX=X-h999{b}}}}",
    ),
    Case(
        &EXTENSION_NAME,
        "!/3 mg T=1{C=1{MF=a{MD[V18,V92]}}}",
        "!/3 mg T=1{C=1{MF=a{MD[V18,X+v92]}}}",
    ),
    // Terminations.
    Case(
        &ROOT_COMMAND,
        "!/3 mg T=1{C=1{S=root}}",
        "!/3 mg T=1{C=1{S=rooted}}",
    ),
    Case(
        &ROOT_COMMAND,
        "!/3 mg T=1{C=$ {A=ROOT}}",
        "!/3 mg T=1{C=-{MF=ROOT}}",
    ),
    Case(
        &ROOT_COMMAND,
        "!/3 mg T=1{C=1{TP{ROOT,a,BW}}}",
        "!/3 mg T=1{C=1{TP{b,a,BW}}}",
    ),
    Case(
        &ROOT_COMMAND,
        "!/3 mg T=1{C=1{MF=a{MX=H221{ROOT}}}}",
        "!/3 mg T=1{C=1{MF=a{MX=H221{r}}}}",
    ),
    Case(
        &ROOT_DESCRIPTOR,
        "!/3 mg T=1{C=-{MF=ROOT{SG}}}",
        "!/3 mg T=1{C=-{MF=ROOT{E}}}",
    ),
    Case(
        &ROOT_DESCRIPTOR,
        "!/3 mg T=1{C=-{MF=ROOT{M{R{}}}}}",
        "!/3 mg T=1{C=-{MF=ROOT{M{TS{SI=IV}}}}}",
    ),
    Case(
        &CHOOSE_TERMINATION,
        "!/3 mg T=1{C=1{MV=a/$}}",
        "!/3 mg T=1{C=1{A=a/$}}",
    ),
    Case(
        &CHOOSE_TERMINATION,
        "!/3 mg T=1{C=1{S=$}}",
        "!/3 mg T=1{C=1{S=*}}",
    ),
    Case(
        &NOTIFY_WILDCARD,
        "!/3 mg T=1{C=1{N=a/*{OE=1{a/b}}}}",
        "!/3 mg T=1{C=1{N=a/1{OE=1{a/b}}}}",
    ),
    Case(
        &CHOOSE_IN_REPLY,
        "!/3 mg P=1{C=1{A=$}}",
        "!/3 mg P=1{C=1{A=${ER=510{}}}}",
    ),
    // Contexts.
    Case(
        &CHOOSE_CONTEXT,
        "!/3 mg T=1{C=${MF=a}}",
        "!/3 mg T=1{C=${A=a,MF=a}}",
    ),
    Case(
        &CHOOSE_CONTEXT_IN_REPLY,
        "!/3 mg P=1{C=${A=a}}",
        "!/3 mg P=1{C=${A=${ER=510{}}}}",
    ),
    Case(
        &CHOOSE_CONTEXT_IN_REPLY,
        "!/3 mg P=1{C=${A=a}}",
        "!/3 mg P=1{C=${ER=412{}}}",
    ),
    Case(
        &NULL_CONTEXT_ATTRIBUTE,
        "!/3 mg T=1{C=-{PR=1}}",
        "!/3 mg T=1{C=1{PR=1}}",
    ),
    Case(
        &NULL_CONTEXT_ATTRIBUTE,
        "!/3 mg T=1{C=-{CA{TP}}}",
        "!/3 mg T=1{C=*{CA{TP}}}",
    ),
    Case(
        &NULL_CONTEXT_ATTRIBUTE,
        "!/3 mg P=1{C=-{PR=1}}",
        "!/3 mg P=1{C=1{PR=1}}",
    ),
    Case(
        &NULL_CONTEXT_COMMAND,
        "!/3 mg T=1{C=-{MF=a,S=a}}",
        "!/3 mg T=1{C=-{MF=a,AV=a{AT{}}}}",
    ),
    Case(
        &TOPOLOGY_CHOOSE,
        "!/3 mg T=1{C=1{TP{$,a,BW},A=b}}",
        "!/3 mg T=1{C=1{TP{$,a,BW},A=b/$}}",
    ),
    Case(
        &TOPOLOGY_PART,
        "!/3 mg T=1{C=1{TP{b/$,a,BW},A=b/$}}",
        "!/3 mg T=1{C=1{TP{b/*,a,BW},A=b/$}}",
    ),
    Case(
        &TOPOLOGY_OVERLAP,
        "!/3 mg T=1{C=1{TP{*,*,OW}}}",
        "!/3 mg T=1{C=1{TP{*,*,BW}}}",
    ),
    Case(
        &TOPOLOGY_OVERLAP,
        "!/3 mg T=1{C=1{TP{a,A,OWB}}}",
        "!/3 mg T=1{C=1{TP{a,b,OWB}}}",
    ),
    Case(
        &TOPOLOGY_ALL,
        "!/3 mg T=1{C=1{TP{*,a,OWE}}}",
        "!/3 mg T=1{C=1{TP{a,*,OWE}}}",
    ),
    Case(
        &TOPOLOGY_ALL,
        "!/3 mg T=1{C=1{TP{a,*,OWB}}}",
        "!/3 mg T=1{C=1{TP{a,*,OW}}}",
    ),
    Case(
        &TOPOLOGY_MIXED,
        "!/3 mg T=1{C=1{TP{a,b,OW,ST=1,B,a,IS}}}",
        "!/3 mg T=1{C=1{TP{a,b,OW,ST=1,b,a,IS,ST=2,a,c,IS}}}",
    ),
    Case(
        &CONTEXT_AUDIT_ALONE,
        "!/3 mg T=1{C=1{CA{TP,CT{a/b}}}}",
        "!/3 mg T=1{C=1{CA{CT{TP,a/b}}}}",
    ),
    // Events.
    Case(
        &REQUEST_ID_ALL,
        "!/3 mg T=1{C=1{MF=a{E=*{a/b}}}}",
        "!/3 mg P=1{C=1{AC=a{E=*{a/b}}}}",
    ),
    Case(
        &REQUEST_ID_ALL,
        "!/3 mg P=1{C=1{AV=a{OE=*{a/b}}}}",
        "!/3 mg P=1{C=1{AV=a{OE=1{a/b}}}}",
    ),
    Case(
        &REQUEST_ID_ALL,
        "!/3 mg T=1{C=1{AV=a{AT{E=*{a/b}}}}}",
        "!/3 mg T=1{C=1{AV=a{AT{E=0{a/b}}}}}",
    ),
    Case(
        &KEEP_ACTIVE_EMBED,
        "!/3 mg T=1{C=1{MF=a{E=1{a/b{KA,EM{SG{a/c}}}}}}}",
        "!/3 mg T=1{C=1{MF=a{E=1{a/b{KA,EM{E=2{a/c}}}}}}}",
    ),
    Case(
        &KEEP_ACTIVE_EMBED,
        "!/3 mg T=1{C=1{MF=a{E=1{a/b{EM{E=2{a/c{EM{SG},KA}}}}}}}}",
        "!/3 mg T=1{C=1{MF=a{E=1{a/b{EM{E=2{a/c{EM{SG}}}}}}}}}",
    ),
    Case(
        &MISSING_DIGIT_MAP,
        "!/3 mg T=1{C=1{MF=a{E=1{DD/ce{KA}}}}}",
        "!/3 mg T=1{C=1{MF=a{E=1{DD/ce{DM=d}}}}}",
    ),
    // Signals.
    Case(
        &SIGNAL_WILDCARD,
        "!/3 mg T=1{C=1{MF=a{SG{a/*}}}}",
        "!/3 mg T=1{C=1{MF=a{E=1{a/*,*/*}}}}",
    ),
    Case(
        &SIGNAL_WILDCARD,
        "!/3 mg T=1{C=1{AV=a{AT{SG{*/*}}}}}",
        "!/3 mg T=1{C=1{AV=a{AT{SG{}}}}}",
    ),
    Case(
        &LONE_REQUEST_ID,
        "!/3 mg T=1{C=1{MF=a{SG{a/b{SPARQ=1}}}}}",
        "!/3 mg T=1{C=1{MF=a{SG{a/b{SPARQ=1,NC={TO}}}}}}",
    ),
    Case(
        &LIST_SIGNAL_TYPE,
        "!/3 mg T=1{C=1{MF=a{SG{SL=1{a/b}}}}}",
        "!/3 mg T=1{C=1{MF=a{SG{SL=1{a/b{SY=BR}}}}}}",
    ),
    Case(
        &LIST_ON_OFF,
        "!/3 mg T=1{C=1{MF=a{SG{SL=1{a/b{SY=OO},a/c{SY=OO}}}}}}",
        "!/3 mg T=1{C=1{MF=a{SG{SL=1{a/b{SY=BR},a/c{SY=OO}}}}}}",
    ),
    // Digit maps.
    Case(
        &DIGIT_MAP,
        "!/3 mg T=1{C=1{MF=a{DM=d{1|2}}}}",
        "!/3 mg T=1{C=1{MF=a{DM=d{(1|2)}}}}",
    ),
    Case(
        &DIGIT_MAP,
        "!/3 mg T=1{C=1{MF=a{E=1{a/b{DM={[A-D]}}}}}}",
        "!/3 mg T=1{C=1{MF=a{E=1{a/b{DM={[ABCD]}}}}}}",
    ),
    Case(
        &DIGIT_MAP_LETTER,
        "!/3 mg T=1{C=1{MF=a{DM=d{(*xx|#)}}}}",
        "!/3 mg T=1{C=1{MF=a{DM=d{(Exx|F)}}}}",
    ),
    // Audits.
    Case(
        &NO_CAPABILITY,
        "!/3 mg T=1{C=1{AC=a{AT{M,DM}}}}",
        "!/3 mg T=1{C=1{AV=a{AT{M,DM}}}}",
    ),
    Case(
        &NO_CAPABILITY,
        "!/3 mg T=1{C=1{AC=a{AT{PG{a-1}}}}}",
        "!/3 mg T=1{C=1{AV=a{AT{PG{a-1}}}}}",
    ),
    Case(
        &INDIVIDUAL_STREAM,
        "!/3 mg T=1{C=1{AV=a{AT{M{ST=1{O{MO},SA{a/b}}}}}}}",
        "!/3 mg T=1{C=1{AV=a{AT{M{O{MO},SA{a/b}}}}}}",
    ),
    Case(
        &INDIVIDUAL_EVENT_SPEC,
        "!/3 mg1 T=1{C=1{AV=a{AT{EB{al/on{ST=1,x}}}}}}",
        "!/3 mg1 T=1{C=1{AV=a{AT{EB{al/on{ST=1}},EB{al/on{x}}}}}}",
    ),
    Case(
        &INDIVIDUAL_SIGNAL,
        "!/3 mg T=1{C=1{AV=a{AT{SG{a/b{DR=1}}}}}}",
        "!/3 mg T=1{C=1{AV=a{AT{SG{a/b{ST=1,SPARQ=1}}}}}}",
    ),
    // ServiceChange.
    Case(
        &REASON_QUOTES,
        "!/3 mg T=1{C=-{SC=ROOT{SV{MT=RS,RE=901}}}}",
        "!/3 mg T=1{C=-{SC=ROOT{SV{MT=RS,RE=\"901\"}}}}",
    ),
    Case(
        &REASON_CODE,
        "!/3 mg T=1{C=-{SC=ROOT{SV{MT=RS,RE=\"Cold Boot\"}}}}",
        "!/3 mg T=1{C=-{SC=ROOT{SV{MT=RS,RE=\"901 Cold Boot\"}}}}",
    ),
    Case(
        &REASON_CODE,
        "!/3 mg T=1{C=-{SC=ROOT{SV{MT=RS,RE=\"9010\"}}}}",
        "!/3 mg T=1{C=-{SC=ROOT{SV{MT=RS,RE=\"901 0\"}}}}",
    ),
    Case(
        &DELAY,
        "!/3 mg T=1{C=-{SC=a{SV{MT=FO,RE=\"905\",DL=1}}}}",
        "!/3 mg T=1{C=-{SC=a{SV{MT=GR,RE=\"905\",DL=1}}}}",
    ),
    Case(
        &INCOMPLETE_RESTART,
        "!/3 mg T=1{C=-{SC=a{SV{MT=RS,RE=\"901\",SIC}}}}",
        "!/3 mg T=1{C=-{SC=ROOT{SV{MT=RS,RE=\"901\",SIC}}}}",
    ),
    Case(
        &INCOMPLETE_RESTART,
        "!/3 mg T=1{C=-{SC=ROOT{SV{MT=FO,RE=\"908\",SIC}}}}",
        "!/3 mg T=1{C=-{SC=ROOT{SV{MT=FO,RE=\"908\"}}}}",
    ),
    Case(
        &REGISTRATION_ONLY,
        "!/3 mg T=1{C=-{SC=a{SV{MT=RS,RE=\"900\",V=3}}}}",
        "!/3 mg T=1{C=-{SC=ROOT{SV{MT=RS,RE=\"900\",V=3}}}}",
    ),
    Case(
        &REGISTRATION_ONLY,
        "!/3 mg T=1{C=-{SC=a{SV{MT=RS,RE=\"900\",PF=p/1}}}}",
        "!/3 mg T=1{C=-{SC=ROOT{SV{MT=RS,RE=\"900\",PF=p/1}}}}",
    ),
    Case(
        &REPLY_PARAMETERS,
        "!/3 mg P=1{C=-{SC=a{SV{V=3}}}}",
        "!/3 mg P=1{C=-{SC=ROOT{SV{V=3}}}}",
    ),
];
