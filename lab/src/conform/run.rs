//! Runs a campaign: hands selected purposes to benches, one for each implementation that is under test
//! at a time, and gathers what they find.

use std::{
    collections::{BTreeMap, VecDeque},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use tokio::sync::{mpsc, watch};

use super::{
    known::Known,
    outcome::{Exchanged, Outcome, Stepped},
    purpose::Purpose,
    report::{self, ReportError},
    verdict::{Status, Verdict},
};

/// What a bench has found of one purpose.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// The verdict.
    pub verdict: Verdict,
    /// Why it was left out after all, where it was.
    pub skipped: Option<String>,
    /// Why, in one sentence.
    pub reason: String,
    /// The line that decided.
    pub line: Option<usize>,
    /// What does not change the verdict.
    pub remarks: Vec<String>,
    /// What is recorded and not judged.
    pub records: Vec<String>,
    /// The steps that were carried out.
    pub steps: Vec<Stepped>,
    /// All messages, in order.
    pub messages: Vec<Exchanged>,
    /// Indices of the messages that decided, where that is known.
    pub pair: Option<(usize, usize)>,
}

/// Plays purposes against one implementation, one after another.
pub trait Bench: Send + 'static {
    /// Plays one; what keeps it from playing is in the verdict.
    fn play(&mut self, purpose: &Purpose) -> impl Future<Output = Played> + Send;
    /// Ends what was started; `at_once` where nobody wants to wait.
    fn end(&mut self, at_once: bool) -> impl Future<Output = ()> + Send;
}

/// What is to be played, and what is known beforehand.
#[derive(Debug)]
pub struct Plan {
    /// The purposes, each with how it ends without being played, where it does.
    pub purposes: Vec<(Purpose, Option<Status>)>,
    /// Those that are known to fail.
    pub known: Known,
    /// `text` or `binary`.
    pub encoding: String,
    /// The folder of the campaign.
    pub folder: PathBuf,
}

/// A purpose that is to be played, by its place in the plan.
type Work = (usize, Purpose);

/// What a bench has played: its place, when it began, how long it took, and what was found.
struct Done {
    at: usize,
    began: SystemTime,
    took: Duration,
    played: Played,
}

/// Plays the plan, and tells each outcome as it comes; once `stop` says so, nothing more is begun, and what
/// is being played is left where it stands.
///
/// # Errors
///
/// A capture cannot be written.
pub async fn run<B: Bench>(
    plan: Plan,
    benches: Vec<B>,
    stop: watch::Receiver<bool>,
    mut tell: impl FnMut(&Outcome, usize),
) -> Result<Vec<Outcome>, ReportError> {
    let work = plan.purposes.iter().enumerate();
    let work = work.filter(|(_, (_, left_out))| left_out.is_none());
    let work: VecDeque<Work> = work
        .map(|(at, (purpose, _))| (at, purpose.clone()))
        .collect();
    let mut left = work.len();
    let work = Arc::new(Mutex::new(work));
    let (done, mut results) = mpsc::channel(1);
    for bench in benches {
        tokio::spawn(serve(bench, Arc::clone(&work), done.clone(), stop.clone()));
    }
    drop(done);
    let mut outcomes = BTreeMap::new();
    while let Some(done) = results.recv().await {
        left -= 1;
        let at = done.at;
        let outcome = judged(&plan, done)?;
        tell(&outcome, left);
        outcomes.insert(at, outcome);
    }
    let gather = |(at, (purpose, left_out)): (usize, (Purpose, Option<Status>))| {
        outcomes.remove(&at).unwrap_or_else(|| {
            let never = || Status::Skipped("the campaign was interrupted before".to_owned());
            Outcome::left_out(purpose, left_out.unwrap_or_else(never))
        })
    };
    Ok(plan.purposes.into_iter().enumerate().map(gather).collect())
}

/// Lets a bench play until there is no more, or until it is to stop.
async fn serve<B: Bench>(
    mut bench: B,
    work: Arc<Mutex<VecDeque<Work>>>,
    done: mpsc::Sender<Done>,
    mut stop: watch::Receiver<bool>,
) {
    let next = |stop: &watch::Receiver<bool>| {
        let mut work = work.lock().unwrap_or_else(PoisonError::into_inner);
        let stopped = *stop.borrow();
        if stopped { None } else { work.pop_front() }
    };
    while let Some((at, purpose)) = next(&stop) {
        let (began, start) = now();
        let played = tokio::select! {
            biased;
            () = stopped(&mut stop) => Played {
                skipped: Some("the campaign was interrupted while this was played".to_owned()),
                ..Played::default()
            },
            played = bench.play(&purpose) => played,
        };
        let took = now().1.duration_since(start);
        let result = Done {
            at,
            began,
            took,
            played,
        };
        if done.send(result).await.is_err() {
            break;
        }
    }
    let at_once = *stop.borrow();
    bench.end(at_once).await;
}

/// Waits until it is said to stop; for ever where nobody can say so any more.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The outcome of a purpose, with its capture written.
fn judged(plan: &Plan, done: Done) -> Result<Outcome, ReportError> {
    let purpose = plan.purposes[done.at].0.clone();
    let Played {
        verdict,
        skipped,
        reason,
        line,
        remarks,
        records,
        steps,
        messages,
        pair,
    } = done.played;
    let reason = skipped.clone().unwrap_or(reason);
    let status = skipped.map_or(Status::Judged(verdict), Status::Skipped);
    let known = plan.known.reason(&purpose, &plan.encoding);
    let mut outcome = Outcome {
        known: known.map(str::to_owned),
        reason,
        step: line.and_then(|line| Some((line, purpose.step(line)?.to_owned()))),
        remarks,
        records,
        steps,
        messages,
        pair,
        began: done.began,
        took: done.took,
        ..Outcome::left_out(purpose, status)
    };
    outcome.capture = report::capture(&plan.folder, &outcome)?;
    Ok(outcome)
}

#[expect(
    clippy::disallowed_methods,
    reason = "reports tell when a test began and how long it took"
)]
fn now() -> (SystemTime, std::time::Instant) {
    (SystemTime::now(), std::time::Instant::now())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::outcome::{
        Counts,
        tests::{exchanged, outcome},
    };

    /// Passes what is even, and fails what is odd.
    struct Odd;

    impl Bench for Odd {
        async fn play(&mut self, purpose: &Purpose) -> Played {
            tokio::task::yield_now().await;
            let number: u32 = purpose.id[purpose.id.len() - 2..].parse().unwrap();
            Played {
                verdict: if number.is_multiple_of(2) {
                    Verdict::Pass
                } else {
                    Verdict::Fail
                },
                line: Some(6),
                messages: vec![exchanged(true, "!/3 <c> T=7{C=${A=$}}")],
                ..Played::default()
            }
        }

        async fn end(&mut self, _at_once: bool) {}
    }

    fn plan(folder: &std::path::Path) -> Plan {
        let purpose = |n: usize| {
            outcome(
                &format!("TP_MG_AD_BV_{n:02}"),
                Status::Judged(Verdict::Pass),
            )
            .purpose
        };
        let left_out = |n: usize| (n == 3).then(|| Status::NotSelected("PIC_MUX is no".to_owned()));
        Plan {
            purposes: (1..=9).map(|n| (purpose(n), left_out(n))).collect(),
            known: Known::default(),
            encoding: "text".to_owned(),
            folder: folder.to_owned(),
        }
    }

    #[tokio::test]
    async fn benches_share_the_work_and_outcomes_stay_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let (_go_on, stop) = watch::channel(false);
        let mut told = Vec::new();
        let benches = vec![Odd, Odd, Odd];
        let tell = |outcome: &Outcome, left| told.push((outcome.purpose.id.clone(), left));
        let outcomes = run(plan(folder.path()), benches, stop, tell).await.unwrap();
        let ids: Vec<&str> = outcomes.iter().map(|one| one.purpose.short()).collect();
        assert_eq!(ids[0], "AD_BV_01");
        assert!(ids.is_sorted() && ids.len() == 9);
        let counts = Counts::of(&outcomes);
        assert_eq!((counts.pass, counts.fail, counts.not_selected), (4, 4, 1));
        let left: Vec<usize> = told.iter().map(|(_, left)| *left).collect();
        assert_eq!(left, [7, 6, 5, 4, 3, 2, 1, 0]);
        let (line, step) = outcomes[0].step.clone().unwrap();
        assert_eq!((line, step.as_str()), (6, "send: Context=$ {Add=$}"));
        assert!(
            folder
                .path()
                .join(outcomes[0].capture.as_ref().unwrap())
                .is_file()
        );
    }

    #[tokio::test]
    async fn once_stopped_nothing_is_begun_and_nothing_is_green() {
        let folder = tempfile::tempdir().unwrap();
        let (_stopped, stop) = watch::channel(true);
        let outcomes = run(plan(folder.path()), vec![Odd], stop, |_, _| {})
            .await
            .unwrap();
        let counts = Counts::of(&outcomes);
        assert_eq!(
            (counts.played(), counts.skipped, counts.exit_code()),
            (0, 8, 2)
        );
    }

    /// Never ends what is odd, and notes whether it had to end at once.
    struct Hangs(Arc<Mutex<Option<bool>>>);

    impl Bench for Hangs {
        async fn play(&mut self, purpose: &Purpose) -> Played {
            if purpose.id.ends_with("02") {
                std::future::pending::<()>().await;
            }
            Played {
                verdict: Verdict::Pass,
                ..Played::default()
            }
        }

        async fn end(&mut self, at_once: bool) {
            *self.0.lock().unwrap() = Some(at_once);
        }
    }

    #[tokio::test]
    async fn what_is_being_played_is_left_when_it_is_to_stop_and_what_was_judged_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (interrupt, stop) = watch::channel(false);
        let ended = Arc::new(Mutex::new(None));
        let benches = vec![Hangs(Arc::clone(&ended))];
        let tell = |_: &Outcome, left| {
            if left == 7 {
                interrupt.send_replace(true);
            }
        };
        let playing = run(plan(folder.path()), benches, stop, tell);
        let outcomes = tokio::time::timeout(Duration::from_secs(20), playing).await;
        let outcomes = outcomes.unwrap().unwrap();
        assert_eq!(*ended.lock().unwrap(), Some(true));
        let counts = Counts::of(&outcomes);
        assert_eq!(
            (counts.pass, counts.skipped, counts.not_selected),
            (1, 7, 1)
        );
        assert!(
            outcomes[1]
                .reason
                .ends_with("interrupted while this was played")
        );
        assert!(outcomes[3].reason.ends_with("interrupted before"));
    }
}
