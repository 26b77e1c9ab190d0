"""Mutated files are refused by name or accounted for row by row; `make faults` takes many more of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deliveries import id_number
from tests.faults import mutated
from tests.faults.mutations import Mutated

FILES = 150


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
def test_mutated_files(tmp_path: Path) -> None:
    counts = mutated.run(tmp_path, seed=2021, numbers=range(FILES))
    outcomes = {name: count for name, count in counts.items() if not name.startswith("done:")}
    assert sum(outcomes.values()) == FILES
    assert outcomes["refused"] > FILES / 10
    assert outcomes["taken in: row by row"] > FILES / 10


def test_what_is_known_of_a_file_can_be_broken(tmp_path: Path) -> None:
    """The comparison notices rows that are not where they should be, and harmless files that are refused."""
    home = mutated.new_home(tmp_path)
    head = "姓名,证件号码,岗位类型,设岗层级,上岗月份,月补贴,岗位职责\n"
    row = f"测试甲,{id_number(1)},护林员,乡镇,202106,800,\n"
    one = Mutated("public_post", "表.csv", (head + row).encode(), (), 1)
    assert mutated.take(home, one) == "taken in: row by row"
    with pytest.raises(mutated.Wrong, match="1 rows accepted, 2 are right"):
        mutated.take(home, Mutated(one.feed, one.name, one.content + b"\n", (), 2))
    with pytest.raises(mutated.Wrong, match="harmless file was refused"):
        mutated.take(home, Mutated(one.feed, one.name, row.encode(), (), 1))
    assert not mutated.no_record(row.split(","))
    assert mutated.no_record(["", " "]) and mutated.no_record(["合计", id_number(1)])
