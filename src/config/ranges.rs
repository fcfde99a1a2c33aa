//! Checks numbers against the ranges in the description of the configuration.

use serde_json::Value;

use super::check::WrongValue;

/// Every number of `values` that is outside the range that `schema` states for it.
pub(super) fn out_of_range(values: &Value, schema: &Value) -> Vec<WrongValue> {
    let mut wrong = Vec::new();
    visit(values, schema, "", &mut wrong);
    wrong
}

fn visit(value: &Value, schema: &Value, key: &str, wrong: &mut Vec<WrongValue>) {
    if let Value::Object(values) = value {
        for (name, value) in values {
            let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
            visit(value, &schema["properties"][name.as_str()], &key, wrong);
        }
        return;
    }
    let Some(range) = Range::of(schema) else { return };
    let numbers = match value {
        Value::Array(numbers) => numbers.as_slice(),
        number => std::slice::from_ref(number),
    };
    for number in numbers.iter().filter(|number| !range.contains(number.as_f64())) {
        let got = number.as_f64().map_or_else(|| "no finite number".to_owned(), |number| number.to_string());
        wrong.push(WrongValue { key: key.to_owned(), got, expected: range.to_string() });
    }
}

/// Range of a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Range {
    minimum: Option<f64>,
    maximum: Option<f64>,
    above: Option<f64>,
}

impl Range {
    /// Returns the range that a description states, if any.
    pub(super) fn of(schema: &Value) -> Option<Self> {
        let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
        let range = Self { minimum: bound("minimum"), maximum: bound("maximum"), above: bound("exclusiveMinimum") };
        // Every unsigned integer has the minimum 0 in its description, so a minimum of 0 alone states no range.
        let says = range.maximum.is_some() || range.above.is_some() || range.minimum.is_some_and(|low| low != 0.0);
        says.then_some(range)
    }

    fn contains(self, number: Option<f64>) -> bool {
        number.is_some_and(|number| {
            self.minimum.is_none_or(|low| number >= low)
                && self.maximum.is_none_or(|high| number <= high)
                && self.above.is_none_or(|low| number > low)
        })
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plain =
            |number: f64| if number != 0.0 && number.abs() < 1e-4 { format!("{number:e}") } else { number.to_string() };
        match (self.minimum, self.maximum, self.above) {
            (Some(low), Some(high), _) => write!(f, "a number from {} to {high}", plain(low)),
            (Some(low), None, _) => write!(f, "a number of at least {low}"),
            (None, Some(high), _) => write!(f, "a number of at most {high}"),
            (None, None, Some(low)) if low != 0.0 => write!(f, "a number above {low}"),
            _ => write!(f, "a positive number"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::Config;

    /// Would catch: a range in the description that is not checked.
    #[test]
    fn numbers_out_of_their_range_are_named() {
        for (text, expected) in [
            ("errors.relative_minimum = 0.0", "errors.relative_minimum: got 0, expected a number from 1e-12 to 10"),
            (
                "errors.relative_maximum = [0.1, 1e5]",
                "errors.relative_maximum: got 100000, expected a number from 1e-12 to 1000",
            ),
            ("errors.additive_minimum = -1.0", "errors.additive_minimum: got -1, expected a positive number"),
            (
                "errors.additive_per_channel = [1.0, 0.0]",
                "errors.additive_per_channel: got 0, expected a positive number",
            ),
            ("model.maximum_layers = 201", "model.maximum_layers: got 201, expected a number from 1 to 200"),
            ("model.maximum_depth_m = nan", "model.maximum_depth_m: got no finite number, expected a positive number"),
            (
                "sampler.rhat_target = inf",
                "sampler.rhat_target: got no finite number, expected a number from 1.000001 to 10",
            ),
            (
                "geometry.height.value_m = 1e5",
                "geometry.height.value_m: got 100000, expected a number from -10000 to 10000",
            ),
            (
                "geometry.rx_pitch.value_deg = 181",
                "geometry.rx_pitch.value_deg: got 181, expected a number from -180 to 180",
            ),
            (
                "geometry.height = { prior = 'normal', std_m = 101.0 }",
                "geometry.height.std_m: got 101, expected a number from 0 to 100",
            ),
            (
                "prior.layer_count_ratio = 1.0",
                "prior.layer_count_ratio: got 1, expected a number from 0.001 to 0.999999999",
            ),
        ] {
            let text = format!("survey.data = 'a'\nsurvey.system = 'b'\n{text}\n");
            let message = Config::parse(&text, Path::new("c.toml")).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }
}
