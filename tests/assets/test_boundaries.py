"""The optional boundary package: read by county code, or refused by file and feature."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assets.publish.boundaries import installed
from fangpin.errors import HomeError

RING = [[110.0, 34.0], [111.0, 34.0], [111.0, 35.0], [110.0, 34.0]]


def feature(code: Any = "410122", kind: str = "Polygon", coordinates: Any = None, name: str = "code") -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": [RING] if coordinates is None else coordinates}
    return {"type": "Feature", "properties": {name: code}, "geometry": geometry}


def put(home: Path, text: str, name: str = "henan.geojson") -> Path:
    folder = home / "boundaries"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return home


def collection(*features: dict[str, Any]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def test_nothing_installed(tmp_path: Path) -> None:
    assert installed(tmp_path) == {}


def test_polygons_and_parts_by_code(tmp_path: Path) -> None:
    home = put(tmp_path, collection(feature(), feature(410123, "MultiPolygon", [[RING], [RING]], name="adcode")))
    put(home, collection(feature()), "more.geojson")
    ring = [tuple(point) for point in RING]
    assert installed(home) == {"410122": [ring, ring], "410123": [ring, ring]}


@pytest.mark.parametrize("text", ["not json", '{"type": "Feature"}', "[]"])
def test_a_file_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(HomeError, match=r"boundaries/henan\.geojson 不是 GeoJSON"):
        installed(put(tmp_path, text))


@pytest.mark.parametrize(
    "wrong",
    [
        feature(code="4101"),
        feature(code=None),
        feature(name="name"),
        feature(kind="Point", coordinates=[110.0, 34.0]),
        feature(coordinates=[RING[:3]]),
        feature(coordinates=[]),
        feature(coordinates=[[[34.0, 110.0]] * 4]),  # latitude first
        feature(coordinates=[[["a", "b"]] * 4]),
    ],
)
def test_a_feature_that_cannot_be_used_is_named(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(HomeError, match=r"boundaries/henan\.geojson 第2个要素不能用.*移走该文件"):
        installed(put(tmp_path, collection(feature(), wrong)))
