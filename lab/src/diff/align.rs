//! Which transaction of one run is which of the other.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::pieces::Piece;

/// A transaction of one run, or one of each that belong together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Pairing {
    First(usize),
    Second(usize),
    Both(usize, usize),
}

/// Pairs transactions that look the same by the rules, and then, between those, the ones with the same
/// commands.
pub(super) fn align(first: &[Piece], second: &[Piece]) -> Vec<Pairing> {
    let shapes: Vec<&str> = first.iter().map(|piece| piece.shape.as_str()).collect();
    let others: Vec<&str> = second.iter().map(|piece| piece.shape.as_str()).collect();
    let mut pairs = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &shapes, &others) {
        match op {
            DiffOp::Equal {
                old_index,
                new_index,
                len,
            } => pairs.extend((0..len).map(|n| Pairing::Both(old_index + n, new_index + n))),
            DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => {
                between(
                    (first, op.old_range()),
                    (second, op.new_range()),
                    &mut pairs,
                );
            }
        }
    }
    pairs
}

/// Pairs what has the same commands.
fn between(
    (first, old): (&[Piece], Range<usize>),
    (second, new): (&[Piece], Range<usize>),
    pairs: &mut Vec<Pairing>,
) {
    let (from, to) = (old.start, new.start);
    let outlines: Vec<&str> = first[old].iter().map(|one| one.outline.as_str()).collect();
    let others: Vec<&str> = second[new].iter().map(|one| one.outline.as_str()).collect();
    for op in capture_diff_slices(Algorithm::Myers, &outlines, &others) {
        if let DiffOp::Equal {
            old_index,
            new_index,
            len,
        } = op
        {
            let (from, to) = (from + old_index, to + new_index);
            pairs.extend((0..len).map(|n| Pairing::Both(from + n, to + n)));
            continue;
        }
        pairs.extend(op.old_range().map(|n| Pairing::First(from + n)));
        pairs.extend(op.new_range().map(|n| Pairing::Second(to + n)));
    }
}
