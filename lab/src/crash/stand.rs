//! The programs of a crash test: a controller that keeps its state in a file, a gateway, and the
//! path between them. Each of them comes back at the addresses that it had.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use super::path::Path;
use crate::programs::{Places, Program, ProgramError};

/// Pairs of RTP ports that the gateway has: little more than there are phones, so that one that is
/// not given back is missed soon.
pub(super) const PORT_PAIRS: u16 = 24;
/// Where the ranges of RTP ports lie, below those that the system gives out.
const FIRST_PORT: u16 = 10_000;
/// So many gateways find a range of their own.
const RANGES: u32 = 400;
/// A program that was killed leaves its addresses a moment later.
const ADDRESS_FREE_WITHIN: u32 = 50;
/// The pause between two attempts at them.
const ADDRESS_AGAIN: Duration = Duration::from_millis(20);

/// The programs.
#[derive(Debug)]
pub(super) struct Stand {
    places: Places,
    mgc: Option<Program>,
    mg: Option<Program>,
    /// The path between the two.
    pub(super) path: Path,
    /// Where the gateway finds the controller.
    controller: SocketAddr,
    /// Where the controller speaks HTTP.
    pub(super) http: SocketAddr,
    h248: SocketAddr,
    gateway: SocketAddr,
    state: PathBuf,
    first_port: u16,
    starts: u32,
}

impl Stand {
    /// Starts both, with an empty state, at the ends of a path.
    pub(super) async fn start(places: Places, path: Path) -> Result<Self, ProgramError> {
        let state = places.out.join("state.redb");
        let io = |error| ProgramError::Io("crash".to_owned(), error);
        match std::fs::remove_file(&state) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(io(error)),
            _ => {}
        }
        let [h248, http, gateway] = path.hosts().map(|host| SocketAddr::new(host, 0));
        let range = u16::try_from(std::process::id() % RANGES).unwrap_or(0);
        let first_port = FIRST_PORT + 2 * PORT_PAIRS * range;
        let mut stand = Self {
            path,
            controller: h248,
            places,
            mgc: None,
            mg: None,
            http,
            h248,
            gateway,
            state,
            first_port,
            starts: 0,
        };
        stand.start_mgc().await?;
        let led = stand.path.lead_to(stand.h248).await;
        stand.controller = led.map_err(io)?;
        stand.start_mg().await?;
        Ok(stand)
    }

    /// Starts the controller with the state that it left.
    pub(super) async fn start_mgc(&mut self) -> Result<(), ProgramError> {
        let (h248, http) = (self.h248.to_string(), self.http.to_string());
        let state = self.state.display().to_string();
        let arguments = [
            "--h248", &h248, "--http", &http, "--state", &state, "--ladder",
        ];
        let mut mgc = self.begin("mgc", &arguments).await?;
        self.h248 = mgc.0;
        self.http = mgc.1.address("http").await?;
        mgc.1.drain();
        self.mgc = Some(mgc.1);
        Ok(())
    }

    /// Starts the gateway.
    pub(super) async fn start_mg(&mut self) -> Result<(), ProgramError> {
        let (mgc, h248) = (self.controller.to_string(), self.gateway.to_string());
        let last = self.first_port + 2 * PORT_PAIRS - 1;
        let ports = format!("{}-{last}", self.first_port);
        let arguments = [
            "--mgc",
            &mgc,
            "--h248",
            &h248,
            "--rtp-address",
            "127.0.0.1",
            "--rtp-ports",
            &ports,
            "--mwd",
            "0",
        ];
        let (gateway, mut mg) = self.begin("mg", &arguments).await?;
        self.gateway = gateway;
        mg.drain();
        self.mg = Some(mg);
        Ok(())
    }

    /// Starts a program; where it speaks H.248, and itself.
    async fn begin(
        &mut self,
        name: &'static str,
        arguments: &[&str],
    ) -> Result<(SocketAddr, Program), ProgramError> {
        let mut attempt = 0;
        loop {
            self.starts += 1;
            let log = self.places.out.join(format!("{name}-{}.log", self.starts));
            let bin_dir = &self.places.bin_dir;
            let within = match name {
                "mgc" => self.path.within(),
                _ => Vec::new(),
            };
            let mut program = Program::start_within(&within, name, bin_dir, log, arguments).await?;
            match program.address("h248").await {
                Ok(address) => return Ok((address, program)),
                Err(error) if attempt == ADDRESS_FREE_WITHIN => return Err(error),
                Err(_) => attempt += 1,
            }
            tokio::time::sleep(ADDRESS_AGAIN).await;
        }
    }

    /// `kill -9` of the controller.
    pub(super) async fn kill_mgc(&mut self) -> Result<(), ProgramError> {
        match self.mgc.take() {
            Some(mgc) => mgc.kill().await,
            None => Ok(()),
        }
    }

    /// `kill -9` of the gateway.
    pub(super) async fn kill_mg(&mut self) -> Result<(), ProgramError> {
        match self.mg.take() {
            Some(mg) => mg.kill().await,
            None => Ok(()),
        }
    }

    /// An error where one of them has ended by itself.
    pub(super) fn check(&mut self) -> Result<(), ProgramError> {
        let programs = self.mgc.iter_mut().chain(&mut self.mg);
        programs.into_iter().try_for_each(Program::still_runs)
    }

    /// Ends both as Ctrl-C does, the gateway first; what was not clean is returned.
    pub(super) async fn stop(self) -> Vec<ProgramError> {
        let mut unclean = Vec::new();
        for program in self.mg.into_iter().chain(self.mgc) {
            unclean.extend(program.stop().await.err());
        }
        unclean
    }
}
