//! Digit maps that are alike, which are read and held once: with a wildcard, one message defines a map on
//! every Termination.

use std::{
    collections::BTreeMap,
    sync::{Arc, Weak},
};

use codec_h248::{
    ToBoundedStatic,
    descriptor::{DigitMapTimers, DigitMapValue},
};

use crate::{CommandError, digit_map::DigitMap};

/// Octets of the bodies of all maps that differ, anywhere in the gateway: 16 MiB, every longest one of
/// 8,192. Ready to collect by, each takes about 14 times as much. Over it a map is refused with 519.
const OCTETS_MAX: usize = 16 << 20;
/// What a map counts besides its body, in octets.
const OCTETS_BASE: usize = 64;

/// A map that is defined.
#[derive(Clone, Debug)]
pub(crate) struct Defined {
    pub(super) value: DigitMapValue<'static>,
    pub(super) map: Arc<DigitMap>,
}

/// Body and timers.
type Key = (String, [Option<u8>; 4]);

/// All maps that are defined somewhere, and some that were.
#[derive(Clone, Debug)]
pub(crate) struct Alike {
    maps: BTreeMap<Key, Weak<Defined>>,
    octets: usize,
    octets_max: usize,
}

impl Default for Alike {
    fn default() -> Self {
        Self {
            maps: BTreeMap::new(),
            octets: 0,
            octets_max: OCTETS_MAX,
        }
    }
}

impl Alike {
    /// Reads a map, unless one that is alike is defined already.
    ///
    /// # Errors
    /// Its body is too long, or stops being one; or there is no room for it.
    pub(super) fn find_or_read(
        &self,
        value: &DigitMapValue<'_>,
    ) -> Result<Arc<Defined>, CommandError> {
        let key = key(value);
        if let Some(found) = self.maps.get(&key).and_then(Weak::upgrade) {
            return Ok(found);
        }
        let map = DigitMap::new(value)?;
        let more = octets(&key);
        if self.octets + more > self.octets_max && self.living() + more > self.octets_max {
            return Err(CommandError::NoDigitMapSpace);
        }
        Ok(Arc::new(Defined {
            value: value.to_static(),
            map: Arc::new(map),
        }))
    }

    /// Notes one that is defined. Those that are not any more are forgotten when they count.
    pub(super) fn note(&mut self, defined: &Arc<Defined>) {
        let key = key(&defined.value);
        if self.maps.get(&key).and_then(Weak::upgrade).is_some() {
            return;
        }
        let more = octets(&key);
        if self.octets + more > self.octets_max {
            self.maps.retain(|_, map| map.strong_count() > 0);
            self.octets = self.maps.keys().map(octets).sum();
        }
        if self.maps.insert(key, Arc::downgrade(defined)).is_none() {
            self.octets += more;
        }
    }

    fn living(&self) -> usize {
        let living = self.maps.iter();
        let living = living.filter(|(_, map)| map.strong_count() > 0);
        living.map(|(key, _)| octets(key)).sum()
    }
}

fn key(value: &DigitMapValue<'_>) -> Key {
    let DigitMapTimers {
        start_s,
        short_s,
        long_s,
        duration_ds,
    } = value.timers;
    let timers = [start_s, short_s, long_s, duration_ds];
    (value.body.clone().into_owned(), timers)
}

fn octets((body, _): &Key) -> usize {
    OCTETS_BASE + body.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn define(alike: &mut Alike, body: &str) -> Option<Arc<Defined>> {
        let value = DigitMapValue {
            timers: DigitMapTimers::default(),
            body: body.to_owned().into(),
        };
        let found = alike.find_or_read(&value).ok()?;
        alike.note(&found);
        Some(found)
    }

    #[test]
    fn alike_ones_are_held_once_and_those_that_differ_have_an_end() {
        let mut alike = Alike {
            octets_max: 2 * (OCTETS_BASE + 3),
            ..Alike::default()
        };
        let first = define(&mut alike, "(1)").unwrap();
        let again = define(&mut alike, "(1)").unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        let second = define(&mut alike, "(2)").unwrap();
        assert!(define(&mut alike, "(3)").is_none());
        assert!(define(&mut alike, "(2)").is_some());
        // What nobody has any more makes room, and is not kept.
        drop(second);
        let third = define(&mut alike, "(3)").unwrap();
        assert_eq!(alike.maps.len(), 2);
        assert!(define(&mut alike, "(2)").is_none());
        drop(third);
    }
}
