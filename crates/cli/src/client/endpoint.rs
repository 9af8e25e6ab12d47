//! Which address is asked: never AWS, and never one that others could listen on (UX-021).

use std::net::IpAddr;

use twokeys_server::query::Service;
use ureq::http::Uri;

use super::{Profile, Remote};
use crate::failure::Problem;
use crate::input::variable;

/// Where `twokeys serve` listens if nothing else is said.
const DEFAULT: &str = "http://127.0.0.1:4599";

/// Plain HTTP on loopback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// `127.0.0.1:4599`
    pub(crate) authority: String,
}

/// Where IAM and STS are.
#[derive(Debug, Clone)]
pub(crate) struct Endpoints {
    iam: Endpoint,
    sts: Endpoint,
}

impl Endpoints {
    /// By the flags, the environment, the profile; `of_session` is where the keys of `twokeys login` come from.
    pub(crate) fn find(
        remote: &Remote,
        profile: &Profile,
        of_session: Option<&str>,
    ) -> Result<Self, Problem> {
        let find = |own: &str| {
            let named = |name: &str| variable(name).map(|url| (name.to_owned(), url));
            let found = remote.endpoint.clone().map(|url| ("--endpoint".to_owned(), url));
            let found = found
                .or_else(|| named("TWOKEYS_ENDPOINT"))
                .or_else(|| named(own))
                .or_else(|| named("AWS_ENDPOINT_URL"))
                .or_else(|| {
                    profile.endpoint.clone().map(|url| (format!("the profile {}", profile.name), url))
                })
                .or_else(|| {
                    of_session.map(|url| ("the session of `twokeys login`".to_owned(), url.to_owned()))
                });
            match found {
                Some((from, url)) => Endpoint::read(&url, &from),
                None => Endpoint::read(DEFAULT, "the default"),
            }
        };
        Ok(Self { iam: find("AWS_ENDPOINT_URL_IAM")?, sts: find("AWS_ENDPOINT_URL_STS")? })
    }

    /// Where a service is.
    pub(crate) fn of(&self, service: Service) -> &Endpoint {
        match service {
            Service::Iam => &self.iam,
            Service::Sts => &self.sts,
        }
    }
}

impl Endpoint {
    fn read(url: &str, from: &str) -> Result<Self, Problem> {
        let wrong = |why: &str| {
            Problem::new("endpoint", format!("`{url}` ({from}) {why}"))
                .help("an endpoint is one of `twokeys serve` on this machine, such as http://127.0.0.1:4599; AWS itself is never called")
        };
        let uri: Uri = url.parse().map_err(|_| wrong("is no URL"))?;
        let authority = uri.authority().ok_or_else(|| wrong("names no host"))?;
        if uri.scheme_str() != Some("http") {
            return Err(wrong("is not plain HTTP, and nothing else is spoken here"));
        }
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() || authority.as_str().contains('@') {
            return Err(wrong("has more than a host and a port"));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        let loopback = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        if !loopback && !host.eq_ignore_ascii_case("localhost") {
            return Err(wrong("is not this machine"));
        }
        Ok(Self { authority: authority.as_str().to_owned() })
    }

    /// `http://127.0.0.1:4599`
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ux_021_only_this_machine_is_called() {
        let read = |url: &str| Endpoint::read(url, "--endpoint").map(|endpoint| endpoint.url());
        for url in ["http://127.0.0.1:4599", "http://localhost:80", "http://[::1]:4599", "http://127.8.8.8"] {
            assert_eq!(read(url).unwrap(), url);
        }
        assert_eq!(read("http://localhost:4599/").unwrap(), "http://localhost:4599");
        for url in [
            "https://iam.amazonaws.com",
            "http://iam.amazonaws.com",
            "https://127.0.0.1:4599",
            "http://10.0.0.1:4599",
            "http://localhost.example.com",
            "http://user@127.0.0.1:4599",
            "http://127.0.0.1:4599/console",
            "127.0.0.1:4599",
            "",
        ] {
            assert!(read(url).is_err(), "{url}");
        }
    }
}
