//! The rules of IAM evaluation written down plainly, for tests and fuzzing only.
