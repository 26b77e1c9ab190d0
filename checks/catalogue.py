"""Every table contract, found by walking checks/ref, checks/core and checks/mart."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from checks.table import TableContract

SCHEMAS = ("ref", "core", "mart")


@cache
def contracts() -> dict[str, TableContract]:
    """Table name 'schema.table' -> contract, in alphabetical order."""
    found = {}
    for schema in SCHEMAS:
        package = importlib.import_module(f"checks.{schema}")
        for module in pkgutil.iter_modules(package.__path__):
            for value in vars(importlib.import_module(f"checks.{schema}.{module.name}")).values():
                if isinstance(value, TableContract):
                    found[value.name] = value
    return dict(sorted(found.items()))
