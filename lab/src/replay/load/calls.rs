//! Many calls at once: each a playing of the same scenario, known by the numbers of its transactions.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    sync::Arc,
    time::Instant,
};

use codec_h248::{TransactionKind, binary, peek};

use super::figures::Figures;
use crate::scenario::{Outcome, Player, Program, Settings, Transmit, Verdict};

/// Numbers of transactions that one call may use.
const IDS: u32 = 64;
/// Calls that the state before the first one may have used the numbers of.
const BEFORE: u32 = 16;
/// Failures that are told in words.
const TOLD_MAX: usize = 20;

struct Call {
    player: Player,
    began: Instant,
    /// When it is looked at next, at the latest.
    looked_at: Option<Instant>,
}

/// All calls that run.
pub(super) struct Calls {
    program: Arc<Program>,
    settings: Arc<Settings>,
    /// Who answers requests of the peer.
    host: Player,
    running: BTreeMap<u32, Call>,
    wakes: BinaryHeap<Reverse<(Instant, u32)>>,
    next: u32,
    /// Which calls have something to send.
    ready: Vec<u32>,
    pub(super) figures: Figures,
    pub(super) told: Vec<String>,
}

impl Calls {
    pub(super) fn new(program: Arc<Program>, settings: Arc<Settings>, host: Player) -> Self {
        let next = settings.first_id / IDS + BEFORE;
        Self {
            program,
            settings,
            host,
            next,
            running: BTreeMap::new(),
            wakes: BinaryHeap::new(),
            ready: Vec::new(),
            figures: Figures::default(),
            told: Vec::new(),
        }
    }

    pub(super) fn running(&self) -> usize {
        self.running.len()
    }

    pub(super) fn begin(&mut self, now: Instant) {
        let number = self.next;
        self.next = self.next.wrapping_add(1) % (u32::MAX / IDS);
        let mut player = Player::new(self.program.clone(), self.settings.clone(), now);
        player.number_from(number * IDS);
        let call = Call {
            player,
            began: now,
            looked_at: None,
        };
        self.running.insert(number, call);
        self.figures.started += 1;
        self.go_on(number, now);
    }

    /// Gives a message to the calls whose transactions it is about.
    pub(super) fn handle_message(&mut self, place: &str, octets: &[u8], now: Instant) {
        self.figures.received += 1;
        let seen = match octets.first() {
            Some(0x30) => binary::peek(octets),
            _ => peek(octets),
        };
        let mut numbers: Vec<u32> = Vec::new();
        let mut asks = false;
        for one in seen.transactions() {
            if one.kind == TransactionKind::Request {
                asks = true;
            } else if !numbers.contains(&(one.id.0 / IDS)) {
                numbers.push(one.id.0 / IDS);
            }
        }
        if asks {
            let served = self.host.serve(place, octets, now);
            self.figures.answered += served.answered;
            self.figures.refused += served.refused;
        }
        for number in numbers {
            match self.running.get_mut(&number) {
                Some(call) => {
                    call.player.handle_message(place, octets, now);
                    self.go_on(number, now);
                }
                None => self.figures.late += 1,
            }
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        self.wakes.peek().map(|Reverse((at, _))| *at)
    }

    pub(super) fn handle_timeout(&mut self, now: Instant) {
        while let Some(Reverse((at, number))) = self.wakes.peek().copied() {
            if at > now {
                return;
            }
            self.wakes.pop();
            if let Some(call) = self.running.get_mut(&number) {
                call.looked_at = None;
                call.player.handle_timeout(now);
                self.go_on(number, now);
            }
        }
    }

    fn go_on(&mut self, number: u32, now: Instant) {
        let Some(call) = self.running.get_mut(&number) else {
            return;
        };
        self.ready.push(number);
        if call.player.has_ended() {
            return;
        }
        let Some(at) = call.player.poll_timeout() else {
            return;
        };
        let at = at.max(now);
        if call.looked_at.is_none_or(|looked| looked > at) {
            call.looked_at = Some(at);
            self.wakes.push(Reverse((at, number)));
        }
    }

    /// The next message to send.
    pub(super) fn poll_transmit(&mut self, now: Instant) -> Option<Transmit> {
        if let Some(answer) = self.host.poll_transmit() {
            self.figures.sent += 1;
            return Some(answer);
        }
        while let Some(number) = self.ready.last().copied() {
            if let Some(call) = self.running.get_mut(&number) {
                if call.player.poll_timeout().is_some_and(|at| at <= now) {
                    call.player.handle_timeout(now);
                }
                if let Some(transmit) = call.player.poll_transmit() {
                    self.figures.sent += 1;
                    return Some(transmit);
                }
                if let Some(outcome) = call.player.poll_end() {
                    self.end(number, &outcome, now);
                }
            }
            self.ready.pop();
        }
        None
    }

    fn end(&mut self, number: u32, outcome: &Outcome, now: Instant) {
        if let Some(call) = self.running.remove(&number) {
            self.figures.took(now.duration_since(call.began));
        }
        if outcome.verdict == Verdict::Pass {
            self.figures.passed += 1;
            return;
        }
        self.figures.failed += 1;
        if self.told.len() < TOLD_MAX {
            let line = outcome.line.unwrap_or_default();
            self.told.push(format!("line {line}: {}", outcome.reason));
        }
    }
}
