//! The JUnit XML file: a suite for each group, and no verdict green that is none.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{ReportError, times::stamp};
use crate::conform::{
    catalogue::GROUPS,
    outcome::{Campaign, Outcome},
    verdict::{Status, Verdict},
};

/// The whole file.
pub(super) fn document(campaign: &Campaign) -> Result<String, ReportError> {
    let mut report = Report::new(format!("h248 conform {}", campaign.role.word()));
    report.set_time(campaign.took);
    for (group, name) in GROUPS {
        let mut outcomes = campaign.outcomes.iter().peekable();
        let mut of_group = outcomes
            .by_ref()
            .filter(|outcome| outcome.purpose.group == group)
            .peekable();
        if of_group.peek().is_none() {
            continue;
        }
        let mut suite = TestSuite::new(format!("{} {group}: {name}", campaign.role));
        suite.set_timestamp(stamp(campaign.began));
        let cases: Vec<TestCase> = of_group.map(case).collect();
        suite.add_test_cases(cases);
        report.add_test_suite(suite);
    }
    if let Some(how) = &campaign.interrupted {
        report.add_test_suite(interrupted(campaign, how));
    }
    Ok(without_skipped(report.to_string()?))
}

/// What was not played because of it is skipped, which CI servers take for green: this is not.
fn interrupted(campaign: &Campaign, how: &str) -> TestSuite {
    let mut suite = TestSuite::new(format!("{} campaign", campaign.role));
    suite.set_timestamp(stamp(campaign.began));
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    let told = format!("the campaign was {how} before its end");
    status.set_type("interrupted").set_message(told);
    suite.add_test_case(TestCase::new("campaign", status));
    suite
}

/// The schema that CI servers check by (Jenkins' junit-10.xsd) has no count of what was skipped at the root.
fn without_skipped(text: String) -> String {
    let Some(root) = text.find("<testsuites") else {
        return text;
    };
    let end = text[root..].find('>').map_or(text.len(), |end| root + end);
    let Some(begin) = text[root..end].find(" skipped=\"") else {
        return text;
    };
    let begin = root + begin;
    let value = begin + " skipped=\"".len();
    let length = text[value..].find('"').unwrap_or_default();
    format!("{}{}", &text[..begin], &text[value + length + 1..])
}

fn case(outcome: &Outcome) -> TestCase {
    let purpose = &outcome.purpose;
    let mut case = TestCase::new(purpose.id.as_str(), status(outcome));
    case.set_classname(format!(
        "{}.{}.{}",
        purpose.role,
        purpose.group,
        purpose.kind()
    ));
    case.set_time(outcome.took);
    let mut said = Vec::new();
    said.push(purpose.title.clone());
    said.extend(
        outcome
            .remarks
            .iter()
            .map(|remark| format!("remark: {remark}")),
    );
    said.extend(
        outcome
            .records
            .iter()
            .map(|record| format!("recorded: {record}")),
    );
    if outcome.passes_though_listed() {
        let known = outcome.known.as_deref().unwrap_or_default();
        said.push(format!("passes, and is listed as failing: {known}"));
    }
    case.set_system_out(said.join("\n"));
    case
}

fn status(outcome: &Outcome) -> TestCaseStatus {
    let told = |kind, word: &str| {
        let mut status = TestCaseStatus::non_success(kind);
        status.set_type(word).set_message(outcome.reason.as_str());
        status.set_description(description(outcome));
        status
    };
    let left_out = |message: String| {
        let mut status = TestCaseStatus::skipped();
        status.set_message(message);
        status
    };
    match &outcome.status {
        Status::Judged(Verdict::Pass) => TestCaseStatus::success(),
        Status::Judged(Verdict::Fail) => match &outcome.known {
            Some(known) => left_out(format!("fails as known: {known}")),
            None => told(NonSuccessKind::Failure, "fail"),
        },
        Status::Judged(Verdict::None | Verdict::Inconc) => told(NonSuccessKind::Error, "inconc"),
        Status::Judged(Verdict::Error) => told(NonSuccessKind::Error, "error"),
        Status::NotSelected(reason) => left_out(format!("not selected: {reason}")),
        Status::Skipped(reason) => left_out(format!("skipped: {reason}")),
    }
}

/// Where it fell, by which clause, and where its messages are.
fn description(outcome: &Outcome) -> String {
    let mut lines = vec![outcome.reason.clone()];
    if let Some((line, step)) = &outcome.step {
        lines.push(format!("at {}:{line}: {step}", outcome.purpose.place.0));
    }
    lines.push(format!("clause {}", outcome.purpose.clause));
    if let Some(capture) = &outcome.capture {
        lines.push(format!("capture {}", capture.display()));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::report::tests::campaign;

    #[test]
    fn what_is_not_passed_is_never_green() {
        let text = document(&campaign()).unwrap();
        let report = Report::deserialize_from_str(&text).unwrap();
        assert_eq!(report.test_suites.len(), 2);
        let add = &report.test_suites[0];
        assert_eq!(add.name.as_str(), "MG AD: Add");
        let counts = (add.tests, add.failures, add.errors);
        assert_eq!(counts, (7, 1, 2));
        let root = text.lines().nth(1).unwrap();
        assert!(
            root.starts_with("<testsuites ") && !root.contains("skipped"),
            "{root}"
        );
        assert!(root.ends_with(" time=\"61.000\">"), "{root}");
        assert!(text.contains("type=\"inconc\""), "{text}");
        assert!(
            text.contains("fails as known: the &lt;reason&gt;"),
            "{text}"
        );
    }

    #[test]
    fn a_campaign_that_was_interrupted_is_not_green() {
        let mut campaign = campaign();
        campaign.interrupted = Some("terminated".to_owned());
        campaign
            .outcomes
            .retain(|outcome| outcome.verdict() == Some(Verdict::Pass));
        let text = document(&campaign).unwrap();
        let report = Report::deserialize_from_str(&text).unwrap();
        assert_eq!(
            report
                .test_suites
                .iter()
                .map(|suite| suite.errors)
                .sum::<usize>(),
            1
        );
        assert!(
            text.contains("the campaign was terminated before its end"),
            "{text}"
        );
    }
}
