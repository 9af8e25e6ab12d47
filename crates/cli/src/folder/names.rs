//! File names for whatever things are called (RL-025).
//!
//! A name becomes one file name in one folder, on every system: no separators, no reserved words, no two
//! names that differ only by case, nothing too long. Names that are harmless stay as they are.

use std::collections::HashSet;

/// Longer names are cut, and a sum of the whole name takes the place of the rest.
const LONGEST: usize = 180;
/// What Windows takes for a device, whatever its ending.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// A file name without ending for each name. The same names always get the same file names, in whatever
/// order they come.
pub(crate) fn file_names(names: &[&str]) -> Vec<String> {
    let mut sorted: Vec<usize> = (0..names.len()).collect();
    sorted.sort_by_key(|at| names.get(*at));
    let mut taken = HashSet::new();
    let mut files = vec![String::new(); names.len()];
    for at in sorted {
        let plain = names.get(at).map_or_else(String::new, |name| encoded(name));
        let numbered = (2_u64..).map(|number| format!("{plain}~{number}"));
        let mut all = std::iter::once(plain.clone()).chain(numbered);
        let free = all.find(|file| taken.insert(file.to_ascii_lowercase()));
        if let (Some(slot), Some(file)) = (files.get_mut(at), free) {
            *slot = file;
        }
    }
    files
}

/// The name that a file name stands for, where it was not cut.
pub(crate) fn decoded(file: &str) -> Option<String> {
    let file = match file.rsplit_once('~') {
        Some((plain, number)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => {
            plain
        }
        Some(_) => return None,
        None => file,
    };
    if file == "%" {
        return Some(String::new());
    }
    let mut bytes = Vec::with_capacity(file.len());
    let mut rest = file.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
            let value = digit()? * 16 + digit()?;
            bytes.push(u8::try_from(value).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn encoded(name: &str) -> String {
    // No name is written as a percent sign alone.
    if name.is_empty() {
        return "%".to_owned();
    }
    let mut file = String::with_capacity(name.len());
    let first_of_device = is_device(name);
    for (at, byte) in name.bytes().enumerate() {
        let plain = byte.is_ascii_alphanumeric() || b"_-+=,@.".contains(&byte);
        // A dot in front hides a file, one at the end is dropped by some systems.
        let dot_at_edge = byte == b'.' && (at == 0 || at + 1 == name.len());
        if plain && !dot_at_edge && !(at == 0 && first_of_device) {
            file.push(char::from(byte));
        } else {
            file.push_str(&format!("%{byte:02X}"));
        }
    }
    if file.len() <= LONGEST {
        return file;
    }
    // A whole number of escapes: none begins in the last two bytes of what is kept.
    let kept = file.char_indices().map(|(at, _)| at).take_while(|at| *at <= LONGEST).filter(|at| {
        let before = file.get(at.saturating_sub(2)..*at).unwrap_or_default();
        !before.contains('%')
    });
    let kept = kept.last().unwrap_or_default();
    format!("{}~{:016x}", file.get(..kept).unwrap_or_default(), sum(name))
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    DEVICES.iter().any(|device| {
        stem.strip_prefix(device).is_some_and(|rest| match *device {
            "com" | "lpt" => rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit()),
            _ => rest.is_empty(),
        })
    })
}

/// FNV-1a: enough to keep names apart that nobody made alike, and those that are get a number.
fn sum(name: &str) -> u64 {
    let step = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    name.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rl_025_every_name_is_one_harmless_file_name_and_comes_back() {
        for (name, file) in [
            ("ForceMFA", "ForceMFA"),
            ("a.b_c-d+e=f,g@h", "a.b_c-d+e=f,g@h"),
            ("..", "%2E%2E"),
            ("../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd"),
            ("/etc/passwd", "%2Fetc%2Fpasswd"),
            ("C:\\Windows", "C%3A%5CWindows"),
            (".git", "%2Egit"),
            ("dot.", "dot%2E"),
            ("CON", "%43ON"),
            ("nul.txt", "%6Eul.txt"),
            ("com1", "%63om1"),
            ("coma", "coma"),
            ("a\0b", "a%00b"),
            ("a b", "a%20b"),
            ("~2", "%7E2"),
            ("50%", "50%25"),
            ("é", "%C3%A9"),
            ("", "%"),
        ] {
            assert_eq!(file_names(&[name]), [file], "{name:?}");
            assert_eq!(decoded(file).as_deref(), Some(name), "{file}");
        }
    }

    #[test]
    fn rl_025_names_that_a_disk_could_not_tell_apart_get_numbers_in_whatever_order() {
        assert_eq!(file_names(&["force", "Force", "FORCE"]), ["force~3", "Force~2", "FORCE"]);
        assert_eq!(file_names(&["FORCE", "force", "Force"]), ["FORCE", "force~3", "Force~2"]);
        assert_eq!(decoded("force~3").as_deref(), Some("force"));
        assert_eq!(file_names(&["a", "a"]), ["a", "a~2"]);
    }

    #[test]
    fn rl_025_long_names_are_cut_between_escapes_and_stay_apart() {
        let long = |end: &str| format!("{}{end}", "é".repeat(200));
        let (one, other) = (long("a"), long("b"));
        let files = file_names(&[&one, &other]);
        assert_ne!(files[0], files[1]);
        for file in &files {
            assert!(file.len() < 255 && file.is_ascii(), "{file}");
            let (kept, _) = file.rsplit_once('~').unwrap();
            assert!(kept.ends_with("%C3") || kept.ends_with("%A9"), "{file}");
            assert_eq!(decoded(file), None);
        }
    }
}
