//! Random transactions: legal in shape, and often not in meaning.

use std::fmt::Write as _;

use fastrand::Rng;

use super::model::Model;

/// What a command does.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(super) enum Verb {
    Add,
    Move,
    Modify,
    Subtract,
    AuditValue,
    AuditCapability,
    Notify,
    ServiceChange,
}

impl Verb {
    /// Whether it may carry what is in [`PARCELS`].
    pub(super) fn carries(self) -> bool {
        matches!(self, Self::Add | Self::Move | Self::Modify)
    }
}

/// The Context of an action.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    Choose,
    All,
    Null,
    Given(u32),
}

/// What is asked of a Context itself.
#[derive(Clone, Debug)]
pub(super) enum Attribute {
    Priority(u8),
    /// Two Terminations are not to hear each other.
    Isolate(String, String),
}

/// One command.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) verb: Verb,
    pub(super) name: String,
    /// Its place in [`PARCELS`].
    pub(super) parcel: usize,
    pub(super) optional: bool,
    pub(super) wildcard: bool,
}

impl Order {
    /// Whether a ServiceChange is Forced, and not Restart.
    pub(super) fn takes_out(&self) -> bool {
        // The gateway as a whole is so for a short while only.
        self.parcel == 0 || (self.parcel.is_multiple_of(5) && self.name != "ROOT")
    }
}

/// One action.
#[derive(Clone, Debug)]
pub(super) struct Deed {
    pub(super) place: Place,
    pub(super) attribute: Option<Attribute>,
    pub(super) orders: Vec<Order>,
}

/// What becomes of descriptors.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fate {
    /// They are taken.
    Taken,
    /// They are refused with one of these codes.
    Refused(&'static [u16]),
    /// Either; what was refused has changed nothing.
    Either,
}

/// Descriptors of one command, and what follows from them.
pub(super) struct Parcel {
    pub(super) text: &'static str,
    pub(super) fate: Fate,
    /// The Mode of stream 1 from then on.
    pub(super) mode: Option<&'static str>,
    /// The RequestID of the Events descriptor from then on.
    pub(super) request: Option<Option<u32>>,
    /// Whether stream 1 wants a port pair.
    pub(super) port: bool,
}

const fn taken(text: &'static str) -> Parcel {
    Parcel {
        text,
        fate: Fate::Taken,
        mode: None,
        request: None,
        port: false,
    }
}

const fn refused(text: &'static str, codes: &'static [u16]) -> Parcel {
    Parcel {
        fate: Fate::Refused(codes),
        ..taken(text)
    }
}

const fn either(text: &'static str) -> Parcel {
    Parcel {
        fate: Fate::Either,
        ..taken(text)
    }
}

pub(super) const PARCELS: &[Parcel] = &[
    taken(""),
    Parcel {
        mode: Some("ReceiveOnly"),
        ..taken("Media{LocalControl{Mode=ReceiveOnly}}")
    },
    Parcel {
        mode: Some("SendReceive"),
        ..taken("Media{LocalControl{Mode=SendReceive}}")
    },
    Parcel {
        mode: Some("SendReceive"),
        port: true,
        fate: Fate::Either,
        ..taken(
            "Media{Stream=1{LocalControl{Mode=SendReceive},Local{\nv=0\nc=IN IP4 $\nm=audio $ \
             RTP/AVP 8\n},Remote{\nv=0\nc=IN IP4 198.51.100.1\nm=audio 40000 RTP/AVP 8\n}}}",
        )
    },
    Parcel {
        request: Some(Some(7)),
        ..taken("Events=7{g/cause}")
    },
    Parcel {
        request: Some(None),
        ..taken("Events")
    },
    taken("Signals{}"),
    taken("Audit{Media,Events,Signals,Statistics,Packages}"),
    Parcel {
        request: Some(Some(9)),
        ..either("Events=9{dd/d1{Embed{Signals{cg/bt},Events=10{dd/d2}}},g/sc}")
    },
    either("Signals{cg/dt{SignalType=OnOff},SignalList=3{dg/d1,dg/d2}}"),
    either("Media{TerminationState{Buffer=LockStep}},EventBuffer{dd/*}"),
    either("DigitMap=dm1{S:2,(1xx|2x.)}"),
    Parcel {
        request: Some(Some(11)),
        ..either("Events=11{dd/ce{DigitMap=dm1}}")
    },
    either("Statistics{nt/dur}"),
    refused("Events=8{nosuchpkg/x}", &[440]),
    refused("Events=8{g/nosuch}", &[451]),
    refused("Signals{nosuchpkg/x}", &[440]),
    refused("Media{TerminationState{nosuchpkg/x=7}}", &[440]),
    refused("Media{LocalControl{nt/nosuch=1}}", &[450]),
    refused(
        "Media{LocalControl{Mode=Inactive,nt/jit=20,nt/jit=30}}",
        &[456],
    ),
    refused("Events=1{g/cause},Events=2{g/sc}", &[448]),
    refused("Mux=H221{a/1}", &[444, 501]),
    refused(
        "Media{LocalControl{Mode=Inactive}},Events=8{g/nosuch}",
        &[451],
    ),
    refused(
        "Signals{},Events=9{g/cause},Media{LocalControl{nt/nosuch=1}}",
        &[450],
    ),
];

/// So many of them are not refused everywhere.
const GOOD: usize = 14;

/// One to three actions of one to three commands; one action where it is about all Contexts.
pub(super) fn transaction(rng: &mut Rng, model: &Model) -> Vec<Deed> {
    let mut deeds = Vec::new();
    for _ in 0..if rng.bool() { 1 } else { rng.u8(1..4) } {
        let place = place(rng, model);
        let count = match place {
            Place::All => 1,
            _ if rng.bool() => 1,
            _ => rng.u8(1..4),
        };
        let mut orders = Vec::new();
        for _ in 0..count {
            let order = order(rng, model, place);
            // Errors behind a wildcarded response could be those of a next command.
            let last = order.wildcard && order.name.contains('*');
            orders.push(order);
            if last {
                break;
            }
        }
        let deed = Deed {
            place,
            attribute: attribute(rng, model, place),
            orders,
        };
        deeds.push(deed);
        if place == Place::All {
            return vec![deeds.remove(deeds.len() - 1)];
        }
    }
    deeds
}

fn place(rng: &mut Rng, model: &Model) -> Place {
    let contexts: Vec<u32> = model.contexts().collect();
    match rng.u8(..24) {
        0..=3 => Place::Choose,
        4 => Place::All,
        5..=6 => Place::Null,
        7 => Place::Given(77_777),
        _ if contexts.is_empty() => Place::Choose,
        _ => Place::Given(contexts[rng.usize(..contexts.len())]),
    }
}

fn attribute(rng: &mut Rng, model: &Model, place: Place) -> Option<Attribute> {
    if !matches!(place, Place::Given(_)) || rng.u8(..6) > 0 {
        return None;
    }
    if rng.bool() {
        return Some(Attribute::Priority(rng.u8(..16)));
    }
    Some(Attribute::Isolate(name(rng, model), name(rng, model)))
}

fn order(rng: &mut Rng, model: &Model, place: Place) -> Order {
    use Verb::*;
    let verb = match rng.u8(..20) {
        0..=4 => Add,
        5..=7 => Move,
        8..=11 => Modify,
        12..=14 => Subtract,
        15..=16 => AuditValue,
        17 => AuditCapability,
        18 => ServiceChange,
        _ => Notify,
    };
    let listed = verb == AuditValue && place == Place::All;
    let mut name = target(rng, model, verb, place);
    if listed && name == "ROOT" {
        name = "*".to_owned();
    }
    Order {
        verb,
        name,
        parcel: if rng.u8(..3) > 0 {
            rng.usize(..GOOD)
        } else {
            rng.usize(..PARCELS.len())
        },
        optional: rng.u8(..3) == 0,
        wildcard: rng.u8(..8) == 0,
    }
}

fn name(rng: &mut Rng, model: &Model) -> String {
    let names = model.names();
    match rng.u8(..12) {
        0 => format!("rtp/{}", 90_000 + rng.u32(..9)),
        1 => format!("line/{}", rng.u8(1..4)),
        _ if names.is_empty() => "rtp/90000".to_owned(),
        _ => names[rng.usize(..names.len())].clone(),
    }
}

fn target(rng: &mut Rng, model: &Model, verb: Verb, place: Place) -> String {
    let here: Vec<String> = model.within(place).into_iter().collect();
    let acts = !matches!(verb, Verb::Add | Verb::Move);
    if acts && !here.is_empty() && rng.bool() {
        return here[rng.usize(..here.len())].clone();
    }
    let text = match (verb, rng.u8(..16)) {
        (Verb::Add, 0..=9) => "$",
        (Verb::Add, 10) => "rtp/$",
        (Verb::Add, 11) => "line/$",
        (_, 0) => "ROOT",
        (_, 1) => "*",
        (_, 2) => "$",
        (_, 3) => "rtp/*",
        (_, 4) => "line/*",
        (_, 5) => "nosuch/*",
        _ => return name(rng, model),
    };
    text.to_owned()
}

/// As the controller writes it.
pub(super) fn text(deeds: &[Deed]) -> String {
    let mut text = String::new();
    for (at, deed) in deeds.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        let place = match deed.place {
            Place::Choose => "$".to_owned(),
            Place::All => "*".to_owned(),
            Place::Null => "-".to_owned(),
            Place::Given(id) => id.to_string(),
        };
        let attribute = deed.attribute.iter().map(|attribute| match attribute {
            Attribute::Priority(number) => format!("Priority={number}"),
            Attribute::Isolate(one, other) => format!("Topology{{{one},{other},Isolate}}"),
        });
        let parts: Vec<String> = attribute.chain(deed.orders.iter().map(command)).collect();
        let _ = write!(text, "{comma}Context={place}{{{}}}", parts.join(","));
    }
    text
}

fn command(order: &Order) -> String {
    let optional = if order.optional { "O-" } else { "" };
    let wildcard = if order.wildcard { "W-" } else { "" };
    let parcel = PARCELS[order.parcel].text;
    let descriptors = match order.verb {
        Verb::Add | Verb::Move | Verb::Modify => parcel,
        Verb::Subtract if order.parcel.is_multiple_of(2) => "",
        Verb::Subtract => "Audit{}",
        Verb::AuditValue => "Audit{Media,Events,Statistics}",
        Verb::AuditCapability => "Audit{Statistics}",
        Verb::Notify => "ObservedEvents=1{g/cause}",
        Verb::ServiceChange if order.takes_out() => {
            "Services{Method=Forced,Reason=\"905 Termination taken out\"}"
        }
        Verb::ServiceChange => "Services{Method=Restart,Reason=\"900 Service Restored\"}",
    };
    let braces = if descriptors.is_empty() {
        String::new()
    } else {
        format!("{{{descriptors}}}")
    };
    format!(
        "{optional}{wildcard}{:?}={}{braces}",
        order.verb, order.name
    )
}
