"""`fangpin research`: from a plan to a draw, its packs and what comes back.

Does not belong here: what a command does; each is one function elsewhere.
"""

from __future__ import annotations

import typer

from pipelines.research_back_cli import import_, settle, withdraw
from pipelines.research_draw_cli import draw, freeze, nonce, replace, verify
from pipelines.research_packs_cli import packs

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="调研：抽样、资料包、回收。")
app.command("nonce")(nonce)
app.command("freeze")(freeze)
app.command("draw")(draw)
app.command("replace")(replace)
app.command("verify")(verify)
app.command("packs")(packs)
app.command("import")(import_)
app.command("withdraw")(withdraw)
app.command("settle")(settle)
