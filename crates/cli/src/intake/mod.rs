//! Where policies and questions come from: flags, files, an organization.
//!
//! Everything ends in two things: a [`World`] that knows which policies apply to whom, and a
//! [`Question`] that is complete but for the state of MFA it is asked in.

mod belonging;
pub(crate) mod containers;
mod fitting;
mod flags;
mod found;
mod home;
mod idle;
mod one_policy;
mod org;
mod person;
mod question;
mod states;
mod world;

pub(crate) use flags::{AccountArgs, QuestionArgs, Surroundings, WorldArgs};
pub(crate) use found::{Accepted, Found};
pub(crate) use home::{AccountFiles, Home, Way};
pub(crate) use idle::Idle;
pub(crate) use org::Organization;
pub(crate) use person::principal;
pub(crate) use question::{Given, Missing, Question};
pub(crate) use world::{Ready, World, WorldFiles};
