//! The operator at the terminal, who does by hand what no hook does.

use std::{
    collections::BTreeMap,
    io::{BufRead, Write},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Mutex, mpsc},
    time,
};

use super::command::refused;
use crate::scenario::{HookCall, HookOutcome};

/// The longest answer that is read.
const ANSWER_MAX: u64 = 1_000;
/// Answers that nobody has asked for and that wait.
const ANSWERS_MAX: usize = 16;
/// Whoever leaves so many questions without an answer has gone.
const SILENT_MAX: u32 = 2;

/// Somebody who is asked, one question at a time, whoever asks.
#[derive(Clone, Debug)]
pub struct Operator {
    answers: Arc<Mutex<mpsc::Receiver<String>>>,
    wanted: Arc<BTreeMap<String, String>>,
    limit: Duration,
    /// Questions without an answer, one after another.
    silent: Arc<AtomicU32>,
}

impl Operator {
    /// Reads answers from there; `wanted` says what each prompt and trigger is, and an answer may take `limit`.
    ///
    /// A thread waits for the next line as long as the program runs: a terminal cannot be asked to stop.
    pub fn new(
        answers: impl BufRead + Send + 'static,
        wanted: BTreeMap<String, String>,
        limit: Duration,
    ) -> Self {
        let (sender, receiver) = mpsc::channel(ANSWERS_MAX);
        #[expect(
            clippy::disallowed_methods,
            reason = "a terminal is read by a thread, since nothing else can stop waiting for it"
        )]
        std::thread::spawn(move || read(answers, &sender));
        Self {
            answers: Arc::new(Mutex::new(receiver)),
            wanted: Arc::new(wanted),
            limit,
            silent: Arc::default(),
        }
    }

    /// So long an answer may take.
    pub const fn limit(&self) -> Duration {
        self.limit
    }

    /// Whether this is something that a person can do.
    pub(super) fn does(&self, call: &HookCall) -> bool {
        ["PROMPT_", "TRIG_"]
            .iter()
            .any(|kind| call.name.starts_with(kind))
    }

    /// Asks for it on stderr, and waits for the answer.
    pub(super) async fn ask(&self, call: &HookCall, variables: &[(String, String)]) -> HookOutcome {
        let mut answers = self.answers.lock().await;
        if self.silent.load(Ordering::Relaxed) >= SILENT_MAX {
            let told = "the operator has not answered twice, and is not asked any more";
            return refused(told.to_owned());
        }
        // What was typed before the question is no answer to it.
        while answers.try_recv().is_ok() {}
        let question = self.question(call, variables);
        let _a_terminal_that_is_gone_answers_nothing = writeln!(std::io::stderr(), "{question}");
        let answer = time::timeout(self.limit, answers.recv()).await;
        match &answer {
            Err(_) => self.silent.fetch_add(1, Ordering::Relaxed),
            Ok(_) => self.silent.swap(0, Ordering::Relaxed),
        };
        match answer {
            Err(_) => refused(format!(
                "the operator did not answer within {:?}",
                self.limit
            )),
            Ok(None) => refused("the operator's terminal is closed".to_owned()),
            Ok(Some(answer)) if answer.trim().is_empty() => HookOutcome {
                status: Some(0),
                ..HookOutcome::default()
            },
            Ok(Some(answer)) => HookOutcome {
                status: Some(1),
                told: not_done(answer.trim()),
                ..HookOutcome::default()
            },
        }
    }

    fn question(&self, call: &HookCall, variables: &[(String, String)]) -> String {
        let said = |name: &str| {
            let mut all = variables.iter().rev();
            let found = all.find(|(own, value)| own == name && !value.is_empty());
            found.map(|(_, value)| value.as_str())
        };
        let name = &call.name;
        let wanted = self.wanted.get(name).map_or(name.as_str(), String::as_str);
        let purpose = said("H248_PURPOSE").unwrap_or("the campaign");
        let words = [std::slice::from_ref(name), &call.words[..]]
            .concat()
            .join(" ");
        let mut lines = vec![format!("\n>>> {purpose}: {words}")];
        lines.push(format!("    to be done by hand: {wanted}"));
        let config = said("H248_CONFIG").map(|config| format!("    configured with: {config}"));
        lines.extend(config);
        if name == "PROMPT_COLD" {
            let tester = said("H248_TESTER").map(|tester| format!("    the tool is at: {tester}"));
            lines.extend(tester);
        }
        lines.push(format!(
            "    Enter when it is done; s and why where it is not possible ({:?})",
            self.limit
        ));
        lines.join("\n")
    }
}

/// Why it was not done, in the operator's words where there are any.
fn not_done(answer: &str) -> String {
    let why = answer.strip_prefix(['s', 'S']).map(str::trim);
    match why {
        Some("") => "the operator says that it is not possible".to_owned(),
        Some(why) => format!("the operator says that it is not possible: {why}"),
        None => format!("the operator answered {answer:?}; expected Enter or s"),
    }
}

fn read(mut answers: impl BufRead, sender: &mpsc::Sender<String>) {
    loop {
        let mut octets = Vec::new();
        let mut bounded = std::io::Read::take(&mut answers, ANSWER_MAX);
        match bounded.read_until(b'\n', &mut octets) {
            Ok(1..) => {}
            Ok(0) | Err(_) => return,
        }
        let line = String::from_utf8_lossy(&octets).into_owned();
        // An answer that nobody takes is no answer.
        if let Err(mpsc::error::TrySendError::Closed(_)) = sender.try_send(line) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read};

    use super::*;

    fn call(name: &str) -> HookCall {
        HookCall {
            id: 1,
            name: name.to_owned(),
            words: vec!["line/1".to_owned()],
            within: None,
            config: Vec::new(),
        }
    }

    /// Answers a while after the question, as people do.
    struct Slow(std::vec::IntoIter<&'static str>);

    impl Read for Slow {
        #[expect(clippy::disallowed_methods, reason = "people take their time")]
        fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
            std::thread::sleep(Duration::from_millis(150));
            let line = self.0.next().unwrap_or_default();
            to[..line.len()].copy_from_slice(line.as_bytes());
            Ok(line.len())
        }
    }

    fn operator(answers: Vec<&'static str>, limit: u64) -> Operator {
        let answers = BufReader::new(Slow(answers.into_iter()));
        Operator::new(answers, BTreeMap::new(), Duration::from_millis(limit))
    }

    #[tokio::test]
    async fn enter_is_done_and_all_else_says_why_not() {
        let operator = operator(vec!["\n", "s no such line\n", "what?\n"], 5_000);
        let fail = call("PROMPT_FAIL");
        assert_eq!(operator.ask(&fail, &[]).await.status, Some(0));
        let refused = operator.ask(&fail, &[]).await;
        assert_eq!(refused.status, Some(1));
        assert!(refused.told.ends_with("not possible: no such line"));
        let odd = operator.ask(&fail, &[]).await;
        assert!(
            odd.told.contains("\"what?\"; expected Enter or s"),
            "{odd:?}"
        );
        let closed = operator.ask(&fail, &[]).await;
        assert!(closed.told.contains("terminal is closed"), "{closed:?}");
    }

    #[tokio::test]
    async fn an_answer_has_its_time() {
        let late = operator(vec!["\n"], 20)
            .ask(&call("TRIG_CREATE"), &[])
            .await;
        assert_eq!(late.status, None);
        assert!(late.told.contains("did not answer within 20ms"), "{late:?}");
    }

    #[tokio::test]
    async fn who_has_not_answered_twice_is_not_asked_again() {
        let gone = operator(vec!["\n"], 20);
        for told in ["did not answer", "did not answer", "not asked any more"] {
            let outcome = gone.ask(&call("PROMPT_WARM"), &[]).await;
            assert!(outcome.told.contains(told), "{told}: {}", outcome.told);
        }
    }

    #[tokio::test]
    async fn the_question_says_what_is_to_be_done_and_only_prompts_and_triggers_are_asked_for() {
        let wanted = [("PROMPT_COLD".to_owned(), "starts it anew".to_owned())];
        let answers = BufReader::new(std::io::empty());
        let operator = Operator::new(answers, wanted.into(), Duration::from_secs(60));
        let variables = [
            ("H248_PURPOSE", "TP_MG_SX_BV_01"),
            ("H248_CONFIG", "lines=2"),
            ("H248_TESTER", "127.0.0.1:2944"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let question = operator.question(&call("PROMPT_COLD"), &variables);
        for told in [
            "TP_MG_SX_BV_01: PROMPT_COLD line/1",
            "starts it anew",
            "lines=2",
            "127.0.0.1:2944",
            "60s",
        ] {
            assert!(question.contains(told), "{told}: {question}");
        }
        assert!(operator.does(&call("TRIG_CREATE")) && !operator.does(&call("NORTH")));
    }
}
