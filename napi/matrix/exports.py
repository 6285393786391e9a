# SPDX-License-Identifier: Apache-2.0
"""Results for other programs: JUnit's XML for a CI, badges for a README."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from xml.etree import ElementTree as xml
from xml.sax.saxutils import escape

from .verdicts import CODES, FAILURES, FINE

__all__ = ["badge", "junit", "shield", "svg"]

_COLOURS = {"brightgreen": "#4c1", "yellow": "#dfb317", "red": "#e05d44", "lightgrey": "#9f9f9f"}


def junit(lines: Iterable[dict[str, Any]]) -> bytes:
    """A test suite for each runtime, a test case for each package."""
    root = xml.Element("testsuites", name="edgejs matrix")
    suites: dict[str, xml.Element] = {}
    for line in lines:
        name = f"{line['runtime']} {line['runtime_version']}"
        suite = suites.setdefault(name, xml.Element("testsuite", name=name))
        title = f"{line['package']}@{line['version'] or line['spec']}"
        case = xml.SubElement(
            suite,
            "testcase",
            classname=line["runtime"],
            name=title,
            time=str(line["outcome"].get("seconds", 0)),
        )
        if line["verdict"] in FAILURES:
            failure = xml.SubElement(case, "failure", type=line["verdict"], message=_plain(line["reason"]))
            failure.text = _details(line)
        elif line["verdict"] not in FINE:
            why = line["reason"] or CODES[line["verdict"]]
            xml.SubElement(case, "skipped", message=_plain(f"{line['verdict']}: {why}"))
    for suite in suites.values():
        suite.set("tests", str(len(suite)))
        suite.set("failures", str(len(suite.findall("testcase/failure"))))
        suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
        root.append(suite)
    xml.indent(root)
    text: bytes = xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _details(line: dict[str, Any]) -> str:
    parts = [
        f"{each['path']}: {json.dumps(each['reference'])} in the reference, {json.dumps(each['here'])} here"
        for each in line["differences"]
    ]
    return _plain("\n".join([*parts, line["outcome"].get("stderr", "")]))


def _plain(text: str) -> str:
    """Without control characters, which XML does not know."""
    return "".join(character for character in text if character >= " " or character in "\n\t")


def badge(lines: Sequence[dict[str, Any]]) -> tuple[str, str]:
    """What a badge says of the results of one runtime, and the name of its colour."""
    judged = [line for line in lines if line["verdict"] in FINE | FAILURES]
    good = sum(line["verdict"] in FINE for line in judged)
    if not judged:
        return "not tested", "lightgrey"
    colour = "brightgreen" if good == len(judged) else "yellow" if good else "red"
    if len(judged) == 1:
        return "works" if good else judged[0]["verdict"], colour
    return f"{good} of {len(judged)}", colour


def shield(label: str, message: str, colour: str) -> str:
    """The JSON of an endpoint badge of shields."""
    return json.dumps({"schemaVersion": 1, "label": label, "message": message, "color": colour}) + "\n"


def svg(label: str, message: str, colour: str) -> str:
    """A badge to be served as it is."""
    left, right = (round(6.5 * len(text)) + 12 for text in (label, message))
    width, title = left + right, escape(f"{label}: {message}")
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img">',
            f"<title>{title}</title>",
            f'<clipPath id="round"><rect width="{width}" height="20" rx="3"/></clipPath>',
            f'<g clip-path="url(#round)"><path fill="#555" d="M0 0h{left}v20H0z"/>',
            f'<path fill="{_COLOURS[colour]}" d="M{left} 0h{right}v20H{left}z"/></g>',
            '<g fill="#fff" text-anchor="middle" font-family="Verdana,sans-serif" font-size="11">',
            f'<text x="{left / 2}" y="14">{escape(label)}</text>',
            f'<text x="{left + right / 2}" y="14">{escape(message)}</text>',
            "</g></svg>",
            "",
        ]
    )
