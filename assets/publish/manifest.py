"""manifest.json: what a version is made of, so that it can be compared, traced and rebuilt. No clock in it.

Does not belong here: how any of it is computed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assets import corrections, field_ledger
from assets.publish.gate import NOT_APPLICABLE, PASSED, WARNED
from fangpin.reports.edition import Edition, GateResult


def manifest(
    home: Path, edition: Edition, tables: Mapping[str, Mapping[str, object]], results: Sequence[GateResult]
) -> dict[str, Any]:
    """Month, versions, seed, hashes of inputs, corrections and what came back from the field, tables with rows and
    ordered hashes, feeds, warnings, counts of the gate."""
    inputs: dict[str, list[str]] = {}
    for file in edition.files:
        inputs.setdefault(file.feed, []).append(file.sha256)
    return {
        "month": edition.month,
        "version": edition.version,
        "previous": edition.previous,
        "policy_version": edition.policy_version,
        "code_version": edition.code_version,
        "seed": edition.seed,
        "inputs": {feed: sorted(hashes) for feed, hashes in sorted(inputs.items())},
        "corrections": corrections.version(edition.month),
        "field": field_ledger.version(home, edition.month),
        "tables": dict(sorted(tables.items())),
        "feeds": {
            row["feed"]: {
                "title": row["title"],
                "source": row["source"],
                "files": row["files"],
                "rows": row["rows_in_file"],
                "accepted": row["accepted"],
                "quarantined": row["quarantined"],
                "match_rate": row["match_rate"],
            }
            for row in edition.frame("mart.feed_quality").sort("feed").iter_rows(named=True)
        },
        "warnings": [notice.text for notice in edition.warnings],
        "gate": {
            kind: {
                outcome: sum(r.kind == kind and r.outcome == outcome for r in results)
                for outcome in (PASSED, WARNED, NOT_APPLICABLE)
            }
            for kind in dict.fromkeys(r.kind for r in results)
        },
    }


def as_text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def same_content(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two manifests differ in nothing but their version number."""
    return {**one, "version": ""} == {**other, "version": ""}
