//! The peers that are Rust crates, each as a function from a workload to "answer question number n".
//!
//! All that can be made ready beforehand is, as it is for ours.

use std::collections::HashMap;

use crate::workload::{Plain, USER, ours, word};

type Decide = Box<dyn FnMut(usize) -> &'static str>;
type Ready = fn(&Plain) -> Decide;

/// Our name in the table.
pub(crate) const OURS: &str = "twokeys";

/// All of them, ours first.
pub(crate) const ALL: &[(&str, Ready)] = &[
    (OURS, twokeys),
    ("iam-rs 0.8.0", iam_rs),
    ("awsim-iam-policy 0.8.0", awsim),
    ("cedar-policy 4.14.1, nearest equivalent", cedar),
];

fn twokeys(workload: &Plain) -> Decide {
    let (_, own) = ours().into_iter().find(|(name, _)| *name == workload.name).expect("a workload of ours");
    let set = own.ready();
    Box::new(move |ask| word(twokeys::engine::evaluate(&set, &own.asks[ask].0).decision()))
}

fn iam_rs(workload: &Plain) -> Decide {
    use iam_rs::{Arn, Context, Decision, EvaluationOptions, IAMPolicy, IAMRequest, PolicyEvaluator};
    use iam_rs::{Principal, PrincipalId};

    let policies = workload.policies.iter().map(|text| IAMPolicy::from_json(text).expect("a policy"));
    // It stops at 1,000 statements, which the larger workloads just have.
    let options = EvaluationOptions { max_statements: 2_000, ..EvaluationOptions::default() };
    let evaluator = PolicyEvaluator::with_policies(policies.collect()).with_options(options);
    let requests: Vec<Option<IAMRequest>> = workload
        .asks
        .iter()
        .map(|ask| {
            let context = ask.context.iter().fold(Context::new(), |context, (key, value)| {
                // A string `"true"` is no boolean to it.
                match value.parse() {
                    Ok(truth) => context.with_boolean(key, truth),
                    Err(_) => context.with_string(key, value),
                }
            });
            let principal = Principal::Aws(PrincipalId::String(USER.to_owned()));
            // It has no request without a resource; a star in each field comes nearest.
            let resource =
                if ask.resource == "*" { "arn:aws:ec2:eu-central-1:111122223333:x/y" } else { &ask.resource };
            Some(IAMRequest::new_with_context(principal, &ask.action, Arn::parse(resource).ok()?, context))
        })
        .collect();
    Box::new(move |ask| {
        let Some(request) = &requests[ask] else { return "refused" };
        match evaluator.evaluate(request).map(|result| result.decision) {
            Ok(Decision::Allow) => "allowed",
            Ok(Decision::Deny) => "explicitly-denied",
            Ok(Decision::NotApplicable) => "implicitly-denied",
            Err(_) => "refused",
        }
    })
}

fn awsim(workload: &Plain) -> Decide {
    use awsim_iam_policy::{
        AuthzRequest, ContextValue, Decision, EvalContext, PolicyDocument, evaluate, parse,
    };

    let policies: Vec<PolicyDocument> =
        workload.policies.iter().map(|text| parse(text).expect("a policy")).collect();
    let asks: Vec<(String, String, HashMap<String, ContextValue>)> = workload
        .asks
        .iter()
        .map(|ask| {
            let value = |value: &String| ContextValue::String(value.clone());
            let context = ask.context.iter().map(|(key, text)| (key.clone(), value(text))).collect();
            (ask.action.clone(), ask.resource.clone(), context)
        })
        .collect();
    Box::new(move |ask| {
        let (action, resource_arn, context) = &asks[ask];
        let request = AuthzRequest {
            principal_arn: USER,
            principal_account: "111122223333",
            action,
            resource_arn,
            context,
        };
        match evaluate(&request, &EvalContext { identity_policies: &policies, ..EvalContext::default() }) {
            Decision::Allow => "allowed",
            Decision::ExplicitDeny => "explicitly-denied",
            Decision::ImplicitDeny => "implicitly-denied",
        }
    })
}

/// Cedar has no wildcards for actions, so action and resource are texts of the context; its variables are
/// filled in beforehand, which spares it work.
fn cedar(workload: &Plain) -> Decide {
    use cedar_policy::{Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request};

    let mut text = String::new();
    for policy in &workload.policies {
        let policy: serde_json::Value = serde_json::from_str(policy).expect("a policy is JSON");
        for statement in policy["Statement"].as_array().expect("a list of statements") {
            text.push_str(&in_cedar(statement));
        }
    }
    let policies: PolicySet = text.parse().expect("the translation is Cedar");
    let uid = |text: &str| -> EntityUid { text.parse().expect("the name of an entity") };
    let requests: Vec<Request> = workload
        .asks
        .iter()
        .map(|ask| {
            let mut context: serde_json::Map<String, serde_json::Value> =
                ask.context.iter().map(|(key, value)| (key.clone(), value.clone().into())).collect();
            context.insert("action".to_owned(), ask.action.clone().into());
            context.insert("resource".to_owned(), ask.resource.clone().into());
            let context = Context::from_json_value(context.into(), None).expect("texts are a context");
            let (who, what, which) =
                (uid(r#"User::"alice""#), uid(r#"Action::"any""#), uid(r#"Thing::"any""#));
            Request::new(who, what, which, context, None).expect("without a schema every request is one")
        })
        .collect();
    let (authorizer, entities) = (Authorizer::new(), Entities::empty());
    Box::new(move |ask| {
        let response = authorizer.is_authorized(&requests[ask], &policies, &entities);
        match response.decision() {
            Decision::Allow => "allowed",
            Decision::Deny if response.diagnostics().reason().next().is_some() => "explicitly-denied",
            Decision::Deny => "implicitly-denied",
        }
    })
}

/// One statement in Cedar's words.
fn in_cedar(statement: &serde_json::Value) -> String {
    let texts = |value: &serde_json::Value| -> Vec<String> {
        match value {
            serde_json::Value::Array(list) => {
                list.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
            }
            text => text.as_str().map(str::to_owned).into_iter().collect(),
        }
    };
    let any = |name: &str, patterns: Vec<String>| {
        let like = |pattern: String| {
            let pattern = pattern.replace("${aws:username}", "alice");
            format!("context.{name} like {pattern:?}")
        };
        patterns.into_iter().map(like).collect::<Vec<_>>().join(" || ")
    };
    let effect = if statement["Effect"] == "Allow" { "permit" } else { "forbid" };
    let action = match statement.get("NotAction") {
        Some(names) => format!("!({})", any("action", texts(names))),
        None => any("action", texts(&statement["Action"])),
    };
    let resource = any("resource", texts(&statement["Resource"]));
    let mfa = if statement.get("Condition").is_some() {
        // The only condition that the workloads have: `BoolIfExists` is false.
        let key = "aws:MultiFactorAuthPresent";
        format!(r#" && (!(context has "{key}") || context["{key}"] == "false")"#)
    } else {
        String::new()
    };
    format!("{effect}(principal, action, resource) when {{ ({action}) && ({resource}){mfa} }};\n")
}
