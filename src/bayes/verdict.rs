//! The verdict on a sampled sounding: how far its percentiles can be trusted, and the reasons against it.
//!
//! R-hat and effective sample size judge seven numbers of a sounding, but users read percentiles by depth. The verdict
//! therefore also checks how much percentiles would change with another seed
//! ([`MonteCarloError`](super::MonteCarloError)), whether the hotter copies of the chains are stationary, and whether
//! the models explain the data.

/// How well the chains have mixed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mixing {
    /// Largest R-hat of layer count, misfit and log10 conductivity at the diagnostic depths.
    pub rhat: f64,
    /// Least effective sample size, bulk and tail, of the quantities of `rhat`.
    pub ess: f64,
    /// Largest R-hat over chains of ln likelihood, over all hotter copies; `None` when there are none or when it is not
    /// known.
    pub rung_rhat: Option<f64>,
}

/// The numbers behind the verdict on a sounding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// How well the chains have mixed.
    pub mixing: Mixing,
    /// Standard error of the probability below the median of log10 conductivity that 95 % of depth cells do not exceed.
    pub median_error: f64,
    /// Standard error of the probabilities below the 5th and the 95th percentile that 95 % of depth cells do not
    /// exceed, with the larger of the two in each cell.
    pub tail_error: f64,
    /// Median over samples of chi-square over the active channels.
    pub misfit: f64,
    /// Number of active channels.
    pub channel_count: usize,
    /// Share of samples whose conductivity is near a bound of its prior, beyond the share that the prior has there, at the
    /// depth where it is largest.
    pub share_at_bounds: f64,
    /// Share of samples of an error in the outer 2 % of the range of its prior, for the group and the bound where it is
    /// largest; 0 where no error is sampled. For a factor on given standard deviations only the upper bound counts.
    pub error_share_at_bounds: f64,
    /// Share of samples of a geometry parameter in the outer 2 % of the range of its prior, or beyond two standard
    /// deviations of a normal prior, for the parameter and the side where it is largest; 0 where no geometry is sampled.
    pub geometry_share_at_bounds: f64,
    /// Lowest and highest median conductivity of a depth cell in S/m.
    pub median_conductivity: (f64, f64),
}

/// Targets of a sounding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Largest R-hat of a converged sounding.
    pub rhat: f64,
    /// Least effective sample size of a converged sounding.
    pub ess: f64,
}

/// Largest R-hat of a usable sounding.
const USABLE_RHAT: f64 = 1.1;
/// Largest R-hat of ln likelihood of a hotter copy that is not stuck.
const RUNG_RHAT: f64 = 1.2;
/// Largest standard errors of the probabilities below the median, and below the 5th and the 95th percentile, of a
/// usable sounding. With these errors a median is the 45th to 55th percentile, and a 90 % interval holds 90 +- 4 %.
const MEDIAN_ERROR: f64 = 0.05;
const TAIL_ERROR: f64 = 0.03;
/// A misfit is poor from this multiple of the number of channels on, if it is also at least this many standard
/// deviations of chi-square above that number.
const POOR_MULTIPLE: f64 = 2.0;
const POOR_DEVIATIONS: f64 = 4.0;
/// Share of samples near a bound, beyond the prior's, from which on the bound restricts a sounding.
const SHARE_AT_BOUNDS: f64 = 0.1;
/// Share of samples of an error or a geometry parameter at a bound from which a sounding has a warning.
const NUISANCE_SHARE_AT_BOUNDS: f64 = 0.2;
/// A fit is too close below this multiple of the number of channels, where there are so many channels that chance and the
/// freedom of the model do not explain it.
const CLOSE_MULTIPLE: f64 = 0.2;
const CHANNELS_OF_CLOSE_FIT: usize = 16;
/// Conductivities in S/m outside which no ground is likely: dry crystalline rock, and brine (Palacky 1988, figure 1).
const ROCK: (f64, f64) = (1e-5, 10.0);

/// How far the percentiles of a sounding can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// Another seed gives the same answer.
    Converged,
    /// Another seed gives nearly the same percentiles; rare kinds of earth may be missing.
    Usable,
    /// Another seed may give another answer.
    NotConverged,
}

/// A reason against a sounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// Chains started at different models do not agree: R-hat is above the target.
    ChainsDisagree,
    /// There are fewer effective samples than the target.
    TooFewEffectiveSamples,
    /// A hotter copy of a chain does not agree with those of the other chains, and does not help.
    StuckRung,
    /// The models do not explain the data.
    PoorFit,
    /// Percentiles of conductivity would be different with another seed.
    UncertainPercentiles,
    /// Many samples have a conductivity near a bound of the prior.
    AtConductivityBound,
    /// Many samples have a relative or an additive error at a bound of the prior.
    AtErrorBound,
    /// Many samples have a height or another geometry parameter at a bound of the prior.
    AtGeometryBound,
    /// The median conductivity at some depth is beyond what rock allows.
    ImplausibleConductivity,
    /// Models fit the data much better than standard deviations allow.
    FitTooClose,
}

impl Warning {
    /// All warnings, in the order of their bits.
    pub const ALL: [Warning; 10] = [
        Warning::ChainsDisagree,
        Warning::TooFewEffectiveSamples,
        Warning::StuckRung,
        Warning::PoorFit,
        Warning::UncertainPercentiles,
        Warning::AtConductivityBound,
        Warning::AtErrorBound,
        Warning::AtGeometryBound,
        Warning::ImplausibleConductivity,
        Warning::FitTooClose,
    ];

    /// Returns the name in files.
    pub fn name(self) -> &'static str {
        match self {
            Warning::ChainsDisagree => "chains_disagree",
            Warning::TooFewEffectiveSamples => "too_few_effective_samples",
            Warning::StuckRung => "stuck_rung",
            Warning::PoorFit => "poor_fit",
            Warning::UncertainPercentiles => "uncertain_percentiles",
            Warning::AtConductivityBound => "at_conductivity_bound",
            Warning::AtErrorBound => "at_error_bound",
            Warning::AtGeometryBound => "at_geometry_bound",
            Warning::ImplausibleConductivity => "implausible_conductivity",
            Warning::FitTooClose => "fit_too_close",
        }
    }

    /// Returns the bit in a set of warnings. The bits never change, because files contain them.
    pub fn bit(self) -> i32 {
        1 << self as i32
    }

    /// Returns the warnings that are in `set`.
    pub fn in_set(set: i32) -> impl Iterator<Item = Warning> {
        Self::ALL.into_iter().filter(move |warning| set & warning.bit() != 0)
    }
}

/// The verdict on a sounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// How far percentiles can be trusted.
    pub grade: Grade,
    /// The most informative reason for the grade; `None` when the sounding has converged.
    pub reason: Option<Warning>,
    /// All warnings as bits; see [`Warning::in_set`].
    pub warnings: i32,
}

impl Thresholds {
    /// Returns whether sampling may stop. More iterations do not improve a poor fit, so that the fit has no influence
    /// here.
    pub fn are_met(&self, mixing: &Mixing) -> bool {
        !self.chains_disagree(mixing) && !self.too_few_samples(mixing) && !has_stuck_rung(mixing)
    }

    /// Returns the verdict on `evidence`. A NaN in any place never passes.
    pub fn verdict(&self, evidence: &Evidence) -> Verdict {
        let mixing = &evidence.mixing;
        let is = |warning: Warning| match warning {
            Warning::ChainsDisagree => self.chains_disagree(mixing),
            Warning::TooFewEffectiveSamples => self.too_few_samples(mixing),
            Warning::StuckRung => has_stuck_rung(mixing),
            Warning::PoorFit => exceeds(evidence.misfit, poor_misfit(evidence.channel_count)),
            Warning::UncertainPercentiles => {
                exceeds(evidence.median_error, MEDIAN_ERROR) || exceeds(evidence.tail_error, TAIL_ERROR)
            }
            Warning::AtConductivityBound => exceeds(evidence.share_at_bounds, SHARE_AT_BOUNDS),
            Warning::AtErrorBound => exceeds(evidence.error_share_at_bounds, NUISANCE_SHARE_AT_BOUNDS),
            Warning::AtGeometryBound => exceeds(evidence.geometry_share_at_bounds, NUISANCE_SHARE_AT_BOUNDS),
            Warning::ImplausibleConductivity => {
                let (lowest, highest) = evidence.median_conductivity;
                exceeds(ROCK.0, lowest) || exceeds(highest, ROCK.1)
            }
            Warning::FitTooClose => {
                let channels = evidence.channel_count;
                channels >= CHANNELS_OF_CLOSE_FIT && evidence.misfit < CLOSE_MULTIPLE * channels as f64
            }
        };
        let first = |of: &[Warning]| of.iter().copied().find(|&warning| is(warning));
        let are_met = self.are_met(mixing);
        let agrees =
            !exceeds(mixing.rhat, USABLE_RHAT) && !is(Warning::UncertainPercentiles) && !has_stuck_rung(mixing);
        let (grade, reason) = if evidence.has_nan() || !(are_met || agrees) {
            (Grade::NotConverged, first(&AGAINST_USABLE))
        } else if are_met && !is(Warning::PoorFit) {
            (Grade::Converged, None)
        } else {
            (Grade::Usable, first(&AGAINST_CONVERGED))
        };
        let warnings = Warning::ALL.into_iter().filter(|&warning| is(warning)).map(Warning::bit).sum();
        Verdict { grade, reason, warnings }
    }

    fn chains_disagree(&self, mixing: &Mixing) -> bool {
        exceeds(mixing.rhat, self.rhat)
    }

    fn too_few_samples(&self, mixing: &Mixing) -> bool {
        exceeds(self.ess, mixing.ess)
    }
}

/// Possible reasons of a sounding that has not converged or is only usable, the most informative first.
const AGAINST_USABLE: [Warning; 9] = [
    Warning::StuckRung,
    Warning::ChainsDisagree,
    Warning::UncertainPercentiles,
    Warning::TooFewEffectiveSamples,
    Warning::PoorFit,
    Warning::AtConductivityBound,
    Warning::AtErrorBound,
    Warning::AtGeometryBound,
    Warning::ImplausibleConductivity,
];
const AGAINST_CONVERGED: [Warning; 3] = [Warning::PoorFit, Warning::ChainsDisagree, Warning::TooFewEffectiveSamples];

impl Evidence {
    fn has_nan(&self) -> bool {
        let Self { mixing: Mixing { rhat, ess, rung_rhat }, median_error, tail_error, misfit, .. } = *self;
        let shares = [self.share_at_bounds, self.error_share_at_bounds, self.geometry_share_at_bounds];
        let medians = [self.median_conductivity.0, self.median_conductivity.1];
        let numbers = [rhat, ess, rung_rhat.unwrap_or(1.0), median_error, tail_error, misfit];
        numbers.iter().chain(&shares).chain(&medians).any(|x| x.is_nan())
    }
}

fn has_stuck_rung(mixing: &Mixing) -> bool {
    mixing.rung_rhat.is_some_and(|rhat| exceeds(rhat, RUNG_RHAT))
}

/// Returns whether `value` is above `limit`, or either is NaN.
fn exceeds(value: f64, limit: f64) -> bool {
    value > limit || value.is_nan() || limit.is_nan()
}

/// Returns the largest chi-square of `channel_count` channels that is not poor.
fn poor_misfit(channel_count: usize) -> f64 {
    let count = channel_count as f64;
    (POOR_MULTIPLE * count).max(count + POOR_DEVIATIONS * (2.0 * count).sqrt())
}

#[cfg(test)]
mod tests {
    use super::Grade::{Converged, NotConverged, Usable};
    use super::Warning::{
        AtConductivityBound, AtErrorBound, AtGeometryBound, ChainsDisagree, FitTooClose, ImplausibleConductivity,
        PoorFit, StuckRung, TooFewEffectiveSamples, UncertainPercentiles,
    };
    use super::*;

    const TARGETS: Thresholds = Thresholds { rhat: 1.05, ess: 200.0 };

    /// Returns evidence with all numbers at their limits, which passes.
    fn good() -> Evidence {
        let mixing = Mixing { rhat: 1.05, ess: 200.0, rung_rhat: Some(1.2) };
        Evidence {
            mixing,
            median_error: 0.05,
            tail_error: 0.03,
            misfit: 72.0,
            channel_count: 36,
            share_at_bounds: 0.1,
            error_share_at_bounds: 0.2,
            geometry_share_at_bounds: 0.2,
            median_conductivity: ROCK,
        }
    }

    fn with(change: impl Fn(&mut Evidence)) -> (Grade, Option<Warning>, Vec<Warning>) {
        let mut evidence = good();
        change(&mut evidence);
        let Verdict { grade, reason, warnings } = TARGETS.verdict(&evidence);
        (grade, reason, Warning::in_set(warnings).collect())
    }

    #[test]
    fn the_verdict_follows_the_table() {
        assert_eq!(with(|_| ()), (Converged, None, vec![]));
        assert_eq!(with(|e| e.mixing.rung_rhat = None), (Converged, None, vec![]));
        assert_eq!(with(|e| e.share_at_bounds = 0.11), (Converged, None, vec![AtConductivityBound]));
        assert_eq!(with(|e| e.error_share_at_bounds = 0.21), (Converged, None, vec![AtErrorBound]));
        assert_eq!(with(|e| e.geometry_share_at_bounds = 0.21), (Converged, None, vec![AtGeometryBound]));
        assert_eq!(with(|e| e.median_conductivity.0 = 9e-6), (Converged, None, vec![ImplausibleConductivity]));
        assert_eq!(with(|e| e.median_conductivity.1 = 10.1), (Converged, None, vec![ImplausibleConductivity]));
        assert_eq!(with(|e| e.misfit = 7.2), (Converged, None, vec![]));
        assert_eq!(with(|e| e.misfit = 7.1), (Converged, None, vec![FitTooClose]));
        // Few channels are fitted closely by chance.
        assert_eq!(with(|e| (e.misfit, e.channel_count) = (0.1, 15)), (Converged, None, vec![]));
        // The percentiles of a sounding that meets the targets may be uncertain at depths without diagnostics.
        assert_eq!(with(|e| e.tail_error = 0.031), (Converged, None, vec![UncertainPercentiles]));

        assert_eq!(with(|e| e.mixing.rhat = 1.1), (Usable, Some(ChainsDisagree), vec![ChainsDisagree]));
        let few = Some(TooFewEffectiveSamples);
        assert_eq!(with(|e| e.mixing.ess = 199.0), (Usable, few, vec![TooFewEffectiveSamples]));
        assert_eq!(with(|e| e.misfit = 72.1), (Usable, Some(PoorFit), vec![PoorFit]));
        let poor_and_uncertain = |e: &mut Evidence| (e.misfit, e.median_error) = (99.0, 0.2);
        assert_eq!(with(poor_and_uncertain), (Usable, Some(PoorFit), vec![PoorFit, UncertainPercentiles]));

        assert_eq!(with(|e| e.mixing.rhat = 1.11), (NotConverged, Some(ChainsDisagree), vec![ChainsDisagree]));
        assert_eq!(with(|e| e.mixing.rung_rhat = Some(1.21)), (NotConverged, Some(StuckRung), vec![StuckRung]));
        let uncertain = |change: fn(&mut Evidence)| {
            with(|e| {
                e.mixing.ess = 100.0;
                change(e);
            })
        };
        let both = vec![TooFewEffectiveSamples, UncertainPercentiles];
        let expected = (NotConverged, Some(UncertainPercentiles), both);
        assert_eq!(uncertain(|e| e.median_error = 0.051), expected);
        assert_eq!(uncertain(|e| e.tail_error = 0.031), expected);
        let nothing = |e: &mut Evidence| {
            e.mixing = Mixing { rhat: f64::INFINITY, ess: 0.0, rung_rhat: Some(f64::INFINITY) };
            (e.median_error, e.tail_error, e.misfit, e.share_at_bounds) = (0.3, 0.2, f64::INFINITY, 1.0);
            (e.error_share_at_bounds, e.geometry_share_at_bounds, e.median_conductivity.0) = (1.0, 1.0, 0.0);
        };
        let all_but_close_fit = Warning::ALL[..9].to_vec();
        assert_eq!(with(nothing), (NotConverged, Some(StuckRung), all_but_close_fit));
    }

    #[test]
    fn nan_never_passes() {
        let changes: [fn(&mut Evidence); 11] = [
            |e| e.mixing.rhat = f64::NAN,
            |e| e.mixing.ess = f64::NAN,
            |e| e.mixing.rung_rhat = Some(f64::NAN),
            |e| e.median_error = f64::NAN,
            |e| e.tail_error = f64::NAN,
            |e| e.misfit = f64::NAN,
            |e| e.share_at_bounds = f64::NAN,
            |e| e.error_share_at_bounds = f64::NAN,
            |e| e.geometry_share_at_bounds = f64::NAN,
            |e| e.median_conductivity.0 = f64::NAN,
            |e| e.median_conductivity.1 = f64::NAN,
        ];
        for (i, change) in changes.into_iter().enumerate() {
            let (grade, reason, warnings) = with(change);
            assert_eq!((grade, warnings.len()), (NotConverged, 1), "{i}");
            assert_eq!(reason, warnings.first().copied(), "{i}");
        }
        assert!(!Thresholds { rhat: f64::NAN, ..TARGETS }.are_met(&good().mixing));
        assert!(!Thresholds { ess: f64::NAN, ..TARGETS }.are_met(&good().mixing));
    }

    #[test]
    fn sampling_stops_at_the_targets_and_not_before() {
        let Evidence { mixing, .. } = good();
        assert!(TARGETS.are_met(&mixing));
        assert!(!TARGETS.are_met(&Mixing { rhat: 1.06, ..mixing }));
        assert!(!TARGETS.are_met(&Mixing { ess: 199.0, ..mixing }));
        assert!(!TARGETS.are_met(&Mixing { rung_rhat: Some(1.3), ..mixing }));
    }

    #[test]
    fn few_channels_may_fit_worse_by_chance() {
        // The limit is twice the number from 32 channels on; below, it is four standard deviations of chi-square.
        assert_eq!(poor_misfit(32), 64.0);
        assert_eq!(poor_misfit(50), 100.0);
        assert!((poor_misfit(12) - (12.0 + 4.0 * 24f64.sqrt())).abs() < 1e-12);
    }

    /// The bits never change, because files contain them.
    #[test]
    fn bits_stay() {
        let bits = Warning::ALL.map(|warning| (warning.bit(), warning.name()));
        let expected = [
            (1, "chains_disagree"),
            (2, "too_few_effective_samples"),
            (4, "stuck_rung"),
            (8, "poor_fit"),
            (16, "uncertain_percentiles"),
            (32, "at_conductivity_bound"),
            (64, "at_error_bound"),
            (128, "at_geometry_bound"),
            (256, "implausible_conductivity"),
            (512, "fit_too_close"),
        ];
        assert_eq!(bits, expected);
    }
}
