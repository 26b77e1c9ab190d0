"""Random deliveries, mutated at random: the bytes of a file, and what is known of it. The same seed gives the same
file but for the times in a workbook.

A mutation is harmless when every right row must still be accepted. Does not belong here: what intake must make of the
file (mutated.py).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests import deliveries as d
from tests.intake_corpus.case import HEAD, person
from tests.intake_corpus.writers import FILES, Tab, by_hand, by_openpyxl, by_xlsxwriter, indexed, inline

TOTAL_WORDS = ("合计", "小计", "总计", "注：", "填表人：", "单位负责人：")
PAINT = [
    "=cmd|'/C calc'!A0",
    "\u202e倒",
    "长" * 3000,
    "a\tb",
    "#N/A",
    "无",
    "１２３",
    "1e400",
    "-0",
    "\ufeff",
    "'",
    "𠮷",
]


@dataclass
class Table:
    """A delivery of a feed as rows of text. right: how many rows must be accepted if nothing harmful is done."""

    feed: str
    head: list[str]
    rows: list[list[str]]
    right: int
    above: list[list[str]] = field(default_factory=list)
    below: list[list[str]] = field(default_factory=list)

    @property
    def lines(self) -> list[list[str]]:
        return [*self.above, self.head, *self.rows, *self.below]


@dataclass(frozen=True)
class Mutated:
    """A file of the feed. done: the mutations; right: rows to be accepted, None when something harmful was done."""

    feed: str
    name: str
    content: bytes
    done: tuple[str, ...]
    right: int | None


def table(rng: Random) -> Table:
    """A batch of one of three feeds; one row in ten is wrong."""
    feed = rng.choice(["medical", "public_post", "household_list"])
    count = rng.choice([1, 2, 5, 20, 60])
    numbers = rng.sample(range(1000), count)
    rows, wrong = [], 0
    for n in numbers:
        bad = rng.random() < 0.1
        wrong += bad
        if feed == "medical":
            rows.append(d.settlement(f"J{n:06d}", d.id_number(n % 5), 总费用="多" if bad else f"{n}.50"))
        elif feed == "public_post":
            rows.append([str(cell) for cell in person(n, pay="多" if bad else n, duties=f"巡护{n}")])
        else:
            rows.append(d.household(f"410122{n:06d}", 家庭人口="多" if bad else "3"))
    heads = {"medical": d.MEDICAL_HEADER, "public_post": HEAD, "household_list": d.HOUSEHOLD_HEADER}
    return Table(feed, list(heads[feed]), rows, count - wrong)


def _columns(t: Table, change: Callable[[list[str]], list[str]]) -> None:
    t.head, t.rows = change(t.head), [change(row) for row in t.rows]


def shuffle_columns(t: Table, rng: Random) -> None:
    order = rng.sample(range(len(t.head)), len(t.head))
    _columns(t, lambda row: [row[n] for n in order])


def blanks_in_header(t: Table, rng: Random) -> None:
    t.head = [rng.choice([" ", "\u3000", "\u00a0", ""]).join(name) + rng.choice(["", " ", "*"]) for name in t.head]


def blanks_around_cells(t: Table, rng: Random) -> None:
    t.rows = [[f"{rng.choice([' ', chr(0x3000), ''])}{cell} " if cell else cell for cell in row] for row in t.rows]


def blank_rows(t: Table, rng: Random) -> None:
    for _ in range(rng.randint(1, 5)):
        t.rows.insert(rng.randrange(len(t.rows) + 1), [""] * len(t.head))


def titles_above(t: Table, rng: Random) -> None:
    t.above = [[f"标题{n}", *[""] * (len(t.head) - 1)] for n in range(rng.randint(1, 4))]


def totals_below(t: Table, rng: Random) -> None:
    t.below = [[word, *[""] * (len(t.head) - 1)] for word in rng.sample(TOTAL_WORDS, 2)]


def further_columns(t: Table, rng: Random) -> None:
    at = rng.randrange(len(t.head) + 1)
    t.head.insert(at, "备查")
    for row in t.rows:
        row.insert(at, rng.choice(["", "x", "无"]))


def trailing_columns(t: Table, rng: Random) -> None:
    extra = [""] * rng.randint(1, 6)
    _columns(t, lambda row: [*row, *extra])


def rows_twice(t: Table, rng: Random) -> None:
    for row in rng.sample(t.rows, min(len(t.rows), 3)):
        t.rows.append(list(row))


def header_again(t: Table, rng: Random) -> None:
    t.rows.insert(rng.randrange(len(t.rows) + 1), list(t.head))


HARMLESS = (
    shuffle_columns,
    blanks_in_header,
    blanks_around_cells,
    blank_rows,
    titles_above,
    totals_below,
    further_columns,
    trailing_columns,
    rows_twice,
    header_again,
)


def garbage_cells(t: Table, rng: Random) -> None:
    for _ in range(rng.randint(1, 5)):
        row = rng.choice(t.lines)
        row[rng.randrange(len(row))] = rng.choice(PAINT)


def quotes_and_delimiters(t: Table, rng: Random) -> None:
    for _ in range(rng.randint(1, 3)):
        row = rng.choice(t.lines)
        row[rng.randrange(len(row))] += rng.choice(['"', '""', ",", ";", "\t", '"x', 'x"y'])


def column_gone(t: Table, rng: Random) -> None:
    at = rng.randrange(len(t.head))
    _columns(t, lambda row: row[:at] + row[at + 1 :])


def header_renamed(t: Table, rng: Random) -> None:
    t.head[rng.randrange(len(t.head))] = rng.choice(["", "列", t.head[0], "合计", "姓 名（甲）"])


def ragged_rows(t: Table, rng: Random) -> None:
    for row in rng.sample(t.rows, min(len(t.rows), 3)):
        if rng.random() < 0.5:
            del row[rng.randrange(len(row)) :]
        else:
            row.extend(["x"] * rng.randint(1, 3))


def header_sorted_into_rows(t: Table, rng: Random) -> None:
    lines = [t.head, *t.rows]
    rng.shuffle(lines)
    t.above, t.head, t.rows = [*t.above, *lines[: lines.index(t.head)]], t.head, lines[lines.index(t.head) + 1 :]


def cells_moved(t: Table, rng: Random) -> None:
    row = rng.choice(t.rows)
    rng.shuffle(row)


def rows_joined(t: Table, rng: Random) -> None:
    if len(t.rows) > 1:
        last = t.rows.pop()
        t.rows[-1] = [*t.rows[-1], *last]


HARMFUL = (
    garbage_cells,
    quotes_and_delimiters,
    column_gone,
    header_renamed,
    ragged_rows,
    header_sorted_into_rows,
    cells_moved,
    rows_joined,
)


def as_text(t: Table, rng: Random) -> tuple[str, bytes]:
    delimiter, end = rng.choice(",,\t;"), rng.choice(["\n", "\n", "\r\n", "\r"])
    encoding = rng.choice(["utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16"])
    written = end.join(delimiter.join(row) for row in t.lines) + rng.choice([end, ""])
    return f"表{rng.choice(['.csv', '.txt'])}", written.encode(encoding)


def as_workbook(t: Table, rng: Random, aside: Path) -> tuple[str, bytes]:
    cells, texts = indexed(t.lines)
    write = rng.choice(
        [
            by_hand(cells, shared=texts),
            by_hand(inline(t.lines)),
            by_xlsxwriter([Tab([["说明"]], name="说明"), Tab(t.lines, name="名单")]),
            by_openpyxl([Tab(t.lines)]),
        ]
    )
    write(aside)
    return "表.xlsx", aside.read_bytes()


def as_member(name: str, content: bytes) -> tuple[str, bytes]:
    return "表.zip", _archive({name: content})


def _archive(parts: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def truncated(content: bytes, rng: Random) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def bytes_flipped(content: bytes, rng: Random) -> bytes:
    found = bytearray(content)
    for _ in range(rng.choice([1, 1, 3, 20])):
        if found:
            found[rng.randrange(len(found))] ^= 1 << rng.randrange(8)
    return bytes(found)


def _slice(content: bytes, rng: Random) -> tuple[int, int]:
    at = rng.randrange(len(content) + 1)
    return at, min(len(content), at + rng.choice([1, 2, 10, 200]))


def slice_gone(content: bytes, rng: Random) -> bytes:
    start, end = _slice(content, rng)
    return content[:start] + content[end:]


def slice_twice(content: bytes, rng: Random) -> bytes:
    start, end = _slice(content, rng)
    return content[:end] + content[start:end] + content[end:]


def slice_zeroed(content: bytes, rng: Random) -> bytes:
    start, end = _slice(content, rng)
    return content[:start] + bytes(end - start) + content[end:]


def slice_moved(content: bytes, rng: Random) -> bytes:
    start, end = _slice(content, rng)
    rest = content[:start] + content[end:]
    at = rng.randrange(len(rest) + 1)
    return rest[:at] + content[start:end] + rest[at:]


def bytes_inserted(content: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(content) + 1)
    what = rng.choice(
        [b"\0", b'"', b"\n", b"\r", b",", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1a", "中".encode("gbk"), b"PK"]
    )
    return content[:at] + what + content[at:]


BYTES = (truncated, bytes_flipped, slice_gone, slice_twice, slice_zeroed, slice_moved, bytes_inserted)


def tag_gone(xml: bytes, rng: Random) -> bytes:
    return _at_match(rb"<[^>]*>", xml, rng, lambda tag: b"")


def tag_twice(xml: bytes, rng: Random) -> bytes:
    return _at_match(rb"<[^>]*>", xml, rng, lambda tag: tag + tag)


def element_twice(xml: bytes, rng: Random) -> bytes:
    return _at_match(rb"<(row|c|si|sheet|mergeCell)\b.*?</\1>", xml, rng, lambda element: element + element)


def number_changed(xml: bytes, rng: Random) -> bytes:
    new = rng.choice([b"0", b"1", b"-1", b"7", b"99", b"1e9", b"4294967296", b"", b"x"])
    return _at_match(rb"(?<=[>\"A-Z])\d+(?=[<\"])", xml, rng, lambda number: new)


def reference_changed(xml: bytes, rng: Random) -> bytes:
    new = rng.choice([b"A1", b"B2", b"ZZ9", b"XFD1", b"AAAA1", b"A0", b"1", b""])
    return _at_match(rb'(?<= r=")[A-Z]+\d+(?=")', xml, rng, lambda reference: new)


def kind_changed(xml: bytes, rng: Random) -> bytes:
    new = rng.choice([b"s", b"n", b"b", b"e", b"str", b"d", b"inlineStr", b"z"])
    return _at_match(rb'(?<= t=")\w+(?=")', xml, rng, lambda kind: new)


def _at_match(pattern: bytes, xml: bytes, rng: Random, change: Callable[[bytes], bytes]) -> bytes:
    found = list(re.finditer(pattern, xml, re.DOTALL))
    if not found:
        return xml
    match = rng.choice(found)
    return xml[: match.start()] + change(match.group()) + xml[match.end() :]


XML = (tag_gone, tag_twice, element_twice, number_changed, reference_changed, kind_changed)


def part_changed(content: bytes, rng: Random) -> tuple[bytes, str]:
    """A zip made whole again after one of its parts was changed, left out or put in the place of another."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    names = list(parts)
    sheets = [name for name in names if "sheet" in name.lower()]
    name = rng.choice(sheets if sheets and rng.random() < 0.7 else names)
    if rng.random() < 0.15:
        other = rng.choice(names)
        parts[name], parts[other] = parts[other], parts[name]
        return _archive(parts), "parts_swapped"
    if rng.random() < 0.1:
        del parts[name]
        return _archive(parts), "part_gone"
    change = rng.choice(BYTES if rng.random() < 0.3 else XML)
    for _ in range(rng.choice([1, 1, 2, 5])):
        parts[name] = change(parts[name], rng)
    return _archive(parts), f"part:{change.__name__}"


XLS = (FILES / "libreoffice_excel97.xls").read_bytes()
"""What LibreOffice writes: a file of public_post. No other .xls is written here."""


def mutated(seed: int, number: int, aside: Path) -> Mutated:
    """The file of this number. aside: a path at which a workbook may be written for a moment."""
    rng = Random(f"{seed}/{number}")
    if rng.random() < 0.1:
        return _mutated_xls(rng)
    made, done, harmful = table(rng), [], False
    for change in rng.sample(HARMLESS, rng.randint(0, 3)):
        change(made, rng)
        done.append(change.__name__)
    if rng.random() < 0.4:
        change = rng.choice(HARMFUL)
        change(made, rng)
        done.append(change.__name__)
        harmful = True
    name, content = as_text(made, rng) if rng.random() < 0.6 else as_workbook(made, rng, aside)
    if rng.random() < 0.1:
        name, content = as_member(name, content)
    spoil = rng.random()
    if spoil < 0.35:
        chosen = rng.choice(BYTES)
        content = chosen(content, rng)
        done.append(chosen.__name__)
    elif spoil < 0.7 and content.startswith(b"PK"):
        content, how = part_changed(content, rng)
        done.append(how)
    else:
        return Mutated(made.feed, name, content, tuple(done), None if harmful else made.right)
    return Mutated(made.feed, name, content, tuple(done), None)


def _mutated_xls(rng: Random) -> Mutated:
    content, done = XLS, []
    for _ in range(rng.randint(1, 3)):
        chosen = rng.choice(BYTES)
        content = chosen(content, rng)
        done.append(chosen.__name__)
    return Mutated("public_post", "表.xls", content, tuple(done), None)
