//! Sequence numbers of one source, made to run on over 16 bits (RFC 3550 A.1).

/// A gap up to this many packets is loss, not a restart.
const DROPOUT_MAX: u16 = 3000;
/// A packet this far behind may still be reordered; it is also what is remembered to tell copies.
const MISORDER_MAX: u16 = 100;

/// What a packet's number says about it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// It is newer than all before.
    Advances,
    /// It was overtaken and comes for the first time.
    Overtaken,
    /// It was here before.
    Duplicate,
    /// It fits nothing; the next one tells whether the source has restarted.
    Stray,
    /// The source has restarted its numbers.
    Restarted,
}

/// The numbers of one source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sequence {
    /// The highest number so far, with its cycles in the upper half.
    highest: u32,
    /// The first number, extended.
    base: u32,
    /// Different packets received.
    received: u64,
    /// Bit `n` is set when `highest - n` has arrived.
    seen: u128,
    /// The number that would prove a restart.
    restart: Option<u16>,
    /// `expected` and `received` at the last report (RFC 3550 A.3).
    reported: (u64, u64),
}

impl Sequence {
    /// Starts with a source's first packet.
    pub(crate) fn new(first: u16) -> Self {
        // One cycle below leaves room for packets that the first one has overtaken.
        let first = u32::from(first) + 0x1_0000;
        Self {
            highest: first,
            base: first,
            received: 1,
            seen: 1,
            restart: None,
            reported: (0, 0),
        }
    }

    /// Counts a packet that is not the first.
    pub(crate) fn step(&mut self, number: u16) -> Step {
        let ahead = number.wrapping_sub(self.highest as u16);
        let behind = ahead.wrapping_neg();
        if ahead != 0 && ahead < DROPOUT_MAX {
            self.advance(ahead)
        } else if behind <= MISORDER_MAX {
            self.fall_back(behind)
        } else if self.restart == Some(number) {
            Step::Restarted
        } else {
            self.restart = Some(number.wrapping_add(1));
            Step::Stray
        }
    }

    /// Returns the highest number with its cycles, as a report block has it.
    pub(crate) fn highest(&self) -> u32 {
        self.highest.wrapping_sub(0x1_0000)
    }

    /// Returns how many packets never came, as far as is known.
    pub(crate) fn lost(&self) -> u64 {
        self.expected().saturating_sub(self.received)
    }

    /// Tells whether a packet came since the share lost was last asked for.
    pub(crate) fn heard_since_report(&self) -> bool {
        let (_, received) = self.reported;
        self.received > received
    }

    /// Returns the share lost since it was last asked, in 256ths (RFC 3550 A.3).
    pub(crate) fn take_fraction_lost(&mut self) -> u8 {
        let (expected_before, received_before) = self.reported;
        let expected = self.expected().saturating_sub(expected_before);
        let lost = expected.saturating_sub(self.received.saturating_sub(received_before));
        self.reported = (self.expected(), self.received);
        if expected == 0 {
            return 0;
        }
        (lost * 256 / expected).min(255) as u8
    }

    fn expected(&self) -> u64 {
        u64::from(self.highest.wrapping_sub(self.base)) + 1
    }

    fn advance(&mut self, ahead: u16) -> Step {
        self.highest = self.highest.wrapping_add(ahead.into());
        self.seen = self.seen.checked_shl(ahead.into()).unwrap_or(0) | 1;
        self.received += 1;
        self.restart = None;
        Step::Advances
    }

    fn fall_back(&mut self, behind: u16) -> Step {
        let bit = 1_u128 << behind;
        if self.seen & bit != 0 {
            return Step::Duplicate;
        }
        let number = self.highest.wrapping_sub(behind.into());
        if number.wrapping_sub(self.base).cast_signed() < 0 {
            self.base = number;
        }
        self.seen |= bit;
        self.received += 1;
        Step::Overtaken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_run_on_over_sixteen_bits() {
        let mut sequence = Sequence::new(65_534);
        for number in [65_535, 0, 1] {
            assert_eq!(sequence.step(number), Step::Advances);
        }
        assert_eq!(sequence.highest(), 0x1_0001);
        assert_eq!(sequence.lost(), 0);
    }

    #[test]
    fn an_overtaken_packet_is_no_loss_and_its_copy_a_duplicate() {
        let mut sequence = Sequence::new(10);
        assert_eq!(sequence.step(12), Step::Advances);
        assert_eq!(sequence.lost(), 1);
        assert_eq!(sequence.step(11), Step::Overtaken);
        assert_eq!(sequence.lost(), 0);
        assert_eq!(sequence.step(11), Step::Duplicate);
        assert_eq!(sequence.step(12), Step::Duplicate);
    }

    #[test]
    fn the_first_packet_may_itself_have_overtaken_another() {
        let mut sequence = Sequence::new(0);
        assert_eq!(sequence.step(65_535), Step::Overtaken);
        assert_eq!(sequence.step(1), Step::Advances);
        assert_eq!(sequence.lost(), 0);
    }

    #[test]
    fn a_restart_takes_two_packets_in_order_and_a_stray_one_changes_nothing() {
        let mut sequence = Sequence::new(10);
        assert_eq!(sequence.step(30_000), Step::Stray);
        assert_eq!(sequence.step(11), Step::Advances);
        assert_eq!(sequence.step(30_000), Step::Stray);
        assert_eq!(sequence.step(30_001), Step::Restarted);
    }

    #[test]
    fn the_fraction_lost_is_that_since_the_last_report() {
        let mut sequence = Sequence::new(0);
        sequence.step(3);
        assert_eq!(sequence.take_fraction_lost(), 128);
        assert_eq!(sequence.take_fraction_lost(), 0);
        sequence.step(4);
        assert_eq!(sequence.take_fraction_lost(), 0);
        assert_eq!(sequence.lost(), 2);
    }

    #[test]
    fn a_jump_beyond_memory_forgets_what_was_seen() {
        let mut sequence = Sequence::new(0);
        assert_eq!(sequence.step(500), Step::Advances);
        assert_eq!(sequence.step(400), Step::Overtaken);
        assert_eq!(sequence.step(399), Step::Stray);
    }
}
