//! Decides whether AWS would allow a request.
//!
//! A request is *who* (principal), *what* (action), *to which thing* (resource) and *under which
//! circumstances* (context: time, address, how long ago the caller typed an MFA code). Policies are
//! lists of statements that allow or deny such requests. If you are new to IAM, remember two sentences:
//! nothing is allowed unless a statement says so, and one matching `Deny` beats every `Allow`.
//!
//! [`evaluate`] is the whole story; with `chart.rs` it reads like the flow chart in the
//! [AWS documentation](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
//! The rest of this module answers the small questions it asks:
//!
//! - which statements can match at all? (`index`)
//! - does this statement apply? (`statement`, `principal`, `resource`)
//! - is this condition met? (`condition`, one file per operator family)
//! - does this text match that name? (`matching`)
//!
//! [`explain`] walks all statements through the same code and writes down what it sees. Nothing here
//! reads a clock, a file or the network; the same arguments always give the same [`Evaluation`].

mod applicable;
mod chart;
mod classes;
mod condition;
mod cross_account;
mod decision;
mod index;
mod matched;
mod matching;
mod policy_set;
mod principal;
mod resource;
mod statement;
mod trace;
mod truth;
mod would_allow;

pub use classes::{ActionClasses, Actions};
pub use condition::{Judgment, Note, Reason};
pub(crate) use condition::{condition_holds, instant, is_readable};
pub use decision::{Decision, Evaluation, Layer, Outcomes, StatementId};
pub use policy_set::{Options, PolicySet, PolicySetBuilder, Prepared, SetError, StatementRef};
pub use principal::Level;
pub(crate) use resource::completed as completed_arn;
pub use statement::Element;
pub use trace::{ConditionTrace, Explanation, Met, MetKind, StatementTrace, explain, explain_action};
pub use truth::Truth;
pub use would_allow::{Change, would_allow};

use self::chart::Chart;
use self::matched::{Counting, Matched, RecordAll};
use crate::request::Request;

/// Decides one request.
///
/// Does not allocate, and looks only at statements that can match.
///
/// ```
/// use twokeys::engine::{Decision, PolicySet, Prepared, evaluate};
/// use twokeys::policy::{Policy, PolicyType};
/// use twokeys::request::{Context, Request};
///
/// let text = r#"{"Version": "2012-10-17", "Statement": [
///   {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
///   {"Effect": "Deny", "Action": "*", "Resource": "*",
///    "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}]}"#;
/// let policy = Prepared::new("looks safe", Policy::parse(text)?, PolicyType::Identity)?;
/// let set = PolicySet::builder().identity(policy).build()?;
///
/// let ask = |context| -> Result<Decision, Box<dyn std::error::Error>> {
///     let who = "arn:aws:iam::111122223333:user/alice".parse()?;
///     let request = Request::new(who, "s3:DeleteBucket".parse()?, "arn:aws:s3:::b".parse()?, context);
///     Ok(evaluate(&set, &request).decision())
/// };
/// let without_mfa = Context::builder().set("aws:MultiFactorAuthPresent", ["false"]).build()?;
/// assert_eq!(ask(without_mfa)?, Decision::ExplicitlyDenied);
/// // A long-term access key carries no MFA key at all, and `Bool` does not match a missing key.
/// assert_eq!(ask(Context::default())?, Decision::Allowed);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn evaluate(set: &PolicySet, request: &Request) -> Evaluation {
    decide(set, request, &mut ())
}

/// The one piece of code behind [`evaluate`] and [`explain`].
fn decide<'s, R: RecordAll<'s>>(set: &'s PolicySet, request: &Request, record: &mut R) -> Evaluation {
    let layers = applicable::layers(set, request);
    let matched = Matched::collect(set, request, layers, record);
    let chart = Chart { set, request, layers, matched: &matched };
    let certain = chart.run(Counting { allows: false, denies: false });
    if !matched.is_undecided() && !applicable::hangs_on_mfa(set, request) {
        return Evaluation::new(Outcomes::default().with(certain.decision), certain.layer, certain.by);
    }
    // Outcomes grow with Allows and shrink with Denies, so three runs find all that are possible (EV-009).
    let best = chart.run(Counting { allows: true, denies: false });
    let worst = chart.run(Counting { allows: false, denies: true });
    let possible = Outcomes::default().with(certain.decision).with(best.decision).with(worst.decision);
    match possible.decision() {
        Decision::Undecided => Evaluation::new(possible, worst.layer, None),
        _ => Evaluation::new(possible, certain.layer, certain.by),
    }
}
