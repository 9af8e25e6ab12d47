//! What a context key is, and for the two of MFA what becomes of every way to ask for them.

use twokeys::mfa::{Profile, Signing};
use twokeys::report::Style;
use twokeys::request::{Context, GLOBAL_KEYS, GlobalKey, MFA_AGE, MFA_PRESENT, MfaState, ValueType};

use super::ask::holds;
use super::page::{Page, cell};

/// The page of a key, by its name in any case.
pub(super) fn page(word: &str, style: Style) -> Option<String> {
    let named = format!("{}/", word.trim_end_matches('/'));
    let family = GLOBAL_KEYS.iter().find(|key| key.is_family() && key.name.eq_ignore_ascii_case(&named));
    let key = GlobalKey::find(word).or(family)?;
    let tag = if key.is_family() { "KEY" } else { "" };
    let types: Vec<&str> = key.types.iter().map(|one| type_word(*one)).collect();
    let count =
        if key.multivalued { "several values: wants ForAnyValue: or ForAllValues:" } else { "one value" };
    let mut page =
        Page::new(style, &format!("{}{tag}", key.name), &format!("{}, {count}", types.join(" or ")));
    page.heading("A request has it for");
    page.list([("", key.presence)]);
    if key.name == MFA_PRESENT {
        present(&mut page);
    } else if key.name == MFA_AGE {
        age(&mut page);
    }
    Some(page.into_text())
}

/// The names of all keys.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    GLOBAL_KEYS.iter().map(|key| key.name)
}

fn type_word(one: ValueType) -> &'static str {
    match one {
        ValueType::String => "String",
        ValueType::Bool => "Bool",
        ValueType::Number => "Numeric",
        ValueType::Date => "Date",
        ValueType::Ip => "IpAddress",
        ValueType::Arn => "Arn",
    }
}

/// The states that the tables ask; the age of the true one is that of the row of MF-002.
const STATES: [MfaState; 3] = [MfaState::Missing, MfaState::False, MfaState::True { age: 300 }];

/// Ways to get credentials, for people.
const SIGNED_BY: &[(&str, Signing)] = &[
    ("an access key of a user or of root", Signing::AccessKey),
    ("an access key, in an AssumeRole call that passes a code", Signing::AccessKeyWithCode),
    ("the console, signed in without MFA", Signing::Console { mfa_age: None }),
    ("the console, signed in with MFA", Signing::Console { mfa_age: Some(300) }),
    ("GetSessionToken without a code", Signing::SessionToken { mfa_age: None }),
    ("GetSessionToken with a code", Signing::SessionToken { mfa_age: Some(300) }),
    ("a role session, made by an access key with or without a code", Signing::Role),
    ("a role session, made from a session with MFA", Signing::RoleFromMfaSession { mfa_age: 300 }),
    ("AssumeRoleWithSAML or AssumeRoleWithWebIdentity, the call", Signing::FederationCall),
    ("SAML, web identity, Identity Center, GetFederationToken", Signing::Federated),
    ("a service, forwarding the call of an access key", Signing::Forwarded(MfaState::Missing)),
    ("a service, forwarding the call of a session with MFA", Signing::Forwarded(MfaState::True { age: 300 })),
    ("an instance profile, a function, a service-linked role", Signing::Role),
    ("a service on its own behalf, or nobody", Signing::ServiceOrAnonymous),
    ("a session of AssumeRoot", Signing::AssumedRoot),
];

fn present(page: &mut Page) {
    page.paragraph(
        "It is about the credentials that sign a request, not about the user: a user with a device who \
         calls with an access key has used no MFA, and his requests carry no such key at all. Missing is \
         not the same as false.",
    );
    page.heading("Requests signed by");
    page.table(&["", "key"], &signed_by(MfaState::as_str));
    page.heading("Is the condition met?");
    let conditions = [
        ("Bool", "true"),
        ("Bool", "false"),
        ("BoolIfExists", "true"),
        ("BoolIfExists", "false"),
        ("Null", "true"),
        ("Null", "false"),
    ];
    let rows = conditions.map(|(operator, value)| {
        let met = STATES.map(|state| holds(operator, MFA_PRESENT, value, context(state)));
        let mut row = vec![format!("{operator}: \"{value}\"")];
        row.extend(met.map(cell));
        row.extend([through(met), through(met.map(|met| met.map(|met| !met)))].map(str::to_owned));
        row
    });
    page.table(&["", "missing", "false", "true", "an Allow with it", "a Deny with it"], &rows);
    page.paragraph(
        "An Allow takes nothing away: what another statement allows without MFA stays allowed. A Deny that \
         enforces MFA must leave out the actions by which a device is enrolled, or nobody can get one.",
    );
}

fn age(page: &mut Page) {
    page.paragraph(
        "Where MFA was not used there is no age, not even in a session whose aws:MultiFactorAuthPresent is \
         false. A limit that a request meets exactly is neither less nor greater.",
    );
    page.heading("Requests signed by");
    page.table(
        &["", "key"],
        &signed_by(
            |state| if let MfaState::True { .. } = state { "seconds since the code" } else { "missing" },
        ),
    );
    page.heading("Is the condition met, against a limit of 3600 seconds?");
    let conditions = [
        ("NumericLessThan", "3600"),
        ("NumericLessThanEquals", "3600"),
        ("NumericLessThanIfExists", "3600"),
        ("NumericGreaterThan", "3600"),
        ("NumericGreaterThanEquals", "3600"),
        ("NumericGreaterThanIfExists", "3600"),
        ("Null", "true"),
        ("Null", "false"),
    ];
    let states = [MfaState::Missing].into_iter().chain([60, 3600, 3601].map(|age| MfaState::True { age }));
    let states: Vec<MfaState> = states.collect();
    let rows = conditions.map(|(operator, value)| {
        let met = states.iter().map(|state| cell(holds(operator, MFA_AGE, value, context(*state))));
        std::iter::once(format!("{operator}: \"{value}\"")).chain(met).collect()
    });
    page.table(&["", "missing", "60", "3600", "3601"], &rows);
    page.paragraph(
        "A Deny for stale MFA and a Deny for missing MFA are two statements: two tests in one Condition must \
         both be met, and no request is both stale and without MFA.",
    );
}

/// What a request says of a key, by what signed it; where reports differ from the documentation, both.
fn signed_by(word: impl Fn(MfaState) -> &'static str) -> Vec<Vec<String>> {
    let row = |(by, signing): &(&str, Signing)| {
        let documented = word(signing.mfa(Profile::Documented));
        let observed = word(signing.mfa(Profile::Observed));
        let told = if documented == observed {
            documented.to_owned()
        } else {
            format!("{documented}   (--mfa-profile observed: {observed})")
        };
        vec![(*by).to_owned(), told]
    };
    SIGNED_BY.iter().map(row).collect()
}

fn context(state: MfaState) -> Context {
    // Two keys of ours, each once, are always a context.
    state.apply(Context::builder()).build().unwrap_or_default()
}

/// What it means to let these of the three states through: missing, false, true.
fn through(states: [Option<bool>; 3]) -> &'static str {
    match states.map(|state| state == Some(true)) {
        [false, false, true] => "enforces MFA",
        [true, false, true] => "lets access keys through",
        [false, true, true] => "lets sessions without MFA through",
        [true, true, true] => "lets everybody through",
        [false, false, false] => "lets nobody through",
        [_, _, false] => "is the wrong way round",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_found_with_and_without_their_tag() {
        for word in ["aws:PrincipalTag/team", "aws:principaltag", "aws:PrincipalTag/"] {
            assert!(page(word, Style::default()).unwrap().starts_with("aws:PrincipalTag/KEY"), "{word}");
        }
        assert!(page("aws:PrincipalTagX", Style::default()).is_none());
    }
}
