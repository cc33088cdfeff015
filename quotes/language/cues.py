"""The words by which English news says that somebody says something, as lemmas, by the grammar they take."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# She said (that) ...; "...", she said; she told him that ...
SAY = _words(
    """
    acknowledge add admit advise affirm agree allege announce answer argue assert assure ask aver boast
    caution claim comment complain concede conclude confess confirm contend continue counter cry declare
    demand deny disclose emphasise emphasize exclaim explain forecast grumble hint imply indicate inform
    insist interject joke maintain mention muse note object observe opine pledge point post predict proclaim
    promise protest quip read reason recall recount reiterate rejoin remark remind repeat reply report respond
    retort reveal say shout state stress suggest swear tell testify text thunder tweet underline urge vow warn
    whisper wonder write
    """
)
# Cues only beside a quotation: alone they tell of acts.
ONLY_QUOTED = _words(
    """
    agree ask comment continue cry joke object read reason recall respond shout text thunder whisper wonder
    """
)
# He promised to ..., she claims to ...
SAY_TO = _words(
    """
    claim offer pledge profess promise purport refuse swear threaten vow
    """
)
# She urged the house to ...
URGE = _words(
    """
    ask beg call caution challenge command demand exhort implore invite press remind tell urge warn
    """
)
# She called for a debate; he warned of floods.
SAY_WITH = {
    "call": _words("for"),
    "appeal": _words("for to"),
    "plead": _words("for with"),
    "push": _words("for"),
    "press": _words("for"),
    "warn": _words("of against about"),
    "complain": _words("of about"),
    "boast": _words("of about"),
    "argue": _words("for against"),
}
# She called the plan a disgrace: the verb is part of what is said, for without it the rest has no sense.
JUDGE_AS = _words(
    """
    brand call declare denounce depict describe dismiss dub hail label portray praise proclaim slam term
    """
)
# Of these, the ones that always make something of their object, however the parse takes it.
ONLY_JUDGE_AS = _words("brand dub label")
# She condemned the attack; he accused the bank of fraud.
JUDGE = _words(
    """
    accuse applaud attack berate blame blast castigate chastise commend condemn congratulate criticise
    criticize decry denounce deplore deride hail lambast lambaste laud mock praise rebuke ridicule salute slam
    slate thank welcome
    """
)
# Verbs of judging that also tell of deeds; with people's words only beside a quotation.
DEEDS = _words("attack blast slam mock salute dismiss declare term depict")
# Cues that carry on with what the same speaker said on the same occasion.
CONTINUE = _words("add continue conclude go")
ACCORDING = "according"
SPEECH_NOUNS = _words(
    """
    statement speech interview letter tweet post message email memo note address briefing
    """
)

VERBS = SAY | SAY_TO | URGE | JUDGE_AS | JUDGE | frozenset(SAY_WITH)
