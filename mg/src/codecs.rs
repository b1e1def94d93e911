//! Which codecs the gateway speaks, as options say it.

use std::str::FromStr;

use mg_core::{CodecKind, Codecs};
use serde::Deserialize;

/// Codecs in the order of preference, `pcma,opus`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub(crate) struct CodecList(Vec<CodecKind>);

impl TryFrom<String> for CodecList {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for CodecList {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut kinds = Vec::new();
        for name in text.split(',').map(str::trim) {
            let kind: CodecKind = name.parse().map_err(|error| format!("{error}"))?;
            if kinds.contains(&kind) {
                return Err(format!("{kind} is named twice"));
            }
            kinds.push(kind);
        }
        Ok(Self(kinds))
    }
}

/// Bits of a second of Opus.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "u32")]
pub(crate) struct OpusBitRate(u32);

impl TryFrom<u32> for OpusBitRate {
    type Error = String;

    fn try_from(bits: u32) -> Result<Self, String> {
        match bits {
            6_000..=128_000 => Ok(Self(bits)),
            _ => Err(format!("{bits} is not 6000 to 128000")),
        }
    }
}

impl FromStr for OpusBitRate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bits = text.parse::<u32>();
        bits.map_err(|error| error.to_string())?.try_into()
    }
}

/// The usual codecs, but for what is said.
pub(crate) fn over(list: Option<CodecList>, bit_rate: Option<OpusBitRate>) -> Codecs {
    let usual = Codecs::default();
    Codecs {
        kinds: list.map_or(usual.kinds, |CodecList(kinds)| kinds),
        opus_bit_rate: bit_rate.map_or(usual.opus_bit_rate, |OpusBitRate(bits)| bits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_an_order_and_each_name_stands_in_it_once() {
        let list: CodecList = "Opus, pcma".parse().unwrap();
        let codecs = over(Some(list), Some("20000".parse().unwrap()));
        assert_eq!(codecs.kinds, [CodecKind::Opus, CodecKind::Pcma]);
        assert_eq!(codecs.opus_bit_rate, 20_000);
        assert_eq!(over(None, None), Codecs::default());
        for (text, expected) in [
            ("", "\"\" is none of pcma, pcmu, g722, opus and l16"),
            ("pcma,", "\"\" is none of pcma, pcmu, g722, opus and l16"),
            (
                "pcma,g729",
                "\"g729\" is none of pcma, pcmu, g722, opus and l16",
            ),
            ("pcma,PCMA", "pcma is named twice"),
        ] {
            assert_eq!(text.parse::<CodecList>().unwrap_err(), expected);
        }
        assert_eq!(
            "5999".parse::<OpusBitRate>().unwrap_err(),
            "5999 is not 6000 to 128000"
        );
    }
}
