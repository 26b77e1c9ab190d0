"""A file that says it is of another month than its folder is refused with that sentence."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from assets.delivery import scan_delivery
from checks.raw import FEEDS
from fangpin.errors import DeliveryError
from tests import deliveries as d

MONTH = "2021-10"
HEADER = ["县", "乡", "村", "总户数", "总人口数"]
VILLAGE = [d.COUNTY, d.TOWNSHIP, d.VILLAGE, "312", "1024"]


def scanned(home: Path) -> int:
    return len(scan_delivery(home, MONTH, {"village_info": FEEDS["village_info"]}))


@pytest.mark.parametrize("name", ["行政村信息_20211103.xlsx", "行政村信息202110.xlsx", "（自定义）行政村信息.xlsx"])
def test_exports_of_the_first_days_of_the_next_month_are_taken(tmp_path: Path, name: str) -> None:
    d.write_xlsx(tmp_path, MONTH, "village_info", [["2021年10月行政村信息"], [], HEADER, VILLAGE], name)
    assert scanned(tmp_path) == 1


@pytest.mark.parametrize(
    ("name", "title", "said"),
    [
        ("行政村信息_20211118.xlsx", "行政村信息", "文件名写明是2021年11月18日，与报送月份2021-10不符"),
        ("行政村信息202111.xlsx", "行政村信息", "文件名写明是2021年11月，与报送月份2021-10不符"),
        ("行政村信息.xlsx", "2021年9月行政村信息", "表头上方的标题写明是2021年9月，与报送月份2021-10不符"),
    ],
)
def test_a_file_of_another_month_is_refused(tmp_path: Path, name: str, title: str, said: str) -> None:
    d.write_xlsx(tmp_path, MONTH, "village_info", [[title], [], HEADER, VILLAGE], name)
    with pytest.raises(DeliveryError) as error:
        scanned(tmp_path)
    assert said in str(error.value)


def zipped(home: Path, member: str, name: str) -> None:
    path = d.write_csv(home, MONTH, "village_info", [HEADER, VILLAGE])
    with zipfile.ZipFile(path.with_name(name), "w") as file:
        file.write(path, member)
    path.unlink()


def test_a_zip_of_the_month_is_taken(tmp_path: Path) -> None:
    zipped(tmp_path, "a.csv", "2021年10月.zip")
    assert scanned(tmp_path) == 1


@pytest.mark.parametrize(
    ("member", "name", "said"),
    [
        ("a.csv", "2021年9月.zip", "压缩包的名称写明是2021年9月"),
        ("行政村信息202110.csv", "2021年9月.zip", "压缩包的名称写明是2021年9月"),
        ("行政村信息202109.csv", "2021年10月.zip", "压缩包里的文件名写明是2021年9月"),
    ],
)
def test_a_zip_of_another_month_is_refused(tmp_path: Path, member: str, name: str, said: str) -> None:
    zipped(tmp_path, member, name)
    with pytest.raises(DeliveryError) as error:
        scanned(tmp_path)
    assert said in str(error.value)
