"""Measures works C and D between hosts of our own, and sets the model beside it: network namespaces joined by veth, the bandwidth set by
tc's tbf, delay by a relay (relay.c), ranks started in them through a launch agent (enter). Needs root, iproute2, Open MPI and a C compiler.

From Tests: python3 -m Ranks.network --nn ../.build/release/nn-mpi [--hosts 2] [--delay 0,1000] [--works C,D] [--local]

`--local` measures on this machine instead, through shared memory: one rank of two threads and two ranks of one, in turn.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from .job import ROOT, Bench, events
from .model import Network, step

HERE = Path(__file__).resolve().parent
MPI = ["--allow-run-as-root", "--oversubscribe", "--bind-to", "none"]
WORKS = {
    # widths, batch, optimizer, loss
    "C": ([784, 512, 512, 10], 128, "adam", "mse"),
    "D": ([1024, 2048, 2048, 1024], 512, "sgd", "mse"),
}


def sh(command):
    subprocess.run(command, shell=True, check=True)


class Hosts:
    """Namespaces nn-host-1 … on a switch, each with the address 10.77.0.N."""

    def __init__(self, count, rate, delay, folder):
        self.count, self.folder, self.relays = count, folder, []
        self.down()
        sh("ip netns add nn-switch && ip -n nn-switch link add bridge type bridge && ip -n nn-switch link set bridge up")
        if delay:
            sh(f"cc -O2 -o {folder}/relay {HERE}/relay.c")
        for host in range(1, count + 1):
            name = f"nn-host-{host}"
            sh(f"ip netns add {name} && ip -n {name} link set lo up")
            sh(f"ip link add eth0 netns {name} type veth peer name port{host} netns nn-switch")
            sh(f"ip -n {name} addr add 10.77.0.{host}/24 dev eth0 && ip -n {name} link set eth0 up")
            sh(f"ip -n nn-switch link set port{host} up")
            sh(f"ip netns exec {name} tc qdisc add dev eth0 root tbf rate {rate} burst 256kb latency 10ms")
            # As hosts that compute together are set up: a connection that was idle for a step does not begin anew.
            sh(f"ip netns exec {name} sysctl -q -w net.ipv4.tcp_slow_start_after_idle=0")
            if delay:
                # Half of it at each end of the way.
                sh(f"ip -n nn-switch link add in{host} type veth peer name out{host}")
                sh(f"ip -n nn-switch link set in{host} up && ip -n nn-switch link set out{host} up")
                sh(f"ip -n nn-switch link set out{host} master bridge")
                self.relays.append(subprocess.Popen(
                    ["ip", "netns", "exec", "nn-switch", f"{folder}/relay", f"port{host}", f"in{host}", str(delay // 2)]))
            else:
                sh(f"ip -n nn-switch link set port{host} master bridge")

    def launch(self, ranks):
        """mpirun on the first host, a rank on each."""
        hosts = ",".join(f"10.77.0.{host}:1" for host in range(1, ranks + 1))
        return ["ip", "netns", "exec", "nn-host-1", "unshare", "--uts", "sh", "-c", 'hostname nn-host-1; exec "$@"', "sh",
                "mpirun", *MPI, "--host", hosts, "-n", str(ranks), "--map-by", "node",
                "--mca", "plm_rsh_agent", str(HERE / "enter"), "--mca", "plm_rsh_no_tree_spawn", "1",
                "--mca", "btl", "tcp,self", "--mca", "pml", "ob1", "--mca", "btl_tcp_if_include", "10.77.0.0/24",
                "--mca", "oob_tcp_if_include", "10.77.0.0/24", "-x", "RANKS_FOLDER"]

    def down(self):
        for relay in self.relays:
            relay.kill()
            relay.wait()
        # A link goes with its namespace.
        for name in subprocess.run(["ip", "netns", "list"], capture_output=True, text=True).stdout.split():
            if name.startswith("nn-host-") or name == "nn-switch":
                sh(f"ip netns del {name}")


def constants(launch, folder, environment):
    """α and β of an exchange in both directions."""
    program = folder / "pingpong"
    if not program.exists():
        sh(f"mpicc -O2 -Wno-unknown-pragmas -I{ROOT}/Sources/CMPI/include -o {program} {HERE}/pingpong.c {ROOT}/Sources/CMPI/CMPI.c")
    out = subprocess.run([*launch, str(program)], capture_output=True, text=True, check=True, env=environment).stdout
    times = {int(size): float(seconds) for size, seconds in (line.split() for line in out.splitlines() if line[:1].isdigit())}
    largest = max(times)
    return times[64], (times[largest] - times[64]) / largest, times


def table(folder, name):
    widths, batch, _, loss = WORKS[name]
    path = folder / f"{name}.csv"
    if path.exists():
        return path
    draw = random.Random(1)
    targets = widths[-1]
    rows = 8 * batch
    with open(path, "w") as file:
        file.write(",".join([f"x{i}" for i in range(widths[0])] + [f"y{i}" for i in range(targets)]) + "\n")
        for _ in range(rows):
            file.write(",".join(f"{draw.random() - 0.5:.3f}" for _ in range(widths[0] + targets)) + "\n")
    return path


def script(folder, name, shards, epochs, batch=None):
    widths, usual, optimizer, loss = WORKS[name]
    targets = ", ".join(f"y{i}" for i in range(widths[-1]))
    layers = "; ".join([f"dense {width} relu" for width in widths[1:-1]] + [f"dense {widths[-1]} linear"])
    return f"""data {table(folder, name)} target=[{targets}]
model < {layers} > | compile loss={loss} opt={optimizer} lr=0.0001
fit epochs={epochs} batch={batch or usual} seed=1 shards={shards}
"""


def steps(launch, bench, text, folder, threads=1, environment=None):
    """The median of a step over epochs, in seconds, without the first epoch; and the share of the time in which rank 0 waited."""
    (folder / "s.nn").write_text(text)
    command = [*launch, bench.nn, "run", "s.nn", "--json", "--threads", str(threads)]
    out = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL)
    found = events(out.stdout)
    if out.returncode != 0:
        sys.exit(out.stdout[-500:] + out.stderr[-2000:])
    epochs = [event["seconds"] for event in found if event["event"] == "epoch"][1:]
    stop = [event for event in found if event["event"] == "stop"][-1]
    rows = [event["rows"] for event in found if event["event"] == "fit"][-1]
    batches = -(-rows // int(text.split("batch=")[1].split()[0]))
    return statistics.median(epochs) / batches, stop.get("waited", 0) / max(stop["seconds"], 1e-9), stop["digest"]


def local(bench, folder, names, rounds):
    """One rank of two threads beside two ranks of one, in turn."""
    for name in names:
        found = {"1 rank × 2 threads": [], "2 ranks × 1 thread": [], "1 process, shards=1": []}
        waits, digests = [], set()
        for _ in range(rounds):
            for label, ranks, threads, shards in [
                    ("1 rank × 2 threads", 1, 2, 2), ("2 ranks × 1 thread", 2, 1, 2), ("1 process, shards=1", 0, 2, 1)]:
                launch = ["mpirun", *MPI, "-n", str(ranks)] if ranks else []
                seconds, wait, digest = steps(launch, bench, script(folder, name, shards, 5), folder, threads)
                found[label].append(seconds)
                if shards == 2:
                    digests.add(digest)
                if ranks == 2:
                    waits.append(wait)
        print(f"\nwork {name}, milliseconds a step, median (least) of {rounds} rounds in turn; one digest: {len(digests) == 1}")
        for label, times in found.items():
            print(f"| {label} | {1e3 * statistics.median(times):.1f} ({1e3 * min(times):.1f}) |")
        ratio = statistics.median(found["2 ranks × 1 thread"]) / statistics.median(found["1 rank × 2 threads"])
        print(f"| 2 ranks by 1 | {ratio:.3f} | waiting {100 * statistics.median(waits):.0f} % |", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="network", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nn", required=True)
    parser.add_argument("--hosts", default="2,4")
    parser.add_argument("--delay", default="0,1000", help="one way, in microseconds")
    parser.add_argument("--rate", default="1gbit")
    parser.add_argument("--works", default="C,D")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--local", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", help="for tables and programs; kept")
    options = parser.parse_args()
    bench = Bench(options.nn, "mpirun", random.Random(0))
    folder = Path(options.folder or tempfile.mkdtemp(prefix="network-"))
    folder.mkdir(exist_ok=True)
    names = options.works.split(",")
    if options.local:
        return local(bench, folder, names, options.rounds)
    environment = os.environ | {"RANKS_FOLDER": str(folder)}

    # What a rank computes of a step, alone and without a network: as many processes at a time as there will be ranks, for they share
    # memory and cores. A quarter of a nanosecond a byte to add is read off the same machine.
    rows = []
    for ranks in [int(part) for part in options.hosts.split(",")]:
        computing = {}
        for name in names:
            batch = WORKS[name][1] // ranks
            text = script(folder, name, 1, options.epochs, batch)
            processes = []
            for place in range(ranks):
                own = folder / f"alone-{place}"
                own.mkdir(exist_ok=True)
                (own / "s.nn").write_text(text)
                processes.append(subprocess.Popen(
                    [bench.nn, "run", "s.nn", "--json", "--threads", "1"], cwd=own, stdout=subprocess.PIPE, text=True))
            medians = []
            for process in processes:
                epochs = [event["seconds"] for event in events(process.communicate()[0]) if event["event"] == "epoch"][1:]
                medians.append(statistics.median(epochs) / (8 * ranks))
            computing[name] = statistics.median(medians)
        for delay in [int(part) for part in options.delay.split(",")]:
            hosts = Hosts(ranks, options.rate, delay, folder)
            try:
                launch = hosts.launch(ranks)
                alpha, beta, times = constants(hosts.launch(2), folder, environment)
                network = Network(alpha, beta, 0.25e-9)
                print(f"\n{ranks} hosts, {options.rate}, {delay} µs one way: α {1e6 * alpha:.0f} µs, β {1e9 * beta:.2f} ns a byte "
                      f"({8e-9 / beta:.2f} Gbit/s each way at a time)", flush=True)
                for name in names:
                    seconds, wait, digest = steps(
                        launch, bench, script(folder, name, ranks, options.epochs), folder, 1, environment)
                    predicted, waiting = step(network, WORKS[name][0], ranks, computing[name])
                    print(f"| {name} | {ranks} | {delay} | {1e3 * computing[name]:.1f} | {1e3 * predicted:.1f} | {1e3 * seconds:.1f} | "
                          f"{100 * (seconds / predicted - 1):+.0f} % | {100 * waiting / predicted:.0f} % | {100 * wait:.0f} % |", flush=True)
            finally:
                hosts.down()
    return 0


if __name__ == "__main__":
    sys.exit(main())
