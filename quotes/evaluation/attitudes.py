"""Words of attitude, as lemmas: what the method by rules knows with which the trained model is compared."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Verbs by which a speaker takes a stand toward their object: "I support the dam".
FOR_OBJECT = _words(
    """
    admire applaud appreciate approve back celebrate champion commend congratulate defend embrace encourage
    endorse enjoy favor favour greet hail honor honour laud like love praise respect salute support thank
    trust value welcome
    """
)
AGAINST_OBJECT = _words(
    """
    abandon abhor accuse ban berate blame blast block boycott cancel castigate chastise condemn criticise
    criticize decry denounce deplore deride despise detest dismiss distrust expel fear fire halt hate impeach
    indict lament lambast lambaste mock oppose oust prosecute punish rebuke regret reject resist resent
    ridicule sanction scrap slam slate stop sue topple
    """
)
# Verbs that do credit or discredit to their subject: "the bank cheated its customers".
GOOD_DEED = _words(
    """
    deliver earn help improve inspire keep protect rescue save serve succeed unite win
    """
)
BAD_DEED = _words(
    """
    abuse attack bully cheat collapse deceive destroy endanger exploit fail harm harass hurt ignore insult
    invade kill lie lose mislead mismanage murder neglect oppress plunder ruin sabotage steal threaten torture
    waste wreck betray brand weaken squander bungle
    """
)
# What somebody or something is said to be or to have.
GOOD = _words(
    """
    able admirable best better bold brave brilliant capable careful clever competent courage courageous credit
    decent dignity effective excellent exemplary fair faithful fine friend gain generous genius good great
    hero heroic honest honourable hope ideal important improvement inspiring integrity kind lifeline loyal
    merit model necessary opportunity patriot perfect pride progress promising proper proud prudent remarkable
    right sensible smart sound splendid strong success successful superb terrific triumph true trustworthy
    valuable victory vision welcome wise wonderful worthy
    """
)
BAD = _words(
    """
    absurd accountability accountable aggression aggressor appalling arrogant atrocity awful bad bankrupt
    betrayal bigot blunder broken bully catastrophe catastrophic cheat coward cowardly crime criminal crisis
    crook cruel cynical damage dangerous deceit despicable dictator disaster disastrous disgrace disgraceful
    dishonest dishonesty embarrassment evil failure false farce fault folly fool foolish fraud genocide greed
    guilty hateful horrible hypocrisy hypocrite illegal immoral incompetence incompetent inept insult
    insulting irresponsible liar lie ludicrous massacre menace mess mistake misguided monster nightmare
    nonsense outrage outrageous pathetic racist reckless ridiculous rotten sad scandal scandalous selfish
    shame shameful shameless sham stupid terrible thief thug threat tragedy traitor tyrant ugly unacceptable
    unfair unfit unforgivable unjust unworthy vandalism vile waste weak worse worst wrong betray outdated
    """
)
# Verbs that turn round what hangs on them: nobody praises who "lacks courage".
REVERSING = _words(
    """
    avoid deny escape evade lack lose prevent end reject oppose stop without fight resist refuse condemn
    """
)
NEGATIONS = _words("no not never nor neither n't hardly without")
