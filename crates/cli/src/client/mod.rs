//! Signed calls of IAM and STS at a local endpoint, and what comes back.
//!
//! Nothing here ever talks to AWS: an endpoint is plain HTTP on loopback (UX-021).

pub(crate) mod account;
mod answer;
mod call;
mod endpoint;
mod keys;
mod operation;
pub(crate) mod prompt;
mod refusal;
pub(crate) mod session_file;
mod shared_files;

pub(crate) use answer::Element;
pub(crate) use call::{Client, Http, clock, dry_run};
pub(crate) use endpoint::{Endpoint, Endpoints};
pub(crate) use keys::{Keys, Origin};
pub(crate) use operation::{Operation, quoted};
pub(crate) use refusal::{Refusal, Stop, settle};
pub(crate) use shared_files::Profile;

use clap::Args;

/// Which endpoint is asked, and with which keys.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Endpoint")]
pub(crate) struct Remote {
    /// The endpoint, on this machine [default: `TWOKEYS_ENDPOINT`, `AWS_ENDPOINT_URL_IAM` and `_STS`,
    /// `AWS_ENDPOINT_URL`, that of the profile, else `http://127.0.0.1:4599`]
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint: Option<String>,
    /// The profile of the AWS CLI whose keys sign [default: the keys of the environment, then `AWS_PROFILE`]
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Call nothing: print the line for the AWS CLI
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Where IAM is, for lines that are printed and not run.
pub(crate) fn iam_url(remote: &Remote) -> Result<String, Stop> {
    let of_session = session_file::read()?.map(|session| session.endpoint);
    let endpoints = Endpoints::find(remote, &Profile::find(remote)?, of_session.as_deref())?;
    Ok(endpoints.of(twokeys_server::query::Service::Iam).url())
}
