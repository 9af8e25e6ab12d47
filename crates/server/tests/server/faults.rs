//! A disk that fails: reading goes on, nothing else does, and no code is good that nobody could write down (RL-043).

use twokeys_server::query::{self, Service};

use crate::calls::calls;
use crate::disk::{Disk, Fault};
use crate::doors::{DOORS, account, challenge, forgive};
use crate::world::{Key, NOW, ask, outcome, records};

fn service(name: &str) -> Service {
    if query::operation(Service::Sts, name).is_some() { Service::Sts } else { Service::Iam }
}

#[test]
fn rl_043_a_store_that_failed_lets_everything_be_read_and_nothing_be_changed() {
    let disk = Disk::of(&account());
    let endpoint = disk.start();
    let root = Key::root();
    let before = records(&endpoint);
    let came_to = |call: &crate::calls::Call| {
        let answer = ask(&endpoint, NOW, &root, service(call.name), &call.pairs());
        (outcome(&answer).to_owned(), answer.status)
    };
    // What a read comes to while all is well.
    let reads: Vec<_> = calls().into_iter().filter(|call| !writes(call.name)).collect();
    let well: Vec<_> = reads.iter().map(came_to).collect();
    disk.fails(Fault::Lost);
    let mut refused = 0;
    for call in calls().iter().filter(|call| writes(call.name)) {
        let (word, status) = came_to(call);
        assert_ne!(word, "ok", "{}", call.name);
        if word == "ServiceFailure" {
            assert_eq!(status, 500, "{}", call.name);
            refused += 1;
        }
    }
    assert!(refused > 40, "{refused}");
    assert_eq!(records(&endpoint), before);
    let ill: Vec<_> = reads.iter().map(came_to).collect();
    assert_eq!(ill, well);
}

fn writes(name: &str) -> bool {
    query::operation(service(name), name).is_some_and(|operation| operation.writes)
}

#[test]
fn rl_043_no_door_opens_for_a_code_that_could_not_be_written_down() {
    for fault in [Fault::Lost, Fault::Kept] {
        for door in DOORS {
            let disk = Disk::of(&account());
            let endpoint = disk.start();
            let form = challenge(&endpoint, NOW);
            disk.fails(fault);
            for _ in 0..2 {
                let (word, why) = door.tried(&endpoint, NOW, 0, &form);
                assert_eq!(word, "ServiceFailure", "{door:?}");
                assert!(
                    why.unwrap().contains("the store is read-only"),
                    "{door:?}: the audit trail says why"
                );
            }
            drop(endpoint);

            let endpoint = disk.start();
            forgive(&endpoint);
            let form = challenge(&endpoint, NOW);
            let opened: Vec<String> =
                DOORS.iter().chain(&DOORS).map(|door| door.tried(&endpoint, NOW, 0, &form).0).collect();
            let good = opened.iter().filter(|word| *word == "ok").count();
            assert_eq!(good, usize::from(fault == Fault::Lost), "{fault:?} at {door:?}: {opened:?}");
        }
    }
}

#[test]
fn rl_043_a_code_that_was_used_before_the_fault_stays_used_after_it() {
    for door in DOORS {
        let disk = Disk::of(&account());
        let endpoint = disk.start();
        let form = challenge(&endpoint, NOW);
        assert_eq!(door.tried(&endpoint, NOW, 0, &form).0, "ok", "{door:?}");
        disk.fails(Fault::Lost);
        assert_ne!(door.tried(&endpoint, NOW, 0, &form).0, "ok", "{door:?}");
        drop(endpoint);
        let endpoint = disk.start();
        let form = challenge(&endpoint, NOW);
        for again in DOORS {
            assert_ne!(again.tried(&endpoint, NOW, 0, &form).0, "ok", "{door:?}, then {again:?}");
        }
    }
}
