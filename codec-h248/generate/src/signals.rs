//! Signals.

use super::{
    Generator,
    chance::Part,
    items::{Item, Kind, Parameter},
};

/// A parameter of a signal.
enum Wanted {
    Part(Part),
    Type(&'static str, &'static str, &'static str),
    Other(Parameter),
}

const ON_OFF: Wanted = Wanted::Type("OnOffToken", "OnOff", "OO");
const TIME_OUT: Wanted = Wanted::Type("TimeOutToken", "TimeOut", "TO");
const BRIEF: Wanted = Wanted::Type("BriefToken", "Brief", "BR");

/// Where a signal stands.
#[derive(Clone, Copy, PartialEq)]
enum Standing {
    Alone,
    InList,
    LastInList,
}

impl Generator {
    /// Nothing to play is braces before version 3, and none since.
    pub(crate) fn signals_descriptor(&mut self) {
        self.rule("signalsDescriptor");
        self.token("SignalsToken", "Signals", "SG");
        if self.once_in(6) {
            if !self.since(3) {
                self.braces(|_| ());
            }
            return;
        }
        self.braces(|g| {
            g.list(1, 5, |g| {
                g.rule("signalParm");
                if g.once_in(5) {
                    g.signal_list();
                } else {
                    g.signal_request(Standing::Alone);
                }
            });
        });
    }

    fn signal_list(&mut self) {
        self.rule("signalList");
        self.key("SignalListToken", "SignalList", "SL");
        self.rule("signalListId");
        self.uint16();
        self.open();
        let mut signals = vec![Standing::InList; self.few(0, 6)];
        signals.push(Standing::LastInList);
        self.each(signals, |g, standing| {
            g.rule("signalListParm");
            g.signal_request(standing);
        });
        self.close();
    }

    /// `signalName` of any signal.
    pub(crate) fn signal_name(&mut self) -> Item {
        self.rule("signalName");
        let signal = self.item(Kind::Signal);
        self.pkgd_name(signal);
        signal
    }

    fn signal_request(&mut self, standing: Standing) {
        self.rule("signalRequest");
        let signal = self.signal_name();
        let mut wanted = self.how_long(&signal, standing);
        let general = self.general_signal_parameters();
        wanted.extend(general.into_iter().map(Wanted::Part));
        let others = self.some(0, signal.sent());
        wanted.extend(others.into_iter().map(Wanted::Other));
        if wanted.is_empty() {
            return;
        }
        self.chance.shuffle(&mut wanted);
        self.open();
        self.each(wanted, |g, wanted| {
            g.rule("sigParameter");
            match wanted {
                Wanted::Part(part) => part(g),
                Wanted::Type(rule, long, short) => g.sig_signal_type(rule, long, short),
                Wanted::Other(parameter) => {
                    g.rule("sigOther");
                    g.parameter("sigParameterName", parameter);
                }
            }
        });
        self.close();
    }

    /// The type and the duration. In a list each signal has a type, and none but the last goes on
    /// until it is stopped; what is made to end is told when.
    fn how_long(&mut self, signal: &Item, standing: Standing) -> Vec<Wanted> {
        let mut wanted = Vec::new();
        let mut needs_duration = false;
        if standing != Standing::Alone || self.once_in(3) {
            wanted.push(match self.chance.u8(0..3) {
                0 if standing != Standing::InList => ON_OFF,
                1 => BRIEF,
                _ => {
                    needs_duration = signal.needs_duration();
                    TIME_OUT
                }
            });
        }
        if needs_duration || self.once_in(4) {
            wanted.push(Wanted::Part(Self::sig_duration));
        }
        wanted
    }

    /// What may be asked of any signal, each at most once. A number for the completion is nothing
    /// without the wish to be notified of it.
    fn general_signal_parameters(&mut self) -> Vec<Part> {
        let mut parts: Vec<Part> = vec![Self::sig_stream, |g| {
            g.token("KeepActiveToken", "KeepActive", "KA");
        }];
        if self.since(3) {
            parts.push(Self::sig_direction);
            parts.push(Self::sig_intsig_delay);
        }
        let mut parts = self.some(0, parts);
        if self.once_in(5) {
            parts.push(Self::notify_completion);
            if self.since(3) && self.coin() {
                parts.push(Self::sig_request_id);
            }
        }
        parts
    }

    pub(crate) fn sig_stream(&mut self) {
        self.rule("sigStream");
        self.key("StreamToken", "Stream", "ST");
        self.rule("StreamID");
        self.uint16();
    }

    fn sig_signal_type(&mut self, rule: &'static str, long: &str, short: &str) {
        self.rule("sigSignalType");
        self.key("SignalTypeToken", "SignalType", "SY");
        self.rule("signalType");
        self.token(rule, long, short);
    }

    fn sig_duration(&mut self) {
        self.rule("sigDuration");
        self.key("DurationToken", "Duration", "DR");
        self.uint16();
    }

    fn sig_direction(&mut self) {
        self.rule("sigDirection");
        self.key("DirectionToken", "SPADirection", "SPADI");
        self.rule("direction");
        self.one_of(&[
            |g| g.token("ExternalToken", "External", "EX"),
            |g| g.token("InternalToken", "Internal", "IT"),
            |g| g.token("BothToken", "Both", "B"),
        ]);
    }

    pub(crate) fn sig_request_id(&mut self) {
        self.rule("sigRequestID");
        self.key("RequestIDToken", "SPARequestID", "SPARQ");
        self.request_id();
    }

    fn sig_intsig_delay(&mut self) {
        self.rule("sigIntsigDelay");
        self.key("IntsigDelayToken", "Intersignal", "SPAIS");
        self.uint16();
    }

    fn notify_completion(&mut self) {
        self.rule("notifyCompletion");
        self.key("NotifyCompletionToken", "NotifyCompletion", "NC");
        self.open();
        let mut reasons: Vec<Part> = vec![
            |g| g.token("TimeOutToken", "TimeOut", "TO"),
            |g| g.token("InterruptByEventToken", "IntByEvent", "IBE"),
            |g| g.token("InterruptByNewSignalsDescrToken", "IntBySigDescr", "IBS"),
            |g| g.token("OtherReasonToken", "OtherReason", "OR"),
        ];
        if self.since(3) {
            reasons.push(|g| g.token("IterationToken", "Iteration", "IR"));
        }
        let reasons = self.some(1, reasons);
        self.each(reasons, |g, reason| {
            g.rule("notificationReason");
            reason(g);
        });
        self.close();
    }
}
