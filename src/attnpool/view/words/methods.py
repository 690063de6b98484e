"""The attribution methods in Chinese; their English words stand in their records."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class MethodWords(NamedTuple):
    """What a method is called, and what its colours mean; see `AttributionMethod`."""

    name: str
    legend: str
    ends: tuple[str, str]
    noun: str
    marks: str = ""


_MOVED = "橙色把模型推向所解释的类别（未另行指定时即预测类别），蓝色把它推离该类别。"
_MOVED_ENDS = ("反对该类别", "支持该类别")
_SHARE_ENDS = ("不高于均匀值", "远高于均匀值")


def _moved(name: str) -> MethodWords:
    return MethodWords(name, _MOVED, _MOVED_ENDS, "数值")


METHODS_ZH: Mapping[str, MethodWords] = MappingProxyType(
    {
        "attention": MethodWords(
            "注意力", "琥珀色表示模型看了哪里，不表示它为何这样判断。", _SHARE_ENDS, "权重"
        ),
        "contribution": _moved("贡献"),
        "gradient_x_input": _moved("梯度 × 输入"),
        "integrated_gradients": _moved("积分梯度"),
        "leave_one_out": _moved("留一法"),
        "max_share": MethodWords(
            "最大值占比",
            "琥珀色表示向量有多少维在该词元处取最大值，不表示模型为何这样判断。",
            _SHARE_ENDS,
            "数值",
        ),
        "max_sum": MethodWords(
            "最大值之和",
            "该词元处的最大值之和大于零（橙色）或小于零（蓝色）；两者都不表示支持某个类别。",
            ("小于零", "大于零"),
            "数值",
        ),
        "closeness": MethodWords(
            "接近度",
            "琥珀色表示哪些词元与整个文本相近，不表示模型为何这样判断。",
            _SHARE_ENDS,
            "数值",
        ),
        "random": MethodWords(
            "随机", "琥珀色是随机的：任何方法都应当胜过它。", ("低", "高"), "数值"
        ),
        "lcs": MethodWords(
            "最长公共子序列",
            "琥珀色：两个文本中顺序相同的共有字符。",
            _MOVED_ENDS,
            "数值",
            "两个文本都有",
        ),
        "lcs_rest": MethodWords(
            "最长公共子序列之外",
            "琥珀色：两个文本中顺序相同的共有字符以外的字符。",
            _MOVED_ENDS,
            "数值",
            "并非两个文本都有",
        ),
    }
)
