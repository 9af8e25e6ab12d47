//! The flags that say what surrounds a request, whoever makes it: the context, tags, what is not known.

use chrono::{DateTime, Utc};
use clap::Args;
use twokeys::mfa::Profile;
use twokeys::request::{Context, ContextBuilder, RequestObject, names_mfa};
use twokeys::source::Span;

use super::fitting;
use super::flags::{flag_problem, pair};
use super::question::{Given, Missing};
use crate::failure::Problem;

/// What surrounds a request, whoever makes it
#[derive(Debug, Args)]
#[command(next_help_heading = "Request")]
pub(crate) struct Surroundings {
    /// A context key: `KEY=VALUE` (again for more values), `KEY:absent` or `KEY:unknown`
    #[arg(short, long, value_name = "KEY=VALUE")]
    context: Vec<String>,
    /// The address the request comes from
    #[arg(long, value_name = "IP")]
    source_ip: Option<String>,
    /// The service that forwards the request for the principal
    #[arg(long, value_name = "NAME")]
    via_service: Option<String>,
    /// A tag of the principal
    #[arg(long, value_name = "KEY=VALUE")]
    principal_tag: Vec<String>,
    /// A tag of the resource
    #[arg(long, value_name = "KEY=VALUE")]
    resource_tag: Vec<String>,
    /// A tag that the request would set
    #[arg(long, value_name = "KEY=VALUE")]
    request_tag: Vec<String>,
    /// What a key is that a policy names and nothing gives
    #[arg(long, value_enum, default_value_t = Missing::Absent, value_name = "STATE")]
    missing: Missing,
}

impl Surroundings {
    /// What holds for everyone who asks.
    pub(crate) fn for_everyone(&self, now: DateTime<Utc>) -> Result<Given, Problem> {
        let mut object = RequestObject::default();
        self.context(&mut object)?;
        if object.mfa_key.is_some() {
            let message = "a context key says something of MFA, but every state of MFA is asked about";
            return Err(Problem::new("given-twice", message).help("take the key away; --mfa chooses a state"));
        }
        self.given(object, None, now)
    }

    pub(super) fn given(
        &self,
        object: RequestObject,
        profile: Option<Profile>,
        now: DateTime<Utc>,
    ) -> Result<Given, Problem> {
        let tags = |flag: &'static str, texts: &[String]| {
            let pairs = texts
                .iter()
                .map(move |text| pair(text, flag).map(|(key, value)| (key.to_owned(), value.to_owned())));
            pairs.collect::<Result<Vec<_>, _>>()
        };
        let given = Given {
            expect: None,
            via_service: self.via_service()?,
            principal_tags: tags("--principal-tag", &self.principal_tag)?,
            resource_tags: tags("--resource-tag", &self.resource_tag)?,
            request_tags: tags("--request-tag", &self.request_tag)?,
            profile: profile.unwrap_or_default(),
            profile_chosen: profile.is_some(),
            missing: self.missing,
            now,
            object,
        };
        fitting::once(&given, &given.object.context)?;
        Ok(given)
    }

    fn via_service(&self) -> Result<Option<String>, Problem> {
        match &self.via_service {
            Some(name) if name.trim().is_empty() || name.contains(char::is_whitespace) => {
                Err(Problem::new("bad-principal", format!("--via-service: `{name}` names no service"))
                    .help("write it as `athena.amazonaws.com`"))
            }
            name => Ok(name.clone()),
        }
    }

    /// `-c` and `--source-ip`.
    pub(super) fn context(&self, object: &mut RequestObject) -> Result<(), Problem> {
        let mut values: Vec<(&str, Vec<&str>)> = Vec::new();
        let mut context = Context::builder();
        for text in &self.context {
            let key = if let Some((key, value)) = text.split_once('=') {
                match values.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(key)) {
                    Some((_, list)) => list.push(value),
                    None => values.push((key, vec![value])),
                }
                key
            } else if let Some(key) = text.strip_suffix(":absent") {
                context = context.absent(key);
                key
            } else if let Some(key) = text.strip_suffix(":unknown") {
                ContextBuilder::check_unknown(key).map_err(|error| flag_problem("-c", &error.into()))?;
                context = context.unknown(key);
                key
            } else {
                return Err(Problem::new("bad-context", format!("`-c {text}` says nothing of a key"))
                    .help("write `KEY=VALUE`, `KEY:absent` or `KEY:unknown`"));
            };
            if names_mfa(key) {
                object.mfa_key = Some(Span::default());
            }
        }
        if let Some(ip) = &self.source_ip {
            let address = ip.parse::<std::net::IpAddr>().map_err(|_| {
                Problem::new("bad-address", format!("--source-ip: `{ip}` is no IP address"))
                    .help("write it as 203.0.113.7 or 2001:db8::7")
            })?;
            context = context.set("aws:SourceIp", [address.to_string()]);
        }
        for (key, list) in values {
            context = context.set(key, list);
        }
        context.clone().build().map_err(|error| flag_problem("-c", &error.into()))?;
        object.context = context;
        Ok(())
    }
}
