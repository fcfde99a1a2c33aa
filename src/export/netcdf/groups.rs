//! Global attributes of a file, and the groups of the GS convention.

use netcdf::GroupMut;

use super::writing::Written;
use crate::gis::MappingValue;
use crate::quantities;

/// The groups of a survey.
pub(super) struct SurveyGroups<'a> {
    pub(super) survey: &'a quantities::SurveySelection,
}

const CONVENTIONS: &str = "CF-1.8, GS-2.0";

impl SurveyGroups<'_> {
    /// Writes the attributes of the root, and the groups without the variables of the posterior.
    pub(super) fn write(&self, root: &mut GroupMut<'_>) -> Written<()> {
        let provenance = self.survey.provenance()?;
        let said =
            |name: &str| provenance.iter().find(|(other, _)| *other == name).map_or("-", |(_, text)| text.as_str());
        let history = format!("inverted and exported by {} (run {})", said("source"), said("fingerprint"));
        let texts = [
            ("Conventions", CONVENTIONS),
            ("title", "Posterior of airborne electromagnetic soundings"),
            ("institution", "not_defined"),
            ("source", said("data_file")),
            ("history", &history),
            ("references", "not_defined"),
            ("comment", "Bayesian inversion, each sounding by itself; see the attributes of each variable"),
        ];
        attributes(root, &texts)?;
        for (name, text) in &provenance {
            root.add_attribute(&format!("inversion_{name}"), text.as_str())?;
        }
        let mut survey = root.add_group("survey")?;
        let of_survey =
            [("type", "survey"), ("content", "models"), ("conventions", CONVENTIONS), ("created_by", said("source"))];
        attributes(&mut survey, &texts[1..])?;
        attributes(&mut survey, &of_survey)?;
        for name in ["survey_information", "survey_equipment", "flightline_information"] {
            let mut variable = survey.add_variable::<f64>(name, &[])?;
            variable.put_value(0.0, ())?;
            variable.put_attribute("data_sha256", said("data_sha256"))?;
        }
        let mut models = survey.add_group("models")?;
        attributes(&mut models, &[("type", "container"), ("content", "models of the ground"), ("comment", "-")])?;
        let mut posterior = models.add_group("posterior")?;
        let texts = [
            ("type", "model"),
            ("structure", "tabular"),
            ("mode", "airborne"),
            ("method", "electromagnetic"),
            ("property", "electrical conductivity"),
            ("content", "posterior of layered earths, by depth"),
            ("comment", "The variables of the root group under second names. All are of the posterior at each depth."),
        ];
        attributes(&mut posterior, &texts)?;
        for (name, text) in &provenance {
            posterior.add_attribute(&format!("inversion_{name}"), text.as_str())?;
        }
        Ok(())
    }
}

/// Writes the coordinate reference system.
pub(super) fn write_mapping(group: &mut GroupMut<'_>, mapping: &[(&'static str, MappingValue)]) -> Written<()> {
    let mut variable = group.add_variable::<f64>("spatial_ref", &[])?;
    variable.put_value(0.0, ())?;
    for (name, value) in mapping {
        match value {
            MappingValue::Text(text) => variable.put_attribute(name, text.as_str())?,
            MappingValue::Numbers(values) if values.len() == 1 => variable.put_attribute(name, values[0])?,
            MappingValue::Numbers(values) => variable.put_attribute(name, values.clone())?,
        };
    }
    Ok(())
}

fn attributes(group: &mut GroupMut<'_>, texts: &[(&str, &str)]) -> netcdf::Result<()> {
    texts.iter().try_for_each(|(name, text)| group.add_attribute(name, *text).map(drop))
}
