"""The audit file: replayed from itself alone; whatever is changed in it is seen; the seed cannot be chosen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangpin.errors import FangpinError, PolicyError
from fangpin.research import audit
from fangpin.research.draw import Substitution, draw
from fangpin.research.frame import VILLAGE, from_csv, sha256, with_households
from fangpin.research.households import digest
from fangpin.research.order import inclusion
from tests.made_up_research import frame, listing, plan

NONCE = "5e" * 32
PLAN = plan(
    least_households=1,
    nonce_sha256=hashlib.sha256(NONCE.encode()).hexdigest(),
    public_value="2022年4月1日双色球红球号码",
    public_value_form="02 07 10",
    first_day="2022-04-10",
    last_day="2022-04-20",
)


@cache
def basis() -> audit.Basis:
    given = frame(cities=6)
    codes = [unit.code for unit in given.units if unit.level == VILLAGE]
    known = households(codes)
    digests = {
        str(code): digest(rows.select("household_id", "stratum", "size").iter_rows())
        for (code,), rows in known.group_by("village_code")
    }
    text = audit.frozen(with_households(given, digests), PLAN, "2021-12", "v001")
    return audit.Basis(text, PLAN, "2021-12", "v001", "0123456789ab")


def households(codes: list[str]) -> Any:
    """The same list for a village whichever others are asked for."""
    everybody = sorted(unit.code for unit in frame(cities=6).units if unit.level == VILLAGE)
    return listing(dict.fromkeys(everybody, 24)).filter(pl.col("village_code").is_in(codes))


@cache
def written(*substitutions: Substitution) -> str:
    """An audit file as it is written."""
    reveal = audit.Reveal("03 08 11", NONCE, {}, substitutions)
    seed = audit.seed(sha256(basis().text), "03 08 11", NONCE)
    sample = draw(from_csv(basis().text), PLAN, seed, substitutions)
    drawn = households(sample.filter(role="primary")["village_code"].to_list())
    return json.dumps(audit.audited(basis(), 1, reveal, drawn)[0], ensure_ascii=False)


def failed(text: str) -> set[str]:
    return {each.what for each in audit.verify(text)[0] if not each.holds}


def changed(change: Callable[[dict[str, Any]], Any]) -> str:
    """With something changed by somebody who also corrects the file's own hash."""
    content = json.loads(written())
    change(content)
    del content["sha256"]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return json.dumps({**content, "sha256": hashlib.sha256(text.encode()).hexdigest()}, ensure_ascii=False)


def test_the_seed_is_the_hash_of_what_was_announced() -> None:
    text = f"{sha256(basis().text)}|03 08 11|{NONCE}"
    assert json.loads(written())["seed"] == hashlib.sha256(text.encode()).hexdigest()
    assert json.loads(written())["frame_sha256"] == hashlib.sha256(basis().text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("form", "same", "others"),
    [
        (
            "3563.89",
            ("3563.90", "10012.07", "0.50"),
            ("3563.9", "3563.900", "03563.90", "3,563.90", " 3563.90", "３563.90"),
        ),
        ("7", ("0", "12"), ("012", "12.0", "12 ", "+12")),
        ("02 07 10", ("03 08 11", "33 01 00"), ("3 8 11", "03,08,11", "03  08 11", "030811", "03 08 11\n")),
        ("030811", ("000000",), ("30811", "0308110")),
        ("A-1", ("A-9",), ("A-10", "a-1", "1")),
    ],
)
def test_one_result_has_one_spelling(form: str, same: tuple[str, ...], others: tuple[str, ...]) -> None:
    assert all(audit.has_form(value, form) for value in same)
    assert not any(audit.has_form(value, form) for value in ("", *others))


@pytest.mark.parametrize("form", ["", "收盘点位", " 3563.89", "３５"])
def test_a_sample_that_fixes_nothing_is_refused(form: str) -> None:
    with pytest.raises(PolicyError, match="不是样例"):
        audit.require_form(form)


def test_an_untouched_file_is_confirmed_and_gives_the_tables_again() -> None:
    found, made = audit.verify(written())
    assert all(each.holds for each in found) and len(found) >= 12
    assert made["sample"].filter(role="primary").height == 24
    assert made["days"]["day"].min().isoformat() == "2022-04-10"
    assert failed(changed(lambda content: None)) == set()


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (lambda c: c.update(seed="0" * 64), {"抽样种子"}),
        (lambda c: c.update(public_value="03 08 12"), {"抽样种子"}),
        (lambda c: c.update(public_value="3 8 11"), {"公布值的写法", "抽样种子"}),
        (lambda c: c.update(nonce="5f" * 32), {"保密串", "抽样种子"}),
        (lambda c: c.update(frame=c["frame"].replace(",27,", ",28,", 1)), {"名册校验值"}),
        (lambda c: c.update(month="2021-11"), {"方案与月份"}),
        (lambda c: c.update(version="v002"), {"方案与月份"}),
        (lambda c: c["plan_values"]["reserves_per_village"].update(value=2), {"方案与月份"}),
        (lambda c: c["plan_values"]["title"].update(source="甲"), {"方案与月份"}),
        (lambda c: c["listing"][0].__setitem__(1, 999_999), {"农户名单"}),
        (lambda c: c.update(listing=[r for r in c["listing"] if r[0] != c["listing"][0][0]]), {"抽中村的名单齐全"}),
        (lambda c: c["files"].update(sample="0" * 64), {"抽样名单"}),
        (lambda c: c["files"].update(households="0" * 64), {"入户名单"}),
        (lambda c: c["files"].update(teams="0" * 64), {"调研分组"}),
        (lambda c: c["files"].update(days="0" * 64), {"调研日程"}),
        (lambda c: c.update(cautions=[]), {"精度和说明"}),
        (lambda c: c["precision"][0].update(figure="全省"), {"精度和说明"}),
        (lambda c: c["counts"].update(villages=25), {"精度和说明"}),
        (lambda c: c.update(select="select 1"), {"精度和说明"}),
    ],
)
def test_whatever_is_changed_is_seen(change: Callable[[dict[str, Any]], Any], seen: set[str]) -> None:
    assert seen <= failed(changed(change))
    content = json.loads(written())
    change(content)
    assert "档案校验值" in failed(json.dumps(content, ensure_ascii=False))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_character_can_be_another(data: st.DataObject) -> None:
    text = written()
    place = data.draw(st.integers(0, len(text) - 1))
    other = (
        text[:place] + data.draw(st.sampled_from("0179abf区:,").filter(lambda c: c != text[place])) + text[place + 1 :]
    )
    try:
        assert failed(other)
    except FangpinError:
        return


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "不是完整的 JSON"),
        ("[]", "内容不全"),
        (json.dumps({"format": 1}), "内容不全"),
        (lambda: changed(lambda c: c.update(more=1)), "有多余的项"),
        (lambda: changed(lambda c: c.update(format=2)), "只认第1版"),
        (lambda: changed(lambda c: c["listing"].append([1])), "不是本程序写出的样子"),
        (lambda: changed(lambda c: c["substitutions"].append({"village": "1"})), "不是本程序写出的样子"),
        (lambda: changed(lambda c: c["plan_values"].pop("cities")), "缺少 cities"),
        (lambda: changed(lambda c: c.update(frame="# x\n" + c["frame"].split("\n", 1)[1])), "第一行读不出来"),
    ],
)
def test_what_is_no_audit_file_is_told(text: str | Callable[[], str], sentence: str) -> None:
    with pytest.raises(FangpinError, match=sentence):
        audit.verify(text if isinstance(text, str) else text())


def test_a_village_replaced_by_the_next_reserve_or_by_name() -> None:
    first = audit.verify(written())[1]["sample"]
    out = first.filter(role="primary", arm="random").row(0, named=True)
    same = (first["county_code"] == out["county_code"]) & (first["slot"] == out["slot"]) & (first["role"] == "reserve")
    reserve = first.filter(same).row(0, named=True)
    found, made = audit.verify(written(Substitution(out["village_code"], None, "主任", "道路中断")))
    assert all(each.holds for each in found)
    new = made["sample"].filter(village_code=reserve["village_code"]).row(0, named=True)
    assert (new["role"], new["arm"], new["slot"]) == ("primary", "random", out["slot"])
    inside = from_csv(basis().text).of(VILLAGE)[out["county_code"]]
    certain = set(first.filter(county_code=out["county_code"], role="primary", arm="risk")["village_code"])
    sizes = {u.code: u.size for u in inside if u.code not in certain}
    chance = inclusion(sizes, 1, new["village_code"]) * out["county_probability"]
    assert new["inclusion_probability"] == pytest.approx(chance, abs=1e-15)
    assert new["reason"].endswith(f"替换{out['village_name']}，主任：道路中断")
    assert out["village_code"] not in made["sample"]["village_code"].to_list()
    inside = {u.code for u in from_csv(basis().text).of(VILLAGE)[out["county_code"]]}
    other = sorted(inside - set(first.filter(role="primary")["village_code"]))[-1]
    found, made = audit.verify(written(Substitution(out["village_code"], other, "主任", "群众反映")))
    assert all(each.holds for each in found)
    named = made["sample"].filter(village_code=other).row(0, named=True)
    assert (named["criterion"], named["arm"]) == ("override", "risk")
    assert named["inclusion_probability"] == named["county_probability"]  # it stands for itself in its county
    with pytest.raises(FangpinError, match="不在正选村里"):
        written(Substitution("410199999999", None, "主任", "甲"))
    with pytest.raises(FangpinError, match="不是同一个县可抽的村"):
        written(Substitution(out["village_code"], "410199999999", "主任", "甲"))
