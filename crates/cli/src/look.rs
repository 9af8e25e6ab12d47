//! How output looks: color, width, marks.

use std::borrow::Cow;
use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};
use twokeys::report::{Colors, Style};

use crate::commands::{Color, Common};
use crate::input::variable;

/// How this run writes for people.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// May escape codes for color be written to standard output?
    pub(crate) color: ColorChoice,
    /// And to standard error?
    pub(crate) color_err: ColorChoice,
    /// Only ASCII?
    pub(crate) ascii: bool,
    /// Columns of a line; none with `--no-wrap`.
    pub(crate) width: Option<usize>,
    /// Drop hints and summaries?
    pub(crate) quiet: bool,
    /// Say more?
    pub(crate) verbose: bool,
}

impl Look {
    /// From the flags, the environment and the terminal.
    pub(crate) fn new(common: &Common) -> Self {
        let choice = |automatic| match common.color {
            Color::Auto => automatic,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let columns = || terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
        Self {
            color: choice(AutoStream::choice(&io::stdout())),
            color_err: choice(AutoStream::choice(&io::stderr())),
            ascii: common.ascii || !speaks_unicode(variable),
            width: (!common.no_wrap).then(|| columns().max(40)),
            quiet: common.quiet,
            verbose: common.verbose > 0,
        }
    }
}

impl Look {
    /// How messages on standard error are written.
    pub(crate) fn colors_err(&self) -> Colors {
        colors(self.color_err)
    }

    /// How results for people are written.
    pub(crate) fn style(&self) -> Style {
        Style {
            width: self.width,
            ascii: self.ascii,
            colors: colors(self.color),
            verbose: self.verbose,
            quiet: self.quiet,
        }
    }

    /// Does the locale promise UTF-8?
    pub(crate) fn plain_locale() -> bool {
        speaks_unicode(variable)
    }

    /// For messages before the flags are known: no color, no wrapping.
    pub(crate) fn plain() -> Self {
        let never = ColorChoice::Never;
        Self { color: never, color_err: never, ascii: true, width: None, quiet: false, verbose: false }
    }
}

/// A text of ours without signs that are not ASCII; what users wrote stays as it is.
pub(crate) fn only_ascii(text: &str) -> Cow<'_, str> {
    const SIGNS: [(char, &str); 6] =
        [('…', "..."), ('→', "->"), ('✓', "+"), ('✗', "x"), ('–', "-"), ('␀', "\\0")];
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match SIGNS.iter().find(|(sign, _)| *sign == character) {
            Some((_, word)) => plain.push_str(word),
            None => plain.push(character),
        }
    }
    Cow::Owned(plain)
}

/// Writes with signs that are not ASCII replaced, for a terminal that cannot show them.
pub(crate) struct Signs<W> {
    pub(crate) inner: W,
    pub(crate) ascii: bool,
}

impl<W: Write> Write for Signs<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match std::str::from_utf8(bytes) {
            Ok(text) if self.ascii => self.inner.write_all(only_ascii(text).as_bytes()),
            _ => self.inner.write_all(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn colors(choice: ColorChoice) -> Colors {
    if choice == ColorChoice::Never { Colors::Plain } else { Colors::Ansi }
}

/// Does the locale promise UTF-8? Where none is set, nothing speaks against it.
fn speaks_unicode(variable: impl Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variable);
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ux_015_a_locale_without_utf_8_gets_ascii() {
        for (locale, expected) in
            [(None, true), (Some("C"), false), (Some("en_US.UTF-8"), true), (Some("de_DE.ISO-8859-1"), false)]
        {
            let lang = |name: &str| locale.filter(|_| name == "LANG").map(str::to_owned);
            assert_eq!(speaks_unicode(lang), expected, "{locale:?}");
        }
    }
}
