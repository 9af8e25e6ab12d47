//! The answer, and the reason that always travels with it.

use std::fmt;

/// What AWS would answer. Exhaustive on purpose: if there were a fifth answer, every caller should
/// fail to build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// The request goes through.
    Allowed,
    /// Nothing allows it, or a guard rail does not (EV-006).
    ImplicitlyDenied,
    /// A `Deny` statement matches (EV-005).
    ExplicitlyDenied,
    /// The answer hangs on context keys that are unknown. Treat it as denied (EV-009).
    Undecided,
}

impl Decision {
    /// Is the request certain to go through? Anything else is "no".
    pub fn is_allowed(self) -> bool {
        self == Self::Allowed
    }

    /// The name used in JSON: `ExplicitlyDenied`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "Allowed",
            Self::ImplicitlyDenied => "ImplicitlyDenied",
            Self::ExplicitlyDenied => "ExplicitlyDenied",
            Self::Undecided => "Undecided",
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of decisions: what the answer can be once the unknown keys are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Outcomes(u8);

impl Outcomes {
    /// The decisions a set can hold.
    const ALL: [Decision; 3] = [Decision::Allowed, Decision::ImplicitlyDenied, Decision::ExplicitlyDenied];

    fn bit(decision: Decision) -> u8 {
        match decision {
            Decision::Allowed => 1,
            Decision::ImplicitlyDenied => 2,
            Decision::ExplicitlyDenied => 4,
            Decision::Undecided => 7,
        }
    }

    /// The set with this decision added.
    #[must_use]
    pub fn with(self, decision: Decision) -> Self {
        Self(self.0 | Self::bit(decision))
    }

    /// Can the answer be this one?
    pub fn contains(self, decision: Decision) -> bool {
        self.0 & Self::bit(decision) == Self::bit(decision)
    }

    /// Its members: allowed, implicitly denied, explicitly denied.
    pub fn iter(self) -> impl Iterator<Item = Decision> {
        Self::ALL.into_iter().filter(move |decision| self.contains(*decision))
    }

    /// The only member, or `Undecided`.
    pub fn decision(self) -> Decision {
        let mut members = self.iter();
        match (members.next(), members.next()) {
            (Some(only), None) => only,
            _ => Decision::Undecided,
        }
    }
}

/// Where a decision is made: a kind of policy, or a rule beside the policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// Resource control policies of the owner's organization.
    Rcp,
    /// Service control policies of the requester's organization.
    Scp,
    /// The policy of the VPC endpoint the request came through.
    Endpoint,
    /// The resource's own policy; trust and key policies too.
    Resource,
    /// Policies of the user, its groups, or the role.
    Identity,
    /// The permissions boundary.
    Boundary,
    /// Session policies.
    Session,
    /// The kind of credential must not make this call (EV-097).
    Credential,
    /// The action cannot be denied (EV-096).
    Exempt,
    /// Root in its own account needs no grant (EV-090).
    Root,
}

impl Layer {
    /// The layers that hold policies, in the order in which a deciding statement is named.
    pub const WITH_POLICIES: [Self; 7] =
        [Self::Rcp, Self::Scp, Self::Endpoint, Self::Resource, Self::Identity, Self::Boundary, Self::Session];

    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Rcp,
        Self::Scp,
        Self::Endpoint,
        Self::Resource,
        Self::Identity,
        Self::Boundary,
        Self::Session,
        Self::Credential,
        Self::Exempt,
        Self::Root,
    ];

    /// The word used in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rcp => "rcp",
            Self::Scp => "scp",
            Self::Endpoint => "endpoint",
            Self::Resource => "resource",
            Self::Identity => "identity",
            Self::Boundary => "boundary",
            Self::Session => "session",
            Self::Credential => "credential",
            Self::Exempt => "exempt",
            Self::Root => "root",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A statement of a [`PolicySet`](super::PolicySet): its place in the set's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatementId(pub(super) u32);

/// A decision with its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evaluation {
    possible: Outcomes,
    layer: Layer,
    by: Option<StatementId>,
}

impl Evaluation {
    pub(super) fn new(possible: Outcomes, layer: Layer, by: Option<StatementId>) -> Self {
        Self { possible, layer, by }
    }

    /// The answer.
    pub fn decision(&self) -> Decision {
        self.possible.decision()
    }

    /// All answers that are possible; more than one only while context keys are unknown.
    pub fn possible(&self) -> Outcomes {
        self.possible
    }

    /// Where the deciding `Deny` stands, what granted, or the first layer that did not allow.
    pub fn layer(&self) -> Layer {
        self.layer
    }

    /// The deciding statement. None for implicit denials and where no policy decides.
    pub fn by(&self) -> Option<StatementId> {
        self.by
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_one_possible_outcome_is_undecided() {
        let one = Outcomes::default().with(Decision::Allowed);
        assert_eq!(one.decision(), Decision::Allowed);
        let two = one.with(Decision::ExplicitlyDenied);
        assert_eq!(two.decision(), Decision::Undecided);
        assert!(!two.decision().is_allowed());
        assert_eq!(two.iter().count(), 2);
    }
}
