//! Topologies.

use super::{
    Generator,
    identifiers::May,
    place::{Context, Place},
};

/// Which sides of a direction may be ALL.
#[derive(Clone, Copy)]
struct Direction {
    rule: &'static str,
    long: &'static str,
    short: &'static str,
    all_first: bool,
    all_second: bool,
}

const fn direction(
    rule: &'static str,
    long: &'static str,
    short: &'static str,
    all_first: bool,
    all_second: bool,
) -> Direction {
    Direction {
        rule,
        long,
        short,
        all_first,
        all_second,
    }
}

/// Version 3 brought the last two (H.248.1 7.1.18).
const DIRECTIONS: &[Direction] = &[
    direction("BothwayToken", "Bothway", "BW", true, true),
    direction("IsolateToken", "Isolate", "IS", true, true),
    direction("OnewayToken", "Oneway", "OW", true, true),
    direction("OnewayExternalToken", "OnewayExternal", "OWE", false, true),
    direction("OnewayBothToken", "OnewayBoth", "OWB", false, false),
];

impl Generator {
    /// Each pair with a stream, or each without.
    pub(crate) fn topology_descriptor(&mut self) {
        self.rule("topologyDescriptor");
        self.token("TopologyToken", "Topology", "TP");
        let streams = self.since(2) && self.once_in(3);
        self.braces(|g| g.list(1, 6, |g| g.topology_triple(streams)));
    }

    fn topology_triple(&mut self, stream: bool) {
        self.rule("topologyTriple");
        let known = if self.since(3) { 5 } else { 3 };
        let direction = self.pick(&DIRECTIONS[..known]);
        let names = self.different_names(2, May::NAMES);
        let wildcard = self.once_in(3).then(|| self.chance.u8(0..2));
        for (place, name) in names.into_iter().enumerate() {
            let (rule, all) = match place {
                0 => ("terminationA", direction.all_first),
                _ => ("terminationB", direction.all_second),
            };
            self.rule(rule);
            if wildcard.is_some_and(|chosen| usize::from(chosen) == place) {
                self.topology_wildcard(all, &name);
            } else {
                self.this_termination(&name);
            }
            self.comma();
        }
        self.rule("topologyDirection");
        self.token(direction.rule, direction.long, direction.short);
        if stream {
            self.comma();
            self.event_stream();
        }
    }

    /// ALL where it may stand; CHOOSE for what this action is going to add; else the name.
    fn topology_wildcard(&mut self, all: bool, name: &str) {
        let adds = matches!(self.place.context, Context::Choose | Context::Known);
        if adds && !self.place.reply && self.coin() {
            self.place = Place {
                owes_choose: true,
                ..self.place
            };
            self.this_termination("$");
        } else if all {
            self.this_termination("*");
        } else {
            self.this_termination(name);
        }
    }
}
