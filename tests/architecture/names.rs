//! Names of public types.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Names of public types that more than one file declares, with the files. Files of one folder may declare the same name, because only one
/// of them is compiled. `sources` are the files with the lines of their code.
pub fn repeated(sources: &[(PathBuf, Vec<(usize, String)>)]) -> Vec<String> {
    let mut declared: BTreeMap<&str, Vec<&PathBuf>> = BTreeMap::new();
    for (path, code) in sources {
        let starts = ["pub struct ", "pub enum ", "pub trait ", "pub type "];
        for (_, line) in code {
            let Some(rest) = starts.iter().find_map(|start| line.strip_prefix(start)) else { continue };
            let name = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            declared.entry(name).or_default().push(path);
        }
    }
    let is_repeated = |files: &Vec<&PathBuf>| files.iter().any(|file| file.parent() != files[0].parent());
    let found = declared.into_iter().filter(|(_, files)| is_repeated(files));
    found.map(|(name, files)| format!("{name}: {files:?}")).collect()
}
