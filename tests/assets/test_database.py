"""What a declared database source may say, and how a wrong one is told: all at once, never with a password."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path

import dagster as dg
import pytest
import yaml

from assets.database import SourceError, declared
from assets.fetching import fetch
from checks.raw import FEEDS
from pipelines.sensors import asked
from tests.conftest import CHECKOUT
from tests.department import declare

MONTH = "2021-10"
CANARY = "canary-Wq7-mima"
HOUSING = """
feed: housing
url: postgresql+psycopg://reader@10.0.0.5:5432/zhujian
from: 2021-10
query: select household_no, grade, occupied, assessed from housing
"""
MEDICAL = HOUSING.replace("housing", "medical").replace("2021-10\n", "2021-10\nwatermark: {column: id, start: 0}\n")
REGISTER = HOUSING.replace("feed: housing", "feed: register")


def problems(home: Path) -> str:
    with pytest.raises(SourceError) as error:
        declared(home)
    assert CANARY not in str(error.value)
    return str(error.value)


def test_no_declaration_is_no_source(tmp_path: Path) -> None:
    assert declared(tmp_path) == []
    assert fetch(tmp_path, MONTH) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (HOUSING + "quer: x\n", "不认识的键 quer"),
        (HOUSING.replace("feed: housing\n", ""), "缺少 feed"),
        (HOUSING.replace("feed: housing", "feed: huosing"), "没有名为 huosing 的数据"),
        (HOUSING.replace("from: 2021-10", "from: 2021"), "from 应是文字"),
        (HOUSING.replace("from: 2021-10", "from: 2021-13"), "from 应写成带引号的月份"),
        (HOUSING.replace("reader@", f"reader:{CANARY}@"), "url 里不能写密码"),
        (HOUSING.replace("/zhujian", f"/zhujian?password={CANARY}"), "url 里不能写密码"),
        (
            HOUSING.replace("postgresql+psycopg://", f"reader {CANARY} "),
            "不是 SQLAlchemy 的连接地址",
        ),
        (HOUSING.replace(":5432", f":{CANARY}"), "不是 SQLAlchemy 的连接地址"),
        (HOUSING + "password_env: A\npassword_file: b\n", "只能写一个"),
        (HOUSING + "columns: {grade: 等级}\n", "columns 里 grade 对应的列名“等级”不是《住房安全鉴定信息》的列"),
        (HOUSING + "columns: []\n", "columns 应是“键: 值”"),
        (HOUSING + "places: []\n", "places 是空的"),
        (HOUSING.rstrip() + " where m = :moth\n", "query 里的 :moth 没有这个参数"),
        (HOUSING + "places: ['4101']\n", "全省一份，不用 places"),
        (HOUSING + "watermark: {column: id, start: 0}\n", "是全量快照，每月取全部，不用 watermark"),
        (HOUSING.rstrip() + " where id > :watermark\n", "query 用了 :watermark，却没有声明"),
        (REGISTER, "每市一份：请在 places 里列出"),
        (REGISTER + "places: [4101, 1411]\n", "query 里却没有用 :place 区分"),
        (REGISTER + "places: [410100]\n", "places 里的 410100 不是市的四位代码"),
        (MEDICAL, "query 里要用 :next_first_day 限定到月底登记的行"),
        (MEDICAL.replace("start: 0", "start: '0'"), "start 应是整数、日期"),
        (MEDICAL.replace("start: 0", "start: true"), "start 应是整数、日期"),
        (MEDICAL.replace(", start: 0", ""), "watermark 应有 column"),
        ("feed: [1, 2", "第1行不是有效的 YAML"),
        ("- feed", "应写成“键: 值”的形式"),
    ],
)
def test_a_wrong_declaration_is_named(tmp_path: Path, text: str, problem: str) -> None:
    told = problems(declare(tmp_path, zhujian=text))
    assert "zhujian.yaml：" in told
    assert problem in told


def test_all_problems_of_all_files_at_once(tmp_path: Path) -> None:
    told = problems(declare(tmp_path, a=HOUSING + "x: 1\ny: 2\n", b=HOUSING.replace("from: 2021-10\n", "")))
    assert told.startswith("数据库来源的声明有 3 个问题")


def test_a_feed_and_place_is_declared_once(tmp_path: Path) -> None:
    of_place = REGISTER.rstrip() + " where city = :place\n"
    declare(tmp_path, a=of_place + "places: [4101, 1411]\n", b=of_place + "places: [4102]\n")
    assert [(source.file.name, source.places) for source in declared(tmp_path)] == [
        ("a.yaml", ("4101", "1411")),
        ("b.yaml", ("4102",)),
    ]
    declare(tmp_path, c=of_place + "places: ['1411']\n")
    assert "c.yaml：register（地区 1411）在 a.yaml 里已经声明" in problems(tmp_path)


def test_a_password_comes_from_a_variable_or_a_file_of_its_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounded = MEDICAL.rstrip() + " where t < :next_first_day\n"
    declare(tmp_path, a=HOUSING + "password_env: ZHUJIAN\n", b=bounded + "password_file: secret\n")
    variable, file = declared(tmp_path)
    monkeypatch.delenv("ZHUJIAN", raising=False)
    with pytest.raises(SourceError, match="环境变量 ZHUJIAN 没有设置"):
        variable.password()
    monkeypatch.setenv("ZHUJIAN", CANARY)
    assert variable.password() == CANARY
    with pytest.raises(SourceError, match=r"密码文件 .*secret 读不出"):
        file.password()
    secret = tmp_path / "sources" / "secret"
    secret.write_text(CANARY + "\n")
    secret.chmod(0o644)
    with pytest.raises(SourceError, match="能被其他用户读取"):
        file.password()
    secret.chmod(0o600)
    assert file.password() == CANARY
    assert CANARY not in repr(file) + repr(variable)


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("oracle+oracledb://reader@h/?service_name=x", "没有安装 oracle+oracledb 的驱动：请安装 oracledb"),
        ("dm+dmPython://reader@h:5236/", "没有安装 dm+dmPython 的驱动：请安装 dmPython 和 dmSQLAlchemy"),
        ("kingbase+ksycopg2://reader@h:54321/x", "请安装 人大金仓提供的 ksycopg2"),
        ("mysql://reader@h/x", "请安装 PyMySQL（mysql+pymysql://）"),
    ],
)
def test_a_driver_that_is_not_installed_is_named(tmp_path: Path, url: str, hint: str) -> None:
    declare(tmp_path, a=HOUSING.replace("postgresql+psycopg://reader@10.0.0.5:5432/zhujian", url))
    with pytest.raises(SourceError, match=re.escape(hint)):
        fetch(tmp_path, MONTH)


def test_mysql_is_asked_through_its_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens there: the driver's own failure, with its number, comes back."""
    monkeypatch.setenv("ZHUJIAN", CANARY)
    text = HOUSING.replace("postgresql+psycopg://reader@10.0.0.5:5432", "mysql+pymysql://reader@127.0.0.1:1")
    declare(tmp_path, a=text + "password_env: ZHUJIAN\n")
    with pytest.raises(SourceError) as error:
        fetch(tmp_path, MONTH)
    assert "数据库 zhujian（127.0.0.1:1，用户 reader）：连不上：主机连不通（OperationalError 2003）" in str(error.value)
    assert CANARY not in str(error.value)


def test_another_dialect_takes_the_same_way(tmp_path: Path) -> None:
    """SQLite, which knows neither days nor booleans: what is text or a number there is text in the csv."""
    with sqlite3.connect(tmp_path / "zhujian.db") as con:
        con.execute("create table housing (household_no, grade, occupied, assessed, plan)")
        rows = [("410122000002", "B级", 1, "202109", None), ("410122000001", "C级", 0, "202110", '维修，加"固"')]
        con.executemany("insert into housing values (?, ?, ?, ?, ?)", rows)
    url = f"sqlite:///{tmp_path / 'zhujian.db'}"
    text = HOUSING.replace("postgresql+psycopg://reader@10.0.0.5:5432/zhujian", url)
    declare(tmp_path, a=text.replace("assessed from", "assessed, plan from").rstrip() + " -- all of them;\n")
    (path,) = fetch(tmp_path, MONTH)
    assert path == tmp_path / "inbox" / MONTH / "住建局" / "housing_数据库.csv"
    assert path.read_text(encoding="utf-8") == (
        "户编号,鉴定等级,是否住人,鉴定月份,处置方案\n"
        '410122000001,C级,0,202110,"维修，加""固"""\n'
        "410122000002,B级,1,202109,\n"
    )


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "zhujian.db") as con:
        con.execute("create table housing (household_no, grade, occupied, assessed)")
    declare(tmp_path, a=HOUSING.replace("postgresql+psycopg://reader@10.0.0.5:5432/", f"sqlite:///{tmp_path}/"))
    (tmp_path / "zhujian").symlink_to(tmp_path / "zhujian.db")
    (tmp_path / "inbox").write_text("not a folder")
    with pytest.raises(SourceError, match=re.escape("housing_数据库.csv（Not a directory）：请核对磁盘")):
        fetch(tmp_path, MONTH)


def test_a_department_whose_feed_is_fetched_is_not_waited_for(tmp_path: Path) -> None:
    """The run that the inbox starts fetches it."""
    for department in {contract.source for contract in FEEDS.values() if contract.mandatory} - {"医保局"}:
        path = tmp_path / "inbox" / MONTH / department / "表.csv"
        path.parent.mkdir(parents=True)
        path.write_text("x")
        os.utime(path, (1_600_000_000, 1_600_000_000))
    assert "还缺 1 个部门的文件：医保局" in str(asked(tmp_path, 60))
    declare(tmp_path, medical=MEDICAL.rstrip() + " where t < :next_first_day\n")
    assert isinstance(asked(tmp_path, 60), dg.RunRequest)


def test_the_declarations_of_the_handbook_are_right(tmp_path: Path) -> None:
    text = (CHECKOUT / "docs" / "operations.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    declare(tmp_path, **{f"example{n}": example for n, example in enumerate(examples)})
    assert [source.contract.name for source in declared(tmp_path)] == [yaml.safe_load(e)["feed"] for e in examples]
    assert len(examples) >= 3
