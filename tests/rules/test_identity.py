"""Identity numbers: the published vectors, ISO 7064 worked independently, the column against the single number."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangpin import identity
from fangpin.identity import WrongNumber

LATEST = dt.date(2021, 10, 31)
EXPECTED = {
    "valid": None,
    "valid after upper()": None,
    "valid after NFKC": None,
    "valid after strip": None,
    "valid, retired region": None,
    "legacy 15-digit": None,
    "disability certificate 20": None,
    "disability certificate 22": None,
    "invalid region": "id_number_placeholder",
    "suspect": "id_number_rounded",
    "masked": "id_number_masked",
    "missing": "id_number_shape",
}
INVALID = {
    "wrong check digit": "id_number_check",
    "31 Feb with right check digit": "id_number_birth",
    "scientific notation": "id_number_scientific",
}
"""What the notes of tests/oracles/id_test_vectors.csv say, as rules."""


def vectors() -> list[tuple[str, str | None]]:
    with (Path(__file__).parents[1] / "oracles" / "id_test_vectors.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(r["id"], INVALID[r["note"]] if r["expected"] == "invalid" else EXPECTED[r["expected"]]) for r in rows]


def iso_7064(first17: str) -> str:
    """MOD 11-2 by its definition: the digits weighted by powers of two, and the check digit, are 1 modulo 11."""
    rest = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(first17)) % 11
    return "0123456789X"[(1 - rest) % 11]


@st.composite
def numbers(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from(["410102", "411328", "141123", "110105", "513021", "419001", "653201"]))
    born = draw(st.dates(dt.date(1900, 1, 1), LATEST))
    first17 = f"{region}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first17 + iso_7064(first17)


def rule_of(text: str) -> str | None:
    try:
        identity.read(text, LATEST)
    except WrongNumber as wrong:
        return wrong.rule
    return None


@pytest.mark.parametrize(("text", "rule"), vectors())
def test_published_vectors(text: str, rule: str | None) -> None:
    assert rule_of(text) == rule
    column = identity.read_column(pl.Series([text]), LATEST)
    assert column.rules.to_list() == [rule]
    assert (column.keys.to_list()[0] is None) == (rule is not None)


def test_every_spelling_is_the_same_person() -> None:
    spellings = [
        "11010519491231002X",
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        "'11010519491231002X",
        "\u300011010519491231002X\u00a0",
        "1101 0519 4912 3100 2X",
        "110105491231002",
        "11010519491231002X43",
        "11010519491231002X43B1",
    ]
    assert {identity.read(text) for text in spellings} == {"11010519491231002X"}
    column = identity.read_column(pl.Series(spellings), LATEST)
    assert set(column.numbers) == {"11010519491231002X"}
    assert column.keys.n_unique() == 1


@settings(deadline=None)
@given(numbers())
def test_right_numbers_are_read_and_keys_lose_nothing(number: str) -> None:
    assert identity.read(number, LATEST) == number
    assert identity.check_character(number[:17]) == number[17]
    assert identity.number(identity.key(number)) == number
    assert identity.key(number) < 2**63
    column = identity.read_column(pl.Series([number]), LATEST)
    assert column.keys.to_list() == [identity.key(number)]


@settings(deadline=None)
@given(numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_no_single_wrong_character_passes(number: str, place: int, character: str) -> None:
    wrong = number[:place] + character + number[place + 1 :]
    assert (rule_of(wrong) is None) == (wrong == number)


@settings(deadline=None)
@given(st.lists(st.one_of(numbers(), st.text(max_size=22), st.none()), max_size=8))
def test_a_column_says_what_single_reading_says(texts: list[str | None]) -> None:
    column = identity.read_column(pl.Series(texts, dtype=pl.String), LATEST)
    for text, number, key, rule in zip(texts, column.numbers, column.keys, column.rules, strict=True):
        if text is None:
            assert (number, key, rule) == (None, None, None)
        elif rule is None:
            assert number == identity.read(text, LATEST)
            assert key == identity.key(number)
        else:
            assert rule == rule_of(text)
            assert (number, key) == (None, None)


def test_keys_keep_the_order_of_the_numbers() -> None:
    ordered = ["11010519491231002X", "410102199001010011", "410102199001010038"]
    assert sorted(ordered, key=identity.key) == ordered


def test_nobody_is_born_after_the_delivery_month() -> None:
    first17 = "41010220211101001"
    number = first17 + iso_7064(first17)
    assert rule_of(number) == "id_number_birth"
    assert identity.read(number, dt.date(2021, 11, 1)) == number


def test_birth_month_and_sex() -> None:
    keys = pl.Series([identity.key("11010519491231002X"), identity.key("440524188001010014"), None], dtype=pl.Int64)
    assert identity.birth_month(keys).to_list() == ["1949-12", "1880-01", None]
    assert identity.sex(keys).to_list() == ["女", "男", None]


def test_a_refusal_never_quotes_the_number() -> None:
    with pytest.raises(WrongNumber) as refused:
        identity.read("110105194912310021")
    assert "1949" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("999999999999999999", "id_number_placeholder"),
        ("９９９９９９２０２１０１０１００１１", "id_number_placeholder"),
        ("000000000000000000", "id_number_placeholder"),
        ("123456789012345678", "id_number_placeholder"),
        ("1234567890", "id_number_placeholder"),
        ("111111111111111111", "id_number_placeholder"),
        ("0", "id_number_placeholder"),
        ("11", "id_number_shape"),
        ("110105194912310000.0", "id_number_as_number"),
        ("110105491231002.0", None),
        ("11010519491231002X81", "id_number_card"),
        ("11010519491231002X45", "id_number_card"),
        ("11010519491231002X71B2", None),
        ("11010519491231002X71C2", "id_number_shape"),
        ("******************", "id_number_masked"),
    ],
)
def test_placeholders_numbers_and_cards(text: str, rule: str | None) -> None:
    assert rule_of(text) == rule
    assert identity.read_column(pl.Series([text]), LATEST).rules.to_list() == [rule]


@pytest.mark.parametrize(
    ("born", "rule"),
    [("18791231", "id_number_birth"), ("18800101", None), ("20211031", None), ("20211101", "id_number_birth")],
)
def test_birth_dates_are_plausible_and_not_after_the_month(born: str, rule: str | None) -> None:
    first17 = f"410102{born}001"
    assert rule_of(first17 + iso_7064(first17)) == rule
    assert identity.read_column(pl.Series([first17 + iso_7064(first17)]), LATEST).rules.to_list() == [rule]


def test_15_digits_are_of_the_20th_century() -> None:
    number = identity.read("410102490101001", LATEST)
    assert (number[6:14], number[17]) == ("19490101", iso_7064(number[:17]))
    assert rule_of("410102000229001") == "id_number_birth"  # 1900 was no leap year, 2000 is not meant


def test_a_few_wrong_numbers_leave_the_others_as_they_are() -> None:
    right = "11010519491231002X"
    column = identity.read_column(pl.Series([right, "x", None, " 11010519491231002x"]), LATEST)
    assert column.numbers.to_list() == [right, None, None, right]
    assert column.keys.to_list() == [identity.key(right), None, None, identity.key(right)]
    assert column.rules.to_list() == [None, "id_number_shape", None, None]
