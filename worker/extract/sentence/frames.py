"""What a sentence is about, as one figure hands it on to the next. A frame is never changed: a rule gives another."""

import re
from collections.abc import Container
from typing import NamedTuple

from worker.extract.language.words_before import Phrase
from worker.extract.sentence.clauses import Spot
from worker.patterns import set_of, words_of

_MEAN = re.compile("(?:年均|平均每年|每年平均|[两二三四五]年平均|(?<=[量额值资费])平均)$")
SHORT = 3  # a name of so few characters needs the name of what it belongs to
LONGEST_CONTEXT = 18  # characters of what stands before a name that lacks something


def _venue(subject: str) -> str:
    """Where something is done, which has what the clauses after count: 政务服务大厅 of 政务服务大厅进驻部门."""
    return subject if subject.endswith(words_of("indicators.venues")) else ""


class Frame(NamedTuple):
    """``about`` is what the chain of clauses is about, ``subject`` whose doings the clauses without a subject tell.

    ``thing`` is the latest thing, ``whole_thing`` the same with its own subject and verb (地方税实征净额), ``act`` the verb
    in front of it, with its negation, which what is listed with it shares, ``lead`` what stands before it in its own
    phrase (网络覆盖 of 网络覆盖政务单位), ``around`` what stands before and after it in its name.

    ``level`` is the latest indicator that is no change and no share, ``share`` the share named since. ``part_of`` is what
    其中 and brackets divide; ``divides`` says whether the figure before was a part of it, ``bracket`` the place of the
    bracket that it stands in, ``act_outside`` the act in front of what the bracket belongs to, ``outside`` what it was about
    there. ``wholes`` are the phrases of the sentence's figures that are no parts, each with its unit. ``dealt`` are the things that 分别 has dealt figures out to.

    ``parts`` is how many parts in a row have divided it, ``levels`` are the names of the sentence's levels so far.

    ``name`` is that of the figure before, ``earlier`` the thing that the sentence before spoke of last, within the
    paragraph, ``start`` where the sentence starts.
    """

    about: str = ""
    subject: str = ""
    thing: str = ""
    whole_thing: str = ""
    act: str = ""
    lead: str = ""
    around: tuple[str, str] = ("", "")
    level: str = ""
    share: str = ""
    part_of: Phrase = Phrase()
    divides: bool = False
    parts: int = 0
    levels: tuple[str, ...] = ()
    bracket: int = -1
    act_outside: str = ""
    outside: "Frame | None" = None
    wholes: tuple[tuple[str, Phrase], ...] = ()
    dealt: tuple[str, ...] = ()
    name: str = ""
    earlier: str = ""
    start: int = 0

    @property
    def undivided(self) -> str:
        """The thing that is spoken of once the parts have ended: 申请 after 其中自然人申请39件."""
        return (self.part_of.thing or self.earlier if self.divides else "") or self.thing

    def of_next_sentence(self, text: str, start: int) -> "Frame":
        """What a sentence that starts there begins with: the last thing, or the whole of the last parts, within the paragraph."""
        is_new = "\n" in text[self.start : start]
        thing = self.undivided or self.earlier
        is_doer = thing.endswith(words_of("indicators.officials"))  # 其中检察长接访56件次
        return Frame(earlier="" if is_new or is_doer else thing, start=start)

    def after_semicolon(self) -> "Frame":
        """What a semicolon leaves of it: the thing, with what tells cases from others, and what is divided."""
        is_case = self.whole_thing.endswith(words_of("indicators.cases"))
        return Frame(
            thing=self.thing,
            whole_thing=self.whole_thing if is_case else "",
            level=self.level if is_case else "",
            part_of=self.part_of,
            divides=self.divides,
            parts=self.parts,
            bracket=self.bracket,
            outside=self.outside.after_semicolon() if self.outside else None,
            wholes=self.wholes,
            name=self.name,
            earlier=self.earlier,
            start=self.start,
        )

    def behind_bracket(self) -> "Frame":
        """What it is about behind a bracket: what it was about before, and not what the bracket told of that."""
        before = self.outside
        if before is None:
            return self
        return self._replace(
            about=before.about,
            thing=before.thing,
            whole_thing=before.whole_thing,
            part_of=before.part_of,
            divides=before.divides,
            parts=before.parts,
            levels=before.levels,
            outside=None,
        )

    def measured_before(self) -> "Frame":
        """What was measured in front of a bracket, behind it: in 投资30亿元(其中国有12亿元)，增长5% all of it has grown."""
        before = self.outside
        return self if before is None or not before.level else self._replace(level=before.level, share=before.share)

    def turned_to(self, thing: str, *, is_subject: bool) -> "Frame":
        """What it is about after a clause without a figure that speaks of a thing."""
        # What is measured does nothing: 算力总规模居全国前列，建成基站25万个; 居民收入增长与经济增长同步，新增就业8000人.
        idle = (*words_of("indicators.actors"), *words_of("indicators.attributes"), *words_of("indicators.sums"))
        acts = is_subject and len(thing) > SHORT and not thing.endswith(idle)
        return self._replace(about=thing, subject=thing if acts else "", thing=self.thing or thing)

    def after(self, phrase: Phrase, name: str, spot: Spot, changes: Container[str], *, is_part: bool) -> "Frame":
        """What it is about after a figure that has this name by this phrase."""
        before, thing, after = name.partition(phrase.thing) if phrase.thing else ("", "", "")
        around = (before, after) if thing and before else ("", "")
        lasts = phrase.act.startswith("连续") and phrase.thing  # 总产量连续五年稳定在11万吨以上
        # 地区生产总值年均增长7%，力争突破190亿元
        level = _MEAN.sub("", name.removesuffix(phrase.act)) if phrase.act in changes or lasts else name
        if phrase.act in changes:
            shorter = _MEAN.sub("", phrase.thing)
            phrase = phrase._replace(thing=shorter, core=_MEAN.sub("", phrase.core))
        # A rate has no rates, and neither has what a bracket says of the figure before it.
        has_nothing = spot.bracket >= 0 or phrase.thing.endswith(words_of("indicators.levels"))
        if phrase.bare:
            return self._replace(
                around=self.around if spot.bracket >= 0 else around,
                level=level,
                levels=self.levels if phrase.act in changes else (*self.levels, name),
                share="",
                name=name,
                about=self.about or ("" if has_nothing else phrase.thing),
                thing=self.thing or ("" if has_nothing else phrase.thing),
                act="",
                lead="",
            )
        latest = phrase.core or phrase.thing or self.thing
        whole = phrase.thing
        if phrase.leads and self.thing and phrase.act in set_of("indicators.concerning"):
            latest, whole = self.thing, self.whole_thing  # 涉及劳动者2417人，涉案金额8725万元
        act, lead = self.act_outside if self.bracket >= 0 > spot.bracket else self.act, self.lead
        if spot.joint != "、":
            act = phrase.act if phrase.leads else ""
            lead = phrase.thing.removesuffix(phrase.core) if phrase.core and phrase.core != phrase.thing else ""
        elif phrase.leads:
            act = phrase.act
        does = phrase.act not in changes  # what grows does nothing
        doers = (*words_of("indicators.actors"), *words_of("indicators.officials"))
        names_subject = does and len(phrase.subject) > SHORT and not phrase.subject.endswith(doers)
        return Frame(
            about=self.about or _venue(phrase.subject) or phrase.core or phrase.thing,
            subject=phrase.subject if names_subject else self.subject,
            thing=latest,
            whole_thing=whole if len(whole) <= LONGEST_CONTEXT else latest,
            act=act,
            lead=lead,
            around=around,
            level=level,
            part_of=self.part_of if is_part else phrase,
            divides=is_part,
            parts=self.parts + 1 if is_part else 0,
            levels=self.levels if phrase.act in changes else (*self.levels, name),
            bracket=spot.bracket,
            act_outside="" if spot.bracket < 0 else self.act_outside if self.bracket == spot.bracket else self.act,
            outside=self._outside(spot),
            wholes=self.wholes if is_part else (*self.wholes, (spot.figure.unit, phrase)),
            dealt=self.dealt,
            name=name,
            earlier=self.earlier,
            start=self.start,
        )

    def _outside(self, spot: Spot) -> "Frame | None":
        """The frame in front of the bracket that a figure stands in."""
        if spot.bracket < 0:
            return None
        return self.outside if self.bracket == spot.bracket else self._replace(outside=None)
