//! A policy as canonical JSON: the inverse of reading.
//!
//! Elements stand in the order in which the documentation presents them, one entry a line; a list
//! of one is written without brackets, except for statements. Nothing else is changed: names and
//! values stay as written and in their order.

use std::fmt::{self, Write as _};

use super::ast::{
    ConditionBlock, ConditionValue, NamesPart, Policy, PrincipalPart, PrincipalValue, Statement, ValueForm,
};
use crate::source::Spanned;

impl Policy {
    /// The policy as canonical JSON, with a line break at the end.
    ///
    /// ```
    /// use twokeys::policy::Policy;
    ///
    /// let policy = Policy::parse(r#"{"Statement":[{"Action":["s3:*"],"Effect":"Deny","Resource":"*"}]}"#)?;
    /// assert_eq!(policy.to_json(), r#"{
    ///   "Statement": [
    ///     {
    ///       "Effect": "Deny",
    ///       "Action": "s3:*",
    ///       "Resource": "*"
    ///     }
    ///   ]
    /// }
    /// "#);
    /// # Ok::<(), twokeys::policy::ParseErrors>(())
    /// ```
    pub fn to_json(&self) -> String {
        let mut page = Page::default();
        page.object(|page| {
            if let Some(version) = &self.version {
                page.member("Version", |page| page.string(version.value.as_str()));
            }
            if let Some(id) = &self.id {
                page.member("Id", |page| page.string(&id.value));
            }
            page.member("Statement", |page| page.list(&self.statements, statement));
        });
        page.text.push('\n');
        page.text
    }
}

/// Canonical JSON without the last line break.
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.to_json().trim_end())
    }
}

fn statement(page: &mut Page, statement: &Statement) {
    page.object(|page| {
        if let Some(sid) = &statement.sid {
            page.member("Sid", |page| page.string(&sid.value));
        }
        page.member("Effect", |page| page.string(statement.effect.value.as_str()));
        if let Some(part) = &statement.principal {
            principal(page, part);
        }
        names(page, "Action", &statement.action);
        if let Some(part) = &statement.resource {
            names(page, "Resource", part);
        }
        if statement.condition_span.is_some() || !statement.condition.is_empty() {
            page.member("Condition", |page| condition(page, &statement.condition));
        }
    });
}

fn principal(page: &mut Page, part: &PrincipalPart) {
    page.member(if part.negated { "NotPrincipal" } else { "Principal" }, |page| match &part.value {
        PrincipalValue::Text(text) => page.string(&text.value),
        PrincipalValue::Map(groups) => page.object(|page| {
            for group in groups {
                page.member(&group.kind.value, |page| page.one_or_list(&group.values, text));
            }
        }),
    });
}

fn names(page: &mut Page, element: &str, part: &NamesPart) {
    let name = if part.negated { format!("Not{element}") } else { element.to_owned() };
    page.member(&name, |page| page.one_or_list(&part.entries, text));
}

fn condition(page: &mut Page, blocks: &[ConditionBlock]) {
    page.object(|page| {
        for block in blocks {
            page.member(&block.written, |page| {
                page.object(|page| {
                    for test in &block.tests {
                        page.member(&test.key.value, |page| page.one_or_list(&test.values, condition_value));
                    }
                });
            });
        }
    });
}

fn text(page: &mut Page, text: &Spanned<String>) {
    page.string(&text.value);
}

fn condition_value(page: &mut Page, value: &ConditionValue) {
    match value.form {
        ValueForm::String => page.string(&value.text),
        ValueForm::Number | ValueForm::Boolean => page.text.push_str(&value.text),
    }
}

/// JSON being written, two spaces a level.
#[derive(Default)]
struct Page {
    text: String,
    depth: usize,
    /// Does the innermost list or object have an entry already?
    follows: bool,
}

impl Page {
    fn object(&mut self, content: impl FnOnce(&mut Self)) {
        self.bracketed('{', '}', content);
    }

    fn member(&mut self, name: &str, value: impl FnOnce(&mut Self)) {
        self.line();
        self.string(name);
        self.text.push_str(": ");
        value(self);
        self.follows = true;
    }

    fn list<T>(&mut self, items: &[T], item: impl Fn(&mut Self, &T)) {
        self.bracketed('[', ']', |page| {
            for each in items {
                page.line();
                item(page, each);
                page.follows = true;
            }
        });
    }

    fn one_or_list<T>(&mut self, items: &[T], item: impl Fn(&mut Self, &T)) {
        match items {
            [only] => item(self, only),
            _ => self.list(items, item),
        }
    }

    fn bracketed(&mut self, open: char, close: char, content: impl FnOnce(&mut Self)) {
        self.text.push(open);
        self.depth += 1;
        self.follows = false;
        content(self);
        self.depth -= 1;
        if self.follows {
            self.break_line();
        }
        self.text.push(close);
    }

    fn line(&mut self) {
        if self.follows {
            self.text.push(',');
        }
        self.break_line();
    }

    fn break_line(&mut self) {
        self.text.push('\n');
        for _ in 0..self.depth {
            self.text.push_str("  ");
        }
    }

    fn string(&mut self, text: &str) {
        self.text.push('"');
        for character in text.chars() {
            match character {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                control if control < ' ' => {
                    let _ = write!(self.text, "\\u{:04x}", u32::from(control));
                }
                plain => self.text.push(plain),
            }
        }
        self.text.push('"');
    }
}
