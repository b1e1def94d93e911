//! Ids by provisioned levels (H.248.1 Annex A.1).

use std::{borrow::Cow, fmt, sync::Arc};

use super::{ALL, BinaryId, Few, LOWER, MOST_OCTETS, POSITION, hex, wildcard};

/// How the levels of a name lie in a binary id, provisioned alike in both sides: the first part of
/// a name is a kind, whose number stands in the first level; the last part is the number in the last
/// level, and the parts between are the levels from the second on. Levels that a name has no part
/// for are 0, and are left out on reading.
///
/// ```
/// use codec_h248::binary::{TerminationKind, TerminationLevels};
///
/// let kinds = vec![TerminationKind::new("tdm", 1), TerminationKind::new("rtp", 2)];
/// let levels = TerminationLevels::new(vec![8, 8, 8], kinds)?;
/// // tdm/1/3 is 01 01 03, rtp/17 is 02 00 11, and rtp/* is 02 00 00 with the wildcard field 87.
/// # Ok::<(), codec_h248::binary::BadLevels>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct TerminationLevels {
    levels: Vec<Level>,
    kinds: Vec<TerminationKind>,
    octets: usize,
    low: LowNames,
}

/// The names of the lowest numbers of each kind, as most Terminations have them: spelled once, and
/// borrowed by every message.
#[derive(Clone, Default, Eq, PartialEq)]
struct LowNames {
    /// Those of one kind after those of another.
    names: Vec<Arc<str>>,
    /// How many there are of each kind.
    each: u64,
}

impl fmt::Debug for LowNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} names", self.names.len())
    }
}

/// A name of the first level.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TerminationKind {
    /// The first part of names, such as `rtp`.
    pub name: String,
    /// Its number.
    pub number: u64,
    /// The least number of digits of the last part: 5 for `rtp/00017`.
    pub digits: usize,
}

impl TerminationKind {
    /// A kind whose numbers have no leading zeros.
    pub fn new(name: impl Into<String>, number: u64) -> Self {
        Self {
            name: name.into(),
            number,
            digits: 1,
        }
    }
}

/// Why levels make no sense.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BadLevels(&'static str);

impl fmt::Display for BadLevels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for BadLevels {}

/// Names of each kind that are spelled once.
const LOW_OF_KIND: u64 = 256;
/// How many names are, whatever the kinds.
const MOST_LOW: u64 = 4096;
/// What stands before a number: as many zeros as it has digits at the most.
const ZEROS: &str = "/00000000000000000000";

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Level {
    /// Bits behind it.
    shift: u32,
    width: u32,
}

impl Level {
    fn highest(self) -> u64 {
        u64::MAX >> (u64::BITS - self.width)
    }

    fn of(self, id: u64) -> u64 {
        id >> self.shift & self.highest()
    }

    /// Where it begins, as a wildcard field says it.
    fn position(self) -> u8 {
        u8::try_from(self.shift + self.width - 1).expect("an id has 64 bits at most")
    }
}

/// Which levels are wildcarded, a bit for each, the first level's the lowest.
#[derive(Clone, Copy, Default)]
struct Wildcards {
    all: u64,
    choose: u64,
}

impl Wildcards {
    fn any(self) -> u64 {
        self.all | self.choose
    }

    fn add(&mut self, kind: u8, levels: u64) {
        if kind & ALL != 0 {
            self.all |= levels;
        } else {
            self.choose |= levels;
        }
    }

    fn sign(self, level: usize) -> Option<&'static str> {
        if self.all >> level & 1 != 0 {
            Some("*")
        } else {
            (self.choose >> level & 1 != 0).then_some("$")
        }
    }
}

impl TerminationLevels {
    /// No levels: Terminations are called by the octets of their names.
    pub(in crate::binary) const NONE: Self = Self {
        levels: Vec::new(),
        kinds: Vec::new(),
        octets: 0,
        low: LowNames {
            names: Vec::new(),
            each: 0,
        },
    };

    /// Levels of these widths in bits, most significant first, 64 bits at most together; and the
    /// names of the first level.
    pub fn new(widths: Vec<u8>, kinds: Vec<TerminationKind>) -> Result<Self, BadLevels> {
        let total: u32 = widths.iter().map(|&width| u32::from(width)).sum();
        if total == 0 || total > u64::BITS || widths.contains(&0) {
            return Err(BadLevels(
                "levels have 1 to 64 bits together, and each has one",
            ));
        }
        let mut shift = total;
        let levels: Vec<Level> = widths
            .into_iter()
            .map(|width| {
                shift -= u32::from(width);
                Level {
                    shift,
                    width: width.into(),
                }
            })
            .collect();
        check_kinds(&kinds, levels[0].highest())?;
        let mut levels = Self {
            levels,
            kinds,
            octets: total.div_ceil(8) as usize,
            low: LowNames::default(),
        };
        levels.low = levels.spell_low();
        Ok(levels)
    }

    fn spell_low(&self) -> LowNames {
        let (Some(first), [_, .., last]) = (self.levels.first(), &*self.levels) else {
            return LowNames::default();
        };
        let kinds = self.kinds.len().max(1) as u64;
        let each = (MOST_LOW / kinds).min(LOW_OF_KIND).min(last.highest());
        let ids = self.kinds.iter().flat_map(|kind| {
            let kind = kind.number << first.shift;
            (0..each).map(move |number| kind | number)
        });
        let names = ids.filter_map(|id| {
            let mut name = String::new();
            self.spell(id, Wildcards::default(), &mut name)?;
            Some(Arc::from(name))
        });
        LowNames {
            names: names.collect(),
            each,
        }
    }

    /// The name of an id without wildcards, where it is one of those that are spelled.
    pub(super) fn low_name(&self, id: &[u8]) -> Option<&str> {
        let id = self.number(id)?;
        let first = self.levels.first()?;
        let number = id & !(first.highest() << first.shift);
        if number >= self.low.each {
            return None;
        }
        let mut kinds = (0_u64..).zip(&self.kinds);
        let (place, _) = kinds.find(|(_, kind)| kind.number == id >> first.shift)?;
        let name = self
            .low
            .names
            .get((place * self.low.each + number) as usize)?;
        Some(name)
    }

    /// Whether levels are provisioned at all.
    pub(super) fn any(&self) -> bool {
        !self.levels.is_empty()
    }

    /// The bits of the levels from this one on.
    fn from(&self, level: usize) -> u64 {
        (u64::MAX >> (u64::BITS as usize - self.levels.len())) & (u64::MAX << level)
    }

    /// The name of an id, where it has the levels that are provisioned. It is spelled where it stays,
    /// and something is left there where it has not.
    pub(super) fn name(&self, fields: &[u8], id: &[u8], place: &mut Cow<'_, str>) -> Option<()> {
        let id = self.number(id)?;
        let wildcards = self.wildcards(fields)?;
        if wildcards.any() != 0 {
            let everything = self.from(0);
            if wildcards.all == everything {
                *place = Cow::Borrowed("*");
                return Some(());
            }
            if wildcards.choose == everything {
                *place = Cow::Borrowed("$");
                return Some(());
            }
        }
        *place = Cow::Owned(String::with_capacity(16));
        self.spell(id, wildcards, place.to_mut())
    }

    #[inline]
    fn number(&self, id: &[u8]) -> Option<u64> {
        if id.len() != self.octets {
            return None;
        }
        let id = id
            .iter()
            .fold(0, |number, &octet| number << 8 | u64::from(octet));
        let first = self.levels.first()?;
        (id >> first.shift <= first.highest()).then_some(id)
    }

    fn wildcards(&self, fields: &[u8]) -> Option<Wildcards> {
        let mut wildcards = Wildcards::default();
        for field in fields {
            let begins = |level: &Level| level.position() == field & POSITION;
            let level = self.levels.iter().position(begins)?;
            let covered = if field & LOWER != 0 {
                self.from(level)
            } else {
                1 << level
            };
            if wildcards.any() & covered != 0 {
                return None;
            }
            wildcards.add(*field, covered);
        }
        Some(wildcards)
    }

    /// Appends the name of an id to `name`.
    fn spell(&self, id: u64, wildcards: Wildcards, name: &mut String) -> Option<()> {
        let mut digits = 1;
        match wildcards.sign(0) {
            Some(sign) => name.push_str(sign),
            None => {
                let number = self.levels[0].of(id);
                let kind = self.kinds.iter().find(|kind| kind.number == number)?;
                name.push_str(&kind.name);
                digits = kind.digits;
            }
        }
        let last = self.levels.len() - 1;
        let stands =
            |&level: &usize| wildcards.any() >> level & 1 != 0 || self.levels[level].of(id) != 0;
        let parts = (1..last).rev().find(stands).unwrap_or(0);
        for level in 1..=parts {
            self.push_part(id, wildcards, level, 1, name);
        }
        if last > 0 {
            self.push_part(id, wildcards, last, digits, name);
        }
        Some(())
    }

    /// Appends what a level behind the first says, in so many digits at least.
    #[inline]
    fn push_part(
        &self,
        id: u64,
        wildcards: Wildcards,
        level: usize,
        least: usize,
        name: &mut String,
    ) {
        match wildcards.sign(level) {
            Some(sign) => {
                name.push('/');
                name.push_str(sign);
            }
            None => push_number(name, self.levels[level].of(id), least),
        }
    }

    /// The id of a name, where it is the one that the id is read as.
    pub(super) fn binary(&self, name: &str) -> Option<BinaryId> {
        if let Some(kind) = wildcard(name) {
            return self.whole(kind);
        }
        let last = self.levels.len() - 1;
        let last_part = name.bytes().filter(|&octet| octet == b'/').count();
        if last_part > last || (last_part == 0) != (last == 0) {
            return None;
        }
        let mut digits = 1;
        let mut id = 0;
        let mut wildcards = Wildcards::default();
        for (place, part) in name.split('/').enumerate() {
            let level = if place == last_part { last } else { place };
            if let Some(kind) = wildcard(part) {
                wildcards.add(kind, 1 << level);
                continue;
            }
            let number = if level == 0 {
                let kind = self.kind(part)?;
                digits = kind.digits;
                kind.number
            } else {
                let least = if level == last { digits } else { 1 };
                part_number(part, least)?
            };
            let left_out = number == 0 && place > 0 && place + 1 == last_part;
            if left_out || number > self.levels[level].highest() {
                return None;
            }
            id |= number << self.levels[level].shift;
        }
        if [wildcards.all, wildcards.choose].contains(&self.from(0)) {
            return None;
        }
        Some(BinaryId {
            fields: self.fields(wildcards)?,
            id: self.octets(id)?,
        })
    }

    fn kind(&self, name: &str) -> Option<&TerminationKind> {
        let mut kinds = self.kinds.iter();
        kinds.find(|kind| kind.name.eq_ignore_ascii_case(name))
    }

    /// `*` or `$` alone.
    fn whole(&self, kind: u8) -> Option<BinaryId> {
        let mut fields = Few::NONE;
        fields.push(kind | LOWER | self.levels[0].position())?;
        let id = self.octets(0)?;
        Some(BinaryId { fields, id })
    }

    fn octets(&self, id: u64) -> Option<Few<MOST_OCTETS>> {
        Few::of(&id.to_be_bytes()[MOST_OCTETS - self.octets..])
    }

    /// One field for each level, but one for all of several at the end.
    fn fields<const N: usize>(&self, wildcards: Wildcards) -> Option<Few<N>> {
        let mut fields = Few::NONE;
        for (level, place) in self.levels.iter().enumerate() {
            let Some(sign) = wildcards.sign(level) else {
                continue;
            };
            let kind = wildcard(sign)?;
            let same = if kind & ALL != 0 {
                wildcards.all
            } else {
                wildcards.choose
            };
            let rest = self.from(level);
            if level + 1 < self.levels.len() && same & rest == rest {
                fields.push(kind | LOWER | place.position())?;
                break;
            }
            fields.push(kind | place.position())?;
        }
        Some(fields)
    }
}

fn check_kinds(kinds: &[TerminationKind], highest: u64) -> Result<(), BadLevels> {
    for (place, kind) in kinds.iter().enumerate() {
        let legal = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'_';
        let letter = kind
            .name
            .as_bytes()
            .first()
            .is_some_and(u8::is_ascii_alphabetic);
        if !letter || !kind.name.bytes().all(legal) {
            return Err(BadLevels(
                "a kind is a letter, then letters, digits and underscores",
            ));
        }
        let reserved = kind.name.eq_ignore_ascii_case("ROOT") || hex::binary(&kind.name).is_some();
        if reserved {
            return Err(BadLevels("ROOT and names of ids in hex are no kinds"));
        }
        if kind.number > highest || !(1..=20).contains(&kind.digits) {
            return Err(BadLevels(
                "a kind's number fits the first level, and it has 1 to 20 digits",
            ));
        }
        let twice = |other: &TerminationKind| {
            other.number == kind.number || other.name.eq_ignore_ascii_case(&kind.name)
        };
        if kinds[..place].iter().any(twice) {
            return Err(BadLevels("two kinds have the same name or number"));
        }
    }
    Ok(())
}

/// Appends `/` and a number of at least so many digits.
#[inline]
fn push_number(name: &mut String, number: u64, least: usize) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(number);
    name.push_str(&ZEROS[..1 + least.saturating_sub(digits.len())]);
    name.push_str(digits);
}

/// A number that is spelled as [`push_number`] spells it.
fn part_number(part: &str, least: usize) -> Option<u64> {
    let digits = part.bytes().all(|octet| octet.is_ascii_digit());
    let padded = part.len() == least || (part.len() > least && !part.starts_with('0'));
    if !digits || !padded {
        return None;
    }
    part.parse().ok()
}
