//! The folder of a campaign: what it holds, and who writes each file.

mod captures;
mod chart;
mod junit;
mod lines;
mod page;
mod pctr;
mod times;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use transport_h248_tokio::capture::CaptureError;

use super::{outcome::Campaign, pics::Pics, pixit::Pixit};

/// Why a folder cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A file cannot be written.
    #[error("{}: {}", .0.display(), .1)]
    File(PathBuf, io::Error),
    /// A capture cannot be written.
    #[error("{}: {}", .0.display(), .1)]
    Capture(PathBuf, CaptureError),
    /// The JUnit file cannot be made.
    #[error("junit.xml: {0}")]
    Junit(#[from] quick_junit::SerializeError),
    /// A line of results cannot be made.
    #[error("results.jsonl: {0}")]
    Lines(#[from] serde_json::Error),
}

/// Writes everything but the captures, which were written while the campaign ran.
///
/// # Errors
///
/// A file cannot be written.
pub fn write(
    folder: &Path,
    campaign: &Campaign,
    pics: &Pics,
    pixit: &Pixit,
) -> Result<(), ReportError> {
    let hashes = captures::hashes(folder, campaign)?;
    let files = [
        ("pics.toml", pics.text.clone()),
        ("pixit.toml", pixit.text.clone()),
        ("junit.xml", junit::document(campaign)?),
        ("results.jsonl", lines::document(campaign)?),
        ("report.html", page::document(campaign)),
        ("pctr.html", pctr::document(campaign, pics, pixit, &hashes)),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        let written = fs::write(&path, text);
        written.map_err(|error| ReportError::File(path, error))?;
    }
    Ok(())
}

pub use captures::capture;

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use transport_h248::Carrier;

    use super::*;
    use crate::conform::{
        outcome::{
            Outcome,
            tests::{exchanged, outcome},
        },
        purpose::Role,
        select::Choice,
        verdict::{Status, Verdict},
    };

    /// A campaign with one of everything.
    pub(super) fn campaign() -> Campaign {
        let judged = |id: &str, verdict| outcome(id, Status::Judged(verdict));
        let fail = Outcome {
            reason: "expected <a> & found <b>".to_owned(),
            step: Some((6, "send: Context=$ {Add=$}".to_owned())),
            remarks: vec!["slow".to_owned()],
            messages: vec![
                exchanged(true, "!/3 <c> T=7{C=-{AV=ROOT{AT{}}}}"),
                exchanged(false, "!/3 <g> P=7{C=-{AV=ROOT}}"),
            ],
            capture: Some("captures/TP_MG_AD_BV_02.pcapng".into()),
            ..judged("TP_MG_AD_BV_02", Verdict::Fail)
        };
        let known = Outcome {
            known: Some("the <reason>".to_owned()),
            ..judged("TP_MG_AD_BV_03", Verdict::Fail)
        };
        let not_selected = Status::NotSelected("PIC_MUX is no".to_owned());
        let outcomes = vec![
            judged("TP_MG_AD_BV_01", Verdict::Pass),
            fail,
            known,
            judged("TP_MG_AD_BV_04", Verdict::Inconc),
            outcome("TP_MG_AD_BV_05", not_selected),
            judged("TP_MG_AD_BV_06", Verdict::Error),
            outcome("TP_MG_AD_BV_07", Status::Skipped("slow".to_owned())),
            judged("TP_MG_MO_BV_01", Verdict::Pass),
        ];
        Campaign {
            role: Role::Mg,
            carrier: Carrier::Udp,
            encoding: "text".to_owned(),
            target: "127.0.0.1:2946".to_owned(),
            choice: Choice {
                only: vec!["AD".to_owned(), "MO_BV_01".to_owned()],
                skip: vec!["slow".to_owned()],
            },
            catalogue: 489,
            seed: 7,
            began: SystemTime::UNIX_EPOCH,
            took: Duration::from_secs(61),
            outcomes,
            review: vec!["PIC_DMLONG is yes, yet PIC_DM is no".to_owned()],
            interrupted: None,
        }
    }

    #[test]
    fn the_folder_has_every_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut campaign = campaign();
        for outcome in &mut campaign.outcomes {
            outcome.capture = capture(folder.path(), outcome).unwrap();
        }
        let source = crate::conform::catalogue::Source::Own;
        let pics = Pics::read(None, Role::Mg, &source).unwrap();
        let pixit = Pixit::read(None, Role::Mg, &source).unwrap();
        write(folder.path(), &campaign, &pics, &pixit).unwrap();
        let mut names: Vec<String> = fs::read_dir(folder.path())
            .unwrap()
            .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        let expected = [
            "captures",
            "junit.xml",
            "pctr.html",
            "pics.toml",
            "pixit.toml",
            "report.html",
            "results.jsonl",
        ];
        assert_eq!(names, expected);
        assert!(
            folder
                .path()
                .join("captures/TP_MG_AD_BV_02.pcapng")
                .is_file()
        );
    }
}
