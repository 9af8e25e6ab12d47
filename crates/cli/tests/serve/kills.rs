//! Killed at any moment: what was acknowledged is there, and no code is good twice (RL-068).
//!
//! `TWOKEYS_KILLS` says how often; 50 if it is not set.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use twokeys::mfa::{STEP, Seed};

use crate::process::{Folder, Key, Server, call, element, now, root};

/// What clients were told, over all lives of the server.
#[derive(Default)]
struct Told {
    /// Writer → the last number that was acknowledged, and the last that was sent.
    numbers: BTreeMap<String, (u64, u64)>,
    /// Users whose creation was acknowledged.
    users: Vec<String>,
    /// Codes that bought a session: key of the user, serial, code.
    spent: Vec<(Key, String, String)>,
}

#[test]
#[expect(clippy::print_stderr, reason = "the figure of this rule")]
fn rl_068_killed_under_load_it_forgets_no_write_and_no_code() {
    let kills: u64 = std::env::var("TWOKEYS_KILLS").map_or(50, |kills| kills.parse().unwrap());
    let folder = Folder::new("kills");
    let told = Mutex::new(Told::default());
    let mut seen = (0, 0);
    for round in 0..kills {
        let mut server = Server::start(&folder.0);
        check(&server, &mut told.lock().unwrap(), &mut seen);
        let address = server.address.clone();
        std::thread::scope(|scope| {
            for writer in ["one", "two"] {
                scope.spawn(|| count(&address, writer, &told));
            }
            scope.spawn(|| enrol(&address, round, &told));
            // Not random: each round stops a little later than the one before.
            std::thread::sleep(Duration::from_millis(20 + round * 37 % 230));
            server.kill();
        });
    }
    let server = Server::start(&folder.0);
    check(&server, &mut told.lock().unwrap(), &mut seen);
    let told = told.into_inner().unwrap();
    let writes: u64 = told.numbers.values().map(|(acknowledged, _)| acknowledged).sum();
    eprintln!(
        "{kills} kills, {writes} acknowledged numbers, {} users, {} codes tried again",
        told.users.len(),
        seen.1
    );
    assert!(writes > kills, "{writes} writes are no load");
    assert!(seen.1 > 0, "no code was spent before a kill");
}

/// Writes one number after the other into a tag, and remembers what was acknowledged.
fn count(address: &str, writer: &str, told: &Mutex<Told>) {
    let Ok(mut stream) = std::net::TcpStream::connect(address) else { return };
    let role = format!("writer-{writer}");
    let trust = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",
        "Principal":{"AWS":"arn:aws:iam::123456789012:root"}}}"#;
    let made = [("Action", "CreateRole"), ("RoleName", role.as_str()), ("AssumeRolePolicyDocument", trust)];
    if call(&mut stream, address, &root(), "iam", &made).is_none() {
        return;
    }
    loop {
        let number = {
            let mut told = told.lock().unwrap();
            let (_, sent) = told.numbers.entry(role.clone()).or_default();
            *sent += 1;
            *sent
        };
        let text = number.to_string();
        let tag = [
            ("Action", "TagRole"),
            ("RoleName", &role),
            ("Tags.member.1.Key", "number"),
            ("Tags.member.1.Value", &text),
        ];
        let Some(answer) = call(&mut stream, address, &root(), "iam", &tag) else { return };
        assert_eq!(answer.status, 200, "{}", answer.body);
        told.lock().unwrap().numbers.get_mut(&role).unwrap().0 = number;
    }
}

/// A user, a device, and codes that buy sessions, until the server is gone.
fn enrol(address: &str, round: u64, told: &Mutex<Told>) -> Option<()> {
    let mut stream = std::net::TcpStream::connect(address).ok()?;
    let name = format!("user-{round}");
    let mut ask = |key: &Key, service: &str, pairs: &[(&str, &str)]| {
        let answer = call(&mut stream, address, key, service, pairs)?;
        assert_eq!(answer.status, 200, "{}", answer.body);
        Some(answer.body)
    };
    ask(&root(), "iam", &[("Action", "CreateUser"), ("UserName", &name)])?;
    told.lock().unwrap().users.push(name.clone());
    let made = ask(&root(), "iam", &[("Action", "CreateAccessKey"), ("UserName", &name)])?;
    let key = Key {
        id: element(&made, "AccessKeyId")?.to_owned(),
        secret: element(&made, "SecretAccessKey")?.to_owned(),
    };
    let made = ask(&root(), "iam", &[("Action", "CreateVirtualMFADevice"), ("VirtualMFADeviceName", &name)])?;
    let serial = element(&made, "SerialNumber")?.to_owned();
    let seed = {
        use base64::Engine as _;
        let bytes =
            base64::engine::general_purpose::STANDARD.decode(element(&made, "Base32StringSeed")?).unwrap();
        Seed::from_base32(std::str::from_utf8(&bytes).unwrap()).unwrap()
    };
    // Codes of some minutes ago: the device is taken for a slow one, and several are good at once.
    let first = now() / STEP - 12;
    let code = |step: u64| seed.code(step).unwrap().as_str().to_owned();
    let (one, two) = (code(first), code(first + 1));
    let pair = [
        ("Action", "EnableMFADevice"),
        ("UserName", &name),
        ("SerialNumber", &serial),
        ("AuthenticationCode1", &one),
        ("AuthenticationCode2", &two),
    ];
    ask(&root(), "iam", &pair)?;
    told.lock().unwrap().spent.push((key.clone(), serial.clone(), two));
    for step in first + 2..first + 12 {
        let number = code(step);
        ask(
            &key,
            "sts",
            &[("Action", "GetSessionToken"), ("SerialNumber", &serial), ("TokenCode", &number)],
        )?;
        told.lock().unwrap().spent.push((key.clone(), serial.clone(), number));
    }
    Some(())
}

/// Everything that was told is so.
fn check(server: &Server, told: &mut Told, seen: &mut (usize, usize)) {
    let mut stream = server.connect();
    let mut ask = |key: &Key, service: &str, pairs: &[(&str, &str)]| {
        call(&mut stream, &server.address, key, service, pairs).unwrap()
    };
    for (role, (acknowledged, sent)) in &mut told.numbers {
        let body = ask(&root(), "iam", &[("Action", "ListRoleTags"), ("RoleName", role)]).body;
        let kept: u64 = element(&body, "Value").map_or(0, |value| value.parse().unwrap());
        assert!((*acknowledged..=*sent).contains(&kept), "{role}: {kept}, told {acknowledged}, sent {sent}");
        // What is there now stays.
        *acknowledged = kept;
    }
    for name in told.users.iter().skip(seen.0) {
        let answer = ask(&root(), "iam", &[("Action", "GetUser"), ("UserName", name)]);
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    for (key, serial, code) in told.spent.iter().skip(seen.1) {
        let pairs = [("Action", "GetSessionToken"), ("SerialNumber", serial), ("TokenCode", code)];
        let answer = ask(key, "sts", &pairs);
        assert_eq!(answer.status, 403, "a code was good twice: {}", answer.body);
    }
    *seen = (told.users.len(), told.spent.len());
}
