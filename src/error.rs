//! The one error type of the library: what went wrong, where, what was found and what was expected.

use std::fmt;
use std::path::{Path, PathBuf};

/// Result type of all functions that read input or write results.
pub type Result<T> = std::result::Result<T, Error>;

/// Everything that can go wrong outside the sampler.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A text file holds something other than what is expected at that place.
    #[error(transparent)]
    Input(#[from] Box<InputError>),
    /// Several rows or keys are wrong; every error is in the list and printed on a line of its own.
    #[error("{}", join_lines(.0))]
    Many(Vec<Error>),
    /// The operating system reported an error for a file.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The operating system's error.
        source: std::io::Error,
    },
    /// A setting cannot be used.
    #[error("{message}")]
    Setting {
        /// Key of the setting in a configuration, or its option on the command line.
        key: String,
        /// What is wrong with it, and where it comes from.
        message: String,
    },
    /// Arguments, or a combination of settings, cannot be used.
    #[error("{0}")]
    Config(String),
    /// Processes or threads cannot work together.
    #[error("{0}")]
    Parallel(String),
    /// The program was built without what is asked for.
    #[error("{message}")]
    Unavailable {
        /// The feature that a program with it is built with.
        feature: &'static str,
        /// What was asked for, and what to do.
        message: String,
    },
    /// A mistake in the program: a panic.
    #[error("{0}")]
    Internal(String),
    /// A result file or directory is not what the command needs.
    #[error("{}: {message}", path.display())]
    Results {
        /// The file or directory.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// A figure could not be drawn.
    #[error("{}: cannot draw: {message}", path.display())]
    Figure {
        /// The file that was to be written.
        path: PathBuf,
        /// What went wrong.
        message: String,
    },
}

impl Error {
    /// Returns a function that makes an [`Error::Io`] for `path`; use it with `map_err`.
    pub fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.to_path_buf();
        move |source| Error::Io { path, source }
    }

    /// An [`Error::Setting`] for `key`.
    pub fn setting(key: impl Into<String>, message: impl Into<String>) -> Error {
        Error::Setting { key: key.into(), message: message.into() }
    }

    /// Makes an [`Error::Results`] for `path`.
    pub fn results(path: &Path, message: impl fmt::Display) -> Error {
        Error::Results { path: path.to_path_buf(), message: message.to_string() }
    }

    /// Replaces the temporary path `from` by the final path `to` in an error about a file at or below `from`.
    pub fn renamed(self, from: &Path, to: &Path) -> Error {
        let renamed = |path: PathBuf| match path.strip_prefix(from) {
            Ok(rest) if rest.as_os_str().is_empty() => to.to_path_buf(),
            Ok(rest) => to.join(rest),
            Err(_) => path,
        };
        match self {
            Error::Io { path, source } => Error::Io { path: renamed(path), source },
            Error::Results { path, message } => Error::Results { path: renamed(path), message },
            other => other,
        }
    }

    /// Makes an [`Error::Figure`] for `path`.
    pub fn figure(path: &Path, message: impl fmt::Display) -> Error {
        Error::Figure { path: path.to_path_buf(), message: message.to_string() }
    }
}

/// What a text file holds at one place, and what it should hold there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputError {
    /// The file as the user named it.
    pub path: PathBuf,
    /// Line, counted from 1; `None` when the file as a whole is wrong.
    pub line: Option<usize>,
    /// Column by name or number, when there is one.
    pub column: Option<String>,
    /// What was found.
    pub got: String,
    /// What should have been there.
    pub expected: String,
}

impl InputError {
    /// Makes an error about a file as a whole.
    pub fn file(path: &Path, got: impl fmt::Display, expected: impl fmt::Display) -> Error {
        Self::place(path, None, None, got, expected)
    }

    /// Makes an error about one line.
    pub fn line(path: &Path, line: usize, got: impl fmt::Display, expected: impl fmt::Display) -> Error {
        Self::place(path, Some(line), None, got, expected)
    }

    /// Makes an error about one column of one line.
    pub fn cell(path: &Path, line: usize, column: &str, got: impl fmt::Display, expected: impl fmt::Display) -> Error {
        Self::place(path, Some(line), Some(column), got, expected)
    }

    fn place(
        path: &Path,
        line: Option<usize>,
        column: Option<&str>,
        got: impl fmt::Display,
        expected: impl fmt::Display,
    ) -> Error {
        Error::Input(Box::new(InputError {
            path: path.to_path_buf(),
            line,
            column: column.map(str::to_owned),
            got: got.to_string(),
            expected: expected.to_string(),
        }))
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": got {}, expected {}", self.got, self.expected)
    }
}

impl std::error::Error for InputError {}

fn join_lines(errors: &[Error]) -> String {
    errors.iter().map(Error::to_string).collect::<Vec<_>>().join("\n")
}
