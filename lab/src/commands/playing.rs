//! What `h248 run` and `h248 replay` share: who the tool is, how it plays, and how that ends.

use std::{net::SocketAddr, process::ExitCode, sync::Arc, time::Duration};

use lab::{
    replay,
    scenario::{
        Library, Names, Outcome, Program, Role, Script, Settings, Verdict,
        live::{self, Commands, FAR_END, Live, Options},
    },
};
use transport_h248::{Carrier, Encoding};

use super::{Interruption, Trouble, chain};
use crate::output::{complain, say};

/// No step of a replay waits longer that does not keep the capture's time.
const PATIENCE: Duration = Duration::from_secs(5);
/// So long may a scenario take where nothing says otherwise.
const LIMIT: Duration = Duration::from_secs(24 * 3_600);

/// Who the tool is, and how it plays.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Playing {
    /// Where what is under test listens; a gateway may be met as it comes
    #[arg(long, value_parser = far_end)]
    pub(super) to: Option<SocketAddr>,
    /// Where the tool listens; port 0 takes any, which is told in the first line
    #[arg(long, default_value = "127.0.0.1:0")]
    pub(super) listen: SocketAddr,
    /// What carries messages: udp, tcp or sctp [default: what the scenario says, or udp]
    #[arg(long)]
    transport: Option<Carrier>,
    /// How messages are encoded: text or binary [default: as the scenario says, or text]
    #[arg(long)]
    encoding: Option<Encoding>,
    /// What a name stands for, before the scenario says anything
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    values: Vec<(String, String)>,
    /// A hook's command line, as docs/hooks.md has them
    #[arg(long = "hook", value_name = "NAME=COMMAND", value_parser = pair)]
    hooks: Vec<(String, String)>,
    /// How long pauses are: as in the capture (real), none (lock-step), or a factor
    #[arg(long, default_value = "lock-step", value_parser = pace)]
    timing: f64,
    /// No step that says no time itself waits longer [default: 5s, where timing is not real]
    #[arg(long, value_parser = humantime::parse_duration)]
    patience: Option<Duration>,
    /// So long it may take [default: 24h; of a replay 10min and twice what the capture took]
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    limit: Option<Duration>,
    /// So many messages may come
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    messages: u64,
    /// Only the verdict is told
    #[arg(long)]
    pub(super) quiet: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| format!("expected NAME=VALUE, found {text}"))?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Where what is under test listens.
pub(super) fn far_end(text: &str) -> Result<SocketAddr, String> {
    live::far_end(text).ok_or_else(|| format!("expected {FAR_END}, found {text}"))
}

fn pace(text: &str) -> Result<f64, String> {
    match text {
        "real" => Ok(1.0),
        "lock-step" => Ok(0.0),
        other => other
            .parse()
            .ok()
            .filter(|factor: &f64| factor.is_finite() && *factor >= 0.0)
            .ok_or_else(|| format!("expected real, lock-step or a factor, found {other}")),
    }
}

impl Playing {
    /// Who the tool is on the network.
    pub(super) fn options(&self, script: &Script, role: Option<Role>) -> Options {
        let said = |name: &str| script.head.get(name).map(String::as_str);
        let role = role.unwrap_or(match said("as") {
            Some("mg") => Role::Mg,
            Some(_) | None => Role::Mgc,
        });
        let carrier = || said("transport")?.parse().ok();
        let encoding = || said("encoding")?.parse().ok();
        Options {
            carrier: self.transport.or_else(carrier).unwrap_or_default(),
            encoding: self.encoding.or_else(encoding).unwrap_or_default(),
            address: self.listen.ip(),
            port: self.listen.port(),
            target: self.to,
            limit: self.limit.unwrap_or(LIMIT),
            messages: self.messages,
            ..Options::new(role)
        }
    }

    /// How long it may take where nobody has said it.
    pub(super) fn limit_at(&mut self, limit: Duration) {
        self.limit.get_or_insert(limit);
    }

    /// Somebody has to be there for a gateway, which speaks first; a hook may say where.
    pub(super) fn met(&self, options: &Options) -> Result<(), Trouble> {
        if options.role == Role::Mgc || self.to.is_some() || !self.hooks.is_empty() {
            return Ok(());
        }
        let told = "expected --to ADDRESS, where the controller listens, since the tool plays the gateway; found none";
        Err(told.into())
    }

    /// How a scenario is played.
    pub(super) fn settings(&self, options: &Options, goes_on: bool) -> Settings {
        let mut settings = Settings::new(options.role, options.encoding);
        settings.values.extend(self.names());
        settings.goes_on = goes_on;
        settings.pace = self.timing;
        settings.longest = match (self.patience, self.timing >= 1.0) {
            (None, false) => Some(PATIENCE),
            (patience, _) => patience,
        };
        settings
    }

    fn names(&self) -> Names {
        self.values.iter().cloned().collect()
    }

    pub(super) fn commands(&self) -> Commands {
        Commands::new(self.hooks.iter().cloned())
    }

    /// Plays a scenario once.
    pub(super) async fn play(
        &self,
        script: &Script,
        role: Option<Role>,
        goes_on: bool,
    ) -> Result<Outcome, Trouble> {
        let options = self.options(script, role);
        let settings = self.settings(&options, goes_on);
        self.met(&options)?;
        let program: Arc<Program> = Program::new(script, &Library::ours())?;
        program.check_names(&settings.values)?;
        let home = options.role.home();
        let mut live = Live::bind(options).await?;
        if let Some(at) = live.places().get(home) {
            say!("listening on {at}");
        }
        let played = live.play(program, settings, &self.commands()).await;
        Ok(played.outcome)
    }
}

/// Tells how it went.
pub(super) fn tell(outcome: &Outcome, quiet: bool) {
    if !quiet {
        for line in replay::steps(outcome) {
            say!("{line}");
        }
    }
    if outcome.forgotten > 0 {
        let more = outcome.forgotten;
        say!("{more} messages were too many to be kept");
    }
    if outcome.untold > 0 {
        say!(
            "{} steps, remarks and records more are not told",
            outcome.untold
        );
    }
    say!("verdict: {}", replay::verdict(outcome));
}

/// Runs a command whose end is a verdict: 0 pass, 1 fail, 2 inconclusive, 3 error.
pub(crate) fn run(command: impl Future<Output = Result<Verdict, Trouble>>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let ended = runtime.map_err(Trouble::from).and_then(|runtime| {
        runtime.block_on(async {
            let mut interruption = Interruption::new()?;
            tokio::select! {
                result = command => result,
                how = interruption.comes() => Err(how.into()),
            }
        })
    });
    match ended {
        Ok(Verdict::Pass) => ExitCode::SUCCESS,
        Ok(Verdict::Fail) => ExitCode::from(1),
        Ok(Verdict::Inconc | Verdict::None) => ExitCode::from(2),
        Ok(Verdict::Error) => ExitCode::from(3),
        Err(error) => {
            complain!("h248: {}", chain(error.as_ref()));
            ExitCode::from(3)
        }
    }
}
