//! The policies of a run: read once, then put together for whoever asks.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use twokeys::engine::Prepared;
use twokeys::name::{AccountId, Arn};
use twokeys::policy::{ParseError, ParseErrorKind, ParseErrors, Policy, PolicyType};
use twokeys::request::{Membership, Resource};
use twokeys::source::escaped;

use super::belonging;
use super::home::{AccountFiles, Home};
use super::names::names;
use super::one_policy::{belongs, one_policy_each};
use super::org::Organization;
use super::question::Question;
use super::sets::{Key, Ready};
use crate::failure::{Failure, Problem};
use crate::input::{Document, Input};

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
    pub(super) policies: Vec<Loaded>,
    /// How many levels of each kind were given, also where nothing at them can be read.
    pub(super) levels: (usize, usize),
    pub(super) organization: Option<Organization>,
    /// The account, if one is given.
    pub(super) home: Option<Home>,
    /// What could not be read, when going on without it was asked for.
    broken: Vec<(Place, Vec<Problem>)>,
    /// Where what was given contradicts itself.
    notices: Vec<String>,
    pub(super) sets: Mutex<HashMap<Key, Arc<Ready>>>,
}

/// A policy in its place, and the text it was read from. AWS's own policies have no text.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) place: Place,
    pub(super) document: Option<Document>,
    pub(super) prepared: Arc<Prepared>,
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
            let document =
                input.read(&path, &kind.to_string()).map_err(|failure| match (&place, &organization) {
                    (Place::Organization(name), Some(organization)) => organization.placed(name, failure),
                    _ => failure,
                })?;
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

    /// Is a policy missing, because it could not be read, that would take part in such a request?
    pub(crate) fn is_missing_one_for(&self, question: &Question) -> bool {
        self.is_missing_one(question.resource(), question.principal_account(), question.owner())
    }

    /// The same for all of the account that is given, who ask about this resource.
    pub(crate) fn is_missing_one_for_all(&self, resource: &Resource) -> bool {
        let (account, owner) = self.account_and_owner(resource);
        let role = self.home.as_ref().and_then(|home| home.role_of(resource));
        role.is_some_and(|role| role.trust_policy().is_err()) || self.is_missing_one(resource, account, owner)
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
    pub(super) fn account_and_owner(&self, resource: &Resource) -> (Option<AccountId>, Option<AccountId>) {
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

    /// The place of an account in the organization.
    pub(crate) fn membership(&self, account: Option<AccountId>) -> Option<Membership> {
        self.organization.as_ref()?.membership(account?)
    }

    /// Is this the management account of the organization?
    pub(crate) fn is_management_account(&self, account: Option<AccountId>) -> bool {
        let organization = self.organization.as_ref();
        organization.is_some_and(|organization| Some(organization.management_account) == account)
    }

    /// Is there no policy at all?
    pub(crate) fn is_empty(&self) -> bool {
        self.policies.is_empty() && self.broken.is_empty() && self.home.is_none()
    }
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
