"""The packs as a Dagster asset with config: plan and draw; the general packs only, since a passphrase is no config.

Does not belong here: what is written (research_packs.py).
"""

from __future__ import annotations

import dagster as dg

from assets.build import MONTHS, OWNERS
from pipelines.jobs import DRAW, RESEARCH
from pipelines.research_assets import PLAN, named, nothing_done


@dg.asset(
    key_prefix=RESEARCH,
    group_name=RESEARCH,
    owners=list(OWNERS),
    deps=[DRAW],
    kinds={"duckdb", "excel"},
    partitions_def=MONTHS,
    required_resource_keys={"warehouse"},
    config_schema={
        **PLAN,
        "draw": dg.Field(int, is_required=False, description="第几次抽样；不写则为最近一次"),
    },
    description="调研资料包：一次抽样的方案附件、抽样说明、名单、村情和访谈提纲、核查表、电子表单，写入该次抽样的 "
    "packs/。不含个人信息；加密的实地资料包用 fangpin research packs --field-key 生成。",
)
def packs(context) -> dg.MaterializeResult:  # type: ignore[no-untyped-def, type-arg]
    from pipelines import research_packs

    home, asked = context.resources.warehouse.folder, context.op_config
    if "plan" not in asked:
        return nothing_done(context)
    with named():
        done = research_packs.make(home, asked["plan"], asked.get("draw"), None, context.log.info)
    told = {name: value for name, value in done.items() if value is not None and name != "folder"}
    return dg.MaterializeResult(metadata={**told, "folder": dg.MetadataValue.path(done["folder"])})
