//! `mg-bench`: what a gateway of many Contexts costs, in time a command and memory a Context, and how
//! long an audit of everything takes. Processing time is that of the gateway with its link: each
//! message is read and written as between two programs, but not sent.

mod memory;
mod pair;
mod scale;

use crate::scale::{ROWS, Scale};

/// How many commands of a kind are measured.
const ROUNDS: usize = 2_000;

fn main() {
    println!(
        "microseconds of the gateway's processor time for a transaction, the median of {ROUNDS}"
    );
    println!(
        "{:>9} {}",
        "Contexts",
        ROWS.map(|row| format!("{row:>9}")).join(" ")
    );
    for contexts in [10, 1_000, 100_000] {
        let mut scale = Scale::new(contexts + 10);
        let filling = scale.fill(contexts);
        let costs = scale
            .costs(ROUNDS)
            .map(|cost| format!("{:>9.1}", cost.as_secs_f64() * 1e6));
        println!("{contexts:>9} {}", costs.join(" "));
        if contexts == 100_000 {
            println!();
            println!("{contexts} Contexts of two Terminations each, without media");
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
    }
}
