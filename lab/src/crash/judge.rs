//! What must be true a moment after a blow.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};

use super::{CrashError, log::Log, script::Script};
use crate::{
    api::{Api, ApiError, Context, EventLog, Leg},
    matrix::Matrix,
    phones::{Frame, Hearing, Phone, Tone, Window, steady},
    stage::now,
};

/// The pause between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// Frames of a stretch that is measured.
const STRETCH_FRAMES: usize = 10;
/// Stretches by whose majority a cell is judged.
const STRETCHES: usize = 3;
/// So long frames are waited for.
const LISTEN_WITHIN: Duration = Duration::from_millis(1_500);
/// An operation that was taken and has not ended.
pub(super) type Open = BTreeSet<String>;

/// Looks at a platform, at its phones and at its events.
#[derive(Debug)]
pub(super) struct Judge {
    pub(super) api: Api,
    pub(super) events: EventLog,
    pub(super) log: Log,
    pub(super) tones: Vec<Tone>,
    pub(super) faults: Vec<String>,
}

impl Judge {
    /// Waits until every operation has ended and every leg rests; returns the legs. Legs of which
    /// the application learnt nothing are hung up, as an application would.
    pub(super) async fn rest(
        &mut self,
        script: &mut Script,
        deadline: Instant,
    ) -> Result<Option<Vec<Leg>>, CrashError> {
        loop {
            let open = self.open(script).await?;
            let legs = self.legs(script).await?;
            let restless: Vec<&Leg> = legs.iter().filter(|leg| leg.state != "attached").collect();
            let gateways = self.api.gateways().await?;
            let answers = gateways.iter().all(|gateway| gateway.state == "registered");
            if open.is_empty() && restless.is_empty() && answers {
                return Ok(Some(legs));
            }
            if now() > deadline {
                self.faults.push(format!(
                    "not ended: operations {open:?}, legs {restless:?}, gateways {gateways:?}"
                ));
                return Ok(None);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    async fn open(&mut self, script: &mut Script) -> Result<Open, CrashError> {
        let mut open = Open::new();
        for id in std::mem::take(&mut script.taken) {
            match self.api.operation(&id).await {
                Ok(operation) if operation.has_ended() => {
                    script.reported.push((id, operation.state));
                }
                Ok(_) => {
                    open.insert(id);
                }
                Err(error) if error.is_unknown() => {
                    self.faults.push(format!("{id} was taken and is forgotten"));
                }
                Err(error) => return Err(error.into()),
            }
        }
        script.taken.clone_from(&open);
        Ok(open)
    }

    /// The legs of the Call; none where it has gone as it was asked to.
    async fn legs(&self, script: &Script) -> Result<Vec<Leg>, CrashError> {
        let legs = match self.api.legs(&script.call.id).await {
            Ok(legs) => legs,
            Err(error) if error.is_unknown() && script.ending => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let (known, strange): (Vec<Leg>, Vec<Leg>) = legs.into_iter().partition(|leg| {
            let known = script.legs.contains_key(&leg.id) || script.gone.contains(&leg.id);
            known || leg.state != "attached"
        });
        for leg in strange {
            match self.api.delete_leg(&script.call.id, &leg.id).await {
                Err(error) if !error.is_unknown() => return Err(error.into()),
                _ => {}
            }
        }
        Ok(known)
    }

    /// Listens until every phone hears exactly its room, or time is up; how long after `from`.
    pub(super) async fn hear(
        &mut self,
        script: &mut Script,
        deadline: Instant,
    ) -> Result<Option<Instant>, CrashError> {
        loop {
            let Some(legs) = self.rest(script, deadline).await? else {
                return Ok(None);
            };
            let (wrong, heard_at) = self.wrong_cells(script, &legs).await;
            let same = self.legs(script).await?;
            let moved = places(&same) != places(&legs);
            if wrong.is_empty() && !moved && heard_at <= deadline {
                return Ok(Some(heard_at));
            }
            if heard_at > deadline {
                self.faults.extend(wrong);
                return Ok(None);
            }
        }
    }

    async fn wrong_cells(&self, script: &Script, legs: &[Leg]) -> (Vec<String>, Instant) {
        let mut rooms: Vec<Option<&str>> = vec![None; script.phones.len()];
        for leg in legs {
            if let Some(&place) = script.legs.get(&leg.id) {
                rooms[place] = leg.seg.as_deref();
            }
        }
        let expected = Matrix::expected(&rooms);
        let inside: Vec<bool> = rooms.iter().map(Option::is_some).collect();
        let frames = listen(&script.phones, &inside).await;
        let heard_at = now();
        let tones = self.tones.clone();
        let measure = move || frames.iter().map(|frames| heard(frames, &tones)).collect();
        let measured = tokio::task::spawn_blocking(measure)
            .await
            .unwrap_or_default();
        let names: Vec<String> = (0..rooms.len()).map(|n| format!("phone{n}")).collect();
        let wrong = Matrix::measured(measured).wrong_cells(&expected);
        let wrong = wrong.iter().map(|cell| cell.describe(&names));
        (wrong.collect(), heard_at)
    }

    /// The events say the same as the platform, each of them once, and every end was told once.
    pub(super) async fn read(
        &mut self,
        script: &mut Script,
        legs: &[Leg],
        deadline: Instant,
    ) -> Result<(), CrashError> {
        let said = places(legs);
        loop {
            let new = self.events.behind(self.log.taken);
            let faults = self.log.take(&new);
            self.faults.extend(faults);
            let untold = |(id, _): &&(String, String)| self.log.reports(id) == 0;
            let missing: Vec<_> = script.reported.iter().filter(untold).collect();
            if self.log.rooms == said && missing.is_empty() {
                break;
            }
            if now() > deadline {
                let rooms = &self.log.rooms;
                self.faults.push(format!(
                    "legs are {said:?}, by the events {rooms:?}; without a report: {missing:?}"
                ));
                break;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        for (id, state) in script.reported.drain(..) {
            let reports = self.log.reports(&id);
            if reports > 1 {
                self.faults
                    .push(format!("{id} ({state}) has {reports} reports"));
            }
        }
        Ok(())
    }

    /// What was answered holds, and nobody went whom nobody asked to.
    pub(super) fn remember(&mut self, script: &mut Script, legs: &[Leg]) {
        let there: BTreeSet<&str> = legs.iter().map(|leg| leg.id.as_str()).collect();
        for id in &script.gone {
            if there.contains(id.as_str()) {
                self.faults
                    .push(format!("{id} was said to be gone and is there"));
            }
        }
        let lost: Vec<String> = script
            .legs
            .keys()
            .filter(|leg| !there.contains(leg.as_str()))
            .cloned()
            .collect();
        for leg in lost {
            if !script.touched.contains(&leg) {
                self.faults.push(format!("{leg} is gone and nobody asked"));
            }
            script.lost(&leg);
        }
    }

    /// The gateways hold one Context for each Seg that has legs, with exactly their Terminations.
    pub(super) async fn audit(&mut self, legs: &[Leg]) -> Result<(), ApiError> {
        let mut expected: BTreeMap<Option<String>, BTreeSet<(String, String)>> = BTreeMap::new();
        for leg in legs {
            let termination = leg.termination.clone().unwrap_or_default();
            expected
                .entry(leg.seg.clone())
                .or_default()
                .insert((termination, leg.id.clone()));
        }
        let contexts = self.api.contexts().await?;
        let found: BTreeMap<_, _> = contexts.iter().map(held).collect();
        if found != expected || found.len() != contexts.len() {
            self.faults.push(format!(
                "the gateway holds {contexts:?}, and must hold {expected:?}"
            ));
        }
        Ok(())
    }
}

/// The Seg of each leg.
pub(super) fn places(legs: &[Leg]) -> BTreeMap<String, String> {
    let place = |leg: &Leg| Some((leg.id.clone(), leg.seg.clone()?));
    legs.iter().filter_map(place).collect()
}

fn held(context: &Context) -> (Option<String>, BTreeSet<(String, String)>) {
    let terminations = context.terminations.iter();
    let tied = terminations.map(|t| (t.id.clone(), t.leg.clone().unwrap_or_default()));
    (context.seg.clone(), tied.collect())
}

/// What the phones receive from now on; those that are in a room are waited for.
async fn listen(phones: &[Arc<Phone>], inside: &[bool]) -> Vec<Vec<Frame>> {
    let from = now();
    loop {
        tokio::time::sleep(LOOK_AGAIN).await;
        let to = now();
        let frames = |phone: &Arc<Phone>| phone.frames(Window { from, to });
        let all: Vec<Vec<Frame>> = phones.iter().map(frames).collect();
        let enough = |(frames, inside): (&Vec<Frame>, &bool)| {
            !inside || steady(frames, STRETCH_FRAMES, STRETCHES).is_some()
        };
        let listened = to.duration_since(from);
        let least = listened >= Duration::from_millis(300);
        if least && all.iter().zip(inside).all(enough) || listened > LISTEN_WITHIN {
            return all;
        }
    }
}

fn heard(frames: &[Frame], tones: &[Tone]) -> Vec<bool> {
    let stretches = steady(frames, STRETCH_FRAMES, STRETCHES).unwrap_or_else(|| vec![frames]);
    Hearing::of_majority(&stretches, tones).heard().to_vec()
}
