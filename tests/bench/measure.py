"""Runs commands many times, in turn, and says how long they took and how much memory they held."""
import os
import statistics
import subprocess
import tempfile
import time

QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
TIMER = "/usr/bin/time"


class Measured:
    def __init__(self, seconds, peak):
        self.seconds = seconds
        self.median = statistics.median(seconds)
        self.best = min(seconds)
        self.peak = peak  # MiB; None where there is no /usr/bin/time

    def ratio_to(self, other):
        """How many times as long as another command of the same turns: a busy moment hits both sides of a turn."""
        return statistics.median(own / its for own, its in zip(self.seconds, other.seconds))

    def __str__(self):
        peak = f"{self.peak:8.1f} MiB" if self.peak else "       ? MiB"
        return f"median {self.median * 1000:9.2f} ms   best {self.best * 1000:9.2f} ms   peak {peak}"


def seconds_of(command, env):
    began = time.perf_counter()
    status = subprocess.run(command, env=env, **QUIET).returncode
    took = time.perf_counter() - began
    if status != 0:
        raise SystemExit(f"{' '.join(map(str, command[:6]))} … ended with {status}")
    return took


def peak_of(command, env):
    """MiB. By GNU time, which is small itself: a child's figure starts from what the process that forks it held."""
    if not os.path.exists(TIMER):
        return None
    with tempfile.NamedTemporaryFile("r") as out:
        subprocess.run([TIMER, "-f", "%M", "-o", out.name, *command], env=env, check=True, **QUIET)
        return int(out.read()) / 1024


def measure(commands, runs, env):
    """commands: name by argument list. In turn, so that a busy moment of the machine hits all of them alike."""
    for command in commands.values():
        seconds_of(command, env)
    seconds = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            seconds[name].append(seconds_of(command, env))
    measured = {name: Measured(seconds[name], peak_of(command, env)) for name, command in commands.items()}
    for name, each in measured.items():
        print(f"  {name:44} {each}")
    return measured


def show_ratio(what, ratio, aim=None):
    print(f"  -> {what}: {ratio:.2f} times" + (f"   (aim: {aim})" if aim else ""))
