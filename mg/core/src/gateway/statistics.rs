//! Statistics of nt and rtp, from what the engine counts (H.248.1 E.11.4, E.12.4).

use codec_h248::{
    PackageItem, Value,
    descriptor::{Statistic, StatisticValue, StatisticsDescriptor},
};
use mg_contract::StreamStatistics;

/// Every statistic of an RTP Termination, in the order in which they are returned.
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

/// Whether an RTP Termination has the statistic; rtp has those of nt by inheritance (E.12).
pub(crate) fn is_known(name: &PackageItem<'_>) -> bool {
    canonical(name).is_some()
}

fn canonical(name: &PackageItem<'_>) -> Option<usize> {
    NAMES.iter().position(|(package, item)| {
        name.is(package, item) || (*package == "nt" && name.is("rtp", item))
    })
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

/// The Statistics descriptor of a Termination that has been in a Context for `duration_ms`, with
/// those of `only` where that is given.
pub(crate) fn descriptor(
    duration_ms: u64,
    counts: &StreamStatistics,
    only: Option<&[PackageItem<'static>]>,
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
    let wanted = |index: usize| match only {
        None => true,
        Some(names) => names.iter().any(|name| canonical(name) == Some(index)),
    };
    let each = NAMES.iter().zip(values).enumerate();
    let statistics = each.filter(|(index, _)| wanted(*index));
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
        let found = descriptor(1_500, &StreamStatistics::default(), Some(&only));
        let names: Vec<String> = found
            .statistics
            .iter()
            .map(|one| one.name.to_string())
            .collect();
        assert_eq!(names, ["nt/dur", "rtp/ps"]);
        assert!(!is_known(&PackageItem::known("nt", "ps")));
    }
}
