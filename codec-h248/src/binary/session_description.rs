//! Local and Remote (H.248.1 Annex A.2 `LocalRemoteDescriptor`, Annex C): groups of properties
//! that are the lines of session descriptions.
//!
//! A group begins at each `v=` line. One that begins otherwise is told by the line
//! `a=x-h248:group` before it, unless it is the first and has properties.

use memchr::memrchr2;

use super::{
    ber::{BerError, BerReader, BerWriter, Tag},
    session_line::{
        self, Line, Parm, is_plain, letter, push_group, push_line, push_property, push_sdp,
    },
};
use crate::descriptor::SessionDescription;

/// Room for the lines of most descriptions.
const ROOM: usize = 512;
/// What the first line of a session description begins with.
const FIRST: &[u8] = b"v=";

/// `LocalRemoteDescriptor`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<SessionDescription<'a>, BerError> {
    let mut lines = Vec::new();
    r.mandatory(0, "propGrps", |r| {
        lines.reserve(r.left().min(ROOM));
        let mut first = true;
        r.every(|r| {
            let group = r.element(Tag::SEQUENCE, "PropertyGroup", |r| {
                group(r, &mut lines, first)
            });
            first = false;
            group
        })
    })?;
    r.extensions(0)?;
    Ok(SessionDescription::new(lines))
}

/// `PropertyGroup`
fn group(r: &mut BerReader<'_>, lines: &mut Vec<u8>, first: bool) -> Result<(), BerError> {
    let start = lines.len();
    r.every(|r| r.element(Tag::SEQUENCE, "PropertyParm", |r| property(r, lines, start)))?;
    let told = lines[start..].starts_with(FIRST) || (first && lines.len() > start);
    if !told {
        let behind = lines.split_off(start);
        push_group(lines, "");
        lines.extend(behind);
    }
    Ok(())
}

/// `PropertyParm` of a group that began at `start`.
fn property(r: &mut BerReader<'_>, lines: &mut Vec<u8>, start: usize) -> Result<(), BerError> {
    let name = r.array(0, "name")?;
    // Another first line would begin another group.
    let letter = letter(name).filter(|letter| *letter != FIRST[0] || lines.len() == start);
    if let Some(letter) = letter
        && let Some(text) = r.wrapped_text(1, |text| is_plain(letter, text))
    {
        push_line(lines, letter, text);
        return r.extensions(2);
    }
    let parm = Parm::read(r)?;
    if letter
        .and_then(|letter| push_sdp(lines, r, letter, &parm))
        .is_none()
    {
        push_property(lines, name, Some(&parm));
    }
    Ok(())
}

/// `LocalRemoteDescriptor`
pub(super) fn write(w: &mut BerWriter<'_>, description: &SessionDescription<'_>) {
    w.extensions();
    w.constructed(0, "propGrps", |w| {
        let mut lines = lines_backwards(&description.octets).peekable();
        while lines.peek().is_some() {
            w.element(Tag::SEQUENCE, |w| write_group(w, &mut lines));
        }
    });
}

/// The lines that say something, from the last to the first.
pub(super) fn lines_backwards(octets: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut left = Some(octets);
    let lines = std::iter::from_fn(move || {
        let octets = left?;
        let end = memrchr2(b'\r', b'\n', octets);
        left = end.map(|end| &octets[..end]);
        Some(&octets[end.map_or(0, |end| end + 1)..])
    });
    lines
        .map(<[u8]>::trim_ascii_start)
        .filter(|line| !line.is_empty())
}

/// `PropertyGroup`, up to the line that it begins with.
fn write_group<'l>(w: &mut BerWriter<'_>, lines: &mut impl Iterator<Item = &'l [u8]>) {
    for line in lines {
        match Line::read(line) {
            Some(Line::Group(b"")) => return,
            Some(Line::Sdp(name, text)) => {
                write_property(w, name, |w| session_line::write_sdp(w, text));
                if line.starts_with(FIRST) {
                    return;
                }
            }
            Some(Line::Property(name, value)) => write_property(w, name, |w| {
                if session_line::write_value(w, value).is_none() {
                    session_line::fail(w, line);
                }
            }),
            Some(Line::Group(_)) | None => session_line::fail(w, line),
        }
    }
}

/// `PropertyParm`
pub(super) fn write_property(
    w: &mut BerWriter<'_>,
    name: [u8; 4],
    write_value: impl FnOnce(&mut BerWriter<'_>),
) {
    w.element(Tag::SEQUENCE, |w| {
        w.extensions();
        write_value(w);
        w.octets(0, &name);
    });
}
