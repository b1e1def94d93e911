//! `h248 ladder`: a capture as a ladder.

use std::{
    collections::BTreeSet,
    fs, io, mem,
    path::{Path, PathBuf},
    process::ExitCode,
    str::FromStr,
    time::Duration,
};

use codec_h248::{ContextId, TerminationId};
use lab::{
    capture::{CaptureFile, Captured},
    ladder::{Drawing, Filter, Ladder, Moment, Reader, Seen, Verb, figures},
};

use super::{
    Trouble, chain,
    messages::{Outcome, ended, told},
};
use crate::output::{complain, octets, say};

/// What to draw, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A pcapng or pcap file; `-` is standard input
    file: PathBuf,
    /// Writes a page of HTML, which needs no other file, instead of lines
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Writes an SVG drawing instead of lines
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Tells figures of all messages instead of lines: rates, response times, error codes, repeats
    #[arg(long)]
    stats: bool,
    /// Tells each day, UTC, in a line of its own before the first of its lines
    #[arg(long, conflicts_with_all = ["html", "svg", "stats"])]
    date: bool,
    #[command(flatten)]
    filter: FilterArguments,
}

/// Which transactions are shown: those of which a request or a reply fits all that is asked for.
#[derive(Debug, clap::Args)]
struct FilterArguments {
    /// Only what names this Termination, or one that fits `ds/1/*`; several times: any of them
    #[arg(long, value_name = "NAME", value_parser = termination)]
    termination: Vec<TerminationId<'static>>,
    /// Follows a Termination: what names it, what happens in its Context while it is there, and where it goes
    #[arg(long, value_name = "NAME", value_parser = termination)]
    follow: Option<TerminationId<'static>>,
    /// Only this Context: a number, `-` for the null Context, `*`, `$`
    #[arg(long, value_name = "CONTEXT", value_parser = context, allow_hyphen_values = true)]
    context: Vec<ContextId>,
    /// Only this transaction: an id, or FIRST-LAST
    #[arg(long, value_name = "ID", value_parser = ids)]
    transaction: Vec<Ids>,
    /// Only this command: `Subtract`, or `S`
    #[arg(long, value_name = "COMMAND", value_parser = verb)]
    command: Vec<Verb>,
    /// Only what has failed: an error reply, a request without a reply, what does not decode
    #[arg(long)]
    errors: bool,
    /// Not before: `09:24:02.5` (UTC), `+12.5` (seconds after the first message), `2026-11-29T09:24:02Z`
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Option<Moment>,
    /// Only before
    #[arg(long, value_name = "TIME", value_parser = moment)]
    to: Option<Moment>,
}

type Ids = std::ops::RangeInclusive<u32>;

impl FilterArguments {
    fn filter(&self) -> Filter {
        Filter {
            terminations: self.termination.clone(),
            follow: self.follow.clone(),
            contexts: self.context.clone(),
            transactions: self.transaction.clone(),
            commands: self.command.clone(),
            errors: self.errors,
            from: self.from,
            to: self.to,
        }
    }
}

fn termination(word: &str) -> Result<TerminationId<'static>, String> {
    match word {
        "" => Err("expected the name of a Termination, or a pattern like ds/1/*".to_owned()),
        word => Ok(TerminationId::from_name(word.to_owned())),
    }
}

fn context(word: &str) -> Result<ContextId, String> {
    match word {
        "-" => Ok(ContextId::Null),
        "*" => Ok(ContextId::All),
        "$" => Ok(ContextId::Choose),
        number => number
            .parse()
            .map(ContextId::Id)
            .map_err(|_| format!("a Context is a number, `-`, `*` or `$`, not {number:?}")),
    }
}

fn ids(word: &str) -> Result<Ids, String> {
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    let number = |word: &str| {
        word.trim_start_matches(['T', 't'])
            .parse()
            .map_err(|_| format!("an id is a number from 0 to 4294967295, not {word:?}"))
    };
    let (first, last) = (number(first)?, number(last)?);
    match first <= last {
        true => Ok(first..=last),
        false => Err(format!(
            "expected FIRST-LAST, the lesser first, found {word:?}"
        )),
    }
}

fn verb(word: &str) -> Result<Verb, String> {
    let names = || Verb::ALL.map(Verb::name).join(", ");
    Verb::from_name(word).ok_or_else(|| format!("a command is one of {}", names()))
}

fn moment(word: &str) -> Result<Moment, String> {
    let wrong = || format!("expected hh:mm:ss, +SECONDS or yyyy-mm-ddThh:mm:ssZ, not {word:?}");
    let seconds = |word: &str| {
        let seconds = f64::from_str(word).map_err(|_| wrong())?;
        Duration::try_from_secs_f64(seconds).map_err(|_| wrong())
    };
    if let Some(after) = word.strip_prefix('+') {
        return seconds(after).map(Moment::After);
    }
    if let Ok(time) = humantime::parse_rfc3339_weak(word) {
        return Ok(Moment::At(time));
    }
    let mut since = Duration::ZERO;
    for part in word.split(':') {
        since = since * 60 + seconds(part)?;
    }
    let parts = word.split(':').count();
    let of_day = || since * if parts == 2 { 60 } else { 1 };
    (2..=3)
        .contains(&parts)
        .then(of_day)
        .map(Moment::OfDay)
        .ok_or_else(wrong)
}

impl Arguments {
    /// What can only be a mistake.
    fn check(&self) -> Result<(), String> {
        let filter = &self.filter;
        if let (Some(from), Some(to)) = (filter.from, filter.to)
            && to.precedes(from)
        {
            return Err("expected --from before --to, found them the other way round".to_owned());
        }
        let written = [&self.html, &self.svg].into_iter().flatten();
        let files = || written.clone().chain([&self.file]);
        let apart: BTreeSet<PathBuf> = files().map(|path| same(path)).collect();
        if apart.len() < files().count() {
            return Err("expected a file of its own for each of FILE, --html and --svg, found one named twice".to_owned());
        }
        Ok(())
    }
}

/// The file that a path means, whether it is there or not.
fn same(path: &Path) -> PathBuf {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let whole = fs::canonicalize(path).ok();
    let beside = || Some(fs::canonicalize(folder).ok()?.join(path.file_name()?));
    whole.or_else(beside).unwrap_or_else(|| path.to_owned())
}

/// Reads the whole file and shows it: 0 if it is whole, 1 if it is not, 2 if it cannot be drawn.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let outcome = match arguments
        .check()
        .map_err(Trouble::from)
        .and_then(|()| draw_all(arguments))
    {
        Ok(None) => Outcome::Fine,
        Ok(Some(flaw)) => told(
            &arguments.file.display().to_string(),
            &flaw,
            Outcome::Rejected,
        ),
        Err(error) => told("h248", &chain(error.as_ref()), Outcome::Unreadable),
    };
    ended(outcome)
}

/// Draws; why the capture is not whole, if it is not.
fn draw_all(arguments: &Arguments) -> Result<Option<String>, Trouble> {
    let mut show = Show::new(arguments);
    let mut capture = CaptureFile::new(&arguments.file);
    let mut written = Ok(());
    let whole = capture.whole(&mut |message: Captured<'_>| {
        let shown = show.take((&message).into());
        written = mem::replace(&mut written, Ok(())).and(shown);
    });
    written?;
    let flaw = whole.map_err(|error| format!("{}: {}", arguments.file.display(), chain(&error)))?;
    show.end(arguments)?;
    let statistics = &show.kind.reader().statistics;
    let (all, undecoded) = (statistics.messages, statistics.undecoded);
    say!("{}; {undecoded} do not decode", capture.counts());
    if !show.any && all > 0 {
        complain!("none of {all} messages fits what is asked for");
    }
    Ok(flaw)
}

/// Octets that are written at one go.
const AT_ONCE: usize = 1 << 16;

/// What becomes of the messages.
struct Show {
    kind: Shown,
    text: String,
    /// Whether anything fitted.
    any: bool,
}

enum Shown {
    Lines(Box<Ladder>),
    Drawing(Box<Drawing>),
    Figures(Box<Reader>),
}

impl Shown {
    fn reader(&self) -> &Reader {
        match self {
            Self::Lines(ladder) => ladder.reader(),
            Self::Drawing(drawing) => drawing.reader(),
            Self::Figures(reader) => reader,
        }
    }
}

impl Show {
    fn new(arguments: &Arguments) -> Self {
        let filter = arguments.filter.filter();
        let kind = if arguments.html.is_some() || arguments.svg.is_some() {
            let mut drawing = Drawing::new("m");
            drawing.filter(filter);
            Shown::Drawing(Box::new(drawing))
        } else if arguments.stats {
            Shown::Figures(Box::default())
        } else {
            let mut ladder = Ladder::default();
            ladder.filter(filter);
            if arguments.date {
                ladder.tell_days();
            }
            Shown::Lines(Box::new(ladder))
        };
        Self {
            kind,
            text: String::new(),
            any: false,
        }
    }

    fn take(&mut self, seen: Seen<'_>) -> io::Result<()> {
        match &mut self.kind {
            Shown::Lines(ladder) => ladder.write(seen, &mut self.text),
            Shown::Drawing(drawing) => drawing.message(seen),
            Shown::Figures(reader) => {
                reader.read(seen);
            }
        }
        if self.text.len() > AT_ONCE {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.any |= !self.text.is_empty();
        octets(self.text.as_bytes())?;
        self.text.clear();
        Ok(())
    }

    fn end(&mut self, arguments: &Arguments) -> Result<(), Trouble> {
        match &mut self.kind {
            Shown::Lines(ladder) => ladder.end(&mut self.text),
            Shown::Drawing(drawing) => {
                drawing.end();
                self.any = !drawing.is_empty();
                draw(drawing, arguments)?;
            }
            Shown::Figures(_) => {}
        }
        if arguments.stats {
            self.text.push_str(&figures::text(self.kind.reader()));
        }
        Ok(self.flush()?)
    }
}

/// Writes the files that were asked for.
fn draw(drawing: &Drawing, arguments: &Arguments) -> Result<(), Trouble> {
    let title = arguments.file.file_name().unwrap_or_default();
    if let Some(file) = &arguments.html {
        write(file, &drawing.page(&title.to_string_lossy()))?;
    }
    if let Some(file) = &arguments.svg {
        write(file, &drawing.svg())?;
    }
    if drawing.left_out() > 0 {
        complain!("{}", drawing.left_out_told());
    }
    Ok(())
}

fn write(file: &Path, text: &str) -> Result<(), Trouble> {
    fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()).into())
}
