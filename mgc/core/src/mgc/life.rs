//! What the controller asks of a gateway about the association itself: whether it is there, that it
//! watches us, and that it goes to another controller (H.248.1 11.5, H.248.14).

use codec_h248::{
    ActionRequest, Command, ContextId, MId, ServiceChangeRequest, TerminationId, TransactionId,
    TransactionResult, Value,
    descriptor::{ServiceChangeDescriptor, ServiceChangeMethod},
    list,
};
use transport_h248::{Direction, PeerId};

use super::Mgc;
use crate::{
    conference::accepted,
    northbound::{
        Accepted, Cause, Done, EventKind, GatewayId, GatewayState, OperationId, OperationKind,
        OperationState, Refusal,
    },
    operations::Subject,
    southbound,
};

/// A gateway that is asked to go to another controller.
#[derive(Clone, Debug)]
pub(super) struct HandOff {
    operation: OperationId,
    gateway: GatewayId,
}

impl Mgc {
    /// Asks the gateways that have been silent for too long.
    pub(super) fn ask_the_silent(&mut self) {
        loop {
            let endpoint = &self.endpoint;
            let heard = |peer| endpoint.heard(peer);
            let Some(peer) = self.heartbeat.poll_silent(self.now, heard) else {
                return;
            };
            let id = self.registry.by_peer(peer);
            let gateway = id.and_then(|id| self.registry.get(id));
            // A suspect one is asked anyway.
            let counts = gateway.is_some_and(|gateway| gateway.state != GatewayState::Suspect);
            if counts && !self.southbound.awaits(peer) {
                let (southbound, mut link) = self.south();
                southbound.ask_presence(peer, &mut link);
            }
        }
    }

    /// Has a gateway watch whether we are there.
    pub(super) fn arm(&mut self, peer: PeerId) {
        let id = self.registry.by_peer(peer);
        let watches = id.is_some_and(|id| self.registry.profiles.of(id).inactivity);
        if let Some(silence_max) = self.inactivity.filter(|_| watches) {
            let (southbound, mut link) = self.south();
            southbound.arm(peer, silence_max, &mut link);
        }
    }

    /// Hands a gateway over to another controller.
    pub(super) fn hand_off(
        &mut self,
        gateway: GatewayId,
        mgc: MId<'static>,
    ) -> Result<Accepted, Refusal> {
        let found = self.registry.get(&gateway);
        let peer = found.map(|found| found.peer);
        let peer = peer.ok_or_else(|| Refusal::UnknownGateway(gateway.clone()))?;
        let operation = self
            .conferences
            .start(OperationKind::HandOffReq, Subject::default())?;
        let mut services = ServiceChangeDescriptor::new(
            ServiceChangeMethod::HandOff,
            Value::quoted("903 MGC Directed Change"),
        );
        services.mgc_id = Some(mgc);
        let command = Command::ServiceChange(ServiceChangeRequest {
            terminations: list![TerminationId::ROOT],
            services: Box::new(services),
        });
        let action = ActionRequest::new(ContextId::Null, list![command.into()]);
        let id = self.endpoint.request(peer, list![action], self.now);
        let about = (None, Some(operation.clone()));
        self.tie(peer, Direction::Out, id, "handOff", about);
        let hand_off = HandOff {
            operation: operation.clone(),
            gateway,
        };
        self.hand_offs.insert((peer, id), hand_off);
        Ok(accepted(operation))
    }

    /// Takes what became of a request, where it was one to hand a gateway over: `None` where the
    /// gateway said nothing. From then on it is another controller's, with all that it holds.
    pub(super) fn handle_hand_off(
        &mut self,
        peer: PeerId,
        id: TransactionId,
        result: Option<&TransactionResult<'static>>,
    ) {
        let Some(HandOff { operation, gateway }) = self.hand_offs.remove(&(peer, id)) else {
            return;
        };
        let refusal = match result {
            None => Some(Refusal::GatewayTimeout),
            Some(result) => southbound::refusal_of_service_change(id, result),
        };
        let operations = &mut self.conferences.operations;
        if let Some(refusal) = refusal {
            operations.fail(&operation, OperationState::Failed, refusal);
            return;
        }
        operations.succeed(&operation, Done::HandedOff);
        tracing::info!(%gateway, "a gateway is handed over");
        self.leave(&gateway, peer, &Cause::HandedOff);
    }

    /// Ends what is tied to a gateway that goes, and forgets it.
    pub(super) fn leave(&mut self, id: &GatewayId, peer: PeerId, cause: &Cause) {
        self.part(id, peer, cause);
        self.heartbeat.forget(peer);
        let told = self.registry.get(id).is_some_and(|gateway| gateway.lost);
        self.registry.remove(id);
        self.conferences.manners.forget(id);
        if !told {
            self.conferences
                .report_gateway(EventKind::GatewayDown(id.clone()), Some(cause.clone()));
        }
    }
}
