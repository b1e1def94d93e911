//! Symbols of digit maps (H.248.1 7.1.14.3).

/// A symbol: `0` to `9`, then the letters `A` to `K`, which packages give a meaning.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(crate) struct Symbol(u8);

const SIGNS: &[u8; 21] = b"0123456789ABCDEFGHIJK";

impl Symbol {
    /// The symbol that is written so, in any case. `*` and `#` are taken for `E` and `F`, which is what
    /// peers mean that write them.
    pub(crate) fn new(sign: u8) -> Option<Self> {
        let sign = match sign {
            b'*' => b'E',
            b'#' => b'F',
            sign => sign.to_ascii_uppercase(),
        };
        let place = SIGNS.iter().position(|one| *one == sign)?;
        u8::try_from(place).ok().map(Self)
    }

    /// How it is written.
    pub(crate) fn sign(self) -> char {
        SIGNS
            .get(usize::from(self.0))
            .copied()
            .map_or('?', char::from)
    }
}

/// A set of symbols.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Symbols(u32);

impl Symbols {
    /// `x`: the ten digits.
    pub(super) const DIGITS: Self = Self(0x3FF);

    pub(super) fn of(symbol: Symbol) -> Self {
        Self(1 << symbol.0)
    }

    /// All from one to another; `None` where they stand the other way round.
    pub(super) fn range(first: Symbol, last: Symbol) -> Option<Self> {
        let all = (first.0..=last.0).fold(0, |all, place| all | 1 << place);
        (first <= last).then_some(Self(all))
    }

    pub(super) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn has(self, symbol: Symbol) -> bool {
        self.0 & (1 << symbol.0) != 0
    }
}
