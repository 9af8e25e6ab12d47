//! The kinds of policy and what each may contain (PA-017).

use std::fmt;

/// What a policy is attached to, which decides the elements it must and must not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PolicyType {
    /// Managed or inline policy of a user, group or role.
    Identity,
    /// Permissions boundary of a user or role.
    Boundary,
    /// Session policy passed to an STS call.
    Session,
    /// Policy of a resource (bucket, queue, key, …).
    Resource,
    /// Trust policy of a role.
    Trust,
    /// Service control policy of an organization.
    ServiceControl,
    /// Resource control policy of an organization.
    ResourceControl,
    /// Policy of a VPC endpoint.
    Endpoint,
}

/// May, must or must not an element be there?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It must be there.
    Required,
    /// It may be there.
    Optional,
    /// It must not be there; the reader refuses it where it would widen a grant, else it is reported.
    Forbidden,
}

/// The row of a policy type in the table of PA-017.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elements {
    /// `Id`
    pub id: Presence,
    /// `Principal` or `NotPrincipal`
    pub principal: Presence,
    /// `NotPrincipal`
    pub not_principal: Presence,
    /// `Resource` or `NotResource`
    pub resource: Presence,
}

impl PolicyType {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Identity,
        Self::Boundary,
        Self::Session,
        Self::Resource,
        Self::Trust,
        Self::ServiceControl,
        Self::ResourceControl,
        Self::Endpoint,
    ];

    /// Which elements this type has.
    pub fn elements(self) -> Elements {
        use Presence::{Forbidden, Optional, Required};
        match self {
            Self::Identity | Self::Boundary | Self::Session | Self::ServiceControl => {
                Elements { id: Forbidden, principal: Forbidden, not_principal: Forbidden, resource: Required }
            }
            Self::Resource => {
                Elements { id: Optional, principal: Required, not_principal: Optional, resource: Optional }
            }
            Self::Trust => {
                Elements { id: Optional, principal: Required, not_principal: Forbidden, resource: Forbidden }
            }
            Self::ResourceControl => {
                Elements { id: Forbidden, principal: Required, not_principal: Forbidden, resource: Required }
            }
            Self::Endpoint => {
                Elements { id: Optional, principal: Required, not_principal: Optional, resource: Required }
            }
        }
    }

    /// The word that `--kind` takes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Boundary => "boundary",
            Self::Session => "session",
            Self::Resource => "resource",
            Self::Trust => "trust",
            Self::ServiceControl => "scp",
            Self::ResourceControl => "rcp",
            Self::Endpoint => "vpce",
        }
    }
}

impl fmt::Display for PolicyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Identity => "identity policy",
            Self::Boundary => "permissions boundary",
            Self::Session => "session policy",
            Self::Resource => "resource policy",
            Self::Trust => "role trust policy",
            Self::ServiceControl => "service control policy",
            Self::ResourceControl => "resource control policy",
            Self::Endpoint => "VPC endpoint policy",
        })
    }
}
