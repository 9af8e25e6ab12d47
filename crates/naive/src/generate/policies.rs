//! Policy texts.

use super::dice::Dice;
use super::keys::{any_operator, is_json_literal};
use super::scene::{AWAY, HOME, Scene};

/// The part of statements that a world is about; the others are left open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Focus {
    Everything,
    Condition,
    Principal,
    Resource,
}

/// What a layer allows in its statements, as far as the reader insists (PA-017, PA-019).
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) focus: Focus,
    pub(super) principals: bool,
    pub(super) not_principal: bool,
    pub(super) may_lack_resource: bool,
    /// In how many there is one that allows everything: ceilings must leave something over.
    pub(super) full_access_once_in: u32,
    /// In how many statements one denies.
    pub(super) deny_once_in: u32,
}

/// A text as it stands in JSON.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A policy that allows all, or one that allows nothing.
pub(super) fn constant(allows: bool, principals: bool) -> String {
    let principal = if principals { r#""Principal": "*", "# } else { "" };
    let action = if allows { "*" } else { "x:Nothing" };
    format!(r#"{{"Statement": {{"Effect": "Allow", {principal}"Action": "{action}", "Resource": "*"}}}}"#)
}

/// A policy of one to three statements.
pub(super) fn policy(dice: &mut Dice, scene: &Scene, shape: Shape) -> String {
    let mut statements = if shape.focus == Focus::Everything {
        dice.several(3, |dice| statement(dice, scene, shape))
    } else if dice.once_in(3) {
        vec![statement(dice, scene, shape), statement(dice, scene, shape)]
    } else {
        vec![statement(dice, scene, shape)]
    };
    if statements.is_empty() || dice.once_in(shape.full_access_once_in) {
        let principal = if shape.principals { r#""Principal": "*", "# } else { "" };
        statements.push(format!(r#"{{"Effect": "Allow", {principal}"Action": "*", "Resource": "*"}}"#));
    }
    let version = dice.pick_text(&[
        r#""Version": "2012-10-17", "#,
        r#""Version": "2012-10-17", "#,
        r#""Version": "2012-10-17", "#,
        r#""Version": "2008-10-17", "#,
        "",
    ]);
    let list = match statements.as_slice() {
        [one] if dice.once_in(3) => one.clone(),
        several => format!("[{}]", several.join(",\n    ")),
    };
    format!("{{{version}\"Statement\": {list}}}")
}

fn statement(dice: &mut Dice, scene: &Scene, shape: Shape) -> String {
    let effect = if dice.once_in(shape.deny_once_in) { "Deny" } else { "Allow" };
    let is_about = |part| shape.focus == Focus::Everything || shape.focus == part;
    let mut members = vec![format!(r#""Effect": "{effect}""#)];
    if shape.principals {
        let name = if shape.not_principal && dice.once_in(5) { "NotPrincipal" } else { "Principal" };
        members.push(if is_about(Focus::Principal) {
            format!(r#""{name}": {}"#, principals(dice, scene))
        } else {
            r#""Principal": "*""#.to_owned()
        });
    }
    if shape.focus == Focus::Everything {
        let name = if dice.once_in(5) { "NotAction" } else { "Action" };
        members.push(format!(r#""{name}": {}"#, list(dice, |dice| action(dice, scene))));
    } else {
        members.push(r#""Action": "*""#.to_owned());
    }
    if !is_about(Focus::Resource) {
        members.push(r#""Resource": "*""#.to_owned());
    } else if !(shape.may_lack_resource && dice.once_in(4)) {
        let name = if dice.once_in(6) { "NotResource" } else { "Resource" };
        members.push(format!(r#""{name}": {}"#, list(dice, |dice| resource(dice, scene))));
    }
    let has_condition = shape.focus == Focus::Condition || (is_about(Focus::Condition) && dice.once_in(2));
    if has_condition {
        let most = if shape.focus == Focus::Condition && !dice.once_in(4) { 1 } else { 2 };
        members.extend(condition(dice, scene, most).map(|condition| format!(r#""Condition": {condition}"#)));
    }
    format!("{{{}}}", members.join(", "))
}

/// One value without brackets, or a list, seldom an empty one.
fn list(dice: &mut Dice, mut value: impl FnMut(&mut Dice) -> String) -> String {
    match dice.below(12) {
        0..=6 => quoted(&value(dice)),
        7..=9 => format!("[{}, {}]", quoted(&value(dice)), quoted(&value(dice))),
        10 => format!("[{}]", quoted(&value(dice))),
        _ => "[]".to_owned(),
    }
}

/// A pattern made from an action, so that it often matches one.
fn action(dice: &mut Dice, scene: &Scene) -> String {
    let action = scene.topic(dice).action;
    let (service, name) = action.split_once(':').unwrap_or((action, ""));
    match dice.below(16) {
        0..=2 => "*".to_owned(),
        3..=5 => action.to_owned(),
        6..=7 => format!("{service}:*"),
        8 => action.to_ascii_uppercase(),
        9 => format!("{service}:{}*", name.get(..3).unwrap_or_default()),
        10 => format!("{service}:?{}", name.get(1..).unwrap_or_default()),
        11 => format!("*:{name}"),
        12 => format!("{service}:*{}", name.get(3..).unwrap_or_default()),
        13 => format!("{}*:{name}", service.get(..1).unwrap_or_default()),
        14 => format!("{service}:{name}?"),
        _ => dice.pick_text(&["**", "s3", "s3:Get:Object", "sts:${*}", "*:*", "?*:*"]).to_owned(),
    }
}

/// A pattern made from a resource, so that it often matches one.
fn resource(dice: &mut Dice, scene: &Scene) -> String {
    let arn = scene.topic(dice).resource;
    let fields: Vec<&str> = arn.splitn(6, ':').collect();
    let (first_five, name) = match fields.as_slice() {
        [five @ .., name] if five.len() == 5 => (five.join(":"), *name),
        _ => return "*".to_owned(),
    };
    let service = fields.get(2).copied().unwrap_or_default();
    match dice.below(18) {
        0..=3 => "*".to_owned(),
        4..=6 => arn.to_owned(),
        7 => format!("{first_five}:*"),
        8 => format!("{first_five}:{}*", name.get(..3).unwrap_or_default()),
        9 => format!("{first_five}:*{}", name.get(2..).unwrap_or_default()),
        10 => format!("arn:*:{service}:*:*:{name}"),
        11 => format!("{first_five}:{}", name.replace("alice", "${aws:username}")),
        12 => {
            let variable = dice.pick_text(&["${aws:username}", "${aws:PrincipalTag/team}"]);
            format!("{first_five}:{}{variable}", name.get(..4).unwrap_or_default())
        }
        13 => {
            let tag = dice.pick_text(&["${aws:PrincipalTag/team}", "${aws:PrincipalTag/team, 'red'}", "*"]);
            format!("{first_five}:{}", name.replace("red", tag).replace('*', "${*}"))
        }
        14 => format!("{first_five}:{}", name.replace(['e', '*'], "?")),
        // Incomplete in several ways (RE-006).
        15 => dice
            .pick_text(&["arn:aws", "arn:aws:s3", "arn:aws:*", "arn*", "arn:aws:*:", "arn:*:sqs:*"])
            .to_owned(),
        16 => arn.replace(HOME, "*").replace("us-east-1", "??-*-?"),
        _ => dice
            .pick_text(&[
                "**",
                "*:*:*:*:*:*",
                "arn:aws:s3:::data/${aws:none}",
                "arn:aws:s3:::data/${aws:none,'x'}*",
                "arn:aws:s3:::data/a${*}/x",
                "arn:aws:s3:::data/${aws:username",
                "arn:aws:sqs:us-east-1:${aws:username}:alice",
                "arn:aws:s3:::DATA/*",
                "arn:aws:s3:::${aws:PrincipalTag/team}${aws:none}*",
            ])
            .to_owned(),
    }
}

/// The value of a principal element.
fn principals(dice: &mut Dice, scene: &Scene) -> String {
    let aws = |dice: &mut Dice| aws_principal(scene.principal(dice), dice);
    match dice.below(10) {
        0..=2 => quoted("*"),
        3..=6 => format!(r#"{{"AWS": {}}}"#, list(dice, aws)),
        7 => {
            let one = aws(dice);
            let other = aws(dice);
            let more = if dice.once_in(2) { quoted(dice.pick_text(&SERVICES)) } else { "[]".to_owned() };
            format!(r#"{{"AWS": [{}, {}], "Service": {more}}}"#, quoted(&one), quoted(&other))
        }
        8 => {
            let service = dice.pick_text(&SERVICES);
            let provider = dice.pick_text(&PROVIDERS);
            format!(r#"{{"Service": {}, "Federated": {}}}"#, quoted(service), quoted(provider))
        }
        _ => {
            let canonical = dice.pick_text(&["c0ffee", "decaf", "*"]);
            dice.pick(&[format!(r#"{{"CanonicalUser": {}}}"#, quoted(canonical)), "{}".to_owned()])
                .cloned()
                .unwrap_or_default()
        }
    }
}

const SERVICES: [&str; 4] = ["x.amazonaws.com", "x.us-east-1.amazonaws.com", "y.amazonaws.com", "*"];
const PROVIDERS: [&str; 4] =
    ["idp.example.com", "arn:aws:iam::111122223333:oidc-provider/idp.example.com", "*", "other.example.com"];

/// A value of the member `AWS` that names this requester, or something near it.
fn aws_principal(who: &str, dice: &mut Dice) -> String {
    let account = if who.contains(AWAY) { AWAY } else { HOME };
    let near: &[&str] = if who.contains(":assumed-role/") {
        &["role/app", "role/team/app", "AROAAPP", "AIDAALICE"]
    } else if who.contains(":federated-user/") {
        &["user/alice", "user/team/bob", "user/alice", "AIDAALICE"]
    } else {
        &["AIDAALICE", "user/alice", "AIDAGONE", "user/*"]
    };
    match dice.below(10) {
        0..=2 if who.starts_with("arn:") => who.to_owned(),
        0..=5 => match dice.pick_text(near) {
            id if id.starts_with('A') => id.to_owned(),
            name => format!("arn:aws:iam::{account}:{name}"),
        },
        6 => account.to_owned(),
        7 => format!("arn:aws:iam::{account}:root"),
        8 => "*".to_owned(),
        _ => dice
            .pick_text(&["arn:aws:iam::111122223333:role/app", "11112222333?", "arn:aws:iam::*:root"])
            .to_owned(),
    }
}

/// At most so many pairs, or none.
fn condition(dice: &mut Dice, scene: &Scene, most: usize) -> Option<String> {
    let mut blocks: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for (operator, key, values) in dice.several(most, |dice| pair(dice, scene)) {
        // The same operator twice is refused, and the same key twice in one operator (PA-020).
        match blocks.iter_mut().find(|(other, _)| other.eq_ignore_ascii_case(&operator)) {
            None => blocks.push((operator, vec![(key, values)])),
            Some((_, keys)) if keys.iter().any(|(other, _)| other.eq_ignore_ascii_case(&key)) => {}
            Some((_, keys)) => keys.push((key, values)),
        }
    }
    let key_text = |(key, values): &(String, String)| format!("{}: {values}", quoted(key));
    let text = |(operator, keys): &(String, Vec<(String, String)>)| {
        let keys: Vec<String> = keys.iter().map(key_text).collect();
        format!("{}: {{{}}}", quoted(operator), keys.join(", "))
    };
    let text = blocks.iter().map(text).collect::<Vec<_>>().join(", ");
    (!blocks.is_empty()).then(|| format!("{{{text}}}"))
}

fn pair(dice: &mut Dice, scene: &Scene) -> (String, String, String) {
    let key = scene.key(dice);
    let base = match dice.below(8) {
        0..=5 => dice.pick_text(key.operators),
        6 => "Null",
        _ => any_operator(dice),
    };
    let prefix = if base.contains(':') {
        ""
    } else {
        dice.pick_text(&["", "", "", "", "", "", "ForAllValues:", "ForAnyValue:"])
    };
    let suffix = if base != "Null" && dice.once_in(4) { "IfExists" } else { "" };
    let mut operator = format!("{prefix}{base}{suffix}");
    let mut name = key.name.to_owned();
    if dice.once_in(8) {
        operator.make_ascii_lowercase();
        name.make_ascii_uppercase();
    }
    let value = |dice: &mut Dice| {
        let text = if base == "Null" {
            dice.pick_text(&["true", "false", "True", "yes"])
        } else {
            dice.pick_text(key.in_policy)
        };
        if is_json_literal(text) && dice.once_in(3) { text.to_owned() } else { quoted(text) }
    };
    let values = match dice.below(10) {
        0..=5 => value(dice),
        6..=8 => format!("[{}, {}]", value(dice), value(dice)),
        _ => "[]".to_owned(),
    };
    (operator, name, values)
}
