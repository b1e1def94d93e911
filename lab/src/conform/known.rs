//! Purposes that are known to fail, each with its reason.

use std::{collections::BTreeMap, path::Path};

use super::{
    catalogue::{CatalogueError, Source, file},
    purpose::Purpose,
};

/// The list of a catalogue, `ID: reason` or `ID text: reason` a line.
#[derive(Clone, Debug, Default)]
pub struct Known(BTreeMap<String, String>);

impl Known {
    /// Reads the list that is named, or that of the catalogue; a catalogue may have none.
    ///
    /// # Errors
    ///
    /// It cannot be read, or a line is not as it must be.
    pub fn read(path: Option<&Path>, source: &Source) -> Result<Self, CatalogueError> {
        let own = "known-failures.txt";
        let (name, text) = match path {
            Some(path) => (path.display().to_string(), file(path)?),
            None => (own.to_owned(), source.text(own)?),
        };
        match text {
            Some(text) => Self::parse(&name, &text),
            None if path.is_none() => Ok(Self::default()),
            None => Err(CatalogueError::Block(format!("{name}: no such file"))),
        }
    }

    fn parse(name: &str, text: &str) -> Result<Self, CatalogueError> {
        let mut known = BTreeMap::new();
        for (at, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = || {
                let told = "a line is `ID: reason`, `ID text: reason` or `ID binary: reason`";
                CatalogueError::Block(format!("{name}:{}: {told}", at + 1))
            };
            let (id, reason) = line.split_once(": ").ok_or_else(wrong)?;
            let encoding = id.split_once(' ').map(|(_, encoding)| encoding);
            if encoding.is_some_and(|encoding| !["text", "binary"].contains(&encoding)) {
                return Err(wrong());
            }
            known.insert(id.to_owned(), reason.trim().to_owned());
        }
        Ok(Self(known))
    }

    /// Why a purpose is known to fail in this encoding.
    pub fn reason(&self, purpose: &Purpose, encoding: &str) -> Option<&str> {
        let id = &purpose.id;
        let one = self.0.get(&format!("{id} {encoding}"));
        one.or_else(|| self.0.get(id)).map(String::as_str)
    }

    /// Ids that no purpose has.
    pub fn strangers<'a>(&'a self, purposes: &[Purpose]) -> Vec<&'a str> {
        let ids = self.0.keys().filter_map(|key| key.split(' ').next());
        ids.filter(|id| !purposes.iter().any(|purpose| purpose.id == *id))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::{
        outcome::tests::outcome,
        verdict::{Status, Verdict},
    };

    #[test]
    fn a_reason_may_be_of_one_encoding() {
        let list = "# remark\nTP_MG_AD_BV_01 binary: no name\nTP_MG_AD_BV_02: never\n";
        let known = Known::parse("list", list).unwrap();
        let purpose = |id| outcome(id, Status::Judged(Verdict::Fail)).purpose;
        let (one, two) = (purpose("TP_MG_AD_BV_01"), purpose("TP_MG_AD_BV_02"));
        assert_eq!(known.reason(&one, "binary"), Some("no name"));
        assert_eq!(known.reason(&one, "text"), None);
        assert_eq!(known.reason(&two, "text"), Some("never"));
        assert_eq!(known.strangers(&[one]), ["TP_MG_AD_BV_02"]);
        for wrong in ["AD_BV_01\n", "TP_MG_AD_BV_01 ber: no name\n"] {
            assert!(Known::parse("list", wrong).is_err(), "{wrong}");
        }
    }
}
