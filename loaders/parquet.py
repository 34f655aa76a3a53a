"""Parquet for pandas, DuckDB, Spark and R: ``-o parquet:DIR``. Needs ``pip install 'rawabit[parquet]'``.

``entities.parquet``, ``claims.parquet``, ``mentions.parquet`` and ``documents.parquet``: the tables of
`rawabit.loaders.frames` with their types, the column ``id`` first, lists as lists.

    rawabit run articles -o parquet:out/tables
    python -c "import pandas; print(pandas.read_parquet('out/tables/claims.parquet'))"
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rawabit.graph.model import Edge, Node
from rawabit.loaders.atomic import replacing
from rawabit.loaders.frames import COLUMNS, Frames, has_value, to_frames
from rawabit.loaders.problems import missing_extra

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_parquet", "write_parquet"]


def write_parquet(elements: Iterable[Node | Edge], folder: Path) -> None:
    """Write the four tables into `folder`, which is made where it is missing; all of them or none.

    Args:
        elements: the graph.
        folder: other files in it are left alone.

    Raises:
        RuntimeError: pyarrow is not installed.
        OSError: it cannot be written to.
    """
    parquet = _library()
    frames = to_frames(elements)
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        for name, frame in frames._asdict().items():
            parquet.write_table(_table(name, frame), stack.enter_context(replacing(folder / f"{name}.parquet")))


def read_parquet(folder: Path) -> Frames:
    """The tables that `write_parquet` wrote; `rawabit.from_frames` makes the graph of them.

    Raises:
        RuntimeError: pyarrow is not installed.
        OSError: a file is not there or cannot be read.
    """
    import pandas as pd

    parquet = _library()
    made = []
    for name in Frames._fields:
        with (folder / f"{name}.parquet").open("rb") as file:
            table = parquet.read_table(file)
        columns: dict[str, Any] = {}
        for column in table.column_names:
            values = table.column(column).to_pylist()
            kind = COLUMNS[name].get(column, "string" if column == "id" else "object")
            if kind == "object":
                columns[column] = pd.Series([tuple(v) if isinstance(v, list) else v for v in values], dtype=object)
            else:
                columns[column] = pd.array(values, dtype=kind)
        frame = pd.DataFrame(columns)
        made.append(frame.set_index("id") if "id" in columns else frame)
    return Frames(*made)


def _library() -> Any:
    try:
        from pyarrow import parquet
    except ImportError:
        raise RuntimeError(missing_extra("parquet:", "parquet")) from None
    return parquet


def _table(name: str, frame: pd.DataFrame) -> Any:
    import pandas as pd
    import pyarrow as pa

    types = {"string": pa.string(), "Int64": pa.int64(), "Float64": pa.float64(), "boolean": pa.bool_()}
    columns: dict[str, Any] = {}
    if frame.index.name == "id":
        columns["id"] = pa.array(list(frame.index), pa.string())
    for column in frame.columns:
        kind = str(frame[column].dtype)
        values = [value if has_value(value) else None for value in frame[column].astype(object)]
        if kind in types:
            columns[column] = pa.array(values, types[kind])
        elif COLUMNS[name].get(column) == "object":
            columns[column] = pa.array(values, pa.list_(pa.string()))
        else:  # a property of the user's own
            whole = pd.api.types.infer_dtype([v for v in values if v is not None])
            plain = {"integer": pa.int64(), "floating": pa.float64(), "boolean": pa.bool_()}.get(whole)
            columns[column] = pa.array(values if plain else [None if v is None else str(v) for v in values], plain)
    return pa.table(columns)
