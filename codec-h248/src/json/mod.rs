//! The JSON form of a message, which `docs/json.md` describes (feature `json`).
//!
//! Names are the words of H.248.1 Annex A.2, with `Id` for `ID`. What the text encoding writes as
//! one word stays one word: Termination ids, package items, Contexts, message identifiers, time
//! stamps. Options that are absent and lists that are empty are left out; an unknown member is an
//! error.
//!
//! ```
//! # #[cfg(feature = "json")] {
//! use codec_h248::{Limits, Style, decode, json};
//!
//! let message = decode(b"!/3 mg1 PN=7{}", &Limits::default())?;
//! let mut document = Vec::new();
//! json::encode(&message, Style::Compact, &mut document);
//! assert_eq!(
//!     String::from_utf8_lossy(&document),
//!     r#"{"h248":1,"message":{"version":3,"mId":"mg1","messageBody":{"transactions":[{"#.to_owned()
//!         + r#""transactionPending":{"transactionId":7}}]}}}"#
//! );
//! assert_eq!(json::decode(&document).as_ref(), Ok(&message));
//! # }
//! # Ok::<(), codec_h248::DecodeError>(())
//! ```
//!
//! With the feature `serde` alone every type of the model has this form; the feature `schema` adds
//! its JSON Schema. The files here are about what the model's own attributes do not say.

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
