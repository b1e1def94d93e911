//! Finds a package of the tables without a search: built by the compiler.

use std::borrow::Cow;

use super::{STANDARD, TABLE};
use crate::package::{
    PackageDefinition,
    words::{LONGEST, is_same},
};

/// No package.
const NONE: u8 = u8::MAX;

/// Ids up to that of the last package.
const IDS: usize = TABLE[TABLE.len() - 1].id as usize + 1;

/// Places for names: more than twice as many as there are, so that most are alone in theirs.
const PLACES: usize = 256;

const _: () = assert!(TABLE.len() < NONE as usize && TABLE.len() * 2 < PLACES);

/// The place in the table of each id.
static BY_ID: [u8; IDS] = {
    let mut places = [NONE; IDS];
    let mut place = 0;
    while place < TABLE.len() {
        let id = TABLE[place].id as usize;
        assert!(places[id] == NONE, "two packages with one id");
        places[id] = place as u8;
        place += 1;
    }
    places
};

/// The place in the table of each name, at its hash or in the next place that was free.
static BY_NAME: [u8; PLACES] = {
    let mut places = [NONE; PLACES];
    let mut place = 0;
    while place < TABLE.len() {
        let Cow::Borrowed(name) = &TABLE[place].name else {
            panic!("the tables borrow");
        };
        let mut at = hash(name);
        while places[at] != NONE {
            at = (at + 1) % PLACES;
        }
        places[at] = place as u8;
        place += 1;
    }
    places
};

/// The same for a name in any case (FNV-1a).
const fn hash(name: &str) -> usize {
    let octets = name.as_bytes();
    let mut hash: u32 = 0x811C_9DC5;
    let mut place = 0;
    while place < octets.len() {
        hash = (hash ^ (octets[place] | 0x20) as u32).wrapping_mul(0x0100_0193);
        place += 1;
    }
    (hash ^ (hash >> 16)) as usize % PLACES
}

pub(in super::super) fn by_name(name: &str) -> Option<&'static PackageDefinition> {
    if name.len() > LONGEST {
        return None;
    }
    let mut at = hash(name);
    loop {
        let package = STANDARD.get(usize::from(BY_NAME[at]))?;
        if is_same(&package.name, name) {
            return Some(package);
        }
        at = (at + 1) % PLACES;
    }
}

pub(in super::super) fn by_id(id: u16) -> Option<&'static PackageDefinition> {
    STANDARD.get(usize::from(*BY_ID.get(usize::from(id))?))
}
