//! Quantities that can be exported, by their names in the schema, and resistivities.

use super::slice::Slice;
use super::statistic::Statistic;
use super::survey::SurveySelection;
use crate::error::{Error, Result};
use crate::products::Marginal;
use crate::schema::{Dim, FIELDS, Field, Role, Warning, field, fields};
use crate::system::GeometryParameter;

/// A quantity of every sounding, or of every depth cell of every sounding.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Name in products.
    pub name: String,
    /// The variable with its values.
    pub field: &'static Field,
    /// Unit, 1 for none.
    pub unit: String,
    /// Label for axes.
    pub long_name: String,
    /// Full description.
    pub meaning: String,
    /// True when its logarithm is uniform on a scale: conductivities and resistivities.
    pub is_logarithmic: bool,
    /// Statistic of the samples over an interval of depth.
    pub statistic: Statistic,
    /// Values per sounding: 1, or one for each depth cell.
    pub width: usize,
    /// Values sounding by sounding, NaN where there is none.
    pub values: Vec<f64>,
}

/// Number of histograms in memory at a time.
const HITMAPS: usize = 128;

/// Returns whether a field's dimensions allow its export.
fn is_exportable(field: &Field) -> bool {
    matches!(field.dims, [Dim::Sounding] | [Dim::Sounding, Dim::Depth]) && *field != fields::SOUNDING
}

/// Returns the name of the conductivity from which a resistivity is computed. A low percentile of resistivity is a high one of conductivity.
fn conductivity_of(name: &str) -> Option<String> {
    let rest = name.strip_prefix("resistivity_")?;
    Some(format!("conductivity_{}", mirrored(rest)))
}

/// Returns the name of the depth from which an elevation is computed. A low percentile of elevation is a high one of depth.
fn depth_of(name: &str) -> Option<String> {
    let rest = name.strip_prefix("elevation_of_")?;
    Some(match rest.rsplit_once('_') {
        Some((what, percentile)) => format!("depth_of_{what}_{}", mirrored(percentile)),
        None => format!("depth_of_{rest}"),
    })
}

/// Returns the name of the percentile of a quantity that falls where the other rises.
fn mirrored(percentile: &str) -> &str {
    match percentile {
        "p05" => "p95",
        "p10" => "p90",
        "p90" => "p10",
        "p95" => "p05",
        same => same,
    }
}

impl Quantity {
    /// Reads the quantity `name` of a survey: a variable of its file, `resistivity_...` for `conductivity_...`,
    /// `elevation_of_...` for `depth_of_...`, `class_probability_NAME`, `probability_above_CONDUCTIVITY`, `warning_NAME`, or a variable by error group or geometry parameter with its
    /// name: `relative_error_p50_s0_z`, `geometry_p50_height`.
    ///
    /// # Errors
    /// There is no quantity with that name.
    pub fn read(survey: &SurveySelection, name: &str) -> Result<Self> {
        if let Some(class) = name.strip_prefix("class_probability_") {
            return Self::of_class(survey, name, class);
        }
        if let Some(limit) = name.strip_prefix("probability_above_") {
            return Self::above(survey, name, limit);
        }
        if let Some(warning) = name.strip_prefix("warning_") {
            return Self::of_warning(survey, name, warning);
        }
        if let Some(depth) = depth_of(name) {
            return Self::elevation(survey, name, &depth);
        }
        if let Some((field, member)) = member_of(survey, name)? {
            return Self::of_member(survey, name, field, member);
        }
        let conductivity = conductivity_of(name);
        let variable = conductivity.as_deref().unwrap_or(name);
        let Some(field) = field(variable).filter(|field| is_exportable(field) && survey.has(field)) else {
            return Err(unknown(survey, name));
        };
        let mut values = survey.read(field)?;
        let mut quantity = Self {
            name: name.to_owned(),
            field,
            unit: survey.unit(field)?,
            long_name: field.long_name.to_owned(),
            meaning: field.full_meaning(),
            is_logarithmic: variable.starts_with("conductivity_"),
            statistic: statistic(field),
            width: values.len() / survey.len(),
            values: Vec::new(),
        };
        if conductivity.is_some() {
            values.iter_mut().for_each(|value| *value = 1.0 / *value);
            quantity.unit = "ohm m".to_owned();
            quantity.statistic = match quantity.statistic {
                Statistic::Percentile(fraction) => Statistic::InversePercentile(fraction),
                Statistic::Mean => Statistic::InverseMean,
                same => same,
            };
            // A low percentile of resistivity comes from a high percentile of conductivity, but is described as low.
            let named = self::field(&name.replacen("resistivity", "conductivity", 1)).unwrap_or(field);
            quantity.long_name = named.long_name.replace("conductivity", "resistivity");
            quantity.meaning = format!("1 / {variable}. {}", field.full_meaning());
        }
        Ok(Self { values, ..quantity })
    }

    /// The elevation of a depth below the ground, NaN where the elevation of the ground is not known.
    fn elevation(survey: &SurveySelection, name: &str, depth: &str) -> Result<Self> {
        let depth = Self::read(survey, depth)?;
        let elevation = |(ground_m, depth_m): (&f64, &f64)| ground_m - depth_m;
        let values = survey.elevation_m.iter().zip(&depth.values).map(elevation).collect();
        Ok(Self {
            name: name.to_owned(),
            // The label of the same percentile.
            long_name: field(&name.replacen("elevation_of", "depth_of", 1))
                .map_or(&*depth.long_name, |named| named.long_name)
                .replacen("depth", "elevation", 1),
            meaning: format!("elevation - {}. {}", depth.name, depth.meaning),
            values,
            ..depth
        })
    }

    /// Makes the quantity of one error group or one geometry parameter.
    fn of_member(
        survey: &SurveySelection,
        name: &str,
        field: &'static Field,
        (member, label): (usize, String),
    ) -> Result<Self> {
        let width = survey.results().row_len(field)?;
        let is_angle = GeometryParameter::ALL.into_iter().any(|p| p.is_angle() && p.name() == label);
        let unit = match field.dims {
            [_, Dim::GeometryParameter] => if is_angle { "deg" } else { "m" }.to_owned(),
            _ => survey.unit(field)?,
        };
        Ok(Self {
            name: name.to_owned(),
            field,
            unit,
            long_name: if width == 1 { field.long_name.to_owned() } else { format!("{}: {label}", field.long_name) },
            meaning: format!("Of {label}. {}", field.full_meaning()),
            is_logarithmic: false,
            statistic: Statistic::OfCells,
            width: 1,
            values: survey.read(field)?.into_iter().skip(member).step_by(width).collect(),
        })
    }

    fn of_class(survey: &SurveySelection, name: &str, class: &str) -> Result<Self> {
        let classes = survey.results().classes()?;
        let Some(place) = classes.iter().position(|(other, ..)| other == class) else {
            let names: Vec<&str> = classes.iter().map(|(name, ..)| name.as_str()).collect();
            let there = if names.is_empty() { "no classes".to_owned() } else { format!("only {}", names.join(", ")) };
            let message = format!("has no class {class}, {there}: `geobipy merge --class NAME=LOW:HIGH` makes them");
            return Err(Error::results(survey.name(), message));
        };
        let (_, low, high) = classes[place];
        let values: Vec<f64> =
            survey.read(&fields::CLASS_PROBABILITY)?.into_iter().skip(place).step_by(classes.len()).collect();
        Ok(Self {
            name: name.to_owned(),
            field: &fields::CLASS_PROBABILITY,
            unit: "1".to_owned(),
            long_name: format!("probability of {class}"),
            meaning: format!("Probability of a conductivity within the class {class}, from the hitmap."),
            is_logarithmic: false,
            statistic: Statistic::Between(low, high),
            width: values.len() / survey.len(),
            values,
        })
    }

    /// Returns 1 where the verdict has a warning, 0 where it has not.
    fn of_warning(survey: &SurveySelection, name: &str, warning: &str) -> Result<Self> {
        let Some(warning) = Warning::ALL.into_iter().find(|other| other.name() == warning) else {
            let message = format!("{name}: expected one of {}", Warning::ALL.map(Warning::name).join(", "));
            return Err(Error::Config(message));
        };
        if !survey.has(&fields::STATUS_WARNINGS) {
            return Err(Error::results(
                survey.name(),
                "has no warnings, because it is older than schema 2.5: invert again",
            ));
        }
        let is_set = |set: f64| if set.is_nan() { set } else { f64::from(u8::from(set as i32 & warning.bit() != 0)) };
        Ok(Self {
            name: name.to_owned(),
            field: &fields::STATUS_WARNINGS,
            unit: "1".to_owned(),
            long_name: format!("warning: {}", warning.name().replace('_', " ")),
            meaning: "1 where the verdict on the sounding has this warning, else 0.".to_owned(),
            is_logarithmic: false,
            statistic: Statistic::OfCells,
            width: 1,
            values: survey.read(&fields::STATUS_WARNINGS)?.into_iter().map(is_set).collect(),
        })
    }

    /// Computes the probability from the hitmap; it is exact within the width of a cell.
    fn above(survey: &SurveySelection, name: &str, limit: &str) -> Result<Self> {
        let Some(limit) = limit.parse().ok().filter(|limit: &f64| *limit > 0.0 && limit.is_finite()) else {
            let message = format!("{name}: expected a conductivity in S/m, as in probability_above_0.1");
            return Err(Error::Config(message));
        };
        let bounds = survey.results().bounds(&fields::LOG10_CONDUCTIVITY_BOUNDS)?;
        let above = |counts: &[u32]| {
            Marginal::new(&bounds, counts).map_or(f64::NAN, |m| m.probability_between(limit.log10(), f64::INFINITY))
        };
        let mut values = Vec::new();
        for first in (0..survey.len()).step_by(HITMAPS) {
            let hitmaps = survey.hitmaps(first..(first + HITMAPS).min(survey.len()))?;
            values.extend(hitmaps.chunks_exact(bounds.len() - 1).map(above));
        }
        Ok(Self {
            name: name.to_owned(),
            field: &fields::HITMAP,
            unit: "1".to_owned(),
            long_name: format!("probability of more than {limit} S/m"),
            meaning: format!(
                "Probability of a conductivity above {limit} S/m, from the hitmap, with counts uniform within its cells."
            ),
            is_logarithmic: false,
            statistic: Statistic::Between(limit, f64::INFINITY),
            width: values.len() / survey.len(),
            values,
        })
    }

    /// Returns whether there is a value for every depth cell.
    pub fn is_by_depth(&self) -> bool {
        self.width > 1
    }

    /// Returns whether its value at `slice` needs the samples.
    pub(crate) fn is_sampled(&self, slice: &Slice) -> bool {
        matches!(slice, Slice::Interval(..)) && self.is_by_depth() && self.statistic != Statistic::OfCells
    }

    /// Returns values of all soundings from the values of their cells: over an interval the mean, for conductivities
    /// the geometric mean. A quantity that is not by depth has its values unchanged.
    pub(crate) fn of_cells(&self, survey: &SurveySelection, slice: &Slice) -> Vec<f64> {
        if !self.is_by_depth() {
            return self.values.clone();
        }
        let of = |(row, &elevation_m): (&[f64], &f64)| {
            let bounds = &survey.depth_bounds_m;
            if self.is_logarithmic {
                10_f64.powf(slice.of(bounds, |cell| row[cell].log10(), elevation_m))
            } else {
                slice.of(bounds, |cell| row[cell], elevation_m)
            }
        };
        self.values.chunks_exact(self.width).zip(&survey.elevation_m).map(of).collect()
    }

    /// Returns the label at `slice`.
    pub(crate) fn label_at(&self, slice: &Slice) -> String {
        match slice {
            _ if !self.is_by_depth() => self.long_name.clone(),
            Slice::Interval(..) if self.is_sampled(slice) => format!("{}, of the mean over {slice}", self.long_name),
            Slice::Interval(..) => format!("{}, mean over {slice}", self.long_name),
            Slice::Depth(_) | Slice::Elevation(_) => format!("{}, at {slice}", self.long_name),
        }
    }

    /// Returns the description at `slice`.
    pub(crate) fn meaning_at(&self, slice: &Slice) -> String {
        match slice {
            _ if !self.is_by_depth() => self.meaning.clone(),
            Slice::Interval(..) if self.is_sampled(slice) => format!(
                "Computed from the thinned samples: the {} of the mean ln conductivity of each sample over {slice}, weighted by thickness.",
                self.long_name
            ),
            Slice::Interval(..) => {
                let mean = if self.is_logarithmic { "Geometric mean" } else { "Mean" };
                format!("{mean} over the cells of {slice}, weighted by thickness, of {}. {}", self.name, self.meaning)
            }
            Slice::Depth(_) | Slice::Elevation(_) => format!("{} At {slice}.", self.meaning),
        }
    }
}

/// Finds a variable by error group or geometry parameter in `name`, which ends with the name of a member. Returns the
/// variable, and position and name of the member. Without a member the only one is meant.
fn member_of(survey: &SurveySelection, name: &str) -> Result<Option<(&'static Field, (usize, String))>> {
    let by_member = |field: &&Field| matches!(field.dims, [Dim::Sounding, Dim::ErrorGroup | Dim::GeometryParameter]);
    for field in FIELDS.iter().copied().filter(by_member) {
        let Some(rest) = name.strip_prefix(field.name).filter(|_| survey.has(field)) else { continue };
        let results = survey.results();
        let (names, labels) = if field.dims[1] == Dim::ErrorGroup {
            (results.names(&fields::ERROR_GROUP, "error_group_names")?, results.error_group_labels()?)
        } else {
            let names = results.names(&fields::GEOMETRY_PARAMETER, "geometry_parameter_names")?;
            (names.clone(), names)
        };
        let is_meant = |i: &usize| rest == format!("_{}", names[*i]) || rest.is_empty() && names.len() == 1;
        let Some(member) = (0..names.len()).find(is_meant) else {
            let there: Vec<String> = names.iter().map(|member| format!("{}_{member}", field.name)).collect();
            return Err(Error::results(survey.name(), format!("has no {name}, only {}", there.join(", "))));
        };
        let label = labels.get(member).unwrap_or(&names[member]).clone();
        return Ok(Some((field, (member, label))));
    }
    Ok(None)
}

/// Returns which statistic of the samples' conductivities a variable is.
fn statistic(field: &Field) -> Statistic {
    let of = |statistic: &(&Field, Statistic)| statistic.0 == field;
    let known = [
        (&fields::CONDUCTIVITY_P05, Statistic::Percentile(0.05)),
        (&fields::CONDUCTIVITY_P10, Statistic::Percentile(0.10)),
        (&fields::CONDUCTIVITY_P50, Statistic::Percentile(0.50)),
        (&fields::CONDUCTIVITY_P90, Statistic::Percentile(0.90)),
        (&fields::CONDUCTIVITY_P95, Statistic::Percentile(0.95)),
        (&fields::CONDUCTIVITY_MEAN, Statistic::Mean),
        (&fields::CREDIBLE_WIDTH, Statistic::Width),
    ];
    known.into_iter().find(of).map_or(Statistic::OfCells, |(_, statistic)| statistic)
}

fn unknown(survey: &SurveySelection, name: &str) -> Error {
    if name.starts_with(fields::MOST_PROBABLE_CLASS.name) {
        let message = format!("has no {name}: `geobipy merge --class NAME=LOW:HIGH` makes it");
        return Error::results(survey.name(), message);
    }
    if field(name).is_some_and(|field| field.role == Role::Result && is_exportable(field)) {
        let message = format!("has no {name}: a newer version of the program writes it, invert again");
        return Error::results(survey.name(), message);
    }
    let there = FIELDS.iter().filter(|field| is_exportable(field) && survey.has(field));
    let nearest = there.map(|field| field.name).max_by(|a, b| {
        let likeness = |other: &str| strsim::jaro_winkler(name, other);
        likeness(a).total_cmp(&likeness(b))
    });
    let hint = nearest.map_or_else(String::new, |nearest| format!("; did you mean {nearest}?"));
    let message = format!("has no quantity {name} per sounding or depth{hint} (`geobipy schema` lists all)");
    Error::results(survey.name(), message)
}
