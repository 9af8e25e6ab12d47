//! How output looks: color, width, marks.

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
            color: choice(AutoStream::choice(&std::io::stdout())),
            color_err: choice(AutoStream::choice(&std::io::stderr())),
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

    /// For messages before the flags are known: no color, no wrapping.
    pub(crate) fn plain() -> Self {
        let never = ColorChoice::Never;
        Self { color: never, color_err: never, ascii: true, width: None, quiet: false, verbose: false }
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
