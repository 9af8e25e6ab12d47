//! One comparison of a secret, for a tool that counts instructions: `scripts/constant-time` runs it.
//!
//! `signature AT` and `code AT` offer what is wrong from place `AT` on; `password known` and `password unknown` a wrong
//! password of a user and of nobody.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a tool of the tests may fail loudly"
)]

use std::hint::black_box;

use twokeys::mfa::{Code, Guard, STEP, Seed, Throttle, Window, check};
use twokeys_server::password;
use twokeys_server::sigv4::{Secret, SignedRequest, sign, verify};
use twokeys_server::start::System;

const NOW: u64 = 1_767_603_615;
const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

struct Known;

impl Secret for Known {
    fn secret(&self) -> &[u8] {
        b"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    }
}

/// All that is counted happens in here.
#[inline(never)]
fn counted(work: impl FnOnce() -> bool) -> bool {
    black_box(work())
}

/// The digit after this one.
fn next(digit: u8) -> u8 {
    match digit {
        b'9' => b'0',
        b'f' => b'a',
        digit => digit + 1,
    }
}

fn signature(at: usize) -> bool {
    let headers = [("host", "127.0.0.1"), ("x-amz-date", "20260105T090015Z")];
    let mut request =
        SignedRequest { method: "GET", path: "/", query: "Action=X", headers: &headers, body: b"" };
    let right = sign(&request, "AKIAAAAAAAAAAAAAAAAA", Known.secret(), "us-east-1", "iam");
    let mut wrong = right.into_bytes();
    let place = wrong.len() - 64 + at;
    wrong[place] = if wrong[place] == b'0' { b'1' } else { b'0' };
    let wrong = String::from_utf8(wrong).unwrap();
    let headers = [headers[0], headers[1], ("authorization", wrong.as_str())];
    request.headers = &headers;
    counted(|| verify(&request, NOW, |_| Ok(Known)).is_ok())
}

fn code(at: usize) -> bool {
    let seed = Seed::from_base32(SEED).unwrap();
    let mut digits = seed.code(NOW / STEP).unwrap().as_str().as_bytes().to_vec();
    digits[at] = next(digits[at]);
    let wrong: Code = std::str::from_utf8(&digits).unwrap().parse().unwrap();
    counted(|| {
        let checked = check(&seed, Guard::default(), Throttle::default(), &wrong, NOW, Window::Adjacent);
        checked.user.failures == 0
    })
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let accepted = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["signature", at] => signature(at.parse().unwrap()),
        ["code", at] => code(at.parse().unwrap()),
        ["password", who] => {
            let hash = password::hash("Correct-horse-7", &System).unwrap();
            let hash = (*who == "known").then_some(hash.as_str());
            counted(|| password::verify("Correct-horse-8", hash))
        }
        other => panic!("{other:?}"),
    };
    assert!(!accepted, "what is wrong was taken");
}
