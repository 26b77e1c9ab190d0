"""The asset graph as text, one asset a line with what it reads: `python -m tests.structure.graph` writes it."""

from __future__ import annotations

from pathlib import Path

from pipelines.definitions import defs

SNAPSHOT = Path(__file__).with_name("graph.txt")


def graph() -> str:
    """Assets in alphabetical order, each with its sorted dependencies."""
    assets = defs.resolve_asset_graph()
    lines = []
    for key in sorted(assets.get_all_asset_keys()):
        parents = sorted("/".join(p.path) for p in assets.get(key).parent_keys)
        lines.append(f"{'/'.join(key.path)}: {' '.join(parents)}".rstrip())
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    SNAPSHOT.write_text(graph(), encoding="utf-8")
