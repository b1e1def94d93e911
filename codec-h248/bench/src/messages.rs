//! The messages that are measured.

use std::{collections::BTreeSet, fs, io, path::PathBuf};

use codec_h248::{
    Limits, Message, Style, TextProfile,
    binary::{self, BinaryProfile},
    decode, encode,
};

/// One message in its three forms; binary where it can be said.
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) pretty: Vec<u8>,
    pub(crate) compact: Vec<u8>,
    pub(crate) binary: Option<Vec<u8>>,
}

impl Sample {
    /// The octets of this form.
    pub(crate) fn octets(&self, form: Form) -> Option<&[u8]> {
        match form {
            Form::Pretty => Some(&self.pretty),
            Form::Compact => Some(&self.compact),
            Form::Binary => self.binary.as_deref(),
        }
    }
}

/// A form of messages.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Form {
    Pretty,
    Compact,
    Binary,
}

impl Form {
    pub(crate) const ALL: [Self; 3] = [Self::Compact, Self::Pretty, Self::Binary];

    /// Its name here, with the third party, and as a file's ending.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pretty => "pretty",
            Self::Compact => "compact",
            Self::Binary => "ber",
        }
    }
}

/// Where messages come from: the reference's examples where they are beside this repository, or
/// those given on the command line.
pub(crate) fn samples(folder: Option<PathBuf>, profile: &BinaryProfile) -> io::Result<Vec<Sample>> {
    let reference = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/spec/examples");
    let folder = folder.unwrap_or(reference);
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(&folder)? {
        names.insert(entry?.path());
    }
    let texts = names.iter().filter(|path| path.extension().is_some_and(|end| end == "txt"));
    let mut samples = Vec::new();
    for path in texts {
        let octets = fs::read(path)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        match decode(&octets, &Limits::default()) {
            Ok(message) => samples.push(sample(&name, &message, profile)),
            Err(error) => eprintln!("{}: {error}", path.display()),
        }
    }
    Ok(samples)
}

/// The message in forms that we write ourselves, so that both codecs read the same.
fn sample(name: &str, message: &Message<'_>, profile: &BinaryProfile) -> Sample {
    let text = |style| {
        let mut octets = Vec::new();
        encode(message, &TextProfile::of(style), &mut octets);
        octets
    };
    let mut octets = Vec::new();
    let said = binary::encode(message, profile, &mut octets);
    Sample {
        name: name.to_owned(),
        pretty: text(Style::Pretty),
        compact: text(Style::Compact),
        binary: said.is_ok().then_some(octets),
    }
}
