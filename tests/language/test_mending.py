"""The plain rules between the model and the quotes."""

from __future__ import annotations

from dataclasses import replace

from seeing import Read
from spacy.language import Language

from quotes.language.attribution_decoding import Attribution
from quotes.language.mending import mend
from quotes.records import Span


def attribution(text: str, source: str, cue: str, *contents: str) -> Attribution:
    def spans(*words: str) -> tuple[Span, ...]:
        return tuple(Span(text.index(one), text.index(one) + len(one)) for one in words if one)

    return Attribution(spans(source), spans(cue), spans(*contents), 0.9, cue)


def mended(nlp: Language, text: str, *found: Attribution) -> list[tuple[list[str], list[str], list[str]]]:
    def words(spans: tuple[Span, ...]) -> list[str]:
        return [text[start:end] for start, end in spans]

    return [(words(one.source), words(one.cue), words(one.content)) for one in mend(nlp(text), found)]


def test_what_is_claimed_is_no_part_of_the_cue(nlp: Language) -> None:
    text = "Anna Vell claims to have ordered the dam."
    found = attribution(text, "Anna Vell", "claims to have ordered", "the dam")
    assert mended(nlp, text, found) == [(["Anna Vell"], ["claims"], ["to have ordered the dam"])]


def test_a_cue_that_goes_on_to_say_stays_whole(nlp: Language) -> None:
    text = "Anna Vell went on to say the dam would hold."
    found = attribution(text, "Anna Vell", "went on to say", "the dam would hold")
    assert mended(nlp, text, found) == [(["Anna Vell"], ["went on to say"], ["the dam would hold"])]


def test_spans_end_at_words_and_marks(nlp: Language) -> None:
    text = "“The dam will hold,” Anna Vell, the mayor, said: it will."
    found = attribution(text, "Anna Vell, the mayor,", "said:", "The dam will hold")
    assert mended(nlp, text, found) == [(["Anna Vell, the mayor"], ["said"], ["“The dam will hold,”"])]


def test_an_answer_in_the_next_paragraph_is_nobodys(nlp: Language) -> None:
    text = "“Did you build it?” Anna Vell asked.\n“I never built a dam.”"
    found = attribution(text, "Anna Vell", "asked", "“Did you build it?”", "“I never built a dam.”")
    assert mended(nlp, text, found) == [
        (["Anna Vell"], ["asked"], ["“Did you build it?”"]),
        ([], [], ["“I never built a dam.”"]),
    ]


def test_a_quotation_that_reopens_stays_with_its_cue(nlp: Language) -> None:
    text = "Anna Vell asked: “Who built it?\n“I never built a dam.”"
    found = attribution(text, "Anna Vell", "asked", "“Who built it?", "“I never built a dam.”")
    assert mended(nlp, text, found) == [(["Anna Vell"], ["asked"], ["“Who built it?", "“I never built a dam.”"])]


def test_an_infinitive_without_a_source_tells_of_nothing_said(nlp: Language) -> None:
    text = "They came to answer allegations of fraud."
    assert mended(nlp, text, attribution(text, "", "to answer allegations of", "fraud")) == []


def test_a_transcript_is_read_by_its_labels(nlp: Language) -> None:
    text = "ORM: Will it hold?\nVELL: It will. We built it well.\nORM: Thank you."
    assert mended(nlp, text) == [
        (["ORM"], [":"], ["Will it hold?"]),
        (["VELL"], [":"], ["It will. We built it well."]),
        (["ORM"], [":"], ["Thank you."]),
    ]


def test_one_label_is_no_transcript(nlp: Language) -> None:
    assert mended(nlp, "Note: The dam was built in 1911.\nIt held.") == []


def test_a_cue_keeps_its_own_subject(nlp: Language) -> None:
    text = "Anna Vell said that it held. Tomas Orm left."
    found = attribution(text, "Tomas Orm", "said", "that it held")
    assert mended(nlp, text, found) == [(["Anna Vell"], ["said"], ["that it held"])]


def test_a_cue_without_a_source_gets_its_subject(nlp: Language) -> None:
    text = "Anna Vell said that it held."
    assert mended(nlp, text, attribution(text, "", "said", "that it held"))[0][0] == ["Anna Vell"]


def test_a_source_ends_before_its_verb(nlp: Language) -> None:
    text = "Anna Vell is among those who say that it held."
    found = attribution(text, "Anna Vell is among those", "say", "that it held")
    assert mended(nlp, text, found)[0][0] == ["Anna Vell"]


def test_text_is_read_with_the_verb_that_judges(read: Read) -> None:
    (quote,) = read("Anna Vell called the dam a disgrace.")
    assert quote.text == "called the dam a disgrace"
    assert quote.spans == (Span(17, 35),)


def test_a_source_begins_after_a_place(nlp: Language) -> None:
    text = "In Vellmar, Anna Vell, the mayor, called for a new dam."
    found = attribution(text, "In Vellmar, Anna Vell, the mayor", "called for", "a new dam")
    assert mended(nlp, text, found) == [(["Anna Vell, the mayor"], ["called for"], ["a new dam"])]


def test_one_of_many_speaks_for_herself(nlp: Language) -> None:
    text = "Anna Vell is among the leading ministers to say that the dam will hold."
    found = attribution(text, "the leading ministers", "to say", "that the dam will hold")
    assert mended(nlp, text, found) == [(["Anna Vell"], ["to say"], ["that the dam will hold"])]


def test_a_headline_does_not_go_on_below(nlp: Language) -> None:
    text = "Dam will fail, says mayor\n\nWork on it stopped on Monday."
    found = attribution(text, "mayor", "says", "Dam will fail", "Work on it stopped on Monday")
    assert mended(nlp, text, found) == [(["mayor"], ["says"], ["Dam will fail"])]


def test_beside_a_quotation_the_sentence_before_is_not_said(nlp: Language) -> None:
    text = "The mayor was unimpressed. “I would have stayed,” she said."
    found = attribution(text, "she", "said", "The mayor was unimpressed", "“I would have stayed,”")
    assert mended(nlp, text, found) == [(["she"], ["said"], ["“I would have stayed,”"])]


def test_what_nobody_says_and_hardly_anything_speaks_for_is_left_out(nlp: Language) -> None:
    text = "The use of the weir is banned."
    found = replace(attribution(text, "is", "banned", "The use of the weir"), source=(), confidence=0.3)
    assert mended(nlp, text, found) == []
    assert mended(nlp, text, replace(found, confidence=0.6)) != []
