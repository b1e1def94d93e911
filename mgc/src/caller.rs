//! Who asks: bearer tokens with what each may do, and the request that a handler works for.
//!
//! A task has its caller with it, so that every request that any handler gives to the core bears
//! its origin, and none can leave it out.

use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use mgc_core::{Mgc, northbound::Origin};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use transport_h248_tokio::config_file::{self, ConfigFileError};

use crate::http::Condition;

/// What a caller may do.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Scope {
    /// Read, and hear events.
    Read,
    /// Make, move and end.
    Control,
    /// See private rooms.
    Supervise,
    /// Disturb the H.248 side on purpose.
    Fault,
}

impl Scope {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Control => "control",
            Self::Supervise => "supervise",
            Self::Fault => "fault",
        }
    }
}

/// A caller that is known.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Caller {
    name: String,
    /// `None`: all, because nobody is asked who he is.
    scopes: Option<Vec<Scope>>,
}

impl Caller {
    /// Whether it may do this.
    pub(crate) fn may(&self, scope: Scope) -> bool {
        self.scopes
            .as_ref()
            .is_none_or(|scopes| scopes.contains(&scope))
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// The request that a task works for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asking {
    /// Whose it is.
    pub(crate) caller: Caller,
    /// What its operation bears.
    pub(crate) origin: Origin,
    /// What it expects of what it changes.
    pub(crate) condition: Option<Condition>,
}

tokio::task_local! {
    static ASKING: Asking;
}

impl Asking {
    /// Does something for this request.
    pub(crate) async fn scope<T>(self, work: impl Future<Output = T>) -> T {
        ASKING.scope(self, work).await
    }

    /// The request for which this task works.
    pub(crate) fn of_task() -> Self {
        let asking = ASKING.try_with(Self::clone);
        // Outside of any request, as when the program itself asks.
        asking.unwrap_or_default()
    }

    /// Whether what it expects is so, as its caller sees it.
    pub(crate) fn is_met(&self, mgc: &Mgc) -> bool {
        let Some(condition) = &self.condition else {
            return true;
        };
        ASKING.sync_scope(self.clone(), || condition.holds(mgc))
    }

    /// Whether the caller of this task may see private rooms.
    pub(crate) fn sees_private() -> bool {
        let sees = ASKING.try_with(|asking| asking.caller.may(Scope::Supervise));
        sees.unwrap_or(true)
    }
}

/// The bearer tokens that are known.
#[derive(Debug)]
pub(crate) struct Tokens {
    /// Tokens are compared by what this makes of them, so that time tells nothing about them.
    key: [u8; 32],
    tokens: Vec<([u8; 32], Caller)>,
}

/// Why a file of tokens cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokensError {
    /// It cannot be read, is not TOML, or has members that are not known.
    #[error(transparent)]
    File(#[from] ConfigFileError),
    /// A token does not fit.
    #[error("token {0}: expected {1}")]
    Token(String, &'static str),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenFile {
    #[serde(default)]
    token: Vec<TokenRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenRow {
    name: String,
    secret: Option<String>,
    sha256: Option<String>,
    scopes: Vec<Scope>,
}

/// A file has so many tokens at most: each request is compared with all of them.
const TOKENS_MAX: usize = 1_000;
/// A secret that is shorter could be guessed.
const SECRET_MIN: usize = 16;

impl Tokens {
    /// Reads a file of tokens.
    pub(crate) fn read(path: &Path) -> Result<Self, TokensError> {
        Self::of(config_file::read(path)?)
    }

    /// Takes the text of such a file.
    #[cfg(test)]
    pub(crate) fn parse(text: &str) -> Result<Self, TokensError> {
        Self::of(toml::from_str(text).expect("a file of tokens"))
    }

    fn of(file: TokenFile) -> Result<Self, TokensError> {
        let wrong = |name: &str, expected| Err(TokensError::Token(name.to_owned(), expected));
        if file.token.is_empty() || file.token.len() > TOKENS_MAX {
            return wrong("table", "1 to 1000 entries [[token]]");
        }
        let mut key = [0; 32];
        fastrand::fill(&mut key);
        let mut tokens: Vec<([u8; 32], Caller)> = Vec::new();
        for row in file.token {
            let known = tokens.iter().any(|(_, caller)| caller.name == row.name);
            if row.name.is_empty() || known {
                return wrong(&row.name, "a name of its own");
            }
            let digest = match digest(&row) {
                Ok(digest) => digest,
                Err(expected) => return wrong(&row.name, expected),
            };
            if tokens.iter().any(|(known, _)| *known == digest) {
                return wrong(&row.name, "a secret of its own");
            }
            let caller = Caller {
                name: row.name,
                scopes: Some(row.scopes),
            };
            tokens.push((digest, caller));
        }
        Ok(Self { key, tokens })
    }

    /// The caller with this token.
    pub(crate) fn caller(&self, token: &str) -> Option<&Caller> {
        let made = self.blind(&Sha256::digest(token));
        let mut found = None;
        for (digest, caller) in &self.tokens {
            // All are compared, so that time does not tell which it is.
            if self
                .blind(digest)
                .verify_slice(&made.clone().finalize().into_bytes())
                .is_ok()
            {
                found = Some(caller);
            }
        }
        found
    }

    fn blind(&self, digest: &[u8]) -> Hmac<Sha256> {
        let blind = Hmac::<Sha256>::new_from_slice(&self.key);
        blind
            .expect("a key may have any length")
            .chain_update(digest)
    }
}

fn digest(row: &TokenRow) -> Result<[u8; 32], &'static str> {
    match (&row.secret, &row.sha256) {
        // No header could carry another one as it is.
        (Some(secret), None) if !secret.bytes().all(|octet| octet.is_ascii_graphic()) => {
            Err("a secret of visible characters of ASCII without spaces")
        }
        (Some(secret), None) if secret.len() >= SECRET_MIN => Ok(Sha256::digest(secret).into()),
        (Some(_), None) => Err("a secret of 16 characters at least"),
        (None, Some(hex)) => from_hex(hex).ok_or("sha256 of 64 hexadecimal digits"),
        (Some(_), Some(_)) | (None, None) => Err("either secret or sha256"),
    }
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut octets = [0; 32];
    // Reading a number would take a sign as well.
    if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (octet, digits) in octets.iter_mut().zip(text.as_bytes().chunks(2)) {
        let digits = std::str::from_utf8(digits).ok()?;
        *octet = u8::from_str_radix(digits, 16).ok()?;
    }
    Some(octets)
}

/// Octets as hexadecimal digits.
pub(crate) fn hex(octets: &[u8]) -> String {
    use std::fmt::Write as _;
    octets.iter().fold(String::new(), |mut text, octet| {
        let written = write!(text, "{octet:02x}");
        written.expect("a String takes all");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_its_secret_or_by_the_digest_of_it() {
        let digest = hex(&Sha256::digest("another secret text"));
        let text = format!(
            "[[token]]\nname = \"a\"\nsecret = \"0123456789abcdef\"\nscopes = [\"read\"]\n\
             [[token]]\nname = \"b\"\nsha256 = \"{digest}\"\nscopes = [\"control\", \"supervise\"]\n"
        );
        let tokens = Tokens::parse(&text).unwrap();
        let a = tokens.caller("0123456789abcdef").unwrap();
        assert_eq!(a.name(), "a");
        assert!(a.may(Scope::Read) && !a.may(Scope::Supervise));
        let b = tokens.caller("another secret text").unwrap();
        assert_eq!(b.name(), "b");
        assert!(b.may(Scope::Supervise) && !b.may(Scope::Read));
        assert_eq!(tokens.caller("0123456789abcdeF"), None);
        assert_eq!(tokens.caller(&digest), None);
    }

    #[test]
    fn a_file_that_cannot_be_used_says_what_was_expected() {
        let row = |rest: &str| format!("[[token]]\nname = \"a\"\nscopes = []\n{rest}");
        let twice = row("secret = \"0123456789abcdef\"\n").repeat(2);
        let told = |text: &str| Tokens::parse(text).unwrap_err().to_string();
        assert_eq!(
            told(""),
            "token table: expected 1 to 1000 entries [[token]]"
        );
        assert_eq!(told(&twice), "token a: expected a name of its own");
        assert_eq!(told(&row("")), "token a: expected either secret or sha256");
        let short = row("secret = \"short\"");
        assert_eq!(
            told(&short),
            "token a: expected a secret of 16 characters at least"
        );
        let digits = row("sha256 = \"zz\"");
        assert_eq!(
            told(&digits),
            "token a: expected sha256 of 64 hexadecimal digits"
        );
        let signs = row(&format!("sha256 = \"{}\"", "+1".repeat(32)));
        assert_eq!(
            told(&signs),
            "token a: expected sha256 of 64 hexadecimal digits"
        );
        for secret in [" 0123456789abcdef", "0123456789 abcdef", "éééééééé"] {
            assert_eq!(
                told(&row(&format!("secret = \"{secret}\""))),
                "token a: expected a secret of visible characters of ASCII without spaces"
            );
        }
        let one = row("secret = \"0123456789abcdef\"\n");
        let same = one.replace("\"a\"", "\"b\"");
        assert_eq!(
            told(&(one + &same)),
            "token b: expected a secret of its own"
        );
        let error = toml::from_str::<TokenFile>(&row("scope = \"x\""))
            .err()
            .unwrap();
        assert!(error.to_string().contains("unknown field"));
    }
}
