//! `twokeys account audit`: who of an account is really held to MFA.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use twokeys::account::{Attachments, Audit as Found, Matrix, Trust, audit};
use twokeys::catalog;
use twokeys::engine::Actions;
use twokeys::lint;
use twokeys::name::Action;
use twokeys::report::SCHEMA_VERSION;
use twokeys::request::Resource;
use twokeys::source::{Severity, escaped};

use super::Format;
use crate::commands::Io;
use crate::deciding;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::intake::{Home, World};
use crate::survey::{SurveyArgs, args};
use crate::words::{counted, listed};

/// Find out who of an account is really held to MFA
///
/// Every line comes from deciding requests, none from the look of a policy. Users are asked as themselves,
/// in all three states of MFA. Roles are asked twice: for the call that assumes them, and for what a
/// session may do, which carries no MFA. What counts as sensitive is a list of twokeys, or --sensitive.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys account audit --account tests/data/account/moto.json \\
    --credential-report tests/data/account/moto-credential-report.csv --fail-on gap
  twokeys account audit --account tests/data/account/moto.json --format json

Exit status: 0 told, 1 with --fail-on gap there is something to mend, 2 trouble, 3 something is unknown.")]
pub(super) struct Audit {
    #[command(flatten)]
    survey: SurveyArgs,
    /// The actions that nobody should get to do without MFA, in a file [default: a list of twokeys]
    #[arg(long, value_name = "FILE", help_heading = "MFA")]
    sensitive: Option<PathBuf>,
    /// What makes the exit status 1
    #[arg(long, value_enum, value_name = "WHAT", help_heading = "Answer")]
    fail_on: Option<FailOn>,
    /// How to write it
    #[arg(long, short, value_enum, default_value_t = Format::Human, help_heading = "Output")]
    format: Format,
}

/// `--fail-on`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Anything to mend
    Any,
    /// The same
    Gap,
}

/// More names of one line are counted, unless `-v` asks for all.
const MOST_NAMES: usize = 5;

impl Audit {
    /// Exit status: 0 told, 1 there is something to mend and `--fail-on` asks, 2 trouble, 3 unknown.
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let (sensitive, listed) = args::sensitive(self.sensitive.as_deref(), &mut io.input)?;
        let world = World::load(&self.survey.world.files(&[])?, &mut io.input)?;
        let home = self.survey.home(&world)?;
        self.survey.refuse_principals()?;
        deciding::tell_before(&world, io)?;
        if world.is_missing_one_for_all(&Resource::Star) {
            return Err(Problem::new("no-answer", "a policy that reaches everyone could not be read")
                .help("mend it first; without it nothing can be said of anyone")
                .into());
        }
        let circumstances = self.survey.circumstances(home, &world, &mut io.input)?;
        let attachments = Attachments::new(&home.account, world.base(&Resource::Star));
        // A user who needs MFA for something may be locked out, so everything is asked.
        let known = catalog::actions().filter_map(|action| action.to_name().ok());
        let unknown = listed.into_iter().filter(|action: &Action| catalog::action(action.folded()).is_none());
        let actions = Actions::new(known.chain(unknown).collect());
        let matrix = Matrix::new(&attachments, &actions, &circumstances, &sensitive);
        let found = audit(&matrix);
        let mistakes = lint_errors(home);
        match self.format {
            Format::Human => tell(&found, mistakes, &self.survey.account_flags(), io)?,
            Format::Json => writeln!(io.out, "{:#}", data(&found, mistakes))?,
        }
        let unknown = if found.indeterminate.is_empty() { Exit::Yes } else { Exit::Undecided };
        let fails = self.fail_on.is_some() && found.has_gap();
        Ok(unknown.and(if fails { Exit::No } else { Exit::Yes }))
    }

    pub(super) fn wants_json(&self) -> bool {
        self.format == Format::Json
    }
}

/// How many errors the linter finds in the policies of the account.
fn lint_errors(home: &Home) -> usize {
    let findings =
        home.policies().flat_map(|policy| lint::lint(policy.policy(), &lint::Options::new(policy.kind())));
    findings.filter(|finding| finding.meta.severity == Severity::Error).count()
}

fn tell(found: &Found<'_>, mistakes: usize, flags: &str, io: &mut Io<'_>) -> Result<(), Failure> {
    let most = if io.look.verbose { usize::MAX } else { MOST_NAMES };
    let style = io.look.style();
    let mut out = String::new();
    let lint = match mistakes {
        0 => String::new(),
        count => format!(" ({}: twokeys lint {flags})", counted(count, "lint error")),
    };
    let (users, roles) = (counted(found.users, "user"), counted(found.roles, "role"));
    style.push(&mut out, "", &format!("{users}, {roles}, {}{lint}", counted(found.policies, "policy")), 2);
    // What stands in front may be longer than its column.
    let mut line = |first: &str, text: &str| style.push(&mut out, &format!("{first:<12} "), text, 13);

    line("MFA", &console(found, most));
    let not = found.not_held.iter().map(|one| one.user.name.as_str());
    let but = if found.not_held.is_empty() { String::new() } else { format!("; not: {}", listed(not, most)) };
    line(
        "enforced",
        &format!("{} of {users} are denied sensitive actions without MFA{but}", found.held.len()),
    );
    if io.look.verbose {
        for one in &found.not_held {
            let by = one.example.by.as_ref().map(|by| format!(" by {}", escaped(by))).unwrap_or_default();
            let user = escaped(&one.user.name);
            let more = if one.gaps > 1 { format!(" and {} more", one.gaps - 1) } else { String::new() };
            line("", &format!("{user}: {} ({}){by}{more}", one.example.action, one.example.verdict));
        }
    }
    line("root", &root(found));
    if !found.can_switch_off.is_empty() {
        let names = found.can_switch_off.iter().map(|one| one.user.name.as_str());
        line("can switch off own MFA without MFA:", &format!("{} (M447)", listed(names, most)));
    }
    for one in found.locked_out.iter().take(most) {
        let user = escaped(&one.user.name);
        let under =
            one.under.as_ref().map(|policy| format!(" under {}", escaped(policy))).unwrap_or_default();
        line(
            "lockout",
            &format!("{user} cannot enroll a device{under} (twokeys prove lockout --user {user})"),
        );
    }
    if found.locked_out.len() > most {
        line("", &format!("and {} more (-v)", found.locked_out.len() - most));
    }
    if found.roles > 0 {
        let open: Vec<_> = found.role_audits.iter().filter(|one| one.is_gap()).collect();
        let names = listed(open.iter().map(|one| one.role.name.as_str()), most);
        let which = if open.is_empty() { String::new() } else { format!(": {names} (M491)") };
        line(
            "roles",
            &format!("{} of {roles} let someone in without MFA to do sensitive things{which}", open.len()),
        );
    }
    for (who, why) in &found.indeterminate {
        line("unknown", &format!("{}: {}", escaped(&who.label()), escaped(&why.to_string())));
    }
    io.out.write_all(out.as_bytes())?;
    Ok(())
}

fn console(found: &Found<'_>, most: usize) -> String {
    let Some(console) = &found.console else {
        return "nobody knows who has a device (--credential-report tells)".to_owned();
    };
    let (with, without) = (console.with_device.len(), console.without_device.len());
    let missing = listed(console.without_device.iter().map(|user| user.name.as_str()), most);
    let but = if without == 0 { String::new() } else { format!("; missing: {missing}") };
    format!("{with} of {} have a device{but}", counted(with + without, "console user"))
}

fn root(found: &Found<'_>) -> String {
    let device = match found.root.has_device() {
        Some(true) => "device enabled yes",
        Some(false) => "device enabled no",
        None => "nobody knows whether it has a device",
    };
    let keys = found.root.access_keys.map(|keys| format!("; access keys {keys}")).unwrap_or_default();
    format!("{device}{keys}")
}

fn data(found: &Found<'_>, mistakes: usize) -> Value {
    let users =
        |users: &[&twokeys::account::User]| users.iter().map(|user| user.name.clone()).collect::<Vec<_>>();
    let witness = |one: &twokeys::account::Witness| {
        json!({
            "action": one.action.as_str(),
            "resource": one.resource.as_str(),
            "verdict": one.verdict.as_str(),
            "by": one.by,
        })
    };
    let console = found.console.as_ref().map(|console| {
        json!({ "with_device": users(&console.with_device), "without_device": users(&console.without_device) })
    });
    let not_held = found
        .not_held
        .iter()
        .map(|one| json!({ "user": one.user.name, "gaps": one.gaps, "example": witness(&one.example) }));
    let switch_off = found.can_switch_off.iter().map(|one| {
        let calls = one.calls.iter().map(|call| {
            json!({
                "action": call.action.as_str(),
                "resource": call.resource.as_str(),
                "verdict": call.verdict().as_str(),
            })
        });
        json!({ "user": one.user.name, "calls": calls.collect::<Vec<_>>() })
    });
    let roles = found.role_audits.iter().map(|one| {
        let trust = one.trust.as_ref().ok();
        json!({
            "role": one.role.name,
            "trust": trust.and_then(Trust::verdict).map(twokeys::verdict::Verdict::as_str),
            "lets_in_without_mfa": trust.map(Trust::lets_in_without_mfa),
            "sensitive_actions": one.sensitive,
            "gap": one.is_gap(),
            "example": one.example.as_ref().map(witness),
        })
    });
    let lockouts = found.locked_out.iter().map(|one| json!({ "user": one.user.name, "under": one.under }));
    let indeterminate = found
        .indeterminate
        .iter()
        .map(|(who, why)| json!({ "principal": who.label(), "reasons": why.reasons }));
    json!({
        "schema_version": SCHEMA_VERSION,
        "users": found.users,
        "roles": found.roles,
        "policies": found.policies,
        "lint_errors": mistakes,
        "console": console,
        "held": users(&found.held),
        "not_held": not_held.collect::<Vec<_>>(),
        "root": { "mfa_device": found.root.has_device(), "access_keys": found.root.access_keys },
        "can_switch_off": switch_off.collect::<Vec<_>>(),
        "lockouts": lockouts.collect::<Vec<_>>(),
        "role_audits": roles.collect::<Vec<_>>(),
        "indeterminate": indeterminate.collect::<Vec<_>>(),
        "gap": found.has_gap(),
    })
}
