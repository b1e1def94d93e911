//! The loop that owns the core. Socket, handlers, clock and capture meet it here and nowhere else.

use std::{
    io,
    time::{Duration, SystemTime},
};

use mgc_core::{
    Mgc,
    northbound::{Accepted, Event, Refusal, Request},
};
use tokio::sync::{mpsc, oneshot};
use transport_h248::Anchor;
use transport_h248_tokio::{
    clock, log,
    network::{Incoming, Network},
    sinks::Sinks,
};

use crate::{
    control::{Counted, Order, Outcome, Waiting},
    http::{EventData, kind},
    journal::Journal,
};

/// The clocks are compared so often; the wall clock may be set while the program runs.
const ANCHOR_AGE: Duration = Duration::from_secs(60);

/// The core with everything it meets.
#[derive(Debug)]
pub(crate) struct Shell {
    mgc: Mgc,
    anchor: Anchor,
    network: Network,
    sinks: Sinks,
    waiting: Waiting,
    journal: Journal,
}

impl Drop for Shell {
    /// Tells what was counted, however the program ends.
    fn drop(&mut self) {
        log::counted(&self.mgc.counters(), &self.network.counters());
    }
}

impl Shell {
    /// Puts them together.
    pub(crate) fn new(
        mgc: Mgc,
        anchor: Anchor,
        network: Network,
        sinks: Sinks,
        journal: Journal,
    ) -> Self {
        Self {
            mgc,
            anchor,
            network,
            sinks,
            waiting: Waiting::default(),
            journal,
        }
    }

    /// Runs until the socket fails or nobody can give orders any more.
    pub(crate) async fn run(mut self, mut orders: mpsc::Receiver<Order>) -> io::Result<()> {
        loop {
            self.flush().await;
            let due = self.mgc.poll_timeout().map(|(at, _why)| at);
            tokio::select! {
                () = clock::wake(due) => self.mgc.handle_timeout(clock::now()),
                order = orders.recv() => match order {
                    Some(order) => self.obey(order),
                    None => return Ok(()),
                },
                incoming = self.network.next() => receive(&mut self.mgc, incoming?),
            }
            self.receive_more()?;
            self.renew_anchor();
        }
    }

    fn renew_anchor(&mut self) {
        if clock::now() > self.anchor.instant + ANCHOR_AGE {
            self.anchor = clock::anchor();
            self.mgc.handle_anchor(self.anchor);
        }
    }

    /// Takes what has come in meanwhile.
    fn receive_more(&mut self) -> io::Result<()> {
        while let Some(incoming) = self.network.try_next()? {
            receive(&mut self.mgc, incoming);
        }
        Ok(())
    }

    /// Carries out what the core wants, until it wants nothing.
    async fn flush(&mut self) {
        while let Some(transmit) = self.mgc.poll_transmit() {
            let to = transmit.to;
            if let Err(error) = self.network.send(transmit).await {
                tracing::debug!(%error, %to, "not sent; repetition covers it");
            }
        }
        let traces = std::iter::from_fn(|| self.mgc.poll_trace());
        self.sinks.show(traces, &self.network, &self.anchor);
        // Events first: who has an answer can rely on the event that belongs to it being written.
        while let Some(event) = self.mgc.poll_event() {
            tracing::debug!(?event, "event");
            publish(&self.journal, &event, self.anchor.system(clock::now()));
        }
        while let Some(completion) = self.mgc.poll_completion() {
            self.waiting.complete(completion);
        }
    }

    fn obey(&mut self, order: Order) {
        // An answer that nobody waits for any more is dropped: the client has gone away.
        match order {
            Order::Request {
                request,
                answer,
                completion,
            } => self.request(request, answer, completion),
            Order::Calls(answer) => drop(answer.send(self.mgc.calls())),
            Order::Call(call, answer) => drop(answer.send(self.mgc.call(&call))),
            Order::Segs(call, answer) => drop(answer.send(self.mgc.segs(&call))),
            Order::Legs(call, answer) => drop(answer.send(self.mgc.legs(&call))),
            Order::Seg(call, seg, answer) => drop(answer.send(self.mgc.seg(&call, &seg))),
            Order::Leg(call, leg, answer) => drop(answer.send(self.mgc.leg(&call, &leg))),
            Order::Operation(operation, answer) => {
                drop(answer.send(self.mgc.operation(&operation)));
            }
            Order::Gateways(answer) => drop(answer.send(self.mgc.gateways())),
            Order::Counters(answer) => drop(answer.send(self.counted())),
        }
    }

    fn counted(&self) -> Counted {
        Counted {
            link: self.mgc.counters(),
            sockets: self.network.counters(),
            gateways: self.mgc.statistics(),
        }
    }

    fn request(
        &mut self,
        request: Request,
        answer: oneshot::Sender<Result<Accepted, Refusal>>,
        completion: Option<oneshot::Sender<Outcome>>,
    ) {
        let result = self.mgc.handle_request(request, clock::now());
        if let (Ok(accepted), Some(completion)) = (&result, completion) {
            self.waiting.add(accepted.operation.clone(), completion);
        }
        drop(answer.send(result));
    }
}

/// Hands what came in to the core.
fn receive(mgc: &mut Mgc, incoming: Incoming) {
    let now = clock::now();
    match incoming {
        Incoming::Message { octets, from } => mgc.handle_message(&octets, from, now),
        Incoming::Connected { route, local } => mgc.handle_connected(route, local),
        Incoming::Closed(route) => mgc.handle_closed(route, now),
    }
}

/// Writes an event to the log.
pub(crate) fn publish(journal: &Journal, event: &Event, time: SystemTime) {
    let time = time_text(time);
    let data = |id, seq| EventData::new(event, id, seq, &time).json();
    journal.append(kind(event), event.call.clone(), time.as_str().into(), data);
}

/// Wall time as the API spells it: RFC 3339, UTC, milliseconds.
pub(crate) fn time_text(time: SystemTime) -> String {
    humantime::format_rfc3339_millis(time).to_string()
}
