//! Very many Calls on a controller, with gateways that carry no media, and how long moves take at
//! a rate that does not wait for them.

mod gateways;
mod reports;

use std::{
    collections::BTreeMap,
    io,
    time::{Duration, Instant},
};

use futures_util::{StreamExt as _, stream};
use tokio::task::JoinSet;

use self::{gateways::Gateways, reports::Reports};
use crate::{
    api::{Api, ApiError, Strategy},
    programs::{Places, Program, ProgramError},
    stage::now,
};

/// Requests under way while the Calls are made.
const AT_ONCE: usize = 32;
/// Gateways register within this time.
const REGISTERED_WITHIN: Duration = Duration::from_secs(20);
/// Reports that are late are waited for so long.
const REPORTED_WITHIN: Duration = Duration::from_secs(20);
/// The pause between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// Clock ticks a second in `/proc/PID/stat`.
const TICKS_PER_SECOND: f64 = 100.0;
/// A party that is nowhere.
const OFFER: &str = "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 0\r\n";

/// How large a load is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Calls, each with two Segs.
    pub calls: usize,
    /// Legs of each Call.
    pub legs: usize,
    /// Gateways.
    pub gateways: u16,
    /// Whether the controller keeps its state in a file.
    pub durable: bool,
}

/// Why a load cannot be put on.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The platform.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The controller.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// A gateway.
    #[error("a gateway: {0}")]
    Io(#[from] io::Error),
    /// The events.
    #[error("events: {0}")]
    Events(#[from] reqwest::Error),
    /// Gateways.
    #[error("{0} of {1} gateways have registered within {REGISTERED_WITHIN:?}")]
    Gateways(usize, u16),
}

/// What a rate of moves has shown.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// Moves that were asked for.
    pub asked: usize,
    /// Those of them that were reported as done.
    pub done: usize,
    /// Why others were refused, or not answered, and how many.
    pub refused: BTreeMap<String, usize>,
    /// Moves that were asked for a second; the client may be slower than it was told to be.
    pub rate: f64,
    /// From AttachMediaReq to LegEventReport, of a half of them.
    pub p50: Duration,
    /// Of 99 of 100.
    pub p99: Duration,
    /// What a move costs the controller.
    pub cpu_per_move: Duration,
    /// How busy a core it keeps.
    pub cpu_share: f64,
    /// How busy a core this program keeps: the client and the gateways.
    pub cpu_share_here: f64,
}

/// A leg and the two Segs between which it goes.
#[derive(Clone, Debug)]
struct Walker {
    call: String,
    leg: String,
    segs: [String; 2],
    at: usize,
}

/// An operation that was taken, and when it was asked for; else why not.
type Asked = Result<(String, Instant), String>;

/// A controller with its Calls.
#[derive(Debug)]
pub struct Load {
    api: Api,
    reports: Reports,
    walkers: Vec<Walker>,
    next: usize,
    mgc: Program,
    _gateways: Gateways,
}

impl Load {
    /// Starts the controller and its gateways, and makes the Calls.
    pub async fn start(places: &Places, size: Size) -> Result<Self, LoadError> {
        let state = places.out.join("load.redb");
        if let Err(error) = std::fs::remove_file(&state)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error.into());
        }
        let state = state.display().to_string();
        let mut arguments = vec!["--h248", "127.0.0.1:0", "--http", "127.0.0.1:0"];
        if size.durable {
            arguments.extend(["--state", &state]);
        }
        let log = places.out.join("mgc-load.log");
        let mut mgc = Program::start("mgc", &places.bin_dir, log, &arguments).await?;
        let h248 = mgc.address("h248").await?;
        let base = format!("http://{}", mgc.address("http").await?);
        mgc.drain();
        let gateways = Gateways::start(size.gateways, h248).await?;
        let api = Api::new(&base)?;
        registered(&api, size.gateways).await?;
        let calls = stream::iter((0..size.calls).map(|_| call(&api, size.legs)));
        let calls: Vec<_> = calls.buffer_unordered(AT_ONCE).collect().await;
        let calls: Result<Vec<Vec<Walker>>, ApiError> = calls.into_iter().collect();
        let calls = calls?;
        // Neighbours in time are of different Calls.
        let walkers =
            (0..size.legs).flat_map(|leg| calls.iter().map(move |call| call[leg].clone()));
        Ok(Self {
            walkers: walkers.collect(),
            reports: Reports::follow(&base).await?,
            api,
            next: 0,
            mgc,
            _gateways: gateways,
        })
    }

    /// Asks for so many moves a second for a while, whether those before are done or not.
    pub async fn moves(&mut self, rate: u32, length: Duration, strategy: Strategy) -> Shown {
        let before = [self.cpu(), cpu(std::process::id())];
        let start = now();
        let mut requests = JoinSet::new();
        let mut asked = 0;
        while now().duration_since(start) < length {
            let due = now().duration_since(start).as_secs_f64() * f64::from(rate);
            while (asked as f64) < due {
                self.ask(strategy, &mut requests);
                asked += 1;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let spent = now().duration_since(start);
        let mut taken = Vec::new();
        let mut refused: BTreeMap<String, usize> = BTreeMap::new();
        while let Some(answer) = requests.join_next().await {
            match answer {
                Ok(Ok(operation)) => taken.push(operation),
                Ok(Err(why)) => *refused.entry(why).or_default() += 1,
                Err(error) => *refused.entry(error.to_string()).or_default() += 1,
            }
        }
        self.wait_for(&taken).await;
        let whole = now().duration_since(start).as_secs_f64();
        let spent_cpu = [self.cpu() - before[0], cpu(std::process::id()) - before[1]];
        let took = self.took(&taken);
        Shown {
            asked,
            done: took.len(),
            refused,
            rate: asked as f64 / spent.as_secs_f64(),
            p50: percentile(&took, 50),
            p99: percentile(&took, 99),
            cpu_per_move: Duration::from_secs_f64(spent_cpu[0] / took.len().max(1) as f64),
            cpu_share: spent_cpu[0] / whole,
            cpu_share_here: spent_cpu[1] / whole,
        }
    }

    fn ask(&mut self, strategy: Strategy, requests: &mut JoinSet<Asked>) {
        let place = self.next % self.walkers.len();
        self.next += 1;
        let walker = &mut self.walkers[place];
        walker.at = 1 - walker.at;
        let walker = walker.clone();
        let api = self.api.clone();
        requests.spawn(async move {
            let asked = now();
            let seg = &walker.segs[walker.at];
            let answer = api.attach_media(&walker.call, &walker.leg, seg, strategy);
            match answer.await {
                Ok(res) => Ok((res.operation, asked)),
                Err(ApiError::Refused { problem, .. }) => Err(problem.code),
                Err(_unanswered) => Err("no answer".to_owned()),
            }
        });
    }

    async fn wait_for(&self, taken: &[(String, Instant)]) {
        let deadline = now() + REPORTED_WITHIN;
        while self.reports.count(taken) < taken.len() && now() < deadline {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// How long those took that are done, the shortest first.
    fn took(&self, taken: &[(String, Instant)]) -> Vec<Duration> {
        let took = taken
            .iter()
            .filter_map(|(id, at)| self.reports.took(id, *at));
        let mut took: Vec<Duration> = took.collect();
        took.sort_unstable();
        took
    }

    /// The processor time that the controller has used, in seconds.
    fn cpu(&self) -> f64 {
        self.mgc.pid().map_or(0.0, cpu)
    }
}

/// So many of 100 of these, which are sorted, are no longer than this.
fn percentile(took: &[Duration], percent: usize) -> Duration {
    let place = (took.len() * percent).div_ceil(100).saturating_sub(1);
    took.get(place).copied().unwrap_or_default()
}

/// The processor time that a program has used, in seconds.
fn cpu(pid: u32) -> f64 {
    let ticks = || {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let (_, fields) = stat.rsplit_once(')')?;
        let mut fields = fields.split_whitespace().skip(11);
        let (user, system) = (fields.next()?, fields.next()?);
        Some(user.parse::<u32>().ok()? + system.parse::<u32>().ok()?)
    };
    f64::from(ticks().unwrap_or(0)) / TICKS_PER_SECOND
}

/// A Call with its legs, all in its main Seg, and another Seg.
async fn call(api: &Api, legs: usize) -> Result<Vec<Walker>, ApiError> {
    let call = api.create_call().await?;
    let room = api.create_seg(&call.id, "room").await?;
    let mut walkers = Vec::new();
    for _ in 0..legs {
        let added = api.add_leg(&call.id, None, OFFER).await?;
        walkers.push(Walker {
            call: call.id.clone(),
            leg: added.id,
            segs: [call.main_seg.clone(), room.seg.clone()],
            at: 0,
        });
    }
    Ok(walkers)
}

async fn registered(api: &Api, count: u16) -> Result<(), LoadError> {
    let deadline = now() + REGISTERED_WITHIN;
    loop {
        let gateways = api.gateways().await?.len();
        if gateways == usize::from(count) {
            return Ok(());
        }
        if now() > deadline {
            return Err(LoadError::Gateways(gateways, count));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}
