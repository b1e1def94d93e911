//! Which Terminations a name or a wildcard stands for, in a fixed order (H.248.1 6.2.2).

use codec_h248::{TerminationId, descriptor::ServiceState};
use transport_h248::mutants::{Mutant, seeded};

use super::{Gateway, TerminationKey};

/// Where Terminations are looked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Scope {
    /// In the null Context.
    Null,
    /// In one Context.
    Context(u32),
    /// In every Context but the null Context.
    All,
}

/// With how many Terminations a pattern is compared in `scope`.
pub(crate) fn looks(gateway: &Gateway, scope: Scope) -> usize {
    match scope {
        Scope::Null => gateway.null().len(),
        Scope::Context(id) => gateway.context(id).map_or(0, |found| found.members.len()),
        Scope::All => gateway.termination_count(),
    }
}

/// The Terminations of `scope` that `pattern` matches, by Context and by age.
pub(crate) fn matching(
    gateway: &Gateway,
    scope: Scope,
    pattern: &TerminationId<'_>,
) -> Vec<TerminationKey> {
    let matches = |key: &TerminationKey| {
        let termination = gateway.termination(*key);
        termination.is_some_and(|termination| pattern.matches(&termination.id))
    };
    let contexts: Vec<u32> = match scope {
        Scope::Null => return gateway.null().filter(matches).collect(),
        Scope::Context(id) => vec![id],
        Scope::All => gateway.contexts().map(|(id, _)| id).collect(),
    };
    let members = contexts.iter().filter_map(|id| gateway.context(*id));
    let members = members.flat_map(|context| &context.members).copied();
    let mut found: Vec<TerminationKey> = members.filter(matches).collect();
    if scope == Scope::All && seeded(Mutant::M07) {
        found.extend(gateway.null().filter(matches));
    }
    found
}

/// The first Termination of the null Context, in service and to stay so, that a name with CHOOSE in it can stand for: a
/// CHOOSE is any part of a name, or all the parts from there on.
pub(crate) fn first_free(gateway: &Gateway, pattern: &TerminationId<'_>) -> Option<TerminationKey> {
    let pattern = as_all(pattern);
    let mut null = gateway.null();
    let can_be_used = |key: &TerminationKey| {
        let found = gateway.termination(*key);
        let matches = found
            .is_some_and(|one| one.service == ServiceState::InService && pattern.matches(&one.id));
        matches && !gateway.services.is_leaving(*key)
    };
    null.find(can_be_used)
}

/// Whether any physical Termination, busy or not, has a name that fits one with CHOOSE in it.
pub(crate) fn is_provisioned(gateway: &Gateway, pattern: &TerminationId<'_>) -> bool {
    let pattern = as_all(pattern);
    gateway.lines.iter().any(|line| pattern.matches(&line.id))
}

/// The name with ALL in the place of CHOOSE.
fn as_all(pattern: &TerminationId<'_>) -> TerminationId<'static> {
    TerminationId::from_name(pattern.as_str().replace('$', "*"))
}

/// Whether a name with CHOOSE in it can become the name of an RTP Termination.
pub(crate) fn can_be_made(pattern: &TerminationId<'_>) -> bool {
    pattern.is_choose() || pattern.as_str().eq_ignore_ascii_case("rtp/$")
}
