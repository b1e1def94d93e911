//! Where a message of BER ends that no frame holds.

use super::super::detect::ber_length;

/// How far a message has been walked over.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    at: usize,
    /// Elements that an end of contents will end.
    open: usize,
}

impl Walk {
    /// The length of the message that `octets` begin with, all of which stood there the last time
    /// but for what is added.
    pub(crate) fn end(&mut self, octets: &[u8]) -> Option<usize> {
        loop {
            let rest = octets.get(self.at..)?;
            if self.open > 0 && rest.starts_with(&[0, 0]) {
                self.at += 2;
                self.open -= 1;
            } else {
                let identifier = identifier(rest)?;
                let (header, content) = ber_length(rest.get(identifier..)?)?;
                let whole = (identifier + header).checked_add(content.unwrap_or(0))?;
                rest.get(..whole)?;
                self.at += whole;
                self.open += usize::from(content.is_none());
            }
            if self.open == 0 {
                return Some(self.at);
            }
        }
    }
}

/// The octets of an identifier.
fn identifier(octets: &[u8]) -> Option<usize> {
    if octets.first()? & 0x1f != 0x1f {
        return Some(1);
    }
    let last = octets[1..]
        .iter()
        .take(8)
        .position(|octet| octet & 0x80 == 0)?;
    Some(last + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_ends_however_it_comes() {
        for whole in [
            &[0x30, 3, 1, 2, 3][..],
            &[0x30, 0x81, 3, 1, 2, 3],
            &[
                0x30, 0x80, 0xa1, 0x80, 4, 2, 0, 0, 0, 0, 0xbf, 0x81, 1, 1, 7, 0, 0,
            ],
        ] {
            let more = [whole, &[0x30, 1, 1]].concat();
            for cut in 0..more.len() {
                let mut walk = Walk::default();
                let end = walk.end(&more[..cut]).or_else(|| walk.end(&more));
                assert_eq!(end, Some(whole.len()), "{whole:02x?} cut at {cut}");
            }
        }
    }
}
