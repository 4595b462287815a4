"""Pins: the versions a lock file asks for, and whether they are installed. `prepare` calls it before any package is
there, so it needs nothing but the standard library.
"""

import ast
import os
import platform
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import metadata

_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)\s*(?:;\s*([^\\\n]+?))?\s*\\?$", re.MULTILINE)


def read_pins(lock: str, facts: Mapping[str, str]) -> dict[str, str]:
    """Versions by name that a lock in the format of pip's requirement files asks for where `facts` hold."""
    found = _PIN.findall(lock)
    return {_normal(name): version for name, version, marker in found if not marker or marker_holds(marker, facts)}


def has(pins: Mapping[str, str], distributions: Iterable[metadata.Distribution]) -> bool:
    """Whether every pin is among the distributions, at its version. The first of two of a name is the one imported."""
    installed: dict[str, str] = {}
    for distribution in distributions:
        # An interrupted removal leaves folders without metadata behind.
        if name := distribution.metadata["Name"]:
            installed.setdefault(_normal(name), distribution.version)
    return all(installed.get(name) == version for name, version in pins.items())


def facts_of_this_python() -> dict[str, str]:
    """What the markers of a lock may ask about. Names: the dependency specifiers of the Python Packaging User Guide."""
    return {
        "implementation_name": sys.implementation.name,
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_system": platform.system(),
        "python_full_version": platform.python_version(),
        "python_version": ".".join(platform.python_version_tuple()[:2]),
        "sys_platform": sys.platform,
    }


def marker_holds(marker: str, facts: Mapping[str, str]) -> bool:
    """Evaluates a marker, whose grammar is a part of Python's own. Raises KeyError for a fact that is not given."""
    return _holds(ast.parse(marker, mode="eval").body, facts)


_COMPARISONS: dict[type[ast.cmpop], Callable[[tuple[int, ...] | str, tuple[int, ...] | str], bool]] = {
    ast.Eq: lambda left, right: left == right,
    ast.NotEq: lambda left, right: left != right,
    ast.Lt: lambda left, right: left < right,  # type: ignore[operator]
    ast.LtE: lambda left, right: left <= right,  # type: ignore[operator]
    ast.Gt: lambda left, right: left > right,  # type: ignore[operator]
    ast.GtE: lambda left, right: left >= right,  # type: ignore[operator]
}


def _holds(node: ast.expr, facts: Mapping[str, str]) -> bool:
    if isinstance(node, ast.BoolOp):
        parts = [_holds(part, facts) for part in node.values]
        return all(parts) if isinstance(node.op, ast.And) else any(parts)
    if not (isinstance(node, ast.Compare) and isinstance(node.left, ast.Name)):
        raise KeyError(ast.unparse(node))
    wanted = ast.literal_eval(node.comparators[0])
    fact = facts[node.left.id]
    if not node.left.id.startswith("python_"):
        return _COMPARISONS[type(node.ops[0])](fact, wanted)
    # "3.14.*" asks about as many numbers as it names, and "3.12" is the same version as "3.12.0".
    length = wanted.count(".") if wanted.endswith(".*") else 3
    return _COMPARISONS[type(node.ops[0])](_numbers(fact, length), _numbers(wanted, length))


def _numbers(version: str, length: int) -> tuple[int, ...]:
    numbers = [int(number) for number in re.findall(r"\d+", version)]
    return tuple([*numbers, 0, 0, 0][:length])


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
