//! Lists whose order says nothing: the binary encoding has no place for it.

/// Whether two lists have the same entries, in whatever order. Takes time in proportion to the
/// square of their length where their order differs.
pub(crate) fn same_entries<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    if one == other {
        return true;
    }
    let mut left: Vec<&T> = other.iter().collect();
    let mut take = |entry: &T| {
        let place = left.iter().position(|candidate| *candidate == entry);
        place.map(|place| left.swap_remove(place)).is_some()
    };
    one.len() == other.len() && one.iter().all(&mut take)
}

#[cfg(test)]
mod tests {
    use super::same_entries;

    #[test]
    fn order_says_nothing_and_number_does() {
        assert!(same_entries(&[1, 2, 2], &[2, 1, 2]));
        assert!(!same_entries(&[1, 2, 2], &[2, 1, 1]));
        assert!(!same_entries(&[1], &[1, 1]));
    }
}
