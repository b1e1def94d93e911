//! What is sent over a connection: messages in frames, kept back, octet by octet, or bare octets.

use std::io;

use bytes::{Bytes, BytesMut};
use tokio::{io::AsyncWriteExt as _, net::tcp::OwnedWriteHalf};
use tokio_util::codec::Encoder as _;
use transport_h248_tokio::tpkt::Tpkt;

use crate::scenario::How;

/// What is kept back at most.
const KEPT_MAX: usize = 1 << 20;

/// The sending half of a connection.
#[derive(Debug)]
pub(super) struct Outlet {
    pub(super) number: u64,
    stream: OwnedWriteHalf,
}

impl Outlet {
    pub(super) fn new(number: u64, stream: OwnedWriteHalf) -> Self {
        Self { number, stream }
    }

    pub(super) async fn write(&mut self, octets: &[u8], how: How) -> io::Result<()> {
        if how != How::Slowly {
            return self.stream.write_all(octets).await;
        }
        for octet in octets {
            self.stream.write_all(&[*octet]).await?;
            self.stream.flush().await?;
            // Each goes in a segment of its own.
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        Ok(())
    }

    pub(super) async fn close(mut self) {
        let _it_may_be_gone = self.stream.shutdown().await;
    }
}

/// What waits for a connection, or to go in one piece.
#[derive(Debug, Default)]
pub(super) struct Kept(BytesMut);

impl Kept {
    /// The octets of a message as they go, in a frame where it has one.
    pub(super) fn framed(octets: &[u8], how: How) -> io::Result<Bytes> {
        if how == How::Bare {
            return Ok(Bytes::copy_from_slice(octets));
        }
        let mut framed = BytesMut::new();
        Tpkt.encode(Bytes::copy_from_slice(octets), &mut framed)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.to_string()))?;
        Ok(framed.freeze())
    }

    pub(super) fn push(&mut self, octets: &[u8]) -> io::Result<()> {
        if self.0.len() + octets.len() > KEPT_MAX {
            let told = format!("more than {KEPT_MAX} octets wait for a connection");
            return Err(io::Error::new(io::ErrorKind::OutOfMemory, told));
        }
        self.0.extend_from_slice(octets);
        Ok(())
    }

    pub(super) fn take(&mut self) -> Bytes {
        self.0.split().freeze()
    }
}
