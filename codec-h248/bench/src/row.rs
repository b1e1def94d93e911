//! One line of the table: the figures of a series, and what others needed in the same rounds.

use codec_bench::ours::Work;
use serde::Serialize;

use crate::{
    counts::Count,
    otp::Kind,
    series::{Series, Who, median},
};

/// A line of the table. Times are nanoseconds a message, sizes are octets.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    pub(crate) form: &'static str,
    pub(crate) work: &'static str,
    pub(crate) messages: usize,
    pub(crate) octets_per_message: f64,
    pub(crate) ns: f64,
    pub(crate) megabytes_per_second: f64,
    pub(crate) allocations: f64,
    pub(crate) octets_allocated: f64,
    /// OTP, doing the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) otp: Option<Beside>,
    /// OTP's BER alone, which leaves ids as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) otp_native: Option<Beside>,
    /// The bare tokenizer over the same octets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tokenizer: Option<Beside>,
}

/// Another on the same messages in the same rounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Beside {
    pub(crate) ns: f64,
    pub(crate) megabytes_per_second: f64,
    /// Its time by ours, round by round: the median, the least and the most.
    pub(crate) ratio: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Row {
    /// The row of one of our series, with those of `all` that took turns with it.
    pub(crate) fn new(ours: &Series<'_>, counted: Count, all: &[Series<'_>]) -> Self {
        let count = ours.set.len() as f64;
        let octets = ours.set.size() as f64 / count;
        let ns = median(&ours.figures);
        let beside = |who, work| {
            let mut others = all.iter();
            let other = others.find(|other| {
                other.who == who && other.work == work && std::ptr::eq(other.set, ours.set)
            });
            other.and_then(|other| Beside::new(&ours.figures, &other.figures, octets))
        };
        let like = Kind::beside(ours.set.form).first();
        let bare = || beside(Who::Us, Work::Tokenize);
        Self {
            form: ours.set.form.name(),
            work: ours.work.name(),
            messages: ours.set.len(),
            octets_per_message: octets,
            ns,
            megabytes_per_second: octets / ns * 1e3,
            allocations: counted.allocations as f64 / count,
            octets_allocated: counted.octets as f64 / count,
            otp: like.and_then(|&kind| beside(Who::Otp(kind), ours.work)),
            otp_native: beside(Who::Otp(Kind::Native), ours.work),
            tokenizer: (ours.work == Work::Decode).then(bare).flatten(),
        }
    }
}

impl Beside {
    /// Nothing if there was no round.
    fn new(ours: &[f64], theirs: &[f64], octets: f64) -> Option<Self> {
        let pairs = ours.iter().zip(theirs);
        let mut ratios: Vec<f64> = pairs.map(|(ours, theirs)| theirs / ours).collect();
        ratios.sort_by(f64::total_cmp);
        let ns = median(theirs);
        Some(Self {
            ns,
            megabytes_per_second: octets / ns * 1e3,
            ratio: median(&ratios),
            least: *ratios.first()?,
            most: *ratios.last()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Beside;

    #[test]
    fn ratios_are_of_the_same_round() {
        let beside = Beside::new(&[1.0, 2.0, 4.0], &[30.0, 80.0, 40.0], 120.0);
        let expected = Beside {
            ns: 40.0,
            megabytes_per_second: 3000.0,
            ratio: 30.0,
            least: 10.0,
            most: 40.0,
        };
        assert_eq!(beside, Some(expected));
        assert_eq!(Beside::new(&[], &[], 120.0), None);
    }
}
