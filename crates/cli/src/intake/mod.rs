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
mod names;
mod one_policy;
mod org;
mod origins;
mod person;
mod question;
mod refusal;
mod sets;
mod states;
mod surroundings;
mod trouble;
mod world;

pub(crate) use flags::{AccountArgs, QuestionArgs, WorldArgs};
pub(crate) use found::{Accepted, Found};
pub(crate) use home::{AccountFiles, Home, Way};
pub(crate) use idle::{Idle, policies_of_others};
pub(crate) use org::Organization;
pub(crate) use person::principal;
pub(crate) use question::{Given, Missing, Question};
pub(crate) use sets::{Ready, Recent};
pub(crate) use surroundings::Surroundings;
pub(crate) use world::{World, WorldFiles};
