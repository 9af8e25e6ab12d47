//! The words of a JSON text that may be half written, each with the names that lead to it.
//!
//! Editors ask while people type, so nothing here needs the text to be whole: a string that is open ends with
//! its line, and braces that are missing are missing.

/// One string of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// The bytes between its quotes.
    pub(super) start: usize,
    pub(super) end: usize,
    /// What stands there.
    pub(super) said: String,
    /// Is it the name of a member?
    pub(super) is_name: bool,
    /// The names that lead to it, without its own.
    pub(super) path: Vec<String>,
    /// Where the innermost object around it that is a statement begins.
    pub(super) statement: Option<usize>,
}

impl Word {
    /// Is a byte within its quotes?
    pub(super) fn holds(&self, offset: usize) -> bool {
        self.start <= offset && offset <= self.end
    }
}

enum Open {
    /// An object: where it begins, the name that was read last, and whether its value follows.
    Object {
        begins: usize,
        name: String,
        value_follows: bool,
    },
    List,
}

/// Nothing is deeper than this; what is, is left out.
const DEEPEST: usize = 128;

/// The strings of a text, in its order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let bytes = text.as_bytes();
    let (mut words, mut open, mut at) = (Vec::new(), Vec::<Open>::new(), 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' if open.len() < DEEPEST => {
                open.push(Open::Object { begins: at, name: String::new(), value_follows: false });
            }
            b'[' if open.len() < DEEPEST => open.push(Open::List),
            b'}' | b']' => drop(open.pop()),
            b':' => {
                if let Some(Open::Object { value_follows, .. }) = open.last_mut() {
                    *value_follows = true;
                }
            }
            b',' => {
                if let Some(Open::Object { value_follows, .. }) = open.last_mut() {
                    *value_follows = false;
                }
            }
            b'"' => {
                let start = at + 1;
                let end = end_of_string(bytes, start);
                let is_name = matches!(open.last(), Some(Open::Object { value_follows: false, .. }));
                let said = text.get(start..end).unwrap_or_default().to_owned();
                let mut path = path(&open);
                if is_name {
                    path.pop();
                    if let Some(Open::Object { name, .. }) = open.last_mut() {
                        name.clone_from(&said);
                    }
                }
                words.push(Word { start, end, said, is_name, path, statement: statement(&open) });
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    words
}

/// The first quote that is not escaped, or the end of the line.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' | b'\n' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn path(open: &[Open]) -> Vec<String> {
    let name = |open: &Open| match open {
        Open::Object { name, .. } => Some(name.clone()),
        Open::List => None,
    };
    open.iter().filter_map(name).collect()
}

fn statement(open: &[Open]) -> Option<usize> {
    let mut named = "";
    let mut found = None;
    for one in open {
        if let Open::Object { begins, name, .. } = one {
            if named == "Statement" {
                found = Some(*begins);
            }
            named = name;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let told = |word: &Word| {
            let kind = if word.is_name { "name" } else { "value" };
            format!("{kind} {} at /{}", text.get(word.start..word.end).unwrap(), word.path.join("/"))
        };
        words(text).iter().map(told).collect()
    }

    #[test]
    fn names_and_values_know_where_they_are() {
        insta::assert_snapshot!(told(r#"{"Statement": [{"Action": ["s3:Get*", "a\"b"], "Condition": {"Bool": {"k": "v"}}}]}"#).join("\n"), @r#"
        name Statement at /
        name Action at /Statement
        value s3:Get* at /Statement/Action
        value a\"b at /Statement/Action
        name Condition at /Statement
        name Bool at /Statement/Condition
        name k at /Statement/Condition/Bool
        value v at /Statement/Condition/Bool/k
        "#);
    }

    #[test]
    fn a_half_written_text_has_words_too() {
        let text = "{\"Statement\": [{\"Action\": \"s3:\n  \"Effect\": \"";
        assert_eq!(
            told(text),
            [
                "name Statement at /",
                "name Action at /Statement",
                "value s3: at /Statement/Action",
                "value Effect at /Statement/Action",
                "value  at /Statement/Action"
            ]
        );
        for hostile in ["\"", "\\", "\"\\", "}}}]]]", &"[".repeat(100_000), &"{\"a\":".repeat(10_000)] {
            let _ = words(hostile);
        }
    }

    #[test]
    fn words_of_two_statements_are_told_apart() {
        let words = words(r#"{"Statement": [{"Sid": "A"}, {"Sid": "B"}], "Id": "x"}"#);
        let of = |at: usize| words[at].statement;
        assert_eq!((of(0), of(1)), (None, Some(15)));
        assert_ne!(of(1), of(3));
        assert_eq!(words.last().unwrap().statement, None);
    }
}
