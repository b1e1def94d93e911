//! How much memory the process holds.

use std::fs;

/// Octets of a page.
const PAGE: usize = 4_096;

/// Resident memory in octets; 0 where the system does not say.
pub(crate) fn resident() -> usize {
    let text = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = text.split_whitespace().nth(1);
    pages
        .and_then(|pages| pages.parse::<usize>().ok())
        .unwrap_or(0)
        * PAGE
}
