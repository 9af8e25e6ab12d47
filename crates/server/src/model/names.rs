//! Names of parameters that would be passed over in silence, though their sender meant something by them.
//!
//! Unknown parameters are ignored (API-002). But a parameter that differs from a known one only in letter
//! case, a list whose members are not called `member.N`, or a part of something that has no parts, is read
//! by nobody and yet meant for someone: it is refused (H007, RL-002).

use super::Model;
use super::constraint::Kind;
use crate::wire::{ApiError, Params};

/// What every call has.
pub(super) const COMMON: [&str; 2] = ["Action", "Version"];

/// Is each name that is given known as it is written, or unknown altogether?
pub(super) fn check(model: &Model, input: Option<&str>, params: &Params) -> Result<(), ApiError> {
    for name in params.names() {
        let common = |first: &str| COMMON.iter().any(|common| common.eq_ignore_ascii_case(first));
        let fits = if name.split('.').next().is_some_and(common) {
            COMMON.contains(&name)
        } else {
            input.is_none_or(|input| fits(model, input, name, params.get(name)))
        };
        if !fits {
            let shown: String = name.chars().filter(char::is_ascii_graphic).take(80).collect();
            let why = format!("The parameter {shown} is not written as the operation reads it");
            return Err(ApiError::invalid_query_parameter(why));
        }
    }
    Ok(())
}

/// Does a name lead through the shapes to a value, or leave them for something unknown?
fn fits(model: &Model, input: &str, name: &str, value: Option<&str>) -> bool {
    let mut parts = name.split('.');
    let mut shape = model.shapes.get(input);
    while let Some(at) = shape {
        let next = match at.kind {
            Kind::Structure => {
                let Some(part) = parts.next() else { return false };
                let Some(next) = at.members.get(part) else {
                    return !at.members.keys().any(|member| member.eq_ignore_ascii_case(part));
                };
                next
            }
            Kind::List => match (parts.next(), parts.next(), &at.member) {
                // An empty list is written so; the check of values refuses one that is not empty.
                (None, _, _) => return value.is_some(),
                // The form was checked for numbers without gaps.
                (Some("member"), Some(_), Some(member)) => member,
                _ => return false,
            },
            Kind::String | Kind::Integer | Kind::Boolean | Kind::Timestamp | Kind::Blob => {
                return parts.next().is_none();
            }
        };
        shape = model.shapes.get(next);
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::model::validate;
    use crate::query::Service;
    use crate::wire::Params;

    #[test]
    fn h007_rl_002_what_would_be_passed_over_is_refused() {
        for (operation, form, fits) in [
            ("GetUser", "Action=GetUser&Version=2010-05-08&UserName=a", true),
            ("GetUser", "UserName=a&Nonsense=x&Nonsense.member.1=y", true),
            ("GetUser", "username=a", false),
            ("GetUser", "UserNAME=a", false),
            ("GetUser", "UserName.member.1=a", false),
            ("GetUser", "UserName.x=a", false),
            ("GetUser", "UserName=a&action=DeleteUser", false),
            ("GetUser", "UserName=a&Action.member.1=DeleteUser", false),
            ("GetUser", "UserName=a&VERSION=1", false),
            ("GetCallerIdentity", "Action=GetCallerIdentity&x=y", true),
            ("GetCallerIdentity", "action=GetCallerIdentity", false),
            ("TagUser", "UserName=a&Tags.member.1.Key=k&Tags.member.1.Value=v", true),
            ("TagUser", "UserName=a&Tags.member.1.Key=k&Tags.member.1.Value=v&Tags.member.1.New=x", true),
            ("TagUser", "UserName=a&Tags.member.1.Key=k&Tags.member.1.Value=v&Tags.member.1.key=x", false),
            ("TagUser", "UserName=a&Tags.1.Key=k&Tags.1.Value=v", false),
            ("TagUser", "UserName=a&Tags.Member.1.Key=k&Tags.Member.1.Value=v", false),
            ("TagUser", "UserName=a&Tags.member=k", false),
            ("TagUser", "UserName=a&Tags.member.1=k", false),
            ("TagUser", "UserName=a&tags.member.1.Key=k", false),
            ("TagUser", "UserName=a&Tags=", true),
            ("UntagUser", "UserName=a&TagKeys.member.1=k", true),
            ("UntagUser", "UserName=a&TagKeys.member.1.Key=k", false),
            (
                "SimulateCustomPolicy",
                "PolicyInputList.member.1=x&ActionNames.member.1=a:b&ContextEntries.member.1.ContextKeyValues.1=x",
                false,
            ),
        ] {
            let service = if operation == "GetCallerIdentity" { Service::Sts } else { Service::Iam };
            let said = Params::read(form.as_bytes()).and_then(|params| validate(service, operation, &params));
            match said {
                Ok(()) => assert!(fits, "{operation} {form}"),
                Err(error) => assert!(!fits && &*error.code == "InvalidQueryParameter", "{form}: {error:?}"),
            }
        }
    }
}
