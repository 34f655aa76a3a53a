"""README, help and code agree."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import readme

import rawabit
from rawabit.loaders.cli import cli

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MODULES = sorted(m.name for m in pkgutil.walk_packages(rawabit.__path__, "rawabit.") if not m.name.endswith("__main__"))


def test_help_texts_in_the_readme_are_the_commands_own() -> None:
    assert readme.renewed(README) == README, "run: python tests/readme.py"


def test_every_command_has_its_help_in_the_readme() -> None:
    assert set(re.findall(r"<!-- help (\w+(?: \w+)*) -->", README)) == {name for name, _ in _commands(cli)}


def _commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """All commands that do something, with their whole names."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def _options() -> list[tuple[str, click.Option]]:
    return [(name, p) for name, c in _commands(cli) for p in c.params if isinstance(p, click.Option)]


@pytest.mark.parametrize(("command", "option"), _options(), ids=lambda v: v if isinstance(v, str) else v.opts[-1])
def test_every_option_says_what_it_does(command: str, option: click.Option) -> None:
    assert option.help
    assert len(option.help) > 15


def _console(text: str) -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def test_commands_in_the_readme_run(tmp_path: Path) -> None:
    """Each `$ rawabit …` of the README in order, in a folder that holds the examples."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    commands = [c for c in _console(README) if c.startswith("rawabit ")]
    assert len(commands) >= 5
    program = str(Path(sys.executable).with_name("rawabit"))
    for command in commands:
        words = shlex.split(command)
        done = subprocess.run([program, *words[1:]], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def test_python_in_the_readme_runs(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert blocks
    for block in blocks:
        done = subprocess.run([sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_make_targets_in_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`?make (\w+)", README))
    assert {"demo", "test", "check"} <= named
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in named)


def test_extras_in_the_readme_are_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(re.findall(r"`rawabit\[(\w+)\]`", README)) == set(project["optional-dependencies"])


def test_links_to_files_are_good() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_files_that_contributing_names_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:ner|graph|loaders|tests)/[\w/.]+\.(?:toml|py))`", text))
    assert len(named) > 10
    assert not [name for name in named if not (ROOT / name).exists()]


@pytest.mark.parametrize("name", MODULES)
def test_doctests(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_doctests() -> None:
    assert sum(doctest.testmod(importlib.import_module(name)).attempted for name in MODULES) > 20


@pytest.mark.parametrize("name", MODULES)
def test_modules_say_what_they_export(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__ or name.endswith((".data", "_version")) or module.__file__ is None or name.count(".") == 1
    for public in getattr(module, "__all__", []):
        assert hasattr(module, public), public


def test_public_names_are_importable_and_documented() -> None:
    for name in rawabit.__all__:
        value = getattr(rawabit, name)
        if name != "__version__":
            assert value.__doc__, name
    with pytest.raises(AttributeError, match="nothing"):
        _ = rawabit.nothing
