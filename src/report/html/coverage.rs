//! The bars: how many users and roles are held to MFA.

use super::Page;
use super::text::grouped;

/// What the parts of a bar are called, for users and for roles; in the order of `Standing`.
const PARTS: [[&str; 4]; 2] = [
    ["do something sensitive without MFA", "are held to MFA", "may do nothing sensitive", "are unknown"],
    [
        "let someone in without MFA to do something sensitive",
        "are guarded by their trust policy, or need MFA",
        "may do nothing sensitive",
        "are unknown",
    ],
];
const CLASSES: [&str; 4] = ["gap", "held", "harmless", "unknown"];

pub(super) fn push(out: &mut String, page: &Page) {
    out.push_str("<section aria-labelledby=\"coverage\">\n<h2 id=\"coverage\">Who is held to MFA</h2>\n");
    for ((counts, words), what) in page.standing.iter().zip(PARTS).zip(["user", "role"]) {
        let all: usize = counts.iter().sum();
        if all == 0 {
            continue;
        }
        out.push_str("<div class=\"coverage\">\n");
        // The list below says the same, so the drawing is for the eye alone.
        out.push_str(&format!(
            "<h3>{}</h3>\n<div class=\"bar\" aria-hidden=\"true\">",
            super::counted(all, what)
        ));
        for (count, class) in counts.iter().zip(CLASSES).filter(|(count, _)| **count > 0) {
            out.push_str(&format!("<span class=\"{class}\" style=\"flex-grow:{count}\"></span>"));
        }
        out.push_str("</div>\n<ul class=\"parts\">\n");
        for ((count, class), words) in
            counts.iter().zip(CLASSES).zip(words).filter(|((count, _), _)| **count > 0)
        {
            out.push_str(&format!(
                "<li><span class=\"key {class}\" aria-hidden=\"true\"></span><b>{}</b> {words}</li>\n",
                grouped(*count)
            ));
        }
        out.push_str("</ul>\n</div>\n");
    }
    out.push_str("</section>\n");
}
