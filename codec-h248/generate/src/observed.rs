//! Observed events, and time stamps.

use super::{Generator, items::Kind};

impl Generator {
    pub(crate) fn observed_events_descriptor(&mut self) {
        self.rule("observedEventsDescriptor");
        self.key("ObservedEventsToken", "ObservedEvents", "OE");
        self.request_id_or_all();
        self.braces(|g| g.list(1, 8, Self::observed_event));
    }

    fn observed_event(&mut self) {
        self.rule("observedEvent");
        if self.coin() {
            self.time_stamp();
            self.lwsp();
            self.colon();
            self.lwsp();
        }
        let event = self.item(Kind::Event);
        self.pkgd_name(event);
        let parameters = self.some(0, event.observed());
        let stream = self.once_in(6);
        if parameters.is_empty() && !stream {
            return;
        }
        self.open();
        if stream {
            self.rule("observedEventParameter");
            self.event_stream();
            if !parameters.is_empty() {
                self.comma();
            }
        }
        self.each(parameters, |g, parameter| {
            g.rule("observedEventParameter");
            g.event_other(parameter);
        });
        self.close();
    }

    /// A day that there is, and a time of that day.
    pub(crate) fn time_stamp(&mut self) {
        self.rule("TimeStamp");
        self.rule("Date");
        let (year, month) = (self.chance.u32(1970..2100), self.chance.u32(1..=12));
        let day = self.chance.u32(1..=28);
        self.put(&format!("{year:04}{month:02}{day:02}"));
        self.word("T");
        self.rule("Time");
        let (hour, minute) = (self.chance.u32(0..24), self.chance.u32(0..60));
        let hundredths = self.chance.u32(0..6_000);
        self.put(&format!("{hour:02}{minute:02}{hundredths:04}"));
    }
}
