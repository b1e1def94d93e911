//! By which rule each kind of field is compared.

use std::{fmt, str::FromStr};

/// How a field of an expected message is compared.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rule {
    /// As in the capture.
    Exact,
    /// It has to be there.
    Any,
    /// The live peer's choice, which counts from then on.
    Captured,
    /// It is not looked at.
    Ignore,
}

/// A kind of field that varies from run to run.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Field {
    /// Numbers of Contexts.
    Context,
    /// Names of Terminations.
    Termination,
    /// Request ids of events.
    Request,
    /// Addresses in session descriptions.
    Address,
    /// Ports in session descriptions.
    Port,
    /// The lines of session descriptions that name the session: `v=`, `o=`, `s=`, `t=`.
    Session,
    /// Time stamps.
    Time,
    /// Values of statistics.
    Statistics,
    /// Addresses in ServiceChanges.
    Service,
}

/// All kinds, with their names and the rule where none is given.
const FIELDS: [(Field, &str, Rule); 9] = [
    (Field::Context, "context", Rule::Captured),
    (Field::Termination, "termination", Rule::Captured),
    (Field::Request, "request", Rule::Captured),
    (Field::Address, "address", Rule::Captured),
    (Field::Port, "port", Rule::Captured),
    (Field::Session, "session", Rule::Ignore),
    (Field::Time, "time", Rule::Ignore),
    (Field::Statistics, "statistics", Rule::Any),
    (Field::Service, "service", Rule::Ignore),
];

const RULES: [(Rule, &str); 4] = [
    (Rule::Exact, "exact"),
    (Rule::Any, "any"),
    (Rule::Captured, "captured"),
    (Rule::Ignore, "ignore"),
];

/// A rule for a kind of field, as `FIELD=RULE`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Given(Field, Rule);

/// Why a rule is none.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// It has no equal sign.
    #[error("expected FIELD=RULE, found {0}")]
    Form(String),
    /// No such field.
    #[error("expected one of {expected}, found {found}")]
    Word {
        /// What may stand there.
        expected: String,
        /// What does.
        found: String,
    },
}

impl FromStr for Given {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let (field, rule) = text
            .split_once('=')
            .ok_or_else(|| RuleError::Form(text.to_owned()))?;
        let fields = FIELDS.iter().map(|(field, name, _)| (*field, *name));
        Ok(Self(
            word(fields, field)?,
            word(RULES.iter().copied(), rule)?,
        ))
    }
}

fn word<T>(
    mut words: impl Iterator<Item = (T, &'static str)> + Clone,
    found: &str,
) -> Result<T, RuleError> {
    let all = words.clone().map(|(_, name)| name).collect::<Vec<_>>();
    let one = words.find(|(_, name)| *name == found);
    one.map(|(one, _)| one).ok_or_else(|| RuleError::Word {
        expected: all.join(", "),
        found: found.to_owned(),
    })
}

/// The rules of a derivation.
#[derive(Clone, Debug, Default)]
pub struct Rules(Vec<Given>);

impl Rules {
    /// These rules before those that hold otherwise.
    pub fn new(given: &[Given]) -> Self {
        Self(given.to_vec())
    }

    /// The rule for a kind of field.
    pub fn of(&self, field: Field) -> Rule {
        let given = self.0.iter().rev().find(|given| given.0 == field);
        let usual = FIELDS.iter().find(|one| one.0 == field);
        given.map_or(usual.map_or(Rule::Exact, |one| one.2), |given| given.1)
    }
}

impl fmt::Display for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (field, name, _)) in FIELDS.iter().enumerate() {
            let rule = RULES.iter().find(|one| one.0 == self.of(*field));
            let space = if at == 0 { "" } else { " " };
            write!(f, "{space}{name}={}", rule.map_or("", |one| one.1))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_is_given_counts_before_the_usual_one() {
        let given: Given = "statistics=exact".parse().unwrap();
        let rules = Rules::new(&[given]);
        assert_eq!(rules.of(Field::Statistics), Rule::Exact);
        assert_eq!(rules.of(Field::Context), Rule::Captured);
        assert!(
            rules
                .to_string()
                .contains("statistics=exact service=ignore")
        );
    }

    #[test]
    fn what_is_no_rule_says_what_would_be() {
        let error = "colour=any".parse::<Given>().unwrap_err().to_string();
        assert!(error.starts_with("expected one of context, "), "{error}");
        let error = "port=maybe".parse::<Given>().unwrap_err().to_string();
        assert_eq!(
            error,
            "expected one of exact, any, captured, ignore, found maybe"
        );
    }
}
