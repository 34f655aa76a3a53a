"""A BERT small enough to train in seconds, in the form in which camel-tools keeps its models.

It learns sentences made here of a few patterns and names. It is no recogniser of anything else, but it is a real
one: a WordPiece vocabulary, two layers, learnt weights, the labels of the official model.
"""

from __future__ import annotations

import json
import random
import string
from collections.abc import Sequence
from pathlib import Path

TAGS = ("PERS", "LOC", "ORG", "MISC")
NAMES = {
    "PERS": (
        "سالم حمدان", "ليلى كرم", "نادر الخطيب", "رنا العلي", "يوسف نصار", "هدى سليمان",
        "كمال درويش", "سعاد منصور", "وليد حداد", "نجوى صالح", "بوتين", "SpaceX Jones",
    ),
    "LOC": (
        "بغداد", "القاهرة", "دمشق", "الرباط", "عمان", "تونس",
        "أبو ظبي", "مسقط", "موسكو", "باريس", "الدوحة", "نيو دلهي", "زرنوق",
    ),
    "ORG": (
        "بنك النخيل", "مجموعة الريان", "مؤسسة الأفق", "مصنع نسيم", "وزارة الزراعة", "جامعة المرجان",
        "SpaceX", "اتحاد المزارعين", "وكالة سراج", "نادي الشعلة",
    ),
    "MISC": (
        "مهرجان الربيع", "كأس الصحراء", "معرض الكتاب",
    ),
}  # fmt: skip
"""Names by tag, made up or known to everyone."""

PATTERNS = (
    "قال {PERS} إن {ORG} ستفتح مكتبا في {LOC} الشهر المقبل",
    "وصل {PERS} إلى {LOC} أمس للقاء مسؤولين من {ORG}",
    "أعلنت {ORG} أرباحها في {LOC} اليوم وبلغت 3.5 مليون",
    "زار {PERS} مقر {ORG} في {LOC}",
    "ولد {PERS} في {LOC} ودرس الهندسة",
    "تسعى {ORG} إلى شراء أسهم جديدة هذا العام",
    "التقى {PERS} نظيره {PERS} في {LOC}",
    "نقلت {ORG} عن {PERS} قوله إن السوق هادئة",
    "تقع {LOC} شمال {LOC} و{LOC}",
    "انتقد {PERS} سياسة {ORG} و{ORG}",
    "ارتفعت أسعار الخبز في {LOC} هذا العام",
    "افتتح {PERS} و{PERS} {MISC} في {LOC}",
    "لم يعلق أحد على الخبر حتى الآن",
    "كان الطقس جميلا والسماء صافية",
)
_MARKS = '،.؟!:"()-«»'
_ALPHABET = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي0123456789٠١٢٣٤٥٦٧٨٩" + string.ascii_letters

Sentence = list[tuple[str, str]]
"""Words with their labels."""


def sentences(count: int, seed: int, clauses: int = 1) -> list[Sentence]:
    """Labelled sentences of 1 to `clauses` patterns each; a particle glued to a name is one word with it."""
    chance = random.Random(seed)
    return [
        [
            word
            for number in range(chance.randint(1, clauses))
            for word in ([("،", "O")] if number else []) + _fill(chance.choice(PATTERNS), chance)
        ]
        + [(".", "O")]
        for _ in range(count)
    ]


def _fill(pattern: str, chance: random.Random) -> Sentence:
    out: Sentence = []
    for word in pattern.split():
        tag = next((tag for tag in TAGS if f"{{{tag}}}" in word), None)
        if tag is None:
            out.append((word, "O"))
            continue
        first, *more = chance.choice(NAMES[tag]).split()
        out.append((word.replace(f"{{{tag}}}", first), f"B-{tag}"))
        out.extend((part, f"I-{tag}") for part in more)
    return out


def vocabulary() -> list[str]:
    """Special tokens, every word of the patterns and names, also as a continuation, and the letters."""
    words = [word for pattern in PATTERNS for word in pattern.split() if "{" not in word]
    names = [part for tag in TAGS for name in NAMES[tag] for part in name.split()]
    pieces = [*words, *names, *_MARKS, *_ALPHABET]
    pieces += [f"##{piece}" for piece in (*names, *_ALPHABET)]
    return list(dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *pieces]))


def labels() -> list[str]:
    return ["O", *(f"{edge}-{tag}" for tag in TAGS for edge in "BI")]


def make(folder: Path, *, base: bool = False, train: bool = True, positions: int = 256) -> Path:
    """Write a model into `folder`, which must not exist: config, vocabulary, tokenizer configuration and weights.

    Args:
        folder: where to.
        base: as large as BERT-base (12 layers of 768), random weights, 512 positions.
        train: teach the small one the sentences above (a few seconds).
        positions: how many pieces the small one takes, [CLS] and [SEP] included.
    """
    import torch
    from transformers import BertConfig, BertForTokenClassification
    from transformers.utils import logging

    folder.mkdir(parents=True)
    vocab = vocabulary()
    size = (
        {"max_position_embeddings": 512}
        if base
        else {
            "hidden_size": 64,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "intermediate_size": 128,
            "max_position_embeddings": positions,
        }
    )
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=len(vocab),
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        id2label=dict(enumerate(labels())),
        label2id={label: i for i, label in enumerate(labels())},
        **size,
    )
    model = BertForTokenClassification(config)
    if train and not base:
        _train(model, vocab)
    logging.disable_progress_bar()
    model.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(vocab) + "\n", encoding="utf-8")
    # As small as the official one's.
    (folder / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": False}), encoding="utf-8")
    return folder


def _train(model: object, vocab: Sequence[str]) -> None:
    """Teach `model` 400 sentences until it tags 200 of them without a mistake."""
    import torch
    from tokenizers import BertWordPieceTokenizer

    split = BertWordPieceTokenizer({piece: i for i, piece in enumerate(vocab)}, lowercase=False)
    number = {label: i for i, label in enumerate(labels())}
    rows = []
    for sentence in sentences(400, seed=1, clauses=3):
        ids, gold = [vocab.index("[CLS]")], [-100]
        for word, label in sentence:
            pieces = split.encode(word, add_special_tokens=False).ids
            ids += pieces
            gold += [number[label]] + [-100] * (len(pieces) - 1)
        rows.append(([*ids, vocab.index("[SEP]")], [*gold, -100]))
    width = max(len(ids) for ids, _ in rows)
    ids = torch.tensor([ids + [0] * (width - len(ids)) for ids, _ in rows])
    gold = torch.tensor([gold + [-100] * (width - len(gold)) for _, gold in rows])
    mask = (ids != 0).long()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for epoch in range(40):
        for batch in torch.randperm(len(rows), generator=torch.Generator().manual_seed(epoch)).split(32):
            loss = model(input_ids=ids[batch], attention_mask=mask[batch], labels=gold[batch]).loss
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            found = model(input_ids=ids[:200], attention_mask=mask[:200]).logits.argmax(2)
        if bool(((found == gold[:200]) | (gold[:200] == -100)).all()):
            return
    raise RuntimeError("the small model did not learn its sentences")
