//! Lines of session descriptions and the properties that they are (H.248.1 Annex C).
//!
//! | line | property |
//! | --- | --- |
//! | `c=IN IP4 $` | the line's tag, 0000 B008, with the text behind `c=` |
//! | `a=x-h248:1006=0x04021234` | the tag 0000 1006; the OCTET STRING that is its value, in hex |
//! | `a=x-h248:000b0007=0x020128` | a property of a package, by its number |
//!
//! No value (CHOOSE) has no digits, and several stand in `[…]` (sublist TRUE, or a range with `:`
//! between the two) or `{…}` (sublist FALSE) or bare, with `,` between them; a relation is `>`, `<`
//! or `#` in place of `=`. In this form stands what is no line of SDP, but for one thing: a line
//! without a value, which is CHOOSE for all of it, is `c=$`.

use std::borrow::Cow;

use memchr::{memchr, memchr3};

use super::{
    Unsayable,
    ber::{BerError, BerReader, BerWriter, Tag},
    hex,
    value::{ExtraInfo, Relation, read_extra_info, write_extra_info},
    wrapped::Wrapped,
};
use crate::Expected;

/// What a line begins with that is no line of SDP.
const OTHER: &[u8] = b"a=x-h248:";
/// The letters of lines, by their tags from B001 on.
const LETTERS: [u8; 15] = *b"vosiuepcbzkatrm";
/// What ends a line.
const LINE_END: &[u8] = b"\r\n";

/// A property's value as it stands.
pub(super) struct Parm<'a> {
    first: Option<Cow<'a, [u8]>>,
    more: Vec<Cow<'a, [u8]>>,
    extra: Option<ExtraInfo>,
}

impl<'a> Parm<'a> {
    /// The components `value` and `extraInfo`, and the end of `PropertyParm`.
    pub(super) fn read(r: &mut BerReader<'a>) -> Result<Self, BerError> {
        let mut first = None;
        let mut more = Vec::new();
        let start = r.offset();
        r.mandatory(1, "value", |r| {
            r.every(|r| {
                let value = r.octets_entry("value")?;
                if first.is_none() {
                    first = Some(value);
                } else {
                    more.push(value);
                }
                Ok(())
            })
        })?;
        let extra = r.optional(2, "extraInfo", read_extra_info)?;
        r.extensions(2)?;
        if matches!(extra, Some(ExtraInfo::Range(true))) && more.len() != 1 {
            return Err(r.wrong_since(start, Expected::Rule("two values of a range")));
        }
        Ok(Self { first, more, extra })
    }

    fn values(&self) -> impl Iterator<Item = &Cow<'a, [u8]>> {
        self.first.iter().chain(&self.more)
    }
}

/// The letter of a property that is a line of SDP.
pub(super) fn letter(name: [u8; 4]) -> Option<u8> {
    let [0, 0, 0xb0, tag] = name else {
        return None;
    };
    LETTERS.get(usize::from(tag).checked_sub(1)?).copied()
}

/// Adds the line of SDP that a property is, if it is one.
pub(super) fn push_sdp(
    out: &mut Vec<u8>,
    r: &BerReader<'_>,
    letter: u8,
    parm: &Parm<'_>,
) -> Option<()> {
    if !parm.more.is_empty() || parm.extra.is_some() {
        return None;
    }
    let octets = parm.first.as_deref();
    let wrapped = octets.map_or(Wrapped::Wildcard("$"), |octets| {
        Wrapped::of(octets, r.limits(), r.profile())
    });
    let text = line_text(letter, &wrapped)?;
    if is_other(letter, text) {
        return None;
    }
    push_line(out, letter, text);
    Some(())
}

/// Whether a line would be read as one that is no line of SDP.
fn is_other(letter: u8, text: &[u8]) -> bool {
    letter == b'a' && text.starts_with(&OTHER[2..])
}

/// Whether a text is a line of SDP as nearly all are: of nothing but printable characters. All are
/// looked at, since a loop that may end early takes them one by one.
pub(super) fn is_plain(letter: u8, text: &[u8]) -> bool {
    let all = |all, octet: &u8| all & (b' '..=b'~').contains(octet);
    text.iter().fold(true, all) && !is_other(letter, text)
}

/// A line of SDP.
pub(super) fn push_line(out: &mut Vec<u8>, letter: u8, text: &[u8]) {
    out.extend_from_slice(&[letter, b'=']);
    out.extend_from_slice(text);
    out.extend_from_slice(LINE_END);
}

/// What stands behind a line's letter; nothing where it would not be read as what it is.
fn line_text<'w>(letter: u8, wrapped: &'w Wrapped<'_>) -> Option<&'w [u8]> {
    let text = match wrapped {
        Wrapped::Text(text) => text.as_bytes(),
        Wrapped::Wildcard(sign) => sign.as_bytes(),
        // As whatever is no UTF-8 is written.
        Wrapped::Octets(octets) if std::str::from_utf8(octets).is_err() => octets,
        Wrapped::Raw(octets) if !octets.iter().any(u8::is_ascii_control) => {
            octets.strip_prefix(&[letter, b'=']).unwrap_or(octets)
        }
        Wrapped::Raw(_)
        | Wrapped::Octets(_)
        | Wrapped::Boolean(_)
        | Wrapped::Integer(_)
        | Wrapped::Enumerated(_) => return None,
    };
    memchr3(0, b'\r', b'\n', text).is_none().then_some(text)
}

/// A line that is no line of SDP: a property by its number, with its value if it has one.
pub(super) fn push_property(out: &mut Vec<u8>, name: [u8; 4], parm: Option<&Parm<'_>>) {
    out.extend_from_slice(OTHER);
    match name {
        [0, 0, tag @ ..] => push_hex(out, &tag),
        name => push_hex(out, &name),
    }
    if let Some(parm) = parm {
        let (before, between, after) = signs(parm.extra);
        out.extend_from_slice(before);
        for (place, value) in parm.values().enumerate() {
            if place > 0 {
                out.push(between);
            }
            out.extend_from_slice(b"0x");
            push_hex(out, value);
        }
        out.extend_from_slice(after);
    }
    out.extend_from_slice(LINE_END);
}

/// What stands before, between and behind the values.
fn signs(extra: Option<ExtraInfo>) -> (&'static [u8], u8, &'static [u8]) {
    match extra {
        None | Some(ExtraInfo::Range(false)) => (b"=", b',', b""),
        Some(ExtraInfo::Range(true)) => (b"=[", b':', b"]"),
        Some(ExtraInfo::Sublist(true)) => (b"=[", b',', b"]"),
        Some(ExtraInfo::Sublist(false)) => (b"={", b',', b"}"),
        Some(ExtraInfo::Relation(Relation::Greater)) => (b">", b',', b""),
        Some(ExtraInfo::Relation(Relation::Less)) => (b"<", b',', b""),
        Some(ExtraInfo::Relation(Relation::NotEqual)) => (b"#", b',', b""),
    }
}

fn push_hex(out: &mut Vec<u8>, octets: &[u8]) {
    out.extend(octets.iter().flat_map(|octet| hex::digits(*octet)));
}

/// A line that says how properties are grouped, with what stands behind the word.
pub(super) fn push_group(out: &mut Vec<u8>, what: &str) {
    out.extend_from_slice(OTHER);
    out.extend_from_slice(b"group");
    out.extend_from_slice(what.as_bytes());
    out.extend_from_slice(LINE_END);
}

/// A line of a session description.
pub(super) enum Line<'l> {
    /// A line of SDP: its property, and what stands behind its letter.
    Sdp([u8; 4], &'l [u8]),
    /// A property by its number, with what stands behind it.
    Property([u8; 4], &'l [u8]),
    /// How properties are grouped, with what stands behind the word.
    Group(&'l [u8]),
}

impl<'l> Line<'l> {
    /// Tells lines apart.
    pub(super) fn read(line: &'l [u8]) -> Option<Self> {
        if let Some(other) = line.strip_prefix(OTHER) {
            return Self::read_other(other);
        }
        let [letter, b'=', text @ ..] = line else {
            return None;
        };
        let tag = u8::try_from(memchr(*letter, &LETTERS)? + 1).ok()?;
        Some(Self::Sdp([0, 0, 0xb0, tag], text))
    }

    fn read_other(line: &'l [u8]) -> Option<Self> {
        if let Some(what) = line.strip_prefix(b"group") {
            return Some(Self::Group(what));
        }
        let digits = line.iter().take_while(|octet| octet.is_ascii_hexdigit());
        let (name, value) = line.split_at(digits.count());
        Some(Self::Property(property_name(name)?, value))
    }
}

/// A line that says nothing.
pub(super) fn fail(w: &mut BerWriter<'_>, line: &[u8]) {
    let line = String::from_utf8_lossy(line).into_owned();
    w.fail(Unsayable::Value("line of a session description", line));
}

fn property_name(digits: &[u8]) -> Option<[u8; 4]> {
    match *hex::octets(digits)? {
        [high, low] => Some([0, 0, high, low]),
        [0, 0, ..] => None,
        [a, b, c, d] => Some([a, b, c, d]),
        _ => None,
    }
}

/// The component `value` of a line of SDP.
pub(super) fn write_sdp(w: &mut BerWriter<'_>, text: &[u8]) {
    w.constructed(1, "value", |w| {
        if text.is_ascii() {
            return w.wrapped(|w| w.primitive(Tag::IA5_STRING, text));
        }
        match std::str::from_utf8(text) {
            Ok(text) => Wrapped::Text(Cow::Borrowed(text)).write(w),
            Err(_) => Wrapped::Octets(Cow::Borrowed(text)).write(w),
        }
    });
}

/// The components `value` and `extraInfo` by what stands behind a property's number.
pub(super) fn write_value(w: &mut BerWriter<'_>, value: &[u8]) -> Option<()> {
    let (inside, extra) = split(value)?;
    let (_, between, _) = signs(extra);
    let mut values = Vec::new();
    if !inside.is_empty() {
        for value in inside.split(|octet| *octet == between) {
            values.push(hex::octets(value.strip_prefix(b"0x")?)?);
        }
    }
    if matches!(extra, Some(ExtraInfo::Range(true))) && values.len() != 2 {
        return None;
    }
    if let Some(extra) = extra {
        write_extra_info(w, extra);
    }
    w.constructed(1, "value", |w| {
        w.each(&values, |w, value| w.octets(Tag::OCTET_STRING, value));
    });
    Some(())
}

/// The values, and what the signs around them say.
fn split(value: &[u8]) -> Option<(&[u8], Option<ExtraInfo>)> {
    let relation = |relation| Some(ExtraInfo::Relation(relation));
    match value {
        [b'=', b'[', inside @ .., b']'] if inside.contains(&b':') => {
            Some((inside, Some(ExtraInfo::Range(true))))
        }
        [b'=', b'[', inside @ .., b']'] => Some((inside, Some(ExtraInfo::Sublist(true)))),
        [b'=', b'{', inside @ .., b'}'] => Some((inside, Some(ExtraInfo::Sublist(false)))),
        [b'=', inside @ ..] => Some((inside, None)),
        [b'>', inside @ ..] => Some((inside, relation(Relation::Greater))),
        [b'<', inside @ ..] => Some((inside, relation(Relation::Less))),
        [b'#', inside @ ..] => Some((inside, relation(Relation::NotEqual))),
        _ => None,
    }
}
