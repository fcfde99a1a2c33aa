//! Rules for the code as a whole, checked on its text: dependencies, length of files, working examples, plain English.

mod circles;
mod names;
mod rooms;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use geobipy::schema::{FIELDS, Field, Role};
use geobipy::system::{FdemSystem, TdemSystem};

use self::rooms::{ROOMS, Room};
use crate::support::{SURVEY, Workdir, data_file};

/// Lines a source file may have.
const LONGEST_FILE: usize = 600;
/// The table of all fields may be longer.
const LONG_FILES: &[&str] = &["src/schema/fields.rs"];

/// Lines that `src/cli` may have: what a notebook or a service would want does not belong there.
const MOST_LINES_OF_CLI: usize = 4000;

/// Words that may only be used below some folder.
const CONFINED: &[(&str, &[&str])] = &[
    ("hdf5_metno", &["src/schema/store/"]),
    ("hdf5_metno_sys", &["src/schema/store/"]),
    ("flate2", &["src/schema/store/"]),
    ("plotters", &["src/plot/"]),
    ("dejavu", &["src/plot/"]),
    ("clap", &["src/cli/"]),
    ("indicatif", &["src/cli/"]),
    ("mpi::", &["src/parallel/"]),
    ("postcard", &["src/parallel/"]),
    ("signal_hook", &["src/cli/"]),
    ("rustfft", &["src/bayes/", "src/forward/tdem/"]),
    ("nalgebra", &["src/forward/tdem/"]),
    ("strsim", &["src/survey/table/", "src/config/", "src/import/options/", "src/quantities/", "src/system/tdem/"]),
    ("ruff_python_parser", &["src/import/options/"]),
    ("ruff_python_ast", &["src/import/options/"]),
    ("ruff_text_size", &["src/import/options/"]),
    ("serde_saphyr", &["src/import/gspy/"]),
    ("sha2", &["src/run/"]),
    // The command is called like the library.
    ("netcdf::", &["src/export/", "src/cli/export/", "src/survey/table/"]),
    ("vtkio", &["src/export/"]),
    ("gdal", &["src/gis/"]),
    ("gdal_sys", &["src/gis/"]),
    ("polars", &["src/export/", "src/survey/table/"]),
    ("polars_arrow", &["src/export/parquet.rs"]),
    ("polars_parquet", &["src/export/parquet.rs"]),
    ("schemars", &["src/config/"]),
    ("serde_json", &["src/config/", "src/export/", "src/plot/report.rs"]),
    ("base64", &["src/plot/"]),
    ("process::exit", &["bin/"]),
    ("println!", &["src/cli/", "src/fuzz.rs", "src/import/options/tests.rs", "src/import/gspy/tests.rs"]),
    ("eprintln!", &["src/cli/"]),
];

/// Words that may not be used below a folder.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("src/bayes/", &["std::fs", "std::io", "File::", "std::thread"]),
    ("src/forward/", &["std::fs", "std::io", "File::", "rand", "rand_distr", "serde"]),
    ("src/earth/", &["std::fs", "std::io", "File::"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below `folder` with the extension, as paths from the root.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path.strip_prefix(root()).unwrap().to_path_buf());
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no .{extension} below {folder}");
    found
}

/// The code of a file line by line with line numbers, without comments.
fn code(path: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(root().join(path)).unwrap();
    let without_comment = |line: &str| line.split("//").next().unwrap_or_default().to_owned();
    (1..).zip(text.lines().map(without_comment)).collect()
}

fn source_files() -> Vec<(PathBuf, Vec<(usize, String)>)> {
    let all = files("src", "rs").into_iter().chain(files("bin", "rs"));
    all.map(|path| (path.clone(), code(&path))).collect()
}

/// True when `word` is in `line` and is not part of a longer word.
fn has_word(line: &str, word: &str) -> bool {
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let closed = !word.ends_with(|c: char| in_word(c));
        !before.is_some_and(in_word) && (closed || !after.is_some_and(in_word))
    })
}

/// The module of src that a file belongs to: its folder there or its name.
fn module(path: &Path) -> String {
    let first = path.components().nth(1).unwrap().as_os_str();
    Path::new(first).file_stem().unwrap().to_string_lossy().into_owned()
}

/// The modules that follow `crate::`, in a line or in a group of several lines after it.
fn crate_modules(code: &[(usize, String)]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (i, (number, line)) in code.iter().enumerate() {
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            if let Some(group) = rest.strip_prefix('{') {
                let following = code[i + 1..].iter().map(|(_, line)| line.as_str());
                let text = std::iter::once(group).chain(following).collect::<Vec<_>>().join(" ");
                found.extend(group_heads(&text).into_iter().map(|head| (*number, head)));
            } else {
                found.push((*number, head(rest)));
            }
        }
    }
    found
}

fn head(path: &str) -> String {
    path.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The first names of the paths in `{a::b, c::{d, e}}`; the text begins after the first brace.
fn group_heads(text: &str) -> Vec<String> {
    let (mut depth, mut start, mut heads) = (0, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                heads.push(head(&text[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                heads.push(head(&text[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    heads.retain(|head| !head.is_empty());
    heads
}

/// Would catch: a dependency against the order of the rooms, or one that their table does not have.
#[test]
fn rooms_use_what_stands_before_them() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (number, room) in ROOMS.iter().enumerate() {
        for used in room.uses {
            let before = ROOMS[..number].iter().any(|other| other.name == *used);
            assert!(before, "{} may not use {used}, which does not stand before it", room.name);
        }
    }
    for (path, code) in source_files().into_iter().filter(|(path, _)| path.starts_with("src")) {
        let own = module(&path);
        if own == "lib" {
            continue;
        }
        let Some(room) = ROOMS.iter().find(|room| room.name == own) else {
            panic!("{}: say in this test what {own} is, and what it may use", path.display());
        };
        for (line, used) in crate_modules(&code) {
            seen += 1;
            if used != own && !room.uses.contains(&used.as_str()) {
                wrong.push(format!("{}, line {line}: {own} uses {used}", path.display()));
            }
        }
    }
    assert!(seen > 50, "only {seen} uses found: this test no longer reads the code as it is");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Would catch: two files of a room of which each leads to the other, so that neither can be understood first.
#[test]
fn files_of_a_room_use_each_other_one_way() {
    let code = |(path, lines): (PathBuf, Vec<(usize, String)>)| {
        let is_test = |(_, line): &(usize, String)| line.contains("mod tests") && line.ends_with('{');
        let lines = lines.into_iter().take_while(|line| !is_test(line));
        (path, lines.map(|(_, line)| line + "\n").collect::<String>())
    };
    let is_code = |(path, _): &(PathBuf, _)| path.starts_with("src") && !path.to_string_lossy().contains("/tests");
    let mut uses = circles::uses(&source_files().into_iter().filter(is_code).map(code).collect::<Vec<_>>());
    let count: usize = uses.values().map(BTreeSet::len).sum();
    assert!(count > 1000, "only {count} uses found: this test no longer reads the code as it is");
    for (file, used) in &mut uses {
        used.retain(|other| module(other) == module(file));
    }
    let circles: Vec<String> = circles::circles(&uses).iter().map(|circle| format!("{circle:?}")).collect();
    assert!(circles.is_empty(), "files that lead to each other:\n{}", circles.join("\n"));
}

/// Would catch: a room that the overviews do not have, or describe otherwise.
#[test]
fn overviews_have_the_rooms_in_order() {
    let library = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let rooms: Vec<&Room> = ROOMS.iter().filter(|room| library.contains(&format!("pub mod {};", room.name))).collect();
    assert!(rooms.len() > 20, "only {} rooms", rooms.len());
    let is_file = |name: &str| root().join(format!("src/{name}.rs")).exists();
    let link = |name: &str| if is_file(name) { format!("src/{name}.rs") } else { format!("src/{name}/mod.rs") };
    let of_library = |room: &&Room| format!("//! - `{}`: {}\n", room.name, room.sentence);
    let of_readme = |room: &&Room| format!("- [{}]({}): {}\n", room.name, link(room.name), room.sentence);
    let (in_library, in_readme): (String, String) =
        (rooms.iter().map(of_library).collect(), rooms.iter().map(of_readme).collect());
    assert!(library.contains(&in_library), "src/lib.rs, expected:\n{in_library}");
    assert!(readme.contains(&in_readme), "README.md, expected:\n{in_readme}");
}

/// Folders whose files may ask which kind an instrument is.
const KNOW_KINDS_OF_SYSTEMS: [&str; 3] = ["src/system/", "src/forward/", "src/survey/"];

/// Would catch: code that would take a third kind of instrument for one of the two; it should ask the system instead.
#[test]
fn few_ask_which_kind_an_instrument_is() {
    let mut found = Vec::new();
    for (path, code) in source_files() {
        let name = path.to_string_lossy();
        if KNOW_KINDS_OF_SYSTEMS.iter().any(|folder| name.starts_with(folder)) || name.ends_with("tests.rs") {
            continue;
        }
        let code = code.iter().take_while(|(_, line)| !line.starts_with("mod tests {"));
        let kinds = code.filter(|(_, line)| line.contains("System::Tdem") || line.contains("System::Fdem"));
        found.extend(kinds.map(|(number, line)| format!("{name}, line {number}: {line}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Would catch: a command line that grows into a library again.
#[test]
fn the_command_line_is_words_only() {
    let lines = |path: PathBuf| fs::read_to_string(root().join(path)).unwrap().lines().count();
    let count: usize = files("src/cli", "rs").into_iter().map(lines).sum();
    assert!(count <= MOST_LINES_OF_CLI, "src/cli has {count} lines");
}

/// Folders and files of src that read or write results.
const READERS_OF_RESULTS: [&str; 13] = [
    "src/results/",
    "src/products/",
    "src/merge/",
    "src/quantities/",
    "src/plot/read/",
    "src/export/",
    "src/run/census.rs",
    "src/run/verdicts.rs",
    "src/cli/export/",
    "src/cli/plot/",
    "src/cli/merge.rs",
    "src/cli/source.rs",
    "src/cli/status.rs",
];

/// Would catch: a name of a variable in a string, which no compiler checks when the table of fields changes. Names of
/// one word, and those of input variables, are also used in other tables.
#[test]
fn only_the_schema_knows_names_of_variables() {
    // The file has keys of configurations.
    const EXCEPTIONS: [&str; 1] = ["src/results/targets.rs"];
    let is_reader = |path: &Path| {
        let path = path.to_str().unwrap();
        READERS_OF_RESULTS.iter().any(|reader| path.starts_with(reader)) && !EXCEPTIONS.contains(&path)
    };
    let is_only_of_results = |field: &&&Field| field.name.contains('_') && field.role != Role::Input;
    let (mut found, mut read) = (Vec::new(), 0);
    for (path, code) in source_files().into_iter().filter(|(path, _)| is_reader(path)) {
        for (number, line) in code.iter().take_while(|(_, line)| !line.starts_with("mod tests {")) {
            read += 1;
            let names = FIELDS.iter().filter(is_only_of_results).map(|field| field.name);
            let named = names.filter(|name| line.contains(&format!("\"{name}\"")));
            found.extend(named.map(|name| format!("{}, line {number}: {name}", path.display())));
        }
    }
    assert!(read > 4000, "only {read} lines: this test no longer reads the code as it is");
    assert!(found.is_empty(), "use the constants of schema::fields:\n{}", found.join("\n"));
}

/// Would catch: a dependency hidden behind `super`; in a file of a folder's first level `super::super` is the crate.
#[test]
fn super_does_not_leave_its_module() {
    for (path, code) in source_files().into_iter().filter(|(path, _)| path.components().count() == 3) {
        // A module within the file, as `mod tests`, is one level deeper.
        let top_level = code.iter().take_while(|(_, line)| !(line.starts_with("mod ") && line.ends_with('{')));
        let allowed = if path.file_name().is_some_and(|name| name == "mod.rs") { "super::" } else { "super::super" };
        for (number, line) in top_level {
            assert!(!line.contains(allowed), "{}, line {number}: {line}", path.display());
        }
    }
}

/// Whether a line derives something for configurations or the command line: choices of the library are choices there.
fn is_derive(line: &str, word: &str) -> bool {
    let feature = if word == "clap" { "cli" } else { "run" };
    ["clap", "schemars", "serde"].contains(&word) && line.contains(&format!("cfg_attr(feature = \"{feature}\""))
}

/// Would catch: a library used outside of its module; printing or ending the process in the wrong place.
#[test]
fn libraries_stay_where_they_belong() {
    let mut wrong = Vec::new();
    let mut used = vec![false; CONFINED.len()];
    for (path, code) in source_files() {
        let name = path.to_string_lossy();
        for (line, text) in &code {
            for (i, (word, folders)) in CONFINED.iter().enumerate() {
                if has_word(text, word) && !is_derive(text, word) {
                    used[i] = true;
                    if !folders.iter().any(|folder| name.starts_with(folder)) {
                        wrong.push(format!("{name}, line {line}: {word} belongs to {}", folders.join(", ")));
                    }
                }
            }
            for (folder, words) in FORBIDDEN {
                let has = |word: &&&str| has_word(text, word) && !is_derive(text, word);
                for word in words.iter().filter(|word| name.starts_with(folder) && has(word)) {
                    wrong.push(format!("{name}, line {line}: no {word} in {folder}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (used, (word, _)) in used.iter().zip(CONFINED).filter(|(_, (word, _))| !word.contains("exit")) {
        assert!(used, "{word} is used nowhere: take it out of this test");
    }
}

/// Would catch: files that are too long to read.
#[test]
fn source_files_are_short() {
    let too_long: Vec<String> = files("src", "rs")
        .into_iter()
        .filter(|path| !LONG_FILES.iter().any(|long| path == Path::new(long)))
        .map(|path| (fs::read_to_string(root().join(&path)).unwrap().lines().count(), path))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .map(|(lines, path)| format!("{} has {lines} lines", path.display()))
        .collect();
    assert!(too_long.is_empty(), "more than {LONGEST_FILE} lines: {}", too_long.join(", "));
}

/// Would catch: an example for an older version of the program.
#[test]
fn examples_are_accepted() {
    for path in files("examples", "stm") {
        let file = root().join(&path);
        let read = if path.starts_with("examples/tdem") {
            TdemSystem::read(&file).map(|_| ())
        } else {
            FdemSystem::read(&file).map(|_| ())
        };
        read.unwrap_or_else(|error| panic!("{error}"));
    }
    // Earths are for `simulate`, not for `invert`: tests/cli_simulate.rs.
    for path in files("examples", "toml").into_iter().filter(|path| !path.starts_with("examples/earths")) {
        let workdir = Workdir::new();
        for file in fs::read_dir(root().join(&path).parent().unwrap()).unwrap().map(|entry| entry.unwrap().path()) {
            if file.extension().is_some_and(|e| e == "stm" || e == "toml") {
                fs::copy(&file, workdir.path(&file.file_name().unwrap().to_string_lossy())).unwrap();
            }
        }
        // Only the survey is missing, because users make it.
        let name = path.file_name().unwrap().to_string_lossy();
        let message = workdir.geobipy(&["invert", &name, "out"]).refused(1, &[".csv: No such file or directory"]);
        assert_eq!(message.lines().count(), 1, "{}: {message}", path.display());
    }
}

/// Would catch: an example whose "every other key shows its default" is no longer true.
#[test]
fn the_resolve_example_shows_the_defaults() {
    let workdir = Workdir::new();
    workdir.simulate(1);
    // Without data nothing is sampled, so that default budgets take no time.
    workdir.edit_cells(SURVEY, |i, cells| {
        if i > 0 {
            cells[6..].fill("NaN".to_owned());
        }
    });
    let configuration = |text: String, output: &str| {
        workdir.write("c.toml", text);
        workdir.geobipy(&["invert", "c.toml", output]).succeeds();
        workdir.results(output, 1.0).text("configuration")
    };
    let example = fs::read_to_string(root().join("examples/resolve/resolve.toml")).unwrap();
    let example = example.replacen("wedge.csv", SURVEY, 1).replacen("resolve.stm", "bird.stm", 1);
    let defaults = format!("[survey]\ndata = '{SURVEY}'\nsystem = ['bird.stm']\n");
    assert_eq!(configuration(example, "example"), configuration(defaults, "defaults"));
}

/// Would catch: an example survey that `simulate` would no longer make.
#[test]
fn the_example_survey_is_what_simulate_makes() {
    let workdir = Workdir::new();
    let system = root().join("examples/resolve/resolve.stm");
    let noise = ["--noise-relative", "0.05", "--noise-additive", "5"];
    let args = ["simulate", "--system", system.to_str().unwrap(), "--wedge", "60", "--output", "wedge.csv"];
    workdir.geobipy(&[&args[..], &noise[..]].concat()).succeeds();
    let example = fs::read_to_string(root().join("examples/resolve/wedge.csv")).unwrap();
    let made = workdir.text("wedge.csv");
    assert_eq!(made.lines().count(), example.lines().count());
    for (made, example) in made.lines().zip(example.lines()) {
        for (made, example) in made.split(',').zip(example.split(',')) {
            // Processors with and without FMA differ in the last digits.
            match (made.parse::<f64>(), example.parse::<f64>()) {
                (Ok(made), Ok(example)) => assert!((made - example).abs() <= 1e-9 * example.abs(), "{made} {example}"),
                _ => assert_eq!(made, example),
            }
        }
    }
}

/// Would catch: reference data without a description of their origin.
#[test]
fn test_data_have_a_provenance() {
    let provenance = fs::read_to_string(data_file("PROVENANCE.md")).unwrap();
    for entry in fs::read_dir(data_file("")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(name == "PROVENANCE.md" || provenance.contains(&format!("`{name}`")), "{name} is not in PROVENANCE.md");
    }
}

/// Would catch: code that has changed so that `make calibrate` can no longer build its program with a wrong ratio.
#[test]
fn the_deliberate_fault_of_the_calibration_study_fits_the_code() {
    let patch = fs::read_to_string(root().join("studies/wrong_ratio.patch")).unwrap();
    let file = patch.lines().find_map(|line| line.strip_prefix("--- a/")).unwrap();
    let is_old = |line: &&str| line.starts_with(' ') || (line.starts_with('-') && !line.starts_with("--- "));
    let old: Vec<&str> = patch.lines().filter(is_old).map(|line| &line[1..]).collect();
    assert!(
        fs::read_to_string(root().join(file)).unwrap().contains(&old.join("\n")),
        "{file}: no longer has\n{}",
        old.join("\n")
    );
}

/// Beginnings of comments that refer to something outside the comment or have no verb.
const UNCLEAR_BEGINNINGS: [&str; 13] = [
    "Of ",
    "The same",
    "Those ",
    "These ",
    "This.",
    "It ",
    "Its ",
    "They ",
    "Goes ",
    "What is so",
    "And ",
    "Nor ",
    "As ",
];

/// The comments of a file with the number of their first line. A comment ends at an empty line, at code, and where another kind of
/// comment begins.
fn comments(path: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(root().join(path)).unwrap();
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut last = "";
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim_start();
        let marker = ["///", "//!", "//"].into_iter().find(|marker| line.starts_with(marker)).unwrap_or_default();
        let words = line[marker.len()..].trim();
        match found.last_mut() {
            Some((_, comment)) if marker == last && !marker.is_empty() && !words.is_empty() => {
                comment.push(' ');
                comment.push_str(words);
            }
            _ if !marker.is_empty() && !words.is_empty() => found.push((number, words.to_owned())),
            _ => {}
        }
        last = if words.is_empty() { "" } else { marker };
    }
    found
}

/// Would catch: a comment whose first sentence cannot be understood alone.
#[test]
fn comments_begin_clearly() {
    let (mut wrong, mut read) = (Vec::new(), 0);
    for path in files("src", "rs") {
        for (number, comment) in comments(&path) {
            read += 1;
            if UNCLEAR_BEGINNINGS.iter().any(|beginning| comment.starts_with(beginning)) {
                wrong.push(format!("{}, line {number}: {comment}", path.display()));
            }
        }
    }
    assert!(read > 1500, "only {read} comments: this test no longer reads the code as it is");
    assert!(wrong.is_empty(), "say what it is, with a verb:\n{}", wrong.join("\n"));
}

/// Would catch: two public types of the same name, which documentation and error messages cannot tell apart.
#[test]
fn names_of_public_types_are_unique() {
    let repeated = names::repeated(&source_files());
    assert!(repeated.is_empty(), "{}", repeated.join("\n"));
    let line = |text: &str| vec![(1, text.to_owned())];
    let example =
        [("src/a/x.rs", "pub struct Row {"), ("src/b/y.rs", "pub enum Row<'a> {"), ("src/b/z.rs", "struct Row;")];
    let example: Vec<_> = example.map(|(path, text)| (PathBuf::from(path), line(text))).into();
    assert_eq!(names::repeated(&example).len(), 1);
}
