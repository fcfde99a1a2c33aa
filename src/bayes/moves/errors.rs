//! Random walks of the ln relative and ln additive error of one group. They are symmetric and need no forward
//! calculation.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::definition::{Changes, Context, MoveDefinition, NoProposal, Proposal};
use crate::bayes::model::Model;
use crate::bayes::prior::ErrorPrior;

/// The parts of this move are the groups of channels.
pub(super) const RELATIVE: MoveDefinition = MoveDefinition {
    changes: Changes::Errors,
    first_scale: Some(0.3),
    part_count: |prior| prior.relative_error.len(),
    choose_part: |prior, rng| sampled_group(&prior.relative_error, rng),
    ..MoveDefinition::new("relative_error", 0.0, relative)
};

pub(super) const ADDITIVE: MoveDefinition = MoveDefinition {
    changes: Changes::Errors,
    first_scale: Some(0.3),
    part_count: |prior| prior.additive_error.len(),
    choose_part: |prior, rng| sampled_group(&prior.additive_error, rng),
    ..MoveDefinition::new("additive_error", 0.0, additive)
};

fn relative(candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Proposal {
    if !context.prior.relative_error[context.part].is_sampled() {
        return Err(NoProposal::NothingToMove);
    }
    let step: f64 = StandardNormal.sample(rng);
    candidate.ln_relative_error[context.part] += context.scale * step;
    Ok(0.0)
}

fn additive(candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Proposal {
    if !context.prior.additive_error[context.part].is_sampled() {
        return Err(NoProposal::NothingToMove);
    }
    let step: f64 = StandardNormal.sample(rng);
    candidate.ln_additive_error[context.part] += context.scale * step;
    Ok(0.0)
}

/// Returns a group whose error is sampled; the first group when none is, for which proposals are refused.
fn sampled_group(priors: &[ErrorPrior], rng: &mut dyn Rng) -> usize {
    let mut sampled = (0..priors.len()).filter(|&group| priors[group].is_sampled());
    let count = sampled.clone().count();
    let nth = if count > 1 { rng.random_range(0..count) } else { 0 };
    sampled.nth(nth).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bayes::chain_rng;

    #[test]
    fn only_sampled_groups_are_chosen_and_all_of_them() {
        let fixed = ErrorPrior::Fixed { ln_value: 0.0 };
        let sampled = ErrorPrior::LogUniform { ln_minimum: 0.0, ln_maximum: 1.0 };
        let mut rng = chain_rng(1, 0.0, 0.0, 0);
        let mut counts = [0; 4];
        for _ in 0..1000 {
            counts[sampled_group(&[fixed, sampled, fixed, sampled], &mut rng)] += 1;
        }
        assert_eq!((counts[0], counts[2]), (0, 0));
        assert!(counts[1] > 400 && counts[3] > 400, "{counts:?}");
        assert_eq!(sampled_group(&[fixed, sampled], &mut rng), 1);
    }
}
