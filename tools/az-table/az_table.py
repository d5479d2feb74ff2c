"""Turns an installed Azure CLI into the table that Waypost checks `az` commands against.

The commands are loaded as the CLI itself loads them, into the argparse parsers that read its command line; what those
parsers know is written, one line a command. README.md says how to run this and what a line means.
"""

import argparse
import gzip
import sys

from azure.cli.core import get_default_cli
from azure.cli.core.file_util import create_invoker_and_load_cmds_and_args
from importlib.metadata import version
from knack.deprecation import Deprecated

# What separates things in a line, and therefore cannot stand in a name.
SIGNS = "%\t\n\r|,*=~!>?$;"


def main():
    name = sys.argv[1] if len(sys.argv) > 1 else "table.txt.gz"
    cli = get_default_cli()
    create_invoker_and_load_cmds_and_args(cli)
    parser = cli.invocation.parser
    commands = parser.subparser_map
    loader = cli.invocation.commands_loader

    settings = {}
    for command, metadata in loader.command_table.items():
        for argument in metadata.arguments.values():
            settings[command, argument.name] = argument.type.settings

    common = common_flags(commands)
    lines = []
    flags = 0
    for command, its in commands.items():
        own = []
        for action in its._actions:
            if internal(action):
                continue
            text = flag(action, settings.get((command, action.dest), {}))
            if text in common:
                continue
            own.append(text)
        flags += len(own)
        metadata = loader.command_table[command]
        left_out = [text for text in common if text not in all_flags(its)]
        marks = "c" + status(metadata.deprecate_info, metadata.preview_info, metadata.experimental_info)
        if left_out:
            marks += "-" + ",".join(escaped(text.split(",")[0].split("~")[0]) for text in left_out)
        lines.append((command.split(), [command, marks] + own))

    groups = {path for path in parser.subparsers if path}
    for path in groups:
        group = loader.command_group_table.get(" ".join(path))
        its = group.group_kwargs if group else {}
        marks = "g" + status(
            its.get("deprecate_info"), its.get("preview_info"), its.get("experimental_info")
        )
        lines.append((list(path), [" ".join(path), marks]))

    lines.sort()
    release = version("azure-cli")
    text = f"azure-cli {release}\tgroups {len(groups)}\tcommands {len(commands)}\tflags {flags}\n"
    text += "\t".join(["*", "c"] + common) + "\n"
    text += "".join("\t".join(line) + "\n" for _, line in lines)
    data = text.encode()
    with open(name, "wb") as file:
        # No time and no name in the header: the same CLI gives the same bytes.
        with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=file, mtime=0) as packed:
            packed.write(data)
    print(text.split("\n", 1)[0].replace("\t", ", "), f"{len(data)} bytes", file=sys.stderr)


def common_flags(commands):
    """What nearly every command takes, in the same form: it is written once."""
    counts = {}
    for its in commands.values():
        for text in all_flags(its):
            counts[text] = counts.get(text, 0) + 1
    return sorted(text for text, count in counts.items() if count > len(commands) * 0.9)


def all_flags(parser):
    return {flag(action, {}) for action in parser._actions if not internal(action)}


def internal(action):
    """Whether only the CLI itself sets it."""
    return type(action).__name__ == "IgnoreAction" or any(
        option.startswith("--__") for option in action.option_strings
    )


def flag(action, settings):
    names = []
    for option in action.option_strings or [action.dest]:
        own = deprecation(getattr(option, "deprecate_info", None))
        names.append(escaped(str(option)) + (deprecated(own) if own else ""))
    text = ",".join(names)
    if action.required:
        text += "*"
    nargs = action.nargs
    if nargs is not None and nargs != 1:
        text += "~" + {argparse.REMAINDER: "*"}.get(nargs, str(nargs))
    # What a reader can set once for all commands: `az configure --defaults group=…`.
    default = settings.get("configured_default")
    if default and action.required:
        text += "$" + escaped(default)
    if action.choices is not None:
        # A list that folds case, or a type that does.
        folds = type(action.choices).__name__ == "CaseInsensitiveList" or action.type is not None
        text += ("=" if folds else "==") + "|".join(escaped(str(choice)) for choice in action.choices)
    whole = deprecation(getattr(action, "deprecate_info", None))
    if whole:
        text += ";" + deprecated(whole)
    if getattr(action, "preview_info", None):
        text += ";p"
    if getattr(action, "experimental_info", None):
        text += ";e"
    return text


def status(deprecate, preview, experimental):
    text = ""
    if preview:
        text += ";p"
    if experimental:
        text += ";e"
    whole = deprecation(deprecate)
    if whole:
        text += ";" + deprecated(whole)
    return text


def deprecation(info):
    """The deprecation among the tags of a thing, which may also be about changes to come."""
    tags = getattr(info, "tags", None) or [info]
    return next((tag for tag in tags if isinstance(tag, Deprecated)), None)


def deprecated(info):
    """`!`, the release in which it goes, `>`, what takes its place."""
    text = "!" + escaped(str(info.expiration or ""))
    redirect = info.redirect
    if isinstance(redirect, (list, tuple)):
        redirect = ", ".join(map(str, redirect))
    if redirect:
        text += ">" + escaped(str(redirect))
    return text


def escaped(text):
    return "".join(f"%{ord(sign):02x}" if sign in SIGNS else sign for sign in text)


main()
