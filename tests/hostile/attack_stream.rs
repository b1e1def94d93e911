//! Attacks by connections.

use std::{
    io::{self, Write as _},
    net::{SocketAddr, TcpStream},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use crate::{attack::Numbered, carrier::framed};

/// The longest message in a TPKT.
const MESSAGE_MAX: usize = 65_531;

fn connected(to: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(to)?;
    // Who is attacked may let an attacker wait for ever.
    stream.set_write_timeout(Some(Duration::from_millis(100)))?;
    Ok(stream)
}

/// Octets that are no TPKT, by one connection after the other.
pub(crate) fn random_octets(to: SocketAddr, stop: &AtomicBool) -> u64 {
    let mut random = fastrand::Rng::with_seed(2);
    let mut made = 0;
    while !stop.load(Ordering::Relaxed) {
        let octets: Vec<u8> = (0..1_000).map(|_| random.u8(4..)).collect();
        // Whoever is attacked may be quicker to end it.
        let _ = connected(to).and_then(|mut stream| stream.write_all(&octets));
        made += 1;
    }
    made
}

/// Requests as large as a TPKT, by a connection on which no answer is read.
pub(crate) fn largest_frames(to: SocketAddr, stop: &AtomicBool) -> u64 {
    let mut sent = 0;
    while !stop.load(Ordering::Relaxed) {
        let Ok(mut stream) = connected(to) else {
            continue;
        };
        let port = stream.local_addr().unwrap().port();
        let mut message = Numbered::new(&format!("<evil-{port}>"), MESSAGE_MAX);
        let mut whole = true;
        while whole && !stop.load(Ordering::Relaxed) {
            sent += 1;
            let number = u32::try_from(sent).unwrap();
            whole = stream.write_all(&framed(&message.with(number))).is_ok();
        }
    }
    sent
}

/// Connections that begin a message, every second with half of it, and stay open. They come no faster
/// than they are accepted: one that finds no place asks again after a second, and then after two.
pub(crate) fn half_frames(to: SocketAddr, count: usize) -> Vec<TcpStream> {
    let begun = [3, 0, 0xff, 0xff];
    let half = [&begun[..], &[b' '; 30_000]].concat();
    let open = |number: usize| {
        let mut stream = connected(to).unwrap();
        let octets = if number.is_multiple_of(2) {
            &begun
        } else {
            &half[..]
        };
        stream.write_all(octets).unwrap();
        if number.is_multiple_of(200) {
            thread::sleep(Duration::from_millis(100));
        }
        stream
    };
    (0..count).map(open).collect()
}
