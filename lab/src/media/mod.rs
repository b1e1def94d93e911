//! What conferences cost a gateway: its processor time for each leg and frame of 20 ms, beside a
//! floor that the same packets have in the same run.

mod floor;
mod rooms;
mod traffic;

use std::{io, time::Duration};

pub use self::rooms::Rooms;
use self::{floor::Floor, traffic::Traffic};
use crate::{
    api::{Api, ApiError},
    phones::sdp,
    programs::{Places, ProgramError, Programs},
    stage::now,
};

/// Frames of a second.
const FRAMES_PER_SECOND: f64 = 50.0;
/// So long things settle before they are measured.
const SETTLES: Duration = Duration::from_secs(1);
/// A gateway registers within this time.
const REGISTERED_WITHIN: Duration = Duration::from_secs(10);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Why nothing can be measured.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The platform.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// A program.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// A socket, or what the system tells of a program.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// An SDP answer.
    #[error(transparent)]
    Sdp(#[from] sdp::SdpError),
    /// The gateway.
    #[error("no gateway has registered within {REGISTERED_WITHIN:?}")]
    NoGateway,
}

/// What a row has shown.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Microseconds of a core for each leg and frame.
    pub micros: f64,
    /// Packets that came, as a share of those that must.
    pub heard: f64,
}

/// The floor of a row.
pub async fn floor(rooms: Rooms, length: Duration) -> Result<Cost, MediaError> {
    let mut traffic = Traffic::bind(rooms.total())?;
    let floor = Floor::start(rooms, traffic.places.clone())?;
    traffic.start(rooms, floor.places.clone());
    tokio::time::sleep(length).await;
    let received = traffic.received();
    let spent = floor.stop();
    Ok(cost(rooms, spent, received, length))
}

/// The gateway in a row.
pub async fn gateway(places: &Places, rooms: Rooms, length: Duration) -> Result<Cost, MediaError> {
    let mut programs = Programs::start(places).await?;
    let api = Api::new(&format!("http://{}", programs.http))?;
    registered(&api).await?;
    let mut traffic = Traffic::bind(rooms.total())?;
    let to = join(&api, rooms, &traffic).await?;
    traffic.start(rooms, to);
    tokio::time::sleep(SETTLES).await;
    let before = (programs.gateway_time()?, traffic.received(), now());
    tokio::time::sleep(length).await;
    let spent = programs.gateway_time()?.saturating_sub(before.0);
    let received = traffic.received() - before.1;
    let length = now().duration_since(before.2);
    programs.check()?;
    drop(traffic);
    let unclean = programs.stop().await;
    unclean.into_iter().next().map_or(Ok(()), Err)?;
    Ok(cost(rooms, spent, received, length))
}

fn cost(rooms: Rooms, spent: Duration, received: u64, length: Duration) -> Cost {
    let frames = rooms.total() as f64 * length.as_secs_f64() * FRAMES_PER_SECOND;
    Cost {
        micros: spent.as_secs_f64() * 1e6 / frames,
        heard: received as f64 / frames,
    }
}

/// Joins all legs, each room a Call of its own; where each is to send.
async fn join(
    api: &Api,
    rooms: Rooms,
    traffic: &Traffic,
) -> Result<Vec<std::net::SocketAddr>, MediaError> {
    let mut to = Vec::new();
    for room in traffic.places.chunks(rooms.legs) {
        let call = api.create_call().await?;
        for &place in room {
            let offer = sdp::offer(place, crate::phones::codec::Codec::Pcmu);
            let added = api.add_leg(&call.id, None, &offer).await?;
            to.push(sdp::answer(&added.sdp)?.rtp);
        }
    }
    Ok(to)
}

async fn registered(api: &Api) -> Result<(), MediaError> {
    let deadline = now() + REGISTERED_WITHIN;
    while api.gateways().await?.is_empty() {
        if now() > deadline {
            return Err(MediaError::NoGateway);
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(())
}
