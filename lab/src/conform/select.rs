//! Which purposes a campaign plays, and why it plays the others not.

use std::collections::BTreeSet;

use super::{
    pics::Pics,
    pixit::Pixit,
    purpose::{Need, Purpose, Role, Spoken},
    verdict::Status,
};

/// What a campaign is asked to play.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Ids, or beginnings of ids; all where there are none.
    pub only: Vec<String>,
    /// Tags of purposes that are left out.
    pub skip: Vec<String>,
}

impl Choice {
    /// Every word names something of the catalogue.
    ///
    /// # Errors
    ///
    /// The option, what was expected, and the word.
    pub fn check(&self, purposes: &[Purpose]) -> Result<(), String> {
        for word in &self.only {
            let word = std::slice::from_ref(word);
            if !purposes.iter().any(|purpose| purpose.is_named(word)) {
                let expected = "the id of a purpose of this role, or words that one begins with";
                return Err(format!("--only: expected {expected}; found {:?}", word[0]));
            }
        }
        let tags: BTreeSet<&str> = purposes
            .iter()
            .flat_map(|purpose| purpose.tags.iter().map(String::as_str))
            .collect();
        let stranger = self.skip.iter().find(|tag| !tags.contains(tag.as_str()));
        stranger.map_or(Ok(()), |tag| {
            let tags: Vec<&str> = tags.into_iter().collect();
            let tags = tags.join(", ");
            Err(format!(
                "--skip: expected a tag of the catalogue ({tags}); found {tag:?}"
            ))
        })
    }
}

/// Whether a purpose is played; otherwise how it ends without.
pub fn left_out(purpose: &Purpose, pics: &Pics, pixit: &Pixit, choice: &Choice) -> Option<Status> {
    let missed = implied(purpose);
    let missed = pics.misses(&missed).cloned();
    if let Some(need) = missed.or_else(|| pics.misses(&purpose.needs).cloned()) {
        let answer = if pics.has(&need.item) { "yes" } else { "no" };
        return Some(Status::NotSelected(format!("{} is {answer}", need.item)));
    }
    if let Some(reason) = campaign(purpose, pixit) {
        return Some(Status::NotSelected(reason));
    }
    let skipped = purpose.tags.iter().find(|tag| choice.skip.contains(tag));
    skipped.map(|tag| Status::Skipped(format!("the campaign leaves out what is {tag}")))
}

/// What a purpose needs without saying so: its role, version and encoding.
fn implied(purpose: &Purpose) -> Vec<Need> {
    let role = match purpose.role {
        Role::Mg => "PIC_MG",
        Role::Mgc => "PIC_MGC",
    };
    let version = match purpose.version {
        0 | 1 => None,
        2 => Some("PIC_V2"),
        _ => Some("PIC_V3"),
    };
    let spoken = match purpose.spoken {
        Spoken::Any => None,
        Spoken::Text => Some("PIC_TEXT"),
        Spoken::Binary => Some("PIC_BIN"),
    };
    let names = [Some(role), version, spoken].into_iter().flatten();
    let need = |item: &str| Need {
        item: item.to_owned(),
        yes: true,
    };
    names.map(need).collect()
}

/// Why this campaign, as the PIXIT has it, cannot play a purpose.
fn campaign(purpose: &Purpose, pixit: &Pixit) -> Option<String> {
    let encoding = pixit.value("PX_ENCODING").unwrap_or("text");
    let other = match purpose.spoken {
        Spoken::Any => false,
        Spoken::Text => encoding != "text",
        Spoken::Binary => encoding != "binary",
    };
    if other {
        return Some(format!("PX_ENCODING is {encoding}"));
    }
    let version = pixit.value("PX_VERSION").unwrap_or("3");
    let offered = version.parse::<u8>().unwrap_or(3);
    if purpose.version > offered {
        return Some(format!("PX_VERSION is {version}"));
    }
    let tagged = |tag: &str| purpose.tags.iter().any(|own| own == tag);
    if tagged("destructive") && !pixit.is("PX_DESTRUCTIVE") {
        return Some("PX_DESTRUCTIVE is false".to_owned());
    }
    let transport = pixit.value("PX_TRANSPORT").unwrap_or("udp");
    let carriers = ["udp", "tcp", "sctp"];
    let tagged = carriers
        .iter()
        .any(|carrier| tagged(carrier))
        .then(|| tagged(transport));
    (tagged == Some(false)).then(|| format!("PX_TRANSPORT is {transport}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::conform::catalogue::Source;

    fn purpose(version: &str, status: &str, tags: &str) -> Purpose {
        let text = format!(
            "purpose: TP_MG_AD_BV_01\nversion: {version}\nclause: 7\nstatus: {status}\n\
             tags: {tags}\ntitle: t\n"
        );
        Purpose::read(&text, (String::new(), 1)).unwrap()
    }

    fn sheets() -> (Pics, Pixit) {
        let mut pics = Pics::read(None, Role::Mg, &Source::Own).unwrap();
        pics.answers = BTreeMap::new();
        for item in [
            "PIC_MG", "PIC_TEXT", "PIC_BIN", "PIC_V1", "PIC_V2", "PIC_MOVE",
        ] {
            pics.answers.insert(item.to_owned(), true);
        }
        let mut pixit = Pixit::read(None, Role::Mg, &Source::Own).unwrap();
        for (name, value) in [("PX_ENCODING", "text"), ("PX_TRANSPORT", "udp")] {
            pixit.values.insert(name.to_owned(), value.to_owned());
        }
        (pics, pixit)
    }

    #[test]
    fn what_is_left_out_says_which_item_did_it() {
        let (pics, pixit) = sheets();
        let cases = [
            ("1+ any", "M", "", None),
            ("2+ any", "O: PIC_MOVE", "", None),
            ("1+ any", "O: PIC_MOVE, !PIC_MUX", "", None),
            ("1+ any", "O: PIC_MUX", "", Some("PIC_MUX is no")),
            ("1+ any", "O: !PIC_MOVE", "", Some("PIC_MOVE is yes")),
            ("3+ any", "M", "", Some("PIC_V3 is no")),
            ("1+ bin", "M", "", Some("PX_ENCODING is text")),
            ("1+ any", "M", "tcp", Some("PX_TRANSPORT is udp")),
            ("1+ any", "M", "udp media", None),
        ];
        for (version, status, tags, expected) in cases {
            let left = left_out(
                &purpose(version, status, tags),
                &pics,
                &pixit,
                &Choice::default(),
            );
            let expected = expected.map(|reason| Status::NotSelected(reason.to_owned()));
            assert_eq!(left, expected, "{version} {status} {tags}");
        }
    }

    #[test]
    fn tags_that_are_left_out_are_skipped_and_not_unselected() {
        let (pics, pixit) = sheets();
        let choice = Choice {
            skip: vec!["slow".to_owned()],
            ..Choice::default()
        };
        let slow = purpose("1+ any", "M", "media slow");
        let left = left_out(&slow, &pics, &pixit, &choice);
        assert!(matches!(left, Some(Status::Skipped(_))), "{left:?}");
        let quick = purpose("1+ any", "M", "media");
        assert_eq!(left_out(&quick, &pics, &pixit, &choice), None);
    }

    #[test]
    fn a_word_that_names_nothing_is_told() {
        let purposes = [purpose("1+ any", "M", "media slow")];
        let choice = |only: &str, skip: &str| {
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
            let choice = Choice {
                only: words(only),
                skip: words(skip),
            };
            choice.check(&purposes)
        };
        assert_eq!(choice("AD TP_MG_AD_BV_01", "slow media"), Ok(()));
        let told = choice("AD nonsense", "").unwrap_err();
        assert!(
            told.starts_with("--only: expected") && told.ends_with("\"nonsense\""),
            "{told}"
        );
        let told = choice("", "slow nonsense").unwrap_err();
        assert!(told.contains("(media, slow); found \"nonsense\""), "{told}");
    }
}
