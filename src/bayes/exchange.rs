//! Exchange of models between neighbouring temperatures.
//!
//! With the densities prior x L^b x exp(g k) of the colder chain (b, g) and the hotter one (b', g'), x and x' their models of k and
//! k' layers, exchanging the models has the ratio
//!
//! ```text
//! (L(x') / L(x))^(b - b') exp((g - g') (k' - k))
//! ```
//!
//! which leaves the product of both densities as it is (Geyer 1991).
//!
//! Where the hotter chain samples the coarse posterior and the colder one the exact posterior, L of the ratio is the coarse
//! likelihood at first. A pair that passes needs an exact likelihood for x', and passes again with the ratio
//! (L_exact(x') / L_coarse(x') x L_coarse(x) / L_exact(x))^b, as in [`Chain::try_move`].

use rand::Rng;

use super::accept::accept;
use super::chain::{Chain, Level, Target};
use super::state::Fit;
use crate::forward::ForwardModel;

/// Exchanges the models of two chains, or not; says which.
pub(super) fn exchange<R: Rng>(
    colder: &mut Chain<R>,
    hotter: &mut Chain<R>,
    target: &Target,
    forward: &mut dyn ForwardModel,
    rng: &mut R,
) -> bool {
    let one_level = colder.level() == hotter.level();
    let (cold, hot) = (colder.tempering(), hotter.tempering());
    let layers = |chain: &Chain<R>| chain.state().model.earth.layer_count() as f64;
    let colder_fit = if one_level { &colder.state.fit } else { &colder.state.coarse };
    let ln_ratio = (cold.inverse_temperature - hot.inverse_temperature)
        * (hotter.state.fit.ln_likelihood - colder_fit.ln_likelihood)
        + (cold.ln_layer_weight - hot.ln_layer_weight) * (layers(hotter) - layers(colder));
    if !accept(ln_ratio, rng) {
        return false;
    }
    if one_level {
        std::mem::swap(&mut colder.state, &mut hotter.state);
        std::mem::swap(&mut colder.responses, &mut hotter.responses);
        return true;
    }
    debug_assert_eq!((colder.level(), hotter.level()), (Level::Screened, Level::Coarse));

    // The candidate becomes the hotter chain's model with an exact fit.
    let then = &mut colder.candidate;
    then.model.clone_from(&hotter.state.model);
    then.coarse.clone_from(&hotter.state.fit);
    (then.ln_prior_earth, then.ln_prior_rest) = (hotter.state.ln_prior_earth, hotter.state.ln_prior_rest);
    let response = &mut colder.candidate_responses.fit;
    forward.predict(&then.model.earth, &then.model.geometry, response, &mut then.fit.predicted);
    then.fit.evaluate(&target.likelihood, &then.model);
    let ln_exact_over_coarse = |exact: &Fit, coarse: &Fit| exact.ln_likelihood - coarse.ln_likelihood;
    let ln_ratio = cold.inverse_temperature
        * (ln_exact_over_coarse(&then.fit, &then.coarse)
            - ln_exact_over_coarse(&colder.state.fit, &colder.state.coarse));
    if !accept(ln_ratio, rng) {
        return false;
    }
    // The hotter chain takes over model and coarse fit of the colder one, which takes over the candidate.
    std::mem::swap(&mut hotter.responses.fit, &mut colder.responses.coarse);
    std::mem::swap(&mut colder.responses.fit, &mut colder.candidate_responses.fit);
    std::mem::swap(&mut colder.state, &mut colder.candidate);
    let before = &colder.candidate;
    hotter.state.model.clone_from(&before.model);
    hotter.state.fit.clone_from(&before.coarse);
    (hotter.state.ln_prior_earth, hotter.state.ln_prior_rest) = (before.ln_prior_earth, before.ln_prior_rest);
    true
}
