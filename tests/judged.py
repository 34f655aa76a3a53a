"""A few documents to judge."""

from __future__ import annotations

import json

__all__ = ["BODY", "DOCS", "PERSON", "article"]


def article(key: str, text: str, *entities: tuple[str, str, str], **claims: tuple[str, str, str, float]) -> str:
    """A line of docs.jsonl: entities are an id, a label and the name as the text has it first."""
    spans = {id: [text.index(name), text.index(name) + len(name)] for id, _, name in entities}
    return json.dumps(
        {
            "id": key,
            "text": text,
            "sentences": [[0, len(text)]],
            "entities": [{"id": i, "type": label, "name": name, "mentions": [spans[i]]} for i, label, name in entities],
            "relations": [
                {"id": id, "subject": a, "type": kind, "object": b, "evidence": [0, len(text)], "confidence": sure}
                for id, (a, kind, b, sure) in claims.items()
            ],
        },
        ensure_ascii=False,
    )


PERSON, BODY = "PERSON", "ORGANIZATION"
DOCS = [
    article("d1", "زار سالم الحمداني شركة مدار في المساء.", ("p", PERSON, "سالم الحمداني"), ("o", BODY, "شركة مدار"),
            c1=("p", "VISITED", "o", 0.9), c2=("p", "HEAD_OF", "o", 0.3)),
    article("d2", "سالم الحمداني يرأس شركة مدار.", ("p", PERSON, "سالم الحمداني"), ("o", BODY, "شركة مدار"),
            c3=("p", "HEAD_OF", "o", 0.8)),
    article("d3", "قال سليم البدراني إن شركة النجم خسرت.", ("p", PERSON, "سليم البدراني"), ("o", BODY, "شركة النجم")),
    article("d4", "قال سالم الحمداني إن الموسم بدأ.", ("p", PERSON, "سالم الحمداني")),
]  # fmt: skip
