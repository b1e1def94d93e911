//! Who hears whom in a Context, by listener, source and stream (H.248.1 7.1.18).

use std::collections::{BTreeMap, BTreeSet};

use codec_h248::TopologyDirection;

/// Streams that there can be.
pub(super) const STREAMS: [u16; 2] = [1, 2];

/// One triple, by names; ALL is `*`, CHOOSE is `$`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Triple {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) direction: TopologyDirection,
    pub(super) stream: Option<u16>,
}

/// What somebody hears of somebody: what comes to that one from outside, and what it sends there.
pub(super) type Heard = (bool, bool);

/// What differs from everybody hearing what everybody receives.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Hearing(BTreeMap<(String, String, u16), Heard>);

impl Hearing {
    pub(super) fn of(&self, listener: &str, source: &str, stream: u16) -> Heard {
        let key = (listener.to_owned(), source.to_owned(), stream);
        self.0.get(&key).copied().unwrap_or((true, false))
    }

    /// Forgets somebody who leaves.
    pub(super) fn forget(&mut self, name: &str) {
        self.0
            .retain(|(listener, source, _), _| listener != name && source != name);
    }

    /// Applies what a triple says of those that are there.
    pub(super) fn apply(&mut self, triple: &Triple, members: &BTreeSet<String>) {
        for (from, to) in pairs(triple, members) {
            if members.contains(&from) && members.contains(&to) {
                self.associate(triple, &from, &to);
            }
        }
    }

    fn associate(&mut self, triple: &Triple, from: &str, to: &str) {
        let (forth, back) = match triple.direction {
            TopologyDirection::Bothway => ((true, false), (true, false)),
            TopologyDirection::Isolate => ((false, false), (false, false)),
            TopologyDirection::Oneway => ((true, false), (false, false)),
            TopologyDirection::OnewayExternal => ((false, true), (false, false)),
            TopologyDirection::OnewayBoth => ((true, true), (false, false)),
        };
        let streams = STREAMS.into_iter();
        for stream in streams.filter(|stream| triple.stream.is_none_or(|one| one == *stream)) {
            let key = |a: &str, b: &str| (a.to_owned(), b.to_owned(), stream);
            self.0.insert(key(to, from), forth);
            self.0.insert(key(from, to), back);
        }
    }
}

/// The pairs that a triple is about.
fn pairs(triple: &Triple, members: &BTreeSet<String>) -> Vec<(String, String)> {
    let side = |name: &String| match name.as_str() {
        "*" => members.iter().cloned().collect(),
        _ => vec![name.clone()],
    };
    let (from, to) = (side(&triple.from), side(&triple.to));
    let of = |one: &String| {
        let others = to.iter().filter(|other| *other != one);
        others
            .map(|other| (one.clone(), other.clone()))
            .collect::<Vec<_>>()
    };
    from.iter().flat_map(of).collect()
}

/// Why triples are refused; `there` are those in the Context, `coming` those that the action's commands
/// bring in by name, `chooses` says whether one is chosen, `exists` who is known at all.
pub(super) fn refusals(
    triples: &[Triple],
    there: &BTreeSet<String>,
    coming: &BTreeSet<String>,
    chooses: bool,
    exists: impl Fn(&str) -> bool,
) -> Vec<u16> {
    let mut codes = Vec::new();
    for triple in triples {
        for name in [&triple.from, &triple.to] {
            match name.as_str() {
                "*" => {}
                "$" if chooses => {}
                "$" => codes.push(421),
                "ROOT" => codes.push(410),
                name if !exists(name) => codes.push(430),
                name if there.contains(name) || coming.contains(name) => {}
                _ => codes.push(435),
            }
        }
        let all = |name: &str| name == "*";
        let (from, to) = (all(&triple.from), all(&triple.to));
        codes.extend(match triple.direction {
            _ if !from && triple.from == triple.to => Some(421),
            TopologyDirection::Oneway if from && to => Some(421),
            TopologyDirection::OnewayExternal if from => Some(522),
            TopologyDirection::OnewayBoth if from || to => Some(522),
            _ => None,
        });
    }
    let mut seen = BTreeMap::new();
    for triple in triples {
        for (a, b) in pairs(triple, there) {
            let pair = (a.clone().min(b.clone()), a.max(b));
            let named = triple.stream.is_some();
            if *seen.entry(pair).or_insert(named) != named {
                codes.push(421);
            }
        }
    }
    codes
}
