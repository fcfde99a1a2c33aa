//! Defaults that depend on the system, and checks that need the system files.

use std::path::Path;

use super::check::Checker;
use super::sections::DecayChoice;
use super::values::PerGroup;
use super::whole::Config;
use crate::error::{Error, InputError, Result};
use crate::system::{MeasuredField, System};

impl Config {
    /// Sets the defaults that depend on the kind of system.
    pub fn resolve(&mut self, system: &System, path: &Path) -> Result<()> {
        let additive =
            if self.errors.additive_per_channel.is_empty() { system.usual_additive_error() } else { Some((1.0, 1.0)) };
        self.columns.resolve();
        self.model.maximum_depth_m.get_or_insert(system.usual_depth_m());
        if let Some((minimum, maximum)) = additive {
            self.errors.additive_minimum.get_or_insert(PerGroup::One(minimum));
            self.errors.additive_maximum.get_or_insert(PerGroup::One(maximum));
        }
        if system.is_time_domain() {
            let decays = self.errors.additive_per_channel.is_empty() && system.additive_error_decays();
            let default = if decays { DecayChoice::InverseSqrtTime } else { DecayChoice::None };
            self.errors.additive_decay.get_or_insert(default);
        }
        self.check_against(system, path)
    }

    /// Checks the values that depend on the system files.
    fn check_against(&self, system: &System, path: &Path) -> Result<()> {
        let groups = system.error_group_names();
        let mut wrong = Vec::new();
        let mut complain = |key: &str, got: String, expected: String| {
            wrong.push(InputError::file(path, format!("{key}: {got}"), expected));
        };
        let errors = &self.errors;
        let given = [
            ("errors.relative_minimum", Some(&errors.relative_minimum)),
            ("errors.relative_maximum", Some(&errors.relative_maximum)),
            ("errors.std_factor_minimum", Some(&errors.std_factor_minimum)),
            ("errors.std_factor_maximum", Some(&errors.std_factor_maximum)),
            ("errors.additive_minimum", errors.additive_minimum.as_ref()),
            ("errors.additive_maximum", errors.additive_maximum.as_ref()),
        ];
        for (key, values) in given {
            if let Some(PerGroup::Each(values)) = values
                && values.len() != groups.len()
            {
                let expected = format!("{}, one for each of {}", groups.len(), groups.join(", "));
                complain(key, format!("{} values", values.len()), expected);
            }
        }
        if system.is_time_domain() {
            let (survey, moments) = (&self.survey, system.moments());
            let gates: usize = moments.iter().map(|s| s.components().len() * s.gates.len()).sum();
            if let Some(PerGroup::Each(values)) = &errors.quoted_additive
                && values.len() != gates
            {
                let expected = format!("{gates}, one for each gate of each component");
                complain("errors.quoted_additive", format!("{} values", values.len()), expected);
            }
            for (key, times) in
                [("survey.gates_from_s", &survey.gates_from_s), ("survey.gates_to_s", &survey.gates_to_s)]
            {
                if let Some(PerGroup::Each(times)) = times
                    && times.len() != moments.len()
                {
                    complain(key, format!("{} values", times.len()), format!("{}, one for each system", moments.len()));
                }
            }
        }
        let shapes = errors.additive_per_channel.len();
        if shapes > 0 && shapes != system.channel_count() {
            let expected = format!("{}, one for each channel", system.channel_count());
            complain("errors.additive_per_channel", format!("{shapes} values"), expected);
        }
        if !system.is_time_domain() {
            for key in self.time_domain_only() {
                complain(key, "a value".into(), "none: only time-domain surveys have it".into());
            }
        }
        for parameter in self.geometry.sampled().filter(|parameter| !system.sampled_geometry().contains(parameter)) {
            let key = format!("geometry.{}.prior", parameter.name());
            let expected = "\"fixed\": frequency-domain systems sample the height only";
            complain(&key, "a prior".into(), expected.into());
        }
        // Values are checked against the defaults of this kind of system; the errors have no line numbers.
        let mut check = Checker::default();
        self.model.check(&mut check);
        self.errors.check(&mut check);
        wrong.extend(check.wrong.into_iter().map(|value| value.at("", path, &[])));
        if wrong.is_empty() { Ok(()) } else { Err(Error::Many(wrong)) }
    }

    /// Returns the given keys that frequency-domain surveys do not have.
    fn time_domain_only(&self) -> impl Iterator<Item = &'static str> {
        let survey = &self.survey;
        let given = [
            ("survey.components", !survey.components.is_empty()),
            ("survey.field", survey.field != MeasuredField::Secondary),
            ("survey.vector_amplitude", survey.vector_amplitude),
            ("survey.gates_from_s", survey.gates_from_s.is_some()),
            ("survey.gates_to_s", survey.gates_to_s.is_some()),
            ("errors.additive_decay", self.errors.additive_decay.is_some()),
            ("errors.quoted_relative", self.errors.quoted_relative.is_some()),
            ("errors.quoted_additive", self.errors.quoted_additive.is_some()),
        ];
        given.into_iter().filter(|(_, given)| *given).map(|(key, _)| key)
    }
}
