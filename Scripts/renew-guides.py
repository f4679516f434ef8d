#!/usr/bin/env python3
"""Shows in the guides what this build prints: renew-guides.py [PAGE...]

Runs the blocks fenced as "sh test" and replaces, in the blocks "text shown" and "text alike" after
them, the lines that differ by numbers alone. What stands between lines "..." is looked for in its order,
since a command may say the same words twice. Lines whose words have changed are named and left to be
written anew. Prose around the blocks is never touched: read it against what has changed.

A command that ends with another status than the page says ("sh test exit=N", else 0) is named, and
nothing that is shown of it is touched; so is a block that is not closed, and then the page is left as
it is. Exit status 1 if anything was named.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

CHECKOUT = pathlib.Path(__file__).resolve().parent.parent
named = []


def tell(place, what):
    named.append(place)
    print(f"{place}: {what}")


def plain(lines):
    text = re.sub(r"[-+]?[0-9][0-9.,]*", "#", "\n".join(lines))
    text = re.sub(r"# (ns|us|ms|s)\b", "# t", text)
    return re.sub(r"\s+", " ", re.sub(r"-{2,}", "", text)).strip()


def find(chunk, said, start):
    """The lines of what was said, from one on, that differ from the chunk by numbers and line
    breaks alone, and the line after them."""
    wanted = plain(chunk)
    for first in range(start, len(said)):
        for end in range(first + 1, min(len(said), first + len(chunk) + 6) + 1):
            if plain(said[first:end]) == wanted:
                found = said[first:end]
                while found and not found[0].strip():
                    found = found[1:]
                while found and not found[-1].strip():
                    found = found[:-1]
                return found, end
    return None, start


def renewed(block, said, place):
    result, chunk, position = [], [], 0
    for line in block + ["..."]:
        if line != "...":
            chunk.append(line)
            continue
        if chunk:
            found, position = find(chunk, said, position)
            if found is None:
                tell(place, f"not said any more, or not in this order: {chunk[0]}")
            result += found or chunk
        result.append("...")
        chunk = []
    return result[:-1]


def renew(page):
    lines = page.read_text().split("\n")
    result, said, position = [], None, 0
    with tempfile.TemporaryDirectory() as work:
        tree = pathlib.Path(work)
        (tree / ".build/release").mkdir(parents=True)
        (tree / ".build/release/tenancy").symlink_to(CHECKOUT / ".build/release/tenancy")
        for name in ("Docs", "Scenarios", "Sources"):
            (tree / name).symlink_to(CHECKOUT / name)
        while position < len(lines):
            fence = lines[position]
            result.append(fence)
            position += 1
            if not fence.startswith("```") or len(fence) == 3:
                continue
            start = position
            while position < len(lines) and lines[position] != "```":
                position += 1
            if position == len(lines):
                tell(f"{page.name}:{start}", "the block is not closed")
                return
            block = lines[start:position]
            if fence.startswith("```sh test"):
                run = subprocess.run(
                    ["bash", "-euo", "pipefail", "-c", "\n".join(block)], cwd=tree,
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT, text=True, check=False)
                expected = int(fence.partition("exit=")[2] or 0)
                said = run.stdout.split("\n")
                if run.returncode != expected:
                    tell(
                        f"{page.name}:{start}",
                        f"exit status {run.returncode}, not {expected}, of: " + "\n".join(block))
                    said = None
            elif fence in ("```text shown", "```text alike") and said is not None:
                block = renewed(block, said, f"{page.name}:{start}")
            result += block + ["```"]
            position += 1
    page.write_text("\n".join(result))


for path in sys.argv[1:] or sorted(map(str, (CHECKOUT / "Docs/guide").glob("*.md"))):
    renew(pathlib.Path(path))
sys.exit(1 if named else 0)
