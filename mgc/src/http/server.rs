//! Connections: how many, how long, and how they end.

use std::{io, pin::pin, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time,
};

/// Connections that may be open; more of them wait until one is closed.
const CONNECTIONS: usize = 4096;

/// The head of a request must have arrived after this time, and a connection without a request is
/// closed after it. Slow heads must not hold all the places: 4096 in 5 s are many.
const HEAD_MAX: Duration = Duration::from_secs(5);

/// Octets that are read ahead of a connection; a head must fit.
const BUFFER: usize = 64 * 1024;

/// When accepting fails for want of something, such as a file descriptor, this time may bring it.
const BREATH: Duration = Duration::from_millis(100);

/// So long open requests may take when the program ends.
const GRACE: Duration = Duration::from_secs(2);

/// Serves until `stop` is done; then takes no more, and lets what is open come to its end.
pub(crate) async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let (stream, permit) = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &places) => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "no connection accepted");
                    time::sleep(BREATH).await;
                    continue;
                }
            },
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_MAX)
            .max_buf_size(BUFFER)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended");
            }
            drop(permit);
        });
    }
    drop(listener);
    if time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::info!("requests that did not end in time are given up");
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let permit = places.clone().acquire_owned().await;
    let permit = permit.map_err(io::Error::other)?;
    let (stream, _from) = listener.accept().await?;
    // Answers and events are small and should leave at once.
    stream.set_nodelay(true)?;
    Ok((stream, permit))
}
