//! What is measured: rooms of one size, who talks in them, and what is spoken.

use crate::phones::codec::Codec;

/// What the legs of a room speak.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub enum Speech {
    /// G.711 µ-law
    Pcmu,
    /// Opus
    Opus,
    /// Every second leg the other one
    Half,
}

impl Speech {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pcmu, Self::Opus, Self::Half];

    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pcmu => "PCMU",
            Self::Opus => "Opus",
            Self::Half => "half",
        }
    }
}

/// Rooms of one size.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rooms {
    /// How many there are.
    pub count: usize,
    /// Legs of each.
    pub legs: usize,
    /// Legs of each that talk; the others send silence.
    pub talking: usize,
    /// What is spoken.
    pub speech: Speech,
}

impl Rooms {
    /// The rows that are measured where nothing else is asked for.
    pub fn all(speech: Speech) -> Vec<Self> {
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
                speech,
            })
        });
        rows.collect()
    }

    /// All legs of all of them.
    pub fn total(self) -> usize {
        self.count * self.legs
    }

    /// Legs who hear somebody.
    pub(super) fn hearing(self) -> usize {
        let deaf = if self.talking == 1 { self.count } else { 0 };
        self.total() - deaf
    }

    /// The room of a leg.
    pub(super) fn of(self, leg: usize) -> usize {
        leg / self.legs
    }

    /// The place of a leg in its room; those who talk have the first ones.
    pub(super) fn place(self, leg: usize) -> usize {
        leg % self.legs
    }

    /// Whether a leg talks.
    pub(super) fn talks(self, leg: usize) -> bool {
        self.place(leg) < self.talking
    }

    /// What a leg speaks.
    pub(super) fn codec(self, leg: usize) -> Codec {
        match self.speech {
            Speech::Pcmu => Codec::Pcmu,
            Speech::Opus => Codec::Opus,
            Speech::Half if self.place(leg).is_multiple_of(2) => Codec::Pcmu,
            Speech::Half => Codec::Opus,
        }
    }
}
