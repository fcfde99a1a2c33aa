//! Attributes of variables: missing values, packing, coordinate reference systems.

use ::netcdf::types::{FloatType, IntType, NcVariableType};
use ::netcdf::{AttributeValue, Variable};

/// Names of the attributes that give missing values; `null_value` is that of older files of the GS convention.
const MISSING: [&str; 3] = ["_FillValue", "missing_value", "null_value"];

/// Returns the numbers that mean a missing value, before unpacking.
pub(super) fn missing(variable: &Variable<'_>) -> Vec<f64> {
    let kind = variable.vartype();
    let mut missing: Vec<f64> = MISSING.iter().flat_map(|name| numbers(variable, name)).collect();
    if kind == NcVariableType::Float(FloatType::F32) {
        // The number in the attribute may be more precise than those of the variable.
        missing.extend(missing.clone().into_iter().map(|value| f64::from(value as f32)));
    }
    if variable.attribute_value("_FillValue").is_none() {
        missing.extend(default_fill(&kind));
    }
    missing
}

/// Returns what netCDF has where nothing was written.
fn default_fill(kind: &NcVariableType) -> Option<f64> {
    match kind {
        NcVariableType::Float(FloatType::F64) => Some(9.969_209_968_386_869e36),
        NcVariableType::Float(FloatType::F32) => Some(f64::from(9.969_21e36_f32)),
        NcVariableType::Int(IntType::I16) => Some(-32_767.0),
        NcVariableType::Int(IntType::I32) => Some(-2_147_483_647.0),
        NcVariableType::Int(IntType::I64) => Some(-9_223_372_036_854_775_806_i64 as f64),
        _ => None,
    }
}

/// Returns the number in an attribute.
pub(super) fn number(variable: &Variable<'_>, name: &str) -> Option<f64> {
    numbers(variable, name).first().copied()
}

fn numbers(variable: &Variable<'_>, name: &str) -> Vec<f64> {
    use AttributeValue as Value;
    fn all<T: Copy>(values: &[T], of: impl Fn(T) -> f64) -> Vec<f64> {
        values.iter().map(|&value| of(value)).collect()
    }
    let Some(Ok(value)) = variable.attribute_value(name) else { return Vec::new() };
    match value {
        Value::Str(text) => text.trim().parse().into_iter().collect(),
        Value::Strs(texts) => texts.iter().filter_map(|text| text.trim().parse().ok()).collect(),
        Value::Double(value) => vec![value],
        Value::Doubles(values) => values,
        Value::Float(value) => vec![value.into()],
        Value::Floats(values) => all(&values, f64::from),
        Value::Uchar(value) => vec![value.into()],
        Value::Uchars(values) => all(&values, f64::from),
        Value::Schar(value) => vec![value.into()],
        Value::Schars(values) => all(&values, f64::from),
        Value::Ushort(value) => vec![value.into()],
        Value::Ushorts(values) => all(&values, f64::from),
        Value::Short(value) => vec![value.into()],
        Value::Shorts(values) => all(&values, f64::from),
        Value::Uint(value) => vec![value.into()],
        Value::Uints(values) => all(&values, f64::from),
        Value::Int(value) => vec![value.into()],
        Value::Ints(values) => all(&values, f64::from),
        Value::Ulonglong(value) => vec![value as f64],
        Value::Ulonglongs(values) => all(&values, |value| value as f64),
        Value::Longlong(value) => vec![value as f64],
        Value::Longlongs(values) => all(&values, |value| value as f64),
    }
}

fn text(variable: &Variable<'_>, name: &str) -> Option<String> {
    match variable.attribute_value(name)?.ok()? {
        AttributeValue::Str(text) => Some(text),
        AttributeValue::Strs(texts) => texts.into_iter().next(),
        _ => number(variable, name).map(|number| number.to_string()),
    }
}

/// Returns `EPSG:` and the code of a grid mapping: from `wkid` and `authority`, or from its well-known text.
pub(super) fn crs(mapping: &Variable<'_>) -> Option<String> {
    let is_code = |code: &String| (4..=6).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
    let is_epsg = text(mapping, "authority").is_none_or(|authority| authority.trim().eq_ignore_ascii_case("EPSG"));
    let codes = ["wkid", "epsg_code", "epsg", "EPSG"].into_iter().filter_map(|name| text(mapping, name));
    let plain = codes.map(|code| code.trim().trim_start_matches("EPSG:").to_owned()).find(is_code);
    let of_text = || {
        // The last code is that of the whole system.
        let wkt = text(mapping, "crs_wkt").or_else(|| text(mapping, "spatial_ref"))?;
        let (_, last) = wkt.rsplit_once("\"EPSG\",")?;
        let code = last.trim_matches(|c: char| !c.is_ascii_digit()).to_owned();
        Some(code).filter(is_code)
    };
    plain.filter(|_| is_epsg).or_else(of_text).map(|code| format!("EPSG:{code}"))
}
