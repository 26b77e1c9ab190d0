"""The official draw as Dagster assets with config: the frame is frozen, the draw made or verified, its audit shown.

Outside the monthly job; without a plan in their config, as when everything on the asset graph is run, they do nothing.
Lineage runs from a drawn village over the rankings to the feeds. Counts and hashes only.
Does not belong here: what is done (research_draw.py), packs (research_packs_asset.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import dagster as dg

from assets.build import MONTHS, OWNERS, asset_key
from assets.research import LISTED, RANKINGS
from fangpin.errors import FangpinError
from pipelines.jobs import DRAW, FRAME

PLAN = {
    "plan": dg.Field(
        str, is_required=False, description="调研方案：policy/research/ 中的文件名，不带 .yaml；不写则什么也不做"
    )
}
NO_PLAN = "配置中没有写明方案（plan），什么也没有做。"
BLANKS = {
    "nonce_sha256": "保密串的校验值",
    "public_value": "公布值用哪一天的哪个公开数字",
    "public_value_form": "公布值的写法：一个样例，如 3563.89",
    "first_day": "调研开始日期 YYYY-MM-DD",
    "last_day": "调研结束日期 YYYY-MM-DD",
}

REVEALED = {"public_value": "公开数字的实际结果；不给则复核最近一次抽样", "nonce": "保密串（这时起公开）"}


def _optional(words: Mapping[str, str]) -> dict[str, dg.Field]:
    return {name: dg.Field(str, is_required=False, description=text) for name, text in words.items()}


@dg.asset(
    key=FRAME,
    group_name=FRAME.path[0],
    owners=list(OWNERS),
    deps=[asset_key(name) for name in (*RANKINGS, *LISTED)] + [dg.AssetKey(["publish", "release"])],
    kinds={"duckdb"},
    partitions_def=MONTHS,
    required_resource_keys={"warehouse"},
    config_schema={
        **PLAN,
        **_optional({n: f"{text}（方案空着时给）" for n, text in BLANKS.items()}),
        **_optional({"reason": "为什么重新冻结；记入台账"}),
    },
    description="冻结抽样名册：按已发布的排名列出可抽的县和村及其农户名单的校验值，存入 research/<方案>/frame/，"
    "校验值随后公布。名册没有变化的，什么也不改。",
)
def research_frame(context) -> dg.MaterializeResult:  # type: ignore[no-untyped-def, type-arg]
    from pipelines import research_draw

    asked = context.op_config
    if "plan" not in asked:
        return nothing_done(context)
    decided = {name: asked.get(name) for name in BLANKS}
    with named():
        done = research_draw.freeze(
            context.resources.warehouse.folder,
            asked["plan"],
            context.partition_key,
            decided,
            asked.get("reason", ""),
            context.log.info,
        )
    return dg.MaterializeResult(
        metadata=_metadata(done, ("frame_sha256", "plan_sha256", "nonce_sha256", "public_value"))
    )


@dg.asset(
    key=DRAW,
    group_name=DRAW.path[0],
    owners=list(OWNERS),
    deps=[FRAME],
    kinds={"duckdb"},
    partitions_def=MONTHS,
    required_resource_keys={"warehouse"},
    config_schema={
        **PLAN,
        **_optional(REVEALED),
        **_optional({"reason": "为什么重抽；记入台账"}),
    },
    description="正式抽样：种子由名册校验值、公布值和保密串算得；抽完即按抽样档案重算复核。"
    "不给公布值和保密串的，只复核最近一次抽样。校验值和数量在元数据里，名单在 research/<方案>/draw-NNN/。",
)
def research_draw_asset(context) -> dg.MaterializeResult:  # type: ignore[no-untyped-def, type-arg]
    from pipelines import research_draw

    home, asked = context.resources.warehouse.folder, context.op_config
    if "plan" not in asked:
        return nothing_done(context)
    given = [name for name in REVEALED if asked.get(name)]
    with named():
        if len(given) == 1:
            raise FangpinError(
                f"只给出了 {given[0]}：抽样要 {'、'.join(REVEALED)} 两项；只复核最近一次抽样的，两项都不写。"
            )
        if given:
            research_draw.make(
                home, asked["plan"], asked["public_value"], asked["nonce"], asked.get("reason", ""), context.log.info
            )
        told, found = research_draw.verify_drawn(home, asked["plan"], None)
        if told["month"] != context.partition_key:
            raise FangpinError(
                f"最近一次抽样依据的是 {told['month']}，不是 {context.partition_key}：请先冻结该月的名册再抽。"
            )
        if wrong := [f"{each.what}：{each.told}" for each in found if not each.holds]:
            raise FangpinError(f"抽样复核不通过。{'；'.join(wrong)}")
    return dg.MaterializeResult(metadata=_metadata(told, ("frame_sha256", "seed", "sha256", "draw")))


def nothing_done(context: dg.AssetExecutionContext) -> dg.MaterializeResult:  # type: ignore[type-arg]
    context.log.info(NO_PLAN)
    return dg.MaterializeResult(metadata={"done": NO_PLAN})


@contextmanager
def named() -> Iterator[None]:
    """A named failure fails the step with its message alone."""
    try:
        yield
    except FangpinError as error:
        raise dg.Failure(description=str(error)) from error


def _metadata(done: Mapping[str, Any], shown: tuple[str, ...]) -> dict[str, Any]:
    """Counts and hashes of what was done."""
    told = {name: done[name] for name in ("plan", "month", "version", *shown)}
    return {**told, **{f"count_{name}": number for name, number in done["counts"].items()}}
