"""The one code location: every asset, check, job, schedule and resource. Importing it reads sql/ and policy/ only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg

import assets.mart
import assets.raw
import assets.ref
from assets.publish.steps import publish_assets
from pipelines import research_assets, research_packs_asset, whatif_asset
from pipelines.home import CHECKOUT
from pipelines.jobs import JOBS, PROGRESS
from pipelines.models import model_assets, trace_models
from pipelines.schedules import SCHEDULES
from pipelines.sensors import SENSORS
from pipelines.warehouse import Warehouse


def build_defs(resources: Mapping[str, Any] | None = None) -> dg.Definitions:
    """The only assembly: production, tests and notebooks differ in their resources."""
    return dg.Definitions(
        assets=[
            *assets.raw.ASSETS,
            *dg.load_assets_from_package_module(assets.ref),
            *model_assets(CHECKOUT / "sql"),
            *dg.load_assets_from_package_module(assets.mart),
            *publish_assets(lambda: trace_models(CHECKOUT / "sql")),
            whatif_asset.scenario,
            research_assets.research_frame,
            research_assets.research_draw_asset,
            research_packs_asset.packs,
        ],
        jobs=JOBS,
        schedules=SCHEDULES,
        sensors=SENSORS,
        resources={"warehouse": Warehouse(), **(resources or {})},
        executor=dg.in_process_executor,
        loggers={"console": PROGRESS},
    )


defs = build_defs()
