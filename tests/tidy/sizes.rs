//! How large a file and a function may be before they hold two ideas.

use super::source::{code_lines, files, root, shown};

const FILE_LINES_MAX: usize = 800;
const FUNCTION_LINES_MAX: usize = 70;

/// The first line and the length of every function, by the indentation that rustfmt gives.
fn functions(lines: &[(usize, String)]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (index, (number, line)) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let words: Vec<&str> = line.split_whitespace().take(5).collect();
        if !words.contains(&"fn") || line.trim_start().starts_with("//") {
            continue;
        }
        let end = format!("{}}}", " ".repeat(indent));
        let one_line = line.trim_end().ends_with('}') || line.trim_end().ends_with(';');
        if one_line {
            continue;
        }
        if let Some(length) = lines[index..].iter().position(|(_, line)| *line == end) {
            found.push((*number, length + 1));
        }
    }
    found
}

#[test]
fn no_file_and_no_function_outgrows_its_idea() {
    let mut faults = Vec::new();
    for path in files(&root(), "rs") {
        let lines = code_lines(&path);
        if lines.len() > FILE_LINES_MAX {
            faults.push(format!("{}: {} lines", shown(&path), lines.len()));
        }
        for (number, length) in functions(&lines) {
            if length > FUNCTION_LINES_MAX {
                faults.push(format!(
                    "{}:{number}: a function of {length} lines",
                    shown(&path)
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_function_is_measured_from_its_name_to_its_brace() {
    let text = "impl A {\n    fn a() {\n        b();\n    }\n}";
    let lines: Vec<_> = text
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line.to_owned()))
        .collect();
    assert_eq!(functions(&lines), [(2, 3)]);
}
