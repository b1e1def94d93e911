//! `h248 run`: a scenario against a live peer, once or very often.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use lab::{
    replay::load::{Load, Loaded, Second, load},
    scenario::{Script, Verdict, parse},
    text_file,
};

use transport_h248::Carrier;

use super::{
    Trouble,
    playing::{Playing, tell},
};
use crate::output::say;

/// Which scenario, against whom, and how often.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A scenario, as docs/scenarios.md has them
    scenario: PathBuf,
    /// What differs is told, and the scenario goes on
    #[arg(long)]
    go_on: bool,
    #[command(flatten)]
    playing: Playing,
    #[command(flatten)]
    often: Often,
}

/// Load, over UDP.
#[derive(Debug, clap::Args)]
struct Often {
    /// Plays it so many times a second, in one process on one core
    #[arg(long, value_name = "CALLS_PER_SECOND", value_parser = rate)]
    rate: Option<f64>,
    /// The rate grows to that in this time
    #[arg(long, default_value = "0s", value_parser = humantime::parse_duration)]
    ramp: Duration,
    /// So many run at a time, at most
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    in_flight: usize,
    /// For so long calls are begun
    #[arg(long, default_value = "10s", value_parser = humantime::parse_duration)]
    time: Duration,
    /// A line for each second goes to this file
    #[arg(long, requires = "rate")]
    csv: Option<PathBuf>,
}

/// More calls a second no machine plays.
const RATE_MAX: f64 = 1e6;

fn rate(text: &str) -> Result<f64, String> {
    let told =
        || format!("expected calls a second, more than 0 and up to {RATE_MAX}; found {text}");
    let rate = text.parse::<f64>().map_err(|_| told())?;
    (rate > 0.0 && rate <= RATE_MAX)
        .then_some(rate)
        .ok_or_else(told)
}

fn read(path: &Path) -> Result<Script, Trouble> {
    let text = text_file::read(path)?;
    let mut script = parse(&text, 1).map_err(|error| format!("{}: {error}", path.display()))?;
    script.path = path.to_owned();
    let stem = path.file_stem().unwrap_or_default();
    script.id = stem.to_string_lossy().into_owned();
    Ok(script)
}

/// Plays it.
pub(crate) async fn run(arguments: Arguments) -> Result<Verdict, Trouble> {
    let script = read(&arguments.scenario)?;
    let playing = &arguments.playing;
    if let Some(rate) = arguments.often.rate {
        return arguments.often.run(&script, playing, rate).await;
    }
    let outcome = playing.play(&script, None, arguments.go_on).await?;
    tell(&outcome, playing.quiet);
    Ok(outcome.verdict)
}

impl Often {
    async fn run(&self, script: &Script, playing: &Playing, rate: f64) -> Result<Verdict, Trouble> {
        let wanted = Load {
            rate,
            ramp: self.ramp,
            in_flight: self.in_flight,
            time: self.time,
        };
        let options = playing.options(script, None);
        playing.met(&options)?;
        if options.carrier != Carrier::Udp {
            return Err(
                "expected UDP with --rate, found a scenario or an option that says otherwise"
                    .into(),
            );
        }
        let mut settings = playing.settings(&options, false);
        settings.repeats = true;
        let mut seconds = Seconds::new(self.csv.as_deref())?;
        let each = |second: &Second| {
            if !playing.quiet {
                say!("{second}");
            }
            seconds.line(&second.csv());
        };
        let ends = (playing.listen, playing.to);
        let listening = |at| say!("listening on {at}");
        let loaded = load(script, settings, ends, wanted, listening, each).await?;
        seconds.finish()?;
        Ok(told(&loaded, wanted))
    }
}

/// The file that seconds go to, if there is one: opened before anything is sent.
struct Seconds<'p> {
    file: Option<(&'p Path, Box<dyn io::Write>)>,
    written: io::Result<()>,
}

impl<'p> Seconds<'p> {
    fn new(path: Option<&'p Path>) -> Result<Self, Trouble> {
        let open = |path: &'p Path| {
            let mut file = fs::OpenOptions::new();
            let file = file.create(true).truncate(true).write(true).open(path);
            let told = |error| format!("{}: {error}", path.display());
            let file = file.map_err(told)?;
            Ok::<_, String>((path, Box::new(file) as Box<dyn io::Write>))
        };
        let mut seconds = Self {
            file: path.map(open).transpose()?,
            written: Ok(()),
        };
        seconds.line(Second::HEAD);
        Ok(seconds)
    }

    fn line(&mut self, text: &str) {
        if let (Some((_, file)), Ok(())) = (&mut self.file, &self.written) {
            self.written = writeln!(file, "{text}");
        }
    }

    fn finish(self) -> Result<(), Trouble> {
        let name = self
            .file
            .map_or(String::new(), |(path, _)| path.display().to_string());
        self.written
            .map_err(|error| format!("{name}: {error}").into())
    }
}

/// Tells how the load went; its verdict.
fn told(loaded: &Loaded, wanted: Load) -> Verdict {
    for line in &loaded.told {
        say!("failed: {line}");
    }
    let figures = &loaded.figures;
    let millis = |part| figures.percentile(part).as_secs_f64() * 1e3;
    say!(
        "{} calls in {:.1} s, {:.0} a second ({:.0} wanted): {} passed, {} failed, {} not over; \
         p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms; {} messages; {} requests of the peer answered, {} refused",
        figures.started,
        loaded.took.as_secs_f64(),
        figures.ended() as f64 / loaded.took.as_secs_f64().max(0.001),
        wanted.rate,
        figures.passed,
        figures.failed,
        loaded.left,
        millis(0.5),
        millis(0.95),
        millis(0.99),
        figures.sent + figures.received,
        figures.answered,
        figures.refused,
    );
    match (figures.failed, loaded.left, figures.passed) {
        (0, 0, 1..) => Verdict::Pass,
        (0, 0, 0) => Verdict::Inconc,
        _ => Verdict::Fail,
    }
}
