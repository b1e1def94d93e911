//! The messages that are measured: the examples of the project's reference where they are beside
//! this repository, else what our own programs were recorded saying and a few by hand.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use codec_h248::{
    Limits, Message, Name, Style, TextProfile,
    binary::{self, BinaryProfile, TerminationKind, TerminationLevels},
    decode, encode,
};

use crate::{own, recorded};

/// A form of messages.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Form {
    /// Short keywords, and no space that is not needed.
    Compact,
    /// Long keywords, indented.
    Pretty,
    /// BER.
    Binary,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::Compact, Self::Pretty, Self::Binary];

    /// Its name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Pretty => "pretty",
            Self::Binary => "ber",
        }
    }
}

/// One message in the forms that there are of it.
pub struct Sample {
    /// What it is called in reports.
    pub name: String,
    /// The version of the protocol that it has.
    pub version: u8,
    compact: Option<Vec<u8>>,
    pretty: Option<Vec<u8>>,
    binary: Option<Vec<u8>>,
}

impl Sample {
    /// The octets of this form.
    pub fn octets(&self, form: Form) -> Option<&[u8]> {
        match form {
            Form::Compact => self.compact.as_deref(),
            Form::Pretty => self.pretty.as_deref(),
            Form::Binary => self.binary.as_deref(),
        }
    }
}

/// The messages, and what the binary ones are read with.
pub struct Messages {
    /// Where they come from, in words.
    pub origin: &'static str,
    /// The messages.
    pub samples: Vec<Sample>,
    /// What names stand for in the binary ones.
    pub profile: BinaryProfile,
}

impl Messages {
    /// Those that there are of this form.
    pub fn of_form(&self, form: Form) -> Vec<(&Sample, &[u8])> {
        let with = self.samples.iter();
        with.filter_map(|sample| Some((sample, sample.octets(form)?)))
            .collect()
    }

    /// The best that there are on this machine.
    pub fn find() -> io::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let examples = root.join("../shared/spec/examples");
        if examples.is_dir() {
            return Self::examples(&examples);
        }
        let mut texts = recorded::texts(&root.join("pcap-fixtures"))?;
        texts.extend(own::TEXTS.iter().map(|text| text.as_bytes().to_vec()));
        Self::written(&texts)
    }

    fn examples(folder: &Path) -> io::Result<Self> {
        let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        let mut paths: Vec<PathBuf> = entries.iter().map(fs::DirEntry::path).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "txt"));
        paths.sort();
        let samples = paths.iter().map(|path| example(folder, path));
        Ok(Self {
            origin: "the reference's examples",
            samples: samples.collect::<io::Result<_>>()?,
            profile: profile()?,
        })
    }

    /// Texts in the forms that we write of them ourselves.
    fn written(texts: &[Vec<u8>]) -> io::Result<Self> {
        let profile = profile()?;
        let numbered = texts.iter().enumerate();
        let samples = numbered.map(|(number, text)| Ok(sample(number, &read(text)?, &profile)));
        Ok(Self {
            origin: "messages of pcap-fixtures and a few by hand, since the reference's examples are not beside this repository",
            samples: samples.collect::<io::Result<_>>()?,
            profile,
        })
    }
}

fn read(text: &[u8]) -> io::Result<Message<'_>> {
    decode(text, &Limits::default()).map_err(io::Error::other)
}

fn example(folder: &Path, path: &Path) -> io::Result<Sample> {
    let pretty = fs::read(path)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let version = read(&pretty)
        .map_err(|error| io::Error::other(format!("{name}: {error}")))?
        .version;
    let binary = fs::read_to_string(folder.join(format!("ber/{name}.hex"))).ok();
    Ok(Sample {
        version,
        compact: fs::read(folder.join(format!("compact/{name}.txt"))).ok(),
        pretty: Some(pretty),
        binary: binary.map(|hex| octets_of(&hex)).transpose()?,
        name: name.into_owned(),
    })
}

fn octets_of(hex: &str) -> io::Result<Vec<u8>> {
    let digits: String = hex.split_whitespace().collect();
    let pairs = (0..digits.len()).step_by(2);
    let octet = |at| u8::from_str_radix(digits.get(at..at + 2).unwrap_or("odd"), 16);
    pairs
        .map(octet)
        .collect::<Result<_, _>>()
        .map_err(io::Error::other)
}

/// What the examples' binary names were provisioned as.
fn profile() -> io::Result<BinaryProfile> {
    let mut rtp = TerminationKind::new("rtp", 2);
    rtp.digits = 5;
    let kinds = vec![
        TerminationKind::new("tdm", 1),
        rtp,
        TerminationKind::new("line", 3),
        TerminationKind::new("card1", 4),
    ];
    Ok(BinaryProfile {
        terminations: TerminationLevels::new(vec![8, 8, 8], kinds).map_err(io::Error::other)?,
        digit_maps: vec![(Name::from("dialplan1"), 1)],
        ..BinaryProfile::default()
    })
}

fn sample(number: usize, message: &Message<'_>, profile: &BinaryProfile) -> Sample {
    let text = |style| {
        let mut octets = Vec::new();
        encode(message, &TextProfile::of(style), &mut octets);
        octets
    };
    let mut octets = Vec::new();
    let said = binary::encode(message, profile, &mut octets);
    Sample {
        name: format!("{number:03}"),
        version: message.version,
        compact: Some(text(Style::Compact)),
        pretty: Some(text(Style::Pretty)),
        binary: said.is_ok().then_some(octets),
    }
}
