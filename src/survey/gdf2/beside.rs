//! Finds the definition file of a data file.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, InputError, Result};
use crate::survey::listed::listed;

/// Returns the ASEG-GDF2 definition of the survey file `path`: the given one, or one beside the file unless that is a
/// `.csv`. A definition beside a file has its name with the extension `dfn`, or with `.dfn` after it; upper and lower
/// case make no difference.
///
/// # Errors
///
/// [`Error::Io`] when the folder cannot be read, [`Error::Input`] when there are several definitions that differ.
pub fn definition_file(path: &Path, given: Option<&Path>) -> Result<Option<PathBuf>> {
    match given {
        Some(dfn) => Ok(Some(dfn.to_path_buf())),
        None if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) => Ok(None),
        None => beside(path),
    }
}

/// Returns the names of all definitions in the folder of a file.
pub(in crate::survey) fn definitions_in_folder(path: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder_of(path)).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.to_ascii_lowercase().ends_with(".dfn")).collect();
    names.sort();
    names
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn beside(path: &Path) -> Result<Option<PathBuf>> {
    let folder = folder_of(path);
    let (name, stem) = (path.file_name(), path.file_stem());
    let same = |a: Option<&std::ffi::OsStr>, b: Option<&std::ffi::OsStr>| match (a, b) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        _ => false,
    };
    let is_dfn = |found: &PathBuf| {
        let is_named = same(found.file_stem(), stem) || same(found.file_stem(), name);
        is_named && same(found.extension(), Some("dfn".as_ref())) && found.is_file()
    };
    let entries = fs::read_dir(folder).map_err(Error::io(folder))?;
    let mut found: Vec<PathBuf> =
        entries.flatten().map(|entry| path.with_file_name(entry.file_name())).filter(is_dfn).collect();
    found.sort();
    // On other systems, `SURVEY.DFN` beside `survey.dat` is that of the survey. Here another survey may have the name.
    let exact: Vec<PathBuf> = found.iter().filter(|found| found.file_stem() == stem).cloned().collect();
    let found = if exact.is_empty() { found } else { exact };
    let Some(first) = found.first() else { return Ok(None) };
    let bytes = |path: &PathBuf| fs::read(path).map_err(Error::io(path));
    let content = if found.len() > 1 { bytes(first)? } else { Vec::new() };
    for other in &found[1..] {
        if bytes(other)? != content {
            let got =
                format!("definitions {}, which differ", listed(found.iter().map(|path| path.display().to_string())));
            return Err(InputError::file(path, got, "one definition, or survey.definition in the configuration"));
        }
    }
    Ok(Some(first.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_beside_a_file_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("a.dat");
        let found = || beside(&data).map(|found| found.map(|path| path.file_name().unwrap().to_owned()));
        assert_eq!(found().unwrap(), None);
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("b.dfn", "");
        assert_eq!(definitions_in_folder(&data), ["b.dfn"]);
        write("A.DFN", "x");
        assert_eq!(found().unwrap(), Some("A.DFN".into()));
        write("a.DFN", "y");
        assert_eq!(found().unwrap(), Some("a.DFN".into()));
        write("a.dfn", "y");
        assert_eq!(found().unwrap(), Some("a.DFN".into()));
        write("a.dfn", "z");
        let message = found().unwrap_err().to_string();
        assert!(
            message.contains("a.DFN") && message.contains("a.dfn, which differ, expected one definition"),
            "{message}"
        );
        for name in ["a.dfn", "a.DFN", "A.DFN"] {
            fs::remove_file(folder.path().join(name)).unwrap();
        }
        write("a.dat.dfn", "");
        assert_eq!(found().unwrap(), Some("a.dat.dfn".into()));
        assert_eq!(definition_file(Path::new("a.CSV"), None).unwrap(), None);
        assert_eq!(definition_file(Path::new("a.CSV"), Some(Path::new("b"))).unwrap(), Some("b".into()));
    }
}
