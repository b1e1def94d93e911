//! The steps of a script that are about names, and those that send or take more than one thing.

use std::time::Duration;

use codec_h248::{MessageBody, Transaction, TransactionId};

use crate::{
    play::{self, Player},
    script::{self, Step},
    verdict::{self, Halt},
};

/// What an interval between repetitions grows by at least, in hundredths.
const GROWTH: f64 = 1.3;
/// What no Context answers to an audit of all.
const NO_CONTEXT: &str = "send: Context=* {AuditValue=* {Audit {}}}
reply: Context=* {AuditValue=* {Error=431 {}}}
or: Context=* {Error=411 {}}
or: Context=* {Error=431 {}}
or remark: Context=* {AuditValue=* {Error=430 {}}}
or remark: Error=411 {}
";

/// Carries a step out, if it is one of these.
pub(crate) fn step(player: &mut Player, step: &Step) -> Option<Result<(), Halt>> {
    Some(match step.words[0].as_str() {
        "ids" => {
            for name in &step.words[1..] {
                let id = player.fresh_id();
                player.names.insert(name.clone(), id.to_string());
            }
            Ok(())
        }
        "keep" => keep(player, step),
        "mid" => player.filled(&step.body).map(|mid| {
            player.names.insert("mgcmid".to_owned(), mid.clone());
            player.mid = Some(mid);
        }),
        "absent" => absent(player, step),
        "sum" => sum(player, step),
        "contexts" => player.play(&script::steps(NO_CONTEXT)),
        "final" => last_reply(player, step),
        "many" => many(player, step),
        "times" => times(player, step),
        "grows" => grows(player, step),
        "atmost" => atmost(player, step),
        _ => return None,
    })
}

fn word(step: &Step, at: usize) -> Result<&String, Halt> {
    let missing = || Halt::from(format!("{} wants more words", step.words[0]));
    step.words.get(at).ok_or_else(missing)
}

/// A number, a time in ms, or a name that stands for one.
fn number(player: &Player, word: &str) -> Result<f64, Halt> {
    let text = player.names.get(word).map_or(word, String::as_str);
    let time = |unit: &str, factor: f64| {
        let digits = text.strip_suffix(unit)?;
        digits.parse::<f64>().ok().map(|number| number * factor)
    };
    let found = time("ms", 1.0).or_else(|| time("s", 1_000.0));
    let found = found.or_else(|| text.parse().ok());
    found.ok_or_else(|| format!("{word} is no number: {text}").into())
}

/// The results of the last reply become a name, in compact text.
fn keep(player: &mut Player, step: &Step) -> Result<(), Halt> {
    let text = player.last_text().ok_or("nothing has come")?;
    let results = text.split_once('{').map_or("", |(_, results)| results);
    let name = word(step, 1)?.clone();
    player.names.insert(name, results.to_owned());
    Ok(())
}

/// A name's value is not among the words of another's.
fn absent(player: &Player, step: &Step) -> Result<(), Halt> {
    let value = |at| {
        let name = word(step, at)?;
        let known = player.names.get(name).cloned();
        known.ok_or_else(|| Halt::from(format!("@{name} stands for nothing yet")))
    };
    let (one, all) = (value(1)?, value(2)?);
    if all.split_whitespace().all(|other| other != one) {
        return Ok(());
    }
    Err(format!("{one} is among {all}").into())
}

/// `sum NAME A B`: the name stands for what they are together.
fn sum(player: &mut Player, step: &Step) -> Result<(), Halt> {
    let terms = step.words[2..].iter().map(|term| number(player, term));
    let terms: Result<Vec<f64>, Halt> = terms.collect();
    let total: f64 = terms?.iter().sum();
    player
        .names
        .insert(word(step, 1)?.clone(), total.to_string());
    Ok(())
}

/// The reply to the last transaction, whatever it says.
fn last_reply(player: &mut Player, step: &Step) -> Result<(), Halt> {
    let patience = step
        .after("within")
        .map_or(Duration::from_secs(30), play::duration);
    let id = TransactionId(player.id);
    let is_it = |one: &Transaction<'_>| matches!(one, Transaction::Reply(reply) if reply.id == id);
    let found = player.next(patience, is_it);
    found.map(|_| ()).ok_or_else(|| "no reply came".into())
}

/// One message of many transactions, each with the same actions; `@first` is the first one's id.
fn many(player: &mut Player, step: &Step) -> Result<(), Halt> {
    let count = number(player, word(step, 1)?)?;
    let actions = player.filled(&step.body)?;
    let mut body = String::new();
    for number in 0..count as u32 {
        let id = player.fresh_id();
        if number == 0 {
            player.names.insert("first".to_owned(), id.to_string());
        }
        body.push_str(&format!("Transaction={id}{{{actions}}}"));
    }
    player.commands = verdict::commands(&actions);
    player.play(&[Step {
        body,
        words: vec!["message".to_owned()],
        line: step.line,
    }])
}

/// `times NAME N`: the intervals of N repetitions of the gateway's last request, in ms.
fn times(player: &mut Player, step: &Step) -> Result<(), Halt> {
    let (name, count) = (word(step, 1)?.clone(), number(player, word(step, 2)?)?);
    let (id, _) = player.asked.ok_or("nothing was asked")?;
    let again = |one: &Transaction<'_>| matches!(one, Transaction::Request(request) if request.id == TransactionId(id));
    let mut before = player.rig.now;
    for at in 1..=count as u32 {
        let patience = Duration::from_secs(30);
        player
            .next(patience, again)
            .ok_or_else(|| format!("repetition {at} did not come"))?;
        let interval = player.rig.now - before;
        before = player.rig.now;
        let text = interval.as_millis().to_string();
        player.names.insert(format!("{name}{at}"), text);
    }
    Ok(())
}

/// Each is longer than the one before, until the longest that there is.
fn grows(player: &Player, step: &Step) -> Result<(), Halt> {
    let all = step.words[1..].iter().map(|name| number(player, name));
    let all: Vec<f64> = all.collect::<Result<_, _>>()?;
    let most = number(player, "PX_RTO_MAX").unwrap_or(f64::INFINITY) * 0.95;
    let right = |pair: &[f64]| pair[1] >= pair[0] * GROWTH || pair[1] >= most;
    let constant = all.first() == all.last();
    if all.windows(2).all(right) && !constant {
        return Ok(());
    }
    Err(format!("the intervals do not grow: {all:?} ms").into())
}

fn atmost(player: &Player, step: &Step) -> Result<(), Halt> {
    let (own, most) = (
        number(player, word(step, 1)?)?,
        number(player, word(step, 2)?)?,
    );
    let slack = number(player, "PX_NET_DELAY").unwrap_or_default();
    if own <= most + slack {
        return Ok(());
    }
    Err(format!("{own} is more than {most}").into())
}

/// What every message of the gateway's tells, as names.
pub(crate) fn learn(player: &mut Player) {
    let Some(last) = &player.last else { return };
    let (mid, version) = (
        last.message.mid.to_string(),
        last.message.version.to_string(),
    );
    let is_error = matches!(last.message.body, MessageBody::Error(_));
    player.names.insert("mgv".to_owned(), version);
    if !is_error {
        player.names.insert("mgmid".to_owned(), mid);
    }
}
