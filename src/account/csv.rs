//! Comma-separated values (RFC 4180), as far as reports of AWS need them.

/// The line a record begins on, and its fields.
pub(super) type Record = (usize, Vec<String>);

/// The records of a text, each with the number of its first line; or what is wrong, with its line.
///
/// Records end at a line break, with or without a carriage return; fields may be in quotation marks, in which
/// commas and line breaks are text and two marks are one.
pub(super) fn records(text: &str) -> Result<Vec<Record>, (usize, &'static str)> {
    let mut records = Vec::new();
    let mut letters = text.chars().peekable();
    let mut line = 1;
    while letters.peek().is_some() {
        let first = line;
        let mut fields = Vec::new();
        loop {
            let mut field = String::new();
            let quoted = letters.next_if_eq(&'"').is_some();
            let end = loop {
                let letter = letters.next();
                if quoted {
                    match letter {
                        Some('"') if letters.next_if_eq(&'"').is_some() => field.push('"'),
                        Some('"') => {
                            break after_quotes(&mut letters)
                                .ok_or((line, "text follows a closing quotation mark"))?;
                        }
                        Some(letter) => {
                            line += usize::from(letter == '\n');
                            field.push(letter);
                        }
                        None => return Err((first, "a quotation mark is not closed")),
                    }
                } else {
                    match letter {
                        Some(',') => break End::Field,
                        Some('\r') if letters.next_if_eq(&'\n').is_some() => break End::Record,
                        Some('\n') | None => break End::Record,
                        Some('"') => return Err((line, "a quotation mark stands inside a field")),
                        Some(letter) => field.push(letter),
                    }
                }
            };
            fields.push(field);
            if end == End::Record {
                break;
            }
        }
        line += 1;
        records.push((first, fields));
    }
    Ok(records)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Field,
    Record,
}

/// What a closing quotation mark closes.
fn after_quotes(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<End> {
    match letters.next() {
        Some(',') => Some(End::Field),
        Some('\n') | None => Some(End::Record),
        Some('\r') => letters.next_if_eq(&'\n').map(|_| End::Record),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_records_and_quotation_marks() {
        for (text, expected) in [
            ("", vec![]),
            ("a,b\n", vec![(1, vec!["a", "b"])]),
            ("a,b", vec![(1, vec!["a", "b"])]),
            ("a,\r\n,b\r\n", vec![(1, vec!["a", ""]), (2, vec!["", "b"])]),
            ("\"a,\"\"b\"\"\n\",c\nd,e", vec![(1, vec!["a,\"b\"\n", "c"]), (3, vec!["d", "e"])]),
            ("\"\",x", vec![(1, vec!["", "x"])]),
            ("\n", vec![(1, vec![""])]),
        ] {
            let expected: Vec<(usize, Vec<String>)> = expected
                .into_iter()
                .map(|(line, fields)| (line, fields.into_iter().map(str::to_owned).collect()))
                .collect();
            assert_eq!(records(text), Ok(expected), "{text:?}");
        }
    }

    #[test]
    fn what_has_no_single_reading_is_refused() {
        for (text, line) in [("a\n\"b", 2), ("a\"b", 1), ("\"a\"b", 1), ("\"a\"\rb", 1)] {
            assert_eq!(records(text).unwrap_err().0, line, "{text:?}");
        }
    }
}
