//! The second flow chart: the requester belongs to another account than the resource.
//!
//! Both accounts must agree: the resource's policy has to let the requester in at any level, and the
//! requester's own policies, boundary and session policies have to allow the call as well. There is no
//! way around either side (EV-030). See
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>.

use super::chart::{Chart, Ruling, allowed, silent};
use super::decision::Layer;
use super::matched::Counting;

impl Chart<'_> {
    /// Users and sessions of another account.
    pub(super) fn across_accounts(&self, counting: Counting) -> Ruling {
        let Some(grant) = self.matched.allow(Layer::Resource, counting) else {
            return silent(Layer::Resource);
        };
        if self.matched.allow(Layer::Identity, counting).is_none() {
            return silent(Layer::Identity);
        }
        match self.silent_ceiling(counting) {
            Some(ceiling) => silent(ceiling),
            None => allowed(Layer::Resource, Some(grant)),
        }
    }
}
