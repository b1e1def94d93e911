//! Names that are read although the grammar spells them otherwise.

use super::{Concern, Rule, table::*};
use crate::{
    MId, TerminationId,
    descriptor::{ModemDescriptor, ModemType, MuxDescriptor, MuxType},
    strict::walk::{Walk, shown},
};

pub(super) struct Identifiers;

/// The longest `NAME`, `pathNAME` and `domainName`.
const LONGEST: usize = 64;

impl Concern for Identifiers {
    fn mid(&self, walk: &mut Walk<'_>, mid: &MId<'_>) {
        match mid {
            MId::Domain { name, .. } if !is_domain(name) => {
                walk.departs(&DOMAIN_NAME, format!("{}, no domain name", shown(name)));
            }
            MId::Device(name) if !is_path(name) => {
                walk.departs(&DEVICE_NAME, format!("{}, no pathNAME", shown(name)));
            }
            MId::Address { .. } | MId::Domain { .. } | MId::Device(_) | MId::Mtp(_) => {}
        }
    }

    fn termination(&self, walk: &mut Walk<'_>, id: &TerminationId<'_>) {
        if !id.is_all() && !id.is_choose() && !is_path(id.as_str()) {
            walk.departs(&PATH_NAME, format!("{}, no pathNAME", shown(id)));
        }
    }

    fn modem(&self, walk: &mut Walk<'_>, modem: &ModemDescriptor<'_>) {
        for modem_type in &modem.types {
            if let ModemType::Extension(name) = modem_type {
                extension(walk, &EXTENSION_NAME, name);
            }
        }
    }

    fn mux(&self, walk: &mut Walk<'_>, mux: &MuxDescriptor<'_>) {
        if let MuxType::Extension(name) = &mux.mux_type {
            extension(walk, &EXTENSION_NAME, name);
        }
    }
}

fn extension(walk: &mut Walk<'_>, rule: &'static Rule, name: &str) {
    let (mark, own) = name.split_at_checked(2).unwrap_or_default();
    let legal = matches!(mark, "X-" | "x-" | "X+" | "x+")
        && (1..=6).contains(&own.len())
        && own.bytes().all(|octet| octet.is_ascii_alphanumeric());
    if !legal {
        walk.departs(
            rule,
            format!("{}, where an extension is X- or X+", shown(&name)),
        );
    }
}

/// Whether the name is `domainName`; the module for binary adds that no two dots stand together.
fn is_domain(name: &str) -> bool {
    let part = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.');
    name.len() <= LONGEST
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.bytes().all(part)
        && !name.contains("..")
}

/// Whether the name is `pathNAME`.
fn is_path(name: &str) -> bool {
    let (path, domain) = match name.split_once('@') {
        Some((path, domain)) => (path, Some(domain)),
        None => (name, None),
    };
    let named = path.strip_prefix('*').unwrap_or(path);
    let part = |octet: u8| octet.is_ascii_alphanumeric() || b"/*_$".contains(&octet);
    name.len() <= LONGEST
        && named.starts_with(|first: char| first.is_ascii_alphabetic())
        && named.bytes().all(part)
        && domain.is_none_or(is_path_domain)
}

/// Whether the name is `pathDomainName`.
fn is_path_domain(name: &str) -> bool {
    let part = |octet: u8| octet.is_ascii_alphanumeric() || b"-*.".contains(&octet);
    name.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '*')
        && name.bytes().all(part)
}

#[cfg(test)]
mod tests {
    use super::{is_domain, is_path};

    #[test]
    fn paths_are_those_of_the_grammar() {
        for name in [
            "a",
            "ROOT",
            "*a",
            "tdm/1/$",
            "rtp/*",
            "a_1/*/b$",
            "line/*@*.example-1.net",
        ] {
            assert!(is_path(name), "{name}");
        }
        let long = "a".repeat(65);
        for name in [
            "", "1/2", "/a", "*/3", "a-b", "a.b", "a@", "a@-b", "a@b@c", "$1", &long,
        ] {
            assert!(!is_path(name), "{name}");
        }
    }

    #[test]
    fn domains_are_those_of_the_grammar() {
        for name in ["a", "1.example.net", "a-b."] {
            assert!(is_domain(name), "{name}");
        }
        let long = "a".repeat(65);
        for name in ["", "-a", ".a", "a_b", "a..b", &long] {
            assert!(!is_domain(name), "{name}");
        }
    }
}
