"""Names the machine that figures were measured on, and its present memory. Called by `latency` and `public_sets`."""

import os
import platform
from datetime import date
from pathlib import Path

MEMORY = Path("/proc/self/status")
PROCESSORS = Path("/proc/cpuinfo")


def machine(today: date) -> str:
    """Processor, cores, how busy they are, interpreter and day, in one line."""
    busy = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{processor()}, {os.cpu_count()} cores{busy}, Python {platform.python_version()}, {today.isoformat()}"


def processor() -> str:
    """The processor's name as Linux tells it, else its architecture."""
    named = _field(PROCESSORS, "model name")
    return named or platform.processor() or platform.machine()


def memory_mib() -> float | None:
    """Resident memory of this process in MiB; None where no Linux tells it."""
    kib = _field(MEMORY, "VmRSS").split()
    return int(kib[0]) / 1024 if kib else None


def _field(path: Path, name: str) -> str:
    if not path.is_file():
        return ""
    lines = (line.partition(":") for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
    return next((value.strip() for key, _, value in lines if key.strip() == name), "")
