"""fangpin check: what intake would make of one file, with nothing written and never a traceback."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from assets import return_list
from assets.inspection import inspect
from checks.raw import FEEDS
from fangpin.policy import load
from pipelines.check import LISTED, assumed_month, report
from tests import deliveries as d
from tests.assets.test_cli import called
from tests.conftest import CHECKOUT

MONTH = "2021-10"
KEYS = [
    *("rejected", "rows_in_file", "header_rows", "blank_rows", "total_rows", "accepted", "quarantined", "warnings"),
    *("reasons", "unknown_columns", "remarks", "header_row", "encoding", "sheet"),
]
RIGHT, OTHER = d.id_number(1), d.id_number(2)
WRONG = RIGHT[:17] + ("0" if RIGHT[17] != "0" else "1")
DIRTY = [
    d.MEDICAL_HEADER,
    d.settlement("J1", RIGHT),
    d.settlement("J2", WRONG),
    d.settlement("J1", OTHER),
    [""] * len(d.MEDICAL_HEADER),
    d.settlement("J3", RIGHT, 结算日期="2021-11-01", 总费用="一千"),
    ["合计", *[""] * (len(d.MEDICAL_HEADER) - 1)],
]
"""Two rows of one settlement, a number whose check digit is wrong, a blank row, two faults in one row, a total."""

Check = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    """Runs `fangpin check FILE --feed F --json`; the exit status and what it printed. Nothing may be written."""

    def run(path: Path, feed: str = "medical", month: str = MONTH) -> tuple[int, dict[str, Any]]:
        before = sorted(tmp_path.rglob("*"))
        status = called(monkeypatch, tmp_path / "no home", "check", str(path), "--feed", feed, "-m", month, "--json")
        assert sorted(tmp_path.rglob("*")) == before
        return status, json.loads(capsys.readouterr().out)

    return run


def written(folder: Path, rows: list[list[str]], name: str = "表.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes("".join(",".join(row) + "\n" for row in rows).encode(encoding))
    return path


def test_every_row_has_its_fate_and_its_reasons(check: Check, tmp_path: Path) -> None:
    status, found = check(written(tmp_path, DIRTY, encoding="gb18030"))
    assert status == 1
    assert list(found) == KEYS
    reasons = found.pop("reasons")
    assert found == {
        "rejected": None,
        "rows_in_file": 7,
        "header_rows": 1,
        "blank_rows": 1,
        "total_rows": 1,
        "accepted": 1,
        "quarantined": 3,
        "warnings": 0,
        "unknown_columns": [],
        "remarks": ["没有读取的行（合计和注释）：第7行（合计）"],
        "header_row": 1,
        "encoding": "gb18030",
        "sheet": None,
    }
    assert [(r["row"], r["column"], r["rule"], r["level"]) for r in reasons] == [
        (3, "证件号码", "id_number_check", "错误"),
        (4, "", "duplicate_key", "错误"),
        (6, "总费用", "not_money", "错误"),
        (6, "结算日期", "wrong_month", "错误"),
    ]
    assert reasons[0]["message"] == "证件号码：校验位不符；请核对证件原件"
    assert reasons[1]["message"] == "与第2行重复；请只保留一行"
    assert all(list(reason) == ["row", "column", "rule", "level", "message"] for reason in reasons)


def test_it_tells_what_intake_does(check: Check, tmp_path: Path) -> None:
    """The same file taken in for real: the same rows, the same rules."""
    home = tmp_path / "home"
    d.deliver_people(home, MONTH, [d.person(RIGHT)])
    path = d.write_csv(home, MONTH, "medical", DIRTY)
    taken = d.take_in_all(home, MONTH, "household_list", "person_list", "medical")["medical"]
    _, found = check(path)
    for count in ("rows_in_file", "header_rows", "blank_rows", "total_rows", "accepted", "quarantined"):
        assert found[count] == taken.total(count), count
    told: dict[int, set[str]] = {}
    for reason in found["reasons"]:
        told.setdefault(reason["row"], set()).add(reason["rule"])
    assert told == d.rules(home, MONTH, "medical")


def test_a_file_that_is_right_is_accepted_whole(check: Check, tmp_path: Path) -> None:
    rows = [[*d.MEDICAL_HEADER, "备用"], [*d.settlement("J1", RIGHT), ""], [*d.settlement("J2", OTHER), ""]]
    status, found = check(written(tmp_path, rows))
    assert (status, found["accepted"], found["quarantined"], found["reasons"]) == (0, 2, 0, [])
    assert found["unknown_columns"] == ["备用"]


def test_a_doubt_is_counted_and_lets_the_row_through(check: Check, tmp_path: Path) -> None:
    """Born in 1890: 131 years old in 2021, over the 120 of policy/plausibility.yaml."""
    status, found = check(written(tmp_path, [d.MEDICAL_HEADER, d.settlement("J1", d.id_number(3, born="18900101"))]))
    assert (status, found["accepted"], found["warnings"]) == (0, 1, 1)
    assert [(r["rule"], r["level"]) for r in found["reasons"]] == [("id_number_age", "警告")]


def test_duplicates_are_found_by_person_across_spellings(check: Check, tmp_path: Path) -> None:
    """A key is compared as it is read: full-width digits are the same number."""
    wide = RIGHT.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"})
    rows = [["姓名", "证件号码", "死亡日期"], ["甲", RIGHT, "2021-10-03"], ["甲", wide, "2021-10-03"]]
    status, found = check(written(tmp_path, rows), "death")
    assert (status, found["accepted"], found["quarantined"]) == (1, 1, 1)
    assert [r["rule"] for r in found["reasons"]] == ["duplicate_key"]


def broken(folder: Path) -> dict[str, tuple[Path, str, str]]:
    """What is refused whole: name -> (path, rule, a part of the message)."""
    (folder / "文件夹").mkdir()
    medical = written(folder, [d.MEDICAL_HEADER, d.settlement("J1", RIGHT)], "好.csv")
    (folder / "链接.csv").symlink_to(medical)
    (folder / "空.csv").write_bytes(b"")
    (folder / "垃圾.xls").write_bytes(bytes(range(256)) * 8)
    (folder / "假.xlsx").write_bytes(b"<html><table><tr><td>1</td></tr></table></html>")
    (folder / "坏编码.csv").write_bytes(",".join(d.MEDICAL_HEADER).encode() + b"\n\xff\xfe\xfd\n")
    with zipfile.ZipFile(folder / "两份.zip", "w") as file:
        file.writestr("a.csv", medical.read_bytes())
        file.writestr("b.csv", medical.read_bytes())
    lacking = [header for header in d.MEDICAL_HEADER if header != "总费用"]
    return {
        "missing": (folder / "没有.csv", "not_found", "没有这个文件"),
        "folder": (folder / "文件夹", "not_a_file", "是文件夹"),
        "below a file": (medical / "x.csv", "not_found", "没有这个文件"),
        "link": (folder / "链接.csv", "not_a_file", "不要用链接"),
        "empty": (folder / "空.csv", "empty_file", "0 字节"),
        "garbage": (folder / "垃圾.xls", "unsupported_content", "另存为"),
        "html as xlsx": (folder / "假.xlsx", "unsupported_content", "网页"),
        "no encoding": (folder / "坏编码.csv", "encoding", "UTF-8"),
        "two in a zip": (folder / "两份.zip", "several_files", "2 份文件"),
        "no header": (written(folder, [["一", "二"], ["1", "2"]], "无表头.csv"), "no_header", "找不到"),
        "a column missing": (written(folder, [lacking, lacking], "缺列.csv"), "missing_column", "总费用"),
    }


@pytest.mark.parametrize(
    "name",
    [
        *("missing", "folder", "below a file", "link", "empty", "garbage", "html as xlsx", "no encoding"),
        *("two in a zip", "no header", "a column missing"),
    ],
)
def test_what_cannot_be_read_is_refused_whole(name: str, check: Check, tmp_path: Path) -> None:
    path, rule, part = broken(tmp_path)[name]
    status, found = check(path)
    assert status == 2
    assert list(found) == KEYS
    assert found["rejected"]["rule"] == rule
    assert part in found["rejected"]["message"]
    assert (found["rows_in_file"], found["accepted"], found["quarantined"], found["reasons"]) == (0, 0, 0, [])


def test_a_name_of_any_bytes_can_be_told(check: Check, tmp_path: Path) -> None:
    path = tmp_path / b"\xff\xfe.csv".decode("utf-8", "surrogateescape")
    status, found = check(path)
    assert (status, found["rejected"]["rule"]) == (2, "not_found")
    written(tmp_path, [d.MEDICAL_HEADER, d.settlement("J1", RIGHT)], path.name)
    assert check(path)[0] == 0


def test_the_only_file_of_a_zip_is_looked_at(check: Check, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "一份.zip", "w") as file:
        file.write(written(tmp_path, DIRTY), "甲.csv")
    status, found = check(tmp_path / "一份.zip")
    assert (status, found["accepted"], found["quarantined"]) == (1, 1, 3)
    (tmp_path / "一份.zip").rename(tmp_path / "2021年9月.zip")
    status, found = check(tmp_path / "2021年9月.zip")
    assert (status, found["rejected"]["rule"]) == (2, "wrong_month")
    assert "压缩包的名称写明是2021年9月" in found["rejected"]["message"]


def test_a_file_of_another_feed_of_the_department_is_named(check: Check, tmp_path: Path) -> None:
    """A death list with the column that moves have besides: it would be taken in as moves."""
    move = FEEDS["move"]
    headers = [column.header for column in move.columns] + ["死亡日期"]
    status, found = check(written(tmp_path, [headers, [""] * len(headers)]), "death")
    assert (status, found["rejected"]["rule"]) == (2, "another_feed")
    assert move.title in found["rejected"]["message"]


def test_nothing_personal_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The numbers are masked, in the report as in JSON; names and free text are cut to their first character."""
    rows = [*DIRTY, d.settlement("J4", RIGHT, 医疗类别="测试甲乙丙", 总费用=OTHER)]
    path = written(tmp_path, rows)
    for more in ([], ["--json"]):
        assert called(monkeypatch, tmp_path / "home", "check", str(path), "--feed", "medical", "-m", MONTH, *more) == 1
        said = "".join(capsys.readouterr())
        assert not any(secret in said for secret in (RIGHT, WRONG, OTHER, RIGHT[6:14], "测试甲"))
    assert f"{WRONG[:6]}********{WRONG[-4:]}" in report(
        path, FEEDS["medical"], inspect(path, FEEDS["medical"], MONTH, load(CHECKOUT / "policy"))
    )


def test_people_read_the_fates_the_reasons_and_what_to_do(tmp_path: Path) -> None:
    rows = [d.MEDICAL_HEADER, *(d.settlement(f"J{n}", WRONG) for n in range(LISTED + 5)), d.settlement("K", "")]
    rows += [d.settlement(number, RIGHT) for number in ("L", "M", "L", "M")]
    path = written(tmp_path, rows)
    said = report(path, FEEDS["medical"], inspect(path, FEEDS["medical"], MONTH, load(CHECKOUT / "policy")))
    assert f"结论：{LISTED + 8} 行会被退回，其余 2 行可以接收" in said
    assert f"证件号码：校验位不符；请核对证件原件（id_number_check）：{LISTED + 5} 行" in said
    assert "与本批中另一行重复；请只保留一行（duplicate_key）：2 行" in said
    assert "……另有 5 行" in said
    assert said.count("    第") == LISTED
    assert said.index("id_number_check") < said.index("missing_value")
    assert "没有检查的：人员和户是否在身份库中" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("check x --feed medicl", "错误：没有名为 medicl 的数据。是不是 medical？"),
        ("check x", "错误：缺少选项 --feed 或 -f"),
        ("check --feed medical", "错误：缺少文件"),
        ("check x --feed medical -m 2021-13", "错误：选项 --month 的值不对：月份应写作 YYYY-MM"),
    ],
)
def test_a_mistaken_command_line_ends_with_2(
    arguments: str,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert called(monkeypatch, tmp_path / "home", *arguments.split()) == 2
    assert capsys.readouterr().err.startswith(message)


def test_the_month_that_is_assumed(tmp_path: Path) -> None:
    """That of the folder the file lies in; else the newest of the inbox; else the month before today's."""
    anywhere, delivered = tmp_path / "x.csv", tmp_path / "2021-10" / "医保局" / "x.csv"
    assert assumed_month(delivered, tmp_path, "2022-01") == ("2021-10", True)
    assert assumed_month(anywhere, tmp_path, "2022-01") == ("2021-12", False)
    for folder in ("2021-10", "2021-11", "备份"):
        (tmp_path / "inbox" / folder).mkdir(parents=True)
    assert assumed_month(anywhere, tmp_path, "2022-01") == ("2021-11", False)


@pytest.mark.parametrize(
    ("folder", "name", "title", "month"),
    [
        ("2021-10", "表.csv", None, "2021-10"),
        ("", "表_202110.csv", None, "2021-10"),
        ("", "表_20211110.csv", None, "2021-10"),
        ("", "表_20211111.csv", None, "2021-11"),
        ("", "表.csv", "2021年10月医保结算明细", "2021-10"),
        ("2021-11", "表_202110.csv", None, None),
    ],
)
def test_the_month_assumed_is_said(
    folder: str,
    name: str,
    title: str | None,
    month: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The folder's; else what the file says of itself. In a folder of another month it is refused, as by intake."""
    (tmp_path / folder).mkdir(exist_ok=True)
    titles = [] if title is None else [[title, *[""] * (len(d.MEDICAL_HEADER) - 1)]]
    path = written(tmp_path / folder, [*titles, d.MEDICAL_HEADER, d.settlement("J1", RIGHT)], name)
    status = called(monkeypatch, tmp_path / "home", "check", str(path), "--feed", "medical", "--json")
    said = capsys.readouterr()
    found = json.loads(said.out)
    if month is None:
        assert (status, found["rejected"]["rule"]) == (2, "wrong_month")
    else:
        assert said.err == f"没有给出月份，按 {month} 检查；要按别的月份检查，请用 --month。\n"
        assert (status, found["accepted"]) == (0, 1)


def test_a_return_list_that_comes_back_is_looked_at(check: Check, tmp_path: Path) -> None:
    """As it was sent its rows are refused again; corrected, they are accepted."""
    home = tmp_path / "home"
    d.deliver_people(home, MONTH, [d.person(RIGHT)])
    rows = [d.MEDICAL_HEADER, d.settlement("J1", RIGHT), d.settlement("J2", RIGHT, 总费用="一千")]
    d.write_csv(home, MONTH, "medical", rows)
    d.take_in_all(home, MONTH, "household_list", "person_list", "medical")
    (name,) = return_list.write(home, MONTH)
    (path,) = home.rglob(name)
    status, found = check(path)
    assert (status, found["accepted"], found["quarantined"], found["unknown_columns"]) == (1, 0, 1, [])
    assert [(r["column"], r["rule"]) for r in found["reasons"]] == [("总费用", "not_money")]
    assert check(path, "death")[1]["rejected"]["rule"] == "another_feed"
    assert check(path, month="2021-11")[1]["rejected"]["rule"] == "wrong_month"

    book = openpyxl.load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "一千":
                    cell.value = 1000
    book.save(path)
    status, found = check(path)
    assert (status, found["accepted"], found["quarantined"]) == (0, 1, 0)

    del book["填报信息"]
    book.save(path)
    assert check(path)[1]["rejected"]["rule"] == "damaged_return_list"


def test_the_names_a_sender_gave_are_shown_without_numbers_and_control_characters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the file, its worksheets and its unknown columns; accepted, with reasons, and refused."""
    phone, steer = "13800138000", "\u202e\x1b[31m"
    book = openpyxl.Workbook()
    for number, title in ((RIGHT, RIGHT), (OTHER, f"{phone}\u202e")):
        sheet = book.create_sheet(title)
        sheet.append([*d.MEDICAL_HEADER, f"号{OTHER}", f"备注\u200b{phone}"])
        sheet.append(d.settlement(f"J{number[-4:]}", number, 总费用="一千"))
    del book["Sheet"]
    path = tmp_path / f"{RIGHT}甲{phone}{steer}.xlsx"
    book.save(path)
    lacking = tmp_path / f"缺列{steer}{OTHER}.csv"
    lacking.write_text(f"结算单号{OTHER},证件号码,备注\x1b\nJ1,{RIGHT},x\n", encoding="utf-8")
    for each, status in ((path, 1), (lacking, 2), (tmp_path / f"没有{steer}{OTHER}.csv", 2)):
        for more in ([], ["--json"]):
            arguments = ("check", str(each), "--feed", "medical", "-m", MONTH, *more)
            assert called(monkeypatch, tmp_path / "home", *arguments) == status
            said = "".join(capsys.readouterr())
            assert not any(secret in said for secret in (RIGHT, OTHER, phone, "\u202e", "\u200b", "\x1b", "\\u001b"))
    found = inspect(path, FEEDS["medical"], MONTH, load(CHECKOUT / "policy"))
    masked = f"{RIGHT[:6]}********{RIGHT[-4:]}"
    assert found.sheet == f"{masked}、138********□"
    assert found.unknown_columns == (f"号{OTHER[:6]}********{OTHER[-4:]}", "备注□138********")
    assert [reason.sheet for reason in found.reasons] == [masked, "138********□"]
    assert report(path, FEEDS["medical"], found).startswith(f"{masked}甲138********□□[31m.xlsx：")


def test_a_unit_in_the_name_of_the_file_is_not_passed_over(check: Check, tmp_path: Path) -> None:
    rows = [d.MEDICAL_HEADER, d.settlement("J1", RIGHT)]
    status, found = check(written(tmp_path, rows, "明细（单位：万元）.csv"))
    assert (status, found["rejected"]["rule"]) == (2, "unit_unclear")
    assert found["rejected"]["message"].startswith("文件名「明细（单位：万元）.csv」写着金额单位，没有写明「总费用」")
    assert check(written(tmp_path, rows, "明细（单位：元）.csv"))[0] == 0


def test_columns_and_rows_that_are_not_read_are_told(check: Check, tmp_path: Path) -> None:
    """A column without a name that begins in row 48, an example, and a column of amounts in 万元."""
    head = [*d.MEDICAL_HEADER[:5], "总费用（万元）", *(f"{name}（元）" for name in d.MEDICAL_HEADER[6:]), ""]
    rows = [[*d.settlement(f"J{n}", RIGHT, 总费用="0.1"), ""] for n in range(45)]
    wrong = [*d.settlement("J45", RIGHT, 总费用="一千"), "另有"]
    example = ["示例：", *d.settlement("J46", RIGHT)[1:], ""]
    status, found = check(written(tmp_path, [head, example, *rows, wrong]))
    assert (status, found["accepted"], found["total_rows"]) == (1, 45, 1)
    assert found["unknown_columns"] == ["第11列（无列名）"]
    assert found["remarks"] == [
        "没有读取的列（约定中没有）：第11列（无列名）",
        "按万元读取、换算为元的列：总费用",
        "没有读取的行（合计、注释和示例）：第2行（示例）",
    ]
    assert [r["message"] for r in found["reasons"]] == ["总费用：不是金额；请只填数字（万元），不要填文字"]


def test_a_number_in_free_text_is_a_warning(check: Check, tmp_path: Path) -> None:
    header = ["姓名", "证件号码", "救助月份", "救助原因", "救助金额"]
    rows = [header, ["甲", RIGHT, "202110", f"张三 {OTHER} 13800138000", "500"], ["乙", OTHER, "202110", "因病", "500"]]
    status, found = check(written(tmp_path, rows), "temporary_relief")
    assert (status, found["accepted"], found["warnings"]) == (0, 2, 1)
    assert [(r["row"], r["column"], r["rule"], r["level"]) for r in found["reasons"]] == [
        (2, "救助原因", "personal_in_text", "警告")
    ]
