//! Policies wrapped in every container: what is flagged in the bare policy is what the place in the container says.
