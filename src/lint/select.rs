//! Which rules run: codes, names, beginnings of codes and groups, chosen and left out.

use super::Meta;

/// How exactly an entry names a rule; nothing if it does not name it.
///
/// The order is that of exactness: `ALL`, the group `mfa`, a beginning of the code by its length, and
/// the code or the name itself.
fn exactness(entry: &str, meta: &Meta) -> Option<usize> {
    const WHOLE: usize = 100;
    // A group is chosen by its letter, and each rule is asked about all groups.
    if let [letter] = entry.as_bytes() {
        return meta.code.as_bytes().first().filter(|first| first.eq_ignore_ascii_case(letter)).map(|_| 1);
    }
    if names_it(entry, meta) {
        return Some(WHOLE);
    }
    if entry.eq_ignore_ascii_case("ALL") {
        return Some(0);
    }
    if entry.eq_ignore_ascii_case("mfa") {
        return meta.code.starts_with('M').then_some(1);
    }
    let beginning = meta.code.get(..entry.len()).filter(|beginning| !beginning.is_empty());
    beginning.filter(|beginning| beginning.eq_ignore_ascii_case(entry)).map(str::len)
}

fn names_it(entry: &str, meta: &Meta) -> bool {
    entry == meta.name || entry.eq_ignore_ascii_case(meta.code)
}

/// Is a rule chosen? The entry that names it most exactly decides; at a tie it is left out.
///
/// A rule that is opt-in is chosen by its code, its name or `ALL`.
pub(super) fn is_chosen(select: &[String], ignore: &[String], meta: &Meta) -> bool {
    let asked_for =
        |entry: &&String| !meta.opt_in || names_it(entry, meta) || entry.eq_ignore_ascii_case("ALL");
    let chosen = select.iter().filter(asked_for).filter_map(|entry| exactness(entry, meta)).max();
    let ignored = ignore.iter().filter_map(|entry| exactness(entry, meta)).max();
    chosen > ignored
}

/// Groups that are chosen as a whole, each by a bit: nearly all that is ever selected, and quickly asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Groups(u128);

impl Groups {
    /// None where something is left out: then it takes a closer look.
    pub(super) fn chosen(select: &[String], ignore: &[String]) -> Self {
        let letter = |entry: &String| match entry.as_bytes() {
            [letter @ b'A'..=b'Z'] if ignore.is_empty() => 1 << letter,
            _ => 0,
        };
        Self(select.iter().map(letter).fold(0, |all, one| all | one))
    }

    /// Is this rule, which need not be asked for by its name, in one of them?
    pub(super) fn hold(self, meta: &Meta) -> bool {
        let letter = meta.code.bytes().next().filter(|_| !meta.opt_in);
        letter.is_some_and(|letter| self.0 & 1 << letter != 0)
    }
}

/// Does an entry name at least one rule of all that there are?
///
/// ```
/// assert!(twokeys::lint::names_a_rule("M4") && twokeys::lint::names_a_rule("missing-version"));
/// assert!(!twokeys::lint::names_a_rule("X1"));
/// ```
pub fn names_a_rule(entry: &str) -> bool {
    super::metas().any(|meta| exactness(entry, meta).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(select: &[&str], ignore: &[&str], name: &str) -> bool {
        let owned = |entries: &[&str]| entries.iter().map(|&entry| entry.to_owned()).collect::<Vec<_>>();
        is_chosen(&owned(select), &owned(ignore), crate::lint::meta(name).unwrap())
    }

    #[test]
    fn the_most_exact_entry_decides_and_ignore_wins_a_tie() {
        for (select, ignore, expected) in [
            (&["W"][..], &[][..], true),
            (&["w2"], &[], true),
            (&["missing-version"], &["W"], true),
            (&["W209"], &["missing-version"], false),
            (&["W2"], &["W20"], false),
            (&["W20"], &["W2"], true),
            (&["ALL"], &["W"], false),
            (&["E", "mfa"], &[], false),
            (&[""], &[], false),
            (&[], &[], false),
        ] {
            assert_eq!(chosen(select, ignore, "W209"), expected, "{select:?} {ignore:?}");
        }
        assert!(chosen(&["mfa"], &[], "M409"));
    }

    #[test]
    fn groups_are_a_short_way_to_the_same_answer() {
        for (select, ignore) in [
            (&["E", "W", "S", "M", "I", "L"][..], &[][..]),
            (&["W", "M4"], &[]),
            (&["ALL"], &[]),
            (&["w"], &[]),
            (&["E", "W"], &["W209"]),
            (&[""], &[]),
        ] {
            let [select, ignore] = [select, ignore]
                .map(|list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
            let groups = Groups::chosen(&select, &ignore);
            for meta in crate::lint::metas() {
                assert!(!groups.hold(meta) || is_chosen(&select, &ignore, meta), "{select:?} {}", meta.code);
            }
        }
        let all = Groups::chosen(&["W".to_owned()], &[]);
        assert!(
            all.hold(crate::lint::meta("W209").unwrap()) && !all.hold(crate::lint::meta("E116").unwrap())
        );
        assert!(!all.hold(crate::lint::meta("L905").unwrap()));
    }

    #[test]
    fn opt_in_rules_have_to_be_asked_for() {
        assert!(!chosen(&["L"], &[], "L905") && !chosen(&["L90"], &[], "L905"));
        assert!(chosen(&["L905"], &[], "L905") && chosen(&["ALL"], &[], "L905"));
        assert!(!chosen(&["ALL"], &["L"], "L905"));
    }
}
