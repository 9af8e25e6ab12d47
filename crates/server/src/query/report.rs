//! The credential report (API-046).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::account::whole_account;
use super::{Answer, Call, Handled, Operation, reads, writes};
use crate::gate::Permit;
use crate::state::{AccessKey, AccountRecord, LoginProfile, ROOT, State};
use crate::wire::{ApiError, Xml, iso8601};

pub(super) const OPERATIONS: &[Operation] = &[
    writes("GenerateCredentialReport", whole_account, generate),
    reads("GetCredentialReport", whole_account, get),
];

/// A report is made anew after so many seconds.
const LIFE: u64 = 4 * 3_600;
const DAY: u64 = 86_400;

const COLUMNS: &str = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,\
     password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,\
     access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,\
     access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,\
     cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

fn generate(call: &Call<'_>, _: Permit) -> Handled {
    let account = call.state.account();
    let fresh = account.report_made.is_some_and(|made| made.saturating_add(LIFE) > call.now());
    if fresh {
        return Answer::read(Xml::new().text("State", "COMPLETE"));
    }
    let xml = Xml::new()
        .text("State", "STARTED")
        .text("Description", "No report exists. Starting a new report generation task");
    Answer::made([AccountRecord { report_made: Some(call.now()), ..account.clone() }.into()], xml)
}

fn get(call: &Call<'_>, _: Permit) -> Handled {
    let made = call.state.account().report_made;
    let none = || ApiError::report_not_present("There is no report; generate one");
    let made = made.filter(|made| made.saturating_add(LIFE) > call.now()).ok_or_else(none)?;
    let xml = Xml::new()
        .text("Content", &STANDARD.encode(csv(call.state)))
        .text("ReportFormat", "text/csv")
        .time("GeneratedTime", made);
    Answer::read(xml)
}

/// The report, the root user first.
pub(crate) fn csv(state: &State) -> String {
    let account = state.account();
    let root = Row {
        user: "<root_account>",
        arn: state.arn("root"),
        created: account.created,
        login: account.root.login.as_ref(),
        last_used: account.root.password_last_used,
        is_root: true,
        owner: ROOT,
    };
    let users = state.users().map(|user| Row {
        user: &user.name,
        arn: user.arn(state),
        created: user.created,
        login: user.login.as_ref(),
        last_used: user.password_last_used,
        is_root: false,
        owner: &user.id,
    });
    let mut text = format!("{COLUMNS}\n");
    for row in std::iter::once(root).chain(users) {
        text.push_str(&row.line(state));
        text.push('\n');
    }
    text
}

struct Row<'r> {
    user: &'r str,
    arn: String,
    created: u64,
    login: Option<&'r LoginProfile>,
    last_used: Option<u64>,
    is_root: bool,
    owner: &'r str,
}

impl Row<'_> {
    fn line(&self, state: &State) -> String {
        let flag = |yes: bool| if yes { "true" } else { "false" }.to_owned();
        let absent = || "N/A".to_owned();
        let rotation = state.account().password_policy.as_ref().and_then(|policy| policy.max_age_days);
        let password = match (self.is_root, self.login) {
            // AWS tells nothing of root's password but its use.
            (true, _) => [
                "not_supported".to_owned(),
                self.used(),
                "not_supported".to_owned(),
                "not_supported".to_owned(),
            ],
            (false, None) => [flag(false), absent(), absent(), absent()],
            (false, Some(login)) => {
                let next = rotation.map(|days| iso8601(login.changed + u64::from(days) * DAY));
                [flag(true), self.used(), iso8601(login.changed), next.unwrap_or_else(absent)]
            }
        };
        let mut keys = state.keys_of(self.owner);
        let mut fields = vec![self.user.to_owned(), self.arn.clone(), iso8601(self.created)];
        fields.extend(password);
        fields.push(flag(state.devices_of(self.owner).next().is_some()));
        fields.extend(key(keys.next()));
        fields.extend(key(keys.next()));
        fields.extend([flag(false), absent(), flag(false), absent()]);
        fields.join(",")
    }

    fn used(&self) -> String {
        self.last_used.map_or_else(|| "no_information".to_owned(), iso8601)
    }
}

fn key(key: Option<&std::sync::Arc<AccessKey>>) -> [String; 5] {
    let absent = || "N/A".to_owned();
    let Some(key) = key else { return ["false".to_owned(), absent(), absent(), absent(), absent()] };
    let used = key.last_used.as_ref();
    [
        if key.status.as_str() == "Active" { "true" } else { "false" }.to_owned(),
        iso8601(key.created),
        used.map_or_else(absent, |used| iso8601(used.at)),
        used.map_or_else(absent, |used| used.region.clone()),
        used.map_or_else(absent, |used| used.service.clone()),
    ]
}
