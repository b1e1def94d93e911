//! `h248 conform`: a conformance campaign, and the folder that tells of it.

use std::{
    fs,
    io::{self, IsTerminal as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant, SystemTime},
};

use lab::conform::{
    bench::LiveBench,
    catalogue::{Catalogue, Source},
    known::Known,
    outcome::{Campaign, Counts, Outcome},
    pics::Pics,
    pixit::Pixit,
    purpose::{Purpose, Role},
    report, review,
    run::{self, Plan},
    select::{self, Choice},
    site::Site,
    verdict::{Status, Verdict},
};
use lab::scenario::live::Operator;
use tokio::sync::watch;

use super::{Interruption, Trouble, chain, playing::far_end};
use crate::output::{complain, say};

/// The file by which a folder is known to be a campaign's.
const RESULTS: &str = "results.jsonl";
/// So long an operator is waited for where the PIXIT does not say it.
const ANSWERS_WITHIN: Duration = Duration::from_secs(300);

/// What is tested, and with what.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// What is under test: mg or mgc.
    #[arg(long)]
    role: Role,
    /// Where it listens. Where a hook starts it, the hook says so
    #[arg(long, value_name = "IP:PORT", value_parser = far_end)]
    target: Option<SocketAddr>,
    /// What it is said to implement [default: what our own program does]
    #[arg(long, value_name = "FILE.toml")]
    pics: Option<PathBuf>,
    /// What has to be known of it besides, and the hooks [default: those of our own program]
    #[arg(long, value_name = "FILE.toml")]
    pixit: Option<PathBuf>,
    /// A value of the PIXIT that stands over the file's
    #[arg(long = "set", value_name = "PX_NAME=VALUE")]
    set: Vec<String>,
    /// What carries messages: udp, tcp or sctp [default: PX_TRANSPORT]
    #[arg(long)]
    transport: Option<String>,
    /// How messages are encoded: text or binary [default: PX_ENCODING]
    #[arg(long)]
    encoding: Option<String>,
    /// Purposes, groups or beginnings of ids, such as AD,MO_BV,TP_MG_SX_BI_01 [default: all]
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    only: Vec<String>,
    /// Leaves out what has one of these tags: media, slow, prompt, trig
    #[arg(long, value_name = "TAGS", value_delimiter = ',')]
    skip: Vec<String>,
    /// Implementations under test at a time, each started by the hook at a place of its own
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,
    /// The seed of what is random [default: another one each time; it is told]
    #[arg(long)]
    seed: Option<u64>,
    /// Purposes that are known to fail, ID: reason a line [default: the catalogue's list]
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    /// A folder with another catalogue [default: the one in this program]
    #[arg(long, value_name = "FOLDER")]
    catalogue: Option<PathBuf>,
    /// The folder of the campaign
    #[arg(long, default_value = "conform-out", value_name = "FOLDER")]
    out: PathBuf,
    /// Tells what would be played and what would not, and plays nothing
    #[arg(long)]
    list: bool,
    /// Nobody is asked at the terminal for what no hook does
    #[arg(long)]
    unattended: bool,
}

/// Everything that a campaign is made of.
struct Prepared {
    catalogue: Catalogue,
    pics: Pics,
    pixit: Pixit,
    known: Known,
    choice: Choice,
    seed: u64,
}

/// Runs the campaign; 0 all pass, 1 one fails, 2 one could not be judged, 3 an error.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    match campaign(arguments) {
        Ok(code) => ExitCode::from(code),
        Err(trouble) => {
            complain!("h248: {}", chain(trouble.as_ref()));
            ExitCode::from(3)
        }
    }
}

fn campaign(arguments: &Arguments) -> Result<u8, Trouble> {
    let prepared = arguments.prepare()?;
    let purposes = prepared.selection()?;
    if arguments.list {
        list(&purposes);
        return Ok(0);
    }
    folder(&arguments.out)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let campaign = runtime.block_on(arguments.play(&prepared, purposes))?;
    report::write(&arguments.out, &campaign, &prepared.pics, &prepared.pixit)?;
    for sentence in &campaign.review {
        say!("static review: {sentence}");
    }
    summary(campaign.counts());
    if let Some(how) = &campaign.interrupted {
        say!("the campaign was {how} before its end");
    }
    say!("{}", arguments.out.join("report.html").display());
    Ok(campaign.exit_code())
}

/// Makes the folder of the campaign, or takes away what an earlier campaign has left there.
fn folder(out: &Path) -> Result<(), Trouble> {
    let told = |error| format!("{}: {error}", out.display());
    fs::create_dir_all(out).map_err(told)?;
    let is_empty = fs::read_dir(out).map_err(told)?.next().is_none();
    if !is_empty && !out.join(RESULTS).exists() {
        let told = "is not empty, and no folder of a campaign";
        return Err(format!("{} {told}", out.display()).into());
    }
    for name in ["captures", "logs", "state"] {
        if out.join(name).exists() {
            fs::remove_dir_all(out.join(name)).map_err(told)?;
        }
    }
    fs::write(out.join(RESULTS), "").map_err(told)?;
    Ok(())
}

impl Arguments {
    fn prepare(&self) -> Result<Prepared, Trouble> {
        let source = match &self.catalogue {
            Some(folder) => Source::Folder(folder.clone()),
            None => Source::Own,
        };
        let catalogue = Catalogue::read(source, self.role)?;
        let pics = Pics::read(self.pics.as_deref(), self.role, &catalogue.source)?;
        let mut pixit = Pixit::read(self.pixit.as_deref(), self.role, &catalogue.source)?;
        if self.target.is_some() && self.pixit.is_none() {
            // They would start our own program, and that would be judged in the place of what is named.
            pixit.forget_hooks();
            complain!(
                "h248: --target without --pixit: our own programs' hooks are left out; name those of \
                 what is under test in a PIXIT"
            );
        }
        for pair in &self.set {
            let (name, value) = pair
                .split_once('=')
                .ok_or_else(|| format!("--set is PX_NAME=VALUE, not {pair}"))?;
            pixit.set(name, value)?;
        }
        let options = [
            ("PX_TRANSPORT", &self.transport),
            ("PX_ENCODING", &self.encoding),
        ];
        for (name, value) in options {
            if let Some(value) = value {
                pixit.set(name, value)?;
            }
        }
        let known = Known::read(self.known.as_deref(), &catalogue.source)?;
        self.check_known(&known, &catalogue)?;
        Ok(Prepared {
            catalogue,
            pics,
            pixit,
            known,
            choice: Choice {
                only: self.only.clone(),
                skip: self.skip.clone(),
            },
            seed: self.seed.unwrap_or_else(|| fastrand::u64(..)),
        })
    }
}

impl Arguments {
    /// Looks for ids that no purpose has, of whichever role: in a list that was named they are a mistake.
    fn check_known(&self, known: &Known, catalogue: &Catalogue) -> Result<(), Trouble> {
        let other = match self.role {
            Role::Mg => Role::Mgc,
            Role::Mgc => Role::Mg,
        };
        let mut all = catalogue.purposes.clone();
        let beside = Catalogue::read(catalogue.source.clone(), other).ok();
        let has_both = beside.is_some();
        all.extend(beside.into_iter().flat_map(|other| other.purposes));
        for stranger in known.strangers(&all) {
            if !has_both && stranger.starts_with(&format!("TP_{other}_")) {
                continue;
            }
            if let Some(file) = &self.known {
                let file = file.display();
                let told = format!("{file}: expected a purpose of the catalogue; found {stranger}");
                return Err(told.into());
            }
            complain!("h248: no purpose is called {stranger}, which is listed as failing");
        }
        Ok(())
    }

    async fn play(
        &self,
        prepared: &Prepared,
        purposes: Vec<(Purpose, Option<Status>)>,
    ) -> Result<Campaign, Trouble> {
        let pixit = &prepared.pixit;
        let site = Site {
            role: self.role,
            source: &prepared.catalogue.source,
            pixit,
            target: self.target,
            seed: prepared.seed,
            folder: &self.out,
            operator: self.operator(pixit),
        };
        let mut benches = Vec::new();
        for number in 1..=self.jobs {
            let bench = LiveBench::new(&site, number).await?;
            if let Some(told) = bench.awaits() {
                say!("{told}");
            }
            benches.push(bench);
        }
        let encoding = pixit.value("PX_ENCODING").unwrap_or("text").to_owned();
        let plan = Plan {
            purposes,
            known: prepared.known.clone(),
            encoding: encoding.clone(),
            folder: self.out.clone(),
        };
        let (began, start) = now();
        let (outcomes, interrupted) =
            until_stopped(|stop| run::run(plan, benches, stop, progress)).await?;
        Ok(Campaign {
            role: self.role,
            carrier: pixit
                .value("PX_TRANSPORT")
                .and_then(|name| name.parse().ok())
                .unwrap_or_default(),
            encoding,
            target: self.under_test(prepared),
            choice: prepared.choice.clone(),
            catalogue: prepared.catalogue.purposes.len(),
            seed: prepared.seed,
            began,
            took: now().1.duration_since(start),
            review: review(
                self.role,
                &prepared.pics,
                &outcomes,
                self.only.is_empty() && self.skip.is_empty() && interrupted.is_none(),
            ),
            outcomes,
            interrupted: interrupted.map(str::to_owned),
        })
    }

    /// Who is asked for what no hook does, where somebody sits at the terminal.
    fn operator(&self, pixit: &Pixit) -> Option<Operator> {
        if self.unattended || !io::stdin().is_terminal() {
            return None;
        }
        let wanted = pixit.parameters.iter();
        let wanted = wanted.map(|one| (one.name.clone(), by_hand(&one.meaning)));
        let limit = pixit.time("PX_T_OPERATOR").unwrap_or(ANSWERS_WITHIN);
        let answers = io::BufReader::new(io::stdin());
        Some(Operator::new(answers, wanted.collect(), limit))
    }

    /// What the reports call what was tested.
    fn under_test(&self, prepared: &Prepared) -> String {
        let said = |name: &str| prepared.pics.implementation.get(name).map(String::as_str);
        let words = [said("name"), said("version")].into_iter().flatten();
        let name = words.collect::<Vec<_>>().join(" ");
        match self.target {
            Some(target) => format!("{name} at {target}"),
            None => name,
        }
    }
}

/// What a person does in the place of a hook.
fn by_hand(meaning: &str) -> String {
    let meaning = meaning.trim_start_matches("a command line that ");
    meaning.replacen("has the controller do this: ", "the controller ", 1)
}

/// Runs a campaign, and tells what interrupted it. The first signal ends what is being played, and what was
/// judged is still told; the second ends everything.
async fn until_stopped<F>(
    campaign: impl FnOnce(watch::Receiver<bool>) -> F,
) -> Result<(Vec<Outcome>, Option<&'static str>), Trouble>
where
    F: Future<Output = Result<Vec<Outcome>, report::ReportError>>,
{
    let mut interruption = Interruption::new()?;
    let (stop, stopped) = watch::channel(false);
    let campaign = campaign(stopped);
    tokio::pin!(campaign);
    let mut interrupted = None;
    loop {
        tokio::select! {
            outcomes = &mut campaign => return Ok((outcomes?, interrupted)),
            how = interruption.comes() => {
                if stop.send_replace(true) {
                    return Err(how.into());
                }
                interrupted = Some(how);
                complain!("h248: {how}; what was judged is written");
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "reports tell when a campaign began and how long it took"
)]
fn now() -> (SystemTime, Instant) {
    (SystemTime::now(), Instant::now())
}

impl Prepared {
    /// The purposes that were asked for, each with how it ends where it is not played.
    fn selection(&self) -> Result<Vec<(Purpose, Option<Status>)>, Trouble> {
        self.choice.check(&self.catalogue.purposes)?;
        let only = &self.choice.only;
        let all = self.catalogue.purposes.iter();
        let named = all.filter(|purpose| only.is_empty() || purpose.is_named(only));
        let selection = named.map(|purpose| {
            let left_out = select::left_out(purpose, &self.pics, &self.pixit, &self.choice);
            (purpose.clone(), left_out)
        });
        Ok(selection.collect())
    }
}

fn list(purposes: &[(Purpose, Option<Status>)]) {
    for (purpose, left_out) in purposes {
        let status = if purpose.mandatory { "M" } else { "O" };
        match left_out {
            None => say!("{} {status} {}", purpose.id, purpose.title),
            Some(Status::NotSelected(reason)) => {
                say!("{} {status} not-selected: {reason}", purpose.id);
            }
            Some(Status::Skipped(reason)) => say!("{} {status} skipped: {reason}", purpose.id),
            Some(Status::Judged(_)) => {}
        }
    }
    let played = purposes.iter().filter(|(_, left_out)| left_out.is_none());
    say!(
        "{} of {} purposes are played",
        played.count(),
        purposes.len()
    );
}

/// What is told while it runs: a line for each purpose, and more where it does not pass.
fn progress(outcome: &Outcome, left: usize) {
    let word = match outcome.failed_as_known() {
        true => "known",
        false => outcome.status.word(),
    };
    let time = outcome.took.as_secs_f64();
    say!(
        "{left:>4} left  {:<18} {word:<7} {time:>6.2} s  {}",
        outcome.purpose.id,
        outcome.purpose.title
    );
    if outcome.verdict() != Some(Verdict::Pass) && !outcome.reason.is_empty() {
        say!("            {}", outcome.reason);
    }
    if let Some(known) = outcome.known.as_ref().filter(|_| outcome.failed_as_known()) {
        say!("            known: {known}");
    }
    if outcome.passes_though_listed() {
        say!("            it passes, and is listed as failing");
    }
    for remark in &outcome.remarks {
        say!("            remark: {remark}");
    }
}

fn summary(counts: Counts) {
    say!(
        "{} pass ({} with a remark), {} fail, {} fail as known, {} inconc, {} error; {} not selected, {} skipped",
        counts.pass,
        counts.remarked,
        counts.fail,
        counts.known,
        counts.inconc,
        counts.error,
        counts.not_selected,
        counts.skipped
    );
    if counts.unexpected > 0 {
        say!(
            "{} pass though they are listed as failing",
            counts.unexpected
        );
    }
}
