"""Every identity number of the sample is valid by GB 11643, of a known region and unique: a second implementation."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl

from fangpin.places import DATA
from tests.rules import sample_files as files
from tests.rules.oracles import FOLDER

LAST = "2021-12"


def right(number: str, regions: set[str]) -> bool:
    """ISO 7064 MOD 11-2, region, and a day that exists, written out digit by digit."""
    if len(number) != 18 or not number[:17].isdigit() or number[:6] not in regions:
        return False
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if not (1 <= month <= 12 and 1 <= day <= days[month - 1]):
        return False
    remainder = 0
    for character in number:
        remainder = (remainder * 2 + (10 if character == "X" else int(character))) % 11
    return remainder == 1


def regions() -> set[str]:
    with (DATA / "region_codes.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"] for row in csv.DictReader(lines)}


def test_the_second_implementation_knows_the_vectors() -> None:
    known = regions()
    with (FOLDER / "id_test_vectors.csv").open(encoding="utf-8", newline="") as lines:
        plain = [
            r for r in csv.DictReader(lines) if r["expected"].split(",")[0] in ("valid", "invalid", "invalid region")
        ]
    assert len(plain) >= 6
    for vector in plain:
        assert right(vector["id"], known) == vector["expected"].startswith("valid"), vector["note"]


def test_all_numbers_are_valid_and_unique(written_inbox: Path) -> None:
    known = regions()
    people = files.clean(written_inbox, "person_list", files.persons(written_inbox, LAST))
    wrong = sum(not right(number, known) for number in people["证件号码"])
    assert wrong == 0
    assert people["证件号码"].n_unique() == people.height


def test_some_are_of_retired_regions_and_of_other_counties(written_inbox: Path) -> None:
    people = files.own(files.clean(written_inbox, "person_list", files.persons(written_inbox, LAST)))
    codes = people.select(home=pl.col("户编号").str.slice(0, 6), region=pl.col("证件号码").str.slice(0, 6))
    retired = codes.filter(pl.col("region").str.slice(0, 4).is_in(["4127", "4128", "4129", "4130", "4123"]))
    assert retired.height / codes.height > 0.1
    elsewhere = codes.filter(
        (pl.col("home") != pl.col("region")) & pl.col("region").is_in(codes["home"].unique().implode())
    )
    assert 0.02 < elsewhere.height / codes.height < 0.1


def test_the_seventeenth_digit_agrees_with_kinship(written_inbox: Path) -> None:
    people = files.clean(written_inbox, "person_list", files.persons(written_inbox, LAST))
    male = people["证件号码"].str.slice(16, 1).cast(pl.Int64) % 2 == 1
    for relation, share in (("之子", 1.0), ("之父", 1.0), ("之女", 0.0), ("之儿媳", 0.0)):
        assert male.filter(people["与户主关系"] == relation).mean() == share
    couples = people.with_columns(male=male).filter(pl.col("与户主关系").is_in(["户主", "配偶"]))
    both = couples.group_by("户编号").agg(pl.col("male").n_unique().alias("sexes"), pl.len()).filter(pl.col("len") == 2)
    assert (both["sexes"] == 2).mean() > 0.97


def test_lengths_of_the_register(written_inbox: Path) -> None:
    rows = files.clean(written_inbox, "register", files.register(written_inbox, LAST))
    lengths = rows.group_by("证件类型").agg(pl.col("证件号码").str.len_chars().unique().sort().alias("lengths"))
    known = dict(lengths.iter_rows())
    assert known["居民身份证"] == [18]
    assert known["残疾人证"] == [20, 22]
