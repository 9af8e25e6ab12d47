//! What the API's model says of parameters: which are required, how long, of which form (API-010).
//!
//! `api.json` is made by `scripts/api-model` from the service models of botocore 1.44.5 (Apache-2.0): names,
//! types and limits, no prose. `letters.txt` is made there too, from the Unicode tables of Python.

mod constraint;
mod names;
mod pattern;

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::query::Service;
use crate::wire::{ApiError, Params};
use constraint::{Kind, Shape};

/// The model of one service.
#[derive(Debug, Deserialize)]
struct Model {
    /// Operation → the shape of its input, if it has one.
    operations: HashMap<String, Option<String>>,
    shapes: HashMap<String, Shape>,
}

#[derive(Debug, Deserialize)]
struct Models {
    iam: Model,
    sts: Model,
}

/// Nobody sends lists longer than this, and a check walks them.
const MOST_VIOLATIONS: usize = 20;

fn model(service: Service) -> Option<&'static Model> {
    static MODELS: OnceLock<Option<Models>> = OnceLock::new();
    let models = MODELS.get_or_init(|| serde_json::from_str(include_str!("api.json")).ok()).as_ref()?;
    Some(match service {
        Service::Iam => &models.iam,
        Service::Sts => &models.sts,
    })
}

/// The names of a service's operations.
pub fn operations(service: Service) -> impl Iterator<Item = &'static str> {
    model(service).into_iter().flat_map(|model| model.operations.keys().map(String::as_str))
}

/// Checks the parameters of an operation.
///
/// # Errors
///
/// `InvalidQueryParameter` if a name cannot be what it seems to be; else one `ValidationError` with
/// everything that is wrong.
pub fn validate(service: Service, operation: &str, params: &Params) -> Result<(), ApiError> {
    let no_model = || ApiError::service_failure("the model of the API cannot be read");
    let model = model(service).ok_or_else(no_model)?;
    let input = model.operations.get(operation).ok_or_else(no_model)?;
    names::check(model, input.as_deref(), params)?;
    let mut check = Check { model, params, wrong: Vec::new() };
    if let Some(input) = input {
        check.members(input, "", "").ok_or_else(no_model)?;
    }
    if check.wrong.is_empty() {
        return Ok(());
    }
    let (count, plural) = (check.wrong.len(), if check.wrong.len() == 1 { "" } else { "s" });
    Err(ApiError::validation(format!(
        "{count} validation error{plural} detected: {}",
        check.wrong.join("; ")
    )))
}

/// The first rule of a shape that a value breaks, in AWS's words: for what comes by another way than a call.
pub fn broken(service: Service, shape: &str, value: &str) -> Option<String> {
    match model(service).and_then(|model| model.shapes.get(shape)) {
        Some(shape) => shape.of_value(value).into_iter().next(),
        None => Some("the model of the API cannot be read".to_owned()),
    }
}

/// Drops what the operation does not take, so that nothing can look at it: neither what decides nor what is
/// done (API-002, RL-003).
pub fn keep_known(service: Service, operation: &str, params: &mut Params) {
    let model = model(service);
    let input = model.and_then(|model| model.shapes.get(model.operations.get(operation)?.as_ref()?));
    params.retain(|name| {
        let first = name.split('.').next().unwrap_or_default();
        names::COMMON.contains(&first) || input.is_some_and(|input| input.members.contains_key(first))
    });
}

struct Check<'c> {
    model: &'c Model,
    params: &'c Params,
    wrong: Vec<String>,
}

impl Check<'_> {
    /// The members of a structure. None if the model itself has a hole.
    fn members(&mut self, shape: &str, path: &str, shown: &str) -> Option<()> {
        let shape = self.model.shapes.get(shape)?;
        for (member, of) in &shape.members {
            let required = shape.required.contains(member);
            self.value(of, &join(path, member), &join(shown, &camel(member)), required)?;
        }
        Some(())
    }

    fn value(&mut self, shape: &str, path: &str, shown: &str, required: bool) -> Option<()> {
        let (name, shape) = (shape, self.model.shapes.get(shape)?);
        let given = self.params.has(path);
        if !given {
            if required {
                self.add(format!("Value at '{shown}' failed to satisfy constraint: Member must not be null"));
            }
            return Some(());
        }
        match shape.kind {
            Kind::Structure => self.members(name, path, shown)?,
            Kind::List => {
                let member = shape.member.as_deref()?;
                let mut count = 0;
                while self.params.has(&format!("{path}.member.{}", count + 1)) {
                    count += 1;
                    let (path, shown) = (format!("{path}.member.{count}"), format!("{shown}.{count}.member"));
                    self.value(member, &path, &shown, true)?;
                    if self.wrong.len() >= MOST_VIOLATIONS {
                        return Some(());
                    }
                }
                // A list without members is written as a name without a value.
                let scalar = self.params.get(path).is_some_and(|value| !value.is_empty());
                for broken in shape.of_count(count, scalar) {
                    self.add(format!("Value at '{shown}' failed to satisfy constraint: {broken}"));
                }
            }
            Kind::String | Kind::Integer | Kind::Boolean | Kind::Timestamp | Kind::Blob => {
                let Some(value) = self.params.get(path) else {
                    self.add(format!(
                        "Value at '{shown}' failed to satisfy constraint: Member must not be null"
                    ));
                    return Some(());
                };
                let secret = shape.sensitive || constraint::SECRET.contains(&name);
                let quoted = if secret { String::new() } else { format!("'{}' ", short(value)) };
                for broken in shape.of_value(value) {
                    self.add(format!("Value {quoted}at '{shown}' failed to satisfy constraint: {broken}"));
                }
            }
        }
        Some(())
    }

    fn add(&mut self, violation: String) {
        if self.wrong.len() < MOST_VIOLATIONS {
            self.wrong.push(violation);
        }
    }
}

fn join(path: &str, member: &str) -> String {
    if path.is_empty() { member.to_owned() } else { format!("{path}.{member}") }
}

/// `SerialNumber` as messages write it: `serialNumber`.
fn camel(member: &str) -> String {
    let mut chars = member.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + chars.as_str())
}

/// A value in a message: short, and without what a terminal would act on.
fn short(value: &str) -> String {
    value.chars().take(200).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(service: Service, operation: &str, form: &str) -> String {
        let params = Params::read(form.as_bytes()).unwrap();
        validate(service, operation, &params).map_or_else(|error| error.message, |()| "ok".to_owned())
    }

    #[test]
    fn api_010_all_violations_in_one_message() {
        insta::assert_snapshot!(said(Service::Iam, "EnableMFADevice", "UserName=a b&AuthenticationCode1=12345x"), @r"4 validation errors detected: Value at 'authenticationCode1' failed to satisfy constraint: Member must satisfy regular expression pattern: [\d]+; Value at 'authenticationCode2' failed to satisfy constraint: Member must not be null; Value at 'serialNumber' failed to satisfy constraint: Member must not be null; Value 'a b' at 'userName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]+");
    }

    #[test]
    fn mfa_028_one_code_only() {
        let form = "UserName=a&SerialNumber=arn:aws:iam::123456789012:mfa/a&AuthenticationCode1=123456";
        assert_eq!(
            said(Service::Iam, "EnableMFADevice", form),
            "1 validation error detected: Value at 'authenticationCode2' failed to satisfy constraint: Member must \
             not be null"
        );
    }

    #[test]
    fn mfa_010_letters_of_other_scripts_are_no_word_characters() {
        for (name, ok) in [
            ("alice", true),
            ("a+=,.@-_1", true),
            ("älice", false),
            ("a b", false),
            ("", false),
            ("\u{212a}", false),
        ] {
            let form = form_urlencoded::Serializer::new(String::new())
                .append_pair("VirtualMFADeviceName", name)
                .finish();
            assert_eq!(said(Service::Iam, "CreateVirtualMFADevice", &form) == "ok", ok, "{name}");
        }
    }

    #[test]
    fn api_010_numbers_lists_and_words() {
        for (service, operation, form, expected) in [
            (Service::Sts, "GetSessionToken", "DurationSeconds=900", "ok"),
            (Service::Sts, "GetSessionToken", "DurationSeconds=899", "greater than or equal to 900"),
            (Service::Sts, "GetSessionToken", "DurationSeconds=129601", "less than or equal to 129600"),
            (Service::Sts, "GetSessionToken", "DurationSeconds=0x384", "integer"),
            (Service::Sts, "GetSessionToken", "DurationSeconds=%2B900", "integer"),
            (Service::Sts, "GetSessionToken", "DurationSeconds=00900", "integer"),
            (Service::Sts, "GetSessionToken", "DurationSeconds=900%20", "integer"),
            (Service::Sts, "GetSessionToken", "DurationSeconds=", "integer"),
            (Service::Sts, "GetSessionToken", "DurationSeconds=99999999999999999999", "integer"),
            (Service::Sts, "GetSessionToken", "TokenCode=%D9%A0%D9%A1%D9%A2%D9%A3%D9%A4%D9%A5", "[\\d]*"),
            (Service::Sts, "AssumeRole", "RoleArn=arn:aws:iam::1:role/\u{1f600}&RoleSessionName=ab", "ok"),
            (
                Service::Iam,
                "UpdateAccessKey",
                "AccessKeyId=AKIAIOSFODNN7EXAMPLE&Status=active",
                "[Active, Inactive, Expired]",
            ),
            (Service::Sts, "GetSessionToken", "TokenCode=12345", "length greater than or equal to 6"),
            (Service::Sts, "GetSessionToken", "TokenCode=1234567", "length less than or equal to 6"),
            (
                Service::Iam,
                "ListVirtualMFADevices",
                "AssignmentStatus=any",
                "enum value set: [Assigned, Unassigned, Any]",
            ),
            (Service::Iam, "ListUsers", "MaxItems=1001", "less than or equal to 1000"),
            (Service::Iam, "TagUser", "UserName=a&Tags.member.1.Key=k", "'tags.1.member.value'"),
            (
                Service::Iam,
                "TagUser",
                "UserName=a&Tags.member.1.Key=é%20%EF%BC%91&Tags.member.1.Value=",
                "ok",
            ),
            (
                Service::Iam,
                "TagUser",
                "UserName=a&Tags.member.1.Key=a%3C&Tags.member.1.Value=",
                "regular expression",
            ),
            (Service::Iam, "TagUser", "UserName=a&Tags=", "ok"),
            (Service::Iam, "TagUser", "UserName=a&Tags=x", "list"),
            (Service::Iam, "CreateAccountAlias", "AccountAlias=a--b", "regular expression"),
            (Service::Iam, "CreateAccountAlias", "AccountAlias=a-b1", "ok"),
            (Service::Iam, "UpdateLoginProfile", "UserName=a&PasswordResetRequired=yes", "boolean"),
            (Service::Iam, "CreateUser", "UserName=a&Path=/x", "regular expression"),
        ] {
            let said = said(service, operation, form);
            assert!(said.contains(expected), "{operation} {form}: {said}");
        }
    }

    #[test]
    fn api_010_a_password_is_never_repeated() {
        let form = "OldPassword=&NewPassword=%01secret";
        let said = said(Service::Iam, "ChangePassword", form);
        assert!(
            !said.contains("secret") && said.contains("'oldPassword'") && said.contains("'newPassword'"),
            "{said}"
        );
    }

    #[test]
    fn every_pattern_of_the_model_can_be_read() {
        for service in [Service::Iam, Service::Sts] {
            for (name, shape) in &model(service).unwrap().shapes {
                assert!(shape.pattern_is_known(), "{name}");
            }
        }
        assert_eq!(operations(Service::Iam).count() + operations(Service::Sts).count(), 101);
    }
}
