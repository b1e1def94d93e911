//! What the most expensive messages cost that one datagram can carry, under the usual limits.

use std::time::Duration;

use codec_h248::Style;

use crate::pair::Pair;

/// Octets of commands in one message: with twice as many, the decoder refuses it for its 16,384 entries.
const OCTETS: usize = 30_000;
/// Everything that an audit returns of a Termination without media.
const EVERYTHING: &str = "AT{M,E,SG,SA,PG}";

/// A message that asks for as much as it can.
pub(crate) struct Worst {
    /// What it asks for.
    pub(crate) what: &'static str,
    /// Processing time of the gateway until it has answered.
    pub(crate) time: Duration,
}

/// Sends each to a gateway that holds what makes it expensive.
pub(crate) fn all() -> Vec<Worst> {
    let many = |what, actions: &str| on_legs(300, &[(what, actions.to_owned())]);
    let isolated = action("TP{*,*,IS}");
    let heard = action("CA{TP}");
    let mut all = Vec::new();
    all.extend(many(
        "300 legs, audited as often as fits, united",
        &action(&filled(&format!("W-AV=*{{{EVERYTHING}}}"))),
    ));
    all.extend(many(
        "300 legs, audited as often as fits",
        &action(&filled(&format!("AV=*{{{EVERYTHING}}}"))),
    ));
    all.extend(many(
        "300 legs, modified as often as fits",
        &action(&filled("MF=*{M{O{MO=IN}}}")),
    ));
    all.extend(on_legs(
        300,
        &[
            ("300 legs, all isolated as often as fits", filled(&isolated)),
            ("300 legs, who hears whom as often as fits", filled(&heard)),
        ],
    ));
    let crowd = [
        (
            600,
            [
                "600 legs, all isolated",
                "600 legs, who hears whom",
                "600 legs, all leave",
            ],
        ),
        (
            1_024,
            [
                "1,024 legs, all isolated",
                "1,024 legs, who hears whom",
                "1,024 legs, all leave",
            ],
        ),
    ];
    for (legs, what) in crowd {
        let asked = [isolated.clone(), heard.clone(), action("S=*{AT{}}")];
        let asked: Vec<_> = what.into_iter().zip(asked).collect();
        all.extend(on_legs(legs, &asked));
    }
    all
}

/// What these cost, one after the other, where one Context has so many Terminations.
fn on_legs(legs: usize, asked: &[(&'static str, String)]) -> Vec<Worst> {
    let mut pair = Pair::new(100_000, Style::Compact);
    pair.ask(&format!("C=${{{}}}", vec!["A=$"; legs].join(",")));
    let cost = |(what, actions): &(&'static str, String)| Worst {
        what,
        time: pair.ask(actions).cost,
    };
    asked.iter().map(cost).collect()
}

/// An action in the one Context.
fn action(of: &str) -> String {
    format!("C=1{{{of}}}")
}

/// The same as often as it is let through.
fn filled(one: &str) -> String {
    vec![one; OCTETS / (one.len() + 1)].join(",")
}
