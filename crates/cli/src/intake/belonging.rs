//! To whom things belong, where policies go by it: to the organization, and to which account.

use twokeys::name::nearest;
use twokeys::report::Warning;
use twokeys::request::{Request, Resource};

use super::world::World;
use crate::failure::Problem;

/// What is worth a warning; an error where the policies of the organization would silently not apply.
pub(super) fn check(world: &World, request: &Request) -> Result<Vec<Warning>, Problem> {
    let mut warnings = Vec::new();
    let Some(organization) = world.organization() else {
        warnings.extend(assumed_owner(world, request));
        return Ok(warnings);
    };
    let (who, owner) = (request.principal.account(), request.owner());
    if owner.is_none() && organization.has_rcps() {
        let message = format!(
            "nobody knows which account owns `{}`, so it is open which resource control policies reach it",
            request.resource.as_str()
        );
        return Err(Problem::new("unknown-owner", message).help("name the owner: `--resource-account ID`"));
    }
    let outside = [who, owner].into_iter().flatten().find(|account| !organization.holds(*account));
    let Some(stranger) = outside else {
        warnings.extend(assumed_owner(world, request));
        return Ok(warnings);
    };
    let meant =
        nearest(&stranger.to_string(), organization.accounts().iter().map(String::as_str)).map(str::to_owned);
    let help = match meant {
        Some(account) => format!("did you mean {account}?"),
        None if owner_is_assumed(request) => {
            "name the owner of the resource with `--resource-account ID`, or add the account to `org.json`"
                .to_owned()
        }
        None => "correct it, or add the account to `org.json`".to_owned(),
    };
    let inside = [who, owner].into_iter().flatten().any(|account| organization.holds(account));
    if !inside {
        let message =
            format!("the account {stranger} is not in the organization, so none of its policies would apply");
        return Err(Problem::new("outside-organization", message).help(help));
    }
    let (role, kind) = if Some(stranger) == who {
        ("the requester", "service control policies")
    } else {
        ("the resource", "resource control policies")
    };
    let message =
        format!("the account {stranger} of {role} is not in the organization; its {kind} do not apply");
    warnings.push(Warning::of_question("outside-organization", message, &help));
    Ok(warnings)
}

/// The account whose users and roles are all asked must be one that the organization reaches.
pub(super) fn check_account(world: &World) -> Result<(), Problem> {
    let account = world.home().map(|home| home.account.id());
    let stranger = account
        .filter(|account| world.organization().is_some_and(|organization| !organization.holds(*account)));
    let Some(stranger) = stranger else { return Ok(()) };
    let message =
        format!("the account {stranger} is not in the organization, so none of its policies would apply");
    Err(Problem::new("outside-organization", message).help("correct it, or add the account to `org.json`"))
}

/// Some ARNs carry no account. Taking the requester's makes a stranger the owner (EV-010).
fn assumed_owner(world: &World, request: &Request) -> Option<Warning> {
    let who = request.principal.account().filter(|_| owner_is_assumed(request))?;
    let foreign = world.home().is_some_and(|home| home.account.id() != who);
    if !foreign && !world.has_policy_of(&request.resource) {
        return None;
    }
    let message =
        format!("nothing tells which account owns the resource; that of the requester, {who}, is assumed");
    Some(Warning::of_question("assumed-owner", message, "name the owner: `--resource-account ID`"))
}

fn owner_is_assumed(request: &Request) -> bool {
    let without_account = matches!(&request.resource, Resource::Arn(arn) if arn.account().is_none());
    request.resource_account.is_none() && without_account
}
