//! What a move is heard as: by the leg that is moved, and by those whom it leaves and joins.

use std::time::Duration;

use super::LatencyError;
use crate::{
    api::{Api, Strategy},
    gap::{self, Continuity},
    phones::{codec::Codec, tone},
    stage::{AFTER_MOVE, BEFORE_MOVE, Moved, Stage},
};

/// Phones keep more than a move's picture.
const KEPT: Duration = Duration::from_secs(5);
/// Others in each of the two rooms.
const OTHERS: usize = 2;

/// The silences of all moves by one strategy, in milliseconds, ascending.
#[derive(Clone, Debug, Default)]
pub(super) struct Moves {
    /// What the moved leg hears of nobody.
    pub(super) own: Vec<f64>,
    /// What nobody hears of the moved leg.
    pub(super) others: Vec<f64>,
    /// Packets that the moved leg's stream lacks, and its time stamps that jump.
    pub(super) broken: u32,
    /// What was not as it must be.
    pub(super) faults: Vec<String>,
}

/// Moves a leg to and fro so many times by each strategy.
pub(super) async fn play(
    api: &Api,
    strategies: &[Strategy],
    count: usize,
) -> Result<Vec<Moves>, LatencyError> {
    let tones = tone::plan(1 + 2 * OTHERS, 2 * OTHERS).unwrap_or_default();
    let mut stage = Stage::open(api.clone(), api.events().await?, tones, KEPT).await?;
    let rooms = [
        stage.create_seg("here").await?,
        stage.create_seg("there").await?,
    ];
    for place in 0..1 + 2 * OTHERS {
        stage.join(Some(&rooms[place % 2]), Codec::Pcmu).await?;
    }
    stage.listen("before the moves").await;
    let mut all = Vec::new();
    for &strategy in strategies {
        let mut moves = Moves::default();
        for turn in 1..=count {
            let seg = &rooms[turn % 2];
            let moved = stage.attach(0, seg, strategy, |_| {}).await?;
            stage.settle(&moved, seg);
            // The pictures of two moves must not overlap.
            tokio::time::sleep(AFTER_MOVE + BEFORE_MOVE).await;
            moves.note(&stage, &moved);
        }
        // As many moves there as back: the next strategy begins where this one did.
        if count % 2 == 1 {
            let moved = stage.attach(0, &rooms[0], strategy, |_| {}).await?;
            stage.settle(&moved, &rooms[0]);
        }
        moves.faults.append(&mut stage.faults);
        moves.own.sort_by(f64::total_cmp);
        moves.others.sort_by(f64::total_cmp);
        all.push(moves);
    }
    stage.close().await?;
    Ok(all)
}

impl Moves {
    fn note(&mut self, stage: &Stage, moved: &Moved) {
        let own = stage.around(moved.leg, moved, &moved.old_room, &moved.new_room);
        let others = |room: &[usize], old: &[usize], new: &[usize]| {
            let heard = room.iter().map(|&leg| stage.around(leg, moved, old, new));
            heard.collect::<Vec<_>>()
        };
        let old = others(&moved.old_room, &[moved.leg], &[]);
        let new = others(&moved.new_room, &[], &[moved.leg]);
        let late = old.iter().chain(&new);
        let late = late
            .map(|frames| Continuity::of(frames).time_stamp_jumps)
            .min();
        let stream = Continuity::of(&own);
        let jumps = stream.time_stamp_jumps.saturating_sub(late.unwrap_or(0));
        self.broken += stream.missing + stream.disordered + jumps;
        match (gap::heard_by_moved(&own), gap::heard_from_moved(&old, &new)) {
            (Some(own), Some(others)) => {
                self.own.push(own.length.as_secs_f64() * 1e3);
                self.others.push(others.length.as_secs_f64() * 1e3);
            }
            _ => self
                .faults
                .push("a move was not heard in both rooms".to_owned()),
        }
    }
}
