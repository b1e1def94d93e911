//! Local and Remote in an audit (H.248.1 Annex A.2 `IndAudLocalRemoteDescriptor`): lines without
//! text ask, and lines with text select (version 3).
//!
//! The number of a group is the line `a=x-h248:group=1`.

use super::{
    ber::{BerError, BerReader, BerWriter, Tag},
    session_description::lines_backwards,
    session_line::{self, Line, Parm, letter, push_group, push_line, push_property, push_sdp},
};
use crate::descriptor::SessionDescription;

/// `IndAudLocalRemoteDescriptor`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<SessionDescription<'a>, BerError> {
    let mut lines = Vec::new();
    if let Some(group) = r.optional_unsigned::<u16>(0, "propGroupID")? {
        push_group(&mut lines, &format!("={group}"));
    }
    r.mandatory(1, "propGrps", |r| {
        r.every(|r| {
            r.element(Tag::SEQUENCE, "IndAudPropertyParm", |r| {
                property(r, &mut lines)
            })
        })
    })?;
    r.extensions(1)?;
    Ok(SessionDescription::new(lines))
}

/// `IndAudPropertyParm`
fn property(r: &mut BerReader<'_>, lines: &mut Vec<u8>) -> Result<(), BerError> {
    let name = r.array(0, "name")?;
    let selector = r.optional(1, "propertyParms", |r| {
        r.array::<4>(0, "name")?;
        Parm::read(r)
    })?;
    r.extensions(1)?;
    match (letter(name), &selector) {
        (Some(letter), None) => push_line(lines, letter, b""),
        (Some(letter), Some(parm)) => {
            let start = lines.len();
            let pushed = push_sdp(lines, r, letter, parm);
            // Without text it would ask.
            if pushed.is_none() || lines[start..] == [letter, b'=', b'\r', b'\n'] {
                lines.truncate(start);
                push_property(lines, name, selector.as_ref());
            }
        }
        (None, _) => push_property(lines, name, selector.as_ref()),
    }
    Ok(())
}

/// `IndAudLocalRemoteDescriptor`
pub(super) fn write(w: &mut BerWriter<'_>, description: &SessionDescription<'_>) {
    w.extensions();
    let mut group = None;
    w.constructed(1, "propGrps", |w| {
        let mut lines = lines_backwards(&description.octets).peekable();
        while let Some(line) = lines.next() {
            match Line::read(line) {
                Some(Line::Group(what)) if lines.peek().is_none() => {
                    group = number(what);
                    if group.is_none() {
                        session_line::fail(w, line);
                    }
                }
                Some(found) => w.element(Tag::SEQUENCE, |w| write_audited(w, line, &found)),
                None => session_line::fail(w, line),
            }
        }
    });
    if let Some(group) = group {
        w.unsigned(0, group);
    }
}

/// The number of a group; it has one spelling.
fn number(what: &[u8]) -> Option<u16> {
    let digits = std::str::from_utf8(what.strip_prefix(b"=")?).ok()?;
    let number: u16 = digits.parse().ok()?;
    (number.to_string() == digits).then_some(number)
}

/// `IndAudPropertyParm`
fn write_audited(w: &mut BerWriter<'_>, line: &[u8], found: &Line<'_>) {
    w.extensions();
    let name = match *found {
        Line::Sdp(name, b"") | Line::Property(name, b"") => name,
        Line::Sdp(name, text) => {
            write_selector(w, name, |w| session_line::write_sdp(w, text));
            name
        }
        Line::Property(name, value) => {
            write_selector(w, name, |w| {
                if session_line::write_value(w, value).is_none() {
                    session_line::fail(w, line);
                }
            });
            name
        }
        Line::Group(_) => return session_line::fail(w, line),
    };
    w.octets(0, &name);
}

/// The component `propertyParms`.
fn write_selector(
    w: &mut BerWriter<'_>,
    name: [u8; 4],
    write_value: impl FnOnce(&mut BerWriter<'_>),
) {
    w.since(3, "propertyParms");
    w.constructed(1, "propertyParms", |w| {
        w.extensions();
        write_value(w);
        w.octets(0, &name);
    });
}
