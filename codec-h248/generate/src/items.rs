//! Items of packages, and the forms of their values (H.248.1 12).

use codec_h248::{
    descriptor::SignalType,
    package::{Access, ItemDetails, ParameterDefinition, PropertyPlace, ValueForm, ValueType},
};

/// Where a property stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Where {
    TerminationState,
    LocalControl,
    Context,
    Modem,
}

/// What an item is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Event,
    Signal,
    Statistic,
}

/// The form of a value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// As a package says; of this package are the tones.
    Of(&'static ValueForm, &'static str),
    /// Nobody says.
    Free,
    /// Nobody says, and binary has no such thing.
    Vendor,
}

impl Form {
    pub(crate) fn is_list(self) -> bool {
        matches!(self, Self::Of(form, _) if form.is_list)
    }

    pub(crate) fn is_number(self) -> bool {
        matches!(self, Self::Of(form, _) if form.value_type.is_number())
    }
}

/// A parameter of an event or a signal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) form: Form,
}

/// Lost packets (H.248.1 E.12.4): the table has the type alone.
static PERCENT: ValueForm = ValueForm {
    value_type: ValueType::Double,
    is_list: false,
    bounds: Some((0, 100)),
};

/// An item.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    pub(crate) package: &'static str,
    pub(crate) name: &'static str,
    details: Details,
}

/// What is known of an item.
#[derive(Clone, Copy, Debug)]
enum Details {
    Known(&'static ItemDetails),
    /// Of a package that nobody knows, by its numbers.
    Numbered,
    /// Of the package `acme`.
    Vendor,
}

/// A package and its version.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Package {
    pub(crate) name: &'static str,
    pub(crate) version: u16,
    pub(crate) vendor: bool,
}

impl Item {
    pub(crate) const fn known(
        package: &'static str,
        name: &'static str,
        details: &'static ItemDetails,
    ) -> Self {
        Self {
            package,
            name,
            details: Details::Known(details),
        }
    }

    pub(crate) const fn numbered(name: &'static str) -> Self {
        Self {
            package: "id_8001",
            name,
            details: Details::Numbered,
        }
    }

    pub(crate) const fn vendor(name: &'static str) -> Self {
        Self {
            package: "acme",
            name,
            details: Details::Vendor,
        }
    }

    pub(crate) fn is_vendor(&self) -> bool {
        matches!(self.details, Details::Vendor)
    }

    pub(crate) fn is(&self, package: &str, name: &str) -> bool {
        self.package == package && self.name == name
    }

    /// The form of its own value.
    pub(crate) fn form(&self) -> Form {
        match self.details {
            Details::Known(ItemDetails::Statistic { .. }) if self.name == "pl" => {
                Form::Of(&PERCENT, self.package)
            }
            Details::Known(
                ItemDetails::Property { form, .. } | ItemDetails::Statistic { form },
            ) => Form::Of(form, self.package),
            Details::Known(ItemDetails::Event { .. } | ItemDetails::Signal { .. })
            | Details::Numbered => Form::Free,
            Details::Vendor => Form::Vendor,
        }
    }

    /// What an event is asked for with.
    pub(crate) fn requested(&self) -> Vec<Parameter> {
        match self.details {
            Details::Known(ItemDetails::Event { requested, .. }) => self.parameters(requested),
            Details::Known(_) | Details::Numbered => Vec::new(),
            Details::Vendor => VENDOR_PARAMETERS.to_vec(),
        }
    }

    /// What an event is reported with.
    pub(crate) fn observed(&self) -> Vec<Parameter> {
        match self.details {
            Details::Known(ItemDetails::Event { observed, .. }) => self.parameters(observed),
            Details::Known(_) | Details::Numbered => Vec::new(),
            Details::Vendor => VENDOR_PARAMETERS.to_vec(),
        }
    }

    /// The parameters of a signal.
    pub(crate) fn sent(&self) -> Vec<Parameter> {
        match self.details {
            Details::Known(ItemDetails::Signal { parameters, .. }) => self.parameters(parameters),
            Details::Known(_) | Details::Numbered => Vec::new(),
            Details::Vendor => VENDOR_PARAMETERS.to_vec(),
        }
    }

    fn parameters(&self, known: &'static [ParameterDefinition]) -> Vec<Parameter> {
        let package = self.package;
        let parameter = |known: &'static ParameterDefinition| Parameter {
            name: &known.name,
            form: Form::Of(&known.form, package),
        };
        let legal = |known: &&ParameterDefinition| known.name != RESERVED;
        known.iter().filter(legal).map(parameter).collect()
    }

    /// Whether a property stands there, and may be written there by who is no gateway.
    pub(crate) fn stands(&self, here: PropertyPlace, written: bool) -> bool {
        match self.details {
            Details::Known(ItemDetails::Property { place, access, .. }) => {
                *place == here && (!written || *access == Access::ReadWrite)
            }
            Details::Known(_) | Details::Numbered | Details::Vendor => false,
        }
    }

    /// Whether a signal ends on its own only where somebody says when.
    pub(crate) fn needs_duration(&self) -> bool {
        match self.details {
            Details::Known(ItemDetails::Signal { default_type, .. }) => {
                *default_type != SignalType::TimeOut
            }
            Details::Known(_) | Details::Numbered | Details::Vendor => false,
        }
    }
}

/// The name of a parameter of `aasdc/playcol` that H.248.1 12.1 keeps for the protocol.
const RESERVED: &str = "dm";

const VENDOR_PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "level",
        form: Form::Vendor,
    },
    Parameter {
        name: "T",
        form: Form::Vendor,
    },
    Parameter {
        name: "Add",
        form: Form::Vendor,
    },
];
