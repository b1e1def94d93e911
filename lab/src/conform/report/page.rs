//! The report of a campaign as one HTML file that needs no other.

use std::time::Duration;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{
    chart,
    times::{rfc3339, took},
};
use crate::conform::{
    catalogue::GROUPS,
    decoded::raw,
    outcome::{Campaign, Counts, Exchanged, Outcome},
    verdict::Verdict,
};
use crate::ladder;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("page.js");

/// The words that a test may be filtered by.
const WORDS: [&str; 7] = [
    "pass",
    "fail",
    "known",
    "inconc",
    "error",
    "not-selected",
    "skipped",
];

/// The whole file.
pub(super) fn document(campaign: &Campaign) -> String {
    let title = format!("Conformance of an {}: {}", campaign.role, campaign.target);
    let body = html! {
        h1 { (title) }
        p.lead {
            "h248 " (env!("CARGO_PKG_VERSION")) ", "
            (campaign.carrier) ", " (campaign.encoding) ", " (rfc3339(campaign.began)) ", "
            (took(campaign.took)) ", seed " (campaign.seed) ". "
            a href="pctr.html" { "Test report (PCTR)" } ", "
            a href="junit.xml" { "JUnit" } ", " a href="results.jsonl" { "JSON lines" } ", "
            a href="pics.toml" { "PICS" } ", " a href="pixit.toml" { "PIXIT" } "."
        }
        @if let Some(part) = campaign.partial() { p { b { "A part of the catalogue alone: " (part) } } }
        @if let Some(how) = &campaign.interrupted {
            p { b { "The campaign was " (how) " before its end." } }
        }
        (counted(campaign.counts()))
        (groups(campaign))
        @if !campaign.review.is_empty() {
            h2 { "Static review" }
            ul { @for sentence in &campaign.review { li { (sentence) } } }
        }
        h2 { "Purposes" }
        (filters())
        @for (group, name) in GROUPS {
            @let outcomes = of_group(campaign, group);
            @if !outcomes.is_empty() {
                section.group {
                    h3 id=(group) { (group) ": " (name) }
                    @for outcome in outcomes { (test(campaign, outcome)) }
                }
            }
        }
    };
    page(&title, &body, Some(SCRIPT))
}

/// A page with our style.
pub(super) fn page(title: &str, body: &Markup, script: Option<&str>) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(ladder::STYLE)) (PreEscaped(STYLE)) }
            }
            body {
                (body)
                @if let Some(script) = script { script { (PreEscaped(script)) } }
            }
        }
    };
    page.into_string()
}

/// The word by which a test is told and filtered.
pub(super) fn word(outcome: &Outcome) -> &'static str {
    if outcome.failed_as_known() {
        return "known";
    }
    match outcome.status.word() {
        "none" => "inconc",
        word => word,
    }
}

pub(super) fn of_group<'a>(campaign: &'a Campaign, group: &str) -> Vec<&'a Outcome> {
    let outcomes = campaign.outcomes.iter();
    outcomes
        .filter(|outcome| outcome.purpose.group == group)
        .collect()
}

fn counted(counts: Counts) -> Markup {
    let numbers = [
        ("pass", counts.pass),
        ("fail", counts.fail),
        ("known", counts.known),
        ("inconc", counts.inconc),
        ("error", counts.error),
        ("not-selected", counts.not_selected),
        ("skipped", counts.skipped),
    ];
    html! {
        div.counts {
            @for (word, number) in numbers { div class=(word) { b { (number) } (word) } }
        }
        @if counts.remarked > 0 { p { (counts.remarked) " of those that pass have a remark." } }
        @if counts.unexpected > 0 {
            p { b { (counts.unexpected) " pass though they are listed as failing." } }
        }
    }
}

fn groups(campaign: &Campaign) -> Markup {
    html! {
        table {
            thead {
                tr {
                    th { "group" }
                    @for word in ["pass", "fail", "known", "inconc", "error", "not selected", "skipped", "time"] {
                        th.number { (word) }
                    }
                }
            }
            @for (group, name) in GROUPS {
                @let outcomes = of_group(campaign, group);
                @if !outcomes.is_empty() {
                    @let counts = Counts::of(outcomes.iter().copied());
                    @let time: Duration = outcomes.iter().map(|one| one.took).sum();
                    tr {
                        td { a href={ "#" (group) } { (group) } ": " (name) }
                        @for number in [counts.pass, counts.fail, counts.known, counts.inconc, counts.error, counts.not_selected, counts.skipped] {
                            td.number { (number) }
                        }
                        td.number { (took(time)) }
                    }
                }
            }
        }
    }
}

fn filters() -> Markup {
    html! {
        nav {
            @for word in WORDS {
                label { input type="checkbox" value=(word) checked; " " (word) }
            }
            input type="search" placeholder="id, clause, words of title or reason";
            button id="open" { "open all" }
            button id="close" { "close all" }
        }
    }
}

fn test(campaign: &Campaign, outcome: &Outcome) -> Markup {
    let purpose = &outcome.purpose;
    let text = [
        &purpose.id,
        &purpose.clause,
        &purpose.title,
        &outcome.reason,
    ];
    let text = text.map(|text| text.to_lowercase()).join(" ");
    let word = word(outcome);
    html! {
        details.test id=(purpose.id) data-word=(word) data-text=(text) {
            summary {
                span.word.(word) { (word) }
                code { (purpose.id) }
                span {
                    (purpose.title)
                    @if word != "pass" && !outcome.reason.is_empty() { div.reason { (outcome.reason) } }
                }
                span.took { @if outcome.verdict().is_some() { (took(outcome.took)) } }
            }
            div.inside {
                (facts(outcome))
                @if !outcome.messages.is_empty() {
                    (chart::ladder(campaign.role, outcome))
                    details.octets { summary { "Messages as they were sent" } (messages(outcome)) }
                }
                h4 { "Purpose" }
                pre { (purpose.text.trim_end()) }
            }
        }
    }
}

fn facts(outcome: &Outcome) -> Markup {
    let purpose = &outcome.purpose;
    html! {
        dl {
            @if !outcome.reason.is_empty() { dt { "reason" } dd { (outcome.reason) } }
            @if let Some((line, step)) = &outcome.step {
                dt { "step" } dd { code { (purpose.place.0) ":" (line) ": " (step) } }
            }
            dt { "clause" } dd { (purpose.clause) }
            dt { "status" }
            dd {
                @if purpose.mandatory { "mandatory" } @else { "optional" }
                @for need in &purpose.needs { ", " (need) }
                @for tag in &purpose.tags { " [" (tag) "]" }
            }
            @if let Some(known) = &outcome.known { dt { "known failure" } dd { (known) } }
            @for remark in &outcome.remarks { dt { "remark" } dd { (remark) } }
            @for record in &outcome.records { dt { "recorded" } dd { (record) } }
            @if let Some(capture) = &outcome.capture {
                @let place = capture.display().to_string();
                dt { "capture" } dd { a href=(place) { (place) } }
            }
            @if outcome.verdict().is_some() { dt { "began" } dd { (rfc3339(outcome.began)) } }
        }
    }
}

fn messages(outcome: &Outcome) -> Markup {
    let judged = outcome.verdict() > Some(Verdict::Pass);
    let pair = outcome.decisive_pair().filter(|_| judged);
    let decisive = |at: usize| pair.is_some_and(|(one, other)| [one, other].contains(&at));
    let begin = outcome.messages.first().map(|first| first.at);
    html! {
        @for (at, message) in outcome.messages.iter().enumerate() {
            @let since = begin.and_then(|begin| message.at.duration_since(begin).ok()).unwrap_or_default();
            div.octets.decisive[decisive(at)] {
                (headline(message, since))
                pre { (raw(&message.octets)) }
            }
        }
    }
}

fn headline(message: &Exchanged, since: Duration) -> String {
    let millis = since.as_secs_f64() * 1e3;
    let way = if message.sent { "tool ▶" } else { "tool ◀" };
    let length = message.octets.len();
    format!("{millis:.1} ms  {way} {}, {length} octets", message.peer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::report::tests::campaign;

    #[test]
    fn everything_that_is_known_of_a_test_is_in_the_page_and_nothing_is_taken_for_html() {
        let page = document(&campaign());
        for wanted in [
            "TP_MG_AD_BV_01",
            "what &lt;is&gt; shown",
            "expected &lt;a&gt; &amp; found &lt;b&gt;",
            "mg/AD.txt:6: send: Context=$ {Add=$}",
            "captures/TP_MG_AD_BV_02.pcapng",
            "AuditValue",
            "data-word=\"known\"",
            "PIC_MUX is no",
        ] {
            assert!(page.contains(wanted), "{wanted}");
        }
        assert!(!page.contains("<is>") && !page.contains("<b>&"), "{page}");
    }
}
