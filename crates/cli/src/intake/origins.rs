//! Where policies come from, for answers that name a statement and for what is wrong with a policy.

use twokeys::engine::Prepared;
use twokeys::lint;
use twokeys::report::{Source, Sources, Warning};
use twokeys::source::Position;

use super::home::Way;
use super::sets::Ready;
use super::world::{Loaded, World};
use crate::input::Document;

/// Where the policies of one question come from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origins<'w> {
    world: &'w World,
    ways: &'w [Way],
}

impl World {
    /// Where the policies come from that someone comes by in these ways.
    pub(crate) fn origins_of<'w>(&'w self, ways: &'w [Way]) -> Origins<'w> {
        Origins { world: self, ways }
    }

    /// Where the policies come from that apply to a question.
    pub(crate) fn origins<'w>(&'w self, ready: &'w Ready) -> Origins<'w> {
        Origins { world: self, ways: &ready.ways }
    }

    /// What is wrong with the policies although they are evaluated (PA-019).
    pub(crate) fn findings(&self) -> Vec<Warning> {
        let written = self.policies.iter().filter(|loaded| loaded.document.is_some());
        written.flat_map(|loaded| findings(&loaded.prepared, self)).collect()
    }

    /// The same for the policies of an account that apply to a question.
    pub(crate) fn findings_for(
        &self,
        ready: &Ready,
        mut is_new: impl FnMut(&Prepared) -> bool,
    ) -> Vec<Warning> {
        let Some(home) = &self.home else { return Vec::new() };
        let origins = self.origins(ready);
        let policies = ready.set.policies().map(|(_, policy)| &**policy);
        let of_account = policies.filter(|policy| home.source(policy, None).is_some() && is_new(policy));
        of_account.flat_map(|policy| findings(policy, &origins)).collect()
    }

    /// The text that answers refer to by this name.
    pub(crate) fn document(&self, file: &str) -> Option<Document> {
        let mut documents = self.policies.iter().filter_map(|loaded| loaded.document.as_ref());
        let found = documents.find(|document| document.name == file).cloned();
        found.or_else(|| self.home.as_ref()?.document(file))
    }
}

impl Sources for World {
    fn source(&self, policy: &Prepared) -> Option<Source<'_>> {
        Origins { world: self, ways: &[] }.source_of(policy)
    }

    fn position(&self, policy: &Prepared, offset: usize) -> Option<Position> {
        Origins { world: self, ways: &[] }.position_of(policy, offset)
    }
}

impl Sources for Origins<'_> {
    fn source(&self, policy: &Prepared) -> Option<Source<'_>> {
        self.source_of(policy)
    }

    fn position(&self, policy: &Prepared, offset: usize) -> Option<Position> {
        self.position_of(policy, offset)
    }

    fn via(&self, policy: &Prepared) -> Option<String> {
        Way::to(self.ways, policy).map(|way| way.via.clone())
    }
}

impl<'w> Origins<'w> {
    fn loaded(self, policy: &Prepared) -> Option<&'w Loaded> {
        self.world.policies.iter().find(|loaded| std::ptr::eq(&raw const *loaded.prepared, policy))
    }

    /// A file of its own remembers where its lines begin.
    fn position_of(self, policy: &Prepared, offset: usize) -> Option<Position> {
        if let Some(document) = self.loaded(policy).and_then(|loaded| loaded.document.as_ref()) {
            return Some(document.position(offset));
        }
        self.source_of(policy).map(|source| Position::of(source.text, offset))
    }

    fn source_of(self, policy: &Prepared) -> Option<Source<'w>> {
        if let Some(loaded) = self.loaded(policy) {
            let document = loaded.document.as_ref()?;
            return Some(Source { file: &document.name, text: &document.bytes });
        }
        let label = Way::to(self.ways, policy).map(|way| way.label.as_str());
        self.world.home.as_ref()?.source(policy, label)
    }
}

fn findings(policy: &Prepared, sources: &dyn Sources) -> Vec<Warning> {
    let findings = lint::lint(policy.policy(), &lint::Options::reported(policy.kind()));
    findings.into_iter().map(|finding| Warning::of_finding(&finding, policy, sources)).collect()
}
