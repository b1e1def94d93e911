//! What stands at most once.

use super::{super::rules::table::*, Case};

pub(super) static CASES: &[Case] = &[
    Case(
        &DESCRIPTOR_TWICE,
        "!/3 mg T=1{C=1{MF=a{SG,E,SG}}}",
        "!/3 mg T=1{C=1{MF=a{SG,E,EB,DM=d,AT{}}}}",
    ),
    Case(
        &STREAM_TWICE,
        "!/3 mg T=1{C=1{MF=a{M{ST=1{R{}},ST=1{R{}}}}}}",
        "!/3 mg T=1{C=1{MF=a{M{ST=1{R{}},ST=2{R{}}}}}}",
    ),
    Case(
        &PROPERTY_TWICE,
        "!/3 mg T=1{C=1{MF=a{M{O{a/b=1,A/B=2}}}}}",
        "!/3 mg T=1{C=1{MF=a{M{O{a/b=1,a/c=1},TS{a/b=1}}}}}",
    ),
    Case(
        &PROPERTY_TWICE,
        "!/3 mg T=1{C=1{MF=a{M{TS{a/b=1,a/b=1}}}}}",
        "!/3 mg T=1{C=1{MF=a{M{ST=1{O{a/b=1}},ST=2{O{a/b=1}}}}}}",
    ),
    Case(
        &CONTEXT_PROPERTY_TWICE,
        "!/3 mg T=1{C=1{EG,PR=1,EGO}}",
        "!/3 mg T=1{C=1{EG,PR=1,IEPS=ON,TP{a,b,BW},CT{a/b=1}}}",
    ),
    Case(
        &CONTEXT_PROPERTY_TWICE,
        "!/3 mg P=1{C=1{PR=1,PR=1}}",
        "!/3 mg P=1{C=1{PR=1}}",
    ),
    Case(
        &CONTEXT_AUDIT_TWICE,
        "!/3 mg T=1{C=*{CA{PR=1,ANDLgc,ORLgc}}}",
        "!/3 mg T=1{C=*{CA{PR=1,PR,EGV=EG,EG,IEPS=ON,IEPS,ANDLgc,a/b,a/c}}}",
    ),
    Case(
        &CONTEXT_AUDIT_TWICE,
        "!/3 mg T=1{C=1{CA{CT{a/b,A/b}}}}",
        "!/3 mg T=1{C=1{CA{CT{a/b,a/c}}}}",
    ),
    Case(
        &AUDIT_ITEM_TWICE,
        "!/3 mg T=1{C=1{AV=a{AT{M,E,M}}}}",
        "!/3 mg T=1{C=1{AV=a{AT{M,E,SA{a/b},SA{a/c}}}}}",
    ),
    Case(
        &EVENT_PARAMETER_TWICE,
        "!/3 mg T=1{C=1{MF=a{E=1{a/b{KA,KA}}}}}",
        "!/3 mg T=1{C=1{MF=a{E=1{a/b{KA,ST=1,DM=d,NBNN,RSE,c=1,d=1}}}}}",
    ),
    Case(
        &EVENT_PARAMETER_TWICE,
        "!/3 mg T=1{C=1{MF=a{E=1{a/b{c=1,C=2}}}}}",
        "!/3 mg T=1{C=1{MF=a{E=1{a/b{c=1},a/b{c=2}}}}}",
    ),
    Case(
        &EVENT_PARAMETER_TWICE,
        "!/3 mg T=1{C=1{MF=a{E=1{a/b{EM{SG},EM{E=2{a/c}}}}}}}",
        "!/3 mg T=1{C=1{MF=a{E=1{a/b{EM{SG,E=2{a/c{KA}}}}}}}}",
    ),
    Case(
        &EVENT_SPEC_PARAMETER_TWICE,
        "!/3 mg T=1{C=1{MF=a{EB{a/b{c=1,c=1}}}}}",
        "!/3 mg T=1{C=1{MF=a{EB{a/b{c=1,d=1,ST=1}}}}}",
    ),
    Case(
        &OBSERVED_PARAMETER_TWICE,
        "!/3 mg T=1{C=1{N=a{OE=1{a/b{c=1,c=1}}}}}",
        "!/3 mg T=1{C=1{N=a{OE=1{a/b{c=1},a/b{c=1}}}}}",
    ),
    Case(
        &SIGNAL_PARAMETER_TWICE,
        "!/3 mg T=1{C=1{MF=a{SG{a/b{c=1,c=1}}}}}",
        "!/3 mg T=1{C=1{MF=a{SG{a/b{c=1,d=1},a/b{c=1}}}}}",
    ),
    Case(
        &STATISTIC_TWICE,
        "!/3 mg P=1{C=1{S=a{SA{a/b=1,a/b=2}}}}",
        "!/3 mg P=1{C=1{S=a{SA{a/b=1,a/c=2}}}}",
    ),
    Case(
        &TERMINATION_TWICE,
        "!/3 mg T=1{C=1{S=[a,b,A]}}",
        "!/3 mg T=1{C=1{S=[a,b],S=a}}",
    ),
    Case(
        &TERMINATION_TWICE,
        "!/3 mg T=1{C=1{MF=a{MX=H221{b,b}}}}",
        "!/3 mg T=1{C=1{MF=a{MX=H221{b,c}}}}",
    ),
    Case(
        &EXTENSION_TWICE,
        "!/3 mg T=1{C=-{SC=a{SV{MT=RS,RE=\"900\",X-a=1,x-A=2}}}}",
        "!/3 mg T=1{C=-{SC=a{SV{MT=RS,RE=\"900\",X-a=1,X-b=2}}}}",
    ),
];
