//! The account that was given: what it was read from, and who is in it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use twokeys::account::{
    self, Account, Attached, CredentialReport, Holding, Limits, ManagedPolicies, MfaDevices, Place,
    PrincipalRef, ProblemKind, Problems, ReadOptions, Role,
};
use twokeys::engine::Prepared;
use twokeys::name::nearest;
use twokeys::report::Source;
use twokeys::request::{Principal, PrincipalKind, Resource};
use twokeys::source::shown;

use super::trouble::{DEVICES, Dump, Files, REPORT, plain};
use crate::failure::{Failure, Problem};
use crate::folder::{self, Names};
use crate::input::{Document, Input};

/// The files that tell of an account.
#[derive(Debug, Clone, Default)]
pub(crate) struct AccountFiles {
    /// Dumps, in the order of their pages.
    pub(crate) dumps: Vec<PathBuf>,
    /// A folder as `account unpack` writes it.
    pub(crate) folder: Option<PathBuf>,
    /// Are all versions of managed policies read, not only those in force?
    pub(crate) all_versions: bool,
    /// The credential report.
    pub(crate) credential_report: Option<PathBuf>,
    /// Lists of MFA devices.
    pub(crate) mfa_devices: Vec<PathBuf>,
    /// Managed policies that a dump names and does not carry.
    pub(crate) managed_policies: Vec<PathBuf>,
}

/// An account, and the files it was read from.
#[derive(Debug)]
pub(crate) struct Home {
    /// What was read.
    pub(crate) account: Account,
    dumps: Vec<Dump>,
    managed: Vec<Document>,
    /// Where each policy stands, by its address: what is the same text is one policy.
    texts: HashMap<usize, Text>,
    /// What could not be read, when going on without it was asked for.
    pub(crate) left_out: Vec<Problem>,
    /// Files that contradict each other; the later one counts.
    pub(crate) notices: Vec<String>,
    /// The folder of the organization that came with the account.
    pub(crate) org: Option<PathBuf>,
}

#[derive(Debug)]
struct Text {
    label: String,
    place: Place,
    decoded: OnceLock<Option<String>>,
}

/// How someone comes by a policy.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    /// The address of the policy.
    policy: usize,
    /// Where it stands, in words: `user/alice#inline:ForceMFA`, `policy/PowerUser`.
    pub(crate) label: String,
    /// `inline`, or `attached, group Developers`.
    pub(crate) via: String,
}

impl Home {
    /// Reads an account, if one is given.
    pub(crate) fn load(
        files: &AccountFiles,
        keep_going: bool,
        input: &mut Input,
    ) -> Result<Option<Self>, Failure> {
        let limits = Limits::default();
        let mut notices = Vec::new();
        let mut dumps = Vec::new();
        for path in &files.dumps {
            let document = match told_by_an_endpoint(path)? {
                Some(document) => document,
                None => input.read_dump(path, "dump of the account", limits.file())?,
            };
            dumps.push(Dump { document, pieces: Vec::new() });
        }
        let mut report = None;
        let mut org = None;
        let mut of_folder = None;
        if let Some(folder) = &files.folder {
            let mut given = Names::new();
            for dump in &dumps {
                given.extend(folder::names(&dump.document)?);
            }
            let packed = folder::pack(folder, &given, input)?;
            let shown = folder.display();
            notices
                .extend(packed.replaced.iter().map(|name| format!("{name}: --account counts, not {shown}")));
            report = packed.credential_report;
            org = packed.org;
            of_folder = Some(packed.account);
            dumps.insert(0, Dump { document: packed.dump, pieces: packed.pieces });
        }
        if dumps.is_empty() {
            return match files.first_besides() {
                Some(flag) => Err(no_dump(flag).into()),
                None => Ok(None),
            };
        }
        let managed = files.managed_policies.iter();
        let managed = managed.map(|path| input.read_dump(path, "managed policies", limits.file()));
        let managed = managed.collect::<Result<Vec<_>, _>>()?;
        let mut home = Self::read(dumps, managed, files.all_versions, keep_going)?;
        home.org = org;
        if let (Some(folder), Some(id)) = (&files.folder, of_folder.filter(|id| *id != home.account.id())) {
            let message = format!(
                "`{}` says that it is account {id}, but it holds {}",
                folder.display(),
                home.account.id()
            );
            return Err(Problem::new("bad-world", message).help("correct `account.json`").into());
        }
        if let Some(path) = &files.credential_report {
            if report.is_some() {
                notices.push("credential report: --credential-report counts, not that of --world".to_owned());
            }
            report = Some(input.read_dump(path, "credential report", limits.file())?);
        }
        if let Some(document) = &report {
            let read = CredentialReport::read(&document.bytes);
            read.and_then(|report| home.account.add_credential_report(&report))
                .map_err(|problem| plain(document, &problem, REPORT))?;
        }
        for path in &files.mfa_devices {
            let document = input.read_dump(path, "list of MFA devices", limits.file())?;
            let read = MfaDevices::read(&document.bytes);
            read.and_then(|devices| home.account.add_mfa_devices(&devices))
                .map_err(|problem| plain(&document, &problem, DEVICES))?;
        }
        notices.extend(home.account.notices().iter().map(ToString::to_string));
        home.notices = notices;
        Ok(Some(home))
    }

    fn read(
        dumps: Vec<Dump>,
        managed: Vec<Document>,
        all_versions: bool,
        keep_going: bool,
    ) -> Result<Self, Failure> {
        let limits = Limits::default();
        let read = managed
            .iter()
            .enumerate()
            .map(|(at, document)| ManagedPolicies::read(at, &document.bytes, &limits));
        let read: Result<Vec<_>, _> = read.collect();
        let files = Files { dumps: &dumps, managed: &managed };
        let read = read.map_err(|problem| files.told(&problem.into()))?;
        let options = ReadOptions { managed: read, keep_going, all_versions, limits };
        let bytes: Vec<&[u8]> = dumps.iter().map(|dump| &*dump.document.bytes).collect();
        let account = Account::read(&bytes, &options).map_err(|problems| files.told(&problems))?;
        let left_out = account.problems().to_vec();
        let left_out =
            Problems::from_vec(left_out).map_or_else(Vec::new, |problems| files.problems(&problems));
        let mut texts = HashMap::new();
        for (label, document) in account.documents() {
            if let Ok(policy) = document.policy() {
                let text = || Text { label, place: document.place(), decoded: OnceLock::new() };
                texts.entry(address(policy)).or_insert_with(text);
            }
        }
        // A boundary is made ready apart from the policy whose text it is.
        for policy in account.policies() {
            let document = policy.default_version().map(|version| &version.document);
            if let Some((boundary, document)) = policy.boundary().zip(document) {
                let label = format!("policy/{}", policy.name);
                texts.insert(
                    address(boundary),
                    Text { label, place: document.place(), decoded: OnceLock::new() },
                );
            }
        }
        drop(options);
        Ok(Self { account, dumps, managed, texts, left_out, notices: Vec::new(), org: None })
    }

    /// What was read, and the bytes of the dumps and of the managed policies it was read from.
    #[cfg(feature = "serve")]
    pub(crate) fn into_dump(self) -> twokeys_server::from_dump::Dump {
        let bytes = |document: &Document| document.bytes.clone();
        twokeys_server::from_dump::Dump {
            dumps: self.dumps.iter().map(|dump| bytes(&dump.document)).collect(),
            managed: self.managed.iter().map(bytes).collect(),
            account: self.account,
        }
    }

    /// The dumps that were given as files.
    pub(crate) fn dumps(&self) -> Vec<Document> {
        self.dumps.iter().map(|dump| dump.document.clone()).collect()
    }

    /// What is wrong beside broken and missing policies, which a folder can hold as they are.
    pub(crate) fn unfit_for_a_folder(&self) -> Vec<Problem> {
        let harmless = |problem: &&account::Problem| {
            matches!(
                problem.kind,
                ProblemKind::Policy(_) | ProblemKind::MissingPolicy(_) | ProblemKind::UnknownGroup(_)
            )
        };
        let unfit = self.account.problems().iter().filter(|problem| !harmless(problem)).cloned().collect();
        let files = Files { dumps: &self.dumps, managed: &self.managed };
        Problems::from_vec(unfit).map_or_else(Vec::new, |problems| files.problems(&problems))
    }

    /// Who is called so: `user/NAME`, `role/NAME`, with the path or without it.
    pub(crate) fn named(&self, text: &str) -> Result<PrincipalRef<'_>, Problem> {
        if let Some(found) = self.account.principal(text) {
            return Ok(found);
        }
        let last = text.rsplit('/').next().unwrap_or_default();
        let kind = text.split('/').next().unwrap_or_default();
        let found = self.account.principal(&format!("{kind}/{last}"));
        found.filter(|found| found.arn().resource() == text).ok_or_else(|| self.unknown(text))
    }

    /// The user or the role whose policies count when `principal` asks; none for a stranger and for those
    /// who have no policies of their own.
    pub(crate) fn member(&self, principal: &Principal) -> Result<Option<PrincipalRef<'_>>, Problem> {
        if principal.account() != Some(self.account.id()) {
            return Ok(None);
        }
        match principal.kind() {
            PrincipalKind::User => {
                let user = principal.user_name().and_then(|name| self.account.user(name)).map(PrincipalRef::User);
                let user = user.filter(|user| Some(user.arn()) == principal.arn());
                user.map(Some).ok_or_else(|| self.unknown(principal.as_str()))
            }
            PrincipalKind::RoleSession => {
                let role = principal.role_name().and_then(|name| self.account.role(name)).map(PrincipalRef::Role);
                role.map(Some).ok_or_else(|| self.unknown(principal.as_str()))
            }
            PrincipalKind::FederatedUser => match &principal.details.issuer_user_arn {
                Some(issuer) => {
                    let name = issuer.resource().rsplit('/').next().unwrap_or_default();
                    let user = self.account.user(name).filter(|user| user.arn == *issuer).map(PrincipalRef::User);
                    user.map(Some).ok_or_else(|| self.unknown(issuer.as_str()))
                }
                None => Err(Problem::new(
                    "unknown-principal",
                    "a federated user has the policies of the user who called GetFederationToken, and nothing says who that was",
                )
                .help("name the user: --principal-detail issuerUserArn=arn:aws:iam::ACCOUNT:user/NAME")),
            },
            _ => Ok(None),
        }
    }

    fn unknown(&self, text: &str) -> Problem {
        let account = &self.account;
        let labels: Vec<String> = account.principals().map(PrincipalRef::label).collect();
        let arns: Vec<&str> = account.principals().map(|one| one.arn().as_str()).collect();
        let all = labels.iter().map(String::as_str).chain(arns);
        let name = text.rsplit('/').next().unwrap_or_default();
        // The right name with the wrong kind or path is nearer than any other name.
        let same = account.principals().find(|one| one.arn().resource().rsplit('/').next() == Some(name));
        let help = match same.map(PrincipalRef::label).or_else(|| nearest(text, all).map(str::to_owned)) {
            Some(meant) => format!("did you mean `{}`?", shown(&meant)),
            None => "`twokeys account summary` lists the users and roles".to_owned(),
        };
        let message = format!(
            "`{}` is none of the {} users and {} roles of account {}",
            shown(text),
            account.users().len(),
            account.roles().len(),
            account.id()
        );
        Problem::new("unknown-principal", message).help(help)
    }

    /// The role of the account that is asked about.
    pub(crate) fn role_of(&self, resource: &Resource) -> Option<&Role> {
        let Resource::Arn(arn) = resource else { return None };
        let name = arn.resource().strip_prefix("role/")?.rsplit('/').next()?;
        self.account.role(name).filter(|role| role.arn == *arn)
    }

    /// How someone comes by each of its policies.
    pub(crate) fn ways(&self, who: PrincipalRef<'_>, attached: &Attached<'_>) -> Vec<Way> {
        let ways = attached.set().policies().filter_map(|(_, policy)| {
            let origin = attached.origin(policy)?;
            let label = match (origin.holding, origin.group) {
                (Holding::Inline, None) => format!("{}#inline:{}", who.label(), policy.name()),
                (Holding::Inline, Some(group)) => format!("group/{group}#inline:{}", policy.name()),
                (Holding::Managed | Holding::Boundary, _) => format!("policy/{}", policy.name()),
            };
            Some(Way { policy: address(policy), label, via: origin.to_string() })
        });
        ways.collect()
    }

    /// Where a policy of the account stands, and its text. `label` is what it is called in a dump.
    pub(crate) fn source<'s>(&'s self, policy: &Prepared, label: Option<&'s str>) -> Option<Source<'s>> {
        let text = self.texts.get(&address(policy))?;
        let files = Files { dumps: &self.dumps, managed: &self.managed };
        if let Some(piece) = files.piece(text.place) {
            let bytes = piece.document.bytes.get(piece.offset as usize..)?;
            return Some(Source { file: &piece.document.name, text: bytes });
        }
        let bytes = match text.place.form {
            account::Form::Object => files.document(text.place.file)?.bytes.get(text.place.span.range())?,
            account::Form::Text => {
                let decoded = text.decoded.get_or_init(|| {
                    let file = files.document(text.place.file)?;
                    text.place.text(&file.bytes).map(Cow::into_owned)
                });
                decoded.as_ref()?.as_bytes()
            }
        };
        Some(Source { file: label.unwrap_or(&text.label), text: bytes })
    }

    /// The policy that answers refer to by this name.
    pub(crate) fn document(&self, label: &str) -> Option<Document> {
        let mut documents =
            self.account.documents().filter_map(|(own, document)| Some((own, document.policy().ok()?)));

        documents.find_map(|(own, policy)| {
            let source = self.source(policy, Some(&own))?;
            (source.file == label).then(|| Document::new(label, source.text))
        })
    }

    /// The policies of the account, each once.
    pub(crate) fn policies(&self) -> impl Iterator<Item = &Prepared> {
        let policies = self.account.documents().filter_map(|(_, document)| document.policy().ok());
        let mut seen = std::collections::HashSet::new();
        policies.filter(move |policy| seen.insert(address(policy))).map(|policy| &**policy)
    }
}

/// What tells one policy from another.
fn address(policy: &Prepared) -> usize {
    std::ptr::from_ref(policy).addr()
}

impl Way {
    /// How someone comes by this policy.
    pub(crate) fn to<'w>(ways: &'w [Self], policy: &Prepared) -> Option<&'w Self> {
        ways.iter().find(|way| way.policy == address(policy))
    }
}

impl AccountFiles {
    /// A flag that adds to an account, when there is none.
    fn first_besides(&self) -> Option<&'static str> {
        [
            ("--credential-report", self.credential_report.is_some()),
            ("--mfa-devices", !self.mfa_devices.is_empty()),
            ("--managed-policies", !self.managed_policies.is_empty()),
        ]
        .into_iter()
        .find_map(|(flag, given)| given.then_some(flag))
    }
}

fn no_dump(flag: &str) -> Problem {
    Problem::new("no-account", format!("{flag} adds to an account, and none is given"))
        .help("give one: --account FILE, or --world DIR")
}

/// The account of a running endpoint, if that is what `--account` names.
fn told_by_an_endpoint(path: &Path) -> Result<Option<Document>, Failure> {
    #[cfg(feature = "serve")]
    if let Some(url) = crate::client::account::address(path) {
        return Ok(Some(Document::new(url, crate::client::account::fetch(url)?)));
    }
    #[cfg(not(feature = "serve"))]
    let _ = path;
    Ok(None)
}
