//! The first line of the example file, with the gateway's core and its engine in virtual time.

use std::{
    net::SocketAddr,
    time::{Duration, Instant, SystemTime},
};

use codec_h248::{CommandRequest, Host, Limits, MId, Message, MessageBody, Transaction};
use mg_core::{Bound, Mg};
use mg_media::Engine;
use transport_h248::{Address, Anchor, Route};

use super::{tests::example, *};

const MGC: &str = "192.0.2.1:2944";

/// A gateway with that line, and a controller that answers all requests.
struct Desk {
    mg: Mg,
    engine: Engine,
    now: Instant,
    /// What the gateway has said, without white space.
    said: String,
    last_id: u32,
}

fn config(core: Vec<Line>) -> mg_core::Config {
    mg_core::Config {
        mid: MId::Address {
            host: Host("192.0.2.10".parse().unwrap()),
            port: Some(2944),
        },
        mgcs: vec![Address::from(MGC.parse::<SocketAddr>().unwrap())],
        waiting_max: Duration::ZERO,
        profile: None,
        rtp_address: "192.0.2.10".parse().unwrap(),
        rtp_ports: 20_000..=20_019,
        ports_ahead: 2,
        codecs: mg_core::Codecs::default(),
        secret: None,
        lines: core,
        packages: Vec::new(),
        announcements: BTreeSet::new(),
        duck: 12,
        records: false,
        zconfmix: false,
        strict: false,
        limits: mg_core::Limits::default(),
        transport: transport_h248::Config::default(),
    }
}

impl Desk {
    fn new() -> Self {
        let mut lines = Lines::read(&example()).unwrap();
        lines.core.truncate(1);
        lines.engine.truncate(1);
        let now = transport_h248_tokio::clock::now();
        let system = SystemTime::UNIX_EPOCH;
        let media = mg_media::Config {
            lines: lines.engine,
            ..mg_media::Config::default()
        };
        let anchor = Anchor {
            instant: now,
            system,
        };
        let mut desk = Self {
            mg: Mg::new(config(lines.core), 7, anchor, now),
            engine: Engine::new(media, 7, (now, system), now),
            now,
            said: String::new(),
            last_id: 0,
        };
        desk.pump();
        desk
    }

    fn ask(&mut self, action: &str) {
        self.last_id += 1;
        let id = self.last_id;
        self.receive(&format!("Transaction={id}{{{action}}}"));
    }

    fn receive(&mut self, transaction: &str) {
        let text = format!("MEGACO/3 [192.0.2.1]:2944 {transaction}");
        let from = Route::from(Address::from(MGC.parse::<SocketAddr>().unwrap()));
        self.mg.handle_message(text.as_bytes(), from, self.now);
        self.pump();
    }

    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        loop {
            let due = [
                self.mg.poll_timeout().map(|(at, _)| at),
                self.engine.poll_timeout().map(|(at, _)| at),
            ];
            let at = due.into_iter().flatten().min();
            self.now = at.filter(|at| *at < end).unwrap_or(end).max(self.now);
            self.mg.handle_timeout(self.now);
            self.engine.handle_timeout(self.now);
            self.pump();
            if self.now == end {
                return;
            }
        }
    }

    fn pump(&mut self) {
        while let Some(port) = self.mg.poll_bind() {
            self.mg.handle_bound(port, Bound::Ready, self.now);
        }
        while let Some(command) = self.mg.poll_media() {
            self.engine.handle_command(command, self.now);
        }
        while let Some(report) = self.engine.poll_report() {
            self.mg.handle_media(report, self.now);
        }
        while self.engine.poll_recorded().is_some() {}
        while self.mg.poll_event().is_some() {}
        let mut sent = Vec::new();
        while let Some(transmit) = self.mg.poll_transmit() {
            sent.push(transmit.octets.to_vec());
        }
        for octets in sent {
            let text = std::str::from_utf8(&octets).unwrap();
            self.said.extend(text.split_whitespace());
            let message = codec_h248::decode(&octets, &Limits::default()).unwrap();
            for reply in replies(&message) {
                self.receive(&reply);
            }
        }
    }
}

/// What is answered to a message.
fn replies(message: &Message<'_>) -> Vec<String> {
    let MessageBody::Transactions(transactions) = &message.body else {
        panic!("an error: {message:?}");
    };
    let requests = transactions.iter().filter_map(|one| {
        let Transaction::Request(request) = one else {
            return None;
        };
        Some(request)
    });
    let answer = |command: &CommandRequest<'_>| {
        if matches!(command.command, codec_h248::Command::Notify(_)) {
            "Notify=line/1"
        } else {
            "ServiceChange=ROOT{Services{Version=3}}"
        }
    };
    requests
        .map(|request| {
            let reply = answer(&request.actions[0].commands[0]);
            format!("Reply={}{{Context=-{{{reply}}}}}", request.id.0)
        })
        .collect()
}

#[test]
fn the_first_line_of_the_example_is_lifted_and_dials_what_the_digit_map_takes() {
    let mut desk = Desk::new();
    desk.ask("Context=-{Modify=line/1{Events=1{al/of}}}");
    desk.pass(Duration::from_millis(2_100));
    assert!(desk.said.contains("ObservedEvents=1{"), "{}", desk.said);
    assert!(desk.said.contains("al/of"), "{}", desk.said);
    desk.said.clear();
    desk.ask(
        "Context=-{Modify=line/1{DigitMap=plan{([2-9]xxxxxx)},\
         Events=2{al/on,dd/ce{DigitMap=plan}},Signals{cg/dt}}}",
    );
    desk.pass(Duration::from_secs(10));
    assert!(desk.said.contains("ds=\"5551234\""), "{}", desk.said);
    assert!(desk.said.contains("Meth=UM"), "{}", desk.said);
}
