"""What the kernel says about this machine and about one process."""
import os
import platform
from pathlib import Path


def resident_bytes(pid: int) -> int:
    """The resident memory of a process, shared libraries included."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Rss:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("the kernel does not tell the resident memory")


def cpu_seconds(pid: int) -> float:
    """The processor time of all threads that still live, in nanosecond steps; 10 ms steps are too coarse here."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            pass  # ended between the listing and the reading
    return total / 1e9


def description() -> str:
    """Cores, processor, memory and kernel; no names."""
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / (1 << 20)
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB of memory, Linux {platform.release()}"
