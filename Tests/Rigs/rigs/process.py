"""Child processes that never outlive the program that started them."""
import atexit
import ctypes
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from .waiting import TimedOut, wait_until

# Programs that stand in for ones that cannot be had.
STAND_INS = Path(__file__).resolve().parents[1] / "programs"
_running: list["Child"] = []
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> None:
    """Has the kernel kill this process when its parent ends. Covers what no handler can: a parent that is killed."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def accepts(port: int) -> bool:
    """Whether something accepts connections on a port of 127.0.0.1."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


class Child:
    """A program that runs in the background, with both outputs appended to a log file.

    It starts in a session of its own, so that Ctrl-C reaches the tests alone and they decide what ends first.
    Start it from the main thread: the kernel ends a child together with the thread that started it.
    """

    def __init__(self, command: list[str], log: Path, environment: dict[str, str] | None = None,
                 folder: Path | None = None) -> None:
        self.name = Path(command[0]).name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, cwd=folder,
                start_new_session=True, preexec_fn=die_with_parent,
            )
        _running.append(self)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """The exit code, negative for a signal; None while the program runs."""
        return self._process.poll()

    def send(self, number: int) -> None:
        """Sends a signal to this very process, if it still runs."""
        if self.exit_code is None:
            self._process.send_signal(number)

    def wait(self, seconds: float) -> int:
        """Waits for the end and returns the exit code.

        Raises TimedOut when the program still runs after `seconds`.
        """
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise TimedOut(f"{self.name} (process {self.pid}) still runs after {seconds:g} s") from None
        self._forget()
        return code

    def stop(self, seconds: float = 10) -> int:
        """Asks the program to end, and kills it when it does not."""
        self.send(signal.SIGTERM)
        try:
            return self.wait(seconds)
        except TimedOut:
            return self.kill()

    def kill(self) -> int:
        """Ends the program at once, as a power cut would."""
        self.send(signal.SIGKILL)
        return self.wait(10)

    def wait_for_port(self, port: int, seconds: float) -> None:
        """Waits until the program listens; fails at once when it has ended instead."""
        def listening() -> bool:
            if self.exit_code is not None:
                raise AssertionError(f"{self.name} ended with {self.exit_code} while starting:\n{self.tail()}")
            return accepts(port)
        wait_until(listening, seconds, f"{self.name} to listen on port {port}", every=0.05)

    def tail(self, lines: int = 15) -> str:
        """The end of the log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _forget(self) -> None:
        if self in _running:
            _running.remove(self)


class Program:
    """What a rig is that runs one program: `_start` starts it, on the same data and ports every time."""

    child: Child

    def _start(self) -> Child:
        raise NotImplementedError

    def kill(self) -> None:
        self.child.kill()

    def stop(self) -> None:
        self.child.stop()

    def restart(self) -> None:
        """Starts it again, whether it was stopped or killed."""
        if self.child.exit_code is None:
            self.child.stop()
        self.child = self._start()


def end_all() -> None:
    """Ends every child that still runs, the last one started first."""
    for child in reversed(_running.copy()):
        try:
            child.stop(seconds=5)
        except (OSError, AssertionError) as error:
            print(f"could not end process {child.pid}: {error}", file=sys.stderr)


def _leave(number: int, _frame: object) -> None:
    sys.exit(128 + number)


def end_all_on_exit() -> None:
    """Makes SIGTERM and SIGHUP leave through the normal exit, where `end_all` runs. Ctrl-C does so already."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)


atexit.register(end_all)
