//! Every test that `docs/open-cases.md` names is there.

use std::fs;

use super::source::root;

/// `file::test` in back quotes.
fn named_tests(text: &str) -> Vec<(&str, &str)> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter_map(|word| word.split_once(".rs::")).collect()
}

#[test]
fn the_tests_of_the_open_cases_exist() {
    let page = root().join("docs/open-cases.md");
    let page = fs::read_to_string(page).expect("there is the page");
    let named = named_tests(&page);
    assert!(named.len() > 40, "only {} tests are named", named.len());
    let mut faults = Vec::new();
    for (file, test) in named {
        let path = root().join(format!("{file}.rs"));
        let text = fs::read_to_string(&path).unwrap_or_default();
        if !text.contains(&format!("fn {test}()")) {
            faults.push(format!("{file}.rs has no test {test}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
