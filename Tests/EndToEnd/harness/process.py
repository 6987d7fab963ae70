"""What the kernel says about a process: its memory, threads and descriptors, and who is left of a family."""
import os
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Usage:
    """What a process has at one moment."""
    threads: int
    descriptors: int
    resident_mb: float

    @staticmethod
    def of(pid: int) -> "Usage":
        status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        return Usage(int(status["Threads"]), len(os.listdir(f"/proc/{pid}/fd")), int(status["VmRSS"].split()[0]) / 1024)

    @staticmethod
    def least_of(pid: int, seconds: float) -> "Usage":
        """The least of each within a time: what a moment needs, it gives back."""
        end = time.monotonic() + seconds
        seen = [Usage.of(pid)]
        while time.monotonic() < end:
            time.sleep(0.1)
            seen.append(Usage.of(pid))
        return Usage(min(usage.threads for usage in seen), min(usage.descriptors for usage in seen),
                     min(usage.resident_mb for usage in seen))


def processes_with(word: str) -> dict[int, str]:
    """The running processes in whose command line a word stands, and their command lines."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            name = (folder / "comm").read_text().strip()
            # A process that has ended and was not waited for has no command line any more.
            if word in words and "State:\tZ" not in (folder / "status").read_text():
                found[int(folder.name)] = f"{name}: {words}"
        except OSError:
            continue  # it has ended meanwhile
    return found


def zombies_of(parent: int) -> list[int]:
    """The children of a process that have ended and for which it has not waited."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # it has ended meanwhile
        if fields[0] == "Z" and int(fields[1]) == parent:
            found.append(int(folder.name))
    return found
