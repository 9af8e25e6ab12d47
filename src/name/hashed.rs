//! A table of texts that are looked up by a hash made beforehand.
//!
//! A request's action and a policy's context keys are hashed once, when they are built; a look-up then
//! compares numbers, and texts only where the numbers agree. Rows of one hash lie side by side, sorted by text, so
//! that even among texts made to collide one is found in a few steps.

/// Values by text.
#[derive(Debug, Clone)]
pub(crate) struct Hashed<T> {
    /// Sorted; row by row the hash of the text.
    hashes: Box<[u64]>,
    rows: Box<[(Box<str>, T)]>,
    /// The row at which the hashes with these first bits begin, and one more for the end; none in small tables.
    buckets: Box<[u32]>,
    /// How far a hash is shifted to leave those bits.
    shift: u32,
}

/// Up to here a table is searched as a whole.
const SMALL: usize = 8;

impl<T> Default for Hashed<T> {
    fn default() -> Self {
        Self { hashes: Box::default(), rows: Box::default(), buckets: Box::default(), shift: 0 }
    }
}

impl<T> Hashed<T> {
    /// A table of these rows; of equal texts the first counts.
    pub(crate) fn new(rows: impl IntoIterator<Item = (Box<str>, T)>) -> Self {
        Self::sorted(rows.into_iter().map(|row| (super::hash_any_case(&row.0), row)).collect())
    }

    fn sorted(mut rows: Vec<(u64, (Box<str>, T))>) -> Self {
        rows.sort_by(|(one, (text, _)), (other, (than, _))| one.cmp(other).then_with(|| text.cmp(than)));
        rows.dedup_by(|(_, (text, _)), (_, (than, _))| text == than);
        let (hashes, rows): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let (buckets, shift) = if rows.len() > SMALL { buckets(&hashes) } else { Default::default() };
        Self { hashes: hashes.into(), rows: rows.into(), buckets, shift }
    }

    /// The value of `text`, whose hash is `hash`.
    pub(crate) fn get(&self, hash: u64, text: &str) -> Option<&T> {
        let bucket = usize::try_from(hash >> self.shift).unwrap_or(usize::MAX);
        let (from, to) = match self.buckets.get(bucket..) {
            Some([from, to, ..]) => (*from as usize, *to as usize),
            _ => (0, self.hashes.len()),
        };
        let first = from + self.hashes.get(from..to)?.partition_point(|other| *other < hash);
        if self.hashes.get(first) != Some(&hash) {
            return None;
        }
        match self.rows.get(first) {
            Some((other, value)) if **other == *text => Some(value),
            _ => self.get_colliding(first, hash, text),
        }
    }

    /// The value of `text` among the rows of one hash, of which this is the first. Nobody meets this by chance.
    #[cold]
    fn get_colliding(&self, first: usize, hash: u64, text: &str) -> Option<&T> {
        let count = self.hashes.get(first..)?.partition_point(|other| *other == hash);
        let same = self.rows.get(first..first + count)?;
        let at = same.binary_search_by(|(other, _)| (**other).cmp(text)).ok()?;
        same.get(at).map(|(_, value)| value)
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The texts, in no meaningful order.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|(text, _)| &**text)
    }
}

/// About as many buckets as there are hashes, which are sorted, and the shift that leads to them.
fn buckets(hashes: &[u64]) -> (Box<[u32]>, u32) {
    let count = hashes.len().next_power_of_two();
    let shift = u64::BITS - count.trailing_zeros();
    let starts = (0..=count).map(|bucket| {
        let before =
            hashes.partition_point(|hash| usize::try_from(hash >> shift).is_ok_and(|own| own < bucket));
        u32::try_from(before).unwrap_or(u32::MAX)
    });
    (starts.collect(), shift)
}

#[cfg(test)]
mod tests {
    use super::super::hash_any_case as hash;
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

    #[test]
    fn tables_of_every_size_find_each_row_and_no_other() {
        for size in [1, 2, 7, 8, 9, 16, 17, 100, 1000] {
            let table = Hashed::new((0..size).map(|at| (format!("key-{at}").into(), at)));
            for at in 0..size {
                let text = format!("key-{at}");
                assert_eq!(table.get(hash(&text), &text), Some(&at));
            }
            let missing = format!("key-{size}");
            assert_eq!(table.get(hash(&missing), &missing), None);
        }
    }

    #[test]
    fn rl_010_texts_of_one_hash_are_told_apart() {
        let colliding = |count: usize| {
            let rows = (0..count).map(|at| (7, (format!("{at:05}").into_boxed_str(), at)));
            Hashed::sorted(rows.collect())
        };
        for count in [1, 2, 3, 9, 1000] {
            let table = colliding(count);
            for at in 0..count {
                assert_eq!(table.get(7, &format!("{at:05}")), Some(&at));
            }
            assert_eq!(table.get(7, "other"), None);
            assert_eq!(table.get(6, "00000"), None);
        }
    }
}
