//! Descriptors of commands, and what a Termination of each kind does with them.

use std::sync::LazyLock;

use codec_h248::{
    Command, IntoBoundedStatic, Limits, MessageBody, Transaction, decode, descriptor::AmmDescriptor,
};

/// What a Termination is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Rtp,
    Analog,
    Trunk,
    Root,
}

impl Kind {
    pub(super) fn of(name: &str) -> Self {
        match name.split('/').next() {
            Some("ROOT") => Self::Root,
            Some("line") => Self::Analog,
            Some("trunk") => Self::Trunk,
            _ => Self::Rtp,
        }
    }
}

/// Descriptors, as a controller writes them.
pub(super) struct Parcel {
    pub(super) text: &'static str,
    /// Why those of each kind, in the order of [`Kind`], refuse them; 0: they take them.
    codes: [u16; 4],
}

const fn taken(text: &'static str) -> Parcel {
    by(text, [0; 4])
}

const fn refused(text: &'static str, code: u16) -> Parcel {
    by(text, [code; 4])
}

const fn by(text: &'static str, codes: [u16; 4]) -> Parcel {
    Parcel { text, codes }
}

const SDP1: &str = "Media{Stream=1{LocalControl{Mode=SendReceive},Local{\nv=0\nc=IN IP4 $\nm=audio $ RTP/AVP \
     8\n},Remote{\nv=0\nc=IN IP4 198.51.100.1\nm=audio 40000 RTP/AVP 8\n}}}";
const SDP2: &str = "Media{Stream=2{LocalControl{Mode=SendOnly},Local{\nv=0\nc=IN IP4 $\nm=audio $ RTP/AVP \
     0\n},Remote{\nv=0\nc=IN IP4 198.51.100.2\nm=audio 40002 RTP/AVP 0\n}}}";

/// ROOT has no streams, no signals and no statistics (H.248.1 6.2.5).
const NOT_ROOT: [u16; 4] = [0, 0, 0, 447];
/// It has no tones to detect either.
const NO_DIGITS: [u16; 4] = [0, 0, 0, 440];

pub(super) const PARCELS: &[Parcel] = &[
    taken(""),
    by("Media{LocalControl{Mode=ReceiveOnly}}", NOT_ROOT),
    by("Media{LocalControl{Mode=SendReceive}}", NOT_ROOT),
    by(SDP1, [0, 444, 444, 447]),
    by(SDP2, [0, 510, 510, 447]),
    by("Media{LocalControl{nt/jit=40}}", NOT_ROOT),
    by(
        "Media{LocalControl{Mode=SendOnly,ReservedValue=ON,ReservedGroup=ON}}",
        NOT_ROOT,
    ),
    taken("Events=7{g/cause}"),
    taken("Events"),
    taken("Signals{}"),
    taken("Audit{Media,Events,Signals,Statistics,Packages}"),
    by(
        "Events=9{dd/d1{Embed{Signals{cg/bt},Events=10{dd/d2}}},g/sc}",
        NO_DIGITS,
    ),
    by(
        "Signals{cg/dt{SignalType=OnOff},SignalList=3{cg/bt{SignalType=TimeOut,Duration=40},cg/rt{\
         SignalType=TimeOut,Duration=30}}}",
        NOT_ROOT,
    ),
    by(
        "Signals{cg/dt{SignalType=OnOff,KeepActive},cg/rt{SignalType=TimeOut,Duration=60}}",
        NOT_ROOT,
    ),
    by(
        "Signals{SignalList=3{cg/bt{SignalType=TimeOut,Duration=90}},cg/rt{KeepActive,\
         SignalType=TimeOut,Duration=20}}",
        NOT_ROOT,
    ),
    by(
        "Media{TerminationState{Buffer=LockStep}},EventBuffer{dd/*}",
        NOT_ROOT,
    ),
    taken("Media{TerminationState{Buffer=OFF}}"),
    taken("EventBuffer"),
    taken("DigitMap=dm1{T:1,S:2,(1xx|2x.)}"),
    taken("DigitMap=dm1"),
    by(
        "DigitMap=dm2{T:3,(x.)},Events=12{dd/ce{DigitMap=dm2}}",
        NO_DIGITS,
    ),
    by("Events=11{dd/ce{DigitMap=dm1}}", NO_DIGITS),
    by(
        "Events=13{dd/ce{KeepActive,DigitMap={T:1,(12)}}}",
        NO_DIGITS,
    ),
    by("Statistics{nt/dur}", NOT_ROOT),
    by("Statistics{nt/os,nt/or}", NOT_ROOT),
    by("Statistics{rtp/ps}", [0, 440, 440, 447]),
    by("Statistics{}", NOT_ROOT),
    by("Media{LocalControl{tdmc/ec=ON}}", [440, 440, 0, 447]),
    by("Events=14{al/of}", [440, 0, 440, 440]),
    by("Signals{al/ri{SignalType=OnOff}}", [440, 0, 440, 447]),
    refused("Events=8{nosuchpkg/x}", 440),
    refused("Events=8{g/nosuch}", 451),
    by("Signals{nosuchpkg/x}", [440, 440, 440, 447]),
    refused("Media{TerminationState{nosuchpkg/x=7}}", 440),
    by("Media{LocalControl{nt/nosuch=1}}", [450, 450, 450, 447]),
    by(
        "Media{LocalControl{Mode=Inactive,nt/jit=20,nt/jit=30}}",
        [456, 456, 456, 447],
    ),
    by("Events=15{it/ito}", [440, 440, 440, 457]),
    refused("Mux=H221{a/1}", 444),
];

/// So many of them are not refused everywhere.
pub(super) const GOOD: usize = 30;

/// Why a Termination of that kind refuses one of them, by what it is; `None`: it does not.
pub(super) fn refusal(kind: Kind, parcel: usize) -> Option<u16> {
    let [rtp, analog, trunk, root] = PARCELS[parcel].codes;
    let code = match kind {
        Kind::Rtp => rtp,
        Kind::Analog => analog,
        Kind::Trunk => trunk,
        Kind::Root => root,
    };
    (code != 0).then_some(code)
}

/// One of them, as it is read.
pub(super) fn content(parcel: usize) -> Vec<AmmDescriptor<'static>> {
    static READ: LazyLock<Vec<Vec<AmmDescriptor<'static>>>> =
        LazyLock::new(|| PARCELS.iter().map(|parcel| read(parcel.text)).collect());
    READ[parcel].clone()
}

fn read(text: &str) -> Vec<AmmDescriptor<'static>> {
    if text.is_empty() {
        return Vec::new();
    }
    let text =
        format!("MEGACO/3 [192.0.2.1]:2944 Transaction=1{{Context=1{{Modify=a{{{text}}}}}}}");
    let message = decode(text.as_bytes(), &Limits::default()).expect("it can be read");
    let MessageBody::Transactions(transactions) = message.into_static().body else {
        panic!("{text}");
    };
    let Some(Transaction::Request(mut request)) = transactions.into_iter().next() else {
        panic!("{text}");
    };
    match request.actions.remove(0).commands.remove(0).command {
        Command::Modify(request) => request.descriptors.into(),
        other => panic!("{other:?}"),
    }
}
