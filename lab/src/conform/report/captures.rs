//! A capture for each test, with the test's id in it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};
use transport_h248::{Direction, Trace};
use transport_h248_tokio::{capture::Capture, clock};

use super::ReportError;
use crate::conform::{
    decoded::Decoder,
    outcome::{Campaign, Exchanged, Outcome},
};

/// Where captures are, below the folder of the campaign.
const FOLDER: &str = "captures";

/// Writes the messages of a test, where it had any; says where, below the folder of the campaign.
///
/// # Errors
///
/// The file cannot be written.
pub fn capture(folder: &Path, outcome: &Outcome) -> Result<Option<PathBuf>, ReportError> {
    if outcome.messages.is_empty() {
        return Ok(None);
    }
    let place = Path::new(FOLDER).join(format!("{}.pcapng", outcome.purpose.id));
    let path = folder.join(&place);
    let made = fs::create_dir_all(folder.join(FOLDER));
    made.map_err(|error| ReportError::File(folder.join(FOLDER), error))?;
    let failed = |error| ReportError::Capture(path.clone(), error);
    let mut capture = Capture::create(&path).map_err(failed)?;
    let decoder = Decoder::default();
    let mut steps = outcome
        .steps
        .iter()
        .filter(|step| step.is_told())
        .peekable();
    for (at, exchanged) in outcome.messages.iter().enumerate() {
        let mut comments = Vec::new();
        if at == 0 {
            comments.push(headline(outcome));
        }
        while let Some(step) = steps.next_if(|step| step.messages <= at) {
            comments.push(step.shown());
        }
        if let Err(error) = decoder.message(&exchanged.octets) {
            comments.push(format!("does not decode: {error}"));
        }
        let trace = trace(exchanged);
        let appended = capture.append_noted(&trace, exchanged.local, exchanged.at, comments);
        appended.map_err(failed)?;
    }
    Ok(Some(place))
}

/// The verdict with its reason, and why it is known where it is.
fn headline(outcome: &Outcome) -> String {
    let known = outcome.known.as_ref().filter(|_| outcome.failed_as_known());
    let known = known.map(|known| format!("; known: {known}"));
    let word = outcome.status.word();
    let (id, reason) = (&outcome.purpose.id, &outcome.reason);
    format!("{id}: {word}: {reason}{}", known.unwrap_or_default())
}

fn trace(exchanged: &Exchanged) -> Trace {
    Trace {
        time: clock::now(),
        direction: if exchanged.sent {
            Direction::Out
        } else {
            Direction::In
        },
        route: exchanged.peer.into(),
        octets: exchanged.octets.clone(),
        error: None,
    }
}

/// The SHA-256 of each capture, by the id of its test.
pub(super) fn hashes(
    folder: &Path,
    campaign: &Campaign,
) -> Result<BTreeMap<String, String>, ReportError> {
    let mut hashes = BTreeMap::new();
    for outcome in &campaign.outcomes {
        let Some(place) = &outcome.capture else {
            continue;
        };
        let path = folder.join(place);
        let octets = fs::read(&path).map_err(|error| ReportError::File(path, error))?;
        let hash = Sha256::digest(&octets);
        let digits = hash.iter().map(|octet| format!("{octet:02x}")).collect();
        hashes.insert(outcome.purpose.id.clone(), digits);
    }
    Ok(hashes)
}

#[cfg(test)]
mod tests {
    use pcap_file::pcapng::{Block, PcapNgReader, blocks::enhanced_packet::EnhancedPacketOption};

    use super::*;
    use crate::conform::{
        outcome::{
            Stepped,
            tests::{exchanged, outcome},
        },
        verdict::{Status, Verdict},
    };

    #[test]
    fn a_capture_names_its_test_and_the_step_of_each_message() {
        let folder = tempfile::tempdir().unwrap();
        let mut one = outcome("TP_MG_AD_BV_01", Status::Judged(Verdict::Fail));
        one.reason = "nothing came".to_owned();
        assert_eq!(capture(folder.path(), &one).unwrap(), None);
        one.messages = vec![
            exchanged(true, "!/3 <c> T=7{C=${A=$}}"),
            exchanged(false, "x"),
        ];
        one.steps = vec![Stepped {
            at: std::time::SystemTime::UNIX_EPOCH,
            line: 6,
            state: None,
            text: "send: Context=$ {Add=$}".to_owned(),
            messages: 0,
        }];
        let place = capture(folder.path(), &one).unwrap().unwrap();
        let octets = fs::read(folder.path().join(&place)).unwrap();
        let mut reader = PcapNgReader::new(&octets[..]).unwrap();
        let mut comments = Vec::new();
        while let Some(block) = reader.next_block() {
            let Block::EnhancedPacket(packet) = block.unwrap() else {
                continue;
            };
            for option in packet.options {
                if let EnhancedPacketOption::Comment(text) = option {
                    comments.push(text.into_owned());
                }
            }
        }
        assert_eq!(comments.len(), 3, "{comments:?}");
        assert_eq!(comments[0], "TP_MG_AD_BV_01: fail: nothing came");
        assert_eq!(comments[1], "6  send: Context=$ {Add=$}");
        assert!(comments[2].starts_with("does not decode: "));
        one.known = Some("not built".to_owned());
        let told = "TP_MG_AD_BV_01: fail: nothing came; known: not built";
        assert_eq!(headline(&one), told);
    }
}
