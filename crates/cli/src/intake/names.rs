//! What policies are called that have no name but that of their file.

use std::collections::BTreeMap;
use std::path::Path;

/// The names of policies: that of the file without its ending; the whole path where two are alike.
pub(super) fn names<'p>(paths: impl Iterator<Item = &'p Path> + Clone) -> Vec<String> {
    let short = |path: &Path| match path.file_stem() {
        Some(stem) if path.as_os_str() != "-" => stem.to_string_lossy().into_owned(),
        _ => "stdin".to_owned(),
    };
    let mut seen: BTreeMap<String, &Path> = BTreeMap::new();
    let mut twice = Vec::new();
    for path in paths.clone() {
        let first = *seen.entry(short(path)).or_insert(path);
        if first != path {
            twice.push(short(path));
        }
    }
    let name = |path: &Path| {
        let short = short(path);
        if twice.contains(&short) { path.with_extension("").display().to_string() } else { short }
    };
    paths.map(name).collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn policies_are_called_by_their_file_and_by_their_path_where_two_are_alike() {
        let paths = ["a/force-mfa.json", "-", "b/p.json", "c/p.json"].map(PathBuf::from);
        let names = names(paths.iter().map(PathBuf::as_path));
        assert_eq!(names, ["force-mfa", "stdin", "b/p", "c/p"]);
    }
}
