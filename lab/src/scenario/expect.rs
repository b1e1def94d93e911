//! The steps that expect a message.

use std::time::Instant;

use codec_h248::{MessageBody, Transaction, TransactionId, list};
use serde_json::Value;

use super::{
    pattern::{self, Names, Rules},
    player::{Player, Received},
    script::Step,
    settings::Role,
    text::{compact, duration, has},
    verdict::{Flow, Halt, Stepped},
    wanted::Wanted,
};

/// However often a peer says that it is still at work.
pub(super) const LONGEST: std::time::Duration = std::time::Duration::from_secs(30);

/// What names have caught, as far as it is remembered.
const CAUGHT_MAX: usize = 10_000;

impl Received {
    /// That it cannot be read, in words.
    pub(super) fn told(&self) -> String {
        let error = self.message.as_ref().err().map_or("", String::as_str);
        let text = String::from_utf8_lossy(&self.octets);
        let text: String = text.chars().take(400).collect();
        match text.as_str() {
            "" => format!("what came cannot be read: {error}"),
            text => format!("what came cannot be read: {error}: {text:?}"),
        }
    }
}

impl Player {
    pub(super) fn began(&self) -> Instant {
        self.began.unwrap_or(self.now)
    }

    /// Waits until then; past it, what is told is why it fails.
    pub(super) fn wait_until(
        &mut self,
        until: Instant,
        told: impl FnOnce(&Self) -> String,
    ) -> Stepped {
        if self.now >= until {
            return Err(Halt::Fail(told(self)));
        }
        let again = self.repeated();
        Ok(Flow::Wait(again.map_or(until, |again| again.min(until))))
    }

    /// How long the step waits: longer where the peer says that it is at work.
    pub(super) fn patience(&self, step: &Step, id: u32) -> Result<Instant, Halt> {
        let began = self.began();
        if let Some(shorter) = self.shortened(step)? {
            return Ok(began + shorter);
        }
        if let Some(within) = step.time("within")? {
            return Ok(began + within);
        }
        if step.verb() == "final" {
            return Ok(began + LONGEST);
        }
        let patience = self.settings.patience;
        let is_pending =
            |one: &Transaction<'_>| matches!(one, Transaction::Pending(own) if own.0 == id);
        let pending = self.inbox.iter().filter(|one| {
            let message = one.message.as_ref();
            message.is_ok_and(|message| has(message, is_pending))
        });
        let longer = pending.map(|one| one.at + 2 * patience);
        let until = longer.chain([began + patience]).max();
        Ok(until.map_or(began, |until| until.min(began + LONGEST.max(patience))))
    }

    /// What came and cannot be read is a failure of whoever sent it, once.
    pub(super) fn garbled(&mut self) -> Result<(), Halt> {
        let unreadable = |one: &Received| one.message.is_err();
        let at = self.inbox.iter().position(unreadable);
        match at.and_then(|at| self.inbox.remove(at)) {
            Some(came) => Err(Halt::Fail(came.told())),
            None => Ok(()),
        }
    }

    /// Takes the first transaction that is wanted out of what came; it becomes the last.
    pub(super) fn take(
        &mut self,
        wanted: impl Fn(&Transaction<'_>) -> bool,
    ) -> Option<Transaction<'static>> {
        let is_there = |one: &Received| {
            let message = one.message.as_ref();
            message.is_ok_and(|message| has(message, &wanted))
        };
        let at = self.inbox.iter().position(is_there)?;
        let Ok(message) = &mut self.inbox[at].message else {
            return None;
        };
        let MessageBody::Transactions(transactions) = &mut message.body else {
            return None;
        };
        let place = transactions.iter().position(&wanted)?;
        let found = transactions.remove(place);
        let empty = transactions.is_empty();
        let mut came = self.inbox[at].clone();
        if empty {
            self.inbox.remove(at);
        }
        if let Ok(message) = &mut came.message {
            message.body = MessageBody::Transactions(list![found.clone()]);
        }
        self.judged(came);
        Some(found)
    }

    fn judged(&mut self, came: Received) {
        if let Ok(message) = &came.message {
            let (mid, version) = (message.mid.to_string(), message.version.to_string());
            // An error for a whole message may come from one who does not know who he is.
            if !matches!(message.body, MessageBody::Error(_)) {
                self.names.insert("mgmid".to_owned(), mid.clone());
            }
            self.names.insert("mgv".to_owned(), version.clone());
            if self.settings.role == Role::Mg {
                self.names.insert("m".to_owned(), mid);
                self.names.insert("h".to_owned(), version);
            }
        }
        self.last = Some(came);
    }

    pub(super) fn expect(&mut self, step: &Step) -> Stepped {
        self.garbled()?;
        let verb = step.verb();
        let id = step.number("id")?.unwrap_or(self.id);
        let before = self.last.as_ref().map(|last| last.octets.clone());
        let fitting = step
            .has("fitting")
            .then(|| self.fitting(step))
            .transpose()?;
        let found = self.take(|one| match (verb, one) {
            (
                "reply" | "same" | "final" | "answered" | "context-list",
                Transaction::Reply(reply),
            ) => reply.id == TransactionId(id),
            ("request" | "notify" | "repeated", Transaction::Request(request)) => {
                fitting.is_none_or(|fitting| fitting == Some(request.id))
            }
            ("pending", Transaction::Pending(pending)) => *pending == TransactionId(id),
            ("ack", Transaction::ResponseAck(_)) => true,
            _ => false,
        });
        let Some(found) = found else {
            let until = self.patience(step, id)?;
            let told = |player: &Self| format!("no {verb} came; unread: {}", player.unread());
            return self.wait_until(until, told);
        };
        self.repeat = None;
        let found = match (verb, found) {
            ("reply", Transaction::Reply(reply))
                if self.settings.goes_on && reply.segment.is_some() =>
            {
                match self.gather(step, &reply)? {
                    Ok(whole) => Transaction::Reply(whole),
                    Err(flow) => return Ok(flow),
                }
            }
            (_, found) => found,
        };
        self.came(step, &found, before.as_deref())
    }

    /// What a step waited for has come, and is judged.
    fn came(&mut self, step: &Step, found: &Transaction<'_>, before: Option<&[u8]>) -> Stepped {
        let verb = step.verb();
        let Some(last) = self.last.clone() else {
            return Ok(Flow::Next);
        };
        if let Some(place) = step.after("at")
            && *last.place != *place
        {
            let went = &last.place;
            return Err(Halt::Fail(format!(
                "it was to go to {place}, and went to {went}"
            )));
        }
        match (verb, found) {
            ("same" | "repeated", _) if before != Some(&last.octets[..]) => {
                let told = last.message.as_ref().map(compact).unwrap_or_default();
                return Err(Halt::Fail(format!("other octets: {told}")));
            }
            ("request" | "notify", Transaction::Request(request)) => {
                self.asks(step, request.id, &last.place);
            }
            ("reply", Transaction::Reply(reply)) => self.forget_pending(reply.id.0),
            _ => {}
        }
        if matches!(verb, "reply" | "request" | "notify") {
            self.judge(step, found)?;
        }
        match (verb, found) {
            ("context-list", _) => self.compare_contexts(step, found)?,
            ("notify", Transaction::Request(request)) => {
                self.accept(request, &last.place)?;
            }
            _ => {}
        }
        Ok(Flow::Next)
    }

    /// Notes the request that answers are for.
    fn asks(&mut self, step: &Step, id: TransactionId, place: &std::sync::Arc<str>) {
        self.asked = Some((id.0, place.clone()));
        for name in ["r"].into_iter().chain(step.after("named")) {
            self.names.insert(name.to_owned(), id.0.to_string());
        }
    }

    fn forget_pending(&mut self, id: u32) {
        for one in &mut self.inbox {
            if let Ok(message) = &mut one.message
                && let MessageBody::Transactions(transactions) = &mut message.body
            {
                transactions.retain(|one| *one != Transaction::Pending(TransactionId(id)));
            }
        }
        let is_empty = |one: &Received| {
            let body = one.message.as_ref().map(|message| &message.body);
            matches!(body, Ok(MessageBody::Transactions(all)) if all.is_empty())
        };
        self.inbox.retain(|one| !is_empty(one));
    }

    /// Nothing comes for a time.
    pub(super) fn quiet(&mut self, step: &Step) -> Stepped {
        self.garbled()?;
        if let Some(came) = self.inbox.front()
            && let Ok(message) = &came.message
        {
            let told = compact(message);
            if step.has("remark") {
                self.inbox.clear();
                self.remark(step.body.clone());
                return Ok(Flow::Next);
            }
            return Err(Halt::Fail(format!("nothing was to come; found {told}")));
        }
        self.pass_time(step)
    }

    /// Lets time pass.
    pub(super) fn pass_time(&self, step: &Step) -> Stepped {
        let until = self.began() + duration(step.wanted(1)?)?;
        if self.now >= until {
            return Ok(Flow::Next);
        }
        Ok(Flow::Wait(until))
    }

    /// An error for a whole message.
    pub(super) fn message_error(&mut self, step: &Step) -> Stepped {
        self.garbled()?;
        let is_error = |one: &Received| {
            let message = one.message.as_ref();
            message.is_ok_and(|message| matches!(message.body, MessageBody::Error(_)))
        };
        let Some(at) = self.inbox.iter().position(is_error) else {
            let until = self.patience(step, self.id)?;
            if self.now >= until && step.has("or-silence") && self.inbox.is_empty() {
                return Ok(Flow::Next);
            }
            let told = |player: &Self| format!("no error came; unread: {}", player.unread());
            return self.wait_until(until, told);
        };
        self.repeat = None;
        let Some(came) = self.inbox.remove(at) else {
            return Ok(Flow::Next);
        };
        let code = match came.message.as_ref().map(|message| &message.body) {
            Ok(MessageBody::Error(error)) => error.code.0.to_string(),
            Ok(MessageBody::Transactions(_)) | Err(_) => String::new(),
        };
        self.judged(came);
        if step.body.split_whitespace().any(|own| own == code) {
            return Ok(Flow::Next);
        }
        Err(Halt::Fail(format!(
            "expected error {}; found {code}",
            step.body
        )))
    }

    /// An error of some level for a transaction.
    pub(super) fn fails(&mut self, step: &Step) -> Stepped {
        let wanted = Wanted::read(&step.words, self.settings.strict_codes)?;
        let id = step.number("id")?.unwrap_or(self.id);
        self.garbled()?;
        let is_reply = |one: &Transaction<'_>| matches!(one, Transaction::Reply(reply) if reply.id == TransactionId(id));
        let answers = |one: &Received| {
            one.message.as_ref().is_ok_and(|message| {
                matches!(message.body, MessageBody::Error(_)) || has(message, is_reply)
            })
        };
        let Some(at) = self.inbox.iter().position(answers) else {
            let until = self.patience(step, id)?;
            if self.now >= until {
                let remark = wanted.silence(&self.unread())?;
                remark.into_iter().for_each(|remark| self.remark(remark));
                return Ok(Flow::Next);
            }
            return self.wait_until(until, |_| String::new());
        };
        self.repeat = None;
        self.forget_pending(id);
        let at = self.inbox.iter().position(answers).unwrap_or(at);
        let Some(came) = self.inbox.remove(at) else {
            return Ok(Flow::Next);
        };
        self.judged(came.clone());
        let Ok(message) = &came.message else {
            return Ok(Flow::Next);
        };
        for remark in wanted.judge(message, self.commands, &compact(message))? {
            self.remark(format!("{}: {remark}", self.stands(step.line)));
        }
        Ok(Flow::Next)
    }

    /// The step that is at work, and the others that would do as well.
    pub(super) fn ways<'s>(&self, step: &'s Step) -> Vec<std::borrow::Cow<'s, Step>> {
        let program = self.program.clone();
        let mut ways = vec![std::borrow::Cow::Borrowed(step)];
        let others = program.ops.get(self.at + 1..step.partner).unwrap_or(&[]);
        let others = others.iter().filter(|op| op.step.verb() == "or");
        ways.extend(others.map(|op| std::borrow::Cow::Owned(op.step.clone())));
        ways
    }

    /// Compares what has come with what is expected, or with one of the others.
    pub(super) fn judge(&mut self, step: &Step, found: &Transaction<'_>) -> Result<(), Halt> {
        let mut told = String::new();
        for way in self.ways(step) {
            match self.fits(&way, step, found)? {
                Ok(names) => {
                    if self.caught.len() < CAUGHT_MAX {
                        self.caught.extend(names.values().cloned());
                    }
                    self.names.extend(names);
                    if way.has("remark") {
                        let body: Vec<&str> = way.body.split_whitespace().collect();
                        self.remark(format!("{}: {}", self.stands(way.line), body.join(" ")));
                    }
                    return if way.has("inconc") {
                        let place = self.stands(way.line);
                        Err(Halt::Inconc(format!("{place}: {}", way.body)))
                    } else {
                        Ok(())
                    };
                }
                Err(mismatch) => told.push_str(&format!("{mismatch}\n    ")),
            }
        }
        let last = self
            .last
            .as_ref()
            .and_then(|last| last.message.as_ref().ok());
        let text = last.map(compact).unwrap_or_default();
        Err(Halt::Fail(format!("{told}in {text}")))
    }

    /// Whether a transaction is what a step says: what it catches, or where it is not.
    pub(super) fn fits(
        &self,
        way: &Step,
        step: &Step,
        found: &Transaction<'_>,
    ) -> Result<Result<Names, String>, Halt> {
        let rules = Rules {
            with: step.has("with"),
            some: step.has("some"),
            any_order: step.has("any"),
        };
        let filled = pattern::fill(&way.body, |name| self.value(name));
        if let Some(missing) = filled.holes.iter().find(|hole| hole.starts_with("PX_")) {
            return Err(Halt::Inconc(format!("no value for {missing}")));
        }
        let head = match found {
            Transaction::Reply(_) => "Reply=1",
            Transaction::Request(_)
            | Transaction::Pending(_)
            | Transaction::ResponseAck(_)
            | Transaction::SegmentReply(_) => "Transaction=1",
        };
        let expected = pattern::transaction(&format!("{head}{{{}}}", filled.text));
        let mut expected =
            expected.map_err(|told| Halt::Error(pattern::told(&told, &filled.holes)))?;
        let mut found = pattern::document_of(found);
        for document in [&mut expected, &mut found] {
            forget_number(document);
            pattern::expand(document);
        }
        let mut names = Names::new();
        let compared = pattern::compare(&expected, &found, &filled.holes, rules, &mut names);
        Ok(compared.map(|()| names).map_err(|mismatch| {
            format!(
                "at {}: expected {}; found {}",
                pattern::told(&mismatch.path, &filled.holes),
                pattern::told(&mismatch.expected, &filled.holes),
                pattern::told(&mismatch.found, &[]),
            )
        }))
    }

    /// Answers what is standing, out of what came.
    pub(super) fn sweep(&mut self, step: &Step) {
        if self.standing.is_empty() {
            return;
        }
        let waits = matches!(step.verb(), "request" | "notify");
        let ways = self.ways(step);
        let mut left = std::collections::VecDeque::new();
        while let Some(mut came) = self.inbox.pop_front() {
            if let Ok(message) = &mut came.message
                && let MessageBody::Transactions(transactions) = &mut message.body
            {
                let place = came.place.clone();
                transactions.retain(|one| {
                    let fits = |way: &Step| matches!(self.fits(way, step, one), Ok(Ok(_)));
                    let is_wanted = waits && ways.iter().any(|way| fits(way));
                    is_wanted || !self.gives(one, &place)
                });
                if transactions.is_empty() {
                    continue;
                }
            }
            left.push_back(came);
        }
        self.inbox = left;
    }

    /// What comes in a time is kept for the report.
    pub(super) fn records(&mut self, step: &Step) -> Stepped {
        let time = match step.word(1) {
            Some(word) => duration(word)?,
            None => std::time::Duration::from_secs(2),
        };
        if self.now < self.began() + time {
            return Ok(Flow::Wait(self.began() + time));
        }
        let title = step.body.clone();
        let mut any = false;
        while let Some(came) = self.inbox.pop_front() {
            any = true;
            match &came.message {
                Ok(message) => self.record(format!("{title}: {}", compact(message))),
                Err(error) => self.record(format!("{title}: what cannot be read: {error}")),
            }
            self.satisfy(&came)?;
        }
        if !any {
            self.record(format!("{title}: nothing"));
        }
        Ok(Flow::Next)
    }

    /// Answers the requests of a message that nobody waits for.
    pub(super) fn satisfy(&mut self, came: &Received) -> Result<(), Halt> {
        if let Ok(message) = &came.message
            && let MessageBody::Transactions(transactions) = &message.body
        {
            for one in transactions {
                if let Transaction::Request(request) = one {
                    self.accept(request, &came.place)?;
                }
            }
        }
        Ok(())
    }

    /// The Contexts that an audit of ROOT in all of them tells of, beside those of before.
    fn compare_contexts(&mut self, step: &Step, found: &Transaction<'_>) -> Result<(), Halt> {
        let document = pattern::document_of(found);
        let actions = &document["transactionReply"]["transactionResult"]["actionReplies"];
        let id = |action: &Value| {
            let own = action.get("contextId")?;
            Some(own.as_str().map_or_else(|| own.to_string(), str::to_owned))
        };
        let actions = actions.as_array().into_iter().flatten();
        let ids = actions.filter_map(id);
        // ALL and the null Context are none.
        let ids = ids.filter(|id| id.parse::<u32>().is_ok_and(|id| id > 0));
        let all: std::collections::BTreeSet<String> = ids.collect();
        if step.has("before") {
            self.contexts = all;
            self.caught.clear();
            return Ok(());
        }
        let made: Vec<&String> = all
            .difference(&self.contexts)
            .filter(|id| !self.caught.contains(*id))
            .collect();
        let gone: Vec<&String> = self.contexts.difference(&all).collect();
        if !made.is_empty() {
            return Err(Halt::Fail(format!("Contexts have come to be: {made:?}")));
        }
        if !gone.is_empty() && !self.removes {
            return Err(Halt::Fail(format!("Contexts are gone: {gone:?}")));
        }
        Ok(())
    }
}

/// Numbers of transactions are not part of what is compared.
fn forget_number(document: &mut Value) {
    for kind in ["transactionRequest", "transactionReply"] {
        if let Some(transaction) = document.get_mut(kind).and_then(Value::as_object_mut) {
            transaction.remove("transactionId");
        }
    }
}
