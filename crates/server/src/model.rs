//! What the API's model says of parameters.

use crate::query::Service;
use crate::wire::{ApiError, Params};

/// Checks the parameters of an operation.
pub fn validate(_service: Service, _operation: &str, _params: &Params) -> Result<(), ApiError> {
    Ok(())
}
