//! The H.248 media gateway and media server: `mg`.

mod announcements;
mod codecs;
mod config;
mod counted;
mod limits;
mod lines;
mod media;
mod media_thread;
mod operator;
mod packages;
mod port_range;
mod processor;
mod recorder;
mod routes;
mod shell;
mod sockets;
mod sound;
#[cfg(test)]
mod testing;
mod waiting_delay;

use std::{
    io::{self, Write},
    net::SocketAddr,
    process::ExitCode,
    sync::Arc,
};

use clap::Parser;
use mg_core::{Mg, Secret};
use mg_media::Engine;
use transport_h248_tokio::{
    clock, descriptors, log,
    network::Network,
    program::{self, Failure},
    sinks::Sinks,
};

use crate::{config::Options, media::Media, operator::Operator, recorder::Recorder, shell::Shell};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    program::run("mg", run(Options::parse())).await
}

async fn run(options: Options) -> Result<(), Failure> {
    #[cfg(feature = "mutants")]
    transport_h248::mutants::seed(options.mutant);
    let settings = options.settle()?;
    let _log = log::start(&settings.log);
    descriptors::raise_limit();
    let rtp = sockets::try_address(settings.rtp_address);
    rtp.map_err(|error| format!("rtp-address {}: {error}", settings.rtp_address))?;
    let network = Network::open(&[settings.h248]);
    let network = network.map_err(|error| format!("h248 {error}"))?;
    let h248 = network.local(0).ok_or("h248: no socket")?;
    let lines = settings.read_lines()?;
    let announcements = announcements::read_any(settings.announcements.as_deref())?;
    let packages = settings.read_packages()?;
    let recorder = Recorder::start(&lines.records, settings.recordings.as_deref())?;
    let (recorder, ends) = recorder.unzip();
    let (recorded, recordings) = ends.map(|ends| (ends.entries, ends.reports)).unzip();
    let sinks = Sinks::open(&settings.sinks())?;

    let (anchor, seed) = (clock::anchor(), fastrand::u64(..));
    tracing::info!(seed, "starting");
    let wall = (anchor.instant, anchor.system);
    let mut config = settings.core(h248, &lines)?;
    config.announcements = announcements.keys().copied().collect();
    config.records = settings.recordings.is_some();
    Arc::make_mut(&mut config.transport.names).packages = packages.registry;
    config.packages = packages.vendors;
    config.secret = Some(random_secret()?);
    let mut heard = settings.engine(h248, &lines);
    heard.announcements = announcements;
    // All count time from one instant: a stream runs on when it goes from one to another.
    let engine = |n| {
        let heard = heard.clone();
        move || Engine::new(heard, seed.wrapping_add(n), wall, anchor.instant)
    };
    let engines = (0..settings.media_threads as u64).map(engine).collect();
    let peers = lines.peer_ports().collect();
    let (mut media, told) = Media::start(
        engines,
        settings.rtp_address,
        peers,
        recorded.as_ref(),
        routes::ENOUGH,
    )?;
    drop(recorded);
    config.transport.authentication = settings.authentication.link(&[h248], anchor.system)?;
    config.transport.trace = !sinks.is_empty();
    let mg = Mg::new(config, seed, anchor, anchor.instant);
    let operator = Operator::new(settings.lines.clone())?;
    announce(h248)?;
    let ended = Shell::new(
        mg,
        anchor,
        network,
        sinks,
        &mut media,
        settings.graceful,
        operator,
    )
    .run(told, recordings)
    .await;
    // A thread that has panicked says so, whatever else went wrong because of it.
    media.stop()?;
    if let Some(recorder) = recorder {
        recorder.finish()?;
    }
    Ok(ended?)
}

/// What keys for SRTP are made of: nothing that a seed decides, but what the operating system has.
fn random_secret() -> Result<Secret, String> {
    let mut secret = Secret([0; 32]);
    let filled = getrandom::fill(&mut secret.0);
    filled.map_err(|error| format!("no random numbers from the operating system: {error}"))?;
    Ok(secret)
}

/// Says where the gateway is, once it is.
fn announce(h248: SocketAddr) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "mg: h248 {h248}")?;
    stdout.flush()
}
