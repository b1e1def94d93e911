//! A bare tokenizer by hand: what any reader of the text must at least do. It walks all octets,
//! tells words, signs, quoted strings, comments, session descriptions and digit maps apart, and
//! counts them. It builds nothing and checks nothing.

/// What an octet can begin or end.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Class {
    Word,
    Space,
    Sign,
    Open,
    Quote,
    Comment,
}

static CLASSES: [Class; 256] = {
    let mut classes = [Class::Word; 256];
    let mut octet = 0;
    while octet < 256 {
        classes[octet] = match octet as u8 {
            b' ' | b'\t' | b'\r' | b'\n' => Class::Space,
            b'}' | b',' | b'=' | b'[' | b']' | b'<' | b'>' | b'#' | b':' => Class::Sign,
            b'{' => Class::Open,
            b'"' => Class::Quote,
            b';' => Class::Comment,
            _ => Class::Word,
        };
        octet += 1;
    }
    classes
};

/// What the next `{` would open.
#[derive(Clone, Copy)]
enum Block {
    /// More tokens.
    Tokens,
    /// A session description; a brace within it is escaped.
    Session,
    /// A digit map.
    DigitMap,
}

/// How many tokens there are.
pub(crate) fn count(octets: &[u8]) -> usize {
    let mut tokens = 0;
    let mut block = Block::Tokens;
    let mut at = 0;
    while let Some(&octet) = octets.get(at) {
        tokens += 1;
        at = match CLASSES[usize::from(octet)] {
            Class::Space => {
                tokens -= 1;
                at + 1
            }
            Class::Sign => at + 1,
            Class::Word => {
                let end = until(octets, at + 1, |octet| {
                    CLASSES[usize::from(octet)] != Class::Word
                });
                block = opens(&octets[at..end], block);
                end
            }
            Class::Quote => until(octets, at + 1, |octet| octet == b'"') + 1,
            Class::Comment => until(octets, at + 1, |octet| matches!(octet, b'\r' | b'\n')),
            Class::Open => match std::mem::replace(&mut block, Block::Tokens) {
                Block::Tokens => at + 1,
                Block::Session => session_end(octets, at + 1),
                Block::DigitMap => until(octets, at + 1, |octet| octet == b'}'),
            },
        };
    }
    tokens
}

/// The first place from `at` on where an octet stops what is walked over.
fn until(octets: &[u8], at: usize, stops: impl Fn(u8) -> bool) -> usize {
    let rest = octets.get(at..).unwrap_or_default();
    at + rest
        .iter()
        .position(|&octet| stops(octet))
        .unwrap_or(rest.len())
}

/// The brace that ends a session description.
fn session_end(octets: &[u8], from: usize) -> usize {
    let mut at = until(octets, from, |octet| octet == b'}');
    while at < octets.len() && octets[at - 1] == b'\\' {
        at = until(octets, at + 1, |octet| octet == b'}');
    }
    at
}

/// What a `{` behind this word opens; the name of a digit map stands between its keyword and it.
fn opens(word: &[u8], before: Block) -> Block {
    match word {
        b"L" | b"R" | b"Local" | b"Remote" => Block::Session,
        b"DM" | b"DigitMap" => Block::DigitMap,
        _ => match before {
            Block::DigitMap => Block::DigitMap,
            Block::Tokens | Block::Session => Block::Tokens,
        },
    }
}

#[cfg(test)]
mod tests {
    fn count(text: &str) -> usize {
        super::count(text.as_bytes())
    }

    #[test]
    fn words_signs_comments_and_strings_are_one_token_each() {
        assert_eq!(count("!/1 mg PN = 7 { } ; bye } }\n}"), 9);
        assert_eq!(count("ER=400{\"a { b\"}"), 6);
    }

    #[test]
    fn what_a_block_of_octets_holds_is_no_token() {
        assert_eq!(count("L{\nv=0\ns=\\}a\n},R{v=0}"), 7);
        assert_eq!(count("DM=plan{T:3,(x{|8)}"), 5);
    }

    #[test]
    fn a_block_that_does_not_end_goes_to_the_end() {
        assert_eq!(count("L{"), 2);
        assert_eq!(count("\"a"), 1);
    }
}
