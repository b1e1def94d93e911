//! What an application asks for at random, and what it is answered, or not.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::phones::codec::Codec;
use tokio::task::JoinSet;

use super::CrashError;
use crate::{
    api::{Api, ApiError, AttachMediaRes, CallCreated, CreateSegAccepted, LegAdded, Strategy},
    phones::{Phone, sdp},
};

/// How legs are moved.
const STRATEGIES: [Strategy; 3] = [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd];
/// So many Segs are enough.
const SEGS_MAX: usize = 4;

/// So many legs are left alone, so that there are some that stay where they are; but for the end
/// of their Seg.
const SPARED: usize = 2;

/// A Call as its application knows it, and the requests that are under way.
#[derive(Debug)]
pub(super) struct Script {
    api: Api,
    random: fastrand::Rng,
    pub(super) phones: Vec<Arc<Phone>>,
    pub(super) call: CallCreated,
    /// Its Segs, the main one first.
    pub(super) segs: Vec<String>,
    /// The phone of each leg.
    pub(super) legs: BTreeMap<String, usize>,
    /// Phones that wait for the answer to AddLeg.
    joining: BTreeSet<usize>,
    /// Legs about which something was asked since the script began.
    pub(super) touched: BTreeSet<String>,
    /// Where each leg was when the script began.
    pub(super) rooms: BTreeMap<String, String>,
    /// Operations that were taken.
    pub(super) taken: BTreeSet<String>,
    /// Operations that have ended, each with its end, and whose report was not looked at yet.
    pub(super) reported: Vec<(String, String)>,
    /// Whether the end of the Call was asked for.
    pub(super) ending: bool,
    /// Legs, Segs and Calls of which it was said that they are gone.
    pub(super) gone: BTreeSet<String>,
    under_way: JoinSet<Answer>,
}

/// What came of a request.
#[derive(Debug)]
enum Answer {
    Seg(Result<CreateSegAccepted, ApiError>),
    Attach(Result<AttachMediaRes, ApiError>),
    Joined(usize, Result<LegAdded, ApiError>),
    Gone(String, Result<(), ApiError>),
}

impl Script {
    /// A Call without legs.
    pub(super) async fn begin(
        api: Api,
        seed: u64,
        phones: Vec<Arc<Phone>>,
    ) -> Result<Self, CrashError> {
        let call = api.create_call().await?;
        Ok(Self {
            api,
            random: fastrand::Rng::with_seed(seed),
            phones,
            segs: vec![call.main_seg.clone()],
            call,
            legs: BTreeMap::new(),
            joining: BTreeSet::new(),
            touched: BTreeSet::new(),
            rooms: BTreeMap::new(),
            taken: BTreeSet::new(),
            reported: Vec::new(),
            ending: false,
            gone: BTreeSet::new(),
            under_way: JoinSet::new(),
        })
    }

    /// Joins legs until there are so many, and makes a Seg where there is only the main one.
    pub(super) async fn fill(&mut self, legs: usize) -> Result<(), CrashError> {
        while self.legs.len() < legs {
            let Some(place) = self.idle_phone() else {
                break;
            };
            let seg = self.random.choice(&self.segs).cloned();
            let offer = self.phones[place].offer();
            let call = &self.call.id;
            let added = self.api.add_leg(call, seg.as_deref(), &offer).await?;
            self.joined(place, added)?;
        }
        if self.segs.len() == 1 {
            let accepted = self.api.create_seg(&self.call.id, "room").await?;
            self.take(Answer::Seg(Ok(accepted)))?;
        }
        Ok(())
    }

    /// Where the legs are now; from here on it is noted which of them are asked about.
    pub(super) fn forget(&mut self, rooms: BTreeMap<String, String>) {
        self.touched.clear();
        self.rooms = rooms;
    }

    /// Asks for something, and does not wait for the answer.
    pub(super) fn ask(&mut self) {
        let seg = self.random.choice(&self.segs).cloned();
        let seg = seg.unwrap_or_else(|| self.call.main_seg.clone());
        let asked_about = self.legs.keys().skip(SPARED);
        let leg = self.random.choice(asked_about.collect::<Vec<_>>()).cloned();
        match (self.random.u8(..12), leg) {
            (0, _) if self.segs.len() < SEGS_MAX => self.ask_for_seg(),
            (1, _) if seg != self.call.main_seg => self.ask_to_dissolve(seg),
            (2, Some(leg)) => self.ask_to_hang_up(leg),
            (3, _) => self.ask_to_join(seg),
            (_, Some(leg)) => self.ask_to_attach(leg, seg),
            (_, None) => self.ask_to_join(seg),
        }
    }

    /// Asks for the end of the Call.
    pub(super) fn ask_to_end(&mut self) {
        self.ending = true;
        self.touched.extend(self.legs.keys().cloned());
        let (api, call) = (self.api.clone(), self.call.id.clone());
        self.under_way.spawn(async move {
            let answer = api.delete_call(&call).await;
            Answer::Gone(call, answer)
        });
    }

    fn ask_for_seg(&mut self) {
        let (api, call) = (self.api.clone(), self.call.id.clone());
        self.under_way
            .spawn(async move { Answer::Seg(api.create_seg(&call, "room").await) });
    }

    fn ask_to_dissolve(&mut self, seg: String) {
        let there = self.rooms.iter().filter(|(_, room)| **room == seg);
        self.touched.extend(there.map(|(leg, _)| leg.clone()));
        let (api, call) = (self.api.clone(), self.call.id.clone());
        self.under_way.spawn(async move {
            let answer = api.delete_seg(&call, &seg).await;
            Answer::Gone(seg, answer)
        });
    }

    fn ask_to_hang_up(&mut self, leg: String) {
        self.touched.insert(leg.clone());
        let (api, call) = (self.api.clone(), self.call.id.clone());
        self.under_way.spawn(async move {
            let answer = api.delete_leg(&call, &leg).await;
            Answer::Gone(leg, answer)
        });
    }

    fn ask_to_join(&mut self, seg: String) {
        let Some(place) = self.idle_phone() else {
            return;
        };
        self.joining.insert(place);
        let (api, call) = (self.api.clone(), self.call.id.clone());
        let offer = self.phones[place].offer();
        self.under_way.spawn(async move {
            let answer = api.add_leg(&call, Some(&seg), &offer).await;
            Answer::Joined(place, answer)
        });
    }

    fn ask_to_attach(&mut self, leg: String, seg: String) {
        self.touched.insert(leg.clone());
        let strategy = self.random.choice(STRATEGIES).unwrap_or(Strategy::TwoStep);
        let (api, call) = (self.api.clone(), self.call.id.clone());
        self.under_way.spawn(async move {
            Answer::Attach(api.attach_media(&call, &leg, &seg, strategy).await)
        });
    }

    fn idle_phone(&mut self) -> Option<usize> {
        let taken: BTreeSet<usize> = self.legs.values().chain(&self.joining).copied().collect();
        let idle = (0..self.phones.len()).filter(|place| !taken.contains(place));
        self.random.choice(idle.collect::<Vec<_>>())
    }

    /// Takes the answers that have come.
    pub(super) fn hear(&mut self) -> Result<(), CrashError> {
        while let Some(answer) = self.under_way.try_join_next() {
            self.take(answer.map_err(CrashError::Task)?)?;
        }
        Ok(())
    }

    /// Takes all answers; whom the controller owes one has an error instead.
    pub(super) async fn hear_all(&mut self) -> Result<(), CrashError> {
        while let Some(answer) = self.under_way.join_next().await {
            self.take(answer.map_err(CrashError::Task)?)?;
        }
        Ok(())
    }

    fn take(&mut self, answer: Answer) -> Result<(), CrashError> {
        match answer {
            Answer::Seg(Ok(accepted)) => {
                self.segs.push(accepted.seg);
                self.taken.insert(accepted.operation);
            }
            Answer::Attach(Ok(res)) => {
                self.taken.insert(res.operation);
            }
            Answer::Joined(place, Ok(added)) => {
                self.joining.remove(&place);
                self.joined(place, added)?;
            }
            Answer::Joined(place, Err(_)) => {
                self.joining.remove(&place);
            }
            Answer::Gone(id, Ok(())) => {
                self.segs.retain(|seg| *seg != id);
                if let Some(place) = self.legs.remove(&id) {
                    self.phones[place].set_remote(None);
                }
                self.gone.insert(id);
            }
            // A refusal is an answer; where none came, the platform's own word counts.
            Answer::Seg(Err(_)) | Answer::Attach(Err(_)) | Answer::Gone(_, Err(_)) => {}
        }
        Ok(())
    }

    fn joined(&mut self, place: usize, added: LegAdded) -> Result<(), CrashError> {
        let answer = sdp::answer(&added.sdp).map_err(|e| CrashError::Sdp(added.id.clone(), e))?;
        self.phones[place].set_remote(Some(answer.rtp));
        self.touched.insert(added.id.clone());
        self.legs.insert(added.id, place);
        Ok(())
    }

    /// Forgets a leg that is gone.
    pub(super) fn lost(&mut self, leg: &str) {
        if let Some(place) = self.legs.remove(leg) {
            self.phones[place].set_remote(None);
        }
    }

    /// A number below `bound`.
    pub(super) fn draw(&mut self, bound: u64) -> u64 {
        self.random.u64(..bound)
    }
}

/// What the phone of this place speaks: neighbours speak different laws.
pub(super) fn codec(place: usize) -> Codec {
    if place.is_multiple_of(2) {
        Codec::Pcmu
    } else {
        Codec::Pcma
    }
}
