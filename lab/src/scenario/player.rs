//! The machine that plays a scenario: messages, packets, hooks and time in; the same out, and a verdict.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use ahash::RandomState;
use codec_h248::{IntoBoundedStatic, Limits, Message, MessageBody, binary, decode};

use super::{
    faults::Faults,
    going_on::Parts,
    grammar::ROUNDS_MAX,
    hook::{HookCall, Hooks},
    kept::{Held, STEPS_MAX},
    measures::Gathered,
    pattern::{self, Names},
    phone::Phone,
    program::{Phase, Program, unnamed},
    script::Step,
    settings::{Role, Settings},
    standing::Standing,
    text::compact,
    verdict::{Done, Flow, Halt, Outcome, Verdict},
};

/// Steps that are carried out, those of loops each time.
const BUDGET: u64 = ROUNDS_MAX;

/// A message to send.
#[derive(Clone, Debug)]
pub struct Transmit {
    /// The tool's own place that it is sent from.
    pub place: String,
    /// The message, or what stands for one.
    pub octets: Vec<u8>,
    /// How it goes over a stream; over datagrams it always goes at once.
    pub how: How,
}

/// How a message goes over a stream of octets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum How {
    /// In a frame, at once.
    Framed,
    /// In a frame, and kept until what is kept from this place goes in one piece.
    Later,
    /// In a frame, octet by octet.
    Slowly,
    /// As it stands, without a frame.
    Bare,
    /// Nothing: what is kept goes now.
    Release,
    /// Nothing: the connection is closed, and made anew.
    Reopen,
}

/// A packet of a phone.
#[derive(Clone, Debug)]
pub struct Rtp {
    /// The phone, `a` to `f`.
    pub phone: char,
    /// The port that it goes to.
    pub port: u16,
    /// The host, where it is not the one of what is under test.
    pub host: Option<String>,
    /// The packet.
    pub octets: Vec<u8>,
}

/// A message that came and that no step has read yet.
#[derive(Clone, Debug)]
pub(super) struct Received {
    pub(super) at: Instant,
    pub(super) place: Arc<str>,
    pub(super) octets: Vec<u8>,
    /// What it says, or why it cannot be read.
    pub(super) message: Result<Message<'static>, String>,
    /// Its place among the messages that are kept.
    pub(super) kept: Option<usize>,
}

/// The times that a block is still to be played.
#[derive(Clone, Debug)]
pub(super) struct Round {
    pub(super) at: usize,
    pub(super) number: u64,
    pub(super) last: u64,
    pub(super) name: Option<String>,
}

/// A request that was answered.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    pub(super) id: u32,
    pub(super) at: Instant,
    pub(super) place: String,
    pub(super) octets: Vec<u8>,
}

/// A request that is sent again while nothing answers it.
#[derive(Clone, Debug)]
pub(super) struct Repeat {
    pub(super) at: Instant,
    pub(super) gap: Duration,
    pub(super) place: String,
}

/// One playing of a scenario.
#[derive(Debug)]
pub struct Player {
    pub(super) program: Arc<Program>,
    pub(super) settings: Arc<Settings>,
    pub(super) at: usize,
    pub(super) rounds: Vec<Round>,
    pub(super) now: Instant,
    /// When the step at work began.
    pub(super) began: Option<Instant>,
    wake: Option<Instant>,
    budget: u64,
    pub(super) ended: bool,
    /// Whether the first step was begun.
    begun: bool,
    ready: bool,
    pub(super) outcome: Outcome,
    pub(super) held: Held,
    pub(super) names: Names,
    pub(super) version: u8,
    /// Who speaks, where a step has said so for all that follow.
    pub(super) mid: Option<String>,
    /// What was sent last, and from where.
    pub(super) sent: Vec<u8>,
    pub(super) from: String,
    pub(super) id: u32,
    /// The last id that was made up.
    pub(super) made_up: u32,
    pub(super) sent_at: Option<Instant>,
    /// The commands of the transaction that was sent last.
    pub(super) commands: usize,
    pub(super) repeat: Option<Repeat>,
    /// What has been judged last.
    pub(super) last: Option<Received>,
    /// The peer's request that was judged last, and where it came.
    pub(super) asked: Option<(u32, Arc<str>)>,
    /// Requests that were answered, and how.
    pub(super) answered: VecDeque<Answered>,
    /// Ids of the peer's requests, each with what its message was hashed to, and one that two of them had.
    pub(super) ids: BTreeMap<u32, u64>,
    pub(super) hasher: RandomState,
    pub(super) twice: Option<u32>,
    pub(super) inbox: VecDeque<Received>,
    pub(super) standing: Vec<Standing>,
    pub(super) contexts: BTreeSet<String>,
    /// What names have caught in the scenario's own steps.
    pub(super) caught: BTreeSet<String>,
    /// Whether the steps take Contexts away or make what is under test anew.
    pub(super) removes: bool,
    pub(super) phones: BTreeMap<char, Phone>,
    pub(super) hooks: Hooks,
    /// Connections that what is under test has closed, by place.
    pub(super) closed: BTreeSet<String>,
    /// When the request that is repeated came.
    pub(super) times: Vec<Instant>,
    pub(super) gathered: Gathered,
    /// How what is sent goes over a stream: kept for later, or octet by octet once.
    pub(super) keeps_back: bool,
    pub(super) drips: bool,
    /// What names stood for in the capture that the scenario was made of.
    pub(super) recorded: Names,
    /// Transactions that wait to go in one message with the next.
    pub(super) joined: String,
    /// Whether the last step that failed has heard nothing.
    pub(super) silent: bool,
    pub(super) faults: Faults,
    pub(super) parts: Parts,
    pub(super) out: VecDeque<Transmit>,
}

impl Player {
    /// A playing that begins with the first call of [`Player::handle_timeout`].
    pub fn new(program: Arc<Program>, settings: Arc<Settings>, now: Instant) -> Self {
        let mut names = Names::new();
        if settings.role == Role::Mgc {
            names.insert("v".to_owned(), settings.version.to_string());
            let mid = settings.mid(settings.role.home());
            names.insert("mgcmid".to_owned(), mid.to_owned());
        }
        Self {
            at: 0,
            rounds: Vec::new(),
            now,
            began: None,
            wake: Some(now),
            budget: BUDGET,
            ended: false,
            begun: false,
            ready: false,
            outcome: Outcome::default(),
            held: Held::default(),
            names,
            version: settings.version,
            mid: None,
            sent: Vec::new(),
            from: settings.role.home().to_owned(),
            id: settings.first_id,
            made_up: settings.first_id,
            sent_at: None,
            commands: 0,
            repeat: None,
            last: None,
            asked: None,
            answered: VecDeque::new(),
            ids: BTreeMap::new(),
            hasher: RandomState::with_seeds(1, 2, 3, 4),
            twice: None,
            inbox: VecDeque::new(),
            standing: Vec::new(),
            contexts: BTreeSet::new(),
            caught: BTreeSet::new(),
            removes: false,
            phones: BTreeMap::new(),
            hooks: Hooks::default(),
            closed: BTreeSet::new(),
            times: Vec::new(),
            gathered: Gathered::default(),
            keeps_back: false,
            drips: false,
            recorded: Names::new(),
            joined: String::new(),
            silent: false,
            faults: Faults::default(),
            parts: Parts::default(),
            out: VecDeque::new(),
            program,
            settings,
        }
    }

    /// Gives its transactions the numbers behind this one, so that several playings may share a socket.
    pub fn number_from(&mut self, number: u32) {
        self.id = number;
        self.made_up = number;
    }

    /// The number of the last transaction that it has made up.
    pub fn last_id(&self) -> u32 {
        self.made_up
    }

    /// Takes a message that came at one of the tool's places.
    pub fn handle_message(&mut self, place: &str, octets: &[u8], now: Instant) {
        self.now = self.now.max(now);
        self.silent = false;
        let place: Arc<str> = place.into();
        let kept = self.keep(&place, false, octets);
        if self.ended {
            return;
        }
        let message = self.read(octets);
        if let Ok(message) = &message
            && (self.has_crossed(message) || self.is_no_news(message, octets))
        {
            return;
        }
        if let Ok(message) = &message {
            self.note_ids(message, octets);
        }
        self.receive(Received {
            at: now,
            place,
            octets: octets.to_vec(),
            message,
            kept,
        });
    }

    /// Takes octets that came and are no message, in words.
    pub fn handle_garbled(&mut self, place: &str, told: &str, now: Instant) {
        self.now = self.now.max(now);
        self.silent = false;
        self.receive(Received {
            at: now,
            place: place.into(),
            octets: Vec::new(),
            message: Err(told.to_owned()),
            kept: None,
        });
    }

    /// Takes a packet that a phone was sent.
    pub fn handle_rtp(&mut self, phone: char, octets: &[u8], now: Instant) {
        if let Some(phone) = self.phones.get_mut(&phone) {
            phone.handle_rtp(octets, now);
        }
    }

    /// Takes the end of a connection at one of the tool's places.
    pub fn handle_closed(&mut self, place: &str, now: Instant) {
        self.now = self.now.max(now);
        self.closed.insert(place.to_owned());
        self.advance();
    }

    /// Takes the making of a connection at one of the tool's places.
    pub fn handle_opened(&mut self, place: &str) {
        self.closed.remove(place);
    }

    /// Goes on as far as it can; has to be called first, and when [`Player::poll_timeout`] is due.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.now = self.now.max(now);
        let due = self.faults.due(now);
        self.put_out(due);
        if self.wake.is_some_and(|wake| wake <= now) {
            self.advance();
        }
    }

    /// The next message to send.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        let next = self.out.pop_front()?;
        self.held.out -= next.octets.len();
        Some(next)
    }

    /// The next packet of a phone that is due.
    pub fn poll_rtp(&mut self, now: Instant) -> Option<Rtp> {
        for (name, phone) in &mut self.phones {
            while phone.poll_timeout().is_some_and(|at| at <= now) {
                if let Some(spoken) = phone.handle_timeout(now) {
                    return Some(Rtp {
                        phone: *name,
                        port: spoken.port,
                        host: spoken.host,
                        octets: spoken.octets,
                    });
                }
            }
        }
        None
    }

    /// The next hook to call.
    pub fn poll_hook(&mut self) -> Option<HookCall> {
        self.hooks.poll()
    }

    /// When [`Player::handle_timeout`] and [`Player::poll_rtp`] are due; `None` once it has ended.
    pub fn poll_timeout(&self) -> Option<Instant> {
        if self.ended {
            return None;
        }
        let phones = self.phones.values().filter_map(Phone::poll_timeout);
        let late = self.faults.wake();
        self.wake.into_iter().chain(phones).chain(late).min()
    }

    /// How it ended, once.
    pub fn poll_end(&mut self) -> Option<Outcome> {
        if !self.ready {
            return None;
        }
        self.ready = false;
        Some(std::mem::take(&mut self.outcome))
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// Ends it from outside, with a reason: the shell cannot go on.
    pub fn stop(&mut self, verdict: Verdict, reason: &str, now: Instant) {
        self.now = self.now.max(now);
        let halt = match verdict {
            Verdict::Fail => Halt::Fail(reason.to_owned()),
            Verdict::Error => Halt::Error(reason.to_owned()),
            Verdict::None | Verdict::Pass | Verdict::Inconc => Halt::Inconc(reason.to_owned()),
        };
        // What its last step has begun may fail when it is over already.
        if self.ended && self.outcome.verdict == Verdict::Pass {
            self.outcome.verdict = verdict.max(Verdict::Inconc);
            reason.clone_into(&mut self.outcome.reason);
        }
        self.finish(Some(halt));
    }

    /// What names of the scenario stand for by now.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The scenario's line at work, and how many steps there are and are behind it.
    pub fn progress(&self) -> (usize, usize, usize) {
        let line = self.program.ops.get(self.at).map_or(0, |op| op.step.line);
        (line, self.at, self.program.ops.len())
    }

    pub(super) fn read(&self, octets: &[u8]) -> Result<Message<'static>, String> {
        let limits = Limits::default();
        let message = match octets.first() {
            Some(0x30) => binary::decode(octets, &limits, &self.settings.names),
            _ => decode(octets, &limits),
        };
        match message {
            Ok(message) => Ok(message.into_static()),
            Err(error) => Err(error.to_string()),
        }
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let own = self.names.get(name);
        own.or_else(|| self.settings.values.get(name))
            .map(String::as_str)
    }

    /// Sends a message.
    pub(super) fn transmit(&mut self, place: &str, octets: Vec<u8>, how: How) {
        let how = if how != How::Framed {
            how
        } else if std::mem::take(&mut self.drips) {
            How::Slowly
        } else if self.keeps_back {
            How::Later
        } else {
            how
        };
        let own: Arc<str> = place.into();
        let says = !matches!(how, How::Release | How::Reopen);
        if says {
            let kept = self.keep(&own, true, &octets);
            self.outcome.pair.0 = kept.or(self.outcome.pair.0);
            self.sent_at = Some(self.now);
        }
        let one = Transmit {
            place: place.to_owned(),
            octets,
            how,
        };
        let goes = if says { self.faulted(one) } else { vec![one] };
        self.put_out(goes);
    }

    /// Where a line of what is at work stands.
    pub(super) fn stands(&self, line: usize) -> String {
        let phase = self.program.ops.get(self.at).map(|op| &op.phase);
        self.program.place(phase.unwrap_or(&Phase::Body), line)
    }

    /// Before the first step: each name that is said stands for something, or something gives it.
    fn named(&mut self) -> bool {
        let mut open = self.program.open.iter();
        let Some((at, name)) = open.find(|(_, name)| self.value(name).is_none()) else {
            return true;
        };
        let told = unnamed(name);
        self.at = *at;
        self.finish(Some(Halt::Error(told)));
        false
    }

    pub(super) fn advance(&mut self) {
        if !self.begun && !self.named() {
            return;
        }
        self.begun = true;
        while !self.ended {
            if self.held.is_waited_for() {
                self.wake = Some(self.now);
                return;
            }
            let program = self.program.clone();
            let Some(op) = program.ops.get(self.at) else {
                let amiss = self.faults.left();
                self.finish(amiss.map(Halt::Inconc));
                return;
            };
            let step = self.worded(&op.step);
            let mut known = Ok(());
            if self.began.is_none() {
                if self.budget == 0 {
                    let told = format!("more than {BUDGET} steps were carried out");
                    self.finish(Some(Halt::Error(told)));
                    return;
                }
                self.budget -= 1;
                self.begin(&step, &op.phase);
                known = self.known(&step);
            }
            self.sweep(&step);
            let stepped = known.and_then(|()| self.step(&step));
            match self
                .faults
                .amiss()
                .map_or(stepped, |told| Err(Halt::Inconc(told)))
            {
                Ok(Flow::Wait(until)) => {
                    self.wake = Some(until);
                    return;
                }
                Ok(flow) => {
                    self.began = None;
                    if let Some(done) = self.outcome.steps.last_mut() {
                        done.ended = self.now;
                    }
                    self.at = match flow {
                        Flow::Jump(at) => at,
                        Flow::Next | Flow::Wait(_) => step.partner.max(self.at + 1),
                    };
                }
                Err(halt) => {
                    if let Err(halt) = self.overlook(&step, halt) {
                        self.finish(Some(halt));
                    }
                }
            }
        }
    }

    /// The step with the names in its words replaced; one that has no value stands as it is.
    pub(super) fn worded(&self, step: &Step) -> Step {
        let mut step = step.clone();
        for word in step.words.iter_mut().filter(|word| word.contains('@')) {
            *word = pattern::shown(word, |name| self.value(name));
        }
        step
    }

    /// Nothing can be said by a step that wants a value of the campaign which nobody has given.
    fn known(&self, step: &Step) -> Result<(), Halt> {
        let mut missing = None;
        for text in step.words.iter().chain(self.said(step)) {
            let lacks = |name: &&str| name.starts_with("PX_") && self.value(name).is_none();
            missing = missing.or_else(|| pattern::named(text).find(lacks));
        }
        match missing {
            Some(name) => Err(Halt::Inconc(format!("no value for {name}"))),
            None => Ok(()),
        }
    }

    /// What a step says, and what the `or`s and `gives` behind it say.
    fn said<'s>(&'s self, step: &'s Step) -> impl Iterator<Item = &'s String> {
        let behind = self.program.ops[self.at + 1..].iter();
        let behind = behind.map(|op| &op.step);
        let ways = behind.take_while(|step| matches!(step.verb(), "or" | "gives"));
        [&step.body].into_iter().chain(ways.map(|way| &way.body))
    }

    fn begin(&mut self, step: &Step, phase: &Phase) {
        self.began = Some(self.now);
        if !self.settings.keeps || self.outcome.steps.len() >= STEPS_MAX {
            return;
        }
        let mut text = step.words.join(" ");
        if !step.body.is_empty() {
            text.push_str(": ");
            text.push_str(&pattern::shown(&step.body, |name| self.value(name)));
        }
        let Some(text) = self.report(text) else {
            return;
        };
        self.outcome.steps.push(Done {
            line: step.line,
            state: state(phase),
            text,
            began: self.now,
            ended: self.now,
            messages: self.outcome.messages.len(),
        });
    }

    fn finish(&mut self, halt: Option<Halt>) {
        if self.ended {
            return;
        }
        self.ended = true;
        self.ready = true;
        self.wake = None;
        if let Some(done) = self.outcome.steps.last_mut() {
            done.ended = self.now;
        }
        self.outcome.pair.1 = self.last.as_ref().and_then(|last| last.kept);
        let Some(halt) = halt else {
            self.outcome.conclude();
            return;
        };
        self.hooks.end();
        let op = self.program.ops.get(self.at);
        let phase = op.map_or(&Phase::Body, |op| &op.phase);
        self.outcome.line = op.map(|op| op.step.line);
        self.outcome.state = state(phase);
        self.outcome.skipped = matches!(halt, Halt::Skip(_));
        self.outcome.verdict = halt.verdict();
        let line = self.outcome.line.unwrap_or_default();
        self.outcome.reason = match phase {
            Phase::Body => halt.told().to_owned(),
            Phase::Check => format!("afterwards: {}", halt.told()),
            Phase::Given(state) => {
                let place = self.program.place(phase, line);
                format!("{state} is not reached: {place}: {}", halt.told())
            }
        };
        if !self.outcome.differences.is_empty() {
            self.outcome.verdict = self.outcome.verdict.max(Verdict::Fail);
        }
        let given = matches!(phase, Phase::Given(_));
        if given && self.program.purpose && self.outcome.verdict == Verdict::Fail {
            self.outcome.verdict = Verdict::Inconc;
        }
    }

    /// What came and nobody has read, in compact text.
    pub(super) fn unread(&self) -> String {
        let all = self.inbox.iter().map(|one| match &one.message {
            Ok(message) => compact(message),
            Err(error) => format!("what cannot be read ({error})"),
        });
        let mut told = all.take(20).collect::<Vec<_>>().join(" ");
        if told.is_empty() {
            told.push_str("nothing");
        }
        told
    }

    /// Whether this is nothing but a request that was answered while it was on its way.
    fn has_crossed(&self, message: &Message<'_>) -> bool {
        let MessageBody::Transactions(transactions) = &message.body else {
            return false;
        };
        let crossing = self.settings.crossing;
        !crossing.is_zero()
            && !transactions.is_empty()
            && transactions.iter().all(|one| match one {
                codec_h248::Transaction::Request(request) => {
                    let mut answered = self.answered.iter();
                    answered.any(|one| one.id == request.id.0 && one.at + crossing > self.now)
                }
                codec_h248::Transaction::Reply(_)
                | codec_h248::Transaction::Pending(_)
                | codec_h248::Transaction::ResponseAck(_)
                | codec_h248::Transaction::SegmentReply(_) => false,
            })
    }
}

impl Player {
    /// Whether a controller's request came again, which only steps about repetitions see; it is answered
    /// again where it was answered.
    fn is_no_news(&mut self, message: &Message<'_>, octets: &[u8]) -> bool {
        let MessageBody::Transactions(transactions) = &message.body else {
            return false;
        };
        let verb = self
            .program
            .ops
            .get(self.at)
            .map_or("", |op| op.step.verb());
        let looks = matches!(verb, "repeated" | "times" | "unrepeated");
        let [codec_h248::Transaction::Request(request)] = &transactions[..] else {
            return false;
        };
        let hash = self.hasher.hash_one(octets);
        let known = self.ids.get(&request.id.0).is_some_and(|own| *own == hash);
        let may_matter = self.settings.role == Role::Mgc && !self.settings.goes_on;
        if may_matter || !known || looks {
            return false;
        }
        let answer = self
            .answered
            .iter()
            .find(|one| one.id == request.id.0)
            .cloned();
        if let Some(answer) = answer {
            self.transmit(&answer.place, answer.octets, How::Framed);
        }
        true
    }
}

fn state(phase: &Phase) -> Option<Arc<str>> {
    match phase {
        Phase::Given(state) => Some(state.clone()),
        Phase::Body | Phase::Check => None,
    }
}
