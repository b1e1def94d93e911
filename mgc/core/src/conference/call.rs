//! A conference: its Segs and Legs.

use std::collections::BTreeMap;

use super::seg::Seg;
use crate::northbound::{CallId, CallView, GatewayId, LegId, OperationId, SegId};

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
    /// The operation that ends it.
    pub(super) ending: Option<OperationId>,
}

impl Call {
    pub(super) fn new(main_seg: SegId) -> Self {
        Self {
            segs: vec![main_seg.clone()],
            main_seg,
            legs: Vec::new(),
            gateway: None,
            ending: None,
        }
    }

    pub(super) fn view(&self, id: &CallId, segs: &BTreeMap<SegId, Seg>) -> CallView {
        let private = |seg: &&SegId| segs.get(*seg).is_some_and(|seg| seg.private);
        let private_segs = self.segs.iter().filter(private).cloned();
        CallView {
            id: id.clone(),
            main_seg: self.main_seg.clone(),
            segs: self.segs.clone(),
            legs: self.legs.clone(),
            private_segs: private_segs.collect(),
        }
    }
}
