//! The options about authentication headers (H.248.1 10.2), which no message shows as they were
//! given.

use std::{
    convert::Infallible,
    fmt,
    net::SocketAddr,
    str::FromStr,
    time::{SystemTime, UNIX_EPOCH},
};

use serde::Deserialize;
use transport_h248::{Authentication, AuthenticationError, Key, KeyError};

/// Steps of a second in which first sequence numbers grow. 64: a program that sends no more messages
/// than that, on average, never begins again below where it ended; 2^32 are passed in two years.
const STEPS: u64 = 64;

/// A key as it was given: [`Options::read`] says what is wrong with it, since whoever else does
/// would repeat it.
#[derive(Clone, Deserialize)]
pub struct KeyText(String);

impl fmt::Debug for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyText")
    }
}

impl FromStr for KeyText {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

/// Options that cannot be followed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum OptionsError {
    /// A key.
    #[error("ah-key {number}: {error}")]
    Key {
        /// Which of them, from 1.
        number: usize,
        /// What is wrong.
        error: KeyError,
    },
    /// Nobody could be listened to.
    #[error("ah-required and ah-silent want an ah-key")]
    NoKey,
}

/// Whom a program listens to.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Options {
    keys: Vec<Key>,
    required: bool,
    silent: bool,
}

impl Options {
    /// Reads the keys; whether each message must have a header, and whether a refusal is silent.
    ///
    /// # Errors
    ///
    /// One of the keys is none, or they are missed.
    pub fn read(texts: &[KeyText], required: bool, silent: bool) -> Result<Self, OptionsError> {
        let read = |(at, KeyText(text)): (usize, &KeyText)| {
            let number = at + 1;
            text.parse()
                .map_err(|error| OptionsError::Key { number, error })
        };
        let keys: Result<Vec<Key>, _> = texts.iter().enumerate().map(read).collect();
        let keys = keys?;
        if keys.is_empty() && (required || silent) {
            return Err(OptionsError::NoKey);
        }
        Ok(Self {
            keys,
            required,
            silent,
        })
    }

    /// Returns what the link is told, for these listeners and a program that starts now; nothing
    /// where there is no key.
    ///
    /// # Errors
    ///
    /// The keys contradict each other, or a listener has no IPv4 address of its own.
    pub fn link(
        &self,
        listeners: &[SocketAddr],
        now: SystemTime,
    ) -> Result<Option<Authentication>, AuthenticationError> {
        if self.keys.is_empty() {
            return Ok(None);
        }
        let mut link = Authentication::new(self.keys.clone(), listeners)?;
        link.required = self.required;
        link.answers = !self.silent;
        link.first_sequence = first_sequence(now);
        Ok(Some(link))
    }

    /// Whether any key was given.
    pub fn are_used(&self) -> bool {
        !self.keys.is_empty()
    }
}

fn first_sequence(now: SystemTime) -> u32 {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let steps = since.as_secs() * STEPS + u64::from(since.subsec_millis()) * STEPS / 1_000;
    // Numbers go on behind the last.
    u32::try_from(steps & u64::from(u32::MAX)).expect("it is masked")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const KEY: &str = "256:md5:c0ffee0102030405060708090a0b0c0d";

    fn read(texts: &[&str], required: bool) -> Result<Options, OptionsError> {
        let texts: Vec<KeyText> = texts.iter().map(|text| text.parse().unwrap()).collect();
        let options = Options::read(&texts, required, false);
        let shown = format!("{texts:?} {options:?}");
        assert!(
            !shown.contains("c0ffee") && !shown.contains("192"),
            "{shown}"
        );
        options
    }

    #[test]
    fn keys_are_read_and_never_shown() {
        let here = ["192.0.2.1:2944".parse().unwrap()];
        let options = read(&[KEY], true).unwrap();
        assert!(options.are_used());
        let link = options.link(&here, UNIX_EPOCH).unwrap().unwrap();
        assert!(link.required && link.answers);
        assert!(!format!("{link:?}").contains("192, 255, 238"));
        let none = read(&[], false).unwrap();
        assert!(!none.are_used());
        assert!(none.link(&here, UNIX_EPOCH).unwrap().is_none());
    }

    #[test]
    fn what_is_wrong_is_told_with_the_number_of_the_key() {
        let told = read(&[KEY, "257:sha1:c0ffee"], false).unwrap_err();
        let expected = "ah-key 2: sha1 has keys of 20 octets, this one has 3";
        assert_eq!(told.to_string(), expected);
        assert_eq!(read(&[], true), Err(OptionsError::NoKey));
        let options = read(&[KEY, KEY], false).unwrap();
        let here = ["192.0.2.1:2944".parse().unwrap()];
        let told = options.link(&here, UNIX_EPOCH).unwrap_err();
        assert_eq!(told, AuthenticationError::Twice(256));
    }

    #[test]
    fn first_sequence_numbers_grow_with_time() {
        let at = |ms| first_sequence(UNIX_EPOCH + Duration::from_millis(ms));
        assert_eq!((at(0), at(1_000), at(1_500)), (0, 64, 96));
        let round = u64::from(u32::MAX / 64 + 1) * 1_000;
        assert_eq!(at(round), 0);
    }
}
