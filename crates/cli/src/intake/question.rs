//! A question: a request object and what the flags add to it, complete but for the state of MFA.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use twokeys::account::PrincipalRef;
use twokeys::mfa::{Profile, Signing};
use twokeys::name::{AccountId, Action};
use twokeys::report::{AskedDetails, AskedRequest, Expectation, NotAsked, Warning};
use twokeys::request::{
    Context, ContextBuilder, Credential, Details, Facts, KeyName, KeyState, MFA_AGE, MFA_PRESENT, Membership,
    MfaAsked, MfaState, Principal, PrincipalKind, Request, RequestObject, Resource, Wanted,
};
use twokeys::source::{Span, Spanned};

use super::refusal::{At, given_twice, misfit, missing_action, nobody, placed, problem, twice};
use super::sets::Ready;
use super::states::Signer;
use super::world::World;
use super::{belonging, fitting, person};
use crate::failure::{Failure, Problem};
use crate::input::Document;

/// What holds for every question of a run, where the request object does not say it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    /// What flags say that a request object can say, too.
    pub(crate) object: RequestObject,
    /// What is expected.
    pub(crate) expect: Option<Expectation>,
    /// The service that forwards the request.
    pub(crate) via_service: Option<String>,
    /// Tags of the requester.
    pub(crate) principal_tags: Vec<(String, String)>,
    /// Tags of the resource.
    pub(crate) resource_tags: Vec<(String, String)>,
    /// Tags that the request would set.
    pub(crate) request_tags: Vec<(String, String)>,
    /// Which reading of AWS, where its pages and reports differ.
    pub(crate) profile: Profile,
    /// Was it chosen, and not only left at its default?
    pub(crate) profile_chosen: bool,
    /// What a key is that nothing gives.
    pub(crate) missing: Missing,
    /// When the request is made.
    pub(crate) now: DateTime<Utc>,
}

/// What a key is that nothing gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Missing {
    /// Absent, as AWS has it
    #[default]
    Absent,
    /// Unknown: an answer that hangs on it is undecided
    Unknown,
}

/// One request, to be asked in one or more states of MFA.
#[derive(Debug)]
pub(crate) struct Question {
    /// Comes back with the answer.
    pub(crate) id: Option<String>,
    /// What is expected.
    pub(crate) expect: Option<Expectation>,
    /// Was nobody named, so that an example asks?
    pub(crate) assumed_principal: bool,
    /// Was no resource named?
    pub(crate) assumed_resource: bool,
    /// The user or the role of the account that asks: `user/alice`.
    member: Option<String>,
    /// Is it known that the user has no device, or is nothing known?
    may_lack_device: bool,
    request: Request,
    given: ContextBuilder,
    facts: Facts,
    asking: Asking,
    signer: Signer,
    missing: Missing,
    warnings: Vec<Warning>,
}

/// In which states the request is asked.
#[derive(Debug, Clone, Copy)]
enum Asking {
    /// Once; the context says of MFA what it says.
    AsItIs,
    /// Once, with what this credential puts into the context.
    With(Credential, MfaState),
    /// In these states; where no age is given, in a stale one, too.
    States(MfaAsked, Option<u64>),
}

impl Given {
    /// The same, with the one action and the one resource that flags name for a request object.
    pub(crate) fn with_one_of_each(
        mut self,
        actions: &[Action],
        resources: &[Resource],
    ) -> Result<Self, Problem> {
        self.object.action = only(actions, "-a")?;
        self.object.resource = only(resources, "-r")?;
        Ok(self)
    }

    /// What is known of everyone's context, and the keys that are given.
    pub(crate) fn into_facts(self, organization: Option<Membership>) -> (Facts, ContextBuilder) {
        let facts = Facts {
            via_service: self.via_service,
            organization,
            principal_tags: self.principal_tags,
            resource_tags: self.resource_tags,
            request_tags: self.request_tags,
            ..Facts::at(self.now)
        };
        (facts, self.object.context)
    }

    /// The question that a request object asks. `document` is where the object was read from.
    pub(crate) fn question(
        &self,
        object: RequestObject,
        document: Option<&Document>,
        world: &World,
    ) -> Result<Question, Failure> {
        let at = |span| document.map(|document| (document, span));
        let flags = &self.object;
        let (principal, assumed_principal) =
            match one_of("principal", "-p", flags.principal.as_ref(), object.principal, at)? {
                Some(principal) => (principal, false),
                None if world.home().is_some() => return Err(nobody(document).into()),
                None => (person::example()?, true),
            };
        let Some(action) = one_of::<Action>("action", "-a", flags.action.as_ref(), object.action, at)? else {
            return Err(missing_action(document).into());
        };
        let resource = one_of("resource", "-r", flags.resource.as_ref(), object.resource, at)?;
        let assumed_resource = resource.is_none();
        let resource_account = one_of(
            "resourceAccount",
            "--resource-account",
            flags.resource_account.as_ref(),
            object.resource_account,
            at,
        )?;
        let expect = self.expectation(object.expect, at)?;
        let given = object.context.join(&flags.context);
        fitting::once(self, &given).map_err(|problem| placed(problem, document))?;
        let key_at = object.mfa_key.or(flags.mfa_key);
        let asking = self.asking(key_at, object.mfa, object.mfa_age, object.credential, &principal)?;

        let mut request =
            Request::new(principal, action, resource.unwrap_or(Resource::Star), Context::default());
        request.resource_account = resource_account;
        let details = details(object.details, &flags.details)?;
        fitting::check(self, &request.principal, &details).map_err(|problem| placed(problem, document))?;
        let by_credential = match asking {
            Asking::With(credential, _) => credential.credential_type(request.principal.kind()),
            _ => None,
        };
        if by_credential.is_some() && details.credential.is_some() {
            return Err(twice("`credential` of the principal's details", "the kind of credential").into());
        }
        let account = request.principal.account();
        let mut details = details.into_principal_details();
        details.credential = details.credential.or(by_credential);
        details.management_account |= world.is_management_account(account);
        request.principal.set_details(details).map_err(|error| {
            let help = "leave the fact out, or name the requester it belongs to";
            Problem::new("bad-principal", error.to_string()).help(help)
        })?;
        let member = match world.home() {
            Some(home) => home.member(&request.principal)?,
            None => None,
        };
        let principal_tags = self.with_what_is_known(member, &mut request.principal, &given);
        let in_management = object.resource_in_management_account.or(flags.resource_in_management_account);
        let owner = request.owner();
        request.resource_in_management_account =
            in_management.unwrap_or_else(|| world.is_management_account(owner));

        let mut warnings = belonging::check(world, &request).map_err(|problem| placed(problem, document))?;
        let signer = Signer {
            kind: request.principal.kind(),
            profile: self.profile,
            forwarded: self.via_service.is_some() || is_forwarded(&given),
        };
        warnings.extend(self.of_mfa(asking, signer)?);

        let facts = Facts {
            via_service: self.via_service.clone(),
            organization: world.membership(account),
            principal_tags,
            resource_tags: self.resource_tags.clone(),
            request_tags: self.request_tags.clone(),
            ..Facts::at(self.now)
        };
        let question = Question {
            id: object.id,
            expect,
            assumed_principal,
            assumed_resource,
            member: member.map(PrincipalRef::label),
            may_lack_device: member.is_some_and(may_lack_device),
            request,
            given,
            facts,
            asking,
            signer,
            missing: self.missing,
            warnings,
        };
        Ok(question)
    }

    /// What is worth a word about the state of MFA that is asked about.
    fn of_mfa(&self, asking: Asking, signer: Signer) -> Result<Option<Warning>, Problem> {
        let Asking::States(asked, _) = asking else { return Ok(None) };
        if asked == MfaAsked::Missing && self.via_service.is_some() {
            let message =
                "MFA is to be missing, but a service that forwards a call signs with temporary credentials";
            return Err(Problem::new("bad-credential", message)
                .help("ask for `false` or `true`, or take `--via-service` away"));
        }
        if asked != MfaAsked::All {
            return Ok(asked.one(0).and_then(|state| signer.warning(state)));
        }
        if self.profile_chosen && matches!(signer.kind, PrincipalKind::User | PrincipalKind::Root) {
            let message = "--mfa-profile changes nothing here: on users and root all agree";
            return Ok(Some(Warning::of_question(
                "not-applicable",
                message,
                "take it away, or name a `--credential`",
            )));
        }
        Ok(None)
    }

    /// Adds what an account tells of the requester. Flags count before it.
    fn with_what_is_known(
        &self,
        member: Option<PrincipalRef<'_>>,
        principal: &mut Principal,
        given: &ContextBuilder,
    ) -> Vec<(String, String)> {
        let mut tags = self.principal_tags.clone();
        let Some(member) = member else { return tags };
        if let Ok(known) = member.to_principal()
            && known.kind() == principal.kind()
        {
            let details = &mut principal.details;
            details.unique_id = details.unique_id.take().or(known.details.unique_id);
            details.role_arn = details.role_arn.take().or(known.details.role_arn);
        }
        for tag in member.tags() {
            let family = format!("aws:PrincipalTag/{}", tag.key);
            let by_flag = tags.iter().any(|(key, _)| key.eq_ignore_ascii_case(&tag.key));
            if !by_flag && !given.mentions(&family) {
                tags.push((tag.key.clone(), tag.value.clone()));
            }
        }
        tags
    }

    fn expectation<'d>(
        &self,
        own: Option<Spanned<String>>,
        at: impl Fn(Span) -> At<'d>,
    ) -> Result<Option<Expectation>, Problem> {
        let Some(own) = own else { return Ok(self.expect) };
        if self.expect.is_some() {
            return Err(given_twice("expect", "--expect", at(own.span)));
        }
        let read = own.value.parse::<Expectation>();
        let placed = |error: twokeys::report::InvalidExpectation| {
            problem("bad-expectation", error.to_string(), error.help(), at(own.span))
        };
        read.map(Some).map_err(placed)
    }

    /// The request's own word on MFA counts, else that of the flags, else all three states are asked.
    fn asking(
        &self,
        key: Option<Span>,
        mfa: Option<Spanned<MfaAsked>>,
        age: Option<Spanned<u64>>,
        credential: Option<Spanned<Credential>>,
        principal: &Principal,
    ) -> Result<Asking, Problem> {
        let flags = &self.object;
        if key.is_some() {
            let beside = mfa.is_some() || age.is_some() || credential.is_some();
            if beside || flags.mfa.is_some() || flags.mfa_age.is_some() || flags.credential.is_some() {
                return Err(twice("an MFA key of the context", "the state of MFA or the credential"));
            }
            return Ok(Asking::AsItIs);
        }
        let own_state = mfa.is_some() || age.is_some();
        let credential = credential.or_else(|| flags.credential.clone().filter(|_| !own_state));
        if let Some(credential) = credential {
            let credential = credential.value;
            if !credential.fits(principal.kind()) {
                return Err(misfit(credential, principal));
            }
            let state = self.signing(credential).mfa(self.profile);
            return Ok(Asking::With(credential, state));
        }
        let asked = mfa.or_else(|| flags.mfa.clone()).map_or(MfaAsked::All, |asked| asked.value);
        let age = age.or_else(|| flags.mfa_age.clone()).map(|age| age.value);
        Ok(Asking::States(asked, age))
    }

    /// The row of the presence table.
    fn signing(&self, credential: Credential) -> Signing {
        let direct = match credential {
            Credential::AccessKey | Credential::Root => Signing::AccessKey,
            Credential::Session { mfa_age } => Signing::SessionToken { mfa_age },
            Credential::Console { mfa_age } => Signing::Console { mfa_age },
            Credential::Role { mfa_age: None } => Signing::Role,
            Credential::Role { mfa_age: Some(mfa_age) } => Signing::RoleFromMfaSession { mfa_age },
            Credential::Federated => Signing::Federated,
        };
        if self.via_service.is_some() { Signing::Forwarded(direct.mfa(self.profile)) } else { direct }
    }
}

impl Question {
    /// The account of the requester.
    pub(crate) fn principal_account(&self) -> Option<AccountId> {
        self.request.principal.account()
    }

    /// The account that owns the resource.
    pub(crate) fn owner(&self) -> Option<AccountId> {
        self.request.owner()
    }

    /// The user or the role of the account that asks.
    pub(crate) fn member(&self) -> Option<&str> {
        self.member.as_deref()
    }

    /// How the user would come by MFA, if it may be that there is no device yet.
    pub(crate) fn enroll(&self) -> Option<String> {
        if !self.may_lack_device {
            return None;
        }
        let user = self.request.principal.user_name()?;
        Some(format!("Enroll a device: twokeys mfa assign --user {user}"))
    }

    /// The thing it is about.
    pub(crate) fn resource(&self) -> &Resource {
        &self.request.resource
    }

    /// What is to be done.
    pub(crate) fn action(&self) -> &Action {
        &self.request.action
    }

    /// Who asks.
    pub(crate) fn principal(&self) -> &Principal {
        &self.request.principal
    }

    /// What is worth a warning about the question itself.
    pub(crate) fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The states of MFA that are left out, since the requester cannot be in them.
    pub(crate) fn not_asked(&self) -> Vec<NotAsked> {
        match self.asking {
            Asking::States(MfaAsked::All, _) => self.signer.not_asked(&MfaAsked::All.states(0)),
            _ => Vec::new(),
        }
    }

    /// The question as it was given, with what flags say beside the context, which it is left without.
    pub(crate) fn asked(&mut self) -> AskedRequest {
        let given = self.facts.said(std::mem::take(&mut self.given));
        let mut asked = AskedRequest::new(&self.request, given);
        asked.principal_details = AskedDetails::of(&self.request.principal.details);
        if let Asking::With(credential, _) = self.asking {
            asked.credential = Some(credential.to_string());
        }
        asked
    }

    /// The context in each state in which it is asked, with the keys that an answer can hang on.
    pub(crate) fn contexts(&mut self, ready: &Ready) -> Result<Vec<Context>, Failure> {
        self.contexts_with(ready, Some(Arc::clone(&ready.keys)))
    }

    /// The question in one of its contexts.
    pub(crate) fn request_in(&mut self, context: Context) -> &Request {
        self.request.context = context;
        &self.request
    }

    /// The request in each state in which it is asked, with all keys.
    pub(crate) fn requests(&mut self, ready: &Ready) -> Result<Vec<Request>, Failure> {
        let contexts = self.contexts_with(ready, None)?.into_iter();
        Ok(contexts.map(|context| Request { context, ..self.request.clone() }).collect())
    }

    fn contexts_with(&mut self, ready: &Ready, only: Option<Arc<Wanted>>) -> Result<Vec<Context>, Failure> {
        self.facts.only = only;
        let contexts = self.in_each_state(ready);
        self.facts.only = None;
        contexts
    }

    fn in_each_state(&mut self, ready: &Ready) -> Result<Vec<Context>, Failure> {
        let (mfa, issued_ago) = match self.asking {
            Asking::AsItIs => (None, self.issued_ago()),
            Asking::With(credential, state) => {
                let age = if let MfaState::True { age } = state { age } else { 0 };
                (Some(state), credential.is_temporary().then_some(age))
            }
            Asking::States(asked, age) => match asked.one(age.unwrap_or(0)) {
                Some(state) => (Some(state), None),
                None => {
                    let states = self.states(ready, age).into_iter();
                    return states.map(|state| self.context_in(Some(state), None)).collect();
                }
            },
        };
        Ok(vec![self.context_in(mfa, issued_ago)?])
    }

    /// All states that can be; where no age is given, a stale one, too.
    fn states(&self, ready: &Ready, age: Option<u64>) -> Vec<MfaState> {
        let mut states = MfaAsked::All.states(age.unwrap_or(0));
        if let (None, Some(age)) = (age, ready.stale_age) {
            states.push(MfaState::True { age });
        }
        states.retain(|state| self.signer.can_be(*state));
        states
    }

    fn context_in(&mut self, mfa: Option<MfaState>, issued_ago: Option<u64>) -> Result<Context, Failure> {
        (self.facts.mfa, self.facts.issued_ago) = (mfa, issued_ago);
        let given = self.given.clone();
        let mut builder = self.facts.complete(given, &self.request.principal, self.request.owner());
        if self.missing == Missing::Unknown {
            builder = builder.unknown("*");
        }
        builder.build().map_err(|error| {
            Problem::new("bad-context", error.to_string())
                .help("give each key once: by a flag or in the request")
                .into()
        })
    }

    /// When the credentials were issued, if the context says of MFA what only temporary ones say.
    fn issued_ago(&self) -> Option<u64> {
        let context = self.given.clone().build().ok()?;
        let KeyState::Known(_) = context.get(MFA_PRESENT) else { return None };
        match context.get(MFA_AGE) {
            KeyState::Known([age]) => age.parse().ok(),
            _ => Some(0),
        }
    }
}

/// Does the context say that a service forwards the request?
fn is_forwarded(given: &ContextBuilder) -> bool {
    const KEY: KeyName = KeyName::known("aws:ViaAWSService");
    given.names(KEY)
        && given.clone().build().is_ok_and(|context| {
            matches!(context.state(&KEY), KeyState::Known([value]) if value.eq_ignore_ascii_case("true"))
        })
}

/// The one value that is given: by a flag or in the request object, never by both.
fn one_of<'d, T: Clone>(
    member: &str,
    flag: &str,
    by_flag: Option<&Spanned<T>>,
    own: Option<Spanned<T>>,
    at: impl Fn(Span) -> At<'d>,
) -> Result<Option<T>, Problem> {
    match (by_flag, own) {
        (Some(_), Some(own)) => Err(given_twice(member, flag, at(own.span))),
        (Some(by_flag), None) => Ok(Some(by_flag.value.clone())),
        (None, own) => Ok(own.map(|own| own.value)),
    }
}

/// A request object asks one thing, so flags cannot add several.
fn only<T: Clone>(values: &[T], flag: &str) -> Result<Option<Spanned<T>>, Problem> {
    match values {
        [] => Ok(None),
        [value] => Ok(Some(Spanned::new(value.clone(), Span::default()))),
        _ => {
            let message = format!("`{flag}` is given {} times, but a request object asks once", values.len());
            Err(Problem::new("given-twice", message)
                .help(format!("give `{flag}` once, or no request object")))
        }
    }
}

fn details(own: Details, flags: &Details) -> Result<Details, Problem> {
    if *flags == Details::default() {
        return Ok(own);
    }
    fn either<T: Clone>(name: &str, own: Option<T>, flag: Option<&T>) -> Result<Option<T>, Problem> {
        match (own, flag) {
            (Some(_), Some(_)) => Err(twice(&format!("`{name}` in the request"), "a flag")),
            (own, flag) => Ok(own.or_else(|| flag.cloned())),
        }
    }
    Ok(Details {
        role_arn: either("roleArn", own.role_arn, flags.role_arn.as_ref())?,
        issuer_user_arn: either("issuerUserArn", own.issuer_user_arn, flags.issuer_user_arn.as_ref())?,
        unique_id: either("uniqueId", own.unique_id, flags.unique_id.as_ref())?,
        canonical_user: either("canonicalUser", own.canonical_user, flags.canonical_user.as_ref())?,
        service_names: either("serviceNames", own.service_names, flags.service_names.as_ref())?,
        management_account: either(
            "managementAccount",
            own.management_account,
            flags.management_account.as_ref(),
        )?,
        credential: either("credential", own.credential, flags.credential.as_ref())?,
    })
}

/// Nobody knows of a device of this user.
fn may_lack_device(who: PrincipalRef<'_>) -> bool {
    match who {
        PrincipalRef::User(user) => user.sign_in.has_device() != Some(true),
        PrincipalRef::Role(_) => false,
    }
}
