//! The rooms of `src`, in order.

/// A folder or file of `src`.
pub struct Room {
    /// Its name there.
    pub name: &'static str,
    /// What it is about; the list at the top of `src/lib.rs` and in the README has it in these words.
    pub sentence: &'static str,
    /// The rooms that it may use.
    pub uses: &'static [&'static str],
}

const fn room(name: &'static str, sentence: &'static str, uses: &'static [&'static str]) -> Room {
    Room { name, sentence, uses }
}

/// The rooms in order: each uses only rooms before it.
pub const ROOMS: &[Room] = &[
    room("constants", "Constants of nature.", &[]),
    room("error", "The one error type: what went wrong, where, what was found and what was expected.", &[]),
    room("text", "Texts in UTF-8 or Latin-1.", &["error"]),
    room("words", "Numbers of things in words.", &[]),
    room("files", "Files that appear under their name when they are whole.", &["error"]),
    room("quantiles", "The value below which a share of values lies.", &[]),
    room("fuzz", "Texts that are nearly right, for tests of readers.", &[]),
    room("earth", "A layered earth, and the grids that posteriors are counted on.", &["error", "constants"]),
    room("system", "Instruments, and the files that describe them.", &["error", "text", "constants", "fuzz"]),
    room(
        "forward",
        "Physics: the data that an instrument measures over an earth, and their derivatives.",
        &["earth", "system", "constants", "error"],
    ),
    room("gis", "Coordinate reference systems, polygons, points and rasters, by GDAL.", &["error"]),
    room(
        "survey",
        "Soundings, and the survey files of all kinds that they are read from.",
        &["earth", "fuzz", "gis", "system", "files", "quantiles", "text", "error"],
    ),
    room(
        "bayes",
        "Computes the posterior of one sounding: priors, likelihood, moves, chains, convergence.",
        &["earth", "forward", "system", "quantiles", "error"],
    ),
    room(
        "schema",
        "Defines results: the table of all variables, and the files that have them.",
        &["bayes", "earth", "survey", "system", "files", "error"],
    ),
    room(
        "products",
        "Quantities computed from a posterior: percentiles, interfaces, probabilities of classes.",
        &["schema", "earth", "quantiles", "error"],
    ),
    room("results", "Reads results, from one file or from many.", &["schema", "survey", "error"]),
    room(
        "merge",
        "Joins the files of lines into the file of a survey, with products.",
        &["products", "results", "schema", "earth", "error"],
    ),
    room("parallel", "Distributes soundings to the threads of a process, or to the ranks of an MPI job.", &["error"]),
    room(
        "quantities",
        "Quantities of merged results to draw and export, at depths and in maps.",
        &["merge", "parallel", "products", "results", "schema", "gis", "system", "error"],
    ),
    room(
        "plot",
        "Draws figures of results.",
        &[
            "quantities",
            "results",
            "products",
            "schema",
            "survey",
            "gis",
            "system",
            "bayes",
            "earth",
            "words",
            "quantiles",
            "text",
            "error",
        ],
    ),
    room(
        "export",
        "Writes results in the formats of other programs.",
        &[
            "plot",
            "quantities",
            "results",
            "schema",
            "products",
            "gis",
            "survey",
            "system",
            "files",
            "quantiles",
            "error",
        ],
    ),
    room(
        "config",
        "The configuration of a run: keys, defaults, ranges, and the text that explains them.",
        &["bayes", "forward", "survey", "system", "text", "error"],
    ),
    room(
        "import",
        "Translates files of other programs to configurations and instruments: options of GeoBIPy, YAML of gspy, Aarhus .gex files.",
        &["config", "earth", "forward", "system", "fuzz", "text", "error"],
    ),
    room(
        "run",
        "Inverts a survey: the settings that all soundings share, the targets of each, the result files.",
        &[
            "config",
            "parallel",
            "results",
            "schema",
            "bayes",
            "survey",
            "gis",
            "forward",
            "system",
            "words",
            "files",
            "quantiles",
            "error",
        ],
    ),
    room(
        "simulate",
        "Makes survey files from known earths.",
        &["run", "config", "parallel", "bayes", "survey", "forward", "system", "earth", "text", "error"],
    ),
    room(
        "check",
        "Finds errors in a survey before its inversion, and estimates the cost of the inversion.",
        &[
            "run",
            "plot",
            "parallel",
            "schema",
            "bayes",
            "survey",
            "forward",
            "gis",
            "system",
            "earth",
            "words",
            "quantiles",
            "error",
        ],
    ),
    room(
        "init",
        "Makes a first configuration from what the files of a survey say.",
        &["run", "config", "survey", "system", "error"],
    ),
    room(
        "noise",
        "Estimates the noise of a survey from its own data.",
        &["run", "config", "results", "survey", "system", "files", "quantiles", "error"],
    ),
    room(
        "cli",
        "The command line: arguments, progress bars, printing.",
        &[
            "noise",
            "init",
            "check",
            "simulate",
            "run",
            "import",
            "config",
            "export",
            "plot",
            "quantities",
            "parallel",
            "merge",
            "results",
            "products",
            "schema",
            "survey",
            "gis",
            "system",
            "words",
            "files",
            "error",
        ],
    ),
];
