//! The loop that owns the core. Socket, handlers, clock and capture meet it here and nowhere else.

use std::{
    io,
    time::{Duration, SystemTime},
};

use mgc_core::{
    Mgc,
    northbound::{Event, Request, Taken},
};
use tokio::sync::{mpsc, oneshot};
use transport_h248::Anchor;
use transport_h248_tokio::{
    clock, log,
    network::{Incoming, Network},
    program::Failure,
    sinks::Sinks,
};

use crate::{
    caller::Asking,
    control::{Answered, Counted, Measured, NotTaken, Order, Outcome, Waiting},
    http::{EventData, kind},
    journal::{Entry, Journal},
    meter::Meter,
    store::{Batch, Store, StoreError},
    trace::Ring,
};

/// So many orders are taken before what follows from them is written down.
const ORDERS_AT_ONCE: usize = 256;

/// The clocks are compared so often; the wall clock may be set while the program runs.
const ANCHOR_AGE: Duration = Duration::from_secs(60);

/// The core with everything it meets.
#[derive(Debug)]
pub(crate) struct Shell {
    mgc: Mgc,
    anchor: Anchor,
    network: Network,
    sinks: Sinks,
    trace: Ring,
    waiting: Waiting,
    /// Answers to requests, which go out once what follows from them is written down.
    answers: Vec<Answer>,
    journal: Journal,
    store: Box<dyn Store + Send>,
    meter: Meter,
    /// The last event that the webhook has taken, until that is written down.
    delivered: Option<u64>,
}

/// An answer and who waits for it.
type Answer = (oneshot::Sender<Answered>, Answered);

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
        (sinks, trace): (Sinks, Ring),
        (journal, store): (Journal, Box<dyn Store + Send>),
        meter: Meter,
    ) -> Self {
        Self {
            mgc,
            anchor,
            network,
            sinks,
            trace,
            waiting: Waiting::default(),
            answers: Vec::new(),
            journal,
            store,
            meter,
            delivered: None,
        }
    }

    /// Runs until socket or store fails or nobody can give orders any more.
    pub(crate) async fn run(mut self, mut orders: mpsc::Receiver<Order>) -> Result<(), Failure> {
        loop {
            self.flush().await?;
            let due = self.mgc.poll_timeout().map(|(at, _why)| at);
            tokio::select! {
                () = clock::wake(due) => self.mgc.handle_timeout(clock::now()),
                order = orders.recv() => match order {
                    Some(order) => self.obey(order),
                    None => return Ok(()),
                },
                incoming = self.network.next() => receive(&mut self.mgc, incoming?),
            }
            self.receive_more(&mut orders)?;
            self.renew_anchor();
        }
    }

    fn renew_anchor(&mut self) {
        if clock::now() > self.anchor.instant + ANCHOR_AGE {
            self.anchor = clock::anchor();
            self.mgc.handle_anchor(self.anchor);
            self.meter.tidy();
        }
    }

    /// Takes what has come in meanwhile, so that all of it is written down at once.
    fn receive_more(&mut self, orders: &mut mpsc::Receiver<Order>) -> io::Result<()> {
        for _ in 0..ORDERS_AT_ONCE {
            match orders.try_recv() {
                Ok(order) => self.obey(order),
                Err(_) => break,
            }
        }
        while let Some(incoming) = self.network.try_next()? {
            receive(&mut self.mgc, incoming);
        }
        Ok(())
    }

    /// Carries out what the core wants, until it wants nothing. What follows from an input is
    /// written down before anybody learns of it.
    async fn flush(&mut self) -> Result<(), StoreError> {
        let events = self.write_down()?;
        while let Some(transmit) = self.mgc.poll_transmit() {
            let to = transmit.to;
            if let Err(error) = self.network.send(transmit).await {
                tracing::debug!(%error, %to, "not sent; repetition covers it");
            }
        }
        self.trace.tie(std::iter::from_fn(|| self.mgc.poll_tie()));
        let traces = std::iter::from_fn(|| self.mgc.poll_trace());
        self.sinks.show(traces, &self.network, &self.anchor);
        // Events first: who has an answer can rely on the event that belongs to it being written.
        self.journal.publish(events);
        while let Some(completion) = self.mgc.poll_completion() {
            if let Ok(operation) = self.mgc.operation(&completion.operation) {
                self.meter.ended(&operation);
            }
            self.waiting.complete(completion);
        }
        for (answer, result) in self.answers.drain(..) {
            // One that nobody waits for any more is dropped: the client has gone away.
            drop(answer.send(result));
        }
        Ok(())
    }

    /// Writes rows and events down; returns the events, of which nobody knows yet.
    fn write_down(&mut self) -> Result<Vec<Entry>, StoreError> {
        let time = self.anchor.system(clock::now());
        let mut events = Vec::new();
        while let Some(event) = self.mgc.poll_event() {
            tracing::debug!(?event, "event");
            self.meter.happened(kind(&event));
            let context = self.context(&event);
            events.push(draft(&self.journal, events.len(), (&event, context), time));
        }
        let batch = Batch {
            records: std::iter::from_fn(|| self.mgc.poll_record()).collect(),
            forget_before: self.journal.oldest_kept(events.len()),
            events,
            delivered: self.delivered.take(),
        };
        if !batch.is_empty() {
            let begin = clock::now();
            self.store.commit(&batch)?;
            self.meter.committed(clock::now() - begin);
        }
        Ok(batch.events)
    }

    fn context(&self, event: &Event) -> Context {
        let operation = event.operation.as_ref();
        let operation = operation.and_then(|operation| self.mgc.operation(operation).ok());
        let seg = event.seg.as_ref();
        Context {
            request: operation.and_then(|operation| operation.request_id),
            private: seg.is_some_and(|seg| self.mgc.is_private(seg)),
        }
    }

    fn obey(&mut self, order: Order) {
        // An answer that nobody waits for any more is dropped: the client has gone away.
        match order {
            Order::Request {
                request,
                asking,
                answer,
                completion,
            } => self.request((request, asking), answer, completion),
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
            Order::Delivered(seq) => self.delivered = Some(seq),
            Order::Measure(answer) => drop(answer.send(self.measured())),
        }
    }

    fn measured(&self) -> Measured {
        Measured {
            counted: self.counted(),
            totals: self.mgc.totals(),
            gateways: self.mgc.gateways(),
            store: self.store.name(),
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
        (request, asking): (Request, Asking),
        answer: oneshot::Sender<Answered>,
        completion: Option<oneshot::Sender<Outcome>>,
    ) {
        let result = self.take(request, asking);
        let result = result.map(|Taken { accepted, outcome }| {
            match (completion, outcome) {
                // It is waited for behind the answer, and so not known before all is written down.
                (Some(completion), Some(outcome)) => drop(completion.send(outcome)),
                (Some(completion), None) => {
                    self.waiting.add(accepted.operation.clone(), completion)
                }
                (None, _) => {}
            }
            accepted
        });
        self.answers.push((answer, result));
    }

    fn take(&mut self, request: Request, asking: Asking) -> Result<Taken, NotTaken> {
        let now = clock::now();
        // One that comes again is answered as before, though it has itself changed what it expects.
        if !self.mgc.was_asked(&asking.origin, now) && !asking.is_met(&self.mgc) {
            return Err(NotTaken::Changed);
        }
        let taken = self.mgc.handle_request_of(asking.origin, request, now);
        Ok(taken?)
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

/// What the log says of an event beyond what the core tells.
#[derive(Debug, Default)]
pub(crate) struct Context {
    /// The name of the request that brought it about.
    pub(crate) request: Option<String>,
    /// Whether its Seg is private.
    pub(crate) private: bool,
}

/// The event as the log has it once `ahead` others have been published.
pub(crate) fn draft(
    journal: &Journal,
    ahead: usize,
    (event, context): (&Event, Context),
    time: SystemTime,
) -> Entry {
    let time = time_text(time);
    let seq = journal.number(ahead);
    let mut data = EventData::new(event, (journal.id(seq), seq), context.request, &time);
    data.in_private = context.private;
    let whole = data.json().into();
    let veiled = context.private.then(|| {
        data.seg = None;
        data.json().into()
    });
    Entry {
        seq,
        kind: kind(event),
        call: event.call.clone(),
        seg: event.seg.clone(),
        leg: event.leg.clone(),
        time: time.into(),
        data: whole,
        veiled,
    }
}

/// Wall time as the API spells it: RFC 3339, UTC, milliseconds.
pub(crate) fn time_text(time: SystemTime) -> String {
    humantime::format_rfc3339_millis(time).to_string()
}
