//! Options of `twokeys serve` that make it do less, or tell more.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::process::{Answer, Folder, Server, call, element, root};

fn ask(server: &Server, pairs: &[(&str, &str)]) -> Answer {
    call(&mut server.connect(), &server.address, &root(), "iam", pairs).unwrap()
}

fn start(folder: &Folder, more: &[&str]) -> Server {
    Server::start_with(Command::new("env"), &folder.0, more)
}

#[test]
fn read_only_lets_everything_be_read_and_nothing_be_changed() {
    let folder = Folder::new("read-only");
    let alice = [("Action", "CreateUser"), ("UserName", "alice")];
    let mut server = Server::start(&folder.0);
    assert_eq!(ask(&server, &alice).status, 200);
    server.end();
    let server = start(&folder, &["--read-only"]);
    let answer = ask(&server, &[("Action", "DeleteUser"), ("UserName", "alice")]);
    assert_eq!(
        (answer.status, element(&answer.body, "Code")),
        (500, Some("ServiceFailure")),
        "{}",
        answer.body
    );
    assert!(answer.body.contains("the endpoint was started to be read only"), "{}", answer.body);
    assert_eq!(ask(&server, &[("Action", "GetUser"), ("UserName", "alice")]).status, 200);
}

#[test]
fn rl_010_max_body_is_settable_downwards() {
    let folder = Folder::new("max-body");
    let server = start(&folder, &["--max-body", "1KiB"]);
    let long = "x".repeat(1024);
    let answer = ask(&server, &[("Action", "ListUsers"), ("Padding", &long)]);
    assert_eq!(answer.status, 413, "{}", answer.body);
    assert_eq!(ask(&server, &[("Action", "ListUsers")]).status, 200);
    let more =
        Command::new(env!("CARGO_BIN_EXE_twokeys")).args(["serve", "--max-body", "2MiB"]).output().unwrap();
    assert_eq!(more.status.code(), Some(2));
}

#[test]
fn api_067_counters_on_an_address_of_their_own_and_nothing_else_there() {
    let folder = Folder::new("metrics");
    // Free a moment ago, and so most likely now.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut server = start(&folder, &["--metrics-listen", &free]);
    server.address = free;
    let get = |path: &str| {
        let host = &server.address;
        server.send(format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n").as_bytes()).unwrap()
    };
    assert_eq!(get("/healthz").body, "ok\n");
    assert!(get("/metrics").body.contains("twokeys_answers_total"));
    for path in ["/", "/sign-in", "/access/v1/evaluation"] {
        assert_eq!(get(path).status, 404, "{path}");
    }
}

#[test]
fn ux_072_a_script_is_told_the_address_once_the_socket_accepts() {
    let folder = Folder::new("ready");
    let told = folder.0.join("told");
    let mut shell = Command::new("bash");
    shell.args(["-c", r#"exec 7>"$0"; exec "$@""#]).arg(&told);
    let server = Server::start_with(shell, &folder.0, &["--ready-fd", "7"]);
    let until = Instant::now() + Duration::from_secs(5);
    let wanted = format!("http://{}/\n", server.address);
    while std::fs::read_to_string(&told).unwrap() != wanted {
        assert!(Instant::now() < until, "nothing was told");
        std::thread::sleep(Duration::from_millis(10));
    }
}
