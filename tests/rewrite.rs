//! Changes to worlds and requests that must not change an answer, or only in one direction.

use std::mem::take;

use twokeys::policy::{NamesPart, Policy, PrincipalPart, PrincipalValue, ValueForm};
use twokeys_naive::World;
use twokeys_naive::generate::{Dice, RequestDraft};

use crate::worlds::policies_of;

/// Puts policies, statements, entries, keys and values in another order.
pub(crate) fn shuffle(world: &mut World, dice: &mut Dice) {
    for policy in policies_of(world) {
        shuffle_policy(policy, dice);
    }
    mix(&mut world.identity, dice);
    mix(&mut world.session, dice);
    for level in world.scps.iter_mut().chain(&mut world.rcps) {
        mix(level, dice);
    }
    mix(&mut world.scps, dice);
    mix(&mut world.rcps, dice);
}

fn shuffle_policy(policy: &mut Policy, dice: &mut Dice) {
    mix(&mut policy.statements, dice);
    for statement in &mut policy.statements {
        mix(&mut statement.action.entries, dice);
        if let Some(NamesPart { entries, .. }) = &mut statement.resource {
            mix(entries, dice);
        }
        if let Some(PrincipalPart { value: PrincipalValue::Map(groups), .. }) = &mut statement.principal {
            mix(groups, dice);
            for group in groups {
                mix(&mut group.values, dice);
            }
        }
        mix(&mut statement.condition, dice);
        for block in &mut statement.condition {
            mix(&mut block.tests, dice);
            for test in &mut block.tests {
                mix(&mut test.values, dice);
            }
        }
    }
}

/// Any order is as likely as any other.
fn mix<T>(items: &mut Vec<T>, dice: &mut Dice) {
    let mut rest = take(items);
    while !rest.is_empty() {
        let chosen = dice.below(u32::try_from(rest.len()).unwrap());
        items.push(rest.swap_remove(usize::try_from(chosen).unwrap()));
    }
}

/// Writes `true` as `"true"`, `"10"` as `10` and so on, wherever JSON has both.
pub(crate) fn retype(policy: &mut Policy, dice: &mut Dice) {
    let tests = policy.statements.iter_mut().flat_map(|statement| &mut statement.condition);
    for value in tests.flat_map(|block| &mut block.tests).flat_map(|test| &mut test.values) {
        let without_marks = match value.text.as_str() {
            "true" | "false" => Some(ValueForm::Boolean),
            text if is_number(text) => Some(ValueForm::Number),
            _ => None,
        };
        value.form = without_marks.filter(|_| dice.once_in(2)).unwrap_or(ValueForm::String);
    }
}

/// A number as JSON writes it, without an exponent.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction) && (whole == "0" || !whole.starts_with('0'))
}

/// Changes the case of letters where it does not count.
pub(crate) fn respell(policy: &mut Policy, dice: &mut Dice) {
    for statement in &mut policy.statements {
        for entry in &mut statement.action.entries {
            entry.value = other_case(&entry.value, dice);
        }
        for block in &mut statement.condition {
            block.written = other_case(&block.written, dice);
            for test in &mut block.tests {
                test.key.value = other_case(&test.key.value, dice);
                for value in &mut test.values {
                    value.text = value.text.replace("${aws:", "${aWs:");
                }
            }
        }
        for entry in statement.resource.iter_mut().flat_map(|part| &mut part.entries) {
            entry.value = entry.value.replace("${aws:", "${AWS:");
        }
    }
}

/// The same letters, each in one case or the other.
pub(crate) fn other_case(text: &str, dice: &mut Dice) -> String {
    let flip = |letter: char| {
        if dice.once_in(2) {
            letter
        } else if letter.is_ascii_lowercase() {
            letter.to_ascii_uppercase()
        } else {
            letter.to_ascii_lowercase()
        }
    };
    text.chars().map(flip).collect()
}

/// Forgets what is known of some keys, or of all.
pub(crate) fn hide(request: &RequestDraft, dice: &mut Dice) -> RequestDraft {
    let mut hidden = request.clone();
    if dice.once_in(8) {
        hidden.known.clear();
        hidden.unknown = vec!["*".to_owned()];
        return hidden;
    }
    for (key, values) in take(&mut hidden.known) {
        if dice.once_in(2) {
            hidden.unknown.push(key);
        } else {
            hidden.known.push((key, values));
        }
    }
    // Keys that are absent can be hidden as well.
    for key in ["aws:MultiFactorAuthPresent", "aws:username", "aws:none"] {
        let is_mentioned = |given: &String| given.eq_ignore_ascii_case(key);
        let mentioned = hidden.known.iter().map(|(given, _)| given).chain(&hidden.unknown).any(is_mentioned);
        if !mentioned && dice.once_in(3) {
            hidden.unknown.push(key.to_owned());
        }
    }
    hidden
}

/// The request with nothing said of `aws:MultiFactorAuthPresent`.
pub(crate) fn without_mfa(request: &RequestDraft) -> RequestDraft {
    let mut plain = request.clone();
    plain.known.retain(|(key, _)| !key.eq_ignore_ascii_case("aws:MultiFactorAuthPresent"));
    plain.unknown.clear();
    plain
}
