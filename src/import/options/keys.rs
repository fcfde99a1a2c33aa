//! All keys of GeoBIPy's options files, and the reasons for which some have no effect.

const PROPOSALS: &str = "proposals tune themselves during burn-in";
const MOVES: &str = "how often a kind of move is tried changes no posterior, and the sampler has its own choice";
const PICTURES: &str = "pictures are drawn from the results afterwards: `geobipy plot`";
const SOLVED: &str = "an error that is solved lies between its bounds, and chains start anywhere between them; one that is \
                      not stays at its initial value";
const UNSOLVED: &str = "its solve_ option is not True";
const SIDEWAYS: &str = "moving the whole system sideways changes no datum over layers";
const YAW: &str = "no datum depends on how a loop is turned about its axis";
const KIND: &str = "this kind of data has no such parameter";
const NEWTON: &str = "belongs to GeoBIPy's Newton step; the steps here tune themselves during burn-in";
const UNUSED: &str = "nothing in GeoBIPy uses it";

/// Keys that are always translated.
const TRANSLATED: &[&str] = &[
    "data_type",
    "data_directory",
    "data_filename",
    "system_filename",
    "n_markov_chains",
    "solve_parameter",
    "solve_gradient",
    "solve_relative_error",
    "solve_additive_error",
    "maximum_number_of_layers",
    "minimum_depth",
    "maximum_depth",
    "minimum_thickness",
    "factor",
    "parameter_limits",
    "ignore_likelihood",
    "seed",
];

/// Keys that are never or not always translated, with the reason.
const IDLE: &[(&str, &str)] = &[
    ("interactive_plot", PICTURES),
    ("update_plot_every", PICTURES),
    ("save_png", PICTURES),
    ("reciprocate_parameters", "pictures have an option for it"),
    ("save_hdf5", "results are always written"),
    ("solve_calibration", UNUSED),
    ("initial_relative_error", SOLVED),
    ("minimum_relative_error", SOLVED),
    ("maximum_relative_error", SOLVED),
    ("initial_additive_error", SOLVED),
    ("minimum_additive_error", SOLVED),
    ("maximum_additive_error", SOLVED),
    ("relative_error_proposal_variance", PROPOSALS),
    ("additive_error_proposal_variance", PROPOSALS),
    ("initial_receiver_pitch", "GeoBIPy reads it for Tempest data only"),
    ("probability_of_birth", MOVES),
    ("probability_of_death", MOVES),
    ("probability_of_perturb", MOVES),
    ("probability_of_no_change", MOVES),
    ("gradient_standard_deviation", UNSOLVED),
    ("covariance_scaling", NEWTON),
    ("stochastic_newton", NEWTON),
    ("propose_with_gradient", NEWTON),
    ("multiplier", UNUSED),
    ("clip_ratio", UNUSED),
    ("verbose", UNUSED),
    ("reset_limit", "chains are not restarted: one that does not burn in is reported as not converged"),
];

/// Prefixes of the bodies that move and turn: transmitter, receiver, and the system as a whole.
const BODIES: [&str; 3] = ["transmitter_", "receiver_", ""];
const PARAMETERS: [&str; 6] = ["x", "y", "z", "pitch", "roll", "yaw"];

/// Returns every key.
pub(super) fn all() -> Vec<String> {
    let geometry = BODIES.iter().flat_map(|body| PARAMETERS.map(|parameter| format!("{body}{parameter}")));
    // The system as a whole has a position only.
    let geometry = geometry.filter(|name| !["pitch", "roll", "yaw"].contains(&name.as_str()));
    let forms = |name: String| [solve(&name), maximum_change(&name), format!("{name}_proposal_variance")];
    let geometry = geometry.chain(["height".to_owned()]).flat_map(forms);
    let plain = TRANSLATED.iter().chain(IDLE.iter().map(|(key, _)| key)).map(|key| (*key).to_owned());
    plain.chain(geometry).collect()
}

/// Returns the key that switches on sampling of a geometry parameter.
pub(super) fn solve(parameter: &str) -> String {
    format!("solve_{parameter}")
}

/// Returns the key of the maximum change of a geometry parameter.
pub(super) fn maximum_change(parameter: &str) -> String {
    format!("maximum_{parameter}_change")
}

/// Returns the reason for which `key` has no effect.
pub(super) fn reason(key: &str) -> &'static str {
    if let Some((_, reason)) = IDLE.iter().find(|(name, _)| *name == key) {
        return reason;
    }
    if key.ends_with("_proposal_variance") {
        return PROPOSALS;
    }
    if key.starts_with("maximum_") {
        return UNSOLVED;
    }
    match key.strip_prefix("solve_").unwrap_or(key) {
        "x" | "y" | "transmitter_x" | "transmitter_y" => SIDEWAYS,
        "transmitter_yaw" => YAW,
        _ => KIND,
    }
}

/// Returns the key most similar to an unknown one, if any is similar.
pub(super) fn like(unknown: &str) -> Option<String> {
    let similarity = |key: &String| strsim::jaro_winkler(key, unknown);
    let nearest = all().into_iter().max_by(|a, b| similarity(a).total_cmp(&similarity(b)));
    nearest.filter(|key| similarity(key) > 0.8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_keys_are_recognised() {
        assert_eq!(like("maximum_dept").as_deref(), Some("maximum_depth"));
        assert_eq!(like("solve_reciever_x").as_deref(), Some("solve_receiver_x"));
        assert_eq!(like("qqq"), None);
    }

    #[test]
    fn keys_are_there_once() {
        let mut keys = all();
        let count = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), count);
    }
}
