//! A Call with simulated legs, driven over the platform's API, and what must be true of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::phones::codec::Codec;

use crate::{
    api::{Api, ApiError, CallCreated, Context, Event, EventLog, Strategy},
    gap::Carried,
    matrix::Matrix,
    phones::{self, Frame, Hearing, Phone, Phones, Source, Tone, Window, sdp},
};

/// How long an operation may take until its event.
const EVENT_WITHIN: Duration = Duration::from_secs(10);
/// How long media may take to follow an event.
const SETTLE: Duration = Duration::from_millis(350);
/// Frames of a stretch that is measured, 200 ms; all tones have whole periods in them.
const STRETCH_FRAMES: usize = 10;
/// Stretches by whose majority a cell of the matrix is judged.
const STRETCHES: usize = 5;
/// A gateway that is short of time leaves frames out; so long that many are waited for.
const LISTEN_WITHIN: Duration = Duration::from_secs(5);
/// The pause between two looks at what has been received.
const LOOK_AGAIN: Duration = Duration::from_millis(40);
/// How much audio before a move belongs to its picture.
pub const BEFORE_MOVE: Duration = Duration::from_millis(200);
/// How much audio after a move's report belongs to its picture.
pub const AFTER_MOVE: Duration = Duration::from_millis(400);

/// Why a stage cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The platform.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// A phone.
    #[error("a phone: {0}")]
    Phone(#[from] io::Error),
    /// An SDP answer.
    #[error("{0}: {1}")]
    Sdp(String, sdp::SdpError),
}

/// The clock of a stage.
#[expect(clippy::disallowed_methods, reason = "real time is what is measured")]
pub fn now() -> Instant {
    Instant::now()
}

/// A leg on the stage.
#[derive(Debug)]
pub struct Member {
    /// Its name for people.
    pub name: String,
    /// What it speaks and hears with.
    pub phone: Arc<Phone>,
    /// Its name on the platform.
    pub leg: String,
    /// The Seg where it must be.
    pub seg: String,
}

/// A move that was asked for and reported.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Place of the leg.
    pub leg: usize,
    /// When AttachMediaReq was sent.
    pub asked: Instant,
    /// When the LegEventReport came.
    pub reported: Instant,
    /// The report.
    pub report: Event,
    /// The others where it was.
    pub old_room: Vec<usize>,
    /// The others where it went.
    pub new_room: Vec<usize>,
}

/// A Call, its legs, and the faults found so far.
#[derive(Debug)]
pub struct Stage {
    /// The platform.
    pub api: Api,
    /// Its events.
    pub events: EventLog,
    /// The Call.
    pub call: CallCreated,
    /// Its legs, in the order of joining.
    pub members: Vec<Member>,
    /// What each leg sends.
    pub tones: Vec<Tone>,
    /// What was not as it must be.
    pub faults: Vec<String>,
    phones: Phones,
}

impl Stage {
    /// A new Call without legs. `tones` are those that legs will send, one each.
    pub async fn open(
        api: Api,
        events: EventLog,
        tones: Vec<Tone>,
        kept: Duration,
    ) -> Result<Self, StageError> {
        let call = api.create_call().await?;
        Ok(Self {
            api,
            events,
            call,
            members: Vec::new(),
            tones,
            faults: Vec::new(),
            phones: Phones::start(kept)?,
        })
    }

    /// Joins the next leg, with its tone, to a Seg or to the main one; returns its place.
    pub async fn join(&mut self, seg: Option<&str>, codec: Codec) -> Result<usize, StageError> {
        let place = self.members.len();
        let name = format!("leg{}", place + 1);
        let tone = self.tones.get(place).copied();
        let tone = tone.ok_or_else(|| io::Error::other("there are more legs than tones"))?;
        let phone = self.phones.add(&Source::tone(tone), codec)?;
        let added = self.api.add_leg(&self.call.id, seg, &phone.offer()).await?;
        let answer = sdp::answer(&added.sdp).map_err(|e| StageError::Sdp(name.clone(), e))?;
        let expected = codec.payload_type();
        if answer.payload_types.first() != Some(&expected) {
            let offered = answer.payload_types;
            self.faults
                .push(format!("{name}: payload types {offered:?}, not {expected}"));
        }
        phone.set_remote(Some(answer.rtp));
        let wanted = seg.unwrap_or(&self.call.main_seg);
        if added.seg != wanted {
            self.faults
                .push(format!("{name} joined {} instead of {wanted}", added.seg));
        }
        self.members.push(Member {
            name,
            phone,
            leg: added.id,
            seg: wanted.to_owned(),
        });
        Ok(place)
    }

    /// CreateSegReq, until CreateSegRes.
    pub async fn create_seg(&mut self, name: &str) -> Result<String, StageError> {
        let accepted = self.api.create_seg(&self.call.id, name).await?;
        let res = self
            .events
            .wait("CreateSegRes", EVENT_WITHIN, |event| {
                event.kind == "CreateSegRes"
                    && event.operation.as_ref() == Some(&accepted.operation)
            })
            .await?;
        if res.seg.as_ref() != Some(&accepted.seg) || res.cause.is_some() {
            self.faults.push(format!("CreateSegRes says {res:?}"));
        }
        Ok(accepted.seg)
    }

    /// AttachMediaReq, until LegEventReport. The members are not changed: see [`Self::settle`].
    pub async fn attach(
        &self,
        leg: usize,
        seg: &str,
        strategy: Strategy,
        on_accepted: impl Fn(&str),
    ) -> Result<Moved, StageError> {
        let member = &self.members[leg];
        let asked = now();
        let res = self
            .api
            .attach_media(&self.call.id, &member.leg, seg, strategy)
            .await?;
        on_accepted(&res.operation);
        let what = format!("LegEventReport of {}", member.name);
        let report = self
            .events
            .wait(&what, EVENT_WITHIN, |event| {
                event.kind == "LegEventReport" && event.operation.as_ref() == Some(&res.operation)
            })
            .await?;
        Ok(Moved {
            leg,
            asked,
            reported: now(),
            report,
            old_room: self.others_in(&member.seg, leg),
            new_room: self.others_in(seg, leg),
        })
    }

    /// Judges a move's report and takes the leg to be where it was to go.
    pub fn settle(&mut self, moved: &Moved, seg: &str) {
        let member = &mut self.members[moved.leg];
        let report = &moved.report;
        let right = report.event.as_deref() == Some("moved")
            && report.leg.as_ref() == Some(&member.leg)
            && report.seg.as_deref() == Some(seg);
        if !right {
            self.faults.push(format!(
                "the report of {} to {seg} says {report:?}",
                member.name
            ));
        }
        member.seg = seg.to_owned();
    }

    fn others_in(&self, seg: &str, but: usize) -> Vec<usize> {
        let others = (0..self.members.len()).filter(|&place| place != but);
        others
            .filter(|&place| self.members[place].seg == seg)
            .collect()
    }

    /// Their names.
    pub fn names(&self) -> Vec<String> {
        self.members.iter().map(|m| m.name.clone()).collect()
    }

    /// What everybody must hear.
    pub fn expected(&self) -> Matrix {
        let rooms: Vec<Option<&str>> = self.members.iter().map(|m| Some(m.seg.as_str())).collect();
        Matrix::expected(&rooms)
    }

    /// Listens to what everybody hears from now on, and judges it.
    pub async fn listen(&mut self, when: &str) -> Matrix {
        tokio::time::sleep(SETTLE).await;
        let phones: Vec<Arc<Phone>> = self.members.iter().map(|m| Arc::clone(&m.phone)).collect();
        let heard = received(&phones).await;
        let tones = self.tones[..phones.len()].to_vec();
        let measure = move || {
            let row = |frames: &Vec<Frame>| {
                let stretches = steady(frames).unwrap_or_else(|| vec![frames]);
                let hearing = Hearing::of_majority(&stretches, &tones);
                hearing.heard().to_vec()
            };
            Matrix::measured(heard.iter().map(row).collect())
        };
        let measured = tokio::task::spawn_blocking(measure).await;
        let measured = measured.unwrap_or_else(|_| Matrix::measured(Vec::new()));
        let names = self.names();
        for cell in measured.wrong_cells(&self.expected()) {
            self.faults
                .push(format!("{when}: {}", cell.describe(&names)));
        }
        measured
    }

    /// Asks the gateways what they hold: one Context for each Seg that has legs, with exactly
    /// their Terminations, and nothing else. Returns it in words, none where there is no Context.
    pub async fn audit(&mut self, when: &str) -> Result<String, StageError> {
        let contexts = self.api.contexts().await?;
        let found: Vec<(String, BTreeSet<String>)> = contexts.iter().map(held).collect();
        let mut expected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for member in &self.members {
            let legs = expected.entry(member.seg.clone()).or_default();
            legs.insert(member.leg.clone());
        }
        let by_seg: BTreeMap<_, _> = found.iter().cloned().collect();
        if by_seg != expected || found.len() != expected.len() {
            self.faults.push(format!(
                "{when}: the gateways hold {found:?}, and must hold {expected:?}"
            ));
        }
        let words: Vec<String> = contexts.iter().map(in_words).collect();
        Ok(words.join("  "))
    }

    /// Compares where the platform says that the legs are with where they must be.
    pub async fn check_legs(&mut self, when: &str) -> Result<(), StageError> {
        let legs = self.api.legs(&self.call.id).await?;
        let said: BTreeMap<String, Option<String>> =
            legs.into_iter().map(|leg| (leg.id, leg.seg)).collect();
        let must: BTreeMap<String, Option<String>> = self
            .members
            .iter()
            .map(|m| (m.leg.clone(), Some(m.seg.clone())))
            .collect();
        if said != must {
            self.faults.push(format!(
                "{when}: the platform's legs are {said:?}, not {must:?}"
            ));
        }
        Ok(())
    }

    /// Ends the Call and sees that nothing is left.
    pub async fn close(&mut self) -> Result<(), StageError> {
        self.api.delete_call(&self.call.id).await?;
        for member in self.members.drain(..) {
            member.phone.set_remote(None);
        }
        let calls = self.api.calls().await?;
        if !calls.is_empty() {
            self.faults.push(format!("Calls are left: {calls:?}"));
        }
        Ok(())
    }

    /// Judges all events: so many moves, each reported once, and nothing that failed.
    pub fn check_events(&mut self, moves: usize) {
        let events = self.events.so_far();
        let moved = events
            .iter()
            .filter(|e| e.event.as_deref() == Some("moved"));
        let operations: Vec<&str> = moved.filter_map(|e| e.operation.as_deref()).collect();
        let distinct: BTreeSet<&str> = operations.iter().copied().collect();
        if operations.len() != moves || distinct.len() != moves {
            self.faults.push(format!(
                "{moves} moves have {} reports of {} operations",
                operations.len(),
                distinct.len()
            ));
        }
        let failed = |event: &&Event| {
            matches!(event.event.as_deref(), Some("moveFailed" | "stranded"))
                || event.kind == "GatewayDown"
        };
        for event in events.iter().filter(failed) {
            self.faults.push(format!("unexpected event {event:?}"));
        }
        if self.events.unreadable() > 0 {
            let count = self.events.unreadable();
            self.faults
                .push(format!("{count} events could not be read"));
        }
    }

    /// The frames that a leg received around a move, by the room they carry.
    pub fn around(
        &self,
        listener: usize,
        moved: &Moved,
        old: &[usize],
        new: &[usize],
    ) -> Vec<Carried> {
        let window = Window {
            from: moved.asked.checked_sub(BEFORE_MOVE).unwrap_or(moved.asked),
            to: moved.reported + AFTER_MOVE,
        };
        let frames = self.members[listener].phone.frames(window);
        Carried::of(&frames, &self.tones, old, new)
    }
}

/// What each phone receives from now on, until there is enough to judge or time is up.
async fn received(phones: &[Arc<Phone>]) -> Vec<Vec<Frame>> {
    let from = now();
    loop {
        tokio::time::sleep(LOOK_AGAIN).await;
        let to = now();
        let all: Vec<Vec<Frame>> = phones
            .iter()
            .map(|phone| phone.frames(Window { from, to }))
            .collect();
        let enough = all.iter().all(|frames| steady(frames).is_some());
        if enough || to.duration_since(from) > LISTEN_WITHIN {
            return all;
        }
    }
}

fn steady(frames: &[Frame]) -> Option<Vec<&[Frame]>> {
    phones::steady(frames, STRETCH_FRAMES, STRETCHES)
}

/// The Seg of a Context and the legs of its Terminations. What is tied to none, or twice to the
/// same, bears the Termination's name, so that it equals nothing expected.
fn held(context: &Context) -> (String, BTreeSet<String>) {
    let mut legs = BTreeSet::new();
    for termination in &context.terminations {
        let leg = termination.leg.clone().filter(|leg| !legs.contains(leg));
        legs.insert(leg.unwrap_or_else(|| format!("{} of no leg", termination.id)));
    }
    let seg = context.seg.clone();
    let seg = seg.unwrap_or_else(|| format!("Context {} of no Seg", context.context));
    (seg, legs)
}

fn in_words(context: &Context) -> String {
    let names = context.terminations.iter().map(|t| t.id.as_str());
    let names: Vec<&str> = names.collect();
    format!("C={} {{{}}}", context.context, names.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Termination;

    #[test]
    fn what_the_platform_does_not_know_and_what_is_there_twice_equals_nothing_expected() {
        let termination = |id: &str, leg: Option<&str>| Termination {
            id: id.to_owned(),
            leg: leg.map(str::to_owned),
        };
        let (seg, legs) = held(&Context {
            context: 7,
            seg: None,
            terminations: vec![
                termination("rtp/1", Some("leg_a")),
                termination("rtp/2", Some("leg_a")),
                termination("rtp/3", None),
            ],
        });
        assert_eq!(seg, "Context 7 of no Seg");
        let expected = ["leg_a", "rtp/2 of no leg", "rtp/3 of no leg"];
        assert!(legs.iter().eq(expected.iter()));
    }
}
