//! Who may do something: the matrix read by columns.

use super::matrix::{Cell, Matrix, Row};
use super::principal::PrincipalRef;
use super::problem::Indeterminate;
use super::trust::Trust;
use crate::verdict::Verdict;

/// A principal with its answers, and for a role with what it takes to become one of its sessions.
#[derive(Debug, Clone)]
pub struct Access<'m> {
    row: Row<'m>,
    trust: Option<Result<Trust, Indeterminate>>,
}

/// Asks everyone about the actions and resources of a matrix; mostly about one.
///
/// Those who may do nothing of it come along, with no grants, so that nobody is left out in silence.
pub fn who_can<'a>(
    matrix: &'a Matrix<'a>,
) -> impl Iterator<Item = (PrincipalRef<'a>, Result<Access<'a>, Indeterminate>)> {
    matrix.account().principals().map(move |principal| {
        let access = matrix.row(principal).map(|row| {
            let trust = match principal {
                PrincipalRef::User(_) => None,
                PrincipalRef::Role(role) => Some(Trust::of(role, matrix.circumstances())),
            };
            Access { row, trust }
        });
        (principal, access)
    })
}

impl<'m> Access<'m> {
    /// All answers.
    pub fn row(&self) -> &Row<'m> {
        &self.row
    }

    /// Who may assume the role; none for a user.
    pub fn trust(&self) -> Option<&Result<Trust, Indeterminate>> {
        self.trust.as_ref()
    }

    /// The cells that are allowed in some state.
    pub fn grants(&self) -> impl Iterator<Item = Cell<'_>> {
        self.row.cells().filter(|cell| cell.verdict != Verdict::Denied)
    }

    /// The cells that someone gets to do without ever showing a device.
    ///
    /// A user with an access key or in a session without MFA; a session of a role, which never carries
    /// MFA, if the role lets someone in without it. A trust policy of which nothing can be said lets in.
    pub fn grants_without_mfa(&self) -> impl Iterator<Item = Cell<'_>> {
        let door_is_open = match &self.trust {
            Some(Ok(trust)) => trust.lets_in_without_mfa(),
            Some(Err(_)) | None => true,
        };
        self.row.cells().filter(move |cell| door_is_open && cell.is_allowed_without_mfa())
    }
}
