"""Identity numbers of GB 11643-1999 (公民身份号码): reading, checking, and a lossless integer key.

One number is read by `read`, a column by `read_column`; both give the same answer. The rules a number can break are
the keys of `RULES`. Does not belong here: who owns a number (the vault), what becomes of its row (fangpin/intake),
masks (masking.py).
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
"""The check character for each remainder of the weighted sum modulo 11 (ISO 7064 MOD 11-2)."""

FIRST_BIRTH_YEAR, LAST_BIRTH_YEAR = 1880, 2099
"""No one alive was born before: the oldest birth date ever written on an identity card is of 1886."""

RULES = {
    "id_number_placeholder": "是占位号码（如连续的9、全0、123456），不是真实证件；请查实后填写",
    "id_number_as_number": "带有小数点，曾按数字保存，末几位可能已丢失；请把该列设为文本后从原始系统重新导出",
    "id_number_scientific": "成了科学计数法，后几位已丢失；请把该列设为文本后从原始系统重新导出",
    "id_number_masked": "带有遮盖符号；请报送完整号码",
    "id_number_shape": "不是18位公民身份号码（残疾人证为20或22位）；请核对位数",
    "id_number_card": "是20或22位，但末尾的残疾类别（1至7）或等级（1至4）不对，不是残疾人证号；请核对证件原件",
    "id_number_region": "前六位不是任何年份的行政区划代码；请核对证件原件",
    "id_number_birth": "其中的出生日期不存在、过早或晚于报送月份；请核对证件原件",
    "id_number_rounded": "末三位为0且校验位不符，像是曾按数字保存；请把该列设为文本后从原始系统重新导出",
    "id_number_check": "校验位不符；请核对证件原件",
}
"""What a number can be refused for, in the order the rules are tried, and what the department should do."""

_BLANKS = " \t\r\n\u3000\u00a0\ufeff\u200b'‘’`"
_AS_NUMBER = re.compile(r"(\d{10,})\.0*")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+")
_CARD = re.compile(r"(\d{17}[0-9X])[1-7][1-4](B\d)?")
"""A disability card's number: identity number, kind (1 to 7), grade (1 to 4) and, when made out again, B1, B2 ..."""

_CARD_LENGTH = re.compile(r"\d{17}[0-9X]\d\d(B\d)?")

_PLACEHOLDER = re.compile(r"0|(\d)\1{5,}|(?:9{6}|0{6}|123456).*")


class WrongNumber(ValueError):
    """A text that is no identity number; `rule` is the key of RULES it breaks. The message never holds the text."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"证件号码{RULES[rule]}")
        self.rule = rule


@lru_cache(maxsize=1)
def regions() -> frozenset[str]:
    """Every six-digit code a number may begin with, retired ones included (fangpin/data/region_codes.csv)."""
    with (Path(__file__).parent / "data" / "region_codes.csv").open(encoding="utf-8") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))


def normalise(text: str) -> str:
    """NFKC, without blanks around and inside and without the apostrophe that marks text in a worksheet; upper case."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return folded.translate({ord(c): None for c in _BLANKS})


def check_character(first17: str) -> str:
    """The 18th character for the first 17 digits."""
    return CHECK_CHARACTERS[sum(w * int(d) for w, d in zip(WEIGHTS, first17, strict=True)) % 11]


def read(text: str, latest: dt.date = dt.date(LAST_BIRTH_YEAR, 12, 31)) -> str:
    """The 18-character number written in a cell, or WrongNumber.

    15-digit numbers of before 1999 are converted (born in 19..), 20- and 22-character disability card numbers cut to
    the identity number they begin with. `latest`: no one is born after this day.
    """
    number = normalise(text)
    if _PLACEHOLDER.fullmatch(number):
        raise WrongNumber("id_number_placeholder")
    if whole := _AS_NUMBER.fullmatch(number):
        number = whole.group(1)
        if len(number) > 15:
            raise WrongNumber("id_number_as_number")
    if card := _CARD.fullmatch(number):
        number = card.group(1)
    if re.fullmatch(r"\d{15}", number):
        number = f"{number[:6]}19{number[6:]}"
        number += check_character(number)
    if _SCIENTIFIC.fullmatch(number):
        raise WrongNumber("id_number_scientific")
    if "*" in number:
        raise WrongNumber("id_number_masked")
    if _CARD_LENGTH.fullmatch(number):
        raise WrongNumber("id_number_card")
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise WrongNumber("id_number_shape")
    if number[:6] not in regions():
        raise WrongNumber("id_number_region")
    if not _is_birth_date(number[6:14], latest):
        raise WrongNumber("id_number_birth")
    if number[17] != check_character(number[:17]):
        raise WrongNumber("id_number_rounded" if number.endswith("000") else "id_number_check")
    return number


def _is_birth_date(text: str, latest: dt.date) -> bool:
    try:
        born = dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return born.year >= FIRST_BIRTH_YEAR and born <= latest


def key(number: str) -> int:
    """The number as an integer that fits 63 bits, in the same order: first 17 digits x 11 + check value (X = 10)."""
    return int(number[:17]) * 11 + (10 if number[17] == "X" else int(number[17]))


def number(key: int) -> str:
    """The number of a key: number(key(n)) == n."""
    first, check = divmod(key, 11)
    return f"{first:017d}{'X' if check == 10 else check}"


class ReadColumn(NamedTuple):
    """numbers: 18-character text, null where blank or wrong; keys: the same as integers; rules: broken rule or null."""

    numbers: pl.Series
    keys: pl.Series
    rules: pl.Series


def read_column(texts: pl.Series, latest: dt.date) -> ReadColumn:
    """`read` for a column of text cells; null stays null. A well-written number costs a few integer look-ups."""
    keys = _keys(texts, latest)
    no_rules = pl.repeat(None, len(texts), dtype=pl.String, eager=True).alias("rule")
    if keys.null_count() == texts.null_count():
        return ReadColumn(texts, keys, no_rules)
    odd = (keys.is_null() & texts.is_not_null()).arg_true()
    tidied = texts.gather(odd).str.strip_chars(_BLANKS).str.to_uppercase().str.replace(f"^{_CARD.pattern}$", "${1}")
    rest = tidied.filter(_keys(tidied, latest).is_null()).unique()
    outcomes = [_outcome(text, latest) for text in rest]
    read_numbers = tidied.replace(rest, pl.Series([n for n, _ in outcomes], dtype=pl.String))
    rules = tidied.replace_strict(rest, [rule for _, rule in outcomes], default=None, return_dtype=pl.String)
    return ReadColumn(
        texts.clone().scatter(odd, read_numbers),
        keys.scatter(odd, _keys(read_numbers, latest)),
        no_rules.scatter(odd, rules),
    )


def _outcome(text: str, latest: dt.date) -> tuple[str | None, str | None]:
    try:
        return read(text, latest), None
    except WrongNumber as wrong:
        return None, wrong.rule


def _keys(texts: pl.Series, latest: dt.date) -> pl.Series:
    """The keys of the texts that are right as they stand, null for all others.

    The 17 digits fall into region, birth date and sequence; each part is looked up once for "may it be?" and
    "what does it add to the weighted sum modulo 11?".
    """
    shaped = texts.str.len_bytes() == 18
    whole = texts.cast(pl.Int64, strict=False)
    left = whole.is_null().arg_true()
    first17, check = np.divmod(whole.fill_null(0).to_numpy(), 10)
    if len(left):
        others = texts.gather(left)
        digits = others.str.slice(0, 17).cast(pl.Int64, strict=False)
        first17[left] = digits.set(~others.str.ends_with("X"), 0).fill_null(0).to_numpy()
        check[left] = 10
    region, birth, sequence = _sums()
    region_code, rest = np.divmod(first17, 10**11)
    birth_date, sequence_number = np.divmod(rest, 1000)
    region_sum = region[np.clip(region_code, 0, len(region) - 1)]
    offset = birth_date - FIRST_BIRTH_YEAR * 10_000
    birth_sum = birth[np.clip(offset, 0, len(birth) - 1)]
    right = (
        (region_sum >= 0)
        & (birth_sum >= 0)
        & (offset >= 0)
        & (offset < len(birth))
        & (birth_date <= latest.year * 10_000 + latest.month * 100 + latest.day)
        & (_CHECK_VALUES[(region_sum + birth_sum + sequence[sequence_number]) % 11] == check)
    )
    keys = pl.Series("key", first17 * 11 + check, dtype=pl.Int64)
    return pl.select(pl.when(shaped & pl.Series(right)).then(keys)).to_series().alias("key")


_CHECK_VALUES = np.array([10 if c == "X" else int(c) for c in CHECK_CHARACTERS])


@lru_cache(maxsize=1)
def _sums() -> tuple[Any, Any, Any]:
    """Weighted sums modulo 11 by region code, by birth date (yyyymmdd - 18000000) and by sequence; -1: impossible."""
    region = np.full(1_000_000, -1, dtype=np.int8)
    codes = np.array(sorted(int(code) for code in regions()))
    region[codes] = _weighted(codes, 6, WEIGHTS[:6])
    days = np.arange(
        np.datetime64(f"{FIRST_BIRTH_YEAR}-01-01"), np.datetime64(f"{LAST_BIRTH_YEAR + 1}-01-01"), dtype="datetime64[D]"
    )
    years, months = days.astype("datetime64[Y]"), days.astype("datetime64[M]")
    dates = (years.astype(int) + 1970) * 10_000 + (months.astype(int) % 12 + 1) * 100 + (days - months).astype(int) + 1
    birth = np.full((LAST_BIRTH_YEAR - FIRST_BIRTH_YEAR + 1) * 10_000, -1, dtype=np.int8)
    birth[dates - FIRST_BIRTH_YEAR * 10_000] = _weighted(dates, 8, WEIGHTS[6:14])
    sequences = np.arange(1000)
    return region, birth, _weighted(sequences, 3, WEIGHTS[14:])


def _weighted(numbers: Any, digits: int, weights: tuple[int, ...]) -> Any:
    total = np.zeros(len(numbers), dtype=np.int64)
    for place, weight in enumerate(weights):
        total += weight * (numbers // 10 ** (digits - 1 - place) % 10)
    return (total % 11).astype(np.int8)


def birth_dates(keys: pl.Series) -> pl.Series:
    """The date of birth in each key as the integer yyyymmdd; null stays null."""
    return keys // (11 * 1000) % 10**8


def birth_month(keys: pl.Series) -> pl.Series:
    """'YYYY-MM' of birth for each key; null stays null."""
    texts = pl.Series([f"{y:04d}-{m:02d}" for y in range(FIRST_BIRTH_YEAR, LAST_BIRTH_YEAR + 1) for m in range(1, 13)])
    date = birth_dates(keys)
    index = (date // 10_000 - FIRST_BIRTH_YEAR) * 12 + date // 100 % 100 - 1
    return texts.gather(index.cast(pl.UInt32)).alias("birth_month")


def sex(keys: pl.Series) -> pl.Series:
    """男 or 女 for each key (odd or even 17th digit); null stays null."""
    return pl.Series(["女", "男"]).gather((keys // 11 % 2).cast(pl.UInt32)).alias("sex")
