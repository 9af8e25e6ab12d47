//! How much a JSON text may hold before it is refused (RL-010).
//!
//! The figures are far above every policy, request and test file, and low enough that a hostile text
//! costs neither stack nor memory. A caller can ask for less, never for more.

/// The limits of a JSON text; [`Limits::default`] is the largest set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    document: usize,
    depth: usize,
    values: usize,
    string: usize,
    key: usize,
    number: usize,
}

impl Limits {
    /// Bytes of a document.
    pub const DOCUMENT: usize = 16 << 20;
    /// Lists and objects inside each other.
    pub const DEPTH: usize = 64;
    /// Values of any kind in a document; they take far more memory than text.
    pub const VALUES: usize = 1_000_000;
    /// Bytes of a string.
    pub const STRING: usize = 1 << 20;
    /// Bytes of the name of an object's member.
    pub const KEY: usize = 4 << 10;
    /// Digits of a number, those of the exponent included.
    pub const NUMBER: usize = 64;

    /// At most `bytes` for the document.
    ///
    /// ```
    /// use twokeys::json::Limits;
    ///
    /// let limits = Limits::default().with_document(1 << 20);
    /// assert_eq!(limits.document(), 1 << 20);
    /// assert_eq!(limits.with_document(usize::MAX).document(), 1 << 20, "limits only go down");
    /// ```
    #[must_use]
    pub fn with_document(self, bytes: usize) -> Self {
        Self { document: bytes.min(self.document), ..self }
    }

    /// At most `levels` of lists and objects.
    #[must_use]
    pub fn with_depth(self, levels: usize) -> Self {
        Self { depth: levels.min(self.depth), ..self }
    }

    /// At most `count` values of any kind.
    #[must_use]
    pub fn with_values(self, count: usize) -> Self {
        Self { values: count.min(self.values), ..self }
    }

    /// At most `bytes` for a string.
    #[must_use]
    pub fn with_string(self, bytes: usize) -> Self {
        Self { string: bytes.min(self.string), ..self }
    }

    /// At most `bytes` for a key.
    #[must_use]
    pub fn with_key(self, bytes: usize) -> Self {
        Self { key: bytes.min(self.key), ..self }
    }

    /// At most `digits` for a number.
    #[must_use]
    pub fn with_number(self, digits: usize) -> Self {
        Self { number: digits.min(self.number), ..self }
    }

    /// Bytes of a document.
    pub fn document(&self) -> usize {
        self.document
    }

    /// Lists and objects inside each other.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Values of any kind in a document.
    pub fn values(&self) -> usize {
        self.values
    }

    /// Bytes of a string.
    pub fn string(&self) -> usize {
        self.string
    }

    /// Bytes of a key.
    pub fn key(&self) -> usize {
        self.key
    }

    /// Digits of a number.
    pub fn number(&self) -> usize {
        self.number
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document: Self::DOCUMENT,
            depth: Self::DEPTH,
            values: Self::VALUES,
            string: Self::STRING,
            key: Self::KEY,
            number: Self::NUMBER,
        }
    }
}
