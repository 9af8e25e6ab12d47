//! Policies wrapped in every container: what is flagged in the bare policy is what the place in the container says.

#![expect(clippy::string_slice, reason = "a test may fail loudly")]

use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};
use twokeys::lint::{Finding, Options, lint};
use twokeys::policy::{Policy, PolicyType};
use twokeys::source::{Position, Span};

use super::*;
use crate::intake::found::Map;

fn policies_of(document: &Document) -> Option<Contents> {
    policies(document, &super::Json::of(&document.bytes))
}

fn open(name: &str, text: &str) -> Contents {
    policies_of(&Document::new(name, text.as_bytes())).unwrap_or_else(|| panic!("{name} is a container"))
}

/// The project's own policies, with their names.
fn own_policies() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut all = Vec::new();
    for folder in [root.clone(), root.join("mfa")] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "json") {
                all.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    all.sort();
    assert!(all.len() > 20);
    all
}

fn findings(text: &str) -> Vec<Finding> {
    let policy = Policy::parse(text).unwrap();
    let kind = if text.contains("\"Principal\"") { PolicyType::Resource } else { PolicyType::Identity };
    let mut found = lint(&policy, &Options { select: vec!["ALL".to_owned()], ..Options::new(kind) });
    // I527 is about the order in which elements are written, and containers write them in their own.
    found.retain(|finding| finding.code() != "I527");
    found
}

/// What a text says apart from how it is written: white space, quotation marks, commas and escapes of any container.
fn bones(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..2 {
        if let Some((decoded, _)) = percent::decode(&text) {
            text = decoded;
        }
    }
    let escapes = text.replace("\\u0024", "$").replace("\\u007b", "{").replace("\\n", "");
    escapes.chars().filter(|letter| !letter.is_whitespace() && !"\\\"',{}[]:-".contains(*letter)).collect()
}

fn as_yaml(value: &Json, indent: usize, out: &mut String) {
    use std::fmt::Write;
    let pad = " ".repeat(indent);
    match value {
        Json::Object(members) if !members.is_empty() => {
            for (index, (key, value)) in members.iter().enumerate() {
                let quoted = if index % 2 == 1 { format!("'{key}'") } else { key.clone() };
                let quoted = if key.contains(['*', '$']) { format!("\"{key}\"") } else { quoted };
                write!(out, "{pad}{quoted}:").unwrap();
                nested(value, indent, out);
            }
        }
        Json::Array(items) if !items.is_empty() => {
            for item in items {
                write!(out, "{pad}-").unwrap();
                nested(item, indent, out);
            }
        }
        _ => writeln!(out, "{pad}{value}").unwrap(),
    }
}

fn nested(value: &Json, indent: usize, out: &mut String) {
    use std::fmt::Write;
    let is_nested = value.as_object().is_some_and(|all| !all.is_empty())
        || value.as_array().is_some_and(|all| !all.is_empty());
    if is_nested {
        out.push('\n');
        as_yaml(value, indent + 2, out);
    } else {
        writeln!(out, " {value}").unwrap();
    }
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect()
}

/// The policy in every container: what the file is called, and what is in it.
fn wrapped(text: &str) -> Vec<(&'static str, String)> {
    let policy: Json = serde_json::from_str(text).unwrap();
    let string = Json::String(text.to_owned());
    let percent: String = text
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    let escaped: String = string.to_string().replace('$', "\\u0024").replace('{', "\\u007b");
    let mut yaml = String::new();
    as_yaml(&policy, 6, &mut yaml);
    let template = |body: &str| {
        format!(
            "Resources:\n  Pölicy:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n     PolicyDocument:{body}"
        )
    };
    vec![
        ("get-policy-version.json", format!("{{\"PolicyVersion\": {{\"Document\": {text}}}}}")),
        ("get-role-policy.json", json!({"RoleName": "é", "PolicyName": "p", "PolicyDocument": policy}).to_string()),
        ("get-bucket-policy.json", json!({"Policy": string}).to_string()),
        ("get-bucket-policy-escaped.json", format!("{{\"Policy\": {escaped}}}")),
        ("organization.json", json!({"Policy": {"PolicySummary": {"Type": "SERVICE_CONTROL_POLICY"}, "Content": string}}).to_string()),
        (
            "dump.json",
            format!("{{\"UserDetailList\": [{{\"UserName\": \"é\", \"UserPolicyList\": [{{\"PolicyName\": \"p\", \"PolicyDocument\": {text}}}]}}]}}"),
        ),
        (
            "dump-encoded.json",
            json!({"Policies": [{"Arn": "a", "PolicyVersionList": [{"Document": percent, "IsDefaultVersion": true}]}]}).to_string(),
        ),
        (
            "template.json",
            format!("{{\"Resources\": {{\"P\": {{\"Type\": \"AWS::IAM::ManagedPolicy\", \"Properties\": {{\"PolicyDocument\": {text}}}}}}}}}"),
        ),
        ("template.yaml", template(&format!("\n{yaml}"))),
        ("template-crlf.yaml", template(&format!("\n{yaml}")).replace('\n', "\r\n")),
        ("template-flow.yaml", template(&format!("\n{}", indented(text, 7)))),
        ("template-string.yaml", template(&format!(" |\n{}", indented(text, 7)))),
        ("template-quoted.yaml", template(&format!(" '{}'\n", text.replace('\'', "''").replace('\n', "\n\n      ")))),
        (
            "plan.json",
            json!({"format_version": "1.2", "planned_values": {"root_module": {"child_modules": [{"resources": [
                {"address": "module.a.aws_iam_policy.p", "mode": "managed", "type": "aws_iam_policy",
                 "values": {"policy": string}}]}]}}})
            .to_string(),
        ),
        ("policy.yaml", yaml.lines().map(|line| format!("{}\n", &line[6..])).collect()),
    ]
}

#[test]
fn what_is_flagged_in_the_bare_policy_is_what_the_container_shows() {
    let mut compared = 0;
    for (path, text) in own_policies() {
        let bare = findings(&text);
        for (name, file) in wrapped(&text) {
            let Contents { found, wrong } = open(name, &file);
            assert!(wrong.is_empty(), "{path} in {name}: {wrong:?}");
            let [one] = found.as_slice() else { panic!("{path} in {name}: {} policies", found.len()) };
            let inner = str::from_utf8(&one.text).unwrap();
            let said = findings(inner);
            let codes = |all: &[Finding]| {
                let mut codes: Vec<_> = all.iter().map(Finding::code).collect();
                codes.sort_unstable();
                codes
            };
            assert_eq!(codes(&bare), codes(&said), "{path} in {name}");
            for finding in &bare {
                let flagged = bones(&text[finding.span.range()]);
                let shown = |one_said: &Finding| bones(&file[one.map.to_file(one_said.span).range()]);
                // A brace that YAML does not have becomes the first key.
                let same = flagged.is_empty()
                    || said.iter().any(|other| other.code() == finding.code() && shown(other) == flagged);
                let all: Vec<_> =
                    said.iter().filter(|other| other.code() == finding.code()).map(shown).collect();
                assert!(same, "{path} in {name}: {} flags `{flagged}`, shown {all:?}", finding.code());
                compared += 1;
            }
        }
    }
    assert!(compared > 500, "{compared}");
}

#[test]
fn every_byte_of_a_name_leads_back_to_itself() {
    for (path, text) in own_policies() {
        for (name, file) in wrapped(&text) {
            let contents = open(name, &file);
            let one = &contents.found[0];
            let inner = str::from_utf8(&one.text).unwrap();
            for (at, letter) in inner.char_indices().filter(|(_, letter)| letter.is_alphanumeric()) {
                let before = at.checked_sub(2).map(|at| &inner.as_bytes()[at..at + 2]);
                if before == Some(b"\\u") || inner.as_bytes().get(at.wrapping_sub(1)) == Some(&b'\\') {
                    continue;
                }
                let place = one.map.to_file(Span::new(at, at + letter.len_utf8()));
                assert_eq!(&file[place.range()], letter.to_string(), "{path} in {name} at {at}");
            }
        }
    }
}

#[test]
fn a_policy_that_stands_there_as_it_is_can_be_edited() {
    let text = r#"{"Statement": []}"#;
    let contents = open("a.json", &format!("{{\"PolicyVersion\": {{\"Document\": {text}}}}}"));
    assert!(matches!(contents.found[0].map, Map::Shifted(31)));
    assert_eq!(&*contents.found[0].text, text.as_bytes());
    assert!(!contents.found[0].embedded);
}

/// Kind, service, name, holders and path of each policy; then what is wrong, with its place.
fn told(name: &str, text: &str) -> String {
    use std::fmt::Write;
    let document = Document::new(name, text.as_bytes());
    let Some(Contents { found, wrong }) = policies_of(&document) else {
        return "a policy, or nothing\n".to_owned();
    };
    let mut told = String::new();
    for one in found {
        let kind = one.kind.map_or("?", PolicyType::as_str);
        let service = one.service.map(|service| format!(":{service}")).unwrap_or_default();
        let name = one.name.unwrap_or_default();
        writeln!(told, "{kind}{service} `{name}` {:?} {}", one.attached_to, one.path).unwrap();
        let policy = str::from_utf8(&one.text).unwrap();
        for (span, what) in one.holes {
            writeln!(told, "  hole {what}: {}", &policy[span.range()]).unwrap();
        }
        if !one.beside.is_empty() {
            writeln!(told, "  beside {:?}", one.beside).unwrap();
        }
        for accepted in one.accepted {
            writeln!(
                told,
                "  accepts {} {:?} {:?} {:?}",
                accepted.code, accepted.reason, accepted.until, accepted.sid
            )
            .unwrap();
        }
    }
    for problem in wrong {
        let at = Position::of(text, problem.span.start as usize);
        writeln!(told, "{}:{} {} {}", at.line, at.column, problem.code, problem.message).unwrap();
    }
    told
}

const TEMPLATE: &str = r#"AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Bucket:
    Type: AWS::S3::Bucket
  Base:
    Type: AWS::IAM::ManagedPolicy
    Metadata:
      aws:cdk:path: Stack/Base/Resource
      twokeys:
        ignore:
          - {code: M448, reason: the help desk enrolls, until: 2027-01-31, sid: Legacy*}
    Properties:
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Action: s3:GetObject
            Resource: [!Sub "${Bucket.Arn}/*", !Sub "arn:${AWS::Partition}:s3:::${Other}/${!aws:username}"]
          - !If
            - HasMfa
            - Effect: Deny
              Action: "*"
              Resource: "*"
              Condition: {Bool: {"aws:MultiFactorAuthPresent": !Ref Present}}
            - !Ref AWS::NoValue
          - Effect: !Ref Effect
            Action: [sqs:SendMessage, !Ref Action]
            Resource: !ImportValue queue
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [!Ref Base, arn:aws:iam::aws:policy/ReadOnlyAccess]
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Action: "sts:AssumeRole", Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}}
      Policies:
        - PolicyName: inline
          PolicyDocument: {Statement: {Effect: Allow, Action: "s3:ListBucket", Resource: !GetAtt Bucket.Arn}}
        - !If [More, {PolicyName: more, PolicyDocument: !Ref Document}, !Ref AWS::NoValue]
  Logs:
    Type: AWS::Logs::ResourcePolicy
    Properties:
      PolicyDocument: !Sub |
        {"Statement": {"Effect": "Allow", "Principal": {"Service": "es.amazonaws.com"},
          "Action": "logs:PutLogEvents", "Resource": "arn:aws:logs:${AWS::Region}:*:log-group:x"}}
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - AWSLambdaBasicExecutionRole
        - S3ReadPolicy: {BucketName: !Ref Bucket}
        - Statement: [{Effect: Allow, Action: "s3:PutObject", Resource: "*"}]
        - {Effect: Allow, Action: "s3:PutObject", Resource: "*"}
  Guard:
    Type: AWS::Organizations::Policy
    Properties:
      Type: SERVICE_CONTROL_POLICY
      Content: {Statement: {Effect: Deny, Action: "*", Resource: "*"}}
"#;

#[test]
fn templates_tell_kinds_names_holders_and_holes() {
    insta::assert_snapshot!(told("t.yaml", TEMPLATE));
}

#[test]
fn every_policy_of_a_template_can_be_read() {
    for one in open("t.yaml", TEMPLATE).found {
        let text = str::from_utf8(&one.text).unwrap();
        assert!(Policy::parse(text).is_ok(), "{text}: {:?}", Policy::parse(text));
    }
}

#[test]
fn plans_tell_addresses_and_what_is_not_known_yet() {
    let policy = r#"{"Statement": []}"#;
    let plan = json!({
        "planned_values": {"root_module": {"resources": [
            {"address": "aws_iam_role.a", "mode": "managed", "type": "aws_iam_role", "values": {
                "name": "a", "assume_role_policy": policy, "inline_policy": [{"name": "i", "policy": policy}]}},
            {"address": "aws_s3_bucket_policy.b", "mode": "managed", "type": "aws_s3_bucket_policy", "values": {"bucket": "b"}},
            {"address": "aws_organizations_policy.o", "type": "aws_organizations_policy", "values": {"type": "RESOURCE_CONTROL_POLICY", "content": policy}},
            {"address": "data.aws_s3_bucket_policy.d", "mode": "data", "type": "aws_s3_bucket_policy", "values": {"policy": policy}}]}},
        "resource_changes": [
            {"address": "aws_s3_bucket_policy.b", "type": "aws_s3_bucket_policy", "change": {"after": {}, "after_unknown": {"policy": true}}},
            {"address": "aws_sqs_queue_policy.q", "type": "aws_sqs_queue_policy", "change": {"after": {"policy": policy}, "after_unknown": {}}}]
    });
    insta::assert_snapshot!(told("p.json", &plan.to_string()));
}

#[test]
fn plans_tell_whose_policy_a_resource_is() {
    let policy = r#"{"Statement": []}"#;
    let plan = |name: &str, values: Json| {
        let resource =
            json!({"address": format!("{name}.a"), "mode": "managed", "type": name, "values": values});
        told("p.json", &json!({"planned_values": {"root_module": {"resources": [resource]}}}).to_string())
    };
    for (name, attribute, kind) in [
        ("aws_acmpca_policy", "policy", "resource:acm-pca"),
        ("aws_codeartifact_domain_permissions_policy", "policy_document", "resource:codeartifact"),
        ("aws_codeartifact_repository_permissions_policy", "policy_document", "resource:codeartifact"),
        ("aws_ecr_registry_policy", "policy", "resource:ecr"),
        ("aws_ecrpublic_repository_policy", "policy", "resource:ecr-public"),
        ("aws_glacier_vault", "access_policy", "resource:glacier"),
        ("aws_glue_resource_policy", "policy", "resource:glue"),
        ("aws_iot_policy", "policy", "identity"),
        ("aws_media_store_container_policy", "policy", "resource:mediastore"),
        ("aws_opensearch_domain", "access_policies", "resource:es"),
        ("aws_s3_directory_bucket_policy", "policy", "resource:s3express"),
        ("aws_s3control_access_point_policy", "policy", "resource:s3"),
        ("aws_s3control_bucket_policy", "policy", "resource:s3-outposts"),
        ("aws_s3tables_table_bucket_policy", "resource_policy", "resource:s3tables"),
        ("aws_ses_identity_policy", "policy", "resource:ses"),
        ("aws_sesv2_email_identity_policy", "policy", "resource:ses"),
        ("aws_transfer_user", "policy", "session"),
    ] {
        let path = format!("$.planned_values.root_module.resources[0].values.{attribute}");
        assert_eq!(plan(name, json!({ attribute: policy })), format!("{kind} `{name}.a` [] {path}\n"));
    }
    let details = json!({"details": [{"name": "mrap", "policy": policy}]});
    let point = plan("aws_s3control_multi_region_access_point_policy", details);
    assert!(
        point.starts_with("resource:s3 `aws_s3control_multi_region_access_point_policy.a/mrap`"),
        "{point}"
    );
}

#[test]
fn an_api_of_sam_has_statements_of_its_own() {
    let template = "Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      Auth:
        ResourcePolicy:
          CustomStatements:
            - {Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*'}
";
    let path = "$.Resources.Api.Properties.Auth.ResourcePolicy.CustomStatements";
    assert_eq!(told("t.yaml", template), format!("resource:execute-api `Api` [] {path}[0]\n"));
}

#[test]
fn dumps_tell_who_holds_what() {
    let policy = json!({"Statement": []});
    let dump = json!({
        "UserDetailList": [{"UserName": "alice", "GroupList": ["ops"], "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": policy}],
            "AttachedManagedPolicies": [{"PolicyArn": "base"}], "PermissionsBoundary": {"PermissionsBoundaryArn": "fence"}}],
        "GroupDetailList": [{"GroupName": "ops", "GroupPolicyList": [{"PolicyName": "gate", "PolicyDocument": policy}]}],
        "RoleDetailList": [{"RoleName": "app", "AssumeRolePolicyDocument": policy}],
        "Policies": [
            {"PolicyName": "base", "Arn": "base", "PolicyVersionList": [
                {"Document": policy, "IsDefaultVersion": false}, {"Document": policy, "IsDefaultVersion": true}]},
            {"PolicyName": "fence", "Arn": "fence", "PolicyVersionList": [{"Document": policy, "IsDefaultVersion": true}]}]
    });
    insta::assert_snapshot!(told("d.json", &dump.to_string()));
}

#[test]
fn answers_are_told_apart() {
    let policy = json!({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "SQS:SendMessage", "Resource": "*"}});
    let string = policy.to_string();
    let mut all = String::new();
    for answer in [
        json!({"PolicyVersion": {"Document": policy, "VersionId": "v1", "IsDefaultVersion": true}}),
        json!({"UserName": "alice", "PolicyName": "p", "PolicyDocument": policy}),
        json!({"Role": {"RoleName": "r", "AssumeRolePolicyDocument": policy}}),
        json!({"Roles": [{"RoleName": "r", "AssumeRolePolicyDocument": policy}]}),
        json!({"Policy": string}),
        json!({"Policy": string, "PolicyName": "default"}),
        json!({"Attributes": {"Policy": string}}),
        json!({"Attributes": {"Policy": string, "TopicArn": "t"}}),
        json!({"ARN": "a", "Name": "secret", "ResourcePolicy": string}),
        json!({"Policy": {"PolicySummary": {"Name": "n", "Type": "RESOURCE_CONTROL_POLICY"}, "Content": string}}),
        json!({"VpcEndpoints": [{"VpcEndpointId": "v", "PolicyDocument": string}]}),
        json!({"registryId": "1", "repositoryName": "r", "policyText": string}),
        json!({"name": "package", "version": "1.0.0"}),
        json!({"Policy": {"PolicyName": "p", "Arn": "a"}}),
        json!([1, 2]),
        policy,
        json!({}),
    ] {
        let text = answer.to_string();
        all += &format!(
            "{}\n  {}",
            &text[..text.len().min(40)],
            told("a.json", &text).replace('\n', "\n  ").trim_end()
        );
        all.push('\n');
    }
    insta::assert_snapshot!(all);
}

#[test]
fn bad_files_are_told_with_their_place_and_the_rest_is_found() {
    let deep = format!("a: {}1{}", "[".repeat(70), "]".repeat(70));
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let before = format!("*a{}", level - 1);
        laughs += &format!("a{level}: &a{level} [{}]\n", vec![before; 10].join(", "));
    }
    let resource = "Resources:\n  A:\n    Type: AWS::SQS::QueuePolicy\n    Properties:\n      PolicyDocument: {Statement: []}\n";
    let block_deep: String = (0..200).map(|level| format!("{}k:\n", " ".repeat(level))).collect();
    let mut all = String::new();
    for (name, text) in [
        ("cut off", format!("{resource}  B: [")),
        ("tab", format!("{resource}\tB: x")),
        ("twice outside", format!("{resource}  A:\n    Type: AWS::S3::Bucket\n")),
        ("twice inside", resource.replace("[]", "[{Effect: Allow, Effect: Deny, Action: a:b}]")),
        ("byte order mark and CRLF", format!("\u{FEFF}{}", resource.replace('\n', "\r\n"))),
        ("deep flow", deep),
        ("deep block", block_deep),
        ("laughs", laughs),
        ("alias of nothing", "a: *b".to_owned()),
        ("alias inside itself", "a: &a [*a]".to_owned()),
        ("list as key", "? [a]\n: b\n".to_owned()),
        ("wrong types", "Resources: [1]\nAWSTemplateFormatVersion: 1\nGlobals: x".to_owned()),
        ("policy of the wrong type", resource.replace("{Statement: []}", "[1]")),
        ("two documents", format!("---\n{resource}---\n{resource}")),
        ("prose", "Dear reader: this is no policy".to_owned()),
        ("only a word", "hello".to_owned()),
        ("half a plan", r#"{"planned_values": {"root_module": {"resources": [{"address": "a", "type": "aws_iam_policy", "values": {"policy": "{}"}}, {"#.to_owned()),
        ("plan of wrong types", r#"{"planned_values": 1, "resource_changes": {"a": 1}}"#.to_owned()),
        ("json with a mark", "\u{FEFF}{\"Policy\": \"{}\"}".to_owned()),
        ("string that is no policy", r#"{"PolicyVersion": {"Document": "%zz"}}"#.to_owned()),
    ] {
        all += &format!("{name}\n  {}\n", told("x.yaml", &text).replace('\n', "\n  ").trim_end());
    }
    insta::assert_snapshot!(all);
}

#[test]
fn no_beginning_of_a_file_and_no_odd_byte_in_it_stops_the_program() {
    let texts =
        [TEMPLATE.to_owned(), wrapped(r#"{"Statement": {"Effect": "Allow", "Action": "a:b"}}"#)[6].1.clone()];
    for text in texts {
        for (at, _) in text.char_indices() {
            policies_of(&Document::new("a.yaml", &text.as_bytes()[..at]));
            let mut odd = text.clone();
            odd.insert_str(at, ["\"", "&a ", "*a ", "\\u", "|\n", "\t", "{", "é", "!X "][at % 9]);
            for name in ["a.yaml", "a.json"] {
                policies_of(&Document::new(name, odd.as_bytes()));
            }
        }
    }
}
