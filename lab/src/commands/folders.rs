//! Where a command that starts `mgc` or `mg` finds them, and what they leave.

use std::path::PathBuf;

use lab::programs::{Places, ProgramError};

/// The two folders.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Folders {
    /// Where what the programs leave goes: logs, and captures or the state
    #[arg(long, default_value = "demo-out")]
    out: PathBuf,
    /// Where mgc and mg are; beside this program where absent
    #[arg(long)]
    bin_dir: Option<PathBuf>,
}

impl Folders {
    /// With a capture of this name, where there is one.
    pub(crate) fn places(&self, capture: &'static str) -> Result<Places, ProgramError> {
        Places::new(self.bin_dir.clone(), self.out.clone(), capture)
    }
}
