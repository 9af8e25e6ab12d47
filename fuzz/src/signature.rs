//! A property of signatures: a request counts if it is what was signed, and in no other case.
//!
//! What a signature is of is told once more, plainly: the words that are compared, not the text that is hashed
//! (API-020 to API-035).

use twokeys_server::sigv4::{KeyQuery, Secret, SignedRequest, sign, verify};
use twokeys_server::wire::ApiError;

/// 2026-01-05T09:00:00Z
const NOW: u64 = 1_767_603_600;
const DATE: &str = "20260105T090000Z";
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The one key.
struct Known(&'static [u8]);

impl Secret for Known {
    fn secret(&self) -> &[u8] {
        self.0
    }
}

/// A request that can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Draft {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// Whatever it is asked, the endpoint refuses what was not signed with the secret; what was signed, it takes as
/// long as nothing is changed but what a signature is not of.
///
/// Four bytes say how the request is signed and what is changed; the rest is the request, line by line.
pub fn sigv4_headers(data: &[u8]) {
    let Some((&[mode, part, at, byte], rest)) = data.split_first_chunk() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let draft = Draft::read(text);
    if let Err(error) = draft.verified(b"secret") {
        assert!((400..500).contains(&error.status), "{}: {}", error.status, error.message);
    } else {
        panic!("nobody signed this: {draft:?}");
    }
    let presigned = mode & 1 != 0;
    let signed = draft.signed(presigned);
    let right = signed.is_sound(presigned);
    assert_eq!(signed.verified(b"secret").is_ok(), right, "as it was signed: {signed:?}");
    assert!(signed.verified(b"Secret").is_err(), "with another secret: {signed:?}");

    let mut changed = signed.clone();
    changed.change(part, usize::from(at), char::from(byte & 0x7f));
    let covered = signed.covered();
    let same = changed.is_sound(presigned) && changed.means(&covered) == signed.means(&covered);
    assert_eq!(changed.verified(b"secret").is_ok(), same, "signed: {signed:?}\nsent: {changed:?}");
}

impl Draft {
    /// Method, path, query, headers up to an empty line, body.
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = head.split('\n');
        let mut line = || lines.next().unwrap_or_default().to_owned();
        let (method, path, query) = (line(), line(), line());
        let header = |line: &str| {
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            (name.to_owned(), value.to_owned())
        };
        Self { method, path, query, headers: lines.map(header).collect(), body: body.into() }
    }

    fn with<T>(&self, ask: impl FnOnce(&SignedRequest<'_>) -> T) -> T {
        let headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let Self { method, path, query, body, .. } = self;
        ask(&SignedRequest { method, path, query, headers: &headers, body })
    }

    fn verified(&self, secret: &'static [u8]) -> Result<(), ApiError> {
        // The id is under no signature: it is right because it has this secret.
        let look_up = |query: &KeyQuery<'_>| match query.access_key_id {
            "AKIA" => Ok(Known(secret)),
            _ => Err(ApiError::invalid_client_token_id()),
        };
        self.with(|request| verify(request, NOW, look_up).map(|_| ()))
    }

    /// The same, signed with the secret: in a header, or in the query.
    fn signed(&self, presigned: bool) -> Self {
        let token = |name: &str| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        let ours = ["authorization", "date", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"];
        let theirs = |name: &str| token(name) && !ours.contains(&name.to_ascii_lowercase().as_str());
        let mut draft = self.clone();
        draft.headers.retain(|(name, _)| theirs(name));
        let add = |draft: &mut Self, name: &str, value: &str| draft.headers.push((name.into(), value.into()));
        if draft.values("host").next().is_none() {
            add(&mut draft, "Host", "127.0.0.1:4599");
        }
        add(&mut draft, "X-Amz-Date", DATE);
        if presigned {
            draft.body.clear();
            let names = draft.covered().join("%3B");
            let foreign = draft.query.split('&').filter(|pair| !pair.to_ascii_lowercase().contains("amz"));
            let own = format!(
                "X-Amz-Algorithm={ALGORITHM}&X-Amz-Credential=AKIA%2F20260105%2Feu-west-1%2Fsts%2Faws4_request&\
                 X-Amz-Date={DATE}&X-Amz-Expires=60&X-Amz-SignedHeaders={names}"
            );
            draft.query = foreign.chain([own.as_str()]).collect::<Vec<_>>().join("&");
        }
        let authorization = draft.with(|request| sign(request, "AKIA", b"secret", "eu-west-1", "sts"));
        if presigned {
            let (_, signature) = authorization.split_once("Signature=").expect("it ends with it");
            draft.query += &format!("&X-Amz-Signature={signature}");
        } else {
            add(&mut draft, "Authorization", &authorization);
        }
        draft
    }

    /// One change in one place, or none.
    fn change(&mut self, part: u8, at: usize, c: char) {
        let count = self.headers.len();
        let (header, inside) = (at % count, at / count);
        let how = part / 16;
        match part % 16 {
            0 => edit(&mut self.method, at, how, c),
            1 => edit(&mut self.path, at, how, c),
            2 => edit(&mut self.query, at, how, c),
            3 => edit(&mut self.headers[header].0, inside, how, c),
            4 => edit(&mut self.headers[header].1, inside, how, c),
            5 if at < self.body.len() => self.body[at] ^= 1 << (how % 8),
            5 => self.body.push(b'&'),
            6 => drop(self.headers.remove(header)),
            7 => self.headers.push(self.headers[header].clone()),
            8 => self.headers.swap(header, (header + 1) % count),
            9 => self.headers.insert(header, ("X-Forwarded-For".into(), c.into())),
            10 => self.headers.insert(header, ("x-amz-target".into(), c.into())),
            11 => self.headers[header].0 = self.headers[header].0.to_ascii_uppercase(),
            12 => self.headers[header].1 = format!(" {}\t", self.headers[header].1.replace(' ', "  ")),
            13 => self.path = self.path.replace('/', "/./"),
            // The last header is the signature, if it stands in one.
            14 => edit(&mut self.headers[count - 1].1, at, how, c),
            _ => {}
        }
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = move |header: &&(String, String)| header.0.eq_ignore_ascii_case(name);
        self.headers.iter().filter(named).map(|(_, value)| value.as_str())
    }

    /// The names of the headers that are signed: all but the signature's own.
    fn covered(&self) -> Vec<String> {
        let mut names: Vec<String> = self.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        names.retain(|name| name != "authorization");
        names.sort();
        names.dedup();
        names
    }

    /// Can it be signed at all, and is its signature in one place, once?
    fn is_sound(&self, presigned: bool) -> bool {
        let once = |name: &str| self.values(name).count() == 1;
        let named = |name: &str| self.pairs().iter().filter(|(key, _)| key == name.as_bytes()).count();
        let in_place = if presigned {
            self.values("authorization").next().is_none()
                && named("X-Amz-Signature") == 1
                && self.body.is_empty()
        } else {
            once("authorization") && named("X-Amz-Algorithm") == 0 && once("x-amz-date")
        };
        in_place && self.path.starts_with('/') && is_whole(&self.path) && is_whole(&self.query)
    }

    /// What a signature is of, as words; and the signature, as far as it says something.
    fn means(&self, covered: &[String]) -> (Vec<Vec<u8>>, Vec<(Vec<u8>, Vec<u8>)>, Vec<String>) {
        let mut path: Vec<Vec<u8>> = vec![self.method.clone().into()];
        let mut parts = Vec::new();
        for part in self.path.split('/').filter(|part| !matches!(*part, "" | ".")) {
            if part == ".." {
                parts.pop();
            } else {
                parts.push(decoded(part));
            }
        }
        let last = self.path.rsplit('/').next().unwrap_or_default();
        let folder = parts.is_empty() || matches!(last, "" | "." | "..");
        path.append(&mut parts);
        path.push(vec![u8::from(folder)]);
        path.push(self.body.clone());

        let mut pairs = self.pairs();
        pairs.sort();

        let words = |value: &str| {
            value.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
        };
        let all = |name: &String| self.values(name).map(words).collect::<Vec<_>>().join(",");
        let there = |name: &&String| self.values(name).next().is_some();
        let mut headers: Vec<String> =
            covered.iter().filter(there).map(|name| format!("{name}:{}", all(name))).collect();
        let uncovered = self.covered().into_iter().filter(|name| name.starts_with("x-amz-"));
        headers.extend(uncovered.filter(|name| !covered.contains(name)));
        let authorization = self.values("authorization").next().unwrap_or_default().trim();
        let (algorithm, parts) = authorization.split_once(' ').unwrap_or((authorization, ""));
        let mut parts: Vec<&str> = parts.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        parts.sort_unstable();
        headers.push(algorithm.to_owned());
        headers.extend(parts.into_iter().map(str::to_owned));
        (path, pairs, headers)
    }

    fn pairs(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(&name.replace('+', " ")), decoded(&value.replace('+', " ")))
        };
        self.query.split('&').filter(|pair| !pair.is_empty()).map(pair).collect()
    }
}

/// Another sign in a place, one more, or one less.
fn edit(text: &mut String, at: usize, how: u8, c: char) {
    let mut chars: Vec<char> = text.chars().collect();
    let at = at % (chars.len() + 1);
    match how % 3 {
        0 if at < chars.len() => chars[at] = c,
        1 if at < chars.len() => drop(chars.remove(at)),
        _ => chars.insert(at, c),
    }
    *text = chars.into_iter().collect();
}

/// Are there two digits behind each per cent sign?
fn is_whole(text: &str) -> bool {
    let bytes = text.as_bytes();
    let escaped =
        |at: usize| bytes[at..].iter().skip(1).take(2).filter(|byte| byte.is_ascii_hexdigit()).count();
    (0..bytes.len()).filter(|at| bytes[*at] == b'%').all(|at| escaped(at) == 2)
}

fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digit = |at: usize| after.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (first, digit(0).zip(digit(1))) {
            (b'%', Some((high, low))) => {
                bytes.push(u8::try_from(high * 16 + low).expect("two digits"));
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}
