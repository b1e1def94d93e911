//! What conferences cost a gateway: its processor time for each leg and frame of 20 ms, beside a
//! floor that the same packets have in the same run. Both are measured in turn, slice by slice, so
//! that what else the machine does hits both.

mod cores;
mod floor;
mod heard;
mod rooms;
mod traffic;
mod voices;

use std::{io, net::SocketAddr, time::Duration};

use self::{
    cores::{Part, core},
    floor::{Floor, Spent},
    traffic::Traffic,
    voices::Voices,
};
pub use self::{
    rooms::{Rooms, Speech},
    voices::Silence,
};
use crate::{
    api::{Api, ApiError},
    counted,
    phones::sdp,
    programs::{Places, ProgramError, Programs},
    stage::now,
};

/// Frames of a second.
const FRAMES_PER_SECOND: f64 = 50.0;
/// A slice of either side.
const SLICE: Duration = Duration::from_secs(1);
/// So long the gateway has the packets first: it learns who sends much and from where.
const WARMS: Duration = Duration::from_secs(2);
/// So long things settle before they are measured.
const SETTLES: Duration = Duration::from_millis(500);
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
    /// The gateway.
    #[error("no gateway has registered within {REGISTERED_WITHIN:?}")]
    NoGateway,
}

/// What a row has shown; times are microseconds of a core for each leg and frame, medians of the
/// slices.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The floor.
    pub floor: f64,
    /// Of the floor, decoding Opus.
    pub decoding: f64,
    /// Of the floor, encoding Opus.
    pub encoding: f64,
    /// The gateway.
    pub gateway: f64,
    /// The gateway's share of the floor, slice by slice.
    pub ratio: f64,
    /// Packets that came to those who hear somebody, as a share of those that must: from the floor,
    /// from the gateway.
    pub heard: [f64; 2],
    /// Legs that did not hear exactly those who talked, in all starts: by the floor, by the gateway.
    pub deaf: [usize; 2],
    /// Packets that the gateway encoded in a tick, as it says at its end; those of the second in
    /// which legs joined are among them.
    pub encodes: f64,
}

/// Both sides of a row, so many slices each in each of so many starts: where the kernel has laid the
/// sockets and programs of one decides as much of what they cost as what they do.
pub async fn row(
    places: &Places,
    rooms: Rooms,
    silence: Silence,
    (starts, slices): (u16, u16),
) -> Result<Row, MediaError> {
    let mut all = Vec::new();
    for _ in 0..starts {
        all.push(start(places, rooms, silence, slices).await?);
    }
    Ok(Row::of(&all))
}

/// What both sides have shown from their start to their end.
struct Start {
    /// The floor, and the gateway after it.
    pairs: Vec<(Slice, Slice)>,
    deaf: [usize; 2],
    encodes: f64,
}

/// Begins both sides anew, and measures them.
async fn start(
    places: &Places,
    rooms: Rooms,
    silence: Silence,
    slices: u16,
) -> Result<Start, MediaError> {
    let voices = Voices::code(silence)?;
    let mut near = Traffic::bind(rooms.total())?;
    let floor = Floor::start(rooms, &near.places)?;
    near.start(rooms, &voices, floor.places.clone());
    let mut programs = Programs::start(places).await?;
    let api = Api::new(&format!("http://{}", programs.http))?;
    registered(&api).await?;
    if let Ok(Some(core)) = core(Part::Measured) {
        // Where that is not allowed it runs anywhere, as the floor does then.
        let _ = programs.run_gateway_on(&core);
    }
    let mut far = Traffic::bind(rooms.total())?;
    let to = join(&api, rooms, &far).await?;
    far.start(rooms, &voices, to);
    far.set_running(true);
    tokio::time::sleep(WARMS).await;
    far.set_running(false);
    programs.hold_gateway(true)?;
    let mut pairs = Vec::new();
    for _ in 0..slices {
        floor.set_running(true);
        let bare = slice(rooms, &near, || Ok(floor.spent())).await?;
        floor.set_running(false);
        programs.hold_gateway(false)?;
        let gateway = || {
            Ok(Spent {
                all: programs.gateway_time()?,
                ..Spent::default()
            })
        };
        let ours = slice(rooms, &far, gateway).await?;
        programs.hold_gateway(true)?;
        pairs.push((bare, ours));
    }
    programs.hold_gateway(false)?;
    programs.check()?;
    let deaf = [near, far].map(|traffic| heard::deaf(rooms, &traffic.stop()));
    let unclean = programs.stop().await;
    unclean.into_iter().next().map_or(Ok(()), Err)?;
    let encoded = counted::by_gateway(places)?.get("encoded").copied();
    let time = WARMS + (SETTLES + SLICE) * u32::from(slices);
    let ticks = time.as_secs_f64() * FRAMES_PER_SECOND;
    Ok(Start {
        pairs,
        deaf,
        encodes: encoded.unwrap_or(0) as f64 / ticks,
    })
}

/// What a slice has shown, in the units of a [`Row`].
#[derive(Clone, Copy, Debug)]
struct Slice {
    all: f64,
    decoding: f64,
    encoding: f64,
    heard: f64,
}

impl Row {
    fn of(starts: &[Start]) -> Self {
        let pairs = || starts.iter().flat_map(|start| &start.pairs);
        let of = |value: &dyn Fn(&(Slice, Slice)) -> f64| median(pairs().map(value).collect());
        let deaf = |side: usize| starts.iter().map(|start| start.deaf[side]).sum();
        Self {
            floor: of(&|pair| pair.0.all),
            decoding: of(&|pair| pair.0.decoding),
            encoding: of(&|pair| pair.0.encoding),
            gateway: of(&|pair| pair.1.all),
            ratio: of(&|pair| pair.1.all / pair.0.all),
            heard: [of(&|pair| pair.0.heard), of(&|pair| pair.1.heard)],
            deaf: [deaf(0), deaf(1)],
            encodes: median(starts.iter().map(|start| start.encodes).collect()),
        }
    }
}

/// The middle value; of an even number, the mean of the two in the middle.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

async fn slice(
    rooms: Rooms,
    traffic: &Traffic,
    spent: impl Fn() -> io::Result<Spent>,
) -> io::Result<Slice> {
    traffic.set_running(true);
    tokio::time::sleep(SETTLES).await;
    let (before, received, start) = (spent()?, traffic.received(), now());
    tokio::time::sleep(SLICE).await;
    let (after, received) = (spent()?, traffic.received() - received);
    let length = now().duration_since(start);
    traffic.set_running(false);
    let frames = |legs: usize| legs as f64 * length.as_secs_f64() * FRAMES_PER_SECOND;
    let micros = |of: fn(Spent) -> Duration| {
        of(after).saturating_sub(of(before)).as_secs_f64() * 1e6 / frames(rooms.total())
    };
    Ok(Slice {
        all: micros(|spent| spent.all),
        decoding: micros(|spent| spent.decoding),
        encoding: micros(|spent| spent.encoding),
        heard: received as f64 / frames(rooms.hearing()),
    })
}

/// Joins all legs, each room a Call of its own; where each is to send.
async fn join(api: &Api, rooms: Rooms, traffic: &Traffic) -> Result<Vec<SocketAddr>, MediaError> {
    let mut to = Vec::new();
    for room in traffic.places.chunks(rooms.legs) {
        let call = api.create_call().await?;
        for (leg, &place) in room.iter().enumerate() {
            let codec = rooms.codec(leg);
            let added = api
                .add_leg(&call.id, None, &sdp::offer(place, codec))
                .await?;
            let answer = sdp::answer(&added.sdp)?;
            if answer.payload_types.first() != Some(&codec.payload_type()) {
                return Err(MediaError::Codec {
                    offered: codec.payload_type(),
                    answered: answer.payload_types,
                });
            }
            to.push(answer.rtp);
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

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn a_median_is_in_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(vec![]).is_nan());
    }
}
