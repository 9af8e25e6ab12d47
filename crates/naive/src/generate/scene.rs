//! The small world in which everything generated takes place.
//!
//! Few names, so that what policies say and what requests ask for often meets; and among the few
//! those that rules treat in their own way: roles, keys, star in a name, colons in a resource.

use super::dice::Dice;
use super::keys::{KEYS, Key};

/// The account in which most things live.
pub(super) const HOME: &str = "111122223333";
/// The other account.
pub(super) const AWAY: &str = "444455556666";

/// An action with a resource that it fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Topic {
    pub(super) action: &'static str,
    pub(super) resource: &'static str,
}

const fn topic(action: &'static str, resource: &'static str) -> Topic {
    Topic { action, resource }
}

/// All topics.
pub(super) const TOPICS: &[Topic] = &[
    topic("s3:GetObject", "arn:aws:s3:::data/alice/red"),
    topic("s3:PutObject", "arn:aws:s3:::data/a*/x"),
    topic("s3:ListAllMyBuckets", "*"),
    topic("sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:alice"),
    topic("sqs:SendMessage", "arn:aws:sqs:us-east-1:444455556666:alice"),
    topic("logs:PutLogEvents", "arn:aws:logs:us-east-1:111122223333:log-group:red:alice"),
    topic("ec2:RunInstances", "arn:aws:ec2:us-east-1:111122223333:instance/*"),
    topic("kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/red"),
    topic("kms:Decrypt", "arn:aws:kms:us-east-1:444455556666:key/red"),
    topic("kms:RetireGrant", "arn:aws:kms:us-east-1:111122223333:key/red"),
    topic("kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:alias/aws/s3"),
    topic("kms:DescribeKey", "arn:aws:kms:us-east-1:111122223333:alias/mine"),
    topic("sts:AssumeRole", "arn:aws:iam::111122223333:role/app"),
    topic("sts:AssumeRole", "arn:aws:iam::444455556666:role/team/app"),
    topic("sts:AssumeRole", "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/ForX"),
    topic("sts:AssumeRoleWithWebIdentity", "arn:aws:iam::111122223333:role/app"),
    topic("sts:TagSession", "arn:aws:iam::111122223333:role/app"),
    topic("sts:GetSessionToken", "*"),
    topic("sts:GetFederationToken", "arn:aws:sts::111122223333:federated-user/alice"),
    topic("sts:GetCallerIdentity", "*"),
    topic("iam:EnableMFADevice", "arn:aws:iam::111122223333:user/alice"),
    topic("iam:CreateAccessKey", "arn:aws:iam::444455556666:user/alice"),
];

/// All requesters.
pub(super) const PRINCIPALS: &[&str] = &[
    "arn:aws:iam::111122223333:user/alice",
    "arn:aws:sts::111122223333:assumed-role/app/s1",
    "arn:aws:iam::111122223333:root",
    "arn:aws:sts::111122223333:federated-user/alice",
    "arn:aws:iam::444455556666:user/alice",
    "arn:aws:sts::444455556666:assumed-role/app/s1",
    "arn:aws:iam::444455556666:root",
    "arn:aws:iam::111122223333:user/team/bob",
    "arn:aws:sts::111122223333:assumed-role/ForX/s1",
    "arn:aws:sts::444455556666:federated-user/alice",
    "arn:aws-cn:iam::111122223333:user/alice",
    "x.amazonaws.com",
    "idp.example.com",
    "arn:aws:iam::111122223333:oidc-provider/idp.example.com",
    "anonymous",
];

/// What one world is about.
#[derive(Debug)]
pub(super) struct Scene {
    topics: Vec<Topic>,
    principals: Vec<&'static str>,
    keys: Vec<&'static Key>,
}

impl Scene {
    /// A few topics, requesters and keys.
    pub(super) fn new(dice: &mut Dice) -> Self {
        Self { topics: some(dice, TOPICS), principals: some(dice, PRINCIPALS), keys: some_keys(dice) }
    }

    /// A topic of the scene, seldom another.
    pub(super) fn topic(&self, dice: &mut Dice) -> Topic {
        usually(dice, &self.topics, TOPICS)
    }

    /// A requester of the scene, seldom another.
    pub(super) fn principal(&self, dice: &mut Dice) -> &'static str {
        usually(dice, &self.principals, PRINCIPALS)
    }

    /// A key of the scene, seldom another.
    pub(super) fn key(&self, dice: &mut Dice) -> &'static Key {
        let [plainest, ..] = &KEYS;
        let of_scene = dice.pick(&self.keys).copied().unwrap_or(plainest);
        if dice.once_in(8) { dice.pick(&KEYS).unwrap_or(of_scene) } else { of_scene }
    }

    /// Is the scene about this key?
    pub(super) fn is_about(&self, key: &Key) -> bool {
        self.keys.iter().any(|of_scene| of_scene.name == key.name)
    }
}

fn some<T: Copy>(dice: &mut Dice, all: &[T]) -> Vec<T> {
    let mut chosen: Vec<T> = dice.pick(all).copied().into_iter().collect();
    chosen.extend(dice.several(2, |dice| dice.pick(all).copied()).into_iter().flatten());
    chosen
}

fn some_keys(dice: &mut Dice) -> Vec<&'static Key> {
    // The key that the product is about comes first among the keys, and oftener than the others.
    let mut chosen: Vec<&Key> = KEYS.iter().take(1).filter(|_| dice.once_in(3)).collect();
    chosen.extend(dice.several(3, |dice| dice.pick(&KEYS)).into_iter().flatten());
    // Variables name these two.
    chosen.extend(KEYS.iter().skip(2).take(2).filter(|_| dice.once_in(2)));
    chosen
}

fn usually<T: Copy + Default>(dice: &mut Dice, scene: &[T], all: &[T]) -> T {
    let from = if dice.once_in(12) { all } else { scene };
    dice.pick(from).copied().unwrap_or_default()
}

impl Default for Topic {
    fn default() -> Self {
        topic("s3:GetObject", "arn:aws:s3:::data/alice/red")
    }
}
