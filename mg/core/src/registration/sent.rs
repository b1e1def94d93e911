//! A controller that sends the gateway to another one, and where that one is (H.248.1 11.2, 11.5).

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use codec_h248::{MId, descriptor::ServiceChangeAddress};
use transport_h248::Address;

use super::{Means, Registration, State};
use crate::{Event, Question};

/// How long a name may take to be resolved.
const RESOLVING: Duration = Duration::from_secs(10);
/// Where a controller listens that names no port (H.248.1 D.1, text).
const PORT: u16 = 2944;

/// A controller of which only the name is known.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Sought {
    pub(super) mgc: MId<'static>,
    name: Question,
    pub(super) how: Sent,
    /// Whether the shell has been asked.
    asked: bool,
}

/// How the gateway was sent to a controller.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Sent {
    /// By the answer to a registration.
    On,
    /// By the controller that it had.
    HandedOff,
}

impl Registration {
    /// Goes to the controller of that name, once it is known where it is.
    pub(super) fn go_to(&mut self, mgc: MId<'static>, how: Sent, means: &mut Means<'_>) {
        if let MId::Domain { name, port } = &mgc {
            let name = Question {
                host: name.to_string(),
                port: port.unwrap_or(PORT),
            };
            self.sought = Some(Sought {
                mgc,
                name,
                how,
                asked: false,
            });
            let until = means.now + RESOLVING;
            self.state = State::Resolving { until };
            return;
        }
        match self.place(&mgc) {
            Some(to) => self.go(to, mgc, how, means),
            None => self.nowhere(mgc, how, means),
        }
    }

    fn go(&mut self, to: Address, mgc: MId<'static>, how: Sent, means: &mut Means<'_>) {
        let event = match how {
            Sent::On if !self.tour.redirect(to) => return self.fail(None, means),
            Sent::On => Event::Redirected { mgc },
            Sent::HandedOff => {
                self.tour.hand_over(to);
                Event::HandedOff { mgc }
            }
        };
        self.state = State::Waiting { until: means.now };
        means.events.push_back(event);
    }

    /// Nobody is where we are sent: a controller that sends us away for good has failed.
    pub(super) fn nowhere(&mut self, mgc: MId<'static>, how: Sent, means: &mut Means<'_>) {
        means.events.push_back(Event::NotFound { mgc });
        if how == Sent::HandedOff {
            self.tour.lose();
        }
        self.fail(None, means);
    }

    /// The name that is to be resolved.
    pub(crate) fn poll_resolve(&mut self) -> Option<Question> {
        let sought = self.sought.as_mut().filter(|sought| !sought.asked)?;
        sought.asked = true;
        Some(sought.name.clone())
    }

    /// Takes where a name leads; `None` where it leads nowhere.
    pub(crate) fn handle_resolved(
        &mut self,
        name: &Question,
        address: Option<IpAddr>,
        means: &mut Means<'_>,
    ) {
        let Some(sought) = self.sought.take_if(|sought| sought.name == *name) else {
            return;
        };
        let Some(address) = address else {
            return self.nowhere(sought.mgc, sought.how, means);
        };
        let place = SocketAddr::new(address, name.port);
        self.go(self.tour.target().at(place), sought.mgc, sought.how, means);
    }

    /// Where an entity of that name listens; a name leads nowhere here.
    fn place(&self, mid: &MId<'_>) -> Option<Address> {
        match mid {
            MId::Address { host, port } => {
                let place = SocketAddr::new(host.0, port.unwrap_or(PORT));
                Some(self.tour.target().at(place))
            }
            MId::Domain { .. } | MId::Device(_) | MId::Mtp(_) => None,
        }
    }

    pub(super) fn socket_address(&self, address: &ServiceChangeAddress<'_>) -> Option<Address> {
        match address {
            ServiceChangeAddress::Port(port) => {
                let target = self.tour.target();
                Some(target.at(SocketAddr::new(target.socket.ip(), *port)))
            }
            ServiceChangeAddress::MId(mid) => self.place(mid),
        }
    }
}
