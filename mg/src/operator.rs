//! What the operator changes while the gateway runs: service states, read again at SIGHUP.

use std::{io, path::PathBuf};

use mg_core::Mg;
use tokio::signal::unix::{Signal, SignalKind, signal};
use transport_h248_tokio::clock;

use crate::lines::{Lines, LinesError, Services};

/// The file of physical Terminations, and what it has said of their service.
#[derive(Debug)]
pub(crate) struct Operator {
    file: Option<Watched>,
}

#[derive(Debug)]
struct Watched {
    path: PathBuf,
    services: Services,
    hangup: Signal,
}

impl Operator {
    /// Catches SIGHUP from here on, where there is a file.
    pub(crate) fn new(path: Option<PathBuf>) -> io::Result<Self> {
        let file = path.map(|path| {
            let services = Lines::services(&path).unwrap_or_default();
            let hangup = signal(SignalKind::hangup())?;
            Ok::<_, io::Error>(Watched {
                path,
                services,
                hangup,
            })
        });
        Ok(Self {
            file: file.transpose()?,
        })
    }

    /// Waits until the file is to be read again.
    pub(crate) async fn next(&mut self) {
        match &mut self.file {
            Some(file) => {
                file.hangup.recv().await;
            }
            None => std::future::pending().await,
        }
    }

    /// Reads the file again, and tells the core what is different.
    pub(crate) fn read_again(&mut self, mg: &mut Mg) {
        let Some(file) = &mut self.file else {
            return;
        };
        match file.changes() {
            Ok(changes) => {
                tracing::info!("{} read again", file.path.display());
                for id in mg.handle_services(changes, clock::now()) {
                    tracing::warn!("{id} is new; it takes a restart");
                }
            }
            Err(error) => tracing::warn!("nothing has changed: {error}"),
        }
    }
}

impl Watched {
    fn changes(&mut self) -> Result<Services, LinesError> {
        let now = Lines::services(&self.path)?;
        let before = std::mem::replace(&mut self.services, now.clone());
        let differs = |(id, service): &(_, _)| before.get(id) != Some(service);
        Ok(now.into_iter().filter(differs).collect())
    }
}
