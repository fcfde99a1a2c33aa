"""Measures a rank of `geobipy invert --mpi`: memory for different sizes of surveys, and libraries for different builds.

usage: studies/footprint.py [BINARY ...]      default: target/release/geobipy

It prints for each binary the libraries that a running rank has mapped. For the first binary it prints the largest resident and
private memory of each rank at default settings: while soundings are sampled, and separately before that, when rank 0 reads the
survey. Private memory is shared with no other process; the rest is the program and its libraries. Needs mpirun.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RANKS = 2
SECONDS = 60  # of each run: more than a sounding takes
MPIRUN = ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-n", str(RANKS)]
RESOLVE = ["--system", "resolve.stm", "--noise-relative", "0.05", "--noise-additive", "5"]
HELICOPTER = ["--system", "helicopter_lm.stm", "--system", "helicopter_hm.stm", "--offset", "-13", "0", "2",
              "--noise-relative", "0.03", "--noise-additive", "3e-14", "--noise-additive", "3e-15"]


def ranks_of(launcher):
    """Returns the process numbers of the ranks that mpirun has started."""
    children = Path(f"/proc/{launcher}/task/{launcher}/children")
    return [int(child) for child in children.read_text().split()] if children.exists() else []


def memory_mb(process):
    """Returns the current resident and private memory."""
    sizes = {}
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]:
        name, size, _ = line.split()
        sizes[name.rstrip(":")] = int(size) / 1024
    return sizes["Rss"], sizes["Private_Clean"] + sizes["Private_Dirty"]


def libraries(process):
    """Returns the shared libraries that the process has mapped."""
    maps = Path(f"/proc/{process}/maps").read_text().split("\n")
    return {line.split()[-1] for line in maps if ".so" in line}


def run(binary, folder, config, output, seconds, look):
    """Inverts for `seconds` and calls look(rank, process) several times a second."""
    job = subprocess.Popen([*MPIRUN, binary, "invert", config, output, "--mpi"], cwd=folder,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + seconds
    while time.monotonic() < end and job.poll() is None:
        for rank, process in enumerate(sorted(ranks_of(job.pid))):
            try:
                look(rank, process)
            except (FileNotFoundError, ProcessLookupError, KeyError, ValueError):
                pass  # the process has just ended, or is only starting
        time.sleep(0.05)
    job.terminate()
    job.wait()


def survey(binary, folder, name, options, count):
    """Makes a simulated survey of `count` soundings and its configuration."""
    text = (folder / f"{name}.toml").read_text()
    subprocess.run([binary, "simulate", *options, "--wedge", str(count), "--output", f"{name}_{count}.csv"],
                   cwd=folder, check=True, stdout=subprocess.DEVNULL)
    data = "wedge.csv" if name == "resolve" else f"{name}.csv"
    assert data in text
    (folder / f"{name}_{count}.toml").write_text(text.replace(data, f"{name}_{count}.csv"))
    return f"{name}_{count}.toml"


def main():
    binaries = [Path(binary).resolve() for binary in sys.argv[1:]] or [ROOT / "target/release/geobipy"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for example in [*(ROOT / "examples/resolve").iterdir(), *(ROOT / "examples/tdem").iterdir()]:
            shutil.copy(example, folder)
        small = survey(binaries[0], folder, "resolve", RESOLVE, 1000)
        print("libraries in a running rank")
        for number, binary in enumerate(binaries):
            found = set()
            run(binary, folder, small, f"libraries_{number}", 5, lambda _, process: found.update(libraries(process)))
            linked = subprocess.run(["ldd", binary], capture_output=True, text=True, check=True).stdout.count("=>")
            shown = os.path.relpath(binary, ROOT)
            print(f"  {shown}: {linked} linked, {len(found)} mapped with the parts MPI loads for itself")
        print(f"largest memory in {SECONDS} s of {RANKS} ranks at default settings, MB")
        print("                                      sampling             before")
        print("  survey             soundings  rank  resident  private    resident  private")
        for kind, options in [("resolve", RESOLVE), ("helicopter", HELICOPTER)]:
            for count in [1000, 100_000]:
                config = survey(binaries[0], folder, kind, options, count)
                output = f"{kind}_{count}"
                largest = {}

                def look(rank, process):
                    sampling = (folder / output / "run.toml").exists()
                    now = memory_mb(process)
                    largest[rank, sampling] = tuple(map(max, now, largest.get((rank, sampling), (0, 0))))

                run(binaries[0], folder, config, output, SECONDS, look)
                for rank in range(RANKS):
                    (resident, private), before = largest[rank, True], largest.get((rank, False), (0, 0))
                    print(f"  {kind:18} {count:9}  {rank:4}  {resident:8.1f}  {private:7.1f}"
                          f"    {before[0]:8.1f}  {before[1]:7.1f}")


if __name__ == "__main__":
    main()
