//! A controller that is a script: it asks in text, waits, and answers what it is told.

use std::{
    collections::VecDeque,
    net::{SocketAddr, UdpSocket},
    time::Duration,
};

use codec_h248::{
    IntoBoundedStatic, Limits, MId, Message, MessageBody, Style, TextProfile, Transaction,
    TransactionReply, TransactionRequest, decode, encode, list,
};

/// So long may an answer or an event take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A controller of one gateway, by UDP.
pub(crate) struct Controller {
    socket: UdpSocket,
    mg: Option<SocketAddr>,
    last: u32,
    told: VecDeque<String>,
    replies: VecDeque<TransactionReply<'static>>,
}

impl Controller {
    pub(crate) fn new() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Self {
            socket,
            mg: None,
            last: 100,
            told: VecDeque::new(),
            replies: VecDeque::new(),
        }
    }

    pub(crate) fn place(&self) -> SocketAddr {
        self.socket.local_addr().unwrap()
    }

    /// Waits until the gateway has registered.
    pub(crate) fn registered(&mut self) {
        while self.mg.is_none() {
            self.receive();
        }
    }

    /// Asks, and returns the reply in compact text.
    pub(crate) fn ask(&mut self, actions: &str) -> String {
        self.last += 1;
        let id = self.last;
        self.send(&format!("Transaction={id}{{{actions}}}"));
        loop {
            let place = self.replies.iter().position(|reply| reply.id.0 == id);
            if let Some(reply) = place.and_then(|place| self.replies.remove(place)) {
                return compact(Transaction::Reply(reply));
            }
            self.receive();
        }
    }

    /// The next Notify, without its time stamp, or ServiceChange in compact text.
    pub(crate) fn notified(&mut self) -> String {
        loop {
            if let Some(told) = self.told.pop_front() {
                return told;
            }
            self.receive();
        }
    }

    fn send(&self, transaction: &str) {
        let text = format!("MEGACO/3 [127.0.0.1]:{} {transaction}", self.place().port());
        let to = self.mg.expect("it has registered");
        self.socket.send_to(text.as_bytes(), to).unwrap();
    }

    fn receive(&mut self) {
        let mut buffer = [0; 65_536];
        let received = self.socket.recv_from(&mut buffer);
        let (length, from) = received.expect("the gateway says something within 20 s");
        let message = match decode(&buffer[..length], &Limits::default()) {
            Ok(message) => message,
            // A far end of another test had the port before.
            Err(_) if self.mg != Some(from) => return,
            Err(error) => panic!("{error}"),
        };
        let MessageBody::Transactions(transactions) = message.into_static().body else {
            panic!("an error: {}", String::from_utf8_lossy(&buffer[..length]));
        };
        for transaction in transactions {
            match transaction {
                Transaction::Request(request) => self.answer(request, from),
                Transaction::Reply(reply) => self.replies.push_back(reply),
                Transaction::Pending(_)
                | Transaction::ResponseAck(_)
                | Transaction::SegmentReply(_) => {}
            }
        }
    }

    fn answer(&mut self, mut request: TransactionRequest<'static>, from: SocketAddr) {
        let id = request.id.0;
        let action = &mut request.actions[0];
        let context = action.context;
        if let codec_h248::Command::Notify(notify) = &mut action.commands[0].command {
            let name = notify.terminations[0].clone();
            for event in &mut notify.observed_events.events {
                event.time_stamp = None;
            }
            self.told.push_back(compact(Transaction::Request(request)));
            self.send(&format!("Reply={id}{{Context={context}{{Notify={name}}}}}"));
        } else if self.mg.is_some() {
            let replies = request.actions.iter().map(|action| {
                let context = action.context;
                let codec_h248::Command::ServiceChange(change) = &action.commands[0].command else {
                    panic!("a ServiceChange");
                };
                let name = &change.terminations[0];
                format!("Context={context}{{ServiceChange={name}}}")
            });
            let replies: Vec<String> = replies.collect();
            self.send(&format!("Reply={id}{{{}}}", replies.join(",")));
            self.told.push_back(compact(Transaction::Request(request)));
        } else {
            self.mg = Some(from);
            self.send(&format!(
                "Reply={id}{{Context=-{{ServiceChange=ROOT{{Services{{Version=3}}}}}}}}"
            ));
        }
    }
}

/// What a transaction says, in compact text on one line.
fn compact(mut transaction: Transaction<'static>) -> String {
    match &mut transaction {
        Transaction::Request(request) => request.id.0 = 1,
        Transaction::Reply(reply) => {
            reply.id.0 = 1;
            reply.immediate_ack = false;
        }
        Transaction::Pending(_) | Transaction::ResponseAck(_) | Transaction::SegmentReply(_) => {}
    }
    let message = Message {
        authentication: None,
        version: 3,
        mid: MId::Device("mg".into()),
        body: MessageBody::Transactions(list![transaction]),
    };
    let mut octets = Vec::new();
    encode(&message, &TextProfile::of(Style::Compact), &mut octets);
    let text = String::from_utf8(octets).unwrap();
    let inner = text.trim().split_once('{').unwrap().1;
    inner.strip_suffix('}').unwrap().to_owned()
}
