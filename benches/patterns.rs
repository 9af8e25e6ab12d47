//! The longest patterns on the longest texts, made to make a matcher go back (RE-012).
//!
//! What has neither `?` nor a variable takes less than a millisecond. With both the cost is bounded by a number of
//! steps, beyond which the answer is undecided.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use twokeys::engine::{PolicySet, evaluate};
use twokeys::name::Pattern;
use twokeys::policy::Policy;
use twokeys::request::{Context, Request};

/// The longest text that is ever compared.
const LONGEST: usize = 64 << 10;

/// Patterns with what they are called, all against a text of `a` alone.
fn patterns() -> [(&'static str, String); 4] {
    let half = LONGEST / 2;
    [
        ("*a*a*a…b", format!("{}b", "*a".repeat(half - 1))),
        ("*aaa…ab*", format!("*{}b*", "a".repeat(half))),
        ("*aaa…a?b", format!("*{}?b", "a".repeat(half))),
        ("a*a*a*…", "a*".repeat(half)),
    ]
}

fn compare(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pattern");
    let subject = "a".repeat(LONGEST);
    for (name, text) in patterns() {
        let pattern = Pattern::new(&text);
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(&pattern).matches(black_box(&subject)));
        });
    }
    group.finish();
}

/// The same as the value of a condition, with a variable at its end, so that nothing is made ready beforehand.
fn with_variables(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pattern-with-variable");
    let context = Context::builder().set("s3:prefix", ["a".repeat(LONGEST)]).set("aws:username", ["c"]);
    let context = context.build().expect("a context");
    let request = Request::new(
        "arn:aws:iam::111122223333:user/alice".parse().expect("a principal"),
        "s3:ListBucket".parse().expect("an action"),
        "arn:aws:s3:::b".parse().expect("a resource"),
        context,
    );
    for (name, text) in patterns() {
        let policy = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*",
              "Condition": {{"StringLike": {{"s3:prefix": "{text}${{aws:username}}"}}}}}}}}"#
        );
        let Ok(policy) = Policy::parse(&policy) else {
            println!("{name} with a variable is beyond the limits");
            continue;
        };
        let set: PolicySet = twokeys_benches::ready(vec![policy]);
        group.bench_function(name, |bencher| bencher.iter(|| evaluate(black_box(&set), black_box(&request))));
    }
    group.finish();
}

criterion_group!(benches, compare, with_variables);
criterion_main!(benches);
