//! An organization from a folder: `org.json` with its tree, and the policies it names (UX-085).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use twokeys::json::{self, Limits, Member, Node, Value};
use twokeys::name::{AccountId, nearest};
use twokeys::policy::PolicyType;
use twokeys::request::Membership;
use twokeys::source::{Diagnostic, Severity, Span};

use crate::failure::{Failure, Problem};
use crate::input::{Document, Input};

/// The policies that AWS brings along: name, type, text.
const BUILTIN: [(&str, PolicyType, &str); 2] = [
    (
        "FullAWSAccess",
        PolicyType::ServiceControl,
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#,
    ),
    (
        "RCPFullAWSAccess",
        PolicyType::ResourceControl,
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}"#,
    ),
];

/// An organization.
#[derive(Debug)]
pub(crate) struct Organization {
    id: String,
    /// The account that its policies do not reach.
    pub(crate) management_account: AccountId,
    root: Unit,
    folder: PathBuf,
}

/// The root or an organizational unit.
#[derive(Debug, Default)]
struct Unit {
    id: String,
    attached: Attached,
    accounts: BTreeMap<AccountId, Attached>,
    units: Vec<Unit>,
}

/// The names of the policies at one place of the tree.
#[derive(Debug, Clone)]
pub(crate) struct Attached {
    /// Service control policies.
    pub(crate) scps: Vec<String>,
    /// Resource control policies.
    pub(crate) rcps: Vec<String>,
}

impl Default for Attached {
    fn default() -> Self {
        Self { scps: vec!["FullAWSAccess".to_owned()], rcps: Vec::new() }
    }
}

impl Organization {
    /// Reads `org.json` of a folder.
    pub(crate) fn read(folder: &Path, input: &mut Input) -> Result<Self, Failure> {
        let document = input.read(&folder.join("org.json"), "organization")?;
        let reading = json::read(&document.bytes, &Limits::default());
        let mut reader = Reader { document: &document, problems: Vec::new() };
        reader
            .problems
            .extend(reading.errors.iter().map(|error| Problem::at(&document, error.to_diagnostic())));
        let organization = reading.root.as_ref().and_then(|root| reader.organization(root, folder));
        match organization {
            Some(organization) if reader.problems.is_empty() => Ok(organization),
            _ => Err(Failure::Problems(reader.problems)),
        }
    }

    /// The levels from the root to an account, itself the last; none for a stranger.
    pub(crate) fn levels(&self, account: Option<AccountId>) -> Vec<&Attached> {
        let Some(account) = account else { return Vec::new() };
        let Some(units) = self.root.way_to(account) else { return Vec::new() };
        let own = units.last().and_then(|unit| unit.accounts.get(&account));
        units.iter().map(|unit| &unit.attached).chain(own).collect()
    }

    /// Does the account belong to it? The management account does, wherever it stands in the tree.
    pub(crate) fn holds(&self, account: AccountId) -> bool {
        account == self.management_account || self.root.way_to(account).is_some()
    }

    /// All accounts, as they are written.
    pub(crate) fn accounts(&self) -> Vec<String> {
        let mut accounts = vec![self.management_account];
        self.root.collect_accounts(&mut accounts);
        accounts.iter().map(ToString::to_string).collect()
    }

    /// Is there a resource control policy that limits anything?
    pub(crate) fn has_rcps(&self) -> bool {
        let limits = |(name, kind): &(&str, PolicyType)| {
            *kind == PolicyType::ResourceControl && builtin(name, *kind).is_none()
        };
        self.names().iter().any(limits)
    }

    /// Does the policy of this name stand over one of the two: as service control policy over the
    /// requester, as resource control policy over the owner?
    pub(crate) fn reaches(&self, name: &str, principal: Option<AccountId>, owner: Option<AccountId>) -> bool {
        let has = |names: &[String]| names.iter().any(|known| known == name);
        self.levels(principal).iter().any(|level| has(&level.scps))
            || self.levels(owner).iter().any(|level| has(&level.rcps))
    }

    /// Where an account belongs.
    pub(crate) fn membership(&self, account: AccountId) -> Option<Membership> {
        // A management account that is not in the tree stands at its root.
        let at_root = || (account == self.management_account).then(|| vec![&self.root]);
        let units = self.root.way_to(account).or_else(at_root)?;
        let mut path = format!("{}/", self.id);
        for unit in units {
            path.push_str(&unit.id);
            path.push('/');
        }
        Some(Membership { organization: self.id.clone(), path })
    }

    /// The files it names, each once: the name as written, what it holds, where it is.
    pub(crate) fn files(&self) -> Vec<(&str, PolicyType, PathBuf)> {
        let named = self.names().into_iter().filter(|(name, kind)| builtin(name, *kind).is_none());
        named.map(|(name, kind)| (name, kind, self.folder.join(name))).collect()
    }

    /// The policies it names that are AWS's own: name, type, text.
    pub(crate) fn builtin(&self) -> Vec<(&'static str, PolicyType, &'static str)> {
        self.names().into_iter().filter_map(|(name, kind)| builtin(name, kind)).collect()
    }

    fn names(&self) -> Vec<(&str, PolicyType)> {
        let mut names = Vec::new();
        self.root.collect(&mut names);
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl Unit {
    fn way_to(&self, account: AccountId) -> Option<Vec<&Self>> {
        if self.accounts.contains_key(&account) {
            return Some(vec![self]);
        }
        let mut way = self.units.iter().find_map(|unit| unit.way_to(account))?;
        way.insert(0, self);
        Some(way)
    }

    fn collect_accounts(&self, accounts: &mut Vec<AccountId>) {
        accounts.extend(self.accounts.keys());
        for unit in &self.units {
            unit.collect_accounts(accounts);
        }
    }

    fn collect<'u>(&'u self, names: &mut Vec<(&'u str, PolicyType)>) {
        for attached in std::iter::once(&self.attached).chain(self.accounts.values()) {
            names.extend(attached.scps.iter().map(|name| (name.as_str(), PolicyType::ServiceControl)));
            names.extend(attached.rcps.iter().map(|name| (name.as_str(), PolicyType::ResourceControl)));
        }
        for unit in &self.units {
            unit.collect(names);
        }
    }
}

fn builtin(name: &str, kind: PolicyType) -> Option<(&'static str, PolicyType, &'static str)> {
    BUILTIN.into_iter().find(|(known, of, _)| *known == name && *of == kind)
}

/// Collects what is wrong. The depth of the tree is that of the JSON, which has a limit.
struct Reader<'d> {
    document: &'d Document,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn organization(&mut self, root: &Node<'_>, folder: &Path) -> Option<Organization> {
        let (mut id, mut management_account, mut tree) = (None, None, None);
        for Member { key, key_span, value } in self.members("an organization", root)? {
            match &**key {
                "id" => id = self.text("`id`", value).map(str::to_owned),
                "management_account" => management_account = self.parsed("`management_account`", value),
                "root" => tree = self.unit(value, &mut Vec::new()),
                name => self.unknown(name, *key_span, &["id", "management_account", "root"]),
            }
        }
        let mut need = |name: &str| {
            let message = format!("the organization has no `{name}`");
            self.fail(root.span, message, &format!("add `\"{name}\": …`"));
        };
        match (id, management_account, tree) {
            (Some(id), Some(management_account), Some(root)) => {
                Some(Organization { id, management_account, root, folder: folder.to_owned() })
            }
            (id, account, tree) => {
                for (name, missing) in [
                    ("id", id.is_none()),
                    ("management_account", account.is_none()),
                    ("root", tree.is_none()),
                ] {
                    if missing {
                        need(name);
                    }
                }
                None
            }
        }
    }

    /// The root or a unit. `seen`: the accounts met so far, since an account has one place.
    fn unit(&mut self, node: &Node<'_>, seen: &mut Vec<AccountId>) -> Option<Unit> {
        let mut unit = Unit::default();
        for Member { key, key_span, value } in self.members("a unit", node)? {
            match &**key {
                "id" => unit.id = String::from(self.text("`id`", value)?),
                "scps" => unit.attached.scps = self.names("`scps`", value)?,
                "rcps" => unit.attached.rcps = self.names("`rcps`", value)?,
                "accounts" => {
                    for Member { key, key_span, value } in self.members("`accounts`", value)? {
                        let Some(account) = self.parse(key, *key_span) else { continue };
                        if seen.contains(&account) {
                            let message = format!("the account {account} has two places in the tree");
                            self.fail(*key_span, message, "keep one of them");
                        }
                        seen.push(account);
                        if let Some(attached) = self.attached(value) {
                            unit.accounts.insert(account, attached);
                        }
                    }
                }
                "ous" => {
                    for Member { value, .. } in self.members("`ous`", value)? {
                        unit.units.extend(self.unit(value, seen));
                    }
                }
                name => self.unknown(name, *key_span, &["id", "scps", "rcps", "accounts", "ous"]),
            }
        }
        if unit.id.is_empty() {
            self.fail(node.span, "a unit has no `id`".to_owned(), "add `\"id\": \"ou-…\"` (the root: `r-…`)");
        }
        Some(unit)
    }

    fn attached(&mut self, node: &Node<'_>) -> Option<Attached> {
        let mut attached = Attached::default();
        for Member { key, key_span, value } in self.members("an account", node)? {
            match &**key {
                "scps" => attached.scps = self.names("`scps`", value)?,
                "rcps" => attached.rcps = self.names("`rcps`", value)?,
                name => self.unknown(name, *key_span, &["scps", "rcps"]),
            }
        }
        Some(attached)
    }

    fn names(&mut self, what: &str, node: &Node<'_>) -> Option<Vec<String>> {
        let Value::Array(entries) = &node.value else {
            self.wrong(what, "a list of policies", node);
            return None;
        };
        entries.iter().map(|entry| self.text("the name of a policy", entry).map(str::to_owned)).collect()
    }

    fn members<'n, 't>(&mut self, what: &str, node: &'n Node<'t>) -> Option<&'n [Member<'t>]> {
        if let Value::Object(members) = &node.value {
            return Some(members);
        }
        self.wrong(what, "an object", node);
        None
    }

    fn text<'n>(&mut self, what: &str, node: &'n Node<'_>) -> Option<&'n str> {
        if let Value::String(text) = &node.value {
            return Some(text);
        }
        self.wrong(what, "a string", node);
        None
    }

    fn parsed<T: FromStr<Err: ToString>>(&mut self, what: &str, node: &Node<'_>) -> Option<T> {
        let text = self.text(what, node)?.to_owned();
        self.parse(&text, node.span)
    }

    fn parse<T: FromStr<Err: ToString>>(&mut self, text: &str, span: Span) -> Option<T> {
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.fail(span, error.to_string(), "write it as `111122223333`");
                None
            }
        }
    }

    fn unknown(&mut self, name: &str, span: Span, known: &[&str]) {
        let help = match nearest(name, known.iter().copied()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("there are `{}`", known.join("`, `")),
        };
        self.fail(span, format!("there is no member `{name}` here"), &help);
    }

    fn wrong(&mut self, what: &str, expected: &str, node: &Node<'_>) {
        // What is broken was told by the reader of JSON.
        if node.value != Value::Broken {
            self.fail(node.span, format!("{what} is {expected}"), &format!("write {expected} here"));
        }
    }

    fn fail(&mut self, span: Span, message: String, help: &str) {
        let diagnostic = Diagnostic {
            code: "bad-organization",
            severity: Severity::Error,
            message,
            span,
            label: String::new(),
            other: None,
            help: Some(help.to_owned()),
        };
        self.problems.push(Problem::at(self.document, diagnostic));
    }
}
