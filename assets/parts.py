"""The columns of a batch that need no key: set aside as Arrow while the keys are worked out, then written to the lake.

Nothing personal is in them. Rows keep the order of their file, so that keys are put beside them, not joined.
Does not belong here: keys (assets/staging.py), and where lake files lie (assets/lake.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

from checks.feed import KINDS, FeedContract
from fangpin.errors import FangpinError

ROW_GROUP = 122_880


def schema(contract: FeedContract) -> dict[str, Any]:
    """Set-aside columns of a feed and their types; codes as enumerations."""
    columns: dict[str, Any] = {"source_row": pl.Int32}
    if contract.creates == "person":
        columns |= {"birth_month": pl.String, "sex": pl.Enum(["女", "男"])}
    for column in contract.columns:
        if column.kind == "code":
            columns[column.name] = pl.Enum(column.codes)
        elif not column.personal and column.kind != "household_no":
            columns[column.name] = KINDS[column.kind]
    return columns


@contextmanager
def set_aside(contract: FeedContract, path: Path) -> Iterator[Callable[[pl.DataFrame], None]]:
    """A writer of accepted rows of one file: call it with each frame, in the order of the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = schema(contract)
    with ipc.new_file(path, pl.DataFrame(schema=columns).to_arrow().schema) as file:

        def add(rows: pl.DataFrame) -> None:
            if len(rows):
                file.write_table(rows.select(*columns).cast(columns).to_arrow())

        yield add


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    """Read, not mapped: pages of a large file would count as memory of the process."""
    with pa.OSFile(str(path)) as file:
        reader = ipc.open_file(file)
        for number in range(reader.num_record_batches):
            yield reader.get_batch(number)


def pick(path: Path, rows: Sequence[int], columns: Sequence[str] | None = None) -> pl.DataFrame:
    """The set-aside rows with these source rows; all columns, or source_row and those named."""
    wanted = pa.array(rows, pa.int32())
    named = (batch if columns is None else batch.select(columns) for batch in _batches(path))
    return pl.concat([pl.DataFrame(batch.filter(pc.is_in(batch["source_row"], wanted))) for batch in named])


def write_lake(
    contract: FeedContract,
    aside: Path,
    known: Iterator[pl.DataFrame],
    month: str,
    sha16: str,
    path: Path,
    footer: Mapping[bytes, bytes] | None = None,
) -> int:
    """Write the lake file: the set-aside rows that `known` (source_row and integer keys, by row) still has; how many.

    footer: what is kept with the file beside its rows.
    """
    names = [name for name, _, _ in contract.lake_columns]
    delivery = {"delivery_month": pl.lit(month, pl.Enum([month])), "source_file": pl.lit(sha16, pl.Enum([sha16]))}
    keys = dict.fromkeys((name for name in names if name not in schema(contract) and name not in delivery), pl.Int32)
    empty = pl.DataFrame(schema={**schema(contract), **keys}).with_columns(**delivery).select(names).to_arrow()
    integers = [name for name, kind, _ in contract.lake_columns if kind in ("INTEGER", "BIGINT")]
    written, ahead = 0, pl.DataFrame(schema={"source_row": pl.Int32, **keys})
    with pq.ParquetWriter(
        path,
        empty.schema,
        compression="zstd",
        compression_level=1,
        use_dictionary=[name for name, kind, _ in contract.lake_columns if kind == "VARCHAR"],
        column_encoding=dict.fromkeys(integers, "DELTA_BINARY_PACKED"),
        write_statistics=integers[:1],
        store_schema=False,
    ) as file:
        for batch in (pl.DataFrame(batch) for batch in _batches(aside)):
            last = batch["source_row"][-1]
            while (ahead.is_empty() or ahead["source_row"][-1] < last) and (more := next(known, None)) is not None:
                ahead = pl.concat([ahead, more])
            end = ahead["source_row"].search_sorted(last, side="right")
            mine, ahead = ahead[:end], ahead[end:]
            if not mine["source_row"].equals(batch["source_row"]):
                batch = batch.filter(batch["source_row"].is_in(mine["source_row"].implode()))
            if not mine["source_row"].equals(batch["source_row"]):
                raise FangpinError(f"{contract.name} 的行与编号对不上：没有入库，这是程序缺陷，请报告。")
            rows = pl.concat([batch.drop("source_row"), mine], how="horizontal").with_columns(**delivery)
            file.write_table(rows.select(names).to_arrow(), row_group_size=ROW_GROUP)
            written += len(mine)
        file.add_key_value_metadata(dict(footer or {}))
    if left := len(ahead) + sum(map(len, known)):
        raise FangpinError(
            f"{contract.name} 有 {written + left} 行编了号，只写出 {written} 行：没有入库，这是程序缺陷，请报告。"
        )
    return written
