//! The steps that say something.

use codec_h248::{
    Command, Limits, Transaction, TransactionRequest, binary, decode,
    descriptor::ServiceChangeMethod,
};
use transport_h248::Encoding;

use super::{
    ber, pattern,
    player::{Answered, How, Player, Repeat},
    readable,
    script::Step,
    serve,
    verdict::Halt,
    wanted,
};

/// Copies that one step may send, and ids that are remembered.
pub(super) const COPIES: usize = 100_000;
const OCTETS_MAX: usize = 16 << 20;
/// Answers that are kept, to be given again.
const ANSWERED_MAX: usize = 64;
/// A request is first sent again after this.
const FIRST_GAP: std::time::Duration = std::time::Duration::from_millis(500);

impl Player {
    /// What names in a text stand for; none may be open.
    pub(super) fn filled(&self, text: &str) -> Result<String, Halt> {
        let recorded = |name: &str| self.recorded.get(name).map(String::as_str);
        let filled = pattern::fill(text, |name| self.value(name).or_else(|| recorded(name)));
        match filled.holes.first() {
            None => Ok(filled.text),
            Some(name) if name.starts_with("PX_") => {
                Err(Halt::Inconc(format!("no value for {name}")))
            }
            Some(name) => Err(self.amiss(format!("@{name} stands for nothing yet"))),
        }
    }

    /// What is sent has to decode, unless the step says that it does not; text with names in it is known
    /// only now.
    pub(super) fn readable(
        &self,
        step: &Step,
        kind: readable::Kind,
        body: &str,
    ) -> Result<(), Halt> {
        if step.has("unreadable") || !step.body.contains('@') {
            return Ok(());
        }
        readable::read(kind, body)
            .map_err(|told| Halt::Error(format!("what is said does not decode: {told}")))
    }

    fn place(&self, step: &Step) -> String {
        step.after("from").unwrap_or(&self.from).to_owned()
    }

    pub(super) fn header(&self, step: &Step, place: &str) -> String {
        let own = self.version.to_string();
        let version = step.after("version").unwrap_or(&own);
        let own = self.mid.as_deref().filter(|_| step.after("from").is_none());
        let mid = step.after("as").or(own);
        let mid = mid.unwrap_or_else(|| self.settings.mid(place));
        format!("MEGACO/{version} {mid} ")
    }

    /// `speak 2`, `speak as MID`, `speak from PLACE`.
    pub(super) fn speak(&mut self, step: &Step) -> Result<(), Halt> {
        if let Some(mid) = step.after("as") {
            self.mid = Some(mid.to_owned());
        }
        if let Some(place) = step.after("from") {
            place.clone_into(&mut self.from);
        }
        if let Some(version) = step.word(1).filter(|word| !["as", "from"].contains(word)) {
            let told = || Halt::Error(format!("expected a version, found {version:?}"));
            self.version = version.parse().map_err(|_| told())?;
            self.names.insert("v".to_owned(), version.to_owned());
        }
        Ok(())
    }

    pub(super) fn say(&mut self, step: &Step) -> Result<(), Halt> {
        let place = self.place(step);
        self.note_recorded(step);
        let body = self.filled(&step.body)?;
        let how = match step.verb() {
            "stream" => How::Bare,
            _ => How::Framed,
        };
        self.repeat = None;
        let octets = match step.verb() {
            "send" => {
                self.id = match step.number("id")? {
                    Some(id) => id,
                    None => self.fresh_id(),
                };
                self.names.insert("t".to_owned(), self.id.to_string());
                if let Some(name) = step.after("named") {
                    self.names.insert(name.to_owned(), self.id.to_string());
                }
                self.readable(step, readable::Kind::Request, &body)?;
                self.commands = wanted::commands(&body);
                self.removes |= takes_away(&body);
                let head = self.header(step, &place);
                let text = format!("Transaction={}{{{body}}}", self.id);
                let Some(text) = self.join(step, text)? else {
                    return Ok(());
                };
                let text = format!("{head}{text}");
                let repeats = self.settings.repeats && how == How::Framed;
                self.repeat = repeats.then(|| Repeat {
                    at: self.now + FIRST_GAP,
                    gap: FIRST_GAP * 2,
                    place: place.clone(),
                });
                self.respelled(&text, &place, step)?
            }
            "message" => {
                self.readable(step, readable::Kind::Message, &body)?;
                self.removes |= takes_away(&body);
                self.respelled(
                    &format!("{}{body}", self.header(step, &place)),
                    &place,
                    step,
                )?
            }
            "raw" => {
                self.removes |= takes_away(&body);
                let text = body.replace("\\r", "\r").replace("\\n", "\n");
                text.replace("\\t", "\t").into_bytes()
            }
            "octets" | "stream" => hex(&body)?,
            _ => self.sent.clone(),
        };
        self.sent.clone_from(&octets);
        self.transmit(&place, octets, how);
        Ok(())
    }

    /// Every beginning of a message, or changed copies of it.
    pub(super) fn say_rubbish(&mut self, step: &Step) -> Result<(), Halt> {
        let place = self.place(step);
        let body = self.filled(&step.body)?;
        let body = if step.verb() == "noise" && !body.starts_with("MEGACO") {
            self.octets(&format!("{}{body}", self.header(step, &place)), &place)?
        } else {
            body.into_bytes()
        };
        let times = match step.verb() {
            "prefixes" => body.len(),
            _ => step.wanted(1)?.parse().unwrap_or(usize::MAX),
        };
        if times > COPIES || times.saturating_mul(body.len()) > OCTETS_MAX || body.is_empty() {
            return Err(Halt::Error("that is too much to send".to_owned()));
        }
        self.record(format!("seed {}", self.settings.seed));
        let mut random = fastrand::Rng::with_seed(self.settings.seed);
        for round in 0..times {
            let mut copy = body.clone();
            let at = random.usize(..copy.len());
            match (step.verb(), round % 3) {
                ("prefixes", _) => copy.truncate(round),
                (_, 0) => copy.truncate(at),
                (_, 1) => copy[at] = random.u8(..),
                _ => copy = std::iter::repeat_with(|| random.u8(..)).take(at).collect(),
            }
            self.transmit(&place, copy, How::Framed);
        }
        Ok(())
    }

    /// Answers the request that was judged last.
    pub(super) fn answer(&mut self, step: &Step) -> Result<(), Halt> {
        let asked = self.asked.clone();
        let (id, came_at) = asked.ok_or_else(|| self.amiss("nothing was asked".to_owned()))?;
        if step.after("id").is_some_and(pattern::is_open) {
            return Err(self.amiss("what this answers has not come".to_owned()));
        }
        let id = step.number("id")?.unwrap_or(id);
        let place = step.after("from").unwrap_or(&came_at).to_owned();
        let body = self.filled(&step.body)?;
        let head = self.header(step, &place);
        let text = if step.has("pending") {
            format!("Pending={id}{{}}")
        } else {
            self.readable(step, readable::Kind::Reply, &body)?;
            let acked = if step.has("acked") {
                "ImmAckRequired,"
            } else {
                ""
            };
            format!("Reply={id}{{{acked}{body}}}")
        };
        let Some(text) = self.join(step, text)? else {
            return Ok(());
        };
        let octets = self.respelled(&format!("{head}{text}"), &place, step)?;
        if !step.has("pending") {
            self.note_answer(id, &place, &octets);
        }
        self.transmit(&place, octets, How::Framed);
        Ok(())
    }

    /// An id that no transaction of the tool has had.
    pub(super) fn fresh_id(&mut self) -> u32 {
        self.made_up = self.made_up.wrapping_add(1);
        self.made_up
    }

    pub(super) fn note_answer(&mut self, id: u32, place: &str, octets: &[u8]) {
        self.answered.push_back(Answered {
            id,
            at: self.now,
            place: place.to_owned(),
            octets: octets.to_vec(),
        });
        if self.answered.len() > ANSWERED_MAX {
            self.answered.pop_front();
        }
    }

    /// Answers Notify and ServiceChange as one does that is content; whether it could.
    pub(super) fn accept(
        &mut self,
        request: &TransactionRequest<'_>,
        place: &str,
    ) -> Result<bool, Halt> {
        let tells = |command: &Command<'_>| {
            matches!(command, Command::Notify(_) | Command::ServiceChange(_))
        };
        let Some(actions) = serve::replies(request, tells) else {
            return Ok(false);
        };
        let head = self.header(&Step::default(), place);
        let id = request.id.0;
        let octets = self.octets(&format!("{head}Reply={id}{{{actions}}}"), place)?;
        self.note_answer(id, place, &octets);
        self.transmit(place, octets, How::Framed);
        Ok(true)
    }

    /// A message as a place speaks.
    pub(super) fn octets(&self, text: &str, place: &str) -> Result<Vec<u8>, Halt> {
        if self.settings.encoding(place) == Encoding::Text {
            return Ok(text.as_bytes().to_vec());
        }
        let message = decode(text.as_bytes(), &Limits::default());
        let told = |error: &dyn std::fmt::Display| {
            Halt::Error(format!("what is sent cannot be said in binary: {error}"))
        };
        let message = message.map_err(|error| told(&error))?;
        let mut octets = Vec::new();
        binary::encode(&message, &self.settings.names, &mut octets)
            .map_err(|error| told(&error))?;
        Ok(octets)
    }

    /// A message as the words of its step want it, in binary; in text it is as it is written.
    fn respelled(&self, text: &str, place: &str, step: &Step) -> Result<Vec<u8>, Halt> {
        if self.settings.encoding(place) == Encoding::Text {
            return Ok(text.as_bytes().to_vec());
        }
        let no_ber = || Halt::Error("that cannot be respelled in binary".to_owned());
        let unknown = step.after("version").and_then(|word| word.parse().ok());
        let Some(version) = unknown.filter(|version| *version > 3) else {
            let octets = self.octets(text, place)?;
            return ber::respell(&octets, &step.words).ok_or_else(no_ber);
        };
        let known = text.replacen(&format!("/{version} "), "/3 ", 1);
        ber::with_version(&self.octets(&known, place)?, version).ok_or_else(no_ber)
    }

    /// Sends the last request again, once it is time; when that will be next.
    pub(super) fn repeated(&mut self) -> Option<std::time::Instant> {
        let repeat = self.repeat.as_mut()?;
        if repeat.at <= self.now {
            repeat.at = self.now + repeat.gap;
            repeat.gap = (repeat.gap * 2).min(std::time::Duration::from_secs(4));
            let (place, octets) = (repeat.place.clone(), self.sent.clone());
            self.transmit(&place, octets, How::Framed);
        }
        self.repeat.as_ref().map(|repeat| repeat.at)
    }

    /// Notes the ids of requests, which are to differ.
    pub(super) fn note_ids(&mut self, message: &codec_h248::Message<'_>, octets: &[u8]) {
        let codec_h248::MessageBody::Transactions(transactions) = &message.body else {
            return;
        };
        let hash = self.hasher.hash_one(octets);
        for one in transactions {
            let Transaction::Request(request) = one else {
                continue;
            };
            if self.ids.len() > COPIES {
                return;
            }
            if *self.ids.entry(request.id.0).or_insert(hash) != hash {
                self.twice = Some(request.id.0);
            }
        }
    }
}

pub(super) fn hex(text: &str) -> Result<Vec<u8>, Halt> {
    let signs = text.chars().filter(|sign| !sign.is_whitespace());
    let digits: Option<Vec<u8>> = signs
        .map(|sign| sign.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0);
    let digits = digits.ok_or_else(|| Halt::Error("expected pairs of hex digits".to_owned()))?;
    Ok(digits
        .chunks_exact(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect())
}

/// Whether actions may take Contexts away.
fn takes_away(actions: &str) -> bool {
    let text = actions.to_ascii_lowercase();
    let verbs = ["subtract", "move", "servicechange", "s=", "mv=", "sc="];
    verbs.iter().any(|verb| text.contains(verb))
}

/// Whether a request is the registration of a gateway that has begun anew.
pub(super) fn restarts(request: &TransactionRequest<'_>) -> bool {
    let restarts = |command: &Command<'_>| match command {
        Command::ServiceChange(change) => {
            matches!(change.services.method, ServiceChangeMethod::Restart)
                && change
                    .terminations
                    .iter()
                    .any(codec_h248::TerminationId::is_root)
        }
        Command::Add(_)
        | Command::Move(_)
        | Command::Modify(_)
        | Command::Subtract(_)
        | Command::AuditValue(_)
        | Command::AuditCapability(_)
        | Command::Notify(_) => false,
    };
    let mut all = request.actions.iter().flat_map(|action| &action.commands);
    all.any(|one| restarts(&one.command))
}
