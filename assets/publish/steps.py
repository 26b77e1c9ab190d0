"""Publication as Dagster assets: the copy, the workbooks, the site, the release.

Each can be run again alone: what it needs of the version under construction is made when it is missing. Does not belong
here: what a step does (bundle.py, edition.py, release.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import dagster as dg

from assets.build import MONTHS, OWNERS, asset_key, calendar_value
from assets.publish import bundle as bundles
from assets.publish import edition as editions
from assets.publish.release import release as put_in_force
from checks.catalogue import contracts

PREVIOUS = ("prev.mart.place_month", "prev.mart.feed_quality")
"""What is compared with last month; the dependency on it runs through the tables that read it."""
GROUP = "publish"


def publish_assets(trace: editions.TraceColumns) -> list[dg.AssetsDefinition]:
    """The four assets of publication. trace: finds the sources of every column of every model, for the lineage page."""
    common: dict[str, Any] = {
        "key_prefix": GROUP,
        "group_name": GROUP,
        "partitions_def": MONTHS,
        "owners": list(OWNERS),
        "required_resource_keys": {"warehouse"},
    }

    @dg.asset(
        **common,
        deps=[dg.AssetDep(asset_key(name)) for name in contracts()],
        kinds={"duckdb", "parquet"},
        description="只读副本：本月全部表的 DuckDB 文件，每张成果表的 Parquet 文件。",
    )
    def bundle(context) -> dg.MaterializeResult:  # type: ignore[no-untyped-def, type-arg]
        with context.resources.warehouse.open(context.partition_key, inputs=PREVIOUS) as build:
            folder = bundles.bundle(build)
        return dg.MaterializeResult(metadata={"version": bundles.version_of(folder), "tables": len(contracts())})

    @dg.asset(
        **common,
        deps=[bundle],
        kinds={"xlsx"},
        description="工作簿：监测对象汇总表、县村排名、调研抽样名单、部门数据质量评分、专题调研数据包、监测标准测算、刚性支出口径比较、"
        "监测对象范围测算、家庭资产清单测算、风险消除口径比较，各附编制说明。",
    )
    def workbooks(context) -> dg.MaterializeResult:  # type: ignore[no-untyped-def, type-arg]
        with context.resources.warehouse.open(context.partition_key, inputs=PREVIOUS) as build:
            folder = editions.workbooks(build)
        return dg.MaterializeResult(metadata={"files": _count(folder)})

    @dg.asset(
        **common,
        deps=[bundle],
        kinds={"html"},
        description="静态网站：首页、县村排名、每县一页、异常线索、专题、数据质量、政策与口径、数据血缘。",
    )
    def site(context) -> dg.MaterializeResult:  # type: ignore[no-untyped-def, type-arg]
        with context.resources.warehouse.open(context.partition_key, inputs=PREVIOUS) as build:
            folder = editions.site(build, trace)
        return dg.MaterializeResult(metadata={"files": _count(folder)})

    @dg.asset(
        **common,
        deps=[bundle, workbooks, site],
        kinds={"greatexpectations"},
        description="发布：复核检查结果与生成次序，判断发布预期，切换现行版本。内容不变时不产生新版本。",
        freshness_policy=dg.FreshnessPolicy.cron(
            deadline_cron=f"59 23 {calendar_value('publish_by_day')} * *",
            lower_bound_delta=dt.timedelta(days=calendar_value("publish_by_day") - 1),
            timezone="Asia/Shanghai",
        ),
    )
    def release(context) -> dg.MaterializeResult:  # type: ignore[no-untyped-def, type-arg]
        with context.resources.warehouse.open(context.partition_key, inputs=PREVIOUS) as build:
            done = put_in_force(build, trace)
        return dg.MaterializeResult(
            metadata={"version": done.version, "new": done.created, "folder": dg.MetadataValue.path(str(done.folder))}
        )

    return [bundle, workbooks, site, release]


def _count(folder: Any) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))
