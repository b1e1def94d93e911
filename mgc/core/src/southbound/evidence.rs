//! Whether a Modify of signals and events was carried out, as its Termination tells. A command that fails leaves
//! everything as it was (H.248.1 8), so that Events under its request id show all of it.

use codec_h248::{
    AmmsReply, AuditReply, CommandReply, TransactionResult,
    descriptor::{AuditReturn, RequestId},
};

use super::{
    errand::{Doubt, Errand, Order},
    supervision::has_recording,
};
use crate::{
    conference::{Signals, Supervise},
    northbound::Refusal,
};

/// What an audit tells of a command in doubt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Evidence {
    /// It was carried out.
    Done,
    /// It was not.
    Undone,
    /// Nothing.
    Missing,
}

impl Errand {
    /// Whether the Termination can tell that the command was carried out: where it sets Events.
    pub(super) fn leaves_evidence(&self) -> bool {
        self.request().is_some()
    }

    fn request(&self) -> Option<u32> {
        match &self.order {
            Order::Supervise(Supervise { events, .. }) => events.as_ref().map(|(id, _)| *id),
            Order::Add { .. }
            | Order::Move { .. }
            | Order::Regroup { .. }
            | Order::Close
            | Order::Reopen { .. }
            | Order::Release
            | Order::Leave => None,
        }
    }

    fn records(&self) -> bool {
        matches!(&self.order, Order::Supervise(wanted) if matches!(wanted.signals, Signals::Record(_)))
    }
}

impl Doubt {
    /// Whether to send it again does no harm: where it records by now, that would end the file, whose end passes for
    /// that of the next one.
    pub(super) fn may_be_repeated(&self, evidence: Evidence) -> bool {
        let denied = matches!(self.refusal, Some(Refusal::Gateway(_)));
        !self.errand.records() || evidence != Evidence::Missing || denied
    }
}

/// Reads the reply to the audit of an errand's Termination.
pub(super) fn evidence(errand: &Errand, result: &TransactionResult<'static>) -> Evidence {
    let (Some(request), TransactionResult::Actions(actions)) = (errand.request(), result) else {
        return Evidence::Missing;
    };
    for command in actions.iter().flat_map(|action| &action.commands) {
        if let CommandReply::AuditValue(AuditReply::Termination(reply)) = command
            && reply.terminations.first() == Some(&errand.termination)
        {
            return told(request, errand.records(), reply);
        }
    }
    Evidence::Missing
}

/// Events with a request id say it; where there is none, a recording that runs does.
fn told(request: u32, records: bool, reply: &AmmsReply<'static>) -> Evidence {
    let mut armed = None;
    let mut recorded = None;
    for descriptor in &reply.descriptors {
        if let AuditReturn::Events(events) = descriptor {
            armed = Some(events.request_id);
        } else if let AuditReturn::Signals(signals) = descriptor {
            recorded = Some(has_recording(signals));
        }
    }
    match (armed, recorded.filter(|_| records)) {
        (Some(Some(RequestId::Id(id))), _) if id == request => Evidence::Done,
        (Some(Some(_)), _) => Evidence::Undone,
        (_, Some(true)) => Evidence::Done,
        (Some(None), _) | (None, Some(false)) => Evidence::Undone,
        (None, None) => Evidence::Missing,
    }
}

#[cfg(test)]
mod tests {
    use codec_h248::{
        List, PackageItem, TerminationId,
        descriptor::{EventsDescriptor, Signal, SignalParm, SignalsDescriptor},
        list,
    };

    use super::*;

    fn events(request: Option<u32>) -> AuditReturn<'static> {
        AuditReturn::Events(EventsDescriptor {
            request_id: request.map(RequestId::Id),
            events: List::new(),
        })
    }

    fn signals(played: Option<(&'static str, &'static str)>) -> AuditReturn<'static> {
        let played = played.map(|(package, item)| Signal::new(PackageItem::known(package, item)));
        AuditReturn::Signals(SignalsDescriptor {
            parms: played.into_iter().map(SignalParm::Signal).collect(),
        })
    }

    fn of(descriptors: List<AuditReturn<'static>>) -> [Evidence; 2] {
        let reply = AmmsReply {
            terminations: list![TerminationId::from_name("rtp/1")],
            descriptors,
        };
        [true, false].map(|records| told(7, records, &reply))
    }

    #[test]
    fn a_request_id_says_it_and_without_one_a_recording_does() {
        use Evidence::{Done, Missing, Undone};
        let playrec = Some(("aasrec", "playrec"));
        let cases = [
            (list![events(Some(7)), signals(None)], [Done, Done]),
            (list![signals(None), events(Some(7))], [Done, Done]),
            (list![signals(playrec), events(Some(8))], [Undone, Undone]),
            (list![events(None), signals(playrec)], [Done, Undone]),
            (list![signals(playrec), events(None)], [Done, Undone]),
            (list![events(None), signals(None)], [Undone, Undone]),
            (list![signals(playrec)], [Done, Missing]),
            (list![signals(Some(("an", "apf")))], [Undone, Missing]),
            (List::new(), [Missing, Missing]),
        ];
        for (number, (descriptors, wanted)) in cases.into_iter().enumerate() {
            assert_eq!(of(descriptors), wanted, "case {number}");
        }
    }
}
