//! A bare tokenizer by hand: what any reader of the text must at least do. It builds nothing and
//! checks nothing.

/// Counts words, signs, strings and blocks of octets.
pub(crate) fn count(octets: &[u8]) -> usize {
    let mut tokens = 0;
    let mut at = 0;
    let mut word = 0..0;
    while let Some(&octet) = octets.get(at) {
        tokens += 1;
        at = match octet {
            b' ' | b'\t' | b'\r' | b'\n' => {
                tokens -= 1;
                at + 1
            }
            b';' => skip(octets, at, |octet| matches!(octet, b'\r' | b'\n')),
            b'"' => skip(octets, at + 1, |octet| octet == b'"') + 1,
            b'{' if holds_octets(&octets[word.clone()]) => skip(octets, at, |octet| octet == b'}'),
            b'{' | b'}' | b',' | b'=' | b'[' | b']' | b'<' | b'>' | b'#' | b':' => at + 1,
            _ => {
                let end = skip(octets, at + 1, ends_word);
                word = at..end;
                end
            }
        };
    }
    tokens
}

/// The first place from `at` where an octet stops what is being skipped.
fn skip(octets: &[u8], at: usize, stops: impl Fn(u8) -> bool) -> usize {
    let rest = octets.get(at..).unwrap_or_default();
    at + rest.iter().position(|&octet| stops(octet)).unwrap_or(rest.len())
}

fn ends_word(octet: u8) -> bool {
    ENDS_WORD[usize::from(octet)]
}

static ENDS_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut place = 0;
    let ends = b" \t\r\n;\"{},=[]<>#:";
    while place < ends.len() {
        table[ends[place] as usize] = true;
        place += 1;
    }
    table
};

fn holds_octets(word: &[u8]) -> bool {
    matches!(word, b"L" | b"R" | b"Local" | b"Remote")
}

#[cfg(test)]
mod tests {
    #[test]
    fn tokens_are_counted() {
        let count = |text: &str| super::count(text.as_bytes());
        assert_eq!(count("!/1 mg PN = 7 { } ; bye"), 8);
        assert_eq!(count("ER=400{\"a { b\"}"), 6);
        assert_eq!(count("L{\nv=0\n}"), 3);
    }
}
