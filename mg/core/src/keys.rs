//! Keys for SRTP, made of a secret that the shell has from the operating system.

use std::{cell::Cell, fmt};

use hmac::{Hmac, KeyInit, Mac};
use mg_contract::SrtpKey;
use sha2::Sha256;

/// What nobody outside of the gateway can guess: 32 octets from the operating system's generator. What
/// prints it does not show it.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Secret(pub [u8; 32]);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(secret)")
    }
}

/// Makes keys, none twice. Each key is a function of the secret (HMAC-SHA-256), which is replaced by
/// another such function then: who reads it later learns no key that was made before.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    secret: Cell<Secret>,
}

impl Keys {
    pub(crate) fn new(secret: Secret) -> Self {
        let secret = Cell::new(secret);
        Self { secret }
    }

    /// The next key. A plan may take one and come to nothing: then that one is never used.
    pub(crate) fn take(&self) -> SrtpKey {
        let secret = self.secret.get();
        self.secret.set(Secret(function(secret, b"next secret")));
        let made = function(secret, b"SRTP master key and salt");
        SrtpKey {
            key: std::array::from_fn(|n| made[n]),
            salt: std::array::from_fn(|n| made[16 + n]),
        }
    }
}

fn function(secret: Secret, of: &[u8]) -> [u8; 32] {
    // A key shorter than a block is as if zeros followed it.
    let mut block = [0; 64];
    block[..32].copy_from_slice(&secret.0);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(of);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_comes_twice_and_none_is_printed() {
        let keys = Keys::new(Secret([7; 32]));
        let [first, second, third] = [keys.take(), keys.take(), keys.take()];
        assert!(first != second && second != third && first != third);
        assert_ne!(first.key[..14], first.salt);
        assert_ne!(keys.secret.get(), Secret([7; 32]));
        assert_eq!(
            format!("{keys:?}").matches("secret)").count(),
            1,
            "{keys:?}"
        );
        assert!(
            Keys::new(Secret([7; 32])).take() == first,
            "by the secret alone"
        );
    }
}
