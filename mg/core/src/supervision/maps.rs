//! Digit maps that are defined: on ROOT for all Terminations, and on a Termination for itself
//! (H.248.1 7.1.14.1).

use std::{collections::BTreeMap, sync::Arc};

use codec_h248::{
    Name, ToBoundedStatic,
    descriptor::{DigitMapDescriptor, EventDigitMap},
};

use super::alike::{Alike, Defined};
use crate::{CommandError, digit_map::DigitMap};

/// More maps than this in one place are refused with 519: with a wildcard, one message defines them on
/// every Termination.
const MAPS_MAX: usize = 16;

/// Maps by their names.
#[derive(Clone, Debug, Default)]
pub(crate) struct DigitMaps {
    maps: BTreeMap<Name<'static>, Arc<Defined>>,
}

/// What a DigitMap descriptor does, decided before anything changes.
#[derive(Clone, Debug)]
pub(crate) struct MapChange {
    name: Name<'static>,
    /// The new map; `None`: it is deleted.
    defined: Option<Arc<Defined>>,
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
        alike: &Alike,
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
        let defined = Some(alike.find_or_read(value)?);
        if !there && self.maps.len() >= MAPS_MAX {
            return Err(CommandError::NoDigitMapSpace);
        }
        Ok(MapChange { name, defined })
    }

    /// Carries out what was decided. Collections that run go on with the former map.
    pub(crate) fn apply(&mut self, change: MapChange, alike: &mut Alike) {
        match change.defined {
            Some(defined) => {
                alike.note(&defined);
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
        let descriptor = |(name, defined): (&Name<'static>, &Arc<Defined>)| DigitMapDescriptor {
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
