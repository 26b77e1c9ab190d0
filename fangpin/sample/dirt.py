"""Dirty rows: a known share of every feed's rows spoilt as offices spoil them, each with what should become of it.

Does not belong here: what is planted in lives (planted.py) or people of no list (lists.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from fangpin.sample.draws import pick, stream
from fangpin.sample.timeline import Ints, compact

SHARE = 0.003
"""Spoilt rows per row of a feed."""

ACCEPTED, QUARANTINED, SUSPICIOUS = "accepted", "quarantined", "suspicious"
FATES = {
    "bad_check_digit": QUARANTINED,
    "full_width_digits": ACCEPTED,
    "number_lost_digits": QUARANTINED,
    "duplicate_row": QUARANTINED,
    "unknown_village": QUARANTINED,
    "text_in_amount": QUARANTINED,
    "wan_written": ACCEPTED,
    "wan_in_yuan_column": SUSPICIOUS,
    "thousands_separators": ACCEPTED,
    "wrong_month": QUARANTINED,
    "unknown_code": QUARANTINED,
    "missing_value": QUARANTINED,
}
"""Kind -> what the row should become: accepted after cleaning, quarantined, or accepted though its amount is 10,000
times too small (only comparison with its peers can tell)."""

KINDS = tuple(FATES)
WEIGHTS = (0.17, 0.14, 0.04, 0.16, 0.06, 0.08, 0.06, 0.06, 0.05, 0.08, 0.06, 0.04)


@dataclass(frozen=True)
class Spots:
    """Which columns of a feed can be spoilt."""

    number: str | None = None  # identity number
    amount: str | None = None
    code: str | None = None
    period: str | None = None  # the month or day of an increment's row
    place: str | None = None
    needed: str | None = None


SPOTS = {
    "household_list": Spots(code="户类型", place="行政村代码", needed="是否授权查询家庭资产"),
    "person_list": Spots(number="证件号码", code="健康状况", needed="与户主关系"),
    "income": Spots(amount="A1务工", period="所属期", needed="涵盖月数"),
    "measure": Spots(amount="帮扶金额", code="措施类型", period="开始月份"),
    "register": Spots(number="证件号码", amount="转移性收入", code="健康状况", place="村"),
    "register_step": Spots(code="环节", needed="完成日期"),
    "medical": Spots(number="证件号码", amount="合规自付费用", code="医疗类别", period="结算日期", needed="总费用"),
    "dibao": Spots(number="证件号码", amount="月保障金额", code="低保类别"),
    "tekun": Spots(number="证件号码", amount="月供养金额", code="供养方式"),
    "temporary_relief": Spots(number="证件号码", amount="救助金额", period="救助月份"),
    "disability": Spots(number="残疾人证号", code="残疾类别", needed="残疾等级"),
    "education": Spots(number="证件号码", amount="年度自付教育费用", code="学籍状态"),
    "employment": Spots(number="证件号码", amount="务工月收入", code="务工所在地", period="报送月份"),
    "public_post": Spots(number="证件号码", amount="月补贴", code="岗位类型"),
    "training": Spots(number="证件号码", amount="培训补贴", code="组织部门", period="结束日期", needed="是否取得证书"),
    "housing": Spots(code="鉴定等级", needed="是否住人"),
    "water": Spots(code="水质是否达标"),
    "disaster": Spots(amount="核定损失", code="类型", period="发生日期"),
    "vehicle": Spots(number="证件号码", amount="购置价格", code="车辆类型"),
    "death": Spots(number="证件号码", period="死亡日期"),
    "move": Spots(number="证件号码", code="迁移类型", period="迁移日期"),
    "property": Spots(number="证件号码", code="用途", needed="登记月份"),
    "business": Spots(number="证件号码", amount="注册资本", code="主体类型"),
    "payroll": Spots(number="证件号码", amount="月工资", code="单位性质"),
    "petition": Spots(code="反映事项", period="受理日期"),
    "microcredit": Spots(amount="贷款金额", needed="是否逾期"),
}
NEEDS = {
    "bad_check_digit": "number",
    "full_width_digits": "number",
    "number_lost_digits": "number",
    "unknown_village": "place",
    "text_in_amount": "amount",
    "wan_written": "amount",
    "wan_in_yuan_column": "amount",
    "thousands_separators": "amount",
    "wrong_month": "period",
    "unknown_code": "code",
    "missing_value": "needed",
}
"""The spot a kind spoils; a duplicate row needs none."""


@dataclass(frozen=True)
class Spoilt:
    """A frame with its dirty rows: positions in the frame and kinds (indices of KINDS)."""

    frame: pl.DataFrame
    rows: Ints
    kinds: Ints


def spoil(seed: int, code: str, feed: str, month: int, frame: pl.DataFrame, spared: pl.Series | None = None) -> Spoilt:
    """Spoils a share of the rows.

    Of the register no household loses its only row, nor two rows of one month. `spared` are household numbers whose
    rows stay clean.
    """
    rng = stream(seed, code, f"dirt {feed} {month}")
    spots = SPOTS[feed]
    possible = [i for i, kind in enumerate(KINDS) if kind not in NEEDS or getattr(spots, NEEDS[kind])]
    rows = np.flatnonzero(rng.random(frame.height) < SHARE)
    if feed == "register" and rows.size:
        rows = _spared(frame["户编号"], rows)
    if spared is not None and rows.size:
        rows = rows[~frame["户编号"].gather(rows).is_in(spared.implode()).to_numpy()]
    kinds = np.array(possible)[pick(rng, tuple(WEIGHTS[i] for i in possible), rows.size)]
    copies = rows[kinds == KINDS.index("duplicate_row")]
    for index in possible:
        spot = NEEDS.get(KINDS[index])
        at = rows[kinds == index]
        if spot is None or at.size == 0:
            continue
        column = getattr(spots, spot)
        cells = frame[column].cast(pl.String)
        spoilt = _spoilt_cells(KINDS[index], cells.gather(at), month)
        frame = frame.with_columns(cells.scatter(at, spoilt).alias(column))
    if copies.size:
        frame = pl.concat([frame, frame[copies.tolist()]])
        rows = np.r_[rows[kinds != KINDS.index("duplicate_row")], frame.height - copies.size + np.arange(copies.size)]
        kinds = np.r_[kinds[kinds != KINDS.index("duplicate_row")], np.full(copies.size, KINDS.index("duplicate_row"))]
    return Spoilt(frame, rows, kinds)


def _spared(values: pl.Series, rows: Ints) -> Ints:
    """Of the rows those whose value has another row, one per value."""
    counts = pl.DataFrame({"v": values}).select(pl.len().over("v")).to_series().to_numpy()
    rows = rows[counts[rows] > 1]
    _, first = np.unique(values.gather(rows).to_numpy(), return_index=True)
    return np.sort(rows[first])


def _spoilt_cells(kind: str, cells: pl.Series, month: int) -> pl.Series:
    """The same cells as an office would have spoilt them."""
    cell = pl.col("cell")
    amount = cell.cast(pl.Float64, strict=False)
    body = cell.str.slice(0, 17)
    wrong = {
        "bad_check_digit": body
        + pl.when(cell.str.slice(17, 1) == "7").then(pl.lit("8")).otherwise(pl.lit("7"))
        + cell.str.slice(18),
        "full_width_digits": _full_width(cell),
        "number_lost_digits": cell.str.slice(0, 1) + "." + cell.str.slice(1, 5) + "E+17",
        "unknown_village": pl.when(cell.str.contains(r"^\d{12}$"))
        .then(cell.str.slice(0, 9) + "999")
        .otherwise(pl.lit("未知村村委会")),
        "text_in_amount": pl.lit("待核实"),
        "wan_written": (amount / 10_000).round(4).cast(pl.String) + "万元",
        "wan_in_yuan_column": (amount / 10_000).round(4).cast(pl.String),
        "thousands_separators": _with_separators(cell),
        "wrong_month": _later(cell, month),
        "unknown_code": pl.lit("其它情况"),
        "missing_value": pl.lit(None, dtype=pl.String),
    }[kind]
    return pl.DataFrame({"cell": cells}).select(wrong.cast(pl.String).alias("cell")).to_series()


def _full_width(cell: pl.Expr) -> pl.Expr:
    return cell.str.replace_many([*"0123456789X"], [*"０１２３４５６７８９Ｘ"])


def _with_separators(cell: pl.Expr) -> pl.Expr:
    """12345.6 as 12,345.6; amounts below a thousand stay as they are."""
    whole, rest = cell.str.extract(r"^(\d+)"), cell.str.extract(r"(\.\d+)$").fill_null("")
    grouped = whole.str.reverse().str.replace_all(r"(\d{3})", "$1,").str.strip_suffix(",").str.reverse()
    return grouped + rest


def _later(cell: pl.Expr, month: int) -> pl.Expr:
    """The month (or a day of the month) two after the folder's, written like the cell."""
    year, number = compact(month + 2)[:4], compact(month + 2)[4:]
    return (
        cell.str.replace(r"^\d{4}-\d{2}", f"{year}-{number}")
        .str.replace(r"^\d{4}/\d{2}", f"{year}/{number}")
        .str.replace(r"^\d{4}年\d{2}月", f"{year}年{number}月")
        .str.replace(r"^\d{6}", f"{year}{number}")
    )


def noted(spoilt: Spoilt, feed: str, month: str, file: str, first: int) -> pl.DataFrame:
    """month, feed, file (under inbox/), row (in file or sheet), kind, fate; `first` numbers the frame's first row."""
    kinds = pl.Series(KINDS).gather(spoilt.kinds)
    return pl.DataFrame(
        {
            "month": pl.repeat(month, spoilt.rows.size, dtype=pl.String, eager=True),
            "feed": pl.repeat(feed, spoilt.rows.size, dtype=pl.String, eager=True),
            "file": pl.repeat(file, spoilt.rows.size, dtype=pl.String, eager=True),
            "row": pl.Series(spoilt.rows + first),
            "kind": kinds,
            "fate": kinds.replace_strict(FATES, return_dtype=pl.String),
        }
    )
