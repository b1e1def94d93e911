//! `mg-bench`: what a gateway of many Contexts costs, in time a command and memory a Context, how long
//! an audit of everything takes, and how long the worst datagrams. Processing time is that of the
//! gateway with its link: each message is read and written as between two programs, but not sent.

mod memory;
mod pair;
mod scale;
mod worst;

use codec_h248::Style;

use crate::scale::{ROWS, Scale};

/// How many commands of a kind are measured.
const ROUNDS: usize = 2_000;
/// How many Contexts a full gateway has.
const FULL: usize = 100_000;

fn main() {
    println!(
        "microseconds of the gateway's processor time for a transaction, the median of {ROUNDS};"
    );
    println!("where 10 of many Contexts are visited, they lie in the processor's cache");
    println!(
        "{:>9} {:>9} {}",
        "Contexts",
        "visited",
        ROWS.map(|row| format!("{row:>9}")).join(" ")
    );
    for contexts in [10, 1_000] {
        let mut scale = Scale::new(contexts + 10, Style::Compact);
        scale.fill(contexts);
        print_costs(&mut scale, contexts, contexts);
    }
    for style in [Style::Compact, Style::Pretty] {
        print_full(style);
    }
    println!();
    println!("milliseconds for what one datagram can ask for");
    for worst in worst::all() {
        println!("{:>9.0} {}", worst.time.as_secs_f64() * 1e3, worst.what);
    }
}

fn print_full(style: Style) {
    let mut scale = Scale::new(FULL + 10, style);
    let filling = scale.fill(FULL);
    if style == Style::Compact {
        print_costs(&mut scale, FULL, FULL);
        print_costs(&mut scale, FULL, 10);
    }
    println!();
    println!("{FULL} Contexts of two Terminations each, without media; text is {style:?}");
    println!(
        "made in {:.2} s, {} octets each",
        filling.time.as_secs_f64(),
        filling.octets
    );
    for audit in ["", "M"] {
        let audit = scale.audit_all(audit);
        println!(
            "audited ({}) in {:.2} s: {} messages, {:.1} MB, {} Contexts named",
            audit.what,
            audit.time.as_secs_f64(),
            audit.messages,
            audit.octets as f64 / 1e6,
            audit.contexts,
        );
    }
    println!("removed in {:.2} s", scale.remove_all().as_secs_f64());
}

fn print_costs(scale: &mut Scale, contexts: usize, visited: usize) {
    let costs = scale
        .costs(ROUNDS, visited)
        .map(|cost| format!("{:>9.1}", cost.as_secs_f64() * 1e6));
    println!("{contexts:>9} {visited:>9} {}", costs.join(" "));
}
