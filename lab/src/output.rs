//! What the commands tell people.

use std::{
    fmt::Arguments,
    io::{self, Write},
    sync::OnceLock,
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// Why something of what stdout was to tell is lost: a full disk, for one.
static LOST: OnceLock<io::Error> = OnceLock::new();

/// Prints a line on stdout. A reader that has gone, such as `head`, is no trouble: the command goes on, and
/// its exit status tells how it ended. What is lost otherwise is told at the end ([`lost`]).
macro_rules! say {
    ($($text:tt)+) => {
        $crate::output::say_line(format_args!($($text)+))
    };
}

/// Prints a line on stderr, as [`line`] does.
macro_rules! complain {
    ($($text:tt)+) => {
        $crate::output::line(std::io::stderr().lock(), format_args!($($text)+))
    };
}

pub(crate) use {complain, say};

/// Writes a line. That it cannot be written is no trouble: the command goes on.
pub(crate) fn line(mut to: impl Write, text: Arguments<'_>) {
    let _reader_has_gone = writeln!(to, "{text}");
}

/// Writes a line on stdout, as `say!` does.
pub(crate) fn say_line(text: Arguments<'_>) {
    if let Err(error) = octets(format!("{text}\n").as_bytes()) {
        let _the_first_is_told = LOST.set(error);
    }
}

/// Why not all was written that was said, if it was not.
pub(crate) fn lost() -> Option<&'static io::Error> {
    LOST.get()
}

/// Whether somebody may read stdout; nobody does where the other end of a pipe or socket is closed.
pub(crate) fn is_read() -> bool {
    const AT_ONCE: Timespec = Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    let stdout = io::stdout();
    let mut ends = [PollFd::new(&stdout, PollFlags::empty())];
    poll(&mut ends, Some(&AT_ONCE)).is_err()
        || !ends[0]
            .revents()
            .intersects(PollFlags::ERR | PollFlags::HUP)
}

/// Writes octets on stdout, as they are. A reader that has gone is no trouble here either; a disk
/// that is full is.
pub(crate) fn octets(octets: &[u8]) -> io::Result<()> {
    unless_gone(std::io::stdout().lock(), octets)
}

fn unless_gone(mut to: impl Write, octets: &[u8]) -> io::Result<()> {
    match to.write_all(octets).and_then(|()| to.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Closed(io::ErrorKind);

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn a_reader_that_has_gone_is_no_trouble() {
        let gone = || Closed(io::ErrorKind::BrokenPipe);
        line(gone(), format_args!("to nobody"));
        assert!(unless_gone(gone(), b"to nobody").is_ok());
        assert!(unless_gone(Closed(io::ErrorKind::StorageFull), b"lost").is_err());
        let mut told = Vec::new();
        line(&mut told, format_args!("leg{}", 1));
        assert_eq!(told, b"leg1\n");
    }
}
