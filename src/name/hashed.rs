//! A table of texts that are looked up by a hash made beforehand.
//!
//! A request's action and a policy's context keys are hashed once, when they are built; a look-up then
//! compares numbers, and texts only where the numbers agree. Rows of one hash lie side by side, so texts made to collide cost a
//! comparison each and nothing else.

/// Values by text.
#[derive(Debug, Clone)]
pub(crate) struct Hashed<T> {
    /// Sorted; row by row the hash of the text.
    hashes: Box<[u64]>,
    rows: Box<[(Box<str>, T)]>,
}

impl<T> Default for Hashed<T> {
    fn default() -> Self {
        Self { hashes: Box::default(), rows: Box::default() }
    }
}

impl<T> Hashed<T> {
    /// A table of these rows; of equal texts the first counts.
    pub(crate) fn new(rows: impl IntoIterator<Item = (Box<str>, T)>) -> Self {
        let mut rows: Vec<_> = rows.into_iter().map(|row| (super::hash(&row.0), row)).collect();
        rows.sort_by(|(one, (text, _)), (other, (than, _))| one.cmp(other).then_with(|| text.cmp(than)));
        rows.dedup_by(|(_, (text, _)), (_, (than, _))| text == than);
        let (hashes, rows): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        Self { hashes: hashes.into(), rows: rows.into() }
    }

    /// The value of `text`, whose hash is `hash`.
    pub(crate) fn get(&self, hash: u64, text: &str) -> Option<&T> {
        let first = self.hashes.partition_point(|other| *other < hash);
        let same = self.hashes.iter().skip(first).take_while(|other| **other == hash);
        let rows = self.rows.iter().skip(first).zip(same);
        rows.map(|(row, _)| row).find(|(other, _)| **other == *text).map(|(_, value)| value)
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The values, in no meaningful order.
    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.rows.iter().map(|(_, value)| value)
    }

    /// The texts, in no meaningful order.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|(text, _)| &**text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::hash;
    use super::Hashed;

    #[test]
    fn finds_what_is_there_and_nothing_else() {
        let rows = ["s3:getobject", "s3:putobject", "", "iam:getuser"];
        let table = Hashed::new(rows.iter().zip(0..).map(|(text, value)| ((*text).into(), value)));
        for (text, value) in rows.iter().zip(0..) {
            assert_eq!(table.get(hash(text), text), Some(&value));
        }
        assert_eq!(table.get(hash("s3:getobject"), "s3:putobject"), None);
        assert_eq!(table.get(1, "x"), None);
        assert_eq!(Hashed::<()>::default().get(1, "x"), None);
    }
}
