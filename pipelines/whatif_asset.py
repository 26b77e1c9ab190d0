"""What-if as a Dagster asset with config: a scenario on a published month, its answers kept under `whatif/`.

`whatif/<month>/<scenario>/{line,rigid,policy}.json`: the same answers as `fangpin whatif ... --json`. It is no part of
the monthly job and changes no published version. Does not belong here: any figure (whatif.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import dagster as dg

from assets.build import MONTHS, OWNERS, POLICY_FOLDER
from fangpin.errors import FangpinError
from fangpin.policy import SCENARIOS
from pipelines import whatif
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
    path = name and POLICY_FOLDER / SCENARIOS / f"{name}.yaml"
    try:
        answers = _answers(home, month, path or None, context.log.info)
    except FangpinError as error:
        raise dg.Failure(description=str(error)) from error
    folder = home / WHATIF / month / (name or CURRENT)
    folder.mkdir(parents=True, exist_ok=True)
    for question, answer in answers.items():
        (folder / f"{question}.json").write_text(json.dumps(answer, ensure_ascii=False, indent=2), encoding="utf-8")
    told = answers["rigid"]
    return dg.MaterializeResult(
        metadata={
            "scenario": told["title"],
            "version": told["version"],
            "policy_version": told["policy_version"],
            "scenario_sha256": told["scenario_sha256"] or "",
            "files": len(answers),
            "folder": dg.MetadataValue.path(str(folder)),
        }
    )


def _answers(home: Path, month: str, path: Path | None, say: whatif.Say) -> dict[str, dict[str, Any]]:
    """The answers to every question that the scenario is about: one that moves no line is none about the line.

    Without a scenario, as when everything on the asset graph is run, what holds under the policy in force.
    """
    found = {"rigid": whatif.rigid(home, month, path, say)}
    if path is not None:
        found["policy"] = whatif.policy(home, month, path, say)[0]
    if path is None or whatif.moves_line(path):
        found["line"] = whatif.line(home, month, path, say)
    return found
