//! How the terminal wants to be written to.

/// What draws the frame around an excerpt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Graphics {
    /// Box-drawing characters.
    Unicode,
    /// ASCII only.
    Ascii,
    /// No drawing at all: plain sentences, as a screen reader wants them.
    None,
}

/// How to write for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Style {
    /// Whether to write ANSI colors.
    pub color: bool,
    /// What draws the excerpts.
    pub graphics: Graphics,
    /// Columns to fill.
    pub width: usize,
}

/// What the user said about colors (`--color`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ColorChoice {
    /// As the environment and the terminal suggest.
    #[default]
    Auto,
    /// Whatever the output is.
    Always,
    /// Never.
    Never,
}

/// What the output is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Terminal {
    /// Whether it is a terminal.
    pub is_tty: bool,
    /// Its width in columns, where known.
    pub width: Option<usize>,
}

/// Columns of a terminal that does not tell its width.
const DEFAULT_WIDTH: usize = 80;
/// Columns for a pipe or a file.
const PIPE_WIDTH: usize = 100;
/// Below this nothing can be laid out.
const MIN_WIDTH: usize = 20;
/// Longer lines are hard to read.
const MAX_WIDTH: usize = 120;

impl Style {
    /// No color, no drawing, the width of a pipe.
    pub const PLAIN: Self = Self { color: false, graphics: Graphics::None, width: PIPE_WIDTH };

    /// Finds the style from the user's choice, the output and the environment, of which it asks by name.
    ///
    /// `NO_COLOR` comes before `FORCE_COLOR` and `CLICOLOR_FORCE`, all three before the terminal; `NO_GRAPHICS` turns drawing off;
    /// `TERM=dumb` has neither colors nor box-drawing characters; `COLUMNS` comes before the terminal's own width.
    /// A variable that is empty counts as not set, and so does `0` for the switches that are not `NO_COLOR`.
    pub fn detect(choice: ColorChoice, terminal: Terminal, env: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| env(name).filter(|value| !value.is_empty());
        let on = |name: &str| set(name).is_some_and(|value| value != "0");
        let term = set("TERM");
        let dumb = term.as_deref() == Some("dumb");

        let color = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if set("NO_COLOR").is_some() => false,
            ColorChoice::Auto if on("FORCE_COLOR") || on("CLICOLOR_FORCE") => true,
            ColorChoice::Auto => terminal.is_tty && !dumb && set("CLICOLOR").as_deref() != Some("0"),
        };

        // A locale that is not named says nothing; files are UTF-8, and so is nearly every terminal.
        let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
        let unicode = locale.is_none_or(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        });
        let graphics = if on("NO_GRAPHICS") {
            Graphics::None
        } else if dumb || term.as_deref() == Some("linux") || !unicode {
            Graphics::Ascii
        } else {
            Graphics::Unicode
        };

        let columns = set("COLUMNS").and_then(|value| value.trim().parse().ok()).filter(|columns| *columns > 0);
        let default = if terminal.is_tty { DEFAULT_WIDTH } else { PIPE_WIDTH };
        let width = columns.or(terminal.width.filter(|width| *width > 0)).unwrap_or(default);
        Self { color, graphics, width }
    }

    /// The columns that are filled: never too few to lay anything out, never too many to read.
    pub(crate) fn columns(self) -> usize {
        self.width.clamp(MIN_WIDTH, MAX_WIDTH)
    }

    /// Text in a color, where colors are wanted. The text must be visible text already.
    pub(crate) fn paint(self, paint: Paint, text: &str) -> String {
        if self.color { format!("\u{1b}[{}m{text}\u{1b}[0m", paint.code()) } else { text.to_owned() }
    }

    /// What stands for text that is left out.
    pub(super) fn ellipsis(self) -> &'static str {
        match self.graphics {
            Graphics::Unicode => "…",
            Graphics::Ascii | Graphics::None => "...",
        }
    }
}

/// The colors that people see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    Error,
    Warning,
    Info,
    Good,
    Strong,
}

impl Paint {
    fn code(self) -> &'static str {
        match self {
            Self::Error => "1;31",
            Self::Warning => "1;33",
            Self::Info => "1;36",
            Self::Good => "1;32",
            Self::Strong => "1",
        }
    }
}

impl From<crate::diagnostic::Level> for Paint {
    fn from(level: crate::diagnostic::Level) -> Self {
        match level {
            crate::diagnostic::Level::Error => Self::Error,
            crate::diagnostic::Level::Warning => Self::Warning,
            crate::diagnostic::Level::Info => Self::Info,
        }
    }
}
