"""What the end-to-end tests stand on: a server of their own, a client of its HTTP, and the shared rigs."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Rigs"))
