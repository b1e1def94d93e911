//! The latency of those who behave, measured by all of them at once.

use std::{
    thread,
    time::{Duration, Instant},
};

use lab::api::Api;
use tokio::runtime::Runtime;

use crate::peer::Peer;

/// The pause between two requests of the application.
const PACE: Duration = Duration::from_millis(4);

/// An offer of a phone that never speaks.
const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
    m=audio 40000 RTP/AVP 0\r\n";

/// Those who behave: an application with a Call, and gateways that measure.
pub(crate) struct Victims {
    api: Api,
    runtime: Runtime,
    call: String,
    pub(crate) peers: Vec<Peer>,
}

/// How long answers took, by who asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Latencies(pub(crate) Vec<(String, Vec<Duration>)>);

impl Victims {
    /// An application whose Call is at the gateway that is registered so far.
    pub(crate) fn new(http: &str) -> Self {
        let (api, runtime) = (Api::new(http).unwrap(), Runtime::new().unwrap());
        let call = runtime.block_on(async {
            let call = api.create_call().await.unwrap().id;
            api.add_leg(&call, None, OFFER).await.unwrap();
            call
        });
        Self {
            api,
            runtime,
            call,
            peers: Vec::new(),
        }
    }

    /// What the controller has counted under that name.
    pub(crate) fn counter(&self, name: &str) -> u64 {
        let counters = self.runtime.block_on(self.api.counters()).unwrap();
        let found = counters.link.get(name).or(counters.sockets.get(name));
        *found.unwrap_or_else(|| panic!("no counter {name}"))
    }

    /// Measures for so long.
    pub(crate) fn measure(&mut self, time: Duration) -> Latencies {
        let until = Instant::now() + time;
        let Self {
            api,
            runtime,
            call,
            peers,
        } = self;
        thread::scope(|scope| {
            let measuring: Vec<_> = peers
                .iter_mut()
                .map(|peer| (peer.name(), scope.spawn(move || peer.measure(until))))
                .collect();
            let legs = runtime.block_on(legs(api, call, until));
            let peers = measuring.into_iter();
            let peers = peers.map(|(name, thread)| (name, thread.join().unwrap()));
            Latencies(peers.chain([("leg".to_owned(), legs)]).collect())
        })
    }
}

/// Lets a Leg join and leave again and again: each time is that of both, at the Call's gateway.
async fn legs(api: &Api, call: &str, until: Instant) -> Vec<Duration> {
    let mut taken = Vec::new();
    while Instant::now() < until {
        let start = Instant::now();
        let leg = api.add_leg(call, None, OFFER).await.unwrap();
        api.delete_leg(call, &leg.id).await.unwrap();
        taken.push(start.elapsed());
        tokio::time::sleep(PACE).await;
    }
    taken
}

/// The value below which that part of them lies.
pub(crate) fn quantile(values: &[Duration], part: f64) -> Duration {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    // Counts are far below 2^52.
    let at = (sorted.len() as f64 * part) as usize;
    sorted[at.min(sorted.len() - 1)]
}

/// The median of the rounds' medians, so that one round on a busy machine does not decide.
pub(crate) fn median_of_rounds(rounds: &[Latencies], who: usize) -> Duration {
    let medians: Vec<_> = rounds
        .iter()
        .map(|round| quantile(&round.0[who].1, 0.5))
        .collect();
    quantile(&medians, 0.5)
}

/// All values of all rounds.
pub(crate) fn pooled(rounds: &[Latencies], who: usize) -> Vec<Duration> {
    let each = rounds.iter().flat_map(|round| &round.0[who].1);
    each.copied().collect()
}
