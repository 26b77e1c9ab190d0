"""Which column of a block is which position of a row of the file.

Does not belong here: which position is which column of the contract (header.py).
"""

from __future__ import annotations

import pyarrow as pa

from fangpin.intake.header import Heading


def layout_of(heading: Heading) -> dict[str, int]:
    """Block column -> position in the file."""
    layout = dict(heading.positions)
    for column, positions in heading.repeats.items():
        layout |= {f"{column}#{n}": position for n, position in enumerate(positions, start=1)}
    others = sorted(set(range(len(heading.headers))) - set(layout.values()))
    return layout | {f"#{position or ''}": position for position in others}


def numbered(cells: pa.Table, numbers: pa.Int32Array) -> pa.Table:
    """The cells of a block with the number of each row."""
    return cells.append_column(pa.field("source_row", pa.int32()), [numbers])
