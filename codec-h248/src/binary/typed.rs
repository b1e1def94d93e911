//! Values written as their types say.

use std::fmt;

use super::{Unsayable, ber::BerWriter, kind::Kind};
use crate::Value;

/// What is known of some values, and whose they are.
#[derive(Clone, Copy)]
pub(super) struct Typed<'t> {
    kind: Kind<'t>,
    name: &'t dyn fmt::Display,
}

impl<'t> Typed<'t> {
    pub(super) fn new(kind: Kind<'t>, name: &'t dyn fmt::Display) -> Self {
        Self { kind, name }
    }

    /// Writes one value, a whole element.
    pub(super) fn write(&self, w: &mut BerWriter<'_>, value: &Value<'_>) {
        match self.kind.wrapped(value, w.profile()) {
            Some(wrapped) => wrapped.write(w),
            None => self.fail(w, value),
        }
    }

    #[cold]
    fn fail(&self, w: &mut BerWriter<'_>, value: &Value<'_>) {
        let said = format!("{} = {value}", self.name);
        w.fail(Unsayable::Value(self.kind.as_str(), said));
    }
}
