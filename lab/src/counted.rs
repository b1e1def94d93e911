//! What a gateway's media threads say at their end that they have counted.

use std::{collections::BTreeMap, io};

use crate::programs::Places;

/// The line begins so.
const LINE: &str = "media has ended";

/// By name, as the gateway's log has it once it has ended; nothing where it says nothing.
pub(crate) fn by_gateway(places: &Places) -> io::Result<BTreeMap<String, u64>> {
    let log = std::fs::read_to_string(places.out.join("mg.log"))?;
    let line = log.lines().rev().find_map(|line| line.split_once(LINE));
    Ok(line.map_or_else(BTreeMap::new, |(_, rest)| read(rest)))
}

fn read(line: &str) -> BTreeMap<String, u64> {
    let words = line.split_ascii_whitespace();
    let count = |word: &str| {
        let (name, count) = word.split_once('=')?;
        Some((name.to_owned(), count.parse().ok()?))
    };
    words.filter_map(count).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_and_counts_are_read_and_words_are_not() {
        let read = super::read(": late_ticks=3 unsent=x by mg ticks=1000");
        let read: Vec<(&str, u64)> = read.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        assert_eq!(read, [("late_ticks", 3), ("ticks", 1_000)]);
    }
}
