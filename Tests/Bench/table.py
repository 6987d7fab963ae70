"""The lines of the table that the benchmark prints."""
import datetime
from dataclasses import dataclass

import machine
from load import Comparison

GIBIBYTE, MEBIBYTE, KIBIBYTE = 1 << 30, 1 << 20, 1 << 10


@dataclass(frozen=True)
class Row:
    """A line of the table. `reached` is None when the figure has no target."""
    name: str
    target: str
    measured: str
    nginx: str = ""
    ratio: str = ""
    reached: bool | None = None

    @property
    def cells(self) -> list[str]:
        verdict = {True: "reached", False: "missed", None: ""}[self.reached]
        return [self.name, self.target, self.measured, self.nginx, self.ratio, verdict]


def request_row(name: str, seen: Comparison, least: float) -> Row:
    own, other = seen.rates("requests")
    return _ratio_row(name, seen, least, seen.ratio("requests"), f"{own:,.0f} /s", f"{other:,.0f} /s")


def transfer_row(name: str, seen: Comparison, least: float) -> Row:
    own, other = seen.rates("bytes")
    own, other = (f"{rate / GIBIBYTE:.2f} GiB/s" for rate in (own, other))
    return _ratio_row(name, seen, least, seen.ratio("bytes"), own, other)


def _ratio_row(name: str, seen: Comparison, least: float, ratio: float, own: str, other: str) -> Row:
    failed = f", {seen.errors} failed" if seen.errors else ""
    return Row(name, f">= {least:g} of nginx", own + failed, other, f"{ratio:.3f}", ratio >= least and not seen.errors)


def limit_row(name: str, value: float, most: float, unit: str, digits: int = 1) -> Row:
    return Row(name, f"< {most:g} {unit}", f"{value:.{digits}f} {unit}", reached=value < most)


def _table(rows: list[Row]) -> str:
    head = ["Measurement", "Target", "Kinodock", "nginx, same run", "Ratio", "Verdict"]
    lines = [head, ["---"] * len(head), *(row.cells for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def page(rows: list[Row]) -> str:
    date = datetime.datetime.now(datetime.timezone.utc).date()
    return (f"# Benchmarks\n\nMeasured by `make bench` on {date}: {machine.description()}.\n\n"
            "Load comes from wrk on the same machine (32 connections, 2 threads). nginx has 2 workers and sendfile;\n"
            "the two are loaded in turns, and the ratio is the median of neighbouring runs. All is on loopback.\n\n"
            f"{_table(rows)}\n")
