//! Signals.

use super::{Generator, items, items::Parameter};

impl Generator {
    pub(crate) fn signals_descriptor(&mut self) {
        self.rule("signalsDescriptor");
        self.token("SignalsToken", "Signals", "SG");
        if self.once_in(5) {
            if !self.since(3) {
                self.braces(|_| ());
            }
            return;
        }
        self.open();
        self.rule("signalParm");
        if self.once_in(4) {
            self.signal_list();
        } else {
            self.signals(2, Self::some_parameters);
        }
        self.close();
    }

    /// Different signals with what `parameters` writes of each.
    fn signals(&mut self, most: usize, parameters: fn(&mut Self, &[Parameter])) {
        let mut signals = items::SIGNALS.to_vec();
        self.chance.shuffle(&mut signals);
        signals.truncate(self.chance.usize(1..=most));
        for (place, (name, known)) in signals.into_iter().enumerate() {
            if place > 0 {
                self.comma();
            }
            self.rule("signalRequest");
            self.rule("signalName");
            self.pkgd_name(name);
            parameters(self, known);
        }
    }

    fn signal_list(&mut self) {
        self.rule("signalList");
        self.key("SignalListToken", "SignalList", "SL");
        self.rule("signalListId");
        self.uint16();
        self.open();
        self.rule("signalListParm");
        self.signals(3, |g, _| {
            g.open();
            g.rule("sigParameter");
            g.sig_signal_type();
            g.close();
        });
        self.close();
    }

    fn sig_signal_type(&mut self) {
        self.rule("sigSignalType");
        self.key("SignalTypeToken", "SignalType", "SY");
        self.rule("signalType");
        match self.chance.u8(0..3) {
            0 => self.token("OnOffToken", "OnOff", "OO"),
            1 => self.token("TimeOutToken", "TimeOut", "TO"),
            _ => self.token("BriefToken", "Brief", "BR"),
        }
    }

    fn some_parameters(&mut self, known: &[Parameter]) {
        if self.once_in(3) {
            return;
        }
        self.open();
        self.rule("sigParameter");
        let other = !known.is_empty() && self.coin();
        if other {
            self.rule("sigOther");
            let parameter = self.pick(known);
            self.parameter("sigParameterName", parameter);
        }
        if !other || self.coin() {
            if other {
                self.comma();
            }
            self.known_parameters();
        }
        self.close();
    }

    fn known_parameters(&mut self) {
        let mut parts: Vec<fn(&mut Self)> = vec![
            |g| {
                g.rule("sigStream");
                g.key("StreamToken", "Stream", "ST");
                g.rule("StreamID");
                g.uint16();
            },
            Self::sig_signal_type,
            |g| {
                g.rule("sigDuration");
                g.key("DurationToken", "Duration", "DR");
                g.uint16();
            },
            Self::notify_completion,
            |g| g.token("KeepActiveToken", "KeepActive", "KA"),
        ];
        if self.since(3) {
            parts.extend(NEWER);
        }
        self.some_of(1, &parts);
    }

    fn notify_completion(&mut self) {
        self.rule("notifyCompletion");
        self.key("NotifyCompletionToken", "NotifyCompletion", "NC");
        self.open();
        self.rule("notificationReason");
        let mut reasons: Vec<fn(&mut Self)> = vec![
            |g| g.token("TimeOutToken", "TimeOut", "TO"),
            |g| g.token("InterruptByEventToken", "IntByEvent", "IBE"),
            |g| g.token("InterruptByNewSignalsDescrToken", "IntBySigDescr", "IBS"),
            |g| g.token("OtherReasonToken", "OtherReason", "OR"),
        ];
        if self.since(3) {
            reasons.push(|g| g.token("IterationToken", "Iteration", "IR"));
        }
        self.some_of(1, &reasons);
        self.close();
    }
}

/// What version 3 has of parameters.
const NEWER: [fn(&mut Generator); 3] = [
    |g| {
        g.rule("sigDirection");
        g.key("DirectionToken", "SPADirection", "SPADI");
        g.rule("direction");
        match g.chance.u8(0..3) {
            0 => g.token("ExternalToken", "External", "EX"),
            1 => g.token("InternalToken", "Internal", "IT"),
            _ => g.token("BothToken", "Both", "B"),
        }
    },
    |g| {
        g.rule("sigRequestID");
        g.key("RequestIDToken", "SPARequestID", "SPARQ");
        g.request_id();
    },
    |g| {
        g.rule("sigIntsigDelay");
        g.key("IntsigDelayToken", "Intersignal", "SPAIS");
        g.uint16();
    },
];
