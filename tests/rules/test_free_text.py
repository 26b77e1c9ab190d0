"""Numbers of persons in free text: the row goes on without them, and its department is told."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from checks.raw import FEEDS
from fangpin.intake import free_text, header, validate
from fangpin.intake.blocks import Block
from fangpin.places import NAMED
from tests.rules.test_validate import context, number

RELIEF: Any = FEEDS["temporary_relief"]
HEADER = ("姓名", "证件号码", "救助月份", "救助原因", "救助金额")
OTHER, PHONE = number(14), "13800138000"


def judged(*reasons: str, amount: str = "500") -> validate.Judged:
    heading = header.find([HEADER], RELIEF.columns)
    assert heading is not None
    rows = [("甲", number(n), "202110", reason, amount) for n, reason in enumerate(reasons)]
    cells = {name: pa.array([row[at] for row in rows], pa.string()) for name, at in heading.positions.items()}
    table = pa.table({"source_row": pa.array(range(2, 2 + len(rows)), pa.int32()), **cells})
    return validate.judge(Block(cells=table, typed_number={}, end=1 + len(rows)), RELIEF, heading, context())


def test_the_accepted_row_is_masked_and_the_delivered_one_kept() -> None:
    reason = f"张三 {OTHER} {PHONE} 因病"
    found = judged("因病", reason)
    masked = f"{OTHER[:6]}********{OTHER[-4:]}"
    assert found.accepted["reason"].to_list() == ["因病", f"张三 {masked} 138******** 因病"]
    assert list(found.doubted) == [3]
    assert found.doubted[3]["救助原因"] == reason
    ((row, column, rule, level, message, value),) = found.reasons.rows()
    assert (row, column, rule, level) == (3, "救助原因", "personal_in_text", "警告")
    assert message == "救助原因：含有证件号码或手机号码，入库时已遮盖号码；请删去号码，只填在证件号码、电话栏"
    assert value == f"张* {masked} 138******** 因*"


def test_what_is_not_accepted_is_masked_as_well() -> None:
    found = judged("因病", f"因病{PHONE}", amount="五百")
    assert (len(found.accepted), sorted(found.refused)) == (0, [2, 3])
    assert found.unaccepted["reason"].to_list() == ["因病", "因病138********"]
    assert {(row, rule) for row, _, rule, *_ in found.reasons.rows()} == {
        *((row, "not_money") for row in (2, 3)),
        (3, "personal_in_text"),
    }


@pytest.mark.parametrize("different", [1, 2_000])
def test_few_texts_or_many_are_looked_at_alike(different: int) -> None:
    """A column with few texts is looked at text by text, one with many row by row."""
    texts = [f"因病{n % different}" for n in range(5 * free_text.FEW)]
    column = pl.Series("note", [*texts, None, f"户主{OTHER}", *texts, f"户主{OTHER}"], dtype=pl.String)
    note = SimpleNamespace(name="note", kind="text", document=False)
    contract: Any = SimpleNamespace(columns=[note], key=())
    (found,) = free_text.personal(pl.DataFrame([column]), contract)
    last = len(column) - 1
    assert found.rows.arg_true().to_list() == [len(texts) + 1, last]
    expected = column.to_list()
    expected[len(texts) + 1] = expected[last] = f"户主{OTHER[:6]}********{OTHER[-4:]}"
    assert found.values.to_list() == expected


def test_the_number_of_a_document_is_masked_only_where_it_is_the_identity_number_of_its_row() -> None:
    """13800138001, or a right number, may be any number that a system gives; in a key, nothing is touched."""
    texts = pl.Series("no", ["13800138001", OTHER, OTHER.lower(), "YB1", None])
    numbers = pl.Series("id", [OTHER, number(8), OTHER, OTHER, None])
    document = SimpleNamespace(name="no", kind="text", document=True)
    identity_number = SimpleNamespace(name="id", kind="id_number", document=False)
    contract: Any = SimpleNamespace(columns=[identity_number, document], key=())
    (found,) = free_text.personal(pl.DataFrame([numbers, texts]), contract)
    assert found.values.to_list() == [*texts[:2], f"{OTHER[:6]}********{OTHER[-4:].lower()}", "YB1", None]
    contract.key = ("no",)
    assert free_text.personal(pl.DataFrame([numbers, texts]), contract) == []
    contract.columns, contract.key = [document], ()
    assert free_text.personal(pl.DataFrame([texts]), contract) == []


def test_every_text_of_every_feed_is_free_or_known() -> None:
    """By hand: what is the number of a document; all else is free text or the name of a place."""
    documents = {c.name for feed in FEEDS.values() for c in feed.columns if c.document}
    assert documents == {
        *("settlement_no", "credit_code", "loan_no", "petition_no", "certificate_no", "vehicle_no"),
        *("person_no", "batch_no"),
    }
    keys = {c.name for feed in FEEDS.values() for c in feed.columns if c.kind == "text" and c.name in feed.key}
    assert keys - documents == {*NAMED, "reason", "project"}
