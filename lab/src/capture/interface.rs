//! Live capture: what passes an interface, through the kernel's packet socket, as a pcap stream.

use std::{
    io::{self, IoSliceMut, Read},
    os::fd::{AsRawFd as _, OwnedFd},
    time::{Duration, Instant, SystemTime},
};

use nix::{
    errno::Errno,
    ifaddrs::getifaddrs,
    sys::{
        socket::{
            AddressFamily, ControlMessageOwned, LinkAddr, MsgFlags, SockFlag, SockProtocol,
            SockType, bind, recvmsg, setsockopt, socket, sockopt,
        },
        time::{TimeSpec, TimeVal},
    },
};

/// Octets of the longest packet; what hardware joins is not longer.
const LONGEST: usize = 256 << 10;
/// How long nothing may come before it is looked whether the time is over.
const LOOK_AGAIN: i64 = 200_000;

// Kinds of hardware (`linux/if_arp.h`), of packets (`linux/if_packet.h`), and of links in pcap.
const HARDWARE_ETHERNET: u16 = 1;
const HARDWARE_LOOPBACK: u16 = 772;
const OUTGOING: u8 = 4;
const LINK_ETHERNET: u32 = 1;
const LINK_RAW: u32 = 101;

/// An interface that is listened to.
pub(super) struct Interface {
    socket: OwnedFd,
    loopback: bool,
    until: Option<Instant>,
    packet: Vec<u8>,
    control: Vec<u8>,
    /// What is to be read next, and how much of it has been.
    ready: Vec<u8>,
    given: usize,
}

impl Interface {
    /// Listens to an interface, for a time or for ever.
    #[expect(
        clippy::disallowed_methods,
        reason = "it is a shell, which reads the clock"
    )]
    pub(super) fn open(name: &str, time: Option<Duration>) -> io::Result<Self> {
        let address = address(name)?;
        let socket = socket(
            AddressFamily::Packet,
            SockType::Raw,
            SockFlag::SOCK_CLOEXEC,
            SockProtocol::EthAll,
        )?;
        bind(socket.as_raw_fd(), &address)?;
        setsockopt(&socket, sockopt::ReceiveTimestampns, &true)?;
        setsockopt(
            &socket,
            sockopt::ReceiveTimeout,
            &TimeVal::new(0, LOOK_AGAIN),
        )?;
        let link = match address.hatype() {
            HARDWARE_ETHERNET | HARDWARE_LOOPBACK => LINK_ETHERNET,
            _ => LINK_RAW,
        };
        Ok(Self {
            socket,
            loopback: address.hatype() == HARDWARE_LOOPBACK,
            until: time.and_then(|time| Instant::now().checked_add(time)),
            packet: vec![0; LONGEST],
            control: nix::cmsg_space!(TimeSpec),
            ready: header(link),
            given: 0,
        })
    }

    /// Waits for a packet; nothing where the time is over.
    #[expect(
        clippy::disallowed_methods,
        reason = "it is a shell, which reads the clock"
    )]
    fn wait(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        while self.until.is_none_or(|until| Instant::now() < until) {
            let mut room = [IoSliceMut::new(&mut self.packet)];
            let control = Some(&mut self.control[..]);
            let flags = MsgFlags::MSG_TRUNC;
            let received = recvmsg::<LinkAddr>(self.socket.as_raw_fd(), &mut room, control, flags);
            let received = match received {
                Ok(received) => received,
                Err(Errno::EAGAIN | Errno::EINTR) => continue,
                Err(error) => return Err(error.into()),
            };
            // What goes out at the loopback interface comes in there as well.
            let kind = received.address.map(|address| address.pkttype());
            if self.loopback && kind == Some(OUTGOING) {
                continue;
            }
            let stamp = received.cmsgs()?.find_map(|message| {
                if let ControlMessageOwned::ScmTimestampns(time) = message {
                    Some(Duration::from(time))
                } else {
                    None
                }
            });
            let now = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
            let since = stamp.unwrap_or_else(|| now().unwrap_or_default());
            let length = received.bytes;
            self.ready = record(since, length, &self.packet[..length.min(LONGEST)]);
            return Ok(());
        }
        Ok(())
    }
}

impl Read for Interface {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() {
            self.wait()?;
        }
        let rest = &self.ready[self.given..];
        let length = rest.len().min(into.len());
        into[..length].copy_from_slice(&rest[..length]);
        self.given += length;
        Ok(length)
    }
}

fn address(name: &str) -> io::Result<LinkAddr> {
    let mut all = getifaddrs()?.filter(|found| found.interface_name == name);
    let found = all.find_map(|found| found.address?.as_link_addr().copied());
    found.ok_or_else(|| {
        let told = format!("there is no interface {name}");
        io::Error::new(io::ErrorKind::NotFound, told)
    })
}

/// The header of a pcap file in nanoseconds.
fn header(link: u32) -> Vec<u8> {
    let mut header = vec![0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 4];
    header.extend_from_slice(&[0; 8]);
    header.extend_from_slice(&(LONGEST as u32).to_be_bytes());
    header.extend_from_slice(&link.to_be_bytes());
    header
}

fn record(since: Duration, length: usize, packet: &[u8]) -> Vec<u8> {
    let seconds = u32::try_from(since.as_secs()).unwrap_or(u32::MAX);
    let lengths = [packet.len(), length].map(|length| u32::try_from(length).unwrap_or(u32::MAX));
    let fields = [seconds, since.subsec_nanos(), lengths[0], lengths[1]];
    let mut record = fields.map(u32::to_be_bytes).concat();
    record.extend_from_slice(packet);
    record
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::capture::{CaptureFile, Transport};

    #[test]
    fn what_passes_the_loopback_interface_is_read_once() {
        let time = Some(Duration::from_millis(1_500));
        let mut capture = match CaptureFile::of_interface("lo", time) {
            Ok(capture) => capture,
            Err(error) => {
                println!("skipped: {error} (root may)");
                return;
            }
        };
        let sender = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::DGRAM, None);
        let sender = sender.unwrap();
        let bound = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::DGRAM, None);
        let bound = bound.unwrap();
        let any: std::net::SocketAddr = "127.0.0.1:0".parse().unwrap();
        bound.bind(&any.into()).unwrap();
        let to = bound.local_addr().unwrap();
        let sending = thread::Builder::new().spawn(move || {
            sender.send_to(b"!/1 interface PN=4711{}", &to).unwrap();
        });
        sending.unwrap().join().unwrap();
        let messages = capture.read_on().unwrap();
        let of_ours = |message: &&crate::capture::Captured<'_>| {
            *message.octets == *b"!/1 interface PN=4711{}"
        };
        let ours: Vec<_> = messages.iter().filter(of_ours).collect();
        assert_eq!(ours.len(), 1);
        assert_eq!(ours[0].transport, Transport::Udp);
        assert!(ours[0].time > SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    }

    #[test]
    fn an_interface_that_is_not_there_is_named() {
        let error = CaptureFile::of_interface("no-such", None).err().unwrap();
        assert!(error.to_string().contains("no-such"));
    }
}
