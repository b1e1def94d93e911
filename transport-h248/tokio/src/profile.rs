//! A profile as the command line names it (H.248.1 13).

use std::str::FromStr;

use codec_h248::{Name, descriptor::ServiceChangeProfile};
use serde::Deserialize;

/// A profile with its version, `NAME/VERSION`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct Profile(pub ServiceChangeProfile<'static>);

/// A profile that is none.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected NAME/VERSION, such as ConfServer/1: letters, digits and _, and 0 to 99")]
pub struct ProfileError;

impl FromStr for Profile {
    type Err = ProfileError;

    fn from_str(text: &str) -> Result<Self, ProfileError> {
        let (name, version) = text.split_once('/').ok_or(ProfileError)?;
        let part = |octet: &u8| octet.is_ascii_alphanumeric() || *octet == b'_';
        let begins = name
            .bytes()
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic());
        let version: u8 = version.parse().map_err(|_| ProfileError)?;
        if !begins || name.len() > 64 || !name.as_bytes().iter().all(part) || version > 99 {
            return Err(ProfileError);
        }
        Ok(Self(ServiceChangeProfile {
            name: Name::from(name.to_owned()),
            version,
        }))
    }
}

impl TryFrom<String> for Profile {
    type Error = ProfileError;

    fn try_from(text: String) -> Result<Self, ProfileError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_a_name_and_a_version() {
        let profile: Profile = "ConfServer/1".parse().expect("a profile");
        assert_eq!(
            (profile.0.name.as_str(), profile.0.version),
            ("ConfServer", 1)
        );
        for wrong in ["ConfServer", "1x/1", "a/100", "a/x", "/1", "a b/1"] {
            assert_eq!(wrong.parse::<Profile>(), Err(ProfileError), "{wrong}");
        }
    }
}
