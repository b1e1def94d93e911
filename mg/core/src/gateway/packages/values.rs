//! Whether a parameter's value is one that it can have, and all that it can have.

use codec_h248::{
    ParmValue, Value,
    descriptor::NamedParameter,
    package::{EnumerationValue, ParameterDefinition, ValueForm, ValueType},
};

use super::{
    sounds,
    table::{Parameter, Possible},
};

/// More members in a list than this are refused: more than anybody plays.
const LIST_MAX: usize = 32;

impl Possible {
    /// Whether the value is one of these, in this package.
    pub(crate) fn takes(&self, package: &str, value: &ParmValue<'_>) -> bool {
        let Some(values) = members(value) else {
            return false;
        };
        let is_list = matches!(value, ParmValue::AllOf(_));
        let within = |value: &Value<'_>, low, high| {
            let number = ValueType::Double.number(&value.text);
            number.is_some_and(|number| (low..=high).contains(&number))
        };
        let each = |takes: &dyn Fn(&Value<'_>) -> bool| values.iter().all(takes);
        match *self {
            Self::Number(low, high) => !is_list && each(&|value| within(value, low, high)),
            Self::NumberOr(low, high, other) => {
                !is_list && each(&|value| within(value, low, high) || within(value, other, other))
            }
            Self::Numbers(low, high) => each(&|value| within(value, low, high)),
            Self::Word(words) => {
                let is_one = |value: &Value<'_>| {
                    let mut words = words.iter();
                    words.any(|word| value.text.eq_ignore_ascii_case(word))
                };
                !is_list && each(&is_one)
            }
            Self::Text => true,
            Self::Tones => each(&|value| sounds::tone_of(package, &value.text).is_some()),
            Self::AnyTones => {
                each(&|value| value.is_all() || sounds::tone_of(package, &value.text).is_some())
            }
        }
    }

    /// All of them, as AuditCapability returns them (H.248.1 7.2.6).
    pub(crate) fn all(&self, package: &str) -> ParmValue<'static> {
        let number = |number: i64| Value::bare(number.to_string());
        match *self {
            Self::Number(low, high) | Self::NumberOr(low, high, _) | Self::Numbers(low, high) => {
                ParmValue::Range(number(low), number(high))
            }
            Self::Word(words) => {
                ParmValue::OneOf(words.iter().map(|word| Value::bare(*word)).collect())
            }
            Self::Text => ParmValue::Equal(Value::bare("*")),
            Self::Tones | Self::AnyTones => {
                let all = sounds::tones_of(package);
                ParmValue::OneOf(all.map(|tone| Value::bare(tone.name)).collect())
            }
        }
    }
}

/// The values of a parameter: one, or a list of them; `None` for what asks for a choice, which no
/// parameter of an event or a signal does here.
pub(crate) fn members<'v, 'a>(value: &'v ParmValue<'a>) -> Option<&'v [Value<'a>]> {
    match value {
        ParmValue::Equal(value) => Some(std::slice::from_ref(value)),
        ParmValue::AllOf(values) => (values.len() <= LIST_MAX).then_some(values),
        ParmValue::NotEqual(_)
        | ParmValue::Greater(_)
        | ParmValue::Less(_)
        | ParmValue::Range(..)
        | ParmValue::OneOf(_) => None,
    }
}

/// The number that a parameter is given.
pub(crate) fn number(parameters: &[NamedParameter<'_>], name: &str) -> Option<u32> {
    number_of(&parameters.iter().find(|one| one.name.is(name))?.value)
}

/// The word that a parameter is given.
pub(crate) fn word<'v>(parameters: &'v [NamedParameter<'_>], name: &str) -> Option<&'v str> {
    text_of(&parameters.iter().find(|one| one.name.is(name))?.value)
}

/// What is wrong with a parameter.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Wrong {
    /// There is none of that name.
    Unknown,
    /// It cannot have that value.
    Value,
    /// It stands twice.
    Twice,
    /// This one is missing.
    Missing(&'static str),
}

/// What is wrong with these parameters, if the table is asked.
pub(super) fn by_table<'v>(
    package: &str,
    known: &'static [Parameter],
    given: impl Iterator<Item = &'v NamedParameter<'v>> + Clone,
) -> Option<Wrong> {
    for (index, one) in given.clone().enumerate() {
        let Some(parameter) = known.iter().find(|known| one.name.is(known.name)) else {
            return Some(Wrong::Unknown);
        };
        if !parameter.possible.takes(package, &one.value) {
            return Some(Wrong::Value);
        }
        if given
            .clone()
            .take(index)
            .any(|other| other.name == one.name)
        {
            return Some(Wrong::Twice);
        }
    }
    let is_missing = |parameter: &&Parameter| {
        parameter.needed && !given.clone().any(|one| one.name.is(parameter.name))
    };
    let missing = known.iter().find(is_missing);
    missing.map(|parameter| Wrong::Missing(parameter.name))
}

/// The same where a vendor's file is asked, in which no parameter must be given.
pub(super) fn by_file<'v>(
    known: &[ParameterDefinition],
    given: impl Iterator<Item = &'v NamedParameter<'v>> + Clone,
) -> Option<Wrong> {
    for (index, one) in given.clone().enumerate() {
        let Some(parameter) = known.iter().find(|known| one.name.is(&known.name)) else {
            return Some(Wrong::Unknown);
        };
        let possible = members(&one.value).is_some() && parameter.form.check(&one.value).is_ok();
        if !possible {
            return Some(Wrong::Value);
        }
        if given
            .clone()
            .take(index)
            .any(|other| other.name == one.name)
        {
            return Some(Wrong::Twice);
        }
    }
    None
}

/// All values of a form of a vendor's file, as AuditCapability returns them.
pub(super) fn all_of(form: &ValueForm) -> ParmValue<'static> {
    let number = |number: i64| Value::bare(number.to_string());
    match (&form.value_type, form.bounds) {
        (ValueType::Enumeration(values), _) => {
            let name = |value: &EnumerationValue| Value::bare(value.name.to_string());
            ParmValue::OneOf(values.iter().map(name).collect())
        }
        (ValueType::Boolean, _) => ParmValue::OneOf(vec![Value::bare("on"), Value::bare("off")]),
        (_, Some((low, high))) => ParmValue::Range(number(low), number(high)),
        _ => ParmValue::Equal(Value::bare("*")),
    }
}

/// The number that a value is, if it is one number.
pub(crate) fn number_of(value: &ParmValue<'_>) -> Option<u32> {
    u32::try_from(ValueType::Double.number(text_of(value)?)?).ok()
}

/// The text of a value, if it is one.
pub(crate) fn text_of<'v>(value: &'v ParmValue<'_>) -> Option<&'v str> {
    members(value)?.first().map(|value| &*value.text)
}
