//! The rows of the tables.

use std::borrow::Cow;

use crate::{
    descriptor::SignalType,
    package::{
        Access, EnumerationValue, ItemDefinition, ItemDetails, PackageDefinition,
        ParameterDefinition, PropertyPlace, ValueForm, ValueType,
    },
};

pub(super) use crate::{
    descriptor::SignalType::{Brief, OnOff, TimeOut},
    package::{
        Access::{ReadOnly, ReadWrite},
        PropertyPlace::{LocalControl, TerminationState},
        ValueType::{Boolean, Double, Integer, OctetString, PackageItemName, String, ToneId},
    },
};

/// Rows that live as long as the program.
macro_rules! rows {
    ($type:ty: $($row:expr),* $(,)?) => {{
        const ROWS: &[$type] = &[$($row),*];
        ROWS
    }};
}

/// The items of a package.
macro_rules! items {
    ($($row:expr),* $(,)?) => {
        $crate::package::standard::row::rows!($crate::package::ItemDefinition: $($row),*)
    };
}

/// The parameters of an event or a signal.
macro_rules! parameters {
    ($($row:expr),* $(,)?) => {
        $crate::package::standard::row::rows!($crate::package::ParameterDefinition: $($row),*)
    };
}

/// The values of an enumeration: names and binary ids.
macro_rules! one_of {
    ($($name:ident $id:literal),* $(,)?) => {
        $crate::package::ValueType::Enumeration(std::borrow::Cow::Borrowed(
            $crate::package::standard::row::rows!($crate::package::EnumerationValue: $(
                $crate::package::standard::row::value(stringify!($name), $id)
            ),*)
        ))
    };
}

pub(super) use {items, one_of, parameters, rows};

pub(super) const fn package(
    name: &'static str,
    id: u16,
    version: u16,
    items: &'static [ItemDefinition],
) -> PackageDefinition {
    PackageDefinition {
        name: Cow::Borrowed(name),
        id,
        version,
        extends: None,
        items: Cow::Borrowed(items),
    }
}

pub(super) const fn extension(
    base: &'static str,
    name: &'static str,
    id: u16,
    version: u16,
    items: &'static [ItemDefinition],
) -> PackageDefinition {
    PackageDefinition {
        name: Cow::Borrowed(name),
        id,
        version,
        extends: Some(Cow::Borrowed(base)),
        items: Cow::Borrowed(items),
    }
}

const fn item(name: &'static str, id: u16, details: ItemDetails) -> ItemDefinition {
    ItemDefinition {
        name: Cow::Borrowed(name),
        id,
        details,
    }
}

pub(super) const fn property(
    name: &'static str,
    id: u16,
    form: ValueForm,
    place: PropertyPlace,
    access: Access,
) -> ItemDefinition {
    item(
        name,
        id,
        ItemDetails::Property {
            form,
            place,
            access,
        },
    )
}

pub(super) const fn event(
    name: &'static str,
    id: u16,
    requested: &'static [ParameterDefinition],
    observed: &'static [ParameterDefinition],
) -> ItemDefinition {
    item(
        name,
        id,
        ItemDetails::Event {
            requested: Cow::Borrowed(requested),
            observed: Cow::Borrowed(observed),
        },
    )
}

pub(super) const fn signal(
    name: &'static str,
    id: u16,
    default_type: SignalType,
    parameters: &'static [ParameterDefinition],
) -> ItemDefinition {
    item(
        name,
        id,
        ItemDetails::Signal {
            default_type,
            parameters: Cow::Borrowed(parameters),
        },
    )
}

pub(super) const fn statistic(name: &'static str, id: u16, form: ValueForm) -> ItemDefinition {
    item(name, id, ItemDetails::Statistic { form })
}

pub(super) const fn parameter(name: &'static str, id: u16, form: ValueForm) -> ParameterDefinition {
    ParameterDefinition {
        name: Cow::Borrowed(name),
        id,
        form,
    }
}

pub(super) const fn value(name: &'static str, id: u16) -> EnumerationValue {
    EnumerationValue {
        name: Cow::Borrowed(name),
        id,
    }
}

pub(super) const fn one(value_type: ValueType) -> ValueForm {
    ValueForm::one(value_type)
}

pub(super) const fn list(value_type: ValueType) -> ValueForm {
    ValueForm {
        value_type,
        is_list: true,
        bounds: None,
    }
}

/// One number, from `low` to `high`.
pub(super) const fn within(value_type: ValueType, low: i64, high: i64) -> ValueForm {
    ValueForm {
        value_type,
        is_list: false,
        bounds: Some((low, high)),
    }
}

/// The direction of a tone or an announcement, out of the Context or into it.
pub(super) const DIRECTION: ValueForm = one(one_of![ext 0x0001, int 0x0002, both 0x0003]);
