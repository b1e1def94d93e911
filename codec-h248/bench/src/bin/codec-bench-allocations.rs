//! What our codec allocates for each message: a line of form, work, name, allocations and octets
//! allocated. A vector that grows allocates anew.
//!
//! Exit code 0: all is counted; 1: there are no messages.

use std::{io, process::ExitCode};

use codec_bench::{
    messages::{Form, Messages},
    ours::{Set, Work},
};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("codec-bench-allocations: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> io::Result<()> {
    let messages = Messages::find()?;
    let mut out = Vec::with_capacity(65_536);
    for form in Form::ALL {
        for sample in messages.of_form(form) {
            let set = Set::new(form, &[sample], &messages.profile)?;
            for work in Work::ALL {
                let info = allocation_counter::measure(|| set.pass(work, &mut out));
                println!(
                    "{} {} {} {} {}",
                    form.name(),
                    work.name(),
                    sample.0.name,
                    info.count_total,
                    info.bytes_total
                );
            }
        }
    }
    Ok(())
}
