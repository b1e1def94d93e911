//! Segments of a reply of the peer, until all have come (H.248.1 8.2.2, version 3).

use std::collections::BTreeMap;

use codec_h248::{ActionReply, IntoBoundedStatic, List, Segment, TransactionResult};

use crate::Limits;

/// A segment that has come.
#[derive(Debug)]
pub(crate) struct Piece<'a> {
    /// Which one it is.
    pub(crate) segment: Segment,
    /// Whether it asks for the acknowledgement of the whole reply.
    pub(crate) immediate_ack: bool,
    /// What it says.
    pub(crate) result: TransactionResult<'a>,
    /// Octets that it came in.
    pub(crate) octets: usize,
}

/// A reply, whole.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Gathered {
    /// What it says.
    pub(crate) result: TransactionResult<'static>,
    /// Whether it asks for its acknowledgement.
    pub(crate) immediate_ack: bool,
}

/// What a segment is to those that have come before.
#[derive(Debug, Eq, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "one is made at a time")]
pub(crate) enum Taken {
    /// It was missing, and others still are.
    More,
    /// It was the last that was missing.
    Whole(Gathered),
    /// It had come before; the first counts.
    Again,
    /// Its number cannot be: 0, or behind the last.
    Impossible,
    /// There is no room for it.
    TooLarge,
}

/// The segments of one reply.
#[derive(Debug, Default)]
pub(crate) struct Gathering {
    parts: BTreeMap<u16, TransactionResult<'static>>,
    /// Number of the last segment, once that has come.
    last: Option<u16>,
    immediate_ack: bool,
    octets: usize,
}

impl Gathering {
    /// Takes a segment.
    pub(crate) fn take(&mut self, piece: Piece<'_>, limits: &Limits) -> Taken {
        let Segment { number, last } = piece.segment;
        if self.parts.contains_key(&number) {
            return Taken::Again;
        }
        let greatest = self.parts.last_key_value().map_or(0, |(number, _)| *number);
        let behind = self.last.is_some_and(|last| number > last);
        if number == 0 || behind || (last && number < greatest) {
            return Taken::Impossible;
        }
        self.octets += piece.octets;
        if usize::from(number) > limits.segments || self.octets > limits.segmented_octets {
            return Taken::TooLarge;
        }
        self.immediate_ack |= piece.immediate_ack;
        if last {
            self.last = Some(number);
        }
        self.parts.insert(number, piece.result.into_static());
        if self.last.map(usize::from) != Some(self.parts.len()) {
            return Taken::More;
        }
        Taken::Whole(Gathered {
            result: merge(std::mem::take(&mut self.parts).into_values()),
            immediate_ack: self.immediate_ack,
        })
    }

    /// Whether the last segment has come.
    pub(crate) fn knows_last(&self) -> bool {
        self.last.is_some()
    }

    /// Returns how many octets are held.
    pub(crate) fn octets(&self) -> usize {
        self.octets
    }
}

/// Makes one result of those of all segments, in their order. A segment that says that the
/// transaction was refused says so of all of it.
fn merge(
    parts: impl IntoIterator<Item = TransactionResult<'static>>,
) -> TransactionResult<'static> {
    let mut merged: List<ActionReply<'static>> = List::new();
    for part in parts {
        let actions = match part {
            TransactionResult::Error(error) => return TransactionResult::Error(error),
            TransactionResult::Actions(actions) => actions,
        };
        for (index, action) in actions.into_iter().enumerate() {
            match merged.last_mut() {
                Some(former) if index == 0 && goes_on(former, &action) => {
                    former.commands.extend(action.commands);
                    former.error = action.error;
                }
                Some(_) | None => merged.push(action),
            }
        }
    }
    TransactionResult::Actions(merged)
}

/// Whether the first action of a segment goes on with the last of the segment before. Two actions
/// about one Context in a row, cut just between, look the same.
fn goes_on(former: &ActionReply<'_>, action: &ActionReply<'_>) -> bool {
    former.context == action.context && former.error.is_none() && action.properties.is_empty()
}

#[cfg(test)]
mod tests {
    use codec_h248::{
        ContextId,
        descriptor::{ErrorCode, ErrorDescriptor},
        list,
    };

    use super::*;

    const OCTETS: usize = 100;

    fn action(context: u32, error: Option<ErrorCode>) -> ActionReply<'static> {
        ActionReply {
            context: ContextId::Id(context),
            properties: List::new(),
            commands: List::new(),
            error: error.map(ErrorDescriptor::new),
        }
    }

    fn piece(number: u16, last: bool) -> Piece<'static> {
        Piece {
            segment: Segment { number, last },
            immediate_ack: last,
            result: TransactionResult::Actions(list![action(number.into(), None)]),
            octets: OCTETS,
        }
    }

    fn whole(contexts: std::ops::RangeInclusive<u32>) -> Taken {
        let actions = contexts.map(|context| action(context, None)).collect();
        Taken::Whole(Gathered {
            result: TransactionResult::Actions(actions),
            immediate_ack: true,
        })
    }

    #[test]
    fn segments_come_in_any_order_and_the_first_of_a_number_counts() {
        let limits = Limits::default();
        let mut gathering = Gathering::default();
        assert_eq!(gathering.take(piece(3, true), &limits), Taken::More);
        assert!(gathering.knows_last());
        assert_eq!(gathering.take(piece(1, false), &limits), Taken::More);
        let other = Piece {
            result: TransactionResult::Error(ErrorDescriptor::new(ErrorCode::INTERNAL)),
            ..piece(1, false)
        };
        assert_eq!(gathering.take(other, &limits), Taken::Again);
        assert_eq!(gathering.take(piece(2, false), &limits), whole(1..=3));
    }

    #[test]
    fn a_number_that_cannot_be_changes_nothing() {
        let limits = Limits::default();
        let mut gathering = Gathering::default();
        assert_eq!(gathering.take(piece(0, true), &limits), Taken::Impossible);
        assert_eq!(gathering.take(piece(2, false), &limits), Taken::More);
        assert_eq!(gathering.take(piece(1, true), &limits), Taken::Impossible);
        assert_eq!(gathering.take(piece(3, true), &limits), Taken::More);
        assert_eq!(gathering.take(piece(4, false), &limits), Taken::Impossible);
        assert_eq!(gathering.take(piece(1, false), &limits), whole(1..=3));
    }

    #[test]
    fn too_many_segments_or_octets_find_no_room() {
        let limits = Limits {
            segments: 2,
            segmented_octets: 2 * OCTETS - 1,
            ..Limits::default()
        };
        let mut gathering = Gathering::default();
        assert_eq!(gathering.take(piece(3, false), &limits), Taken::TooLarge);
        let mut gathering = Gathering::default();
        assert_eq!(gathering.take(piece(1, false), &limits), Taken::More);
        assert_eq!(gathering.take(piece(2, false), &limits), Taken::TooLarge);
    }

    #[test]
    fn an_error_of_the_transaction_in_any_segment_is_the_result() {
        let error = TransactionResult::Error(ErrorDescriptor::new(ErrorCode::INTERNAL));
        let parts = [
            TransactionResult::Actions(list![action(1, None)]),
            error.clone(),
        ];
        assert_eq!(merge(parts), error);
    }

    #[test]
    fn an_action_goes_on_in_the_next_segment_unless_it_had_ended() {
        let failed = Some(ErrorCode::INTERNAL);
        let one = |error| TransactionResult::Actions(list![action(1, error)]);
        assert_eq!(merge([one(None), one(failed)]), one(failed));
        let both = TransactionResult::Actions(list![action(1, failed), action(1, None)]);
        assert_eq!(merge([one(failed), one(None)]), both);
    }
}
