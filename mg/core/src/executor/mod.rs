//! Carries transactions out, one at a time: plan, apply, report (H.248.1 8).
//!
//! A command is planned on a gateway that it only reads; a plan that fails has changed nothing.
//! What is planned is then carried out and cannot fail. Where the reply wants the engine's counts,
//! or a port pair is still to be bound, the transaction waits and the others queue.

mod add;
mod audit;
mod capability;
mod context;
mod counted;
mod individual;
mod item;
mod modify;
mod move_to;
mod plan;
mod report;
mod run;
mod selected;
mod selection;
mod service_change;
mod size;
mod subtract;
mod supervise;
mod target;
mod topology;

use std::{collections::VecDeque, time::Instant};

use codec_h248::{
    TransactionId, TransactionResult,
    descriptor::{ErrorCode, ErrorDescriptor},
};
use mg_contract::{RtpPort, StreamStatistics, Ticket};
use transport_h248::PeerId;

pub(crate) use self::run::Job;
use self::{run::Run, target::Budget};
use crate::{Counters, Limits, gateway::Gateway};

/// Transactions that wait, and the one that executes.
#[derive(Debug)]
pub(crate) struct Executor {
    queue: VecDeque<Job>,
    limit: usize,
    /// The message of which a transaction was executed last, and what others of it may still cost.
    message: Option<(u64, Budget)>,
    /// Since when the others wait for the program, after one that was long.
    paused: Option<Instant>,
    running: Option<Run>,
    finished: VecDeque<Finished>,
}

/// A transaction that is done.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    /// Who asked.
    pub(crate) peer: PeerId,
    /// Its number for the transaction.
    pub(crate) id: TransactionId,
    /// What came of it.
    pub(crate) result: TransactionResult<'static>,
}

impl Executor {
    /// An executor that lets `limit` transactions wait; over it they are refused with 510.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            queue: VecDeque::new(),
            limit,
            message: None,
            paused: None,
            running: None,
            finished: VecDeque::new(),
        }
    }

    /// Takes a transaction.
    pub(crate) fn handle_job(&mut self, job: Job, counters: &mut Counters) {
        if self.queue.len() < self.limit {
            self.queue.push_back(job);
            return;
        }
        counters.queue_full += 1;
        let error = ErrorDescriptor::about(
            ErrorCode::INSUFFICIENT_RESOURCES,
            "too many transactions wait",
        );
        self.finished.push_back(Finished {
            peer: job.peer,
            id: job.id,
            result: TransactionResult::Error(error),
        });
    }

    /// Takes the engine's answer, and says whether it was waited for.
    pub(crate) fn handle_answer(&mut self, ticket: Ticket, counts: StreamStatistics) -> bool {
        let running = self.running.as_mut();
        running.is_some_and(|run| run.handle_answer(ticket, counts))
    }

    /// Takes what became of a port pair, which the gateway knows already.
    pub(crate) fn handle_bound(&mut self, port: RtpPort) {
        if let Some(run) = &mut self.running {
            run.handle_bound(port);
        }
    }

    /// Ends waits that are over.
    pub(crate) fn handle_timeout(&mut self, counters: &mut Counters, now: Instant) {
        self.paused = None;
        if let Some(run) = &mut self.running {
            run.handle_timeout(counters, now);
        }
    }

    /// Executes until a transaction waits, none is left, or one was long: then the program sees to
    /// its other duties before the next.
    pub(crate) fn drive(&mut self, gateway: &mut Gateway, counters: &mut Counters, now: Instant) {
        while self.paused.is_none() {
            let running = self.running.take();
            let Some(mut run) = running.or_else(|| self.next(gateway.limits())) else {
                return;
            };
            let Some(result) = run.drive(gateway, counters, now) else {
                self.running = Some(run);
                return;
            };
            counters.transactions += 1;
            if run.budget.is_worn(gateway.limits()) && !self.queue.is_empty() {
                self.paused = Some(now);
            }
            self.message = Some((run.message, run.budget));
            self.finished.push_back(Finished {
                peer: run.peer,
                id: run.id,
                result,
            });
        }
    }

    /// Begins the next transaction. Those of one message share what they may cost.
    fn next(&mut self, limits: &Limits) -> Option<Run> {
        let job = self.queue.pop_front()?;
        let shared = self.message.take();
        let budget = match shared {
            Some((message, budget)) if message == job.message => budget,
            Some(_) | None => Budget::new(limits),
        };
        Some(Run::new(job, budget))
    }

    /// The next transaction that is done.
    pub(crate) fn poll_finished(&mut self) -> Option<Finished> {
        self.finished.pop_front()
    }

    /// When the transaction that executes goes on without what it waits for, or the next begins.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        let waiting = self.running.as_ref().and_then(Run::poll_timeout);
        self.paused.or(waiting)
    }

    /// How many transactions wait or execute.
    pub(crate) fn load(&self) -> usize {
        self.queue.len() + usize::from(self.running.is_some())
    }
}
