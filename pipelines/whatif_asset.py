"""What-if as a Dagster asset with config: a scenario on a published month, its answers kept under `whatif/`.

`whatif/<month>/<scenario>/{line,rigid,coverage,assets,elimination,policy}.json`: the same answers as
`fangpin whatif ... --json`, those that the scenario is about; beside them every household, lead and rank that changes,
as csv. It is no part of the monthly job and changes no published version. Does not belong here: any figure (whatif.py).
"""

from __future__ import annotations

import json

import dagster as dg

from assets.build import MONTHS, OWNERS, POLICY_FOLDER
from fangpin.errors import FangpinError
from fangpin.policy import SCENARIOS
from pipelines import whatif
from pipelines.changes import write
from pipelines.console import written_to
from pipelines.jobs import WHATIF

CURRENT = "current"
"""Folder of the answers under the policy in force."""


@dg.asset(
    key_prefix=WHATIF,
    group_name=WHATIF,
    partitions_def=MONTHS,
    owners=list(OWNERS),
    deps=[dg.AssetKey(["publish", "release"])],
    kinds={"duckdb"},
    required_resource_keys={"warehouse"},
    config_schema={
        "scenario": dg.Field(
            str, is_required=False, description="policy/scenarios/ 中的情景文件名，不带 .yaml；不写则按现行政策"
        )
    },
    description="情景测算：在已发布的月份上，按 policy/scenarios/ 中的一个情景重算，结果存入 whatif/。"
    "不改变已发布的版本。运行时在配置中写明 scenario（情景文件名，不带 .yaml）。",
)
def scenario(context) -> dg.MaterializeResult:  # type: ignore[no-untyped-def, type-arg]
    home, month = context.resources.warehouse.folder, context.partition_key
    name = context.op_config.get("scenario")
    path = POLICY_FOLDER / SCENARIOS / f"{name}.yaml" if name else None
    folder = home / WHATIF / month / (name or CURRENT)
    try:
        answers, found = whatif.everything(home, month, path, context.log.info)
        with written_to(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for question, answer in answers.items():
                text = json.dumps(answer, ensure_ascii=False, indent=2)
                (folder / f"{question}.json").write_text(text, encoding="utf-8")
        if found is not None:
            write(found, folder)
    except FangpinError as error:
        raise dg.Failure(description=str(error)) from error
    told = answers["rigid"]
    return dg.MaterializeResult(
        metadata={
            "scenario": told["title"],
            "version": told["version"],
            "policy_version": told["policy_version"],
            "scenario_sha256": told["scenario_sha256"] or "",
            "files": len(list(folder.iterdir())),
            "folder": dg.MetadataValue.path(str(folder)),
        }
    )
