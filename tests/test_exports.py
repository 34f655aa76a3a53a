"""Tables for Excel, workbooks and Parquet: each read back by the tool that it is for."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import openpyxl
import pytest
from graphs import EVIL, GRAPH, claim, entity
from pyarrow import parquet as pq
from running import call

import rawabit
from rawabit.graph.model import Edge, Node
from rawabit.loaders.outputs import parse_output
from rawabit.loaders.parquet import read_parquet, write_parquet
from rawabit.loaders.sheets import sheets
from rawabit.loaders.tables_out import harmless, write_tables
from rawabit.loaders.xlsx import write_xlsx

TABLES = ("entities", "claims", "mentions", "documents")
FORMULA = tuple("=+-@\t\r＝＋－＠")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_is_as_excel_wants_it(tmp_path: Path) -> None:
    write_tables(GRAPH, tmp_path / "deep" / "t")
    folder = tmp_path / "deep" / "t"
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.csv" for name in TABLES)
    for path in folder.iterdir():
        data = path.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.endswith(b"\r\n")
        text = data.decode("utf-8-sig")
        assert text.count("\r\n") == len(rows(path)) + 1, "a break inside a text is LF alone"
    entities = {row["id"]: row for row in rows(folder / "entities.csv")}
    assert entities["p1"]["aliases"] == "الراوي | سلمى"
    assert entities["p1"]["wikidata"] == "Q42"
    assert float(entities["m2"]["amount"]) == 0.1 + 0.2
    claims = {row["id"]: row for row in rows(folder / "claims.csv")}
    assert claims["k06"]["subjectName"] == "بنك المرفأ"
    assert claims["k06"]["objectName"] == "سهيل للفضاء"
    assert claims["k08"]["negated"] == "TRUE"
    assert claims["k01"]["documentTitle"] == "'=خبر"
    assert claims["k12"]["sentence"] == "'=سطر\nآخر\tثم"


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    write_tables(GRAPH, tmp_path)
    for name in TABLES:
        for row in rows(tmp_path / f"{name}.csv"):
            for cell in row.values():
                assert not cell.lstrip(" ").startswith(FORMULA) or cell in ("+1", "-5.2"), cell
    names = {row["id"]: row["name"] for row in rows(tmp_path / "entities.csv")}
    assert [names[f"x{i}"] for i in range(len(EVIL))] == [
        name if name in ("+1", "-5.2") else f"'{name}" for name in EVIL
    ]


@pytest.mark.parametrize(
    ("text", "kept"),
    [("-5", True), ("+1", True), ("-1e5", True), ("-1_0", False), ("-inf", False), ("--5", False), ("-٥", False),
     ("-5+cmd|' /C calc'!A0", False), ("\n=1", False), ("", True), ("5-", True), ("- 5", False)],
)  # fmt: skip
def test_numbers_stay_numbers(text: str, kept: bool) -> None:
    assert harmless(text) == (text if kept else f"'{text}")


def test_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "g.xlsx"
    assert write_xlsx(GRAPH, path) == []
    book = openpyxl.load_workbook(path)
    assert tuple(book.sheetnames) == TABLES
    for sheet in book:
        assert sheet.sheet_view.rightToLeft
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        for row in sheet:
            for cell in row:
                assert cell.hyperlink is None
                assert cell.data_type != "f"
    for sheet in sheets(GRAPH):
        read = list(book[sheet.name].iter_rows(values_only=True))
        assert read[0] == sheet.columns
        for found, given in zip(read[1:], sheet.rows, strict=True):
            assert found == tuple(pytest.approx(v, rel=1e-15) if isinstance(v, float) else v for v in given)
    entities = {row[0].value: row for row in book["entities"]}
    assert entities["m1"][next(sheets(GRAPH)).columns.index("amount")].value == 3600000000
    assert entities["x0"][2].value == "=1+1", "a text, as it is"
    write_xlsx(GRAPH, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_what_excel_cannot_hold_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = "ا" * 40_000
    notes = write_xlsx([entity("a", "Person", long), entity("b", "Person", "😀" * 20_000)], tmp_path / "a.xlsx")
    assert notes == ["2 texts are longer than the 32767 characters of an Excel cell: cut, with … at their end"]
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["entities"]
    assert sheet["C2"].value == "ا" * 32_766 + "…"
    assert sheet["C3"].value == "😀" * 16_383 + "…"
    monkeypatch.setattr("rawabit.loaders.xlsx._ROWS", 3)
    notes = write_xlsx([entity(str(i), "Person", "س") for i in range(5)], tmp_path / "b.xlsx")
    assert notes == ["entities: 5 rows are more than a sheet holds: in 3 sheets"]
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    found = [row[0].value for name in ("entities", "entities 2", "entities 3") for row in list(book[name])[1:]]
    assert found == ["0", "1", "2", "3", "4"]


def test_odd_characters_spoil_nothing(tmp_path: Path) -> None:
    odd = [entity("a", "Person", "أ\x00\x0b\ud800\uffff\r\nب"), claim("k", "a", "HEAD_OF", "a", amount=float("inf"))]
    write_xlsx(odd, tmp_path / "a.xlsx")
    write_tables(odd, tmp_path / "t")
    write_parquet(odd, tmp_path / "p")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["entities"]["C2"].value == "أ\ufffd\ufffd\ufffd\ufffd\nب"
    assert rows(tmp_path / "t" / "entities.csv")[0]["name"] == "أ\ufffd\x0b\ufffd\uffff\r\nب"
    assert read_parquet(tmp_path / "p").entities.loc["a", "name"] == "أ\x00\x0b\ufffd\uffff\r\nب"


def test_parquet_comes_back_whole(tmp_path: Path) -> None:
    write_parquet(GRAPH, tmp_path / "p")
    frames = read_parquet(tmp_path / "p")
    assert list(rawabit.from_frames(frames)) == GRAPH
    for one, other in zip(frames, rawabit.to_frames(GRAPH), strict=True):
        assert one.dtypes.to_dict() == other.dtypes.to_dict()
    types = {field.name: str(field.type) for field in pq.read_schema(tmp_path / "p" / "claims.parquet")}
    assert types["start"] == "int64"
    assert types["confidence"] == "double"
    assert types["negated"] == "bool"
    assert types["kinship"] == types["role"] == types["id"] == "string"
    assert str(pq.read_schema(tmp_path / "p" / "entities.parquet").field("aliases").type).startswith("list<")


def test_an_empty_graph(tmp_path: Path) -> None:
    empty: list[Node | Edge] = []
    write_parquet(empty, tmp_path / "p")
    write_tables(empty, tmp_path / "t")
    assert write_xlsx(empty, tmp_path / "a.xlsx") == []
    assert [len(frame) for frame in read_parquet(tmp_path / "p")] == [0, 0, 0, 0]
    assert (tmp_path / "t" / "claims.csv").read_text(encoding="utf-8-sig").startswith("id,subject")


def test_all_four_files_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for write, suffix in ((write_tables, "csv"), (write_parquet, "parquet")):
        folder = tmp_path / suffix
        write(GRAPH, folder)
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        (folder / f"documents.{suffix}").unlink()
        (folder / f"documents.{suffix}").mkdir()
        with pytest.raises(OSError, match="documents"):
            write(GRAPH[:3], folder)
        assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == {
            name: data for name, data in before.items() if not name.startswith("documents")
        }


@pytest.mark.parametrize(
    ("target", "complaint"),
    [
        ("parquet:", "names no folder"),
        ("tables: ", "names no folder"),
        ("ftm:", "names no file"),
        ("tables:{file}", "is not a folder"),
        ("parquet:{file}", "is not a folder"),
        ("ftm:{folder}", "is a folder"),
        ("jsonld:{folder}", "is a folder"),
        ("{folder}.xls", "write .graphml, .jsonl, .html or .xlsx files"),
        ("excel:x", "write .graphml"),
    ],
)
def test_bad_targets(tmp_path: Path, target: str, complaint: str) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    target = target.format(file=tmp_path / "file", folder=tmp_path)
    with pytest.raises(ValueError, match=complaint) as error:
        parse_output(target)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("module", "target", "extra"), [("pyarrow", "parquet:x", "parquet"), ("xlsxwriter", "x.xlsx", "excel")]
)
def test_without_the_library(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, module: str, target: str, extra: str
) -> None:
    """Said before anything is read, and by the writer."""
    monkeypatch.setattr("rawabit.loaders.outputs.find_spec", lambda name: None)
    with pytest.raises(ValueError, match=rf"needs one more package: pip install 'rawabit\[{extra}\]'"):
        parse_output(target)
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, f"{module}.parquet", raising=False)
    with pytest.raises(RuntimeError, match=rf"rawabit\[{extra}\]"):
        (write_parquet if extra == "parquet" else write_xlsx)(GRAPH, tmp_path / "x")
    assert not list(tmp_path.iterdir())


def test_the_command_writes_them_all(examples: Path, tmp_path: Path) -> None:
    kinds = {"": "g.xlsx", "tables:": "t", "parquet:": "p", "ftm:": "g.ftm.json", "jsonld:": "g.jsonld"}
    full = [f"{kind}{tmp_path / name}" for kind, name in kinds.items()]
    arguments = [argument for target in full for argument in ("-o", target)]
    result = call("run", examples, *arguments, "--ner", "rules", "--json")
    assert result.exit_code == 0, result.stderr
    assert sorted(json.loads(result.stdout)["outputs"]) == sorted(full)
    names = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert names == sorted(
        ["g.xlsx", "g.ftm.json", "g.jsonld", *(str(Path("t", f"{n}.csv")) for n in TABLES),
         *(str(Path("p", f"{n}.parquet")) for n in TABLES)]
    )  # fmt: skip


def test_what_was_written_is_no_article_the_next_time(examples: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text((examples / "01-deal.txt").read_text(encoding="utf-8"), encoding="utf-8")
    for _ in range(2):
        result = call("run", tmp_path, "-o", f"tables:{tmp_path / 't'}", "--ner", "rules", "--json")
        assert result.exit_code == 0, result.stderr
        assert json.loads(result.stdout)["documents"] == 1
