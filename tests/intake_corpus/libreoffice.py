"""Writes files/libreoffice*: LibreOffice, headless, opens a workbook and stores it in each of its formats.

Run with the Python that has LibreOffice's module `uno`: `python3 -m tests.intake_corpus.libreoffice SOURCE.xlsx`, where
SOURCE.xlsx is what formats.SOURCE writes. Does not belong here: what the files are expected to hold (formats.py).
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

FILES = Path(__file__).parent / "files"
SECOND_SHEET = ",1,,0,false,true,false,false,false,2"
FILTERS = {
    "libreoffice.xlsx": ("Calc MS Excel 2007 XML", {}),
    "libreoffice_excel97.xls": ("MS Excel 97", {}),
    "libreoffice.ods": ("calc8", {}),
    "libreoffice.html": ("HTML (StarCalc)", {}),
    "libreoffice.xlsm": ("Calc MS Excel 2007 VBA XML", {}),
    "libreoffice_gb18030.csv": ("Text - txt - csv (StarCalc)", {"FilterOptions": "44,34,85" + SECOND_SHEET}),
    "libreoffice_utf16.csv": ("Text - txt - csv (StarCalc)", {"FilterOptions": "9,34,65535" + SECOND_SHEET}),
}


def main(source: Path) -> None:
    import uno
    from com.sun.star.beans import PropertyValue
    from com.sun.star.connection import NoConnectException

    def properties(**values: object) -> tuple[object, ...]:
        return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())

    accept = "socket,host=127.0.0.1,port=20021;urp;"
    office = subprocess.Popen(["soffice", "--headless", "--norestore", f"--accept={accept}"])
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    for _ in range(60):
        try:
            remote = resolver.resolve(f"uno:{accept}StarOffice.ComponentContext")
            break
        except NoConnectException:
            time.sleep(1)
    desktop = remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
    book = desktop.loadComponentFromURL(source.resolve().as_uri(), "_blank", 0, properties(Hidden=True))
    try:
        for name, (kind, more) in FILTERS.items():
            book.storeToURL((FILES / name).resolve().as_uri(), properties(FilterName=kind, **more))
        book.close(True)
        for path in FILES.glob("*-*.csv"):  # LibreOffice adds the name of the sheet
            path.replace(path.with_name(path.stem.split("-")[0] + ".csv"))
    finally:
        desktop.terminate()
        office.wait(timeout=60)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
