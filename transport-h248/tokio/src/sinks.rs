//! Who looks on at the messages: each sink gets every trace.

use std::{net::SocketAddr, path::Path, time::SystemTime};

use transport_h248::{Anchor, Trace};

use crate::{capture::Capture, hep::Hep, ladder::Ladder, network::Network};

/// One who looks on.
pub trait Sink: std::fmt::Debug + Send {
    /// What it is, as the log calls it.
    fn name(&self) -> &'static str;

    /// Takes a message. `local` is our address on its way, and `time` is when it went.
    ///
    /// # Errors
    ///
    /// It can take no more; it is given none then.
    fn record(&mut self, trace: &Trace, local: SocketAddr, time: SystemTime) -> Result<(), String>;
}

/// All who look on.
#[derive(Debug, Default)]
pub struct Sinks(Vec<Box<dyn Sink>>);

/// Who is to look on.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// The capture file.
    pub capture: Option<&'a Path>,
    /// Where the collector is that all messages are exported to, and the number of our agent.
    pub hep: Option<(SocketAddr, u32)>,
    /// Whether each message is a line on stderr.
    pub ladder: bool,
}

impl Sinks {
    /// Opens those that are wanted.
    ///
    /// # Errors
    ///
    /// Which of them cannot be opened, and why.
    pub fn open(wanted: &Wanted<'_>) -> Result<Self, String> {
        let mut sinks = Self::default();
        if let Some(path) = wanted.capture {
            let failed = |error| format!("capture {}: {error}", path.display());
            sinks.add(Capture::create(path).map_err(failed)?);
        }
        if let Some((collector, agent)) = wanted.hep {
            let failed = |error| format!("hep {collector}: {error}");
            sinks.add(Hep::open(collector, agent).map_err(failed)?);
        }
        if wanted.ladder {
            sinks.add(Ladder::default());
        }
        Ok(sinks)
    }

    /// Adds one.
    pub fn add(&mut self, sink: impl Sink + 'static) {
        self.0.push(Box::new(sink));
    }

    /// Whether anybody looks on.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Shows messages that went through this network to all, at the wall time of the anchor.
    pub fn show(
        &mut self,
        traces: impl Iterator<Item = Trace>,
        network: &Network,
        anchor: &Anchor,
    ) {
        for trace in traces {
            if let Some(local) = network.local(trace.route.listener) {
                self.record(&trace, local, anchor.system(trace.time));
            }
        }
    }

    /// Shows a message to all. One who fails is told of and sees no more.
    fn record(&mut self, trace: &Trace, local: SocketAddr, time: SystemTime) {
        self.0.retain_mut(|sink| {
            let taken = sink.record(trace, local, time);
            if let Err(error) = &taken {
                tracing::warn!(%error, "{} ends here", sink.name());
            }
            taken.is_ok()
        });
    }
}
