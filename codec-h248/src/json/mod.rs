//! The JSON form of a message: what is not said by the derived part of it.
//!
//! Names are the words of H.248.1 Annex A.2, with `Id` for `ID`. What the text encoding writes as
//! one word stays one word: Termination ids, package items, Contexts, message identifiers, time
//! stamps. Options that are absent and lists that are empty are left out; an unknown member is an
//! error.

#[cfg(feature = "json")]
mod document;
mod numbers;
mod octets;
mod parts;
#[cfg(feature = "schema")]
mod schema;
mod value;
mod words;

#[cfg(feature = "json")]
pub use self::document::{FORM, JsonError, decode, encode};
#[cfg(feature = "schema")]
pub use self::schema::schema;
#[cfg(feature = "schema")]
pub(crate) use self::{
    octets::Hex,
    parts::{
        Extension, IndividualEvents, IndividualSignalList, IndividualStreamDescriptor, Pending,
    },
};
pub(crate) use self::{
    octets::hex,
    parts::{extensions, individual_events, individual_signal_list, individual_streams, pending},
};

/// Whether a member says nothing and is left out.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Writes the schema of a type that is one JSON value of its own design.
#[cfg(feature = "schema")]
macro_rules! own_schema {
    ($type:ident $(<$life:lifetime>)?, $generator:ident => $schema:expr) => {
        impl $(<$life>)? schemars::JsonSchema for $type $(<$life>)? {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema($generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $schema
            }
        }
    };
}
#[cfg(feature = "schema")]
use own_schema;
