//! Reads small texts in UTF-8 or Latin-1: instrument files, configurations, descriptions.

use std::path::Path;

use crate::error::{Error, InputError, Result};

/// What a reader of texts expects.
pub(crate) const TEXT: &str = "text in UTF-8 or Latin-1";

/// Largest size of a small text in bytes, so that a survey file given by mistake does not fill the memory.
const LARGEST: u64 = 1 << 28;

/// Beginnings of files that are often mistaken for text, and what the message says of them.
const NO_TEXT: [(&[u8], &str); 12] = [
    (b"\x1f\x8b", "a gzip file"),
    (b"PK\x03\x04", "a zip file (spreadsheets are zip files)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\0", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"\x89HDF\r\n", "an HDF5 or netCDF-4 file"),
    (b"CDF", "a netCDF file"),
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
];

/// Says what kind of file begins with these bytes, if it is one that is often mistaken for text.
pub(crate) fn no_text(start: &[u8]) -> Option<&'static str> {
    let kind = NO_TEXT.iter().find(|(magic, _)| start.starts_with(magic));
    // A netCDF file has its version after the letters; a table may begin with the same letters.
    kind.filter(|(magic, _)| *magic != b"CDF" || start.get(3).is_some_and(u8::is_ascii_control)).map(|(_, what)| *what)
}

/// Reads the text in the file `path`. A byte order mark is left out. Bytes that are not UTF-8 are read as Latin-1, the encoding
/// of older files.
///
/// # Errors
///
/// [`Error::Io`] when the file cannot be read, [`Error::Input`] when it is not text.
pub(crate) fn read_text(path: &Path) -> Result<String> {
    let size = std::fs::metadata(path).map_err(Error::io(path))?.len();
    if size > LARGEST {
        return Err(InputError::file(path, format_args!("{size} bytes"), format_args!("at most {LARGEST} bytes")));
    }
    decoded(&std::fs::read(path).map_err(Error::io(path))?, path)
}

fn decoded(bytes: &[u8], path: &Path) -> Result<String> {
    if let Some(what) = no_text(bytes) {
        return Err(InputError::file(path, what, TEXT));
    }
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        let line = 1 + bytes[..at].iter().filter(|&&byte| byte == b'\n').count();
        return Err(InputError::line(path, line, "a NUL byte", TEXT));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    Ok(match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> std::result::Result<String, String> {
        decoded(bytes, Path::new("t.stm")).map_err(|error| error.to_string())
    }

    #[test]
    fn texts_are_read_in_both_encodings() {
        assert_eq!(read(b"\xef\xbb\xbfm\xc2\xb2 \r\n").unwrap(), "m\u{b2} \r\n");
        assert_eq!(read(b"5 \xb5s, 452 m\xb2").unwrap(), "5 \u{b5}s, 452 m\u{b2}");
        assert_eq!(read(b"CDF,1").unwrap(), "CDF,1");
        assert_eq!(read(b"").unwrap(), "");
    }

    #[test]
    fn what_is_no_text_is_named() {
        for (bytes, what) in [
            (&b"PK\x03\x04"[..], "t.stm: got a zip file (spreadsheets are zip files)"),
            (b"\xff\xfea\0", "t.stm: got text in UTF-16"),
            (b"CDF\x01\0", "t.stm: got a netCDF file"),
            (b"a\nb\0", "t.stm, line 2: got a NUL byte"),
        ] {
            assert_eq!(read(bytes).unwrap_err(), format!("{what}, expected text in UTF-8 or Latin-1"));
        }
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(read_text(folder.path()), Err(Error::Io { .. })));
        assert!(matches!(read_text(&folder.path().join("none")), Err(Error::Io { .. })));
    }
}
