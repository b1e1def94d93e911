//! What is measured: rooms of one size, and who talks in them.

/// Rooms of one size.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rooms {
    /// How many there are.
    pub count: usize,
    /// Legs of each.
    pub legs: usize,
    /// Legs of each that talk; the others send silence.
    pub talking: usize,
}

impl Rooms {
    /// The rows that are measured where nothing else is asked for.
    pub fn all() -> Vec<Self> {
        let sizes = [(1, 3), (1, 10), (1, 50), (1, 500), (20, 4), (100, 4)];
        let rows = sizes.into_iter().flat_map(|(count, legs)| {
            let talking = [1, 3, legs];
            let talking = talking
                .into_iter()
                .enumerate()
                .filter(move |&(at, talking)| at == 2 || talking < legs);
            talking.map(move |(_, talking)| Self {
                count,
                legs,
                talking,
            })
        });
        rows.collect()
    }

    /// All legs of all of them.
    pub fn total(self) -> usize {
        self.count * self.legs
    }

    /// The room of a leg.
    pub(super) fn of(self, leg: usize) -> usize {
        leg / self.legs
    }

    /// Whether a leg talks.
    pub(super) fn talks(self, leg: usize) -> bool {
        leg % self.legs < self.talking
    }
}
