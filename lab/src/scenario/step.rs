//! What each verb does.

use super::{
    grammar::ROUNDS_MAX,
    growth,
    player::{How, Player, Round},
    say::restarts,
    script::Step,
    sounds,
    text::{compact, has},
    verdict::{Flow, Halt, Stepped},
};

/// A value may be as long as the longest message.
const VALUE_MAX: usize = 64 << 10;
/// A registration so soon after what was sent says that what is under test began anew because of it.
const BECAUSE: std::time::Duration = std::time::Duration::from_secs(5);
/// What each interval of repetitions is of the one before where none is drawn at random.
const FACTOR: f64 = 1.3;
/// What the last one has to be of the first, so that delays of the network are no growth.
const GROWTH: f64 = 1.1;

impl Player {
    /// Carries a step out, or on; it is asked again whenever something has come or its time is over.
    pub(super) fn step(&mut self, step: &Step) -> Stepped {
        match step.verb() {
            "repeat" | "end" | "if" | "else" | "leave" => return self.flow(step),
            "reply" | "request" | "notify" | "pending" | "ack" | "same" | "repeated"
            | "answered" | "final" | "context-list" => return self.expect(step),
            "error" => return self.message_error(step),
            "fails" => return self.fails(step),
            "record" => return self.records(step),
            "times" => return self.intervals(step),
            "unrepeated" => return self.unrepeated(step),
            "skim" => return self.skim(step),
            "segments" => return self.segments(step),
            "segmented" => return self.segmented(step),
            "quiet" => return self.quiet(step),
            "wait" => return self.pass_time(step),
            "pause" => return self.pause(step),
            "prompt" => {
                let name = format!("PROMPT_{}", step.wanted(1)?);
                return self.prompt(&name, &step.words[2..]);
            }
            "restart" => return self.prompt("PROMPT_COLD", &[]),
            "shutdown" => return self.prompt("PROMPT_SHUTDOWN", &[]),
            "engine" | "drain" => {
                return self.prompt(&step.verb().to_uppercase(), &step.words[1..]);
            }
            "sees" => return self.sees(step),
            "closed" => return self.closes(step),
            "hears" | "misses" | "gets" => return sounds::listen(self, step),
            _ => self.act(step)?,
        }
        Ok(Flow::Next)
    }

    /// What is done at once.
    fn act(&mut self, step: &Step) -> Result<(), Halt> {
        match step.verb() {
            "let" => {
                let name = step.wanted(1)?.to_owned();
                let value = self.filled(&step.body)?;
                if value.len() > VALUE_MAX {
                    let told = format!("{name} would have more than {VALUE_MAX} octets");
                    return Err(Halt::Error(told));
                }
                self.name(&name, value)?;
            }
            "forget" => step.words[1..].iter().for_each(|name| {
                self.names.remove(name);
            }),
            "recorded" => {
                let name = step.wanted(1)?.to_owned();
                self.recorded.insert(name, step.body.clone());
            }
            "fault" => self.fault(step)?,
            "speak" => self.speak(step)?,
            "send" | "message" | "raw" | "octets" | "stream" | "again" => self.say(step)?,
            "prefixes" | "noise" => self.say_rubbish(step)?,
            "answer" => self.answer(step)?,
            "standing" => self.stand(step)?,
            "trigger" => self.trigger(step)?,
            "drop" => self.inbox.clear(),
            "rest" => self.rest()?,
            "remark" => {
                let text = self.filled(&step.body)?;
                self.remark(text);
            }
            "inconc" => return Err(Halt::Inconc(self.filled(&step.body)?)),
            "skip" => return Err(Halt::Skip(self.filled(&step.body)?)),
            "fail" => return Err(Halt::Fail(self.filled(&step.body)?)),
            "gather" => self.keeps_back = true,
            "drip" => self.drips = true,
            "release" | "reopen" => self.connection(step),
            _ if is_check(step.verb()) => self.check(step)?,
            _ if self.measure(step)? => {}
            _ => sounds::act(self, step)?,
        }
        Ok(())
    }

    /// Loops and branches.
    fn flow(&mut self, step: &Step) -> Stepped {
        let (here, partner) = (self.at, step.partner);
        match step.verb() {
            "repeat" => {
                let found = step.wanted(1)?;
                let last = found.parse().ok().filter(|last| *last <= ROUNDS_MAX);
                let told = || {
                    let told = format!(
                        "expected a count up to {ROUNDS_MAX} behind repeat, found {found:?}"
                    );
                    Halt::Error(told)
                };
                let last = last.ok_or_else(told)?;
                if last == 0 {
                    return Ok(Flow::Jump(partner + 1));
                }
                let name = step.word(2).map(str::to_owned);
                self.rounds.push(Round {
                    at: here,
                    number: 0,
                    last,
                    name,
                });
                self.next_round();
            }
            "end" => {
                if let Some(round) = self.rounds.last()
                    && round.at == partner
                {
                    if round.number < round.last {
                        self.next_round();
                        return Ok(Flow::Jump(partner + 1));
                    }
                    self.rounds.pop();
                }
            }
            "else" => return Ok(Flow::Jump(partner + 1)),
            "leave" => {
                let round = self.rounds.pop();
                let round = round.ok_or_else(|| Halt::Error("leave what?".to_owned()))?;
                let end = self.program.ops.get(round.at).map(|op| op.step.partner);
                return Ok(Flow::Jump(end.unwrap_or(here) + 1));
            }
            _ => {
                let mut question = step.clone();
                question.words.remove(0);
                if !is_check(question.verb()) {
                    let verb = question.verb();
                    return Err(Halt::Error(format!("{verb} cannot be asked by if")));
                }
                match self.check(&question) {
                    Ok(()) => {}
                    Err(halt @ (Halt::Error(_) | Halt::Inconc(_))) => return Err(halt),
                    Err(_) => return Ok(Flow::Jump(partner + 1)),
                }
            }
        }
        Ok(Flow::Jump(here + 1))
    }

    fn next_round(&mut self) {
        if let Some(round) = self.rounds.last_mut() {
            round.number += 1;
            if let Some(name) = &round.name {
                self.names.insert(name.clone(), round.number.to_string());
            }
        }
    }

    /// What can be said of what has come, and of names.
    fn check(&self, step: &Step) -> Result<(), Halt> {
        match step.verb() {
            "holds" | "lacks" => self.compact(step),
            "holds-octets" => self.has_octets(step),
            "ids-differ" => match self.twice {
                None => Ok(()),
                Some(id) => Err(Halt::Fail(format!("two requests have the id {id}"))),
            },
            "given" => {
                let name = step.wanted(1)?;
                let told = || Halt::Fail(format!("@{name} stands for nothing yet"));
                self.value(name).map(|_| ()).ok_or_else(told)
            }
            "grows" => self.grows(step),
            "spread" => self.spread(step),
            "stamps" => self.stamps(step),
            "absent" => self.absent(step),
            "items" => self.items(step),
            "strict" => self.strict(),
            "spells" => self.spells(step),
            _ => self.compare(step),
        }
    }

    pub(super) fn last_text(&self) -> Result<String, Halt> {
        let last = self
            .last
            .as_ref()
            .and_then(|last| last.message.as_ref().ok());
        let last = last.ok_or_else(|| Halt::Fail("nothing has come".to_owned()))?;
        Ok(compact(last))
    }

    fn compact(&self, step: &Step) -> Result<(), Halt> {
        let text = self.last_text()?;
        let wanted = self.filled(&step.body)?;
        let lower = text.to_ascii_lowercase();
        if lower.contains(&wanted.to_ascii_lowercase()) == (step.verb() == "holds") {
            return Ok(());
        }
        Err(Halt::Fail(format!(
            "{} {wanted}; found {text}",
            step.verb()
        )))
    }

    fn has_octets(&self, step: &Step) -> Result<(), Halt> {
        let last = self.last.as_ref();
        let last = last.ok_or_else(|| Halt::Fail("nothing has come".to_owned()))?;
        let octets: String = last
            .octets
            .iter()
            .map(|octet| format!("{octet:02x}"))
            .collect();
        let wanted = self
            .filled(&step.body)?
            .replace(' ', "")
            .to_ascii_lowercase();
        if octets.contains(&wanted) {
            return Ok(());
        }
        Err(Halt::Fail(format!("no {wanted} in {octets}")))
    }

    fn compare(&self, step: &Step) -> Result<(), Halt> {
        let words = step.words[1..].iter().map(|word| self.or_literal(word));
        let words = words.collect::<Result<Vec<&str>, _>>()?;
        let wanted = if step.verb() == "between" { 3 } else { 2 };
        if words.len() < wanted {
            return Err(Halt::Error(format!("{} wants another word", step.verb())));
        }
        let number = |at: usize| self.number(words[at]).unwrap_or(f64::NAN);
        let right = match step.verb() {
            "equal" => words[0].eq_ignore_ascii_case(words[1]),
            "differ" => !words[0].eq_ignore_ascii_case(words[1]),
            "atleast" => number(0) >= number(1),
            "atmost" => number(0) <= number(1) + self.slack(),
            _ => number(0) >= number(1) && number(0) <= number(2),
        };
        if right {
            return Ok(());
        }
        Err(Halt::Fail(format!(
            "{} does not hold of {words:?}",
            step.verb()
        )))
    }

    /// Each is longer than the one before by far, until the longest; or they can have been drawn as H.248.1 D.1.3 has it.
    fn grows(&self, step: &Step) -> Result<(), Halt> {
        let all = step.words[1..].iter().map(|name| self.number(name));
        let all: Vec<f64> = all.collect::<Result<_, _>>()?;
        let most = self.number("PX_RTO_MAX").unwrap_or(f64::INFINITY);
        let longer = |pair: &[f64]| pair[1] >= pair[0] * FACTOR || pair[1] >= most * 0.95;
        if let [first, .., last] = all[..]
            && last >= first * GROWTH
            && (all.windows(2).all(longer) || growth::doubles(&all, most, self.slack()))
        {
            return Ok(());
        }
        Err(Halt::Fail(format!("the intervals do not grow: {all:?} ms")))
    }

    /// What is kept back goes; a connection is made anew.
    fn connection(&mut self, step: &Step) {
        let place = step.after("from").unwrap_or(&self.from).to_owned();
        let how = if step.verb() == "release" {
            self.keeps_back = false;
            How::Release
        } else {
            self.closed.remove(&place);
            How::Reopen
        };
        self.transmit(&place, Vec::new(), how);
    }

    fn closes(&mut self, step: &Step) -> Stepped {
        let place = step.after("from").unwrap_or(&self.from).to_owned();
        if self.closed.remove(&place) {
            return Ok(Flow::Next);
        }
        let until = self.began() + step.time("within")?.unwrap_or(self.settings.patience);
        if self.now < until {
            return Ok(Flow::Wait(until));
        }
        Err(Halt::Fail(format!(
            "the connection at {place} was not closed"
        )))
    }

    /// Nothing is left unanswered: a purpose's own requests are answered, those of a scenario expected.
    fn rest(&mut self) -> Result<(), Halt> {
        let asks =
            |one: &codec_h248::Transaction<'_>| matches!(one, codec_h248::Transaction::Request(_));
        while let Some(came) = self.inbox.pop_front() {
            let message = match &came.message {
                Ok(message) if has(message, asks) => message,
                Ok(_) => continue,
                Err(_) => return Err(Halt::Fail(came.told())),
            };
            let known = |id| self.answered.iter().any(|one| one.id == id);
            let anew = has(message, |one| {
                // What was answered and comes again is a repetition that was slow.
                matches!(one, codec_h248::Transaction::Request(own) if restarts(own) && !known(own.id.0))
            });
            let told = compact(message);
            let soon = self.sent_at.is_some_and(|at| came.at < at + BECAUSE);
            if !self.program.purpose {
                let told = format!("a request that nobody expected: {told}");
                return Err(Halt::Fail(told));
            }
            match (anew, soon) {
                (true, true) => return Err(Halt::Fail(format!("it began anew: {told}"))),
                (true, false) => return Err(Halt::Inconc(format!("it began anew: {told}"))),
                (false, _) => self.satisfy(&came)?,
            }
        }
        Ok(())
    }
}

pub(super) fn is_check(verb: &str) -> bool {
    matches!(
        verb,
        "holds"
            | "lacks"
            | "holds-octets"
            | "equal"
            | "differ"
            | "atleast"
            | "atmost"
            | "between"
            | "grows"
            | "ids-differ"
            | "given"
            | "spread"
            | "stamps"
            | "absent"
            | "items"
            | "strict"
            | "spells"
    )
}
