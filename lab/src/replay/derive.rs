//! Writes the scenario that plays one side of an exchange.

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

use codec_h248::{KeywordForm, Style, TextProfile, encode, json};
use serde_json::{Value, json};

use super::{
    exchange::{Exchange, Said, Side},
    names::Names,
    rules::Rules,
    stand_ins::{Role, StandIns},
};

/// A longer silence before what is expected is named in the step.
const USUAL_PATIENCE: Duration = Duration::from_secs(2);

/// What a scenario is made of beside the exchange.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The side that is played.
    pub side: Side,
    /// By which rules expected messages are compared.
    pub rules: Rules,
    /// Where the exchange comes from.
    pub origin: String,
}

/// The text of the scenario, as `docs/scenarios.md` describes it.
pub fn scenario(exchange: &Exchange, wish: &Wish) -> String {
    let mut writer = Writer {
        exchange,
        wish,
        names: Names::default(),
        steps: String::new(),
        numbers: BTreeMap::new(),
        left_out: Vec::new(),
        last: None,
    };
    if !begins_with_registration(exchange) {
        writer.registration();
    }
    for (at, said) in exchange.said.iter().enumerate() {
        writer.say(at, said);
    }
    writer.head() + &writer.steps
}

struct Writer<'e> {
    exchange: &'e Exchange,
    wish: &'e Wish,
    names: Names,
    steps: String,
    /// The word by which a step refers to a transaction: its sender and id in the capture.
    numbers: BTreeMap<(Side, u64), Asked>,
    left_out: Vec<String>,
    /// The request that was sent last, where nothing else was sent since.
    last: Option<(Side, u64)>,
}

/// A request that a step has sent or expects.
#[derive(Clone, Debug)]
struct Asked {
    /// Its name, where later steps must name it.
    name: Option<String>,
    answered: bool,
}

impl Writer<'_> {
    fn head(&self) -> String {
        let (exchange, wish) = (self.exchange, self.wish);
        let side = match wish.side {
            Side::Mgc => "mgc",
            Side::Mg => "mg",
        };
        let encoding = if exchange.binary { "binary" } else { "text" };
        let mut head = format!(
            "format: 1\ntitle: the part of the {side} in {}\nas: {side}\ngiven: none\nencoding: {encoding}\n",
            wish.origin
        );
        let _ = writeln!(
            head,
            "# Recorded between {} and {}.",
            exchange.mgc, exchange.mg
        );
        let _ = writeln!(head, "# Rules: {}.", wish.rules);
        for line in self.counts() {
            let _ = writeln!(head, "# {line}");
        }
        for name in self.names.all() {
            let verb = if name.captured { "recorded" } else { "let" };
            let _ = writeln!(head, "{verb} {}: {}", name.name, name.value);
        }
        let _ = writeln!(head, "speak {}", exchange.version);
        let mid = match wish.side {
            Side::Mgc => &exchange.mgc_mid,
            Side::Mg => &exchange.mg_mid,
        };
        // An address is the tool's own, whatever it was then; a name stays.
        if !mid.starts_with('[') {
            let _ = writeln!(head, "speak as {mid}");
        }
        head
    }

    fn counts(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let exchange = self.exchange;
        if exchange.undecoded > 0 {
            lines.push(format!("{} messages do not decode.", exchange.undecoded));
        }
        if exchange.of_others > 0 {
            lines.push(format!("{} messages are others'.", exchange.of_others));
        }
        let mut counted: BTreeMap<&str, u64> = BTreeMap::new();
        for one in &self.left_out {
            *counted.entry(one).or_default() += 1;
        }
        lines.extend(
            counted
                .iter()
                .map(|(what, times)| format!("Left out: {times} × {what}.")),
        );
        lines
    }

    fn line(&mut self, head: &str, body: &str) {
        let body = body.trim_end().replace('\n', "\n  ");
        let colon = if body.is_empty() { "" } else { ": " };
        let _ = writeln!(self.steps, "{head}{colon}{body}");
    }

    /// The peer knows nobody yet, or is not known: what stands before every exchange.
    fn registration(&mut self) {
        let version = self.exchange.version;
        self.line("# The capture begins behind the registration.", "");
        match self.wish.side {
            Side::Mgc => {
                for (head, method) in [
                    ("request with within 30s", "Restart"),
                    ("or", "Disconnected"),
                ] {
                    let services = format!("Services{{Method={method},Reason=@_}}");
                    self.line(
                        head,
                        &format!("Context=-{{ServiceChange=ROOT{{{services}}}}}"),
                    );
                }
                let answer =
                    format!("Context=-{{ServiceChange=ROOT{{Services{{Version={version}}}}}}}");
                self.line("answer", &answer);
            }
            Side::Mg => {
                let services = format!("Method=Restart,Reason=\"901 Cold Boot\",Version={version}");
                let asked = format!("Context=-{{ServiceChange=ROOT{{Services{{{services}}}}}}}");
                self.line("send", &asked);
                self.line("reply with", "Context=-{ServiceChange=ROOT}");
            }
        }
    }

    fn say(&mut self, at: usize, said: &Said) {
        let own = said.by == self.wish.side;
        let what = &said.what;
        let id = |kind: &str| what[kind]["transactionId"].as_u64();
        if let Some(id) = id("transactionRequest") {
            self.request(at, said, id, own);
        } else if let Some(id) = id("transactionReply") {
            self.reply(at, said, id, own);
        } else if let Some(id) = id("transactionPending") {
            self.pending(at, said, id, own);
        } else if what.get("transactionResponseAck").is_some() {
            self.leave_out("an acknowledgement");
        } else {
            self.error(at, said, own);
        }
    }

    fn leave_out(&mut self, what: &str) {
        self.left_out.push(what.to_owned());
    }

    /// Says when our own step comes, and `more` where it shares its message with the next.
    fn own_words(&mut self, at: usize, said: &Said, words: String) -> String {
        let gap = self.gap(at);
        if gap >= Duration::from_millis(1) {
            self.line(&format!("pause {}ms", gap.as_millis()), "");
        }
        if said.more { words + " joined" } else { words }
    }

    /// How long it was quiet before this.
    fn gap(&self, at: usize) -> Duration {
        let before = at
            .checked_sub(1)
            .and_then(|before| self.exchange.said.get(before));
        let now = self.exchange.said[at].at;
        before.map_or(Duration::ZERO, |before| now.saturating_sub(before.at))
    }

    fn peer_words(&self, at: usize, words: &str) -> String {
        let gap = self.gap(at);
        if gap <= USUAL_PATIENCE {
            return words.to_owned();
        }
        format!("{words} within {}s", gap.as_secs() * 3 / 2 + 5)
    }

    fn request(&mut self, at: usize, said: &Said, id: u64, own: bool) {
        let key = (said.by, id);
        if said.repeat || self.numbers.contains_key(&key) {
            match own && self.last == Some(key) {
                true => self.line("again", ""),
                false => self.leave_out("a repeated request"),
            }
            return;
        }
        let name = self.needs_name(at, said, id).then(|| match own {
            true => format!("q{id}"),
            false => format!("r{id}"),
        });
        let named = name
            .as_ref()
            .map_or(String::new(), |name| format!(" named {name}"));
        self.numbers.insert(
            key,
            Asked {
                name,
                answered: false,
            },
        );
        let (body, less) = self.body(said, own);
        if !own && leaves(&said.what) {
            self.line("prompt SHUTDOWN", "");
        }
        let with = if less { " with" } else { "" };
        let words = match own {
            true => self.own_words(at, said, format!("send{named}")),
            false => self.peer_words(at, &format!("request fitting{with}{named}")),
        };
        self.line(&words, &body);
        self.last = Some(key);
    }

    /// Whether another request of the same side comes before the answer to this one.
    fn needs_name(&self, at: usize, said: &Said, id: u64) -> bool {
        let behind = self.exchange.said[at + 1..].iter();
        let answer = |one: &Said| {
            one.by != said.by && one.what["transactionReply"]["transactionId"].as_u64() == Some(id)
        };
        let until = behind.take_while(|one| !answer(one));
        until.into_iter().any(|one| {
            one.by == said.by && !one.repeat && one.what.get("transactionRequest").is_some()
        })
    }

    fn reply(&mut self, at: usize, said: &Said, id: u64, own: bool) {
        let key = (said.by.other(), id);
        let Some(asked) = self.numbers.get_mut(&key) else {
            return self.leave_out("a reply whose request came before the capture");
        };
        if std::mem::replace(&mut asked.answered, true) {
            return self.leave_out("a repeated reply");
        }
        let named = asked
            .name
            .clone()
            .map_or(String::new(), |name| format!(" id @{name}"));
        let mut said = said.clone();
        let acked = said.what["transactionReply"]
            .as_object_mut()
            .and_then(|reply| reply.remove("immAckRequired"));
        let (body, less) = self.body(&said, own);
        let with = if less { " with" } else { "" };
        let words = match (own, acked) {
            (true, None) => self.own_words(at, &said, format!("answer{named}")),
            (true, Some(_)) => self.own_words(at, &said, format!("answer acked{named}")),
            (false, _) => self.peer_words(at, &format!("reply{with}{named}")),
        };
        self.line(&words, &body);
        self.forget_last(own);
    }

    /// What was sent last is no request any more.
    fn forget_last(&mut self, own: bool) {
        self.last = self.last.filter(|_| !own);
    }

    fn pending(&mut self, at: usize, said: &Said, id: u64, own: bool) {
        let asked = self.numbers.get(&(said.by.other(), id)).cloned();
        match asked.filter(|_| own && !said.repeat) {
            Some(asked) => {
                let named = asked
                    .name
                    .map_or(String::new(), |name| format!(" id @{name}"));
                let words = self.own_words(at, said, format!("answer pending{named}"));
                self.line(&words, "");
                self.forget_last(own);
            }
            None => self.leave_out("a Pending"),
        }
    }

    fn error(&mut self, at: usize, said: &Said, own: bool) {
        let error = &said.what["messageError"];
        let code = error["errorCode"].as_u64().unwrap_or(400);
        if own {
            let words = self.own_words(at, said, "message".to_owned());
            self.line(&words, &format!("Error={code}{{}}"));
            self.forget_last(own);
        } else {
            let words = self.peer_words(at, "error");
            self.line(&words, &code.to_string());
        }
    }

    /// What stands within the braces of the transaction, and whether the live peer may say more.
    fn body(&mut self, said: &Said, own: bool) -> (String, bool) {
        let mut what = said.what.clone();
        let mut stand_ins = StandIns {
            names: &mut self.names,
            rules: &self.wish.rules,
            role: if own { Role::Sent } else { Role::Expected },
            says_less: false,
            names_known: false,
        };
        stand_ins.put(&mut what);
        let less = stand_ins.says_less && !own;
        let text = text(&what, self.exchange.version);
        let inner = text.split_once('{').map_or("", |(_, inner)| inner);
        let inner = inner.trim_end().strip_suffix('}').unwrap_or(inner);
        (self.names.written(inner), less)
    }
}

/// A transaction as text, with long keywords.
fn text(what: &Value, version: u8) -> String {
    let document = json!({"h248": json::FORM, "message": {
        "version": version, "mId": "x", "messageBody": {"transactions": [what]},
    }});
    let octets = document.to_string().into_bytes();
    let Ok(message) = json::decode(&octets) else {
        return String::new();
    };
    let profile = TextProfile {
        keywords: KeywordForm::Long,
        ..TextProfile::of(Style::Compact)
    };
    let mut text = Vec::new();
    encode(&message, &profile, &mut text);
    String::from_utf8_lossy(&text).replace("\r\n", "\n")
}

/// Whether a gateway says that it goes.
fn leaves(what: &Value) -> bool {
    let text = what["transactionRequest"].to_string();
    text.contains("serviceChangeReq")
        && ["forced", "graceful"]
            .iter()
            .any(|method| text.contains(&format!("\"serviceChangeMethod\":\"{method}\"")))
}

/// Whether the first request on ROOT that the gateway makes is its registration.
fn begins_with_registration(exchange: &Exchange) -> bool {
    let first = exchange.said.iter().find(|said| said.by == Side::Mg);
    let text = first.map(|said| said.what["transactionRequest"].to_string());
    text.is_some_and(|text| text.contains("serviceChangeReq"))
}
