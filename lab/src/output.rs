//! What the commands tell people.

use std::{fmt::Arguments, io::Write};

/// Prints a line on stdout, as [`line`] does.
macro_rules! say {
    ($($text:tt)+) => {
        $crate::output::line(std::io::stdout().lock(), format_args!($($text)+))
    };
}

/// Prints a line on stderr, as [`line`] does.
macro_rules! complain {
    ($($text:tt)+) => {
        $crate::output::line(std::io::stderr().lock(), format_args!($($text)+))
    };
}

pub(crate) use {complain, say};

/// Writes a line. A reader that has gone, such as `head`, is no trouble: the command goes on, and
/// its exit status tells how it ended.
pub(crate) fn line(mut to: impl Write, text: Arguments<'_>) {
    let _reader_has_gone = writeln!(to, "{text}");
}

/// Writes octets on stdout, as they are. A reader that has gone is no trouble here either.
pub(crate) fn octets(octets: &[u8]) {
    let mut stdout = std::io::stdout().lock();
    let _reader_has_gone = stdout.write_all(octets).and_then(|()| stdout.flush());
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }

    #[test]
    fn a_reader_that_has_gone_is_no_trouble() {
        line(Closed, format_args!("to nobody"));
        let mut told = Vec::new();
        line(&mut told, format_args!("leg{}", 1));
        assert_eq!(told, b"leg1\n");
    }
}
