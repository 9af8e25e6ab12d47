//! Where policies and questions come from: flags, files, an organization.
//!
//! Everything ends in two things: a [`World`] that knows which policies apply to whom, and a
//! [`Question`] that is complete but for the state of MFA it is asked in.

pub(crate) mod containers;
mod flags;
mod found;
mod org;
mod person;
mod question;
mod world;

pub(crate) use flags::{QuestionArgs, WorldArgs};
pub(crate) use found::{Accepted, Found, Map};
pub(crate) use person::{EXAMPLE_ACCOUNT, principal};
pub(crate) use question::{Given, Question};
pub(crate) use world::{Ready, World, WorldFiles};
