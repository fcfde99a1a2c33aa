#!/bin/bash
# Starts a SLURM of one node, runs `geobipy invert --mpi` in it, and ends jobs in every way in which SLURM ends them. The
# script needs root, slurm-wlm, munge, OpenMPI and a python with h5py (GEOBIPY_PYTHON). It takes some minutes, because time
# limits of SLURM are whole minutes.
#
# usage: run.sh GEOBIPY_BINARY
set -euo pipefail

geobipy=$(realpath "${1:?usage: run.sh GEOBIPY_BINARY}")
source=$(realpath "$(dirname "$0")/../..")
python=${GEOBIPY_PYTHON:-python3}

skip() { echo "skipped: $1"; exit 0; }
[ "$(id -u)" = 0 ] || skip "SLURM's daemons are started as root"
for tool in munged slurmctld slurmd srun sbatch; do
    command -v $tool >/dev/null || skip "no $tool on the path"
done
"$python" -c 'import h5py' 2>/dev/null || skip "$python has no h5py"

# All state is in one folder; nothing in /etc, no systemd, no cgroups.
folder=$(mktemp -d)
mkdir "$folder"/{state,spool,log,run}
# munge requires that every user can reach its socket.
chmod 711 "$folder"
export SLURM_CONF=$folder/slurm.conf

end() {
    local code=$?
    trap - EXIT
    set +e
    if [ $code != 0 ]; then
        echo "FAILED; the ends of the logs:"
        tail --lines=20 "$folder"/log/*.log "$folder"/*.log 2>/dev/null
    fi
    if [ -e "$folder/run/slurmctld.pid" ]; then
        scancel --user=root 2>/dev/null
        for _ in $(seq 50); do
            [ -n "$(squeue --noheader 2>/dev/null)" ] || break
            sleep 0.2
        done
    fi
    local daemon pid
    for daemon in slurmd slurmctld munged; do
        pid=$(cat "$folder/run/$daemon.pid" 2>/dev/null) && kill "$pid" 2>/dev/null || continue
        for _ in $(seq 50); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -9 "$pid" 2>/dev/null
    done
    rm -rf "$folder"
    exit $code
}
trap end EXIT
trap 'exit 130' INT TERM

fail() { echo "$1"; exit 1; }

# Repeats the command in $3... every fifth of a second until it succeeds; $1 describes the aim, $2 is the time limit in s.
wait_for() {
    local what=$1 until=$((SECONDS + $2))
    shift 2
    until "$@"; do
        [ $SECONDS -lt $until ] || fail "$what: not in time"
        sleep 0.2
    done
}

port=$((20000 + RANDOM % 20000))
node=$(hostname -s)
cat > "$SLURM_CONF" <<END
ClusterName=test
SlurmctldHost=$node(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/run/munge.socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/run/slurmctld.pid
SlurmdPidFile=$folder/run/slurmd.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd.log
SlurmctldPort=$port
SlurmdPort=$((port + 1))
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
MpiDefault=pmix
SwitchType=switch/none
OverTimeLimit=0
KillWait=10
NodeName=$node NodeAddr=127.0.0.1 CPUs=8 RealMemory=1000 State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=YES
END
dd if=/dev/urandom of="$folder/run/munge.key" bs=1024 count=1 2>/dev/null
chmod 600 "$folder/run/munge.key"
munged --key-file="$folder/run/munge.key" --socket="$folder/run/munge.socket" --pid-file="$folder/run/munged.pid" \
    --log-file="$folder/log/munged.log" --seed-file="$folder/run/munge.seed" --num-threads=2
slurmctld -f "$SLURM_CONF"
slurmd -f "$SLURM_CONF" -N "$node"
is_idle() { sinfo --noheader --format=%t 2>/dev/null | grep -q idle; }
wait_for "a node that is ready" 60 is_idle

cd "$folder"
cp "$source/examples/resolve/resolve.stm" .

# Makes the survey $1 of $2 soundings, each of which takes a third of a second, and its configuration.
survey() {
    "$geobipy" simulate --system resolve.stm --wedge "$2" --noise-relative 0.05 --noise-additive 5 --output "$1.csv" >/dev/null
    cat > "$1.toml" <<END
[survey]
data = "$1.csv"
system = "resolve.stm"
[sampler]
chains = 2
maximum_burn_in = 10000
maximum_iterations = 30000
ess_target = 1e6            # never reached, so that all soundings take equally long
END
}

# Writes the job script for survey $1 and output $2.
job() {
    printf '#!/bin/bash\nsrun %q invert %s.toml %s --mpi\n' "$geobipy" "$1" "$2" > "$2.sh"
}
# Submits the job script of output $1 with the options that follow; sets $id to the job's number.
submit() {
    local output=$1
    shift
    id=$(sbatch --parsable --open-mode=append --output="$output.log" "$@" "$output.sh")
}
# Returns whether job $id is over.
is_over() { [ -z "$(squeue --noheader --jobs="$id" 2>/dev/null)" ]; }
state() { scontrol show job "$id" | sed -n 's/.*JobState=\([A-Z]*\).*/\1/p'; }

status() { "$geobipy" status "$1" 2>/dev/null; }
says() { status "$1" | grep -q "$2"; }
has_finished_some() { says "$1" '[0-9] \(not \)\?converged'; }

# Checks that the finished soundings of output $2 equal those of survey $1's reference bit for bit; sets $whole to their number.
check_whole() {
    whole=$("$python" "$source/tests/python/compare_finished.py" "$1.whole" "$2" | cut -d' ' -f1)
}
# Checks that every byte of the files, except the computing times, equals the reference; there are $3 soundings.
check_same() {
    check_whole "$1" "$2"
    [ "$whole" = "$3" ] || fail "$2: $whole finished soundings of $3"
    "$python" - "$1.whole" "$2" <<'END' || fail "$2: not the files of an uninterrupted run"
import sys
from pathlib import Path

import h5py


def content(path):
    data = bytearray(path.read_bytes())
    with h5py.File(path) as line:
        times = line["cpu_seconds"]
        start, size = times.id.get_offset(), times.id.get_storage_size()
    data[start : start + size] = bytes(size)
    return data


files = {folder: {path.name: content(path) for path in Path(folder).glob("line_*.h5")} for folder in sys.argv[1:]}
whole, other = files.values()
sys.exit(not whole or whole != other)
END
    says "$2" '^complete after' || fail "$2: status does not say complete: $(status "$2")"
}
# Checks that output $2 was interrupted in an orderly way, and that its log says so.
check_interrupted() {
    grep -q 'interrupted: [0-9]* of [0-9]* soundings .* the same command continues' "$2.log" || fail "$2: no word of it"
    says "$2" '^interrupted after' || fail "$2: $(status "$2")"
    check_whole "$1" "$2"
}
began=$SECONDS
report() {
    echo "ok ($((SECONDS - began)) s): $1"
    began=$SECONDS
}

few=40
survey short $few
"$geobipy" invert short.toml short.whole > short.log
report "reference of $few soundings without MPI"

srun --ntasks=4 "$geobipy" invert short.toml ranks --mpi > ranks.log 2>&1
check_same short ranks $few
report "srun --ntasks=4: results identical to the reference; status says complete"

code=0
srun --ntasks=2 "$geobipy" invert short.toml copies > copies.log 2>&1 || code=$?
[ $code = 1 ] || fail "two copies without --mpi ended with $code"
grep -q 'add --mpi' copies.log || fail "two copies without --mpi are not told about it"
[ ! -e copies ] || fail "two copies without --mpi made results"
report "srun without --mpi: refused with exit code 1, nothing made"

job short cancelled
submit cancelled --ntasks=4
wait_for "a finished sounding" 60 has_finished_some cancelled
says cancelled '^running for' || fail "status does not say running: $(status cancelled)"
scancel "$id"
wait_for "the end of a cancelled job" 30 is_over
[ "$(state)" = CANCELLED ] || fail "cancelled job: $(state)"
check_interrupted short cancelled
cut=$whole
submit cancelled --ntasks=4
wait_for "the end of a job" 120 is_over
[ "$(state)" = COMPLETED ] || fail "continued job: $(state)"
check_same short cancelled $few
report "scancel: status says running before, interrupted in order with $cut soundings whole, continued to identical results"

# Send the signal to the steps only: the job does not end, and the script sees the exit code.
job short warned
echo 'echo "code $?"' >> warned.sh
submit warned --ntasks=3
wait_for "a finished sounding" 60 has_finished_some warned
scancel --signal=TERM "$id"
wait_for "the end of a warned job" 30 is_over
check_interrupted short warned
grep -q '^code 4$' warned.log || fail "the script did not see exit code 4"
report "SIGTERM to the steps, as by --signal=TERM@60: interrupted in order, the script sees exit code 4"

for rank in 0 1; do
    output=killed_$rank
    srun --job-name=$output --ntasks=3 "$geobipy" invert short.toml $output --mpi > $output.log 2>&1 &
    step=$!
    wait_for "a finished sounding" 60 has_finished_some $output
    id=$(squeue --noheader --format=%i --name=$output)
    kill -9 "$(scontrol listpids "$id.0" | awk -v rank=$rank '$5 == rank { print $1 }')"
    killed=$SECONDS
    has_ended() { ! kill -0 $step 2>/dev/null; }
    wait_for "the end of a step whose rank $rank was killed" 60 has_ended
    took=$((SECONDS - killed))
    code=0
    wait $step || code=$?
    [ $code = 137 ] || fail "a step whose rank $rank was killed ended with $code"
    wait_for "the end of its job" 30 is_over
    says $output 'killed or lost' || fail "$output: $(status $output)"
    check_whole short $output
    cut=$whole
    srun --ntasks=3 "$geobipy" invert short.toml $output --mpi >> $output.log 2>&1
    check_same short $output $few
    report "kill -9 of rank $rank: step ended after $took s with code $code, $cut soundings whole, continued to identical results"
done

# The number of soundings follows from the CPU time of the short survey: two tasks must work for at least two minutes, because
# SLURM ends a job a minute after its begin, or up to half a minute later.
many=$(awk '/CPU seconds and/ { print int(2 * 120 / $1) }' short.log)
survey long "$many"
"$geobipy" invert long.toml long.whole > long.log 2>&1
report "reference of $many soundings without MPI"

job long limited
limits=0
for _ in $(seq 12); do
    submit limited --ntasks=2 --time=1
    wait_for "a running job" 60 says limited '^running for'
    wait_for "the end of a job of one minute" 150 is_over
    [ "$(state)" = TIMEOUT ] || break
    limits=$((limits + 1))
    check_interrupted long limited
    report "time limit $limits: interrupted in order with $whole of $many soundings whole"
done
[ "$(state)" = COMPLETED ] || fail "the last job of one minute: $(state)"
[ $limits -gt 0 ] || fail "no job met its time limit"
check_same long limited "$many"
report "after $limits time limits: complete, results identical to an uninterrupted run's"
echo "all is well after $SECONDS s"
