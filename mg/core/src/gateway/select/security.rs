//! Which key of a description counts, and whether two directions fit each other (RFC 4568 5.1, 7.1).

use mg_contract::CryptoSuite;

use crate::gateway::sdp::{Attribute, Crypto, Description};

/// More lines of keys than this are not looked at.
const LINES_MAX: usize = 16;

/// How packets of a direction are protected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Security {
    /// Not at all.
    Plain,
    /// By SRTP with this suite, in the line of that number.
    Srtp { tag: u32, suite: CryptoSuite },
}

/// Whether packets are protected where they are described so.
pub(super) fn is_secure(one: &Description) -> bool {
    one.media.protocol == "RTP/SAVP"
}

/// The lines of keys that are looked at.
fn lines(one: &Description) -> impl Iterator<Item = &Crypto> {
    let lines = one
        .attributes
        .iter()
        .filter_map(|attribute| match attribute {
            Attribute::Crypto(crypto) => Some(crypto),
            Attribute::Rtpmap { .. }
            | Attribute::Fmtp { .. }
            | Attribute::Rtcp { .. }
            | Attribute::Other(_) => None,
        });
    lines.take(LINES_MAX)
}

/// Every way in which the packets of a description may be protected.
pub(super) fn all_of(one: &Description) -> Vec<Security> {
    if !is_secure(one) {
        return vec![Security::Plain];
    }
    let whole = |crypto: &Crypto| Some((crypto.tag?, crypto.suite?));
    let all = lines(one).filter_map(whole);
    all.map(|(tag, suite)| Security::Srtp { tag, suite })
        .collect()
}

/// The protocol of a media line that leaves it to choose.
pub(super) fn protocol(far: &[Security]) -> &'static str {
    match far.first() {
        Some(Security::Srtp { .. }) => "RTP/SAVP",
        Some(Security::Plain) | None => "RTP/AVP",
    }
}

/// The line of the keys that counts: the first whose suite the other direction has, too, else the first.
/// `Some(None)` where packets are not protected; `None` where none is understood. Where `makes_keys`,
/// tag, suite and key may be left to choose, and so may the whole line; what is left of it is the key.
pub(super) fn choose(
    one: &Description,
    far: &[Security],
    makes_keys: bool,
) -> Option<Option<Crypto>> {
    if !is_secure(one) {
        return Some(None);
    }
    if !makes_keys {
        let whole = |crypto: &&Crypto| {
            crypto.tag.is_some() && crypto.suite.is_some() && crypto.key.is_some()
        };
        let fits = |crypto: &&Crypto| fits(Some(crypto), far);
        let first = || lines(one).find(whole);
        let found = lines(one).filter(whole).find(fits).or_else(first);
        return found.cloned().map(Some);
    }
    let says_nothing = one.attribute("crypto").is_none();
    let open = (says_nothing && lines(one).next().is_none()).then_some(Crypto::OPEN);
    let all = lines(one).cloned().chain(open);
    let mut settled = all.map(|crypto| settle(crypto, far));
    let first = settled.next()?;
    let is_fit = |crypto: &Crypto| fits(Some(crypto), far);
    if is_fit(&first) {
        return Some(Some(first));
    }
    Some(Some(settled.find(is_fit).unwrap_or(first)))
}

/// Fills in suite and tag by what the other direction has.
fn settle(mut crypto: Crypto, far: &[Security]) -> Crypto {
    let theirs = far.iter().find_map(|one| match *one {
        Security::Srtp { tag, suite } => {
            let fits = crypto.suite.is_none_or(|ours| ours == suite);
            fits.then_some((tag, suite))
        }
        Security::Plain => None,
    });
    let (tag, suite) = theirs.unwrap_or((1, CryptoSuite::ALL[0]));
    crypto.tag.get_or_insert(tag);
    crypto.suite.get_or_insert(suite);
    crypto
}

/// Whether a direction that is protected so can be had with the other one; with one that is not known
/// yet any can.
pub(super) fn fits(crypto: Option<&Crypto>, far: &[Security]) -> bool {
    let is_same = |one: &Security| match (one, crypto) {
        (Security::Plain, None) => true,
        (Security::Srtp { suite, .. }, Some(crypto)) => {
            crypto.suite.is_none_or(|ours| ours == *suite)
        }
        (Security::Plain, Some(_)) | (Security::Srtp { .. }, None) => false,
    };
    far.is_empty() || far.iter().any(is_same)
}
