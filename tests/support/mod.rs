//! Shared parts of the tests: a temporary folder, the program run in it, comparison of numbers.

pub mod order;
pub mod results;

use results::ResultFile;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use geobipy::system::FdemSystem;

/// Name of the instrument file that [`Workdir::simulate`] writes.
pub const SYSTEM: &str = "bird.stm";
/// Name of the survey file that [`Workdir::simulate`] writes.
pub const SURVEY: &str = "survey.csv";
/// Name of the configuration that [`Workdir::configure`] writes.
pub const CONFIG: &str = "survey.toml";

/// A file below tests/data.
pub fn data_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// The system of the reference responses.
pub fn reference_system() -> FdemSystem {
    FdemSystem::read(&data_file("resolve_reference.stm")).unwrap()
}

/// Panics unless `got` is within `relative * |expected| + absolute` of `expected`; `what` says which numbers these are.
#[track_caller]
pub fn assert_close(got: f64, expected: f64, relative: f64, absolute: f64, what: &str) {
    let allowed = relative * expected.abs() + absolute;
    // The comparison is written so that NaN fails.
    assert!(
        (got - expected).abs() <= allowed,
        "{what}: got {got:e}, expected {expected:e} within {allowed:e}, off by {:e}",
        (got - expected).abs()
    );
}

/// A folder for a test, which is removed at the end.
pub struct Workdir {
    folder: tempfile::TempDir,
}

impl Workdir {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Replaces `from`, which must occur exactly once in the file.
    #[track_caller]
    pub fn replace(&self, name: &str, from: &str, to: &str) {
        let text = self.text(name);
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {name}:\n{text}");
        self.write(name, text.replace(from, to));
    }

    /// Calls `edit` with the cells of each row of a CSV file; row 0 is the header.
    pub fn edit_cells(&self, name: &str, edit: impl Fn(usize, &mut Vec<String>)) {
        let text = self.text(name);
        let edited = text.lines().enumerate().map(|(i, row)| {
            let mut cells = row.split(',').map(str::to_owned).collect();
            edit(i, &mut cells);
            cells.join(",") + "\n"
        });
        self.write(name, edited.collect::<String>());
    }

    /// Every file below the folder with its bytes, and every folder with `None`.
    pub fn snapshot(&self) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.folder.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                let bytes = if path.is_dir() {
                    folders.push(path.clone());
                    None
                } else {
                    Some(fs::read(&path).unwrap())
                };
                found.insert(path.strip_prefix(self.folder.path()).unwrap().to_path_buf(), bytes);
            }
        }
        found
    }

    /// The program with `args`, in this folder.
    pub fn geobipy(&self, args: &[&str]) -> Cmd<'_> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_geobipy"));
        command.args(args).current_dir(self.folder.path()).stdin(Stdio::null());
        Cmd { workdir: self, command }
    }

    /// Writes an instrument file and a noisy survey of `count` soundings over the wedge: line 1, fiducials 0, 1, ...
    pub fn simulate(&self, count: usize) {
        fs::copy(data_file("resolve_reference.stm"), self.path(SYSTEM)).unwrap();
        let count = count.to_string();
        let noise = ["--noise-relative", "0.03", "--noise-additive", "3"];
        let args = ["simulate", "--system", SYSTEM, "--wedge", &count, "--output", SURVEY];
        self.geobipy(&[&args[..], &noise[..]].concat()).succeeds();
        // Simple line numbers and fiducials are easier to type.
        self.edit_cells(SURVEY, |row, cells| {
            if row > 0 {
                cells[0] = "1".to_owned();
                cells[1] = (row - 1).to_string();
            }
        });
    }

    /// Writes a configuration with budgets that end within a second; `more` is further TOML.
    pub fn configure(&self, more: &str) {
        let text = format!(
            "survey.data = '{SURVEY}'\nsurvey.system = ['{SYSTEM}']\nmodel.maximum_layers = 8\n\
             sampler.chains = 2\nsampler.maximum_burn_in = 500\nsampler.maximum_iterations = 2000\n\
             sampler.samples = 20\n{more}\n"
        );
        self.write(CONFIG, text);
    }

    /// A simulated survey of `count` soundings and its configuration.
    pub fn with_survey(count: usize) -> Self {
        let workdir = Self::new();
        workdir.simulate(count);
        workdir.configure("");
        workdir
    }

    /// Inverts into the folder `output`; `more` are further arguments.
    pub fn invert(&self, output: &str, more: &[&str]) -> Cmd<'_> {
        self.geobipy(&[&["invert", CONFIG, output], more].concat())
    }

    /// The results of a line in the folder `output`.
    pub fn results(&self, output: &str, line: f64) -> ResultFile {
        ResultFile::open(&geobipy::schema::line_path(&self.path(output), line))
    }
}

/// A command to be run in a [`Workdir`].
pub struct Cmd<'a> {
    workdir: &'a Workdir,
    command: Command,
}

impl Cmd<'_> {
    /// A command other than the program.
    pub fn other<'a>(workdir: &'a Workdir, program: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> Cmd<'a> {
        let mut command = Command::new(program);
        command.args(args).current_dir(workdir.folder.path()).stdin(Stdio::null());
        Cmd { workdir, command }
    }

    /// The same command under mpirun, with `ranks` ranks on any number of cores.
    pub fn under_mpirun(self, ranks: usize) -> Self {
        let mut command = Command::new("mpirun");
        command.args(["--allow-run-as-root", "--oversubscribe", "-n", &ranks.to_string()]);
        command.arg(self.command.get_program()).args(self.command.get_args());
        command.current_dir(self.workdir.folder.path()).stdin(Stdio::null());
        Cmd { workdir: self.workdir, command }
    }

    /// The command with an environment variable set.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Standard output of a run that must end with exit code 0.
    #[track_caller]
    pub fn succeeds(mut self) -> String {
        let output = self.run();
        assert!(output.status.success(), "expected exit code 0\n{}", self.story(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Standard error of a run that must be refused with exit code `code` and one clear message with all of
    /// `message_parts`, and that must leave the folder unchanged.
    #[track_caller]
    pub fn refused(self, code: i32, message_parts: &[&str]) -> String {
        let message = self.refused_at_length(code, message_parts);
        assert!(code == 2 || message.lines().count() <= 3, "not one clear message:\n{message}");
        message
    }

    /// Standard error of a run with several mistakes, each of which is a line of the message; otherwise like `refused`.
    #[track_caller]
    pub fn refused_at_length(mut self, code: i32, message_parts: &[&str]) -> String {
        let before = self.workdir.snapshot();
        let output = self.run();
        let story = self.story(&output);
        assert_eq!(output.status.code(), Some(code), "wrong exit code\n{story}");
        let message = String::from_utf8(output.stderr.clone()).unwrap();
        assert!(!message.contains("panicked"), "panicked\n{story}");
        let intro = if code == 2 { "error: " } else { "geobipy: " };
        assert!(message.starts_with(intro), "the message does not begin with {intro:?}\n{story}");
        for part in message_parts {
            assert!(message.contains(part), "{part:?} is not in the message\n{story}");
        }
        assert!(message.lines().count() <= 10, "nobody reads so much\n{story}");
        assert!(output.stdout.is_empty(), "an error belongs on standard error only\n{story}");
        let after = self.workdir.snapshot();
        let changed: Vec<&PathBuf> =
            before.keys().chain(after.keys()).filter(|path| before.get(*path) != after.get(*path)).collect();
        assert!(changed.is_empty(), "files were made or changed: {changed:?}\n{story}");
        message
    }

    /// Exit code, standard output and standard error of a run that may end in any way.
    pub fn ends(mut self) -> (Option<i32>, String, String) {
        let output = self.run();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    /// Starts the command with its standard error in a file of the folder, and does not wait for it.
    pub fn spawn_with_errors_in(mut self, name: &str) -> Child {
        let file = fs::File::create(self.workdir.path(name)).unwrap();
        self.command.stdout(Stdio::null()).stderr(file).spawn().unwrap()
    }

    /// Starts the command without waiting for it; its output is lost.
    pub fn spawn(mut self) -> Child {
        self.command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    fn run(&mut self) -> Output {
        let program = self.command.get_program().to_owned();
        self.command.output().unwrap_or_else(|error| panic!("cannot run {}: {error}", program.display()))
    }

    /// Information about a run for the message of a failed assertion.
    fn story(&self, output: &Output) -> String {
        let mut text = format!(
            "command: {:?}\nfolder: {}\nended with: {}\n",
            self.command,
            self.workdir.folder.path().display(),
            output.status
        );
        for (path, bytes) in self.workdir.snapshot() {
            let size = bytes.map_or("folder".to_owned(), |bytes| format!("{} bytes", bytes.len()));
            let _ = writeln!(text, "  {} ({size})", path.display());
        }
        let _ = write!(
            text,
            "--- standard output\n{}\n--- standard error\n{}\n---",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        text
    }
}
