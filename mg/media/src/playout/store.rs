//! Packets that wait for their turn, in the order of their sound.

use super::Units;

/// Packets that may wait: 200 ms in packets of 10 ms, and some that come twice.
const PACKETS_MAX: usize = 24;

/// A packet that waits.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Entry {
    /// Where its sound begins.
    pub(super) start: Units,
    /// How long it is.
    pub(super) length: Units,
    /// Its payload type, by which its decoder is found.
    pub(super) payload_type: u8,
    at: u16,
    octets: u16,
}

impl Entry {
    /// Whether it has sound, and does not only say what follows.
    pub(super) fn is_sound(&self) -> bool {
        self.length > 0
    }

    /// Where its sound ends.
    pub(super) fn end(&self) -> Units {
        self.start + self.length
    }
}

/// The packets, one payload after the other in one piece of memory.
#[derive(Debug)]
pub(super) struct Store {
    octets: Box<[u8]>,
    used: usize,
    entries: Box<[Entry; PACKETS_MAX]>,
    count: usize,
}

impl Store {
    /// Returns one without room.
    pub(super) fn new() -> Self {
        Self {
            octets: Box::default(),
            used: 0,
            entries: Box::new([Entry::default(); PACKETS_MAX]),
            count: 0,
        }
    }

    /// Changes how many octets there is room for, which allocates; what waits is kept as far as it
    /// fits.
    pub(super) fn resize(&mut self, octets: usize) {
        if self.octets.len() == octets {
            return;
        }
        while self.used > octets {
            self.drop_first();
        }
        let mut resized = vec![0; octets].into_boxed_slice();
        resized[..self.used].copy_from_slice(&self.octets[..self.used]);
        self.octets = resized;
    }

    /// Reads a little of where the next packet goes, so that it is at hand.
    pub(super) fn glance(&self) -> usize {
        let octet = self.octets.get(self.used).copied();
        usize::from(octet.unwrap_or_default()) ^ usize::from(self.entries[0].payload_type)
    }

    /// The packet whose sound begins first.
    pub(super) fn first(&self) -> Option<Entry> {
        self.entries[..self.count].first().copied()
    }

    /// Where the sound ends that ends last.
    pub(super) fn end(&self) -> Option<Units> {
        self.entries[..self.count].iter().map(Entry::end).max()
    }

    /// A packet's octets.
    pub(super) fn payload(&self, entry: Entry) -> &[u8] {
        let at = usize::from(entry.at);
        &self.octets[at..at + usize::from(entry.octets)]
    }

    /// Keeps a packet; those that come first go where it finds no room. One that fits not even alone
    /// is not kept.
    pub(super) fn keep(
        &mut self,
        (start, length): (Units, Units),
        payload_type: u8,
        payload: &[u8],
    ) {
        if payload.len() > self.octets.len() {
            return;
        }
        while self.count == PACKETS_MAX || self.used + payload.len() > self.octets.len() {
            self.drop_first();
        }
        self.octets[self.used..self.used + payload.len()].copy_from_slice(payload);
        let entry = Entry {
            start,
            length,
            payload_type,
            at: self.used as u16,
            octets: payload.len() as u16,
        };
        self.used += payload.len();
        // It is the last one nearly always.
        let later = self.entries[..self.count].iter().rev();
        let place = self.count - later.take_while(|other| other.start > start).count();
        self.entries.copy_within(place..self.count, place + 1);
        self.entries[place] = entry;
        self.count += 1;
    }

    /// Drops the packet whose sound begins first.
    pub(super) fn drop_first(&mut self) {
        let Some(gone) = self.first() else { return };
        self.entries.copy_within(1..self.count, 0);
        self.count -= 1;
        let end = usize::from(gone.at + gone.octets);
        self.octets.copy_within(end..self.used, gone.at.into());
        self.used -= usize::from(gone.octets);
        for entry in &mut self.entries[..self.count] {
            if entry.at > gone.at {
                entry.at -= gone.octets;
            }
        }
    }

    /// Drops all.
    pub(super) fn clear(&mut self) {
        (self.count, self.used) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_come_out_in_the_order_of_their_sound_each_with_its_octets() {
        let mut store = Store::new();
        store.resize(100);
        for start in [30, 10, 20, 0] {
            store.keep((start, 10), 0, &[start as u8; 20]);
        }
        assert_eq!(store.end(), Some(40));
        for start in [0, 10, 20, 30] {
            let entry = store.first().unwrap();
            assert_eq!(entry.start, start);
            assert_eq!(store.payload(entry), [start as u8; 20]);
            store.drop_first();
        }
        assert_eq!((store.first(), store.used), (None, 0));
    }

    #[test]
    fn the_first_make_room_and_what_never_fits_is_not_kept() {
        let mut store = Store::new();
        store.resize(100);
        for start in 0..10 {
            store.keep((start * 10, 10), 0, &[start as u8; 30]);
        }
        assert_eq!(store.first().map(|entry| entry.start), Some(70));
        store.keep((500, 10), 0, &[0; 101]);
        assert_eq!(store.end(), Some(100));
        for start in 0..1000 {
            store.keep((start, 1), 0, &[]);
            assert!(store.count <= PACKETS_MAX);
        }
    }
}
