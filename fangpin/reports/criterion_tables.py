"""The tables of 刚性支出口径比较: what thresholds of amount and of share find, at what work, and where they differ.

The page and the workbook show the same ones. Does not belong here: how they look (criterion.py, workbooks.py), the
arithmetic (fangpin/criterion.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import polars as pl

from fangpin.criterion import FLAGS, SUBJECTS, equal_work, overlap
from fangpin.reports import rigid_map, tables
from fangpin.reports.edition import ORGANISATION, Edition
from fangpin.reports.line_tables import present
from fangpin.reports.tables import Column, Table

AMOUNTS = {"rigid": "全年刚性支出（元）", "income_drop": "收入减少额（元）"}
SHARES = {"rigid": "占家庭纯收入", "income_drop": "收入降幅"}
ALERTS = {"rigid": "rigid_alert_share", "income_drop": "income_drop_alert_share"}
"""The alert in force by share, in policy/threshold.yaml."""
CAPS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
"""Shares of all households that may be checked, for which the best pair of thresholds is listed."""
CELLS = {"both": "金额、幅度都标出", "amount_only": "只按金额标出", "share_only": "只按幅度标出", "neither": "都未标出"}


@dataclass(frozen=True)
class Compared:
    """One subject of an edition: its rows of mart.rigid_criterion, and the pair of thresholds looked at closely."""

    edition: Edition
    subject: str

    @property
    def title(self) -> str:
        return SUBJECTS[self.subject]

    @cached_property
    def rows(self) -> pl.DataFrame:
        return (
            self.edition.frame("mart.rigid_criterion")
            .filter(subject=self.subject)
            .sort("part", "segment", "amount_step", "share_step")
        )

    @cached_property
    def every(self) -> list[dict[str, Any]]:
        """All pairs of thresholds for all households."""
        return self.rows.filter(part="all").to_dicts()

    @property
    def alert(self) -> float:
        return float(self.edition.policy(f"threshold.{ALERTS[self.subject]}"))

    @cached_property
    def matched(self) -> list[dict[str, Any]]:
        """Every amount with the share that flags most nearly as many."""
        return [equal_work(self.every, step) for step in sorted({row["amount_step"] for row in self.every})]

    @cached_property
    def pair(self) -> dict[str, Any]:
        """Of those the one whose share is nearest to the alert in force, at the lowest amount."""
        return min(self.matched, key=lambda row: (round(abs(row["share"] - self.alert), 6), row["amount_yuan"]))

    @property
    def pair_words(self) -> str:
        return f"金额{self.pair['amount_yuan']:,}元、幅度{self.pair['share']:.0%}"


def compared(edition: Edition) -> list[Compared]:
    """The subjects for which there are households to compare."""
    return [found for subject in SUBJECTS if (found := Compared(edition, subject)).every]


def sheets(edition: Edition) -> list[tuple[str, Table]]:
    """(sheet name, table) of the workbook."""
    named = {"收入与支出分布": rigid_map.counted(edition, present(edition))}
    for of in compared(edition):
        named |= {
            f"{of.title}按金额": single(of, "amount"),
            f"{of.title}按幅度": single(of, "share"),
            f"{of.title}等量比较": equal(of),
            f"{of.title}重叠": overlaps(of),
            f"{of.title}分组": parts(of),
            f"{of.title}先触发再核实": confirmed(of),
            f"{of.title}每对门槛": pairs(of),
        }
    return [(name, replace(table, title=ORGANISATION + table.title)) for name, table in named.items()]


WORDS = (
    "标出：达到门槛的农户，也就是要入户核查的户数。查实：其中扣除刚性支出后人均收入低于监测线的（按数据核对，不是入户认定）。"
    "查准率＝查实÷标出；查全率＝查实÷全部这样的困难户；每查实一户要查＝标出÷查实。"
)
_RESULT = (
    ("households", "标出（户）", tables.COUNT),
    ("hits", "查实（户）", tables.COUNT),
    ("precision", "查准率", tables.SHARE),
    ("recall", "查全率", tables.SHARE),
    ("checks_per_hit", "每查实一户要查（户）", tables.DECIMAL),
)


def _results(key: str, *header: str) -> tuple[Column, ...]:
    """Columns of what a criterion finds; key: amount, share, either or both."""
    return tuple(Column(f"{key}_{name}", (*header, word), kind, 11) for name, word, kind in _RESULT)


def _found(row: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The cells of `_results`."""
    flagged = overlap(dict(row)).flagged(key)
    return {f"{key}_{name}": getattr(flagged, name) for name, *_ in _RESULT}


_NULLABLE = {
    f"{key}_{name}": pl.Float64
    for key in ("amount", "share", "either", "both")
    for name in ("precision", "recall", "checks_per_hit")
}


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, infer_schema_length=None).cast(
        {name: dtype for name, dtype in _NULLABLE.items() if rows and name in rows[0]}
    )


def _amount(of: Compared) -> Column:
    return Column("amount_yuan", ("金额门槛", AMOUNTS[of.subject]), width=18)


def _share(of: Compared) -> Column:
    return Column("share", ("幅度门槛", SHARES[of.subject]), tables.SHARE, 14)


def single(of: Compared, key: str) -> Table:
    """What one criterion alone finds at every threshold; key: amount or share."""
    rows = [row for row in of.every if row["share_step" if key == "amount" else "amount_step"] == 1]
    first = _amount(of) if key == "amount" else _share(of)
    word = "按金额" if key == "amount" else "按幅度"
    found = _frame([{first.key: row[first.key], **_found(row, key)} for row in rows])
    columns = (replace(first, header=(first.header[0] + "：" + first.header[1],)), *_results(key))
    return Table(f"{of.title}{word}：各档门槛标出多少、查实多少", columns, found, (WORDS,), unit="户")


def equal(of: Compared) -> Table:
    """Amount and share at most nearly equal work, with how far they agree and which finds more."""
    level = float(of.edition.policy("threshold.test_probability"))
    apart = float(of.edition.policy("threshold.equal_work_share"))
    rows = []
    for row in of.matched:
        found = overlap(row)
        amount, share = (_found(row, key) for key in ("amount", "share"))
        one, other = found.discordant
        work = sorted((amount["amount_households"], share["share_households"]))
        better = ("按金额" if one > other else "按幅度") if found.mcnemar <= level else EQUAL
        rows.append(
            {
                **{key: row[key] for key in ("amount_yuan", "share")},
                **amount,
                **share,
                "more_hits": share["share_hits"] - amount["amount_hits"],
                "kappa": found.kappa,
                "one": one,
                "other": other,
                "mcnemar": found.mcnemar,
                "verdict": better if work[1] - work[0] <= apart * work[1] else UNEQUAL,
            }
        )
    columns = (
        _amount(of),
        _share(of),
        *(
            column
            for key, word in (("amount", "按金额"), ("share", "按幅度"))
            for column in _results(key, word)
            if column.key.endswith(("households", "hits", "recall"))
        ),
        Column("more_hits", ("按幅度", "多查实"), tables.CHANGE, 9),
        Column("kappa", ("一致程度κ",), tables.FINE, 9),
        Column("one", ("只有一种判对（户）", "按金额"), width=9),
        Column("other", ("只有一种判对（户）", "按幅度"), width=9),
        Column("mcnemar", ("差别的概率",), tables.PROBABILITY, 9),
        Column("verdict", ("哪种准",), tables.TEXT, 10),
    )
    narrow = tuple(replace(c, width=min(c.width, 12)) for c in columns)
    notes = (
        *EQUAL_NOTES,
        f"标出户数相差超过{apart:.0%}的一对，工作量不相近，不说哪种准；概率超过{level:g}的，两种相当。",
        WORDS,
    )
    return Table(f"{of.title}：工作量相同时按金额与按幅度比较", narrow, _frame(rows), notes, unit="户")


EQUAL, UNEQUAL = "相当", "工作量不相近"
EQUAL_NOTES = (
    "两种口径要在工作量（标出户数）相同时比较：标出多的一方总能多查实。每个金额门槛配一个标出户数最接近的幅度门槛。",
    "一致程度κ（Cohen）：1为两种口径标出的完全相同，0为只是碰巧相同。“判对”指该标出的标出、不该标出的没标出；"
    "“差别的概率”是两种口径其实一样准时，判对户数相差这么多的可能性（McNemar精确检验），很小才能说哪种准。",
)


def overlaps(of: Compared) -> Table:
    """Who is flagged by both, by one, by neither, and what kind of households they are."""
    kinds = [(part, segment, words) for part, segment, words in _segments(of) if part != "lasting" or segment == "true"]
    rows = []
    for flag in FLAGS:
        hardship, others = getattr(overlap(of.pair), flag)
        total = hardship + others
        row: dict[str, Any] = {
            "cell": CELLS[flag],
            "households": total,
            "hardship": hardship,
            "share": hardship / total if total else None,
        }
        for part, segment, _ in kinds:
            counted = sum(getattr(overlap(_of_segment(of, part, segment)), flag))
            row[f"{part}_{segment}"] = counted / total if total else None
        rows.append(row)
    titles = {"income_group": "按收入", "size": "按家庭人口", "lasting": "收入减少"}
    columns = (
        Column("cell", ("标出情况",), tables.TEXT, 20),
        Column("households", ("户数",), width=10),
        Column("hardship", ("其中低于监测线", "户"), width=10),
        Column("share", ("其中低于监测线", "占比"), tables.SHARE, 9),
        *(
            Column(f"{part}_{segment}", (f"{titles[part]}（占本行户数）", words), tables.SHARE, 10)
            for part, segment, words in kinds
        ),
    )
    note = (
        f"门槛取{of.pair_words}：两种口径标出户数相近，且幅度最接近现行预警值{of.alert:.0%}。"
        "“低于监测线”指扣除刚性支出后的人均收入。"
    )
    schema = {c.key: pl.Float64 for c in columns if c.kind == tables.SHARE}
    return Table(
        f"{of.title}：两种口径的重叠（{of.pair_words}）",
        columns,
        pl.DataFrame(rows, schema_overrides=schema),
        (note,),
        unit="户",
    )


def parts(of: Compared) -> Table:
    """What either criterion finds among the poorer and the richer, small and large households."""
    rows = []
    for part, segment, words in (("all", "", "全部"), *_segments(of)):
        row = _of_segment(of, part, segment)
        rows.append({"kind": PARTS[part], "words": words, **_found(row, "amount"), **_found(row, "share")})
    columns = (
        Column("kind", ("划分",), tables.TEXT, 14),
        Column("words", ("类别",), tables.TEXT, 16),
        *_results("amount", "按金额"),
        *_results("share", "按幅度"),
    )
    note = f"门槛取{of.pair_words}。金额按户计，人口多的户容易达到；幅度按比例计，收入高的户支出再多也不容易达到。"
    return Table(f"{of.title}：各类农户中的查准率和查全率", columns, _frame(rows), (note, WORDS), emphasis=1, unit="户")


PARTS = {"all": "全部", "income_group": "按收入", "size": "按家庭人口", "lasting": "是否持续"}
_LASTING = {"true": "近三个月工资仍低于上年同期", "false": "近三个月已恢复"}


def _segments(of: Compared) -> list[tuple[str, str, str]]:
    """(part, segment, words) of the ways households are split, in order."""
    known = of.rows.select("part", "segment").unique()
    groups = known.filter(part="income_group").height
    top = str(of.edition.policy("threshold.criterion_top_persons"))
    found = []
    for part in ("income_group", "size", "lasting"):
        segments = known.filter(part=part)["segment"].sort().to_list()
        if len(segments) < 2:
            continue
        for segment in segments:
            if part == "income_group":
                words = {"0": "收入最低的一组", str(groups - 1): "收入最高的一组"}.get(segment, "收入居中的一组")
            elif part == "size":
                words = f"{segment}人{'及以上' if segment == top else ''}"
            else:
                words = _LASTING[segment]
            found.append((part, segment, words))
    return found


def _of_segment(of: Compared, part: str, segment: str) -> dict[str, Any]:
    steps = {key: of.pair[key] for key in ("amount_step", "share_step")}
    return of.rows.filter(part=part, segment=segment, **steps).row(0, named=True)


def confirmed(of: Compared) -> Table:
    """先触发再核实: for every limit of work the pair of thresholds that finds most, and the pair looked at above."""
    rows = []
    for cap in CAPS:
        fitting = [row for row in of.every if _share_flagged(row) <= cap]
        if fitting:
            best = max(fitting, key=lambda row: (overlap(row).flagged("either").hits, -_share_flagged(row)))
            rows.append({"what": f"最多核查农户的{cap:.1%}", **_trigger(best)})
    rows.append({"what": f"现行幅度预警值附近（{of.pair_words}）", **_trigger(of.pair)})
    columns = (
        Column("what", ("工作量",), tables.TEXT, 40),
        Column("amount_yuan", ("触发：满足其一", AMOUNTS[of.subject]), width=18),
        Column("share", ("触发：满足其一", SHARES[of.subject]), tables.SHARE, 14),
        Column("either_households", ("要核查（户）",), width=12),
        Column("of_all", ("占全部农户",), tables.SHARE, 11),
        Column("either_hits", ("核实后认定（户）",), width=14),
        Column("either_checks_per_hit", ("每认定一户要查（户）",), tables.DECIMAL, 16),
        Column("either_recall", ("查全率",), tables.SHARE, 9),
        Column("missed", ("仍漏掉（户）",), width=11),
    )
    return Table(
        f"{of.title}：先触发再核实", columns, _frame(rows), (*confirm_notes(of.edition), *ALWAYS_MISSED), unit="户"
    )


ALWAYS_MISSED = ("“仍漏掉”的是达不到门槛而扣除刚性支出后低于监测线的农户，多数纯收入本来就低，要靠收入核查发现。",)


def confirm_notes(edition: Edition) -> tuple[str, ...]:
    """The rule in words, with the multiple of the line from policy."""
    multiple = float(edition.policy("threshold.criterion_line_multiple"))
    of_line = "监测线" if multiple == 1 else f"监测线的{multiple:g}倍"
    return (
        "触发：部门数据中金额达到门槛，或幅度达到门槛，满足其一即列入核查。"
        f"核实：入户核实后，（家庭纯收入−刚性支出）÷人口低于{of_line}的，认定；不低于的，不认定。",
        "“核实后认定”按数据计算；入户核实会改正收入和支出，实际认定数会不同。每一行是该工作量以内查实最多的一对门槛。",
    )


def _share_flagged(row: dict[str, Any]) -> float:
    flagged = overlap(row).flagged("either")
    return flagged.households / flagged.of if flagged.of else 0.0


def _trigger(row: dict[str, Any]) -> dict[str, Any]:
    flagged = overlap(row).flagged("either")
    return {
        **{key: row[key] for key in ("amount_yuan", "share")},
        **_found(row, "either"),
        "of_all": _share_flagged(row),
        "missed": flagged.hardship - flagged.hits,
    }


def pairs(of: Compared) -> Table:
    """Every pair of thresholds, for either and for both."""
    rows = [
        {**{key: row[key] for key in ("amount_yuan", "share")}, **_found(row, "either"), **_found(row, "both")}
        for row in of.every
    ]
    columns = (
        _amount(of),
        _share(of),
        *_results("either", "金额或幅度达到"),
        *_results("both", "金额和幅度都达到"),
    )
    return Table(f"{of.title}：每一对金额、幅度门槛", columns, _frame(rows), (WORDS,), unit="户")


def matrix(of: Compared, name: str) -> Table:
    """Amount down, every second share across, for either; name: households or recall."""
    kind, words = {"households": (tables.COUNT, "标出户数"), "recall": (tables.SHARE, "查全率")}[name]
    shares = sorted({row["share"] for row in of.every})[1::2]
    found: dict[int, dict[str, Any]] = {}
    for row in of.every:
        cells = found.setdefault(row["amount_yuan"], {"amount_yuan": row["amount_yuan"]})
        cells[f"share_{row['share']}"] = getattr(overlap(row).flagged("either"), name)
    columns = (
        replace(_amount(of), header=(AMOUNTS[of.subject],)),
        *(Column(f"share_{share}", (SHARES[of.subject], f"{share:.0%}"), kind, 7) for share in shares),
    )
    rows = pl.DataFrame(list(found.values()), infer_schema_length=None)
    return Table(f"{of.title}：金额或幅度达到门槛的{words}", columns, rows, unit="户")
