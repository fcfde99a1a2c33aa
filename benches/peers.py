#!/usr/bin/env python3
"""Times the forward model beside other programs and prints Markdown tables.

Runs geobipy, the other programs ("peers"), and geobipy again, one thread each, on the same system, height and earths. The peers
are installed from PyPI into a virtual environment in the target folder; a peer that cannot be installed gets a row with the
reason.

With --gatdaem1d it times the time-domain forward model instead, beside that library of GA-AEM: both in turns, many rounds,
processor time of one thread each.
"""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import venv
from pathlib import Path

import peers_tdem

ROOT = Path(__file__).resolve().parent.parent
WORKER = Path(__file__).with_name("peers_worker.py")
THREADS = ["NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]
ENVIRONMENT = os.environ | dict.fromkeys(THREADS, "1")

# Name in the table, name in peers_worker.py, arguments of one `pip install` each. GeoBIPy's kernel needs numba and numpy; its
# other dependencies (MPI, VTK, GMT) are left out because they cannot be installed on some machines.
PEERS = [
    ("GeoBIPy", "geobipy", [["--no-deps", "geobipy==2.3.2"], ["numba", "numpy"]]),
    ("empymod", "empymod", [["empymod==2.6.1"]]),
]
COLUMNS = [("predict", 5), ("predict", 20), ("predict_with_sensitivity", 5), ("predict_with_sensitivity", 20)]
OURS = [
    ("this project", ""),
    ("this project, `Accuracy::High`", "_high"),
    ("this project, another height at every call", "_new_height"),
]


def run(command, **options):
    """Returns the standard output of `command`; its standard error is printed."""
    options |= {"cwd": ROOT, "env": ENVIRONMENT, "check": True, "text": True, "stdout": subprocess.PIPE}
    return subprocess.run(command, **options).stdout


def cargo_bench(*arguments):
    run(["cargo", "bench", "--no-default-features", "--bench", "forward", *arguments])


def measure_ours(target, seconds):
    """Returns the median time of one call in microseconds by benchmark name."""
    options = ["--noplot", "--warm-up-time", "1", "--measurement-time", str(seconds)]
    cargo_bench("--", *options)
    medians = {}
    for file in (target / "criterion" / "resolve").rglob("new/estimates.json"):
        name = file.parent.parent.relative_to(target / "criterion" / "resolve").as_posix()
        estimates = json.loads(file.read_text(encoding="utf-8"))
        medians[name] = estimates["median"]["point_estimate"] / 1e3
    return medians


class NotAvailable(Exception):
    """The reason why a peer has no numbers."""


def run_peer(command):
    try:
        return run(command, stderr=subprocess.PIPE)
    except subprocess.CalledProcessError as error:
        lines = [line for line in error.stderr.splitlines() if line.strip() and "[notice]" not in line]
        raise NotAvailable(lines[-1].strip() if lines else f"exit code {error.returncode}") from error
    except OSError as error:
        raise NotAvailable(str(error)) from error


def install(folder, packages):
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    try:
        if not python.exists():
            venv.create(folder, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise NotAvailable(f"no virtual environment: {error}") from error
    for arguments in packages:
        run_peer([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments])
    return python


def measure_peer(python, name, seconds, reference):
    command = [python, WORKER, name, "--seconds", str(seconds)]
    if reference.exists():
        command += ["--reference", reference]
    return json.loads(run_peer(command))


def table(header, rows):
    yield "| " + " | ".join(header) + " |"
    yield "|---" + "|---:" * (len(header) - 1) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def speed_rows(runs, peers):
    best = {name: min(run[name] for run in runs) for name in runs[0]}
    for label, suffix in OURS:
        names = [f"{name}{suffix}/{layers}" for name, layers in COLUMNS]
        yield [label, *(f"{best[name]:.2f}" if name in best else "" for name in names)]
    names = [f"{name}/{layers}" for name, layers in COLUMNS]
    spreads = [max(run[name] for run in runs) / best[name] - 1 for name in names]
    yield ["this project, second run against first", *(f"{100 * spread:.0f} % apart" for spread in spreads)]

    for label, result in peers.items():
        if isinstance(result, NotAvailable):
            yield [label, f"not available: {result}".replace("|", "/"), *[""] * (len(COLUMNS) - 1)]
            continue
        cells = []
        for name, layers in COLUMNS:
            time = result[name].get(str(layers))
            ratio = time and time / best[f"{name}/{layers}"]
            cells.append(f"{time:.0f} ({ratio:.0f} x)" if time else f"by differences: {layers + 1} calls")
        yield [f"{label} {result['version']}", *cells]


def accuracy_table(peers):
    results = {label: result for label, result in peers.items() if not isinstance(result, NotAvailable)}
    if not results:
        return
    frequencies = next(iter(results.values()))["frequency_hz"]
    rows = ([label, *(f"{error:.0e}" for error in result["accuracy"])] for label, result in results.items())
    yield from table(["largest relative error", *(f"{hz:.0f} Hz" for hz in frequencies)], rows)
    if "empymod" in results:
        yield "\nAt 3345 Hz empymod also has the TM part of the coaxial pair, 0.01 ppm, which the reference leaves out."


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def load():
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def tdem_binary():
    """Builds the time-domain benchmark and returns its path."""
    command = ["cargo", "bench", "--no-default-features", "--bench", "tdem", "--no-run", "--message-format", "json"]
    messages = map(json.loads, run(command).splitlines())
    return next(m["executable"] for m in messages if m.get("executable") and m["target"]["name"] == "tdem")


def beside_gatdaem1d(library, rounds):
    load_before = load()
    progress("building ours")
    binary = tdem_binary()
    progress("measuring")
    times, differences = peers_tdem.measure(binary, library.resolve(), rounds)
    rustc = run(["rustc", "--version"]).split()[1]
    print(f"{datetime.date.today()}, {processor()}, one thread; rustc {rustc}; {rounds} rounds; load before: {load_before}.\n")
    print("\n".join(table(peers_tdem.HEADER, peers_tdem.rows(times, differences))))


def progress(text):
    print(text, file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--reference",
        type=Path,
        default=Path("tests/data/resolve_quadrature_with_displacement.csv"),
        help="exact responses for the accuracy of the peers, path relative to the repository (default: %(default)s)",
    )
    parser.add_argument("--seconds", type=float, default=3.0, help="measuring time of a number (default: %(default)s)")
    parser.add_argument("--gatdaem1d", type=Path, metavar="PATH", help="shared library gatdaem1d, built from GA-AEM")
    parser.add_argument("--rounds", type=int, default=25, help="rounds beside gatdaem1d (default: %(default)s)")
    arguments = parser.parse_args()
    if arguments.gatdaem1d:
        beside_gatdaem1d(arguments.gatdaem1d, arguments.rounds)
        return
    load_before = load()
    reference = ROOT / arguments.reference

    metadata = json.loads(run(["cargo", "metadata", "--no-deps", "--format-version", "1"]))
    target = Path(metadata["target_directory"])
    progress("building ours")
    cargo_bench("--no-run")
    pythons = {}
    for label, _, packages in PEERS:
        progress(f"installing {label}")
        try:
            pythons[label] = install(target / "peers", packages)
        except NotAvailable as reason:
            pythons[label] = reason

    progress("measuring ours")
    runs = [measure_ours(target, arguments.seconds)]
    peers = {}
    for label, name, _ in PEERS:
        progress(f"measuring {label}")
        try:
            if isinstance(pythons[label], NotAvailable):
                raise pythons[label]
            peers[label] = measure_peer(pythons[label], name, arguments.seconds, reference)
        except NotAvailable as reason:
            peers[label] = reason
    progress("measuring ours again")
    runs.append(measure_ours(target, arguments.seconds))

    rustc = run(["rustc", "--version"]).split()[1]
    versions = f"geobipy {metadata['packages'][0]['version']} (rustc {rustc}), Python {platform.python_version()}"
    print(f"{datetime.date.today()}, {processor()}, one thread; {versions}; load average before: {load_before}.\n")
    header = ["microseconds per call (ratio to ours)"]
    header += [f"{name.replace('_', ' ')}, {layers} layers" for name, layers in COLUMNS]
    print("\n".join(table(header, speed_rows(runs, peers))))
    new = min(run["new"] for run in runs)
    print(f"\nConstruction of the forward model, once per sounding: {new:.1f} microseconds.")
    if reference.exists():
        print("\n" + "\n".join(accuracy_table(peers)))
    else:
        print(f"\nNo accuracy: there is no {arguments.reference}.")


if __name__ == "__main__":
    main()
