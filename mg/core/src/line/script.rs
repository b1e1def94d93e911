//! What somebody does with a phone: steps such as `2s off-hook`, one after the other.

use std::{str::FromStr, time::Duration};

use mg_contract::Dtmf;
use thiserror::Error;

/// How long each dialled digit is heard, and how long the pause after it is.
pub(crate) const DIGIT: Duration = Duration::from_millis(100);
const PAUSE: Duration = Duration::from_millis(100);
/// How long a flash is where the script does not say.
const FLASH: Duration = Duration::from_millis(300);
/// The longest time that a step can say: a day.
const TIME_MAX: Duration = Duration::from_secs(86_400);
/// The most digits of one step; no number has as many.
const DIGITS_MAX: usize = 64;

/// Something that is done with a phone, so long after the step before is over.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Step {
    /// How long after it.
    pub after: Duration,
    /// What is done.
    pub act: Act,
}

/// What is done with a phone.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Act {
    /// The handset is lifted.
    OffHook,
    /// The handset is put down.
    OnHook,
    /// The hook is pressed for so long.
    Flash(Duration),
    /// These digits are dialled by tones.
    Dial(Vec<Dtmf>),
}

/// A step that is none.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "`{0}` is no step; expected TIME off-hook, on-hook, flash [TIME] or dial DIGITS, such as `2s off-hook`"
)]
pub struct BadStep(String);

/// What one can see or hear of a phone.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Move {
    OffHook,
    OnHook,
    Tone(Dtmf),
    /// The step is over.
    Rest,
}

impl Step {
    /// Its moves, each with the time after the one before.
    pub(crate) fn moves(&self) -> Vec<(Duration, Move)> {
        match &self.act {
            Act::OffHook => vec![(self.after, Move::OffHook)],
            Act::OnHook => vec![(self.after, Move::OnHook)],
            Act::Flash(time) => vec![(self.after, Move::OnHook), (*time, Move::OffHook)],
            Act::Dial(digits) => {
                let tones = digits.iter().enumerate().map(|(place, digit)| {
                    let after = if place == 0 {
                        self.after
                    } else {
                        DIGIT + PAUSE
                    };
                    (after, Move::Tone(*digit))
                });
                tones.chain([(DIGIT + PAUSE, Move::Rest)]).collect()
            }
        }
    }
}

impl FromStr for Step {
    type Err = BadStep;

    fn from_str(text: &str) -> Result<Self, BadStep> {
        read(text).ok_or_else(|| BadStep(text.to_owned()))
    }
}

fn read(text: &str) -> Option<Step> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (after, words) = match words.split_first()? {
        (first, rest) if first.starts_with(|c: char| c.is_ascii_digit()) => (time(first)?, rest),
        _ => (Duration::ZERO, &words[..]),
    };
    let act = match words {
        ["off-hook"] => Act::OffHook,
        ["on-hook"] => Act::OnHook,
        ["flash"] => Act::Flash(FLASH),
        ["flash", long] => Act::Flash(time(long)?),
        ["dial", digits] if digits.len() <= DIGITS_MAX => {
            Act::Dial(digits.chars().map(digit).collect::<Option<_>>()?)
        }
        _ => return None,
    };
    Some(Step { after, act })
}

/// A time such as `2s`, `1.5s` or `300ms`.
fn time(text: &str) -> Option<Duration> {
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 0.001),
        None => (text.strip_suffix('s')?, 1.0),
    };
    let seconds = number.parse::<f64>().ok()? * unit;
    let time = Duration::try_from_secs_f64(seconds).ok()?;
    (time <= TIME_MAX).then_some(time)
}

fn digit(letter: char) -> Option<Dtmf> {
    const LETTERS: &str = "0123456789*#ABCD";
    let place = LETTERS.find(letter.to_ascii_uppercase())?;
    u8::try_from(place).ok().map(Dtmf)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(text: &str) -> Step {
        text.parse().unwrap()
    }

    #[test]
    fn steps_are_a_time_and_what_is_done() {
        let ms = Duration::from_millis;
        assert_eq!(step("2s off-hook").moves(), [(ms(2_000), Move::OffHook)]);
        assert_eq!(step("on-hook").moves(), [(ms(0), Move::OnHook)]);
        assert_eq!(
            step("1.5s flash 250ms").moves(),
            [(ms(1_500), Move::OnHook), (ms(250), Move::OffHook)]
        );
        assert_eq!(
            step("300ms dial 5#d").moves(),
            [
                (ms(300), Move::Tone(Dtmf(5))),
                (ms(200), Move::Tone(Dtmf(11))),
                (ms(200), Move::Tone(Dtmf(15))),
                (ms(200), Move::Rest),
            ]
        );
    }

    #[test]
    fn what_is_no_step_is_named() {
        for wrong in [
            "",
            "2s",
            "off hook",
            "2 off-hook",
            "-1s off-hook",
            "2s dial",
            "2s dial 5x",
            "2s flash long",
            "nans on-hook",
            "90000s on-hook",
            "2s on-hook twice",
        ] {
            let told = wrong.parse::<Step>().unwrap_err().to_string();
            assert!(told.starts_with(&format!("`{wrong}` is no step")), "{told}");
        }
    }
}
