# `make demo` shows what geobipy does; `make test` says whether it does it right. Both start from a bare Debian or Ubuntu
# with a Rust toolchain and install what is missing when they may (apt as root or with sudo).

CARGO ?= cargo
PYTHON ?= python3
VENV := target/venv
DEMO := out/demo
APT_PACKAGES := build-essential pkg-config libhdf5-dev hdf5-tools netcdf-bin libnetcdf-dev gdal-bin libgdal-dev libopenmpi-dev openmpi-bin \
	libclang-dev python3-venv

.PHONY: help build demo test test-long test-slurm format lint docs check-core python bench priors ablations calibrate udf exports gallery ranks reading scaling efficiency seeds verdict system-packages

help:
	@echo "make demo       build, then simulate -> invert -> plot an example line; says where the pictures are"
	@echo "make test       format, lints, documentation, all tests"
	@echo "make test-long  the longer tests besides: statistics, kills, SLURM"
	@echo "make test-slurm jobs under a SLURM that is started for it, ended in every way; root or sudo, five minutes"
	@echo "make bench      forward models against their peers, side by side (docs/benchmarks.md, docs/forward.md)"
	@echo "make priors     the study behind the default priors (docs/priors.md); half an hour"
	@echo "make ablations  errors given or sampled, height fixed or solved, smoothness (docs/sampler.md); ten minutes"
	@echo "make calibrate  draws from the prior, inverted: are intervals right? (docs/validation.md); hours"
	@echo "make verdict    what converged, usable and not converged are worth where the truth is known (docs/validation.md); ten minutes"
	@echo "make seeds      real surveys inverted with two seeds: by how much they differ (docs/sampler.md); where the data are"
	@echo "make udf        a real SkyTEM line beside what HiQGA published of it (docs/validation.md); hours"
	@echo "make efficiency OLD=PROGRAM  effective samples per second beside an older program (docs/sampler.md); an hour"
	@echo "make ranks      efficiency and memory of real MPI jobs (docs/scaling.md, docs/cluster.md); ten minutes"
	@echo "make reading    time and memory to read a million soundings (docs/surveys.md)"
	@echo "make exports    what merge and export take: time, memory, size (docs/export.md)"
	@echo "make gallery    a figure of each kind with its command (docs/gallery.md); ten minutes"
	@echo "make scaling    a run on up to 100,000 ranks, simulated (docs/scaling.md)"

build: system-packages
	$(CARGO) build --release --locked

demo: build
	rm -rf $(DEMO)
	mkdir -p $(DEMO)
	cp examples/resolve/resolve.toml examples/resolve/resolve.stm $(DEMO)/
	target/release/geobipy simulate $(DEMO)/resolve.toml --wedge 60 --noise-relative 0.05 --noise-additive 5
	target/release/geobipy invert $(DEMO)/resolve.toml $(DEMO)/results
	target/release/geobipy plot section $(DEMO)/results --line 30010 -o $(DEMO)/section.png
	target/release/geobipy plot sounding $(DEMO)/results --line 30010 --fiducial 30003 -o $(DEMO)/sounding.png
	target/release/geobipy merge $(DEMO)/results -o $(DEMO)/survey.h5 --class clay=0.03:1
	target/release/geobipy export netcdf $(DEMO)/survey.h5 -o $(DEMO)/survey.nc --crs EPSG:32612
	target/release/geobipy export geopackage $(DEMO)/survey.h5 -o $(DEMO)/survey.gpkg --crs EPSG:32612
	target/release/geobipy export vtk $(DEMO)/survey.h5 -o $(DEMO)/survey.vtm
	target/release/geobipy export csv $(DEMO)/survey.h5 -o $(DEMO)/survey.csv --quantity class_probability_clay
	cp examples/tdem/helicopter.toml examples/tdem/helicopter_*.stm $(DEMO)/
	target/release/geobipy simulate $(DEMO)/helicopter.toml --wedge 16 --offset -13 0 2 --noise-relative 0.03 \
		--noise-additive 3e-14 --noise-additive 3e-15
	target/release/geobipy check $(DEMO)/helicopter.toml --plot $(DEMO)/check_helicopter.png
	target/release/geobipy invert $(DEMO)/helicopter.toml $(DEMO)/results_helicopter \
		--set sampler.maximum_burn_in=20000 --set sampler.maximum_iterations=60000
	target/release/geobipy plot section $(DEMO)/results_helicopter --line 30010 -o $(DEMO)/section_helicopter.png
	target/release/geobipy plot sounding $(DEMO)/results_helicopter --line 30010 --fiducial 30000.8 \
		-o $(DEMO)/sounding_helicopter.png
	target/release/geobipy export geotiff $(DEMO)/survey.h5 -o $(DEMO)/survey.tif --crs EPSG:32612 \
		--quantity conductivity_p50 --depth 10 --depth 30 --cell 5 --blank 60
	target/release/geobipy plot map $(DEMO)/survey.h5 --depth 10 --depth 30 -o $(DEMO)/map.png
	target/release/geobipy plot data $(DEMO)/survey.h5 --line 30010 -o $(DEMO)/data.png
	target/release/geobipy plot convergence $(DEMO)/survey.h5 -o $(DEMO)/convergence.png
	target/release/geobipy plot summary $(DEMO)/survey.h5 -o $(DEMO)/report.html
	@echo
	@echo "Look at $(DEMO)/report.html in a browser: everything about the frequency-domain line on one page."
	@echo "Look at $(DEMO)/section.png and sounding.png (frequency domain), section_helicopter.png and"
	@echo "sounding_helicopter.png, check_helicopter.png (time domain); results are in $(DEMO)/results and results_helicopter."
	@echo "$(DEMO)/survey.nc opens in xarray, survey.gpkg in QGIS, survey.vtm in ParaView, survey.csv anywhere."

test: system-packages python format lint docs check-core
	GEOBIPY_PYTHON=$(abspath $(VENV)/bin/python) $(CARGO) test --locked

test-long: test test-slurm
	GEOBIPY_PYTHON=$(abspath $(VENV)/bin/python) $(CARGO) test --locked -- --ignored

# SLURM's daemons run as root; where that cannot be, or there is no SLURM, the script says so and skips.
test-slurm: build python
	@sudo=; if [ "$$(id -u)" != 0 ] && command -v sudo >/dev/null; then sudo=sudo; fi; \
	if ! command -v slurmctld >/dev/null && ! [ -x /usr/sbin/slurmctld ] && command -v apt-get >/dev/null; then \
		$$sudo apt-get update -qq; \
		$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq slurm-wlm munge >/dev/null || true; \
	fi; \
	$$sudo env PATH="$$PATH:/usr/sbin" GEOBIPY_PYTHON=$(abspath $(VENV)/bin/python) tests/slurm/run.sh target/release/geobipy

format:
	$(CARGO) fmt --check

lint: system-packages
	$(CARGO) clippy --locked --all-targets -- -D warnings
	$(CARGO) clippy --locked --no-default-features --features mpi -- -D warnings
	$(CARGO) clippy --locked --no-default-features --features cli,mpi -- -D warnings

# The manual pages come from the program that the tests need, too.
docs: system-packages
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps
	$(CARGO) build --locked --tests
	target/debug/geobipy manual target/man

# Physics and sampler need no C library.
check-core:
	$(CARGO) test --locked --no-default-features --lib

bench:
	$(PYTHON) benches/peers.py
	$(CARGO) bench --locked --no-default-features --bench tdem

priors: build python
	$(VENV)/bin/python benches/priors.py

ablations: build python
	$(VENV)/bin/python benches/ablations.py

# The second program has an error in a ratio of the sampler, which must be found.
calibrate: build python
	RUSTFLAGS='--cfg wrong_ratio' $(CARGO) build --release --locked --no-default-features --features cli --target-dir target/wrong
	$(VENV)/bin/python benches/calibration.py --self-test
	$(VENV)/bin/python benches/calibration.py
	$(VENV)/bin/python benches/calibration.py --wrong target/wrong/release/geobipy

verdict: build python
	$(VENV)/bin/python benches/verdict.py

# These two say so and do nothing where the data are not.
seeds: build python
	$(VENV)/bin/python benches/seeds.py

udf: build python
	$(VENV)/bin/python benches/udf_hiqga.py

exports: build python
	$(VENV)/bin/python benches/exports.py

gallery: build
	$(CARGO) test --locked --lib a_sheet_shows_every_style
	$(PYTHON) benches/gallery.py

efficiency: build python
	$(VENV)/bin/python benches/efficiency.py --old $(OLD) --publish

ranks: build
	$(CARGO) bench --locked --bench ranks
	$(PYTHON) benches/footprint.py

reading: build
	$(PYTHON) benches/reading.py

scaling: python
	$(CARGO) bench --locked --no-default-features --bench scaling
	$(VENV)/bin/python benches/scaling/figure.py

# Readers that users have, to open our files with.
python: $(VENV)/ready

$(VENV)/ready: tests/python/requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/python/requirements.txt
	touch $@

# Nothing to do where everything is; else apt, as root or with sudo; else a message that says what is missing.
system-packages:
	@if (pkg-config --exists hdf5-serial || pkg-config --exists hdf5) 2>/dev/null \
		&& pkg-config --exists gdal && pkg-config --exists netcdf && command -v gdalinfo >/dev/null && command -v cc >/dev/null && command -v mpicc >/dev/null && command -v mpirun >/dev/null \
		&& (ls $${LIBCLANG_PATH:-/usr/lib/llvm-*/lib}/libclang*.so* >/dev/null 2>&1) \
		&& command -v ncdump >/dev/null && $(PYTHON) -c 'import ensurepip' 2>/dev/null; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then \
		echo "Please install with your package manager what Debian calls: $(APT_PACKAGES)"; exit 1; \
	fi; \
	if [ "$$(id -u)" = 0 ]; then sudo=; elif command -v sudo >/dev/null; then sudo=sudo; else \
		echo "Please run as root: apt-get install $(APT_PACKAGES)"; exit 1; fi; \
	$$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq $(APT_PACKAGES) >/dev/null
