//! Where a message of text ends that no frame holds.

/// How far a message has been walked over.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    at: usize,
    depth: usize,
    within: Within,
    /// Whether a transaction has ended, and nothing came behind it.
    closed: bool,
}

#[derive(Debug, Default)]
enum Within {
    #[default]
    Words,
    Quotes,
    Comment,
    /// Braces of Local or Remote, which hold octets of any kind.
    Octets,
}

impl Scan {
    /// The length of the message that `octets` begin with, all of which stood there the last time
    /// but for what is added. It ends before the next one, or where the sender pushed what it had.
    pub(crate) fn end(&mut self, octets: &[u8], pushed: bool) -> Option<usize> {
        while let Some(rest) = octets.get(self.at..).filter(|rest| !rest.is_empty()) {
            match self.within {
                Within::Words => {
                    if self.closed && !rest[0].is_ascii_whitespace() && rest[0] != b';' {
                        if begins_message(rest)? {
                            return Some(self.at);
                        }
                        self.closed = false;
                    }
                    self.word(octets);
                }
                Within::Quotes => self.over(memchr::memchr(b'"', rest), rest),
                Within::Comment => self.over(memchr::memchr2(b'\r', b'\n', rest), rest),
                Within::Octets => {
                    let end = memchr::memchr_iter(b'}', rest)
                        .find(|end| octets[self.at + end - 1] != b'\\');
                    self.over(end, rest);
                }
            }
        }
        (pushed && self.closed).then_some(octets.len())
    }

    /// Goes behind what ends there, or to the end of what there is.
    fn over(&mut self, end: Option<usize>, rest: &[u8]) {
        self.at += end.map_or(rest.len(), |end| end + 1);
        if end.is_some() {
            self.within = Within::Words;
        }
    }

    fn word(&mut self, octets: &[u8]) {
        match octets[self.at] {
            b'{' if holds_octets(&octets[..self.at]) => self.within = Within::Octets,
            b'{' => self.depth += 1,
            b'}' => {
                self.depth = self.depth.saturating_sub(1);
                self.closed = self.depth == 0;
            }
            b'"' => self.within = Within::Quotes,
            b';' => self.within = Within::Comment,
            _ => {}
        }
        self.at += 1;
    }
}

/// Whether what stands between two transactions is another message; nothing where more has to come.
fn begins_message(octets: &[u8]) -> Option<bool> {
    let word = octets
        .iter()
        .take_while(|octet| octet.is_ascii_alphabetic());
    let (word, behind) = octets.split_at(word.count());
    let first = *behind.first()?;
    let named = |name: &str| word.eq_ignore_ascii_case(name.as_bytes());
    Some(match word {
        [] => first == b'!',
        _ => named("MEGACO") || named("AU") || named("Authentication"),
    })
}

/// Whether the brace behind these octets is one of Local or Remote.
fn holds_octets(before: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    let word = before.iter().rev().take(7);
    let word = word.take_while(|octet| octet.is_ascii_alphanumeric());
    let (before, word) = before.split_at(before.len() - word.count());
    let stands_alone = matches!(before.trim_ascii_end().last(), Some(b'{' | b','));
    let mut names = ["L", "R", "Local", "Remote"].iter();
    stands_alone && names.any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "!/3 mg ; T=9{}\nT=1{C=1{A=R{M{ L {\ns=a{\"\\}\n},R { } },S=L{AT{}}}}}\r\nP=2{C=1{S=R{}},ER=400{\"}{\"}} ";
    const SECOND: &str = "MEGACO/3 mg PN=7{}";

    #[test]
    fn a_message_ends_before_the_next_one_however_it_comes() {
        let both = [FIRST, SECOND].concat();
        for cut in 1..both.len() {
            let mut scan = Scan::default();
            let first = scan.end(&both.as_bytes()[..cut], false);
            let end = first.or_else(|| scan.end(both.as_bytes(), false));
            assert_eq!(end, Some(FIRST.len()), "cut at {cut}");
        }
    }

    #[test]
    fn the_last_message_ends_where_its_sender_pushes() {
        let octets = SECOND.as_bytes();
        assert_eq!(Scan::default().end(octets, false), None);
        assert_eq!(Scan::default().end(octets, true), Some(octets.len()));
        assert_eq!(Scan::default().end(&octets[..octets.len() - 1], true), None);
    }

    #[test]
    fn a_long_word_before_a_brace_is_none_of_octets() {
        assert!(!holds_octets(b"{aLocal"));
        assert!(!holds_octets(b"=L"));
        assert!(holds_octets(b"{ local "));
    }
}
