//! Values, and what packages say of them.

use super::{super::rules::table::*, Case};

pub(super) static CASES: &[Case] = &[
    Case(
        &SEVERAL_IN_REPLY,
        "!/3 mg P=1{C=1{MF=a{M{O{a/b={1,2}}}}}}",
        "!/3 mg P=1{C=1{AC=a{M{O{a/b={1,2}}}}}}",
    ),
    Case(
        &SEVERAL_IN_REPLY,
        "!/3 mg P=1{C=1{AV=a{M{TS{a/b=[1:2]}}}}}",
        "!/3 mg P=1{C=1{AV=a/*{M{TS{a/b=[1:2]}}}}}",
    ),
    Case(
        &SEVERAL_IN_REPLY,
        "!/3 mg P=1{C=1{AV=a{M{O{a/b>1}}}}}",
        "!/3 mg T=1{C=1{MF=a{M{O{a/b>1}}}}}",
    ),
    Case(
        &SEVERAL_IN_REPLY,
        "!/3 mg T=1{C=1{N=a{OE=1{a/b{c={1,2}}}}}}",
        "!/3 mg T=1{C=1{N=a{OE=1{a/b{c=[1,2]}}}}}",
    ),
    Case(
        &CHOOSE_VALUE_IN_REPLY,
        "!/3 mg P=1{C=1{MF=a{M{O{a/b=$}}}}}",
        "!/3 mg T=1{C=1{MF=a{M{O{a/b=$}}}}}",
    ),
    Case(
        &CHOOSE_DESCRIPTION_IN_REPLY,
        "!/3 mg P=1{C=1{A=a{M{L{v=0\nc=IN IP4 $\n}}}}}",
        "!/3 mg T=1{C=1{A=a{M{L{v=0\nc=IN IP4 $\n}}}}}",
    ),
    Case(
        &CHOOSE_DESCRIPTION_IN_REPLY,
        "!/3 mg P=1{C=1{A=a{M{L{m=audio $ RTP/AVP 8\r\n}}}}}",
        "!/3 mg P=1{C=1{A=a{M{L{m=audio 4 RTP/AVP 8\na=x $ y\n}}}}}",
    ),
    // Parameters.
    Case(
        &RESERVED_EVENT_PARAMETER,
        "!/3 mg T=1{C=1{MF=a{E=1{a/b{EPAx=1}}}}}",
        "!/3 mg T=1{C=1{MF=a{E=1{a/b{SPAx=1}}}}}",
    ),
    Case(
        &RESERVED_EVENT_PARAMETER,
        "!/3 mg T=1{C=1{MF=a{EB{a/b{Duration=1}}}}}",
        "!/3 mg T=1{C=1{MF=a{EB{a/b{dur=1}}}}}",
    ),
    Case(
        &RESERVED_SIGNAL_PARAMETER,
        "!/3 mg T=1{C=1{MF=a{SG{a/b{spax=1}}}}}",
        "!/3 mg T=1{C=1{MF=a{SG{a/b{sp=1,epax=1}}}}}",
    ),
    Case(
        &RESERVED_SIGNAL_PARAMETER,
        "!/3 mg T=1{C=1{MF=a{SG{a/b{DM=1}}}}}",
        "!/3 mg T=1{C=1{MF=a{SG{a/b{DMx=1}}}}}",
    ),
    Case(
        &UNKNOWN_EVENT_PARAMETER,
        "!/3 mg T=1{C=1{MF=a{E=1{al/on{mindur=1}}}}}",
        "!/3 mg T=1{C=1{MF=a{E=1{al/fl{mindur=1}}}}}",
    ),
    Case(
        &UNKNOWN_EVENT_PARAMETER,
        "!/3 mg T=1{C=1{MF=a{E=1{al/on{init=on}}}}}",
        "!/3 mg T=1{C=1{N=a{OE=1{al/on{init=on}}}}}",
    ),
    Case(
        &UNKNOWN_EVENT_PARAMETER,
        "!/3 mg T=1{C=1{N=a{OE=1{al/on{strict=state}}}}}",
        "!/3 mg P=1{C=1{AC=a{E=1{al/on{strict=state,init=on}}}}}",
    ),
    Case(
        &UNKNOWN_SIGNAL_PARAMETER,
        "!/3 mg T=1{C=1{MF=a{SG{al/ri{x=1}}}}}",
        "!/3 mg T=1{C=1{MF=a{SG{al/ri{freq=1}}}}}",
    ),
    // Items.
    Case(
        &UNKNOWN_PROPERTY,
        "!/3 mg T=1{C=1{MF=a{M{O{nt/jitter=1}}}}}",
        "!/3 mg T=1{C=1{MF=a{M{O{rtp/jit=1,nt2/jitter=1}}}}}",
    ),
    Case(
        &UNKNOWN_PROPERTY,
        "!/3 mg T=1{C=1{AV=a{AT{M{O{nt/dur}}}}}}",
        "!/3 mg T=1{C=1{AV=a{AT{M{O{nt/jit}}}}}}",
    ),
    Case(
        &MISPLACED_PROPERTY,
        "!/3 mg T=1{C=1{MF=a{M{TS{nt/jit=1}}}}}",
        "!/3 mg T=1{C=1{MF=a{M{O{nt/jit=1}}}}}",
    ),
    Case(
        &READ_ONLY,
        "!/3 mg T=1{C=-{MF=ROOT{M{TS{root/maxNumberOfContexts=5}}}}}",
        "!/3 mg P=1{C=-{AV=ROOT{M{TS{root/maxNumberOfContexts=5}}}}}",
    ),
    Case(
        &UNKNOWN_EVENT,
        "!/3 mg T=1{C=1{MF=a{E=1{al/ri}}}}",
        "!/3 mg T=1{C=1{MF=a{E=1{al/*,rtp/qualert}}}}",
    ),
    Case(
        &UNKNOWN_EVENT,
        "!/3 mg T=1{C=1{AV=a{AT{EB{al/x}}}}}",
        "!/3 mg T=1{C=1{AV=a{AT{EB{al/on}}}}}",
    ),
    Case(
        &UNKNOWN_SIGNAL,
        "!/3 mg T=1{C=1{MF=a{SG{al/on}}}}",
        "!/3 mg T=1{C=1{MF=a{SG{al/ri}}}}",
    ),
    Case(
        &UNKNOWN_STATISTIC,
        "!/3 mg P=1{C=1{S=a{SA{nt/ps=1}}}}",
        "!/3 mg P=1{C=1{S=a{SA{rtp/ps=1,rtp/dur=2}}}}",
    ),
    Case(
        &TIME_OUT_DURATION,
        "!/3 mg T=1{C=1{MF=a{SG{dg/d1{SY=TO}}}}}",
        "!/3 mg T=1{C=1{MF=a{SG{dg/d1{SY=TO,DR=9},cg/dt{SY=TO},a/b{SY=TO}}}}}",
    ),
    // Types.
    Case(
        &VALUE_TYPE,
        "!/3 mg T=1{C=1{MF=a{M{O{nt/jit=high}}}}}",
        "!/3 mg T=1{C=1{MF=a{M{O{nt/jit=$}}}}}",
    ),
    Case(
        &VALUE_TYPE,
        "!/3 mg T=1{C=1{MF=a{M{O{tdmc/ec={on,maybe}}}}}}",
        "!/3 mg T=1{C=1{MF=a{M{O{tdmc/ec={on,OFF}}}}}}",
    ),
    Case(
        &VALUE_TYPE,
        "!/3 mg T=1{C=1{MF=a{M{O{nt/jit=[1,2]}}}}}",
        "!/3 mg T=1{C=1{MF=a{M{O{nt/jit=[1:2]}}}}}",
    ),
    Case(
        &VALUE_TYPE,
        "!/3 mg T=1{C=1{MF=a{E=1{nt/qualert{th=100}}}}}",
        "!/3 mg T=1{C=1{MF=a{E=1{nt/qualert{th=99}}}}}",
    ),
    Case(
        &VALUE_TYPE,
        "!/3 mg T=1{C=1{MF=a{E=1{dd/std{tl=[d0,dt]}}}}}",
        "!/3 mg T=1{C=1{MF=a{E=1{dd/std{tl=[d0,do]},cd/std{tl=*},tonedet/std{tl=dt}}}}}",
    ),
    Case(
        &VALUE_TYPE,
        "!/3 mg P=1{C=1{S=a{SA{rtp/jit=0.13}}}}",
        "!/3 mg P=1{C=1{S=a{SA{rtp/pl=0.13,rtp/jit=13}}}}",
    ),
    Case(
        &VALUE_TYPE,
        "!/3 mg P=1{C=1{S=a{SA{rtp/pl=0.1.3}}}}",
        "!/3 mg P=1{C=1{S=a{SA{rtp/pl=0x13}}}}",
    ),
    Case(
        &VALUE_QUOTES,
        "!/3 mg P=1{C=1{S=a{SA{rtp/pl=\"13\"}}}}",
        "!/3 mg P=1{C=1{S=a{SA{rtp/pl=0.130039011}}}}",
    ),
    Case(
        &VALUE_TYPE,
        "!/3 mg P=1{C=1{S=a{SA{rtp/pl=[1,2]}}}}",
        "!/3 mg P=1{C=1{S=a{SA{x/pl=[1,2]}}}}",
    ),
    Case(
        &VALUE_QUOTES,
        "!/3 mg T=1{C=1{N=a{OE=1{dd/ce{ds=12}}}}}",
        "!/3 mg T=1{C=1{N=a{OE=1{dd/ce{ds=\"12\"}}}}}",
    ),
    Case(
        &VALUE_QUOTES,
        "!/3 mg T=1{C=1{MF=a{M{O{nt/jit=\"5\"}}}}}",
        "!/3 mg T=1{C=1{MF=a{M{O{nt/jit=5}}}}}",
    ),
];
