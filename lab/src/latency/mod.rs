//! How long sound is under way through the gateway, what jitter and moves do to it.

mod chirps;
mod fleet;
mod heard;
mod jitter;
mod moves;

use std::{io, net::SocketAddr, time::Duration};

use bytes::Bytes;
use serde::Serialize;

use self::{
    chirps::Chirps,
    fleet::{Due, Fleet, Log, Says},
    jitter::{Jitter, Parts},
};
use crate::{
    api::{Api, ApiError, Strategy},
    background,
    phones::{codec::Codec, sdp},
    programs::{Places, ProgramError, Programs},
    stage::{StageError, now},
};

/// A gateway registers within this time.
const REGISTERED_WITHIN: Duration = Duration::from_secs(10);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A moment by the kernel's clock of datagrams, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Moment(f64);

/// Why nothing can be measured.
#[derive(Debug, thiserror::Error)]
pub enum LatencyError {
    /// The platform.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// A program.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// A leg that is moved.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// A socket or a thread.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// libopus.
    #[error("Opus: {0}")]
    Opus(#[from] audiopus::Error),
    /// An SDP answer.
    #[error(transparent)]
    Sdp(#[from] sdp::SdpError),
    /// The answer to an offer of one codec.
    #[error("the gateway answers with payload types {answered:?} where {offered} was offered")]
    Codec {
        /// The payload type that was offered.
        offered: u8,
        /// Those that were answered.
        answered: Vec<u8>,
    },
    /// The judge.
    #[error("what was heard could not be judged")]
    Judge,
    /// The gateway.
    #[error("no gateway has registered within {REGISTERED_WITHIN:?}")]
    NoGateway,
}

/// A share of the values is no greater; milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// The median.
    pub p50: f64,
    /// That of 99 of a hundred.
    pub p99: f64,
    /// The greatest one.
    pub max: f64,
}

impl Spread {
    fn of(ascending: &[f64]) -> Self {
        let at = |percent: usize| {
            let place = (ascending.len() * percent).div_ceil(100).saturating_sub(1);
            ascending.get(place).copied().unwrap_or(f64::INFINITY)
        };
        Self {
            p50: at(50),
            p99: at(99),
            max: at(100),
        }
    }
}

/// The way through the mixer in one codec.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Way {
    /// Chirps that came out.
    pub chirps: usize,
    /// Chirps that did not.
    pub lost: usize,
    /// From the sending of the packet with the first sample to the coming of the one with it.
    pub packets: Spread,
    /// The same less where in the packets that sample is: what one who listens notices.
    pub samples: Spread,
}

/// What jitter did, the worst of all talkers; milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Followed {
    /// How many talkers there were.
    pub talkers: usize,
    /// The delay before, the median talker's.
    pub before: f64,
    /// The delay under jitter, the median talker's.
    pub during: f64,
    /// Until the last frame that was not as it was said, but for a hundredth.
    pub adapted: f64,
    /// Frames that were not as they were said after two seconds, in a hundred.
    pub missed: f64,
    /// From the end of the jitter until the delay was back; null where it never was.
    pub back: f64,
}

/// What moves by a strategy were heard as; milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moved {
    /// How they were moved.
    pub strategy: &'static str,
    /// How many were heard.
    pub moves: usize,
    /// What the moved leg heard of nobody.
    pub own: Spread,
    /// What nobody heard of the moved leg.
    pub others: Spread,
    /// Packets that the moved leg's stream lacked, and its time stamps that jumped.
    pub broken: u32,
    /// What else was not as it must be.
    pub faults: Vec<String>,
}

/// A controller, a gateway, and what is measured there.
#[derive(Debug)]
pub struct Bench {
    programs: Programs,
    api: Api,
    random: fastrand::Rng,
}

impl Bench {
    /// Starts both programs.
    pub async fn start(places: &Places, seed: u64) -> Result<Self, LatencyError> {
        let programs = Programs::start(places).await?;
        let api = Api::new(&format!("http://{}", programs.http))?;
        let deadline = now() + REGISTERED_WITHIN;
        while api.gateways().await?.is_empty() {
            if now() > deadline {
                return Err(LatencyError::NoGateway);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(Self {
            programs,
            api,
            random: fastrand::Rng::with_seed(seed),
        })
    }

    /// Ends both; what was not clean is returned.
    pub async fn stop(self) -> Vec<String> {
        let unclean = self.programs.stop().await;
        unclean.iter().map(ToString::to_string).collect()
    }

    /// So many chirps in so many rooms of five.
    pub async fn way(
        &mut self,
        codec: Codec,
        rooms: usize,
        chirps: usize,
    ) -> Result<Way, LatencyError> {
        let chirps = Chirps::plan(codec, rooms, chirps, &mut self.random);
        let (said, due) = (chirps.packets()?, chirps.due(&mut self.random));
        let length = chirps.length();
        let logs = self.play(chirps::LEGS, codec, &said, due, length).await?;
        let ways = background::done(move || chirps.ways(&said, &logs)).await?;
        let ways = ways.ok_or(LatencyError::Judge)?;
        Ok(Way {
            chirps: ways.packets.len(),
            lost: ways.lost,
            packets: Spread::of(&ways.packets),
            samples: Spread::of(&ways.samples),
        })
    }

    /// Jitter of 30 ms up and down for so long, in PCMU.
    pub async fn jitter(
        &mut self,
        talkers: usize,
        jitter: Duration,
        after: Duration,
    ) -> Result<Followed, LatencyError> {
        let parts = Parts {
            before: Duration::from_secs(3),
            jitter,
            after,
        };
        let jitter = Jitter {
            rooms: talkers,
            parts,
        };
        let said = jitter.said(&mut self.random)?;
        let due = jitter.due(&mut self.random);
        let length = jitter.length() + Duration::from_millis(300);
        let logs = self.play(2, Codec::Pcmu, &said, due, length).await?;
        let followed = background::done(move || jitter.followed(&said, &logs)).await?;
        let followed = followed.ok_or(LatencyError::Judge)?;
        let ascending = |of: fn(&jitter::Followed) -> f64| {
            let mut values: Vec<f64> = followed.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            Spread::of(&values)
        };
        Ok(Followed {
            talkers: followed.len(),
            before: ascending(|room| room.before).p50,
            during: ascending(|room| room.during).p50,
            adapted: ascending(|room| room.adapted).max,
            missed: ascending(|room| room.missed).max,
            back: ascending(|room| room.back).max,
        })
    }

    /// So many moves by each of these strategies.
    pub async fn moves(
        &self,
        strategies: &[Strategy],
        count: usize,
    ) -> Result<Vec<Moved>, LatencyError> {
        let moves = moves::play(&self.api, strategies, count).await?;
        let moved = strategies.iter().zip(moves).map(|(strategy, moves)| Moved {
            strategy: strategy.name(),
            moves: moves.own.len(),
            own: Spread::of(&moves.own),
            others: Spread::of(&moves.others),
            broken: moves.broken,
            faults: moves.faults,
        });
        Ok(moved.collect())
    }

    /// Joins rooms of so many legs, plays what they say, and ends the rooms.
    async fn play(
        &mut self,
        room: usize,
        codec: Codec,
        said: &[Vec<Bytes>],
        due: Vec<Due>,
        length: Duration,
    ) -> Result<Vec<Log>, LatencyError> {
        let fleet = Fleet::bind(said.len())?;
        let mut calls = Vec::new();
        let mut says = Vec::new();
        for (legs, said) in fleet.places.chunks(room).zip(said.chunks(room)) {
            let call = self.api.create_call().await?;
            for (&place, packets) in legs.iter().zip(said) {
                says.push(Says {
                    to: self.join(&call.id, place, codec).await?,
                    codec,
                    packets: packets.clone(),
                });
            }
            calls.push(call.id);
        }
        let logs = fleet.play(says, due, length).await?;
        for call in calls {
            self.api.delete_call(&call).await?;
        }
        self.programs.check()?;
        Ok(logs)
    }

    /// Joins a leg; where it is to send.
    async fn join(
        &self,
        call: &str,
        place: SocketAddr,
        codec: Codec,
    ) -> Result<SocketAddr, LatencyError> {
        let offer = sdp::offer(place, codec);
        let added = self.api.add_leg(call, None, &offer).await?;
        let answer = sdp::answer(&added.sdp)?;
        if answer.payload_types.first() != Some(&codec.payload_type()) {
            return Err(LatencyError::Codec {
                offered: codec.payload_type(),
                answered: answer.payload_types,
            });
        }
        Ok(answer.rtp)
    }
}
