//! Passwords of users, and what passwords must be like.

use std::sync::Arc;

use super::holder::{self, Holder};
use super::users::subject_or_self;
use super::{Answer, Call, Handled, Operation, Subject, reads, writes};
use crate::caller::Identity;
use crate::gate::Permit;
use crate::password;
use crate::password_life::{self, Due};
use crate::state::{AccountRecord, LoginProfile, PasswordPolicy, User};
use crate::wire::{ApiError, Xml};

pub(super) const OPERATIONS: &[Operation] = &[
    writes("CreateLoginProfile", subject_or_self, create),
    reads("GetLoginProfile", subject_or_self, get),
    writes("UpdateLoginProfile", subject_or_self, update),
    writes("DeleteLoginProfile", subject_or_self, delete),
    writes("ChangePassword", subject_of_caller, change),
    writes("UpdateAccountPasswordPolicy", whole_account, update_policy),
    reads("GetAccountPasswordPolicy", whole_account, get_policy),
    writes("DeleteAccountPasswordPolicy", whole_account, delete_policy),
];

fn whole_account(_: &Call<'_>) -> Result<Subject, ApiError> {
    Ok(Subject::of("*"))
}

/// The caller, whatever user the call may name: this operation takes no name.
fn subject_of_caller(call: &Call<'_>) -> Result<Subject, ApiError> {
    match &call.caller.identity {
        Identity::User(user) => Ok(holder::subject_of(&Holder::User(Arc::clone(user)), call.state)),
        Identity::Root => Ok(Subject::of(call.state.arn("root"))),
        Identity::Role { .. } | Identity::Federated { .. } => Err(only_users()),
    }
}

fn only_users() -> ApiError {
    ApiError::invalid_user_type("Only IAM Users can change their own password")
}

/// The user whose password it is; root has its own page for that.
fn user<'c>(call: &Call<'c>) -> Result<&'c Arc<User>, ApiError> {
    call.user_or_self()?.ok_or_else(|| ApiError::invalid_user_type("The root user has no login profile"))
}

fn unknown(user: &User) -> ApiError {
    ApiError::no_such_entity(format!("Login Profile for User {} cannot be found.", user.name))
}

fn create(call: &Call<'_>, _: Permit) -> Handled {
    let user = user(call)?;
    if user.login.is_some() {
        let why = format!("Login Profile for user {} already exists.", user.name);
        return Err(ApiError::entity_already_exists(why).into());
    }
    // Without one AWS makes a temporary password that nobody is told; here nobody could use it either.
    let password = call.required("Password")?;
    password_life::check(call.state, user, password)?;
    let login = LoginProfile {
        hash: password::hash(password, call.entropy)?,
        earlier: Vec::new(),
        created: call.now(),
        changed: call.now(),
        reset_required: call.params.flag("PasswordResetRequired").unwrap_or(false),
    };
    let xml = Xml::new().inside("LoginProfile", &profile(user, &login));
    Answer::made([User { login: Some(login), ..User::clone(user) }.into()], xml)
}

fn profile(user: &User, login: &LoginProfile) -> Xml {
    Xml::new()
        .text("UserName", &user.name)
        .time("CreateDate", login.created)
        .flag("PasswordResetRequired", login.reset_required)
}

fn get(call: &Call<'_>, _: Permit) -> Handled {
    let user = user(call)?;
    let login = user.login.as_ref().ok_or_else(|| unknown(user))?;
    Answer::read(Xml::new().inside("LoginProfile", &profile(user, login)))
}

fn update(call: &Call<'_>, _: Permit) -> Handled {
    let user = user(call)?;
    let mut login = user.login.clone().ok_or_else(|| unknown(user))?;
    if let Some(password) = call.params.get("Password") {
        password_life::check(call.state, user, password)?;
        login = renewed(call, login, password)?;
    }
    login.reset_required = call.params.flag("PasswordResetRequired").unwrap_or(login.reset_required);
    Answer::done([User { login: Some(login), ..User::clone(user) }.into()])
}

fn renewed(call: &Call<'_>, login: LoginProfile, password: &str) -> Result<LoginProfile, ApiError> {
    password_life::renewed(call.state, login, password, call.now(), call.entropy)
}

fn delete(call: &Call<'_>, _: Permit) -> Handled {
    let user = user(call)?;
    if user.login.is_none() {
        return Err(unknown(user).into());
    }
    Answer::done([User { login: None, ..User::clone(user) }.into()])
}

fn change(call: &Call<'_>, _: Permit) -> Handled {
    let user = call.caller.user().ok_or_else(only_users)?;
    let login = user.login.clone().ok_or_else(|| unknown(user))?;
    let policy = call.state.account().password_policy.as_ref();
    let (old, new) = (call.required("OldPassword")?, call.required("NewPassword")?);
    if password_life::due(&login, policy, call.now()) == Due::Administrator {
        return Err(ApiError::access_denied(password_life::EXPIRED).into());
    }
    if !password::verify(old, Some(&login.hash)) {
        return Err(ApiError::access_denied("The old password was incorrect.").into());
    }
    password_life::check(call.state, user, new)?;
    let login = LoginProfile { reset_required: false, ..renewed(call, login, new)? };
    Answer::done([User { login: Some(login), ..User::clone(user) }.into()])
}

fn update_policy(call: &Call<'_>, _: Permit) -> Handled {
    let flag = |name: &str| call.params.flag(name).unwrap_or(false);
    let number = |name: &str| call.params.number(name).and_then(|number| u32::try_from(number).ok());
    // What is not given goes back to its default.
    let policy = PasswordPolicy {
        minimum_length: number("MinimumPasswordLength").unwrap_or(6),
        require_symbols: flag("RequireSymbols"),
        require_numbers: flag("RequireNumbers"),
        require_uppercase: flag("RequireUppercaseCharacters"),
        require_lowercase: flag("RequireLowercaseCharacters"),
        allow_users_to_change: flag("AllowUsersToChangePassword"),
        max_age_days: number("MaxPasswordAge"),
        reuse_prevention: number("PasswordReusePrevention"),
        hard_expiry: call.params.flag("HardExpiry"),
    };
    let account = AccountRecord { password_policy: Some(policy), ..call.state.account().clone() };
    Answer::done([account.into()])
}

fn policy<'c>(call: &Call<'c>) -> Result<&'c PasswordPolicy, ApiError> {
    let unknown = || {
        let id = call.state.id();
        ApiError::no_such_entity(format!("The Password Policy with domain name {id} cannot be found."))
    };
    call.state.account().password_policy.as_ref().ok_or_else(unknown)
}

fn get_policy(call: &Call<'_>, _: Permit) -> Handled {
    let policy = policy(call)?;
    let mut xml = Xml::new()
        .number("MinimumPasswordLength", policy.minimum_length)
        .flag("RequireSymbols", policy.require_symbols)
        .flag("RequireNumbers", policy.require_numbers)
        .flag("RequireUppercaseCharacters", policy.require_uppercase)
        .flag("RequireLowercaseCharacters", policy.require_lowercase)
        .flag("AllowUsersToChangePassword", policy.allow_users_to_change)
        .flag("ExpirePasswords", policy.max_age_days.is_some());
    if let Some(days) = policy.max_age_days {
        xml = xml.number("MaxPasswordAge", days);
    }
    if let Some(count) = policy.reuse_prevention {
        xml = xml.number("PasswordReusePrevention", count);
    }
    if let Some(hard) = policy.hard_expiry {
        xml = xml.flag("HardExpiry", hard);
    }
    Answer::read(Xml::new().inside("PasswordPolicy", &xml))
}

fn delete_policy(call: &Call<'_>, _: Permit) -> Handled {
    policy(call)?;
    Answer::done([AccountRecord { password_policy: None, ..call.state.account().clone() }.into()])
}
