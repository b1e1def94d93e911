//! Whether somebody talks.

use std::time::Duration;

use super::Finding;
use crate::voice::{self, Loudness};

/// The level from which on a frame is talk, in -dBov (project): what is mixed at all begins at -60.
const TALK: u8 = 50;
/// Frames of talk in a row that begin it: 60 ms, so that a click does not.
const BEGINS: u32 = 3;
/// Frames without any that end it: half a second.
const ENDS: u32 = 25;
/// How long a frame is.
const FRAME_TIME: Duration = Duration::from_millis(20);

/// Tells when somebody begins to talk, and when he has ended.
#[derive(Debug, Default)]
pub(super) struct Talk {
    /// Frames since the first of the talk that is reported, or may be one.
    frames: u32,
    /// Frames since the last that was talk.
    quiet: u32,
    began: bool,
}

impl Talk {
    /// Takes how loud a frame is.
    pub(super) fn hear(&mut self, loudness: Loudness) -> Option<Finding> {
        let level = voice::level(loudness);
        let talks = level <= TALK;
        if self.began {
            return self.goes_on(talks);
        }
        self.frames = if talks { self.frames + 1 } else { 0 };
        self.began = self.frames == BEGINS;
        self.began.then_some(Finding::TalkBegan(level))
    }

    fn goes_on(&mut self, talks: bool) -> Option<Finding> {
        self.frames = self.frames.saturating_add(1);
        self.quiet = if talks { 0 } else { self.quiet + 1 };
        if self.quiet < ENDS {
            return None;
        }
        let talked = FRAME_TIME * (self.frames - self.quiet);
        *self = Self::default();
        Some(Finding::TalkEnded(talked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hear(talk: &mut Talk, loudness: Loudness, frames: usize) -> Vec<(usize, Finding)> {
        let found = (0..frames).map(|n| Some((n, talk.hear(loudness)?)));
        found.flatten().collect()
    }

    #[test]
    fn words_are_one_talk_and_clicks_are_none() {
        let (loud, quiet) = (1_000_000, 2_000);
        let mut talk = Talk::default();
        assert!(hear(&mut talk, loud, 2).is_empty());
        assert!(hear(&mut talk, quiet, 1).is_empty());
        let began = Finding::TalkBegan(30);
        assert_eq!(hear(&mut talk, loud, 10), [(2, began)]);
        assert!(hear(&mut talk, quiet, 24).is_empty());
        assert!(hear(&mut talk, loud, 10).is_empty());
        let ended = Finding::TalkEnded(Duration::from_millis(44 * 20));
        assert_eq!(hear(&mut talk, 0, 60), [(24, ended)]);
    }
}
