//! Finds numbers that stand for missing values although neither the file nor the configuration says so.

use super::cells::SignedColumn;
use super::columns::{GeometrySource, SurveyColumns};
use super::listed::shortened;
use super::table::Table;
use super::tally::{ColumnTally, Counted, Tally};
use crate::system::GeometryParameter;

/// A number that seems to mean "missing".
#[derive(Debug, Clone, PartialEq)]
pub struct Suspect {
    /// The number as the file has it.
    pub value: f64,
    /// ColumnQuantity of the columns.
    pub quantity: ColumnQuantity,
    /// Names of the columns, in order.
    pub columns: Vec<String>,
    /// How often the number occurs in these columns.
    pub count: usize,
    /// Least and greatest of the other numbers in these columns; `None` when there are no others.
    pub others: Option<(f64, f64)>,
    /// True when the number cannot be a measurement.
    pub is_certain: bool,
    /// A column that a sounding needs and that has this number rightly, so that it cannot be declared a null.
    pub needed_in: Option<String>,
}

/// Quantities whose columns are examined together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColumnQuantity {
    /// Line number or fiducial.
    Key,
    /// Easting or northing.
    Coordinate,
    /// Elevation of the ground.
    Elevation,
    /// Height of the transmitter.
    Height,
    /// Offset of the receiver.
    Offset,
    /// Attitude of a coil.
    Angle,
    /// Data.
    Datum,
    /// Standard deviations of data.
    Std,
    /// Primary field.
    Primary,
}

impl ColumnQuantity {
    /// Returns the word for the values of such columns in messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Key => "line numbers and fiducials",
            Self::Coordinate => "coordinates",
            Self::Elevation => "elevations",
            Self::Height => "heights",
            Self::Offset => "offsets of the receiver",
            Self::Angle => "angles",
            Self::Datum => "data",
            Self::Std => "standard deviations",
            Self::Primary => "primary fields",
        }
    }

    /// Returns whether a sounding cannot do without a number of this quantity.
    pub fn is_required(self) -> bool {
        !matches!(self, Self::Elevation | Self::Datum | Self::Std | Self::Primary)
    }

    /// Returns whether 0 cannot be measured, or hardly ever.
    fn has_no_zero(self) -> bool {
        matches!(self, Self::Coordinate | Self::Height | Self::Datum | Self::Std | Self::Primary)
    }
}

/// How much the digits of a number look like those of a null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Digits {
    /// At least three nines and nothing else, the limit of a type of numbers, or a huge number.
    Null,
    /// Two nines, or a power of ten.
    Round,
    /// Any other.
    Other,
}

/// Largest values of integers of 16, 32 and 64 bits and of floating-point numbers, and Surfer's null.
const LIMITS: [f64; 9] = [
    32_767.0,
    32_768.0,
    65_535.0,
    2_147_483_647.0,
    2_147_483_648.0,
    4_294_967_295.0,
    9_223_372_036_854_775_807.0,
    1.701_41e38,
    f32::MAX as f64,
];
/// No measurement in any unit is as large.
const HUGE: f64 = 1e15;

impl Digits {
    /// Judges a number. Files of numbers with 32 bits have -9999.9900390625 for -9999.99.
    pub(super) fn of(value: f64) -> Self {
        let size = value.abs();
        if size >= HUGE || LIMITS.iter().any(|limit| (size - limit).abs() <= 1e-9 * limit) {
            return Self::Null;
        }
        #[expect(clippy::cast_possible_truncation, reason = "the digits of the shorter number are wanted")]
        let text = format!("{:e}", size as f32);
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let count = digits.chars().filter(char::is_ascii_digit).count();
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let are_nines = digits.chars().all(|digit| matches!(digit, '9' | '.'));
        match count {
            3.. if are_nines && exponent >= 1 => Self::Null,
            2 if are_nines && exponent == 1 => Self::Round,
            1 if digits == "1" && exponent >= 3 => Self::Round,
            _ => Self::Other,
        }
    }
}

/// Least number of repetitions of a number without typical digits, and of one in the midst of the others.
const REPEATED: usize = 5;
/// A number is far from the others from this multiple of their range on.
const FAR: f64 = 3.0;
/// A number without typical digits must be so many times as large as all others.
const LARGER: f64 = 10.0;

/// What is known of a number in one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// Cannot be a measurement.
    Certain,
    /// Cannot be a measurement when it occurs again, in this or another column of the quantity.
    CertainAgain,
    /// May be a measurement.
    Possible,
}

/// Finds the suspicious numbers of the columns that are used.
pub(super) fn suspects(tally: &Tally, table: &Table, columns: &SurveyColumns, unused: &[bool]) -> Vec<Suspect> {
    let mut found: Vec<(Suspect, Vec<Doubt>)> = Vec::new();
    let mut used = used_columns(columns, unused);
    used.sort_unstable();
    used.dedup();
    for &(quantity, index) in &used {
        for ((value, count), doubt, others) in doubts(&tally.columns[index], quantity) {
            let name = shortened(&table.names[index]);
            match found.iter_mut().find(|(known, _)| known.value == value && known.quantity == quantity) {
                Some((known, doubts)) => {
                    known.columns.push(name);
                    known.count += count;
                    known.others =
                        [known.others, others].into_iter().flatten().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
                    doubts.push(doubt);
                }
                None => {
                    let suspect = Suspect {
                        value,
                        quantity,
                        columns: vec![name],
                        count,
                        others,
                        is_certain: false,
                        needed_in: None,
                    };
                    found.push((suspect, vec![doubt]));
                }
            }
        }
    }
    let is_doubtful = |value: f64, index: usize| {
        let name = shortened(&table.names[index]);
        found.iter().any(|(suspect, _)| suspect.value == value && suspect.columns.contains(&name))
    };
    let needed = |value: f64| {
        let has = |column: &ColumnTally| match value {
            0.0 => column.zeros > 0,
            _ => column.candidates().iter().any(|(candidate, _)| *candidate == value),
        };
        let mut required = used.iter().filter(|(quantity, _)| quantity.is_required()).map(|(_, index)| *index);
        let column = required.find(|&index| has(&tally.columns[index]) && !is_doubtful(value, index))?;
        Some(shortened(&table.names[column]))
    };
    let needed_in: Vec<Option<String>> = found.iter().map(|(suspect, _)| needed(suspect.value)).collect();
    let judged = |(suspect, doubts): (Suspect, Vec<Doubt>)| {
        let again = suspect.count > 1 && doubts.contains(&Doubt::CertainAgain);
        Suspect { is_certain: again || doubts.contains(&Doubt::Certain), ..suspect }
    };
    let judged = found.into_iter().map(judged).zip(needed_in);
    judged.map(|(suspect, needed_in)| Suspect { needed_in, ..suspect }).collect()
}

/// Returns the columns of a survey with their quantities, except those of gates that are not used.
fn used_columns(columns: &SurveyColumns, unused: &[bool]) -> Vec<(ColumnQuantity, usize)> {
    let place = &columns.place;
    let of = |quantity| move |column: &SignedColumn| (quantity, column.index);
    let mut used: Vec<(ColumnQuantity, usize)> = place.keys().iter().map(of(ColumnQuantity::Key)).collect();
    used.extend([&place.easting, &place.northing].map(of(ColumnQuantity::Coordinate)));
    used.extend(place.elevation.as_ref().map(of(ColumnQuantity::Elevation)));
    for (parameter, source) in GeometryParameter::ALL.into_iter().zip(&columns.geometry) {
        let quantity = match parameter {
            GeometryParameter::Height => ColumnQuantity::Height,
            _ if parameter.is_angle() => ColumnQuantity::Angle,
            _ => ColumnQuantity::Offset,
        };
        if let GeometrySource::Column(column) = source {
            used.push((quantity, column.index));
        }
    }
    let mut first = 0;
    for system in columns.channels.components.chunk_by(|a, b| a.system == b.system) {
        for component in system {
            let is_used = |gate: usize| !unused.get(first + gate).copied().unwrap_or(false);
            let gates = (0..component.data.len()).filter(|&gate| is_used(gate));
            for gate in gates {
                used.push((ColumnQuantity::Datum, component.data[gate].index));
                let std = component.std.as_ref().and_then(|std| std.get(gate));
                used.extend(std.map(of(ColumnQuantity::Std)));
            }
            used.extend(component.primary.as_ref().map(of(ColumnQuantity::Primary)));
            // The components of a vector share the channels of its length.
            first += if columns.channels.vector_amplitude { 0 } else { component.data.len() };
        }
        if columns.channels.vector_amplitude {
            first += system.first().map_or(0, |component| component.data.len());
        }
    }
    used
}

/// A suspicious number with its count, how certain it is that it means missing, and the range of the other numbers.
type Doubtful = (Counted, Doubt, Option<(f64, f64)>);

/// Returns the suspicious numbers of a column, with the range of the others.
fn doubts(column: &ColumnTally, quantity: ColumnQuantity) -> Vec<Doubtful> {
    let candidates = column.candidates();
    let is_typical = |value: f64| Digits::of(value) != Digits::Other;
    let is_other = |value: &&f64| match **value {
        0.0 => !quantity.has_no_zero(),
        value => !(is_typical(value) && candidates.iter().any(|(candidate, _)| *candidate == value)),
    };
    let mut others: Vec<f64> = column.sample().iter().filter(is_other).copied().collect();
    others.sort_by(f64::total_cmp);
    let Some(range) = range(&others) else {
        return lonely(column, &candidates, quantity);
    };
    let judged = |&(value, count): &Counted| {
        if is_typical(value) {
            let doubt = doubt_of(value, count, quantity, range, &others)?;
            return Some(((value, count), doubt, Some(range)));
        }
        if count < REPEATED {
            return None;
        }
        let rest: Vec<f64> = others.iter().filter(|other| **other != value).copied().collect();
        let range = self::range(&rest)?;
        let doubt = doubt_of(value, count, quantity, range, &rest)?;
        Some(((value, count), doubt, Some(range)))
    };
    let mut found: Vec<_> = candidates.iter().filter_map(judged).collect();
    if column.zeros > 0
        && let Some(doubt) = doubt_of_zeros(column, quantity, range, &others)
    {
        found.push(((0.0, column.zeros), doubt, Some(range)));
    }
    found
}

/// Returns the first and the last of numbers.
fn range(sorted: &[f64]) -> Option<(f64, f64)> {
    sorted.first().copied().zip(sorted.last().copied())
}

/// Judges a column that has only candidates and zeros.
fn lonely(column: &ColumnTally, candidates: &[Counted], quantity: ColumnQuantity) -> Vec<Doubtful> {
    let are_null = |(value, _): &&Counted| quantity != ColumnQuantity::Key && Digits::of(*value) == Digits::Null;
    let mut found: Vec<_> = candidates.iter().filter(are_null).map(|&c| (c, Doubt::CertainAgain, None)).collect();
    if found.is_empty() && quantity.has_no_zero() && quantity != ColumnQuantity::Coordinate && column.zeros > 1 {
        found.push(((0.0, column.zeros), Doubt::Possible, None));
    }
    found
}

/// Judges a number that is not 0 in a column whose others lie in `range`.
fn doubt_of(value: f64, count: usize, quantity: ColumnQuantity, range: (f64, f64), others: &[f64]) -> Option<Doubt> {
    let (low, high) = range;
    let distance = (low - value).max(value - high);
    let largest = low.abs().max(high.abs());
    // The others may be all equal.
    let is_far = distance > FAR * (high - low).max(0.01 * largest);
    // A number with the sign that no other has, and larger than all others.
    let is_opposite = value.abs() > largest && (value > 0.0) != (low > 0.0) && (low > 0.0) == (high > 0.0);
    if quantity == ColumnQuantity::Key {
        let is_null = Digits::of(value) == Digits::Null && value < 0.0 && low >= 0.0;
        return is_null.then_some(Doubt::CertainAgain);
    }
    match Digits::of(value) {
        _ if value.abs() >= HUGE => Some(Doubt::Certain),
        Digits::Null if distance > 0.0 && (is_far || is_opposite) && value.abs() > largest => Some(Doubt::CertainAgain),
        Digits::Null if is_far => Some(Doubt::CertainAgain),
        Digits::Null if distance > 0.0 && count > 1 => Some(Doubt::Possible),
        // Numbers of many digits hardly ever repeat by chance.
        Digits::Null if count >= REPEATED && most_frequent(others) == 1 => Some(Doubt::Possible),
        Digits::Round if is_far && count > 2 => Some(Doubt::Possible),
        Digits::Other if is_far && largest > 0.0 && value.abs() > LARGER * largest => Some(Doubt::Possible),
        _ => None,
    }
}

/// Judges the zeros of a column whose other numbers, in rising order, are `others`.
fn doubt_of_zeros(column: &ColumnTally, quantity: ColumnQuantity, range: (f64, f64), others: &[f64]) -> Option<Doubt> {
    let (low, high) = range;
    let distance = low.max(-high);
    if !quantity.has_no_zero() {
        let is_far = distance > high - low;
        return (quantity == ColumnQuantity::Elevation && is_far && column.zeros > 1).then_some(Doubt::Possible);
    }
    if quantity == ColumnQuantity::Height || quantity == ColumnQuantity::Std {
        return Some(Doubt::Certain);
    }
    if distance > 0.0 {
        // 0 is the next of numbers with few digits.
        let steps = others.windows(2).map(|pair| pair[1] - pair[0]).filter(|step| *step > 0.0);
        let is_next = distance <= 2.0 * steps.fold(f64::INFINITY, f64::min);
        let is_far = distance > FAR * (high - low);
        return match quantity {
            ColumnQuantity::Coordinate => is_far.then_some(Doubt::CertainAgain),
            _ if is_next => None,
            _ => Some(Doubt::Possible),
        };
    }
    // Rounding makes each number as often as its neighbours.
    let by_rounding = match most_frequent(others) {
        1 => 1,
        count => REPEATED * count,
    };
    let in_sample = column.sample().iter().filter(|value| **value == 0.0).count();
    let is_repeated = if by_rounding == 1 { column.zeros > 1 } else { in_sample > by_rounding };
    (quantity != ColumnQuantity::Coordinate && is_repeated).then_some(Doubt::Possible)
}

/// Returns how often the most frequent of `sorted` numbers occurs.
fn most_frequent(sorted: &[f64]) -> usize {
    sorted.chunk_by(|a, b| a == b).map(<[f64]>::len).max().unwrap_or(0)
}
