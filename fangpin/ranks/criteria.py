"""The criteria places are ranked by, the levels, and what officials call them (docs/decisions/0066-rankings.md).

Does not belong here: how a rank comes to be (sql/mart/place_ranking.sql).
"""

from __future__ import annotations

CRITERIA = {
    "count_households": "按户数",
    "count_persons": "按人数",
    "ratio_households": "按消除率（户）",
    "ratio_persons": "按消除率（人）",
    "oe_persons": "按消除快慢",
}
"""Criterion -> words. oe: eliminated persons over those due by class, time under monitoring and cause."""
LEVELS = {"county": "县", "township": "乡镇", "village": "村"}
