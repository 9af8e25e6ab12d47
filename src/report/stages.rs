//! From an explanation to the stages of AWS's flow chart.

use super::decision::{By, Sources, Word};
use super::trace::{Pair, Part, Stage, Step};
use crate::engine::{
    ConditionTrace, Element, Explanation, Layer, Note, PolicySet, Reason, StatementRef, StatementTrace, Truth,
};
use crate::policy::{Effect, NamesPart, PrincipalPart, PrincipalValue};
use crate::request::{KeyState, PrincipalKind, Request};

/// The stages of a decision, in AWS's order.
pub fn stages(
    set: &PolicySet,
    request: &Request,
    explanation: &Explanation,
    sources: &dyn Sources,
) -> Vec<Stage> {
    let tracer = Tracer { set, request, explanation, sources };
    let decided_at = explanation.evaluation().layer();
    let mut stages = Vec::new();
    if decided_at == Layer::Exempt {
        stages.push(Stage::bare("exempt", "allows", "no policy can take this call away"));
    }
    stages.push(tracer.explicit_deny());
    if decided_at == Layer::Credential {
        stages.push(Stage::bare("credential", "denies", "credentials of this kind cannot make this call"));
    }
    let layers = [
        Layer::Rcp,
        Layer::Scp,
        Layer::Endpoint,
        Layer::Resource,
        Layer::Identity,
        Layer::Boundary,
        Layer::Session,
    ];
    // An endpoint is mentioned where there is one; most requests come without.
    let shown = layers.into_iter().filter(|layer| *layer != Layer::Endpoint || set.has(Layer::Endpoint));
    stages.extend(shown.map(|layer| tracer.layer(layer)));
    stages
}

struct Tracer<'t> {
    set: &'t PolicySet,
    request: &'t Request,
    explanation: &'t Explanation,
    sources: &'t dyn Sources,
}

impl Stage {
    fn bare(stage: &'static str, result: &'static str, reason: impl Into<String>) -> Self {
        Self {
            stage: stage.into(),
            result: result.into(),
            reason: Some(reason.into()),
            statements: Vec::new(),
        }
    }
}

impl Tracer<'_> {
    fn explicit_deny(&self) -> Stage {
        let denials = self.steps(|statement| statement.statement.effect.value == Effect::Deny);
        let result = result_of(&denials, "denies", "silent");
        Stage { stage: "explicit-deny".into(), result, reason: None, statements: denials }
    }

    fn layer(&self, layer: Layer) -> Stage {
        let name = layer.as_str();
        if !self.set.has(layer) {
            return self.without_policies(layer);
        }
        if !self.consults(layer) {
            return Stage::bare(name, "not-applicable", self.why_not(layer));
        }
        let of_layer = |statement: StatementRef<'_>| {
            statement.layer == layer && statement.statement.effect.value == Effect::Allow
        };
        let statements = self.steps(of_layer);
        let (result, reason) = match layer {
            Layer::Rcp => ("allows".into(), Some("an Allow stands at every level by itself".to_owned())),
            Layer::Scp => self.every_level(layer),
            Layer::Resource | Layer::Identity => (result_of(&statements, "allows", "silent"), None),
            // Ceilings: what they do not allow, they take away.
            _ => (result_of(&statements, "allows", "denies"), None),
        };
        Stage { stage: name.into(), result, reason, statements }
    }

    fn without_policies(&self, layer: Layer) -> Stage {
        let evaluation = self.explanation.evaluation();
        let kind = self.request.principal.kind();
        let (result, reason) = match layer {
            Layer::Identity if evaluation.layer() == Layer::Root => {
                ("allows", "root may do everything in its own account")
            }
            Layer::Session if kind == PrincipalKind::FederatedUser => {
                ("denies", "a federated user has only what a session policy allows, and there is none")
            }
            Layer::Session if kind != PrincipalKind::RoleSession => ("not-applicable", "not a session"),
            Layer::Boundary => ("not-applicable", "none set"),
            _ => ("not-applicable", "none given"),
        };
        Stage::bare(layer.as_str(), result, reason)
    }

    /// All levels of the tree must allow (EV-051).
    fn every_level(&self, layer: Layer) -> (Word, Option<String>) {
        let levels = self.set.levels(layer);
        let mut worst = (Truth::True, None);
        for level in 0..levels {
            let of_level = |trace: &&StatementTrace| {
                self.set.statement(trace.id).is_some_and(|statement| {
                    statement.layer == layer
                        && statement.level == level
                        && statement.statement.effect.value == Effect::Allow
                })
            };
            let allows = self.explanation.statements().iter().filter(of_level).map(|trace| trace.truth).max();
            let allows = allows.unwrap_or(Truth::False);
            if allows < worst.0 {
                worst = (allows, Some(level + 1));
            }
        }
        match worst {
            (Truth::False, level) => (
                "denies".into(),
                level.map(|level| format!("level {level} of {levels} does not allow (the root is level 1)")),
            ),
            (Truth::Undecided, _) => ("undecided".into(), None),
            (Truth::True, _) => ("allows".into(), None),
        }
    }

    /// Is the layer looked at for this requester? Its statements say so.
    fn consults(&self, layer: Layer) -> bool {
        let in_layer = |trace: &&StatementTrace| {
            self.set.statement(trace.id).is_some_and(|statement| statement.layer == layer)
        };
        match self.explanation.statements().iter().find(in_layer) {
            Some(trace) => trace.consulted,
            // A level without any policy still takes everything away from those it reaches.
            None if layer == Layer::Scp => {
                let who = &self.request.principal;
                who.account().is_some() && !who.details.management_account && !who.is_service_linked()
            }
            None => true,
        }
    }

    fn why_not(&self, layer: Layer) -> &'static str {
        let who = &self.request.principal;
        if who.is_service_linked() {
            return "a service-linked role is not limited";
        }
        match (layer, who.kind()) {
            (Layer::Scp, _) if who.details.management_account => "the management account is not limited",
            (Layer::Scp, _) => "the requester belongs to no organization",
            (Layer::Rcp, _) if self.request.resource_in_management_account => {
                "resources of the management account are not limited"
            }
            (Layer::Rcp, _) => "this action is none that resource control policies reach",
            (Layer::Session, _) => "not a session",
            (_, PrincipalKind::Root) => "root has none",
            (_, PrincipalKind::Service) => "a service has none",
            (_, PrincipalKind::Anonymous) => "nobody signed the request",
            _ => "the requester has none",
        }
    }

    fn steps(&self, wanted: impl Fn(StatementRef<'_>) -> bool) -> Vec<Step> {
        let consulted = self.explanation.statements().iter().filter(|trace| trace.consulted);
        let found = consulted.filter_map(|trace| Some((trace, self.set.statement(trace.id)?)));
        found
            .filter(|(_, statement)| wanted(*statement))
            .map(|(trace, statement)| self.step(trace, statement))
            .collect()
    }

    fn step(&self, trace: &StatementTrace, statement: StatementRef<'_>) -> Step {
        Step {
            layer: statement.layer.as_str().into(),
            effect: statement.statement.effect.value.as_str().into(),
            by: By::new(statement, self.sources),
            applies: truth_word(trace.truth),
            parts: self.parts(trace, statement),
            conditions: trace.conditions.iter().filter_map(|pair| self.pair(statement, pair)).collect(),
        }
    }

    fn parts(&self, trace: &StatementTrace, statement: StatementRef<'_>) -> Vec<Part> {
        let tree = statement.statement;
        let request = self.request;
        let names = |part: &NamesPart| part.entries.iter().map(|entry| entry.value.clone()).collect();
        let named = |negated, positive: &'static str, negative: &'static str| {
            if negated { negative } else { positive }
        };
        let mut tried = vec![(
            Element::Action,
            named(tree.action.negated, "Action", "NotAction"),
            request.action.as_str(),
            names(&tree.action),
        )];
        if let Some(part) = &tree.resource {
            let element = named(part.negated, "Resource", "NotResource");
            tried.push((Element::Resource, element, request.resource.as_str(), names(part)));
        }
        if let Some(part) = &tree.principal {
            let element = named(part.negated, "Principal", "NotPrincipal");
            tried.push((Element::Principal, element, request.principal.as_str(), principals(part)));
        }
        let conditions = trace.conditions.iter().map(|pair| pair.judgment.truth).min();
        let mut parts = Vec::new();
        for (element, name, of_request, of_policy) in tried {
            if trace.failed == Some(element) {
                let request = Some(of_request.to_owned());
                parts.push(Part { element: name.into(), holds: "false".into(), request, policy: of_policy });
                return parts;
            }
            // Only the resource can hang on an unknown key beside the condition.
            let open = trace.truth == Truth::Undecided && conditions.is_none_or(|truth| truth == Truth::True);
            let holds = if open && element == Element::Resource { Truth::Undecided } else { Truth::True };
            parts.push(Part {
                element: name.into(),
                holds: truth_word(holds),
                request: None,
                policy: Vec::new(),
            });
        }
        if let Some(truth) = conditions {
            let element = "Condition".into();
            parts.push(Part { element, holds: truth_word(truth), request: None, policy: Vec::new() });
        }
        parts
    }

    fn pair(&self, statement: StatementRef<'_>, trace: &ConditionTrace) -> Option<Pair> {
        let block = statement.statement.condition.get(trace.block)?;
        let test = block.tests.get(trace.test)?;
        let (state, request) = match self.request.context.get(&test.key.value) {
            KeyState::Known(values) => ("known", values.to_vec()),
            KeyState::Absent => ("absent", Vec::new()),
            KeyState::Unknown => ("unknown", Vec::new()),
        };
        Some(Pair {
            operator: block.written.clone(),
            key: test.key.value.clone(),
            state: state.into(),
            request,
            policy: test.values.iter().map(|value| value.text.clone()).collect(),
            holds: truth_word(trace.judgment.truth),
            reason: reason_word(trace.judgment.reason).into(),
            note: trace.judgment.note.map(|note| note_word(note).into()),
        })
    }
}

/// `hit` if a statement applies, `miss` if none does.
fn result_of(statements: &[Step], hit: &'static str, miss: &'static str) -> Word {
    let any = |word: &str| statements.iter().any(|step| step.applies == word);
    if any("true") {
        hit.into()
    } else if any("undecided") {
        "undecided".into()
    } else {
        miss.into()
    }
}

fn principals(part: &PrincipalPart) -> Vec<String> {
    match &part.value {
        PrincipalValue::Text(text) => vec![text.value.clone()],
        PrincipalValue::Map(groups) => {
            let values = groups.iter().flat_map(|group| {
                group.values.iter().map(|value| format!("{}: {}", group.kind.value, value.value))
            });
            values.collect()
        }
    }
}

fn truth_word(truth: Truth) -> Word {
    match truth {
        Truth::True => "true",
        Truth::False => "false",
        Truth::Undecided => "undecided",
    }
    .into()
}

fn reason_word(reason: Reason) -> &'static str {
    match reason {
        Reason::Compared => "compared",
        Reason::KeyMissing => "key-missing",
        Reason::IfExists => "if-exists",
        Reason::EmptySet => "empty-set",
        Reason::SetOperatorNeeded => "set-operator-needed",
        Reason::Presence => "presence",
        Reason::KeyUnknown => "key-unknown",
    }
}

fn note_word(note: Note) -> &'static str {
    match note {
        Note::UnresolvedVariable => "unresolved-variable",
        Note::UnparsablePolicyValue => "unparsable-policy-value",
        Note::UnparsableRequestValue => "unparsable-request-value",
        Note::OverLimit => "over-limit",
    }
}
