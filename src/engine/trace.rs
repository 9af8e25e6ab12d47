//! Every step of a decision, written down for `explain`.

use super::applicable;
use super::condition::{Judgment, Note, Reason, Test};
use super::decision::{Decision, Evaluation, Layer, StatementId};
use super::matched::RecordAll;
use super::policy_set::PolicySet;
use super::principal::Level;
use super::resource::{ResourceEntry, is_incomplete};
use super::statement::{Applies, Element, Record};
use super::truth::Truth;
use crate::request::{Context, KeyName, KeyState, Request};

/// So many statements are on most actions.
const FEW: usize = 8;

/// A decision together with what became of every statement.
#[derive(Debug, Clone)]
pub struct Explanation {
    evaluation: Evaluation,
    statements: Vec<StatementTrace>,
    unknown_keys: Vec<String>,
    absent_keys: Vec<String>,
    met: Vec<Met>,
}

/// What became of one statement.
#[derive(Debug, Clone)]
pub struct StatementTrace {
    /// The statement.
    pub id: StatementId,
    /// Is its layer consulted for this requester at all? (EV-011)
    pub consulted: bool,
    /// Does it apply?
    pub truth: Truth,
    /// How closely its principal part named the requester.
    pub level: Level,
    /// The first part that does not match.
    pub failed: Option<Element>,
    /// The tests of its condition; empty if an earlier part failed.
    pub conditions: Vec<ConditionTrace>,
    /// Resource entries that could not be compared, counted from 0, with the reason.
    pub resource_notes: Vec<(usize, Note)>,
}

/// What became of one test of a condition.
#[derive(Debug, Clone, Copy)]
pub struct ConditionTrace {
    /// Which block of the statement's `Condition`, from 0.
    pub block: usize,
    /// Which test of the block, from 0.
    pub test: usize,
    /// The answer.
    pub judgment: Judgment,
}

/// Something worth a warning that was met on the way (UX-088).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Met {
    /// What.
    pub kind: MetKind,
    /// In which statement.
    pub statement: StatementId,
    /// In which test of the condition (block and test, from 0), if in one.
    pub condition: Option<(usize, usize)>,
    /// In which entry of the resource part (from 0), if in one.
    pub resource: Option<usize>,
}

/// The kinds of [`Met`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MetKind {
    /// A key with several values under an operator without set prefix (CO-008).
    SetOperatorNeeded,
    /// A value that cannot be read as the operator's type (CO-013).
    UnparsableValue,
    /// A variable without a value (VA-005, VA-009, VA-010).
    UnresolvedVariable,
    /// A role's name stood for its ARN (PR-006).
    PrincipalByName,
    /// A `NotPrincipal` does not list the requester's account (PR-016).
    NotPrincipalAccount,
    /// An ARN with fewer than six fields (RE-006).
    IncompleteArn,
    /// A value that grew too long to be compared once its variables were filled in (RL-010).
    OverLimit,
}

impl MetKind {
    fn of(note: Note) -> Self {
        match note {
            Note::UnresolvedVariable => Self::UnresolvedVariable,
            Note::UnparsablePolicyValue | Note::UnparsableRequestValue => Self::UnparsableValue,
            Note::OverLimit => Self::OverLimit,
        }
    }

    /// The code used in warnings.
    pub fn code(self) -> &'static str {
        match self {
            Self::SetOperatorNeeded => "set-operator-needed",
            Self::UnparsableValue => "unparsable-value",
            Self::UnresolvedVariable => "unresolved-variable",
            Self::PrincipalByName => "principal-by-name",
            Self::NotPrincipalAccount => "notprincipal-account",
            Self::IncompleteArn => "incomplete-arn",
            Self::OverLimit => "over-limit",
        }
    }
}

/// Decides one request and writes down every step.
///
/// Walks all statements, through the same code as [`evaluate`](super::evaluate).
pub fn explain(set: &PolicySet, request: &Request) -> Explanation {
    write_down::<true>(set, request)
}

/// The same, but with a record of those statements only that can match by their action part. The others change
/// nothing in the decision, the keys and what is met; so this looks only at what matters.
pub fn explain_action(set: &PolicySet, request: &Request) -> Explanation {
    write_down::<false>(set, request)
}

fn write_down<const ALL: bool>(set: &PolicySet, request: &Request) -> Explanation {
    let statements = Vec::with_capacity(if ALL { set.slots.len() } else { FEW });
    let mut recorder = Recorder::<ALL> { statements, keys: Vec::new(), open: Vec::new() };
    let evaluation = super::decide(set, request, &mut recorder);
    let Recorder { mut statements, mut keys, .. } = recorder;
    if !ALL {
        // The index may name one twice, and in its own order.
        statements.sort_by_key(|trace| trace.id);
        statements.dedup_by_key(|trace| trace.id);
        keys.sort_by_key(|(id, _)| *id);
    }
    let mut unknown_keys = Vec::new();
    if request.context.has_unknown() {
        unknown_keys = in_state(&keys, &request.context, KeyState::Unknown);
    }
    if applicable::hangs_on_mfa(set, request) {
        unknown_keys.push(KeyName::mfa_present().as_str().to_owned());
        unknown_keys.sort();
        unknown_keys.dedup();
    }
    if evaluation.decision() != Decision::Undecided {
        unknown_keys.clear();
    }
    let absent_keys = in_state(&keys, &request.context, KeyState::Absent);
    let met = statements
        .iter()
        .filter(|trace| trace.consulted)
        .flat_map(|trace| met(set, request, trace))
        .collect();
    Explanation { evaluation, statements, unknown_keys, absent_keys, met }
}

impl Explanation {
    /// The decision.
    pub fn evaluation(&self) -> Evaluation {
        self.evaluation
    }

    /// Every statement that was asked, in the set's order.
    pub fn statements(&self) -> &[StatementTrace] {
        &self.statements
    }

    /// The unknown keys that an undecided answer hangs on, sorted; empty for other answers.
    pub fn unknown_keys(&self) -> &[String] {
        &self.unknown_keys
    }

    /// The keys that were asked for and are absent, sorted.
    pub fn absent_keys(&self) -> &[String] {
        &self.absent_keys
    }

    /// The same, for oneself.
    pub fn into_absent_keys(self) -> Vec<String> {
        self.absent_keys
    }

    /// What is worth a warning.
    pub fn met(&self) -> &[Met] {
        &self.met
    }

    /// The statements of a layer that apply, or would if an unknown key turned out so.
    pub fn applying<'e>(
        &'e self,
        set: &'e PolicySet,
        layer: Layer,
    ) -> impl Iterator<Item = &'e StatementTrace> {
        let of_layer = move |id| set.statement(id).is_some_and(|statement| statement.layer == layer);
        self.statements
            .iter()
            .filter(move |trace| trace.consulted && trace.truth != Truth::False && of_layer(trace.id))
    }
}

/// The keys in this state, as first written, each once, sorted.
fn in_state(keys: &[(StatementId, &KeyName)], context: &Context, state: KeyState<'_>) -> Vec<String> {
    let keys = keys.iter().map(|(_, key)| *key);
    let mut keys: Vec<&KeyName> = keys.filter(|key| context.state(key) == state).collect();
    keys.sort_by(|one, other| one.by_name(other));
    keys.dedup();
    keys.into_iter().map(|key| key.as_str().to_owned()).collect()
}

struct Recorder<'s, const ALL: bool> {
    statements: Vec<StatementTrace>,
    /// The keys that consulted statements asked for, and the statement each.
    keys: Vec<(StatementId, &'s KeyName)>,
    /// The keys of the statement being tried.
    open: Vec<&'s KeyName>,
}

impl<'s, const ALL: bool> Record<'s> for Recorder<'s, ALL> {
    const ON: bool = true;

    fn failed(&mut self, element: Element) {
        if let Some(trace) = self.statements.last_mut() {
            trace.failed = Some(element);
        }
    }

    fn resource(&mut self, at: usize, entry: &'s ResourceEntry, note: Option<Note>) {
        self.open.extend(entry.keys());
        if let (Some(trace), Some(note)) = (self.statements.last_mut(), note) {
            trace.resource_notes.push((at, note));
        }
    }

    fn judged(&mut self, test: &'s Test, judgment: Judgment) {
        self.open.extend(test.keys());
        let (block, at) = test.place;
        if let Some(trace) = self.statements.last_mut() {
            trace.conditions.push(ConditionTrace { block, test: at, judgment });
        }
    }
}

impl<'s, const ALL: bool> RecordAll<'s> for Recorder<'s, ALL> {
    const ALL: bool = ALL;

    fn begin(&mut self, id: StatementId, consulted: bool) {
        self.open.clear();
        self.statements.push(StatementTrace {
            id,
            consulted,
            truth: Truth::False,
            level: Level::Direct,
            failed: None,
            conditions: Vec::new(),
            resource_notes: Vec::new(),
        });
    }

    fn end(&mut self, applies: Applies) {
        if let Some(trace) = self.statements.last_mut() {
            trace.truth = applies.truth;
            trace.level = applies.level;
            if trace.consulted {
                self.keys.extend(self.open.drain(..).map(|key| (trace.id, key)));
            }
        }
    }
}

/// What is worth a warning in one statement.
fn met(set: &PolicySet, request: &Request, trace: &StatementTrace) -> Vec<Met> {
    let mut met = Vec::new();
    if trace.failed == Some(Element::Action) {
        return met;
    }
    let at = |kind| Met { kind, statement: trace.id, condition: None, resource: None };
    let resource = set.statement(trace.id).and_then(|statement| statement.statement.resource.as_ref());
    for (index, entry) in resource.iter().flat_map(|part| part.entries.iter().enumerate()) {
        if is_incomplete(&entry.value) {
            met.push(Met { resource: Some(index), ..at(MetKind::IncompleteArn) });
        }
    }
    for &(entry, note) in &trace.resource_notes {
        met.push(Met { resource: Some(entry), ..at(MetKind::of(note)) });
    }
    let reached_principal = trace.failed != Some(Element::Resource);
    if let Some(test) = set.principal_test(trace.id).filter(|_| reached_principal) {
        if test.matches_by_role_name(&request.principal) {
            met.push(at(MetKind::PrincipalByName));
        }
        let has_account = request.principal.account().is_some();
        if test.is_negated() && has_account && !test.lists_account(&request.principal) {
            met.push(at(MetKind::NotPrincipalAccount));
        }
    }
    for condition in &trace.conditions {
        let place = Some((condition.block, condition.test));
        if condition.judgment.reason == Reason::SetOperatorNeeded {
            met.push(Met { condition: place, ..at(MetKind::SetOperatorNeeded) });
        }
        let kind = condition.judgment.note.map(MetKind::of);
        met.extend(kind.map(|kind| Met { condition: place, ..at(kind) }));
    }
    met
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::engine::{Decision, Prepared};
    use crate::policy::{Policy, PolicyType};
    use crate::request::{Context, ContextBuilder};

    const OWN: &str = "111122223333";

    fn policy(statements: &str, kind: PolicyType) -> Arc<Prepared> {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        Prepared::new("p", Policy::parse(&text).unwrap(), kind).unwrap()
    }

    fn request(who: &str, context: ContextBuilder) -> Request {
        let who = format!("arn:aws:iam::{OWN}:{who}").parse().unwrap();
        let resource = "arn:aws:s3:::amzn-s3-demo-bucket/k".parse().unwrap();
        let mut request =
            Request::new(who, "s3:GetObject".parse().unwrap(), resource, context.build().unwrap());
        request.resource_account = Some(OWN.parse().unwrap());
        request
    }

    #[test]
    fn ux_088_what_is_met_names_its_test() {
        let statement = r#"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {
          "StringEquals": {"aws:username": "alice", "aws:TagKeys": "team", "aws:SourceVpc": "vpc-1"},
          "NumericLessThan": {"aws:MultiFactorAuthAge": "soon"}}}"#;
        let set = PolicySet::builder().identity(policy(statement, PolicyType::Identity)).build().unwrap();
        let context = Context::builder()
            .set("aws:username", ["alice"])
            .set("aws:TagKeys", ["team", "cost"])
            .set("aws:MultiFactorAuthAge", ["60"]);
        let explanation = explain(&set, &request("user/alice", context));
        let met: Vec<_> = explanation.met().iter().map(|met| (met.kind.code(), met.condition)).collect();
        assert_eq!(met, [("set-operator-needed", Some((0, 1))), ("unparsable-value", Some((1, 0)))]);
        assert_eq!(explanation.absent_keys(), ["aws:SourceVpc"]);
    }

    #[test]
    fn a_key_is_told_as_the_first_statement_writes_it() {
        let statement = |action: &str, key: &str| {
            format!(
                r#"{{"Effect": "Allow", "Action": {action}, "Resource": "*", "Condition": {{"Bool": {{"{key}": "true"}}}}}}"#
            )
        };
        // The index names the literal first.
        let statements = [
            statement(r#""*""#, "AWS:ViaAWSService"),
            statement(r#"["s3:GetObject", "s3:*"]"#, "aws:viaawsservice"),
            statement(r#""s3:PutObject""#, "aws:SecureTransport"),
        ];
        let policy = policy(&statements.join(","), PolicyType::Identity);
        let set = PolicySet::builder().identity(policy).build().unwrap();
        let request = request("user/alice", Context::builder());
        for (explanation, told) in [(explain(&set, &request), 3), (explain_action(&set, &request), 2)] {
            assert_eq!(explanation.absent_keys(), ["AWS:ViaAWSService"]);
            assert_eq!(explanation.statements().len(), told);
            assert!(explanation.statements().is_sorted_by_key(|trace| trace.id));
        }
    }

    #[test]
    fn ux_088_a_not_principal_without_the_root_is_told() {
        let warned = |listed: &str| {
            let statement = format!(
                r#"{{"Effect": "Deny", "NotPrincipal": {{"AWS": [{listed}]}}, "Action": "*", "Resource": "*"}}"#
            );
            let set =
                PolicySet::builder().resource(policy(&statement, PolicyType::Resource)).build().unwrap();
            let explanation = explain(&set, &request("user/alice", Context::builder()));
            explanation.met().iter().any(|met| met.kind == MetKind::NotPrincipalAccount)
        };
        let alice = format!(r#""arn:aws:iam::{OWN}:user/alice""#);
        assert!(warned(&alice) && !warned(&format!(r#"{alice}, "arn:aws:iam::{OWN}:root""#)));
    }

    #[test]
    fn pr_016_the_root_of_another_account_exempts_nobody() {
        let decide = |account: &str| {
            let statements = format!(
                r#"{{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}},
                   {{"Effect": "Deny", "NotPrincipal": {{"AWS": "{account}"}}, "Action": "*", "Resource": "*"}}"#
            );
            let set =
                PolicySet::builder().resource(policy(&statements, PolicyType::Resource)).build().unwrap();
            explain(&set, &request("root", Context::builder())).evaluation().decision()
        };
        assert_eq!(decide("444455556666"), Decision::ExplicitlyDenied);
        assert_eq!(decide(OWN), Decision::Allowed);
    }

    #[test]
    fn ev_009_what_is_undecided_was_decided_by_no_statement() {
        let statements = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"},
          {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}"#;
        let set = PolicySet::builder().identity(policy(statements, PolicyType::Identity)).build().unwrap();
        let context = Context::builder().unknown("aws:SourceVpc");
        let explanation = explain(&set, &request("user/alice", context));
        assert_eq!(explanation.evaluation().decision(), Decision::Undecided);
        assert!(explanation.evaluation().by().is_none());
        assert_eq!(explanation.unknown_keys(), ["aws:SourceVpc"]);
    }
}
