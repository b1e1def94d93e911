//! What an Audit descriptor returns, of a Termination and of ROOT (H.248.1 7.1.12, 7.2.5).

use std::time::Instant;

use codec_h248::{
    AuditRequest, Name, PackageItem, TerminationId,
    descriptor::{
        AuditItem, AuditReturn, EmptyDescriptor, EventBufferDescriptor, EventsDescriptor,
        IndividualMedia, MediaDescriptor, ObservedEventsDescriptor, PackageVersion,
        PackagesDescriptor, SignalsDescriptor, StreamDescriptor, StreamParms, Streams,
    },
    package::ItemKind,
};

use super::{
    capability,
    counted::{Return, Wanted},
    individual,
    item::{Item, wanted},
    target::Member,
};
use crate::{
    CommandError,
    gateway::{
        Gateway, Tally, items,
        kept::Kept,
        packages::{Owner, Packages, Set},
        root::Root,
        termination::Termination,
    },
};

/// More items in one Audit descriptor than this, which is more than there are to ask for, are
/// refused with 510: with a wildcard, one descriptor is answered for every Termination.
const ITEMS_MAX: usize = 64;

/// Refuses items that cannot be audited, and too many of them. `termination` is absent where it is
/// ROOT, or is still to be made or changed.
pub(crate) fn check(
    packages: Set<'_>,
    termination: Option<&Termination>,
    items: &[AuditItem<'_>],
) -> Result<(), CommandError> {
    if items.len() > ITEMS_MAX {
        return Err(CommandError::TooManyAuditItems);
    }
    let mut items = items.iter();
    items.try_for_each(|item| individual::check(packages, termination, item))
}

/// Audits a Termination.
pub(crate) fn execute(
    gateway: &mut Gateway,
    member: &Member,
    request: &AuditRequest<'static>,
    now: Instant,
) -> Result<Item, CommandError> {
    let items = &request.audit.items;
    let found = gateway.termination(member.key);
    let owner = found.map_or(Owner::Rtp, |found| found.owner);
    check(gateway.packages.of(owner), found, items)?;
    if let Some(termination) = found {
        check_maps(gateway, termination, items)?;
    }
    let wanted = wanted(gateway, member.key, items, now);
    let found = gateway.termination(member.key);
    let returns = found.map_or_else(Vec::new, |termination| {
        of_termination(&gateway.packages, termination, items, &wanted)
    });
    Ok(Item::of(gateway, member, returns))
}

/// Refuses a digit map that neither the Termination nor ROOT has.
fn check_maps(
    gateway: &Gateway,
    termination: &Termination,
    items: &[AuditItem<'_>],
) -> Result<(), CommandError> {
    for item in items {
        if let AuditItem::IndividualDigitMap(name) = item {
            let own = termination.digit_maps();
            let is_own = own.iter().any(|map| map.name.as_ref() == Some(name));
            if !is_own && !gateway.root.maps.has(name) {
                return Err(CommandError::NothingSuch(name.to_string()));
            }
        }
    }
    Ok(())
}

/// Says what a Termination could be.
pub(crate) fn execute_capability(
    gateway: &Gateway,
    member: &Member,
    request: &AuditRequest<'static>,
) -> Result<Item, CommandError> {
    let items = &request.audit.items;
    capability::check(items)?;
    let found = gateway.termination(member.key);
    let owner = found.map_or(Owner::Rtp, |found| found.owner);
    check(gateway.packages.of(owner), None, items)?;
    let returns = capability::returns(gateway, found, items).into_iter();
    Ok(Item::of(
        gateway,
        member,
        returns.map(Return::Ready).collect(),
    ))
}

/// Audits ROOT.
pub(crate) fn execute_root(
    gateway: &Gateway,
    request: &AuditRequest<'static>,
) -> Result<Item, CommandError> {
    let items = &request.audit.items;
    check(gateway.packages.of(Owner::Root), None, items)?;
    individual::check_root(&gateway.root, items)?;
    Ok(Item::null(TerminationId::ROOT, of_root(gateway, items)))
}

/// Says what ROOT could be.
pub(crate) fn execute_root_capability(
    gateway: &Gateway,
    request: &AuditRequest<'static>,
) -> Result<Item, CommandError> {
    let items = &request.audit.items;
    capability::check(items)?;
    check(gateway.packages.of(Owner::Root), None, items)?;
    let returns = capability::returns(gateway, None, items).into_iter();
    let returns = returns.map(Return::Ready).collect();
    Ok(Item::null(TerminationId::ROOT, returns))
}

/// Whether the engine has to be asked.
pub(crate) fn wants_statistics(termination: &Termination, items: &[AuditItem<'_>]) -> bool {
    let by_stream = || termination.streams.values().any(|one| !one.kept.is_empty());
    items.iter().any(|item| match item {
        AuditItem::Statistics | AuditItem::IndividualStatistic(_) => {
            !termination.kept.is_empty() || by_stream()
        }
        AuditItem::Media | AuditItem::IndividualMedia(_) => by_stream(),
        AuditItem::IndividualPackage(_) => true,
        AuditItem::Mux
        | AuditItem::Modem
        | AuditItem::Events
        | AuditItem::Signals
        | AuditItem::EventBuffer
        | AuditItem::DigitMap
        | AuditItem::Packages
        | AuditItem::ObservedEvents
        | AuditItem::IndividualEvents(..)
        | AuditItem::IndividualEventBuffer(_)
        | AuditItem::IndividualSignalsEmpty
        | AuditItem::IndividualSignal(_)
        | AuditItem::IndividualSignalList(..)
        | AuditItem::IndividualDigitMap(_) => false,
    })
}

/// What `items` return of a Termination; `wanted` is what is known of its statistics.
pub(crate) fn of_termination(
    packages: &Packages,
    termination: &Termination,
    items: &[AuditItem<'static>],
    wanted: &Wanted,
) -> Vec<Return> {
    let audited = Audited {
        packages: packages.of(termination.owner),
        subject: Subject::Termination(termination, wanted),
    };
    audited.returns(items)
}

/// What `items` return of ROOT.
pub(crate) fn of_root(gateway: &Gateway, items: &[AuditItem<'static>]) -> Vec<Return> {
    let audited = Audited {
        packages: gateway.packages.of(Owner::Root),
        subject: Subject::Root(&gateway.root),
    };
    audited.returns(items)
}

/// What is audited, with its packages.
struct Audited<'a> {
    packages: Set<'a>,
    subject: Subject<'a>,
}

#[derive(Clone, Copy)]
enum Subject<'a> {
    Root(&'a Root),
    Termination(&'a Termination, &'a Wanted),
}

impl Audited<'_> {
    fn media(&self) -> MediaDescriptor<'static> {
        match self.subject {
            Subject::Root(root) => root.media(),
            Subject::Termination(termination, _) => termination.media(),
        }
    }

    fn events(&self) -> EventsDescriptor<'static> {
        match self.subject {
            Subject::Root(root) => root.events.clone(),
            Subject::Termination(termination, _) => termination.events(),
        }
    }

    fn wanted(&self) -> Option<&Wanted> {
        match self.subject {
            Subject::Root(..) => None,
            Subject::Termination(_, wanted) => Some(wanted),
        }
    }

    fn signals(&self) -> SignalsDescriptor<'static> {
        match self.subject {
            Subject::Root(..) => SignalsDescriptor::default(),
            Subject::Termination(termination, _) => termination.signals(),
        }
    }

    fn event_buffer(&self) -> EventBufferDescriptor<'static> {
        match self.subject {
            Subject::Root(..) => EventBufferDescriptor::default(),
            Subject::Termination(termination, _) => termination.event_buffer(),
        }
    }

    fn observed_events(&self) -> Option<ObservedEventsDescriptor<'static>> {
        match self.subject {
            Subject::Root(..) => None,
            Subject::Termination(termination, _) => termination.observed(),
        }
    }

    /// The digit maps, each in a descriptor of its own; or the one of that name.
    fn digit_maps(&self, name: Option<&Name<'static>>) -> Vec<Return> {
        let mut maps = match self.subject {
            Subject::Root(root) => root.maps.descriptors(),
            Subject::Termination(termination, _) => termination.digit_maps(),
        };
        maps.retain(|map| name.is_none_or(|name| map.name.as_ref() == Some(name)));
        if maps.is_empty() {
            let none = AuditReturn::Empty(EmptyDescriptor::DigitMap);
            return vec![Return::Ready(none)];
        }
        let maps = maps.into_iter().map(AuditReturn::DigitMap);
        maps.map(Return::Ready).collect()
    }

    fn returns(&self, items: &[AuditItem<'static>]) -> Vec<Return> {
        let mut returns = Vec::new();
        let mut names = Vec::new();
        for item in items {
            if let AuditItem::IndividualStatistic(name) = item {
                names.push(name.clone());
                continue;
            }
            for one in self.of_item(items, item) {
                if !returns.contains(&one) {
                    returns.push(one);
                }
            }
        }
        if !names.is_empty() && !items.contains(&AuditItem::Statistics) {
            returns.push(self.statistics(Kept::named(&self.packages.statistics(), &names)));
        }
        returns
    }

    fn of_item(&self, items: &[AuditItem<'static>], item: &AuditItem<'static>) -> Vec<Return> {
        if let AuditItem::IndividualMedia(asked) = item {
            vec![self.part_of_media(asked)]
        } else if let AuditItem::IndividualPackage(package) = item {
            self.of_package(package)
        } else if *item == AuditItem::DigitMap {
            self.digit_maps(None)
        } else if let AuditItem::IndividualDigitMap(name) = item {
            self.digit_maps(Some(name))
        } else if *item == AuditItem::Media {
            vec![self.whole_media()]
        } else if *item == AuditItem::Statistics {
            let by_stream = (!items.contains(&AuditItem::Media)).then(|| self.by_stream());
            let mut all = vec![self.statistics(Kept::ALL)];
            all.extend(by_stream.flatten());
            all
        } else {
            vec![Return::Ready(self.ready(item))]
        }
    }

    /// What is known without the engine.
    fn ready(&self, item: &AuditItem<'static>) -> AuditReturn<'static> {
        let empty = AuditReturn::Empty;
        match item {
            AuditItem::Events => AuditReturn::Events(self.events()),
            AuditItem::Signals | AuditItem::IndividualSignalsEmpty => {
                AuditReturn::Signals(self.signals())
            }
            AuditItem::EventBuffer => AuditReturn::EventBuffer(self.event_buffer()),
            AuditItem::Packages => AuditReturn::Packages(self.packages.descriptor()),
            AuditItem::IndividualEvents(request, name) => {
                AuditReturn::Events(individual::events(&self.events(), *request, name))
            }
            AuditItem::IndividualEventBuffer(asked) => AuditReturn::EventBuffer(
                individual::event_buffer(&self.event_buffer(), &asked.name, asked.stream),
            ),
            AuditItem::IndividualSignal(signal) => AuditReturn::Signals(individual::signals(
                &self.signals(),
                None,
                Some(&signal.name),
            )),
            AuditItem::IndividualSignalList(id, signal) => {
                let name = signal.as_ref().map(|signal| &signal.name);
                AuditReturn::Signals(individual::signals(&self.signals(), Some(*id), name))
            }
            AuditItem::Mux => empty(EmptyDescriptor::Mux),
            AuditItem::Modem => empty(EmptyDescriptor::Modem),
            AuditItem::DigitMap | AuditItem::IndividualDigitMap(_) => {
                empty(EmptyDescriptor::DigitMap)
            }
            AuditItem::ObservedEvents => self.observed_events().map_or_else(
                || empty(EmptyDescriptor::ObservedEvents),
                AuditReturn::ObservedEvents,
            ),
            AuditItem::Media | AuditItem::IndividualMedia(_) => empty(EmptyDescriptor::Media),
            AuditItem::Statistics | AuditItem::IndividualStatistic(_) => {
                empty(EmptyDescriptor::Statistics)
            }
            AuditItem::IndividualPackage(_) => empty(EmptyDescriptor::Packages),
        }
    }

    fn whole_media(&self) -> Return {
        let tallies = self.wanted().map(|wanted| wanted.tallies.as_slice());
        let counted = tallies.unwrap_or_default().iter();
        let counted = counted.map(|tally| (*tally, tally.kept)).collect();
        Return::Media(self.media(), counted, self.packages.statistics())
    }

    fn part_of_media(&self, asked: &IndividualMedia<'static>) -> Return {
        let table = self.packages.statistics();
        let media = individual::media(&self.media(), asked);
        let mut counted = Vec::new();
        for (id, stream) in individual::streams(asked) {
            let tallies = self.wanted().map(|wanted| wanted.tallies.as_slice());
            let mut tallies = tallies.unwrap_or_default().iter();
            let found = tallies.find(|tally| tally.id == id);
            if let (Some(name), Some(tally)) = (&stream.statistic, found) {
                let named = Kept::named(&table, std::slice::from_ref(name));
                counted.push((*tally, tally.kept.and(named)));
            }
        }
        Return::Media(media, counted, table)
    }

    /// Those of the statistics of the Termination that are kept.
    fn statistics(&self, which: Kept) -> Return {
        match self.subject {
            Subject::Termination(termination, wanted) => Return::Statistics(Wanted {
                which: which.and(termination.kept),
                ..wanted.clone()
            }),
            Subject::Root(..) => Return::Ready(AuditReturn::Empty(EmptyDescriptor::Statistics)),
        }
    }

    /// The statistics that are kept of streams by themselves.
    fn by_stream(&self) -> Option<Return> {
        let tallies = self.wanted()?.tallies.iter();
        let counted = tallies.filter(|tally| !tally.kept.is_empty());
        let counted: Vec<_> = counted.map(|tally| (*tally, tally.kept)).collect();
        let bare = |(tally, _): &(Tally, Kept)| StreamDescriptor {
            id: tally.id,
            parms: StreamParms::default(),
        };
        let media = MediaDescriptor {
            termination_state: None,
            streams: Streams::Several(counted.iter().map(bare).collect()),
        };
        (!counted.is_empty()).then(|| Return::Media(media, counted, self.packages.statistics()))
    }

    /// The present values of everything in a package.
    fn of_package(&self, package: &PackageVersion<'static>) -> Vec<Return> {
        let every = PackageItem {
            package: package.name.as_str().to_owned().into(),
            item: "*".into(),
        };
        let mut all = vec![Return::Ready(AuditReturn::Packages(PackagesDescriptor {
            packages: vec![package.clone()],
        }))];
        let media = individual::of_package(self.media(), &every);
        if media != MediaDescriptor::default() {
            all.push(Return::Ready(AuditReturn::Media(media)));
        }
        let events = individual::events(&self.events(), None, &every);
        if !events.events.is_empty() {
            all.push(Return::Ready(AuditReturn::Events(events)));
        }
        let signals = individual::signals(&self.signals(), None, Some(&every));
        if !signals.parms.is_empty() {
            all.push(Return::Ready(AuditReturn::Signals(signals)));
        }
        let table = self.packages.statistics();
        let names = table.names().map(|(_, name)| name);
        let of_it = names.filter(|name| items::is_meant(ItemKind::Statistic, &every, name));
        let names: Vec<_> = of_it.collect();
        if !names.is_empty() {
            all.push(self.statistics(Kept::named(&table, &names)));
        }
        all
    }
}
