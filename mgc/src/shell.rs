//! The loop that owns the core. Socket, handlers, clock and capture meet it here and nowhere else.

use std::{
    io,
    time::{Duration, Instant, SystemTime},
};

use mgc_core::{
    Mgc, Tie,
    northbound::{Completion, Event, Request, Taken},
};
use tokio::sync::{mpsc, oneshot};
use transport_h248::{Anchor, Trace, Transmit};
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
    store::{Batch, StoreError},
    trace::Ring,
    writer::Writer,
};

/// So many orders are taken in one turn.
const ORDERS_AT_ONCE: usize = 256;
/// So much is taken while a batch is being written; then nothing more comes in until it is.
const TAKEN_MAX: usize = 4_096;

/// From the beginning of one batch to that of the next at least this passes: each costs its pages and
/// a write to the disk, however little is in it. A move waits for three of them.
const PACE: Duration = Duration::from_millis(2);

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
    /// Answers that go out once what they rest on is written down.
    answers: Vec<Answer>,
    /// What goes out once the batch that is being written is written.
    held: Option<Outgoing>,
    /// When the next batch may begin, where that has not come yet.
    paced_until: Option<Instant>,
    /// How much has come in since the batch that is being written was gathered.
    taken: usize,
    journal: Journal,
    writer: Writer,
    meter: Meter,
    /// The last event that the webhook has taken, until that is written down.
    delivered: Option<u64>,
}

/// An answer, ready to be given to the one who waits for it.
struct Answer(Box<dyn FnOnce() + Send>);

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Answer")
    }
}

/// What others learn of, and rests on rows that are written down before.
#[derive(Debug)]
struct Outgoing {
    transmits: Vec<Transmit>,
    ties: Vec<Tie>,
    traces: Vec<Trace>,
    completions: Vec<Completion>,
    answers: Vec<Answer>,
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
        (sinks, trace): (Sinks, Ring),
        (journal, writer): (Journal, Writer),
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
            held: None,
            paced_until: None,
            taken: 0,
            journal,
            writer,
            meter,
            delivered: None,
        }
    }

    /// Runs until socket or store fails or nobody can give orders any more.
    pub(crate) async fn run(mut self, mut orders: mpsc::Receiver<Order>) -> Result<(), Failure> {
        loop {
            self.flush().await?;
            let due = self.mgc.poll_timeout().map(|(at, _why)| at);
            let open = self.is_open();
            let paced = self.paced_until.filter(|_| self.held.is_none());
            tokio::select! {
                biased;
                written = self.writer.written(), if self.held.is_some() => {
                    let written = written?;
                    self.meter.committed(written.took);
                    self.release(written.batch.events).await;
                    continue;
                }
                incoming = self.network.next(), if open => self.receive(incoming?),
                order = orders.recv(), if open => match order {
                    Some(order) => self.obey(order),
                    None => return Ok(self.finish().await?),
                },
                () = clock::wake(due.into_iter().chain(paced).min()) => {}
            }
            self.receive_more(&mut orders)?;
            // After what has come in: a request whose reply is here is not repeated.
            let now = clock::now();
            if due.is_some_and(|due| due <= now) {
                self.mgc.handle_timeout(now);
            }
            self.renew_anchor();
        }
    }

    /// Whether more may come in before what came in is written down.
    fn is_open(&self) -> bool {
        self.taken < TAKEN_MAX
    }

    /// Writes down and lets out what is left.
    async fn finish(&mut self) -> Result<(), StoreError> {
        loop {
            self.paced_until = None;
            self.flush().await?;
            if self.held.is_none() {
                return Ok(());
            }
            let written = self.writer.written().await?;
            self.release(written.batch.events).await;
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
            if !self.is_open() {
                return Ok(());
            }
            match orders.try_recv() {
                Ok(order) => self.obey(order),
                Err(_) => break,
            }
        }
        while self.is_open()
            && let Some(incoming) = self.network.try_next()?
        {
            self.receive(incoming);
        }
        Ok(())
    }

    /// Hands what came in to the core.
    fn receive(&mut self, incoming: Incoming) {
        self.taken += 1;
        let now = clock::now();
        match incoming {
            Incoming::Message { octets, from } => self.mgc.handle_message(&octets, from, now),
            Incoming::Connected { route, local } => self.mgc.handle_connected(route, local),
            Incoming::Closed(route) => self.mgc.handle_closed(route, now),
        }
    }

    /// Has written down what follows from what came in, before anybody learns of it. While a batch
    /// is being written, all that comes in makes up the next one.
    async fn flush(&mut self) -> Result<(), StoreError> {
        let paced = self.paced_until.is_some_and(|until| clock::now() < until);
        if self.held.is_some() || paced {
            return Ok(());
        }
        self.paced_until = None;
        let batch = self.batch();
        self.held = Some(self.outgoing());
        self.taken = 0;
        let back = if batch.is_empty() {
            Some(batch)
        } else {
            self.writer.write(batch)?
        };
        if back.is_none() {
            self.paced_until = Some(clock::now() + PACE);
        }
        if let Some(batch) = back {
            self.release(batch.events).await;
        }
        Ok(())
    }

    fn outgoing(&mut self) -> Outgoing {
        let mgc = &mut self.mgc;
        Outgoing {
            transmits: std::iter::from_fn(|| mgc.poll_transmit()).collect(),
            ties: std::iter::from_fn(|| mgc.poll_tie()).collect(),
            traces: std::iter::from_fn(|| mgc.poll_trace()).collect(),
            completions: std::iter::from_fn(|| mgc.poll_completion()).collect(),
            answers: std::mem::take(&mut self.answers),
        }
    }

    /// Lets out what was held until it was written down.
    async fn release(&mut self, events: Vec<Entry>) {
        let Some(outgoing) = self.held.take() else {
            return;
        };
        for transmit in outgoing.transmits {
            let to = transmit.to;
            if let Err(error) = self.network.send(transmit).await {
                tracing::debug!(%error, %to, "not sent; repetition covers it");
            }
        }
        self.trace.tie(outgoing.ties.into_iter());
        let traces = outgoing.traces.into_iter();
        self.sinks.show(traces, &self.network, &self.anchor);
        // Events first: who has an answer can rely on the event that belongs to it being written.
        self.journal.publish(events);
        for completion in outgoing.completions {
            if let Ok(operation) = self.mgc.operation(&completion.operation) {
                self.meter.ended(&operation);
            }
            self.waiting.complete(completion);
        }
        for answer in outgoing.answers {
            answer.0();
        }
    }

    /// What is to be written down.
    fn batch(&mut self) -> Batch {
        let time = self.anchor.system(clock::now());
        let mut events = Vec::new();
        while let Some(event) = self.mgc.poll_event() {
            tracing::debug!(?event, "event");
            self.meter.happened(kind(&event));
            let context = self.context(&event);
            events.push(draft(&self.journal, events.len(), (&event, context), time));
        }
        Batch {
            records: std::iter::from_fn(|| self.mgc.poll_record()).collect(),
            forget_before: self.journal.oldest_kept(events.len()),
            events,
            delivered: self.delivered.take(),
        }
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
        self.taken += 1;
        match order {
            Order::Request {
                request,
                asking,
                answer,
                completion,
            } => self.request((request, *asking), answer, completion),
            Order::Calls(answer) => self.answer(answer, self.mgc.calls()),
            Order::Call(call, answer) => self.answer(answer, self.mgc.call(&call)),
            Order::Segs(call, answer) => self.answer(answer, self.mgc.segs(&call)),
            Order::Legs(call, answer) => self.answer(answer, self.mgc.legs(&call)),
            Order::Seg(call, seg, answer) => self.answer(answer, self.mgc.seg(&call, &seg)),
            Order::Leg(call, leg, answer) => self.answer(answer, self.mgc.leg(&call, &leg)),
            Order::Operation(operation, answer) => {
                self.answer(answer, self.mgc.operation(&operation));
            }
            Order::Gateways(answer) => self.answer(answer, self.mgc.gateways()),
            Order::Counters(answer) => self.answer(answer, self.counted()),
            Order::Delivered(seq) => self.delivered = Some(seq),
            Order::Measure(answer) => self.answer(answer, self.measured()),
        }
    }

    fn answer<T: Send + 'static>(&mut self, answer: oneshot::Sender<T>, what: T) {
        // One that nobody waits for any more is dropped: the client has gone away.
        let give = move || drop(answer.send(what));
        self.answers.push(Answer(Box::new(give)));
    }

    fn measured(&self) -> Measured {
        Measured {
            counted: self.counted(),
            totals: self.mgc.totals(),
            gateways: self.mgc.gateways(),
            store: self.writer.name(),
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
        self.answer(answer, result);
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

#[cfg(test)]
mod tests;
