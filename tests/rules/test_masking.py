"""What may be told of delivered texts: masks by hand, and that no number of a person is shown however it is written."""

from __future__ import annotations

import re
import unicodedata

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangpin import masking
from tests.rules.test_identity import numbers

PHONE = "13800138000"
NUMBER = "410102196503010018"


def test_cells_that_are_no_persons() -> None:
    """Figures, dates and codes stay readable."""
    assert masking.words("张三丰") == "张*"
    assert masking.words("13812345678") == "138********"
    assert masking.words("４１０１０２１９９００１０１１２３４") == "410102********1234"
    assert masking.words("1.2万元") == "1.2万*"
    assert masking.words("2021-10-05") == "2021-10-05"
    assert "1381234" not in masking.words("电话138 1234 5678转")
    assert masking.cell("2021.13", personal=False) == "2021.13"


@settings(deadline=None)
@given(numbers(), st.text(alphabet="户主电话：， ab", max_size=6))
def test_no_mask_shows_a_number(number: str, around: str) -> None:
    assert number[6:14] not in masking.words(f"{around}{number}{around}")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("410102199001011234", "410102********1234"),
        ("４１０１０２１９９００１０１１２３ｘ", "410102********123x"),
        ("E98765432", "E********"),
        ("H12345678", "H********"),
        ("03010035", "0*******"),
        ("王小二", "王**"),
        (" 无 ", "无"),
        ("", ""),
        ("41010219900101123", "4****************"),
        ("4.10102E+17", "4**********"),
        (f"{'9' * 70}", f"9{'*' * 60}（70个字符）"),
    ],
)
def test_of_a_personal_column_nothing_stays_readable(written: str, told: str) -> None:
    assert masking.cell(written, personal=True) == told


@settings(deadline=None)
@given(st.text(max_size=80))
def test_of_a_personal_cell_one_character_is_told_or_ten(written: str) -> None:
    told = masking.cell(written, personal=True)
    shown = re.sub(r"\*|（\d+个字符）$", "", told)
    folded = unicodedata.normalize("NFKC", written).strip()
    if not re.fullmatch(r"\d{17}[\dXx]", folded):
        assert len(shown) <= 1 or folded == "*" * len(folded)


def may_hold(text: str) -> bool:
    """What lets a text be looked at, in Python and in polars."""
    (told,) = pl.Series([text]).str.contains(masking.MAY_HOLD_NUMBER)
    assert told == bool(re.search(masking.MAY_HOLD_NUMBER, text))
    return bool(told)


@settings(deadline=None)
@given(
    numbers(),
    st.lists(st.sampled_from(["", "", " ", "\n", "  ", "\r\n", "\u3000"]), min_size=17, max_size=17),
    st.sampled_from(["", "因病", "2021.10.15 "]),
)
def test_a_number_is_found_wherever_its_line_breaks(number: str, blanks: list[str], before: str) -> None:
    written = "".join(character + blank for character, blank in zip(number, [*blanks, ""], strict=True))
    kept = masking.without_numbers(f"{before}{written}，因病")
    assert kept.startswith(before) and kept.endswith("，因病") and kept != f"{before}{written}，因病"
    assert len(re.sub(r"[^0-9Xx]", "", kept.removeprefix(before))) <= 10
    assert may_hold(written)
    assert written[6:-4] not in masking.words(written)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"张三 {NUMBER} {PHONE}", "张三 410102********0018 138********"),
        (f"{NUMBER}{PHONE}", "410102*******************8000"),
        (f"{PHONE}{NUMBER}", "138001*******************0018"),
        ("410102 19650301 0018", "410102**********0018"),
        ("41010219650301001x，因病", "410102********001x，因病"),
        ("41010219650301001843", "410102**********1843"),
        ("41010219650301001843B1", "410102************43B1"),
        ("410102650301001", "410102*****1001"),
        ("电话138-0013-8000。", "电话138**********。"),
        ("+8613800138000", "+861**********"),
        ("013800138000转", "013*********转"),
        ("410122\n197001010019", "410122*********0019"),
        ("410122.19700101.0019。", "410122**********0019。"),
        ("4101221970010100 19", "410122*********0 19"),
        ("410122/19700101/0019", "410122**********0019"),
        ("410122  19700101 \r\n 0019", "410122**************0019"),
        ("410122 1970-01-01 0019", "410122************0019"),
        ("4 1 0 1 2 2 1 9 7 0 0 1 0 1 0 0 1 9", "4 1 0 ************************* 1 9"),
        ("41012219700101001×", "410122********001×"),
        ("410122.19700101.001×，因病", "410122**********001×，因病"),
        ("410122  700101  001", "410122********* 001"),
        ("138001 38000", "138*********"),
        ("138 0013\n8000", "138**********"),
        ("138   0013   8000", "138**************"),
        ("138.0013.8000", "138**********"),
        ("1 3 8 0 0 1 3 8 0 0 0", "1 3******************"),
        ("2021.10.15 138001\n38000", "2021.10.15 138*********"),
    ],
)
def test_numbers_in_free_text_are_masked(text: str, kept: str) -> None:
    assert masking.without_numbers(text) == kept
    assert may_hold(text)


@pytest.mark.parametrize(
    "text",
    [
        "因病致困",
        "2021-10-15至2021-11-30住院，自付13800元",
        "20211015-20211130",
        "20211103153045",
        "12800138000",
        "138001380001",
        "文号〔2021〕1380013800号",
        "410102001001",
        "410102196513010018",
        "410102196503320018",
        "6217001234567890123",
        "990102196503010018",
        "2021.10.15 2021.11.30 2021.12.01",
        "21.10.15 2021.11.30 2021.12.01",
        "20211015 20211130 20211201",
        "2021/10/15\n2021/11/30\n2021/12/01",
        "自付3210.50 2021.10.15 1380元",
        "自付13.5 2021.10.15",
        "1380.50 1500.00 13800.00",
        "13800 202110",
        "13800 138000.50",
        "13800 138000元",
        "13 15 20 25 300",
        "施政发2021 13800 138000号",
        "豫民文〔2021〕138号 2021.10.15",
        "41.01.22 2021.10.15 08:30",
    ],
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert masking.without_numbers(text) == text


@settings(deadline=None)
@given(numbers(), st.sampled_from(["", " ", "，", "户主"]), st.sampled_from(["", "a", "号码："]))
def test_every_right_number_is_found(number: str, after: str, before: str) -> None:
    text = f"{before}{number}{after}{PHONE}{after}"
    kept = masking.without_numbers(text)
    assert number[6:14] not in kept
    assert PHONE not in kept
    assert re.search(masking.MAY_HOLD_NUMBER, text)


@pytest.mark.parametrize(
    "name",
    [
        *("低保202110.xlsx", "低保_20211103.xlsx", "低保_20211103153045.xlsx", "低保20211103153045123.csv"),
        *("2021-10-01至2021-10-31 低保.xlsx", "2021-10/民政局/低保 202110.xlsx", "村级集体经济收入（万元）"),
    ],
)
def test_a_usual_name_is_shown_as_it_is(name: str) -> None:
    assert masking.showable(name) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (f"{NUMBER}王小二{PHONE}.xlsx", "410102********0018王小二138********.xlsx"),
        ("\x1b[31mred.xlsx", "□[31mred.xlsx"),
        ("a\u202exslx.exe", "a□xslx.exe"),
        ("证\u200b件\ufeff号", "证□件□号"),
        ("证件\r\n号码\t", "证件  号码 "),
        ("a\udcff.csv", "a□.csv"),
        ("6217001234567890123.xlsx", "621700*********0123.xlsx"),
        ("20211399000000.xlsx", "202***********.xlsx"),
        ("１３８００１３８０００", "１３８********"),
    ],
)
def test_what_is_no_text_or_a_number_is_not_shown(name: str, shown: str) -> None:
    assert masking.showable(name) == shown


def test_of_a_long_name_both_ends_are_shown() -> None:
    shown = masking.showable(f"{'甲' * 300}.xlsx")
    assert len(shown) == masking.LONGEST
    assert shown.startswith("甲甲") and shown.endswith("甲.xlsx") and "…" in shown
    assert masking.showable("甲" * masking.LONGEST) == "甲" * masking.LONGEST


@settings(deadline=None)
@given(st.text(max_size=200))
def test_what_is_shown_holds_no_steering_character(name: str) -> None:
    shown = masking.showable(name)
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert masking.showable(shown) == shown or len(name) > masking.LONGEST
