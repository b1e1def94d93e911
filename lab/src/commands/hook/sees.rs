//! What our controller tells its application, asked by a script: `sees`.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use lab::stage;
use serde_json::Value;

use super::{
    End, Trouble, Words,
    legs::{self, Desk, LOOK_AGAIN},
    variable,
};

/// So long is waited where the runner does not say.
const WITHIN: Duration = Duration::from_secs(5);

/// `None` where it is so, or why it is not.
type Seen = Result<Option<String>, Trouble>;

pub(super) async fn hook(desk: &Desk<'_>, mut words: Words<'_>) -> Result<End, Trouble> {
    let never = words.has("never");
    let within = variable("H248_WITHIN_MS").and_then(|text| text.parse().ok());
    let within = within.map_or(WITHIN, Duration::from_millis);
    let until = stage::now() + within;
    loop {
        let seen = match look(desk, words.clone()).await {
            Err(trouble) if trouble.is::<Unknown>() => return Ok(End::Cannot(trouble.to_string())),
            seen => seen?,
        };
        let late = stage::now() >= until;
        match seen {
            None if never => return Ok(End::No("it is so".to_owned())),
            None => return Ok(End::Done),
            Some(_) if never && late => return Ok(End::Done),
            Some(why) if late => return Ok(End::No(why)),
            Some(_) => tokio::time::sleep(LOOK_AGAIN).await,
        }
    }
}

/// What this controller does not tell.
#[derive(Debug, thiserror::Error)]
#[error("mgc does not tell its application of {0}")]
struct Unknown(String);

async fn look(desk: &Desk<'_>, mut words: Words<'_>) -> Seen {
    let what = words.need("what is to be seen")?;
    match what {
        "alive" => Ok(desk
            .read(&["health"])
            .await
            .err()
            .map(|error| error.to_string())),
        "leg" => leg(desk, words).await,
        "media" => media(desk, words),
        "room" => room(desk, words).await,
        "move" => ended(desk, words, ("moved", "moveFailed")).await,
        "play" => ended(desk, words, ("played", "playFailed")).await,
        "mute" => ended(desk, words, ("changed", "changed")).await,
        "digits" => digits(desk, words).await,
        "gateway" => gateway(desk, words).await,
        "audit" => audit(desk, words),
        "contexts" => contexts(desk, words),
        "statistics" => statistics(desk, words).await,
        other => Err(Unknown(other.to_owned()).into()),
    }
}

/// What is unlike what it should be.
fn unless(holds: bool, why: impl FnOnce() -> String) -> Seen {
    Ok((!holds).then(why))
}

/// How a Leg stands: attached, detached, gone, lost or refused.
async fn leg(desk: &Desk<'_>, mut words: Words<'_>) -> Seen {
    let number = words.number("a leg")?;
    let wanted = words.need("how it stands")?;
    let Ok(own) = desk.leg(number) else {
        return unless(false, || format!("leg {number} is not known yet"));
    };
    if wanted == "refused" {
        return refused(desk, &own, words.next()).await;
    }
    let Some(id) = &own.id else {
        return unless(false, || format!("leg {number} is not there yet"));
    };
    let state = match desk.read(&["calls", &own.call, "legs", id]).await {
        Ok(leg) => leg["state"].as_str().unwrap_or_default().to_owned(),
        Err(error) if error.is_unknown() => "gone".to_owned(),
        Err(error) => return Err(error.into()),
    };
    if wanted != "lost" {
        return unless(state == wanted, || format!("leg {number} is {state}"));
    }
    let events = desk.events().await;
    let about = events
        .iter()
        .filter(|event| event["leg"].as_str() == Some(id));
    let told = about.filter(|event| {
        let left = event["event"].as_str() == Some("left");
        let asked = event["cause"]["code"].as_str() == Some("requested");
        (left && !asked) || event["event"].as_str() == Some("mediaLost")
    });
    unless(told.count() > 0, || {
        format!("leg {number} is {state}, and no loss was told")
    })
}

/// Whether a Leg was refused, by this code where one is named.
async fn refused(desk: &Desk<'_>, leg: &legs::Leg, code: Option<&str>) -> Seen {
    let found = match (&leg.refused, &leg.operation) {
        (Some(problem), _) => Some((problem.code.clone(), code_of(problem.h248.as_ref()))),
        (None, Some(operation)) => {
            let told = match desk.read(&["operations", operation]).await {
                Err(error) if error.is_unknown() => Value::Null,
                told => told?,
            };
            let failed = told["state"].as_str() != Some("done") && told["cause"].is_object();
            let cause = &told["cause"];
            let kind = cause["code"].as_str().unwrap_or_default().to_owned();
            failed.then(|| (kind, code_of(cause.get("h248"))))
        }
        (None, None) => None,
    };
    let Some((kind, told)) = found else {
        return unless(false, || "the leg is not refused".to_owned());
    };
    unless(code.is_none() || told.as_deref() == code, || {
        format!("refused by {kind} {}", told.unwrap_or_default())
    })
}

fn code_of(h248: Option<&Value>) -> Option<String> {
    Some(h248?["code"].as_u64()?.to_string())
}

/// Where a party is to send: HOST, PORT and payload types.
fn media(desk: &Desk<'_>, mut words: Words<'_>) -> Seen {
    let number = words.number("a leg")?;
    let host = words.need("a host")?;
    let port = words.need("a port")?;
    let format = words.need("a payload type")?;
    let leg = desk.leg(number).unwrap_or_default();
    let sdp = leg.sdp.unwrap_or_default();
    let holds = sdp.contains(&format!("IN IP4 {host}"))
        && sdp.contains(&format!("m=audio {port} RTP/AVP {format}"));
    unless(holds, || format!("leg {number} was answered {sdp:?}"))
}

/// In which room a Leg is.
async fn room(desk: &Desk<'_>, mut words: Words<'_>) -> Seen {
    let number = words.number("a leg")?;
    let wanted = words.need("a room")?;
    let (call, id) = desk.known(number).await?;
    let leg = desk.read(&["calls", &call, "legs", &id]).await?;
    let seg = desk.room(&call, wanted).await?;
    let found = leg["seg"].as_str().unwrap_or("no room");
    unless(found == seg, || {
        format!("leg {number} is in {found}, and not in {seg}")
    })
}

/// What became of a request about a Leg: `done`, or `refused CODE`.
async fn ended(desk: &Desk<'_>, mut words: Words<'_>, (done, failed): (&str, &str)) -> Seen {
    let number = words.number("a leg")?;
    let wanted = words.need("done or refused")?;
    let code = words.next();
    let (_, id) = desk.known(number).await?;
    let events = desk.events().await;
    let about = |event: &&Value| event["leg"].as_str() == Some(&id);
    let mut of_leg = events.iter().filter(about).rev();
    let last = of_leg.find(|event| {
        let kind = event["event"].as_str().unwrap_or_default();
        kind == done || kind == failed
    });
    let Some(last) = last else {
        return unless(false, || format!("neither {done} nor {failed} was told"));
    };
    let told = code_of(last["cause"].get("h248"));
    let holds = match wanted {
        "refused" => {
            last["event"].as_str() == Some(failed) && (code.is_none() || told.as_deref() == code)
        }
        _ => last["event"].as_str() == Some(done),
    };
    unless(holds, || format!("it was told {last}"))
}

/// Which digits were told of a Leg: `DIGITS [METHOD] [times N]`; `-` for none.
async fn digits(desk: &Desk<'_>, mut words: Words<'_>) -> Seen {
    let times: usize = words.after("times").map_or(Ok(1), str::parse)?;
    let number = words.number("a leg")?;
    let digits = words.need("digits")?.replace('-', "");
    let method = words.next();
    let (_, id) = desk.known(number).await?;
    let mut wanted = BTreeMap::from([
        ("leg", id.as_str()),
        ("event", "digits"),
        ("digits", digits.as_str()),
    ]);
    wanted.extend(method.map(|method| ("method", method)));
    let found = legs::count(&desk.events().await, &wanted);
    unless(found == times, || format!("told {found} times"))
}

/// What was counted of a Leg: a name, and its figure.
async fn statistics(desk: &Desk<'_>, mut words: Words<'_>) -> Seen {
    let number = words.number("a leg")?;
    let figure = words.need("the name of a figure")?;
    let wanted = words.need("a figure")?;
    let (_, id) = desk.known(number).await?;
    let events = desk.events().await;
    let about = |event: &&Value| event["leg"].as_str() == Some(&id);
    let mut of_leg = events.iter().filter(about);
    let told = of_leg.find_map(|event| event["statistics"][figure].as_str());
    unless(told == Some(wanted), || {
        format!("{figure} was told as {}", told.unwrap_or("nothing"))
    })
}

/// How a gateway stands: a state, `known` or `gone`.
async fn gateway(desk: &Desk<'_>, mut words: Words<'_>) -> Seen {
    let mid = words.need("an MId")?;
    let wanted = words.need("a state")?;
    let all = desk.api.gateways().await?;
    let found = all.into_iter().find(|one| one.id.eq_ignore_ascii_case(mid));
    let state = found.map_or_else(|| "gone".to_owned(), |one| one.state);
    let holds = state == wanted || (wanted == "known" && state != "gone");
    unless(holds, || format!("gateway {mid} is {state}"))
}

const AUDIT_RUNS: &str = "the audit has not ended";

/// What came of the last audit, once it has ended.
fn last_audit(desk: &Desk<'_>) -> Option<Value> {
    let number = desk.folder.last("audit")?;
    desk.folder.read(&format!("audit-{number}"))
}

/// What the last audit told: `CONTEXT:NAME,NAME …`, or `failed`.
fn audit(desk: &Desk<'_>, words: Words<'_>) -> Seen {
    let Some(told) = last_audit(desk) else {
        return unless(false, || AUDIT_RUNS.to_owned());
    };
    let wanted: BTreeSet<String> = words.rest().map(ordered).collect();
    if wanted.contains("failed") {
        return unless(told["refused"].is_string(), || format!("it told {told}"));
    }
    let contexts = told.as_array().into_iter().flatten();
    let found: BTreeSet<String> = contexts.map(context).collect();
    unless(found == wanted, || format!("it told {found:?}"))
}

/// Which Contexts the last audit told.
fn contexts(desk: &Desk<'_>, words: Words<'_>) -> Seen {
    let Some(told) = last_audit(desk) else {
        return unless(false, || AUDIT_RUNS.to_owned());
    };
    let wanted: BTreeSet<String> = words.rest().map(str::to_owned).collect();
    let all = told.as_array().into_iter().flatten();
    let found: BTreeSet<String> = all.map(|one| one["context"].to_string()).collect();
    unless(found == wanted, || format!("it told {found:?}"))
}

/// The same with its names in order.
fn ordered(word: &str) -> String {
    let word = word.to_ascii_lowercase();
    let Some((context, names)) = word.split_once(':') else {
        return word;
    };
    let mut names: Vec<&str> = names.split(',').collect();
    names.sort_unstable();
    format!("{context}:{}", names.join(","))
}

fn context(context: &Value) -> String {
    let members = context["terminations"].as_array().into_iter().flatten();
    let names = members.filter_map(|one| one["id"].as_str());
    let mut names: Vec<String> = names.map(str::to_ascii_lowercase).collect();
    names.sort_unstable();
    format!("{}:{}", context["context"], names.join(","))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_context_is_told_with_its_members_in_order() {
        let told = json!({"context": 7, "terminations": [{"id": "RTP/2"}, {"id": "rtp/1"}]});
        assert_eq!(ordered("7:RTP/2,rtp/1"), "7:rtp/1,rtp/2");
        assert_eq!(context(&told), "7:rtp/1,rtp/2");
    }
}
