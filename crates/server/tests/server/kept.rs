//! What a store was told is what it tells (RL-042).

use serde_json::json;
use twokeys_server::state::{Change, Kind, Revocation};
use twokeys_server::store::{Sqlite, Store as _};

use crate::calls::furnished;
use crate::world::{Key, World, user};

#[test]
fn every_kind_of_record_reads_back_as_it_was_written() {
    let all = json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]);
    let world = World::of(&furnished(vec![user("alice", &all)]));
    world.iam(
        &Key::root(),
        &[("Action", "CreateLoginProfile"), ("UserName", "alice"), ("Password", "Correct-horse-7")],
    );
    let phone = crate::world::serial("phone");
    world.sts(
        &Key::of("target"),
        &[("Action", "GetSessionToken"), ("SerialNumber", &phone), ("TokenCode", "000000")],
    );
    let void = Revocation { principal: "root".to_owned(), until: 1 };
    world.endpoint.begin().unwrap().commit(&[void.into()]).unwrap();

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("twokeys.db");
    let changes: Vec<Change> =
        world.endpoint.state().records().map(|record| Change::Put(Box::new(record))).collect();
    Sqlite::open(&path).unwrap().commit(&changes).unwrap();
    let mut kinds: Vec<_> = Vec::new();
    let mut read: Vec<String> = Vec::new();
    for record in Sqlite::open(&path).unwrap().load().unwrap() {
        kinds.push(record.kind());
        read.push(serde_json::to_string(&record).unwrap());
    }
    read.sort();
    assert_eq!(read, world.records());
    for kind in Kind::ALL {
        assert!(kinds.contains(&kind), "{kind:?} is not tried");
    }
}
