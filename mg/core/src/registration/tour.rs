//! Which controller is tried next, and how the gateway comes to it (H.248.1 11.2, 11.5).

use std::collections::VecDeque;

use codec_h248::descriptor::ServiceChangeMethod;
use transport_h248::Address;

/// A controller that sends us on is followed so often in a row.
const REDIRECTS_MAX: u8 = 4;

/// The controllers, in the order of trying.
#[derive(Debug)]
pub(super) struct Tour {
    /// Those of the configuration, the primary one first.
    homes: Vec<Address>,
    /// Those that this round has not tried.
    rest: VecDeque<Address>,
    target: Address,
    /// The controller that has accepted us last; what it knows of us is kept here.
    accepted: Option<Address>,
    /// Whether the controller that we had sends us.
    handed_over: bool,
    redirects: u8,
}

/// When the next controller is to be tried.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Next {
    /// At once.
    Now,
    /// After a random delay: none is left.
    Later,
}

impl Tour {
    /// Begins with the first of `homes`.
    ///
    /// # Panics
    ///
    /// Where there is none.
    pub(super) fn new(homes: Vec<Address>) -> Self {
        Self {
            target: homes[0],
            rest: homes[1..].iter().copied().collect(),
            homes,
            accepted: None,
            handed_over: false,
            redirects: 0,
        }
    }

    /// Where the gateway is, or tries to be.
    pub(super) fn target(&self) -> Address {
        self.target
    }

    /// Method and reason of the next registration.
    pub(super) fn manner(&self) -> (ServiceChangeMethod<'static>, &'static str) {
        use ServiceChangeMethod as Method;
        match self.accepted {
            None => (Method::Restart, "901 Cold Boot"),
            Some(_) if self.handed_over => (Method::HandOff, "903 MGC Directed Change"),
            Some(before) if before == self.target => (Method::Disconnected, "900 Service Restored"),
            Some(_) => (Method::Failover, "909 MGC Impending Failure"),
        }
    }

    /// The target has accepted us.
    pub(super) fn accept(&mut self) {
        self.accepted = Some(self.target);
        self.handed_over = false;
        self.redirects = 0;
        self.rest.clear();
    }

    /// The controller that we had is not to be reached: it is tried again, then the others from the
    /// primary one on.
    pub(super) fn lose(&mut self) {
        self.rest = self.others();
    }

    /// The controller that we had hands us over; should nobody be there, it has failed.
    pub(super) fn hand_over(&mut self, to: Address) {
        self.rest = self.others();
        self.target = to;
        self.handed_over = true;
    }

    /// The target sends us on, before all others; false where we have been sent on too often.
    pub(super) fn redirect(&mut self, to: Address) -> bool {
        if self.redirects == REDIRECTS_MAX {
            return false;
        }
        self.redirects += 1;
        self.target = to;
        true
    }

    /// The target did not accept us.
    pub(super) fn fail(&mut self) -> Next {
        self.redirects = 0;
        self.handed_over = false;
        if let Some(next) = self.rest.pop_front() {
            self.target = next;
            return Next::Now;
        }
        self.target = self.homes[0];
        self.rest = self.homes[1..].iter().copied().collect();
        Next::Later
    }

    fn others(&self) -> VecDeque<Address> {
        let homes = self.homes.iter().copied();
        homes.filter(|home| Some(*home) != self.accepted).collect()
    }
}
