# `make demo` shows what geobipy does; `make test` checks that it works. Both need only Debian or Ubuntu with a Rust toolchain, and
# install missing packages with apt where they have the right to (as root or with sudo).

CARGO ?= cargo
PYTHON ?= python3
VENV := target/venv
DEMO := out/demo
APT_PACKAGES := build-essential pkg-config libhdf5-dev hdf5-tools netcdf-bin libnetcdf-dev gdal-bin libgdal-dev libopenmpi-dev openmpi-bin \
	libclang-dev python3-venv

PREFIX ?= /usr/local
DESTDIR ?=

.PHONY: help build install demo test test-long test-slurm format lint docs check-core python bench priors ablations calibrate verdict seeds udf efficiency \
	geobipy-efficiency noise ranks footprint reading exports gallery scaling system-packages

help:
	@echo "make demo       builds the program, simulates, inverts and plots example lines, and says where the pictures are"
	@echo "make test       checks format, lints and documentation, and runs all tests"
	@echo "make test-long  runs the longer tests as well: statistics, killed runs, SLURM"
	@echo "make test-slurm starts a SLURM and ends jobs in it in every way; needs root or sudo; five minutes"
	@echo "make bench      times the forward models and other programs, side by side (docs/benchmarks.md, docs/forward.md)"
	@echo
	@echo "Each study makes a table or a figure of the documentation:"
	@echo "make priors     compares priors; the default priors come from it (docs/priors.md); half an hour"
	@echo "make ablations  errors given or sampled, height fixed or solved for, smooth priors (docs/sampler.md); ten minutes"
	@echo "make calibrate  inverts draws of the prior and checks the intervals (docs/validation.md); hours"
	@echo "make verdict    how accurate converged, usable and not converged soundings are (docs/validation.md); ten minutes"
	@echo "make seeds      inverts real surveys with two seeds and compares the results (docs/sampler.md); needs the data"
	@echo "make udf        compares a real SkyTEM line with what HiQGA published (docs/validation.md); needs the data; hours"
	@echo "make efficiency OLD=PROGRAM  compares effective samples per second with an older program (docs/sampler.md); an hour"
	@echo "make geobipy-efficiency  compares effective samples per second with GeoBIPy (docs/benchmarks.md); installs 1.5 GB"
	@echo "make noise      coverage when errors are relative to the observed data (docs/sampler.md); a minute"
	@echo "make ranks      efficiency of real MPI jobs (docs/scaling.md); ten minutes"
	@echo "make footprint  memory of the ranks of MPI jobs (docs/cluster.md); ten minutes"
	@echo "make reading    time and memory to read a million soundings (docs/surveys.md)"
	@echo "make exports    time, memory and size of merge and export (docs/export.md)"
	@echo "make gallery    draws a figure of each kind with its command (docs/gallery.md); ten minutes"
	@echo "make scaling    simulates a run on up to 100,000 ranks (docs/scaling.md)"

build: system-packages
	$(CARGO) build --release --locked

install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
		$(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	install -m 755 target/release/geobipy $(DESTDIR)$(PREFIX)/bin/geobipy
	target/release/geobipy manual $(DESTDIR)$(PREFIX)/share/man/man1
	target/release/geobipy completions bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/geobipy
	target/release/geobipy completions zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_geobipy
	target/release/geobipy completions fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/geobipy.fish

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
	@echo "Open $(DEMO)/report.html in a browser: it shows all results of the frequency-domain line on one page."
	@echo "Look at $(DEMO)/section.png and sounding.png (frequency domain), section_helicopter.png and"
	@echo "sounding_helicopter.png, check_helicopter.png (time domain); results are in $(DEMO)/results and results_helicopter."
	@echo "$(DEMO)/survey.nc opens in xarray, survey.gpkg in QGIS, survey.vtm in ParaView, survey.csv anywhere."

test: system-packages python format lint docs check-core
	GEOBIPY_PYTHON=$(abspath $(VENV)/bin/python) $(CARGO) test --locked

test-long: test test-slurm
	GEOBIPY_PYTHON=$(abspath $(VENV)/bin/python) $(CARGO) test --locked -- --ignored

# SLURM's daemons run as root. Without root or without SLURM the script prints a message and skips the test.
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

# The manual pages come from the debug build, which the tests need as well.
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
	$(VENV)/bin/python studies/priors.py

ablations: build python
	$(VENV)/bin/python studies/ablations.py

# The last step checks that the study finds an error: it builds a copy of the program without (n + r)! / n! in the ratio of births.
calibrate: build python
	rm -rf target/wrong/source
	mkdir -p target/wrong/source
	cp -r Cargo.toml Cargo.lock README.md benches bin examples src studies styles tests target/wrong/source
	patch -d target/wrong/source -p1 < studies/wrong_ratio.patch
	$(CARGO) build --release --locked --no-default-features --features cli --bin geobipy \
		--manifest-path target/wrong/source/Cargo.toml --target-dir target/wrong
	$(VENV)/bin/python studies/calibration.py --self-test
	$(VENV)/bin/python studies/calibration.py
	$(VENV)/bin/python studies/calibration.py --wrong target/wrong/release/geobipy

verdict: build python
	$(VENV)/bin/python studies/verdict.py

# Without the data, each of these two studies prints a message and ends.
seeds: build python
	$(VENV)/bin/python studies/seeds.py

udf: build python
	$(VENV)/bin/python studies/udf_hiqga.py

exports: build python
	$(VENV)/bin/python studies/exports.py

gallery: build
	$(CARGO) test --locked --lib a_sheet_shows_every_style
	$(PYTHON) studies/gallery.py

efficiency: build python
	$(VENV)/bin/python studies/efficiency.py --old $(OLD) --publish

ranks: build
	$(CARGO) bench --locked --bench ranks

footprint: build
	$(PYTHON) studies/footprint.py

noise:
	$(PYTHON) studies/observed_noise.py

geobipy-efficiency: build
	$(PYTHON) studies/geobipy_efficiency.py --soundings 30

reading: build
	$(PYTHON) studies/reading.py

scaling: python
	$(CARGO) bench --locked --no-default-features --bench scaling
	$(VENV)/bin/python studies/scaling/figure.py

# Python packages with which users read the result files.
python: $(VENV)/ready

$(VENV)/ready: tests/python/requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/python/requirements.txt
	touch $@

# Installs missing packages with apt, as root or with sudo. Without apt or root it prints which packages are missing.
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
