//! What rules ask the catalog of AWS's services, and how they say that it ages.

use super::text::{arn_fields, has_variable, has_wildcard, widest};
use crate::catalog::{self, Action, ResourceType, Service};
use crate::name::{Pattern, at_colon};

/// The words for a name that the table lacks: AWS adds names daily.
pub(super) fn as_of() -> String {
    format!("as of {}", catalog::date())
}

/// Actions that AWS checks against resources which its reference does not give them.
const ON_MORE: &[&str] = &[
    "apigateway:SetWebACL",
    "aws-marketplace:ListTagsForResource",
    "aws-marketplace:TagResource",
    "aws-marketplace:UntagResource",
    "cloudformation:CreateChangeSet",
    "eks:CreateCluster",
    "elasticloadbalancing:AddTags",
    "elasticloadbalancing:DescribeTags",
    "elasticloadbalancing:RemoveTags",
    "elasticmapreduce:RunJobFlow",
    "logs:DescribeLogGroups",
];

/// Does the reference lack resources of one of these actions?
pub(super) fn are_on_more(actions: &[Action]) -> bool {
    actions.iter().any(|action| {
        let (service, name) = (action.service().prefix(), action.name());
        let behind = |more: &&'static str| more.strip_prefix(service)?.strip_prefix(':');
        ON_MORE.iter().filter_map(behind).any(|more| more == name)
    })
}

/// An entry of a `Resource` element as six patterns, widest where a variable stands.
pub(super) struct ArnPattern<'p>([Field<'p>; 6]);

/// One of them. Most are no pattern.
enum Field<'p> {
    Anything,
    Text(&'p str),
    Pattern(Pattern),
}

impl<'p> ArnPattern<'p> {
    /// The patterns of an entry; missing fields stand for anything.
    pub(super) fn completed(text: &'p str) -> Self {
        let mut fields = arn_fields(text).into_iter();
        Self([(); 6].map(|()| fields.next().map_or(Field::Anything, Field::of)))
    }

    /// May a thing of this kind be meant?
    pub(super) fn may_be(&self, kind: ResourceType) -> bool {
        let Self([_, _, service, ..]) = self;
        let another = matches!(service, Field::Text(service) if is_of_another(kind, service));
        !another && self.0.iter().zip(kind.fields()).all(|(own, of_kind)| own.overlaps(of_kind))
    }
}

impl<'p> Field<'p> {
    fn of(text: &'p str) -> Self {
        match text {
            "*" => Self::Anything,
            _ if has_wildcard(text) || has_variable(text) => Self::Pattern(widest(text)),
            _ => Self::Text(text),
        }
    }

    fn overlaps(&self, of_kind: &Pattern) -> bool {
        match self {
            Self::Anything => true,
            Self::Text(text) => of_kind.matches(text),
            Self::Pattern(pattern) => pattern.overlaps(of_kind),
        }
    }
}

/// Do the ARNs of a kind name another service? Told by the text, before any pattern is made of it.
fn is_of_another(kind: ResourceType, service: &str) -> bool {
    let behind = |text: &'static str| at_colon(text).map_or("", |(_, behind)| behind);
    let written = at_colon(behind(behind(kind.arn()))).map_or("", |(service, _)| service);
    !written.contains(['$', '<', '*']) && written != service
}

/// The kinds of things that the six fields of an ARN may mean by its service and its name, whatever its region and account.
pub(super) fn meant([_, _, prefix, _, _, name]: [&str; 6]) -> impl Iterator<Item = ResourceType> + use<'_> {
    let name = widest(name);
    let fits = move |kind: &ResourceType| {
        if is_of_another(*kind, prefix) {
            return false;
        }
        let of_service = kind.fields().get(2).is_some_and(|service| service.matches(prefix));
        of_service && kind.fields().get(5).is_some_and(|of_kind| name.overlaps(of_kind))
    };
    catalog::service(prefix).into_iter().flat_map(Service::resource_types).filter(fits)
}
