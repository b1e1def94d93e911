//! The H.248 media gateway and media server: `mg`.

mod config;
mod media_thread;
mod shell;
mod sockets;

use std::{
    error::Error,
    io::{self, Write},
    net::SocketAddr,
    process::ExitCode,
};

use clap::Parser;
use mg_core::Mg;
use mg_media::Engine;
use transport_h248_tokio::{capture::Capture, clock, log, udp};

use crate::{
    config::{Options, Settings},
    media_thread::MediaThread,
    shell::Shell,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to do where stderr is closed.
            let _ = writeln!(io::stderr(), "mg: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let settings = options.settle()?;
    let _log = log::start(&settings.log);
    let rtp = sockets::try_address(settings.rtp_address);
    rtp.map_err(|error| format!("rtp-address {}: {error}", settings.rtp_address))?;
    let socket = udp::bind(settings.h248);
    let socket = socket.map_err(|error| format!("h248 {}: {error}", settings.h248))?;
    let h248 = socket.local_addr()?;
    let capture = open_capture(&settings, h248)?;

    let (anchor, seed) = (clock::anchor(), fastrand::u64(..));
    tracing::info!(seed, "starting");
    let wall = (anchor.instant, anchor.system);
    let engine = Engine::new(settings.engine(h248), seed, wall, anchor.instant);
    let (media, told) = MediaThread::start(engine, settings.rtp_address)?;
    let mg = Mg::new(settings.core(h248)?, seed, anchor, anchor.instant);
    announce(h248)?;
    let ended = Shell::new(mg, anchor, socket, capture, &media)
        .run(told)
        .await;
    // A thread that has panicked says so, whatever else went wrong because of it.
    media.stop()?;
    Ok(ended?)
}

fn open_capture(settings: &Settings, h248: SocketAddr) -> Result<Option<Capture>, String> {
    let create = |path: &std::path::PathBuf| {
        let failed = |error| format!("capture {}: {error}", path.display());
        Capture::create(path, h248).map_err(failed)
    };
    settings.capture.as_ref().map(create).transpose()
}

/// Says where the gateway is, once it is.
fn announce(h248: SocketAddr) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "mg: h248 {h248}")?;
    stdout.flush()
}
