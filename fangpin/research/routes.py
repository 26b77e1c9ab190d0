"""Distances and shortest ways between places whose coordinates are known; what is unknown stays unknown.

Great circle times a detour factor: an estimate, and labelled so. Does not belong here: who goes where (teams.py).
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence

from fangpin.errors import FangpinError

EARTH_KILOMETRES = 6371.0088
"""Mean radius (IUGG)."""
COLUMNS = ("place_code", "longitude", "latitude")
Point = tuple[float, float]
Distances = Sequence[Sequence[float]]


def read_coordinates(text: str, where: str) -> dict[str, Point]:
    """Place code -> (longitude, latitude) from a csv; FangpinError naming the line."""
    rows = csv.reader(io.StringIO(text))
    if tuple(next(rows, ()))[: len(COLUMNS)] != COLUMNS:
        raise FangpinError(f"{where} 的表头应以 {'、'.join(COLUMNS)} 开头（经纬度为度，小数）。")
    found = {}
    for number, row in enumerate(rows, start=2):
        try:
            code, longitude, latitude = row[0], float(row[1]), float(row[2])
        except (ValueError, IndexError) as error:
            raise FangpinError(f"{where} 第{number}行读不出来：应为地区代码、经度、纬度。") from error
        if not (code.isdigit() and -180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise FangpinError(f"{where} 第{number}行的代码或经纬度不对（先经度、后纬度）。")
        found[code] = (longitude, latitude)
    return found


def kilometres(one: Point, other: Point, detour: float) -> float:
    """Haversine distance times the detour factor."""
    (x1, y1), (x2, y2) = ((math.radians(x), math.radians(y)) for x, y in (one, other))
    half = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    return 2 * EARTH_KILOMETRES * math.asin(math.sqrt(half)) * detour


def distances(codes: Sequence[str], points: Mapping[str, Point], detour: float) -> Distances | None:
    """All distances between places; None when one of them has no coordinates."""
    if any(code not in points for code in codes):
        return None
    return [[kilometres(points[a], points[b], detour) for b in codes] for a in codes]


def shortest(matrix: Distances, first: int | None = None, back: bool = False) -> tuple[float, tuple[int, ...]]:
    """The shortest way through all places (Held and Karp 1962): length and order, the smallest order among equals.

    first: where it starts, any place when None. back: whether it returns there.
    """
    count = len(matrix)
    best: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {
        (1 << start, start): (0.0, (start,)) for start in range(count) if first is None or start == first
    }
    for _ in range(count - 1):
        longer: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {}
        for (seen, last), (length, order) in best.items():
            for place in range(count):
                if not seen >> place & 1:
                    key, found = (seen | 1 << place, place), (length + matrix[last][place], (*order, place))
                    if key not in longer or found < longer[key]:
                        longer[key] = found
        best = longer
    return min((length + (matrix[order[-1]][order[0]] if back else 0), order) for length, order in best.values())
