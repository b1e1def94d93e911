//! What a PICS and a PIXIT may answer: the two lists that stand beside the catalogue.

use std::net::{IpAddr, SocketAddr};

use super::catalogue::{CatalogueError, Source};
use crate::scenario;

/// An item of the PICS.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// Items without which it cannot be.
    pub needs: Vec<String>,
    /// What it asks.
    pub question: String,
}

/// A parameter of the PIXIT.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What values it has.
    pub kind: Kind,
    /// What it is where nothing is said.
    pub default: Option<String>,
    /// What it means.
    pub meaning: String,
}

/// What values a parameter has.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Any.
    Text,
    /// `true` or `false`.
    Flag,
    /// `250ms`, `5s`.
    Time,
    /// A number without a sign.
    Number,
    /// An IP address, with or without a port.
    Address,
    /// One of these words.
    OneOf(Vec<String>),
}

impl Kind {
    fn read(word: &str) -> Option<Self> {
        Some(match word {
            "" => Self::Text,
            "flag" => Self::Flag,
            "time" => Self::Time,
            "number" => Self::Number,
            "address" => Self::Address,
            words if words.contains('|') => {
                Self::OneOf(words.split('|').map(str::to_owned).collect())
            }
            _ => return None,
        })
    }

    /// What was expected, where a value is none of this kind.
    pub fn refuses(&self, value: &str) -> Option<String> {
        let (fits, expected) = match self {
            Self::Text => (true, ""),
            Self::Flag => (["true", "false"].contains(&value), "true or false"),
            Self::Time => (scenario::time(value).is_some(), "a time like 250ms or 5s"),
            Self::Number => (value.parse::<u64>().is_ok(), "a number"),
            Self::Address => {
                let fits = value.parse::<IpAddr>().is_ok() || value.parse::<SocketAddr>().is_ok();
                (fits, "IP or IP:PORT")
            }
            Self::OneOf(words) => {
                let fits = words.iter().any(|word| word == value);
                return (!fits).then(|| words.join(" or "));
            }
        };
        (!fits).then(|| expected.to_owned())
    }
}

/// The items of a PICS, in the catalogue's order.
///
/// # Errors
///
/// The list cannot be read.
pub fn items(source: &Source) -> Result<Vec<Item>, CatalogueError> {
    let lines = lines(source, "items.txt")?;
    let items = lines.into_iter().map(|(head, question)| {
        let mut words = head.split_whitespace();
        Item {
            name: words.next().unwrap_or_default().to_owned(),
            needs: words.skip(1).map(str::to_owned).collect(),
            question,
        }
    });
    Ok(items.collect())
}

/// The parameters of a PIXIT, in the catalogue's order.
///
/// # Errors
///
/// The list cannot be read.
pub fn parameters(source: &Source) -> Result<Vec<Parameter>, CatalogueError> {
    let lines = lines(source, "parameters.txt")?;
    let parameters = lines.into_iter().map(|(head, meaning)| {
        let (left, default) = match head.split_once(" = ") {
            Some((left, default)) => (left, Some(default.to_owned())),
            None => (head.as_str(), None),
        };
        let (name, kind) = left.split_once(' ').unwrap_or((left, ""));
        let told = || format!("parameters.txt: {name}: there is no kind {kind}");
        Ok(Parameter {
            name: name.to_owned(),
            kind: Kind::read(kind).ok_or_else(|| CatalogueError::Block(told()))?,
            default,
            meaning,
        })
    });
    parameters.collect()
}

/// Lines `HEAD: TEXT`; a catalogue without lists of its own has ours.
fn lines(source: &Source, path: &str) -> Result<Vec<(String, String)>, CatalogueError> {
    let text = match source.text(path)? {
        Some(text) => text,
        None => Source::Own.text(path)?.unwrap_or_default(),
    };
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (head, rest) = line.split_once(": ").ok_or_else(|| {
            CatalogueError::Block(format!("{path}:{}: a line is `NAME: TEXT`", at + 1))
        })?;
        found.push((head.to_owned(), rest.to_owned()));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_and_defaults_are_read() {
        let items = items(&Source::Own).unwrap();
        assert_eq!(items.len(), 80);
        let long = items.iter().find(|item| item.name == "PIC_DMLONG").unwrap();
        assert_eq!(long.needs, ["PIC_DM"]);
        let parameters = parameters(&Source::Own).unwrap();
        let default = |name: &str| {
            let mut all = parameters.iter();
            all.find(|one| one.name == name).unwrap().default.clone()
        };
        assert_eq!(default("PX_T_REPLY").as_deref(), Some("2s"));
        assert_eq!(default("PX_SLOW"), None);
        for one in &parameters {
            let refused = one
                .default
                .as_ref()
                .and_then(|value| one.kind.refuses(value));
            assert_eq!(refused, None, "{}", one.name);
        }
    }

    #[test]
    fn each_kind_refuses_what_is_none_of_it() {
        let cases = [
            ("", "anything", "\u{1}", None),
            ("flag", "true", "x", Some("true or false")),
            ("time", "250ms", "250", Some("a time like 250ms or 5s")),
            ("number", "8", "-8", Some("a number")),
            ("address", "127.0.0.1:9", "localhost", Some("IP or IP:PORT")),
            ("udp|tcp", "tcp", "sctp", Some("udp or tcp")),
        ];
        for (word, right, wrong, expected) in cases {
            let kind = Kind::read(word).unwrap();
            assert_eq!(kind.refuses(right), None, "{word}");
            assert_eq!(kind.refuses(wrong).as_deref(), expected, "{word}");
        }
        assert_eq!(Kind::read("colour"), None);
    }

    #[test]
    fn every_need_of_an_item_is_an_item() {
        let items = items(&Source::Own).unwrap();
        for item in &items {
            for need in &item.needs {
                assert!(items.iter().any(|one| one.name == *need), "{need}");
            }
        }
    }
}
