//! Package `seg`: how large messages may be, and how long missing segments of a reply are waited for
//! (H.248.1 E.14).

use std::{ops::RangeInclusive, time::Duration};

use codec_h248::PropertyParm;
use transport_h248::{Carrier, Terms};

use super::root::{TIMES_MS, number};
use crate::CommandError;

/// Sizes that a controller may set, in octets: from one in which each of our requests finds room to
/// the longest message of any carrier.
const SIZES: RangeInclusive<u32> = 512..=65_531;

/// The properties of E.14.1; times are in milliseconds, sizes in octets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Segmentation {
    mg_timer: u32,
    mgc_timer: u32,
    /// What the controller may send. It is the controller that keeps to it.
    mg_pdu_max: Option<u32>,
    mgc_pdu_max: Option<u32>,
}

impl Segmentation {
    /// Those of a gateway that has just started.
    pub(super) fn new(segment_wait: u32) -> Self {
        Self {
            mg_timer: segment_wait,
            mgc_timer: segment_wait,
            mg_pdu_max: None,
            mgc_pdu_max: None,
        }
    }

    pub(super) fn values(&self) -> [(&'static str, String); 4] {
        // Where nobody has set a size, a message that each carrier holds is within it.
        let size = |size: Option<u32>| match size {
            Some(size) => size.to_string(),
            None => Carrier::Udp.message_max().to_string(),
        };
        [
            ("MGSegmentationTimerValue", self.mg_timer.to_string()),
            ("MGCSegmentationTimerValue", self.mgc_timer.to_string()),
            ("MGMaxPDUSize", size(self.mg_pdu_max)),
            ("MGCMaxPDUSize", size(self.mgc_pdu_max)),
        ]
    }

    /// Writes a property if the package has it; returns whether it has.
    pub(super) fn write(&mut self, parm: &PropertyParm<'_>) -> Result<bool, CommandError> {
        let is = |item| parm.name.is("seg", item);
        if is("MGSegmentationTimerValue") {
            self.mg_timer = number(parm, &TIMES_MS)?;
        } else if is("MGCSegmentationTimerValue") {
            self.mgc_timer = number(parm, &TIMES_MS)?;
        } else if is("MGMaxPDUSize") {
            self.mg_pdu_max = Some(number(parm, &SIZES)?);
        } else if is("MGCMaxPDUSize") {
            self.mgc_pdu_max = Some(number(parm, &SIZES)?);
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// The controller waits for our segments, and we for the controller's.
    pub(super) fn apply(&self, terms: &mut Terms) {
        terms.peer_segment_wait = Duration::from_millis(self.mg_timer.into());
        terms.segment_wait = Duration::from_millis(self.mgc_timer.into());
        terms.pdu_max = self.mgc_pdu_max.and_then(|size| usize::try_from(size).ok());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_controller_waits_for_and_takes_is_what_the_link_keeps_to() {
        let config = transport_h248::Config::default();
        let mut terms = Terms::of(&config);
        let mut segmentation = Segmentation::new(4_000);
        segmentation.apply(&mut terms);
        assert_eq!(terms, Terms::of(&config));
        segmentation.mg_timer = 2_000;
        segmentation.mgc_timer = 3_000;
        segmentation.mg_pdu_max = Some(600);
        segmentation.mgc_pdu_max = Some(1_472);
        segmentation.apply(&mut terms);
        let expected = Terms {
            peer_segment_wait: Duration::from_secs(2),
            segment_wait: Duration::from_secs(3),
            pdu_max: Some(1_472),
            ..Terms::of(&config)
        };
        assert_eq!(terms, expected);
    }
}
