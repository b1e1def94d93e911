//! The words of the grammar (H.248.1 Annex B.2, terminals).

use super::{Check, Walk};
use crate::{
    MId, Name, PackageItem, TerminationId, TimeStamp, Value,
    descriptor::{DigitMapValue, SessionDescription},
};

/// The longest name of a domain.
const LONGEST: usize = 64;

fn is_name(word: &str) -> bool {
    crate::name::is_name(word.as_bytes())
}

/// A path as the reader takes it.
fn is_path(word: &str) -> bool {
    crate::text::is_path(word.as_bytes())
}

pub(super) fn is_extension(word: &str) -> bool {
    let (mark, name) = word.split_at_checked(2).unwrap_or_default();
    matches!(mark, "X-" | "x-" | "X+" | "x+")
        && (1..=6).contains(&name.len())
        && name.bytes().all(|octet| octet.is_ascii_alphanumeric())
}

/// The name of a type of modem or multiplex, or an extension.
pub(super) fn is_type_name(word: &str) -> bool {
    is_name(word) || is_extension(word)
}

fn is_bare_value(text: &str) -> bool {
    let part = |octet: u8| {
        octet.is_ascii_alphanumeric() || b"+-&!_/'?@^`~*$\\()%|.".contains(&octet) || octet >= 0x80
    };
    !text.is_empty() && text.bytes().all(part)
}

pub(super) fn is_quoted(text: &str) -> bool {
    let part = |octet: u8| match octet {
        b'"' | 0x7f => false,
        b'\t' | b'\r' | b'\n' => true,
        _ => octet >= b' ',
    };
    text.bytes().all(part)
}

fn is_domain(name: &str) -> bool {
    let part = |octet: u8| octet.is_ascii_alphanumeric() || b"-._".contains(&octet);
    name.len() <= LONGEST
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(part)
}

impl Check for Name<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.wants(is_name(self.as_str()), "NAME");
    }
}

impl Check for TerminationId<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.wants(is_path(self.as_str()), "TerminationID");
    }
}

impl Check for PackageItem<'_> {
    fn check(&self, walk: &mut Walk) {
        let legal = match (self.package.as_ref(), self.item.as_ref()) {
            ("*", "*") => true,
            (package, "*") => is_name(package),
            (package, item) => is_name(package) && is_name(item),
        };
        walk.wants(legal, "pkgdName");
    }
}

impl Check for MId<'_> {
    fn check(&self, walk: &mut Walk) {
        match self {
            Self::Address { .. } => {}
            Self::Domain { name, .. } => walk.wants(is_domain(name), "domainName"),
            Self::Device(name) => walk.wants(is_path(name), "pathNAME"),
            Self::Mtp(octets) => walk.wants((2..=4).contains(&octets.len()), "2 to 4 octets"),
        }
    }
}

impl Check for TimeStamp {
    fn check(&self, walk: &mut Walk) {
        let eight_digits = |number: u32| number < 100_000_000;
        walk.wants(
            eight_digits(self.date) && eight_digits(self.time),
            "TimeStamp",
        );
    }
}

impl Check for Value<'_> {
    fn check(&self, walk: &mut Walk) {
        if self.quoted {
            walk.wants(is_quoted(&self.text), "quotedString");
        } else {
            walk.wants(is_bare_value(&self.text), "VALUE");
        }
    }
}

impl Check for SessionDescription<'_> {
    fn check(&self, walk: &mut Walk) {
        let begins = self.octets.first();
        let skipped = begins.is_some_and(|octet| b"; \t\r\n".contains(octet));
        walk.wants(!skipped, "no white space or comment at the beginning");
        walk.wants(!self.octets.contains(&0), "no octet 0");
    }
}

impl Check for DigitMapValue<'_> {
    fn check(&self, walk: &mut Walk) {
        let timers = [
            ("startTimer", self.timers.start_s),
            ("shortTimer", self.timers.short_s),
            ("longTimer", self.timers.long_s),
            ("durationTimer", self.timers.duration_ds),
        ];
        walk.at("timers", |walk| {
            for (name, timer) in timers {
                walk.at(name, |walk| {
                    walk.wants(timer.is_none_or(|timer| timer <= 99), "a number up to 99");
                });
            }
        });
        walk.at("digitMapBody", |walk| {
            walk.wants(is_digit_map(&self.body), "digitMap");
        });
    }
}

/// Letters, digits and signs of a digit map with white space between them; `*` and `#` are let
/// through since peers send them.
fn is_digit_map(body: &str) -> bool {
    let part = |octet: u8| match octet.to_ascii_uppercase() {
        b'0'..=b'9' | b'A'..=b'L' | b'S' | b'T' | b'X' | b'Z' => true,
        octet => b"()[]|-.*# \t\r\n".contains(&octet),
    };
    !body.is_empty() && body.trim_ascii().len() == body.len() && body.bytes().all(part)
}
