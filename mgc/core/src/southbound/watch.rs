//! Faults of media, asked for with the Add: from the first packet on none of them goes untold. A new
//! Events descriptor takes the place of the one before (H.248.1 7.1.9), so that each has them.

use codec_h248::{
    ActionRequest, AmmRequest, Command, PackageItem,
    descriptor::{AmmDescriptor, EventsDescriptor, RequestId, RequestedEvent},
};
use transport_h248::PeerId;

use super::Southbound;

/// The request id where nothing is asked for whose end a Leg waits for; below those of Legs.
pub(super) const UNASKED: RequestId = RequestId::Id(2);

/// Failures, the network's, and the loss of quality (H.248.1 E.1, E.11).
const FAULTS: [(&str, &str); 3] = [("g", "cause"), ("nt", "netfail"), ("nt", "qualert")];

impl Southbound {
    /// Notes whether a gateway is asked for the faults of media.
    pub(crate) fn watch_media(&mut self, peer: PeerId, wanted: bool) {
        if wanted {
            self.watched.insert(peer);
        } else {
            self.watched.remove(&peer);
        }
    }

    /// The same action, which asks for the faults too where the gateway is to be asked.
    pub(super) fn with_watch(
        &self,
        peer: PeerId,
        mut action: ActionRequest<'static>,
    ) -> ActionRequest<'static> {
        if self.watched.contains(&peer) {
            for request in &mut action.commands {
                watch(&mut request.command);
            }
        }
        action
    }
}

fn watch(command: &mut Command<'static>) {
    let faults = FAULTS.map(|(package, event)| RequestedEvent {
        name: PackageItem::known(package, event),
        parameters: Vec::new(),
    });
    let request = match command {
        Command::Add(request) => {
            has_events(request);
            request
        }
        Command::Modify(request) => request,
        Command::Move(_)
        | Command::Subtract(_)
        | Command::AuditValue(_)
        | Command::AuditCapability(_)
        | Command::Notify(_)
        | Command::ServiceChange(_) => return,
    };
    for descriptor in &mut request.descriptors {
        if let AmmDescriptor::Events(events) = descriptor {
            events.request_id.get_or_insert(UNASKED);
            events.events.extend(faults.clone());
        }
    }
}

/// Has a command set events, if none.
pub(super) fn has_events(request: &mut AmmRequest<'static>) {
    let mut descriptors = request.descriptors.iter();
    if !descriptors.any(|one| matches!(one, AmmDescriptor::Events(_))) {
        let none = AmmDescriptor::Events(EventsDescriptor::default());
        request.descriptors.push(none);
    }
}
