//! What comes over the socket and is no honest request: refused, in bounded time, and nobody else waits (group H).

use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::process::{Answer, Folder, Server, form, read, request, root, signed};

const WHO: [(&str, &str); 1] = [("Action", "GetCallerIdentity")];

fn status(answer: Option<Answer>) -> u16 {
    // Closed without a word is an answer too.
    answer.map_or(0, |answer| answer.status)
}

#[test]
fn h001_h006_what_is_too_long_is_refused_by_its_size() {
    let folder = Folder::new("long");
    let server = Server::start(&folder.0);
    let long = "x".repeat(1024 * 1024 + 1);
    let body = form("sts", &[("Action", "GetCallerIdentity"), ("Padding", &long)]);
    let head = signed(&server.address, &root(), "sts", &body);
    let whole = format!("POST / HTTP/1.1\r\n{head}content-length: {}\r\n\r\n{body}", body.len());
    let answer = server.send(whole.as_bytes()).unwrap();
    assert_eq!(answer.status, 413, "{}", answer.head);
    assert!(answer.body.contains("<Code>RequestEntityTooLarge</Code>"), "API-008: {}", answer.body);

    let host = format!("GET / HTTP/1.1\r\nhost: {}\r\n", server.address);
    let wide = format!("{host}x-wide: {}\r\n\r\n", "x".repeat(64 * 1024));
    assert_eq!(status(server.send(wide.as_bytes())), 431);
    let many: String = (0..1_000).map(|at| format!("x-{at}: 1\r\n")).collect();
    assert_eq!(status(server.send(format!("{host}{many}\r\n").as_bytes())), 431);
    assert_eq!(status(server.send(request(&server.address, &root(), "sts", &WHO).as_bytes())), 200);
}

#[test]
fn h002_h021_whatever_two_readers_could_read_in_two_ways_is_refused() {
    let folder = Folder::new("two-ways");
    let server = Server::start(&folder.0);
    let body = form("sts", &WHO);
    let head = signed(&server.address, &root(), "sts", &body);
    let length = body.len();
    for (what, bytes) in [
        (
            "two lengths",
            format!("POST / HTTP/1.1\r\n{head}content-length: {length}\r\ncontent-length: 3\r\n\r\n{body}"),
        ),
        (
            "a length that is none",
            format!("POST / HTTP/1.1\r\n{head}content-length: +{length}\r\n\r\n{body}"),
        ),
        (
            "an encoding nobody knows",
            format!("POST / HTTP/1.1\r\n{head}transfer-encoding: zip\r\n\r\n{body}"),
        ),
        ("HTTP/0.9", "GET /\r\n".to_owned()),
        ("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned()),
        ("TRACE", format!("TRACE / HTTP/1.1\r\n{head}content-length: 0\r\n\r\n")),
        ("CONNECT", format!("CONNECT {0} HTTP/1.1\r\nhost: {0}\r\n\r\n", server.address)),
        (
            "a blank before the colon",
            format!("POST / HTTP/1.1\r\nx-a : b\r\n{head}content-length: {length}\r\n\r\n{body}"),
        ),
    ] {
        let got = status(server.send(bytes.as_bytes()));
        assert!(got == 0 || (400..506).contains(&got), "{what}: {got}");
    }
    // Both at once, in either order, and the length on the request before: each is closed, and what follows is no request.
    let chunks = format!("\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n");
    let (coded, long) = ("transfer-encoding: chunked", "content-length: 3");
    let smuggled = request(&server.address, &root(), "sts", &WHO);
    for lines in
        [format!("{coded}\r\n{long}"), format!("{long}\r\n{coded}"), format!("{coded}\r\nCONTENT-LENGTH: 3")]
    {
        let mut stream = server.connect();
        stream.write_all(format!("POST / HTTP/1.1\r\n{head}{lines}{chunks}{smuggled}").as_bytes()).unwrap();
        assert_eq!(status(read(&mut stream)), 400, "{lines}");
        assert_eq!(status(read(&mut stream)), 0, "{lines}: closed");
    }
    let mut stream = server.connect();
    stream.write_all(request(&server.address, &root(), "sts", &WHO).as_bytes()).unwrap();
    assert_eq!(status(read(&mut stream)), 200);
    stream.write_all(format!("POST / HTTP/1.1\r\n{head}{coded}{chunks}").as_bytes()).unwrap();
    assert_eq!(status(read(&mut stream)), 400);
}

#[test]
fn h010_a_foreign_name_for_this_host_is_not_served() {
    let folder = Folder::new("host");
    let server = Server::start(&folder.0);
    for host in ["attacker.example", "127.0.0.1.attacker.example", "localhost.attacker.example:80", ""] {
        let body = form("sts", &WHO);
        let head = signed(host, &root(), "sts", &body);
        let bytes = format!("POST / HTTP/1.1\r\n{head}content-length: {}\r\n\r\n{body}", body.len());
        assert_eq!(status(server.send(bytes.as_bytes())), 421, "{host}");
    }
    for host in ["localhost", "LOCALHOST:4599", "[::1]:4599", "127.0.0.2"] {
        let body = form("sts", &WHO);
        let head = signed(host, &root(), "sts", &body);
        let bytes = format!("POST / HTTP/1.1\r\n{head}content-length: {}\r\n\r\n{body}", body.len());
        assert_eq!(status(server.send(bytes.as_bytes())), 200, "{host}");
    }
}

#[test]
fn h015_where_a_request_comes_from_no_header_says() {
    let folder = Folder::new("forwarded");
    let server = Server::start(&folder.0);
    let address = &server.address;
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*",
        "Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.9"}}}}"#;
    let ask =
        |pairs: &[(&str, &str)]| server.send(request(address, &root(), "iam", pairs).as_bytes()).unwrap();
    ask(&[("Action", "CreateUser"), ("UserName", "afar")]);
    ask(&[
        ("Action", "PutUserPolicy"),
        ("UserName", "afar"),
        ("PolicyName", "p"),
        ("PolicyDocument", policy),
    ]);
    let made = ask(&[("Action", "CreateAccessKey"), ("UserName", "afar")]).body;
    let member = |name| crate::process::element(&made, name).unwrap().to_owned();
    let key = crate::process::Key { id: member("AccessKeyId"), secret: member("SecretAccessKey") };
    let body = form("iam", &[("Action", "ListUsers")]);
    let head = signed(address, &key, "iam", &body);
    for claim in ["x-forwarded-for: 203.0.113.9", "x-real-ip: 203.0.113.9", "forwarded: for=203.0.113.9"] {
        let bytes =
            format!("POST / HTTP/1.1\r\n{head}{claim}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        assert_eq!(status(server.send(bytes.as_bytes())), 403, "{claim}");
    }
}

#[test]
fn h024_nothing_compressed_is_taken() {
    let folder = Folder::new("packed");
    let server = Server::start(&folder.0);
    let body = form("sts", &WHO);
    let head = signed(&server.address, &root(), "sts", &body);
    for (encoding, wanted) in [("gzip", 415), ("deflate, gzip", 415), ("br", 415), ("identity", 200)] {
        let more = format!(
            "content-encoding: {encoding}\r\naccept-encoding: gzip\r\ncontent-length: {}",
            body.len()
        );
        let answer =
            server.send(format!("POST / HTTP/1.1\r\n{head}{more}\r\n\r\n{body}").as_bytes()).unwrap();
        assert_eq!(answer.status, wanted, "{encoding}");
        assert!(!answer.head.to_ascii_lowercase().contains("content-encoding"), "{}", answer.head);
    }
    let json = format!(
        "POST /sign-in HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n\
         content-length: 2\r\n\r\n{{}}",
        server.address
    );
    assert_eq!(status(server.send(json.as_bytes())), 415);
}

#[test]
fn api_012_chunks_a_pause_before_the_body_and_a_second_request_work() {
    let folder = Folder::new("chunks");
    let server = Server::start(&folder.0);
    let body = form("sts", &WHO);
    let head = signed(&server.address, &root(), "sts", &body);
    let (first, second) = body.split_at(9);
    let chunked = format!(
        "POST / HTTP/1.1\r\n{head}transfer-encoding: chunked\r\n\r\n{:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n",
        first.len(),
        second.len()
    );
    let mut stream = server.connect();
    for _ in 0..2 {
        stream.write_all(chunked.as_bytes()).unwrap();
        assert_eq!(read(&mut stream).unwrap().status, 200);
    }
    let expects =
        format!("POST / HTTP/1.1\r\n{head}expect: 100-continue\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(expects.as_bytes()).unwrap();
    assert_eq!(read(&mut stream).unwrap().status, 100);
    stream.write_all(body.as_bytes()).unwrap();
    assert_eq!(read(&mut stream).unwrap().status, 200);
}

#[test]
fn h003_h004_h005_slow_and_idle_clients_are_cut_off_and_hold_up_nobody() {
    let folder = Folder::new("slow");
    let server = Server::start(&folder.0);
    let body = form("sts", &WHO);
    let head = signed(&server.address, &root(), "sts", &body);
    let begun = Instant::now();
    let mut slow: Vec<_> = (0..400)
        .map(|_| {
            let mut stream = server.connect();
            stream.write_all(b"POST / HTTP/1.1\r\nhost: 127").unwrap();
            stream
        })
        .collect();
    let mut half = server.connect();
    half.write_all(format!("POST / HTTP/1.1\r\n{head}content-length: {}\r\n\r\nAct", body.len()).as_bytes())
        .unwrap();
    for _ in 0..20 {
        let asked = Instant::now();
        assert_eq!(status(server.send(request(&server.address, &root(), "sts", &WHO).as_bytes())), 200);
        assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    }
    // The header has five seconds, the body ten.
    for stream in &mut slow {
        let answer = status(read(stream));
        assert!([0, 408].contains(&answer), "{answer}");
    }
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    assert!([0, 408].contains(&status(read(&mut half))));
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(status(server.send(request(&server.address, &root(), "sts", &WHO).as_bytes())), 200);
}

#[test]
fn h005_idle_connections_are_capped_and_leave_descriptors_for_the_store() {
    let most: usize = std::env::var("TWOKEYS_CONNECTIONS").map_or(2_000, |most| most.parse().unwrap());
    let folder = Folder::new("idle");
    let server = Server::start(&folder.0);
    let address = server.address.parse().unwrap();
    // Those beyond what the system queues are not even taken.
    let open: Vec<_> = (0..most)
        .filter_map(|_| std::net::TcpStream::connect_timeout(&address, Duration::from_millis(2)).ok())
        .collect();
    assert!(open.len() >= 512, "{}", open.len());
    let descriptors = server.descriptors();
    assert!((512..600).contains(&descriptors), "{descriptors}");
    // Idle ones are cut off after five seconds, 512 at a time; then whoever means it is served.
    let pairs = [("Action", "CreateUser"), ("UserName", "alice")];
    let begun = Instant::now();
    let answer = loop {
        assert!(begun.elapsed() < Duration::from_mins(1), "nobody is served");
        let Ok(mut stream) = std::net::TcpStream::connect_timeout(&address, Duration::from_secs(5)) else {
            continue;
        };
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        if let Some(answer) = crate::process::call(&mut stream, &server.address, &root(), "iam", &pairs) {
            break answer;
        }
    };
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[test]
fn h011_h014_no_other_page_and_no_other_spelling_of_a_path_signs_anyone_in() {
    let folder = Folder::new("doors");
    let server = Server::start(&folder.0);
    let user = [("Action", "CreateUser"), ("UserName", "alice")];
    let login = [("Action", "CreateLoginProfile"), ("UserName", "alice"), ("Password", "Correct-horse-7")];
    for pairs in [&user[..], &login] {
        let made = server.send(request(&server.address, &root(), "iam", pairs).as_bytes()).unwrap();
        assert_eq!(made.status, 200, "{}", made.body);
    }
    let body = r#"{"account":"123456789012","user":"alice","password":"Correct-horse-7"}"#;
    let sign_in = |path: &str, more: &str| {
        let head = format!("host: {}\r\ncontent-type: application/json\r\n{more}", server.address);
        let whole = format!("POST {path} HTTP/1.1\r\n{head}content-length: {}\r\n\r\n{body}", body.len());
        server.send(whole.as_bytes())
    };
    assert_eq!(status(sign_in("/sign-in", "")), 200);
    for origin in ["http://attacker.example", "null", "https://127.0.0.1", "http://localhost:1"] {
        assert_eq!(status(sign_in("/sign-in", &format!("origin: {origin}\r\n"))), 403, "{origin}");
    }
    for path in [
        "//sign-in",
        "/sign-in/",
        "/./sign-in",
        "/x/../sign-in",
        "/%73ign-in",
        "/sign-in%00",
        "/SIGN-IN",
        "/sign-in;a",
    ] {
        let answer = sign_in(path, "");
        assert!(
            answer.as_ref().is_none_or(|answer| !answer.body.contains("AccessKeyId")),
            "{path}: {answer:?}"
        );
        assert!([0, 400, 403, 404, 415].contains(&status(answer)), "{path}");
    }
}

#[test]
fn h023_what_a_caller_wrote_comes_back_as_text() {
    let folder = Folder::new("text");
    let server = Server::start(&folder.0);
    let script = "<script>alert(1)</script>";
    for pairs in [vec![("Action", script)], vec![("Action", "GetUser"), ("UserName", script)]] {
        let answer = server.send(request(&server.address, &root(), "iam", &pairs).as_bytes()).unwrap();
        assert_eq!(answer.status, 400, "{}", answer.body);
        assert!(!answer.body.contains("<script"), "{}", answer.body);
        let head = answer.head.to_ascii_lowercase();
        assert!(head.contains("content-type: text/xml") && head.contains("nosniff"), "{head}");
    }
}
