//! What is learnt of before it is written down: nothing.

use std::{net::SocketAddr, sync::mpsc as threads, time::Duration};

use mgc_core::{
    Config,
    northbound::{CallView, NewCall, OperationId},
};
use tokio::{task::JoinHandle, time::timeout};
use transport_h248_tokio::network::Listen;

use super::*;
use crate::{
    control::Control,
    journal::{Next, Reader},
    store::Store,
};

const A_WHILE: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_secs(10);

/// A disk that tells of each batch and writes it once it may.
#[derive(Debug)]
struct Slow {
    begun: mpsc::UnboundedSender<usize>,
    go: threads::Receiver<()>,
}

impl Store for Slow {
    fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let told = self.begun.send(batch.events.len());
        told.map_err(|_gone| StoreError::Gone)?;
        self.go.recv().map_err(|_gone| StoreError::Gone)
    }

    fn name(&self) -> &'static str {
        "slow"
    }
}

struct Stage {
    control: Control,
    events: Reader,
    /// How many events each batch has that is begun.
    begun: mpsc::UnboundedReceiver<usize>,
    go: threads::Sender<()>,
    running: JoinHandle<Result<(), Failure>>,
}

fn stage() -> Stage {
    let place: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let network = Network::open(&[Listen {
        carrier: None,
        socket: place,
    }]);
    let anchor = clock::anchor();
    let mut config = Config::new(crate::mid(place));
    config.durable = true;
    let trace = Ring::new(0, config.transport.limits.decode, Default::default());
    let mgc = Mgc::new(config, 1, anchor, anchor.instant);
    let (begun_to, begun) = mpsc::unbounded_channel();
    let (go, go_from) = threads::channel();
    let writer = Writer::new(Some(Box::new(Slow {
        begun: begun_to,
        go: go_from,
    })));
    let journal = Journal::new(16, "e".to_owned(), "then".into());
    let events = journal.reader(None);
    let shell = Shell::new(
        mgc,
        anchor,
        network.unwrap(),
        (Sinks::default(), trace),
        (journal, writer.unwrap()),
        Meter::new(),
    );
    let (control, orders) = Control::new();
    Stage {
        control,
        events,
        begun,
        go,
        running: tokio::spawn(shell.run(orders)),
    }
}

impl Stage {
    fn create(&self) -> JoinHandle<OperationId> {
        let control = self.control.clone();
        tokio::spawn(async move {
            let new = Request::CreateCall(NewCall::default());
            control.request(new).await.unwrap().unwrap().operation
        })
    }

    fn calls(&self) -> JoinHandle<Vec<CallView>> {
        let control = self.control.clone();
        tokio::spawn(async move { control.ask(Order::Calls).await.unwrap() })
    }

    async fn begun(&mut self) -> usize {
        let begun = timeout(LONG, self.begun.recv()).await;
        begun.unwrap().unwrap()
    }
}

#[tokio::test]
async fn nothing_is_answered_told_or_read_before_it_is_written_down() {
    let mut stage = stage();
    let mut answer = stage.create();
    let many = stage.begun().await;
    let mut calls = stage.calls();
    assert!(timeout(A_WHILE, &mut answer).await.is_err());
    assert!(timeout(A_WHILE, &mut calls).await.is_err());
    assert_eq!(stage.events.read(16), Next::Nothing);
    stage.go.send(()).unwrap();
    timeout(LONG, answer).await.unwrap().unwrap();
    assert_eq!(timeout(LONG, calls).await.unwrap().unwrap().len(), 1);
    let Next::Entries(entries) = stage.events.read(16) else {
        panic!("the events are there before the answer");
    };
    assert_eq!(entries.len(), many);
}

#[tokio::test]
async fn what_comes_in_while_a_batch_is_written_makes_up_the_next_one() {
    let mut stage = stage();
    let first = stage.create();
    let many = stage.begun().await;
    let others: Vec<_> = (0..5).map(|_| stage.create()).collect();
    tokio::time::sleep(A_WHILE).await;
    stage.go.send(()).unwrap();
    timeout(LONG, first).await.unwrap().unwrap();
    assert_eq!(stage.begun().await, 5 * many);
    stage.go.send(()).unwrap();
    for other in others {
        timeout(LONG, other).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn what_is_under_way_is_written_and_answered_when_the_program_stops() {
    let mut stage = stage();
    let first = stage.create();
    stage.begun().await;
    let second = stage.create();
    tokio::time::sleep(A_WHILE).await;
    stage.go.send(()).unwrap();
    stage.go.send(()).unwrap();
    let Stage {
        control, running, ..
    } = stage;
    drop(control);
    timeout(LONG, running).await.unwrap().unwrap().unwrap();
    assert!(first.await.is_ok() && second.await.is_ok());
}

#[tokio::test]
async fn a_disk_that_fails_ends_the_program_and_leaves_the_request_unanswered() {
    let mut stage = stage();
    let answer = stage.create();
    stage.begun().await;
    let Stage { go, running, .. } = stage;
    drop(go);
    let failure = timeout(LONG, running).await.unwrap().unwrap();
    assert_eq!(
        failure.unwrap_err().to_string(),
        StoreError::Gone.to_string()
    );
    assert!(answer.await.is_err(), "it was answered though it is lost");
}
