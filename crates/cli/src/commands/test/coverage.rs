//! Which statements applied in some answer, and which tests of conditions came out both ways.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use twokeys::engine::{Explanation, Layer, PolicySet, Prepared, StatementRef, Truth};
use twokeys::report::{By, Sources};

/// What was seen of the policies that have a file.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    /// By file and number.
    statements: BTreeMap<(String, usize), Seen>,
}

/// What was seen of one statement.
#[derive(Debug)]
struct Seen {
    by: By,
    applied: bool,
    /// By block and test.
    tests: BTreeMap<(usize, usize), SeenTest>,
}

/// What was seen of one test of a condition.
#[derive(Debug, Default)]
struct SeenTest {
    name: String,
    held: bool,
    failed: bool,
}

/// Something that was not seen.
#[derive(Debug)]
pub(super) struct Missed<'c> {
    by: &'c By,
    /// Operator and key, if it is about a test.
    test: Option<&'c str>,
    never: &'static str,
}

impl Coverage {
    /// Notes which statements a policy has, whether they come into play or not.
    pub(super) fn enter(&mut self, policy: &Prepared, sources: &dyn Sources) {
        for (statement, index) in policy.policy().statements.iter().zip(1..) {
            // Where it stands does not depend on the layer.
            let whole = StatementRef { layer: Layer::Identity, level: 0, policy, index, statement };
            let by = By::new(whole, sources);
            let Some(file) = by.file.clone() else { continue };
            self.statements.entry((file, by.index)).or_insert_with(|| {
                let mut tests = BTreeMap::new();
                for (block, at) in statement.condition.iter().zip(0..) {
                    for (test, index) in block.tests.iter().zip(0..) {
                        let name = format!("{} {}", block.written, test.key.value);
                        tests.insert((at, index), SeenTest { name, ..SeenTest::default() });
                    }
                }
                Seen { by, applied: false, tests }
            });
        }
    }

    /// Notes what one answer showed.
    pub(super) fn see(&mut self, set: &PolicySet, explanation: &Explanation, sources: &dyn Sources) {
        for trace in explanation.statements().iter().filter(|trace| trace.consulted) {
            let Some(by) = set.statement(trace.id).map(|statement| By::new(statement, sources)) else {
                continue;
            };
            let Some(seen) = by.file.and_then(|file| self.statements.get_mut(&(file, by.index))) else {
                continue;
            };
            seen.applied |= trace.truth == Truth::True;
            for condition in &trace.conditions {
                if let Some(test) = seen.tests.get_mut(&(condition.block, condition.test)) {
                    test.held |= condition.judgment.truth == Truth::True;
                    test.failed |= condition.judgment.truth == Truth::False;
                }
            }
        }
    }

    /// How many statements applied at least once, and how many there are.
    pub(super) fn statements(&self) -> (usize, usize) {
        (self.statements.values().filter(|seen| seen.applied).count(), self.statements.len())
    }

    /// How many outcomes of tests were seen, and how many there are: two for each test.
    pub(super) fn conditions(&self) -> (usize, usize) {
        let tests = || self.statements.values().flat_map(|seen| seen.tests.values());
        let seen = tests().map(|test| usize::from(test.held) + usize::from(test.failed)).sum();
        (seen, 2 * tests().count())
    }

    /// Are this many percent of the statements and of the outcomes seen?
    pub(super) fn reaches(&self, percent: u8) -> bool {
        [self.statements(), self.conditions()]
            .iter()
            .all(|(hit, all)| hit * 100 >= all * usize::from(percent))
    }

    /// What was not seen, by file and number.
    pub(super) fn missed(&self) -> Vec<Missed<'_>> {
        let mut missed = Vec::new();
        for seen in self.statements.values() {
            let by = &seen.by;
            if !seen.applied {
                missed.push(Missed { by, test: None, never: "applies" });
            }
            for test in seen.tests.values() {
                let ways = [(test.held, "holds"), (test.failed, "fails")];
                let unseen = ways.into_iter().filter(|(seen, _)| !seen);
                missed.extend(unseen.map(|(_, never)| Missed { by, test: Some(&test.name), never }));
            }
        }
        missed
    }

    /// As data.
    pub(super) fn to_json(&self) -> Value {
        let pair = |(hit, all): (usize, usize)| json!([hit, all]);
        json!({
            "statements": pair(self.statements()),
            "conditions": pair(self.conditions()),
            "missed": self.missed().iter().map(Missed::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Missed<'_> {
    pub(super) fn in_words(&self) -> String {
        let By { policy, sid, index, .. } = self.by;
        let name = match sid.as_deref() {
            None | Some("") => format!("{policy}/{index}"),
            Some(sid) => format!("{policy}/{sid}"),
        };
        let never = self.never;
        self.test
            .map_or_else(|| format!("{name} never {never}"), |test| format!("{name}: {test} never {never}"))
    }

    fn to_json(&self) -> Value {
        let By { policy, sid, index, file, line, .. } = self.by;
        json!({
            "policy": policy, "sid": sid, "index": index, "file": file, "line": line,
            "test": self.test, "never": self.never,
        })
    }
}
