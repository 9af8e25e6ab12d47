//! The stages of a decision, in the order of AWS's flow chart, and the answers they lead to.

use twokeys::engine::Layer;
use twokeys::report::Style;

use super::ask::consults;
use super::page::{Page, cell};

/// A stage, a layer or an answer: its names, and what it is.
struct Entry {
    names: &'static [&'static str],
    layer: Option<Layer>,
    words: &'static str,
}

/// In the order in which they decide; the answers follow.
const ENTRIES: &[Entry] = &[
    Entry {
        names: &["exempt", "exempt action"],
        layer: None,
        words: "sts:GetCallerIdentity is allowed for every signed request, and sts:GetSessionToken for users and \
                root with long-term credentials, whatever the policies say. No Deny takes them away.",
    },
    Entry {
        names: &["explicit-deny", "explicit deny", "ExplicitlyDenied"],
        layer: None,
        words: "A Deny statement matches, in any policy that is looked at. Nothing overrides it. To be allowed, \
                the request must no longer match the statement: look at its condition first.",
    },
    Entry {
        names: &["credential"],
        layer: None,
        words: "Some credentials cannot make some calls: those of GetSessionToken no iam:* without MFA and no sts:* \
                but AssumeRole and GetCallerIdentity; those of GetFederationToken no iam:* and no sts:* but \
                GetCallerIdentity; role sessions neither GetSessionToken nor GetFederationToken. It is checked \
                where the kind of credential is given (--credential).",
    },
    Entry {
        names: &["rcp", "resource control policy"],
        layer: Some(Layer::Rcp),
        words: "Resource control policies of the organization that the resource belongs to. They only deny: an \
                Allow stands at every level by itself. They reach everybody, also outside the organization, but \
                only actions of some services, and no resources of the management account.",
    },
    Entry {
        names: &["scp", "service control policy"],
        layer: Some(Layer::Scp),
        words: "Service control policies of the organization that the requester's account belongs to. Every level, \
                from the root to the account, must have an Allow that matches; they never grant. The management \
                account and service-linked roles are not restricted.",
    },
    Entry {
        names: &["endpoint", "vpc endpoint"],
        layer: Some(Layer::Endpoint),
        words: "The policy of the VPC endpoint through which the request comes. It must allow; it never grants.",
    },
    Entry {
        names: &["resource", "resource policy", "trust policy"],
        layer: Some(Layer::Resource),
        words: "The policy of the resource; of a role its trust policy, of a KMS key its key policy. In the same \
                account one that names the very user or session, or everybody, grants by itself; one that names \
                the account only hands the matter to the identity policies. From another account both sides must \
                allow. Trust and key policies must allow in any case.",
    },
    Entry {
        names: &["identity", "identity policy"],
        layer: Some(Layer::Identity),
        words: "Policies of the user, its groups or the role, managed and inline. One Allow is enough, if the \
                boundary and the session policies allow, too.",
    },
    Entry {
        names: &["boundary", "permissions boundary"],
        layer: Some(Layer::Boundary),
        words: "The permissions boundary of the user or role. It grants nothing; what it does not allow, identity \
                policies cannot give. A resource policy that names the user or the session passes it.",
    },
    Entry {
        names: &["session", "session policy"],
        layer: Some(Layer::Session),
        words: "Policies passed to the call that made the session. They grant nothing; what none of them allows, \
                the session cannot do. A federated user without session policies can do nothing by identity \
                policies.",
    },
    Entry {
        names: &["root"],
        layer: None,
        words: "The root user may do everything in its own account, unless an SCP, an RCP or a Deny of a resource \
                policy is in the way, or a trust or key policy does not allow it.",
    },
    Entry {
        names: &["allow", "Allowed"],
        layer: None,
        words: "The request goes through: no Deny matches, every guard rail allows, and a statement grants it.",
    },
    Entry {
        names: &["implicit-deny", "implicit deny", "ImplicitlyDenied"],
        layer: None,
        words: "No Deny matches, but something that must allow does not: usually no identity policy has an Allow \
                that matches. `simulate --explain` lists those that came close.",
    },
    Entry {
        names: &["undecided", "Undecided"],
        layer: None,
        words: "The answer hangs on context keys that are unknown (--missing unknown, KEY:unknown). It is counted \
                as denied, and the exit status is 3. Give the keys that are named, or say that they are absent.",
    },
    Entry {
        names: &["deny"],
        layer: None,
        words: "Either denial, where an answer is expected: explicit-deny or implicit-deny, or undecided between \
                the two.",
    },
];

/// One requester of each kind.
const KINDS: &[(&str, &str)] = &[
    ("user", "arn:aws:iam::111122223333:user/alice"),
    ("role session", "arn:aws:sts::111122223333:assumed-role/ops/alice"),
    ("federated user", "arn:aws:sts::111122223333:federated-user/alice"),
    ("root", "arn:aws:iam::111122223333:root"),
    (
        "session of a service-linked role",
        "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForExample/s of \
         arn:aws:iam::111122223333:role/aws-service-role/example.amazonaws.com/AWSServiceRoleForExample",
    ),
    ("service", "lambda.amazonaws.com"),
    ("caller of AssumeRoleWithSAML", "arn:aws:iam::111122223333:saml-provider/corp"),
    ("anonymous", "anonymous"),
];

/// The page of a stage or an answer.
pub(super) fn page(word: &str, style: Style) -> Option<String> {
    let is = |entry: &&Entry| entry.names.iter().any(|name| name.eq_ignore_ascii_case(word));
    let entry = ENTRIES.iter().find(is)?;
    let (first, others) = entry.names.split_first()?;
    let mut page = Page::new(style, first, &others.join(", "));
    page.paragraph(entry.words);
    if let Some(layer) = entry.layer {
        page.heading("Looked at when the requester is");
        let rows: Vec<Vec<String>> = KINDS
            .iter()
            .map(|(kind, principal)| vec![(*kind).to_owned(), cell(consults(layer, principal))])
            .collect();
        page.table(&["", ""], &rows);
    }
    Some(page.into_text())
}

/// The first name of each.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ENTRIES.iter().filter_map(|entry| entry.names.first()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_has_a_page() {
        for layer in Layer::ALL {
            assert!(page(layer.as_str(), Style::default()).is_some(), "{layer}");
        }
    }
}
