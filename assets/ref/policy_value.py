"""ref.policy_value: every dated policy value with its source, for the site and the lineage."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.ref.policy_value import PolicyValue
from fangpin.month import end
from fangpin.policy import BLANK


@table_asset(PolicyValue, inputs=())
def policy_value(build: Build) -> pl.DataFrame:
    """全部政策参数、依据与本月是否适用。"""
    on = end(build.month)
    rows = []
    for name, parameter in sorted(build.policy.parameters.items()):
        for value in parameter.values:
            rows.append(
                {
                    "parameter": name,
                    "title": parameter.title,
                    "place": value.place,
                    "effective_from": value.effective_from,
                    "value": BLANK if value.value is None else str(value.value),
                    "unit": parameter.unit,
                    "source": value.source,
                    "still_valid_on": value.still_valid_on,
                    "in_force": parameter.find(value.place, on) == value,
                    "for_reference": parameter.for_reference,
                }
            )
    return pl.DataFrame(rows, schema_overrides={"still_valid_on": pl.Date, "for_reference": pl.String})
