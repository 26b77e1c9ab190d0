"""Cases of cells that are read, or refused, with something to be said: formulas without a result, merged amounts,
months that lie ahead or may be two months.

Does not belong here: errors of formulas (formats.py), merged cells of other kinds (layouts.py).
"""

from __future__ import annotations

from tests.intake_corpus.case import HEAD, Case, people, person
from tests.intake_corpus.writers import Tab, by_hand, by_openpyxl, by_xlsxwriter, inline, text

LIST = [HEAD, *people(3)]


def formula(inside: str, kind: str = "") -> str:
    """The rows of two people; what is paid to the first (F2) is a formula with this inside its cell."""
    rows = inline([HEAD, *people(2)])
    cell = rows.index('<c r="F2"')
    end = rows.index("</c>", cell) + len("</c>")
    return f'{rows[:cell]}<c r="F2"{kind}>{inside}</c>{rows[end:]}'


WITHOUT = {"sheets": ["Sheet1"], "accepted": 1, "quarantined": {"cell_error": 1}}
FORMULAS = [
    Case("no_result.openpyxl.xlsx", by_openpyxl([HEAD, person(1, pay="=400*2"), person(2)]), **WITHOUT),
    Case("no_result.xlsx", by_hand(formula("<f>400*2</f>")), **WITHOUT),
    Case("no_result_empty_value.xlsx", by_hand(formula("<f>400*2</f><v></v>")), **WITHOUT),
    Case("no_result_of_shared.xlsx", by_hand(formula('<f t="shared" si="0"/>')), **WITHOUT),
    Case("result.xlsx", by_hand(formula("<f>400*2</f><v>800</v>")), sheets=["Sheet1"], accepted=2),
    Case(
        "result_is_empty_text.xlsx",
        by_hand(formula("<f>IF(1,&quot;&quot;)</f><v></v>", ' t="str"')),
        **WITHOUT | {"quarantined": {"missing_value": 1}},
    ),
    Case(
        "no_result_of_total.xlsx",
        by_openpyxl([*LIST, ["合计", "", "", "", "", "=SUM(F2:F4)", ""]]),
        sheets=["Sheet1"],
        accepted=3,
        totals=1,
    ),
    Case(
        "no_result_in_second.xlsx",
        by_openpyxl([Tab(LIST, name="甲"), Tab([HEAD, person(4, pay="=1"), person(5)], name="乙")]),
        sheets=["甲", "乙"],
        titles=2,
        accepted=4,
        quarantined={"cell_error": 1},
    ),
]
MERGED_AMOUNTS = [
    Case(
        "merged_amount.xlsx",
        by_xlsxwriter([Tab([HEAD, person(1, pay=900), person(2, pay=""), person(3)], merged=["F2:F3"])]),
        sheets=["Sheet1"],
        accepted=3,
        warned={"merged_amount": 2},
        values={"monthly_pay": [90_000, 90_000, 80_000]},
    ),
    Case(
        "merged_blank_amount.xlsx",
        by_xlsxwriter([Tab([HEAD, person(1, pay=""), person(2, pay=""), person(3)], merged=["F2:F3"])]),
        sheets=["Sheet1"],
        accepted=1,
        quarantined={"missing_value": 2},
    ),
]
MERGED_PERSONS = [
    Case(
        "merged_names.xlsx",
        by_xlsxwriter([Tab([HEAD, person(1), ["", *person(2)[1:]], person(3)], merged=["A2:A3"])]),
        sheets=["Sheet1"],
        accepted=3,
        warned={"merged_identity": 2},
    ),
    Case(
        "merged_names.openpyxl.xlsx",
        by_openpyxl([Tab([HEAD, person(1), ["", *person(2)[1:]], person(3)], merged=["A2:A3"])]),
        sheets=["Sheet1"],
        accepted=3,
        warned={"merged_identity": 2},
    ),
    Case(
        "merged_numbers_of_persons.xlsx",
        by_xlsxwriter([Tab([HEAD, person(1), [person(2)[0], "", *person(2)[2:]], person(3)], merged=["B2:B3"])]),
        sheets=["Sheet1"],
        accepted=3,
        warned={"merged_identity": 2},
    ),
    Case(
        "merged_names_across.xlsx",
        by_openpyxl(
            [Tab([[*HEAD[:1], "", *HEAD[1:]], [*person(1)[:1], "", *person(1)[1:]]], merged=["A1:B1", "A2:B2"])]
        ),
        sheets=["Sheet1"],
        accepted=1,
    ),
    Case(
        "merged_blank_names.xlsx",
        by_xlsxwriter([Tab([HEAD, ["", *person(1)[1:]], ["", *person(2)[1:]], person(3)], merged=["A2:A3"])]),
        sheets=["Sheet1"],
        accepted=1,
        quarantined={"missing_value": 2},
    ),
]
MONTHS = [
    Case(
        "months_ahead.csv",
        text([HEAD, person(1, month="209912"), person(2, month="202111"), person(3, month="202110")]),
        encoding="utf8",
        accepted=3,
        warned={"later_than_month": 2},
    ),
    Case(
        "january_or_october.csv",
        text([HEAD, person(1, month="2021.1"), person(2, month="2021.10"), person(3, month="2021.01")]),
        encoding="utf8",
        accepted=2,
        quarantined={"ambiguous_month": 1},
        values={"started": ["2021-10", "2021-01"]},
    ),
    Case(
        "january_as_text.xlsx",
        by_xlsxwriter([HEAD, person(1, month="2021.1"), person(2, month=2021.1)]),
        sheets=["Sheet1"],
        accepted=1,
        quarantined={"ambiguous_month": 1},
        values={"started": ["2021-01"]},
    ),
]
CASES = [*FORMULAS, *MERGED_AMOUNTS, *MERGED_PERSONS, *MONTHS]
