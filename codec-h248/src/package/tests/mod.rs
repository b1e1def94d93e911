mod adding;
mod reference;
mod tables;
mod values;
#[cfg(feature = "serde")]
mod vendor_file;

use std::borrow::Cow;

use super::{
    ItemDefinition, ItemDetails, PackageDefinition, ParameterDefinition, ValueForm, ValueType,
};
use crate::descriptor::SignalType;

/// A package of a vendor.
fn package(items: Vec<ItemDefinition>) -> PackageDefinition {
    PackageDefinition {
        name: Cow::Borrowed("acme"),
        id: 0x8001,
        version: 1,
        extends: None,
        items: Cow::Owned(items),
    }
}

fn extending(base: &'static str, items: Vec<ItemDefinition>) -> PackageDefinition {
    PackageDefinition {
        extends: Some(Cow::Borrowed(base)),
        ..package(items)
    }
}

fn signal(name: &'static str, id: u16, parameters: Vec<ParameterDefinition>) -> ItemDefinition {
    ItemDefinition {
        name: Cow::Borrowed(name),
        id,
        details: ItemDetails::Signal {
            default_type: SignalType::Brief,
            parameters: Cow::Owned(parameters),
        },
    }
}

fn event(
    name: &'static str,
    id: u16,
    requested: Vec<ParameterDefinition>,
    observed: Vec<ParameterDefinition>,
) -> ItemDefinition {
    ItemDefinition {
        name: Cow::Borrowed(name),
        id,
        details: ItemDetails::Event {
            requested: Cow::Owned(requested),
            observed: Cow::Owned(observed),
        },
    }
}

fn parameter(name: &'static str, id: u16, value_type: ValueType) -> ParameterDefinition {
    ParameterDefinition {
        name: Cow::Borrowed(name),
        id,
        form: ValueForm::one(value_type),
    }
}
