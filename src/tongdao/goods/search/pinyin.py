"""How Chinese is typed without Chinese letters: syllables of a text, and letters read as syllables.

The readings come from pypinyin (MIT), which knows characters with several readings by their words (重庆 is
chong qing). It takes a fifth of a second and some memory to load, so who needs it loads it: the reader that
keeps the index, and a search that would otherwise find nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from tongdao.goods.search.units import Unit, runs

MOST_WAYS = 4  # of cutting letters into syllables; more than four are no words that anybody means
# The syllables of Modern Standard Chinese without tones (ISO 7098), ü written v.
_WRITTEN = """
a ai an ang ao e ei en eng er o ou
ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu
pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu
ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu
fa fan fang fei fen feng fo fou fu
da dai dan dang dao de dei den deng di dia dian diao die ding diu dong dou du duan dui dun duo
ta tai tan tang tao te teng ti tian tiao tie ting tong tou tu tuan tui tun tuo
na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu nuan nuo nv nve
la lai lan lang lao le lei leng li lia lian liang liao lie lin ling liu lo long lou lu luan lun luo lv lve
ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo
ka kai kan kang kao ke kei ken keng kong kou ku kua kuai kuan kuang kui kun kuo
ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo
ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun
qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun
xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun
zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo
cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo
sha shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo
ran rang rao re ren reng ri rong rou ru rua ruan rui run ruo
za zai zan zang zao ze zei zen zeng zi zong zou zu zuan zui zun zuo
ca cai can cang cao ce cen ceng ci cong cou cu cuan cui cun cuo
sa sai san sang sao se sen seng si song sou su suan sui sun suo
ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun
wa wai wan wang wei wen weng wo wu
"""
SYLLABLES = frozenset(_WRITTEN.split())
BEGINNINGS = frozenset(syllable[:length] for syllable in SYLLABLES for length in range(1, len(syllable) + 1))
LONGEST = max(map(len, SYLLABLES))
INITIALS = frozenset(syllable[0] for syllable in SYLLABLES)
Way = tuple[str, ...]
_WHOLE = re.compile(f"(?:{'|'.join(sorted(SYLLABLES, reverse=True))})+")


def sounds(found: Sequence[Unit]) -> list[str]:
    """One for each unit: the syllable of a character, a word as it is."""
    said: list[str] = []
    for run in runs(found):
        said += _syllables("".join(unit.text for unit in run)) if run[0].han else [run[0].text]
    return said


def _syllables(characters: str) -> list[str]:
    from pypinyin import lazy_pinyin  # loaded by who needs it, see above

    # What has no reading stays as it is, character by character.
    return lazy_pinyin(characters, errors=list)  # type: ignore[arg-type]  # its types leave lists out


@lru_cache(maxsize=16_384)  # the edits of a word end alike, and people mistype the same words
def ways(letters: str, *, whole: bool) -> tuple[Way, ...]:
    """The first few ways to read letters as syllables, long ones first.

    Unless `whole`, the last may be the beginning of a syllable: somebody is still typing it.
    """
    if whole and not _WHOLE.fullmatch(letters):  # most edits of a word are nothing, and are soon known to be
        return ()
    found: list[Way] = [(letters,)] if letters in (SYLLABLES if whole else BEGINNINGS) else []
    for length in range(min(LONGEST, len(letters) - 1), 0, -1):
        if letters[:length] in SYLLABLES:
            found += [(letters[:length], *rest) for rest in ways(letters[length:], whole=whole)]
    return tuple(found[:MOST_WAYS])


def is_whole(letters: str) -> bool:
    """Whether nothing or whole syllables alone stand there."""
    return not letters or _WHOLE.fullmatch(letters) is not None


def are_initials(letters: str) -> bool:
    """Whether each letter may stand for a syllable that begins with it."""
    return 2 <= len(letters) <= 8 and INITIALS.issuperset(letters)
