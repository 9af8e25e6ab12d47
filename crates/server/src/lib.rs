//! A local IAM and STS endpoint: the requests of real clients, decided by the engine of `twokeys`.
