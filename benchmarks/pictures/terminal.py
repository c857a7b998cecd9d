"""What a terminal shows, as a picture: the commands are run, and their colours kept."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from pipeline.settings import Settings
from workers.embedded import environment

WIDTH = 100
#: rich's own loads a font from another host
_FRAME = """<svg class="terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width;
}}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""
_COMMANDS = (["articles", "--search", "harbour", "--limit", "3"], ["why", "seeds/pages/tram-depot.html"])


def draw(settings: Settings, path: Path) -> None:
    """Run commands against a deployment and write what they show as SVG."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    for command in _COMMANDS:
        console.print(Text.assemble(("$ ", "bold green"), ("feedmill " + " ".join(command), "bold")))
        console.print(Text.from_ansi(_output(settings, command)))
    path.write_text(
        console.export_svg(title="feedmill", theme=MONOKAI, code_format=_FRAME, unique_id="feedmill")
    )
    print(f"{path} {path.stat().st_size:,} bytes")


def _output(settings: Settings, command: list[str]) -> str:
    env = environment(settings) | {"FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    for name in set(os.environ) & {"NO_COLOR"}:
        del env[name]
    ran = subprocess.run(
        [sys.executable, "-m", "workers.cli", *command],
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return ran.stdout


__all__ = ["WIDTH", "draw"]
