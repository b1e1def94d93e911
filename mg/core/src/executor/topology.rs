//! The Topology descriptor of an action: what it says of those that are in the Context, and of
//! those that the action's commands bring into it (H.248.1 7.1.18).

use std::collections::BTreeMap;

use codec_h248::{
    ActionRequest, Command, ContextId, TerminationId, ToBoundedStatic, TopologyDirection,
    TopologyTriple, descriptor::StreamId,
};

use super::{
    item::Item,
    target::{Budget, Here},
};
use crate::{
    CommandError,
    gateway::{Gateway, TerminationKey, topology::Link, wildcard},
};

/// To change who hears whom in one pair takes as long as so many looks at names. What everybody of
/// one full Context says of everybody is still let through by the usual limits.
const PAIR_LOOKS: usize = 4;

/// The triples of an action, names resolved.
#[derive(Clone, Debug, Default)]
pub(crate) struct Triples {
    rules: Vec<Rule>,
    /// The Termination that CHOOSE stands for, once it is made.
    chosen: Option<TerminationKey>,
}

impl Triples {
    /// Whether they speak of somebody whom a command of the action is to bring in.
    pub(crate) fn await_somebody(&self) -> bool {
        let mut rules = self.rules.iter();
        rules.any(|rule| is_newcomer(&rule.from) || is_newcomer(&rule.to))
    }
}

/// One triple.
#[derive(Clone, Debug)]
struct Rule {
    from: Side,
    to: Side,
    direction: TopologyDirection,
    stream: Option<StreamId>,
}

/// Whom one side of a triple stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Side {
    /// ALL: those that are in the Context, but for the one on the other side.
    All,
    /// Those that a wildcard matches.
    Some(Vec<TerminationKey>),
    /// One that is in the Context.
    Inside(TerminationKey),
    /// One that a command of the action is to bring in.
    Coming(TerminationKey),
    /// The one that the first Add with CHOOSE makes.
    Chosen,
}

/// One Termination of a pair.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Party {
    Key(TerminationKey),
    Chosen,
}

/// Reads the Topology descriptors of an action. Nothing is changed.
pub(crate) fn plan(
    gateway: &Gateway,
    here: Here,
    action: &ActionRequest<'_>,
    budget: &mut Budget,
) -> Result<Triples, CommandError> {
    let rules = action
        .topologies()
        .flatten()
        .map(|triple| read(gateway, here, action, triple, budget));
    let rules: Vec<Rule> = rules.collect::<Result<_, _>>()?;
    check_size(gateway, here, &rules, budget)?;
    check_streams(gateway, here, &rules)?;
    Ok(Triples {
        rules,
        chosen: None,
    })
}

fn read(
    gateway: &Gateway,
    here: Here,
    action: &ActionRequest<'_>,
    triple: &TopologyTriple<'_>,
    budget: &mut Budget,
) -> Result<Rule, CommandError> {
    let rule = Rule {
        from: side(gateway, here, action, &triple.from, budget)?,
        to: side(gateway, here, action, &triple.to, budget)?,
        direction: triple.direction,
        stream: triple.stream.map(StreamId),
    };
    check_direction(&rule)?;
    Ok(rule)
}

fn side(
    gateway: &Gateway,
    here: Here,
    action: &ActionRequest<'_>,
    id: &TerminationId<'_>,
    budget: &mut Budget,
) -> Result<Side, CommandError> {
    if id.is_all() {
        return Ok(Side::All);
    }
    if id.is_choose() {
        return match action.commands.iter().any(|one| adds_choose(&one.command)) {
            true => Ok(Side::Chosen),
            false => Err(CommandError::Topology("$ without an Add of $")),
        };
    }
    if id.is_root() || id.has_choose() {
        return Err(CommandError::IncorrectIdentifier(id.to_static()));
    }
    if id.has_all() {
        let found = match here {
            Here::Made(context) => {
                let scope = wildcard::Scope::Context(context);
                budget.spend_looks(wildcard::looks(gateway, scope))?;
                wildcard::matching(gateway, scope, id)
            }
            Here::Unmade(_) | Here::Null | Here::All => Vec::new(),
        };
        return match found.is_empty() {
            true => Err(CommandError::NoMatch(id.to_static())),
            false => Ok(Side::Some(found)),
        };
    }
    named(gateway, here, action, id)
}

fn adds_choose(command: &Command<'_>) -> bool {
    let Command::Add(request) = command else {
        return false;
    };
    request.terminations.iter().any(TerminationId::has_choose)
}

/// A Termination by name: it is in the Context, or a command of the action is to bring it in.
fn named(
    gateway: &Gateway,
    here: Here,
    action: &ActionRequest<'_>,
    id: &TerminationId<'_>,
) -> Result<Side, CommandError> {
    let Some(key) = gateway.find(id) else {
        return Err(CommandError::UnknownTermination(id.to_static()));
    };
    if let Here::Made(context) = here
        && gateway.is_member(key, context)
    {
        return Ok(Side::Inside(key));
    }
    let brings = |command: &Command<'_>| match command {
        Command::Add(request) | Command::Move(request) => request.terminations.contains(id),
        Command::Modify(_)
        | Command::Subtract(_)
        | Command::AuditValue(_)
        | Command::AuditCapability(_)
        | Command::Notify(_)
        | Command::ServiceChange(_) => false,
    };
    match action.commands.iter().any(|one| brings(&one.command)) {
        true => Ok(Side::Coming(key)),
        false => Err(CommandError::NotInContext(id.to_static())),
    }
}

fn check_direction(rule: &Rule) -> Result<(), CommandError> {
    let all = |side: &Side| matches!(side, Side::All | Side::Some(_));
    if !all(&rule.from) && rule.from == rule.to {
        return Err(CommandError::Topology("a Termination and itself"));
    }
    match rule.direction {
        TopologyDirection::Bothway | TopologyDirection::Isolate => Ok(()),
        TopologyDirection::Oneway if all(&rule.from) && all(&rule.to) => {
            Err(CommandError::Topology("Oneway between overlapping sets"))
        }
        TopologyDirection::OnewayExternal if all(&rule.from) => {
            Err(CommandError::TopologyDirection("OnewayExternal of ALL"))
        }
        TopologyDirection::OnewayBoth if all(&rule.from) || all(&rule.to) => {
            Err(CommandError::TopologyDirection("OnewayBoth with ALL"))
        }
        TopologyDirection::Oneway
        | TopologyDirection::OnewayExternal
        | TopologyDirection::OnewayBoth => Ok(()),
    }
}

/// Refuses triples that would have to be looked at for longer, or kept in more pieces, than allowed.
fn check_size(
    gateway: &Gateway,
    here: Here,
    rules: &[Rule],
    budget: &mut Budget,
) -> Result<(), CommandError> {
    let inside = members(gateway, here).len();
    let most = gateway.limits().terminations_per_context;
    let mut pieces = 0_usize;
    for rule in rules {
        let newcomers = [&rule.from, &rule.to].map(is_newcomer);
        let size = |side: &Side| match side {
            // A newcomer meets those that came before it, too.
            Side::All if newcomers.contains(&true) => most,
            Side::All => inside,
            Side::Some(keys) => keys.len(),
            Side::Inside(_) | Side::Coming(_) | Side::Chosen => 1,
        };
        let pairs = size(&rule.from).saturating_mul(size(&rule.to));
        budget.spend_looks(pairs.saturating_mul(PAIR_LOOKS))?;
        if rule.direction != TopologyDirection::Bothway || rule.stream.is_some() {
            // ALL with ALL has each pair both ways already.
            let ways = if matches!((&rule.from, &rule.to), (Side::All, Side::All)) {
                1
            } else {
                2
            };
            pieces = pieces.saturating_add(pairs.saturating_mul(ways));
        }
    }
    if pieces > 0 && gateway.topology_count().saturating_add(pieces) > gateway.limits().topologies {
        return Err(CommandError::TooMuchTopology);
    }
    Ok(())
}

fn is_newcomer(side: &Side) -> bool {
    matches!(side, Side::Coming(_) | Side::Chosen)
}

/// Of one pair either every stream is spoken of, or one by one.
fn check_streams(gateway: &Gateway, here: Here, rules: &[Rule]) -> Result<(), CommandError> {
    let named = rules.iter().any(|rule| rule.stream.is_some());
    if !named || rules.iter().all(|rule| rule.stream.is_some()) {
        return Ok(());
    }
    let members = members(gateway, here);
    let mut seen = BTreeMap::new();
    for rule in rules {
        for (one, other) in pairs(rule, &members) {
            let pair = (one.min(other), one.max(other));
            let has_stream = rule.stream.is_some();
            if *seen.entry(pair).or_insert(has_stream) != has_stream {
                return Err(CommandError::Topology("one pair with and without Stream"));
            }
        }
    }
    Ok(())
}

fn members(gateway: &Gateway, here: Here) -> Vec<TerminationKey> {
    let Here::Made(id) = here else {
        return Vec::new();
    };
    let found = gateway.context(id);
    found.map_or_else(Vec::new, |context| {
        context.members.iter().copied().collect()
    })
}

/// The pairs that a triple is about; each pair of a set with itself once.
fn pairs(rule: &Rule, members: &[TerminationKey]) -> Vec<(Party, Party)> {
    let parties = |side: &Side| -> Vec<Party> {
        match side {
            Side::All => members.iter().copied().map(Party::Key).collect(),
            Side::Some(keys) => keys.iter().copied().map(Party::Key).collect(),
            Side::Inside(key) | Side::Coming(key) => vec![Party::Key(*key)],
            Side::Chosen => vec![Party::Chosen],
        }
    };
    let (from, to) = (parties(&rule.from), parties(&rule.to));
    let alike = rule.from == rule.to;
    let of = |one: Party| {
        let others = to.iter().copied();
        others.filter(move |other| if alike { one < *other } else { one != *other })
    };
    let all = from.iter();
    all.flat_map(|one| of(*one).map(|other| (*one, other)))
        .collect()
}

/// Applies the triples to those that are in the Context.
pub(crate) fn apply(gateway: &mut Gateway, context: u32, triples: &Triples) {
    let members = members(gateway, Here::Made(context));
    for rule in &triples.rules {
        if is_newcomer(&rule.from) || is_newcomer(&rule.to) {
            continue;
        }
        for (from, to) in pairs(rule, &members) {
            if let (Party::Key(from), Party::Key(to)) = (from, to) {
                gateway.associate(context, link(rule, from, to));
            }
        }
    }
}

/// Applies what the triples say of a Termination that a command has just brought in. Where nothing
/// is said, everybody hears it, and it hears everybody.
pub(crate) fn follow(
    gateway: &mut Gateway,
    command: &Command<'static>,
    item: &Item,
    triples: &mut Triples,
) {
    if triples.rules.is_empty() || !matches!(command, Command::Add(_) | Command::Move(_)) {
        return;
    }
    let (Some(key), ContextId::Id(context)) = (gateway.find(&item.termination), item.context)
    else {
        return;
    };
    if triples.chosen.is_none() && adds_choose(command) {
        triples.chosen = Some(key);
    }
    enter(gateway, context, key, triples);
}

fn enter(gateway: &mut Gateway, context: u32, key: TerminationKey, triples: &Triples) {
    let chosen = triples.chosen;
    let members = members(gateway, Here::Made(context));
    let comes = |side: &Side| match side {
        Side::Coming(coming) => *coming == key,
        Side::Chosen => chosen == Some(key),
        Side::All | Side::Some(_) | Side::Inside(_) => false,
    };
    let rules = triples.rules.iter();
    for rule in rules.filter(|rule| comes(&rule.from) || comes(&rule.to)) {
        for (from, to) in pairs(rule, &members) {
            let known = |party| match party {
                Party::Key(key) => Some(key),
                Party::Chosen => chosen,
            };
            let inside = |key: &TerminationKey| gateway.is_member(*key, context);
            let from = known(from).filter(inside);
            let to = known(to).filter(inside);
            if let (Some(from), Some(to)) = (from, to)
                && from != to
            {
                gateway.associate(context, link(rule, from, to));
            }
        }
    }
}

fn link(rule: &Rule, from: TerminationKey, to: TerminationKey) -> Link {
    Link {
        from,
        to,
        direction: rule.direction,
        stream: rule.stream,
    }
}

/// The triples that describe who hears whom, as an audit returns them: first that everybody hears
/// everybody, then what differs.
pub(crate) fn audit(gateway: &Gateway, context: u32) -> Vec<TopologyTriple<'static>> {
    let everybody = TopologyTriple {
        from: TerminationId::ALL,
        to: TerminationId::ALL,
        direction: TopologyDirection::Bothway,
        stream: None,
    };
    let Some(found) = gateway.context(context) else {
        return vec![everybody];
    };
    let name = |key| gateway.termination(key).map(|found| found.id.clone());
    let streams = |key| {
        let found = gateway.termination(key);
        found.map_or_else(Vec::new, |found| found.streams.keys().copied().collect())
    };
    let written = found
        .topology
        .links(streams)
        .into_iter()
        .filter_map(|link| {
            Some(TopologyTriple {
                from: name(link.from)?,
                to: name(link.to)?,
                direction: link.direction,
                stream: link.stream.map(|stream| stream.0),
            })
        });
    // Triples with and without a stream may not meet in one pair.
    let first = (!found.topology.names_streams()).then_some(everybody);
    first.into_iter().chain(written).collect()
}
