//! The steps that are about audio.

use std::time::Duration;

use crate::phones::codec::Codec;

use super::{
    phone::{Phone, dtmf},
    player::Player,
    script::Step,
    text::{duration, phone_named},
    verdict::{Flow, Halt, Stepped},
};

/// So soon is listened again, where what is wanted may come later.
const LISTENS_AGAIN: Duration = Duration::from_millis(10);
/// What is listened to.
const WINDOW: Duration = Duration::from_millis(200);
/// What was on its way has come first.
const UNDER_WAY: Duration = Duration::from_millis(60);
/// A tone of this level is heard, one below the other is not (dBm0).
const HEARD: f64 = -40.0;
const UNHEARD: f64 = -55.0;
/// Between two digits.
const GAP: Duration = Duration::from_millis(100);

impl Player {
    /// The phone that a step names.
    pub(super) fn phone(&mut self, step: &Step) -> Result<(char, &mut Phone), Halt> {
        let told = || Halt::Error(format!("{} is no step", step.words.join(" ")));
        let name = step.word(1).and_then(phone_named).ok_or_else(told)?;
        let number = u32::from(name) - u32::from('a');
        let now = self.now;
        let phone = self
            .phones
            .entry(name)
            .or_insert_with(|| Phone::new(number, now));
        Ok((name, phone))
    }
}

/// Carries a step out that makes a phone do something.
pub(super) fn act(player: &mut Player, step: &Step) -> Result<(), Halt> {
    let now = player.now;
    let third = step.word(2).unwrap_or_default().to_owned();
    let host = step.word(3).map(str::to_owned);
    let time = step.time("for")?;
    let length = time.unwrap_or(Duration::from_millis(100));
    let (_, phone) = player.phone(step)?;
    match step.verb() {
        "connect" => {
            let told = |_| Halt::Fail(format!("{third:?} is no port"));
            phone.connect(third.parse().map_err(told)?, host, now);
        }
        "speaks" => phone.speak(match third.as_str() {
            "PCMU" => Codec::Pcmu,
            "PCMA" => Codec::Pcma,
            other => return Err(Halt::Error(format!("no phone speaks {other}"))),
        }),
        "says" if time.is_some() => phone.plans(frequencies(&third)?, length),
        "says" => phone.says(frequencies(&third)?),
        "stops" => phone.falls_silent(),
        "loses" => {
            let told = |_| Halt::Error(format!("{third:?} is no percentage"));
            phone.loss = third.parse().map_err(told)?;
        }
        "dials" | "presses" => {
            for digit in third.chars() {
                let told = || Halt::Error(format!("{digit} is no digit"));
                let (tones, event) = dtmf(digit).ok_or_else(told)?;
                if step.verb() == "dials" {
                    phone.plans(tones, length);
                } else {
                    phone.plans_event(event, length);
                }
                phone.plans(Vec::new(), GAP);
            }
        }
        other => return Err(Halt::Error(format!("{other} is no step"))),
    }
    Ok(())
}

fn frequencies(text: &str) -> Result<Vec<f64>, Halt> {
    if text == "silence" {
        return Ok(Vec::new());
    }
    let each = text.split('+').map(|one| {
        one.parse()
            .map_err(|_| Halt::Error(format!("{text} is no tone")))
    });
    each.collect()
}

/// Listens for a while and judges that while; again and again where it may come `within` a longer one.
pub(super) fn listen(player: &mut Player, step: &Step) -> Stepped {
    if player.value("PX_MEDIA_OBS") == Some("none") {
        return Err(Halt::Inconc("media are not observed".to_owned()));
    }
    let window = step.after("for").map_or(Ok(WINDOW), duration)?;
    // What may come later is not missed by waiting for what was on its way.
    let wait = match step.has("within") {
        true => Duration::ZERO,
        false => UNDER_WAY,
    };
    let until = player.began() + window + wait;
    if !step.has("now") && player.now < until {
        return Ok(Flow::Wait(until));
    }
    let now = player.now;
    let what = step.wanted(2)?.to_owned();
    let (name, phone) = player.phone(step)?;
    let told = match (step.verb(), what.as_str()) {
        (_, "nothing" | "something") => {
            let peak = phone.peak(window, now);
            let right = (peak > 100) == (what == "something");
            (!right).then(|| format!("the loudest sample is {peak}"))
        }
        ("gets", "payload") => {
            let wanted = step.wanted(3)?;
            let kind = phone
                .kind
                .map_or("none".to_owned(), |kind| kind.to_string());
            (kind != *wanted).then(|| format!("payload type {kind} came"))
        }
        ("gets", _) => {
            let packets = match what.as_str() {
                "packets" | "none" => phone.packets(window, now),
                digit => {
                    let event = digit.chars().next().and_then(dtmf);
                    let told = || Halt::Error(format!("{digit} is no digit"));
                    let (_, event) = event.ok_or_else(told)?;
                    phone.events.iter().filter(|(own, _)| *own == event).count()
                }
            };
            let right = (packets > 0) == (what != "none");
            (!right).then(|| format!("{packets} came"))
        }
        (verb, tones) => frequencies(tones)?.into_iter().find_map(|hz| {
            let level = phone.level(hz, window, now);
            let right = match verb {
                "hears" => level > HEARD,
                _ => level < UNHEARD,
            };
            (!right).then(|| format!("{hz} Hz has {level:.0} dBm0"))
        }),
    };
    let longest = step.after("within").map_or(Ok(window), duration)?;
    match told {
        None => Ok(Flow::Next),
        Some(_) if now < player.began() + longest => Ok(Flow::Wait(now + LISTENS_AGAIN)),
        Some(told) => Err(Halt::Fail(format!("phone {name}: {told}"))),
    }
}
