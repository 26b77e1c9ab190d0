"""A block of villages: its people and all that befalls them over the whole axis, subject by subject.

Does not belong here: what of it departments deliver in a month (feeds.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from fangpin.sample import (
    assets,
    changes,
    economy,
    gaps,
    health,
    home,
    honest,
    income_feed,
    lists,
    mishaps,
    misrule,
    names,
    people,
    register,
    school,
    stories,
    support,
    training,
    welfare,
    work,
    zhaojiaping,
)
from fangpin.sample.draws import stream


@dataclass
class Block:
    """All that is known of a block of villages over the whole axis."""

    code: str
    villages: pl.DataFrame
    households: people.Households
    persons: people.Persons
    stories: stories.Stories
    economy: economy.Economy
    welfare: welfare.Welfare
    payroll: work.Payroll
    spells: work.Spells
    assets: assets.Assets
    bills: health.Bills
    homes: home.Homes
    mishaps: mishaps.Mishaps
    pupils: school.Pupils
    measures: support.Measures
    courses: training.Courses
    ledger: register.Ledger
    copied: income_feed.CopiedBlocks
    numbers: pl.Series
    phones: pl.Series
    unknown: pl.DataFrame
    quiet: bool  # nothing new, nothing dirty


def live(seed: int, frame: pl.DataFrame, first: int, last: int) -> Block:
    """A block's people and everything that happens to them; 赵家坪乡 is quiet and lives by its report."""
    if frame["township_code"][0] == zhaojiaping.TOWNSHIP:
        return finish(seed, frame, *zhaojiaping.settle(seed, frame, first, last), first, last, quiet=True)
    code = str(frame["county_code"][0])
    households = people.make_households(seed, code, frame)
    persons = people.make_persons(seed, code, frame, households, last)
    told = told_lives(seed, frame, households, persons, last)
    households = changes.happen(seed, code, households, persons, told, first, last)
    return finish(seed, frame, households, persons, told, first, last)


def told_lives(
    seed: int, frame: pl.DataFrame, households: people.Households, persons: people.Persons, last: int
) -> stories.Stories:
    """All stories of a block; those struck by illness have their health and labour changed in `persons`."""
    rng = stream(seed, str(frame["county_code"][0]), "stories")
    taken = np.zeros(households.count, dtype=bool)
    scene = stories.Scene(frame, households, stories.traits(persons, households.count, last), taken, last)
    parts = []
    for make in (misrule.of_villages, misrule.of_households, honest.in_the_register, honest.borne_alone):
        part = make(rng, scene)
        scene.taken[part.household] = True
        parts.append(part)
    told = stories.joined(parts)
    stories.strike(rng, told, persons, last)
    return told


def finish(
    seed: int,
    frame: pl.DataFrame,
    households: people.Households,
    persons: people.Persons,
    told: stories.Stories,
    first: int,
    last: int,
    quiet: bool = False,
) -> Block:
    """What follows from people and stories: welfare, money, work, bills, houses, help, paper."""
    code = str(frame["county_code"][0])
    lists_ = welfare.make(seed, code, households, persons, told, first, last, quiet)
    money = economy.make(seed, code, households, persons, told, welfare.assistance(households, persons, lists_), last)
    payroll = work.make_payroll(seed, code, households, persons, told, lists_, last)
    seen = stories.traits(persons, households.count, last)
    pupils = school.make(seed, code, households, persons, told, last, quiet)
    bills = health.make(seed, code, households, persons, told, first, last, quiet)
    homes = home.make(seed, code, households, told)
    if not quiet:
        gaps.occur(seed, code, persons, pupils, bills, told, last)
        gaps.dry_up(seed, code, households.count, homes, persons, told, last)
    return Block(
        code=code,
        villages=frame,
        households=households,
        persons=persons,
        stories=told,
        economy=money,
        welfare=lists_,
        payroll=payroll,
        spells=work.make_spells(seed, code, households, persons, told, money, lists_, payroll, first, last, quiet),
        assets=assets.make(seed, code, households, persons, told, money, lists_, last),
        bills=bills,
        homes=homes,
        mishaps=mishaps.none() if quiet else mishaps.make(seed, code, frame, households, told, first, last),
        pupils=pupils,
        measures=support.make(seed, code, households, told, money, seen, last),
        courses=training.make(seed, code, households, persons, told, first, last, quiet),
        ledger=register.make(seed, code, frame, households, persons, told, money, first, last, quiet),
        copied=income_feed.copied_blocks(seed, code, frame, households, persons, told, lists_, first),
        numbers=lists.household_numbers(frame, households),
        phones=names.phones(stream(seed, code, "phones"), households.count),
        unknown=lists.strangers(seed, code, frame, 0 if quiet else max(40, households.count // 8)),
        quiet=quiet,
    )
