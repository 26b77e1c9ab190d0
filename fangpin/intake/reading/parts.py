"""Where in the zip that an xlsx is a worksheet lies.

Does not belong here: what is in it (workbook.py, formulas.py, hidden.py).
"""

from __future__ import annotations

import posixpath
import zipfile
from xml.etree import ElementTree


def part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The name of a worksheet's part; None when the workbook does not say it as usual."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        tags = next(each.attrib for each in book.iter() if each.tag.endswith("}sheet") and each.get("name") == sheet)
        link = next(value for name, value in tags.items() if name.endswith("}id"))
        target = next(each.get("Target", "") for each in links if each.get("Id") == link)
        return archive.getinfo(posixpath.normpath(posixpath.join("/xl", target))[1:]).filename
    except (KeyError, StopIteration, ElementTree.ParseError):
        return None
