//! The integration tests. Each test says what it would catch.

mod architecture; // dependencies in src, length of files, examples, plain English
mod cli_check; // what `check` reports, the selection of soundings, real surveys of all kinds
mod cli_depth; // the depth of investigation for different priors
mod cli_errors; // wrong input: one clear message, a non-zero exit code, nothing changed
mod cli_export; // numbers in other programs' formats
mod cli_first; // configurations made from the files of a survey
mod cli_go_on; // runs that go on with a larger budget or another description
mod cli_init; // configurations for a kind of survey, and those of other programs
mod cli_instruments; // descriptions of instruments: encodings, other programs, gates against the current
mod cli_interrupted; // runs that are interrupted, killed, out of disk, and continued; status
mod cli_invert; // a survey to results: statuses, reproducibility, continuing, noise, height
mod cli_leave_out; // lines, soundings and data that the configuration leaves out
mod cli_merge; // lines to one file, products, what does not belong together
mod cli_mpi; // the ranks of an MPI job
mod cli_noise; // noise of simulated surveys, found again by each method
#[cfg(feature = "plot")]
mod cli_plot; // figures of results
mod cli_results; // soundings that were not run, files of older versions
mod cli_simulate; // synthetic surveys: earths, tracks, draws from the prior and their noise
mod cli_survey_kinds; // survey files of other programs: ASEG-GDF2 in its dialects, netCDF
mod cli_systems; // the library of instruments: shown, written by init, inverted
mod cli_tables; // tables of Geosoft, Workbench and others, and files that are no survey
mod cli_tdem; // time-domain surveys: channels, groups, geometry, signs
mod cli_tdem_errors; // wrong time-domain input
mod cli_verdicts; // statuses, reasons and warnings of soundings
mod cli_wrong; // undeclared nulls, other units, impossible places
mod examples; // the examples of the library run
mod files_for_others; // results opened by h5py, ncdump, xarray
mod forward_coil_pairs; // coil pairs of any axes against direct quadrature
mod forward_physics; // limits with closed forms, symmetries, derivatives by order of convergence
mod forward_reference; // comparison with other programs
mod forward_tdem; // the time-domain forward model: accuracy, other programs, physics, derivatives
mod sampler_exact; // whole posteriors against closed form and quadrature
mod sampler_geometry; // moves of time-domain geometry keep the prior and leave whole states
mod sampler_invariance; // chains started at the truth of their data keep the prior
mod sampler_levels; // hot copies and screening by a coarse model that is wrong
mod sampler_modes; // two models with the same fit, separated by a large misfit
mod sampler_moves; // every move's ratio, and the state after it
mod sampler_posterior; // histograms, best sample and thinned samples against a plain recount; interruption
mod sampler_prior; // the prior, with the data switched off
mod sampler_support; // priors and chi-square for the tests of the sampler
mod schema; // names, types, units and numbers in result files, and their documentation
mod support; // working folder, running the program, comparing numbers
mod tdem_support; // the example time-domain instruments at one sounding
mod tdem_survey; // small time-domain surveys
