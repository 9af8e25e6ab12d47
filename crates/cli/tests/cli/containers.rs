//! `twokeys lint` on what people have: templates, plans, dumps. Places are those of the file.

use serde_json::{Value, json};

use super::scratch::Scratch;

const GATE: &str = r#"{
  "Version": "2012-10-17",
  "Statement": {"Sid": "Gate", "Effect": "Deny", "Action": "s3:*", "Resource": "*",
    "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}
}
"#;

const TEMPLATE: &str = r#"Resources:
  Gate:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - Sid: Gate
            Effect: Deny
            Action: s3:*
            Resource: !Sub "${Bucket.Arn}/*"
            Condition:
              Bool: {'aws:MultiFactorAuthPresent': "false"}
          # lint: ignore[M402] the second is meant so
          - Sid: Second
            Effect: Deny
            Action: s3:*
            Resource: '*'
            Condition:
              Bool: {'aws:MultiFactorAuthPresent': "false"}
          - Sid: Open
            Effect: Deny
            Action: s3:*
            Resource: '*'
            Condition:
              Bool: {'aws:MultiFactorAuthPresent': !Ref Needed}
"#;

/// Line, column and the text in the file for every finding of M402.
fn flagged(file: &str, text: &str) -> Vec<(u64, u64, String)> {
    let scratch = Scratch::new(&format!("containers-{file}"));
    scratch.put(file, text);
    let outcome = scratch.run(&["lint", "--isolated", "--select", "M402", "-f", "json", file]);
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{outcome}"));
    let place = |finding: &Value| {
        let [start, end] =
            [0, 1].map(|index| usize::try_from(finding["span"][index].as_u64().unwrap()).unwrap());
        let number = |key: &str| finding[key].as_u64().unwrap();
        (number("line"), number("column"), text.get(start..end).unwrap().to_owned())
    };
    report["findings"].as_array().unwrap().iter().map(place).collect()
}

#[test]
fn the_operator_is_pointed_at_in_every_container() {
    let plan = json!({"planned_values": {"root_module": {"resources": [{
        "address": "aws_iam_policy.gate", "mode": "managed", "type": "aws_iam_policy", "values": {"policy": GATE}}]}}});
    let plan = serde_json::to_string_pretty(&plan).unwrap();
    let dump = format!(
        "{{\"GroupDetailList\": [{{\"GroupName\": \"all\", \"GroupPolicyList\": [\n{{\"PolicyName\": \"gate\", \"PolicyDocument\": {GATE}}}]}}]}}"
    );
    for (file, text, places) in [
        ("bare.json", GATE, vec![(4, 19, "\"Bool\"")]),
        ("template.yaml", TEMPLATE, vec![(13, 15, "Bool")]),
        ("dump.json", &dump, vec![(5, 19, "\"Bool\"")]),
    ] {
        let places: Vec<_> =
            places.into_iter().map(|(line, column, word)| (line, column, word.to_owned())).collect();
        assert_eq!(flagged(file, text), places, "{file}");
    }
    let [(_, _, word)] = &flagged("plan.json", &plan)[..] else { panic!("one finding") };
    assert_eq!(word, r#"\"Bool\""#);
}

#[test]
fn what_is_filled_in_later_is_told_and_not_judged() {
    let scratch = Scratch::new("containers-holes");
    scratch.put("t.yaml", TEMPLATE);
    let outcome =
        scratch.run(&["lint", "--isolated", "--select", "L904,M402", "-f", "concise", "-v", "t.yaml"]);
    insta::assert_snapshot!(outcome);
}

#[test]
fn a_broken_template_does_not_hide_its_policies_or_other_files() {
    let scratch = Scratch::new("containers-broken");
    scratch.put("a.yaml", &format!("{TEMPLATE}  Next: [\n")).put("b.json", GATE).put("c.json", "{\"a\": 1}");
    scratch.put("d.yaml", "a: &a [*a]\n");
    let words =
        ["lint", "--isolated", "--select", "E101,E102,M402", "-f", "concise", "a.yaml", "b.json", "d.yaml"];
    insta::assert_snapshot!(scratch.run(&words));
}

#[test]
fn what_a_resource_accepts_counts_for_all_its_policies() {
    let template = "AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Worker:
    Type: AWS::IAM::Role
    Metadata:
      twokeys:
        ignore:
          - {code: M402, reason: known}
          - {code: W209, reason: not here}
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: 'sts:AssumeRole'}
      Policies:
        - PolicyName: gate
          PolicyDocument:
            Version: '2012-10-17'
            Statement: {Effect: Deny, Action: 's3:*', Resource: '*', Condition: {Bool: {'aws:MultiFactorAuthPresent': 'false'}}}
";
    let scratch = Scratch::new("containers-metadata");
    scratch.put("t.yaml", template);
    let words = ["lint", "--isolated", "--select", "L901,M402,W209", "-f", "concise", "t.yaml"];
    let outcome = scratch.run(&words);
    assert_eq!(
        outcome.stdout,
        "t.yaml:9:13: L901 unused-suppression: nothing here is W209: the suppression silences nothing\n"
    );
}

#[test]
fn findings_in_containers_say_which_policy_it_is() {
    let scratch = Scratch::new("containers-names");
    scratch.put("t.yaml", TEMPLATE);
    for format in ["concise", "github", "gitlab", "junit"] {
        let outcome = scratch.run(&["lint", "--isolated", "--select", "M402", "-f", format, "t.yaml"]);
        assert!(outcome.stdout.contains("long-term access keys (in Gate)"), "{format}\n{outcome}");
    }
}

#[test]
fn policies_that_are_not_known_yet_are_counted() {
    let scratch = Scratch::new("containers-unknown");
    let change = json!({"after": {}, "after_unknown": {"policy": true}});
    let plan = json!({"resource_changes": [
        {"address": "aws_sqs_queue_policy.a", "type": "aws_sqs_queue_policy", "change": change}]});
    scratch.put("plan.json", &plan.to_string());
    let outcome = scratch.run(&["lint", "--isolated", "plan.json"]);
    assert!(outcome.stdout.ends_with(", 1 policy not known yet and not linted\n"), "{outcome}");
}
