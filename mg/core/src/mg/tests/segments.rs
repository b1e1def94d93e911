//! Replies that no message can hold, as a controller gets them that has a link too.

use codec_h248::{
    ActionReply, ActionRequest, CommandReply, ContextId, Host, IntoBoundedStatic, List, MId,
    MessageBody, Transaction, TransactionResult, decode, descriptor::ErrorCode,
};
use transport_h248::{Address, Endpoint, Event, PeerId};

use super::bench::*;
use crate::Config;

const MG: &str = "192.0.2.10:2944";
const AUDIT: &str = "Context=*{AuditValue=*{Audit{Media}}}";

/// A gateway, and a controller that loses of what the gateway sends each message of which the number
/// is a multiple of `loss`.
struct Lab {
    bench: Bench,
    controller: Endpoint,
    gateway: PeerId,
    loss: usize,
    sent: usize,
    longest: usize,
}

impl Lab {
    /// With so many Contexts of 100 Terminations.
    fn new(contexts: usize, loss: usize) -> Self {
        let config = Config {
            rtp_ports: 10_000..=19_999,
            ..config()
        };
        let mut bench = Bench::registered(config);
        let adds = vec![add(4_000); 100].join(",");
        for _ in 0..contexts {
            bench.ask(&format!("Context=${{{adds}}}"));
        }
        let transport = transport_h248::Config {
            ids: 1_000_000..=2_000_000,
            ..transport_h248::Config::default()
        };
        let mid = MId::Address {
            host: Host("192.0.2.1".parse().expect("an address")),
            port: Some(2944),
        };
        let mut controller = Endpoint::new(transport, mid, 1);
        let address: Address = MG.parse().expect("an address");
        let gateway = controller.connect(address, bench.now);
        controller.set_version(gateway, 3);
        Self {
            bench,
            controller,
            gateway,
            loss,
            sent: 0,
            longest: 0,
        }
    }

    /// Asks, and returns what came of it.
    fn ask(&mut self, actions: &str) -> Option<TransactionResult<'static>> {
        let actions = actions_of(actions);
        self.controller
            .request(self.gateway, actions, self.bench.now);
        loop {
            self.carry();
            match self.controller.poll_event() {
                Some((_, Event::Reply { result, .. })) => return Some(result),
                Some((_, Event::TimedOut { .. })) => return None,
                Some((_, event)) => panic!("{event:?}"),
                None => {}
            }
            let (at, _) = self.controller.poll_timeout().expect("it waits");
            let gateway = self.bench.mg.poll_timeout().map(|(at, _)| at);
            let next = gateway.map_or(at, |gateway| gateway.min(at));
            let wait = next.saturating_duration_since(self.bench.now);
            self.bench.pass(wait);
            self.controller.handle_timeout(self.bench.now);
        }
    }

    fn carry(&mut self) {
        let mg: Address = MG.parse().expect("an address");
        let mgc: Address = MGC.parse().expect("an address");
        loop {
            while let Some(transmit) = self.controller.poll_transmit() {
                let now = self.bench.now;
                self.bench
                    .mg
                    .handle_message(&transmit.octets, mgc.into(), now);
                self.bench.pump();
            }
            if self.bench.sent.is_empty() {
                return;
            }
            for transmit in std::mem::take(&mut self.bench.sent) {
                self.sent += 1;
                self.longest = self.longest.max(transmit.octets.len());
                if !self.sent.is_multiple_of(self.loss) {
                    let now = self.bench.now;
                    self.controller
                        .handle_message(&transmit.octets, mg.into(), now);
                }
            }
        }
    }
}

fn actions_of(text: &str) -> List<ActionRequest<'static>> {
    let text = format!("MEGACO/3 [192.0.2.1] Transaction=1{{{text}}}");
    let message = decode(text.as_bytes(), &codec_h248::Limits::default()).expect("text");
    let MessageBody::Transactions(transactions) = message.body else {
        panic!("transactions");
    };
    let [Transaction::Request(request)] = &transactions[..] else {
        panic!("a request");
    };
    request.actions.clone().into_static()
}

/// The Contexts of an audit, and how many Terminations it tells of in each.
fn told(result: Option<TransactionResult<'static>>) -> Vec<(ContextId, usize)> {
    let Some(TransactionResult::Actions(actions)) = result else {
        panic!("{result:?}");
    };
    let is_value = |reply: &&CommandReply<'_>| matches!(reply, CommandReply::AuditValue(_));
    let one = |action: &ActionReply<'_>| {
        let values = action.commands.iter().filter(is_value).count();
        (action.context, values)
    };
    actions.iter().map(one).collect()
}

#[test]
fn an_audit_of_2_000_terminations_comes_whole_though_each_third_message_is_lost() {
    let mut lab = Lab::new(20, 3);
    let expected: Vec<_> = (1..=20).map(|id| (ContextId::Id(id), 100)).collect();
    assert_eq!(told(lab.ask(AUDIT)), expected);
    let counters = lab.controller.counters();
    assert!(counters.segments_received > 5, "{counters:?}");
    assert!(lab.longest > 60_000 && lab.longest <= 65_507);
}

#[test]
fn the_controller_says_how_long_a_message_may_be() {
    let mut lab = Lab::new(2, usize::MAX);
    let set = "Context=-{Modify=ROOT{Media{TerminationState{seg/MGCMaxPDUSize=1472}}}}";
    lab.ask(set).expect("a reply");
    let expected = [1, 2].map(|id| (ContextId::Id(id), 100));
    assert_eq!(told(lab.ask(AUDIT)), expected);
    assert!(lab.longest > 700 && lab.longest <= 1_472, "{}", lab.longest);
}

#[test]
fn before_version_3_the_same_audit_is_refused() {
    let mut lab = Lab::new(20, usize::MAX);
    lab.controller.set_version(lab.gateway, 2);
    let Some(TransactionResult::Error(error)) = lab.ask(AUDIT) else {
        panic!("an error");
    };
    assert_eq!(error.code, ErrorCode::REPLY_TOO_LARGE);
}
