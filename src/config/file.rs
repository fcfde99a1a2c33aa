//! A configuration from the text of its file.

use std::path::Path;

use super::check::{Checker, WrongValue};
use super::description::description;
use super::ranges::out_of_range;
use super::set;
use super::syntax::syntax_error;
use super::whole::Config;
use crate::error::{Error, Result};
use crate::text::read_text;

impl Config {
    /// Reads the configuration in the file `path`; file names in it become relative to the file's folder.
    ///
    /// # Errors
    /// The file cannot be read, or has unknown keys or invalid values.
    pub fn read(path: &Path) -> Result<Self> {
        Self::of_file(&read_text(path)?, path, &[])
    }

    /// Checks the configuration in `text`, from the file `path`; values in `sets` (`key=value`) replace those of the
    /// text. File names become relative to the file's folder.
    pub fn of_file(text: &str, path: &Path, sets: &[String]) -> Result<Self> {
        let mut config = Self::parse_with(text, path, sets)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        config.survey.data = folder.join(&config.survey.data);
        config.survey.system.iter_mut().for_each(|system| *system = folder.join(&*system));
        config.leave_out.set_folder(folder);
        config.survey.definition = config.survey.definition.map(|definition| folder.join(definition));
        Ok(config)
    }

    /// Checks the configuration in `text`; messages name the file `path`.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        Self::parse_with(text, path, &[])
    }

    fn parse_with(text: &str, path: &Path, sets: &[String]) -> Result<Self> {
        // Read the text itself first: its errors have a line number, those of a table have none.
        let mut config: Config = toml::from_str(text).map_err(|error| syntax_error(text, path, &error))?;
        if !sets.is_empty() {
            let table = toml::from_str(text).map_err(|error| syntax_error(text, path, &error))?;
            config = set::apply(table, sets)?;
        }
        let wrong: Vec<Error> = config.wrong_values().into_iter().map(|wrong| wrong.at(text, path, sets)).collect();
        if wrong.is_empty() { Ok(config) } else { Err(Error::Many(wrong)) }
    }

    /// Returns every value that is out of range.
    fn wrong_values(&self) -> Vec<WrongValue> {
        // JSON has no infinities and no NaN; they become null, which no range contains.
        let values = serde_json::to_value(self).unwrap_or_default();
        let mut check = Checker { wrong: out_of_range(&values, description().as_value()) };
        self.check(&mut check);
        check.wrong
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const FILES: &str = "[survey]\ndata = 'a.csv'\nsystem = ['s.stm']\n";

    fn message(more: &str) -> String {
        Config::parse(&format!("{FILES}{more}"), Path::new("c.toml")).unwrap_err().to_string()
    }

    #[test]
    fn defaults_are_valid_and_survive_writing() {
        let config = Config::parse(FILES, Path::new("c.toml")).unwrap();
        let again = Config::parse(&config.to_toml(), Path::new("c.toml")).unwrap();
        assert_eq!(config.to_toml(), again.to_toml());
    }

    #[test]
    fn misspelt_keys_and_values_get_a_suggestion() {
        assert_eq!(
            message("[model]\nmaximum_layer = 3\n"),
            "c.toml, line 5: got unknown key maximum_layer, expected maximum_layers (did you mean that?)"
        );
        assert_eq!(
            message("[prior]\nlayer_count = 'uniforn'\n"),
            "c.toml, line 5: got unknown value uniforn, expected uniform (did you mean that?)"
        );
        assert!(message("[priors]\n").contains("line 4: got unknown key priors, expected prior"));
    }

    #[test]
    fn values_out_of_range_or_of_wrong_type_are_named() {
        assert_eq!(
            message("[model]\nmaximum_depth_m = -4.0\n").lines().next().unwrap(),
            "c.toml, line 5, column model.maximum_depth_m: got -4, expected a positive number"
        );
        let wrong_type = message("[sampler]\nchains = 'four'\n");
        assert_eq!(wrong_type, "c.toml, line 5, column chains: got string \"four\", expected a whole number");
        let no_table = Config::parse("survey = 3", Path::new("c.toml")).unwrap_err().to_string();
        assert_eq!(no_table, "c.toml, line 1, column survey: got integer `3`, expected a table of keys");
        let one_file = Config::parse("[survey]\ndata = 'a.csv'\nsystem = 's.stm'", Path::new("c.toml")).unwrap();
        assert_eq!(one_file.survey.system, [PathBuf::from("s.stm")]);
        let no_file = Config::parse("[survey]\nsystem = 3", Path::new("c.toml")).unwrap_err().to_string();
        assert!(no_file.ends_with("expected a file name or a list of file names"), "{no_file}");
        assert!(message("[sampler]\nchains = -1\n").contains("line 5"));
        assert!(message("[sampler]\nchains = 1\n").contains("sampler.chains: got 1, expected a number from 2 to 64"));
        let packed = "[model]\nmaximum_layers = 150\nminimum_thickness_m = 2.0\nmaximum_depth_m = 150.0\n";
        assert!(message(packed).contains("fit into 149.5 m"));
        assert!(message("[model\n").contains("line 4"));
    }

    #[test]
    fn quoted_noise_and_factors_are_checked() {
        for (errors, expected) in [
            ("quoted_relative = 0.03", "errors.quoted_additive = nothing, expected a value: quoted_relative and"),
            ("quoted_additive = [1.0, 2.0]", "errors.quoted_relative = nothing, expected a value: quoted_relative and"),
            (
                "quoted_relative = 0.03\nquoted_additive = 0.0",
                "errors.quoted_additive: got 0, expected a positive number",
            ),
            ("std_factor_minimum = 6.0", "errors.std_factor_maximum = 5, expected at least std_factor_minimum (6)"),
            ("std_factor_minimum = 0.0", "errors.std_factor_minimum: got 0, expected a number from 0.001 to 1000"),
        ] {
            let told = message(&format!("[errors]\n{errors}\n"));
            assert!(told.contains(expected), "{told}");
        }
    }

    #[test]
    fn file_names_are_required() {
        let text = Config::parse("", Path::new("c.toml")).unwrap_err().to_string();
        assert!(text.contains("survey.data") && text.contains("survey.system"), "{text}");
    }
}
