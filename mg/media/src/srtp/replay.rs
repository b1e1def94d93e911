//! Which packets were here before (RFC 3711 3.3.2).

/// The last packets of one source, by their index.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Seen {
    /// The highest index.
    highest: u64,
    /// Bit n: whether the packet n before that one was here.
    before: u64,
}

impl Seen {
    /// Nothing but one packet was here.
    pub(super) fn new(index: u64) -> Self {
        Self {
            highest: index,
            before: 1,
        }
    }

    /// The highest index.
    pub(super) fn highest(self) -> u64 {
        self.highest
    }

    /// Tells whether a packet is neither known nor too old.
    pub(super) fn is_new(self, index: u64) -> bool {
        match self.highest.checked_sub(index) {
            None => true,
            Some(back @ 0..64) => self.before >> back & 1 == 0,
            Some(_) => false,
        }
    }

    /// Takes note of a packet that is new.
    pub(super) fn note(&mut self, index: u64) {
        match self.highest.checked_sub(index) {
            Some(back @ 0..64) => self.before |= 1 << back,
            Some(_) => {}
            None => {
                let ahead = u32::try_from(index - self.highest).unwrap_or(u32::MAX);
                self.before = self.before.checked_shl(ahead).unwrap_or(0) | 1;
                self.highest = index;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_packet_is_new_once_and_an_old_one_never() {
        let mut seen = Seen::new(100);
        for index in [101, 99, 103, 163, 102] {
            assert!(seen.is_new(index), "{index}");
            seen.note(index);
        }
        for index in [163, 103, 102, 101, 100, 99, 98, 0] {
            assert!(!seen.is_new(index), "{index}");
        }
        assert!(seen.is_new(104) && seen.is_new(164));
        seen.note(1 << 40);
        assert!(!seen.is_new(163) && !seen.is_new(1 << 40) && seen.is_new((1 << 40) - 63));
    }
}
