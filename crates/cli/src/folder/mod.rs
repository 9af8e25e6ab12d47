//! An account as a folder, one file a policy, for version control (UX-085).
//!
//! ```text
//! account.json                 {"account_id": "111122223333"}
//! users|groups|roles/NAME/     entity.json: the entry of the dump without its policies
//!   inline/POLICY.json         a policy of its own
//!   trust.json                 who may assume the role
//! policies/NAME.json           managed policies in force
//!   index.json                 their ARNs, each with its file
//! credential-report.csv        as IAM made it, if it was given
//! org/                         the organization, if it was given
//! ```

mod layout;
mod names;
mod pack;
mod pages;
mod unpack;

pub(crate) use pack::{Piece, pack};
pub(crate) use pages::{Names, laid_out, names};
pub(crate) use unpack::{Extras, unpack};

use std::path::Path;

use crate::failure::Problem;

/// The kinds of entities, with the names of their folder, their list in a dump, the member that names
/// one, and the member with its own policies.
const ENTITIES: [Kind; 3] = [
    Kind { folder: "users", list: "UserDetailList", name: "UserName", inline: "UserPolicyList" },
    Kind { folder: "groups", list: "GroupDetailList", name: "GroupName", inline: "GroupPolicyList" },
    Kind { folder: "roles", list: "RoleDetailList", name: "RoleName", inline: "RolePolicyList" },
];

/// A kind of entity.
#[derive(Debug, Clone, Copy)]
struct Kind {
    folder: &'static str,
    list: &'static str,
    name: &'static str,
    inline: &'static str,
}

const ACCOUNT: &str = "account.json";
const ENTITY: &str = "entity.json";
const INLINE: &str = "inline";
const TRUST: &str = "trust.json";
const POLICIES: &str = "policies";
const INDEX: &str = "index.json";
const REPORT: &str = "credential-report.csv";
const ORG: &str = "org";

/// Something of the folder is not as it should be.
fn bad_world(path: &Path, words: &str) -> Problem {
    Problem::new("bad-world", format!("`{}` {words}", path.display()))
        .help("a world is laid out as `twokeys account unpack` writes it")
}
