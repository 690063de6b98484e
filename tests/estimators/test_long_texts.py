import resource

from attnpool import TextClassifier, TextMatcher


def test_nine_thousand_characters_train_in_bounded_memory():
    words = {"好": "房间干净服务热情", "差": "隔音太差态度恶劣"}
    texts = [words[label] * (1150 - i) for i in range(12) for label in words]
    labels = [label for _ in range(12) for label in words]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    model = TextClassifier(epochs=1).fit(texts, labels)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert model.limit_ == 9200
    assert grown < 3 * 1024**2  # kilobytes
    assert model.explain(texts[:1])[0].sides[0].read_until == len(texts[0])


def test_alignment_reads_less_of_a_stray_text():
    pairs = [("怎么退款", "如何退款"), ("怎么退款", "今天下雨")] * 6 + [("退" * 3000, "款" * 9000)]
    labels = [1, 0] * 6 + [0]
    model = TextMatcher(architecture="alignment", epochs=1).fit(pairs, labels)
    assert model.limit_ == 1000
