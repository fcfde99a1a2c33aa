//! Intervals of flight lines and fiducials.

use std::str::FromStr;

/// A number, or all numbers from a first to a last one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The first number.
    pub first: f64,
    /// The last number.
    pub last: f64,
}

impl FromStr for Interval {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (first, last) = text.split_once(':').unwrap_or((text, text));
        let number = |text: &str| text.trim().parse().ok().filter(|number: &f64| number.is_finite());
        match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => Ok(Self { first, last }),
            _ => Err("expected a number, or FIRST:LAST in rising order".to_owned()),
        }
    }
}

impl std::fmt::Display for Interval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.first == self.last { write!(f, "{}", self.first) } else { write!(f, "{}:{}", self.first, self.last) }
    }
}

impl Interval {
    /// Returns whether `number` is in the interval.
    pub fn contains(self, number: f64) -> bool {
        (self.first..=self.last).contains(&number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_numbers_or_ranges() {
        let interval = |text: &str| text.parse::<Interval>();
        assert_eq!(interval("30010"), Ok(Interval { first: 30010.0, last: 30010.0 }));
        assert_eq!(interval("-1.5 : 2e3"), Ok(Interval { first: -1.5, last: 2000.0 }));
        for wrong in ["", "a", "1:", ":1", "2:1", "1:2:3", "nan", "inf:inf"] {
            assert!(interval(wrong).is_err(), "{wrong}");
        }
        assert_eq!(interval("1:2.5").unwrap().to_string(), "1:2.5");
    }
}
