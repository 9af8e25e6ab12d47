//! The policies of a run: read once, then put together for whoever asks.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use twokeys::account::{Attached, Attachments, Holding};
use twokeys::engine::{PolicySet, PolicySetBuilder, Prepared};
use twokeys::lint;
use twokeys::name::{AccountId, Arn};
use twokeys::policy::{ParseError, ParseErrorKind, ParseErrors, Policy, PolicyType};
use twokeys::report::{Source, Sources, Warning, stale_age};
use twokeys::request::{Membership, Resource};
use twokeys::source::escaped;

use super::belonging;
use super::home::{AccountFiles, Home, Way};
use super::one_policy::{belongs, one_policy_each};
use super::org::Organization;
use super::question::Question;
use crate::failure::{Failure, Problem};
use crate::input::{Document, Input};

/// No more sets of policies than this are kept at a time.
const MOST_SETS: usize = 512;

/// Which files hold which policies.
#[derive(Debug, Clone, Default)]
pub(crate) struct WorldFiles {
    /// Identity policies of the principal.
    pub(crate) policies: Vec<PathBuf>,
    /// Its permissions boundary.
    pub(crate) boundary: Option<PathBuf>,
    /// Session policies.
    pub(crate) session_policies: Vec<PathBuf>,
    /// Policies of resources.
    pub(crate) resource_policies: Vec<(Arn, PathBuf)>,
    /// The policy of the VPC endpoint.
    pub(crate) endpoint_policy: Option<PathBuf>,
    /// Service control policies, a list for each level, root first.
    pub(crate) scps: Vec<Vec<PathBuf>>,
    /// Resource control policies, likewise.
    pub(crate) rcps: Vec<Vec<PathBuf>>,
    /// The folder of an organization, in place of the two.
    pub(crate) org: Option<PathBuf>,
    /// An account whose users and roles ask.
    pub(crate) account: AccountFiles,
    /// Go on without policies that cannot be read?
    pub(crate) keep_going: bool,
}

/// The policies of a run.
#[derive(Debug, Default)]
pub(crate) struct World {
    policies: Vec<Loaded>,
    /// How many levels of each kind were given, also where nothing at them can be read.
    levels: (usize, usize),
    organization: Option<Organization>,
    /// The account, if one is given.
    home: Option<Home>,
    /// What could not be read, when going on without it was asked for.
    broken: Vec<(Place, Vec<Problem>)>,
    /// Where what was given contradicts itself.
    notices: Vec<String>,
    sets: Mutex<HashMap<Key, Arc<Ready>>>,
}

/// A set of policies, and when MFA is stale for all of them.
#[derive(Debug)]
pub(crate) struct Ready {
    /// The policies.
    pub(crate) set: Arc<PolicySet>,
    /// An age beyond every age that they compare, if they compare one.
    pub(crate) stale_age: Option<u64>,
    /// How the requester comes by those that an account has.
    ways: Vec<Way>,
    /// Is there a boundary of the account in whose place one was given?
    pub(crate) has_other_boundary: bool,
    /// Is a policy missing that applies? Then no answer is a permission.
    pub(crate) is_indeterminate: bool,
}

/// Where the policies of one question come from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origins<'w> {
    world: &'w World,
    ways: &'w [Way],
}

/// A policy in its place, and the text it was read from. AWS's own policies have no text.
#[derive(Debug)]
struct Loaded {
    place: Place,
    document: Option<Document>,
    prepared: Arc<Prepared>,
}

/// Where a policy takes part.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Place {
    Identity,
    Boundary,
    Session,
    Resource(Arn),
    Endpoint,
    Scp(usize),
    Rcp(usize),
    /// Wherever the organization names it, by the name it has there.
    Organization(String),
}

/// Requests with the same key have the same policies.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    principal: Option<AccountId>,
    owner: Option<AccountId>,
    resource_policy: Option<usize>,
    /// The role of the account whose trust policy it is about.
    trust: Option<String>,
    /// The user or the role of the account that asks.
    member: Option<String>,
}

impl Place {
    /// Is the policy of the resource `of` that of this resource?
    pub(super) fn is_policy_of(&self, asked: &Resource, of: &Arn) -> bool {
        matches!(asked, Resource::Arn(asked) if belongs(of, asked))
    }
}

impl World {
    /// Reads all files. One that holds no policy stops the run, with every mistake of every file told.
    pub(crate) fn load(files: &WorldFiles, input: &mut Input) -> Result<Self, Failure> {
        one_policy_each(files)?;
        let home = Home::load(&files.account, files.keep_going, input)?;
        let mut notices = home.as_ref().map(|home| home.notices.clone()).unwrap_or_default();
        let of_world = home.as_ref().and_then(|home| home.org.clone());
        let levels_given = !files.scps.is_empty() || !files.rcps.is_empty();
        if of_world.is_some() && (files.org.is_some() || levels_given) {
            let flag = if levels_given { "--scp and --rcp count" } else { "--org counts" };
            notices.push(format!("organization: {flag}, not that of --world"));
        }
        let org = files.org.clone().or(of_world.filter(|_| !levels_given));
        let organization = org.as_deref().map(|folder| Organization::read(folder, input)).transpose()?;
        let mut read = Vec::new();
        for (place, kind, path) in wanted(files, organization.as_ref()) {
            let document = input.read(&path, &kind.to_string())?;
            read.push((place, kind, path, document));
        }
        let names = names(read.iter().map(|(_, _, path, _)| path.as_path()));
        let mut world = Self {
            levels: (files.scps.len(), files.rcps.len()),
            organization,
            home,
            notices,
            ..Self::default()
        };
        let mut problems = Vec::new();
        for ((place, kind, _, document), name) in read.into_iter().zip(names) {
            match prepare(&name, &document, kind) {
                Ok(prepared) => world.policies.push(Loaded { place, document: Some(document), prepared }),
                Err(errors) => {
                    let of_file = errors.iter().map(|error| problem(&document, kind, error));
                    if files.keep_going {
                        world.broken.push((place, of_file.collect()));
                    } else {
                        problems.extend(of_file);
                    }
                }
            }
        }
        if problems.is_empty() { world.with_builtin() } else { Err(Failure::Problems(problems)) }
    }

    /// Adds the policies of AWS that an organization names without a file.
    fn with_builtin(mut self) -> Result<Self, Failure> {
        let named: Vec<_> = self.organization.iter().flat_map(Organization::builtin).collect();
        for (name, kind, text) in named {
            let policy = Policy::parse(text).and_then(|policy| Prepared::new(name, policy, kind));
            let prepared = policy.map_err(|errors| Problem::new("internal", errors.to_string()))?;
            self.policies.push(Loaded {
                place: Place::Organization(name.to_owned()),
                document: None,
                prepared,
            });
        }
        Ok(self)
    }

    /// The policies that apply to a question.
    pub(crate) fn set_for(&self, question: &Question) -> Result<Arc<Ready>, Failure> {
        let key =
            self.key(question.principal_account(), question.owner(), question.resource(), question.member());
        if let Some(ready) = self.sets().get(&key) {
            return Ok(Arc::clone(ready));
        }
        let ready = Arc::new(self.ready(&key)?);
        let mut sets = self.sets();
        // A stream may name ever more accounts; what is dropped is made again when it is asked for.
        if sets.len() >= MOST_SETS {
            sets.clear();
        }
        sets.insert(key, Arc::clone(&ready));
        drop(sets);
        Ok(ready)
    }

    fn sets(&self) -> MutexGuard<'_, HashMap<Key, Arc<Ready>>> {
        self.sets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The policies that everyone has who asks about this, beside those of the account.
    pub(crate) fn base(&self, resource: &Resource) -> PolicySetBuilder {
        let (account, owner) = self.account_and_owner(resource);
        let key = self.key(account, owner, resource, None);
        // Where RCPs do not reach, none is as good as any (EV-062).
        let beyond_rcps = key.owner.is_some_and(|owner| self.is_management_account(Some(owner)));
        self.build(&Key { owner: key.owner.filter(|_| !beyond_rcps), ..key })
    }

    fn key(
        &self,
        principal: Option<AccountId>,
        owner: Option<AccountId>,
        resource: &Resource,
        member: Option<&str>,
    ) -> Key {
        // Accounts only matter to an organization; without one all requests share a set.
        let in_organization = |account| self.organization.as_ref().is_some_and(|it| it.holds(account));
        let resource_policy = self.policy_of(resource);
        let trust =
            self.home.as_ref().filter(|_| resource_policy.is_none()).and_then(|home| home.role_of(resource));
        Key {
            principal: principal.filter(|account| in_organization(*account)),
            owner: owner.filter(|account| in_organization(*account)),
            resource_policy,
            trust: trust.map(|role| role.name.clone()),
            member: member.map(str::to_owned),
        }
    }

    fn ready(&self, key: &Key) -> Result<Ready, Failure> {
        let too_many = |words: String| {
            Problem::new("too-many-policies", words).help("give only the policies that apply")
        };
        let base = self.build(key);
        let built = || base.clone().build().map(Arc::new).map_err(|error| too_many(error.to_string()));
        let home = self.home.as_ref();
        let mut is_indeterminate = home.zip(key.trust.as_deref()).is_some_and(|(home, role)| {
            home.account.role(role).is_some_and(|role| role.trust_policy().is_err())
        });
        let member = home
            .zip(key.member.as_deref())
            .and_then(|(home, label)| Some((home, home.account.principal(label)?)));
        let Some((home, who)) = member else {
            let set = built()?;
            let (ways, has_other_boundary) = (Vec::new(), false);
            return Ok(Ready { stale_age: stale_age(&set), set, ways, has_other_boundary, is_indeterminate });
        };
        let attachments = Attachments::new(&home.account, PolicySet::builder());
        let (set, ways) = match attachments.of(who) {
            Ok(attached) => {
                let joined = self.joined(base.clone(), &attached).build();
                (Arc::new(joined.map_err(|error| too_many(error.to_string()))?), home.ways(who, &attached))
            }
            Err(_) => {
                is_indeterminate = true;
                (built()?, Vec::new())
            }
        };
        let has_other_boundary = self.has_boundary() && who.held().boundary.is_some();
        Ok(Ready { stale_age: stale_age(&set), set, ways, has_other_boundary, is_indeterminate })
    }

    /// The policies of someone of the account beside those that were given as files. Of two boundaries
    /// the one that was given counts.
    fn joined(&self, mut builder: PolicySetBuilder, attached: &Attached<'_>) -> PolicySetBuilder {
        let boundary_given = self.has_boundary();
        for (_, policy) in attached.set().policies() {
            let is_boundary =
                attached.origin(policy).is_some_and(|origin| origin.holding == Holding::Boundary);
            builder = match is_boundary {
                true if boundary_given => builder,
                true => builder.boundary(Arc::clone(policy)),
                false => builder.identity(Arc::clone(policy)),
            };
        }
        builder
    }

    /// Is a boundary given as a file?
    pub(crate) fn has_boundary(&self) -> bool {
        self.policies.iter().any(|loaded| loaded.place == Place::Boundary)
    }

    fn build(&self, key: &Key) -> PolicySetBuilder {
        let mut builder = PolicySet::builder();
        for (index, loaded) in self.policies.iter().enumerate() {
            let policy = Arc::clone(&loaded.prepared);
            builder = match loaded.place {
                Place::Identity => builder.identity(policy),
                Place::Boundary => builder.boundary(policy),
                Place::Session => builder.session(policy),
                Place::Endpoint => builder.endpoint(policy),
                Place::Resource(_) if key.resource_policy == Some(index) => builder.resource(policy),
                Place::Resource(_) | Place::Scp(_) | Place::Rcp(_) | Place::Organization(_) => builder,
            };
        }
        let role =
            self.home.as_ref().zip(key.trust.as_deref()).and_then(|(home, role)| home.account.role(role));
        if let Some(trust) = role.and_then(|role| role.trust_policy().ok()) {
            builder = builder.resource(Arc::clone(trust));
        }
        let at = |place: &Place| {
            let here = self.policies.iter().filter(|loaded| loaded.place == *place);
            here.map(|loaded| Arc::clone(&loaded.prepared)).collect::<Vec<_>>()
        };
        for level in 0..self.levels.0 {
            builder = builder.scp_level(at(&Place::Scp(level)));
        }
        for level in 0..self.levels.1 {
            builder = builder.rcp_level(at(&Place::Rcp(level)));
        }
        let Some(organization) = &self.organization else { return builder };
        let named = |names: &[String], kind: PolicyType| {
            let found = names.iter().filter_map(|name| {
                self.policies.iter().find(|loaded| {
                    loaded.prepared.kind() == kind && loaded.place == Place::Organization(name.clone())
                })
            });
            found.map(|loaded| Arc::clone(&loaded.prepared)).collect::<Vec<_>>()
        };
        for level in organization.levels(key.principal) {
            builder = builder.scp_level(named(&level.scps, PolicyType::ServiceControl));
        }
        for level in organization.levels(key.owner) {
            builder = builder.rcp_level(named(&level.rcps, PolicyType::ResourceControl));
        }
        builder
    }

    /// Is a policy missing, because it could not be read, that would take part in such a request?
    pub(crate) fn is_missing_one_for(&self, question: &Question) -> bool {
        self.is_missing_one(question.resource(), question.principal_account(), question.owner())
    }

    /// The same for all of the account that is given, who ask about this resource.
    pub(crate) fn is_missing_one_for_all(&self, resource: &Resource) -> bool {
        let (account, owner) = self.account_and_owner(resource);
        self.is_missing_one(resource, account, owner)
    }

    fn is_missing_one(&self, resource: &Resource, who: Option<AccountId>, owner: Option<AccountId>) -> bool {
        self.broken.iter().any(|(place, _)| match place {
            Place::Resource(of) => place.is_policy_of(resource, of),
            Place::Organization(name) => {
                let organization = self.organization.as_ref();
                organization.is_some_and(|organization| organization.reaches(name, who, owner))
            }
            _ => true,
        })
    }

    /// The account that is given, and whose the resource is.
    fn account_and_owner(&self, resource: &Resource) -> (Option<AccountId>, Option<AccountId>) {
        let account = self.home.as_ref().map(|home| home.account.id());
        let by_arn = if let Resource::Arn(arn) = resource { arn.account() } else { None };
        (account, by_arn.or(account))
    }

    /// The places of the policies that flags gave, each kind once and each resource.
    pub(super) fn given_places(&self) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for loaded in &self.policies {
            let place = match &loaded.place {
                Place::Scp(_) => Place::Scp(0),
                Place::Rcp(_) => Place::Rcp(0),
                Place::Endpoint | Place::Organization(_) => continue,
                place => place.clone(),
            };
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }

    /// Is a policy of this resource given?
    pub(super) fn has_policy_of(&self, resource: &Resource) -> bool {
        self.policy_of(resource).is_some()
    }

    /// The organization, if one is given.
    pub(super) fn organization(&self) -> Option<&Organization> {
        self.organization.as_ref()
    }

    /// The policies that were read, whatever their place.
    pub(crate) fn policies(&self) -> impl Iterator<Item = &Prepared> {
        let of_account = self.home.iter().flat_map(Home::policies);
        self.policies.iter().map(|loaded| &*loaded.prepared).chain(of_account)
    }

    /// What could not be read and was left out.
    pub(crate) fn left_out(&self) -> impl Iterator<Item = &Problem> {
        let of_account = self.home.iter().flat_map(|home| &home.left_out);
        self.broken.iter().flat_map(|(_, problems)| problems).chain(of_account)
    }

    /// The account, if one is given.
    pub(crate) fn home(&self) -> Option<&Home> {
        self.home.as_ref()
    }

    /// Is the account one that the organization reaches, if one is given?
    pub(crate) fn check_account(&self) -> Result<(), Problem> {
        belonging::check_account(self)
    }

    /// Where what was given contradicts itself.
    pub(crate) fn notices(&self) -> &[String] {
        &self.notices
    }

    /// Where the policies come from that someone comes by in these ways.
    pub(crate) fn origins_of<'w>(&'w self, ways: &'w [Way]) -> Origins<'w> {
        Origins { world: self, ways }
    }

    /// Where the policies come from that apply to a question.
    pub(crate) fn origins<'w>(&'w self, ready: &'w Ready) -> Origins<'w> {
        Origins { world: self, ways: &ready.ways }
    }

    /// The place of an account in the organization.
    pub(crate) fn membership(&self, account: Option<AccountId>) -> Option<Membership> {
        self.organization.as_ref()?.membership(account?)
    }

    /// Is this the management account of the organization?
    pub(crate) fn is_management_account(&self, account: Option<AccountId>) -> bool {
        let organization = self.organization.as_ref();
        organization.is_some_and(|organization| Some(organization.management_account) == account)
    }

    /// What is wrong with the policies although they are evaluated (PA-019).
    pub(crate) fn findings(&self) -> Vec<Warning> {
        let written = self.policies.iter().filter(|loaded| loaded.document.is_some());
        written.flat_map(|loaded| findings(&loaded.prepared, self)).collect()
    }

    /// The same for the policies of an account that apply to a question.
    pub(crate) fn findings_for(
        &self,
        ready: &Ready,
        mut is_new: impl FnMut(&Prepared) -> bool,
    ) -> Vec<Warning> {
        let Some(home) = &self.home else { return Vec::new() };
        let origins = self.origins(ready);
        let policies = ready.set.policies().map(|(_, policy)| &**policy);
        let of_account = policies.filter(|policy| home.source(policy, None).is_some() && is_new(policy));
        of_account.flat_map(|policy| findings(policy, &origins)).collect()
    }

    /// The text that answers refer to by this name.
    pub(crate) fn document(&self, file: &str) -> Option<Document> {
        let mut documents = self.policies.iter().filter_map(|loaded| loaded.document.as_ref());
        let found = documents.find(|document| document.name == file).cloned();
        found.or_else(|| self.home.as_ref()?.document(file))
    }

    /// Is there no policy at all?
    pub(crate) fn is_empty(&self) -> bool {
        self.policies.is_empty() && self.broken.is_empty() && self.home.is_none()
    }

    /// Which of the resource policies is that of this resource?
    fn policy_of(&self, resource: &Resource) -> Option<usize> {
        let Resource::Arn(asked) = resource else { return None };
        let mut best: Option<(usize, usize)> = None;
        for (index, loaded) in self.policies.iter().enumerate() {
            if let Place::Resource(of) = &loaded.place
                && belongs(of, asked)
                && best.is_none_or(|(longest, _)| of.as_str().len() >= longest)
            {
                best = Some((of.as_str().len(), index));
            }
        }
        best.map(|(_, index)| index)
    }
}

impl Sources for World {
    fn source(&self, policy: &Prepared) -> Option<Source<'_>> {
        Origins { world: self, ways: &[] }.source_of(policy)
    }
}

impl Sources for Origins<'_> {
    fn source(&self, policy: &Prepared) -> Option<Source<'_>> {
        self.source_of(policy)
    }

    fn via(&self, policy: &Prepared) -> Option<String> {
        Way::to(self.ways, policy).map(|way| way.via.clone())
    }
}

impl<'w> Origins<'w> {
    fn source_of(self, policy: &Prepared) -> Option<Source<'w>> {
        let is_it = |loaded: &&Loaded| std::ptr::eq(&raw const *loaded.prepared, policy);
        if let Some(loaded) = self.world.policies.iter().find(is_it) {
            let document = loaded.document.as_ref()?;
            return Some(Source { file: &document.name, text: &document.bytes });
        }
        let label = Way::to(self.ways, policy).map(|way| way.label.as_str());
        self.world.home.as_ref()?.source(policy, label)
    }
}

fn findings(policy: &Prepared, sources: &dyn Sources) -> Vec<Warning> {
    let findings = lint::lint(policy.policy(), &lint::Options::reported(policy.kind()));
    findings.into_iter().map(|finding| Warning::of_finding(&finding, policy, sources)).collect()
}

/// All files with the place and the type of what they hold.
fn wanted(files: &WorldFiles, organization: Option<&Organization>) -> Vec<(Place, PolicyType, PathBuf)> {
    let mut wanted: Vec<(Place, PolicyType, PathBuf)> = Vec::new();
    let mut all = |place: &Place, kind, paths: &[PathBuf]| {
        wanted.extend(paths.iter().map(|path| (place.clone(), kind, path.clone())));
    };
    all(&Place::Identity, PolicyType::Identity, &files.policies);
    all(&Place::Boundary, PolicyType::Boundary, files.boundary.as_slice());
    all(&Place::Session, PolicyType::Session, &files.session_policies);
    all(&Place::Endpoint, PolicyType::Endpoint, files.endpoint_policy.as_slice());
    for (level, paths) in files.scps.iter().enumerate() {
        all(&Place::Scp(level), PolicyType::ServiceControl, paths);
    }
    for (level, paths) in files.rcps.iter().enumerate() {
        all(&Place::Rcp(level), PolicyType::ResourceControl, paths);
    }
    for (arn, path) in &files.resource_policies {
        let is_role = arn.service() == "iam" && arn.resource().starts_with("role/");
        let kind = if is_role { PolicyType::Trust } else { PolicyType::Resource };
        wanted.push((Place::Resource(arn.clone()), kind, path.clone()));
    }
    for (name, kind, path) in organization.into_iter().flat_map(Organization::files) {
        wanted.push((Place::Organization(name.to_owned()), kind, path));
    }
    wanted
}

/// The names of policies: that of the file without its ending; the whole path where two are alike.
fn names<'p>(paths: impl Iterator<Item = &'p Path> + Clone) -> Vec<String> {
    let short = |path: &Path| match path.file_stem() {
        Some(stem) if path.as_os_str() != "-" => stem.to_string_lossy().into_owned(),
        _ => "stdin".to_owned(),
    };
    let mut seen: BTreeMap<String, &Path> = BTreeMap::new();
    let mut twice = Vec::new();
    for path in paths.clone() {
        let first = *seen.entry(short(path)).or_insert(path);
        if first != path {
            twice.push(short(path));
        }
    }
    let name = |path: &Path| {
        let short = short(path);
        if twice.contains(&short) { path.with_extension("").display().to_string() } else { short }
    };
    paths.map(name).collect()
}

/// What is wrong with a file. A policy of a resource among those of the principal is a common mistake,
/// and here it is known where it belongs.
fn problem(document: &Document, kind: PolicyType, error: &ParseError) -> Problem {
    let mut diagnostic = error.to_diagnostic();
    if kind == PolicyType::Identity && matches!(error.kind(), ParseErrorKind::UnsupportedPrincipal { .. }) {
        let file = escaped(&document.name);
        let help = "a policy that names principals is that of a resource";
        diagnostic.help = Some(format!("{help}: give it as `--resource-policy ARN={file}`"));
    }
    Problem::at(document, diagnostic)
}

fn prepare(name: &str, document: &Document, kind: PolicyType) -> Result<Arc<Prepared>, ParseErrors> {
    Prepared::new(name, Policy::parse_bytes(&document.bytes)?, kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_called_by_their_file_and_by_their_path_where_two_are_alike() {
        let paths = ["a/force-mfa.json", "-", "b/p.json", "c/p.json"].map(PathBuf::from);
        let names = names(paths.iter().map(PathBuf::as_path));
        assert_eq!(names, ["force-mfa", "stdin", "b/p", "c/p"]);
    }
}
