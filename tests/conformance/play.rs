//! Plays a script against a gateway, as its controller.

use std::{net::SocketAddr, time::Duration};

use codec_h248::{
    Command, Limits, Message, MessageBody, Style, TextProfile, Transaction, TransactionId, binary,
    decode, encode,
};
use transport_h248::Encoding;

use crate::{
    ber,
    pattern::{self, Names, Rules},
    rig::{self, Received, Rig},
    script::{self, Script, Step},
    sounds,
    verdict::{self, Halt},
    words,
};

/// So long is waited for an answer, in virtual time.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where a script and a gateway part, or where the script ends early.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) line: usize,
    pub(crate) what: Halt,
}

/// What has been said so far.
pub(crate) struct Player {
    pub(crate) rig: Rig,
    pub(crate) names: Names,
    encoding: Encoding,
    config: mg_core::Config,
    version: u8,
    /// The controller's mId, where the script gives it one.
    pub(crate) mid: Option<String>,
    /// What was sent last, and from where.
    sent: Vec<u8>,
    from: SocketAddr,
    /// The last transaction that was sent, and the last number that was made up.
    pub(crate) id: u32,
    made_up: u32,
    /// What has been judged last.
    pub(crate) last: Option<Received>,
    /// The gateway's request that was judged last, with its sender's place.
    pub(crate) asked: Option<(u32, SocketAddr)>,
    /// What is right and yet not as it should be, and what was to be recorded.
    pub(crate) remarks: Vec<String>,
    /// The commands of the transaction that was sent last.
    pub(crate) commands: usize,
}

/// Plays a script; `Ok` holds what it took of virtual time.
pub(crate) fn play(script: &Script, encoding: Encoding) -> Result<Player, Failure> {
    if let Some(item) = verdict::unmet(&script.pics) {
        let what = Halt::Skip(format!("the gateway has no {item}"));
        return Err(Failure { line: 0, what });
    }
    if script.tags.iter().any(|tag| tag == "tcp") {
        let what = Halt::Skip("it is about octets of a connection".to_owned());
        return Err(Failure { line: 0, what });
    }
    let mut settings = script.config.clone();
    if script.purpose {
        settings.insert(0, ("lines".to_owned(), "4".to_owned()));
    }
    let config = rig::config(encoding, &settings);
    let mut player = Player {
        rig: Rig::new(config.clone()),
        names: verdict::defaults(),
        encoding,
        config,
        version: 3,
        mid: None,
        sent: Vec::new(),
        from: rig::place("mgc1"),
        id: 8_000,
        made_up: 8_000,
        last: None,
        asked: None,
        remarks: Vec::new(),
        commands: 0,
    };
    player.speaks(3);
    player.reach(&script.given)?;
    player.steps(&script.steps)?;
    player.end()?;
    Ok(player)
}

pub(crate) fn duration(text: &str) -> Duration {
    let number = |digits: &str| digits.parse::<u64>().expect("a number with ms or s");
    match text.strip_suffix("ms") {
        Some(digits) => Duration::from_millis(number(digits)),
        None => Duration::from_secs(number(text.strip_suffix('s').expect("ms or s"))),
    }
}

impl Player {
    fn reach(&mut self, state: &str) -> Result<(), Failure> {
        let path = script::catalogue().join(format!("common/{state}.txt"));
        let script = script::read(&path);
        if script.id != script.given && state != "S0" {
            self.reach(&script.given)?;
        }
        self.steps(&script.steps).map_err(|failure| Failure {
            line: 0,
            what: Halt::Fail(format!(
                "{state} is not reached: line {}: {}",
                failure.line, failure.what
            )),
        })
    }

    fn steps(&mut self, steps: &[Step]) -> Result<(), Failure> {
        let mut at = 0;
        while let Some(step) = steps.get(at) {
            if step.words[0] == "repeat" {
                let length = steps[at..].iter().position(|one| one.words[0] == "end");
                let end = at + length.expect("repeat has an end");
                let worded = self.worded(step).map_err(|what| Failure {
                    line: step.line,
                    what,
                })?;
                let times: usize = worded.words[1].parse().expect("repeat N");
                for _ in 0..times {
                    self.steps(&steps[at + 1..end])?;
                }
                at = end + 1;
                continue;
            }
            let others = steps[at + 1..].iter();
            let or: Vec<&Step> = others.take_while(|one| one.words[0] == "or").collect();
            let done = self.worded(step).and_then(|step| self.step(&step, &or));
            done.map_err(|what| Failure {
                line: step.line,
                what,
            })?;
            at += 1 + or.len();
        }
        Ok(())
    }

    /// The step with the names in its words replaced.
    fn worded(&self, step: &Step) -> Result<Step, Halt> {
        let mut step = step.clone();
        for word in &mut step.words {
            *word = self.filled(word)?;
        }
        Ok(step)
    }

    fn step(&mut self, step: &Step, or: &[&Step]) -> Result<(), Halt> {
        match step.words[0].as_str() {
            "let" => {
                let filled = pattern::fill(&step.body, &self.names);
                self.names.insert(step.words[1].clone(), filled.text);
            }
            "forget" => step.words[1..].iter().for_each(|name| {
                self.names.remove(name);
            }),
            "speak" => self.speaks(step.words[1].parse().map_err(|_| "a version")?),
            "send" | "message" | "raw" | "octets" | "again" | "answer" | "prefixes" | "noise" => {
                self.say(step)?;
            }
            "wait" => {
                let time = duration(&step.words[1]);
                self.rig.run(time, |_| false);
            }
            "drop" => self.rig.inbox.clear(),
            "quiet" => self.quiet(step)?,
            "engine" => {
                self.rig.stalled = step.has("stalls");
                self.rig.pump();
            }
            "restart" => self.rig.restart(self.config.clone()),
            "shutdown" => self.shutdown(),
            "prompt" => match step.words.get(1).map(String::as_str) {
                Some("COLD") => self.rig.restart(self.config.clone()),
                Some("SHUTDOWN") => self.shutdown(),
                _ => return Err(Halt::Inconc(format!("no hook for {:?}", step.words))),
            },
            "remark" => self.remarks.push(self.filled(&step.body)?),
            "inconc" => return Err(Halt::Inconc(self.filled(&step.body)?)),
            "skip" => return Err(Halt::Skip(self.filled(&step.body)?)),
            "fails" => self.fails(step)?,
            "record" => self.record(step),
            "drain" => {
                let now = self.rig.now;
                let delay = duration(&step.words[1]);
                self.rig.mg.handle_drain(delay, now);
                self.rig.run(Duration::ZERO, |_| false);
            }
            "reply" | "request" | "notify" | "pending" | "ack" | "error" | "same" | "repeated" => {
                self.expect(step, or)?;
            }
            "holds-octets" => {
                let digits = |text: &str| text.replace(' ', "").to_ascii_lowercase();
                let last = self.last.as_ref().ok_or("nothing has come")?;
                let octets = last.octets.iter().map(|octet| format!("{octet:02x}"));
                let octets: String = octets.collect();
                if !octets.contains(&digits(&step.body)) {
                    return Err(Halt::Fail(format!("no {} in {octets}", step.body)));
                }
            }
            "holds" | "lacks" => self.compact(step)?,
            "equal" | "differ" | "atleast" | "between" => self.values(step)?,
            _ => match words::step(self, step) {
                Some(done) => done?,
                None => sounds::step(self, step)?,
            },
        }
        Ok(())
    }

    /// Plays steps that stand for one.
    pub(crate) fn play(&mut self, steps: &[Step]) -> Result<(), Halt> {
        self.steps(steps).map_err(|failure| failure.what)
    }

    fn speaks(&mut self, version: u8) {
        self.version = version;
        self.names.insert("v".to_owned(), version.to_string());
    }

    /// A TransactionID that nobody has used.
    pub(crate) fn fresh_id(&mut self) -> u32 {
        self.made_up += 1;
        self.made_up
    }

    pub(crate) fn last_text(&self) -> Option<String> {
        self.last.as_ref().map(|last| compact(&last.message))
    }

    fn shutdown(&mut self) {
        let now = self.rig.now;
        self.rig.mg.handle_shutdown(now);
        self.rig.run(Duration::ZERO, |_| false);
    }

    /// An error of some level for the last transaction.
    fn fails(&mut self, step: &Step) -> Result<(), Halt> {
        let wanted = verdict::Wanted::read(&step.words)?;
        let id = step
            .after("id")
            .map_or(Ok(self.id), |id| id.parse().map_err(|_| "an id"))?;
        let patience = step.after("within").map_or(PATIENCE, duration);
        let answers = |one: &Received| match &one.message.body {
            MessageBody::Error(_) => true,
            MessageBody::Transactions(_) => has(
                &one.message,
                |one| matches!(one, Transaction::Reply(reply) if reply.id == TransactionId(id)),
            ),
        };
        self.rig.run(patience, |rig| rig.inbox.iter().any(answers));
        let Some(at) = self.rig.inbox.iter().position(answers) else {
            let remarks = wanted.silence(&self.unread())?;
            self.remarks.extend(remarks);
            return Ok(());
        };
        let came = self.rig.inbox.remove(at).expect("it is there");
        let remarks = wanted.judge(&came.message, self.commands, &compact(&came.message))?;
        self.remarks.extend(remarks);
        self.last = Some(came);
        words::learn(self);
        Ok(())
    }

    /// Keeps what comes; requests are answered, as a controller does that is content.
    fn record(&mut self, step: &Step) {
        let time = step
            .words
            .get(1)
            .map_or(Duration::from_secs(2), |word| duration(word));
        self.rig.run(time, |_| false);
        while let Some(came) = self.rig.inbox.pop_front() {
            self.remarks
                .push(format!("recorded: {}", compact(&came.message)));
        }
    }

    /// What names in a text stand for; none may be open.
    pub(crate) fn filled(&self, text: &str) -> Result<String, Halt> {
        let filled = pattern::fill(text, &self.names);
        match filled.holes.first() {
            None => Ok(filled.text),
            Some(name) if name.starts_with("PX_") => {
                Err(Halt::Inconc(format!("no value for {name}")))
            }
            Some(name) => Err(Halt::Fail(format!("@{name} stands for nothing yet"))),
        }
    }

    fn header(&self, step: &Step) -> String {
        let version = step
            .after("version")
            .map_or(self.version.to_string(), str::to_owned);
        let mid = step.after("as").map_or_else(
            || {
                if let (Some(own), None) = (&self.mid, step.after("from")) {
                    return own.clone();
                }
                let from = step.after("from").map_or(self.from, rig::place);
                let port = if from == rig::place("port2") {
                    2944
                } else {
                    from.port()
                };
                format!("[{}]:{port}", from.ip())
            },
            str::to_owned,
        );
        format!("MEGACO/{version} {mid} ")
    }

    fn say(&mut self, step: &Step) -> Result<(), Halt> {
        let from = step.after("from").map_or(self.from, rig::place);
        let body = self.filled(&step.body)?;
        let text = match step.words[0].as_str() {
            "send" => {
                let given = step.after("id").map(|id| id.parse().map_err(|_| "an id"));
                self.id = given.unwrap_or_else(|| Ok(self.fresh_id()))?;
                self.names.insert("t".to_owned(), self.id.to_string());
                self.commands = verdict::commands(&body);
                format!("{}Transaction={}{{{body}}}", self.header(step), self.id)
            }
            "answer" => {
                let (id, place) = self.asked.ok_or("nothing was asked")?;
                let head = self.header(step);
                let text = if step.has("pending") {
                    format!("{head}Pending={id}{{}}")
                } else if step.has("acked") {
                    format!("{head}Reply={id}{{ImmAckRequired,{body}}}")
                } else {
                    format!("{head}Reply={id}{{{body}}}")
                };
                let octets = self.octets(&text)?;
                self.rig
                    .send(&octets, step.after("from").map_or(place, rig::place));
                return Ok(());
            }
            "message" => format!("{}{body}", self.header(step)),
            "again" => {
                let octets = self.sent.clone();
                self.rig.send(&octets, from);
                return Ok(());
            }
            "octets" => {
                let digits: Vec<u32> = body.chars().filter_map(|c| c.to_digit(16)).collect();
                let pair = |pair: &[u32]| (pair[0] << 4 | pair[1]) as u8;
                self.sent = digits.chunks_exact(2).map(pair).collect();
                self.rig.send(&self.sent.clone(), from);
                return Ok(());
            }
            "prefixes" => {
                (0..body.len()).for_each(|end| self.rig.send(&body.as_bytes()[..end], from));
                return Ok(());
            }
            "noise" => {
                let octets = match body.starts_with("MEGACO") {
                    true => body.into_bytes(),
                    false => self.octets(&format!("{}{body}", self.header(step)))?,
                };
                let times = step.words[1].parse().map_err(|_| "noise N")?;
                self.noise(&octets, times, from);
                return Ok(());
            }
            _ => body
                .replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\t", "\t"),
        };
        self.sent = match step.words[0].as_str() {
            "raw" => text.into_bytes(),
            _ => self.respelled(&text, step)?,
        };
        self.rig.send(&self.sent.clone(), from);
        Ok(())
    }

    /// A message as the words of its step want it, in binary; in text it is as it is written.
    fn respelled(&self, text: &str, step: &Step) -> Result<Vec<u8>, String> {
        if self.encoding == Encoding::Text {
            return Ok(text.as_bytes().to_vec());
        }
        let unknown = step.after("version").and_then(|word| word.parse().ok());
        let Some(version) = unknown.filter(|version| *version > 3) else {
            let octets = self.octets(text)?;
            return ber::respell(&octets, &step.words).ok_or_else(|| "no BER".to_owned());
        };
        let octets = self.octets(&text.replacen(&format!("/{version} "), "/3 ", 1))?;
        ber::with_version(&octets, version).ok_or_else(|| "no BER".to_owned())
    }

    /// Changed copies of a message: cut off, with an octet changed, or all at random.
    fn noise(&mut self, octets: &[u8], times: u32, from: SocketAddr) {
        let mut random = fastrand::Rng::with_seed(20_261_129);
        for round in 0..times {
            let mut copy = octets.to_vec();
            let at = random.usize(..copy.len());
            match round % 3 {
                0 => copy.truncate(at),
                1 => copy[at] = random.u8(..),
                _ => copy = std::iter::repeat_with(|| random.u8(..)).take(at).collect(),
            }
            self.rig.send(&copy, from);
        }
    }

    /// A message as the association is encoded.
    fn octets(&self, text: &str) -> Result<Vec<u8>, String> {
        if self.encoding == Encoding::Text {
            return Ok(text.as_bytes().to_vec());
        }
        let message = decode(text.as_bytes(), &Limits::default());
        let message = message.map_err(|error| format!("what is sent does not decode: {error}"))?;
        let mut octets = Vec::new();
        binary::encode(&message, self.rig.names(), &mut octets)
            .map_err(|error| format!("what is sent cannot be said in binary: {error}"))?;
        Ok(octets)
    }

    fn quiet(&mut self, step: &Step) -> Result<(), String> {
        self.rig
            .run(duration(&step.words[1]), |rig| !rig.inbox.is_empty());
        match self.rig.inbox.front() {
            None => Ok(()),
            Some(_) if step.has("remark") => {
                self.rig.inbox.clear();
                self.remarks.push(step.body.clone());
                Ok(())
            }
            Some(came) => Err(format!(
                "nothing was to come; found {}",
                compact(&came.message)
            )),
        }
    }

    /// The first transaction in the inbox that is wanted, waiting for it; its message becomes `last`.
    pub(crate) fn next(
        &mut self,
        patience: Duration,
        wanted: impl Fn(&Transaction<'_>) -> bool,
    ) -> Option<Transaction<'static>> {
        let is_there = |rig: &Rig| rig.inbox.iter().any(|one| has(&one.message, &wanted));
        self.rig.run(patience, is_there);
        let inbox = &mut self.rig.inbox;
        let at = inbox.iter().position(|one| has(&one.message, &wanted))?;
        let MessageBody::Transactions(transactions) = &mut inbox[at].message.body else {
            return None;
        };
        let place = transactions.iter().position(&wanted)?;
        let found = transactions.remove(place);
        let left = transactions.len();
        let mut came = inbox[at].clone();
        if left == 0 {
            inbox.remove(at);
        }
        came.message.body = MessageBody::Transactions(vec![found.clone()]);
        self.last = Some(came);
        words::learn(self);
        Some(found)
    }

    fn expect(&mut self, step: &Step, or: &[&Step]) -> Result<(), String> {
        let verb = step.words[0].as_str();
        let patience = step.after("within").map_or(PATIENCE, duration);
        let id = step
            .after("id")
            .map_or(Ok(self.id), |id| id.parse().map_err(|_| "an id"))?;
        let before = self.last.as_ref().map(|last| last.octets.clone());
        if verb == "error" {
            return self.message_error(step, patience);
        }
        let found = self.next(patience, |one| match (verb, one) {
            ("reply" | "same", Transaction::Reply(reply)) => reply.id == TransactionId(id),
            ("request" | "notify" | "repeated", Transaction::Request(_)) => true,
            ("pending", Transaction::Pending(pending)) => *pending == TransactionId(id),
            ("ack", Transaction::ResponseAck(_)) => true,
            _ => false,
        });
        let Some(found) = found else {
            return Err(format!("no {verb} came; unread: {}", self.unread()));
        };
        let last = self.last.clone().expect("it has come");
        if let Some(place) = step.after("at").map(rig::place)
            && last.to != place
        {
            return Err(format!("it was to go to {place}, and went to {}", last.to));
        }
        match (verb, &found) {
            ("same" | "repeated", _) if before.as_ref() != Some(&last.octets) => {
                return Err(format!("other octets: {}", compact(&last.message)));
            }
            ("request" | "notify", Transaction::Request(request)) => {
                self.asked = Some((request.id.0, last.to));
                self.names.insert("r".to_owned(), request.id.0.to_string());
            }
            _ => {}
        }
        if matches!(verb, "reply" | "request" | "notify") {
            self.judge(step, or, &last.message)?;
        }
        if verb == "notify" {
            self.accept(&found)?;
        }
        Ok(())
    }

    fn message_error(&mut self, step: &Step, patience: Duration) -> Result<(), String> {
        let is_error = |one: &Received| matches!(one.message.body, MessageBody::Error(_));
        self.rig.run(patience, |rig| rig.inbox.iter().any(is_error));
        let Some(at) = self.rig.inbox.iter().position(is_error) else {
            if step.has("or-silence") && self.rig.inbox.is_empty() {
                return Ok(());
            }
            return Err(format!("no error came; unread: {}", self.unread()));
        };
        let came = self.rig.inbox.remove(at).expect("it is there");
        let MessageBody::Error(error) = &came.message.body else {
            return Err("no error".to_owned());
        };
        self.last = Some(came.clone());
        words::learn(self);
        let codes: Vec<&str> = step.body.split_whitespace().collect();
        if codes.contains(&error.code.0.to_string().as_str()) {
            return Ok(());
        }
        Err(format!("expected error {}; found {error}", step.body))
    }

    /// Compares what has come with what is expected, or with one of the others.
    fn judge(&mut self, step: &Step, or: &[&Step], message: &Message<'_>) -> Result<(), String> {
        let found = pattern::document(message)["message"]["messageBody"]["transactions"][0].clone();
        let rules = Rules {
            with: step.has("with"),
            some: step.has("some"),
            any_order: step.has("any"),
        };
        let mut told = String::new();
        for one in std::iter::once(step).chain(or.iter().copied()) {
            let filled = pattern::fill(&one.body, &self.names);
            let head = match step.words[0].as_str() {
                "reply" => "Reply=1",
                _ => "Transaction=1",
            };
            let mut expected = pattern::transaction(&format!("{head}{{{}}}", filled.text))?;
            let mut found = found.clone();
            for document in [&mut expected, &mut found] {
                forget_number(document);
                pattern::expand(document);
            }
            match pattern::compare(&expected, &found, &filled.holes, rules, &mut self.names) {
                Ok(()) => {
                    if one.has("remark") {
                        let line = one.line;
                        self.remarks.push(format!("line {line}: {}", one.body));
                    }
                    return Ok(());
                }
                Err(mismatch) => {
                    told.push_str(&format!(
                        "at {}: expected {}; found {}\n    ",
                        mismatch.path, mismatch.expected, mismatch.found
                    ));
                }
            }
        }
        Err(format!("{told}in {}", compact(message)))
    }

    /// Answers a Notify as a controller does that is content.
    fn accept(&mut self, found: &Transaction<'_>) -> Result<(), String> {
        let Transaction::Request(request) = found else {
            return Ok(());
        };
        let mut actions = Vec::new();
        for action in &request.actions {
            let commands = action.commands.iter().filter_map(|request| {
                let Command::Notify(notify) = &request.command else {
                    return None;
                };
                let names = notify.terminations.iter();
                let names: Vec<String> = names.map(|name| format!("Notify={name}")).collect();
                Some(names.join(","))
            });
            let commands: Vec<String> = commands.collect();
            actions.push(format!(
                "Context={}{{{}}}",
                action.context,
                commands.join(",")
            ));
        }
        let (id, place) = self.asked.ok_or("nothing was asked")?;
        let version = self.version;
        let own = format!("[{}]:{}", place.ip(), place.port());
        let mid = self.mid.as_ref().unwrap_or(&own);
        let actions = actions.join(",");
        let text = format!("MEGACO/{version} {mid} Reply={id}{{{actions}}}");
        let octets = self.octets(&text)?;
        self.rig.send(&octets, place);
        Ok(())
    }

    fn compact(&self, step: &Step) -> Result<(), Halt> {
        let last = self.last.as_ref().ok_or("nothing has come")?;
        let text = compact(&last.message);
        let wanted = self.filled(&step.body)?;
        let holds = text
            .to_ascii_lowercase()
            .contains(&wanted.to_ascii_lowercase());
        if holds == (step.words[0] == "holds") {
            return Ok(());
        }
        Err(Halt::Fail(format!(
            "{} {wanted}; found {text}",
            step.words[0]
        )))
    }

    fn values(&self, step: &Step) -> Result<(), String> {
        let value = |word: &String| self.names.get(word).unwrap_or(word).clone();
        let words: Vec<String> = step.words[1..].iter().map(value).collect();
        let number = |at: usize| words[at].parse::<f64>().unwrap_or(f64::NAN);
        let right = match step.words[0].as_str() {
            "equal" => words[0] == words[1],
            "differ" => words[0] != words[1],
            "atleast" => number(0) >= number(1),
            _ => number(0) >= number(1) && number(0) <= number(2),
        };
        if right {
            return Ok(());
        }
        Err(format!("{} does not hold of {words:?}", step.words[0]))
    }

    fn unread(&self) -> String {
        let all = self.rig.inbox.iter().map(|one| compact(&one.message));
        all.collect::<Vec<_>>().join(" ")
    }

    /// Nothing is left unanswered, and no Context is empty.
    fn end(&self) -> Result<(), Failure> {
        let fault = |what: String| Failure {
            line: 0,
            what: Halt::Fail(what),
        };
        let asks = |one: &Transaction<'_>| matches!(one, Transaction::Request(_));
        let unread = self.rig.inbox.iter().find(|one| has(&one.message, asks));
        if let Some(unread) = unread {
            let text = compact(&unread.message);
            return Err(fault(format!("a request that nobody expected: {text}")));
        }
        let snapshot = self.rig.mg.snapshot();
        let empty = snapshot
            .contexts
            .iter()
            .find(|one| one.terminations.is_empty());
        match empty {
            None => Ok(()),
            Some(context) => Err(fault(format!("Context {} has no Termination", context.id))),
        }
    }
}

fn has(message: &Message<'_>, wanted: impl Fn(&Transaction<'_>) -> bool) -> bool {
    match &message.body {
        MessageBody::Error(_) => false,
        MessageBody::Transactions(transactions) => transactions.iter().any(wanted),
    }
}

/// Numbers of transactions are not part of what is compared.
fn forget_number(document: &mut serde_json::Value) {
    for kind in ["transactionRequest", "transactionReply"] {
        if let Some(transaction) = document.get_mut(kind).and_then(|one| one.as_object_mut()) {
            transaction.remove("transactionId");
        }
    }
}

/// A message in compact text.
pub(crate) fn compact(message: &Message<'_>) -> String {
    let mut octets = Vec::new();
    encode(message, &TextProfile::of(Style::Compact), &mut octets);
    String::from_utf8_lossy(&octets)
        .replace("\r\n", "|")
        .replace('\n', "|")
}
