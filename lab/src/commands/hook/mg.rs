//! The hooks of our gateway: it is started and stopped, and its lines fail and come back.

use std::{
    fmt::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use rustix::process::Signal;
use serde::{Deserialize, Serialize};

use super::{
    End, Folder, Trouble, Words, carrier, config, listening, name, ports, started::Started,
    variable,
};

/// Where it may speak H.248; no port that the system gives to others is among them, so that it is free after
/// a restart.
const PORTS: std::ops::Range<u16> = 10_000..16_000;
/// Where media may be received; each folder has a range of its own in it.
const RTP_PORTS: std::ops::Range<u16> = 16_000..32_000;
/// How long such a range is.
const RTP_PORTS_EACH: u16 = 400;
/// The announcement that the catalogue's rows play: its number, tone and length.
const ANNOUNCEMENT: (u32, f32, u32) = (1, 1_000.0, 700);
/// Samples of a second of it.
const RATE: u32 = 8_000;
/// Why a line is out of service (H.248.8, 904).
const MALFUNCTIONING: u32 = 904;

/// What outlasts a restart of the gateway.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Kept {
    /// Where it speaks H.248; 0 before its first start.
    port: u16,
    /// The first port of its media.
    rtp: u16,
}

/// The physical Terminations.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Lines {
    lines: u32,
    trunks: u32,
    /// Those that are out of service.
    out: Vec<String>,
    /// What is done with the phone of the first line.
    #[serde(default)]
    script: Vec<String>,
}

pub(super) async fn hook(
    folder: &Folder,
    bin_dir: &Path,
    mut words: Words<'_>,
) -> Result<End, Trouble> {
    let verb = words.need("a verb")?.to_ascii_lowercase();
    let end = match verb.as_str() {
        "cold" => cold(folder, bin_dir).await?,
        "shutdown" => shutdown(folder).await?,
        "fail" | "restore" => {
            let line = words.need("a Termination")?;
            serve(folder, line, verb == "restore")?
        }
        "warm" => {
            return Ok(End::Cannot(
                "mg does not tell a warm start from a cold one".to_owned(),
            ));
        }
        other => return Ok(End::Cannot(format!("mg has no hook {other}"))),
    };
    words.end()?;
    Ok(end)
}

/// Kills what runs, and starts it anew at the same place.
async fn cold(folder: &Folder, bin_dir: &Path) -> Result<End, Trouble> {
    if let Some(running) = Started::of(folder, "mg") {
        running.end(Signal::KILL).await?;
    }
    let mut kept: Kept = folder.read("mg-kept").unwrap_or_default();
    if kept.port == 0 {
        kept.port = fastrand::u16(PORTS);
    }
    if kept.rtp == 0 {
        kept.rtp = media_ports(folder)?;
    }
    let mut arguments = own_arguments(folder, &kept)?;
    let mut lines = Lines::default();
    let mut mgcs = "mgc1".to_owned();
    for (option, value) in config()? {
        let option = match option.as_str() {
            "mgcs" => {
                mgcs = value;
                continue;
            }
            "lines" => {
                lines.lines = value.parse()?;
                continue;
            }
            "trunks" => {
                lines.trunks = value.parse()?;
                continue;
            }
            // What is done with the first line's phone: `1s:off-hook,3s:flash:50ms`.
            "script" => {
                lines.script = value.split(',').map(|act| act.replace(':', " ")).collect();
                continue;
            }
            "ports" => {
                let pairs: u16 = value.parse()?;
                let last = kept.rtp + (2 * pairs).saturating_sub(1);
                arguments.push("--rtp-ports".to_owned());
                arguments.push(format!("{}-{last}", kept.rtp));
                continue;
            }
            "mwd" => {
                let seconds = value.parse::<f64>()? / 1_000.0;
                arguments.extend(["--mwd".to_owned(), seconds.to_string()]);
                continue;
            }
            "contexts" => "max-contexts",
            "terminations" => "max-terminations",
            "terminations-per-context" => "max-per-context",
            "version" => "h248-version",
            "streams" => return Ok(End::Cannot("mg has no option for streams".to_owned())),
            other => other,
        };
        arguments.extend([format!("--{option}"), value]);
    }
    arguments.extend(homes(&mgcs)?);
    arguments.push("--lines".to_owned());
    arguments.push(write_lines(folder, &lines)?.display().to_string());
    let (mg, address) = start(folder, bin_dir, arguments).await?;
    kept.port = address.port();
    folder.write("mg-kept", &kept)?;
    name("IUT_ADDR", address);
    name("IUT_PID", mg.pid);
    Ok(End::Done)
}

/// Starts it; where its port has been taken since it last had it, at another.
async fn start(
    folder: &Folder,
    bin_dir: &Path,
    mut arguments: Vec<String>,
) -> Result<(Started, SocketAddr), Trouble> {
    let mg = Started::start(folder, bin_dir, "mg", last_wins(arguments.clone())).await?;
    let first = mg.address(folder, "h248").await;
    let taken = |trouble: &Trouble| trouble.to_string().contains("Address already in use");
    if !first.as_ref().err().is_some_and(taken) {
        return Ok((mg, first?));
    }
    arguments.extend(["--h248".to_owned(), "127.0.0.1:0".to_owned()]);
    let mg = Started::start(folder, bin_dir, "mg", last_wins(arguments)).await?;
    let address = mg.address(folder, "h248").await?;
    Ok((mg, address))
}

/// A range of ports that no other folder has claimed, on this machine and while that folder is there.
fn media_ports(folder: &Folder) -> Result<u16, Trouble> {
    let claims = claims();
    std::fs::create_dir_all(&claims)?;
    let own = folder.path().canonicalize()?;
    let ranges = RTP_PORTS.len() as u16 / RTP_PORTS_EACH;
    let mut starts: Vec<u16> = (0..ranges)
        .map(|range| RTP_PORTS.start + RTP_PORTS_EACH * range)
        .collect();
    fastrand::shuffle(&mut starts);
    for start in starts {
        let claim = claims.join(start.to_string());
        let holder = std::fs::read_to_string(&claim).unwrap_or_default();
        let is_claimed = !holder.is_empty() && Path::new(&holder).exists();
        if is_claimed || !ports::are_free(start, RTP_PORTS_EACH) {
            continue;
        }
        let mut options = std::fs::OpenOptions::new();
        let options = options.write(true).truncate(true);
        if let Ok(mut file) = options.create_new(holder.is_empty()).open(&claim) {
            std::io::Write::write_all(&mut file, own.to_string_lossy().as_bytes())?;
            return Ok(start);
        }
    }
    Err("every range of ports is claimed".into())
}

/// Where ranges of ports are claimed.
fn claims() -> PathBuf {
    std::env::temp_dir().join("h248-hook-ports")
}

/// Gives the range of ports back: folders of campaigns stay, and would claim theirs for ever.
fn release(folder: &Folder) -> Result<(), Trouble> {
    let mut kept: Kept = folder.read("mg-kept").unwrap_or_default();
    let claim = claims().join(kept.rtp.to_string());
    let own = folder.path().canonicalize()?;
    if std::fs::read_to_string(&claim).is_ok_and(|holder| Path::new(&holder) == own) {
        std::fs::remove_file(claim)?;
        kept.rtp = 0;
        folder.write("mg-kept", &kept)?;
    }
    Ok(())
}

async fn shutdown(folder: &Folder) -> Result<End, Trouble> {
    if let Some(running) = Started::of(folder, "mg") {
        running.end(Signal::INT).await?;
    }
    release(folder)?;
    Ok(End::Done)
}

/// What it is told whatever the row says.
fn own_arguments(folder: &Folder, kept: &Kept) -> Result<Vec<String>, Trouble> {
    let sounds = folder.path().join("announcements");
    let records = folder.path().join("recordings");
    std::fs::create_dir_all(&sounds)?;
    std::fs::create_dir_all(&records)?;
    announcement(&sounds)?;
    let last = kept.rtp + RTP_PORTS_EACH - 1;
    let mut arguments = vec![
        "--h248".to_owned(),
        format!("{}127.0.0.1:{}", listening(), kept.port),
        "--rtp-ports".to_owned(),
        format!("{}-{last}", kept.rtp),
        "--mwd".to_owned(),
        "0".to_owned(),
        "--announcements".to_owned(),
        sounds.display().to_string(),
        "--recordings".to_owned(),
        records.display().to_string(),
        "--zconfmix".to_owned(),
    ];
    for (variable_name, option) in [
        ("H248_ENCODING", "--encoding"),
        ("H248_VERSION", "--h248-version"),
    ] {
        if let Some(value) = variable(variable_name) {
            arguments.extend([option.to_owned(), value]);
        }
    }
    Ok(arguments)
}

/// The controllers, by their places among those of the tool.
fn homes(mgcs: &str) -> Result<Vec<String>, Trouble> {
    let tester = variable("H248_TESTER").ok_or("H248_TESTER names no controller")?;
    let tester: Vec<&str> = tester.split_whitespace().collect();
    let carrier = carrier();
    let mut arguments = Vec::new();
    for place in mgcs.split(',') {
        let number = place
            .strip_prefix("mgc")
            .and_then(|text| text.parse::<usize>().ok());
        let address = number.and_then(|number| tester.get(number.checked_sub(1)?));
        let address = address.ok_or_else(|| format!("H248_TESTER has no {place}"))?;
        arguments.extend(["--mgc".to_owned(), format!("{carrier}{address}")]);
    }
    Ok(arguments)
}

/// An option may be named once; the controllers may be many.
fn last_wins(arguments: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    let mut words = arguments.into_iter().peekable();
    while let Some(option) = words.next() {
        let value = words.next_if(|word| !word.starts_with("--"));
        if option != "--mgc"
            && let Some(at) = kept.iter().position(|own| *own == option)
        {
            kept.drain(at..at + 1 + usize::from(value.is_some()));
        }
        kept.push(option);
        kept.extend(value);
    }
    kept
}

fn announcement(folder: &Path) -> Result<(), Trouble> {
    let (number, tone, length_ms) = ANNOUNCEMENT;
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let path = folder.join(format!("{number}.wav"));
    let mut file = hound::WavWriter::create(path, spec)?;
    for at in 0..RATE * length_ms / 1_000 {
        let phase = at as f32 * tone * std::f32::consts::TAU / RATE as f32;
        file.write_sample((phase.sin() * 8_000.0) as i16)?;
    }
    Ok(file.finalize()?)
}

/// Takes a line out of service, or puts it back.
fn serve(folder: &Folder, line: &str, back: bool) -> Result<End, Trouble> {
    let mut lines: Lines = folder.read("mg-lines").unwrap_or_default();
    let mut names = (1..=lines.lines).map(|number| format!("line/{number}"));
    let mut trunks = (1..=lines.trunks).map(|number| format!("tr/1/{number}"));
    if !names.any(|name| name == line) && !trunks.any(|name| name == line) {
        return Ok(End::Cannot(format!("mg can make no {line} fail")));
    }
    lines.out.retain(|out| out != line);
    if !back {
        lines.out.push(line.to_owned());
    }
    write_lines(folder, &lines)?;
    let mg = Started::of(folder, "mg").ok_or("no mg runs")?;
    mg.signal(Signal::HUP)?;
    Ok(End::Done)
}

/// Writes the file of lines, and what it was made of.
fn write_lines(folder: &Folder, lines: &Lines) -> Result<PathBuf, Trouble> {
    folder.write("mg-lines", lines)?;
    let path = folder.path().join("lines.toml");
    std::fs::write(&path, lines.text())?;
    Ok(path)
}

impl Lines {
    fn text(&self) -> String {
        let mut text = String::new();
        let service = |name: &str| {
            let is_out = self.out.iter().any(|out| out == name);
            let out = format!("service = {{ out = {{ reason = {MALFUNCTIONING} }} }}\n");
            if is_out { out } else { String::new() }
        };
        for number in 1..=self.lines {
            let name = format!("line/{number}");
            let _ = write!(text, "[[line]]\nname = \"{name}\"\n{}", service(&name));
            if number == 1 && !self.script.is_empty() {
                let _ = writeln!(text, "script = {:?}", self.script);
            }
        }
        if self.trunks == 0 {
            return text;
        }
        let count = self.trunks;
        let _ = write!(
            text,
            "[[trunk]]\nname = \"tr/1\"\nchannels = \"1-{count}\"\n"
        );
        for number in 1..=count {
            let service = service(&format!("tr/1/{number}"));
            if !service.is_empty() {
                let _ = write!(text, "[[trunk.channel]]\nnumber = {number}\n{service}");
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_row_says_takes_the_place_of_what_is_always_said() {
        let words = [
            "--mwd",
            "0",
            "--zconfmix",
            "--mgc",
            "a",
            "--mgc",
            "b",
            "--mwd",
            "2.5",
        ];
        let kept = last_wins(words.map(str::to_owned).to_vec());
        let expected = ["--zconfmix", "--mgc", "a", "--mgc", "b", "--mwd", "2.5"];
        assert_eq!(kept, expected);
    }

    #[test]
    fn the_file_of_lines_tells_which_are_out() {
        let lines = Lines {
            lines: 1,
            trunks: 2,
            out: vec!["tr/1/2".to_owned()],
            script: vec!["1s off-hook".to_owned()],
        };
        let expected = "[[line]]\nname = \"line/1\"\nscript = [\"1s off-hook\"]\n[[trunk]]\nname = \"tr/1\"\nchannels = \"1-2\"\n\
                        [[trunk.channel]]\nnumber = 2\nservice = { out = { reason = 904 } }\n";
        assert_eq!(lines.text(), expected);
    }
}
