//! The `Condition` of a statement: operators, keys and values, as they are read.

use std::collections::BTreeMap;

use super::ast::{ConditionBlock, ConditionTest, ConditionValue, Place, ValueForm};
use super::error::ParseErrorKind;
use super::operator::{NotAnOperator, Operator};
use super::parse::{Reader, tight};
use crate::json::{Member, Node, Value};
use crate::source::Spanned;

impl Reader<'_> {
    pub(super) fn condition(&mut self, node: Node<'_>) -> Vec<ConditionBlock> {
        let members = self.object(node, "`Condition`").unwrap_or_default();
        self.same_but_case(&members, "condition operator");
        let mut blocks = Vec::with_capacity(members.len());
        for member in members {
            if member.is_unreadable() {
                continue;
            }
            let operator = self.operator(&member);
            let tests = self.tests(member.value);
            if let Some(operator) = operator {
                blocks.push(ConditionBlock {
                    operator: Spanned::new(operator, member.key_span),
                    written: member.key.into_owned(),
                    tests,
                });
            }
        }
        blocks
    }

    fn operator(&mut self, member: &Member<'_>) -> Option<Operator> {
        let name = member.key.as_ref();
        let kind = match Operator::parse(name) {
            Ok(operator) => return Some(operator),
            Err(NotAnOperator::NullIfExists) => ParseErrorKind::NullIfExists { name: name.to_owned() },
            Err(NotAnOperator::Unknown) => {
                let nearest = if self.has_room() { Operator::nearest(name) } else { None };
                ParseErrorKind::UnknownOperator { name: name.to_owned(), nearest }
            }
        };
        self.fail(member.key_span, kind);
        None
    }

    fn tests(&mut self, node: Node<'_>) -> Vec<ConditionTest> {
        let members = self.object(node, "the value of a condition operator").unwrap_or_default();
        self.same_but_case(&members, "condition key");
        let test = |member: Member<'_>| {
            let span = Place(member.value.span);
            let values = self.condition_values(member.value);
            ConditionTest { key: Spanned::new(member.key.into_owned(), member.key_span), values, span }
        };
        tight(members.into_iter().map(test))
    }

    fn condition_values(&mut self, node: Node<'_>) -> Vec<ConditionValue> {
        match node.value {
            Value::Array(items) => {
                let limit = self.limits.values;
                self.at_most(items.len(), limit, "values in one list", node.span);
                tight(items.into_iter().filter_map(|item| self.condition_value(item)))
            }
            _ => tight(self.condition_value(node)),
        }
    }

    fn condition_value(&mut self, node: Node<'_>) -> Option<ConditionValue> {
        let (text, form) = match node.value {
            Value::String(text) => {
                self.within_limits(&text, "a condition", node.span);
                (text.into_owned(), ValueForm::String)
            }
            Value::Number(digits) => (digits.to_owned(), ValueForm::Number),
            Value::Bool(value) => (value.to_string(), ValueForm::Boolean),
            Value::Broken => return None,
            other => {
                self.fail(node.span, ParseErrorKind::ConditionValue { found: other.kind() });
                return None;
            }
        };
        Some(ConditionValue { text, form, span: node.span })
    }

    /// Names that AWS compares without regard to capitals must not stand twice (PA-020).
    fn same_but_case(&mut self, members: &[Member<'_>], what: &'static str) {
        if members.len() < 2 {
            return;
        }
        let mut seen: BTreeMap<String, &Member<'_>> = BTreeMap::new();
        for member in members.iter().filter(|member| !member.is_unreadable()) {
            let first = *seen.entry(member.key.to_ascii_lowercase()).or_insert(member);
            if first.key_span != member.key_span {
                let (name, first_span) = (member.key.as_ref().to_owned(), first.key_span);
                let first = first.key.as_ref().to_owned();
                self.fail(member.key_span, ParseErrorKind::SameButCase { name, first, first_span, what });
            }
        }
    }
}
