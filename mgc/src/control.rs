//! How a handler speaks to the loop that owns the core: one order, one answer.

use std::collections::BTreeMap;

use mgc_core::northbound::{
    Accepted, CallId, CallView, Completion, Done, GatewayId, GatewayView, LegId, LegView,
    OperationId, OperationView, Refusal, Request, SegId, SegView, Totals,
};
use tokio::sync::{mpsc, oneshot};
use transport_h248::Statistics;

use crate::caller::Asking;

/// Orders that wait for the loop; a handler waits for room when they are this many.
const QUEUE: usize = 1024;

/// What came of an operation.
pub(crate) type Outcome = Result<Done, Refusal>;

/// Something that only the loop can do, with the place where its answer goes.
#[derive(Debug)]
pub(crate) enum Order {
    /// Carries out a request.
    Request {
        /// The request.
        request: Request,
        /// Whose it is, and what he expects.
        asking: Box<Asking>,
        /// Whether it is taken.
        answer: oneshot::Sender<Answered>,
        /// How it ended, for one who waits.
        completion: Option<oneshot::Sender<Outcome>>,
    },
    /// Reads all Calls.
    Calls(oneshot::Sender<Vec<CallView>>),
    /// Reads a Call.
    Call(CallId, oneshot::Sender<Result<CallView, Refusal>>),
    /// Reads the Segs of a Call.
    Segs(CallId, oneshot::Sender<Result<Vec<SegView>, Refusal>>),
    /// Reads the Legs of a Call.
    Legs(CallId, oneshot::Sender<Result<Vec<LegView>, Refusal>>),
    /// Reads a Seg of a Call.
    Seg(CallId, SegId, oneshot::Sender<Result<SegView, Refusal>>),
    /// Reads a Leg of a Call.
    Leg(CallId, LegId, oneshot::Sender<Result<LegView, Refusal>>),
    /// Reads an operation.
    Operation(OperationId, oneshot::Sender<Result<OperationView, Refusal>>),
    /// Reads the gateways.
    Gateways(oneshot::Sender<Vec<GatewayView>>),
    /// Reads what was counted.
    Counters(oneshot::Sender<Counted>),
    /// Reads what is to be measured, and whether the loop works.
    Measure(oneshot::Sender<Measured>),
    /// Notes that the webhook has taken the events up to this number.
    Delivered(u64),
}

/// What was counted and measured since the program began.
#[derive(Debug)]
pub(crate) struct Counted {
    /// By the link, of all peers.
    pub(crate) link: transport_h248::Counters,
    /// By the sockets.
    pub(crate) sockets: transport_h248_tokio::counters::Counters,
    /// By the link, of each gateway.
    pub(crate) gateways: Vec<(GatewayId, Statistics)>,
}

/// What the loop has now.
#[derive(Debug)]
pub(crate) struct Measured {
    /// What was counted.
    pub(crate) counted: Counted,
    /// How much stands.
    pub(crate) totals: Totals,
    /// The gateways.
    pub(crate) gateways: Vec<GatewayView>,
    /// What the state is kept in.
    pub(crate) store: &'static str,
}

/// Whether a request is taken.
pub(crate) type Answered = Result<Accepted, NotTaken>;

/// Why a request is not taken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum NotTaken {
    /// The core refuses it.
    Refused(Refusal),
    /// What it would change is not what the caller has seen.
    Changed,
}

impl From<Refusal> for NotTaken {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The loop has ended; nothing is done any more.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the controller is stopping")]
pub(crate) struct Stopped;

/// The handlers' end of the queue.
#[derive(Clone, Debug)]
pub(crate) struct Control {
    orders: mpsc::Sender<Order>,
}

/// A request that was taken and is waited for.
#[derive(Debug)]
pub(crate) struct Running {
    /// What was taken.
    pub(crate) accepted: Accepted,
    completion: oneshot::Receiver<Outcome>,
}

impl Control {
    /// Makes the queue: the handlers' end and the loop's.
    pub(crate) fn new() -> (Self, mpsc::Receiver<Order>) {
        let (orders, receiver) = mpsc::channel(QUEUE);
        (Self { orders }, receiver)
    }

    /// Asks for something and does not wait for its end.
    pub(crate) async fn request(&self, request: Request) -> Result<Answered, Stopped> {
        self.ask(|answer| Order::Request {
            request,
            asking: Box::new(Asking::of_task()),
            answer,
            completion: None,
        })
        .await
    }

    /// Asks for something whose end will be waited for.
    pub(crate) async fn start(
        &self,
        request: Request,
    ) -> Result<Result<Running, NotTaken>, Stopped> {
        let (sender, completion) = oneshot::channel();
        let answer = self
            .ask(|answer| Order::Request {
                request,
                asking: Box::new(Asking::of_task()),
                answer,
                completion: Some(sender),
            })
            .await?;
        Ok(answer.map(|accepted| Running {
            accepted,
            completion,
        }))
    }

    /// Notes that the webhook has taken the events up to this number.
    pub(crate) async fn delivered(&self, seq: u64) -> Result<(), Stopped> {
        let sent = self.orders.send(Order::Delivered(seq)).await;
        sent.map_err(|_closed| Stopped)
    }

    /// Reads something: `order` is one of the reading orders.
    pub(crate) async fn ask<T>(
        &self,
        order: impl FnOnce(oneshot::Sender<T>) -> Order,
    ) -> Result<T, Stopped> {
        let (answer, receiver) = oneshot::channel();
        self.orders
            .send(order(answer))
            .await
            .map_err(|_closed| Stopped)?;
        receiver.await.map_err(|_closed| Stopped)
    }
}

impl Running {
    /// Waits for the end; may be called again when it was given up in between.
    pub(crate) async fn outcome(&mut self) -> Result<Outcome, Stopped> {
        (&mut self.completion).await.map_err(|_closed| Stopped)
    }
}

/// Those who wait for the end of an operation, until the core reports it.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    // Several may wait for one operation: a repeated AttachMediaReq joins the one that runs.
    waiters: BTreeMap<OperationId, Vec<oneshot::Sender<Outcome>>>,
}

impl Waiting {
    /// Notes one who waits.
    pub(crate) fn add(&mut self, operation: OperationId, waiter: oneshot::Sender<Outcome>) {
        let waiters = self.waiters.entry(operation).or_default();
        // So that no more are held than requests may be open, however often clients come and go.
        waiters.retain(|waiter| !waiter.is_closed());
        waiters.push(waiter);
    }

    /// Tells all who wait for this operation how it ended.
    pub(crate) fn complete(&mut self, completion: Completion) {
        let Completion {
            operation, result, ..
        } = completion;
        for waiter in self.waiters.remove(&operation).unwrap_or_default() {
            // Who has gone away meanwhile need not know.
            let _ = waiter.send(result.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_who_wait_for_an_operation_learn_its_end() {
        let operation = OperationId::from_text("op_1");
        let mut waiting = Waiting::default();
        let mut waiters: Vec<_> = (0..2)
            .map(|_| {
                let (waiter, end) = oneshot::channel();
                waiting.add(operation.clone(), waiter);
                end
            })
            .collect();
        waiting.complete(Completion {
            operation,
            result: Ok(Done::Deleted),
            legs: Vec::new(),
        });
        for end in &mut waiters {
            assert_eq!(end.try_recv(), Ok(Ok(Done::Deleted)));
        }
    }

    #[test]
    fn those_who_have_gone_are_not_kept() {
        let operation = OperationId::from_text("op_1");
        let mut waiting = Waiting::default();
        for _ in 0..10 {
            let (waiter, end) = oneshot::channel();
            waiting.add(operation.clone(), waiter);
            drop(end);
        }
        assert_eq!(waiting.waiters[&operation].len(), 1);
    }
}
