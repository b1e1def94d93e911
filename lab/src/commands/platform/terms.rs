//! On which terms the platform is to change something, at the command line.

use lab::api::{ApiError, value};
use reqwest::header::{HeaderMap, IF_MATCH};

/// What may go with every request that changes something.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Once {
    /// The same request under the same key is carried out once, however often it is sent
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
}

/// What may go with a request that changes or ends what has a tag.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Terms {
    #[command(flatten)]
    once: Once,
    /// Only while it is as it was when `show --tag` gave this
    #[arg(long, value_name = "TAG")]
    if_match: Option<String>,
}

impl From<Once> for Terms {
    fn from(once: Once) -> Self {
        Self {
            once,
            if_match: None,
        }
    }
}

impl Terms {
    pub(super) fn headers(&self) -> Result<HeaderMap, ApiError> {
        let mut headers = HeaderMap::new();
        if let Some(key) = &self.once.idempotency_key {
            headers.insert("idempotency-key", value("idempotency key", key)?);
        }
        if let Some(tag) = &self.if_match {
            headers.insert(IF_MATCH, value("tag", tag)?);
        }
        Ok(headers)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        terms: Terms,
    }

    fn headers(line: &[&str]) -> Result<HeaderMap, ApiError> {
        let line = [&["h248"], line].concat();
        Line::try_parse_from(line).unwrap().terms.headers()
    }

    #[test]
    fn what_is_asked_for_goes_into_headers_and_nothing_else_does() {
        assert!(headers(&[]).unwrap().is_empty());
        let both = ["--idempotency-key", "k 1", "--if-match", "\"abc\""];
        let told = headers(&both).unwrap();
        assert_eq!(told.len(), 2);
        assert_eq!(told["idempotency-key"], "k 1");
        assert_eq!(told["if-match"], "\"abc\"");
        let wrong = headers(&["--idempotency-key", "a\nb"]).unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "the idempotency key has characters that none has"
        );
    }
}
