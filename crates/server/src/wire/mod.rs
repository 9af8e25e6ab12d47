//! The AWS Query protocol: forms in, XML out (API-001 to API-010).

mod error;
mod form;
mod page;
mod time;
mod xml;

pub use error::ApiError;
pub use form::Params;
pub use page::{Page, page};
pub use time::{calendar, iso8601};
pub use xml::{Xml, envelope, error_envelope};
