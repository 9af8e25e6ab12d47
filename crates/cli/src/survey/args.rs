//! The flags of commands that ask everyone of an account.

use std::path::Path;

use clap::Args;
use twokeys::account::{Circumstances, PrincipalRef, Sensitive};
use twokeys::name::{Action, Pattern};
use twokeys::request::Resource;
use twokeys::source::shown;

use super::progress::When;
use crate::failure::{Failure, Problem};
use crate::input::Input;
use crate::intake::{Home, Missing, Surroundings, World, WorldArgs};
use crate::reference;

/// Who is asked, and how
#[derive(Debug, Args)]
pub(crate) struct SurveyArgs {
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    /// Only these users and roles, with `*` and `?`; may be given several times [default: all]
    #[arg(long, value_name = "GLOB", help_heading = "Request")]
    principals: Vec<String>,
    #[command(flatten)]
    surroundings: Surroundings,
    /// Seconds since MFA, in the state in which it was used
    #[arg(long, value_name = "SECONDS", default_value_t = 0, help_heading = "MFA")]
    mfa_age: u64,
    /// How many threads ask [default: one for each core]
    #[arg(short, long, value_name = "N", help_heading = "Output")]
    pub(crate) jobs: Option<usize>,
    /// When to show how far it is, on standard error
    #[arg(long, value_enum, default_value_t = When::Auto, value_name = "WHEN", help_heading = "Output")]
    pub(crate) progress: When,
}

impl SurveyArgs {
    /// The account. Without one there is nobody to be asked.
    pub(crate) fn home<'w>(&self, world: &'w World) -> Result<&'w Home, Problem> {
        world.home().ok_or_else(|| {
            Problem::new("no-account", "no account is given, so there is nobody to be asked").help(
                "give one: --account FILE with the output of `aws iam get-account-authorization-details`",
            )
        })
    }

    /// Those who are asked. A pattern that names nobody is a mistake, not an empty answer.
    pub(crate) fn principals<'h>(&self, home: &'h Home) -> Result<Vec<PrincipalRef<'h>>, Problem> {
        let everyone: Vec<PrincipalRef<'h>> = home.account.principals().collect();
        if self.principals.is_empty() {
            return Ok(everyone);
        }
        let patterns: Vec<Pattern> = self.principals.iter().map(|text| Pattern::new(text)).collect();
        let names =
            |who: PrincipalRef<'_>| [who.label(), who.arn().resource().to_owned(), who.arn().to_string()];
        let matches = |pattern: &Pattern, who| names(who).iter().any(|name| pattern.matches(name));
        for (pattern, text) in patterns.iter().zip(&self.principals) {
            if !everyone.iter().any(|who| matches(pattern, *who)) {
                let message = format!(
                    "--principals: `{}` is none of the {} users and roles of account {}",
                    shown(text),
                    everyone.len(),
                    home.account.id()
                );
                return Err(Problem::new("unknown-principal", message)
                    .help("write it as `user/*`, `role/ops` or an ARN, in quotation marks for the shell"));
            }
        }
        let asked = everyone.into_iter().filter(|who| patterns.iter().any(|pattern| matches(pattern, *who)));
        Ok(asked.collect())
    }

    /// An audit is about all of an account.
    pub(crate) fn refuse_principals(&self) -> Result<(), Problem> {
        if self.principals.is_empty() {
            return Ok(());
        }
        Err(Problem::new("usage", "--principals is given, but an audit is about all of an account")
            .help("`twokeys matrix --principals` shows a few of them"))
    }

    /// The flags that give the account, to be typed again.
    pub(crate) fn account_flags(&self) -> String {
        self.world.account_flags()
    }

    /// What surrounds every question.
    pub(crate) fn circumstances(
        &self,
        home: &Home,
        world: &World,
        input: &mut Input,
    ) -> Result<Circumstances, Failure> {
        world.check_account()?;
        let account = Some(home.account.id());
        let given = self.surroundings.for_everyone(input.now()?)?;
        let missing = given.missing;
        let (facts, context) = given.into_facts(world.membership(account));
        Ok(Circumstances {
            facts,
            context,
            rest_unknown: missing == Missing::Unknown,
            mfa_age: self.mfa_age,
            management_account: world.is_management_account(account),
        })
    }
}

/// The actions in a file, one or a wildcard a line; `#` begins a remark.
pub(crate) fn listed(path: &Path, input: &mut Input) -> Result<Vec<Action>, Failure> {
    let document = input.read(path, "list of actions")?;
    let text = document.text();
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let texts: Vec<String> = lines.filter(|line| !line.is_empty()).map(everything).collect();
    if texts.is_empty() {
        let message = format!("`{}` names no action", document.name);
        return Err(Problem::new("no-action", message).help("write one action or wildcard a line").into());
    }
    let read = reference::actions(&texts, true);
    Ok(read.map_err(|problem| problem.with_more(&format!(" (in `{}`)", document.name)))?)
}

/// The actions of flags and of a file.
pub(crate) fn actions(
    flags: &[String],
    file: Option<&Path>,
    input: &mut Input,
) -> Result<Vec<Action>, Failure> {
    let texts: Vec<String> = flags.iter().map(|text| everything(text)).collect();
    let mut actions = reference::actions(&texts, true)?;
    match file {
        Some(path) if path.as_os_str() == "all" => {
            actions.extend(reference::actions(&["*".to_owned()], true)?);
        }
        Some(path) => actions.extend(listed(path, input)?),
        None => {}
    }
    let mut seen = std::collections::HashSet::new();
    actions.retain(|action| seen.insert(action.folded().to_owned()));
    Ok(actions)
}

/// The sensitive actions, those of a file if one is given.
pub(crate) fn sensitive(file: Option<&Path>, input: &mut Input) -> Result<(Sensitive, Vec<Action>), Failure> {
    match file {
        Some(path) => {
            let actions = listed(path, input)?;
            Ok((Sensitive::new(&actions), actions))
        }
        None => Ok((Sensitive::default(), Sensitive::default_actions())),
    }
}

fn everything(text: &str) -> String {
    if text == "all" { "*".to_owned() } else { text.to_owned() }
}

/// The resources of `-r`.
pub(crate) fn resources(texts: &[String]) -> Result<Vec<Resource>, Problem> {
    let read = texts.iter().map(|text| {
        text.parse().map_err(|error: twokeys::name::InvalidArn| {
            Problem::new("bad-arn", format!("-r: {error}"))
                .help("write an ARN, such as `arn:aws:s3:::bucket/key`, or `*`")
        })
    });
    read.collect()
}
