//! The matrix as one page for a browser: no script, no network, light and dark, and readable printed.
//!
//! Principals are taken in one by one and put together where nothing tells them apart, so that an account
//! of thousands makes a page of a few screens.

mod coverage;
mod facts;
mod gaps;
mod heat;
mod text;

pub use facts::{About, Facts};

use std::collections::{BTreeMap, BTreeSet};

use self::facts::{GapKey, Holders, Kind};
use self::text::{escape, grouped};
use crate::catalog;
use crate::verdict::Verdict;

const STYLE: &str = include_str!("style.css");

/// What the page tells, filled principal by principal.
#[derive(Debug)]
pub struct Page {
    about: About,
    /// Principals by what they may do.
    groups: BTreeMap<Vec<facts::Service>, Group>,
    /// Those who may do the very same by the same statement are told together.
    gaps: BTreeMap<(GapKey, BTreeSet<String>), Holders>,
    /// Users and roles, by where they stand.
    standing: [[usize; 4]; 2],
    /// Those of whom nothing can be said.
    indeterminate: Vec<String>,
}

/// Principals that are told in one row.
#[derive(Debug, Default)]
struct Group {
    labels: Vec<String>,
}

/// What is said of each verdict.
const WORDS: [(Verdict, &str); 6] = [
    (Verdict::Open, "allowed in all three states"),
    (Verdict::Inverted, "denied with MFA, allowed without"),
    (Verdict::LeaksKeys, "also with an access key (missing)"),
    (Verdict::LeaksSessions, "also in a session without MFA (false)"),
    (Verdict::Enforced, "only with MFA"),
    (Verdict::Denied, "denied in all"),
];

impl Page {
    /// A page about nobody so far.
    pub fn new(about: About) -> Self {
        Self {
            about,
            groups: BTreeMap::new(),
            gaps: BTreeMap::new(),
            standing: [[0; 4]; 2],
            indeterminate: Vec::new(),
        }
    }

    /// Takes in what one principal may do.
    pub fn add(&mut self, facts: Facts) {
        let kind = usize::from(facts.kind == Kind::Role);
        if let Some(count) =
            self.standing.get_mut(kind).and_then(|counts| counts.get_mut(facts.standing as usize))
        {
            *count += 1;
        }
        if facts.standing == facts::Standing::Unknown {
            self.indeterminate.push(facts.label);
            return;
        }
        for (key, actions) in facts.gaps {
            self.gaps.entry((key, actions)).or_default().push((facts.label.clone(), facts.guarded));
        }
        self.groups.entry(facts.services).or_default().labels.push(facts.label);
    }

    /// The whole page.
    pub fn render(&self) -> String {
        let About { account, date, .. } = &self.about;
        let title = format!("MFA report of account {}", escape(account));
        let mut out = String::with_capacity(64 * 1024);
        out.push_str("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        out.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n");
        // Nothing may be fetched, whatever a name in the account tries.
        out.push_str("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        out.push_str(&format!("<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"));
        out.push_str(&format!(
            "<header>\n<h1>{title}</h1>\n<p>What {} and {} may do, asked about {} in the three states of MFA on {}.</p>\n",
            counted(self.count(0), "user"),
            counted(self.count(1), "role"),
            counted(self.about.actions, "action"),
            escape(date),
        ));
        out.push_str(STATES);
        out.push_str("</header>\n<main>\n");
        coverage::push(&mut out, self);
        gaps::push(&mut out, self);
        heat::push(&mut out, self);
        self.notes(&mut out);
        out.push_str("</main>\n</body>\n</html>\n");
        out
    }

    fn count(&self, kind: usize) -> usize {
        self.standing.get(kind).map_or(0, |counts| counts.iter().sum())
    }

    fn notes(&self, out: &mut String) {
        out.push_str("<section aria-labelledby=\"notes\">\n<h2 id=\"notes\">How to read this</h2>\n<ul>\n");
        let mut note = |text: &str| out.push_str(&format!("<li>{text}</li>\n"));
        note(
            "Every answer was computed from the policies alone; nothing was sent anywhere. A <dfn>gap</dfn> is a \
             sensitive action that someone gets to do without MFA.",
        );
        if self.about.any_resource {
            note(
                "No resource was named, so the question was whether there is one: <code>*</code> and one for each \
                 entry of a policy were tried. \u{201c}Denied\u{201d} means none of these, and is no proof.",
            );
        }
        note(
            "A session of a role carries no MFA, so what a role is worth is decided by who may assume it. Roles \
             whose trust policy asks for MFA, or lets in no people, are marked as guarded.",
        );
        note(&format!(
            "Access levels are those of AWS\u{2019}s service reference of {}.",
            escape(catalog::date())
        ));
        if !self.indeterminate.is_empty() {
            note(&format!(
                "Nothing can be said of {}, because a policy is missing or broken. They count as denied.",
                text::names(&self.indeterminate, 20)
            ));
        }
        out.push_str("</ul>\n</section>\n");
    }
}

const STATES: &str = "\
<dl class=\"states\">
<div><dt>missing</dt><dd>a long-term access key; the MFA key is not in the request</dd></div>
<div><dt>false</dt><dd>temporary credentials made without MFA</dd></div>
<div><dt>true</dt><dd>temporary credentials made with MFA</dd></div>
</dl>
";

fn counted(count: usize, what: &str) -> String {
    format!("{} {what}{}", grouped(count), if count == 1 { "" } else { "s" })
}
