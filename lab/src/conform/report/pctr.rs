//! The report in the shape of a protocol conformance test report: chapters C.1 to C.8.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::{
    page::{of_group, page, word},
    times::{rfc3339, took},
};
use crate::conform::{
    catalogue::GROUPS,
    outcome::{Campaign, Outcome},
    pics::Pics,
    pixit::Pixit,
    purpose::Role,
    verdict::{Status, Verdict},
};

/// The whole file.
pub(super) fn document(
    campaign: &Campaign,
    pics: &Pics,
    pixit: &Pixit,
    hashes: &BTreeMap<String, String>,
) -> String {
    let observations = observations(campaign);
    let title = format!("Protocol conformance test report: {}", campaign.target);
    let body = html! {
        h1 { (title) }
        p.lead { "H.248.1, role " (campaign.role) ", " (rfc3339(campaign.began)) }
        (identification(campaign, pics, pixit))
        h2 { "C.2 IUT conformance status" }
        p { (status(campaign)) }
        @if let Some(part) = campaign.partial() { p { b { "A part of the catalogue alone: " (part) } } }
        h2 { "C.3 Static conformance summary" }
        p {
            @if campaign.review.is_empty() {
                "The PICS is consistent with itself and with what was seen."
            } @else {
                "The PICS is not consistent: " (campaign.review.len()) " findings in C.5."
            }
        }
        (dynamic(campaign))
        h2 { "C.5 Static conformance review report" }
        (review(campaign, pics))
        h2 { "C.6 Test campaign report for the MG" }
        (results(campaign, Role::Mg, &observations))
        h2 { "C.7 Test campaign report for the MGC" }
        (results(campaign, Role::Mgc, &observations))
        h2 { "C.8 Observations" }
        (observed(&observations))
        (evidence(campaign, hashes))
        (signatures())
    };
    page(&title, &body, None)
}

fn identification(campaign: &Campaign, pics: &Pics, pixit: &Pixit) -> Markup {
    let rows = |title: &str, facts: &BTreeMap<String, String>| {
        html! {
            h3 { (title) }
            dl {
                @for (name, value) in facts { dt { (name) } dd { (value) } }
                @if facts.is_empty() { dt { "not given" } dd {} }
            }
        }
    };
    let facts = [
        ("tool", format!("h248 {}", env!("CARGO_PKG_VERSION"))),
        ("address of the IUT", address(campaign)),
        (
            "transport and encoding",
            format!("{}, {}", campaign.carrier, campaign.encoding),
        ),
        ("begin", rfc3339(campaign.began)),
        ("end", rfc3339(campaign.began + campaign.took)),
        ("duration", took(campaign.took)),
        ("seed", campaign.seed.to_string()),
    ];
    html! {
        h2 { "C.1 Identification summary" }
        (rows("C.1.1 Implementation under test", &pics.implementation))
        (rows("C.1.2 Test laboratory", &pixit.laboratory))
        (rows("C.1.3 Client", &pixit.client))
        h3 { "C.1.4 Testing environment" }
        dl { @for (name, value) in facts { dt { (name) } dd { (value) } } }
        h3 { "C.1.5 Limits and reservations" }
        p {
            "The purposes are those of this project's own catalogue. The test purposes of ETSI TS 102 374 were not available, "
            "and this report claims no conformance with them. Remote test method: nothing of the tool ran inside the IUT."
        }
    }
}

/// Where what was under test has spoken from.
fn address(campaign: &Campaign) -> String {
    let address = campaign.address().map(ToString::to_string);
    address.unwrap_or_else(|| "not known: nothing came from it".to_owned())
}

/// One sentence on what the campaign says of the implementation.
fn status(campaign: &Campaign) -> &'static str {
    let counts = campaign.counts();
    if campaign.interrupted.is_some() {
        return "The campaign was interrupted before its end; what was judged until then says nothing of the rest.";
    }
    match counts.exit_code() {
        0 if counts.known == 0 => {
            "No purpose that was played has shown non-conformance; all were judged."
        }
        0 => {
            "The IUT has been shown not to conform, in what stands in its list of known failures alone."
        }
        1 => "The IUT has been shown not to conform.",
        2 => "No non-conformance was shown, but not everything could be judged.",
        _ => "The campaign had errors; its result is not to be relied on.",
    }
}

fn dynamic(campaign: &Campaign) -> Markup {
    let counts = campaign.counts();
    let rows = [
        (
            "purposes of the catalogue for this role",
            campaign.catalogue,
        ),
        (
            "not asked for by this campaign (--only)",
            campaign.unasked(),
        ),
        ("selected and played", counts.played()),
        ("pass", counts.pass),
        ("pass with a remark", counts.remarked),
        ("fail", counts.fail),
        ("fail as known", counts.known),
        ("inconclusive", counts.inconc),
        ("error", counts.error),
        ("not selected by the PICS", counts.not_selected),
        ("skipped (--skip, or interrupted)", counts.skipped),
    ];
    html! {
        h2 { "C.4 Dynamic conformance summary" }
        table { @for (name, number) in rows { tr { td { (name) } td.number { (number) } } } }
    }
}

fn review(campaign: &Campaign, pics: &Pics) -> Markup {
    html! {
        @if campaign.review.is_empty() { p { "No findings." } }
        @else { ol { @for sentence in &campaign.review { li { (sentence) } } } }
        table {
            thead { tr { th { "item" } th { "question" } th { "answer" } } }
            @for item in &pics.items {
                tr {
                    td { code { (item.name) } }
                    td { (item.question) }
                    td {
                        @match pics.answers.get(&item.name) {
                            Some(true) => "yes",
                            Some(false) => "no",
                            None => "not answered",
                        }
                    }
                }
            }
        }
    }
}

fn results(campaign: &Campaign, role: Role, observations: &[(&Outcome, Vec<String>)]) -> Markup {
    if campaign.role != role {
        return html! { p { "Not applicable: the IUT was tested in the other role." } };
    }
    let number = |outcome: &Outcome| {
        let mut all = observations.iter();
        all.position(|(other, _)| other.purpose.id == outcome.purpose.id)
            .map(|at| at + 1)
    };
    html! {
        table {
            thead {
                tr { th { "purpose" } th { "status" } th { "selected" } th { "run" } th { "verdict" } th { "observation" } }
            }
            @for (group, name) in GROUPS {
                @let outcomes = of_group(campaign, group);
                @if !outcomes.is_empty() { tr { th colspan="6" { (group) ": " (name) } } }
                @for outcome in outcomes {
                    tr {
                        td { a href={ "report.html#" (outcome.purpose.id) } { code { (outcome.purpose.id) } } }
                        td { @if outcome.purpose.mandatory { "M" } @else { "O" } }
                        td { @if matches!(outcome.status, Status::NotSelected(_)) { "no" } @else { "yes" } }
                        td { @if outcome.verdict().is_some() { "yes" } @else { "no" } }
                        td { span.word.(word(outcome)) { (word(outcome)) } }
                        td { @if let Some(number) = number(outcome) { a href={ "#observation-" (number) } { (number) } } }
                    }
                }
            }
        }
    }
}

/// What is to be said of single purposes, in their order.
fn observations(campaign: &Campaign) -> Vec<(&Outcome, Vec<String>)> {
    let outcomes = campaign.outcomes.iter();
    let told = outcomes.map(|outcome| (outcome, sentences(outcome)));
    told.filter(|(_, sentences)| !sentences.is_empty())
        .collect()
}

fn sentences(outcome: &Outcome) -> Vec<String> {
    let mut sentences = Vec::new();
    let passed = outcome.verdict() == Some(Verdict::Pass);
    if !passed && !outcome.reason.is_empty() {
        sentences.push(outcome.reason.clone());
    }
    if let Some((line, step)) = outcome.step.as_ref().filter(|_| !passed) {
        sentences.push(format!("at {}:{line}: {step}", outcome.purpose.place.0));
    }
    if outcome.passes_though_listed() {
        sentences.push("passes, and is listed as failing".to_owned());
    }
    sentences.extend(outcome.known.iter().map(|known| format!("known: {known}")));
    sentences.extend(
        outcome
            .remarks
            .iter()
            .map(|remark| format!("remark: {remark}")),
    );
    sentences.extend(
        outcome
            .records
            .iter()
            .map(|record| format!("recorded: {record}")),
    );
    sentences
}

fn observed(observations: &[(&Outcome, Vec<String>)]) -> Markup {
    html! {
        @if observations.is_empty() { p { "None." } }
        ol {
            @for (at, (outcome, sentences)) in observations.iter().enumerate() {
                li id={ "observation-" (at + 1) } {
                    code { (outcome.purpose.id) } ", clause " (outcome.purpose.clause) ": "
                    @for (n, sentence) in sentences.iter().enumerate() { @if n > 0 { "; " } (sentence) }
                }
            }
        }
    }
}

fn evidence(campaign: &Campaign, hashes: &BTreeMap<String, String>) -> Markup {
    html! {
        h3 { "Captures (SHA-256)" }
        table {
            @for outcome in &campaign.outcomes {
                @if let (Some(place), Some(hash)) = (&outcome.capture, hashes.get(&outcome.purpose.id)) {
                    tr { td { code { (place.display()) } } td { code { (hash) } } }
                }
            }
        }
    }
}

fn signatures() -> Markup {
    html! {
        h3 { "Signatures" }
        table {
            tr { td { "test laboratory" } td { "date" } td { "signature" } }
            tr { td { br; } td { br; } td { br; } }
            tr { td { "client" } td { "date" } td { "signature" } }
            tr { td { br; } td { br; } td { br; } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::{catalogue::Source, report::tests::campaign, select::Choice};

    #[test]
    fn the_chapters_are_there_and_observations_are_numbered() {
        let campaign = campaign();
        let pics = Pics::read(None, Role::Mg, &Source::Own).unwrap();
        let pixit = Pixit::read(None, Role::Mg, &Source::Own).unwrap();
        let hashes = BTreeMap::from([("TP_MG_AD_BV_02".to_owned(), "00ff".to_owned())]);
        let page = document(&campaign, &pics, &pixit, &hashes);
        for chapter in 1..=8 {
            assert!(page.contains(&format!("<h2>C.{chapter} ")), "C.{chapter}");
        }
        assert!(page.contains("The campaign had errors"));
        assert!(page.contains("href=\"#observation-1\"") && page.contains("id=\"observation-1\""));
        assert!(page.contains("00ff") && page.contains("tested in the other role"));
    }

    #[test]
    fn a_part_of_the_catalogue_is_told_as_one() {
        let mut campaign = campaign();
        let told = "--only AD,MO_BV_01 --skip slow: 8 of the catalogue's 489 purposes were asked for, 1 of them \
                    skipped; nothing is said of the other 482.";
        let pics = Pics::read(None, Role::Mg, &Source::Own).unwrap();
        let pixit = Pixit::read(None, Role::Mg, &Source::Own).unwrap();
        let page = document(&campaign, &pics, &pixit, &BTreeMap::new());
        assert!(page.contains(told), "{page}");
        let row = |name: &str, number: usize| {
            let row = format!("<td>{name}</td><td class=\"number\">{number}</td>");
            assert!(page.contains(&row), "{row} {page}");
        };
        row("purposes of the catalogue for this role", 489);
        row("not asked for by this campaign (--only)", 481);
        assert!(page.contains("<dt>address of the IUT</dt><dd>127.0.0.1:40000</dd>"));
        assert!(super::super::page::document(&campaign).contains(told));
        campaign.choice = Choice::default();
        assert_eq!(campaign.partial(), None);
    }
}
