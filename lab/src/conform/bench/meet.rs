//! How a bench meets a gateway: as it registers, or as one that has registered long before.

use std::{collections::BTreeSet, time::Duration};

use transport_h248::Carrier;

use super::{LiveBench, not_judged};
use crate::{
    conform::{
        postamble::{self, Postamble},
        purpose::Purpose,
        run::Played,
    },
    scenario::{Program, Role, live},
};

/// So long a gateway whose address is known is waited for before it is asked whether it has registered before.
const ASKED_AFTER: Duration = Duration::from_secs(2);
/// So long one is waited for that has not come before.
const ONCE_MORE: Duration = Duration::from_secs(1);

/// What is known of the gateway's registration.
#[derive(Debug)]
pub(super) struct Registration {
    /// Whether it has registered, and was brought back since.
    pub(super) done: bool,
    /// So long it is waited for.
    pub(super) within: Duration,
    /// Whether the last wait was in vain.
    pub(super) in_vain: bool,
    /// Contexts that rows have made and that may still be there.
    pub(super) left: BTreeSet<u32>,
    /// What the last postamble did not bring back.
    pub(super) told: Vec<String>,
}

impl Registration {
    pub(super) const fn within(within: Duration) -> Self {
        Self {
            done: false,
            within,
            in_vain: false,
            left: BTreeSet::new(),
            told: Vec::new(),
        }
    }
}

impl LiveBench {
    /// Where a gateway that nobody starts has to register, for whoever reads the terminal.
    pub fn awaits(&self) -> Option<String> {
        let nobody = self.settings.role == Role::Mgc && !self.commands.has("PROMPT_COLD");
        nobody.then(|| {
            format!(
                "the gateway has to register with the controller at {}, within {:?} (PX_TESTER_ADDR, PX_T_REGISTER)",
                self.home(),
                self.registration.within
            )
        })
    }

    /// The first of the tool's places, and how it is spoken to.
    fn home(&self) -> String {
        let places = self.places();
        let home = places.split(' ').next().unwrap_or_default();
        let said = |name: &str| self.settings.values.get(name).map_or("", String::as_str);
        let (carrier, encoding) = (said("PX_TRANSPORT"), said("PX_ENCODING"));
        format!("{home} ({carrier}, {encoding})")
    }

    /// Waits for the registration that the row begins with, unless the gateway turns out to be registered.
    pub(super) async fn meet(&mut self, purpose: &Purpose) -> Result<(), Played> {
        let starts = self.commands.has("PROMPT_COLD");
        let first = purpose.given == "S0";
        // Rows that begin before the registration tell its time, where somebody makes it come.
        if self.settings.role != Role::Mgc || self.registration.done || starts && first {
            return Ok(());
        }
        let within = match self.registration.in_vain {
            true => ONCE_MORE.min(self.registration.within),
            false => self.registration.within,
        };
        let asks = !starts && !first && !self.registration.in_vain && self.may_ask();
        let before = if asks {
            ASKED_AFTER.min(within)
        } else {
            within
        };
        let mut came = self.live.comes(before).await;
        if !came && asks {
            if self.is_registered().await {
                return Ok(());
            }
            came = self.live.comes(within - before).await;
        }
        self.registration.in_vain = !came && !starts;
        if came {
            return Ok(());
        }
        let mut reason = format!(
            "S1 is not reached: no registration came at {} within {within:?}; the gateway has to register there \
             (PX_TESTER_ADDR, PX_T_REGISTER)",
            self.home()
        );
        for told in &self.registration.told {
            reason.push_str("; ");
            reason.push_str(told);
        }
        Err(not_judged(reason))
    }

    /// Whether the gateway can be spoken to before it has spoken.
    fn may_ask(&self) -> bool {
        self.live.target().is_some() && self.live.carrier() == Carrier::Udp
    }

    /// Whether it has registered with this controller before: it is brought back as behind a row.
    async fn is_registered(&mut self) -> bool {
        let played = self.restore(None).await;
        played.is_ok() && self.registration.done
    }

    /// Plays the postamble; afterwards it is known whether the gateway is as the next row wants it.
    pub(super) async fn restore(&mut self, version: Option<u8>) -> Result<live::Played, String> {
        let postamble = Postamble::new(&self.registration.left, self.reach.0, self.reach.1);
        let built = postamble.and_then(|postamble| {
            let program = Program::new(&postamble.script, &self.library)?;
            Ok((postamble, program))
        });
        let failed = |error| format!("{}: {error}", postamble::STATE);
        let (postamble, program) = built.map_err(failed)?;
        let mut settings = self.settings();
        settings.goes_on = true;
        settings.version = version.unwrap_or(settings.version);
        let back = self.live.play(program, settings, &self.commands).await;
        let (done, told) = postamble.judge(&back.outcome);
        self.registration.done = done;
        self.registration.told = told;
        if done {
            self.registration.left.clear();
        }
        Ok(back)
    }
}
