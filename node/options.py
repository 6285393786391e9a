# SPDX-License-Identifier: Apache-2.0
"""How Node's command-line options are read: from a command line, NODE_OPTIONS, or a worker's `execArgv`."""

from __future__ import annotations

import os

from .option_table import TABLE

TYPE_CHECKING = False  # typing itself would cost a third of the start-up time
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

__all__ = ["EFFECTIVE", "Option", "Parsed", "binding", "parse", "rows"]

EFFECTIVE = "effective"
REFUSED = "refused"
INSPECTOR = "refused with exit code 12: there is no inspector"

USAGE_ERROR, USAGE_ERROR_2 = 9, 12  # Node's exit codes

# Environment variables that stand for an option.
_VARIABLES = {
    "NODE_PENDING_DEPRECATION": "--pending-deprecation",
    "NODE_PRESERVE_SYMLINKS": "--preserve-symlinks",
    "NODE_PRESERVE_SYMLINKS_MAIN": "--preserve-symlinks-main",
    "NODE_REDIRECT_WARNINGS": "--redirect-warnings",
}

_REJECTION_MODES = ("none", "strict", "throw", "warn", "warn-with-error-code")
_INPUT_TYPES = ("commonjs", "commonjs-typescript", "module", "module-typescript")


class Option:
    """One line of the table."""

    def __init__(self, fate: str, line: str) -> None:
        fields = [field.strip() for field in line.split("  ") if field.strip()]
        words = fields[0].split()
        value = next((word[1:] for word in words if word.startswith("=")), "")
        self.fate = fate
        self.names = [word for word in words if word.startswith("-")]
        self.name = next(name for name in self.names if name.startswith("--"))
        self.in_environment = fields[1] == "env"
        self.is_optional = value.startswith("[")
        self.value = value.strip("[]")
        self.text = fields[-1]

    @property
    def is_switch(self) -> bool:
        """It is on or off and takes no value."""
        return self.value == ""


def rows() -> Iterator[Option]:
    """The table, in its order."""
    fate = ""
    for line in TABLE.splitlines():
        if line.startswith("# "):
            fate = line[2:]
        elif line:
            yield Option(fate, line)


class Parsed:
    """What a command line says.

    Attributes:
        values: by name, a bool, str or int, or a list for what may be given several times.
        count: how many words belong to the options.
        environment_files: those of --env-file and, not required, of --env-file-if-exists.
        errors: what is wrong, in Node's words; `code` is the exit code then.
    """

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.count = 0
        self.environment_files: list[tuple[str, bool]] = []
        self.errors: list[str] = []
        self.code = USAGE_ERROR

    def refuse(self, message: str, code: int = USAGE_ERROR) -> None:
        """Note an error; the first one's code counts."""
        if not self.errors:
            self.code = code
        self.errors.append(message)


def parse(argv: Sequence[str], environment: Mapping[str, str]) -> Parsed:
    """Read NODE_OPTIONS and then the options that `argv`, without the program's name, begins with."""
    parsed = Parsed()
    reader = _Reader(parsed)
    for variable, name in _VARIABLES.items():
        value = environment.get(variable, "")
        if name == "--redirect-warnings" and value:
            parsed.values[name] = value
        elif value == "1":
            parsed.values[name] = True
    words = _split(environment.get("NODE_OPTIONS", ""))
    if words is None:
        parsed.refuse("invalid value for NODE_OPTIONS (unterminated string)\n")
        return parsed
    reader.read(words, in_environment=True)
    parsed.count = reader.read(argv, in_environment=False)
    _check(parsed)
    return parsed


class _Reader:
    """Reads words into `parsed`."""

    def __init__(self, parsed: Parsed) -> None:
        self._parsed = parsed
        self._options = {name: option for option in rows() for name in option.names}

    def use(self, parsed: Parsed) -> None:
        """Read into `parsed` from here on."""
        self._parsed = parsed

    def one(self, words: Sequence[str], at: int) -> int:
        """Read the word at `at`; where the next one is. A word that is no option is an error."""
        if words[at].startswith("--") or words[at] in self._options:
            return self._option(words, at + 1, words[at], in_environment=False)
        self._unknown(words[at], in_environment=False)
        return at + 1

    def read(self, words: Sequence[str], in_environment: bool) -> int:
        """Read options until a word is none, and return where that is."""
        at = 0
        while at < len(words):
            word = words[at]
            if not in_environment and (word == "-" or not word.startswith("-")):
                return at
            at += 1
            if word == "--" and not in_environment:
                return at
            if word.startswith("-"):
                at = self._option(words, at, word, in_environment)
        return at

    def _option(self, words: Sequence[str], at: int, word: str, in_environment: bool) -> int:
        """Read the option in front of `at`; where the next word is."""
        name, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
        if name.startswith("--"):
            name = name.replace("_", "-")
        has_next = at < len(words) and not words[at].startswith("-")
        if not in_environment and (name == "-pe" or (name in ("-p", "--print") and (equals or has_next))):
            self._parsed.values["--print"] = True
            name = "--eval"
        option = self._options.get(name)
        positive = "--" + name[5:] if name.startswith("--no-") else ""
        if option is None and positive in self._options:
            self._negate(self._options[positive], word, in_environment)
        elif option is None or (in_environment and not option.in_environment):
            self._unknown(word, in_environment)
        elif option.fate in (REFUSED, INSPECTOR):
            self._refused(option, name)
        elif option.is_switch:
            self._parsed.values[option.name] = True
        elif equals and not value and not option.is_optional:
            self._parsed.refuse(f"{word} requires an argument")
            return len(words)
        elif equals or option.is_optional:
            self._take(option, word, value if equals else None)
        elif has_next:
            self._take(option, word, words[at].removeprefix("\\"))
            return at + 1
        else:
            self._parsed.refuse(f"{word} requires an argument")
            return len(words)
        return at

    def _unknown(self, word: str, in_environment: bool) -> None:
        self._parsed.refuse(
            f"{word} is not allowed in NODE_OPTIONS" if in_environment else f"bad option: {word}"
        )

    def _refused(self, option: Option, name: str) -> None:
        code = USAGE_ERROR_2 if option.fate == INSPECTOR else USAGE_ERROR
        self._parsed.refuse(f"{name} is not implemented ({option.text})", code)

    def _negate(self, option: Option, word: str, in_environment: bool) -> None:
        if in_environment and not option.in_environment:
            self._unknown(word, in_environment)
        elif option.is_switch:
            self._parsed.values[option.name] = False
        else:
            self._parsed.refuse(f"{word} is an invalid negation because it is not a boolean option")

    def _take(self, option: Option, word: str, value: str | None) -> None:
        values = self._parsed.values
        if option.name.startswith("--env-file") and value:
            self._parsed.environment_files.append((value, option.name == "--env-file"))
        if option.value == "LIST":
            values.setdefault(option.name, []).append(value or "*")
        elif option.value == "NUMBER":
            if value is None or not value.strip().isdigit():
                self._parsed.refuse(f"bad option: {word}")
            else:
                values[option.name] = int(value)
        else:
            values[option.name] = True if value is None else value


def _split(text: str) -> list[str] | None:
    """The words of NODE_OPTIONS; None when a quotation does not end."""
    words: list[str] = []
    word, is_quoted, is_escaped = "", False, False
    for char in text:
        if is_escaped:
            word, is_escaped = word + char, False
        elif is_quoted and char == "\\":
            is_escaped = True
        elif char == '"':
            is_quoted = not is_quoted
        elif char == " " and not is_quoted:
            words.append(word)
            word = ""
        else:
            word += char
    return None if is_quoted else [found for found in [*words, word] if found]


def _check(parsed: Parsed) -> None:
    """What cannot be together, and values that are none."""
    values = parsed.values
    if values.get("--check") and ("--eval" in values or values.get("--print")):
        parsed.refuse("either --check or --eval can be used, not both")
    if values.get("--tls-min-v1.3") and values.get("--tls-max-v1.2"):
        parsed.refuse("either --tls-min-v1.3 or --tls-max-v1.2 can be used, not both")
    if values.get("--watch-path"):
        values["--watch"] = True
    if values.get("--watch"):
        for other in ("--check", "--eval", "--interactive"):
            if values.get(other):
                parsed.refuse(f"either --watch or {other} can be used, not both")
    if values.get("--permission") and not values.get("--allow-addons"):
        values["--addons"] = False
    if values.get("--unhandled-rejections", "throw") not in _REJECTION_MODES:
        parsed.refuse("invalid value for --unhandled-rejections")
    if values.get("--input-type", "commonjs") not in _INPUT_TYPES:
        parsed.refuse(
            '--input-type must be "module","commonjs", "module-typescript" or "commonjs-typescript"'
        )
    if values.get("--disable-proto", "delete") not in ("delete", "throw"):
        parsed.refuse("invalid mode passed to --disable-proto", USAGE_ERROR_2)


def _environment_names() -> list[str]:
    """What NODE_OPTIONS may have, in every spelling."""
    names: list[str] = []
    for option in rows():
        if option.in_environment:
            names.extend(option.names)
            names.extend(
                f"--no-{name[2:]}" for name in option.names if option.is_switch and name.startswith("--")
            )
    return names


def _invalid(argv: Sequence[str], unwanted: Sequence[str]) -> list[str]:
    """Those words of `argv` that are no options, refused, or named in `unwanted`."""
    wrong: list[str] = []
    reader = _Reader(Parsed())
    at = 0
    while at < len(argv) and argv[at] != "--":
        parsed = Parsed()
        reader.use(parsed)
        after = reader.one(argv, at)
        if parsed.errors or any(name in unwanted for name in parsed.values):
            wrong.append(argv[at])
        at = after
    return wrong


def binding(_isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('options')`."""
    return {
        "environmentNames": _environment_names,
        "invalid": _invalid,
        "values": lambda argv, from_environment: parse(argv, os.environ if from_environment else {}).values,
    }
