//! Digit maps that are defined: on ROOT for all Terminations, and on a Termination for itself
//! (H.248.1 7.1.14.1).

use std::{collections::BTreeMap, sync::Arc};

use codec_h248::{
    Name, ToBoundedStatic,
    descriptor::{DigitMapDescriptor, DigitMapValue, EventDigitMap},
};

use crate::{CommandError, digit_map::DigitMap};

/// More maps than this in one place are refused with 519: with a wildcard, one message defines them on
/// every Termination.
const MAPS_MAX: usize = 16;

/// Maps by their names.
#[derive(Clone, Debug, Default)]
pub(crate) struct DigitMaps {
    maps: BTreeMap<Name<'static>, Defined>,
}

#[derive(Clone, Debug)]
struct Defined {
    value: DigitMapValue<'static>,
    map: Arc<DigitMap>,
}

/// What a DigitMap descriptor does, decided before anything changes.
#[derive(Clone, Debug)]
pub(crate) struct MapChange {
    name: Name<'static>,
    /// The new map; `None`: it is deleted.
    defined: Option<Defined>,
}

impl MapChange {
    /// Whether a map of that name is there afterwards; `None` where this says nothing about it.
    pub(crate) fn defines(&self, name: &Name<'_>) -> Option<bool> {
        (self.name == *name).then_some(self.defined.is_some())
    }
}

impl DigitMaps {
    /// Decides on a DigitMap descriptor. A name without a value deletes the map.
    pub(crate) fn plan(
        &self,
        descriptor: &DigitMapDescriptor<'_>,
    ) -> Result<MapChange, CommandError> {
        let Some(name) = &descriptor.name else {
            let what = "a digit map without a name";
            return Err(CommandError::SupervisionSyntax(what));
        };
        let name = name.to_static();
        let there = self.maps.contains_key(&name);
        let Some(value) = &descriptor.value else {
            return if there {
                let defined = None;
                Ok(MapChange { name, defined })
            } else {
                Err(CommandError::UnknownDigitMap(name))
            };
        };
        let map = DigitMap::new(value)?;
        if !there && self.maps.len() >= MAPS_MAX {
            return Err(CommandError::NoDigitMapSpace);
        }
        let defined = Some(Defined {
            value: value.to_static(),
            map: Arc::new(map),
        });
        Ok(MapChange { name, defined })
    }

    /// Carries out what was decided. Collections that run go on with the former map.
    pub(crate) fn apply(&mut self, change: MapChange) {
        match change.defined {
            Some(defined) => {
                self.maps.insert(change.name, defined);
            }
            None => {
                self.maps.remove(&change.name);
            }
        }
    }

    /// Whether there is a map of that name.
    pub(crate) fn has(&self, name: &Name<'_>) -> bool {
        self.maps.contains_key(&name.to_static())
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.maps.is_empty()
    }

    /// Every map, as an audit returns it.
    pub(crate) fn descriptors(&self) -> Vec<DigitMapDescriptor<'static>> {
        let descriptor = |(name, defined): (&Name<'static>, &Defined)| DigitMapDescriptor {
            name: Some(name.clone()),
            value: Some(defined.value.clone()),
        };
        self.maps.iter().map(descriptor).collect()
    }

    /// The map to collect by: one given in place, or one of these, else one of the `global` ones.
    pub(super) fn find(
        &self,
        global: &Self,
        wanted: &EventDigitMap<'static>,
    ) -> Option<Arc<DigitMap>> {
        match wanted {
            EventDigitMap::Value(value) => DigitMap::new(value).ok().map(Arc::new),
            EventDigitMap::Name(name) => {
                let own = self.maps.get(name);
                let found = own.or_else(|| global.maps.get(name))?;
                Some(Arc::clone(&found.map))
            }
        }
    }
}
