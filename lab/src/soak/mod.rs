//! Rooms full of legs for a long time, with random moves all the while: who hears whom, judged
//! again and again; what memory the programs take; and how often the gateway was late.

mod judge;
mod memory;

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{task::JoinSet, time};

use self::judge::{Ear, Verdict};
pub use self::memory::{Growth, Memory};
use crate::{
    api::{Api, ApiError, EventLog, Strategy},
    background, counted,
    phones::{Frequency, Level, Phone, Phones, Source, Tone, Window, codec::Codec, sdp},
    programs::{Places, ProgramError, Programs},
    stage::now,
};

/// A gateway registers within this time.
const REGISTERED_WITHIN: Duration = Duration::from_secs(10);
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// A move is reported within this time.
const MOVED_WITHIN: Duration = Duration::from_secs(10);
/// No room has more legs, so that none is too loud.
const ROOM_MAX: usize = 8;
/// Tones are so far apart that 400 ms tell them apart.
const TONE_STEP_HZ: f64 = 7.5;
/// The lowest tone.
const LOWEST_HZ: f64 = 400.0;
/// The loudness of each, such that a full room does not clip.
const PEAK: f64 = 28_000.0 / ROOM_MAX as f64;
/// More tones would leave telephony's band.
pub const LEGS_MAX: usize = 400;
/// From a move's report until what is heard shows nothing else.
const SETTLES: Duration = Duration::from_millis(400);
/// What is judged of each leg.
const JUDGED: Duration = Duration::from_millis(1_300);
/// Phones keep so much.
const KEPT: Duration = Duration::from_secs(3);
/// The pause between two looks at the matrix.
const SAMPLE_EVERY: Duration = Duration::from_secs(4);
/// How legs are moved, one as often as another.
const STRATEGIES: [Strategy; 3] = [Strategy::Move, Strategy::TwoStep, Strategy::SubtractAdd];
/// So many wrong cells are told in words.
const TOLD_MAX: usize = 20;

/// Why a soak cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum SoakError {
    /// The platform.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// A program.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// A phone, a thread, or what the system tells of a program.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// An SDP answer.
    #[error(transparent)]
    Sdp(#[from] sdp::SdpError),
    /// The gateway.
    #[error("no gateway has registered within {REGISTERED_WITHIN:?}")]
    NoGateway,
}

/// What is done.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many rooms there are.
    pub rooms: usize,
    /// Legs of each at the start; [`LEGS_MAX`] at most in all.
    pub legs: usize,
    /// How long it goes on.
    pub length: Duration,
    /// Moves a second.
    pub moves: f64,
    /// What each leg speaks.
    pub codec: fn(usize) -> Codec,
}

/// How it stands.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// How long it has gone on.
    pub time: Duration,
    /// Moves that were reported.
    pub moves: u64,
    /// Looks at the matrix.
    pub samples: u64,
    /// Cells that were judged.
    pub cells: u64,
    /// Those that were wrong.
    pub wrong: u64,
    /// What the programs take.
    pub memory: Memory,
    /// What was not as it must be.
    pub faults: Vec<String>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Report {
    /// How it stood at the end.
    pub standing: Standing,
    /// What the programs took, look by look.
    pub memory: Vec<Memory>,
    /// Ticks of the gateway's media threads, as it says at its end.
    pub ticks: u64,
    /// Ticks that they skipped because their time had passed.
    pub late_ticks: u64,
}

#[derive(Debug)]
struct Leg {
    id: String,
    phone: Arc<Phone>,
    room: usize,
    /// Not since when it is moving, but whether.
    moving: bool,
    since: Instant,
}

struct Soak {
    plan: Plan,
    api: Api,
    events: Arc<EventLog>,
    call: String,
    segs: Vec<String>,
    legs: Vec<Leg>,
    tones: Arc<Vec<Tone>>,
    random: fastrand::Rng,
    moves: JoinSet<(usize, usize, Result<(), ApiError>)>,
    standing: Standing,
}

/// Does it; `tell` is told how it stands after each look.
pub async fn run(
    places: &Places,
    plan: Plan,
    seed: u64,
    mut tell: impl FnMut(&Standing),
) -> Result<Report, SoakError> {
    let mut programs = Programs::start(places).await?;
    let mut phones = Phones::start(KEPT)?;
    let mut soak = Soak::fill(&programs, plan, &mut phones, seed).await?;
    let mut memory = Vec::new();
    let start = now();
    let end = start + soak.plan.length;
    let mut samples = time::interval(SAMPLE_EVERY.min(soak.plan.length / 3));
    let mut asks = time::interval(Duration::from_secs_f64(1.0 / soak.plan.moves));
    while now() < end {
        tokio::select! {
            _ = asks.tick() => soak.ask(),
            Some(moved) = soak.moves.join_next() => soak.note(moved),
            _ = samples.tick() => {
                soak.look().await?;
                programs.check()?;
                soak.standing.memory = Memory::of(&programs)?;
                soak.standing.time = now().duration_since(start);
                memory.push(soak.standing.memory);
                tell(&soak.standing);
            }
        }
    }
    while let Some(moved) = soak.moves.join_next().await {
        soak.note(moved);
    }
    let mut standing = soak.close().await?;
    let unclean = programs.stop().await;
    standing
        .faults
        .extend(unclean.iter().map(ToString::to_string));
    let counted = counted::by_gateway(places)?;
    let count = |name: &str| counted.get(name).copied().unwrap_or(0);
    Ok(Report {
        standing,
        memory,
        ticks: count("ticks"),
        late_ticks: count("late_ticks"),
    })
}

impl Soak {
    /// Fills the rooms.
    async fn fill(
        programs: &Programs,
        plan: Plan,
        phones: &mut Phones,
        seed: u64,
    ) -> Result<Self, SoakError> {
        let api = Api::new(&format!("http://{}", programs.http))?;
        let events = api.events().await?;
        registered(&api).await?;
        let call = api.create_call().await?.id;
        let mut segs = Vec::new();
        for room in 0..plan.rooms {
            segs.push(api.create_seg(&call, &format!("room {room}")).await?.seg);
        }
        let tones = tones(plan.rooms * plan.legs);
        let mut legs = Vec::new();
        for (place, tone) in tones.iter().enumerate() {
            let room = place % plan.rooms;
            let phone = phones.add(&Source::tone(*tone), (plan.codec)(place))?;
            let added = api
                .add_leg(&call, Some(&segs[room]), &phone.offer())
                .await?;
            phone.set_remote(Some(sdp::answer(&added.sdp)?.rtp));
            legs.push(Leg {
                id: added.id,
                phone,
                room,
                moving: false,
                since: now(),
            });
        }
        Ok(Self {
            plan,
            api,
            events: Arc::new(events),
            call,
            segs,
            legs,
            tones: Arc::new(tones),
            random: fastrand::Rng::with_seed(seed),
            moves: JoinSet::new(),
            standing: Standing::default(),
        })
    }

    /// Asks for a move of some leg to some room that is not full.
    fn ask(&mut self) {
        let (leg, room) = (
            self.random.usize(..self.legs.len()),
            self.random.usize(..self.segs.len()),
        );
        let there = self.legs.iter().filter(|leg| leg.room == room).count();
        if self.legs[leg].moving || self.legs[leg].room == room || there >= ROOM_MAX {
            return;
        }
        let strategy = STRATEGIES[self.random.usize(..STRATEGIES.len())];
        let (api, events) = (self.api.clone(), Arc::clone(&self.events));
        let (call, id) = (self.call.clone(), self.legs[leg].id.clone());
        let seg = self.segs[room].clone();
        // Whoever is on the way there counts as being there.
        self.legs[leg].room = room;
        self.legs[leg].moving = true;
        self.moves.spawn(async move {
            let moved = moved(&api, &events, &call, &id, &seg, strategy).await;
            (leg, room, moved)
        });
    }

    fn note(
        &mut self,
        moved: Result<(usize, usize, Result<(), ApiError>), tokio::task::JoinError>,
    ) {
        match moved {
            Ok((leg, _, Ok(()))) => {
                self.standing.moves += 1;
                self.legs[leg].moving = false;
                self.legs[leg].since = now();
            }
            // Where it is now is not known: it stays out of the matrix.
            Ok((leg, room, Err(error))) => {
                let fault = format!("leg {leg} to room {room}: {error}");
                self.standing.faults.push(fault);
            }
            Err(error) => self.standing.faults.push(error.to_string()),
        }
    }

    /// Judges who hears whom.
    async fn look(&mut self) -> Result<(), SoakError> {
        let at = now();
        let settled = |leg: &Leg| !leg.moving && leg.since + SETTLES + JUDGED <= at;
        let ears = self.legs.iter().map(|leg| Ear {
            room: settled(leg).then_some(leg.room),
            frames: match settled(leg) {
                true => leg.phone.frames(Window::before(at, JUDGED)),
                false => Vec::new(),
            },
        });
        let ears: Vec<Ear> = ears.collect();
        let tones = Arc::clone(&self.tones);
        let verdict = background::done(move || Verdict::of(&ears, &tones)).await?;
        let Some(verdict) = verdict else {
            self.standing.faults.push("the judge panicked".to_owned());
            return Ok(());
        };
        self.standing.samples += u64::from(verdict.cells > 0);
        self.standing.cells += verdict.cells;
        self.standing.wrong += verdict.wrong.len() as u64;
        let told = TOLD_MAX.saturating_sub(self.standing.faults.len());
        let time = self.standing.time;
        let words = verdict.wrong.into_iter().take(told);
        let words = words.map(|wrong| format!("after {time:.0?}: {wrong}"));
        self.standing.faults.extend(words);
        Ok(())
    }

    /// Ends the Call and sees that nothing is left.
    async fn close(mut self) -> Result<Standing, SoakError> {
        self.api.delete_call(&self.call).await?;
        let left = self.api.contexts().await?;
        if !left.is_empty() {
            let fault = format!("after the end the gateway holds {left:?}");
            self.standing.faults.push(fault);
        }
        Ok(self.standing)
    }
}

async fn moved(
    api: &Api,
    events: &EventLog,
    call: &str,
    leg: &str,
    seg: &str,
    strategy: Strategy,
) -> Result<(), ApiError> {
    let res = api.attach_media(call, leg, seg, strategy).await?;
    let what = format!("report that {leg} has moved to {seg}");
    let report = events.wait(&what, MOVED_WITHIN, |event| {
        event.kind == "LegEventReport" && event.operation.as_ref() == Some(&res.operation)
    });
    let report = report.await?;
    match report.event.as_deref() {
        Some("moved") if report.seg.as_deref() == Some(seg) => Ok(()),
        _ => Err(ApiError::NoEvent(
            format!("{what}: {report:?}"),
            MOVED_WITHIN,
        )),
    }
}

fn tones(legs: usize) -> Vec<Tone> {
    let tone = |place: usize| Tone {
        frequency: Frequency(LOWEST_HZ + TONE_STEP_HZ * place as f64),
        level: Level::of_peak(PEAK),
    };
    (0..legs.min(LEGS_MAX)).map(tone).collect()
}

async fn registered(api: &Api) -> Result<(), SoakError> {
    let deadline = now() + REGISTERED_WITHIN;
    while api.gateways().await?.is_empty() {
        if now() > deadline {
            return Err(SoakError::NoGateway);
        }
        time::sleep(LOOK_AGAIN).await;
    }
    Ok(())
}
