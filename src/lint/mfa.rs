//! What the rules about MFA share.

use std::collections::HashSet;

use super::Finding;

/// Which general rules an MFA rule stands for when both speak of the same key: the special one knows
/// more, and one mistake should be told once.
const STANDS_FOR: &[(&str, &[&str])] = &[
    ("M407", &["S321"]),
    ("M408", &["E133"]),
    ("M409", &["W204", "W205"]),
    ("M410", &["W211"]),
    ("M411", &["W211", "W213", "W214"]),
    ("M412", &["W213", "I504"]),
    ("M413", &["I519"]),
    ("M414", &["I525"]),
    ("M420", &["S323"]),
];

/// Drops the findings for which an MFA rule stands.
///
/// An MFA rule that does not run stands for nothing: then the general rule is all there is.
pub(super) fn stand_in(found: &mut Vec<Finding>) {
    let mut replaced = HashSet::new();
    for finding in found.iter() {
        let rows = STANDS_FOR.iter().filter(|(special, _)| *special == finding.code());
        let general = rows.flat_map(|(_, general)| general.iter());
        replaced.extend(general.filter_map(|code| Some((*code, finding.about?))));
    }
    found.retain(|finding| finding.about.is_none_or(|key| !replaced.contains(&(finding.code(), key))));
}
