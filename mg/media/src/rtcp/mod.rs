//! RTCP as RFC 3550 6 has it: what is written every few seconds, and what is read.

mod bye;
mod parse;
mod receiver_report;
mod sdes;
mod sender_report;

pub(crate) use bye::Bye;
pub(crate) use parse::{Item, parse};
pub(crate) use receiver_report::{ReceiverReport, ReportBlock};
pub(crate) use sdes::{CNAME_MAX, Sdes};
pub(crate) use sender_report::SenderReport;

/// Packet type of a sender report.
const SENDER_REPORT: u8 = 200;
/// Packet type of a receiver report.
const RECEIVER_REPORT: u8 = 201;
/// Packet type of a source description.
const SDES: u8 = 202;
/// Packet type of a goodbye.
const BYE: u8 = 203;

/// Writes packets one after the other into a buffer that holds any compound packet of ours.
#[derive(Debug)]
pub(crate) struct Writer<'a> {
    out: &'a mut [u8],
    length: usize,
}

impl<'a> Writer<'a> {
    /// Starts a compound packet.
    pub(crate) fn new(out: &'a mut [u8]) -> Self {
        Self { out, length: 0 }
    }

    /// Returns how many octets were written.
    pub(crate) fn finish(self) -> usize {
        self.length
    }

    /// Writes the common header of a packet; `words` are the 32-bit words that follow it.
    fn header(&mut self, count: usize, packet_type: u8, words: usize) {
        let [l0, l1] = (words as u16).to_be_bytes();
        self.octets(&[0x80 | count as u8, packet_type, l0, l1]);
    }

    fn word(&mut self, word: u32) {
        self.octets(&word.to_be_bytes());
    }

    fn octets(&mut self, octets: &[u8]) {
        let end = self.length + octets.len();
        self.out[self.length..end].copy_from_slice(octets);
        self.length = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block() -> ReportBlock {
        ReportBlock {
            ssrc: 7,
            fraction_lost: 12,
            lost: 300,
            highest: 0x1_0005,
            jitter: 44,
            last_sender_report: 0xaabb_ccdd,
            delay: 65_536,
        }
    }

    #[test]
    fn a_compound_packet_of_ours_is_read_back_and_fits_its_buffer() {
        let mut buffer = [0; 256];
        let mut writer = Writer::new(&mut buffer);
        let ntp = 0x1122_3344_5566_7788;
        SenderReport {
            ssrc: 9,
            ntp,
            time_stamp: 800,
            packets: 5,
            octets: 800,
            block: Some(block()),
        }
        .write(&mut writer);
        ReceiverReport {
            ssrc: 9,
            block: Some(block()),
        }
        .write(&mut writer);
        let cname = "x".repeat(CNAME_MAX);
        Sdes {
            ssrc: 9,
            cname: &cname,
        }
        .write(&mut writer);
        Bye { ssrc: 9 }.write(&mut writer);
        let length = writer.finish();
        assert_eq!(length % 4, 0);
        let mut items = vec![];
        assert!(parse(&buffer[..length], |item| items.push(item)));
        let about_us = Item::Block {
            ssrc: 7,
            last_sender_report: 0xaabb_ccdd,
            delay: 65_536,
        };
        let report = Item::SenderReport {
            ssrc: 9,
            ntp_middle: 0x3344_5566,
        };
        assert_eq!(items, [report, about_us, about_us, Item::Bye { ssrc: 9 }]);
    }
}
