//! A conference: its Segs and Legs.

use std::collections::BTreeMap;

use super::seg::Seg;
use crate::northbound::{
    CallId, CallLimits, CallView, GatewayId, LegId, NewCall, OnGatewayLoss, OperationId, Refusal,
    SegId, Separation, Strategy, Who,
};

/// A conference. Its Legs share one gateway, because a Context cannot span two.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Call {
    pub(super) main_seg: SegId,
    /// In the order of their making; the main Seg is the first.
    pub(super) segs: Vec<SegId>,
    /// In the order of their joining.
    pub(super) legs: Vec<LegId>,
    /// Chosen with the first Leg, free again after the last.
    pub(super) gateway: Option<GatewayId>,
    #[serde(default)]
    pub(super) on_gateway_loss: OnGatewayLoss,
    /// The operation that ends it.
    pub(super) ending: Option<OperationId>,
    pub(super) separation: Separation,
    #[serde(default)]
    pub(super) limits: CallLimits,
    #[serde(default)]
    pub(super) may_create: Who,
    /// Whether it is told when its members talk.
    #[serde(default)]
    pub(super) talking: bool,
}

impl Call {
    pub(super) fn new(main_seg: SegId, new: &NewCall) -> Self {
        Self {
            segs: vec![main_seg.clone()],
            main_seg,
            legs: Vec::new(),
            gateway: None,
            on_gateway_loss: new.on_gateway_loss,
            ending: None,
            separation: new.separation,
            limits: new.limits,
            may_create: new.may_create,
            talking: new.talking,
        }
    }

    /// The Seg whose Context all Segs share, where they do.
    pub(super) fn hall(&self) -> Option<&SegId> {
        match self.separation {
            Separation::Contexts => None,
            Separation::Topology => Some(&self.main_seg),
        }
    }

    /// How a Leg is moved in this Call; `usual` is what suits the gateway.
    pub(super) fn strategy(
        &self,
        id: &CallId,
        wanted: Option<Strategy>,
        usual: Strategy,
    ) -> Result<Strategy, Refusal> {
        match (self.separation, wanted) {
            (Separation::Topology, None | Some(Strategy::Topology)) => Ok(Strategy::Topology),
            (Separation::Contexts, Some(Strategy::Topology)) | (Separation::Topology, Some(_)) => {
                Err(Refusal::StrategyNotForCall(id.clone()))
            }
            (Separation::Contexts, wanted) => Ok(wanted.unwrap_or(usual)),
        }
    }

    pub(super) fn view(&self, id: &CallId, segs: &BTreeMap<SegId, Seg>) -> CallView {
        let private = |seg: &&SegId| segs.get(*seg).is_some_and(|seg| seg.policy.private);
        let private_segs = self.segs.iter().filter(private).cloned();
        CallView {
            id: id.clone(),
            main_seg: self.main_seg.clone(),
            separation: self.separation,
            segs: self.segs.clone(),
            legs: self.legs.clone(),
            private_segs: private_segs.collect(),
            on_gateway_loss: self.on_gateway_loss,
            segs_max: usize::MAX,
            legs_max: usize::MAX,
            may_create: self.may_create,
            talking: self.talking,
        }
    }
}
