"""The optional boundary package: GeoJSON files of counties that somebody put into `boundaries/` of the home folder.

RFC 7946, longitude and latitude; each feature a Polygon or MultiPolygon whose properties hold the county's six-digit
code as `code` or `adcode`. Does not belong here: how they are drawn (fangpin/reports/county_map.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fangpin.errors import HomeError

FOLDER = "boundaries"
CODES = ("code", "adcode")
Rings = list[list[tuple[float, float]]]


def installed(home: Path) -> dict[str, Rings]:
    """County code -> rings, of every *.geojson in the folder; empty when nothing is installed. HomeError names the file
    and the feature that cannot be read.
    """
    found: dict[str, Rings] = {}
    for path in sorted((home / FOLDER).glob("*.geojson")):
        where = f"县界文件 {FOLDER}/{path.name}"
        try:
            features = json.loads(path.read_text(encoding="utf-8"))["features"]
        except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as error:
            raise HomeError(
                f"{where} 不是 GeoJSON FeatureCollection：请换成合格的文件，或移走它（改用方块图）。"
            ) from error
        for number, feature in enumerate(features, start=1):
            try:
                code, rings = _feature(feature)
            except (KeyError, TypeError, ValueError, IndexError) as error:
                raise HomeError(
                    f"{where} 第{number}个要素不能用：须是 Polygon 或 MultiPolygon，坐标为经纬度，"
                    f"属性 {' 或 '.join(CODES)} 为六位县代码。请改正，或移走该文件（改用方块图）。"
                ) from error
            found.setdefault(code, []).extend(rings)
    return found


def _feature(feature: dict[str, Any]) -> tuple[str, Rings]:
    properties, geometry = feature["properties"], feature["geometry"]
    code = next(str(properties[name]) for name in CODES if properties.get(name)) if _coded(properties) else ""
    if len(code) != 6 or not code.isdigit():
        raise ValueError(code)
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        raise ValueError(geometry["type"])
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    rings = [[_point(point) for point in ring] for polygon in polygons for ring in polygon]
    if not rings or min(map(len, rings)) < 4:
        raise ValueError("ring")
    return code, rings


def _coded(properties: dict[str, Any]) -> bool:
    return any(properties.get(name) for name in CODES)


def _point(point: list[float]) -> tuple[float, float]:
    longitude, latitude = float(point[0]), float(point[1])
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError("degrees")
    return longitude, latitude
