"""The month that a file says of itself against the folder it lies in."""

from __future__ import annotations

import pytest

from fangpin.intake.stated import contradiction

MONTH = "2021-10"


def refusal(name: str, *titles: str, month: str = MONTH) -> str | None:
    return contradiction(month, name, titles, 10)


@pytest.mark.parametrize(
    "name",
    [
        "医保结算明细_202110.csv",
        "医保结算明细2021年10月.xlsx",
        "２０２１年１０月医保明细.xlsx",
        "2021-10 医保.csv",
        "医保2021.10.xlsx",
        "医保 2021 年 10 月份.xlsx",
        "2021年1-10月医保结算.xlsx",
        "2021年1月至10月医保结算.xlsx",
        "2020年11月至2021年10月医保结算.xlsx",
        "户信息_20211018.xlsx",
        "户信息_20211101.xlsx",
        "户信息_20211103.xlsx",
        "户信息_20211110.xlsx",
        "明细20211001-20211031.csv",
        "2021年10月31日名单.xls",
        "（自定义）监测对象信息 (22).xlsx",
        "名单.csv",
        "410102_名单.csv",
        "2021年低保名单.xlsx",
        "20211399.csv",
        "结算单13920211103.csv",
        "202113名单.csv",
        "施政发〔2021〕7号.xlsx",
        "10月份低保.xlsx",
        "低保_10月.xlsx",
        "十月份低保.xlsx",
        "7-10月低保.xlsx",
        "21年10月低保.xlsx",
        "二〇二一年十月低保.xlsx",
        "二零二一年10月低保.xlsx",
        "补发3个月的低保.xlsx",
        "四季青街道名单.xlsx",
        "9月村低保.xlsx",
        "低保（9月30日前）.xlsx",
    ],
)
def test_names_that_agree_or_say_nothing(name: str) -> None:
    assert refusal(name) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("医保结算明细_202111.csv", "2021年11月"),
        ("医保2021年9月.xlsx", "2021年9月"),
        ("医保2020年10月.xlsx", "2020年10月"),
        ("2021-11医保.csv", "2021年11月"),
        ("2021年1-9月医保结算.xlsx", "2021年9月"),
        ("户信息_20211111.xlsx", "2021年11月11日"),
        ("户信息_20210930.xlsx", "2021年9月30日"),
        ("户信息_20221018.xlsx", "2022年10月18日"),
        ("户信息 2021.12.3.xlsx", "2021年12月3日"),
        ("附件1 2021年9月.csv", "2021年9月"),
        ("表3　2021 年 9 月.csv", "2021年9月"),
        ("明细 2021-09-15 08:30.csv", "2021年9月15日"),
        ("21年9月医保.csv", "2021年9月"),
        ("医保（20年10月）.csv", "2020年10月"),
        ("二〇二一年九月医保.csv", "2021年9月"),
        ("二零二一年九月份医保.csv", "2021年9月"),
        ("二○二一年十一月医保.csv", "2021年11月"),
        ("二一年九月医保.csv", "2021年9月"),
        ("2021年十二月医保.csv", "2021年12月"),
        ("二〇二一年九月三十日医保.csv", "2021年9月30日"),
        ("9月份医保.csv", "9月"),
        ("医保_9月.csv", "9月"),
        ("九月医保.csv", "9月"),
        ("1—9月医保.csv", "9月"),
        ("医保11月份.csv", "11月"),
    ],
)
def test_names_of_another_month(name: str, said: str) -> None:
    found = refusal(name)
    assert found is not None
    assert found.startswith(f"文件名写明是{said}，与报送月份2021-10不符")


@pytest.mark.parametrize(
    ("name", "month", "said"),
    [
        ("2021年第三季度医保.csv", "2021-10", "2021年第3季度"),
        ("2021年三季度医保.csv", "2021-08", "2021年第3季度"),
        ("2021年第四季度医保.csv", "2021-10", "2021年第4季度"),
        ("21年4季度医保.csv", "2021-10", "2021年第4季度"),
        ("2021Q3医保.csv", "2021-10", "2021年第3季度"),
        ("三季度医保.csv", "2021-10", "第3季度"),
        ("2020年第三季度医保.csv", "2021-09", "2020年第3季度"),
    ],
)
def test_a_quarter_is_no_month(name: str, month: str, said: str) -> None:
    found = refusal(name, month=month)
    assert found is not None
    assert found.startswith(f"文件名写明是{said}（一个季度，不是一个月")


@pytest.mark.parametrize("name", ["2021年第三季度医保.csv", "2021年前三季度.csv", "三季度.csv", "2021年3季度.csv"])
def test_a_quarter_counts_as_its_last_month(name: str) -> None:
    assert refusal(name, month="2021-09") is None


@pytest.mark.parametrize(
    ("name", "month", "agrees"),
    [
        ("12月低保.xlsx", "2021-12", True),
        ("12月低保.xlsx", "2022-01", False),
        ("1月低保.xlsx", "2021-12", False),
        ("1月低保.xlsx", "2022-01", True),
    ],
)
def test_a_month_without_a_year_is_a_month_of_any_year(name: str, month: str, agrees: bool) -> None:
    assert (refusal(name, month=month) is None) == agrees


def test_a_month_without_a_year_counts_in_a_title_but_not_in_a_note() -> None:
    assert refusal("低保.csv", "9月份低保名单") is not None
    assert refusal("低保.csv", "10月份低保名单") is None
    for note in ("请于9月底报民政局", "说明：9月已停发的不填", "截至9月享受低保的", "每年9月发放"):
        assert refusal("低保.csv", note) is None
    assert refusal("低保.csv", "7月", "8月", "9月") is None  # groups of columns


def test_the_first_days_of_january_belong_to_december() -> None:
    assert refusal("户信息_20220110.xlsx", month="2021-12") is None
    assert refusal("户信息_20220111.xlsx", month="2021-12") is not None
    assert refusal("户信息_20211203.xlsx", month="2021-12") is None


def test_titles_are_judged_apart_from_the_name() -> None:
    assert refusal("医保.csv", "某县2021年10月医保结算明细", "单位：元") is None
    found = refusal("医保_202110.csv", "某县2021年9月医保结算明细")
    assert found is not None
    assert found.startswith("表头上方的标题写明是2021年9月，与报送月份2021-10不符")
    assert refusal("医保_202111.csv", "某县2021年10月医保结算明细") is not None


@pytest.mark.parametrize(
    "title",
    [
        "填报日期：2021年11月15日",
        "制表时间:2021-11-20",
        "导出时间 2021年12月",
        "根据2021年4月《通知》填报",
        "编制于2021年11月",
    ],
)
def test_when_and_by_what_rule_a_file_was_made_is_not_its_month(title: str) -> None:
    assert refusal("医保.csv", title) is None


@pytest.mark.parametrize("title", ["附件1 2021年9月农村低保名单", "表3　2021年9月", "附件 1\n2021 年 9 月"])
def test_a_number_before_the_year_is_no_part_of_it(title: str) -> None:
    assert refusal("低保.csv", title) is not None
    assert refusal("低保.csv", title.replace("9", "10")) is None


def test_the_name_of_a_zip_counts_too() -> None:
    def said(name: str, archive: str) -> str | None:
        return contradiction(MONTH, name, [], 10, archive)

    assert said("a.xlsx", "2021年10月低保.zip") is None
    assert said("低保202110.xlsx", "低保_20211103.zip") is None
    found = said("a.xlsx", "2021年9月低保.zip")
    assert found is not None and found.startswith("压缩包的名称写明是2021年9月，")
    assert said("低保202110.xlsx", "2021年9月低保.zip") == found
    found = said("低保202109.xlsx", "2021年10月低保.zip")
    assert found is not None and found.startswith("压缩包里的文件名写明是2021年9月，")
