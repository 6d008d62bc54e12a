"""The charset of names that were cut: UTF-8, or GB 18030 without a header that says so (A15, A16)."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from vision_ai._quirks.json_leniency import parse_json

NAMES = """
苹果 红富士苹果 黄元帅 青苹果 梨 雪梨 皇冠梨 香梨 鸭梨 贡梨 库尔勒香梨 香蕉 橙子
赣南脐橙 血橙 砂糖橘 沃柑 耙耙柑 柚子 红心柚 柠檬 巨峰葡萄 阳光玫瑰 红提 草莓 蓝莓 桑葚
车厘子 樱桃 山楂 冬枣 红枣 水蜜桃 油桃 杏子 李子 西梅 芒果 菠萝 榴莲 猫山王 山竹
红毛丹 莲雾 红心火龙果 百香果 石榴 杨梅 荔枝 龙眼 枇杷 木瓜 释迦 牛油果 椰子 甘蔗
猕猴桃 柿子 西瓜 麒麟瓜 哈密瓜 甜瓜 土豆 红薯 铁棍山药 芋头 莲藕 白萝卜 胡萝卜 洋葱
大蒜 蒜薹 生姜 香葱 大白菜 娃娃菜 上海青 芥蓝 菠菜 空心菜 苋菜 茼蒿 韭菜 芹菜 茴香
荠菜 西兰花 紫甘蓝 莴笋 芦笋 茭白 黄瓜 冬瓜 南瓜 丝瓜 苦瓜 茄子 番茄 圣女果 青椒 豇豆
荷兰豆 豌豆 毛豆 玉米 秋葵 香菇 金针菇 木耳 核桃 花生 板栗 鸡蛋 五花肉 鲫鱼 虾仁 豆腐
"""
PRODUCE = NAMES.split()


def list_of(*names: bytes) -> bytes:
    entries = b",".join(b'{"id":"%d","name":"%b"}' % (number, name) for number, name in enumerate(names))
    return b'{"code":0,"data":[' + entries + b"]}"


def cut_anywhere(name: str) -> list[bytes]:
    """Return the beginnings of a name in UTF-8 that end within a character, behind at least one whole one."""
    content = name.encode()
    return [content[:end] for end in range(4, len(content)) if end % 3]


def read_names(content: bytes) -> list[str]:
    return [each["name"] for each in parse_json(content, "application/json")["data"]]


def test_a_cut_name_alone_is_read_as_utf_8() -> None:
    for name in PRODUCE:
        for cut in cut_anywhere(name):
            assert read_names(list_of(cut)) == [cut.decode(errors="replace")]


def test_a_name_alone_is_read_as_gb18030() -> None:
    for name in PRODUCE:
        assert read_names(list_of(name.encode("gbk"))) == [name]


@settings(max_examples=50)
@given(st.lists(st.sampled_from(PRODUCE), min_size=2, max_size=30), st.randoms())
def test_lists_with_cut_names_are_read_in_their_charset(produce: list[str], random: Random) -> None:
    cut = [random.choice([name.encode(), *cut_anywhere(name)]) for name in produce]
    assert read_names(list_of(*cut)) == [name.decode(errors="replace") for name in cut]
    whole = [name.encode("gbk") for name in produce]
    assert read_names(list_of(*whole)) == produce
    position = random.randrange(len(whole))
    whole[position] = whole[position][:-1]
    assert read_names(list_of(*whole)) == [name.decode("gb18030", errors="replace") for name in whole]


@settings(max_examples=50)
@given(st.lists(st.text("éèêçöüßñÀÉАБВГДЕЖЗабвгдежзΑΒΓαβγאבגابة", min_size=3, max_size=12), min_size=1))
def test_names_in_other_scripts_that_are_cut_are_read_as_utf_8(produce: list[str]) -> None:
    cut = [name.encode()[:-1] for name in produce]
    assert read_names(list_of(*cut)) == [name.decode(errors="replace") for name in cut]
