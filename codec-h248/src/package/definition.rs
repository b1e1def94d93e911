//! What a package defines (H.248.1 12).

use std::borrow::Cow;

use super::{ValueForm, words::is_same};
use crate::descriptor::SignalType;

/// A package: its names, and what it adds to the protocol (H.248.1 12.1).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PackageDefinition {
    /// Its text id.
    pub name: Cow<'static, str>,
    /// Its binary id; 0x8000 and above are private.
    pub id: u16,
    /// Its version, 1 or more.
    pub version: u16,
    /// The text id of the package whose items are its items too (H.248.1 6.2.3).
    pub extends: Option<Cow<'static, str>>,
    /// Its own items of all kinds.
    pub items: Cow<'static, [ItemDefinition]>,
}

impl PackageDefinition {
    /// Its own items of a kind, without those of the package that it extends.
    pub fn items_of(&self, kind: ItemKind) -> impl Iterator<Item = &ItemDefinition> {
        self.items.iter().filter(move |item| item.kind() == kind)
    }

    /// Its own item of that name, in any case.
    pub fn item(&self, kind: ItemKind, name: &str) -> Option<&ItemDefinition> {
        let is_it = |item: &&ItemDefinition| is_same(&item.name, name) && item.kind() == kind;
        self.items.iter().find(is_it)
    }

    /// Its own item with that binary id.
    pub fn item_by_id(&self, kind: ItemKind, id: u16) -> Option<&ItemDefinition> {
        self.items
            .iter()
            .find(|item| item.id == id && item.kind() == kind)
    }
}

/// The kinds of items; names and ids are unique within one kind of one package.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum ItemKind {
    /// A property (H.248.1 12.1.2).
    Property,
    /// An event (H.248.1 12.1.3).
    Event,
    /// A signal (H.248.1 12.1.4).
    Signal,
    /// A statistic (H.248.1 12.1.5).
    Statistic,
}

impl ItemKind {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Property => "property",
            Self::Event => "event",
            Self::Signal => "signal",
            Self::Statistic => "statistic",
        }
    }
}

/// A property, event, signal or statistic.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ItemDefinition {
    /// Its text id.
    pub name: Cow<'static, str>,
    /// Its binary id within the package.
    pub id: u16,
    /// What its kind defines beyond that.
    pub details: ItemDetails,
}

impl ItemDefinition {
    /// Its kind.
    pub const fn kind(&self) -> ItemKind {
        match self.details {
            ItemDetails::Property { .. } => ItemKind::Property,
            ItemDetails::Event { .. } => ItemKind::Event,
            ItemDetails::Signal { .. } => ItemKind::Signal,
            ItemDetails::Statistic { .. } => ItemKind::Statistic,
        }
    }

    /// The form of its own value: of a property or a statistic.
    pub const fn form(&self) -> Option<&ValueForm> {
        match &self.details {
            ItemDetails::Property { form, .. } | ItemDetails::Statistic { form } => Some(form),
            ItemDetails::Event { .. } | ItemDetails::Signal { .. } => None,
        }
    }

    /// All its parameters. What an event is requested with comes before what it is observed with;
    /// a parameter of both comes twice.
    pub fn parameters(&self) -> impl Iterator<Item = &ParameterDefinition> {
        let (first, second): (&[_], &[_]) = match &self.details {
            ItemDetails::Event {
                requested,
                observed,
            } => (requested, observed),
            ItemDetails::Signal { parameters, .. } => (parameters, &[]),
            ItemDetails::Property { .. } | ItemDetails::Statistic { .. } => (&[], &[]),
        };
        first.iter().chain(second)
    }

    /// Its parameter of that name, in any case.
    pub fn parameter(&self, name: &str) -> Option<&ParameterDefinition> {
        self.parameters()
            .find(|parameter| is_same(&parameter.name, name))
    }

    /// Its parameter with that binary id. What an event is requested with and what it is observed
    /// with share one space of ids.
    pub fn parameter_by_id(&self, id: u16) -> Option<&ParameterDefinition> {
        self.parameters().find(|parameter| parameter.id == id)
    }
}

/// What a kind of item defines beyond name and id.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ItemDetails {
    /// A property.
    Property {
        /// The form of its value.
        form: ValueForm,
        /// Where it stands.
        place: PropertyPlace,
        /// Who may change it.
        access: Access,
    },
    /// An event.
    Event {
        /// The parameters that it is asked for with (EventsDescriptor).
        requested: Cow<'static, [ParameterDefinition]>,
        /// The parameters that it is reported with (ObservedEventsDescriptor).
        observed: Cow<'static, [ParameterDefinition]>,
    },
    /// A signal.
    Signal {
        /// How it ends where the request does not say.
        default_type: SignalType,
        /// Its parameters.
        parameters: Cow<'static, [ParameterDefinition]>,
    },
    /// A statistic.
    Statistic {
        /// The form of its value.
        form: ValueForm,
    },
}

/// The descriptor that a property belongs to ("Defined in", H.248.1 12.1.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
pub enum PropertyPlace {
    /// TerminationState.
    TerminationState,
    /// LocalControl, that is, one stream.
    LocalControl,
    /// The Context (version 3).
    ContextAttribute,
}

/// Whether a property may be set ("Characteristics", H.248.1 12.1.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
pub enum Access {
    /// The gateway alone sets it.
    #[cfg_attr(feature = "serde", serde(rename = "read-only"))]
    ReadOnly,
    /// The controller may set it.
    #[cfg_attr(feature = "serde", serde(rename = "read-write"))]
    ReadWrite,
}

/// A parameter of an event or a signal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ParameterDefinition {
    /// Its text id.
    pub name: Cow<'static, str>,
    /// Its binary id within the event or signal.
    pub id: u16,
    /// The form of its value.
    pub form: ValueForm,
}
