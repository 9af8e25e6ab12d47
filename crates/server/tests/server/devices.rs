//! The life of a device, call by call: what is made, told, refused and left alone (MFA-002 to MFA-053).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use twokeys_server::endpoint::Outgoing;
use twokeys_server::state::{Change, Device, ROOT, User};

use crate::calls::furnished;
use crate::world::{ACCOUNT, Key, NOW, SEED, World, code, element, outcome, serial, user};

/// Alice and Bob may do everything; target has a phone, and a spare is nobody's.
fn world() -> World {
    let all = json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]);
    World::of(&furnished(vec![user("alice", &all), user("bob", &all)]))
}

fn call(world: &World, key: &Key, action: &str, pairs: &[(&str, &str)]) -> Outgoing {
    world.iam(key, &[&[("Action", action)], pairs].concat())
}

fn as_root(world: &World, action: &str, pairs: &[(&str, &str)]) -> Outgoing {
    call(world, &Key::root(), action, pairs)
}

/// Status, code and message of a refusal; an apostrophe is written `&apos;` in XML.
fn refusal(answer: &Outgoing) -> (u16, &str, &str) {
    (answer.status, outcome(answer), element(&answer.body, "Message").unwrap_or_default())
}

/// Enables the spare, or another device, with the codes of two steps.
fn enable(world: &World, user: &str, device: &str, steps: [i64; 2]) -> Outgoing {
    let now = world.now.get();
    let (serial, first, second) = (serial(device), code(now, steps[0]), code(now, steps[1]));
    let pairs = [
        ("UserName", user),
        ("SerialNumber", &serial),
        ("AuthenticationCode1", &first),
        ("AuthenticationCode2", &second),
    ];
    as_root(world, "EnableMFADevice", &pairs)
}

fn token(world: &World, user: &str, device: &str, step: i64) -> Outgoing {
    let (serial, number) = (serial(device), code(world.now.get(), step));
    let pairs = [("Action", "GetSessionToken"), ("SerialNumber", &serial), ("TokenCode", &number)];
    world.sts(&Key::of(user), &pairs)
}

fn create(world: &World, name: &str) -> Outgoing {
    as_root(world, "CreateVirtualMFADevice", &[("VirtualMFADeviceName", name)])
}

/// The seed that an answer to `CreateVirtualMFADevice` shows.
fn shown_seed(answer: &Outgoing) -> String {
    let blob = element(&answer.body, "Base32StringSeed").unwrap_or_else(|| panic!("{}", answer.body));
    String::from_utf8(STANDARD.decode(blob).unwrap()).unwrap()
}

#[test]
fn mfa_002_the_codes_of_tutorials_enable_nothing() {
    let world = world();
    let spare = serial("spare");
    for (first, second) in [("123456", "789012"), ("123456", "654321"), ("000000", "000000")] {
        let pairs = [
            ("UserName", "bob"),
            ("SerialNumber", spare.as_str()),
            ("AuthenticationCode1", first),
            ("AuthenticationCode2", second),
        ];
        let answer = as_root(&world, "EnableMFADevice", &pairs);
        let said = "Authentication code for device is not valid.";
        assert_eq!(refusal(&answer), (403, "InvalidAuthenticationCode", said));
    }
    assert_eq!(world.endpoint.state().device(&spare).unwrap().owner(), None);
}

#[test]
fn mfa_005_an_account_has_as_many_virtual_devices_as_users() {
    let world = world();
    let spare = (**world.endpoint.state().device(&serial("spare")).unwrap()).clone();
    let more =
        (2..5_000).map(|at| Device { serial: serial(&format!("device-{at}")), ..spare.clone() }.into());
    let more: Vec<Change> = more.collect();
    world.endpoint.begin().unwrap().commit(&more).unwrap();
    let answer = create(&world, "one-more");
    assert_eq!((answer.status, outcome(&answer)), (409, "LimitExceeded"), "{}", answer.body);
    assert_eq!(
        outcome(&as_root(&world, "DeleteVirtualMFADevice", &[("SerialNumber", &serial("device-2"))])),
        "ok"
    );
    assert_eq!(outcome(&create(&world, "one-more")), "ok");
}

#[test]
fn mfa_007_no_call_gives_root_a_device() {
    let world = world();
    let before = world.records();
    let answer = enable(&world, ROOT, "spare", [-1, 0]);
    assert_eq!(refusal(&answer), (404, "NoSuchEntity", "The user with name root cannot be found."));
    let (spare, first, second) = (serial("spare"), code(NOW, -1), code(NOW, 0));
    let pairs =
        [("SerialNumber", spare.as_str()), ("AuthenticationCode1", &first), ("AuthenticationCode2", &second)];
    for action in ["EnableMFADevice", "ResyncMFADevice"] {
        assert_eq!(outcome(&as_root(&world, action, &pairs)), "ValidationError", "{action}");
    }
    assert_eq!(world.records(), before);
}

#[test]
fn mfa_009_mfa_026_every_device_has_a_seed_of_its_own_and_a_new_one_of_that_name_another() {
    let world = world();
    let seeds = ["pen", "pencil"].map(|name| shown_seed(&create(&world, name)));
    assert_ne!(seeds[0], seeds[1]);
    assert_eq!(
        outcome(&as_root(&world, "DeleteVirtualMFADevice", &[("SerialNumber", &serial("pen"))])),
        "ok"
    );
    assert!(!seeds.contains(&shown_seed(&create(&world, "pen"))));
    // A user of the same name can be used at once.
    for action in ["DeleteUser", "CreateUser"] {
        assert_eq!(outcome(&as_root(&world, action, &[("UserName", "idle")])), "ok", "{action}");
    }
    assert_eq!(outcome(&enable(&world, "idle", "spare", [-1, 0])), "ok");
}

#[test]
fn mfa_011_path_and_name_are_one_devices_in_whatever_case() {
    let world = world();
    let exists = "MFADevice entity at the same path and name already exists.";
    assert_eq!(refusal(&create(&world, "PHONE")), (409, "EntityAlreadyExists", exists));
    let at = |path: &str| {
        as_root(&world, "CreateVirtualMFADevice", &[("VirtualMFADeviceName", "phone"), ("Path", path)])
    };
    assert_eq!(outcome(&at("/office/")), "ok", "another path is another device");
    assert_eq!(refusal(&at("/Office/")), (409, "EntityAlreadyExists", exists));
}

#[test]
fn mfa_012_mfa_014_mfa_015_a_new_device_comes_with_both_secrets_and_nobody() {
    let world = world();
    let tagged =
        [("VirtualMFADeviceName", "pen"), ("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "blue")];
    let answer = as_root(&world, "CreateVirtualMFADevice", &tagged);
    let device = element(&answer.body, "VirtualMFADevice").unwrap();
    assert_eq!(element(device, "SerialNumber"), Some(serial("pen").as_str()));
    assert_eq!(element(device, "Tags").and_then(|tags| element(tags, "Value")), Some("blue"));
    assert!(!device.contains("<User>") && !device.contains("<EnableDate>"), "{device}");
    // Base64 of Base32 text, not of the bytes of the seed.
    let seed = shown_seed(&answer);
    assert!(seed.len() == 64 && seed.bytes().all(|b| matches!(b, b'A'..=b'Z' | b'2'..=b'7')));
    let picture = STANDARD.decode(element(device, "QRCodePNG").unwrap()).unwrap();
    assert!(picture.starts_with(b"\x89PNG\r\n\x1a\n"));
    assert!(!create(&world, "pencil").body.contains("<Tags"));
}

#[test]
fn mfa_019_a_seed_is_kept_sealed_and_opens_for_its_own_device_alone() {
    let world = world();
    let seed = shown_seed(&create(&world, "pen"));
    let records = world.records().join("\n");
    for text in [SEED, &seed] {
        for form in [text.to_owned(), STANDARD.encode(text)] {
            assert!(!records.contains(&form));
        }
    }
    let device = |name| (**world.endpoint.state().device(&serial(name)).unwrap()).clone();
    let moved = Device { seed: device("phone").seed, ..device("spare") };
    world.endpoint.begin().unwrap().commit(&[moved.into()]).unwrap();
    let answer = enable(&world, "bob", "spare", [-1, 0]);
    assert_eq!((answer.status, outcome(&answer)), (500, "ServiceFailure"), "{}", answer.body);
}

#[test]
fn mfa_025_codes_that_came_late_enable_and_the_device_needs_a_resync() {
    let world = world();
    assert_eq!(outcome(&enable(&world, "bob", "spare", [-16, -15])), "ok");
    let drift = world.endpoint.state().device(&serial("spare")).unwrap().life.guard.drift;
    assert_eq!(drift, -15, "as of the submission");
    assert_eq!(outcome(&token(&world, "bob", "spare", 0)), "AccessDenied");
    let (spare, first, second) = (serial("spare"), code(NOW, -2), code(NOW, -1));
    let pairs = [
        ("UserName", "bob"),
        ("SerialNumber", &spare),
        ("AuthenticationCode1", &first),
        ("AuthenticationCode2", &second),
    ];
    assert_eq!(outcome(&as_root(&world, "ResyncMFADevice", &pairs)), "ok");
    assert_eq!(outcome(&token(&world, "bob", "spare", 0)), "ok");
}

#[test]
fn mfa_028_one_code_alone_is_refused_by_its_name() {
    let world = world();
    let (spare, first) = (serial("spare"), code(NOW, -1));
    let pairs = [("UserName", "bob"), ("SerialNumber", &spare), ("AuthenticationCode1", &first)];
    let answer = as_root(&world, "EnableMFADevice", &pairs);
    let said = "1 validation error detected: Value at &apos;authenticationCode2&apos; failed to satisfy constraint: \
                Member must not be null";
    assert_eq!(refusal(&answer), (400, "ValidationError", said));
}

#[test]
fn mfa_030_without_a_name_the_devices_are_the_callers_and_none_is_an_empty_list() {
    let world = world();
    assert_eq!(outcome(&enable(&world, "alice", "spare", [-1, 0])), "ok");
    let answer = call(&world, &Key::of("alice"), "ListMFADevices", &[]);
    let member = element(&answer.body, "member").unwrap();
    assert_eq!(element(member, "UserName"), Some("alice"));
    assert_eq!(element(member, "SerialNumber"), Some(serial("spare").as_str()));
    assert!(element(member, "EnableDate").is_some());
    assert_eq!(answer.body.matches("<member>").count(), 1, "{}", answer.body);
    for nobody in [Key::of("bob"), Key::root()] {
        let answer = call(&world, &nobody, "ListMFADevices", &[]);
        assert!(answer.body.contains("<MFADevices/>"), "{}", answer.body);
    }
}

#[test]
fn mfa_031_virtual_devices_are_listed_with_whoever_has_them() {
    let world = world();
    let used =
        User { password_last_used: Some(NOW), ..(**world.endpoint.state().user("target").unwrap()).clone() };
    world.endpoint.begin().unwrap().commit(&[used.into()]).unwrap();
    for name in ["Zoo", "ant"] {
        assert_eq!(outcome(&create(&world, name)), "ok");
    }
    let list = |status: Option<&str>| {
        let pairs: Vec<_> = status.map(|status| ("AssignmentStatus", status)).into_iter().collect();
        as_root(&world, "ListVirtualMFADevices", &pairs).body
    };
    let serials = |body: &str| -> Vec<String> {
        body.split("<member>")
            .skip(1)
            .map(|member| element(member, "SerialNumber").unwrap().to_owned())
            .collect()
    };
    let all = ["ant", "phone", "spare", "Zoo"].map(serial);
    assert_eq!(serials(&list(None)), all);
    assert_eq!(serials(&list(Some("Any"))), all);
    assert_eq!(serials(&list(Some("Unassigned"))), ["ant", "spare", "Zoo"].map(serial));
    assert!(!list(None).contains("Seed") && !list(None).contains("QRCode"));
    let assigned = list(Some("Assigned"));
    assert_eq!(serials(&assigned), [serial("phone")]);
    assert!(element(&assigned, "EnableDate").is_some());
    let user = element(&assigned, "User").unwrap();
    for name in ["Path", "UserName", "UserId", "Arn", "CreateDate", "PasswordLastUsed"] {
        assert!(element(user, name).is_some(), "{name} in {user}");
    }
    let unassigned = list(Some("Unassigned"));
    assert!(!unassigned.contains("<User>") && !unassigned.contains("<EnableDate>"), "{unassigned}");
}

#[test]
fn mfa_031_of_root_the_list_tells_number_arn_and_dates() {
    let world = world();
    let (mut phone, mut account) = {
        let state = world.endpoint.state();
        ((**state.device(&serial("phone")).unwrap()).clone(), state.account().clone())
    };
    phone.life.assignment.as_mut().unwrap().owner = ROOT.to_owned();
    account.root.password_last_used = Some(NOW);
    world.endpoint.begin().unwrap().commit(&[phone.into(), account.into()]).unwrap();
    let body = as_root(&world, "ListVirtualMFADevices", &[("AssignmentStatus", "Assigned")]).body;
    let user = element(&body, "User").unwrap();
    assert_eq!(element(user, "UserId"), Some(ACCOUNT));
    assert_eq!(element(user, "Arn"), Some("arn:aws:iam::123456789012:root"));
    assert!(element(user, "CreateDate").is_some());
    assert_eq!(element(user, "PasswordLastUsed"), Some("2026-01-05T09:00:15Z"));
    assert!(!user.contains("<UserName>") && !user.contains("<Path>"), "{user}");
}

#[test]
fn mfa_032_any_enabled_device_of_the_user_can_be_asked_about_and_no_other() {
    let mut account = furnished(Vec::new());
    account["hardware_mfa"] = json!([{ "serial": "GAHT12345678", "seed": SEED, "user": "target" }]);
    let world = World::of(&account);
    let get = |user: &str, serial: &str| {
        as_root(&world, "GetMFADevice", &[("UserName", user), ("SerialNumber", serial)])
    };
    for serial in [serial("phone").as_str(), "GAHT12345678"] {
        let answer = get("target", serial);
        assert_eq!(element(&answer.body, "SerialNumber"), Some(serial), "{}", answer.body);
        assert!(element(&answer.body, "EnableDate").is_some());
        assert_eq!(outcome(&get("idle", serial)), "NoSuchEntity");
    }
    assert_eq!(outcome(&get("target", &serial("spare"))), "NoSuchEntity");
}

#[test]
fn mfa_034_without_a_name_the_device_is_the_callers_and_no_code_is_asked() {
    let world = world();
    let spare = serial("spare");
    assert_eq!(outcome(&enable(&world, "alice", "spare", [-1, 0])), "ok");
    let deactivate = |user| {
        outcome(&call(&world, &Key::of(user), "DeactivateMFADevice", &[("SerialNumber", &spare)])).to_owned()
    };
    assert_eq!(deactivate("bob"), "NoSuchEntity");
    assert_eq!(deactivate("alice"), "ok");
    assert_eq!(world.endpoint.state().device(&spare).unwrap().owner(), None);
}

#[test]
fn mfa_037_mfa_038_what_is_not_there_and_who_cannot_go_are_named() {
    let world = world();
    let nothing = serial("nothing");
    let unknown = format!("VirtualMFADevice with serial number {nothing} doesn&apos;t exist.");
    for action in ["DeleteVirtualMFADevice", "DeactivateMFADevice", "TagMFADevice"] {
        let mut pairs = vec![("SerialNumber", nothing.as_str())];
        if action == "TagMFADevice" {
            pairs.extend([("Tags.member.1.Key", "a"), ("Tags.member.1.Value", "b")]);
        }
        assert_eq!(
            refusal(&as_root(&world, action, &pairs)),
            (404, "NoSuchEntity", unknown.as_str()),
            "{action}"
        );
    }
    let key = Key::of("target").id;
    assert_eq!(
        outcome(&as_root(&world, "DeleteAccessKey", &[("UserName", "target"), ("AccessKeyId", &key)])),
        "ok"
    );
    let answer = as_root(&world, "DeleteUser", &[("UserName", "target")]);
    let said = "Cannot delete entity, must delete MFA device first.";
    assert_eq!(refusal(&answer), (409, "DeleteConflict", said));
}

#[test]
fn mfa_039_fifty_tags_without_regard_to_case_and_all_or_nothing() {
    let world = world();
    let phone = serial("phone");
    let tag = |keys: &[String]| {
        let names: Vec<[String; 2]> = (1..=keys.len())
            .map(|at| [format!("Tags.member.{at}.Key"), format!("Tags.member.{at}.Value")])
            .collect();
        let mut pairs = vec![("SerialNumber", phone.as_str())];
        for ([key, value], text) in names.iter().zip(keys) {
            pairs.extend([(key.as_str(), text.as_str()), (value.as_str(), text.as_str())]);
        }
        outcome(&as_root(&world, "TagMFADevice", &pairs)).to_owned()
    };
    let keys = |range: std::ops::Range<u32>| range.map(|at| format!("key-{at}")).collect::<Vec<_>>();
    assert_eq!(tag(&keys(0..49)), "ok");
    let before = world.records();
    assert_eq!(tag(&keys(49..51)), "LimitExceeded");
    assert_eq!(tag(&["new".to_owned(), "NEW".to_owned()]), "InvalidInput");
    assert_eq!(tag(&["new".to_owned(), "aws:x".to_owned()]), "InvalidInput");
    assert_eq!(world.records(), before);
    assert_eq!(tag(&["KEY-7".to_owned(), "fiftieth".to_owned()]), "ok", "one of them is known");
    let untag = [("SerialNumber", phone.as_str()), ("TagKeys.member.1", "Key-8")];
    assert_eq!(outcome(&as_root(&world, "UntagMFADevice", &untag)), "ok");
    let listed = as_root(&world, "ListMFADeviceTags", &[("SerialNumber", &phone)]).body;
    assert_eq!(listed.matches("<Key>").count(), 49, "{listed}");
    assert!(
        listed.contains("<Value>KEY-7</Value>") && !listed.contains("key-7<") && !listed.contains("key-8<")
    );
}

#[test]
fn mfa_040_sessions_keep_what_a_code_gave_them_when_the_device_goes() {
    let policy = json!([{ "Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": { "Bool": { "aws:MultiFactorAuthPresent": "true" } } }]);
    let world = World::of(&furnished(vec![user("carol", &policy)]));
    assert_eq!(outcome(&enable(&world, "carol", "spare", [-1, 0])), "ok");
    let session = Key::given(&token(&world, "carol", "spare", 1).body);
    let listed = |world: &World| outcome(&call(world, &session, "ListUsers", &[])).to_owned();
    assert_eq!(outcome(&call(&world, &Key::of("carol"), "ListUsers", &[])), "AccessDenied");
    let spare = serial("spare");
    for (action, pairs) in [
        ("DeactivateMFADevice", &[("UserName", "carol"), ("SerialNumber", spare.as_str())][..]),
        ("DeleteVirtualMFADevice", &[("SerialNumber", &spare)]),
    ] {
        assert_eq!(outcome(&as_root(&world, action, pairs)), "ok");
        assert_eq!(listed(&world), "ok", "after {action}");
    }
    world.now.set(NOW + 43_200);
    assert_eq!(listed(&world), "ExpiredToken");
}

#[test]
fn mfa_051_whoever_must_wait_reads_what_a_wrong_code_reads_and_the_audit_trail_the_truth() {
    let same = |what: &str, wrong: &Outgoing, waiting: &Outgoing| {
        assert_eq!(refusal(waiting), refusal(wrong), "{what}");
        assert_eq!(wrong.event.why.as_deref(), Some("code wrong"), "{what}");
        let why = waiting.event.why.as_deref();
        assert_eq!(why, Some("code not looked at: 1 s to wait after failures"), "{what}");
    };
    let world = world();
    let wrong: Vec<Outgoing> = (0..5).map(|_| token(&world, "target", "phone", 5)).collect();
    // The last codes of each are right, and nobody looks at them.
    same("GetSessionToken", &wrong[4], &token(&world, "target", "phone", 0));

    let wrong: Vec<Outgoing> = (0..5).map(|_| enable(&world, "bob", "spare", [0, -1])).collect();
    same("EnableMFADevice", &wrong[4], &enable(&world, "bob", "spare", [-1, 0]));

    let world = self::world();
    assert_eq!(outcome(&enable(&world, "alice", "spare", [-3, -2])), "ok");
    let (spare, earlier, now) = (serial("spare"), code(NOW, -1), code(NOW, 0));
    let resync = |first, second| {
        let pairs = [
            ("UserName", "alice"),
            ("SerialNumber", spare.as_str()),
            ("AuthenticationCode1", first),
            ("AuthenticationCode2", second),
        ];
        call(&world, &Key::of("alice"), "ResyncMFADevice", &pairs)
    };
    let wrong: Vec<Outgoing> = (0..5).map(|_| resync(&now, &earlier)).collect();
    same("ResyncMFADevice", &wrong[4], &resync(&earlier, &now));
}
