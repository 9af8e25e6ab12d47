//! Temporary credentials: in with a credential, out with a session (STS-001 to STS-037).

use twokeys::policy::PolicyType;
use twokeys::request::Context;

use super::{Also, Answer, Call, Handled, Operation, Service, Subject, codes, tags};
use crate::caller::{Identity, MfaUse, Session, SessionKind};
use crate::gate::Permit;
use crate::policy_text;
use crate::seal::Purpose;
use crate::state::{Prefix, ROOT, Role, folded, unique_id};
use crate::token;
use crate::wire::{ApiError, Xml};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation { code: Some(code_for_token), ..sts("GetSessionToken", subject_of_token, session_token) },
    Operation { code: Some(codes::of_sts), ..sts("AssumeRole", subject_of_role, assume_role) },
    sts("GetFederationToken", subject_of_federation, federation_token),
    sts("GetCallerIdentity", |_| Ok(Subject::of("*")), caller_identity),
    sts("DecodeAuthorizationMessage", |_| Ok(Subject::of("*")), decode),
    sts("GetAccessKeyInfo", |_| Ok(Subject::of("*")), key_info),
];

const fn sts(
    name: &'static str,
    subject: fn(&Call<'_>) -> Result<Subject, ApiError>,
    handler: fn(&Call<'_>, Permit) -> Handled,
) -> Operation {
    Operation { name, service: Service::Sts, writes: false, code: None, subject, handler }
}

const DEFAULT_DURATION: u64 = 43_200;
const ROOT_DURATION: u64 = 3_600;
const CHAINED_DURATION: u64 = 3_600;
/// Session policies and tags together, in bytes (STS-037).
const MOST_PACKED: usize = 2_048;
const MOST_POLICY_ARNS: usize = 10;

/// Only a long-term key can ask (STS-001).
fn long_term_only(call: &Call<'_>, operation: &str) -> Result<(), ApiError> {
    if call.caller.is_session() {
        return Err(ApiError::access_denied(format!("Cannot call {operation} with session credentials")));
    }
    Ok(())
}

fn code_for_token(call: &Call<'_>) -> Result<Option<super::Spent>, super::Refusal> {
    // Before a code is looked at, and so before one is spent.
    long_term_only(call, "GetSessionToken")?;
    codes::of_sts(call)
}

fn subject_of_token(call: &Call<'_>) -> Result<Subject, ApiError> {
    long_term_only(call, "GetSessionToken")?;
    Ok(Subject::of("*"))
}

fn session_token(call: &Call<'_>, _: Permit) -> Handled {
    let asked = call.params.number("DurationSeconds");
    let duration = match call.caller.identity {
        Identity::Root => asked.unwrap_or(ROOT_DURATION).min(ROOT_DURATION),
        _ => asked.unwrap_or(DEFAULT_DURATION),
    };
    let session = Session { mfa: call.code.cloned(), ..session(call, SessionKind::SessionToken, duration)? };
    Answer::read(credentials(call, &session)?)
}

/// A session of the caller, with nothing but its kind and its time.
fn session(call: &Call<'_>, kind: SessionKind, duration: u64) -> Result<Session, super::Refusal> {
    Ok(Session {
        kind,
        principal: call.caller.principal_id().to_owned(),
        name: None,
        key_id: unique_id(Prefix::SessionKey, call.entropy)?,
        issued: call.now(),
        expires: call.now().saturating_add(duration),
        mfa: None,
        policy: None,
        policy_arns: Vec::new(),
        tags: Vec::new(),
        transitive: Vec::new(),
        source_identity: None,
        chain: 0,
    })
}

/// `Credentials`
fn credentials(call: &Call<'_>, session: &Session) -> Result<Xml, super::Refusal> {
    let shortest = call.params.number("MinimumSessionTokenSize").and_then(|size| usize::try_from(size).ok());
    let token = token::seal(session, call.keys, call.entropy, shortest.unwrap_or(0))?;
    let xml = Xml::new()
        .text("AccessKeyId", &session.key_id)
        .text("SecretAccessKey", &token::secret(session, call.keys))
        .text("SessionToken", &token)
        .time("Expiration", session.expires);
    Ok(Xml::new().inside("Credentials", &xml))
}

/// The role that the call names, if it is one of this account.
fn role<'c>(call: &Call<'c>) -> Result<Option<&'c Role>, ApiError> {
    let arn = call.required("RoleArn")?;
    let name = arn.rsplit('/').next().unwrap_or_default();
    let role = call.state.role(name).filter(|role| folded(&role.arn(call.state)) == folded(arn));
    Ok(role.map(|role| &**role))
}

fn subject_of_role(call: &Call<'_>) -> Result<Subject, ApiError> {
    let arn = call.required("RoleArn")?;
    if matches!(call.caller.identity, Identity::Root) {
        return Err(ApiError::access_denied("Roles may not be assumed by root accounts."));
    }
    let Some(role) = role(call)? else {
        // The very words for a role that exists and is denied (STS-021).
        return Err(ApiError::access_denied(format!(
            "User: {} is not authorized to perform: sts:AssumeRole on resource: {arn}",
            call.caller.arn(call.state)
        )));
    };
    let mut subject = Subject::of(role.arn(call.state)).tagged(&role.tags);
    subject.resource_policy = Some(std::sync::Arc::clone(&role.trust));
    subject.request_tags = call.tags();
    subject.keys = Context::builder().fill("sts:RoleSessionName", [call.required("RoleSessionName")?]);
    let transitive = call.params.list("TransitiveTagKeys");
    if !transitive.is_empty() {
        subject.keys = subject.keys.fill("sts:TransitiveTagKeys", transitive);
    }
    if !subject.request_tags.is_empty() {
        subject.also.push(Also::Action("sts:TagSession"));
    }
    if call.params.get("SourceIdentity").is_some() {
        subject.also.push(Also::Action("sts:SetSourceIdentity"));
    }
    let subject = subject.with("sts:ExternalId", call.params.get("ExternalId"));
    Ok(subject.with("sts:SourceIdentity", call.params.get("SourceIdentity")))
}

fn assume_role(call: &Call<'_>, _: Permit) -> Handled {
    let role = role(call)?.ok_or_else(|| ApiError::access_denied("The role is gone."))?;
    let asked = call.params.number("DurationSeconds");
    let before = call.caller.credential.session.as_ref();
    let chained = before.is_some_and(|session| session.kind == SessionKind::Role);
    if asked.is_some_and(|asked| asked > role.max_session) {
        let why = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
        return Err(ApiError::validation(why).into());
    }
    if chained && asked.is_some_and(|asked| asked > CHAINED_DURATION) {
        let why = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
        return Err(ApiError::validation(why).into());
    }
    let name = call.required("RoleSessionName")?;
    let mut new_tags = tags::checked(call.tags())?;
    let mut transitive: Vec<String> =
        call.params.list("TransitiveTagKeys").into_iter().map(str::to_owned).collect();
    if let Some(unknown) = transitive.iter().find(|key| !new_tags.iter().any(|tag| tag.key == **key)) {
        return Err(
            ApiError::validation(format!("The transitive tag {unknown} is no tag of this call")).into()
        );
    }
    // Tags that an earlier role passed on stay, and cannot be set to something else.
    for tag in before.into_iter().flat_map(|session| &session.tags) {
        let passed = before.is_some_and(|session| session.transitive.contains(&tag.key));
        if !passed {
            continue;
        }
        if new_tags.iter().any(|new| new.key.eq_ignore_ascii_case(&tag.key)) {
            let why = format!("The tag {} is set by the role before and cannot be changed", tag.key);
            return Err(ApiError::access_denied(why).into());
        }
        new_tags.push(tag.clone());
        transitive.push(tag.key.clone());
    }
    let (policy, policy_arns) = session_policies(call)?;
    let source_identity = match before.and_then(|session| session.source_identity.clone()) {
        // Once set it goes with all sessions that follow.
        Some(set) => match call.params.get("SourceIdentity") {
            Some(other) if other != set => {
                return Err(
                    ApiError::access_denied("The source identity is set and cannot be changed.").into()
                );
            }
            _ => Some(set),
        },
        None => call.params.get("SourceIdentity").map(str::to_owned),
    };
    let duration = asked.unwrap_or(ROOT_DURATION).min(if chained { CHAINED_DURATION } else { u64::MAX });
    let session = Session {
        principal: role.id.clone(),
        name: Some(name.to_owned()),
        // Of the session that the role was assumed from, not of the code in this call (MF-002, rows 9 to 12).
        mfa: before.filter(|_| !chained).and_then(|session| session.mfa.clone()),
        policy,
        policy_arns,
        tags: new_tags,
        transitive,
        source_identity,
        chain: before.map_or(0, |session| session.chain).saturating_add(1),
        ..session(call, SessionKind::Role, duration)?
    };
    let packed = packed(&session)?;
    let user = Xml::new()
        .text("AssumedRoleId", &format!("{}:{name}", role.id))
        .text("Arn", &format!("arn:aws:sts::{}:assumed-role/{}/{name}", call.state.id(), role.name));
    let xml = credentials(call, &session)?.inside("AssumedRoleUser", &user);
    let xml = match packed {
        Some(percent) => xml.number("PackedPolicySize", percent),
        None => xml,
    };
    Answer::read(xml.optional("SourceIdentity", session.source_identity.as_deref()))
}

/// The session policies that come with a call (STS-027).
fn session_policies(call: &Call<'_>) -> Result<(Option<String>, Vec<String>), ApiError> {
    let policy = call.params.get("Policy");
    if let Some(text) = policy {
        if text.chars().count() > MOST_PACKED {
            return Err(ApiError::packed_policy_too_large(
                "The session policy has more than 2048 characters",
            ));
        }
        policy_text::check(text, PolicyType::Session)?;
    }
    let mut arns = Vec::new();
    for structure in call.params.structures("PolicyArns") {
        let arn = structure.get("arn").unwrap_or_default();
        if call.state.policy(arn).is_none() {
            return Err(ApiError::malformed_policy_document(format!("The policy {arn} is not known")));
        }
        arns.push(arn.to_owned());
    }
    if arns.len() > MOST_POLICY_ARNS {
        return Err(ApiError::packed_policy_too_large("There are more than 10 session policies"));
    }
    Ok((policy.map(str::to_owned), arns))
}

/// `PackedPolicySize`, if there is something to pack: percent of 2048 bytes, rounded up (STS-037).
fn packed(session: &Session) -> Result<Option<usize>, ApiError> {
    let tags: usize = session.tags.iter().map(|tag| tag.key.len() + tag.value.len()).sum();
    let arns: usize = session.policy_arns.iter().map(String::len).sum();
    let bytes = session.policy.as_ref().map_or(0, String::len) + arns + tags;
    if bytes > MOST_PACKED {
        let why =
            "Packed size of session tags and session policies consumes more than 100% of allotted space.";
        return Err(ApiError::packed_policy_too_large(why));
    }
    Ok((bytes > 0).then(|| (bytes * 100).div_ceil(MOST_PACKED)))
}

fn subject_of_federation(call: &Call<'_>) -> Result<Subject, ApiError> {
    long_term_only(call, "GetFederationToken")?;
    let name = call.required("Name")?;
    let mut subject = Subject::of(format!("arn:aws:sts::{}:federated-user/{name}", call.state.id()));
    subject.request_tags = call.tags();
    if !subject.request_tags.is_empty() {
        subject.also.push(Also::Action("sts:TagSession"));
    }
    Ok(subject)
}

fn federation_token(call: &Call<'_>, _: Permit) -> Handled {
    let asked = call.params.number("DurationSeconds");
    let duration = match call.caller.identity {
        Identity::Root => asked.unwrap_or(ROOT_DURATION).min(ROOT_DURATION),
        _ => asked.unwrap_or(DEFAULT_DURATION),
    };
    let name = call.required("Name")?;
    let (policy, policy_arns) = session_policies(call)?;
    let session = Session {
        name: Some(name.to_owned()),
        policy,
        policy_arns,
        tags: tags::checked(call.tags())?,
        ..session(call, SessionKind::Federation, duration)?
    };
    let packed = packed(&session)?;
    let account = call.state.id();
    let user = Xml::new()
        .text("FederatedUserId", &format!("{account}:{name}"))
        .text("Arn", &format!("arn:aws:sts::{account}:federated-user/{name}"));
    let xml = credentials(call, &session)?.inside("FederatedUser", &user);
    Answer::read(match packed {
        Some(percent) => xml.number("PackedPolicySize", percent),
        None => xml,
    })
}

fn caller_identity(call: &Call<'_>, _: Permit) -> Handled {
    let xml = Xml::new()
        .text("UserId", &call.caller.user_id(call.state))
        .text("Account", &call.state.id().to_string())
        .text("Arn", &call.caller.arn(call.state));
    Answer::read(xml)
}

fn decode(call: &Call<'_>, _: Permit) -> Handled {
    use base64::Engine as _;
    let invalid = || ApiError::invalid_authorization_message("The message is not one of this endpoint");
    let message = call.required("EncodedMessage")?;
    let sealed = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(message).map_err(|_| invalid())?;
    let opened = call.keys.open_bytes(Purpose::Message, b"message", &sealed).map_err(|_| invalid())?;
    let text = std::str::from_utf8(&opened).map_err(|_| invalid())?;
    Answer::read(Xml::new().text("DecodedMessage", text))
}

fn key_info(call: &Call<'_>, _: Permit) -> Handled {
    let id = call.required("AccessKeyId")?;
    if call.state.key(id).is_none() {
        return Err(ApiError::validation(format!("The access key {id} is not known")).into());
    }
    Answer::read(Xml::new().text("Account", &call.state.id().to_string()))
}

/// The session of a sign-in (MFA-063, MFA-070).
///
/// # Errors
///
/// There is no entropy.
pub(crate) fn of_sign_in(
    principal: &str,
    mfa: Option<MfaUse>,
    now: u64,
    entropy: &dyn crate::state::Entropy,
) -> Result<Session, crate::state::NoEntropy> {
    let duration = if principal == ROOT { ROOT_DURATION } else { DEFAULT_DURATION };
    Ok(Session {
        kind: SessionKind::SignIn,
        principal: principal.to_owned(),
        name: None,
        key_id: unique_id(Prefix::SessionKey, entropy)?,
        issued: now,
        expires: now.saturating_add(duration),
        mfa,
        policy: None,
        policy_arns: Vec::new(),
        tags: Vec::new(),
        transitive: Vec::new(),
        source_identity: None,
        chain: 0,
    })
}
