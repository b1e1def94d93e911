//! Conferences over real processes with running audio, to which the worst is done at random
//! moments: controller or gateway killed, the path between them cut or bad.

mod judge;
mod log;
mod netns;
mod path;
mod script;
mod stand;
mod stream;
mod ticker;

use std::{
    io,
    time::{Duration, Instant},
};

use self::{
    judge::{Judge, places},
    log::Log,
    netns::Netns,
    path::Path,
    script::{Script, codec},
    stand::{PORT_PAIRS, Stand},
    stream::Stream,
    ticker::Ticker,
};
use crate::{
    api::{Api, ApiError, Leg},
    phones::{Phones, Source, Window, sdp, tone},
    programs::{Places, ProgramError},
    stage::now,
};

/// Phones that there are; a Call has at most so many legs.
const PHONES: usize = 7;
/// Legs of a Call when a script begins.
const LEGS: std::ops::RangeInclusive<u64> = 4..=6;
/// So long what goes on without a blow is looked at.
const QUIET: Duration = Duration::from_millis(300);
/// So long a script goes on before the blow.
const SCRIPT_MAX_MS: u64 = 250;
/// The longest pause between two requests.
const PAUSE_MAX_MS: u64 = 25;
/// A request that the blow follows at once is so old at most.
const AT_ONCE_MAX_US: u64 = 6_000;
/// So long a program is down.
const DOWN_MAX_MS: u64 = 700;
/// A leg that does not move is without a packet for no longer, where the machine is quiet.
const GAP_MAX: Duration = Duration::from_millis(60);
/// On a busy machine, for no longer than so many times the longest gap that was seen without a blow.
const NOISE_FACTOR: u32 = 3;
/// A machine is busy where there are such gaps without a blow: one and a half packets are missing.
const BUSY: Duration = Duration::from_millis(30);
/// A gateway registers within this time.
const REGISTERED_WITHIN: Duration = Duration::from_secs(10);
/// The pause between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// One of so many scripts ends its Call.
const END_ONE_IN: u64 = 8;

/// What is done to a conference.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Blow {
    /// The controller is killed and started again.
    KillMgc,
    /// The gateway is killed and started again.
    KillMg,
    /// The path between the two is cut for so long.
    Cut(Duration),
    /// The path loses so many of a hundred datagrams, all the time.
    Loss(u8),
}

impl Blow {
    /// Within this time after the blow everything is as it must be.
    fn settles_within(self) -> Duration {
        match self {
            Self::KillMgc | Self::KillMg => Duration::from_secs(3),
            // One repetition of what was asked during the cut may still be ahead.
            Self::Cut(_) => Duration::from_secs(20),
            // Every operation ends within a few times T-MAX (H.248.1 D.1.4).
            Self::Loss(_) => Duration::from_secs(60),
        }
    }

    /// How long phones keep what they receive.
    fn kept(self) -> Duration {
        let down = match self {
            Self::Cut(down) => down,
            Self::KillMgc | Self::KillMg | Self::Loss(_) => Duration::ZERO,
        };
        down + self.settles_within() + Duration::from_secs(10)
    }
}

/// Why a crash test cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum CrashError {
    /// The platform.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// A program.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// A phone or the path.
    #[error("a phone: {0}")]
    Io(#[from] io::Error),
    /// The network namespace.
    #[error("a network namespace (for which root is needed, and iproute2): {0}")]
    Netns(io::Error),
    /// An SDP answer.
    #[error("{0}: {1}")]
    Sdp(String, sdp::SdpError),
    /// A request of ours.
    #[error("a request: {0}")]
    Task(tokio::task::JoinError),
    /// The gateway.
    #[error("no gateway has registered within {0:?}")]
    NoGateway(Duration),
}

/// What one run has shown.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Requests that were sent before the blow.
    pub asked: u32,
    /// From the restart, or the end of the cut, until all operations had ended.
    pub ended: Option<Duration>,
    /// And until every leg was found to hear exactly its room.
    pub heard: Option<Duration>,
    /// Legs about which nothing was asked.
    pub still: usize,
    /// The longest time that one of these was without a packet.
    pub gap: Duration,
    /// The longest time that the machine let nobody run; zero where that is not worth telling.
    pub stall: Duration,
    /// What was not as it must be.
    pub faults: Vec<String>,
}

/// A controller, a gateway, phones, and an application.
#[derive(Debug)]
pub struct Session {
    stand: Stand,
    blow: Blow,
    random: fastrand::Rng,
    judge: Judge,
    script: Script,
    engine: Phones,
    /// The longest gap that was seen without a blow.
    noise: Duration,
    ticker: Ticker,
}

impl Session {
    /// Starts everything, with the controller in a network namespace of its own where that is wanted.
    pub async fn start(
        places: Places,
        blow: Blow,
        apart: bool,
        seed: u64,
    ) -> Result<Self, CrashError> {
        let path = match apart {
            true => Path::Cables(Netns::make().await.map_err(CrashError::Netns)?),
            false => Path::Loopback(None),
        };
        let stand = Stand::start(places, path).await?;
        let api = Api::new(&format!("http://{}", stand.http))?;
        let tones = tone::plan(PHONES, PHONES - 1).ok_or_else(|| io::Error::other("no tones"))?;
        let mut engine = Phones::start(blow.kept())?;
        let mut phones = Vec::new();
        for (place, tone) in tones.iter().enumerate() {
            phones.push(engine.add(&Source::tone(*tone), codec(place))?);
        }
        let events = api.events_after("0").await?;
        registered(&api).await?;
        let judge = Judge {
            api: api.clone(),
            events,
            log: Log::default(),
            tones,
            faults: Vec::new(),
        };
        if let Blow::Loss(percent) = blow {
            stand.path.lose(percent);
        }
        Ok(Self {
            stand,
            blow,
            random: fastrand::Rng::with_seed(seed),
            judge,
            script: Script::begin(api, seed, phones).await?,
            engine,
            noise: Duration::ZERO,
            ticker: Ticker::start(),
        })
    }

    /// A script, the blow, and what came of it.
    pub async fn run(&mut self) -> Result<Run, CrashError> {
        let quiet = self.prepare().await?;
        let from = now();
        self.note_noise(Window {
            from: quiet,
            to: from,
        });
        let asked = self.play().await?;
        let restart = self.strike().await?;
        let deadline = restart + self.blow.settles_within();
        let mut run = Run {
            asked,
            ..Run::default()
        };
        if self.blow == Blow::KillMg {
            self.all_leave(deadline).await?;
        }
        if let Some(legs) = self.judge.rest(&mut self.script, deadline).await? {
            run.ended = Some(now().duration_since(restart));
            self.judge_legs(&legs, deadline).await?;
            let heard = self.judge.hear(&mut self.script, deadline).await?;
            run.heard = heard.map(|at| at.duration_since(restart));
        }
        self.stand.check()?;
        if self.blow != Blow::KillMg {
            self.streams(Window { from, to: now() }, &mut run);
        }
        run.faults = std::mem::take(&mut self.judge.faults);
        Ok(run)
    }

    /// Legs and rooms, and a moment of quiet; when that began.
    async fn prepare(&mut self) -> Result<Instant, CrashError> {
        if self.script.ending {
            let phones = std::mem::take(&mut self.script.phones);
            let seed = self.random.u64(..);
            self.script = Script::begin(self.judge.api.clone(), seed, phones).await?;
        }
        let legs = self.random.u64(LEGS);
        self.script.fill(usize::try_from(legs).unwrap_or(0)).await?;
        let api = &self.judge.api;
        let legs = api.legs(&self.script.call.id).await?;
        self.script.forget(places(&legs));
        // The first packets of a leg that has just joined may be late.
        tokio::time::sleep(QUIET).await;
        let quiet = now();
        tokio::time::sleep(QUIET).await;
        Ok(quiet)
    }

    /// Asks at random for a while; how often.
    async fn play(&mut self) -> Result<u32, CrashError> {
        let mut asked = 0;
        let until = now() + Duration::from_millis(self.script.draw(SCRIPT_MAX_MS));
        while now() < until {
            self.script.ask();
            asked += 1;
            let pause = Duration::from_millis(self.script.draw(PAUSE_MAX_MS));
            tokio::time::sleep(pause.min(until.saturating_duration_since(now()))).await;
            self.script.hear()?;
        }
        if self.script.draw(END_ONE_IN) == 0 {
            self.script.ask_to_end();
        } else {
            self.script.ask();
        }
        let pause = Duration::from_micros(self.script.draw(AT_ONCE_MAX_US));
        tokio::time::sleep(pause).await;
        Ok(asked + 1)
    }

    /// Strikes; when it was over.
    async fn strike(&mut self) -> Result<Instant, CrashError> {
        let down = Duration::from_millis(self.script.draw(DOWN_MAX_MS));
        match self.blow {
            Blow::KillMgc => {
                self.stand.kill_mgc().await?;
                self.script.hear_all().await?;
                tokio::time::sleep(down).await;
                let restart = now();
                self.stand.start_mgc().await?;
                Ok(restart)
            }
            Blow::KillMg => {
                self.stand.kill_mg().await?;
                tokio::time::sleep(down).await;
                let restart = now();
                self.stand.start_mg().await?;
                self.script.hear_all().await?;
                Ok(restart)
            }
            Blow::Cut(length) => {
                self.stand.path.cut(true).await.map_err(CrashError::Netns)?;
                tokio::time::sleep(length).await;
                self.stand
                    .path
                    .cut(false)
                    .await
                    .map_err(CrashError::Netns)?;
                let over = now();
                self.script.hear_all().await?;
                Ok(over)
            }
            Blow::Loss(_) => {
                let over = now();
                self.script.hear_all().await?;
                Ok(over)
            }
        }
    }

    /// Waits until the platform has no leg any more, as the gateway has none.
    async fn all_leave(&mut self, deadline: Instant) -> Result<(), CrashError> {
        self.script.touched.extend(self.script.legs.keys().cloned());
        loop {
            let legs = match self.judge.api.legs(&self.script.call.id).await {
                Err(error) if error.is_unknown() && self.script.ending => Vec::new(),
                legs => legs?,
            };
            if legs.is_empty() {
                return Ok(());
            }
            if now() > deadline {
                let fault = format!("legs of the gateway that restarted: {legs:?}");
                self.judge.faults.push(fault);
                return Ok(());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    async fn judge_legs(&mut self, legs: &[Leg], deadline: Instant) -> Result<(), CrashError> {
        let script = &mut self.script;
        self.judge.remember(script, legs);
        self.judge.read(script, legs, deadline).await?;
        script.gone.clear();
        match self.judge.api.segs(&script.call.id).await {
            Ok(segs) => script.segs = segs.into_iter().map(|seg| seg.id).collect(),
            Err(error) if error.is_unknown() && script.ending => {}
            Err(error) => return Err(error.into()),
        }
        // A Call whose end was asked for, and which has not heard of it, goes on.
        script.ending &= !legs_go_on(&self.judge.api, script).await?;
        self.judge.audit(legs).await?;
        Ok(())
    }

    fn note_noise(&mut self, window: Window) {
        for &place in self.script.legs.values() {
            let frames = self.script.phones[place].frames(window);
            let gap = Stream::of(&frames, window).longest_gap;
            self.noise = self.noise.max(gap);
        }
    }

    /// Judges the streams of the legs that were not asked about.
    fn streams(&mut self, window: Window, run: &mut Run) {
        // While the machine lets nobody run, nobody can send.
        run.stall = self.ticker.longest(window);
        let most = match self.noise > BUSY {
            true => GAP_MAX.max(self.noise * NOISE_FACTOR),
            false => GAP_MAX,
        } + run.stall;
        for (leg, &place) in &self.script.legs {
            if self.script.touched.contains(leg) {
                continue;
            }
            let frames = self.script.phones[place].frames(window);
            let stream = Stream::of(&frames, window);
            run.still += 1;
            run.gap = run.gap.max(stream.longest_gap);
            if stream.longest_gap > most || stream.missing > 0 || stream.sources > 0 {
                let (noise, stall) = (self.noise, run.stall);
                self.judge.faults.push(format!(
                    "{leg} did not move: {stream:?}; without a blow {noise:?}; the machine stood still for {stall:?}"
                ));
            }
        }
    }

    /// Ends the Call, sees that nothing is left and that every port was given back, and that one
    /// who reads all events from the first reads what the application has read; returns what was
    /// not so.
    pub async fn finish(mut self) -> Result<Vec<String>, CrashError> {
        self.stand.path.lose(0);
        let api = self.judge.api.clone();
        for call in api.calls().await? {
            api.delete_call(&call.id).await?;
        }
        self.judge.audit(&[]).await?;
        self.fill_ports().await?;
        self.replay().await?;
        drop(self.engine);
        let mut faults = self.judge.faults;
        let unclean = self.stand.stop().await;
        faults.extend(unclean.iter().map(ToString::to_string));
        Ok(faults)
    }

    /// As many legs as there are ports, which shows that none was lost.
    async fn fill_ports(&mut self) -> Result<(), CrashError> {
        let api = &self.judge.api;
        let call = api.create_call().await?;
        let offer = self.script.phones[0].offer();
        for leg in 0..PORT_PAIRS {
            if let Err(error) = api.add_leg(&call.id, None, &offer).await {
                let fault = format!("of {PORT_PAIRS} pairs of ports {leg} can be had: {error}");
                self.judge.faults.push(fault);
                break;
            }
        }
        api.delete_call(&call.id).await?;
        self.judge.audit(&[]).await?;
        Ok(())
    }

    async fn replay(&mut self) -> Result<(), CrashError> {
        let judge = &mut self.judge;
        let again = judge.api.events_after("0").await?;
        let deadline = now() + REGISTERED_WITHIN;
        loop {
            let new = judge.events.behind(judge.log.taken);
            let faults = judge.log.take(&new);
            judge.faults.extend(faults);
            let (live, replayed) = (ids(&judge.events.so_far()), ids(&again.so_far()));
            if live == replayed {
                return Ok(());
            }
            if now() > deadline {
                let (live, replayed) = (live.len(), replayed.len());
                judge.faults.push(format!(
                    "{live} events were read, {replayed} are read again, and not the same"
                ));
                return Ok(());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
}

/// What tells events apart.
fn ids(events: &[crate::api::Event]) -> Vec<(String, String, Option<String>)> {
    let id =
        |event: &crate::api::Event| (event.id.clone(), event.kind.clone(), event.event.clone());
    events.iter().map(id).collect()
}

async fn legs_go_on(api: &Api, script: &Script) -> Result<bool, CrashError> {
    match api.call(&script.call.id).await {
        Ok(_) => Ok(true),
        Err(error) if error.is_unknown() => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn registered(api: &Api) -> Result<(), CrashError> {
    let deadline = now() + REGISTERED_WITHIN;
    while api.gateways().await?.is_empty() {
        if now() > deadline {
            return Err(CrashError::NoGateway(REGISTERED_WITHIN));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(())
}
