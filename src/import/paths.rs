//! File names relative to the folder of the configuration, which may differ from the folder where the user wrote them.

use std::path::{Component, Path, PathBuf};

/// Returns the path of `name`, in the folder `data_directory` of the folder `from`, relative to the folder `to`.
/// Absolute names are unchanged.
pub fn seen_from(to: &Path, from: &Path, data_directory: &str, name: &str) -> String {
    let named = Path::new(data_directory).join(name);
    let seen = if named.is_absolute() { collapsed(&named) } else { between(&located(to), &located(&from.join(named))) };
    seen.to_string_lossy().into_owned()
}

/// Returns the absolute path, with links resolved as far as the path exists.
fn located(path: &Path) -> PathBuf {
    let folders = path.ancestors().find_map(|folder| Some((folder, here_if_empty(folder).canonicalize().ok()?)));
    match folders {
        Some((folder, real)) => collapsed(&real.join(path.strip_prefix(folder).unwrap_or(path))),
        None => collapsed(&std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())),
    }
}

fn here_if_empty(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// Removes `.`, and `..` together with the folder before it.
fn collapsed(path: &Path) -> PathBuf {
    let mut short = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(short.components().next_back(), Some(Component::Normal(_))) => {
                short.pop();
            }
            Component::ParentDir if short.has_root() => {}
            other => short.push(other),
        }
    }
    short
}

/// Returns the relative path from the folder `from` to `to`, or `to` itself if there is none.
fn between(from: &Path, to: &Path) -> PathBuf {
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return to.to_path_buf();
    }
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_seen_from_the_folder_of_the_configuration() {
        let cases = [
            ("/nowhere/run", "..//data", "a.csv", "../data/a.csv"),
            ("/nowhere/run", "", "a.csv", "a.csv"),
            ("/nowhere/run", "./", "./a.csv", "a.csv"),
            ("/nowhere/elsewhere/deep", "..//data//", "a.csv", "../../data/a.csv"),
            ("/nowhere", "x", "../a.csv", "run/a.csv"),
            ("/nowhere/data", "../data", "a.csv", "a.csv"),
            ("/nowhere/run", "../data", "/big//disk/a.csv", "/big/disk/a.csv"),
            ("/nowhere/run", "/big/./disk", "a.csv", "/big/disk/a.csv"),
        ];
        for (to, directory, name, expected) in cases {
            assert_eq!(seen_from(Path::new(to), Path::new("/nowhere/run"), directory, name), expected, "{directory}");
        }
        assert_eq!(seen_from(Path::new(""), Path::new(""), "data", "a.csv"), "data/a.csv");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("deep/real")).unwrap();
        std::os::unix::fs::symlink(root.join("deep/real"), root.join("link")).unwrap();
        // The folder beside that of the options file is beside the real folder, not beside the link.
        assert_eq!(seen_from(root, &root.join("link"), "../data", "a.csv"), "deep/data/a.csv");
    }
}
