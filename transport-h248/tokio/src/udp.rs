//! A UDP socket that does not lose a burst.

use std::{io, net::SocketAddr};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;

/// Octets asked of the kernel for each direction. The kernel may give less; 4 MiB hold the
/// requests that 4,096 gateways send at once.
const BUFFER: usize = 4 << 20;

/// Opens a socket at `address`; port 0 means any. It belongs to the tokio runtime of the caller.
pub(crate) fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
    UdpSocket::from_std(socket(address)?.into())
}

/// Opens one that belongs to no runtime yet.
pub(crate) fn socket(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::DGRAM,
        Some(Protocol::UDP),
    )?;
    // A kernel that refuses a size keeps its own, which is good enough to go on with.
    let _ = socket.set_recv_buffer_size(BUFFER);
    let _ = socket.set_send_buffer_size(BUFFER);
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_at_any_port_sends_and_receives_over_both_families() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()
            .unwrap();
        runtime.block_on(async {
            for address in ["127.0.0.1:0", "[::1]:0"] {
                let a = bind(address.parse().unwrap()).unwrap();
                let b = bind(address.parse().unwrap()).unwrap();
                a.send_to(b"hello", b.local_addr().unwrap()).await.unwrap();
                let mut buffer = [0; 16];
                let (length, from) = b.recv_from(&mut buffer).await.unwrap();
                assert_eq!(&buffer[..length], b"hello");
                assert_eq!(from, a.local_addr().unwrap());
            }
        });
    }

    #[test]
    fn a_taken_port_is_an_error() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()
            .unwrap();
        let _guard = runtime.enter();
        let first = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let second = bind(first.local_addr().unwrap());
        assert_eq!(second.unwrap_err().kind(), io::ErrorKind::AddrInUse);
    }
}
