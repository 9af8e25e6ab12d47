//! A policy text becomes a typed tree, or errors that point into the text.
//!
//! A policy is a JSON document that lists statements; each allows or denies some actions on some
//! resources, perhaps under conditions. [`Policy::parse`] reads one, [`Policy::to_json`] writes one.
//! Between the two nothing is lost and nothing is guessed: what has no single meaning (a key given
//! twice, an unknown operator, an element that does not exist) is refused, because skipping it could
//! make a `Deny` vanish (PA-019). What AWS would merely dislike is read, and the linter tells.
//!
//! What a policy *means* for a request is the business of the engine.

mod advice;
mod ast;
mod check;
mod condition;
mod error;
mod kind;
mod limits;
mod operator;
mod parse;
mod print;
mod variable;

pub use ast::{
    ConditionBlock, ConditionTest, ConditionValue, Effect, NamesPart, Place, Policy, PrincipalGroup,
    PrincipalPart, PrincipalValue, Size, Statement, ValueForm, Version,
};
pub use error::{Parent, ParseError, ParseErrorKind, ParseErrors, Shape};
pub use kind::{Elements, PolicyType, Presence};
pub use limits::Limits;
pub use operator::{ArnName, BASES, Base, Comparison, NotAnOperator, Operator, Order, SetPrefix};
pub use variable::{Malformed, Segment, Template};
