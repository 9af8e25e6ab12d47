//! One run tells all mistakes of a JSON text, and each of them once.

use std::time::{Duration, Instant};

use twokeys::json::{self, Limits, Value};

/// Messages by the place where they start.
fn messages(text: &str, limits: &Limits) -> Vec<(u32, String)> {
    let errors = json::read(text.as_bytes(), limits).errors;
    errors.iter().map(|error| (error.span().start, error.to_string())).collect()
}

#[test]
fn every_mistake_is_told_once_and_hides_no_other() {
    let cases: &[(&str, &[(u32, &str)])] = &[
        ("", &[(0, "the text is empty")]),
        ("hello", &[(0, "expected `{`, found `hello`")]),
        ("{\"a\": 1} {", &[(9, "a second document follows the first")]),
        ("{}}", &[(2, "`}` follows the end of the document")]),
        ("\"a\": 1", &[(3, "`:` follows the end of the document")]),
        ("[1 2 3]", &[(2, "a comma is missing"), (4, "a comma is missing")]),
        ("{\"a\": 1 \"b\": 2,}", &[(7, "a comma is missing"), (14, "a comma follows the last entry")]),
        ("[,1,,2]", &[(1, "a comma too many"), (4, "a comma too many")]),
        ("[1,,]", &[(3, "a comma too many")]),
        ("{\"a\": 1; \"b\": 2}", &[(7, "expected `,` or `}`, found `;`")]),
        ("{\"a\" 1, \"b\": 01}", &[(4, "a colon is missing after `a`"), (13, "`01` is not a JSON number")]),
        ("{\"a\" = 1}", &[(4, "a colon is missing after `a`")]),
        ("{\"a\": , \"b\": }", &[(6, "a value is missing"), (13, "a value is missing")]),
        ("{\"a\"}", &[(4, "a colon is missing after `a`")]),
        (
            "{a: b, \"c\": 'd'}",
            &[
                (1, "`a` stands without quotation marks"),
                (4, "`b` stands without quotation marks"),
                (12, "a string stands in double quotation marks, not in `'`"),
            ],
        ),
        (
            "{a\": b\", \"c\": 1}",
            &[(1, "`a` stands without quotation marks"), (5, "`b` stands without quotation marks")],
        ),
        ("{\"a: 1,\n\"b\": +1}", &[(1, "the string is not closed"), (13, "`+1` is not a JSON number")]),
        ("{\"a: \"b\",\n\"c\": NaN}", &[(1, "the string is not closed"), (15, "JSON has no `NaN`")]),
        ("{\"a\": \"b,\n\"c\": nil}", &[(6, "the string is not closed"), (15, "JSON has no `nil`")]),
        (
            "[\"\\x\", \"\\u12\", \"\\udc00\"]",
            &[
                (2, "`\\x` is not a JSON escape"),
                (8, "`\\u12` is not a JSON escape"),
                (16, "`\\udc00` is half a surrogate pair and no character"),
            ],
        ),
        ("[\"a\tb\"]", &[(3, "a control character (U+0009) stands raw in a string")]),
        (
            "// a\n[1 /* b */, # c\n2]",
            &[(0, "JSON has no comments"), (8, "JSON has no comments"), (17, "JSON has no comments")],
        ),
        ("[1 /* open ]", &[(3, "JSON has no comments")]),
        ("{\"a\": [1, \"b\": 2}", &[(13, "expected `,` or `]`, found `:`")]),
        ("{\"a\": [1}", &[(8, "`}` does not close the `[`")]),
        ("[{\"a\": 1]", &[(8, "`]` does not close the `{`")]),
        ("[1, {\"a\": [", &[(10, "the text ends before the `[` is closed")]),
        ("{\"a\"", &[(4, "expected `:`, found the end of the text")]),
        ("{\"a\": \"b", &[(6, "the string is not closed")]),
        (
            "{\"a\": 1, \"\\u0061\": 2, \"a\": 3}",
            &[(9, "`a` is given twice in one object"), (22, "`a` is given twice in one object")],
        ),
        (
            "[1e400, -1e-400, 0e999]",
            &[(1, "the number `1e400` is out of range"), (8, "the number `-1e-400` is out of range")],
        ),
    ];
    for (text, expected) in cases {
        let found = messages(text, &Limits::default());
        let found: Vec<(u32, &str)> = found.iter().map(|(at, message)| (*at, message.as_str())).collect();
        assert_eq!(found, *expected, "{text}");
    }
}

#[test]
fn of_equal_names_the_first_is_kept() {
    for count in [2, 40] {
        let members: Vec<String> = (0..count).map(|at| format!("\"k{}\": {at}", at % (count / 2))).collect();
        let text = format!("{{{}}}", members.join(","));
        let reading = json::read(text.as_bytes(), &Limits::default());
        assert_eq!(reading.errors.len(), count / 2);
        let Some(Value::Object(members)) = reading.root.map(|root| root.value) else { panic!("no object") };
        let values: Vec<Value<'_>> = members.into_iter().map(|member| member.value.value).collect();
        let first: Vec<String> = (0..count / 2).map(|at| at.to_string()).collect();
        assert_eq!(values, first.iter().map(|text| Value::Number(text)).collect::<Vec<_>>());
    }
}

#[test]
fn rl_010_limits_hold_at_the_limit_and_not_beyond() {
    let limits = Limits::default().with_document(60).with_depth(3).with_values(6);
    let limits = limits.with_string(5).with_key(4).with_number(4);
    let document = |length: usize| format!("[{}]", " ".repeat(length - 2));
    let cases = [
        (document(60), document(61), "the text is longer than 60 bytes"),
        ("[[[1]]]".to_owned(), "[[[[]]]]".to_owned(), "lists and objects are nested more than 3 deep"),
        ("[1,2,3,4,5]".to_owned(), "[1,2,3,4,5,6]".to_owned(), "the document has more than 6 values"),
        ("\"12345\"".to_owned(), "\"123456\"".to_owned(), "a string is longer than 5 bytes"),
        ("{\"1234\":1}".to_owned(), "{\"12345\":1}".to_owned(), "a name is longer than 4 bytes"),
        ("[-123.4, 0.0001, 1e10]".to_owned(), "12345".to_owned(), "a number has more than 4 digits"),
        ("12.3e4".to_owned(), "12.34e5".to_owned(), "a number has more than 4 digits"),
    ];
    for (within, beyond, message) in cases {
        assert_eq!(messages(&within, &limits), [], "{within}");
        let found: Vec<String> = messages(&beyond, &limits).into_iter().map(|(_, message)| message).collect();
        assert_eq!(found, [message], "{beyond}");
    }
}

#[test]
fn at_most_fifty_mistakes_are_told() {
    let found = messages(&"[1 1".repeat(200), &Limits::default());
    assert_eq!(found.len(), 51);
    assert_eq!(found.last().unwrap().1, "more than 50 mistakes; reading stopped here");
}

#[test]
fn hostile_texts_take_linear_time() {
    let length = 1 << 17;
    for unit in [
        "\n",
        "[x\n",
        "\"",
        "\"\\",
        "'",
        "„",
        "“",
        "‘ ",
        "/",
        "/*",
        "#",
        "{\"a\":",
        "[",
        "{\"a\" ",
        "[1 ",
        ",",
        ";",
        ":",
        "\\u0000",
        "0",
        "-",
        "é",
        "\"\u{1}",
        "[\"\\ud800",
        "{'",
        "{a",
        "[\"a\n",
        "{\"a\n",
        "]",
        "}",
        "[}",
    ] {
        for head in ["", "[", "{", "[\"", "[x", "{x", "{\"a\":"] {
            let text = head.to_owned() + &unit.repeat(length / unit.len());
            let begin = Instant::now();
            assert!(!json::read(text.as_bytes(), &Limits::default()).errors.is_empty(), "{head}{unit}");
            assert!(begin.elapsed() < Duration::from_secs(10), "{head}{unit} took {:?}", begin.elapsed());
        }
    }
}
