//! A bench with real sockets: starts what is under test by its hooks, and plays purposes against it.

use std::{
    collections::BTreeMap,
    env, fs,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

use transport_h248::{Address, Carrier, Encoding};

use super::{
    catalogue::{CatalogueError, Source},
    outcome::{Exchanged, Stepped},
    pixit::Pixit,
    purpose::{Purpose, Role},
    run::{Bench, Played},
    verdict::Verdict,
};
use crate::scenario::{
    self, HookCall, HookOutcome, Library, Names, Outcome, Program, Script, Settings,
    live::{self, Commands, Live},
};

/// Where controllers are expected to listen, for text and for binary (clause 9).
const CONTROLLER_PORTS: (u16, u16) = (2_944, 2_945);
/// What a row says that is about spelling, and that no binary message can say.
const UNSPEAKABLE: &str = "cannot be said in binary";
/// What comes late of a row is not taken for the next one's.
const SETTLES: Duration = Duration::from_millis(50);

/// Why no bench can be made.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The PIXIT says what cannot be.
    #[error("{0} is {1}; expected {2}")]
    Value(&'static str, String, &'static str),
    /// The states of the catalogue cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// Several implementations at a time have to be started by us, each at its own place.
    #[error("more than one job needs a hook PROMPT_COLD, which starts an implementation for each")]
    Alone,
    /// A place cannot be taken, or a folder not be made.
    #[error("{0}: {1}")]
    Io(String, std::io::Error),
}

/// What all benches of a campaign have in common.
#[derive(Debug)]
pub struct Site<'a> {
    /// Who is under test.
    pub role: Role,
    /// The catalogue, for its states.
    pub source: &'a Source,
    /// What is known of what is under test.
    pub pixit: &'a Pixit,
    /// Where it listens, where that is known beforehand.
    pub target: Option<SocketAddr>,
    /// The seed of what is random.
    pub seed: u64,
    /// The folder of the campaign.
    pub folder: &'a Path,
}

/// One implementation that is under test, and the tool's places for it.
#[derive(Debug)]
pub struct LiveBench {
    live: Live,
    library: Library,
    settings: Settings,
    commands: Commands,
    fresh: bool,
    /// What it is configured with where a row says nothing else.
    config: Vec<(String, String)>,
    logs: PathBuf,
    /// What it was started with, and what it has said of itself since.
    running: Option<Running>,
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
        let pid = self.name("IUT_PID").and_then(|pid| pid.parse::<u32>().ok());
        pid.is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists())
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
        if number > 1 && !starts(&commands) {
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
        let mut settings = Settings::new(options.role, options.encoding);
        settings.values = values(site);
        settings.strict_codes = site.pixit.is("PX_STRICT_CODES");
        settings.seed = site.seed;
        settings.version = version(site.pixit)?;
        Ok(Self {
            live,
            library,
            settings,
            commands,
            fresh: site.pixit.is("PX_FRESH") || site.role == Role::Mg,
            config: config(site.pixit)?,
            logs: site.folder.join("logs"),
            running: None,
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
        let script = script.map_err(|error| failed(format!("{}: {error}", purpose.place.0)))?;
        let program = Program::new(&script, &self.library);
        let program = program.map_err(|error| failed(error.to_string()))?;
        self.prepare(purpose, &script).await?;
        let mut settings = self.settings.clone();
        if let Some(running) = &self.running {
            let names = running.names.iter();
            let names = names.map(|(name, value)| (format!("PX_{name}"), value.clone()));
            settings.values.extend(names);
        }
        let played = self.live.play(program, settings, &self.commands).await;
        // Where no hook has written anything there is nothing to keep.
        let _not_empty = fs::remove_dir(self.logs.join(&purpose.id));
        Ok(self.judged(&script, played))
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
        let as_it_runs = |running: &Running| running.config == config && !running.has_died();
        if !self.fresh && self.running.as_ref().is_some_and(as_it_runs) || !self.can("PROMPT_COLD")
        {
            self.live.clear();
            return Ok(());
        }
        self.live.clear();
        let outcome = self.call("PROMPT_COLD", config.clone()).await;
        if outcome.status != Some(0) {
            self.running = None;
            return Err(Played {
                verdict: Verdict::Inconc,
                reason: format!("PROMPT_COLD was not carried out: {}", outcome.told),
                ..Played::default()
            });
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
            self.live.clear();
        }
        Ok(())
    }

    /// Whether there is such a hook.
    fn can(&self, name: &str) -> bool {
        let kind = name.split('_').next().unwrap_or_default();
        [name, kind]
            .iter()
            .any(|name| self.commands.lines.contains_key(*name))
    }

    async fn call(&self, name: &str, config: Vec<(String, String)>) -> HookOutcome {
        let call = HookCall {
            id: 0,
            name: name.to_owned(),
            words: Vec::new(),
            within: None,
            config,
        };
        let tester = ("H248_TESTER".to_owned(), self.live.tester());
        self.commands.call(&call, &[tester]).await
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
            told.reason = format!("the process under test has ended; {}", told.reason);
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

    async fn end(&mut self) {
        if self.running.take().is_some() && self.can("PROMPT_SHUTDOWN") {
            let _what_it_says_changes_nothing = self.call("PROMPT_SHUTDOWN", Vec::new()).await;
        }
    }
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

/// The hooks of the PIXIT, `h248` among their words being this program.
fn commands(site: &Site<'_>, number: u16) -> Result<Commands, BenchError> {
    let state = site.folder.join(format!("state/{number}"));
    let made = fs::create_dir_all(&state);
    made.map_err(|error| BenchError::Io(state.display().to_string(), error))?;
    let state = state.canonicalize().unwrap_or(state);
    let own =
        env::current_exe().map_or_else(|_| "h248".to_owned(), |path| path.display().to_string());
    let mut commands = Commands::default();
    for (name, line) in &site.pixit.values {
        let is_hook = ["PROMPT", "TRIG", "NORTH"]
            .iter()
            .any(|kind| name.starts_with(kind));
        if is_hook && !line.trim().is_empty() {
            let line = match line.strip_prefix("h248 ") {
                Some(rest) => format!("'{own}' {rest}"),
                None => line.clone(),
            };
            commands.lines.insert(name.clone(), line);
        }
    }
    let value = |name: &str| site.pixit.value(name).unwrap_or_default().to_owned();
    commands.variables = vec![
        ("H248_STATE".to_owned(), state.display().to_string()),
        ("H248_ROLE".to_owned(), site.role.word().to_owned()),
        ("H248_TRANSPORT".to_owned(), value("PX_TRANSPORT")),
        ("H248_ENCODING".to_owned(), value("PX_ENCODING")),
        ("H248_VERSION".to_owned(), value("PX_VERSION")),
    ];
    Ok(commands)
}

/// Whether a hook starts what is under test, and is told where the tool is.
fn starts(commands: &Commands) -> bool {
    let mut hooks = ["PROMPT", "PROMPT_COLD"].iter();
    hooks.any(|name| commands.lines.contains_key(*name))
}

/// Where and how the tool speaks.
fn options(site: &Site<'_>, commands: &Commands) -> Result<live::Options, BenchError> {
    let pixit = site.pixit;
    let said = |name: &str| pixit.value(name).unwrap_or_default().to_owned();
    let mut options = live::Options::new(match site.role {
        Role::Mg => scenario::Role::Mgc,
        Role::Mgc => scenario::Role::Mg,
    });
    options.encoding = match said("PX_ENCODING").as_str() {
        "text" => Encoding::Text,
        "binary" => Encoding::Binary,
        other => {
            return Err(BenchError::Value(
                "PX_ENCODING",
                other.to_owned(),
                "text or binary",
            ));
        }
    };
    options.carrier = match said("PX_TRANSPORT").as_str() {
        "udp" => Carrier::Udp,
        "tcp" => Carrier::Tcp,
        other => {
            return Err(BenchError::Value(
                "PX_TRANSPORT",
                other.to_owned(),
                "udp or tcp",
            ));
        }
    };
    // What a hook starts is told where we are; all others look where controllers are.
    let started = starts(commands);
    options.port = match (started, options.role, options.encoding) {
        (false, scenario::Role::Mgc, Encoding::Text) => CONTROLLER_PORTS.0,
        (false, scenario::Role::Mgc, Encoding::Binary) => CONTROLLER_PORTS.1,
        (true, _, _) | (_, scenario::Role::Mg, _) => 0,
    };
    let tester = said("PX_TESTER_ADDR");
    if let Ok(at) = tester.parse::<SocketAddr>() {
        (options.address, options.port) = (at.ip(), at.port());
    } else {
        let address = tester.parse::<IpAddr>();
        let wanted = "IP or IP:PORT";
        options.address =
            address.map_err(|_| BenchError::Value("PX_TESTER_ADDR", tester, wanted))?;
    }
    options.target = site.target;
    Ok(options)
}

/// The values that scripts have.
fn values(site: &Site<'_>) -> Names {
    let mut values = Names::new();
    values.insert("PX_ROLE".to_owned(), site.role.to_string());
    let known = site.pixit.values.iter();
    values.extend(known.map(|(name, value)| (name.clone(), value.clone())));
    values
}

/// What a row is configured with that says nothing of it: `NAME=VALUE …`.
fn config(pixit: &Pixit) -> Result<Vec<(String, String)>, BenchError> {
    let words = pixit
        .value("PX_CONFIG")
        .unwrap_or_default()
        .split_whitespace();
    let pair = |word: &str| {
        let (name, value) = word
            .split_once('=')
            .ok_or_else(|| BenchError::Value("PX_CONFIG", word.to_owned(), "NAME=VALUE …"))?;
        Ok((name.to_owned(), value.to_owned()))
    };
    words.map(pair).collect()
}

fn version(pixit: &Pixit) -> Result<u8, BenchError> {
    let version = pixit.value("PX_VERSION").unwrap_or("3");
    let number = version
        .parse()
        .ok()
        .filter(|number| (1..=3).contains(number));
    number.ok_or_else(|| BenchError::Value("PX_VERSION", version.to_owned(), "1, 2 or 3"))
}
