//! Properties of findings and fixes.

use twokeys::lint::{Fix, Options, difference, lint};
use twokeys::policy::{Policy, PolicyType};
use twokeys::report::{Colors, snippets};

use crate::material::{case, possible, ready, requests};

/// Whatever policy it is given, the linter finishes, and points inside the text.
pub fn lint_never_panics(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(policy) = Policy::parse(text) else { return };
    for kind in PolicyType::ALL {
        let found = lint(&policy, &Options::new(kind));
        for finding in &found {
            assert!(text.get(finding.span.range()).is_some(), "{} points outside\n{text}", finding.code());
            let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
            for edit in edits {
                assert!(text.get(edit.span.range()).is_some(), "{} edits outside\n{text}", finding.code());
            }
        }
        let diagnostics: Vec<_> = found.iter().map(twokeys::lint::Finding::to_diagnostic).collect();
        let shown = snippets("a.json", data, &diagnostics, Colors::Plain);
        assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
    }
}

/// A fix that is called safe leaves a policy that is read, and that decides as before (RL-055).
pub fn fix_keeps_decisions(data: &[u8]) {
    let case = case(data, 2);
    let kind = PolicyType::Identity;
    for (at, text) in case.world.identity.iter().enumerate() {
        let policy = Policy::parse(text).expect("a generated policy is read");
        for finding in lint(&policy, &Options::new(kind)) {
            let code = finding.code();
            let Some(fix) = finding.fix.as_ref().filter(|fix| fix.safe) else { continue };
            let (mended, made) = Fix::apply(text, [fix]);
            assert_eq!(made, 1, "{code}: the fix cannot be made\n{text}");
            let after = Policy::parse(&mended)
                .unwrap_or_else(|errors| panic!("{code}: {errors}\nbefore: {text}\nafter: {mended}"));
            let differs = difference(&policy, &after, kind);
            assert!(differs.is_none(), "{code}: {differs:?}\nbefore: {text}\nafter: {mended}");
            let mut changed = case.world.clone();
            changed.identity[at].clone_from(&mended);
            let (one, other) = (&case.world, &changed);
            let [one, other] = [one, other].map(|draft| ready(&draft.read().expect("both are read")));
            for request in requests(&case) {
                assert_eq!(
                    possible(&one, &request),
                    possible(&other, &request),
                    "{code}\nbefore: {text}\nafter: {mended}\n{request:?}"
                );
            }
        }
    }
}
