"""The commands of `escalation`, a file for each group; `streams.cli` puts them together.

Each module has an ``app`` of its own (typer) and talks to the user through
:mod:`streams.commands.terminal`.
"""
