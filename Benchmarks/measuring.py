"""What the benchmarks share: running a process and reading what the kernel counted, and a table."""

import dataclasses
import os
import pathlib
import statistics
import subprocess
import sys
import time

PACKAGE = pathlib.Path(__file__).resolve().parent.parent


@dataclasses.dataclass
class Run:
    """One process, from its start to its end."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds of user and system time, of all its threads."""
    peak: int
    """The most bytes it had in memory."""
    output: str


def binary(name):
    """The path of a command in the release build."""
    path = PACKAGE / ".build" / "release" / name
    if not path.exists():
        sys.exit(f"{path} is missing: swift build -c release --product {name}")
    return path


def run(command, **options):
    """Runs a command and waits for it; its failure ends the benchmark."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.PIPE, text=True, **options
    )
    output = process.stdout.read()
    # wait4 rather than wait: what the kernel counted for this process alone.
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, output)


class Table:
    """Rows of numbers below their names."""

    def __init__(self, unit, columns):
        self.unit = unit
        self.columns = columns
        self.rows = []

    @staticmethod
    def median(values):
        return statistics.median(values)

    def add(self, name, *values):
        self.rows.append((name, values))

    def show(self):
        width = max(len(name) for name, _ in self.rows)
        print(f"{self.unit:<{width}}" + "".join(f"{name:>10}" for name in self.columns))
        for name, values in self.rows:
            print(f"{name:<{width}}" + "".join(f"{value:>10.2f}" for value in values))
