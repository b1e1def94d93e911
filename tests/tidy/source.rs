//! The files of the repository, as the other checks read them.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ is in the root")
        .to_path_buf()
}

/// Every file below `folder` whose name ends in `.ending`, build output left out, in order.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is readable") {
            let path = entry.expect("the entry is readable").path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() {
                if name != "target"
                    && name != "demo-out"
                    && name != "conform-out"
                    && !name.starts_with('.')
                {
                    folders.push(path);
                }
            } else if path
                .extension()
                .is_some_and(|extension| extension == ending)
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A file's lines with their numbers, those of its test module left out.
pub(crate) fn code_lines(path: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(path).expect("the file is readable");
    let in_tests = path.components().any(|part| {
        let part = part.as_os_str();
        ["tests", "tests.rs", "testing.rs", "benches"]
            .iter()
            .any(|name| part == *name)
    });
    if in_tests {
        return Vec::new();
    }
    let numbered = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.to_owned()));
    numbered
        .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
        .collect()
}

/// The path as a reader of the repository knows it.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}
