//! What the figures are judged by.

use serde::Serialize;

use crate::row::Row;

/// A bound of one figure.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Judgement {
    what: String,
    figure: f64,
    unit: &'static str,
    bound: Bound,
    /// Whether the run fails where the figure does not hold; an aim is only told.
    floor: bool,
    pub(crate) holds: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl Bound {
    fn holds(self, figure: f64) -> bool {
        match self {
            Self::AtLeast(least) => figure >= least,
            Self::AtMost(most) => figure <= most,
        }
    }
}

impl Judgement {
    fn new(row: &Row, than: &str, figure: f64, unit: &'static str, bound: Bound) -> Self {
        Self {
            what: format!("{} {}{than}", row.form, row.work),
            figure,
            unit,
            bound,
            floor: true,
            holds: bound.holds(figure),
        }
    }

    fn aim(self) -> Self {
        Self {
            floor: false,
            ..self
        }
    }

    /// Whether the run may call itself good.
    pub(crate) fn passes(&self) -> bool {
        self.holds || !self.floor
    }

    pub(crate) fn print(&self) {
        let word = if self.holds { "ok" } else { "below" };
        let kind = if self.floor { "floor" } else { "aim" };
        let (side, bound) = match self.bound {
            Bound::AtLeast(bound) => ("at least", bound),
            Bound::AtMost(bound) => ("at most", bound),
        };
        let Self {
            what, figure, unit, ..
        } = self;
        println!("{word:5} {kind:5} {what}: {figure:.1}{unit}, {side} {bound}{unit}");
    }
}

/// The floors and aims of what was measured.
pub(crate) fn judge(rows: &[Row]) -> Vec<Judgement> {
    rows.iter().flat_map(of_row).collect()
}

fn of_row(row: &Row) -> Vec<Judgement> {
    let mut found = Vec::new();
    if let Some(otp) = &row.otp {
        let by = |bound| Judgement::new(row, " by OTP", otp.ratio, "x", Bound::AtLeast(bound));
        match row.form {
            "compact" => found.extend([by(25.0), by(40.0).aim()]),
            "ber" => found.push(by(8.0)),
            _ => {}
        }
    }
    if let Some(tokenizer) = &row.tokenizer {
        let (by, ratio) = (" by the bare tokenizer", 1.0 / tokenizer.ratio);
        found.push(Judgement::new(row, by, ratio, "x", Bound::AtMost(1.2)).aim());
    }
    if row.work == "peek" {
        found.push(Judgement::new(row, "", row.ns, " ns", Bound::AtMost(60.0)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Row, judge};
    use crate::row::Beside;

    fn row(form: &'static str, work: &'static str, ns: f64, ratio: Option<f64>) -> Row {
        let beside = |ratio| Beside {
            ns: ns * ratio,
            megabytes_per_second: 1.0,
            ratio,
            least: ratio,
            most: ratio,
        };
        Row {
            form,
            work,
            messages: 1,
            octets_per_message: 100.0,
            ns,
            megabytes_per_second: 1.0,
            allocations: 0.0,
            octets_allocated: 0.0,
            otp: ratio.map(beside),
            otp_native: None,
            tokenizer: None,
        }
    }

    fn passes(row: Row) -> Vec<bool> {
        judge(&[row]).iter().map(super::Judgement::passes).collect()
    }

    #[test]
    fn a_floor_fails_the_run_and_an_aim_does_not() {
        assert_eq!(
            passes(row("compact", "decode", 100.0, Some(24.9))),
            [false, true]
        );
        assert_eq!(
            passes(row("compact", "decode", 100.0, Some(25.0))),
            [true, true]
        );
        assert_eq!(passes(row("ber", "encode", 100.0, Some(7.9))), [false]);
        assert_eq!(passes(row("pretty", "peek", 61.0, None)), [false]);
        assert_eq!(passes(row("pretty", "peek", 59.0, None)), [true]);
    }

    #[test]
    fn what_the_third_party_did_not_do_is_not_judged() {
        assert!(passes(row("compact", "decode", 100.0, None)).is_empty());
        assert!(passes(row("pretty", "decode", 100.0, Some(1.0))).is_empty());
    }
}
