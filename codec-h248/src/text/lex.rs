//! The words of the text encoding (H.248.1 Annex B.2, terminals). Unless its name says `glued`, a
//! parser also eats the white space and comments that follow.

use nom::{
    bytes::complete::{tag_no_case, take_till, take_while1},
    error::context,
    sequence::preceded,
};

use super::error::{Parsed, fail_word as fail};

const SAFE: u8 = 1;
const VALUE: u8 = 1 << 1;
const NAME: u8 = 1 << 2;
const PATH: u8 = 1 << 3;
const QUOTED: u8 = 1 << 4;
const SPACE: u8 = 1 << 5;
const DIGIT_MAP: u8 = 1 << 6;
const DOMAIN: u8 = 1 << 7;

/// What each octet can be part of.
static CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut octet = 0;
    while octet < 256 {
        table[octet] = class(octet as u8);
        octet += 1;
    }
    table
}

const fn class(octet: u8) -> u8 {
    let word = match octet {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' => SAFE | VALUE | NAME | PATH,
        b'/' | b'*' | b'$' | b'.' | b'-' => SAFE | VALUE | PATH,
        b'@' => SAFE | VALUE,
        b'+' | b'&' | b'!' | b'\'' | b'?' | b'^' | b'`' | b'~' | b'\\' | b'(' | b')' | b'%'
        | b'|' => SAFE | VALUE,
        0x80..=0xff => VALUE,
        _ => 0,
    };
    let quoted = match octet {
        b'"' | 0x7f => 0,
        b'\t' | b'\r' | b'\n' | 0x20..=0xff => QUOTED,
        _ => 0,
    };
    let space = match octet {
        b' ' | b'\t' | b'\r' | b'\n' => SPACE | DIGIT_MAP,
        _ => 0,
    };
    let digit_map = match octet {
        b'0'..=b'9'
        | b'A'..=b'L'
        | b'a'..=b'l'
        | b'S'
        | b's'
        | b'T'
        | b't'
        | b'X'
        | b'x'
        | b'Z'
        | b'z'
        | b'('
        | b')'
        | b'['
        | b']'
        | b'|'
        | b'-'
        | b'.'
        | b'*'
        | b'#' => DIGIT_MAP,
        _ => 0,
    };
    let domain = match octet {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' => DOMAIN,
        _ => 0,
    };
    word | quoted | space | digit_map | domain
}

#[inline]
const fn is(octet: u8, class: u8) -> bool {
    CLASSES[octet as usize] & class != 0
}

/// Whether the octet is `SafeChar`.
pub(super) const fn is_safe(octet: u8) -> bool {
    is(octet, SAFE)
}

/// How many octets of a domain name come first; an underscore can be one, since names of hosts
/// have it.
#[inline]
pub(super) fn domain_run(i: &[u8]) -> usize {
    run(i, DOMAIN)
}

/// Whether the octet can be part of a digit map, white space included; `*` and `#` are too, since
/// peers send them (the grammar has E and F).
pub(super) fn is_digit_map(octet: u8) -> bool {
    is(octet, DIGIT_MAP)
}

/// Skips `LWSP`: white space, line ends, comments. A comment at the very end needs no line end.
#[inline]
pub(super) fn lwsp(i: &[u8]) -> &[u8] {
    match i.first() {
        Some(b'\t' | b'\n' | b'\r' | b' ' | b';') => behind_lwsp(i),
        Some(_) | None => i,
    }
}

fn behind_lwsp(mut i: &[u8]) -> &[u8] {
    loop {
        match i.first() {
            Some(&octet) if is(octet, SPACE) => i = &i[1..],
            Some(b';') => {
                let end = i.iter().position(|&octet| matches!(octet, b'\r' | b'\n'));
                i = &i[end.unwrap_or(i.len())..];
            }
            Some(_) | None => return i,
        }
    }
}

/// `LWSP` as a parser.
pub(super) fn spaces(i: &[u8]) -> Parsed<'_, ()> {
    Ok((lwsp(i), ()))
}

/// `SEP`: white space that must be there.
#[inline]
pub(super) fn separator(i: &[u8]) -> Parsed<'_, ()> {
    let rest = lwsp(i);
    if rest.len() == i.len() {
        return fail(i, "SEP");
    }
    Ok((rest, ()))
}

/// Whether the next octet is this one.
#[inline]
pub(super) fn next_is(i: &[u8], octet: u8) -> bool {
    i.first() == Some(&octet)
}

/// What follows `{}`, where that comes first.
pub(super) fn empty_braces(i: &[u8]) -> Option<&[u8]> {
    let inside = lwsp(i.strip_prefix(b"{")?);
    Some(lwsp(inside.strip_prefix(b"}")?))
}

/// `EQUAL`
#[inline]
pub(super) fn equal(i: &[u8]) -> Parsed<'_, ()> {
    match i {
        [b'=', rest @ ..] => Ok((lwsp(rest), ())),
        _ => fail(i, "EQUAL"),
    }
}

/// The longest run of `SafeChar`: a keyword, a name, an id, a value.
#[inline]
pub(super) fn word<'a>(i: &'a [u8], rule: &'static str) -> Parsed<'a, &'a [u8]> {
    let (rest, word) = glued_word(i, rule)?;
    Ok((lwsp(rest), word))
}

/// A run of `SafeChar` with nothing eaten after it.
#[inline]
pub(super) fn glued_word<'a>(i: &'a [u8], rule: &'static str) -> Parsed<'a, &'a [u8]> {
    match safe_run(i) {
        0 => fail(i, rule),
        length => Ok((&i[length..], &i[..length])),
    }
}

/// How many octets of `SafeChar` come first.
#[inline]
pub(super) fn safe_run(i: &[u8]) -> usize {
    run(i, SAFE)
}

/// How many octets of this class come first.
#[inline]
fn run(i: &[u8], class: u8) -> usize {
    let mut length = 0;
    // Whether the message has ended is asked once for four of them.
    while let Some(four) = i[length..].first_chunk::<4>() {
        if let Some(end) = four.iter().position(|&octet| !is(octet, class)) {
            return length + end;
        }
        length += 4;
    }
    let last = i[length..].iter();
    length + last.take_while(|&&octet| is(octet, class)).count()
}

/// Whether the word that begins with `i` ends after `length` octets.
#[inline]
pub(super) fn ends(i: &[u8], length: usize) -> bool {
    !i.get(length).is_some_and(|&octet| is_safe(octet))
}

/// A decimal number with nothing eaten after it, at most ten digits and `max`.
#[inline(always)]
fn glued_number<'a>(i: &'a [u8], max: u32, rule: &'static str) -> Parsed<'a, u32> {
    match few_digits(i) {
        Some((number, length)) if number <= max => Ok((&i[length..], number)),
        Some(_) | None => long_number(i, max, rule),
    }
}

/// A decimal number of at most seven digits, where the message goes on behind it: the number, and
/// how many digits it has.
#[inline(always)]
pub(super) fn few_digits(i: &[u8]) -> Option<(u32, usize)> {
    let &octets = i.first_chunk()?;
    leading_digits(octets).filter(|&(_, length)| length > 0)
}

/// A decimal number of any length.
#[inline(never)]
pub(super) fn long_number<'a>(i: &'a [u8], max: u32, rule: &'static str) -> Parsed<'a, u32> {
    let (number, length) = any_digits(i);
    match u32::try_from(number) {
        Ok(number) if (1..=10).contains(&length) && number <= max => Ok((&i[length..], number)),
        Ok(_) | Err(_) => fail(i, rule),
    }
}

/// The digits that come first among eight octets, where these are not all digits: the number that
/// they are, and how many. All are worked on at once, so that nothing waits for each of them.
#[inline]
fn leading_digits(octets: [u8; 8]) -> Option<(u32, usize)> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // A digit becomes its value, and what is none gets its highest bit set.
    let values = u64::from_le_bytes(octets) ^ (ONES * 0x30);
    let others = (((values & (ONES * 0x7f)) + ONES * 0x76) | values) & (ONES * 0x80);
    let bits = others.trailing_zeros() & !7;
    if bits > 56 {
        return None;
    }
    // The digits move to the end, and what is before them is 0.
    let digits = values << 8 << (56 - bits);
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    let number = fours * 10_000 + (fours >> 32);
    Some((number as u32, (bits / 8) as usize))
}

/// The digits that come first: the number that they are, and how many; one more than a number may
/// have is enough to see that there are too many.
#[inline(never)]
fn any_digits(i: &[u8]) -> (u64, usize) {
    let mut number = 0_u64;
    let mut length = 0;
    for octet in &i[..i.len().min(11)] {
        if !octet.is_ascii_digit() {
            break;
        }
        number = number * 10 + u64::from(octet & 15);
        length += 1;
    }
    (number, length)
}

/// `UINT32` with nothing eaten after it.
#[inline]
pub(super) fn glued_uint32<'a>(i: &'a [u8], rule: &'static str) -> Parsed<'a, u32> {
    glued_number(i, u32::MAX, rule)
}

/// `UINT16` with nothing eaten after it.
#[inline]
pub(super) fn glued_uint16<'a>(i: &'a [u8], rule: &'static str) -> Parsed<'a, u16> {
    let (rest, number) = glued_number(i, u32::from(u16::MAX), rule)?;
    Ok((rest, number as u16))
}

/// One or two digits with nothing eaten after them.
#[inline]
pub(super) fn glued_two_digits<'a>(i: &'a [u8], rule: &'static str) -> Parsed<'a, u8> {
    let digit = |at: usize| i.get(at).filter(|octet| octet.is_ascii_digit());
    match (digit(0), digit(1), digit(2)) {
        (Some(ones), None, _) => Ok((&i[1..], ones & 15)),
        (Some(tens), Some(ones), None) => Ok((&i[2..], (tens & 15) * 10 + (ones & 15))),
        (Some(_), Some(_), Some(_)) | (None, ..) => fail(i, rule),
    }
}

/// A word as a number up to 65,535.
pub(super) fn word_uint16(word: &[u8]) -> Option<u16> {
    let (rest, number) = glued_uint16(word, "UINT16").ok()?;
    rest.is_empty().then_some(number)
}

/// `0x` and hexadecimal digits, as octets; nothing eaten after it.
pub(super) fn glued_hex<'a>(i: &'a [u8], rule: &'static str) -> Parsed<'a, Vec<u8>> {
    let digits = take_while1(|octet: u8| octet.is_ascii_hexdigit());
    let (rest, digits) = context(rule, preceded(tag_no_case("0x"), digits))(i)?;
    match hex_octets(digits) {
        Some(octets) => Ok((rest, octets)),
        None => fail(i, rule),
    }
}

/// Hexadecimal digits as octets, the first digit alone where their number is odd.
pub(super) fn hex_octets(digits: &[u8]) -> Option<Vec<u8>> {
    let nibble = |octet: &u8| char::from(*octet).to_digit(16);
    let (odd, pairs) = digits.split_at(digits.len() % 2);
    let mut octets = Vec::with_capacity(digits.len().div_ceil(2));
    for digit in odd {
        octets.push(u8::try_from(nibble(digit)?).ok()?);
    }
    for pair in pairs.chunks_exact(2) {
        octets.push(u8::try_from(nibble(&pair[0])? << 4 | nibble(&pair[1])?).ok()?);
    }
    Some(octets)
}

/// How long the `NAME` is that comes first; 0 where none does.
#[inline]
fn name_run(i: &[u8]) -> usize {
    let length = run(i, NAME);
    let legal = length <= 64 && i.first().is_some_and(u8::is_ascii_alphabetic);
    if legal { length } else { 0 }
}

/// How long the package and the item of the `pkgdName` are that comes first: of the package `*`
/// only the item `*`.
#[inline]
pub(super) fn package_item_runs(i: &[u8]) -> Option<(usize, usize)> {
    let package = name_run(i);
    if package == 0 {
        return (i.starts_with(b"*/*") && ends(i, 3)).then_some((1, 1));
    }
    let item = i[package..].strip_prefix(b"/")?;
    let length = if next_is(item, b'*') {
        1
    } else {
        name_run(item)
    };
    (length > 0 && ends(item, length)).then_some((package, length))
}

/// How long the path is that comes first; 0 where none does. It is the octets of `pathNAME` in any
/// order that begins with a letter, a digit (as peers send it), `*` or `$`; behind one `@` at most, a
/// domain.
#[inline(always)]
pub(super) fn path_length(i: &[u8]) -> usize {
    let length = run(i, PATH);
    if may_be_path(i, length) {
        length
    } else {
        other_path(i)
    }
}

/// A path with `@` in it, or none.
#[cold]
#[inline(never)]
fn other_path(i: &[u8]) -> usize {
    let length = path_run(i);
    if may_be_path(i, length) { length } else { 0 }
}

/// Whether so many octets, all of them those of a path, are one and a whole word.
#[inline(always)]
fn may_be_path(i: &[u8], length: usize) -> bool {
    starts_path(i) && length <= 64 && ends(i, length)
}

/// How many octets may be those of a path.
#[inline]
fn path_run(i: &[u8]) -> usize {
    let length = run(i, PATH);
    if i.get(length) != Some(&b'@') {
        return length;
    }
    match run(&i[length + 1..], PATH) {
        0 => length,
        domain => length + 1 + domain,
    }
}

#[inline]
fn starts_path(i: &[u8]) -> bool {
    i.first()
        .is_some_and(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'*' | b'$'))
}

/// A `NAME`
#[inline]
pub(super) fn name<'a>(i: &'a [u8], rule: &'static str) -> Parsed<'a, &'a [u8]> {
    let length = name_run(i);
    if length == 0 || !ends(i, length) {
        return fail(i, rule);
    }
    Ok((lwsp(&i[length..]), &i[..length]))
}

/// Whether the word is a path.
pub(crate) fn is_path(word: &[u8]) -> bool {
    word.len() <= 64 && starts_path(word) && path_run(word) == word.len()
}

/// Whether the word is an `extensionParameter`: `X-` or `X+` and one to six letters or digits.
pub(super) fn is_extension(word: &[u8]) -> bool {
    match word {
        [b'X' | b'x', b'-' | b'+', name @ ..] => {
            (1..=6).contains(&name.len()) && name.iter().all(u8::is_ascii_alphanumeric)
        }
        _ => false,
    }
}

/// `quotedString`, without its quotes.
pub(super) fn quoted_string(i: &[u8]) -> Parsed<'_, &[u8]> {
    let [b'"', inside @ ..] = i else {
        return fail(i, "quotedString");
    };
    match inside.split_at(run(inside, QUOTED)) {
        (octets, [b'"', rest @ ..]) => Ok((lwsp(rest), octets)),
        (_, rest) => fail(rest, "quotedString"),
    }
}

/// An unquoted `VALUE`.
#[inline]
pub(super) fn bare_value(i: &[u8]) -> Parsed<'_, &[u8]> {
    match i.split_at(run(i, VALUE)) {
        ([], _) => fail(i, "VALUE"),
        (octets, rest) => Ok((lwsp(rest), octets)),
    }
}

/// `/` with nothing eaten after it, where it is next.
#[inline]
pub(super) fn glued_slash(i: &[u8]) -> Parsed<'_, bool> {
    Ok(match i.strip_prefix(b"/") {
        Some(rest) => (rest, true),
        None => (i, false),
    })
}

/// The rest after what a comment or the like takes up to its line end.
pub(super) fn line(i: &[u8]) -> Parsed<'_, &[u8]> {
    take_till(|octet| matches!(octet, b'\r' | b'\n'))(i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_worked_on_at_once_are_the_number_that_they_are_one_by_one() {
        let behind = (0..=u8::MAX).filter(|octet| !octet.is_ascii_digit());
        for octet in behind {
            for digits in [
                "", "0", "7", "42", "099", "1944", "65535", "000817", "9999999",
            ] {
                let mut text = [b'5'; 8];
                text[..digits.len()].copy_from_slice(digits.as_bytes());
                text[digits.len()] = octet;
                text[7] = octet;
                let expected = (digits.parse().unwrap_or(0), digits.len());
                assert_eq!(leading_digits(text), Some(expected), "{digits} {octet}");
                let (number, length) = any_digits(&text);
                assert_eq!((number as u32, length), expected, "{digits} {octet}");
            }
        }
    }

    #[test]
    fn a_number_is_read_wherever_the_message_ends() {
        for number in [0, 9, 1944, 9_999_999, 10_000_000, 99_999_999, u32::MAX] {
            for behind in ["", "{", "{}", "=12345678"] {
                let text = format!("{number}{behind}");
                let read = glued_uint32(text.as_bytes(), "UINT32");
                assert_eq!(read, Ok((behind.as_bytes(), number)), "{text}");
            }
        }
        for text in ["", "x", "4294967296", "00000000001", "4294967296 and more"] {
            assert!(glued_uint32(text.as_bytes(), "UINT32").is_err(), "{text}");
        }
        assert!(glued_uint16(b"65536 and more", "UINT16").is_err());
    }
}
