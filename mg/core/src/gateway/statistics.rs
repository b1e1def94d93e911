//! Statistics of nt and rtp, from what the engine counts (H.248.1 E.11.4, E.12.4).

use codec_h248::{
    PackageItem, Value,
    descriptor::{Statistic, StatisticValue, StatisticsDescriptor},
};
use mg_contract::StreamStatistics;

use super::{kept::Kept, packages::Owner};

/// Every statistic, in the order in which they are returned: those of nt, which all Terminations have,
/// and then those of rtp.
const NAMES: [(&str, &str); 8] = [
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

/// The place of a statistic that a Termination has; rtp and tdmc have those of nt by inheritance
/// (E.12, E.13).
pub(crate) fn place(owner: Owner, name: &PackageItem<'_>) -> Option<usize> {
    let heir = match owner {
        Owner::Rtp => "rtp",
        Owner::Trunk => "tdmc",
        Owner::Analog => "nt",
        Owner::Root => return None,
    };
    names(owner).iter().position(|(package, item)| {
        name.is(package, item) || (*package == "nt" && name.is(heir, item))
    })
}

/// The statistics that a Termination has, by their places.
pub(crate) fn names(owner: Owner) -> &'static [(&'static str, &'static str)] {
    match owner {
        Owner::Rtp => &NAMES,
        Owner::Analog | Owner::Trunk => &NAMES[..3],
        Owner::Root => &[],
    }
}

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

/// The Statistics descriptor of a Termination that has been in a Context for `duration_ms`, or of a
/// stream of it, with those of `which`.
pub(crate) fn descriptor(
    owner: Owner,
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
    let each = names(owner).iter().zip(values).enumerate();
    let statistics = each.filter(|(place, _)| which.has(*place));
    StatisticsDescriptor {
        statistics: statistics
            .map(|(_, ((package, item), value))| Statistic {
                name: PackageItem::known(package, item),
                value: Some(StatisticValue::One(Value::bare(value))),
            })
            .collect(),
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
        let only = Kept::named(Owner::Rtp, &only);
        let found = descriptor(Owner::Rtp, 1_500, &StreamStatistics::default(), only);
        let names: Vec<String> = found
            .statistics
            .iter()
            .map(|one| one.name.to_string())
            .collect();
        assert_eq!(names, ["nt/dur", "rtp/ps"]);
        assert_eq!(place(Owner::Rtp, &PackageItem::known("nt", "ps")), None);
    }
}
