//! `geobipy merge`: joins line files into the file of a survey.

use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::HumanBytes;

use super::output_file::check_free;
use super::progress::steps;
use super::source::open_results;
use crate::error::{Error, Result};
use crate::merge::{MergeOptions, merge_results};
use crate::parallel::thread_count;
use crate::products::ConductivityClass;
use crate::schema::Status;
use crate::words::plural;

/// Join the lines of a run into one compressed file, with percentiles, interfaces, depth of investigation and more.
///
/// Soundings are sorted by line and fiducial. Partial runs of one line, and files that were merged before, can be
/// merged. Files of other runs, and different results of the same sounding, are refused. `geobipy schema` explains
/// every variable.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  geobipy merge out/resolve -o survey.h5\n  \
    geobipy merge out -o survey.h5 --class clay=0.05:0.5 --class sand=0.002:0.05")]
pub(super) struct MergeArgs {
    /// Directories of results, or result files
    #[arg(required = true, value_name = "RESULTS")]
    sources: Vec<PathBuf>,
    /// File to write
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Merge even if some soundings have not been run
    #[arg(long)]
    allow_missing: bool,
    /// Replace an existing file
    #[arg(long)]
    force: bool,
    /// A class of conductivity in S/m whose probability is computed; may be repeated
    #[arg(long = "class", value_name = "NAME=LOW:HIGH", value_parser = parse_class)]
    classes: Vec<ConductivityClass>,
    /// Level of zlib: 0 for no compression, 9 for the strongest
    #[arg(long, value_name = "LEVEL", default_value_t = 3, value_parser = clap::value_parser!(u32).range(0..=9))]
    compression: u32,
    /// Number of threads, 0 for all cores
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
}

pub(super) fn merge(args: &MergeArgs) -> Result<()> {
    refuse_to_lose(args)?;
    let survey = open_results(&args.sources, &[])?;
    let missing = survey.missing();
    if !args.allow_missing && !missing.is_empty() {
        let mut errors: Vec<Error> = missing.iter().map(|line| Error::Config(line.to_string())).collect();
        errors.push(Error::Config("--allow-missing merges what there is; `geobipy invert` goes on".to_owned()));
        return Err(Error::Many(errors));
    }
    let options = MergeOptions {
        classes: args.classes.clone(),
        compression: args.compression,
        threads: thread_count(args.threads),
    };
    let bar = steps("soundings");
    bar.set_length(survey.len() as u64);
    merge_results(&survey, &args.output, &options, &mut |done| bar.set_position(done as u64))?;
    bar.finish_and_clear();
    let size = std::fs::metadata(&args.output).map_err(Error::io(&args.output))?.len();
    let soundings = plural(survey.len(), "sounding");
    say!("{soundings} of {}: {} ({})", survey.lines_in_words(), args.output.display(), HumanBytes(size));
    let not_run = survey.statuses().iter().filter(|&&status| status == Status::NotRun).count();
    if not_run > 0 {
        say!("{not_run} of them were not run: their values are missing");
    }
    if survey.asked_again() > 0 {
        say!("{} of them still have results of a smaller budget; `geobipy invert` goes on", survey.asked_again());
    }
    Ok(())
}

/// Refuses to overwrite an existing file without `--force`, and to merge a file into itself.
fn refuse_to_lose(args: &MergeArgs) -> Result<()> {
    let output = &args.output;
    let same = |source: &Path| matches!((source.canonicalize(), output.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if output.is_dir() {
        return Err(Error::Config(format!("{}: is a directory; name a file", output.display())));
    }
    if args.sources.iter().any(|source| same(source)) {
        return Err(Error::Config(format!("{}: is among the files to merge", output.display())));
    }
    check_free(output, args.force)
}

/// Parses a class such as `clay=0.05:0.5`.
fn parse_class(text: &str) -> std::result::Result<ConductivityClass, String> {
    let expected = || format!("got '{text}', expected NAME=LOW:HIGH in S/m, as in clay=0.05:0.5");
    let (name, range) = text.split_once('=').ok_or_else(expected)?;
    let (low, high) = range.split_once(':').ok_or_else(expected)?;
    let number = |text: &str| text.trim().parse::<f64>().map_err(|_| expected());
    let (minimum, maximum) = (number(low)?, number(high)?);
    if name.is_empty() || name.contains(char::is_whitespace) {
        return Err(format!("'{name}' is no name: it must not be empty nor have blanks"));
    }
    if !(minimum >= 0.0 && minimum < maximum) {
        return Err(format!("got {minimum} to {maximum} S/m, expected 0 <= LOW < HIGH"));
    }
    Ok(ConductivityClass { name: name.to_owned(), minimum, maximum })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_named_ranges() {
        let class = parse_class("clay=0.05:0.5").unwrap();
        assert_eq!((class.name.as_str(), class.minimum, class.maximum), ("clay", 0.05, 0.5));
        for wrong in ["clay", "clay=0.05", "=1:2", "two words=1:2", "clay=2:1", "clay=-1:1", "clay=a:1", "clay=nan:1"] {
            assert!(parse_class(wrong).is_err(), "{wrong}");
        }
    }
}
