"""A page of the site as the tests read it: addresses, ids, text, tables.

Does not belong here: what a page must say (tests/rules/test_reports_*.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input", "hr", "path", "circle", "rect"}


@dataclass
class Parsed(HTMLParser):
    """What the tests ask of a page: addresses, ids, text, and the charts and tables of every section."""

    links: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    sections: dict[str, list[str]] = field(default_factory=dict)
    open_tags: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._section = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a":
            self.links.append(values["href"])
        self.sources += [values[name] for name in ("src", "srcset", "action", "poster") if name in values]
        if tag == "link":
            self.sources.append(values["href"])
        if tag == "section":
            self._section = values["id"]
        if tag in {"figure", "table"}:
            self.sections.setdefault(self._section, []).append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
        if tag not in VOID:
            self.open_tags.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open_tags and self.open_tags[-1] == tag, f"</{tag}> closes <{self.open_tags[-1:]}>"
        self.open_tags.pop()

    def handle_data(self, data: str) -> None:
        if self.open_tags and self.open_tags[-1] == "script":
            self.scripts.append(data)
            return
        self.text.append(data)
        if self.rows and "table" in self.open_tags and {"td", "th"} & set(self.open_tags):
            self.rows[-1][-1] += data.strip()


def parse(content: bytes) -> Parsed:
    parsed = Parsed()
    parsed.feed(content.decode())
    parsed.close()
    assert parsed.open_tags == []
    return parsed
