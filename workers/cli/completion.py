"""``feedmill completion``: the script with which a shell completes commands, options and names."""

from __future__ import annotations

import os

import click

from workers.cli.invocation import data_dir_option

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS), required=False)
@data_dir_option
@click.pass_context
def completion(ctx: click.Context, shell: str | None) -> None:
    """Print the script that teaches a shell to complete commands, options, ids and codes on Tab.

    Without SHELL it is that of the shell in $SHELL.

    \b
    Example:
      eval "$(feedmill completion bash)"                # in ~/.bashrc
      eval "$(feedmill completion zsh)"                 # in ~/.zshrc, after compinit
      feedmill completion fish > ~/.config/fish/completions/feedmill.fish
    """
    from click.shell_completion import get_completion_class

    from workers.cli import COMPLETE

    shell = shell or os.path.basename(os.environ.get("SHELL", ""))
    if shell not in SHELLS:
        raise click.UsageError(f"Name your shell: feedmill completion {'|'.join(SHELLS)}.")
    made = get_completion_class(shell)
    assert made is not None  # click knows the three
    click.echo(made(ctx.find_root().command, {}, "feedmill", COMPLETE).source())


__all__ = ["SHELLS", "completion"]
