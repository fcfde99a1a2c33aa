//! The lines of a text, with their positions.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
#[cfg(test)]
use std::sync::Arc;

use crate::error::{Error, InputError, Result};
use crate::text::{TEXT, no_text};

/// Largest length of a line in bytes, so that a file without line ends does not fill the memory.
const LONGEST_LINE: u64 = 1 << 24;
/// Bytes read at once.
const BUFFER_LEN: usize = 1 << 18;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Position of the beginning of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub(crate) struct Position {
    /// Number of lines before it.
    pub(super) lines: usize,
    /// Number of bytes before it.
    pub(super) bytes: u64,
}

impl Position {
    /// Returns the number of the line, counted from 1.
    pub(in super::super) fn line(self) -> usize {
        self.lines + 1
    }
}

/// A text that can be read again; only tests have it in memory.
#[derive(Debug, Clone)]
pub(super) enum TextContent {
    File(PathBuf),
    #[cfg(test)]
    Held(Arc<[u8]>),
}

impl TextContent {
    /// Returns the lines of the text from the first on; messages use `path` as its name.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when it cannot be opened, [`Error::Input`] when it is not text.
    pub(super) fn lines(&self, path: &Path) -> Result<TextLines> {
        let mut input: Box<dyn Input> = match self {
            Self::File(file) => {
                Box::new(BufReader::with_capacity(BUFFER_LEN, File::open(file).map_err(Error::io(path))?))
            }
            #[cfg(test)]
            Self::Held(bytes) => Box::new(std::io::Cursor::new(Arc::clone(bytes))),
        };
        let start = input.fill_buf().map_err(Error::io(path))?;
        if let Some(what) = no_text(start) {
            return Err(InputError::file(path, what, TEXT));
        }
        Ok(TextLines {
            path: path.to_path_buf(),
            input,
            at: Position::default(),
            bytes: Vec::new(),
            text: String::new(),
        })
    }
}

trait Input: BufRead + Seek {}

impl<T: BufRead + Seek> Input for T {}

/// Reads line by line.
pub(super) struct TextLines {
    path: PathBuf,
    input: Box<dyn Input>,
    at: Position,
    bytes: Vec<u8>,
    /// The current line.
    text: String,
}

impl TextLines {
    /// Advances to the next line that is not blank and returns its position; [`text`](Self::text) is its content. Text
    /// that is not UTF-8 is read as Latin-1, the encoding of older files; this makes no difference to numbers.
    ///
    /// # Errors
    ///
    /// [`Error::Io`], and [`Error::Input`] for NUL bytes and lines without end, which no text has.
    pub(super) fn advance(&mut self) -> Result<Option<Position>> {
        let start = loop {
            let start = self.at;
            self.bytes.clear();
            let mut limited = (&mut self.input).take(LONGEST_LINE);
            let count = limited.read_until(b'\n', &mut self.bytes).map_err(Error::io(&self.path))?;
            if count == 0 {
                return Ok(None);
            }
            if count as u64 == LONGEST_LINE {
                return Err(self.wrong(start, format_args!("more than {LONGEST_LINE} bytes"), "the end of the line"));
            }
            self.at = Position { lines: start.lines + 1, bytes: start.bytes + count as u64 };
            if start.bytes == 0 && self.bytes.starts_with(BYTE_ORDER_MARK) {
                self.bytes.drain(..BYTE_ORDER_MARK.len());
            }
            if self.bytes.contains(&0) {
                return Err(self.wrong(start, "a NUL byte", TEXT));
            }
            if !self.bytes.iter().all(u8::is_ascii_whitespace) {
                break start;
            }
        };
        while self.bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            self.bytes.pop();
        }
        self.text.clear();
        match str::from_utf8(&self.bytes) {
            Ok(text) => self.text.push_str(text),
            Err(_) => self.text.extend(self.bytes.iter().map(|&byte| char::from(byte))),
        }
        Ok(Some(start))
    }

    /// Returns the current line, without its end.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Moves to the beginning of a line.
    pub(super) fn go_to(&mut self, position: Position) -> Result<()> {
        let ahead = position.bytes as i64 - self.at.bytes as i64;
        // Short moves keep the buffer.
        let moved = if ahead == 0 { Ok(()) } else { self.input.seek(SeekFrom::Current(ahead)).map(drop) };
        moved.map_err(Error::io(&self.path))?;
        self.at = position;
        Ok(())
    }

    fn wrong(&self, at: Position, got: impl std::fmt::Display, expected: &str) -> Error {
        InputError::line(&self.path, at.line(), got, expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> std::result::Result<Vec<(usize, u64, String)>, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let mut lines =
            TextContent::File(file.path().into()).lines(Path::new("t.csv")).map_err(|error| error.to_string())?;
        let mut all = Vec::new();
        while let Some(at) = lines.advance().map_err(|error| error.to_string())? {
            all.push((at.line(), at.bytes, lines.text().to_owned()));
        }
        Ok(all)
    }

    #[test]
    fn lines_come_with_their_places() {
        let line = |line, at, text: &str| (line, at, text.to_owned());
        assert_eq!(
            lines(b"\xef\xbb\xbfa,b\r\n \t\r\n1,2\n\n3\r4").unwrap(),
            [line(1, 0, "a,b"), line(3, 12, "1,2"), line(5, 17, "3\r4")]
        );
        assert_eq!(lines(b"").unwrap(), []);
    }

    #[test]
    fn older_texts_are_latin() {
        assert_eq!(lines(b"H\xf6he,\xb0\n").unwrap(), [(1, 0, "H\u{f6}he,\u{b0}".to_owned())]);
    }

    #[test]
    fn what_is_no_text_is_named() {
        for (bytes, expected) in [
            (&b"a\n\nb\0\n"[..], "t.csv, line 3: got a NUL byte, expected text in UTF-8 or Latin-1"),
            (b"\x1f\x8b\x08\0", "t.csv: got a gzip file, expected text in UTF-8 or Latin-1"),
            (b"\xff\xfea\0", "t.csv: got text in UTF-16, expected text in UTF-8 or Latin-1"),
            (b"\x89HDF\r\n\x1a\n", "t.csv: got an HDF5 or netCDF-4 file, expected text in UTF-8 or Latin-1"),
        ] {
            assert_eq!(lines(bytes).unwrap_err(), expected);
        }
        let endless = lines(&vec![b'1'; LONGEST_LINE as usize + 1]).unwrap_err();
        assert_eq!(endless, format!("t.csv, line 1: got more than {LONGEST_LINE} bytes, expected the end of the line"));
    }

    #[test]
    fn lines_can_be_read_again() {
        let mut lines = TextContent::Held(b"a\nbb\nccc\n".as_slice().into()).lines(Path::new("t")).unwrap();
        let mut places = Vec::new();
        while let Some(at) = lines.advance().unwrap() {
            places.push((at, lines.text().to_owned()));
        }
        for (at, text) in places.into_iter().rev() {
            lines.go_to(at).unwrap();
            assert_eq!((lines.advance().unwrap(), lines.text()), (Some(at), &text[..]));
        }
    }
}
