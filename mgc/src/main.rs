//! The H.248 media gateway controller and Parlay platform: `mgc`.

mod caller;
mod config;
mod control;
mod http;
mod journal;
mod meter;
mod profiles;
mod shell;
mod store;
mod trace;
mod webhook;
mod writer;

use std::{
    io::{self, Write},
    net::SocketAddr,
    path::Path,
    pin::pin,
    process::ExitCode,
};

use clap::Parser;
use codec_h248::{Host, MId};
use mgc_core::Mgc;
use tokio::{net::TcpListener, sync::oneshot};
use transport_h248_tokio::{
    clock, descriptors, log,
    network::Network,
    program::{self, Failure},
    signals::Signals,
    sinks::Sinks,
};

use crate::{
    caller::Tokens,
    config::{Options, Settings},
    control::Control,
    http::{Limits, Parts},
    journal::Journal,
    meter::Meter,
    shell::Shell,
    store::{Held, Store},
    trace::Ring,
    webhook::Webhook,
    writer::Writer,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    program::run("mgc", run(Options::parse())).await
}

async fn run(options: Options) -> Result<(), Failure> {
    #[cfg(feature = "mutants")]
    transport_h248::mutants::seed(options.mutant);
    let settings = options.settle()?;
    let _log = log::start(&settings.log);
    descriptors::raise_limit();

    let tokens = tokens(&settings)?;
    let mut signals = Signals::new()?;
    let listener = TcpListener::bind(settings.http).await;
    let listener = listener.map_err(|error| format!("http {}: {error}", settings.http))?;
    let (control, orders) = Control::new();
    let meter = Meter::new();
    let webhook = settings.webhook.as_ref().map(Webhook::new);
    let webhook = webhook.transpose()?;
    let Assembled {
        shell,
        journal,
        trace,
        h248,
        delivered,
    } = assemble(&settings, meter.clone())?;
    announce(&h248, listener.local_addr()?)?;
    if let Some(webhook) = webhook {
        tokio::spawn(webhook.run(journal.clone(), delivered, control.clone()));
    }

    let router = http::router(Parts {
        control,
        journal: journal.clone(),
        trace,
        limits: Limits::default(),
        tokens,
        meter,
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async {
        // A dropped sender means the same.
        let _ = stopped.await;
    };
    let mut serving = pin!(http::serve(listener, router, stopped));
    let mut shell = pin!(shell.run(orders));
    tokio::select! {
        result = &mut shell => return result,
        () = &mut serving => return Ok(()),
        () = signals.recv() => tracing::info!("stopping"),
    }
    journal.close();
    drop(stop);
    tokio::select! {
        result = &mut shell => Ok(result?),
        () = &mut serving => Ok(()),
        () = signals.recv() => Ok(()),
    }
}

/// The loop and what is around it.
struct Assembled {
    shell: Shell,
    journal: Journal,
    trace: Ring,
    /// Where H.248 is spoken.
    h248: Vec<SocketAddr>,
    /// The last event that the webhook has taken.
    delivered: Option<u64>,
}

/// Opens the H.248 side.
fn assemble(settings: &Settings, meter: Meter) -> Result<Assembled, Failure> {
    let anchor = clock::anchor();
    let network = Network::open(&settings.h248);
    let network = network.map_err(|error| format!("h248 {error}"))?;
    let h248: Vec<SocketAddr> = (0..=1).filter_map(|number| network.local(number)).collect();
    let mut sinks = Sinks::open(&settings.sinks())?;
    let mut config = mgc_core::Config::new(mid(h248[0]));
    config.heartbeat = settings.heartbeat;
    config.inactivity = settings.inactivity;
    config.statistics = settings.statistics;
    config.limits = settings.limits;
    (config.limits.wait, config.limits.wait_max) = settings.waits;
    config.profiles = settings.profiles.clone();
    config.transport.authentication = settings.authentication.link(&h248, anchor.system)?;
    let link = &mut config.transport;
    let trace = Ring::new(settings.trace, link.limits.decode, link.names.clone());
    if settings.trace > 0 {
        sinks.add(trace.clone());
    }
    link.trace = !sinks.is_empty();
    config.gateways = settings.gateways.clone();
    config.durable = settings.state.is_some();
    let (store, held) = open_store(settings.state.as_deref())?;
    let delivered = held.delivered;
    let seed = fastrand::u64(..);
    let mgc = Mgc::restore(config, seed, anchor, anchor.instant, held.records)?;
    let opened = shell::time_text(anchor.system).into();
    let journal = Journal::resume(settings.events_kept, held.epoch, opened, held.events);
    let onlookers = (sinks, trace.clone());
    let shell = Shell::new(
        mgc,
        anchor,
        network,
        onlookers,
        (journal.clone(), Writer::new(store)?),
        meter,
    );
    Ok(Assembled {
        shell,
        journal,
        trace,
        h248,
        delivered,
    })
}

/// Whom the API listens to.
fn tokens(settings: &Settings) -> Result<Option<Tokens>, Failure> {
    let Some(path) = &settings.tokens else {
        if !settings.http.ip().is_loopback() {
            tracing::warn!("the API is open to everybody who can reach it; see --tokens");
        }
        return Ok(None);
    };
    let tokens = Tokens::read(path);
    let tokens = tokens.map_err(|error| format!("tokens {}: {error}", path.display()))?;
    Ok(Some(tokens))
}

/// Opens the store, if there is to be one.
fn open_store(path: Option<&Path>) -> Result<(Option<Box<dyn Store>>, Held), Failure> {
    let epoch = format!("{:08x}", fastrand::u32(..));
    let Some(path) = path else {
        let held = Held {
            records: Vec::new(),
            events: Vec::new(),
            epoch,
            delivered: None,
        };
        return Ok((None, held));
    };
    let opened = store::File::open(path, epoch);
    let (file, held) = opened.map_err(|error| format!("state {}: {error}", path.display()))?;
    Ok((Some(Box::new(file)), held))
}

/// The name by which the controller speaks: its address, or where it listens on all of them, which
/// is no name, a device name.
fn mid(h248: SocketAddr) -> MId<'static> {
    if h248.ip().is_unspecified() {
        return MId::Device("mgc".into());
    }
    MId::Address {
        host: Host(h248.ip()),
        port: Some(h248.port()),
    }
}

/// Says where everything is, once it is.
fn announce(h248: &[SocketAddr], http: SocketAddr) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    for (name, place) in ["h248", "h248-binary"].into_iter().zip(h248) {
        writeln!(stdout, "mgc: {name} {place}")?;
    }
    writeln!(stdout, "mgc: http {http}")?;
    stdout.flush()
}
