"""Excel files written by hand, part by part, so that no library of the kind that reads them has a say."""

import zipfile
from pathlib import Path
from typing import Any

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEETS}.sheet.main+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="3">'
    '<xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="46"/></cellXfs></styleSheet>',
}
"""What every workbook has; styles 1 and 2 are those of a date with its time and of a duration."""


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    """Write an Excel file of text, numbers and (number, style) cells."""
    numbered = [*enumerate(sheets, 1)]
    listed = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="r{i}"/>' for i, name in numbered)
    links = "".join(
        f'<Relationship Id="r{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i, _ in numbered
    )
    links += f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/>'
    parts = PARTS | {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
    }
    for i, rows in enumerate(sheets.values(), 1):
        cells = "".join(map(_row, enumerate(rows, 1)))
        parts[f"xl/worksheets/sheet{i}.xml"] = (
            f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'
        )
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name, '<?xml version="1.0"?>' + text)


_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def open_document(path: Path, rows: list[list[str | tuple[str, str, str]]]) -> None:
    """Write an .ods file of text and of (type, value, as shown) cells."""
    body = "".join("<table:table-row>" + "".join(map(_open_cell, row)) + "</table:table-row>" for row in rows)
    spaces = "".join(f' xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "table", "text"))
    media_type = "application/vnd.oasis.opendocument.spreadsheet"
    content = (
        f'<office:document-content{spaces} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Plan">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{media_type}"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", media_type)
        packed.writestr("META-INF/manifest.xml", '<?xml version="1.0"?>' + manifest)
        packed.writestr("content.xml", '<?xml version="1.0" encoding="UTF-8"?>' + content)


def _open_cell(value: str | tuple[str, str, str]) -> str:
    kind, given, shown = value if isinstance(value, tuple) else ("string", "", value)
    name = {"float": "value", "time": "time-value", "date": "date-value"}.get(kind)
    attribute = f' office:{name}="{given}"' if name else ""
    return (
        f'<table:table-cell office:value-type="{kind}"{attribute}><text:p>{shown}</text:p></table:table-cell>'
    )


def _row(numbered: tuple[int, list[Any]]) -> str:
    number, cells = numbered
    inner = "".join(_cell(f"{chr(65 + i)}{number}", cell) for i, cell in enumerate(cells))
    return f'<row r="{number}">{inner}</row>'


def _cell(place: str, value: Any) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
    number, style = value if isinstance(value, tuple) else (value, 0)
    return f'<c r="{place}" s="{style}"><v>{number}</v></c>'
