//! A local IAM and STS endpoint: the requests of real clients, decided by the engine of `twokeys`.
//!
//! [`state`] is the account, [`store`] keeps it, [`wire`] and [`sigv4`] read and write what travels,
//! [`gate`] asks the engine, and [`query`] holds the operations.

pub mod audit;
pub mod bootstrap;
pub mod caller;
pub mod credentials;
pub mod decision_api;
pub mod endpoint;
pub mod folder;
mod framing;
pub mod from_dump;
pub mod gate;
pub mod http;
pub mod metrics;
pub mod model;
pub mod password;
pub mod password_life;
pub mod policy_text;
pub mod query;
pub mod renewal;
pub mod seal;
pub mod serve;
pub mod sign_in;
pub mod sigv4;
pub mod start;
pub mod state;
pub mod store;
pub mod token;
pub mod wire;
