"""The county map: tiles by city without a boundary package, polygons with one, links and shades by rank in both."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from fangpin.reports import county_map
from fangpin.reports.edition import Edition
from fangpin.reports.ranking_tables import ranked
from tests.made_up_edition import edition
from tests.parsed_page import parse


@pytest.fixture(scope="module")
def made_up() -> Edition:
    return edition()


def shades(svg: str) -> dict[str, str]:
    """County code -> fill of its tile or polygon."""
    return dict(re.findall(r'href="county/(\d{6})\.html">.*?fill="(#[0-9a-f]{6})"', svg))


def test_a_tile_for_every_county_the_first_darkest(made_up: Edition) -> None:
    frame = ranked(made_up, "county", "ratio_households")
    found = shades(county_map.drawn(made_up, frame))
    assert set(found) == set(frame["place_code"])
    assert found[frame["place_code"][0]] == county_map.SHADES[-1]
    order = [county_map.SHADES.index(found[code]) for code in frame["place_code"]]
    assert order == [4, 3, 2, 1]  # four counties: the fifths they fall into
    assert "不代表地理位置" in county_map.words(made_up)[0]


def test_who_has_no_rank_is_white(made_up: Edition) -> None:
    frame = ranked(made_up, "county", "ratio_households")
    gone = frame.with_columns(rank=None)
    assert set(shades(county_map.drawn(made_up, gone)).values()) == {"#ffffff"}


def test_polygons_of_the_installed_package(made_up: Edition) -> None:
    """A square of one degree: longitude is drawn shorter by the cosine of the middle latitude, 60 degrees: one half."""
    frame = ranked(made_up, "county", "ratio_households")
    one, *others = sorted(frame["place_code"])
    square = [[(110.0, 59.5), (111.0, 59.5), (111.0, 60.5), (110.0, 60.5), (110.0, 59.5)]]
    installed = replace(made_up, boundaries={one: square})
    svg = county_map.drawn(installed, frame)
    assert set(shades(svg)) == {one}
    path = re.search(r'<path d="M([^"]*)Z"', svg)
    assert path is not None
    corners = [tuple(map(float, point.split())) for point in path[1].split("L")]
    assert corners == [(0.0, 900.0), (450.0, 900.0), (450.0, 0.0), (0.0, 0.0), (0.0, 900.0)]
    names = dict(frame.select("place_code", "place_name").iter_rows())
    assert all(names[code] in svg.rpartition("</svg>")[2] for code in others)
    assert "县界" in county_map.words(installed)[0]


def test_names_stay_text(made_up: Edition) -> None:
    frame = ranked(made_up, "county", "ratio_households").with_columns(place_name=None, short_name=None)
    frame = frame.with_columns(place_name=frame["place_code"] + "<b>&", short_name=frame["place_code"] + "<b>&")
    svg = county_map.drawn(made_up, frame)
    assert "<b>" not in svg
    parse(svg.encode())
