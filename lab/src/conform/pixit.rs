//! A PIXIT: what a tester has to know of an implementation besides.

use std::{collections::BTreeMap, path::Path, time::Duration};

use serde::Deserialize;

use super::{
    catalogue::Source,
    pics::{AnswersError, sheet},
    proforma::{self, Parameter},
    purpose::Role,
};
use crate::scenario;

/// A PIXIT that was read.
#[derive(Clone, Debug)]
pub struct Pixit {
    /// What there is to answer.
    pub parameters: Vec<Parameter>,
    /// Who tests.
    pub laboratory: BTreeMap<String, String>,
    /// For whom.
    pub client: BTreeMap<String, String>,
    /// What is known: answers, and defaults where there are none.
    pub values: BTreeMap<String, String>,
    /// The file as it was read, and in remarks what stands over it.
    pub text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    #[serde(default)]
    laboratory: BTreeMap<String, String>,
    #[serde(default)]
    client: BTreeMap<String, String>,
    #[serde(default)]
    parameters: BTreeMap<String, toml::Value>,
}

impl Pixit {
    /// Reads a PIXIT; where no file is named, our own program's.
    ///
    /// # Errors
    ///
    /// It cannot be read, or answers what there is not.
    pub fn read(path: Option<&Path>, role: Role, source: &Source) -> Result<Self, AnswersError> {
        let (name, text) = sheet(path, &format!("pixit-{}.toml", role.word()))?;
        let sheet: Sheet = toml::from_str(&text)
            .map_err(|error| AnswersError::Toml(name.clone(), error.into()))?;
        let parameters = proforma::parameters(source)?;
        let mut values = BTreeMap::new();
        for parameter in &parameters {
            let default = parameter.default.clone();
            values.extend(default.map(|value| (parameter.name.clone(), value)));
        }
        for (parameter, value) in sheet.parameters {
            let value = match plain(&value) {
                Some(value) => checked(&name, &parameters, &parameter, value)?,
                None => {
                    return Err(AnswersError::Kind {
                        file: name,
                        name: parameter,
                        expected: "text, a number, true or false".to_owned(),
                        found: value.to_string(),
                    });
                }
            };
            values.insert(parameter, value);
        }
        Ok(Self {
            parameters,
            laboratory: sheet.laboratory,
            client: sheet.client,
            values,
            text,
        })
    }

    /// Gives a parameter a value that stands over the file's.
    ///
    /// # Errors
    ///
    /// There is no such parameter, or the value is none for it.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), AnswersError> {
        let value = checked("the command line", &self.parameters, name, value.to_owned())?;
        self.note(&format!("the command line says: {name} = {value:?}"));
        self.values.insert(name.to_owned(), value);
        Ok(())
    }

    /// Forgets what starts an implementation under test, and makes it act.
    pub fn forget_hooks(&mut self) {
        let is_hook = |name: &str| {
            ["PROMPT", "TRIG", "NORTH", "PX_FRESH", "PX_CONFIG"]
                .iter()
                .any(|hook| name.starts_with(hook))
        };
        self.values.retain(|name, _| !is_hook(name));
        self.note("its hooks were left out: --target without --pixit");
    }

    /// Says in the text what it does not have itself.
    fn note(&mut self, what: &str) {
        if !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.text.push_str(&format!("# {what}\n"));
    }

    /// What a parameter is, where that is known.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// What a parameter is that is a time.
    pub fn time(&self, name: &str) -> Option<Duration> {
        scenario::time(self.value(name)?)
    }

    /// Whether a parameter is true.
    pub fn is(&self, name: &str) -> bool {
        self.value(name) == Some("true")
    }
}

/// A value, where there is such a parameter and it may be that.
fn checked(
    file: &str,
    parameters: &[Parameter],
    name: &str,
    value: String,
) -> Result<String, AnswersError> {
    let Some(parameter) = parameters.iter().find(|one| one.name == name) else {
        return Err(AnswersError::Unknown {
            file: file.to_owned(),
            what: "a parameter that parameters.txt has",
            found: name.to_owned(),
        });
    };
    match parameter.kind.refuses(&value) {
        None => Ok(value),
        Some(expected) => Err(AnswersError::Kind {
            file: file.to_owned(),
            name: name.to_owned(),
            expected,
            found: value,
        }),
    }
}

fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(on) => Some(on.to_string()),
        toml::Value::Datetime(_) | toml::Value::Array(_) | toml::Value::Table(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Pixit, AnswersError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pixit.toml");
        std::fs::write(&path, text).unwrap();
        Pixit::read(Some(&path), Role::Mg, &Source::Own)
    }

    #[test]
    fn answers_stand_over_defaults_and_the_rest_is_not_known() {
        let text = "[parameters]\nPX_VERSION = 2\nPX_STRICT_CODES = true\nPX_SLOW = \"AV\"\n";
        let pixit = read(text).unwrap();
        assert_eq!(pixit.value("PX_VERSION"), Some("2"));
        assert_eq!(pixit.value("PX_ENCODING"), Some("text"));
        assert_eq!(pixit.value("PX_SLOW"), Some("AV"));
        assert_eq!(pixit.value("PX_UNIMPL"), None);
        assert!(pixit.is("PX_STRICT_CODES") && !pixit.is("PX_DESTRUCTIVE"));
    }

    #[test]
    fn hooks_can_be_forgotten_and_all_else_stays() {
        let mut pixit = read("[parameters]\nPROMPT = \"h248 hook mg\"\nPX_VERSION = 2\n").unwrap();
        pixit.forget_hooks();
        assert_eq!(pixit.value("PROMPT"), None);
        assert!(
            pixit
                .text
                .ends_with("# its hooks were left out: --target without --pixit\n")
        );
        assert_eq!(pixit.value("PX_VERSION"), Some("2"));
    }

    #[test]
    fn an_answer_to_what_nobody_asks_is_refused() {
        let error = read("[parameters]\nPX_SLOWER = 1\n").unwrap_err();
        assert!(error.to_string().contains("PX_SLOWER"), "{error}");
        let error = read("[parameters]\nPX_SLOW = [1]\n").unwrap_err();
        assert!(error.to_string().contains("[1]"), "{error}");
    }

    #[test]
    fn a_value_of_another_kind_is_told_with_file_name_and_what_was_expected() {
        let cases = [
            (
                "PX_FRESH = \"x\"",
                "PX_FRESH: expected true or false; found x",
            ),
            ("PX_FRESH = 1", "PX_FRESH: expected true or false; found 1"),
            (
                "PX_T_REPLY = 2",
                "PX_T_REPLY: expected a time like 250ms or 5s; found 2",
            ),
            ("PX_CODEC = true", "PX_CODEC: expected a number; found true"),
            (
                "PX_VERSION = 4",
                "PX_VERSION: expected 1 or 2 or 3; found 4",
            ),
            (
                "PX_TRANSPORT = \"dccp\"",
                "PX_TRANSPORT: expected udp or tcp or sctp; found dccp",
            ),
        ];
        for (line, told) in cases {
            let error = read(&format!("[parameters]\n{line}\n"))
                .unwrap_err()
                .to_string();
            assert!(error.contains(&format!("pixit.toml: {told}")), "{error}");
        }
        let mut pixit = read("").unwrap();
        let error = pixit.set("PX_FRESH", "yes").unwrap_err().to_string();
        assert_eq!(
            error,
            "the command line: PX_FRESH: expected true or false; found yes"
        );
        assert!(
            pixit
                .set("PX_FRESHER", "true")
                .unwrap_err()
                .to_string()
                .contains("PX_FRESHER")
        );
    }

    #[test]
    fn our_own_answers_are_read() {
        for role in [Role::Mg, Role::Mgc] {
            let pixit = Pixit::read(None, role, &Source::Own);
            assert!(pixit.is_ok(), "{}", pixit.unwrap_err());
        }
    }
}
