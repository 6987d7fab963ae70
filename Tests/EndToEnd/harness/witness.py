"""A program in front of yt-dlp that writes down when progress was told."""
import shutil
import sys
from pathlib import Path


class Witness:
    """Passes everything on to the program, and notes the time of each line that tells of progress."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.path = folder / "yt-dlp"
        self._told = folder / "told"
        self.path.write_text(f"""#!{shutil.which("python3") or sys.executable}
import subprocess, sys, time
child = subprocess.Popen(["{program}", *sys.argv[1:]], stdout=subprocess.PIPE)
with open("{self._told}", "a", buffering=1) as told:
    for line in child.stdout:
        if line.startswith(b"@progress"):
            told.write(str(time.monotonic()) + "\\n")
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
sys.exit(child.wait())
""")
        self.path.chmod(0o755)

    def forget(self) -> None:
        self._told.unlink(missing_ok=True)

    @property
    def told(self) -> list[float]:
        """When progress was told, by `time.monotonic`."""
        return [float(line) for line in self._told.read_text().split()]

    def delays(self, came: list[float]) -> list[float]:
        """Seconds from the last line of progress to each of these times, ascending."""
        told = self.told
        return sorted(min((time_ - line for line in told if line <= time_), default=9) for time_ in came)
