//! Compares the results of a sounding under two budgets: whether a larger budget would give the same result.
//!
//! Chains are a function of the seed and of the settings. A larger budget therefore gives the same samples up to the
//! place where the smaller budget ended burn-in or sampling.

use super::burn_in::heated_stages;
use super::settings::SamplerSettings;
use super::verdict::{Mixing, Thresholds};

/// Length of a sounding's sampling, and how well its chains had mixed.
#[derive(Debug, Clone, Copy)]
pub struct Sampled {
    /// Iterations of each chain in burn-in.
    pub burn_in: usize,
    /// Iterations of each chain after burn-in.
    pub iterations: usize,
    /// Largest R-hat and least effective sample size at the end.
    pub mixing: Mixing,
}

impl SamplerSettings {
    /// Returns whether no limit and no target of these settings ends sampling earlier than those of `other` do.
    pub fn allow_as_much_as(&self, other: &Self) -> bool {
        self.maximum_burn_in >= other.maximum_burn_in
            && self.maximum_iterations >= other.maximum_iterations
            && self.rhat_target <= other.rhat_target
            && self.ess_target >= other.ess_target
    }

    /// Returns whether a sounding that was sampled with these settings has the same result, to the last bit, with the
    /// larger budget of `larger`. All other settings must be equal. The answer may be `false` although the results would
    /// be the same: a sounding that stopped exactly at a limit is not examined further.
    pub fn give_the_result_of(&self, larger: &Self, sampled: &Sampled) -> bool {
        let same_burn_in = self.maximum_burn_in == larger.maximum_burn_in
            || sampled.burn_in < self.maximum_burn_in
                && heated_stages(self.maximum_burn_in) == heated_stages(larger.maximum_burn_in);
        let meets_targets = larger.thresholds().are_met(&sampled.mixing);
        let same_end = if sampled.iterations < self.maximum_iterations {
            // The targets ended sampling.
            meets_targets
        } else {
            // The targets also decide the verdict.
            let same_verdict = self.thresholds() == larger.thresholds() || meets_targets;
            self.maximum_iterations == larger.maximum_iterations && same_verdict
        };
        same_burn_in && same_end
    }

    /// Returns the targets of a sounding.
    pub fn thresholds(&self) -> Thresholds {
        Thresholds { rhat: self.rhat_target, ess: self.ess_target }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIXED: Mixing = Mixing { rhat: 1.01, ess: 300.0, rung_rhat: Some(1.1) };
    const UNMIXED: Mixing = Mixing { rhat: 1.2, ess: 30.0, rung_rhat: Some(1.1) };

    fn stays(change: fn(&mut SamplerSettings), burn_in: usize, iterations: usize, mixing: Mixing) -> bool {
        let settings = SamplerSettings::default();
        let mut larger = settings.clone();
        change(&mut larger);
        assert!(larger.allow_as_much_as(&settings));
        settings.give_the_result_of(&larger, &Sampled { burn_in, iterations, mixing })
    }

    #[test]
    fn what_a_limit_ended_goes_on() {
        let longer = |settings: &mut SamplerSettings| settings.maximum_iterations *= 2;
        assert!(stays(longer, 2_000, 50_000, MIXED));
        assert!(!stays(longer, 2_000, 300_000, UNMIXED));
        // Whether the targets would have been met at this place is not known.
        assert!(!stays(longer, 2_000, 300_000, MIXED));
        let longer_burn_in = |settings: &mut SamplerSettings| settings.maximum_burn_in *= 2;
        assert!(stays(longer_burn_in, 16_000, 300_000, UNMIXED));
        assert!(!stays(longer_burn_in, 20_000, 50_000, MIXED));
    }

    #[test]
    fn stricter_targets_change_what_does_not_meet_them() {
        let stricter = |settings: &mut SamplerSettings| settings.ess_target = 250.0;
        assert!(stays(stricter, 2_000, 50_000, MIXED));
        let much_stricter = |settings: &mut SamplerSettings| settings.ess_target = 400.0;
        assert!(!stays(much_stricter, 2_000, 50_000, MIXED));
        assert!(!stays(much_stricter, 2_000, 300_000, UNMIXED));
    }

    #[test]
    fn a_short_burn_in_is_heated_less() {
        let short = SamplerSettings { maximum_burn_in: 2_000, ..SamplerSettings::default() };
        let sampled = Sampled { burn_in: 1_000, iterations: 50_000, mixing: MIXED };
        assert!(!short.give_the_result_of(&SamplerSettings::default(), &sampled));
        assert!(short.give_the_result_of(&SamplerSettings { maximum_burn_in: 3_000, ..short.clone() }, &sampled));
    }

    #[test]
    fn a_smaller_budget_is_recognised() {
        let settings = SamplerSettings::default();
        assert!(!SamplerSettings { maximum_iterations: 1_000, ..settings.clone() }.allow_as_much_as(&settings));
        assert!(!SamplerSettings { rhat_target: 1.1, ..settings.clone() }.allow_as_much_as(&settings));
    }
}
