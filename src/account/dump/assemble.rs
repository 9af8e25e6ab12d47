//! Puts an account together once all pages are read: whose it is, who is in which group, what is missing.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Draft, Reader, Source, name_of};
use crate::account::held::Held;
use crate::account::managed_policy::{ManagedPolicy, PolicyVersion};
use crate::account::problem::{Problem, ProblemKind, Problems};
use crate::account::sign_in::SignIn;
use crate::account::{Account, Group, User};
use crate::engine::Prepared;
use crate::name::{AccountId, Arn};
use crate::policy::PolicyType;

/// Whose account it is.
#[derive(Clone, PartialEq, Eq)]
struct Owner {
    account: AccountId,
    partition: String,
}

pub(super) fn account(mut reader: Reader<'_, '_>) -> Result<Account, Problems> {
    let owner = owner(&mut reader);
    for (kind, drafts) in
        [("user", &mut reader.users), ("group", &mut reader.groups), ("role", &mut reader.roles)]
    {
        drafts.sort_by(|one, other| one.name.cmp(&other.name));
        for (one, other) in
            drafts.iter().zip(drafts.iter().skip(1)).filter(|(one, other)| one.name == other.name)
        {
            let subject = format!("{kind}/{}", one.name);
            let twice = ProblemKind::Duplicate { what: format!("the {kind}") };
            reader.problems.push(Problem::new(Some(other.place), subject, twice));
        }
    }
    groups_are_there(&mut reader);
    policies_are_there(&mut reader);
    let stop = !reader.options.keep_going || reader.problems.iter().any(Problem::is_fatal);
    let Some(Owner { account, partition }) = owner else {
        return Err(no_account(reader.problems));
    };
    if stop && let Some(problems) = Problems::from_vec(std::mem::take(&mut reader.problems)) {
        return Err(problems);
    }
    let arn = |kind: &str, draft: &Draft| {
        let made = || format!("arn:{partition}:iam::{account}:{kind}{}{}", draft.path, draft.name).parse();
        let trouble = |error| Problem::new(Some(draft.place), "", ProblemKind::Arn(error));
        draft.arn.clone().map_or_else(made, Ok).map_err(trouble)
    };
    let mut users = Vec::with_capacity(reader.users.len());
    for draft in reader.users {
        let arn = arn("user", &draft)?;
        let Draft { name, path, id, tags, groups, held, place, .. } = draft;
        users.push(User { name, path, arn, id, tags, groups, held, sign_in: SignIn::default(), place });
    }
    let mut groups = Vec::with_capacity(reader.groups.len());
    for draft in reader.groups {
        let arn = arn("group", &draft)?;
        let Draft { name, path, id, held, place, .. } = draft;
        groups.push(Group { name, path, arn, id, held, place });
    }
    let mut roles = Vec::with_capacity(reader.roles.len());
    for draft in reader.roles {
        let arn = arn("role", &draft)?;
        roles.push(draft.into_role(arn));
    }
    Ok(Account {
        id: account,
        partition,
        users,
        groups,
        roles,
        policies: reader.policies,
        problems: reader.problems,
        root: SignIn::default(),
        unassigned: Vec::new(),
        notices: Vec::new(),
    })
}

fn no_account(mut problems: Vec<Problem>) -> Problems {
    let missing = Problem::new(None, "", ProblemKind::NoAccount);
    if problems.is_empty() {
        return missing.into();
    }
    // The other problems come first: often they are the reason.
    problems.push(missing.clone());
    Problems::from_vec(problems).unwrap_or_else(|| missing.into())
}

/// The account that all ARNs name; the first one counts, others are problems.
fn owner(reader: &mut Reader<'_, '_>) -> Option<Owner> {
    let mut owner: Option<Owner> = None;
    let mut others = Vec::new();
    let of = |arn: &Arn| Some(Owner { account: arn.account()?, partition: arn.partition().to_owned() });
    for (kind, drafts) in [("user", &reader.users), ("group", &reader.groups), ("role", &reader.roles)] {
        for draft in drafts {
            let Some(found) = draft.arn.as_ref().and_then(of) else { continue };
            let owner = owner.get_or_insert_with(|| found.clone());
            if *owner != found {
                let kind_of_problem =
                    ProblemKind::OtherAccount { found: shown(&found), account: shown(owner) };
                let subject = format!("{kind}/{}", draft.name);
                others.push(Problem::new(Some(draft.place), subject, kind_of_problem));
            }
        }
    }
    for policy in &reader.policies {
        let Some(found) = of(&policy.arn) else { continue };
        let owner = owner.get_or_insert_with(|| found.clone());
        if *owner != found {
            let kind = ProblemKind::OtherAccount { found: shown(&found), account: shown(owner) };
            let place = policy.versions.first().map(|version| version.document.place());
            others.push(Problem::new(place, policy.arn.as_str(), kind));
        }
    }
    reader.problems.extend(others);
    // A dump without ARNs of its own may still name policies of its account.
    owner.or_else(|| held(reader).flat_map(named).find_map(|arn| of(&arn.parse().ok()?)))
}

fn shown(owner: &Owner) -> String {
    format!("account {} of partition {}", owner.account, owner.partition)
}

fn held<'r>(reader: &'r Reader<'_, '_>) -> impl Iterator<Item = &'r Held> {
    reader.users.iter().chain(&reader.groups).chain(&reader.roles).map(|draft| &draft.held)
}

/// The ARNs of the managed policies that an entity has.
fn named(held: &Held) -> impl Iterator<Item = &str> {
    held.attached.iter().chain(&held.boundary).map(String::as_str)
}

fn groups_are_there(reader: &mut Reader<'_, '_>) {
    let known: BTreeSet<&str> = reader.groups.iter().map(|group| group.name.as_str()).collect();
    let mut missing = Vec::new();
    for user in &reader.users {
        for group in user.groups.iter().filter(|group| !known.contains(group.as_str())) {
            let subject = format!("user/{}", user.name);
            missing.push(Problem::new(Some(user.place), subject, ProblemKind::UnknownGroup(group.clone())));
        }
    }
    reader.problems.extend(missing);
}

/// Finds the managed policies that are named, and makes those ready that are boundaries.
fn policies_are_there(reader: &mut Reader<'_, '_>) {
    reader.policies.sort_by(|one, other| one.arn.as_str().cmp(other.arn.as_str()));
    let mut problems = Vec::new();
    for (one, other) in reader.policies.iter().zip(reader.policies.iter().skip(1)) {
        if one.arn == other.arn {
            let place = other.versions.first().map(|version| version.document.place());
            let twice = ProblemKind::Duplicate { what: "the policy".to_owned() };
            problems.push(Problem::new(place, other.arn.as_str(), twice));
        }
    }
    reader.problems.extend(problems);
    let wanted: BTreeSet<String> = held(reader).flat_map(named).map(str::to_owned).collect();
    let known: BTreeSet<String> = reader.policies.iter().map(|policy| policy.arn.to_string()).collect();
    for arn in wanted.difference(&known) {
        given(reader, arn);
    }
    reader.policies.sort_by(|one, other| one.arn.as_str().cmp(other.arn.as_str()));

    let known: BTreeSet<&str> = reader.policies.iter().map(|policy| policy.arn.as_str()).collect();
    let mut missing = Vec::new();
    for (kind, drafts) in [("user", &reader.users), ("group", &reader.groups), ("role", &reader.roles)] {
        for draft in drafts {
            for arn in named(&draft.held).filter(|arn| !known.contains(arn)) {
                let subject = format!("{kind}/{}", draft.name);
                missing.push(Problem::new(
                    Some(draft.place),
                    subject,
                    ProblemKind::MissingPolicy(arn.to_owned()),
                ));
            }
        }
    }
    reader.problems.extend(missing);

    let boundaries: BTreeSet<String> = held(reader).filter_map(|held| held.boundary.clone()).collect();
    for policy in reader.policies.iter_mut().filter(|policy| boundaries.contains(policy.arn.as_str())) {
        policy.boundary = as_boundary(policy);
    }
}

/// Adds a policy that the dump names, if a file beside it has it.
fn given(reader: &mut Reader<'_, '_>, arn: &str) {
    let options = reader.options;
    let Some((managed, raw)) = options.managed.iter().find_map(|managed| Some((managed, managed.get(arn)?)))
    else {
        return;
    };
    let Ok(arn) = arn.parse::<Arn>() else { return };
    let source = Source { file: managed.file, text: managed.text };
    let name = name_of(&arn).to_owned();
    let document = reader.document(raw, PolicyType::Identity, &name, arn.as_str(), source);
    let place = document.place();
    let versions = vec![PolicyVersion { id: String::new(), is_default: true, document }];
    reader.policies.push(ManagedPolicy { name, arn, versions, place, boundary: None });
}

/// What is a sound identity policy is a sound boundary: the two have the same elements.
fn as_boundary(policy: &ManagedPolicy) -> Option<Arc<Prepared>> {
    let prepared = policy.default_version()?.document.policy().ok()?;
    Prepared::new(policy.name.clone(), prepared.policy().clone(), PolicyType::Boundary).ok()
}
