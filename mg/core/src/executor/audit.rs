//! What an Audit descriptor returns, of a Termination and of ROOT (H.248.1 7.1.12, 7.2.5).

use std::collections::BTreeMap;

use codec_h248::{
    Command, PackageItem,
    descriptor::{
        AuditItem, AuditReturn, EmptyDescriptor, EventBufferDescriptor, EventsDescriptor,
        MediaDescriptor, SignalsDescriptor,
    },
};
use mg_contract::{StreamStatistics, Ticket};

use crate::{
    CommandError,
    gateway::{Gateway, Tally, packages::Owner, root::Root, statistics, termination::Termination},
};

/// More items in one Audit descriptor than this, which is more than there are to ask for, are
/// refused with 510: with a wildcard, one descriptor is answered for every Termination.
const ITEMS_MAX: usize = 64;

/// Part of a reply, which may still want the engine's word.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Return {
    /// It is known.
    Ready(AuditReturn<'static>),
    /// It wants the engine's counts.
    Statistics(Wanted),
}

/// Statistics that want the engine's counts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Wanted {
    /// Whose they are.
    pub(crate) owner: Owner,
    /// Time in a Context, in milliseconds.
    pub(crate) duration_ms: u64,
    /// One for each stream.
    pub(crate) tallies: Vec<Tally>,
    /// Which statistics; all where absent.
    pub(crate) only: Option<Vec<PackageItem<'static>>>,
}

impl Return {
    /// The descriptor, with what the engine has answered; a stream that it has not answered for
    /// counts nothing since its port pair was taken.
    pub(crate) fn finish(
        self,
        answers: &BTreeMap<Ticket, StreamStatistics>,
    ) -> AuditReturn<'static> {
        let wanted = match self {
            Self::Ready(ready) => return ready,
            Self::Statistics(wanted) => wanted,
        };
        let answer = |tally: &Tally| {
            let present = tally.ticket.and_then(|ticket| answers.get(&ticket));
            let present = present.copied().unwrap_or_default();
            statistics::sum(tally.past, statistics::since(tally.before, present))
        };
        let counts = wanted.tallies.iter().map(answer);
        let counts = counts.fold(StreamStatistics::default(), statistics::sum);
        AuditReturn::Statistics(statistics::descriptor(
            wanted.owner,
            wanted.duration_ms,
            &counts,
            wanted.only.as_deref(),
        ))
    }
}

/// Refuses items that cannot be audited, and too many of them.
pub(crate) fn check(owner: Owner, items: &[AuditItem<'_>]) -> Result<(), CommandError> {
    if items.len() > ITEMS_MAX {
        return Err(CommandError::TooManyAuditItems);
    }
    for item in items {
        check_item(owner, item)?;
    }
    Ok(())
}

fn check_item(owner: Owner, item: &AuditItem<'_>) -> Result<(), CommandError> {
    match item {
        AuditItem::Mux
        | AuditItem::Modem
        | AuditItem::Media
        | AuditItem::Events
        | AuditItem::Signals
        | AuditItem::EventBuffer
        | AuditItem::DigitMap
        | AuditItem::Statistics
        | AuditItem::Packages
        | AuditItem::ObservedEvents
        | AuditItem::IndividualSignalsEmpty => Ok(()),
        AuditItem::IndividualStatistic(name) => {
            owner.check_package(name)?;
            if statistics::is_known(owner, name) {
                return Ok(());
            }
            Err(CommandError::AuditedNotFound(to_static(name)))
        }
        AuditItem::IndividualMedia(_)
        | AuditItem::IndividualEvents(..)
        | AuditItem::IndividualEventBuffer(_)
        | AuditItem::IndividualSignal(_)
        | AuditItem::IndividualSignalList(..)
        | AuditItem::IndividualDigitMap(_)
        | AuditItem::IndividualPackage(_) => Err(CommandError::NotImplemented("individual audit")),
    }
}

fn to_static(name: &PackageItem<'_>) -> PackageItem<'static> {
    codec_h248::ToBoundedStatic::to_static(name)
}

/// Whether the engine has to be asked.
pub(crate) fn wants_statistics(items: &[AuditItem<'_>]) -> bool {
    let statistics = |item: &AuditItem<'_>| {
        matches!(
            item,
            AuditItem::Statistics | AuditItem::IndividualStatistic(_)
        )
    };
    items.iter().any(statistics)
}

/// Refuses what AuditCapability does not take, and then the command itself.
pub(crate) fn refuse_capability(command: &Command<'_>) -> CommandError {
    if let Command::AuditCapability(request) = command {
        for item in &request.audit.items {
            if matches!(item, AuditItem::DigitMap | AuditItem::IndividualDigitMap(_)) {
                return CommandError::IllegalDescriptor("DigitMap");
            }
            if matches!(item, AuditItem::Packages | AuditItem::IndividualPackage(_)) {
                return CommandError::IllegalDescriptor("Packages");
            }
        }
    }
    CommandError::NotImplemented("AuditCapability")
}

/// What `items` return of a Termination; `wanted` is what is known of its statistics.
pub(crate) fn of_termination(
    termination: &Termination,
    items: &[AuditItem<'static>],
    wanted: &Wanted,
) -> Vec<Return> {
    Audited::Termination(termination, wanted).returns(items)
}

/// What `items` return of ROOT.
pub(crate) fn of_root(gateway: &Gateway, items: &[AuditItem<'static>]) -> Vec<Return> {
    Audited::Root(&gateway.root).returns(items)
}

/// What is audited.
enum Audited<'a> {
    Root(&'a Root),
    Termination(&'a Termination, &'a Wanted),
}

impl Audited<'_> {
    fn media(&self) -> MediaDescriptor<'static> {
        match self {
            Self::Root(root) => root.media(),
            Self::Termination(termination, _) => termination.media(),
        }
    }

    fn events(&self) -> EventsDescriptor<'static> {
        match self {
            Self::Root(root) => root.events.clone(),
            Self::Termination(termination, _) => termination.events.clone(),
        }
    }

    fn owner(&self) -> Owner {
        match self {
            Self::Root(_) => Owner::Root,
            Self::Termination(termination, _) => termination.owner,
        }
    }

    fn wanted(&self) -> Option<&Wanted> {
        match self {
            Self::Root(_) => None,
            Self::Termination(_, wanted) => Some(wanted),
        }
    }

    fn returns(&self, items: &[AuditItem<'static>]) -> Vec<Return> {
        let mut returns = Vec::new();
        let mut only = Vec::new();
        for (index, item) in items.iter().enumerate() {
            if items[..index].contains(item) {
                continue;
            }
            if let AuditItem::IndividualStatistic(name) = item {
                only.push(name.clone());
                continue;
            }
            let one = self.one(item);
            if !returns.contains(&one) {
                returns.push(one);
            }
        }
        let whole = items
            .iter()
            .any(|item| matches!(item, AuditItem::Statistics));
        if let Some(wanted) = self.wanted()
            && !only.is_empty()
            && !whole
        {
            returns.push(Return::Statistics(Wanted {
                only: Some(only),
                ..wanted.clone()
            }));
        }
        returns
    }

    fn one(&self, item: &AuditItem<'static>) -> Return {
        let empty = AuditReturn::Empty;
        Return::Ready(match item {
            AuditItem::Media => AuditReturn::Media(self.media()),
            AuditItem::Events => AuditReturn::Events(self.events()),
            AuditItem::Signals | AuditItem::IndividualSignalsEmpty => {
                AuditReturn::Signals(SignalsDescriptor::default())
            }
            AuditItem::EventBuffer => AuditReturn::EventBuffer(EventBufferDescriptor::default()),
            AuditItem::Packages => AuditReturn::Packages(self.owner().descriptor()),
            AuditItem::Statistics => match self.wanted() {
                Some(wanted) => return Return::Statistics(wanted.clone()),
                None => empty(EmptyDescriptor::Statistics),
            },
            AuditItem::Mux => empty(EmptyDescriptor::Mux),
            AuditItem::Modem => empty(EmptyDescriptor::Modem),
            AuditItem::DigitMap => empty(EmptyDescriptor::DigitMap),
            AuditItem::ObservedEvents => empty(EmptyDescriptor::ObservedEvents),
            // These are refused before anything is audited.
            AuditItem::IndividualMedia(_) => empty(EmptyDescriptor::Media),
            AuditItem::IndividualEvents(..) => AuditReturn::Events(EventsDescriptor::default()),
            AuditItem::IndividualEventBuffer(_) => {
                AuditReturn::EventBuffer(EventBufferDescriptor::default())
            }
            AuditItem::IndividualSignal(_) | AuditItem::IndividualSignalList(..) => {
                AuditReturn::Signals(SignalsDescriptor::default())
            }
            AuditItem::IndividualDigitMap(_) => empty(EmptyDescriptor::DigitMap),
            AuditItem::IndividualStatistic(_) => empty(EmptyDescriptor::Statistics),
            AuditItem::IndividualPackage(_) => empty(EmptyDescriptor::Packages),
        })
    }
}
