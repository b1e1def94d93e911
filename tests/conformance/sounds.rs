//! The steps of a script that are about audio.

use std::time::Duration;

use lab::phones::codec::Codec;

use crate::{phone::dtmf, play::Player, script::Step, verdict::Halt};

/// What is listened to.
const WINDOW: Duration = Duration::from_millis(200);
/// A tone of this level is heard, one below the other is not (dBm0).
const HEARD: f64 = -40.0;
const UNHEARD: f64 = -55.0;
/// Between two digits.
const GAP: Duration = Duration::from_millis(100);

/// Carries a step out.
pub(crate) fn step(player: &mut Player, step: &Step) -> Result<(), Halt> {
    let name = step.words.get(1).and_then(|word| word.chars().next());
    let name = name.ok_or_else(|| format!("{} is no step", step.words[0]))?;
    let third = step.words.get(2).cloned().unwrap_or_default();
    let third = player.filled(&third)?;
    let now = player.rig.now;
    let time = step.after("for").map_or(Duration::from_millis(100), length);
    let phone = player.rig.phone(name);
    match step.words[0].as_str() {
        "connect" => phone.connect(third.parse().map_err(|_| "a port")?, now),
        "speaks" => phone.speak(match third.as_str() {
            "PCMU" => Codec::Pcmu,
            _ => Codec::Pcma,
        }),
        "says" if step.has("for") => phone.plans(frequencies(&third)?, time),
        "says" => phone.says(frequencies(&third)?),
        "stops" => phone.falls_silent(),
        "loses" => phone.loss = third.parse().map_err(|_| "a percentage")?,
        "dials" => third.chars().for_each(|digit| {
            phone.plans(dtmf(digit).0, time);
            phone.plans(Vec::new(), GAP);
        }),
        "presses" => third.chars().for_each(|digit| {
            phone.plans_event(dtmf(digit).1, time);
            phone.plans(Vec::new(), GAP);
        }),
        "hears" | "misses" | "gets" => listen(player, step, name, &third)?,
        other => return Err(Halt::Fail(format!("{other} is no step"))),
    }
    Ok(())
}

fn length(text: &str) -> Duration {
    let digits = text.strip_suffix("ms").expect("a time in ms");
    Duration::from_millis(digits.parse().expect("a number"))
}

fn frequencies(text: &str) -> Result<Vec<f64>, String> {
    if text == "silence" {
        return Ok(Vec::new());
    }
    let each = text
        .split('+')
        .map(|one| one.parse().map_err(|_| format!("{text} is no tone")));
    each.collect()
}

/// Listens for a while and judges that while.
fn listen(player: &mut Player, step: &Step, name: char, what: &str) -> Result<(), String> {
    let window = step.after("for").map_or(WINDOW, length);
    if !step.has("now") {
        // What was on its way has come first.
        player
            .rig
            .run(window + Duration::from_millis(60), |_| false);
    }
    let now = player.rig.now;
    let phone = player.rig.phone(name);
    let verb = step.words[0].as_str();
    if what == "nothing" || what == "something" {
        let peak = phone.peak(window, now);
        let heard = peak > 100;
        let right = heard == (what == "something");
        return right
            .then_some(())
            .ok_or(format!("the loudest sample is {peak}"));
    }
    if verb == "gets" {
        let packets = match what {
            "packets" | "none" => phone.packets(window, now),
            digit => {
                let (_, event) = dtmf(digit.chars().next().ok_or("a digit")?);
                phone.events.iter().filter(|(own, _)| *own == event).count()
            }
        };
        let right = (packets > 0) == (what != "none");
        return right.then_some(()).ok_or(format!("{packets} came"));
    }
    for hz in frequencies(what)? {
        let level = phone.level(hz, window, now);
        let right = match verb {
            "hears" => level > HEARD,
            _ => level < UNHEARD,
        };
        if !right {
            return Err(format!("{hz} Hz has {level:.0} dBm0"));
        }
    }
    Ok(())
}
