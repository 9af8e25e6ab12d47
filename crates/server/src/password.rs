//! Passwords: what they must be like, and their hashes (MFA-060, RL-031).

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::state::{Entropy, NoEntropy, PasswordPolicy};

/// Memory in KiB, passes, lanes: at least what OWASP asks of Argon2id.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
/// AWS's default: at least so many characters.
const DEFAULT_LENGTH: usize = 8;
/// The signs that count as symbols.
const SYMBOLS: &str = "!@#$%^&*()_+-=[]{}|'";

fn hasher() -> Argon2<'static> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash of a password, in the form of the PHC.
///
/// # Errors
///
/// There is no entropy for the salt.
pub fn hash(password: &str, entropy: &dyn Entropy) -> Result<String, NoEntropy> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt)?;
    let hash: Result<PasswordHash, _> = hasher().hash_password_with_salt(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|_| NoEntropy)
}

/// Is it the password? Without a hash the same work is done for nothing, so that the time tells nothing
/// (MFA-064).
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    /// The hash of nobody's password.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$2oSR1rBJu1mEOQtZqOh9Q1kXOJtEdgCTtQGLTgv3Yz0";
    let matches = |hash: &str| {
        PasswordHash::new(hash).is_ok_and(|hash| hasher().verify_password(password.as_bytes(), &hash).is_ok())
    };
    match hash {
        Some(hash) => matches(hash),
        None => {
            // Whatever comes of it.
            let _ = matches(NOBODY);
            false
        }
    }
}

/// Why the account's policy does not allow a password; none if it does.
pub fn against_policy(password: &str, policy: Option<&PasswordPolicy>, names: &[&str]) -> Option<String> {
    let length = policy.map_or(DEFAULT_LENGTH, |policy| policy.minimum_length as usize);
    if password.chars().count() < length {
        return Some(format!("Password should have a minimum length of {length}"));
    }
    let has = [
        password.bytes().any(|byte| byte.is_ascii_uppercase()),
        password.bytes().any(|byte| byte.is_ascii_lowercase()),
        password.bytes().any(|byte| byte.is_ascii_digit()),
        password.chars().any(|c| SYMBOLS.contains(c)),
    ];
    let words = ["uppercase letter", "lowercase letter", "number", "symbol"];
    match policy {
        Some(policy) => {
            let asked = [
                policy.require_uppercase,
                policy.require_lowercase,
                policy.require_numbers,
                policy.require_symbols,
            ];
            let lacks = |((asked, has), word): ((bool, bool), &str)| {
                (asked && !has).then(|| format!("Password should have at least one {word}"))
            };
            asked.into_iter().zip(has).zip(words).find_map(lacks)
        }
        None => {
            let kinds = has.into_iter().filter(|has| *has).count();
            let is_a_name = names.iter().any(|name| name.eq_ignore_ascii_case(password));
            if kinds < 3 {
                Some(
                    "Password should have three of: uppercase letters, lowercase letters, numbers, symbols"
                        .to_owned(),
                )
            } else if is_a_name {
                Some("Password should not be the name of the user or the account".to_owned())
            } else {
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Same;

    impl Entropy for Same {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
            bytes.fill(7);
            Ok(())
        }
    }

    #[test]
    fn mfa_060_argon2id_with_the_cost_that_is_asked() {
        let hash = hash("Tr0ub4dor&3", &Same).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("Tr0ub4dor&3", Some(&hash)));
        assert!(!verify("tr0ub4dor&3", Some(&hash)) && !verify("", Some(&hash)) && !verify("x", None));
        assert!(!verify("x", Some("not a hash")));
    }

    #[test]
    fn mfa_060_aws_default_policy() {
        for (password, ok) in [
            ("Abcdefg1", true),
            ("Abcdef1", false),
            ("abcdefgh1", false),
            ("abcdefg1!", true),
            ("123456789012", false),
            ("Alice.Jones-1", false),
        ] {
            let wrong = against_policy(password, None, &["Alice.Jones-1", "123456789012"]);
            assert_eq!(wrong.is_none(), ok, "{password}: {wrong:?}");
        }
    }

    #[test]
    fn mfa_060_a_policy_of_the_account() {
        let policy = PasswordPolicy {
            minimum_length: 12,
            require_symbols: true,
            require_numbers: false,
            require_uppercase: false,
            require_lowercase: true,
            allow_users_to_change: true,
            max_age_days: None,
            reuse_prevention: None,
            hard_expiry: None,
        };
        assert_eq!(
            against_policy("short-1", Some(&policy), &[]).unwrap(),
            "Password should have a minimum length of 12"
        );
        assert_eq!(
            against_policy("longenoughword", Some(&policy), &[]).unwrap(),
            "Password should have at least one symbol"
        );
        assert_eq!(against_policy("long-enough-word", Some(&policy), &[]), None);
    }
}
