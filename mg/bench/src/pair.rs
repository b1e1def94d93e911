//! A gateway and the link of a controller, in one process and in virtual time.

use std::time::{Duration, Instant, SystemTime};

use codec_h248::{
    ActionRequest, IntoBoundedStatic, Limits as DecodeLimits, List, MId, MessageBody, Style,
    Transaction, TransactionResult, decode,
};
use mg_core::{Bound, Config, Limits, Mg};
use transport_h248::{Address, Anchor, Endpoint, Event, PeerId};

/// Where the controller and the gateway are.
const MGC: &str = "192.0.2.1:2944";
const MG: &str = "192.0.2.10:2944";
/// Time that passes with each transaction, so that replies are not kept for ever.
const STEP: Duration = Duration::from_millis(1);

/// A gateway with its controller.
pub(crate) struct Pair {
    mg: Mg,
    mgc: Endpoint,
    peer: Option<PeerId>,
    now: Instant,
    /// Processing time of the gateway and of its link, so far.
    spent: Duration,
    /// Messages of the gateway, and their octets.
    pub(crate) sent: (usize, usize),
}

/// What came of a request.
pub(crate) struct Answer {
    /// The reply, in segments or not.
    pub(crate) result: TransactionResult<'static>,
    /// What it cost the gateway.
    pub(crate) cost: Duration,
}

impl Pair {
    /// A gateway that takes so many Contexts of two Terminations, registered; messages are written
    /// in that style.
    #[expect(clippy::disallowed_methods, reason = "some instant must be the first")]
    pub(crate) fn new(contexts: usize, style: Style) -> Self {
        let now = Instant::now();
        let anchor = Anchor {
            instant: now,
            system: SystemTime::now(),
        };
        let config = config(contexts, style);
        let transport = config.transport.clone();
        let mut pair = Self {
            mg: Mg::new(config, 1, anchor, now),
            mgc: Endpoint::new(transport, MId::Device("mgc".into()), 2),
            peer: None,
            now,
            spent: Duration::ZERO,
            sent: (0, 0),
        };
        pair.pump();
        assert!(pair.mg.snapshot().registered, "the gateway is accepted");
        pair
    }

    /// Sends a request, and returns its answer.
    ///
    /// # Panics
    ///
    /// Where there is none.
    pub(crate) fn ask(&mut self, actions: &str) -> Answer {
        let Some(peer) = self.peer else {
            panic!("no gateway");
        };
        self.pass(STEP);
        let before = self.spent;
        self.mgc.request(peer, parse(actions), self.now);
        let Some(result) = self.pump() else {
            panic!("no reply to {actions}");
        };
        Answer {
            result,
            cost: self.spent - before,
        }
    }

    /// Lets time pass.
    pub(crate) fn pass(&mut self, time: Duration) {
        self.now += time;
        let now = self.now;
        self.timed(|mg| mg.handle_timeout(now));
        self.mgc.handle_timeout(now);
        self.pump();
    }

    #[expect(clippy::disallowed_methods, reason = "real time is what is measured")]
    fn timed<T>(&mut self, what: impl FnOnce(&mut Mg) -> T) -> T {
        let begin = Instant::now();
        let done = what(&mut self.mg);
        self.spent += begin.elapsed();
        done
    }

    /// Carries messages to and fro until there are none, and returns the last reply.
    fn pump(&mut self) -> Option<TransactionResult<'static>> {
        let (mgc, mg) = (address(MGC), address(MG));
        let now = self.now;
        let mut found = None;
        loop {
            let mut idle = true;
            while let Some(port) = self.mg.poll_bind() {
                self.mg.handle_bound(port, Bound::Ready, now);
            }
            while let Some(transmit) = self.timed(Mg::poll_transmit) {
                self.sent.0 += 1;
                self.sent.1 += transmit.octets.len();
                self.mgc.handle_message(&transmit.octets, mg.into(), now);
                idle = false;
            }
            while let Some((peer, event)) = self.mgc.poll_event() {
                match event {
                    Event::Request { id, .. } => {
                        self.peer = Some(peer);
                        self.mgc.reply(peer, id, accepted(), now);
                        self.mgc.set_version(peer, 3);
                    }
                    Event::Reply { result, .. } => found = Some(result),
                    Event::TimedOut { .. }
                    | Event::Unsent { .. }
                    | Event::CarrierLost
                    | Event::MessageError { .. } => {}
                }
                idle = false;
            }
            while let Some(transmit) = self.mgc.poll_transmit() {
                self.timed(|gateway| gateway.handle_message(&transmit.octets, mgc.into(), now));
                idle = false;
            }
            if idle {
                return found;
            }
        }
    }
}

fn config(contexts: usize, style: Style) -> Config {
    let limits = Limits {
        contexts,
        terminations: contexts * 2,
        ..Limits::default()
    };
    // As `mg` does.
    let transport = transport_h248::Config {
        style,
        limits: limits.of_link(),
        ..transport_h248::Config::default()
    };
    Config {
        limits,
        transport,
        ..Config::new(
            MId::Device("mg".into()),
            vec![address(MGC)],
            [192, 0, 2, 10].into(),
        )
    }
}

fn address(text: &str) -> Address {
    match text.parse() {
        Ok(address) => address,
        Err(error) => panic!("{text}: {error}"),
    }
}

/// A message of one transaction, as it is written.
fn transaction(text: &str) -> Transaction<'static> {
    let message = match decode(text.as_bytes(), &DecodeLimits::default()) {
        Ok(message) => message.into_static(),
        Err(error) => panic!("{text}: {error}"),
    };
    match message.body {
        MessageBody::Transactions(mut transactions) => transactions.remove(0),
        MessageBody::Error(error) => panic!("{text}: {error}"),
    }
}

fn parse(actions: &str) -> List<ActionRequest<'static>> {
    let Transaction::Request(request) = transaction(&format!("!/3 mgc T=1{{{actions}}}")) else {
        panic!("no request: {actions}");
    };
    request.actions
}

/// The reply to a registration.
fn accepted() -> TransactionResult<'static> {
    let text = "!/1 mgc P=1{C=-{SC=ROOT{SV{V=3}}}}";
    let Transaction::Reply(reply) = transaction(text) else {
        panic!("no reply: {text}");
    };
    reply.result
}
