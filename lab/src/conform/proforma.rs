//! What a PICS and a PIXIT may answer: the two lists that stand beside the catalogue.

use super::catalogue::{CatalogueError, Source};

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
    /// What it is where nothing is said.
    pub default: Option<String>,
    /// What it means.
    pub meaning: String,
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
        let (name, default) = match head.split_once(" = ") {
            Some((name, default)) => (name, Some(default.to_owned())),
            None => (head.as_str(), None),
        };
        Parameter {
            name: name.to_owned(),
            default,
            meaning,
        }
    });
    Ok(parameters.collect())
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
