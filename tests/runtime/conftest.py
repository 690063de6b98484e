import pytest

from attnpool import TextClassifier

TEXTS = ["房间干净", "服务热情周到", "隔音太差", "态度恶劣", "位置很好很安静", "早餐太差"] * 5
LABELS = ["好", "好", "差", "差", "好", "差"] * 5
ENGLISH = [
    "a wonderful film",
    "dull and lifeless",
    "wonderfully acted films",
    "the dullest of stories",
] * 6


@pytest.fixture(scope="session")
def chinese():
    return TextClassifier(epochs=4).fit(TEXTS, LABELS)


@pytest.fixture(scope="session")
def english():
    return TextClassifier(epochs=4).fit(ENGLISH, ["good", "bad", "good", "bad"] * 6)


@pytest.fixture(scope="session")
def compact_file(chinese, tmp_path_factory):
    path = tmp_path_factory.mktemp("compact") / "reviews.safetensors"
    chinese.export(path)
    return path
