//! The table of gaps, the most dangerous first, with the statement that lets each of them in.

use std::collections::BTreeSet;

use super::facts::{GapKey, Holders, LEVELS};
use super::text::{code, escape, grouped, names};
use super::{Page, WORDS};

/// More rows help nobody; the rest is counted.
const MOST_ROWS: usize = 400;
/// More of a row open on demand.
const MOST_NAMES: usize = 8;
const MOST_ACTIONS: usize = 5;

pub(super) fn push(out: &mut String, page: &Page) {
    let count: usize = page.gaps.iter().map(|((_, actions), holders)| actions.len() * holders.len()).sum();
    out.push_str("<section aria-labelledby=\"gaps\">\n<h2 id=\"gaps\">Gaps</h2>\n");
    if count == 0 {
        out.push_str("<p class=\"fine\">Nobody gets to do anything sensitive without MFA.</p>\n</section>\n");
        return;
    }
    let mut rows: Vec<Row<'_>> =
        page.gaps.iter().map(|((key, actions), holders)| Row { key, actions, holders }).collect();
    // Within one level and verdict those first that give most.
    rows.sort_by_key(|row| {
        let given = row.actions.len() * row.holders.len();
        (row.key.danger, row.key.worst, usize::MAX - given, row.key, row.actions)
    });
    out.push_str(&format!(
        "<p>{}: a sensitive action that one user or role gets to do without MFA. The most dangerous come \
         first, put together where the same statement gives the same.</p>\n",
        super::counted(count, "gap")
    ));
    out.push_str(
        "<table class=\"gaps\">\n<thead><tr><th scope=\"col\">Access level</th><th scope=\"col\">MFA</th>",
    );
    out.push_str("<th scope=\"col\">Statement that lets in</th><th scope=\"col\">Who</th>");
    out.push_str("<th scope=\"col\">Actions</th></tr></thead>\n<tbody>\n");
    rows.iter().take(MOST_ROWS).for_each(|row| row.push(out));
    out.push_str("</tbody>\n</table>\n");
    if rows.len() > MOST_ROWS {
        out.push_str(&format!("<p>and {} less dangerous ones</p>\n", grouped(rows.len() - MOST_ROWS)));
    }
    out.push_str("</section>\n");
}

/// One level, one verdict, one statement, and the same actions.
struct Row<'p> {
    key: &'p GapKey,
    actions: &'p BTreeSet<String>,
    holders: &'p Holders,
}

impl Row<'_> {
    fn push(&self, out: &mut String) {
        let key = self.key;
        let level = LEVELS.get(key.danger).copied().flatten();
        let level = level.map_or("unknown to the reference", |level| level.as_str());
        let (letter, words) =
            WORDS.get(key.worst).map_or(('?', ""), |(verdict, words)| (verdict.letter(), *words));
        let small = |text: &str| match text {
            "" => String::new(),
            text => format!("<small>{}</small>", escape(text)),
        };
        let holders = |guarded: bool| -> Vec<String> {
            let wanted = self.holders.iter().filter(|(_, is_guarded)| *is_guarded == guarded);
            wanted.map(|(label, _)| label.clone()).collect()
        };
        let guarded = match holders(true) {
            none if none.is_empty() => String::new(),
            some => format!("<small>guarded by its trust policy: {}</small>", names(&some, MOST_NAMES)),
        };
        let actions: Vec<String> = self.actions.iter().cloned().collect();
        out.push_str(&format!(
            "<tr class=\"level{}\"><th scope=\"row\" data-name=\"Access level\">{level}</th>\
             <td data-name=\"MFA\"><b class=\"letter\">{letter}</b> {words}</td>\
             <td data-name=\"Statement\">{}{}{}</td>\
             <td data-name=\"Who\">{}{guarded}</td><td data-name=\"Actions\">{}</td></tr>\n",
            key.danger,
            code(&key.statement),
            small(&key.via),
            small(&key.place),
            names(&holders(false), MOST_NAMES),
            names(&actions, MOST_ACTIONS),
        ));
    }
}
