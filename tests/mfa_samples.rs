//! What the MFA rules say of AWS's own samples and of the mistakes beside them.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::process::Command;

use serde::Deserialize;
use twokeys::lint::{Attached, Class, Finding, Fix, Options, lint};
use twokeys::policy::{Policy, PolicyType};

use crate::outside;

/// The policies of `policies/mfa` that are right.
const RIGHT: &[&str] = &[
    "age-in-allow",
    "bucket-age",
    "bucket-delete",
    "recent-mfa-for-production",
    "self-manage",
    "self-manage-mfa-only",
    "self-manage-programmatic",
    "sensitive-actions",
    "trust-with-mfa",
];

/// Those with a mistake, and the rule that finds it.
const MISTAKES: &[(&str, &str)] = &[
    ("age-if-exists-in-allow", "M420"),
    ("allow-with-bool-if-exists", "M401"),
    ("deny-with-bool", "M402"),
    ("deny-with-null", "M403"),
    ("exempt-all-of-iam", "M440"),
    ("in-role-permissions", "M436"),
    ("inverted", "M406"),
    ("misspelled-key-in-allow", "M409"),
    ("misspelled-key-in-deny", "M409"),
    ("no-enrollment-exemption", "M430"),
    ("present-and-age-in-one-condition", "M423"),
    ("trust-with-bool-if-exists", "M401"),
];

fn names() -> BTreeSet<String> {
    let files = fs::read_dir("policies/mfa").unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

fn options(name: &str) -> Options {
    let kind = match name {
        _ if name.starts_with("bucket-") => PolicyType::Resource,
        _ if name.starts_with("trust-") => PolicyType::Trust,
        _ => PolicyType::Identity,
    };
    let mut options = Options::new(kind);
    options.service = (kind == PolicyType::Resource).then(|| "s3".to_owned());
    options.attached_to = name.starts_with("in-role-").then_some(Attached::Role);
    options
}

fn findings(name: &str) -> (String, Vec<Finding>) {
    let text = fs::read_to_string(format!("policies/mfa/{name}.json")).unwrap();
    let found = lint(&Policy::parse(&text).unwrap(), &options(name));
    (text, found)
}

#[test]
fn no_right_sample_has_an_error_and_every_mistake_is_found() {
    let known = RIGHT.iter().copied().chain(MISTAKES.iter().map(|(name, _)| *name));
    assert_eq!(known.map(str::to_owned).collect::<BTreeSet<_>>(), names());
    for name in RIGHT {
        let (_, found) = findings(name);
        let errors: Vec<_> = found
            .iter()
            .filter(|finding| finding.meta.class() == Class::Error || is_mfa_error(finding))
            .map(Finding::code)
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
    for (name, code) in MISTAKES {
        let codes: Vec<_> = findings(name).1.iter().map(Finding::code).collect();
        assert!(codes.contains(code), "{name}: {codes:?}");
    }
}

fn is_mfa_error(finding: &Finding) -> bool {
    finding.code().starts_with('M') && finding.meta.severity == twokeys::source::Severity::Error
}

#[test]
fn what_the_samples_hear() {
    let mut shown = String::new();
    for name in names() {
        writeln!(shown, "{name}").unwrap();
        for finding in findings(&name).1.iter().filter(|finding| finding.code().starts_with('M')) {
            let statement = finding.statement.unwrap_or_default();
            writeln!(shown, "  {} {statement}: {}", finding.code(), finding.message).unwrap();
        }
    }
    insta::assert_snapshot!(shown, @r#"
    age-if-exists-in-allow
      M445 1: callers without MFA can use `iam:EnableMFADevice` and `iam:ResyncMFADevice` for other users
      M446 1: callers without MFA can use `iam:DeactivateMFADevice` and `iam:DeleteVirtualMFADevice` on devices of other users
      M420 1: `NumericLessThanIfExists` lets callers without MFA pass
    age-in-allow
      M425 1: only the age says here that MFA is required
    allow-with-bool-if-exists
      M445 1: callers without MFA can use `iam:EnableMFADevice` and `iam:ResyncMFADevice` for other users
      M446 1: callers without MFA can use `iam:DeactivateMFADevice` and `iam:DeleteVirtualMFADevice` on devices of other users
      M401 1: this `Allow` lets in long-term access keys without MFA
    bucket-age
      M435 2: this `Deny` also stops sessions of roles, services and anonymous callers, who as documented never carry MFA
      M414 2: the usual form is the text `"true"`
    bucket-delete
      M466 2: this is not the MFA Delete of S3, which needs a device code for each call
      M435 2: this `Deny` also stops sessions of roles and anonymous callers, who as documented never carry MFA
    deny-with-bool
      M445 1: callers without MFA can use `iam:EnableMFADevice` for other users
      M402 2: this `Deny` does not stop long-term access keys
    deny-with-null
      M403 1: this `Deny` does not stop sessions without MFA, which carry the key as `false`
    exempt-all-of-iam
      M440 1: without MFA this frees more than enrollment, such as `iam:UpdateAssumeRolePolicy`
      M441 1: a stolen key can take the user's MFA device away and enroll its own
      M442 1: without MFA a stolen key gets other credentials or rights by `iam:CreateAccessKey`, `iam:CreateLoginProfile`, `iam:UpdateLoginProfile` and 6 more
      M437 1: this `Deny` also stops calls that services make for users with MFA
    in-role-permissions
      M436 2: this `Deny` applies to every session of the role: as documented, none carries MFA
    inverted
      M406 1: this `Deny` stops callers with MFA and spares sessions without it
    misspelled-key-in-allow
      M445 1: callers without MFA can use `iam:EnableMFADevice` and `iam:ResyncMFADevice` for other users
      M446 1: callers without MFA can use `iam:DeactivateMFADevice` and `iam:DeleteVirtualMFADevice` on devices of other users
      M409 1: there is no key `aws:MultiFactorAuthPresence`
    misspelled-key-in-deny
      M409 1: there is no key `aws:MultifactorAuthenticationPresent`
    no-enrollment-exemption
      M430 1: users without an MFA device can never enroll one: this `Deny` stops enrollment too
      M437 1: this `Deny` also stops calls that services make for users with MFA
    present-and-age-in-one-condition
      M431 1: this `Deny` covers `sts:GetSessionToken`, by which users of access keys begin to use MFA
      M433 1: users enroll with errors on the console: this `Deny` covers `iam:GetUser` and `iam:ResyncMFADevice`
      M437 1: this `Deny` also stops calls that services make for users with MFA
      M423 1: both tests must hold, so sessions whose MFA is too old are not denied
    recent-mfa-for-production
    self-manage
      M437 9: this `Deny` also stops calls that services make for users with MFA
    self-manage-mfa-only
      M437 4: this `Deny` also stops calls that services make for users with MFA
    self-manage-programmatic
      M431 5: this `Deny` covers `sts:GetSessionToken`, by which users of access keys begin to use MFA
      M433 5: users enroll with errors on the console: this `Deny` covers `iam:GetUser`
      M437 5: this `Deny` also stops calls that services make for users with MFA
    sensitive-actions
      M414 4: the usual form is the text `"false"`
    trust-with-bool-if-exists
      M401 1: this `Allow` lets in long-term access keys without MFA
    trust-with-mfa
    "#);
}

#[test]
fn a_fix_leaves_a_policy_and_takes_the_finding_away() {
    let mut mended = BTreeSet::new();
    for name in names() {
        let (text, found) = findings(&name);
        for finding in found.iter().filter(|finding| finding.code().starts_with('M')) {
            let Some(fix) = &finding.fix else { continue };
            let (after, made) = Fix::apply(&text, [fix]);
            assert_eq!(made, 1, "{name}: {}", finding.code());
            let policy = Policy::parse(&after).unwrap_or_else(|errors| panic!("{name}: {errors}\n{after}"));
            let left = lint(&policy, &options(&name));
            let same = |left: &&Finding| left.code() == finding.code();
            let before = found.iter().filter(same).count();
            assert!(left.iter().filter(same).count() < before, "{name}: {}\n{after}", finding.code());
            mended.insert(finding.code());
        }
    }
    assert!(mended.len() > 10, "{mended:?}");
}

#[derive(Deserialize)]
struct Corpus {
    policies: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: Option<String>,
    name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    document: serde_json::Value,
}

/// The M rules that speak of each policy of a file of samples.
fn heard(file: &str, wanted: impl Fn(&str, &str) -> bool) -> Option<Vec<(String, BTreeSet<&'static str>)>> {
    let packed = outside::data(file)?;
    let text = outside::output_of(Command::new("zstd").arg("-dcq").arg(packed))?;
    let corpus: Corpus = serde_json::from_slice(&text).unwrap();
    let mut heard = Vec::new();
    for entry in corpus.policies {
        let name = entry.id.or(entry.name).unwrap_or_default();
        let document = entry.document.to_string();
        let Ok(policy) = Policy::parse(&document) else { continue };
        let word = entry.kind.as_deref().unwrap_or("identity");
        let kind = PolicyType::ALL.into_iter().find(|kind| kind.as_str() == word).unwrap();
        if wanted(&name, &document) {
            let found = lint(&policy, &Options::new(kind));
            let codes = found.iter().map(Finding::code).filter(|code| code.starts_with('M')).collect();
            heard.push((name, codes));
        }
    }
    Some(heard)
}

#[test]
fn samples_of_the_user_guide_are_clean_but_for_what_they_forget() {
    let with_mfa =
        |name: &str, text: &str| name.starts_with("iam-user-guide/") && text.contains("MultiFactorAuth");
    let Some(heard) = heard("example-policies.json.zst", with_mfa) else { return };
    assert_eq!(heard.len(), 17);
    let line = |(name, codes): &(String, BTreeSet<&str>)| {
        let codes = codes.iter().copied().collect::<Vec<_>>().join(" ");
        let heard = if codes.is_empty() { "nothing" } else { &codes };
        format!("{}: {heard}", name.trim_start_matches("iam-user-guide/"))
    };
    insta::assert_snapshot!(heard.iter().map(line).collect::<Vec<_>>().join("\n"), @r#"
    access_policies#1: nothing
    id_credentials_mfa_configure-api-require#1: nothing
    id_credentials_mfa_configure-api-require#2: nothing
    id_credentials_mfa_configure-api-require#5: nothing
    id_credentials_mfa_configure-api-require#6: nothing
    id_credentials_mfa_enable_fido#1: M431 M437
    id_credentials_mfa_enable_physical#1: M437 M488
    id_credentials_mfa_sync#1: M430 M437
    id_roles_create_for-user#1: nothing
    reference_policies_elements_condition#1: M425
    reference_policies_elements_notaction#1: M431 M437 M440 M441 M442
    reference_policies_examples_aws_mfa-dates#1: M414
    reference_policies_examples_aws_my-sec-creds-self-manage-mfa-only#1: M437
    reference_policies_examples_aws_my-sec-creds-self-manage#1: M437
    reference_policies_examples_ec2_require-mfa#1: M414
    reference_policies_examples_iam_mfa-selfmanage#1: M431 M433 M437
    reference_policies_examples_s3_full-access-except-production#1: nothing
    "#);
}

#[test]
fn managed_policies_of_aws_say_nothing_about_mfa_and_hear_nothing() {
    let Some(heard) = heard("aws-managed-policies.json.zst", |_, _| true) else { return };
    assert!(heard.len() > 1_600, "{}", heard.len());
    let told: Vec<_> = heard.iter().filter(|(_, codes)| !codes.is_empty()).collect();
    assert!(told.is_empty(), "{told:?}");
}
