//! Package properties of LocalControl and TerminationState.

use codec_h248::{PackageItem, ParmValue, PropertyParm, ToBoundedStatic, Value};

use super::Owner;
use crate::{CommandError, gateway::circuit};

/// Bounds of `nt/jit` in milliseconds, and what is chosen where the controller leaves it open.
const JITTER_BUFFER_MS: std::ops::RangeInclusive<u32> = 0..=10_000;
const JITTER_BUFFER_CHOSEN_MS: u32 = 60;

/// A LocalControl property as it is kept, and whether the gateway chose its value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Kept {
    /// The property with one value.
    pub(crate) parm: PropertyParm<'static>,
    /// Whether the value is the gateway's choice.
    pub(crate) chosen: bool,
}

/// Takes the package properties of a LocalControl descriptor: `nt/jit` (E.11.1), and those of a
/// circuit (E.13.1).
pub(crate) fn local_control(
    owner: Owner,
    parms: &[PropertyParm<'_>],
) -> Result<Vec<Kept>, CommandError> {
    for parm in parms {
        owner.check_package(&parm.name)?;
    }
    let mut kept: Vec<Kept> = Vec::new();
    for parm in parms {
        if kept.iter().any(|other| other.parm.name == parm.name) {
            return Err(CommandError::PropertyTwice(parm.name.to_static()));
        }
        kept.push(if is_jitter(&parm.name) {
            jitter(parm)?
        } else if circuit::is_known(&parm.name) {
            circuit::take(parm)?
        } else {
            return Err(CommandError::NoSuchProperty(parm.name.to_static()));
        });
    }
    Ok(kept)
}

/// The properties of a LocalControl descriptor that is not given. Those of RTP are left out: nobody has
/// provisioned them.
pub(crate) fn defaults(owner: Owner) -> Vec<PropertyParm<'static>> {
    let jitter = || PropertyParm {
        name: PackageItem::known("nt", "jit"),
        value: ParmValue::Equal(Value::bare(JITTER_BUFFER_CHOSEN_MS.to_string())),
    };
    match owner {
        Owner::Root | Owner::Rtp => Vec::new(),
        Owner::Analog => vec![jitter()],
        Owner::Trunk => [vec![jitter()], circuit::defaults()].concat(),
    }
}

/// The properties that hold where nobody has said or provisioned any.
pub(crate) fn assumed(owner: Owner) -> Vec<PropertyParm<'static>> {
    match owner {
        Owner::Rtp => defaults(Owner::Analog),
        Owner::Root | Owner::Analog | Owner::Trunk => defaults(owner),
    }
}

/// Properties with others in the place of those of the same name; nt/jit has the names that it is
/// inherited by, too.
pub(crate) fn over<'a>(
    mut under: Vec<PropertyParm<'static>>,
    over: impl IntoIterator<Item = &'a PropertyParm<'static>>,
) -> Vec<PropertyParm<'static>> {
    for parm in over {
        let same = |other: &PropertyParm<'_>| {
            other.name == parm.name || (is_jitter(&other.name) && is_jitter(&parm.name))
        };
        match under.iter_mut().find(|other| same(other)) {
            Some(place) => *place = parm.clone(),
            None => under.push(parm.clone()),
        }
    }
    under
}

fn is_jitter(name: &PackageItem<'_>) -> bool {
    ["nt", "rtp", "tdmc"]
        .iter()
        .any(|package| name.is(package, "jit"))
}

fn jitter(parm: &PropertyParm<'_>) -> Result<Kept, CommandError> {
    let bad = || CommandError::PropertyValue(parm.name.to_static());
    let number = |value: &Value<'_>| {
        let parsed = value.text.parse::<u32>().ok();
        parsed.filter(|number| JITTER_BUFFER_MS.contains(number))
    };
    let (low, high) = (*JITTER_BUFFER_MS.start(), *JITTER_BUFFER_MS.end());
    let within =
        |low: u32, high: u32| (low <= high).then(|| JITTER_BUFFER_CHOSEN_MS.clamp(low, high));
    let (value, chosen) = match &parm.value {
        ParmValue::Equal(value) if value.is_choose() => (Some(JITTER_BUFFER_CHOSEN_MS), true),
        ParmValue::Equal(value) => (number(value), false),
        ParmValue::Range(from, to) => {
            let bounds = number(from).zip(number(to));
            (bounds.and_then(|(from, to)| within(from, to)), true)
        }
        ParmValue::Greater(than) => (number(than).and_then(|than| within(than + 1, high)), true),
        ParmValue::Less(than) => {
            let below = number(than).and_then(|than| than.checked_sub(1));
            (below.and_then(|below| within(low, below)), true)
        }
        ParmValue::NotEqual(not) => {
            let other = |not| JITTER_BUFFER_CHOSEN_MS + u32::from(not == JITTER_BUFFER_CHOSEN_MS);
            (number(not).map(other), true)
        }
        ParmValue::OneOf(values) => (values.iter().find_map(number), true),
        ParmValue::AllOf(_) => (None, true),
    };
    let value = value.ok_or_else(bad)?;
    Ok(Kept {
        parm: PropertyParm {
            name: parm.name.to_static(),
            value: ParmValue::Equal(Value::bare(value.to_string())),
        },
        chosen,
    })
}

/// Refuses every package property of TerminationState: no Termination has one.
pub(crate) fn termination_state(
    owner: Owner,
    parms: &[PropertyParm<'_>],
) -> Result<(), CommandError> {
    for parm in parms {
        owner.check_package(&parm.name)?;
    }
    match parms.first() {
        None => Ok(()),
        Some(parm) if is_jitter(&parm.name) || circuit::is_known(&parm.name) => {
            Err(CommandError::IllegalProperty(parm.name.to_static()))
        }
        Some(parm) => Err(CommandError::NoSuchProperty(parm.name.to_static())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(value: ParmValue<'static>) -> Option<(String, bool)> {
        let parm = PropertyParm {
            name: PackageItem::known("nt", "jit"),
            value,
        };
        let kept = local_control(Owner::Rtp, &[parm]).ok()?.remove(0);
        let ParmValue::Equal(value) = kept.parm.value else {
            panic!("one value is kept");
        };
        Some((value.text.into_owned(), kept.chosen))
    }

    fn values(texts: &[&'static str]) -> Vec<Value<'static>> {
        texts.iter().map(|text| Value::bare(*text)).collect()
    }

    #[test]
    fn one_value_is_chosen_from_every_form() {
        let bare = |text: &'static str| Value::bare(text);
        let some = |text: &str, chosen| Some((text.to_owned(), chosen));
        assert_eq!(take(ParmValue::Equal(bare("40"))), some("40", false));
        assert_eq!(take(ParmValue::Equal(bare("$"))), some("60", true));
        assert_eq!(
            take(ParmValue::Range(bare("20"), bare("50"))),
            some("50", true)
        );
        assert_eq!(
            take(ParmValue::OneOf(values(&["30", "50"]))),
            some("30", true)
        );
        assert_eq!(take(ParmValue::Greater(bare("80"))), some("81", true));
        assert_eq!(take(ParmValue::Less(bare("10"))), some("9", true));
        assert_eq!(take(ParmValue::NotEqual(bare("60"))), some("61", true));
        assert_eq!(take(ParmValue::Equal(bare("soon"))), None);
        assert_eq!(take(ParmValue::Range(bare("50"), bare("20"))), None);
        assert_eq!(take(ParmValue::Less(bare("0"))), None);
        assert_eq!(take(ParmValue::Greater(bare("10000"))), None);
        assert_eq!(take(ParmValue::AllOf(values(&["1"]))), None);
    }
}
