"""pdfminer.six's interpreter and device, taught two things that they pass over.

What a clipping path hides is not text of the page: a browser that prints cuts its text at the foot of a page and leaves
pieces of the next line under the cut. And where a file says in ``ActualText`` which letters a run of glyphs writes
(ISO 32000-1, 14.9.4), it knows better than the font's table: a ligature, or a letter with its vowel signs.
"""

from __future__ import annotations

from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.utils import apply_matrix_pt, decode_text

__all__ = ["GlyphDevice", "GlyphInterpreter"]

Box = tuple[float, float, float, float]
_ALL: Box = (float("-inf"), float("-inf"), float("inf"), float("inf"))


class GlyphDevice(PDFPageAggregator):
    """Collects the characters of a page.

    Attributes:
        hidden: identities of those that a clipping path hides.
        said: runs of characters with the text that they are said to write.
    """

    def __init__(self, resources: Any) -> None:
        super().__init__(resources, laparams=None)
        self.clip: Box = _ALL
        self.stack: list[Box] = []
        self.hidden: set[int] = set()
        self.said: list[tuple[str, list[Any]]] = []
        self._open: list[tuple[str, list[Any]]] = []

    def begin_page(self, page: Any, ctm: Any) -> None:
        self.clip, self.stack, self.hidden = _ALL, [], set()
        self.said, self._open = [], []
        super().begin_page(page, ctm)

    def render_char(self, *arguments: Any, **named: Any) -> float:
        advance: float = super().render_char(*arguments, **named)
        char: Any = self.cur_item._objs[-1]
        x, y = char.matrix[4] + char.matrix[0] * char.adv / 2, char.matrix[5] + char.matrix[1] * char.adv / 2
        left, low, right, high = self.clip
        if not (left <= x <= right and low <= y <= high):
            self.hidden.add(id(char))
        if self._open:
            self._open[-1][1].append(char)
        return advance

    def begin_tag(self, tag: Any, props: Any = None) -> None:
        text = props.get("ActualText") if isinstance(props, dict) else None
        self._open.append((decode_text(text) if isinstance(text, bytes) else "", []))

    def end_tag(self) -> None:
        if self._open:
            text, chars = self._open.pop()
            if text and chars:
                self.said.append((text, chars))


class GlyphInterpreter(PDFPageInterpreter):
    """Tells a `GlyphDevice` where it may draw: the rectangle around every clipping path."""

    device: GlyphDevice

    def do_q(self) -> None:
        self.device.stack.append(self.device.clip)
        super().do_q()

    def do_Q(self) -> None:
        if self.device.stack:
            self.device.clip = self.device.stack.pop()
        super().do_Q()

    def do_Do(self, name: Any) -> None:
        clip, stack = self.device.clip, list(self.device.stack)
        super().do_Do(name)
        self.device.clip, self.device.stack = clip, stack

    def do_W(self) -> None:
        self._clip()
        super().do_W()

    def do_W_a(self) -> None:
        self._clip()
        super().do_W_a()

    def _clip(self) -> None:
        points = [
            apply_matrix_pt(self.ctm, (float(step[i]), float(step[i + 1])))
            for step in self.curpath
            for i in range(1, len(step) - 1, 2)
        ]
        if points:
            left, low, right, high = self.device.clip
            xs, ys = [x for x, _ in points], [y for _, y in points]
            self.device.clip = max(left, min(xs)), max(low, min(ys)), min(right, max(xs)), min(high, max(ys))
