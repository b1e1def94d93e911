//! What our codec allocates, as counted by a program of its own.

use std::{collections::BTreeMap, io, process::Command};

use codec_bench::ours::{Set, Work};

/// The program that counts. It stands beside this one.
const PROGRAM: &str = "codec-bench-allocations";

/// What some work allocates.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Count {
    pub(crate) allocations: u64,
    pub(crate) octets: u64,
}

/// The counts of each message, by form, work and name.
pub(crate) struct Counts(BTreeMap<String, Count>);

impl Counts {
    /// Has everything counted.
    pub(crate) fn take() -> io::Result<Self> {
        let program = std::env::current_exe()?.with_file_name(PROGRAM);
        let missing = |error| {
            let how = "`cargo build --release -p codec-bench --bins` builds it";
            io::Error::other(format!("{}: {error}; {how}", program.display()))
        };
        let output = Command::new(&program).output().map_err(missing)?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(io::Error::other(said.trim_end()));
        }
        Self::read(&String::from_utf8_lossy(&output.stdout))
    }

    fn read(lines: &str) -> io::Result<Self> {
        let entry = |line: &str| {
            let wrong =
                || io::Error::other(format!("{PROGRAM}: expected two numbers, found {line:?}"));
            read_line(line).ok_or_else(wrong)
        };
        lines
            .lines()
            .map(entry)
            .collect::<io::Result<_>>()
            .map(Self)
    }

    /// What one pass of this work over the set allocates.
    pub(crate) fn of(&self, set: &Set<'_>, work: Work) -> Count {
        let key = |name: &str| format!("{} {} {name}", set.form.name(), work.name());
        let counted = set.names().map(|name| self.0[&key(name)]);
        counted.fold(Count::default(), |sum, count| Count {
            allocations: sum.allocations + count.allocations,
            octets: sum.octets + count.octets,
        })
    }
}

/// A key, and the two numbers behind it.
fn read_line(line: &str) -> Option<(String, Count)> {
    let (rest, octets) = line.rsplit_once(' ')?;
    let (key, allocations) = rest.rsplit_once(' ')?;
    let count = Count {
        allocations: allocations.parse().ok()?,
        octets: octets.parse().ok()?,
    };
    Some((key.to_owned(), count))
}

#[cfg(test)]
mod tests {
    use super::{Count, Counts};

    #[test]
    fn a_line_is_a_key_and_two_numbers() {
        let counts = Counts::read("ber decode 001-a 6 1636\nber peek 001-a 0 1\n").unwrap();
        let expected = Count {
            allocations: 6,
            octets: 1636,
        };
        assert_eq!(counts.0["ber decode 001-a"], expected);
        assert_eq!(counts.0.len(), 2);
        assert!(Counts::read("ber decode 6\n").is_err());
    }
}
