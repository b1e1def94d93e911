//! Messages in BER as no encoder of ours writes them.

/// One element: its tag, and what is in it.
#[derive(Clone, Debug)]
struct Element {
    tag: Vec<u8>,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Octets(Vec<u8>),
    Elements(Vec<Element>),
}

/// The first message, and the body with its transactions.
const TRANSACTION: [u8; 4] = [0xa1, 0xa2, 0xa1, 0xa0];
/// The alternative of an audit of values among the commands, and one that there is not.
const AUDIT_VALUE: u8 = 0xa5;
const NO_COMMAND: u8 = 0xbd;

/// The message in the way that a word of `send` asks for.
pub(super) fn respell(octets: &[u8], words: &[String]) -> Option<Vec<u8>> {
    let has = |word: &str| words.iter().any(|own| own == word);
    if has("half") {
        return Some(octets[..octets.len() / 2].to_vec());
    }
    let (mut message, _) = Element::read(octets)?;
    if has("extended") {
        let unknown = Element {
            tag: vec![0x9e],
            content: Content::Octets(b"abc".to_vec()),
        };
        message.at(&TRANSACTION)?.push(unknown);
    }
    for pair in swaps(words) {
        let (from, to) = (hex(pair.0)?, read_all(&hex(pair.1)?)?);
        if !message.swap(&from, &to) {
            return None;
        }
    }
    if has("strange") {
        message.rename(AUDIT_VALUE, NO_COMMAND);
    }
    let mut octets = Vec::new();
    message.write(has("indefinite"), &mut octets);
    Some(octets)
}

/// What is to stand in the place of what.
fn swaps(words: &[String]) -> impl Iterator<Item = (&str, &str)> {
    let triples = words.windows(3).filter(|triple| triple[0] == "swap");
    triples.map(|triple| (triple[1].as_str(), triple[2].as_str()))
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    let octet = |pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.map(octet).collect()
}

/// The message with this version in its header.
pub(super) fn with_version(octets: &[u8], version: u8) -> Option<Vec<u8>> {
    let (mut message, _) = Element::read(octets)?;
    let header = message.at(&[0xa1])?.first_mut()?;
    header.content = Content::Octets(vec![version]);
    let mut octets = Vec::new();
    message.write(false, &mut octets);
    Some(octets)
}

impl Element {
    /// Reads one element of definite length, and returns what is behind it.
    fn read(octets: &[u8]) -> Option<(Self, &[u8])> {
        let (first, mut rest) = octets.split_first()?;
        let mut tag = vec![*first];
        if first & 0x1f == 0x1f {
            loop {
                let (next, behind) = rest.split_first()?;
                tag.push(*next);
                rest = behind;
                if next & 0x80 == 0 {
                    break;
                }
            }
        }
        let (length, rest) = read_length(rest)?;
        let (inside, behind) = rest.split_at_checked(length)?;
        let content = if first & 0x20 == 0 {
            Content::Octets(inside.to_vec())
        } else {
            Content::Elements(read_all(inside)?)
        };
        Some((Self { tag, content }, behind))
    }

    /// The elements at the end of a path of first octets of tags.
    fn at(&mut self, path: &[u8]) -> Option<&mut Vec<Self>> {
        let Content::Elements(elements) = &mut self.content else {
            return None;
        };
        let Some((first, rest)) = path.split_first() else {
            return Some(elements);
        };
        elements
            .iter_mut()
            .find(|one| one.tag[0] == *first)?
            .at(rest)
    }

    /// Gives elements of a tag another one, the first that are met on every way down.
    fn rename(&mut self, from: u8, to: u8) {
        let Content::Elements(elements) = &mut self.content else {
            return;
        };
        for one in elements {
            if one.tag == [from] {
                one.tag = vec![to];
            } else {
                one.rename(from, to);
            }
        }
    }

    /// Puts others in the place of the last element with these octets; whether there was one.
    fn swap(&mut self, from: &[u8], to: &[Self]) -> bool {
        let Content::Elements(elements) = &mut self.content else {
            return false;
        };
        for at in (0..elements.len()).rev() {
            let mut octets = Vec::new();
            elements[at].write(false, &mut octets);
            if octets == from {
                elements.splice(at..=at, to.iter().cloned());
                return true;
            }
            if elements[at].swap(from, to) {
                return true;
            }
        }
        false
    }

    fn write(&self, indefinite: bool, to: &mut Vec<u8>) {
        to.extend(&self.tag);
        match &self.content {
            Content::Octets(octets) => {
                write_length(octets.len(), to);
                to.extend(octets);
            }
            Content::Elements(elements) if indefinite => {
                to.push(0x80);
                elements.iter().for_each(|one| one.write(true, to));
                to.extend([0, 0]);
            }
            Content::Elements(elements) => {
                let mut inside = Vec::new();
                elements
                    .iter()
                    .for_each(|one| one.write(false, &mut inside));
                write_length(inside.len(), to);
                to.extend(inside);
            }
        }
    }
}

fn read_all(mut octets: &[u8]) -> Option<Vec<Element>> {
    let mut elements = Vec::new();
    while !octets.is_empty() {
        let (one, rest) = Element::read(octets)?;
        elements.push(one);
        octets = rest;
    }
    Some(elements)
}

fn read_length(octets: &[u8]) -> Option<(usize, &[u8])> {
    let (first, rest) = octets.split_first()?;
    if *first < 0x80 {
        return Some((usize::from(*first), rest));
    }
    let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
    let add = |length: usize, digit: &u8| length << 8 | usize::from(*digit);
    (digits.len() <= 4).then(|| (digits.iter().fold(0, add), rest))
}

fn write_length(length: usize, to: &mut Vec<u8>) {
    if let Ok(short @ 0..0x80) = u8::try_from(length) {
        to.push(short);
        return;
    }
    let digits = length.to_be_bytes();
    let digits = digits.into_iter().skip_while(|digit| *digit == 0);
    let digits: Vec<u8> = digits.collect();
    to.push(0x80 | u8::try_from(digits.len()).unwrap_or(8));
    to.extend(digits);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_is_read_is_written_by_the_same_octets() {
        let octets = [0x30, 0x07, 0xa1, 0x05, 0x80, 0x01, 0x03, 0x9e, 0x00];
        let (message, rest) = Element::read(&octets).expect("it is well formed");
        assert!(rest.is_empty());
        let mut again = Vec::new();
        message.write(false, &mut again);
        assert_eq!(again, octets);
        again.clear();
        message.write(true, &mut again);
        let indefinite = [
            0x30, 0x80, 0xa1, 0x80, 0x80, 0x01, 0x03, 0x9e, 0, 0, 0, 0, 0,
        ];
        assert_eq!(again, indefinite);
    }

    #[test]
    fn an_element_is_swapped_for_others_and_lengths_follow() {
        let octets = [0x30, 0x07, 0xa1, 0x05, 0x80, 0x01, 0x03, 0x9e, 0x00];
        let words = ["send", "swap", "800103", "8002012c8100"].map(str::to_owned);
        let swapped = respell(&octets, &words).expect("it is well formed");
        let expected = [
            0x30, 0x0a, 0xa1, 0x08, 0x80, 0x02, 0x01, 0x2c, 0x81, 0x00, 0x9e, 0x00,
        ];
        assert_eq!(swapped, expected);
        let words = ["send", "swap", "800104", "8000"].map(str::to_owned);
        assert_eq!(respell(&octets, &words), None);
    }
}
