//! What would mend a finding, as edits of the text.

use crate::source::Span;

/// A change that mends one finding. All its edits belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a command without a full stop: ``write `BoolIfExists` ``.
    pub title: String,
    /// Does it keep every decision, or is there only one correct spelling?
    pub safe: bool,
    /// The edits, in the order of the text; they do not overlap.
    pub edits: Vec<Edit>,
}

/// Puts other text in the place of a stretch of the policy's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// The new text, as JSON where a value is replaced.
    pub text: String,
}

impl Fix {
    /// A fix that replaces one stretch of text.
    pub fn replace(title: impl Into<String>, span: Span, text: impl Into<String>, safe: bool) -> Self {
        Self { title: title.into(), safe, edits: vec![Edit { span, text: text.into() }] }
    }

    /// The text with the edits of all `fixes` made, and how many of these were.
    ///
    /// A fix whose edits touch those of an earlier one is left for the next round; half a fix is never
    /// made.
    pub fn apply<'f>(text: &str, fixes: impl IntoIterator<Item = &'f Self>) -> (String, usize) {
        let mut edits: Vec<&Edit> = Vec::new();
        let mut made = 0;
        for fix in fixes {
            let meets = |edit: &Edit| {
                edits
                    .iter()
                    .any(|other| edit.span.start <= other.span.end && other.span.start <= edit.span.end)
            };
            let fits = |edit: &Edit| text.get(edit.span.range()).is_some() && !meets(edit);
            if fix.edits.iter().all(fits) {
                edits.extend(&fix.edits);
                made += 1;
            }
        }
        edits.sort_by_key(|edit| edit.span.start);
        let mut mended = String::with_capacity(text.len());
        let mut done = 0;
        for edit in edits {
            mended.push_str(text.get(done..edit.span.start as usize).unwrap_or_default());
            mended.push_str(&edit.text);
            done = edit.span.end as usize;
        }
        mended.push_str(text.get(done..).unwrap_or_default());
        (mended, made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_made_together_or_not_at_all() {
        let one = Fix::replace("one", Span::new(0, 1), "A", true);
        let two = Fix {
            title: "two".to_owned(),
            safe: true,
            edits: vec![
                Edit { span: Span::new(4, 4), text: "!".to_owned() },
                Edit { span: Span::new(0, 2), text: "?".to_owned() },
            ],
        };
        let three = Fix::replace("three", Span::new(3, 4), "", false);
        assert_eq!(Fix::apply("abcd", [&one, &two, &three]), ("Abc".to_owned(), 2));
        assert_eq!(
            Fix::apply("abcd", [&Fix::replace("far", Span::new(9, 9), "x", true)]),
            ("abcd".to_owned(), 0)
        );
    }
}
