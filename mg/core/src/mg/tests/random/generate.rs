//! Random transactions: legal in shape, and often not in meaning.

use std::fmt::Write as _;

use fastrand::Rng;

use codec_h248::{List, TopologyDirection, descriptor::AmmDescriptor};

use super::{
    hearing::{STREAMS, Triple},
    model::Model,
    parcels::{self, GOOD, Kind, PARCELS},
};

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

/// The Context of an action.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    Choose,
    All,
    Null,
    Given(u32),
}

/// One command.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) verb: Verb,
    pub(super) name: String,
    /// Their places in [`PARCELS`].
    pub(super) parcels: Vec<usize>,
    pub(super) optional: bool,
    pub(super) wildcard: bool,
    /// Whether a ServiceChange is Forced, and not Restart.
    pub(super) force: bool,
}

impl Order {
    /// What it carries.
    pub(super) fn descriptors(&self) -> List<AmmDescriptor<'static>> {
        match self.verb {
            Verb::Add | Verb::Move | Verb::Modify => {
                let each = self.parcels.iter();
                each.flat_map(|parcel| parcels::content(*parcel)).collect()
            }
            _ => List::new(),
        }
    }
}

/// One action.
#[derive(Clone, Debug)]
pub(super) struct Deed {
    pub(super) place: Place,
    pub(super) priority: Option<u8>,
    pub(super) triples: Vec<Triple>,
    pub(super) orders: Vec<Order>,
}

impl Deed {
    pub(super) fn new(place: Place, orders: Vec<Order>) -> Self {
        Self {
            place,
            priority: None,
            triples: Vec::new(),
            orders,
        }
    }
}

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
        let mut deed = Deed::new(place, orders);
        if matches!(place, Place::Given(_) | Place::Choose) {
            deed.priority = (rng.u8(..12) == 0).then(|| rng.u8(..16));
            if rng.u8(..8) == 0 {
                deed.triples = triples(rng, model, &deed);
            }
        }
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

/// One to three triples, mostly about those that are there or come.
fn triples(rng: &mut Rng, model: &Model, deed: &Deed) -> Vec<Triple> {
    use TopologyDirection::*;
    let mut near: Vec<String> = model.within(deed.place).into_iter().collect();
    let comes = |order: &&Order| matches!(order.verb, Verb::Add | Verb::Move);
    let coming = deed.orders.iter().filter(comes);
    near.extend(coming.map(|order| order.name.clone()));
    near.retain(|name| !name.contains(['*', '$']));
    let side = |rng: &mut Rng| match rng.u8(..12) {
        0 => name(rng, model),
        1..=2 => "*".to_owned(),
        3 => "$".to_owned(),
        _ if near.is_empty() => "$".to_owned(),
        _ => near[rng.usize(..near.len())].clone(),
    };
    let usual = rng.bool();
    // One that is both named and chosen could not be told to the twin.
    let mut orders = deed.orders.iter();
    let chooses = orders.any(|order| order.name.ends_with("/$"));
    let is_clear = |side: &String| !chooses || Kind::of(side) == Kind::Rtp;
    let count = if rng.bool() { 1 } else { 3 };
    let one = |_| Triple {
        from: side(rng),
        to: side(rng),
        direction: [Bothway, Isolate, Oneway, OnewayExternal, OnewayBoth][rng.usize(..5)],
        stream: (!usual && rng.u8(..6) > 0).then(|| STREAMS[rng.usize(..2)]),
    };
    let all = (0..count).map(one);
    all.filter(|one| is_clear(&one.from) && is_clear(&one.to))
        .collect()
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
        parcels: (0..if rng.bool() { 1 } else { rng.u8(1..4) })
            .map(|_| match rng.u8(..8) {
                0 => rng.usize(..PARCELS.len()),
                _ => rng.usize(..GOOD),
            })
            .collect(),
        force: rng.u8(..if name == "ROOT" { 12 } else { 5 }) == 0,
        name,
        optional: rng.u8(..3) == 0,
        wildcard: rng.u8(..8) == 0,
    }
}

fn name(rng: &mut Rng, model: &Model) -> String {
    let names = model.names();
    match rng.u8(..12) {
        0 => format!("rtp/{}", 90_000 + rng.u32(..9)),
        1 => format!("line/{}", rng.u8(1..4)),
        2 => "trunk/1".to_owned(),
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
        (Verb::Add, 12) => "trunk/$",
        (_, 0) => "ROOT",
        (_, 1) => "*",
        (_, 2) => "$",
        (_, 3) => "rtp/*",
        (_, 4) => "line/*",
        (_, 5) => "trunk/*",
        (_, 6) => "nosuch/*",
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
        let priority = deed.priority.map(|number| format!("Priority={number}"));
        let topology = (!deed.triples.is_empty()).then(|| topology(&deed.triples));
        let parts = priority.into_iter().chain(topology);
        let parts: Vec<String> = parts.chain(deed.orders.iter().map(command)).collect();
        let _ = write!(text, "{comma}Context={place}{{{}}}", parts.join(","));
    }
    text
}

fn topology(triples: &[Triple]) -> String {
    let one = |triple: &Triple| {
        let stream = triple.stream.map(|stream| format!(",Stream={stream}"));
        format!(
            "{},{},{:?}{}",
            triple.from,
            triple.to,
            triple.direction,
            stream.unwrap_or_default()
        )
    };
    let all: Vec<String> = triples.iter().map(one).collect();
    format!("Topology{{{}}}", all.join(","))
}

fn command(order: &Order) -> String {
    let optional = if order.optional { "O-" } else { "" };
    let wildcard = if order.wildcard { "W-" } else { "" };
    let each = order.parcels.iter().map(|parcel| PARCELS[*parcel].text);
    let all: Vec<&str> = each.filter(|text| !text.is_empty()).collect();
    let all = all.join(",");
    let descriptors = match order.verb {
        Verb::Add | Verb::Move | Verb::Modify => all.as_str(),
        Verb::Subtract if order.force => "",
        Verb::Subtract => "Audit{}",
        Verb::AuditValue => "Audit{Media,Events,Statistics}",
        Verb::AuditCapability => "Audit{Statistics}",
        Verb::Notify => "ObservedEvents=1{g/cause}",
        Verb::ServiceChange if order.force => {
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
