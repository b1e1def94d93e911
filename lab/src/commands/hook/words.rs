//! The words of a step that came to a hook.

use std::collections::VecDeque;

/// The words that are left.
#[derive(Clone, Debug)]
pub(super) struct Words<'a> {
    left: VecDeque<&'a str>,
}

impl<'a> Words<'a> {
    pub(super) fn of(words: &'a [String]) -> Self {
        Self {
            left: words.iter().map(String::as_str).collect(),
        }
    }

    /// The next word.
    pub(super) fn next(&mut self) -> Option<&'a str> {
        self.left.pop_front()
    }

    /// The next word, which has to be there.
    pub(super) fn need(&mut self, what: &str) -> Result<&'a str, String> {
        self.next()
            .ok_or_else(|| format!("expected {what}, found nothing"))
    }

    /// The next word as a number.
    pub(super) fn number(&mut self, what: &str) -> Result<u32, String> {
        let word = self.need(what)?;
        let number = word.parse();
        number.map_err(|_| format!("expected the number of {what}, found {word}"))
    }

    /// Whether this word is there; it is taken.
    pub(super) fn has(&mut self, word: &str) -> bool {
        let at = self.left.iter().position(|own| *own == word);
        at.is_some_and(|at| self.left.remove(at).is_some())
    }

    /// What follows this word; both are taken.
    pub(super) fn after(&mut self, word: &str) -> Option<&'a str> {
        let at = self.left.iter().position(|own| *own == word)?;
        self.left.remove(at);
        self.left.remove(at)
    }

    /// All that is left, word by word.
    pub(super) fn rest(self) -> impl Iterator<Item = &'a str> {
        self.left.into_iter()
    }

    /// That nothing is left over.
    pub(super) fn end(self) -> Result<(), String> {
        match self.left.front() {
            None => Ok(()),
            Some(word) => Err(format!("expected nothing more, found {word}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_by_place_and_by_name() {
        let words = ["7", "on", "[192.0.2.1]:2944", "topology"].map(str::to_owned);
        let mut words = Words::of(&words);
        assert_eq!(words.after("on"), Some("[192.0.2.1]:2944"));
        assert!(words.has("topology") && !words.has("topology"));
        assert_eq!(words.number("a leg"), Ok(7));
        assert_eq!(
            words.need("a room"),
            Err("expected a room, found nothing".to_owned())
        );
        words.left.push_back("more");
        assert!(words.end().is_err());
    }
}
