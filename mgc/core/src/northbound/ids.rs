//! Opaque names of what the platform holds: a prefix and a random part.

use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(
            Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// A name that was not given out before, as far as 64 random bits can promise.
            pub(crate) fn draw(random: &mut fastrand::Rng) -> Self {
                Self(format!(concat!($prefix, "_{}"), base32(random.u64(..))))
            }

            /// The name as a caller spelled it; it need not exist.
            pub fn from_text(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The name.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A voice conference.
    CallId, "call"
);
id!(
    /// A room of a conference.
    SegId, "seg"
);
id!(
    /// A member of a conference.
    LegId, "leg"
);
id!(
    /// A request that is being carried out.
    OperationId, "op"
);

/// A registered gateway, named by its MId as text.
#[derive(
    Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct GatewayId(pub String);

impl fmt::Display for GatewayId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Thirteen letters and digits that cannot be mistaken for each other.
fn base32(mut number: u64) -> String {
    const SYMBOLS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut text = String::with_capacity(13);
    for _ in 0..13 {
        text.push(char::from(SYMBOLS[(number & 31) as usize]));
        number >>= 5;
    }
    text
}
