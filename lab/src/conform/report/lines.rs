//! Results as JSON, one a line: the campaign, then each purpose.

use serde::Serialize;

use super::{ReportError, times::rfc3339};
use crate::conform::outcome::{Campaign, Counts, Outcome};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'a> {
    kind: &'static str,
    format: u8,
    tool: &'static str,
    role: &'static str,
    target: &'a str,
    transport: String,
    encoding: &'a str,
    only: &'a [String],
    skip: &'a [String],
    catalogue: usize,
    unasked: usize,
    seed: u64,
    began: String,
    took_ms: u128,
    counts: Counts,
    review: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    interrupted: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    kind: &'static str,
    id: &'a str,
    verdict: &'static str,
    reason: &'a str,
    title: &'a str,
    clause: &'a str,
    mandatory: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<Step<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    remarks: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    records: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    began: Option<String>,
    took_ms: u128,
    messages: usize,
}

#[derive(Serialize)]
struct Step<'a> {
    file: &'a str,
    line: usize,
    text: &'a str,
}

/// The whole file.
pub(super) fn document(campaign: &Campaign) -> Result<String, ReportError> {
    let mut text = serde_json::to_string(&head(campaign))?;
    text.push('\n');
    for outcome in &campaign.outcomes {
        text.push_str(&serde_json::to_string(&line(outcome))?);
        text.push('\n');
    }
    Ok(text)
}

fn head(campaign: &Campaign) -> Head<'_> {
    Head {
        kind: "campaign",
        format: 1,
        tool: concat!("h248 ", env!("CARGO_PKG_VERSION")),
        role: campaign.role.word(),
        target: &campaign.target,
        transport: campaign.carrier.to_string(),
        encoding: &campaign.encoding,
        only: &campaign.choice.only,
        skip: &campaign.choice.skip,
        catalogue: campaign.catalogue,
        unasked: campaign.unasked(),
        seed: campaign.seed,
        began: rfc3339(campaign.began),
        took_ms: campaign.took.as_millis(),
        counts: campaign.counts(),
        review: &campaign.review,
        interrupted: campaign.interrupted.as_deref(),
    }
}

fn line(outcome: &Outcome) -> Line<'_> {
    let purpose = &outcome.purpose;
    let step = outcome.step.as_ref().map(|(line, text)| Step {
        file: &purpose.place.0,
        line: *line,
        text,
    });
    Line {
        kind: "purpose",
        id: &purpose.id,
        verdict: outcome.status.word(),
        reason: &outcome.reason,
        title: &purpose.title,
        clause: &purpose.clause,
        mandatory: purpose.mandatory,
        step,
        remarks: &outcome.remarks,
        records: &outcome.records,
        known: outcome.known.as_deref(),
        capture: outcome
            .capture
            .as_ref()
            .map(|path| path.display().to_string()),
        began: outcome.verdict().map(|_| rfc3339(outcome.began)),
        took_ms: outcome.took.as_millis(),
        messages: outcome.messages.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::report::tests::campaign;

    #[test]
    fn there_is_a_line_for_the_campaign_and_for_each_purpose() {
        let text = document(&campaign()).unwrap();
        let lines: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 9);
        assert_eq!(lines[0]["counts"]["known"], 1);
        assert_eq!(lines[0]["only"][0], "AD");
        assert_eq!(
            (&lines[0]["catalogue"], &lines[0]["unasked"]),
            (&489.into(), &481.into())
        );
        assert_eq!(lines[1]["id"], "TP_MG_AD_BV_01");
        assert_eq!(lines[2]["verdict"], "fail");
        assert_eq!(lines[2]["step"]["line"], 6);
        assert!(lines[5].get("began").is_none(), "{}", lines[5]);
    }
}
