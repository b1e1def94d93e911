//! Steps that measure, count and keep: times, numbers, results, segments, and what packages have.

use codec_h248::{
    MessageBody, Transaction, TransactionId,
    package::{ItemKind, PackageRegistry},
    strict::decode_strict,
};
use serde_json::Value;

use super::{
    expect::LONGEST,
    grammar::MANY,
    pattern,
    player::{Player, Received},
    readable,
    script::Step,
    verdict::{Flow, Halt, Stepped},
    wanted,
};

/// A reply may be so long in all its segments.
pub(super) const SEGMENTED_MAX: usize = 2 << 20;

/// What has come of a reply in segments.
#[derive(Clone, Debug, Default)]
pub(super) struct Gathered {
    whole: Option<Received>,
    number: u32,
    longest: usize,
    octets: usize,
    /// How many the one before had.
    before: Option<u32>,
}

impl Player {
    /// Carries a step out, if it is one of these.
    pub(super) fn measure(&mut self, step: &Step) -> Result<bool, Halt> {
        let name = step.word(1).unwrap_or_default().to_owned();
        let value = match step.verb() {
            "ids" => {
                for name in &step.words[1..] {
                    let id = self.fresh_id();
                    self.name(name, id.to_string())?;
                }
                return Ok(true);
            }
            "many" => return self.many(step).map(|()| true),
            "acknowledge" => return self.acknowledge(step).map(|()| true),
            "counts" => return self.counts(step).map(|()| true),
            "mid" => {
                let mid = self.filled(&step.body)?;
                if !readable::is_mid(&mid) {
                    return Err(Halt::Error(format!("expected an MId, found {mid:?}")));
                }
                self.names.insert("mgcmid".to_owned(), mid.clone());
                self.mid = Some(mid);
                return Ok(true);
            }
            "keep" => {
                let text = self.last_text()?;
                let results = text.split_once('{');
                results.map_or("", |(_, results)| results).to_owned()
            }
            "sum" => self.reduce(step, |terms| terms.iter().sum())?,
            "minus" => self.reduce(step, |terms| terms[0] - terms[1..].iter().sum::<f64>())?,
            "product" => self.reduce(step, |terms| terms.iter().product())?,
            "mark" => {
                let first = self
                    .outcome
                    .steps
                    .first()
                    .map_or(self.now, |step| step.began);
                let since = self.now.saturating_duration_since(first);
                since.as_millis().to_string()
            }
            "stamp" => {
                let stamp = stamp(&self.last_document()?);
                stamp.map_or("none".to_owned(), |stamp| stamp.to_string())
            }
            "packages" => published(&self.last_document()?).join(" "),
            _ => return Ok(false),
        };
        self.name(&name, value)?;
        Ok(true)
    }

    fn last_document(&self) -> Result<Value, Halt> {
        let last = self
            .last
            .as_ref()
            .and_then(|last| last.message.as_ref().ok());
        let last = last.ok_or_else(|| Halt::Fail("nothing has come".to_owned()))?;
        Ok(pattern::document(last))
    }

    /// `sum NAME A B`: what they are together.
    fn reduce(&self, step: &Step, reduce: impl Fn(&[f64]) -> f64) -> Result<String, Halt> {
        let terms = step.words.get(2..).unwrap_or(&[]).iter();
        let terms: Vec<f64> = terms
            .map(|term| self.number(term))
            .collect::<Result<_, _>>()?;
        if terms.is_empty() {
            return Err(Halt::Error(format!("{} wants more words", step.verb())));
        }
        Ok(reduce(&terms).to_string())
    }

    /// One message of many transactions, each with the same actions; `@first` is the first one's id.
    fn many(&mut self, step: &Step) -> Result<(), Halt> {
        let count = self.number(step.wanted(1)?)?;
        if !(1.0..=f64::from(MANY)).contains(&count) {
            let told = format!("expected 1 to {MANY} transactions; found {count}");
            return Err(Halt::Error(told));
        }
        let count = count as u32;
        let actions = self.filled(&step.body)?;
        self.readable(step, readable::Kind::Request, &actions)?;
        let mut body = String::new();
        for number in 0..count {
            let id = self.fresh_id();
            if number == 0 {
                self.names.insert("first".to_owned(), id.to_string());
            }
            body.push_str(&format!("Transaction={id}{{{actions}}}"));
        }
        self.commands = wanted::commands(&actions);
        self.say_message(step.line, body)
    }

    /// Says a message that is not looked at any more.
    fn say_message(&mut self, line: usize, body: String) -> Result<(), Halt> {
        self.say(&Step {
            line,
            words: ["message", "unreadable"].map(str::to_owned).to_vec(),
            body,
            ..Step::default()
        })
    }

    /// `counts a SENT RECEIVED`: packets of a phone so far.
    fn counts(&mut self, step: &Step) -> Result<(), Halt> {
        let (_, phone) = self.phone(step)?;
        let (sent, received) = (phone.sent, phone.received);
        self.names
            .insert(step.wanted(2)?.to_owned(), sent.to_string());
        self.names
            .insert(step.wanted(3)?.to_owned(), received.to_string());
        Ok(())
    }

    /// A name's value is not among the words of another's.
    pub(super) fn absent(&self, step: &Step) -> Result<(), Halt> {
        let value = |at| {
            let name = step.wanted(at)?;
            let told = || Halt::Fail(format!("@{name} stands for nothing yet"));
            self.value(name).ok_or_else(told)
        };
        let (one, all) = (value(1)?, value(2)?);
        if all.split_whitespace().all(|other| other != one) {
            return Ok(());
        }
        Err(Halt::Fail(format!("{one} is among {all}")))
    }

    /// The greatest of these numbers is over the least by LOW to HIGH.
    pub(super) fn spread(&self, step: &Step) -> Result<(), Halt> {
        let numbers = step.words[1..].iter().map(|word| self.number(word));
        let numbers = numbers.collect::<Result<Vec<f64>, Halt>>()?;
        let [values @ .., low, high] = &numbers[..] else {
            return Err(Halt::Error("spread wants more words".to_owned()));
        };
        let most = values.iter().copied().fold(f64::MIN, f64::max);
        let least = values.iter().copied().fold(f64::MAX, f64::min);
        let spread = most - least;
        if (*low..=*high).contains(&spread) {
            return Ok(());
        }
        Err(Halt::Fail(format!("{values:?} are {spread} apart")))
    }

    /// `stamps A B LOW HIGH`: time stamps, where both are there, are so far apart, in ms.
    pub(super) fn stamps(&self, step: &Step) -> Result<(), Halt> {
        let value = |at: usize| {
            step.wanted(at)
                .map(|name| self.value(name).unwrap_or_default())
        };
        if value(1)? == "none" || value(2)? == "none" {
            return Ok(());
        }
        let apart = self.number(step.wanted(2)?)? - self.number(step.wanted(1)?)?;
        let (low, high) = (self.number(step.wanted(3)?)?, self.number(step.wanted(4)?)?);
        if (low..=high).contains(&apart) {
            return Ok(());
        }
        Err(Halt::Fail(format!("the time stamps are {apart} ms apart")))
    }

    /// Whether the items that came are those of the packages that NAME holds: none of another one, and
    /// each event, signal and statistic that the Recommendation gives them.
    pub(super) fn items(&self, step: &Step) -> Result<(), Halt> {
        let registry = PackageRegistry::standard();
        let published = self.value(step.wanted(1)?).unwrap_or_default();
        let published: Vec<&str> = published.split(' ').collect();
        let document = self.last_document()?;
        let kinds = [
            (ItemKind::Event, "pkgdName"),
            (ItemKind::Signal, "signalName"),
            (ItemKind::Statistic, "statName"),
        ];
        for (kind, word) in kinds {
            let found = texts(&document, word);
            let foreign = found.iter().find(|item| {
                let package = item.split('/').next().unwrap_or_default();
                let base = |own: &&str| {
                    let own = registry.package(own);
                    own.and_then(|own| own.extends.as_deref()) == Some(package)
                };
                !published.contains(&package) && !published.iter().any(base)
            });
            if let Some(foreign) = foreign {
                return Err(Halt::Fail(format!("{foreign} is of no published package")));
            }
            for package in &published {
                let own = registry.package(package).into_iter();
                let own = own.flat_map(|own| own.items_of(kind));
                let mut names =
                    own.map(|item| format!("{package}/{}", item.name).to_ascii_lowercase());
                if let Some(missing) = names.find(|name| !found.contains(name)) {
                    return Err(Halt::Fail(format!("{missing} is missing")));
                }
            }
        }
        Ok(())
    }

    /// What came last departs nowhere from the grammar of its version.
    pub(super) fn strict(&self) -> Result<(), Halt> {
        let last = self.last.as_ref();
        let last = last.ok_or_else(|| Halt::Fail("nothing has come".to_owned()))?;
        if last.octets.first() == Some(&0x30) {
            return Ok(());
        }
        let limits = codec_h248::Limits::default();
        let read = decode_strict(&last.octets, &limits, &self.settings.names.packages);
        let (_, departures) = read.map_err(|error| Halt::Fail(error.to_string()))?;
        match departures.first() {
            None => Ok(()),
            Some(departure) => Err(Halt::Fail(departure.to_string())),
        }
    }

    /// What came last has this as it came, or what an `or` says, white space and case aside.
    pub(super) fn spells(&self, step: &Step) -> Result<(), Halt> {
        let last = self.last.as_ref();
        let last = last.ok_or_else(|| Halt::Fail("nothing has come".to_owned()))?;
        let bare = |text: &str| {
            let signs = text.chars().filter(|sign| !sign.is_whitespace());
            signs.collect::<String>().to_ascii_lowercase()
        };
        let text = bare(&String::from_utf8_lossy(&last.octets));
        for way in self.ways(step) {
            if text.contains(&bare(&self.filled(&way.body)?)) {
                return Ok(());
            }
        }
        Err(Halt::Fail(format!("expected {}; found {text}", step.body)))
    }

    /// The intervals of N repetitions of the request that was judged last, in ms.
    pub(super) fn intervals(&mut self, step: &Step) -> Stepped {
        let name = step.wanted(1)?.to_owned();
        let count = self.number(step.wanted(2)?)?.min(f64::from(MANY)) as usize;
        let asked = self.asked.as_ref().map(|(id, _)| TransactionId(*id));
        let id = asked.ok_or_else(|| self.amiss("nothing was asked".to_owned()))?;
        if self.times.is_empty() {
            let first = self.last.as_ref().map_or(self.now, |last| last.at);
            self.times.push(first);
        }
        let again = |one: &Transaction<'_>| matches!(one, Transaction::Request(request) if request.id == id);
        while self.times.len() <= count && self.take(again).is_some() {
            let at = self.last.as_ref().map_or(self.now, |last| last.at);
            self.times.push(at);
        }
        if self.times.len() <= count {
            let before = self.times.last().copied().unwrap_or(self.now);
            let patience = step.time("within")?.unwrap_or(LONGEST);
            let number = self.times.len();
            return self.wait_until(before.max(self.began()) + patience, |_| {
                format!("repetition {number} did not come")
            });
        }
        let times = std::mem::take(&mut self.times);
        for (at, pair) in times.windows(2).enumerate() {
            let gap = pair[1].saturating_duration_since(pair[0]);
            self.names
                .insert(format!("{name}{}", at + 1), gap.as_millis().to_string());
        }
        Ok(Flow::Next)
    }

    /// For so long the request that was judged last does not come again; all else may.
    pub(super) fn unrepeated(&mut self, step: &Step) -> Stepped {
        let id = self.asked.as_ref().map(|(id, _)| TransactionId(*id));
        let again = |one: &Transaction<'_>| matches!(one, Transaction::Request(request) if Some(request.id) == id);
        if self.take(again).is_some() {
            let told = self.last_text()?;
            return Err(Halt::Fail(format!("it came again: {told}")));
        }
        self.pass_time(step)
    }

    /// The next request that fits, whatever else comes before it; `new`: not with the id of the one before.
    pub(super) fn skim(&mut self, step: &Step) -> Stepped {
        self.garbled()?;
        let before = self.asked.as_ref().map(|(id, _)| *id);
        let is_request = |one: &Transaction<'_>| matches!(one, Transaction::Request(_));
        while let Some(found) = self.take(is_request) {
            let Transaction::Request(request) = &found else {
                continue;
            };
            let place = self.last.as_ref().map(|last| last.place.clone());
            let elsewhere = step
                .after("at")
                .is_some_and(|wanted| place.as_deref() != Some(wanted));
            if elsewhere || (step.has("new") && Some(request.id.0) == before) {
                continue;
            }
            match self.judge(step, &found) {
                Ok(()) => {
                    self.asked = place.map(|place| (request.id.0, place));
                    self.names.insert("r".to_owned(), request.id.0.to_string());
                    return Ok(Flow::Next);
                }
                Err(Halt::Fail(_)) => {}
                Err(other) => return Err(other),
            }
        }
        let until = self.patience(step, self.id)?;
        self.wait_until(until, |_| "no such request came".to_owned())
    }

    /// `segments COUNT LONGEST`: all segments of the reply to the last transaction, which become one message.
    pub(super) fn segments(&mut self, step: &Step) -> Stepped {
        self.garbled()?;
        let id = TransactionId(self.id);
        let is_part =
            |one: &Transaction<'_>| matches!(one, Transaction::Reply(reply) if reply.id == id);
        while let Some(Transaction::Reply(reply)) = self.take(is_part) {
            let Some(came) = self.last.clone() else {
                continue;
            };
            self.gathered.octets += came.octets.len();
            if self.gathered.octets > SEGMENTED_MAX {
                return Err(Halt::Fail(format!(
                    "a reply of more than {SEGMENTED_MAX} octets"
                )));
            }
            self.gathered.number += 1;
            self.gathered.longest = self.gathered.longest.max(came.octets.len());
            match &mut self.gathered.whole {
                None => self.gathered.whole = Some(came),
                Some(whole) => join(whole, came),
            }
            if reply.segment.as_ref().is_none_or(|segment| segment.last) {
                let gathered = std::mem::take(&mut self.gathered);
                self.gathered.before = Some(gathered.number);
                self.last = gathered.whole;
                let (count, longest) = (step.wanted(1)?, step.wanted(2)?);
                self.names
                    .insert(count.to_owned(), gathered.number.to_string());
                self.names
                    .insert(longest.to_owned(), gathered.longest.to_string());
                return Ok(Flow::Next);
            }
        }
        let last = self
            .gathered
            .whole
            .as_ref()
            .map_or(self.began(), |last| last.at);
        let number = self.gathered.number;
        self.wait_until(last.max(self.began()) + self.settings.patience, |_| {
            format!("{number} segments came, and no last one")
        })
    }

    /// Acknowledges the segments that were gathered, or all but one.
    fn acknowledge(&mut self, step: &Step) -> Result<(), Halt> {
        let told = || self.amiss("no segments have come".to_owned());
        let count = self.gathered.before.ok_or_else(told)?;
        let id = self.id;
        let left = step.number("but")?;
        let ours = (1..=count).filter(|number| Some(*number) != left);
        let body = ours.map(|number| {
            let end = if number == count { "/END" } else { "" };
            format!("Segment={id}/{number}{end}")
        });
        let body: Vec<String> = body.collect();
        self.say_message(step.line, body.join(" "))
    }

    /// `segmented N`: segment N of the reply that was sent last is acknowledged.
    pub(super) fn segmented(&mut self, step: &Step) -> Stepped {
        self.garbled()?;
        let wanted = step.wanted(1)?.to_owned();
        let id = self.asked.as_ref().map(|(id, _)| *id);
        let found = self.take(|one| {
            matches!(one, Transaction::SegmentReply(segment)
                if Some(segment.id.0) == id && segment.segment.number.to_string() == wanted)
        });
        if found.is_some() {
            return Ok(Flow::Next);
        }
        let until = self.patience(step, self.id)?;
        self.wait_until(until, |player| {
            format!(
                "segment {wanted} was not acknowledged; unread: {}",
                player.unread()
            )
        })
    }
}

fn join(whole: &mut Received, part: Received) {
    if let (Ok(own), Ok(more)) = (&mut whole.message, part.message)
        && let (MessageBody::Transactions(own), MessageBody::Transactions(more)) =
            (&mut own.body, more.body)
    {
        own.extend(more);
    }
}

/// The first time stamp of a document, in ms of its day.
fn stamp(document: &Value) -> Option<f64> {
    let text = all(document, "timeNotation").into_iter().next()?.as_str()?;
    let digits = text.split_once('T')?.1;
    let part = |at: usize| digits.get(at..at + 2)?.parse::<f64>().ok();
    let seconds = part(0)? * 3_600.0 + part(2)? * 60.0 + part(4)?;
    Some(seconds * 1_000.0 + part(6)? * 10.0)
}

/// Every value of that name in a document, in its order.
fn all<'v>(document: &'v Value, name: &str) -> Vec<&'v Value> {
    match document {
        Value::Array(entries) => entries.iter().flat_map(|one| all(one, name)).collect(),
        Value::Object(members) => members
            .iter()
            .flat_map(|(own, one)| {
                let mut found = all(one, name);
                if own == name {
                    found.insert(0, one);
                }
                found
            })
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

fn texts(document: &Value, name: &str) -> Vec<String> {
    let found = all(document, name).into_iter();
    let texts = found.filter_map(|one| one.as_str().map(str::to_ascii_lowercase));
    texts.collect()
}

/// The names of the packages that an audit has returned.
fn published(document: &Value) -> Vec<String> {
    texts(document, "packageName")
}
