//! What the fuzzer found worth keeping of the two properties that need an endpoint; `fuzz` replays the others.

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use crate::form::query_form;
use crate::signature::sigv4_headers;

fn replay(target: &str, property: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut kept: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    kept.sort();
    assert!(!kept.is_empty(), "nothing is kept for {target}");
    kept.retain(|path| {
        let data = fs::read(path).unwrap();
        catch_unwind(|| property(&data)).is_err()
    });
    assert!(kept.is_empty(), "{kept:#?}");
}

#[test]
fn every_kept_form_holds_its_property() {
    replay("query_form", query_form);
}

#[test]
fn every_kept_request_holds_its_property() {
    replay("sigv4_headers", sigv4_headers);
}
