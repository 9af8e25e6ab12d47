//! What the linter is told about a policy that the text does not say.

use super::select::Groups;
use super::{Meta, select};
use crate::name::AccountId;
use crate::policy::{Policy, PolicyType};

/// The circumstances of a run over one policy.
#[derive(Debug, Clone)]
pub struct Options {
    /// What the policy is attached to.
    pub kind: PolicyType,
    /// Whose policy it is, for resource policies: `s3`, `sqs`, …
    pub service: Option<String>,
    /// Whose permissions it states, where that is known; for identity policies.
    pub attached_to: Option<Attached>,
    /// Does it stand in a template, with values that are filled in later?
    pub template: bool,
    /// The other policies of the same identity, where all of them are known. A gate kept in a policy of
    /// its own is the usual practice.
    pub beside: Vec<Policy>,
    /// Accounts that are no strangers.
    pub own_accounts: Vec<AccountId>,
    /// Actions that should need MFA, as patterns; M490 has its own list where there are none.
    pub require_mfa: Vec<String>,
    /// The time at which it is looked at, in seconds since 1970. Without it no date is past.
    pub now: Option<i64>,
    /// How a list of one is to be written (I526).
    pub list_style: ListStyle,
    /// Which rules run: codes, beginnings of codes, names or `ALL`.
    pub select: Vec<String>,
    /// Which of those do not run after all.
    pub ignore: Vec<String>,
    /// How long a policy may be.
    pub quotas: Quotas,
}

/// The kind of identity that has a policy. Exhaustive on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attached {
    /// A user.
    User,
    /// A group, and so its users.
    Group,
    /// A role.
    Role,
}

/// How a list of one is to be written. Exhaustive on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ListStyle {
    /// As its only entry.
    #[default]
    String,
    /// With brackets all the same.
    List,
}

/// The greatest length of each kind of policy, in characters (LM-001).
///
/// AWS raises some of them on request and has changed others, so they are data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    /// A managed policy or a boundary.
    pub managed: usize,
    /// A role's trust policy.
    pub trust: usize,
    /// A session policy.
    pub session: usize,
    /// A service control policy, white space included.
    pub scp: usize,
    /// A resource control policy, white space included.
    pub rcp: usize,
    /// A bucket policy, in bytes, white space included.
    pub bucket: usize,
}

/// The rules behind [`Options::reported`].
const REPORTED: &[&str] = &[
    "E105", "E116", "E117", "E118", "E120", "E121", "E122", "E123", "E124", "E129", "E132", "E133", "E134",
    "E135", "E136", "E137", "E138", "E139", "E140", "E141", "E142", "E143", "E144", "E145", "E146", "E147",
    "E148", "E154", "E155", "E158", "E160", "E163", "W204", "W209", "W210", "W211", "W213", "W214", "W215",
    "W216", "W217", "W218", "W225", "W231",
];

impl Options {
    /// Every rule that is not opt-in, and AWS's own quotas.
    pub fn new(kind: PolicyType) -> Self {
        let select = ["E", "W", "S", "M", "I", "L"].map(str::to_owned).to_vec();
        Self {
            kind,
            service: None,
            attached_to: None,
            template: false,
            beside: Vec::new(),
            own_accounts: Vec::new(),
            require_mfa: Vec::new(),
            now: None,
            list_style: ListStyle::String,
            select,
            ignore: Vec::new(),
            quotas: Quotas::default(),
        }
    }

    /// What is wrong with a policy by the grammar although it is evaluated (PA-019), and keys and values that can
    /// never match: what a simulation warns of. Everything else is for the linter.
    pub fn reported(kind: PolicyType) -> Self {
        Self { select: REPORTED.iter().map(|code| (*code).to_owned()).collect(), ..Self::new(kind) }
    }

    /// Does a rule run under these options?
    pub fn runs(&self, meta: &Meta) -> bool {
        self.chosen()(meta)
    }

    /// The same to be asked about many rules.
    pub(super) fn chosen(&self) -> impl Fn(&Meta) -> bool {
        let groups = Groups::chosen(&self.select, &self.ignore);
        move |meta| {
            meta.types.contains(&self.kind)
                && (groups.hold(meta) || select::is_chosen(&self.select, &self.ignore, meta))
        }
    }
}

impl Default for Quotas {
    fn default() -> Self {
        Self { managed: 6_144, trust: 2_048, session: 2_048, scp: 10_240, rcp: 5_120, bucket: 20 * 1_024 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::RULES;

    #[test]
    fn rules_are_selected_by_code_name_and_group_and_by_the_kind_of_policy() {
        let chosen = |kind: PolicyType, entry: &str| {
            let options = Options { select: vec![entry.to_owned()], ..Options::new(kind) };
            RULES
                .iter()
                .filter(|rule| options.runs(rule.meta()))
                .map(|rule| rule.meta().code)
                .collect::<Vec<_>>()
        };
        assert_eq!(chosen(PolicyType::Identity, "E116"), ["E116"]);
        assert_eq!(chosen(PolicyType::Identity, "duplicate-sid"), ["E116"]);
        assert!(chosen(PolicyType::Resource, "E116").is_empty());
        assert!(chosen(PolicyType::Identity, "").is_empty());
        assert!(chosen(PolicyType::Identity, "W2").iter().all(|code| code.starts_with("W2")));
        assert!(chosen(PolicyType::Identity, "ALL").len() > chosen(PolicyType::Identity, "W").len());
    }

    #[test]
    fn pa_019_reported_are_errors_and_warnings_only() {
        let options = Options::reported(PolicyType::Identity);
        for rule in RULES.iter().filter(|rule| options.runs(rule.meta())) {
            assert!(rule.meta().code.starts_with(['E', 'W']), "{}", rule.meta().code);
        }
    }
}
