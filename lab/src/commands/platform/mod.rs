//! The API of a running platform at the command line: a file for each noun, a verb for each request.

pub(crate) mod call;
pub(crate) mod events;
pub(crate) mod gateway;
pub(crate) mod leg;
pub(crate) mod op;
mod record;
mod rules;
pub(crate) mod seg;
mod sound;
mod terms;

use clap::ArgGroup;
use lab::api::{Api, ApiError, Place};
use reqwest::{Method, header::ETAG};
use serde_json::{Value, json};

use self::terms::Terms;
use super::Trouble;
use crate::output::say;

/// Which platform, and how it is shown what it answers.
#[derive(Debug, clap::Args)]
pub(crate) struct Platform {
    /// The platform: ADDRESS:PORT or a URL
    #[arg(long, global = true, default_value = "http://127.0.0.1:8080")]
    api: String,
    /// The bearer token to show it
    #[arg(long, global = true)]
    token: Option<String>,
    /// Prints answers as JSON, as they came
    #[arg(long, global = true)]
    json: bool,
}

impl Platform {
    fn open(&self) -> Result<Api, ApiError> {
        Api::with_token(&self.api, self.token.as_deref())
    }

    /// Asks for something and prints the answer.
    async fn ask(
        &self,
        method: Method,
        path: &[&str],
        body: Option<Value>,
    ) -> Result<Vec<String>, Trouble> {
        self.ask_on(Terms::default(), method, path, body).await
    }

    /// The same on these terms.
    async fn ask_on(
        &self,
        terms: impl Into<Terms>,
        method: Method,
        path: &[&str],
        body: Option<Value>,
    ) -> Result<Vec<String>, Trouble> {
        let place = Place {
            path: path.to_vec(),
            query: Vec::new(),
        };
        self.ask_at(terms, method, place, body).await
    }

    async fn ask_at(
        &self,
        terms: impl Into<Terms>,
        method: Method,
        place: Place<'_>,
        body: Option<Value>,
    ) -> Result<Vec<String>, Trouble> {
        let headers = terms.into().headers()?;
        let api = Api::with_headers(&self.api, self.token.as_deref(), headers)?;
        let answer = api.ask(method, &place, body.as_ref()).await?;
        self.print(&answer);
        Ok(Vec::new())
    }

    /// Reads something and prints it, or its tag alone.
    async fn show(&self, path: &[&str], tag: bool) -> Result<Vec<String>, Trouble> {
        let place = Place {
            path: path.to_vec(),
            query: Vec::new(),
        };
        let (answer, headers) = self.open()?.ask_whole(Method::GET, &place, None).await?;
        if tag {
            let found = headers.get(ETAG).and_then(|tag| tag.to_str().ok());
            say!("{}", found.unwrap_or_default());
        } else {
            self.print(&answer);
        }
        Ok(Vec::new())
    }

    fn print(&self, answer: &Value) {
        match answer {
            Value::Null => {}
            answer if self.json => say!("{answer:#}"),
            Value::Array(items) => items.iter().for_each(|item| say!("{}", line(item))),
            Value::Object(members) => {
                for (name, value) in members {
                    say!("{name}: {}", words(value));
                }
            }
            Value::Bool(_) | Value::Number(_) | Value::String(_) => say!("{}", words(answer)),
        }
    }
}

/// An object in a line: its members without those that say nothing.
fn line(item: &Value) -> String {
    let Value::Object(members) = item else {
        return words(item);
    };
    let members = members.iter().filter(|(_, value)| !value.is_null());
    let members = members.map(|(name, value)| {
        if name == "id" {
            words(value)
        } else {
            format!("{name}={}", words(value))
        }
    });
    members.collect::<Vec<_>>().join(" ")
}

/// A value for people.
fn words(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.trim_end().to_owned(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(","),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

/// An object of those members that have a value.
fn body<'a>(members: impl IntoIterator<Item = (&'a str, Option<Value>)>) -> Option<Value> {
    let members = members.into_iter();
    let given = members.filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Some(Value::Object(given.collect()))
}

/// The same within a body; `None` where no member has a value.
fn part<'a>(members: impl IntoIterator<Item = (&'a str, Option<Value>)>) -> Option<Value> {
    let part = body(members)?;
    (part != json!({})).then_some(part)
}

/// The group of options of which a change needs one.
const CHANGES: &str = "changes";

/// Asks for one of them at least.
fn some_change() -> ArgGroup {
    ArgGroup::new(CHANGES).required(true).multiple(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_told_in_lines_without_what_says_nothing() {
        let leg = json!({"id": "leg_1", "seg": "seg_2", "operation": null, "legs": ["a", "b"]});
        assert_eq!(line(&leg), "leg_1 legs=a,b seg=seg_2");
        assert_eq!(line(&json!(7)), "7");
        let made = body([("name", Some("x".into())), ("seg", None)]);
        assert_eq!(made, Some(json!({"name": "x"})));
        assert_eq!(part([("seg", None)]), None);
    }
}
