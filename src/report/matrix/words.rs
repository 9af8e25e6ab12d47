//! What is said of a cell: who holds the statement, what the letters mean.

use super::{States, UNKNOWN};
use crate::report::By;
use crate::report::layout::Style;
use crate::source::escaped;

/// Who holds the policy, as `user/bob` comes by it: `group Admins`, else the principal itself.
pub fn holder(principal: &str, by: &By) -> String {
    match by.via.as_deref().and_then(|via| via.split_once(", group ")) {
        Some((_, group)) => format!("group {}", escaped(group)),
        None => escaped(principal),
    }
}

/// The statement with its policy: `AdministratorAccess/1`, `ForceMFA/DenyAll`.
pub fn decided_by(by: &By) -> String {
    let statement = match by.sid.as_deref() {
        None | Some("") => by.index.to_string(),
        Some(sid) => escaped(sid),
    };
    format!("{}/{statement}", escaped(&by.policy))
}

/// How the principal comes by the statement: `group Admins → AdministratorAccess/1`, `role/ops inline:all/1`.
pub fn line(principal: &str, by: &By, style: Style) -> String {
    let decided = decided_by(by);
    match by.via.as_deref() {
        None => decided,
        Some(via) if via.starts_with("inline") => format!("{} inline:{decided}", holder(principal, by)),
        Some(_) => format!("{} {} {decided}", holder(principal, by), style.arrow()),
    }
}

/// What the letters mean, a line each.
pub fn legend(states: States, unknown: bool, gaps: bool) -> Vec<String> {
    let mut lines: Vec<String> = match states {
        States::Compare => [
            "A  allowed in all three states",
            "M  only with MFA",
            "K  also with an access key (missing)",
            "S  also in a session without MFA (false)",
            "I  denied with MFA, allowed without",
            ".  denied in all   !  sensitive MFA gap",
        ]
        .map(str::to_owned)
        .into(),
        States::Missing => vec!["A  allowed with an access key (missing)".into(), ".  denied".into()],
        States::False => vec!["A  allowed in a session without MFA (false)".into(), ".  denied".into()],
        States::True => vec!["A  allowed with MFA".into(), ".  denied".into()],
    };
    if gaps && states != States::Compare {
        lines.push("!  sensitive MFA gap".into());
    }
    if unknown {
        lines.push(format!("{UNKNOWN}  unknown, counts as denied"));
    }
    lines
}
