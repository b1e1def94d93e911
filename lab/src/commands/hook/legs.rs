//! The Calls and Legs that a row has had made, by the numbers in which it made them.

use std::{
    collections::{BTreeMap, BTreeSet},
    pin::pin,
    time::Duration,
};

use lab::api::{Api, ApiError, Place, Problem};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{End, Folder, Trouble, Words, folder, folder::Turn, name, variable};

/// The pause between two looks.
pub(super) const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// A Leg is known within this time after its trigger.
const KNOWN_WITHIN: Duration = Duration::from_secs(2);

/// A Leg of a row.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Leg {
    pub(super) call: String,
    /// Once the controller shows it.
    pub(super) id: Option<String>,
    /// What made it.
    pub(super) operation: Option<String>,
    /// The answer to its party, once it stands.
    pub(super) sdp: Option<String>,
    /// Why it does not.
    pub(super) refused: Option<Problem>,
}

/// Gateways that take no Legs until it is decided where one goes. Two hooks would leave none that does, so
/// that it is one's turn at a time.
#[derive(Debug, Default)]
struct Drained {
    gateways: Vec<String>,
    _turn: Option<Turn>,
}

/// The controller's northbound side, and what the row had it do.
#[derive(Debug)]
pub(super) struct Desk<'a> {
    pub(super) folder: &'a Folder,
    pub(super) api: Api,
}

impl<'a> Desk<'a> {
    pub(super) fn open(folder: &'a Folder) -> Result<Self, Trouble> {
        let base = folder.read("api").or_else(|| variable("H248_API"));
        let base: String = base.ok_or("no controller was started, and H248_API names none")?;
        Ok(Self {
            folder,
            api: Api::new(&base)?,
        })
    }

    pub(super) async fn ask(
        &self,
        method: Method,
        path: &[&str],
        body: Option<Value>,
    ) -> Result<Value, ApiError> {
        let place = Place {
            path: path.to_vec(),
            query: Vec::new(),
        };
        self.api.ask(method, &place, body.as_ref()).await
    }

    pub(super) async fn read(&self, path: &[&str]) -> Result<Value, ApiError> {
        self.ask(Method::GET, path, None).await
    }

    /// The Call of this number, or the last one.
    pub(super) fn call(&self, number: Option<u32>) -> Result<String, String> {
        let number = number.or_else(|| self.folder.last("call"));
        let number = number.ok_or("no call was made")?;
        let call = self.folder.read(&format!("call-{number}"));
        call.ok_or_else(|| format!("there is no call {number}"))
    }

    /// The Leg of this number as it was last written down.
    pub(super) fn leg(&self, number: u32) -> Result<Leg, String> {
        let leg = self.folder.read(&format!("leg-{number}"));
        leg.ok_or_else(|| format!("there is no leg {number}"))
    }

    /// The Call and the id of a Leg, which may just have been asked for.
    pub(super) async fn known(&self, number: u32) -> Result<(String, String), String> {
        let search = async {
            loop {
                if let Ok(Leg {
                    call, id: Some(id), ..
                }) = self.leg(number)
                {
                    return (call, id);
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        };
        let found = tokio::time::timeout(KNOWN_WITHIN, search).await;
        found.map_err(|_| format!("there is no leg {number}"))
    }

    /// Makes a Call, and its first Leg.
    pub(super) async fn create(&self, mut words: Words<'_>) -> Result<End, Trouble> {
        if words.has("emergency") {
            return Ok(End::Cannot("mgc knows no emergency calls".to_owned()));
        }
        if words.after("line").is_some() {
            name(
                "REMARK",
                "mgc makes no calls of lines: it was asked for one over RTP",
            );
        }
        let separation = words.has("topology").then_some("topology");
        let only = words.after("on");
        let number = self.folder.claim("call")?;
        let body = separation.map_or_else(|| json!({}), |kind| json!({ "separation": kind }));
        let made = self.ask(Method::POST, &["calls"], Some(body)).await?;
        let call = made["id"].as_str().ok_or("a Call without id")?;
        self.folder.write(&format!("call-{number}"), &call)?;
        name("CALL", number);
        let mut drained = match only {
            Some(mid) => self.drain_others(mid).await?,
            None => Drained::default(),
        };
        let joined = self.join(call, words, &mut drained).await;
        self.fill(&mut drained).await?;
        joined
    }

    /// Leaves this gateway alone to take Legs.
    async fn drain_others(&self, mid: &str) -> Result<Drained, Trouble> {
        let drained = Drained {
            _turn: Some(self.folder.turn("drained")?),
            gateways: self.others(mid).await?,
        };
        self.drain(&drained.gateways, true).await?;
        Ok(drained)
    }

    /// Has all take Legs again.
    async fn fill(&self, drained: &mut Drained) -> Result<(), ApiError> {
        self.drain(&drained.gateways, false).await?;
        *drained = Drained::default();
        Ok(())
    }

    /// The gateways beside this one.
    async fn others(&self, mid: &str) -> Result<Vec<String>, ApiError> {
        let all = self.api.gateways().await?;
        let others = all.into_iter().map(|one| one.id);
        Ok(others.filter(|id| !id.eq_ignore_ascii_case(mid)).collect())
    }

    async fn drain(&self, gateways: &[String], drain: bool) -> Result<(), ApiError> {
        for gateway in gateways {
            let body = Some(json!({ "drain": drain }));
            let path = ["gateways", gateway.as_str(), "drain"];
            self.ask(Method::POST, &path, body).await?;
        }
        Ok(())
    }

    /// Adds a Leg to a Call.
    pub(super) async fn add(&self, mut words: Words<'_>) -> Result<End, Trouble> {
        let to = words.after("to").map(str::parse).transpose()?;
        let call = self.call(to)?;
        self.join(&call, words, &mut Drained::default()).await
    }

    async fn join(
        &self,
        call: &str,
        mut words: Words<'_>,
        drained: &mut Drained,
    ) -> Result<End, Trouble> {
        let number = self.folder.claim("leg")?;
        name("LEG", number);
        let offer = offer(&mut words, number)?;
        words.end()?;
        let known = self.known_ids();
        let body = Some(json!({ "sdp": offer }));
        let path = ["calls", call, "legs"];
        let mut asked = pin!(self.ask(Method::POST, &path, body));
        let shown = async {
            loop {
                if let Some(leg) = self.new_leg(call, &known).await {
                    return leg;
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        };
        let mut leg = Leg {
            call: call.to_owned(),
            ..Leg::default()
        };
        let answer = tokio::select! {
            answer = &mut asked => answer,
            (id, operation) = shown => {
                (leg.id, leg.operation) = (Some(id), operation);
                self.folder.write(&format!("leg-{number}"), &leg)?;
                self.fill(drained).await?;
                asked.await
            }
        };
        match answer {
            Ok(added) => {
                leg.id = added["id"].as_str().map(str::to_owned);
                leg.sdp = added["sdp"].as_str().map(str::to_owned);
            }
            Err(ApiError::Refused { problem, .. }) => leg.refused = Some(*problem),
            // What became of it, the operation tells.
            Err(ApiError::Http { .. }) if leg.operation.is_some() => {}
            Err(other) => return Err(other.into()),
        }
        self.folder.write(&format!("leg-{number}"), &leg)?;
        Ok(End::Done)
    }

    /// The ids of Legs that are written down.
    fn known_ids(&self) -> BTreeSet<String> {
        let last = self.folder.last("leg").unwrap_or_default();
        let legs = (1..=last).filter_map(|number| self.leg(number).ok());
        legs.filter_map(|leg| leg.id).collect()
    }

    /// A Leg of a Call that is not known yet, with the operation that makes it.
    async fn new_leg(
        &self,
        call: &str,
        known: &BTreeSet<String>,
    ) -> Option<(String, Option<String>)> {
        let legs = self.read(&["calls", call, "legs"]).await.ok()?;
        let text = |leg: &Value, member: &str| leg[member].as_str().map(str::to_owned);
        let mut new = legs.as_array()?.iter().filter_map(|leg| {
            let id = text(leg, "id")?;
            (!known.contains(&id)).then(|| (id, text(leg, "operation")))
        });
        new.next()
    }

    /// The Seg of this name in a Call: `main`, or its number in the order of making.
    pub(super) async fn room(&self, call: &str, room: &str) -> Result<String, Trouble> {
        let at = match room {
            "main" => 0,
            number => number.parse::<usize>()?.saturating_sub(1),
        };
        let segs = self.api.segs(call).await?;
        let seg = segs.into_iter().nth(at);
        Ok(seg.ok_or_else(|| format!("there is no room {room}"))?.id)
    }

    /// What has happened so far, the oldest first.
    pub(super) async fn events(&self) -> Vec<Value> {
        let place = Place {
            path: vec!["events"],
            query: vec![("lastEventId", Some("0"))],
        };
        let mut events = Vec::new();
        let told = self.api.tail(&place, |event| events.push(event.clone()));
        // The stream goes on with what comes; what has come is told at once.
        let _ended = tokio::time::timeout(EVENTS_WITHIN, told).await;
        events
    }
}

/// What is kept of events is told within this time.
const EVENTS_WITHIN: Duration = Duration::from_millis(150);

/// The offer of a party: of its own port where the words name none.
pub(super) fn offer(words: &mut Words<'_>, number: u32) -> Result<String, String> {
    let own = format!("198.51.100.1:{}", 40_000 + 2 * (number - 1));
    let place = words.after("offer").unwrap_or(&own);
    let formats = words.after("formats").unwrap_or("8").replace(',', " ");
    let parts = place.rsplit_once(':');
    let (host, port) = parts.ok_or_else(|| format!("expected HOST:PORT, found {place}"))?;
    Ok(format!(
        "v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio {port} RTP/AVP {formats}\r\n"
    ))
}

/// What is between rows, by kind of file.
pub(super) fn forget(folder: &folder::Folder) -> Result<(), Trouble> {
    Ok(folder.clear(&["call", "leg", "audit"])?)
}

/// Counts what is told of events by a test.
pub(super) fn count(events: &[Value], wanted: &BTreeMap<&str, &str>) -> usize {
    let fits = |event: &&Value| {
        wanted
            .iter()
            .all(|(member, value)| event[*member].as_str() == Some(value))
    };
    events.iter().filter(fits).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_has_the_port_of_its_leg_or_what_is_said() {
        let mut none = Words::of(&[]);
        assert!(
            offer(&mut none, 2)
                .unwrap()
                .contains("m=audio 40002 RTP/AVP 8\r\n")
        );
        let words = ["offer", "203.0.113.9:41000", "formats", "0,101"].map(str::to_owned);
        let mut words = Words::of(&words);
        let told = offer(&mut words, 1).unwrap();
        assert!(told.contains("c=IN IP4 203.0.113.9\r\n"), "{told}");
        assert!(told.contains("m=audio 41000 RTP/AVP 0 101\r\n"), "{told}");
    }

    #[test]
    fn events_are_counted_by_what_they_say() {
        let events = [
            json!({"leg": "a", "event": "digits", "digits": "1"}),
            json!({"leg": "b"}),
        ];
        let wanted = BTreeMap::from([("leg", "a"), ("digits", "1")]);
        assert_eq!(count(&events, &wanted), 1);
    }
}
