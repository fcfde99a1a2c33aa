//! Which file of `src` uses which other, and circles among them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A path of names, as `crate::survey::Place` without `crate`.
type Names = Vec<String>;

/// A file of `src` as a module.
struct Module {
    path: PathBuf,
    /// What it uses, as paths from the crate, with the names that `as` gives.
    uses: Vec<(Names, String)>,
}

/// For each file the files that it uses, of whatever folder. `sources` are the files with their code, comments and tests left out.
pub fn uses(sources: &[(PathBuf, String)]) -> BTreeMap<PathBuf, BTreeSet<PathBuf>> {
    let own: Vec<Names> = sources.iter().map(|(path, _)| names(path)).collect();
    let known: BTreeSet<&Names> = own.iter().collect();
    let module = |((path, code), own): (&(PathBuf, String), &Names)| {
        let absolute = |(path, name)| absolute(path, own, &known).map(|path| (path, name));
        (own.clone(), Module { path: path.clone(), uses: used(code).into_iter().filter_map(absolute).collect() })
    };
    let modules: BTreeMap<Names, Module> = sources.iter().zip(&own).map(module).collect();
    let targets = |module: &Module| {
        let found = module.uses.iter().filter_map(|(path, _)| file_of(path, &modules, 0));
        found.filter(|file| *file != module.path).collect()
    };
    modules.values().map(|module| (module.path.clone(), targets(module))).collect()
}

/// Circles: for each the files that lead to each other.
pub fn circles(uses: &BTreeMap<PathBuf, BTreeSet<PathBuf>>) -> Vec<Vec<PathBuf>> {
    let reached: BTreeMap<&PathBuf, BTreeSet<&PathBuf>> = uses.keys().map(|file| (file, reach(file, uses))).collect();
    let in_circle = |a: &&PathBuf| reached[*a].contains(*a);
    let mut circles: Vec<Vec<PathBuf>> = Vec::new();
    for file in uses.keys().filter(in_circle) {
        if !circles.iter().any(|circle| circle.contains(file)) {
            let with = |other: &&PathBuf| reached[file].contains(*other) && reached[*other].contains(file);
            circles.push(uses.keys().filter(with).cloned().collect());
        }
    }
    circles
}

/// All files that `file` leads to.
fn reach<'a>(file: &'a PathBuf, uses: &'a BTreeMap<PathBuf, BTreeSet<PathBuf>>) -> BTreeSet<&'a PathBuf> {
    let mut reached = BTreeSet::new();
    let mut pending: Vec<&PathBuf> = uses[file].iter().collect();
    while let Some(next) = pending.pop() {
        if reached.insert(next) {
            pending.extend(uses.get(next).into_iter().flatten());
        }
    }
    reached
}

/// The module that a file of `src` is.
fn names(path: &Path) -> Names {
    let inside = path.strip_prefix("src").unwrap_or(path).with_extension("");
    let mut names: Names = inside.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|last| last == "mod" || last == "lib") {
        names.pop();
    }
    names
}

/// A path as it stands in the module `own`, from the crate; `None` where it leads to another crate.
fn absolute(path: Names, own: &Names, known: &BTreeSet<&Names>) -> Option<Names> {
    let mut base = own.clone();
    let mut rest = path.as_slice();
    match rest.first()?.as_str() {
        "crate" => base.clear(),
        "self" => {}
        "super" => {
            while let Some((first, more)) = rest.split_first()
                && first == "super"
            {
                base.pop();
                rest = more;
            }
            base.extend(rest.iter().cloned());
            return Some(base);
        }
        child => {
            base.push(child.to_owned());
            if !known.contains(&base) {
                return None;
            }
            base.pop();
            base.extend(rest.iter().cloned());
            return Some(base);
        }
    }
    base.extend(rest[1..].iter().cloned());
    Some(base)
}

/// The file in which what a path names is written: modules that pass a name on are looked through.
fn file_of(path: &[String], modules: &BTreeMap<Names, Module>, depth: usize) -> Option<PathBuf> {
    const DEEPEST: usize = 8;
    let length = (0..=path.len()).rev().find(|&length| modules.contains_key(&path[..length]))?;
    let module = &modules[&path[..length]];
    let passed_on = |name: &String| module.uses.iter().find(|(path, as_name)| as_name == name && path.last().is_some());
    match path.get(length).and_then(passed_on) {
        Some((passed, _)) if depth < DEEPEST && passed.as_slice() != path => file_of(passed, modules, depth + 1),
        _ => Some(module.path.clone()),
    }
}

/// The paths of a file's `use` lines and those that stand in its code, with the names that they have in it.
fn used(code: &str) -> Vec<(Names, String)> {
    let mut found = Vec::new();
    // Whether the line is in a module within the file, where `super` is the file.
    let mut is_within = false;
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        let bare = without_visibility(line);
        let before = found.len();
        if let Some(tree) = bare.strip_prefix("use ") {
            let mut tree = tree.to_owned();
            while !tree.contains(';') {
                tree += lines.next().unwrap_or(";");
            }
            expand(tree.split(';').next().unwrap_or_default(), &[], &mut found);
        } else {
            found.extend(inline(bare).into_iter().map(|path| (path, String::new())));
        }
        if is_within {
            found[before..].iter_mut().for_each(|(path, _)| leave_module(path));
        }
        is_within = !line.starts_with('}') && (is_within || bare.starts_with("mod ") && bare.ends_with('{'));
    }
    found
}

/// A line without `pub` or `pub(in path)` before it.
fn without_visibility(line: &str) -> &str {
    let line = line.trim();
    let Some(rest) = line.strip_prefix("pub") else { return line };
    rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(rest, |(_, rest)| rest).trim_start()
}

/// Turns a path of a module within a file into that of the file.
fn leave_module(path: &mut Names) {
    if path.first().is_some_and(|first| first == "super") {
        path.remove(0);
        if path.first().is_none_or(|first| first != "super") {
            path.insert(0, "self".to_owned());
        }
    }
}

/// The paths of a tree of `use`.
fn expand(tree: &str, before: &[String], found: &mut Vec<(Names, String)>) {
    let tree = tree.trim();
    if let Some((head, group)) = tree.split_once('{') {
        let before: Names = before.iter().cloned().chain(segments(head)).collect();
        let group = group.trim_end().strip_suffix('}').unwrap_or(group);
        let (mut depth, mut start) = (0, 0);
        for (at, c) in group.char_indices().chain([(group.len(), ',')]) {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    expand(&group[start..at], &before, found);
                    start = at + 1;
                }
                _ => {}
            }
        }
    } else if !tree.is_empty() {
        let (path, name) = tree.split_once(" as ").map_or((tree, None), |(path, name)| (path, Some(name.trim())));
        let mut path: Names = before.iter().cloned().chain(segments(path)).collect();
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let name = name.map_or_else(|| path.last().cloned().unwrap_or_default(), str::to_owned);
        found.push((path, name));
    }
}

fn segments(path: &str) -> impl Iterator<Item = String> + '_ {
    path.split("::").map(str::trim).filter(|segment| !segment.is_empty()).map(str::to_owned)
}

/// Paths in code.
fn inline(code: &str) -> Vec<Names> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let words = code.split(|c: char| !is_name(c) && c != ':');
    let paths = words.map(|word| word.trim_end_matches(':')).filter(|word| word.contains("::"));
    paths.map(|path| segments(path).collect()).filter(|path: &Names| path.len() > 1).collect()
}
