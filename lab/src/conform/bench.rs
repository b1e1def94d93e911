//! A bench with real sockets: starts what is under test by its hooks, and plays purposes against it.

mod meet;

use std::{
    collections::BTreeMap,
    fs,
    net::SocketAddr,
    path::PathBuf,
    time::{Duration, Instant, SystemTime},
};

use transport_h248::Address;

use super::{
    outcome::{Exchanged, Stepped},
    postamble,
    purpose::{Purpose, Role},
    run::{Bench, Played},
    site::{BenchError, Site, commands, config, options, values, version},
    verdict::Verdict,
};
use crate::{
    process,
    scenario::{
        self, HookCall, HookOutcome, Library, Outcome, Program, Script, Settings,
        live::{self, Commands, Live},
    },
};

use meet::Registration;

/// What a row says that is about spelling, and that no binary message can say.
const UNSPEAKABLE: &str = "cannot be said in binary";
/// So long a registration is waited for where the PIXIT does not say.
const REGISTERS_WITHIN: Duration = Duration::from_secs(30);
/// The status of a hook that cannot do what it is asked for (`docs/hooks.md`).
const CANNOT: i32 = 3;
/// What comes late of a row is not taken for the next one's.
const SETTLES: Duration = Duration::from_millis(50);
/// What is said where what is under test was not to end.
const DIED: &str = "the process under test has ended";
/// Once a campaign is interrupted, what is under test has this time to end in good order.
const ENDS_AT_ONCE: Duration = Duration::from_secs(3);

/// One implementation that is under test, and the tool's places for it.
#[derive(Debug)]
pub struct LiveBench {
    live: Live,
    library: Library,
    /// The states of a gateway that is still registered.
    still: Library,
    settings: Settings,
    commands: Commands,
    fresh: bool,
    /// What it is configured with where a row says nothing else.
    config: Vec<(String, String)>,
    logs: PathBuf,
    /// What it was started with, and what it has said of itself since.
    running: Option<Running>,
    /// Whether a hook was asked to start it, however that went.
    started: bool,
    /// Why nobody starts it by hand, once that was said.
    not_by_hand: Option<String>,
    registration: Registration,
    /// Whether something was played.
    begun: bool,
    /// Whether its postamble may touch all Contexts, and whether there are provisioned Terminations.
    reach: (bool, bool),
}

/// What is under test, as it was started.
#[derive(Clone, Debug)]
struct Running {
    config: Vec<(String, String)>,
    names: Vec<(String, String)>,
}

impl Running {
    fn name(&self, wanted: &str) -> Option<&str> {
        let mut names = self.names.iter();
        let (_, value) = names.find(|(name, _)| name == wanted)?;
        Some(value)
    }

    /// Whether its process is no more, where it has said which it is.
    fn has_died(&self) -> bool {
        let pid = self.name("IUT_PID").and_then(|pid| pid.parse().ok());
        pid.is_some_and(|pid| process::find(pid).is_none())
    }
}

impl LiveBench {
    /// Takes the tool's places; the number tells this bench from others of the campaign.
    ///
    /// # Errors
    ///
    /// The PIXIT says what cannot be, or a place is taken.
    pub async fn new(site: &Site<'_>, number: u16) -> Result<Self, BenchError> {
        let commands = commands(site, number)?;
        if number > 1 && !commands.has("PROMPT_COLD") {
            return Err(BenchError::Alone);
        }
        let mut options = options(site, &commands)?;
        options.first_id = live::first_id(site.seed.wrapping_add(number.into()));
        let places = options.address;
        let live = Live::bind(options.clone()).await;
        let live = live.map_err(|error| BenchError::Io(format!("places at {places}"), error))?;
        let mut library = Library::default();
        for (name, text) in site.source.states()? {
            library.add(&name, &text);
        }
        let mut still = library.clone();
        still.add("S1", postamble::STILL);
        let mut settings = Settings::new(options.role, options.encoding);
        settings.values = values(site);
        settings.strict_codes = site.pixit.is("PX_STRICT_CODES");
        settings.seed = site.seed;
        settings.version = version(site.pixit)?;
        Ok(Self {
            live,
            library,
            still,
            settings,
            commands,
            fresh: site.pixit.is("PX_FRESH") || site.role == Role::Mg,
            config: config(site.pixit)?,
            logs: std::path::absolute(site.folder.join("logs"))
                .map_err(|error| BenchError::Io(site.folder.display().to_string(), error))?,
            running: None,
            started: false,
            not_by_hand: None,
            registration: Registration::within(
                site.pixit.time("PX_T_REGISTER").unwrap_or(REGISTERS_WITHIN),
            ),
            begun: false,
            reach: (
                site.pixit.is("PX_DESTRUCTIVE"),
                site.pixit.value("PX_PHYS_GROUP").is_some(),
            ),
        })
    }

    /// Where the tool speaks.
    pub fn places(&self) -> String {
        self.live.tester()
    }

    async fn try_play(&mut self, purpose: &Purpose) -> Result<Played, Played> {
        let failed = |reason: String| Played {
            verdict: Verdict::Error,
            reason,
            ..Played::default()
        };
        let script = scenario::parse(&purpose.text, purpose.place.1);
        let mut script = script.map_err(|error| failed(format!("{}: {error}", purpose.place.0)))?;
        script.path = PathBuf::from(&purpose.place.0);
        // It is put together first: a row that says what cannot be said starts nothing.
        Program::new(&script, &self.library).map_err(|error| failed(error.to_string()))?;
        self.prepare(purpose, &script).await?;
        let library = if self.registration.done {
            &self.still
        } else {
            &self.library
        };
        let program = Program::new(&script, library);
        let program = program.map_err(|error| failed(error.to_string()))?;
        let settings = self.settings();
        let mut played = self.live.play(program, settings, &self.commands).await;
        self.begun = true;
        let left = self.bring_back(&mut played).await;
        // Where no hook has written anything there is nothing to keep.
        let _not_empty = fs::remove_dir(self.logs.join(&purpose.id));
        let mut told = self.judged(&script, played);
        told.records.extend(left);
        Ok(told)
    }

    /// What the next row is played with.
    fn settings(&self) -> Settings {
        let mut settings = self.settings.clone();
        if let Some(running) = &self.running {
            let names = running.names.iter();
            let names = names.map(|(name, value)| (format!("PX_{name}"), value.clone()));
            settings.values.extend(names);
        }
        settings
    }

    /// Plays the postamble where nothing starts a gateway anew; what it did not bring back.
    async fn bring_back(&mut self, played: &mut live::Played) -> Vec<String> {
        let is_mg = self.settings.role == scenario::Role::Mgc;
        let heard = played.outcome.messages.iter().any(|one| !one.sent);
        if !is_mg || self.commands.has("PROMPT_COLD") || !(heard || self.registration.done) {
            return Vec::new();
        }
        let made = postamble::made(&played.outcome.messages);
        self.registration.left.extend(made);
        let version = played.names.get("v");
        let version = version.and_then(|version| version.parse().ok());
        match self.restore(version).await {
            Ok(back) => append(played, back),
            Err(told) => return vec![told],
        }
        self.registration.told.clone()
    }

    /// Starts what is under test, where it has to be started.
    async fn prepare(&mut self, purpose: &Purpose, script: &Script) -> Result<(), Played> {
        let logs = self.logs.join(&purpose.id);
        let made = fs::create_dir_all(&logs);
        made.map_err(|error| Played {
            verdict: Verdict::Error,
            reason: format!("{}: {error}", logs.display()),
            ..Played::default()
        })?;
        self.variable("H248_PURPOSE", &purpose.id);
        self.variable("H248_OUT", &logs.display().to_string());
        let mut config = self.config.clone();
        config.retain(|(name, _)| !script.config.iter().any(|(own, _)| own == name));
        config.extend(script.config.iter().cloned());
        let anew = self
            .starts_anew(purpose, script, &config)
            .map_err(not_judged)?;
        if anew || self.registration.done || self.settings.role == scenario::Role::Mg {
            self.live.clear().await;
        }
        if !anew {
            return self.meet(purpose).await;
        }
        self.started = true;
        self.registration.done = false;
        let outcome = self.call("PROMPT_COLD", config.clone(), None).await;
        if outcome.status != Some(0) {
            self.running = None;
            let reason = refused(&config, &outcome);
            if self.commands.has("PROMPT_COLD") {
                return Err(not_judged(reason));
            }
            // Nobody is asked a second time what cannot be done by hand.
            self.not_by_hand = Some(reason);
            self.starts_anew(purpose, script, &config)
                .map_err(not_judged)?;
            return self.meet(purpose).await;
        }
        let running = Running {
            config,
            names: outcome.names,
        };
        let address = |name: &str| running.name(name).and_then(|at| at.parse().ok());
        if let Some(target) = address("IUT_ADDR") {
            self.live.set_target(Some(target), address("IUT_BINARY"));
        }
        self.running = Some(running);
        if self.settings.role == scenario::Role::Mg {
            // A controller does not speak first: what comes is the end of connections to the former one.
            tokio::time::sleep(SETTLES).await;
            self.live.clear().await;
        }
        self.meet(purpose).await
    }

    /// Whether what is under test has to be started now, by a hook or by hand.
    fn starts_anew(
        &self,
        purpose: &Purpose,
        script: &Script,
        config: &[(String, String)],
    ) -> Result<bool, String> {
        let as_it_runs = |running: &Running| running.config == config && !running.has_died();
        let changed = !self.running.as_ref().is_some_and(as_it_runs);
        if self.commands.has("PROMPT_COLD") {
            return Ok(self.fresh || changed);
        }
        let is_mg = purpose.role == Role::Mg;
        let registers = is_mg && purpose.given == "S0";
        if self.commands.operator.is_some() && self.not_by_hand.is_none() {
            let anew = if is_mg {
                registers || !self.registration.done
            } else {
                self.fresh
            };
            return Ok(anew || changed);
        }
        let other = script.config.iter();
        let other: Vec<_> = other.filter(|one| !self.config.contains(one)).collect();
        if !other.is_empty() {
            let nobody =
                "no hook PROMPT_COLD configures it so, and PX_CONFIG does not say that it is";
            let why = self.not_by_hand.as_deref().unwrap_or(nobody);
            let reason = format!("the row needs {}: {why}", configured(other));
            return Err(reason);
        }
        if registers && self.begun {
            // A row that begins before the registration would fail for what nobody has caused.
            let nobody = "nothing makes the gateway register once more: no hook PROMPT_COLD";
            let told = self.not_by_hand.as_deref().unwrap_or(nobody);
            return Err(told.to_owned());
        }
        Ok(false)
    }

    async fn call(
        &self,
        name: &str,
        config: Vec<(String, String)>,
        limit: Option<Duration>,
    ) -> HookOutcome {
        let call = HookCall {
            id: 0,
            name: name.to_owned(),
            words: Vec::new(),
            within: None,
            config,
        };
        let tester = ("H248_TESTER".to_owned(), self.live.tester());
        let mut commands = self.commands.clone();
        commands.limit = limit.unwrap_or(commands.limit);
        commands.call(&call, &[tester]).await
    }

    fn variable(&mut self, name: &str, value: &str) {
        let variables = &mut self.commands.variables;
        variables.retain(|(own, _)| own != name);
        variables.push((name.to_owned(), value.to_owned()));
    }

    /// What was played, as the campaign tells it.
    fn judged(&self, script: &Script, played: live::Played) -> Played {
        let Outcome {
            verdict,
            skipped,
            reason,
            line,
            state,
            remarks,
            records,
            steps,
            messages,
            pair,
            forgotten,
            ..
        } = played.outcome;
        let clock = Clock(played.anchor);
        let mut told = Played {
            verdict,
            skipped: skipped.then(|| reason.clone()),
            reason,
            line: line.filter(|_| state.is_none()),
            remarks,
            records,
            steps: steps.into_iter().map(|step| clock.step(step)).collect(),
            messages: messages
                .into_iter()
                .map(|message| clock.message(message, &played.addresses))
                .collect(),
            pair: pair.0.zip(pair.1),
        };
        if told.verdict == Verdict::Error && told.reason.contains(UNSPEAKABLE) {
            told.skipped = Some(told.reason.clone());
        }
        if forgotten > 0 {
            told.records
                .push(format!("{forgotten} messages more came than are kept"));
        }
        let meant = script.steps.iter().any(|step| step.verb() == "prompt");
        if !meant && self.running.as_ref().is_some_and(Running::has_died) {
            told.verdict = told.verdict.max(Verdict::Error);
            let why = std::mem::replace(&mut told.reason, DIED.to_owned());
            if !why.is_empty() {
                told.reason = format!("{DIED}; {why}");
            }
        }
        told
    }
}

impl Bench for LiveBench {
    async fn play(&mut self, purpose: &Purpose) -> Played {
        let played = self.try_play(purpose).await;
        if !self.fresh {
            tokio::time::sleep(SETTLES).await;
        }
        played.unwrap_or_else(|failed| failed)
    }

    async fn end(&mut self, at_once: bool) {
        self.live.end_hooks().await;
        if self.started && self.commands.has("PROMPT_SHUTDOWN") {
            let limit = at_once.then_some(ENDS_AT_ONCE);
            let _what_it_says_changes_nothing =
                self.call("PROMPT_SHUTDOWN", Vec::new(), limit).await;
        }
        self.commands.end_left();
    }
}

/// A configuration as it is written.
fn configured<'c>(config: impl IntoIterator<Item = &'c (String, String)>) -> String {
    let pairs = config.into_iter();
    let pairs: Vec<_> = pairs
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join(" ")
}

/// Why what is under test was not started.
fn refused(config: &[(String, String)], outcome: &HookOutcome) -> String {
    let told = outcome.why();
    if outcome.status == Some(CANNOT) {
        let config = configured(config);
        return format!("PROMPT_COLD cannot configure what is under test with {config}: {told}");
    }
    format!("PROMPT_COLD was not carried out: {told}")
}

/// A row of which nothing can be said.
fn not_judged(reason: String) -> Played {
    Played {
        verdict: Verdict::Inconc,
        reason,
        ..Played::default()
    }
}

/// Tells the postamble behind the row that it is for.
fn append(played: &mut live::Played, back: live::Played) {
    let before = played.outcome.messages.len();
    played.addresses.extend(back.addresses);
    let Outcome {
        steps, messages, ..
    } = back.outcome;
    played
        .outcome
        .steps
        .extend(steps.into_iter().map(|step| scenario::Done {
            state: Some(postamble::STATE.into()),
            messages: step.messages + before,
            ..step
        }));
    played.outcome.messages.extend(messages);
}

/// Times of a scenario as times of the wall.
struct Clock((Instant, SystemTime));

impl Clock {
    fn wall(&self, at: Instant) -> SystemTime {
        self.0.1 + at.saturating_duration_since(self.0.0)
    }

    fn step(&self, step: scenario::Done) -> Stepped {
        Stepped {
            at: self.wall(step.began),
            line: step.line,
            state: step.state.as_deref().map(str::to_owned),
            text: step.text,
            messages: step.messages,
        }
    }

    fn message(
        &self,
        message: scenario::Exchanged,
        addresses: &BTreeMap<String, (SocketAddr, Address)>,
    ) -> Exchanged {
        let nowhere = SocketAddr::from(([0, 0, 0, 0], 0));
        let known = addresses.get(&*message.place);
        let (local, peer) = known.copied().unwrap_or((nowhere, nowhere.into()));
        Exchanged {
            at: self.wall(message.at),
            sent: message.sent,
            local,
            peer,
            octets: message.octets.into(),
            line: message.line,
        }
    }
}

#[cfg(test)]
mod tests;
