//! `twokeys account summary`: what is in an account.

use clap::Args;
use serde_json::{Value, json};
use twokeys::account::{Account, PrincipalRef};
use twokeys::report::SCHEMA_VERSION;
use twokeys::source::escaped;

use super::Format;
use crate::commands::Io;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::intake::{AccountArgs, Home};
use crate::words::{counted, listed};

/// Count what is in an account, and list its users and roles
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys account summary --account tests/data/account/moto.json
  twokeys account summary --account tests/data/account/moto.json --format json")]
pub(super) struct Summary {
    #[command(flatten)]
    account: AccountArgs,
    /// Go on where policies cannot be read or are missing
    #[arg(long, help_heading = "Account")]
    keep_going: bool,
    /// How to write it
    #[arg(long, short, value_enum, default_value_t = Format::Human, help_heading = "Output")]
    format: Format,
}

/// More groups or policies of one principal are counted, not named.
const MOST_NAMES: usize = 4;

impl Summary {
    /// Exit status: 0 told, 2 trouble, 3 policies are missing.
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let home = given(&self.account, self.keep_going, io)?;
        for problem in &home.left_out {
            io.err.write_all(problem.to_text(io.look.colors_err()).as_bytes())?;
        }
        for notice in home.notices.iter().filter(|_| !io.look.quiet) {
            writeln!(io.err, "note: {}", escaped(notice))?;
        }
        match self.format {
            Format::Human => tell(&home.account, io)?,
            Format::Json => writeln!(io.out, "{:#}", data(&home.account))?,
        }
        Ok(if home.left_out.is_empty() { Exit::Yes } else { Exit::Undecided })
    }

    pub(super) fn wants_json(&self) -> bool {
        self.format == Format::Json
    }
}

/// The account, which must be given.
pub(super) fn given(args: &AccountArgs, keep_going: bool, io: &mut Io<'_>) -> Result<Home, Failure> {
    let home = Home::load(&args.files(), keep_going, &mut io.input)?;
    Ok(home.ok_or_else(|| {
        Problem::new("no-account", "no account is given")
            .help("give one: --account FILE with the output of `aws iam get-account-authorization-details`")
    })?)
}

/// How many policies of each kind.
struct Policies {
    managed: usize,
    of_aws: usize,
    inline: usize,
    trust: usize,
}

impl Policies {
    fn of(account: &Account) -> Self {
        let of_aws = account.policies().iter().filter(|policy| policy.arn.account().is_none()).count();
        let users = account.users().iter().map(|user| user.held.inline.len());
        let groups = account.groups().iter().map(|group| group.held.inline.len());
        let roles = account.roles().iter().map(|role| role.held.inline.len());
        Self {
            managed: account.policies().len(),
            of_aws,
            inline: users.chain(groups).chain(roles).sum(),
            trust: account.roles().iter().filter(|role| role.trust.is_some()).count(),
        }
    }
}

fn tell(account: &Account, io: &mut Io<'_>) -> Result<(), Failure> {
    let Policies { managed, of_aws, inline, trust } = Policies::of(account);
    let out = &mut *io.out;
    writeln!(out, "account {}", account.id())?;
    writeln!(
        out,
        "{}, {}, {}, {}: {managed} managed ({of_aws} of AWS), {inline} inline, {trust} trust",
        counted(account.users().len(), "user"),
        counted(account.groups().len(), "group"),
        counted(account.roles().len(), "role"),
        counted(managed + inline + trust, "policy"),
    )?;
    if io.look.quiet {
        return Ok(());
    }
    let style = io.look.style();
    let labels: Vec<String> = account.principals().map(|who| escaped(&who.label())).collect();
    let width = labels.iter().map(|label| label.chars().count()).max().unwrap_or_default() + 2;
    let mut text = String::new();
    for (who, label) in account.principals().zip(&labels) {
        let first = format!("{label}{}", " ".repeat(width.saturating_sub(label.chars().count())));
        style.push(&mut text, &first, &facts(who).join(", "), width);
    }
    writeln!(out)?;
    out.write_all(text.as_bytes())?;
    Ok(())
}

/// What is known of someone, a few words each.
fn facts(who: PrincipalRef<'_>) -> Vec<String> {
    let held = who.held();
    let mut facts = Vec::new();
    if !who.groups().is_empty() {
        facts.push(format!("in {}", listed(who.groups().iter().map(String::as_str), MOST_NAMES)));
    }
    let name = |arn: &String| arn.rsplit('/').next().unwrap_or_default().to_owned();
    let attached: Vec<String> = held.attached.iter().map(name).collect();
    for (word, names) in [
        ("attached", attached),
        ("inline", held.inline.iter().map(|inline| inline.name.clone()).collect()),
        ("boundary", held.boundary.iter().map(name).collect()),
    ] {
        if !names.is_empty() {
            facts.push(format!("{word} {}", listed(names.iter().map(String::as_str), MOST_NAMES)));
        }
    }
    if let PrincipalRef::User(user) = who {
        let sign_in = &user.sign_in;
        facts.extend(sign_in.password.filter(|has| *has).map(|_| "password".to_owned()));
        facts.extend(
            sign_in.access_keys.filter(|keys| *keys > 0).map(|keys| counted(keys.into(), "access key")),
        );
        facts.extend(
            sign_in.has_device().map(|has| if has { "MFA device" } else { "no MFA device" }.to_owned()),
        );
    }
    if facts.is_empty() {
        facts.push("no policies".to_owned());
    }
    facts
}

fn data(account: &Account) -> Value {
    let Policies { managed, of_aws, inline, trust } = Policies::of(account);
    let principals = account.principals().map(|who| {
        let held = who.held();
        let mut one = json!({
            "principal": who.label(),
            "arn": who.arn().as_str(),
            "groups": who.groups(),
            "attached": held.attached,
            "inline": held.inline.iter().map(|inline| &inline.name).collect::<Vec<_>>(),
            "boundary": held.boundary,
        });
        if let (PrincipalRef::User(user), Value::Object(members)) = (who, &mut one) {
            members.insert("password".into(), json!(user.sign_in.password));
            members.insert("access_keys".into(), json!(user.sign_in.access_keys));
            members.insert("mfa_device".into(), json!(user.sign_in.has_device()));
        }
        one
    });
    json!({
        "schema_version": SCHEMA_VERSION,
        "account": account.id().to_string(),
        "users": account.users().len(),
        "groups": account.groups().len(),
        "roles": account.roles().len(),
        "policies": { "managed": managed, "of_aws": of_aws, "inline": inline, "trust": trust },
        "principals": principals.collect::<Vec<_>>(),
    })
}
