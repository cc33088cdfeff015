"""What a cue tells of: speech, writing, thought, desire, or something else; by the lemmas of English news."""

from __future__ import annotations

from collections.abc import Sequence

from quotes.records import CueClass


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SPEECH = _words(
    """
    accuse acknowledge add address admit advise affirm agree allege announce answer apologise apologize appeal
    argue articulate ask assail assert assure attack aver beg berate blame blast boast brag brand call castigate
    caution challenge chant characterise characterize chastise chide cite claim clarify comment commend complain
    concede conclude condemn confess confirm congratulate contend continue counter credit criticise criticize
    cry decline declare decry demand denounce deny deride describe disagree disavow disclose discuss dismiss
    dispute dub elaborate emphasise emphasize encourage exclaim explain express forecast go grumble hail
    highlight hint imply indicate inform insist interject invoke joke label lambast lambaste lament laud liken
    maintain mention mock muse name note object observe opine outline plead pledge point portray praise predict
    proclaim profess promise protest purport question quip quote raise read reaffirm reason rebuff rebuke rebut
    recall recite recount refer refuse reiterate reject rejoin remark remind renounce repeat reply report
    request respond retort reveal ridicule salute say scold shout signal slam slate speak speculate state stress
    suggest swear talk tell term testify thank threaten thunder tout underline underscore urge utter voice vouch
    vow warn welcome whisper yell accord
    """
)
WRITING = _words("author blog document email file list post publish retweet sign text title tweet write")
THOUGHT = _words(
    """
    assume believe consider deem determine doubt expect fear feel figure guess imagine interpret judge know
    learn realise realize recognise recognize regard remember see sense suspect think understand view wonder
    worry
    """
)
DESIRE = _words("aim aspire desire eager favor favour hope intend like long need plan prefer seek want wish willing")
# She called the plan a disgrace: what follows such a verb has no sense without it.
JUDGING = _words(
    """
    accuse applaud berate blame blast brand call castigate chastise commend condemn congratulate criticise
    criticize decry denounce deplore deride describe dismiss dub hail label lambast lambaste laud mock portray
    praise rebuke ridicule salute slam slate term thank welcome
    """
)
LINKING = _words("as for of on")
# Cues that carry on with what the same speaker said on the same occasion.
CONTINUING = _words("add continue conclude go")
UTTERING = SPEECH | WRITING


def cue_class(lemmas: Sequence[str], quoted: bool) -> CueClass:
    """Tell what a cue is about.

    Args:
        lemmas: the cue's words as lemmas, lower case; "said in a statement" is ``say in a statement``.
        quoted: whether any of the content stands between quotation marks, which only utterances do.

    Returns:
        The class of the first word that has one.
    """
    for lemma in lemmas:
        if lemma in DESIRE:
            return "desire"
        if lemma in THOUGHT:
            return "thought"
        if lemma in WRITING:
            return "writing"
        if lemma in SPEECH or lemma == ":":
            return "speech"
    return "speech" if quoted else "other"
