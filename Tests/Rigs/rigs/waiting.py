"""Bounded waiting: every loop of the rigs and of the tests that use them ends by a deadline."""
import time
from typing import Callable, TypeVar

Value = TypeVar("Value")


class TimedOut(AssertionError):
    """Something that was waited for did not happen in time. The message says what was seen last."""


def wait_until(condition: Callable[[], Value], seconds: float, what: str, every: float = 0.1) -> Value:
    """Asks `condition` until it answers something true, and returns that.

    An `OSError` counts as "not yet": a server that is starting refuses connections.

    Raises TimedOut after `seconds`; the message names `what` and the last answer.
    """
    deadline = time.monotonic() + seconds
    last = None
    while True:
        try:
            last = condition()
            if last:
                return last
        except OSError as error:
            last = error
        if time.monotonic() >= deadline:
            raise TimedOut(f"waited {seconds:g} s for {what}; last seen: {str(last)[:600]!r}")
        time.sleep(every)
