//! Statistics of nt and rtp, from what the engine counts (H.248.1 E.11.4, E.12.4), and those of vendors,
//! which nothing counts.

use std::sync::Arc;

use codec_h248::{
    PackageItem, Value,
    descriptor::{Statistic, StatisticValue, StatisticsDescriptor},
};
use mg_contract::StreamStatistics;

use super::{kept::Kept, packages::Owner, vendor_statistics::Vendors};

/// Every statistic, in the order in which they are returned: those of nt, which all Terminations have,
/// and then those of rtp.
pub(super) const NAMES: [(&str, &str); 8] = [
    ("nt", "dur"),
    ("nt", "os"),
    ("nt", "or"),
    ("rtp", "ps"),
    ("rtp", "pr"),
    ("rtp", "pl"),
    ("rtp", "jit"),
    ("rtp", "delay"),
];

/// The place of nt/dur: how long a Termination is in a Context, which is not of a stream.
pub(crate) const DURATION: usize = 0;

/// What was counted since a stream had counted `before`.
pub(crate) fn since(before: StreamStatistics, now: StreamStatistics) -> StreamStatistics {
    StreamStatistics {
        packets_sent: now.packets_sent.saturating_sub(before.packets_sent),
        packets_received: now.packets_received.saturating_sub(before.packets_received),
        octets_sent: now.octets_sent.saturating_sub(before.octets_sent),
        octets_received: now.octets_received.saturating_sub(before.octets_received),
        packets_lost: now.packets_lost.saturating_sub(before.packets_lost),
        jitter: now.jitter,
        delay: now.delay,
    }
}

/// Adds the counts of two streams, or of one stream before and after a change of its port pair.
/// Jitter and delay are the larger of the two.
pub(crate) fn sum(one: StreamStatistics, other: StreamStatistics) -> StreamStatistics {
    StreamStatistics {
        packets_sent: one.packets_sent.saturating_add(other.packets_sent),
        packets_received: one.packets_received.saturating_add(other.packets_received),
        octets_sent: one.octets_sent.saturating_add(other.octets_sent),
        octets_received: one.octets_received.saturating_add(other.octets_received),
        packets_lost: one.packets_lost.saturating_add(other.packets_lost),
        jitter: one.jitter.max(other.jitter),
        delay: one.delay.max(other.delay),
    }
}

/// Takes the counts of `from` for these statistics.
pub(crate) fn copy(to: &mut StreamStatistics, from: StreamStatistics, which: Kept) {
    let counts = [
        (1, &mut to.octets_sent, from.octets_sent),
        (2, &mut to.octets_received, from.octets_received),
        (3, &mut to.packets_sent, from.packets_sent),
        (4, &mut to.packets_received, from.packets_received),
        (5, &mut to.packets_lost, from.packets_lost),
    ];
    for (place, to, from) in counts {
        if which.has(place) {
            *to = from;
        }
    }
}

/// The statistics that a kind of Termination has: its own, and behind them those of vendors.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Table {
    owner: Owner,
    vendors: Arc<Vendors>,
}

impl Table {
    /// Those of `owner`, with these of vendors: all but ROOT have them.
    pub(crate) fn new(owner: Owner, vendors: &Arc<Vendors>) -> Self {
        Self {
            owner,
            vendors: vendors.clone(),
        }
    }

    fn own(&self) -> &'static [(&'static str, &'static str)] {
        match self.owner {
            Owner::Rtp => &NAMES,
            Owner::Analog | Owner::Trunk => &NAMES[..3],
            Owner::Root => &[],
        }
    }

    fn of_vendors(&self) -> &[Statistic<'static>] {
        match self.owner {
            Owner::Root => &[],
            Owner::Rtp | Owner::Analog | Owner::Trunk => &self.vendors.zeros,
        }
    }

    /// The place of a statistic; rtp, tdmc and packages of vendors have those of their bases by
    /// inheritance (E.12, E.13).
    pub(crate) fn place(&self, name: &PackageItem<'_>) -> Option<usize> {
        let heir = match self.owner {
            Owner::Rtp => "rtp",
            Owner::Trunk => "tdmc",
            Owner::Analog => "nt",
            Owner::Root => return None,
        };
        let own = self.own().iter().position(|(package, item)| {
            name.is(package, item) || (*package == "nt" && name.is(heir, item))
        });
        let of_vendors = || self.vendors.place(name);
        own.or_else(of_vendors)
            .filter(|place| *place < self.own().len() || *place >= NAMES.len())
    }

    /// All of them, with their places.
    pub(crate) fn names(&self) -> impl Iterator<Item = (usize, PackageItem<'static>)> {
        let own = self.own().iter();
        let own = own.map(|(package, item)| PackageItem::known(package, item));
        let of_vendors = self.of_vendors().iter().map(|one| one.name.clone());
        let of_vendors = of_vendors.enumerate();
        own.enumerate()
            .chain(of_vendors.map(|(index, name)| (NAMES.len() + index, name)))
    }

    /// The Statistics descriptor of a Termination that has been in a Context for `duration_ms`, or of
    /// a stream of it, with those of `which`.
    pub(crate) fn descriptor(
        &self,
        duration_ms: u64,
        counts: &StreamStatistics,
        which: Kept,
    ) -> StatisticsDescriptor<'static> {
        let values = [
            duration_ms.to_string(),
            counts.octets_sent.to_string(),
            counts.octets_received.to_string(),
            counts.packets_sent.to_string(),
            counts.packets_received.to_string(),
            loss_percent(counts),
            counts.jitter.to_string(),
            counts.delay.to_string(),
        ];
        let own = self.own().iter().zip(values);
        let own = own.map(|((package, item), value)| Statistic {
            name: PackageItem::known(package, item),
            value: Some(StatisticValue::One(Value::bare(value))),
        });
        let of_vendors = self.of_vendors().iter().enumerate();
        let of_vendors = of_vendors.map(|(index, zero)| (NAMES.len() + index, zero.clone()));
        let all = own.enumerate().chain(of_vendors);
        let kept = all.filter(|(place, _)| which.has(*place));
        StatisticsDescriptor {
            statistics: kept.map(|(_, statistic)| statistic).collect(),
        }
    }
}

/// Lost packets in a hundred expected ones, to a thousandth, without trailing zeros.
fn loss_percent(counts: &StreamStatistics) -> String {
    let lost = u128::from(counts.packets_lost);
    let expected = lost + u128::from(counts.packets_received);
    let thousandths = (lost * 100_000).checked_div(expected).unwrap_or(0);
    let (whole, fraction) = (thousandths / 1_000, thousandths % 1_000);
    if fraction == 0 {
        return whole.to_string();
    }
    let text = format!("{whole}.{fraction:03}");
    text.trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loss_is_a_percentage_of_what_was_expected() {
        let loss = |packets_lost, packets_received| {
            loss_percent(&StreamStatistics {
                packets_lost,
                packets_received,
                ..StreamStatistics::default()
            })
        };
        assert_eq!(loss(0, 0), "0");
        assert_eq!(loss(5, 95), "5");
        assert_eq!(loss(1, 799), "0.125");
        assert_eq!(loss(1, 3_999), "0.025");
        assert_eq!(loss(7, 0), "100");
    }

    #[test]
    fn single_statistics_are_found_under_either_package() {
        let only = [
            PackageItem::known("RTP", "dur"),
            PackageItem::known("rtp", "ps"),
        ];
        let table = Table::new(Owner::Rtp, &Arc::default());
        let only = Kept::named(&table, &only);
        let found = table.descriptor(1_500, &StreamStatistics::default(), only);
        let names: Vec<String> = found
            .statistics
            .iter()
            .map(|one| one.name.to_string())
            .collect();
        assert_eq!(names, ["nt/dur", "rtp/ps"]);
        assert_eq!(table.place(&PackageItem::known("nt", "ps")), None);
    }
}
