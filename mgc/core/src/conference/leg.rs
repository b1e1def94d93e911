//! A party of a conference, and the table of what may follow what.

use super::{
    intent::{Signals, Supervise, Want},
    invite::Invitation,
    supervise::Waits,
};
use crate::{
    northbound::{
        CallId, Collect, GatewayId, LegId, LegState, MediaSettings, OperationId, Play, Record,
        Refusal, Role, SegId, Strategy,
    },
    sdp::{Audio, Direction, Offer},
};

/// A party of a conference.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Leg {
    pub(super) id: LegId,
    pub(super) call: CallId,
    pub(super) gateway: GatewayId,
    #[serde(default)]
    pub(super) role: Role,
    /// The Seg whose Context it keeps open, where it is no party's: it is the Seg's holder, or records it.
    #[serde(default)]
    pub(super) holds: Option<SegId>,
    pub(super) state: State,
    /// Where it is, as the gateway last confirmed it; while joining, where it will be. `None`
    /// once it is stranded.
    pub(super) seg: Option<SegId>,
    /// What brings it somewhere.
    pub(super) task: Option<Task>,
    /// What its party offered.
    pub(super) offer: Offer,
    /// What of its media is cut off, as the gateway last confirmed.
    pub(super) settings: MediaSettings,
    /// What is being changed where it is.
    pub(super) adjustment: Option<Adjustment>,
    /// What is played to it and collected of it.
    pub(super) waits: Waits,
    /// Whether its gateway has reported that its media fails.
    pub(super) media_lost: bool,
    /// What the gateway answered.
    pub(super) local: Option<Audio>,
    /// Why the task failed, while it is being undone.
    pub(super) refusal: Option<Refusal>,
    /// Whether its media is closed because the application asked for that.
    pub(super) detached: bool,
    /// The operation that ends it; `None` also where the gateway ends it.
    pub(super) leaving: Option<OperationId>,
    /// Whether it may do what hosts may.
    #[serde(default)]
    pub(super) host: bool,
    /// What its party is asked.
    #[serde(default)]
    pub(super) invitation: Option<Invitation>,
}

/// What brings a Leg into a Seg.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Task {
    pub(super) purpose: Purpose,
    pub(super) operation: OperationId,
    pub(super) target: SegId,
}

/// Something that changes about a Leg that stays where it is.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(super) enum Adjustment {
    /// What of its media is cut off.
    Settings(MediaSettings),
    /// What its party offers, and what of its media is cut off.
    Offer {
        offer: Box<Offer>,
        settings: MediaSettings,
    },
    /// Something is played to it; `events` is the request under which its end is told, where it
    /// is a new one.
    Play { play: Play, events: Option<u32> },
    /// Nothing is played to it.
    StopPlay,
    /// Digits are collected of it, which are told under this request.
    Collect { collect: Collect, request: u32 },
    /// No digits are collected of it; under this request other events are told.
    StopCollect { request: u32 },
    /// It is recorded, of which the end is told under this request.
    Record { record: Record, request: u32 },
    /// It is not recorded any more.
    StopRecord,
}

/// Whose wish a task is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) enum Purpose {
    /// An AddLeg.
    Join,
    /// An AttachMediaReq.
    Attach,
    /// Something that changes where the Leg is; the Leg's adjustment says what.
    Adjust,
    /// A DetachMediaReq.
    Detach,
    /// That it is made anew after its gateway was lost.
    Recreate,
    /// A DeleteSeg, before which its Legs return to the main Seg.
    Return,
    /// A SplitSeg or MergeSeg, which is about several Legs.
    Group,
    /// As Adjust, for a PlaySeg or StopSegPlay, which is about several Legs.
    AdjustGroup,
}

impl Purpose {
    /// Whether it opens the media of a Leg that was detached.
    fn opens(self) -> bool {
        matches!(self, Self::Join | Self::Attach)
    }

    /// Whether it changes something where the Leg is.
    pub(super) fn adjusts(self) -> bool {
        matches!(self, Self::Adjust | Self::AdjustGroup)
    }

    /// Whether its operation tells of each of several Legs.
    pub(super) fn is_shared(self) -> bool {
        matches!(self, Self::Group | Self::AdjustGroup)
    }

    /// Whether its operation is about this Leg alone, and ends with the task.
    pub(super) fn is_alone(self) -> bool {
        matches!(
            self,
            Self::Join | Self::Recreate | Self::Attach | Self::Adjust | Self::Detach
        )
    }
}

/// What is going on with a Leg. In every state but Attached, Stranded and Gone exactly one answer
/// of the gateway is waited for, so that commands about one Leg never overtake each other.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) enum State {
    /// Its Termination is being added.
    Joining,
    /// It is in its Seg and hears it.
    Attached,
    /// It is in its Seg, where something about it is being changed.
    Adjusting,
    /// Two-step: its media to the first Context is being closed.
    Closing,
    /// Two-step: it is being moved to the second Context and opened there.
    Connecting,
    /// What was done is being undone where it was.
    Reopening,
    /// Move: it is being moved, or opened where it is.
    Moving,
    /// Its media is being closed, and it stays.
    Detaching,
    /// Subtract-add: its Termination is being subtracted.
    Releasing,
    /// The gateway does not know Move: its Termination is being subtracted, after which this is a
    /// subtract-add.
    Exchanging,
    /// The gateway cannot move it back to where it was, as it does not know Move: its Termination
    /// is being subtracted, to be added there.
    Withdrawing,
    /// Subtract-add: its new Termination is being added to the target.
    Rejoining,
    /// Subtract-add: its new Termination is being added where it was.
    Returning,
    /// It is in no Seg.
    Stranded,
    /// It is on its way out of being stranded.
    Recovering,
    /// It is to end, and an answer is still to come about what was asked before.
    Abandoned,
    /// Its Termination is being subtracted for good.
    Leaving,
    /// It has ended.
    Gone,
}

/// What happens to a Leg.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Input {
    /// It is to be in another Seg.
    Attach(Strategy),
    /// Something about it is to change where it is.
    Adjust,
    /// It is to stay and neither hear nor be heard.
    Detach,
    /// The gateway did what was asked.
    Done,
    /// The gateway refused, and changed nothing.
    Refused,
    /// The gateway refused as it does not know Move, and is to go on without.
    Unable,
    /// The gateway did not answer, and was found not to have done what was asked.
    Unanswered,
    /// The gateway has no such Termination any more.
    Missing,
    /// It is to end.
    Delete,
}

/// An input that cannot come in this state.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Impossible;

impl State {
    /// Returns the state that follows `input`.
    pub(super) fn next(self, input: Input) -> Result<Self, Impossible> {
        match input {
            Input::Attach(strategy) => self.after_attach(strategy),
            Input::Adjust if self == Self::Attached => Ok(Self::Adjusting),
            Input::Adjust => Err(Impossible),
            Input::Detach => self.after_detach(),
            Input::Delete => self.after_delete(),
            Input::Done => self.after_done(),
            Input::Refused => self.after_refusal(),
            Input::Unable => self.after_inability(),
            Input::Unanswered => self.after_silence(),
            Input::Missing => self.after_loss(),
        }
    }

    fn after_attach(self, strategy: Strategy) -> Result<Self, Impossible> {
        if self == Self::Stranded {
            return Ok(Self::Recovering);
        }
        if self != Self::Attached {
            return Err(Impossible);
        }
        Ok(match strategy {
            Strategy::TwoStep => Self::Closing,
            Strategy::Move | Strategy::Topology => Self::Moving,
            Strategy::SubtractAdd => Self::Releasing,
        })
    }

    fn after_detach(self) -> Result<Self, Impossible> {
        if self == Self::Attached {
            Ok(Self::Detaching)
        } else {
            Err(Impossible)
        }
    }

    fn after_delete(self) -> Result<Self, Impossible> {
        match self {
            Self::Attached | Self::Stranded => Ok(Self::Leaving),
            Self::Joining
            | Self::Adjusting
            | Self::Closing
            | Self::Connecting
            | Self::Reopening
            | Self::Moving
            | Self::Detaching
            | Self::Releasing
            | Self::Exchanging
            | Self::Withdrawing
            | Self::Rejoining
            | Self::Returning
            | Self::Recovering => Ok(Self::Abandoned),
            Self::Abandoned | Self::Leaving | Self::Gone => Err(Impossible),
        }
    }

    fn after_done(self) -> Result<Self, Impossible> {
        match self {
            Self::Closing => Ok(Self::Connecting),
            Self::Releasing | Self::Exchanging => Ok(Self::Rejoining),
            Self::Withdrawing => Ok(Self::Returning),
            Self::Joining
            | Self::Adjusting
            | Self::Connecting
            | Self::Reopening
            | Self::Moving
            | Self::Detaching
            | Self::Rejoining
            | Self::Returning
            | Self::Recovering => Ok(Self::Attached),
            Self::Abandoned => Ok(Self::Leaving),
            Self::Leaving => Ok(Self::Gone),
            Self::Attached | Self::Stranded | Self::Gone => Err(Impossible),
        }
    }

    fn after_refusal(self) -> Result<Self, Impossible> {
        match self {
            Self::Adjusting | Self::Closing | Self::Moving | Self::Detaching | Self::Releasing => {
                Ok(Self::Attached)
            }
            Self::Connecting | Self::Exchanging => Ok(Self::Reopening),
            Self::Rejoining => Ok(Self::Returning),
            Self::Reopening | Self::Withdrawing | Self::Returning | Self::Recovering => {
                Ok(Self::Stranded)
            }
            Self::Abandoned => Ok(Self::Leaving),
            Self::Joining | Self::Leaving => Ok(Self::Gone),
            Self::Attached | Self::Stranded | Self::Gone => Err(Impossible),
        }
    }

    fn after_inability(self) -> Result<Self, Impossible> {
        match self {
            Self::Connecting | Self::Moving => Ok(Self::Exchanging),
            Self::Reopening => Ok(Self::Withdrawing),
            Self::Joining
            | Self::Attached
            | Self::Adjusting
            | Self::Closing
            | Self::Detaching
            | Self::Releasing
            | Self::Exchanging
            | Self::Withdrawing
            | Self::Rejoining
            | Self::Returning
            | Self::Stranded
            | Self::Recovering
            | Self::Abandoned
            | Self::Leaving
            | Self::Gone => self.after_refusal(),
        }
    }

    fn after_silence(self) -> Result<Self, Impossible> {
        match self {
            // Whether the Mode is what it was, and the Context, is only sure after it is set.
            Self::Adjusting | Self::Closing | Self::Moving | Self::Detaching => Ok(Self::Reopening),
            Self::Joining
            | Self::Attached
            | Self::Connecting
            | Self::Reopening
            | Self::Releasing
            | Self::Exchanging
            | Self::Withdrawing
            | Self::Rejoining
            | Self::Returning
            | Self::Stranded
            | Self::Recovering
            | Self::Abandoned
            | Self::Leaving
            | Self::Gone => self.after_refusal(),
        }
    }

    fn after_loss(self) -> Result<Self, Impossible> {
        match self {
            Self::Releasing | Self::Exchanging => Ok(Self::Rejoining),
            Self::Withdrawing | Self::Rejoining => Ok(Self::Returning),
            Self::Returning => Ok(Self::Stranded),
            Self::Joining
            | Self::Adjusting
            | Self::Closing
            | Self::Connecting
            | Self::Reopening
            | Self::Moving
            | Self::Detaching
            | Self::Recovering
            | Self::Abandoned
            | Self::Leaving => Ok(Self::Gone),
            Self::Attached | Self::Stranded | Self::Gone => Err(Impossible),
        }
    }

    /// The state as the application sees it.
    pub(super) fn view(self) -> LegState {
        match self {
            Self::Joining => LegState::Joining,
            Self::Attached | Self::Adjusting => LegState::Attached,
            Self::Closing
            | Self::Connecting
            | Self::Reopening
            | Self::Moving
            | Self::Detaching
            | Self::Releasing
            | Self::Exchanging
            | Self::Withdrawing
            | Self::Rejoining
            | Self::Returning
            | Self::Recovering => LegState::Moving,
            Self::Stranded => LegState::Stranded,
            Self::Abandoned | Self::Leaving | Self::Gone => LegState::Leaving,
        }
    }
}

impl Leg {
    /// One that is to be added for its task.
    pub(super) fn joining(
        id: LegId,
        call: CallId,
        gateway: GatewayId,
        task: Task,
        offer: Offer,
    ) -> Self {
        Self {
            id,
            call,
            gateway,
            role: Role::Member,
            holds: None,
            state: State::Joining,
            seg: Some(task.target.clone()),
            task: Some(task),
            offer,
            settings: MediaSettings::default(),
            adjustment: None,
            waits: Waits::default(),
            media_lost: false,
            local: None,
            refusal: None,
            detached: false,
            leaving: None,
            host: false,
            invitation: None,
        }
    }

    /// Whether it is in its Seg, and nothing is asked of its gateway.
    pub(super) fn rests(&self) -> bool {
        self.state == State::Attached && self.task.is_none()
    }

    /// Reads what its party offers in the place of what it offered before. What the gateway receives stays as it is.
    pub(super) fn offered_anew(&self, sdp: &str) -> Result<Offer, Refusal> {
        let offer = Offer::parse(sdp).map_err(Refusal::bad_sdp)?;
        let fits = |local: &Audio| local.fits(&offer.audio);
        if self.local.as_ref().is_some_and(|local| !fits(local)) {
            let why = "it has neither the codec nor the protection that the gateway receives";
            return Err(Refusal::bad_sdp(why));
        }
        Ok(offer)
    }

    /// Whether it is in a Seg or on its way there.
    pub(super) fn is_about(&self, seg: &SegId) -> bool {
        let coming = self.task.as_ref().is_some_and(|task| task.target == *seg);
        coming || self.seg.as_ref() == Some(seg)
    }

    /// The task, where its operation tells how far it is.
    pub(super) fn own_task(&self) -> Option<&Task> {
        self.task
            .as_ref()
            .filter(|task| task.purpose != Purpose::Return)
    }

    /// What is wanted of the gateway on entering the state; `None` where nothing is.
    pub(super) fn want(&self) -> Option<Want> {
        let target = self.task.as_ref().map(|task| task.target.clone());
        let opens = self.task.as_ref().is_some_and(|task| task.purpose.opens());
        let there = self.direction(opens);
        let here = self.direction(false);
        let direction = there;
        let here_at_most = match &self.adjustment {
            _ if self.detached => Direction::Inactive,
            Some(Adjustment::Offer { offer, .. }) => self.allowed(offer.direction),
            Some(_) | None => self.wanted(),
        };
        match self.state {
            State::Attached | State::Stranded | State::Gone => None,
            State::Joining => Some(Want::Join {
                seg: target?,
                remote: self.offer.audio.clone(),
                direction,
            }),
            State::Adjusting => Some(self.adjustment_wanted(here_at_most)?),
            State::Closing | State::Detaching => Some(Want::Close),
            State::Connecting | State::Moving => Some(Want::Enter {
                seg: target?,
                direction,
            }),
            State::Reopening => Some(Want::Restore {
                seg: self.seg.clone()?,
                direction: here,
            }),
            State::Releasing | State::Exchanging | State::Withdrawing => Some(Want::Release),
            State::Rejoining => self.rejoin(target?, there),
            State::Returning => self.rejoin(self.seg.clone()?, here),
            State::Recovering => Some(Want::Recover {
                seg: target?,
                remote: self.offer.audio.clone(),
                local: self.local.clone()?,
                direction,
            }),
            State::Abandoned => Some(Want::Abandon),
            State::Leaving => Some(Want::Leave),
        }
    }

    /// How its media is to be where the gateway is asked to open it; `opens`: though it was
    /// detached.
    fn direction(&self, opens: bool) -> Direction {
        if self.detached && !opens {
            return Direction::Inactive;
        }
        self.settings.cut(self.wanted())
    }

    /// The direction of its party, as far as its role allows it.
    fn wanted(&self) -> Direction {
        self.allowed(self.offer.direction)
    }

    fn allowed(&self, offered: Direction) -> Direction {
        let by_role = MediaSettings {
            muted: self.role == Role::Supervisor,
            ..MediaSettings::default()
        };
        by_role.cut(offered)
    }

    fn adjustment_wanted(&self, offered: Direction) -> Option<Want> {
        let mut want = self.adjustment.as_ref()?.want(offered);
        if let Want::Supervise(supervise) = &mut want {
            let stops = matches!(self.adjustment, Some(Adjustment::StopRecord));
            supervise.recorded = self.waits.record.is_some() && !stops;
        }
        Some(want)
    }

    fn rejoin(&self, seg: SegId, direction: Direction) -> Option<Want> {
        Some(Want::Rejoin {
            seg,
            remote: self.offer.audio.clone(),
            local: self.local.clone()?,
            direction,
        })
    }
}

impl Adjustment {
    /// What is wanted of the gateway; `offered` is the party's direction.
    fn want(&self, offered: Direction) -> Want {
        match self {
            Self::Settings(settings) => Want::Open {
                direction: settings.cut(offered),
                remote: None,
            },
            Self::Offer { offer, settings } => Want::Open {
                direction: settings.cut(offered),
                remote: Some(offer.audio.clone()),
            },
            Self::Play { play, events } => {
                let events = events.map(|request| (request, None));
                supervise(events, Signals::Play(play.clone()))
            }
            Self::StopPlay | Self::StopRecord => supervise(None, Signals::Stop),
            Self::Collect { collect, request } => {
                supervise(Some((*request, Some(collect.clone()))), Signals::Same)
            }
            Self::StopCollect { request } => supervise(Some((*request, None)), Signals::Same),
            Self::Record { record, request } => {
                supervise(Some((*request, None)), Signals::Record(record.clone()))
            }
        }
    }
}

fn supervise(events: Option<(u32, Option<Collect>)>, signals: Signals) -> Want {
    Want::Supervise(Supervise {
        events,
        signals,
        recorded: false,
    })
}

impl MediaSettings {
    /// What is left of a party's direction: a muted one is not sent on, a deaf one receives
    /// nothing.
    fn cut(self, offered: Direction) -> Direction {
        let sends = matches!(offered, Direction::SendRecv | Direction::SendOnly);
        let receives = matches!(offered, Direction::SendRecv | Direction::RecvOnly);
        let sends = sends && !self.muted && !self.hold;
        let receives = receives && !self.deaf && !self.hold;
        match (sends, receives) {
            (true, true) => Direction::SendRecv,
            (true, false) => Direction::SendOnly,
            (false, true) => Direction::RecvOnly,
            (false, false) => Direction::Inactive,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    const STATES: [State; 18] = [
        State::Joining,
        State::Attached,
        State::Adjusting,
        State::Closing,
        State::Connecting,
        State::Reopening,
        State::Moving,
        State::Detaching,
        State::Releasing,
        State::Exchanging,
        State::Withdrawing,
        State::Rejoining,
        State::Returning,
        State::Stranded,
        State::Recovering,
        State::Abandoned,
        State::Leaving,
        State::Gone,
    ];

    const INPUTS: [(&str, Input); 12] = [
        ("TwoStep", Input::Attach(Strategy::TwoStep)),
        ("Move", Input::Attach(Strategy::Move)),
        ("SubtractAdd", Input::Attach(Strategy::SubtractAdd)),
        ("Topology", Input::Attach(Strategy::Topology)),
        ("Detach", Input::Detach),
        ("Adjust", Input::Adjust),
        ("Done", Input::Done),
        ("Refused", Input::Refused),
        ("Unable", Input::Unable),
        ("Unanswered", Input::Unanswered),
        ("Missing", Input::Missing),
        ("Delete", Input::Delete),
    ];

    const TABLE: &str = "
            TwoStep    Move       SubtractAdd Topology   Detach     Adjust     Done       Refused    Unable     Unanswered Missing    Delete
Joining     -          -          -           -          -          -          Attached   Gone       Gone       Gone       Gone       Abandoned
Attached    Closing    Moving     Releasing   Moving     Detaching  Adjusting  -          -          -          -          -          Leaving
Adjusting   -          -          -           -          -          -          Attached   Attached   Attached   Reopening  Gone       Abandoned
Closing     -          -          -           -          -          -          Connecting Attached   Attached   Reopening  Gone       Abandoned
Connecting  -          -          -           -          -          -          Attached   Reopening  Exchanging Reopening  Gone       Abandoned
Reopening   -          -          -           -          -          -          Attached   Stranded   Withdrawing Stranded   Gone       Abandoned
Moving      -          -          -           -          -          -          Attached   Attached   Exchanging Reopening  Gone       Abandoned
Detaching   -          -          -           -          -          -          Attached   Attached   Attached   Reopening  Gone       Abandoned
Releasing   -          -          -           -          -          -          Rejoining  Attached   Attached   Attached   Rejoining  Abandoned
Exchanging  -          -          -           -          -          -          Rejoining  Reopening  Reopening  Reopening  Rejoining  Abandoned
Withdrawing -          -          -           -          -          -          Returning  Stranded   Stranded   Stranded   Returning  Abandoned
Rejoining   -          -          -           -          -          -          Attached   Returning  Returning  Returning  Returning  Abandoned
Returning   -          -          -           -          -          -          Attached   Stranded   Stranded   Stranded   Stranded   Abandoned
Stranded    Recovering Recovering Recovering  Recovering -          -          -          -          -          -          -          Leaving
Recovering  -          -          -           -          -          -          Attached   Stranded   Stranded   Stranded   Gone       Abandoned
Abandoned   -          -          -           -          -          -          Leaving    Leaving    Leaving    Leaving    Gone       -
Leaving     -          -          -           -          -          -          Gone       Gone       Gone       Gone       Gone       -
Gone        -          -          -           -          -          -          -          -          -          -          -          -
";

    #[test]
    fn every_cell_of_the_state_table_is_the_one_that_was_written_down() {
        let mut table = String::from("\n           ");
        for (name, _) in INPUTS {
            let width = name.len().max(10);
            let _ = write!(table, " {name:width$}");
        }
        for state in STATES {
            table.truncate(table.trim_end().len());
            let _ = write!(table, "\n{:11}", format!("{state:?}"));
            for (name, input) in INPUTS {
                let next = state.next(input);
                let next = next.map_or_else(|_| "-".to_owned(), |next| format!("{next:?}"));
                let width = name.len().max(10);
                let _ = write!(table, " {next:width$}");
            }
        }
        assert_eq!(format!("{}\n", table.trim_end()), TABLE);
    }
}
