//! Files that are no tables, and what to do with them.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::error::{Error, InputError, Result};

/// Bytes that are looked at.
const START: u64 = 1 << 13;

/// Beginnings of binary files, what they are, and what to do.
const BINARY: [(&[u8], &str, &str); 7] = [
    (b"%PDF", "a PDF file", AS_TEXT),
    (b"\xd0\xcf\x11\xe0", "an Excel or other Office file", FROM_EXCEL),
    (b"\x00\x00\x27\x0a", "a shapefile", "its points as a GeoPackage: ogr2ogr survey.gpkg survey.shp"),
    (b"\x89PNG", "a picture", AS_TEXT),
    (b"II*\x00", "a TIFF picture", AS_TEXT),
    (b"MM\x00*", "a TIFF picture", AS_TEXT),
    (b"PK\x03\x04", "a zip file (spreadsheets are zip files)", FROM_EXCEL),
];
/// Extensions of files that are known by their name only.
const EXTENSIONS: [(&str, &str, &str); 6] = [
    ("gdb", "a database of Geosoft or ArcGIS", "an export of it: Geosoft XYZ, ASEG-GDF2, or CSV"),
    ("sr2", "a description of an instrument for Aarhus Workbench", GIVE_DATA),
    ("alc", "a list of columns for Aarhus Workbench", GIVE_DATA),
    ("gex", "a description of an instrument", GIVE_DATA),
    ("mdb", "an Access database", "an export of its table as CSV"),
    ("skb", "raw data of an instrument", "an export of the processed data, such as Workbench's XYZ"),
];
const AS_TEXT: &str = "the table itself, as CSV, XYZ, ASEG-GDF2, Parquet or GeoPackage";
const FROM_EXCEL: &str = "the sheet, saved as CSV";
const GIVE_DATA: &str = "the file of data that belongs to it, such as .xyz, .csv or .dat";

/// Refuses a file that is no table.
///
/// # Errors
///
/// [`Error::Input`] with the kind of file and what to do, [`Error::Io`] when the file cannot be read.
pub(super) fn refuse(path: &Path) -> Result<()> {
    let mut start = Vec::new();
    let file = File::open(path).map_err(Error::io(path))?;
    file.take(START).read_to_end(&mut start).map_err(Error::io(path))?;
    let by_content = results(&start).or_else(|| binary(&start)).or_else(|| text(&String::from_utf8_lossy(&start)));
    match by_content.or_else(|| by_extension(path)) {
        Some((what, instead)) => Err(InputError::file(path, what, instead)),
        None => Ok(()),
    }
}

/// Recognises result files of this program by the attributes at their beginning.
fn results(start: &[u8]) -> Option<(&'static str, &'static str)> {
    let has = |word: &[u8]| start.windows(word.len()).any(|found| found == word);
    (start.starts_with(b"\x89HDF") && has(b"schema_version") && has(b"geobipy"))
        .then_some(("results of geobipy", "a survey: geobipy plot, merge and export read results"))
}

fn binary(start: &[u8]) -> Option<(&'static str, &'static str)> {
    BINARY.iter().find(|(magic, ..)| start.starts_with(magic)).map(|&(_, what, instead)| (what, instead))
}

fn by_extension(path: &Path) -> Option<(&'static str, &'static str)> {
    let extension = path.extension()?.to_str()?;
    let found = EXTENSIONS.iter().find(|(known, ..)| extension.eq_ignore_ascii_case(known));
    found.map(|&(_, what, instead)| (what, instead))
}

/// Recognises texts by their first words.
fn text(start: &str) -> Option<(&'static str, &'static str)> {
    let start = start.trim_start_matches('\u{feff}').trim_start();
    let mut lines = start.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['/', '#']));
    let first = lines.next().unwrap_or_default().to_ascii_lowercase();
    let words: Vec<&str> = first.split_whitespace().collect();
    match &words[..] {
        _ if first.starts_with("<?xml") || first.starts_with("<!doctype") || first.starts_with("<html") => {
            Some(("an XML or HTML file", AS_TEXT))
        }
        _ if first.starts_with('{') || first.starts_with("[{") || first == "[" => {
            Some(("a JSON file", "its points as a GeoPackage (ogr2ogr survey.gpkg survey.json), or a CSV"))
        }
        ["[general]"] => Some(("a description of an instrument (.gex)", GIVE_DATA)),
        [section] if section.starts_with('[') && section.ends_with(']') => Some((
            "settings, with sections in brackets",
            "a file of data: geobipy's configuration names it as survey.data",
        )),
        ["defn", ..] => {
            Some(("a definition (.dfn)", "the file of data that it defines: the definition is found beside it"))
        }
        ["system", "begin"] => {
            Some(("a system file (.stm)", "a file of data: a system file is named as survey.system"))
        }
        _ if first.starts_with("freq") && ["tmom", "rmom", "tor"].iter().all(|word| first.contains(word)) => {
            Some(("a table of coil pairs", "a file of data: a table of coil pairs is named as survey.system"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Would catch: a message about cells or columns where the file is of another kind.
    #[test]
    fn other_kinds_of_files_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let message = |name: &str, content: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, content).unwrap();
            refuse(&path).err().map(|error| error.to_string())
        };
        for (name, content, expected) in [
            ("a.xyz", &b"<?xml version=\"1.0\"?>\n"[..], "an XML or HTML file"),
            ("a.csv", b"\xef\xbb\xbf{\n \"type\": 1}", "a JSON file"),
            ("a.csv", b"[\n {\"x\": 1}]", "a JSON file"),
            ("a.dat", b"%PDF-1.4", "a PDF file"),
            ("a.shp", b"\x00\x00\x27\x0a\x00", "a shapefile"),
            ("a.xlsx", b"PK\x03\x04", "a zip file (spreadsheets are zip files)"),
            ("a.xls", b"\xd0\xcf\x11\xe0", "an Excel or other Office file"),
            ("a.gex", b"/ v1\n[General]\n", "a description of an instrument (.gex)"),
            ("a.toml", b"[survey]\n", "settings, with sections in brackets"),
            ("a.dfn", b"DEFN 1 ST=RECD", "a definition (.dfn)"),
            ("a.stm", b"System Begin\n", "a system file (.stm)"),
            ("a.stm", b"freq,tor,tmom,tx,ty,tzoff,ror,rmom,rx,ry,rzoff\n", "a table of coil pairs"),
            ("a.SR2", b"1 2 3\n", "a description of an instrument for Aarhus Workbench"),
            ("a.h5", b"\x89HDF\r\n.. schema_version .. geobipy 0.1", "results of geobipy"),
            ("a.gdb", b"\x01\x02", "a database of Geosoft or ArcGIS"),
        ] {
            let message = message(name, content).unwrap();
            assert!(message.contains(&format!("{name}: got {expected}, expected ")), "{message}");
        }
        for (name, content) in
            [("a.csv", &b"x,y\n1,2\n"[..]), ("a.xyz", b"/ X Y\n1 2\n"), ("a.dat", b""), ("a.csv", b"[x],y\n")]
        {
            assert_eq!(message(name, content), None);
        }
    }
}
