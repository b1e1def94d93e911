//! The static review: where a PICS contradicts itself, what was audited, or what was seen.

use std::collections::BTreeMap;

use super::{outcome::Outcome, pics::Pics, purpose::Role, seen::Seen, verdict::Verdict};

/// Everything that the review finds, a sentence each. What was not seen says something in a whole
/// campaign alone.
pub fn review(role: Role, pics: &Pics, outcomes: &[Outcome], whole: bool) -> Vec<String> {
    let mut found = within(role, pics);
    let seen = Seen::of(role, outcomes);
    if role == Role::Mg {
        found.extend(packages(pics, &seen, whole));
    }
    let denied = seen.items.iter().filter(|(item, _)| !pics.has(item));
    found.extend(denied.map(|(item, id)| format!("{item} is no, yet {id} has seen it")));
    found.extend(never_passed(pics, outcomes));
    found
}

/// What a PICS says against itself.
fn within(role: Role, pics: &Pics) -> Vec<String> {
    let mut found = Vec::new();
    for item in pics.items.iter().filter(|item| pics.has(&item.name)) {
        let missing = item.needs.iter().filter(|need| !pics.has(need));
        found.extend(missing.map(|need| format!("{} is yes, yet {need} is no", item.name)));
    }
    let none = |items: &[&str]| !items.iter().any(|item| pics.has(item));
    if none(&["PIC_V1", "PIC_V2", "PIC_V3"]) {
        found
            .push("no version is implemented: one of PIC_V1, PIC_V2 and PIC_V3 must be".to_owned());
    }
    if none(&["PIC_TEXT", "PIC_BIN"]) {
        found.push("no encoding is implemented: PIC_TEXT or PIC_BIN must be".to_owned());
    }
    if role == Role::Mg && none(&["PIC_UDP", "PIC_TCP"]) {
        found.push("a gateway has UDP or TCP (clause 9); PIC_UDP and PIC_TCP are no".to_owned());
    }
    if role == Role::Mgc && !(pics.has("PIC_UDP") && pics.has("PIC_TCP")) {
        found.push("a controller has UDP and TCP (clause 9); PIC_UDP or PIC_TCP is no".to_owned());
    }
    let open = pics
        .items
        .iter()
        .filter(|item| !pics.answers.contains_key(&item.name));
    let open: Vec<&str> = open.map(|item| item.name.as_str()).collect();
    if !open.is_empty() {
        found.push(format!(
            "not answered, and taken as no: {}",
            open.join(", ")
        ));
    }
    found
}

/// What a PICS says against the packages that were audited, where any were.
fn packages(pics: &Pics, seen: &Seen, whole: bool) -> Vec<String> {
    if seen.packages.is_empty() {
        return Vec::new();
    }
    let items = pics.items.iter();
    let named = items.filter_map(|item| Some((&item.name, item.name.strip_prefix("PIC_PKG_")?)));
    let told = named.filter_map(|(item, package)| {
        match (pics.has(item), seen.packages.contains(package)) {
            (true, false) if whole => Some(format!(
                "{item} is yes, yet no audit has named package {package}"
            )),
            (false, true) => Some(format!(
                "{item} is no, yet an audit has named package {package}"
            )),
            (true, true | false) | (false, false) => None,
        }
    });
    told.collect()
}

/// Items that are said to be there, and of whose purposes none has passed and one has failed.
fn never_passed(pics: &Pics, outcomes: &[Outcome]) -> Vec<String> {
    let mut tally: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for outcome in outcomes {
        for need in outcome.purpose.needs.iter().filter(|need| need.yes) {
            let (passed, failed) = tally.entry(need.item.as_str()).or_default();
            match outcome.verdict() {
                Some(Verdict::Pass) => *passed += 1,
                Some(Verdict::Fail) => *failed += 1,
                Some(Verdict::None | Verdict::Inconc | Verdict::Error) | None => {}
            }
        }
    }
    let bad = tally
        .into_iter()
        .filter(|(item, (passed, failed))| pics.has(item) && *passed == 0 && *failed > 0);
    bad.map(|(item, (_, failed))| {
        format!("{item} is yes, yet all purposes that need it and were judged fail ({failed})")
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::{
        catalogue::Source,
        outcome::tests::{exchanged, outcome},
        verdict::Status,
    };

    fn pics(yes: &[&str]) -> Pics {
        let mut pics = Pics::read(None, Role::Mg, &Source::Own).unwrap();
        let names: Vec<String> = pics.items.iter().map(|item| item.name.clone()).collect();
        let answer = |name: String| {
            let on = yes.contains(&name.as_str());
            (name, on)
        };
        pics.answers = names.into_iter().map(answer).collect();
        pics
    }

    const ENOUGH: [&str; 4] = ["PIC_MG", "PIC_V1", "PIC_TEXT", "PIC_UDP"];

    fn with(more: &[&'static str]) -> Pics {
        pics(&[&ENOUGH[..], more].concat())
    }

    #[test]
    fn a_pics_may_contradict_itself() {
        assert!(review(Role::Mg, &with(&[]), &[], true).is_empty());
        let found = review(Role::Mg, &with(&["PIC_DMLONG"]), &[], true);
        assert_eq!(found, ["PIC_DMLONG is yes, yet PIC_DM is no"]);
        assert_eq!(review(Role::Mg, &pics(&["PIC_MG"]), &[], true).len(), 3);
        assert_eq!(review(Role::Mgc, &with(&[]), &[], true).len(), 1);
    }

    #[test]
    fn what_was_seen_may_contradict_it() {
        let mut one = outcome("TP_MG_AD_BV_01", Status::Judged(Verdict::Pass));
        one.messages = [
            (true, "!/3 <c> T=7{C=2{MV=a}}"),
            (false, "!/3 <g> P=7{C=2{MV=a}}"),
            (false, "!/3 <g> P=8{C=-{AV=ROOT{PG{g-1}}}}"),
        ]
        .iter()
        .map(|(sent, text)| exchanged(*sent, text))
        .collect();
        let outcomes = [one];
        let found = review(Role::Mg, &with(&["PIC_PKG_root"]), &outcomes, true);
        let expected = [
            "PIC_PKG_g is no, yet an audit has named package g",
            "PIC_PKG_root is yes, yet no audit has named package root",
            "PIC_MOVE is no, yet TP_MG_AD_BV_01 has seen it",
        ];
        assert_eq!(found, expected);
        assert!(review(Role::Mg, &with(&["PIC_PKG_g", "PIC_MOVE"]), &outcomes, true).is_empty());
    }

    #[test]
    fn an_item_whose_purposes_all_fail_is_told() {
        let mut one = outcome("TP_MG_AD_BV_01", Status::Judged(Verdict::Fail));
        one.purpose.needs = vec![crate::conform::purpose::Need {
            item: "PIC_MOVE".to_owned(),
            yes: true,
        }];
        let mut other = one.clone();
        let found = review(Role::Mg, &with(&["PIC_MOVE"]), &[one.clone()], true);
        assert!(
            found[0].starts_with("PIC_MOVE is yes, yet all purposes"),
            "{found:?}"
        );
        other.status = Status::Judged(Verdict::Pass);
        assert!(review(Role::Mg, &with(&["PIC_MOVE"]), &[one, other], true).is_empty());
    }
}
