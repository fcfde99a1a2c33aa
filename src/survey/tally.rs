//! Counts the numbers of each column while a file is read, so that undeclared nulls can be found afterwards. The memory does
//! not depend on the length of the file.

/// Number of distinct values that are kept at either end of a column.
const ENDS: usize = 4;
/// Largest number of values that a column keeps as its sample.
const SAMPLE: usize = 512;
/// Largest number of distinct values of nines; a column with more has such numbers by nature.
const BELOW_POWERS: usize = 8;
/// Powers of ten up to which numbers in the middle of a column are looked at.
const POWERS: [f64; 9] = [1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10];
/// Last digits of nulls.
const UNITS: [f64; 4] = [1.0, 0.1, 0.01, 0.001];

/// The numbers of all columns of a file.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) columns: Vec<ColumnTally>,
}

impl Tally {
    /// Begins a tally for a file with `count` columns.
    pub(super) fn new(count: usize) -> Self {
        Self { columns: vec![ColumnTally::default(); count] }
    }

    /// Counts a number of a column.
    pub(super) fn add(&mut self, column: usize, value: f64) {
        self.columns[column].add(value);
    }
}

/// A value and how often it occurs.
pub(super) type Counted = (f64, usize);

/// The numbers of one column.
#[derive(Debug, Clone, Default)]
pub(super) struct ColumnTally {
    count: usize,
    /// Number of zeros.
    pub(super) zeros: usize,
    /// The lowest distinct values in rising order, and the highest in falling order.
    lowest: Vec<Counted>,
    highest: Vec<Counted>,
    below_powers: Vec<Counted>,
    sample: Vec<f64>,
    /// Every so many numbers go into the sample; a power of 2.
    stride: usize,
}

impl ColumnTally {
    fn add(&mut self, value: f64) {
        if self.count.is_multiple_of(self.stride.max(1)) {
            self.sample.push(value);
            if self.sample.len() == SAMPLE {
                // Every other value stays, so that the sample is even over the file.
                let mut index = 0;
                self.sample.retain(|_| {
                    index += 1;
                    index % 2 == 1
                });
                self.stride = 2 * self.stride.max(1);
            }
        }
        self.count += 1;
        self.zeros += usize::from(value == 0.0);
        keep(&mut self.lowest, value, |a, b| a < b);
        keep(&mut self.highest, value, |a, b| a > b);
        if is_below_power(value.abs()) && self.below_powers.len() <= BELOW_POWERS {
            match self.below_powers.iter_mut().find(|(known, _)| *known == value) {
                Some((_, count)) => *count += 1,
                None => self.below_powers.push((value, 1)),
            }
        }
    }

    /// Returns values of the whole column, evenly chosen.
    pub(super) fn sample(&self) -> &[f64] {
        &self.sample
    }

    /// Returns the values that may be nulls, without 0: those at the ends of the column, and those just below powers of ten
    /// unless the column has many of them.
    pub(super) fn candidates(&self) -> Vec<Counted> {
        let mut found: Vec<Counted> = self.lowest.iter().chain(&self.highest).copied().collect();
        if self.below_powers.len() <= BELOW_POWERS {
            found.extend(&self.below_powers);
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found.dedup_by(|a, b| a.0 == b.0);
        found.retain(|(value, _)| *value != 0.0);
        found
    }
}

/// Counts `value` in a list of the first values in an order. The count of a value in the list is complete: a value that is
/// among the first ones in the end has been among them since it first occurred.
fn keep(list: &mut Vec<Counted>, value: f64, is_before: fn(f64, f64) -> bool) {
    if list.len() == ENDS && is_before(list[ENDS - 1].0, value) {
        return;
    }
    let place = list.iter().position(|(known, _)| !is_before(*known, value)).unwrap_or(list.len());
    match list.get_mut(place) {
        Some((known, count)) if *known == value => *count += 1,
        _ => {
            list.insert(place, (value, 1));
            list.truncate(ENDS);
        }
    }
}

/// Returns whether a positive number is a power of ten less one unit of a digit, as 99, 999.9 and 9999.99 are.
fn is_below_power(size: f64) -> bool {
    if size < 99.0 {
        return false;
    }
    let Some(power) = POWERS.iter().find(|power| size <= **power) else { return false };
    let gap = power - size;
    // Numbers of 32 bits have seven digits.
    gap < 1.1 && UNITS.iter().any(|unit| (gap - unit).abs() <= 1e-7 * size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(values: impl IntoIterator<Item = f64>) -> ColumnTally {
        let mut tally = Tally::new(1);
        values.into_iter().for_each(|value| tally.add(0, value));
        tally.columns.remove(0)
    }

    /// Would catch: counts of the ends that lack early or late values, a sample that grows with the file.
    #[test]
    fn ends_are_counted_whole_and_samples_are_short() {
        let values = (0..100_000).map(|i| if i % 1000 == 7 { -99.5 } else { 300.0 + f64::from(i % 977) });
        let tally = tally(values);
        assert_eq!(tally.candidates()[0], (-99.5, 100));
        assert!((SAMPLE / 2..SAMPLE).contains(&tally.sample().len()), "{}", tally.sample().len());
        assert!(tally.sample().iter().any(|value| *value > 1200.0));
    }

    #[test]
    fn numbers_below_powers_of_ten_are_counted_in_the_middle() {
        let column = tally((0..3000).map(|i| if i % 300 == 0 { 9999.0 } else { 2.0e4 * f64::from(i).sin() }));
        assert!(column.candidates().contains(&(9999.0, 10)), "{:?}", column.candidates());
        let short =
            tally((0..3000).map(|i| if i % 300 == 0 { f64::from(-999.9_f32) } else { 2.0e4 * f64::from(i).sin() }));
        assert!(short.candidates().contains(&(f64::from(-999.9_f32), 10)), "{:?}", short.candidates());
        // A column that counts has each number once.
        let counting = tally((0..30_000).map(f64::from));
        assert!(counting.candidates().contains(&(9999.0, 1)));
        assert!(!counting.candidates().iter().any(|(value, _)| *value == 9990.0));
    }
}
