//! A PICS: what an implementation is said to have.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;

use super::{
    catalogue::{CatalogueError, Source, file},
    proforma::{self, Item},
    purpose::{Need, Role},
};

/// Why a PICS or a PIXIT cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AnswersError {
    /// It, or the list of what there is to answer, cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// It is not there.
    #[error("{0}: no such file")]
    Missing(String),
    /// It is not TOML, or not of this shape.
    #[error("{0}: {1}")]
    Toml(String, Box<toml::de::Error>),
    /// It answers what nobody asks.
    #[error("{file}: expected {what}; found {found}")]
    Unknown {
        /// The file.
        file: String,
        /// What there is to answer.
        what: &'static str,
        /// What was answered.
        found: String,
    },
    /// An answer is of another kind.
    #[error("{file}: {name}: expected {expected}; found {found}")]
    Kind {
        /// The file.
        file: String,
        /// What was answered.
        name: String,
        /// What values there are.
        expected: String,
        /// The answer.
        found: String,
    },
}

/// A PICS that was read.
#[derive(Clone, Debug)]
pub struct Pics {
    /// What there is to answer.
    pub items: Vec<Item>,
    /// Who and what the implementation is.
    pub implementation: BTreeMap<String, String>,
    /// The answers that were given.
    pub answers: BTreeMap<String, bool>,
    /// The file as it was read.
    pub text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    #[serde(default)]
    implementation: BTreeMap<String, String>,
    items: BTreeMap<String, bool>,
}

impl Pics {
    /// Reads a PICS; where no file is named, our own program's.
    ///
    /// # Errors
    ///
    /// It cannot be read, or answers what there is not.
    pub fn read(path: Option<&Path>, role: Role, source: &Source) -> Result<Self, AnswersError> {
        let (name, text) = sheet(path, &format!("pics-{}.toml", role.word()))?;
        let sheet: Sheet = toml::from_str(&text)
            .map_err(|error| AnswersError::Toml(name.clone(), error.into()))?;
        let items = proforma::items(source)?;
        let known = |name: &String| items.iter().any(|item| item.name == *name);
        if let Some(unknown) = sheet.items.keys().find(|name| !known(name)) {
            return Err(AnswersError::Unknown {
                file: name,
                what: "an item that items.txt has",
                found: unknown.clone(),
            });
        }
        Ok(Self {
            items,
            implementation: sheet.implementation,
            answers: sheet.items,
            text,
        })
    }

    /// Whether an item is answered yes; what is not answered is no.
    pub fn has(&self, item: &str) -> bool {
        self.answers.get(item).copied().unwrap_or(false)
    }

    /// The first need that the answers do not meet.
    pub fn misses<'a>(&self, needs: &'a [Need]) -> Option<&'a Need> {
        needs.iter().find(|need| self.has(&need.item) != need.yes)
    }
}

/// The name and the text of a file of answers, or of ours.
pub(super) fn sheet(path: Option<&Path>, own: &str) -> Result<(String, String), AnswersError> {
    let (name, text) = match path {
        Some(path) => (path.display().to_string(), file(path)?),
        None => (own.to_owned(), Source::Own.text(own)?),
    };
    match text {
        Some(text) => Ok((name, text)),
        None => Err(AnswersError::Missing(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Pics, AnswersError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pics.toml");
        std::fs::write(&path, text).unwrap();
        Pics::read(Some(&path), Role::Mg, &Source::Own)
    }

    #[test]
    fn what_is_not_answered_is_no() {
        let pics = read("[implementation]\nname = \"x\"\n[items]\nPIC_MOVE = true\n").unwrap();
        let need = |item: &str, yes| Need {
            item: item.to_owned(),
            yes,
        };
        assert_eq!(pics.misses(&[need("PIC_MOVE", true)]), None);
        assert_eq!(pics.misses(&[need("PIC_MUX", false)]), None);
        let needs = [need("PIC_MOVE", true), need("PIC_MUX", true)];
        assert_eq!(pics.misses(&needs), Some(&needs[1]));
        let needs = [need("PIC_MOVE", false)];
        assert_eq!(pics.misses(&needs), Some(&needs[0]));
    }

    #[test]
    fn an_answer_to_what_nobody_asks_is_refused() {
        let error = read("[items]\nPIC_MOOVE = true\n").unwrap_err();
        assert!(error.to_string().contains("PIC_MOOVE"), "{error}");
        assert!(read("[items]\nPIC_MOVE = 1\n").is_err());
        assert!(read("[item]\n").is_err());
    }

    #[test]
    fn our_own_answers_are_read_and_name_every_item_of_their_role() {
        for role in [Role::Mg, Role::Mgc] {
            let pics = Pics::read(None, role, &Source::Own).unwrap();
            let open: Vec<_> = pics
                .items
                .iter()
                .filter(|item| !pics.answers.contains_key(&item.name))
                .map(|item| &item.name)
                .collect();
            assert!(open.is_empty(), "{role}: {open:?}");
        }
    }
}
