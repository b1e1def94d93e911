//! One file a command, and what they share.

pub(crate) mod bench_media;
mod captures;
pub(crate) mod conform;
pub(crate) mod crash;
pub(crate) mod decode;
pub(crate) mod demo;
pub(crate) mod diff;
pub(crate) mod encode;
mod folders;
pub(crate) mod hook;
pub(crate) mod ladder;
pub(crate) mod latency;
pub(crate) mod load;
pub(crate) mod make_capture;
mod messages;
pub(crate) mod phones;
pub(crate) mod platform;
pub(crate) mod playing;
pub(crate) mod replay;
pub(crate) mod run;
pub(crate) mod scale;
pub(crate) mod script;
pub(crate) mod sim;
pub(crate) mod soak;

use std::{error::Error, io, process::ExitCode, time::Duration};

use clap::ValueEnum;
use lab::phones::codec;
use lab::{
    api::{Api, Gateway},
    programs::Programs,
    stage,
};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::output::{complain, lost, say};

/// What ends a command early.
pub(crate) type Trouble = Box<dyn Error + Send + Sync>;

/// A gateway registers within this time.
const REGISTERED_WITHIN: Duration = Duration::from_secs(10);
/// The pause between two looks at the gateways.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// What the legs speak.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Codec {
    /// G.711 µ-law
    Pcmu,
    /// G.711 A-law
    Pcma,
    /// Opus
    Opus,
    /// Every second leg the other law
    Mixed,
}

impl Codec {
    /// The codec of the leg at this place.
    pub(crate) fn of(self, place: usize) -> codec::Codec {
        match self {
            Self::Pcmu => codec::Codec::Pcmu,
            Self::Pcma => codec::Codec::Pcma,
            Self::Opus => codec::Codec::Opus,
            Self::Mixed if place.is_multiple_of(2) => codec::Codec::Pcmu,
            Self::Mixed => codec::Codec::Pcma,
        }
    }
}

/// Runs a command until its end, or until it is interrupted; whatever it holds is dropped then,
/// which ends the programs that it started.
pub(crate) fn run(command: impl Future<Output = Result<Vec<String>, Trouble>>) -> ExitCode {
    run_to_end(async {
        let mut interruption = Interruption::new()?;
        tokio::select! {
            result = command => result,
            how = interruption.comes() => Err(how.into()),
        }
    })
}

/// Runs a command that sees to interruptions itself.
pub(crate) fn run_to_end(command: impl Future<Output = Result<Vec<String>, Trouble>>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => finish(runtime.block_on(command)),
        Err(error) => finish(Err(error.into())),
    }
}

/// Says how a command ended: the faults it found, or the trouble that ended it early.
pub(crate) fn finish(result: Result<Vec<String>, Trouble>) -> ExitCode {
    match result {
        Ok(faults) if faults.is_empty() => match lost() {
            None => ExitCode::SUCCESS,
            Some(error) => {
                complain!("h248: standard output: {error}");
                ExitCode::FAILURE
            }
        },
        Ok(faults) => {
            say!("\nNOT AS IT MUST BE ({}):", faults.len());
            for fault in faults {
                say!("  {fault}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            complain!("h248: {}", chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// An error with all its causes that it does not tell itself.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}

/// Waits until a gateway is registered with the platform, as long as both programs run.
pub(crate) async fn registered(api: &Api, programs: &mut Programs) -> Result<Gateway, Trouble> {
    let start = stage::now();
    loop {
        if let Some(gateway) = api.gateways().await?.into_iter().next() {
            return Ok(gateway);
        }
        programs.check()?;
        if stage::now().duration_since(start) > REGISTERED_WITHIN {
            return Err(format!("no gateway has registered within {REGISTERED_WITHIN:?}").into());
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// What ended a command early: that a program has ended, where one has; otherwise `trouble`.
pub(crate) async fn blame(programs: &mut Programs, trouble: Trouble) -> Trouble {
    // A program's sockets close a moment before it ends.
    tokio::time::sleep(LOOK_AGAIN).await;
    programs.check().err().map_or(trouble, Trouble::from)
}

/// What asks a command to end.
pub(crate) struct Interruption {
    interrupt: Signal,
    terminate: Signal,
}

impl Interruption {
    /// From now on, Ctrl-C and SIGTERM wait until they are asked for.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for it; says what it was.
    pub(crate) async fn comes(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "interrupted",
            _ = self.terminate.recv() => "terminated",
        }
    }
}
