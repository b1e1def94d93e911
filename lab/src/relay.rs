//! A path between a controller and its gateway that can be cut, and that can lose datagrams.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
};

use tokio::{net::UdpSocket, task::JoinHandle};

/// The largest datagram.
const DATAGRAM_MAX: usize = 65_535;

/// Carries the datagrams of one gateway to a controller and back.
#[derive(Debug)]
pub struct Relay {
    /// Where the gateway finds the controller.
    pub place: SocketAddr,
    weather: Arc<Weather>,
    task: JoinHandle<()>,
}

/// What happens to datagrams.
#[derive(Debug, Default)]
struct Weather {
    cut: AtomicBool,
    loss_percent: AtomicU8,
}

impl Weather {
    fn loses(&self) -> bool {
        let loss = self.loss_percent.load(Ordering::Relaxed);
        self.cut.load(Ordering::Relaxed) || fastrand::u8(..100) < loss
    }
}

impl Relay {
    /// A path to the controller at `mgc`. Nothing is lost until that is asked for.
    pub async fn start(mgc: SocketAddr) -> io::Result<Self> {
        let front = UdpSocket::bind("127.0.0.1:0").await?;
        let back = UdpSocket::bind("127.0.0.1:0").await?;
        back.connect(mgc).await?;
        let place = front.local_addr()?;
        let weather = Arc::new(Weather::default());
        let carried = carry(front, back, Arc::clone(&weather));
        Ok(Self {
            place,
            weather,
            task: tokio::spawn(carried),
        })
    }

    /// Cuts the path, or mends it.
    pub fn cut(&self, cut: bool) {
        self.weather.cut.store(cut, Ordering::Relaxed);
    }

    /// Loses so many of a hundred datagrams, either way.
    pub fn lose(&self, percent: u8) {
        self.weather.loss_percent.store(percent, Ordering::Relaxed);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(front: UdpSocket, back: UdpSocket, weather: Arc<Weather>) {
    let mut gateway = None;
    let mut there = vec![0; DATAGRAM_MAX];
    let mut here = vec![0; DATAGRAM_MAX];
    loop {
        // Errors tell of datagrams that a controller which is down could not take, and no more.
        tokio::select! {
            received = front.recv_from(&mut there) => {
                let Ok((length, from)) = received else { continue };
                gateway = Some(from);
                if !weather.loses() {
                    let _ = back.send(&there[..length]).await;
                }
            }
            received = back.recv(&mut here) => {
                let Ok(length) = received else { continue };
                if let Some(gateway) = gateway.filter(|_| !weather.loses()) {
                    let _ = front.send_to(&here[..length], gateway).await;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    /// What comes within a moment.
    async fn heard(socket: &UdpSocket) -> Option<(Vec<u8>, SocketAddr)> {
        let mut octets = vec![0; 100];
        let wait = Duration::from_millis(200);
        let (length, from) = timeout(wait, socket.recv_from(&mut octets))
            .await
            .ok()?
            .ok()?;
        octets.truncate(length);
        Some((octets, from))
    }

    #[tokio::test]
    async fn a_controller_that_was_down_is_heard_when_it_is_back() {
        let mgc = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let place = mgc.local_addr().unwrap();
        let mg = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let relay = Relay::start(place).await.unwrap();
        mg.send_to(b"there", relay.place).await.unwrap();
        let (_, from) = heard(&mgc).await.unwrap();
        drop(mgc);
        mg.send_to(b"to nobody", relay.place).await.unwrap();
        assert_eq!(heard(&mg).await, None);
        let mgc = UdpSocket::bind(place).await.unwrap();
        mgc.send_to(b"back", from).await.unwrap();
        assert_eq!(heard(&mg).await.unwrap().0, b"back");
    }

    #[tokio::test]
    async fn datagrams_go_both_ways_until_the_path_is_cut() {
        let mgc = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let mg = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let relay = Relay::start(mgc.local_addr().unwrap()).await.unwrap();
        mg.send_to(b"there", relay.place).await.unwrap();
        let (octets, from) = heard(&mgc).await.unwrap();
        assert_eq!(octets, b"there");
        mgc.send_to(b"back", from).await.unwrap();
        assert_eq!(heard(&mg).await.unwrap(), (b"back".to_vec(), relay.place));
        relay.cut(true);
        mg.send_to(b"lost", relay.place).await.unwrap();
        assert_eq!(heard(&mgc).await, None);
        relay.cut(false);
        mg.send_to(b"again", relay.place).await.unwrap();
        assert_eq!(heard(&mgc).await.unwrap().0, b"again");
        relay.lose(100);
        mgc.send_to(b"lost", from).await.unwrap();
        assert_eq!(heard(&mg).await, None);
    }
}
