//! A UDP socket that does not lose a burst.

use std::{io, net::SocketAddr};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;

/// Octets asked of the kernel for each direction. The kernel may give less; 4 MiB hold the
/// requests that 4,096 gateways send at once.
const BUFFER: usize = 4 << 20;

/// Opens a socket at `address`; port 0 means any. It belongs to the tokio runtime of the caller.
pub fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
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
    UdpSocket::from_std(socket.into())
}
