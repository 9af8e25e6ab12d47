//! How much a dump may hold before it is refused (RL-010).

/// The limits of a dump; [`Limits::default`] is the largest set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub(super) file: usize,
    pub(super) depth: usize,
    pub(super) string: usize,
}

impl Limits {
    /// Bytes of a file, unpacked.
    pub const FILE: usize = 1 << 30;
    /// Lists and objects inside each other.
    pub const DEPTH: usize = 64;
    /// Bytes of a string, as written.
    pub const STRING: usize = 1 << 20;

    /// At most `bytes` for a file.
    #[must_use]
    pub fn with_file(self, bytes: usize) -> Self {
        Self { file: bytes.min(self.file), ..self }
    }

    /// At most `levels` of lists and objects.
    #[must_use]
    pub fn with_depth(self, levels: usize) -> Self {
        Self { depth: levels.min(self.depth), ..self }
    }

    /// At most `bytes` for a string.
    #[must_use]
    pub fn with_string(self, bytes: usize) -> Self {
        Self { string: bytes.min(self.string), ..self }
    }

    /// Bytes of a file: who unpacks one stops behind so many.
    pub fn file(&self) -> usize {
        self.file
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { file: Self::FILE, depth: Self::DEPTH, string: Self::STRING }
    }
}
