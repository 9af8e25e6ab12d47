//! Requests.

use std::error::Error;

use twokeys::request::{Context, CredentialType, Principal, PrincipalDetails, Request};

use super::dice::Dice;
use super::keys::KEYS;
use super::scene::{AWAY, HOME, Scene};

/// A request in parts that can be changed and printed.
#[derive(Debug, Clone, Default)]
pub struct RequestDraft {
    /// Who asks.
    pub principal: String,
    /// What the name does not tell.
    pub details: PrincipalDetails,
    /// What is to be done.
    pub action: String,
    /// To which thing.
    pub resource: String,
    /// The account that owns it, if given.
    pub resource_account: Option<String>,
    /// Does it belong to the management account?
    pub resource_in_management_account: bool,
    /// Keys with their values.
    pub known: Vec<(String, Vec<String>)>,
    /// Keys that nobody knows; `*` at the end covers a family.
    pub unknown: Vec<String>,
}

impl RequestDraft {
    /// The request. Fails only if a part was changed into something that is none.
    pub fn build(&self) -> Result<Request, Box<dyn Error>> {
        let mut context = Context::builder();
        for (key, values) in &self.known {
            context = context.set(key, values.iter().cloned());
        }
        for key in &self.unknown {
            context = context.unknown(key);
        }
        let principal: Principal = self.principal.parse()?;
        // Facts that contradict the name are no request; what is left of it is one.
        let plain = principal.clone();
        let mut request = Request::new(
            principal.with_details(self.details.clone()).unwrap_or(plain),
            self.action.parse()?,
            self.resource.parse()?,
            context.build()?,
        );
        request.resource_account = self.resource_account.as_deref().map(str::parse).transpose()?;
        request.resource_in_management_account = self.resource_in_management_account;
        Ok(request)
    }
}

/// A request that often meets the policies of the scene.
pub(super) fn request(dice: &mut Dice, scene: &Scene) -> RequestDraft {
    let topic = scene.topic(dice);
    let resource = if dice.once_in(10) { scene.topic(dice).resource } else { topic.resource };
    let principal = scene.principal(dice);
    let details = details(dice, principal);
    let owner = dice.pick_text(&["", "", "", HOME, AWAY]);
    let mut draft = RequestDraft {
        principal: principal.to_owned(),
        details,
        action: topic.action.to_owned(),
        resource: resource.to_owned(),
        resource_account: (!owner.is_empty()).then(|| owner.to_owned()),
        resource_in_management_account: dice.once_in(20),
        known: Vec::new(),
        unknown: Vec::new(),
    };
    let may_have_unknown = dice.once_in(3);
    for key in &KEYS {
        let is_of_scene = scene.is_about(key);
        let values = |dice: &mut Dice| texts(dice.pick(key.in_request).copied().unwrap_or_default());
        match dice.below(8) {
            6..=7 if may_have_unknown => draft.unknown.push(key.name.to_owned()),
            1..=2 => draft.known.push((key.name.to_owned(), values(dice))),
            3..=5 if is_of_scene => draft.known.push((key.name.to_owned(), values(dice))),
            6..=7 if is_of_scene => draft.known.push((key.name.to_ascii_uppercase(), values(dice))),
            _ => {}
        }
    }
    if may_have_unknown && dice.once_in(8) {
        draft.unknown.push(dice.pick_text(&["aws:PrincipalTag/*", "*"]).to_owned());
    }
    draft
}

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

/// Some of the facts that fit the requester, and seldom some that do not.
fn details(dice: &mut Dice, principal: &str) -> PrincipalDetails {
    let account = if principal.contains(AWAY) { AWAY } else { HOME };
    let some_text = |dice: &mut Dice, values: &[&str]| {
        Some(dice.pick_text(values)).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let mut details = PrincipalDetails::default();
    if principal.contains(":assumed-role/") {
        let role = dice.pick_text(&[
            "",
            "role/app",
            "",
            "role/app",
            "role/team/app",
            "role/aws-service-role/x.amazonaws.com/ForX",
        ]);
        details.role_arn = format!("arn:aws:iam::{account}:{role}").parse().ok().filter(|_| !role.is_empty());
        details.unique_id = some_text(dice, &["", "AROAAPP", "AIDAALICE"]);
    }
    if principal.contains(":user/") {
        details.unique_id = some_text(dice, &["", "AIDAALICE", "AROAAPP"]);
    }
    if principal.contains(":federated-user/") {
        let issuer = dice.pick_text(&["user/alice", "user/team/bob", ""]);
        details.issuer_user_arn =
            format!("arn:aws:iam::{account}:{issuer}").parse().ok().filter(|_| !issuer.is_empty());
    }
    if principal.ends_with(".amazonaws.com") {
        let names: &[&str] = if dice.once_in(2) { &["x.us-east-1.amazonaws.com"] } else { &[] };
        details.service_names = texts(names);
    }
    if principal.starts_with("arn:") && !principal.contains("provider/") {
        details.canonical_user = some_text(dice, &["", "c0ffee"]);
        details.management_account = dice.once_in(12);
        details.credential = dice
            .pick(&[
                None,
                None,
                None,
                Some(CredentialType::LongTerm),
                Some(CredentialType::GetSessionToken),
                Some(CredentialType::GetFederationToken),
            ])
            .copied()
            .flatten();
    }
    details
}
