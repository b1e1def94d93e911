//! Lists that mostly have one entry.

use std::{
    fmt, iter, mem,
    ops::{Deref, DerefMut},
    option, slice, vec,
};

use crate::{IntoBoundedStatic, ToBoundedStatic};

/// A list whose only entry needs no memory of its own: most messages have one transaction, of one
/// action, with one command for one Termination. It is read as a slice is.
///
/// ```
/// use codec_h248::{List, TerminationId, list};
///
/// let mut terminations: List<TerminationId> = list![TerminationId::from_name("rtp/1")];
/// terminations.push(TerminationId::from_name("rtp/2"));
/// assert_eq!(terminations.len(), 2);
/// ```
#[derive(Clone)]
pub struct List<T>(Place<T>);

/// Where the entries are.
#[derive(Clone)]
enum Place<T> {
    Nowhere,
    Here(T),
    Vector(Vec<T>),
}

/// A [`List`] of these entries, as `vec!` makes a vector.
#[macro_export]
macro_rules! list {
    () => { $crate::List::new() };
    ($only:expr $(,)?) => { $crate::List::one($only) };
    ($($entry:expr),+ $(,)?) => { $crate::List::from(vec![$($entry),+]) };
}

impl<T> List<T> {
    /// A list without entries.
    pub const fn new() -> Self {
        Self(Place::Nowhere)
    }

    /// A list of this entry.
    pub const fn one(entry: T) -> Self {
        Self(Place::Here(entry))
    }

    /// The entries.
    pub fn as_slice(&self) -> &[T] {
        self
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.deref().is_empty()
    }

    /// Puts an entry at the end.
    pub fn push(&mut self, entry: T) {
        self.add(|| entry);
    }

    /// Forgets all entries but the first `length`.
    pub fn truncate(&mut self, length: usize) {
        match &mut self.0 {
            Place::Here(_) if length == 0 => *self = Self::new(),
            Place::Here(_) | Place::Nowhere => {}
            Place::Vector(entries) => entries.truncate(length),
        }
    }

    /// Forgets the entries that are not to be kept.
    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.vector().retain(keep);
    }

    /// Takes the last entry out, where there is one.
    pub fn pop(&mut self) -> Option<T> {
        self.vector().pop()
    }

    /// Takes the entries out from this place on.
    pub fn split_off(&mut self, place: usize) -> Self {
        self.vector().split_off(place).into()
    }

    /// Takes the entry out that stands at this place, which there must be.
    pub fn remove(&mut self, place: usize) -> T {
        self.vector().remove(place)
    }

    /// The entries as a vector, which they are moved to.
    #[inline(never)]
    fn vector(&mut self) -> &mut Vec<T> {
        if let Place::Here(_) | Place::Nowhere = &self.0 {
            let mut vector = Vec::with_capacity(FEW);
            if let Place::Here(entry) = mem::replace(&mut self.0, Place::Nowhere) {
                vector.push(entry);
            }
            self.0 = Place::Vector(vector);
        }
        match &mut self.0 {
            Place::Vector(entries) => entries,
            Place::Here(_) | Place::Nowhere => unreachable!("a vector was put there"),
        }
    }
}

/// For how many entries a list of more than one has room at first.
const FEW: usize = 4;

/// What entries are made in, so that large ones need not be moved there.
pub(crate) trait Entries<T> {
    /// An empty one with room for so many entries.
    fn with_room(entries: usize) -> Self;

    /// Whether there is room for any entry at all.
    fn has_room(&self) -> bool;

    /// Makes an entry at the end.
    fn add(&mut self, entry: impl FnOnce() -> T) -> &mut T;
}

impl<T> Entries<T> for Vec<T> {
    #[inline(always)]
    fn with_room(entries: usize) -> Self {
        Self::with_capacity(entries)
    }

    #[inline(always)]
    fn has_room(&self) -> bool {
        self.capacity() > 0
    }

    #[inline(always)]
    fn add(&mut self, entry: impl FnOnce() -> T) -> &mut T {
        let place = self.len();
        // Not by `push`: an entry that exists before there is room for it is kept elsewhere first.
        self.extend(iter::once_with(entry));
        &mut self[place]
    }
}

impl<T> Entries<T> for List<T> {
    #[inline(always)]
    fn with_room(entries: usize) -> Self {
        match entries {
            0 | 1 => Self::new(),
            _ => Self(Place::Vector(Vec::with_capacity(entries))),
        }
    }

    #[inline(always)]
    fn has_room(&self) -> bool {
        true
    }

    #[inline(always)]
    fn add(&mut self, entry: impl FnOnce() -> T) -> &mut T {
        if let Place::Here(_) | Place::Vector(_) = &self.0 {
            return self.vector().add(entry);
        }
        self.0 = Place::Here(entry());
        match &mut self.0 {
            Place::Here(entry) => entry,
            Place::Nowhere | Place::Vector(_) => unreachable!("an entry was put here"),
        }
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match &self.0 {
            Place::Nowhere => &[],
            Place::Here(entry) => slice::from_ref(entry),
            Place::Vector(entries) => entries,
        }
    }
}

impl<T> DerefMut for List<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.0 {
            Place::Nowhere => &mut [],
            Place::Here(entry) => slice::from_mut(entry),
            Place::Vector(entries) => entries,
        }
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(entries: Vec<T>) -> Self {
        Self(Place::Vector(entries))
    }
}

impl<T, const N: usize> From<[T; N]> for List<T> {
    fn from(entries: [T; N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<T> From<List<T>> for Vec<T> {
    fn from(list: List<T>) -> Self {
        match list.0 {
            Place::Nowhere => Self::new(),
            Place::Here(entry) => vec![entry],
            Place::Vector(entries) => entries,
        }
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(entries: I) -> Self {
        let mut list = Self::new();
        list.extend(entries);
        list
    }
}

impl<T> Extend<T> for List<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, entries: I) {
        entries.into_iter().for_each(|entry| self.push(entry));
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = iter::Chain<option::IntoIter<T>, vec::IntoIter<T>>;

    fn into_iter(self) -> Self::IntoIter {
        let (here, vector) = match self.0 {
            Place::Nowhere => (None, Vec::new()),
            Place::Here(entry) => (Some(entry), Vec::new()),
            Place::Vector(entries) => (None, entries),
        };
        here.into_iter().chain(vector)
    }
}

impl<'l, T> IntoIterator for &'l List<T> {
    type Item = &'l T;
    type IntoIter = slice::Iter<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'l, T> IntoIterator for &'l mut List<T> {
    type Item = &'l mut T;
    type IntoIter = slice::IterMut<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl<T: PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for List<T> {}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl<T: ToBoundedStatic> ToBoundedStatic for List<T> {
    type Static = List<T::Static>;

    fn to_static(&self) -> Self::Static {
        self.iter().map(T::to_static).collect()
    }
}

impl<T: IntoBoundedStatic> IntoBoundedStatic for List<T> {
    type Static = List<T::Static>;

    fn into_static(self) -> Self::Static {
        self.into_iter().map(T::into_static).collect()
    }
}

#[cfg(feature = "serde")]
impl<T: serde::Serialize> serde::Serialize for List<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.deref().serialize(serializer)
    }
}

#[cfg(feature = "serde")]
impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for List<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for List<T> {
    fn inline_schema() -> bool {
        Vec::<T>::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        Vec::<T>::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        Vec::<T>::schema_id()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<T>::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_what_a_vector_of_the_same_entries_is() {
        for length in 0..5 {
            let vector: Vec<usize> = (0..length).collect();
            let pushed: List<usize> = vector.iter().copied().collect();
            assert_eq!(pushed, List::from(vector.clone()));
            assert_eq!(format!("{pushed:?}"), format!("{vector:?}"));
            assert_eq!(Vec::from(pushed.clone()), vector);
            for place in 0..=length {
                let (mut list, mut expected) = (pushed.clone(), vector.clone());
                list.truncate(place);
                expected.truncate(place);
                assert_eq!(list.as_slice(), expected);
                assert_eq!(list.pop(), expected.pop());
                list.push(7);
                expected.push(7);
                assert_eq!(list.remove(0), expected.remove(0));
                assert_eq!(list.into_iter().collect::<Vec<_>>(), expected);
                let (mut list, mut expected) = (pushed.clone(), vector.clone());
                assert_eq!(list.split_off(place).as_slice(), expected.split_off(place));
                assert_eq!(list.as_slice(), expected);
                list.retain(|&entry| entry > 0);
                expected.retain(|&entry| entry > 0);
                assert_eq!(list.as_slice(), expected);
            }
        }
    }

    #[test]
    fn lists_are_made_of_arrays_changed_in_place_and_kept() {
        let mut list = List::from([1, 2, 3]);
        for entry in &mut list {
            *entry *= 2;
        }
        assert_eq!(list, list![2, 4, 6]);
        let borrowed: List<std::borrow::Cow<'_, str>> = List::from(["a".into()]);
        assert_eq!(borrowed.to_static(), borrowed.clone().into_static());
        let vector: Vec<u8> = List::new().into();
        assert!(vector.is_empty() && List::<u8>::with_room(0).is_empty());
    }

    #[test]
    fn an_only_entry_needs_no_memory_and_room_is_made_for_more() {
        let mut list = List::with_room(1);
        *list.add(|| 1) += 4;
        assert!(matches!(list.0, Place::Here(5)));
        *list.add(|| 2) += 4;
        assert_eq!(list, list![5, 6]);
    }
}
