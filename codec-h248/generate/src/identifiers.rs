//! Names of Contexts and Terminations (H.248.1 Annex B.2 `ContextID`, `TerminationID`).

use super::{
    Generator,
    place::{Context, Place},
};

/// The longest `pathNAME`.
const LONGEST_PATH: usize = 64;
/// The kinds of Terminations of the gateway that is written about.
const KINDS: &[&str] = &["tdm", "rtp", "line", "card1"];

/// What may name a Termination besides a name in full.
#[derive(Clone, Copy)]
pub(crate) struct May {
    root: bool,
    all: bool,
    choose: bool,
}

impl May {
    /// Names in full.
    pub(crate) const NAMES: Self = Self::of(false, false, false);
    /// What is notified of.
    pub(crate) const NAMES_AND_ROOT: Self = Self::of(true, false, false);
    /// Members of a Context.
    pub(crate) const MEMBERS: Self = Self::of(false, true, false);
    /// Members of a Context that is to have one more.
    pub(crate) const NEW_MEMBERS: Self = Self::of(false, true, true);
    /// Terminations that there are.
    pub(crate) const ANY: Self = Self::of(true, true, false);
    /// Whatever the grammar has.
    pub(crate) const EVERYTHING: Self = Self::of(true, true, true);

    const fn of(root: bool, all: bool, choose: bool) -> Self {
        Self { root, all, choose }
    }
}

impl Generator {
    /// `ContextID` of a Context that has a number.
    pub(crate) fn context_number(&mut self) {
        self.rule("ContextID");
        let id = match self.chance.u8(0..6) {
            0 => self.chance.u32(1..=0xffff_fffd),
            1 => 0xffff_fffd,
            _ => self.chance.u32(1..1_000),
        };
        self.this_uint32(id);
    }

    /// `ContextID` of this kind.
    pub(crate) fn context_id(&mut self, context: Context) {
        let sign = match context {
            Context::Null => "-",
            Context::Choose => "$",
            Context::All => "*",
            Context::Known => return self.context_number(),
        };
        self.rule("ContextID");
        self.put(sign);
    }

    /// Any name of the gateway that is written about: a kind and one or two numbers, each of which
    /// may be a wildcard.
    fn known_path(&mut self, may: May) -> String {
        let mut name = String::from(self.pick(KINDS));
        for _ in 0..self.chance.usize(1..=2) {
            name.push('/');
            match self.chance.u8(0..12) {
                0 if may.all => name.push('*'),
                1 if may.choose => name.push('$'),
                _ => name.push_str(&self.chance.u8(1..=255).to_string()),
            }
        }
        name
    }

    /// `pathNAME`, any.
    pub(crate) fn path_name(&mut self, may: May) -> String {
        self.rule("pathNAME");
        let length = if self.once_in(12) {
            LONGEST_PATH
        } else {
            self.chance.usize(1..20)
        };
        let mut name = String::new();
        if may.all && self.once_in(6) {
            name.push('*');
        }
        name.push(char::from(self.letter()));
        while name.len() < length {
            let octet = match self.chance.u8(0..12) {
                0 | 1 => b'/',
                2 => b'_',
                3 if may.all => b'*',
                4 if may.choose => b'$',
                _ => self.letter_or_digit(),
            };
            name.push(char::from(octet));
        }
        if name.len() + 2 < LONGEST_PATH && self.once_in(4) {
            name.push('@');
            self.path_domain_name(&mut name, may);
        }
        name
    }

    fn path_domain_name(&mut self, name: &mut String, may: May) {
        self.rule("pathDomainName");
        let first = match self.chance.u8(0..4) {
            0 if may.all => b'*',
            _ => self.letter_or_digit(),
        };
        name.push(char::from(first));
        let most = LONGEST_PATH - name.len();
        for _ in 0..self.chance.usize(0..=most.min(20)) {
            let octet = match self.chance.u8(0..10) {
                0 => b'.',
                1 => b'-',
                2 if may.all => b'*',
                _ => self.letter_or_digit(),
            };
            name.push(char::from(octet));
        }
    }

    /// A name, or what may stand for one.
    fn termination_name(&mut self, may: May) -> String {
        match self.chance.u8(0..20) {
            0 | 1 if may.root => "ROOT".into(),
            2 if may.choose => "$".into(),
            3 if may.all => "*".into(),
            4 if self.once_in(6) => {
                self.traits.other_names = true;
                self.text_only();
                let name = self.path_name(may);
                // Where an audit is answered, these mean all Terminations of the Context.
                let is_token = ["C", "Context"].map(|token| name.eq_ignore_ascii_case(token));
                if is_token.contains(&true) {
                    name + "1"
                } else {
                    name
                }
            }
            _ => {
                self.rule("pathNAME");
                self.known_path(may)
            }
        }
    }

    /// `TerminationID` that is this one.
    pub(crate) fn this_termination(&mut self, name: &str) {
        self.rule("TerminationID");
        self.word(name);
    }

    /// So many names, no two alike.
    pub(crate) fn different_names(&mut self, count: usize, may: May) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        while names.len() < count {
            let name = self.termination_name(may);
            if !names.iter().any(|other| other.eq_ignore_ascii_case(&name)) {
                names.push(name);
            }
        }
        names
    }

    /// `termIDList` of a command, which is about these Terminations from here on.
    pub(crate) fn term_id_list(&mut self, may: May) {
        self.rule("termIDList");
        let names = if self.since(3) && self.once_in(6) {
            let count = self.few(2, 6);
            let may = May { root: false, ..may };
            self.different_names(count, may)
        } else {
            self.different_names(1, may)
        };
        self.about(&names);
        if let [name] = names.as_slice() {
            return self.this_termination(name);
        }
        self.square_brackets(|g| g.each(names, |g, name| g.this_termination(&name)));
    }

    /// `termIDList` of a new member that the gateway chooses.
    pub(crate) fn chosen_termination(&mut self) {
        self.rule("termIDList");
        let kind = self.pick(KINDS);
        let name = match self.chance.u8(0..3) {
            0 => "$".to_owned(),
            _ => format!("{kind}/$"),
        };
        self.about(std::slice::from_ref(&name));
        self.this_termination(&name);
    }

    fn about(&mut self, names: &[String]) {
        let is_root = |name: &String| name.eq_ignore_ascii_case("ROOT");
        self.place = Place {
            root: names.iter().any(is_root),
            wildcard: names.iter().any(|name| name.contains('*')),
            ..self.place
        };
    }

    pub(crate) fn termination_id_list(&mut self) {
        self.rule("terminationIDList");
        let count = self.few(1, 8);
        let names = self.different_names(count, May::NAMES);
        self.braces(|g| g.each(names, |g, name| g.this_termination(&name)));
    }
}
