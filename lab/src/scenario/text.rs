//! Words and messages as people read them.

use std::time::Duration;

use codec_h248::{Message, MessageBody, Style, TextProfile, Transaction, encode};

use super::{player::Player, script::Step, verdict::Halt};

/// A message in compact text, its lines joined by bars.
pub(super) fn compact(message: &Message<'_>) -> String {
    let mut octets = Vec::new();
    encode(message, &TextProfile::of(Style::Compact), &mut octets);
    String::from_utf8_lossy(&octets)
        .replace("\r\n", "|")
        .replace('\n', "|")
}

/// Whether a message holds a transaction like this.
pub(super) fn has(message: &Message<'_>, wanted: impl Fn(&Transaction<'_>) -> bool) -> bool {
    match &message.body {
        MessageBody::Error(_) => false,
        MessageBody::Transactions(transactions) => transactions.iter().any(wanted),
    }
}

/// `250ms` or `5s`.
pub(super) fn duration(text: &str) -> Result<Duration, Halt> {
    let told = || Halt::Error(format!("expected a time like 250ms or 5s, found {text:?}"));
    time(text).ok_or_else(told)
}

/// A time such as `250ms` or `5s`, a week at most.
pub fn time(text: &str) -> Option<Duration> {
    let (digits, unit) = match (text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(digits), _) => (digits, 1),
        (None, Some(digits)) => (digits, 1_000),
        (None, None) => ("", 0),
    };
    let number = digits.parse::<u64>().ok();
    let millis = number.and_then(|number| number.checked_mul(unit));
    let bounded = millis.filter(|millis| *millis <= 7 * 24 * 3_600_000);
    bounded.map(Duration::from_millis)
}

/// The phone that a word names.
pub(super) fn phone_named(word: &str) -> Option<char> {
    let mut signs = word.chars();
    let name = signs.next().filter(|name| ('a'..='f').contains(name));
    name.filter(|_| signs.next().is_none())
}

impl Player {
    /// What a name stands for, or the word itself; a value of the campaign is no word.
    pub(super) fn or_literal<'w>(&'w self, word: &'w str) -> Result<&'w str, Halt> {
        match self.value(word) {
            None if word.starts_with("PX_") => Err(Halt::Inconc(format!("no value for {word}"))),
            value => Ok(value.unwrap_or(word)),
        }
    }

    /// A number, or what a name stands for; a time is in ms.
    pub(super) fn number(&self, word: &str) -> Result<f64, Halt> {
        let text = self.or_literal(word)?;
        let number = text.parse::<f64>().ok();
        let time = || duration(text).ok().map(|time| time.as_secs_f64() * 1_000.0);
        let told = format!("{word} is no number: {text}");
        let halt = || match self.value(word) {
            Some(_) => Halt::Fail(told),
            None => self.amiss(told),
        };
        number.or_else(time).ok_or_else(halt)
    }

    /// What the network may add to a time, in ms.
    pub(super) fn slack(&self) -> f64 {
        self.number("PX_NET_DELAY").unwrap_or_default()
    }
}

impl Step {
    /// The time behind a word.
    pub(super) fn time(&self, word: &str) -> Result<Option<Duration>, Halt> {
        self.after(word).map(duration).transpose()
    }

    /// The number behind a word.
    pub(super) fn number(&self, word: &str) -> Result<Option<u32>, Halt> {
        let told = |text: &str| Halt::Error(format!("expected a number, found {text:?}"));
        let number = |text: &str| text.parse().map_err(|_| told(text));
        self.after(word).map(number).transpose()
    }

    /// A word that has to be there.
    pub(super) fn wanted(&self, at: usize) -> Result<&str, Halt> {
        let told = || Halt::Error(format!("{} wants another word", self.verb()));
        self.word(at).ok_or_else(told)
    }
}
