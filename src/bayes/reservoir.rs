//! Evenly spaced samples of a chain whose length is not known in advance.

/// Keeps every `stride`-th of the recorded samples. When there would be too many, the stride doubles and every second
/// kept sample is dropped. The kept samples are always evenly spaced and include the first one.
#[derive(Debug)]
pub(super) struct Reservoir<T> {
    kept: Vec<T>,
    capacity: usize,
    stride: usize,
    recorded: usize,
}

impl<T> Reservoir<T> {
    /// Makes a reservoir that keeps all samples up to `capacity`, and later always more than half as many.
    pub(super) fn new(capacity: usize) -> Self {
        Self { kept: Vec::new(), capacity, stride: 1, recorded: 0 }
    }

    /// Records the next sample, which is made only if it is kept.
    pub(super) fn record(&mut self, sample: impl FnOnce() -> T) {
        if self.recorded.is_multiple_of(self.stride) {
            self.kept.push(sample());
            if self.kept.len() > self.capacity {
                let mut even = false;
                self.kept.retain(|_| {
                    even = !even;
                    even
                });
                self.stride *= 2;
            }
        }
        self.recorded += 1;
    }

    /// Returns the samples kept so far, in order.
    pub(super) fn kept(&self) -> &[T] {
        &self.kept
    }

    /// Returns the kept samples, in order.
    pub(super) fn into_kept(self) -> Vec<T> {
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(capacity: usize, recorded: usize) -> Vec<usize> {
        let mut reservoir = Reservoir::new(capacity);
        (0..recorded).for_each(|i| reservoir.record(|| i));
        reservoir.into_kept()
    }

    #[test]
    fn the_stride_doubles_when_the_capacity_is_exceeded() {
        assert_eq!(kept(4, 4), [0, 1, 2, 3]);
        assert_eq!(kept(4, 5), [0, 2, 4]);
        assert_eq!(kept(4, 8), [0, 2, 4, 6]);
        assert_eq!(kept(4, 9), [0, 4, 8]);
        assert_eq!(kept(5, 6), [0, 2, 4]);
    }

    #[test]
    fn samples_are_even_and_enough_at_any_length() {
        for capacity in [4, 7, 100] {
            for recorded in 0..1000 {
                let kept = kept(capacity, recorded);
                assert!(kept.len() <= capacity && kept.len() >= recorded.min(capacity / 2 + 1));
                let stride = kept.get(1).copied().unwrap_or(1);
                assert!(kept.iter().enumerate().all(|(i, &index)| index == i * stride));
                assert!(recorded <= kept.len() * stride, "the end is missing");
            }
        }
    }

    #[test]
    fn samples_that_are_not_kept_are_not_made() {
        let mut reservoir = Reservoir::new(2);
        let mut made = 0;
        (0..1000).for_each(|_| reservoir.record(|| made += 1));
        assert!(made < 20, "{made}");
    }
}
