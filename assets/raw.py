"""The raw assets: what was delivered, one asset for each feed of checks/raw/, and what goes back to departments.

`raw/delivery` looks at the month's inbox, `raw/<feed>` takes its files in, `raw/returned` writes the lists of problems.
Households are known before persons, persons before the feeds that only speak of them.
Does not belong here: how a batch is taken in (assets/batch.py).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

import dagster as dg

from assets import arrivals, ledger
from assets.batch import IntakeResult, take_in
from assets.build import MONTHS, OWNERS, Build, asset_key, record_build, record_check
from assets.delivery import scan_delivery
from assets.fetching import fetch
from assets.judging import unaccounted
from assets.lake import files_in_force, parquet, raw_view_sql
from assets.publish import history
from checks.feed import INCREMENT, FeedContract
from checks.raw import FEEDS
from checks.table import Audit
from fangpin.month import shift

__all__ = ["ASSETS", "raw_view_sql"]

RECONCILED = Audit(
    "rows_reconcile", "每份文件：总行数＝表头行＋空行＋合计行＋接收行＋退回行＋被补正替代行；入库行数＝接收行数", ""
)
_CREATED = ("household", "person")


@dg.asset(
    key=asset_key("raw.delivery"),
    partitions_def=MONTHS,
    group_name="raw",
    kinds={"file"},
    owners=list(OWNERS),
    description="本月报送：收件目录中的每份文件归到唯一的数据和地区；必报数据缺报、无法归类、互相矛盾时使本月停止。",
    required_resource_keys={"warehouse"},
)
def delivery(context) -> dg.MaterializeResult:  # type: ignore[no-untyped-def, type-arg]
    """What departments delivered this month; after the month before, because keys are given in the order of months."""
    month, warehouse = context.partition_key, context.resources.warehouse
    with warehouse.open(month, inputs=("prev.raw.delivery",)) as build:
        fetch(build.home, month, report=context.log.info)
        content = arrivals.fingerprint(build.home, month, history.reference(build.home, shift(month, -1)))
        with ledger.open_ledger(build.home) as con:
            ledger.record_attempt(con, month, content)
        files = scan_delivery(warehouse.folder, month)
        version = _version(f"{file.feed}/{file.place}/{file.sha256}" for file in files)
        record_build(build, "raw.delivery", (), version, len(files))
    delivered = {file.feed for file in files}
    missing = "、".join(f"{c.source}《{c.title}》" for n, c in FEEDS.items() if c.expected and n not in delivered)
    by_source = Counter(file.source for file in files)
    megabytes = round(sum(file.size for file in files) / 1e6, 1)
    return dg.MaterializeResult(
        metadata={
            "files": len(files),
            "megabytes": megabytes,
            "not_delivered": missing or "无",
            **dict(sorted(by_source.items())),
        }
    )


def feed_asset(contract: FeedContract) -> dg.AssetsDefinition:
    """The asset that takes in one feed."""
    name = f"raw.{contract.name}"
    kind = (
        f"增量（近{contract.window_months}个月的报送有效）"
        if contract.delivery == INCREMENT
        else "快照（当月报送有效）"
    )

    @dg.asset(
        key=asset_key(name),
        deps=[asset_key("raw.delivery"), *(asset_key(f"raw.{feed}") for feed in known_before(contract))],
        partitions_def=MONTHS,
        group_name="raw",
        kinds={"parquet", "pandera"},
        owners=list(OWNERS),
        description=f"{contract.title}（{contract.source}）。{contract.grain}{kind}",
        code_version=contract.fingerprint[:16],
        check_specs=[
            dg.AssetCheckSpec(RECONCILED.name, asset=asset_key(name), blocking=True, description=RECONCILED.description)
        ],
        metadata={"dagster/column_schema": _column_schema(contract)},
        required_resource_keys={"warehouse"},
    )
    def take_in_feed(context) -> Iterator[dg.MaterializeResult]:  # type: ignore[no-untyped-def, type-arg]
        month, warehouse = context.partition_key, context.resources.warehouse
        with warehouse.open(month) as build:
            result = take_in(build.home, month, contract, context.log.info)
            rows, check = _record(build, contract, result)
        counts = ("rows_in_file", "accepted", "quarantined", "matched", "unmatched")
        metadata = {"dagster/row_count": rows, "files": len(result.files), "taken_in_now": result.new}
        yield dg.MaterializeResult(
            metadata=metadata | {count: result.total(count) for count in counts}, check_results=[check]
        )

    return take_in_feed


def known_before(contract: FeedContract) -> list[str]:
    """The feeds to be taken in before this one, so that whom it speaks of is known: household lists, then persons."""
    creators = sorted((c for c in FEEDS.values() if c.creates), key=lambda c: (_CREATED.index(c.creates or ""), c.name))
    names = [c.name for c in creators]
    return names[: names.index(contract.name)] if contract.creates else names


def _record(build: Build, contract: FeedContract, result: IntakeResult) -> tuple[int, dg.AssetCheckResult]:
    """Note the rows now in force as the feed's build, and whether every file's rows are accounted for."""
    name = f"raw.{contract.name}"
    files = files_in_force(build.home, build.month, contract)
    rows = sum(file.accepted for file in files)
    build_id = record_build(build, name, (), _version(file.lake_path for file in files), rows)
    wrong = sum(unaccounted(file) > 0 for file in result.files)
    for file in result.files:
        stored = build.con.sql(f"select count(*) from {parquet([build.home / file.lake_path])}").fetchall()[0][0]
        wrong += stored != file.accepted
    build.con.execute("delete from meta.check_result where table_name = ?", [name])
    return rows, record_check(build.con, name, build_id, RECONCILED, wrong, {})


def _version(parts: Iterator[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _column_schema(contract: FeedContract) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[dg.TableColumn(name=n, type=kind, description=text) for n, kind, text in contract.lake_columns]
    )


@dg.asset(
    key=asset_key("raw.returned"),
    deps=[asset_key(f"raw.{feed}") for feed in FEEDS],
    partitions_def=MONTHS,
    group_name="raw",
    kinds={"excel"},
    owners=list(OWNERS),
    description="退回问题清单：每个部门一份工作簿，列出退回和存疑的行，改正后原样放回收件目录即可。"
    "含个人信息，只放在 vault/returned/ 下。",
    required_resource_keys={"warehouse"},
)
def returned(context) -> dg.MaterializeResult:  # type: ignore[no-untyped-def, type-arg]
    """The lists of problems that go back to the departments of the month."""
    from assets import return_list

    written = return_list.write(context.resources.warehouse.folder, context.partition_key)
    context.log.info(f"退回问题清单 {len(written)} 份，共 {sum(written.values()):,} 行")
    return dg.MaterializeResult(metadata={"files": len(written), "rows": sum(written.values()), **written})


ASSETS = [delivery, *(feed_asset(contract) for contract in FEEDS.values()), returned]
