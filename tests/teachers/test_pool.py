"""Unlabelled texts: which are left out, and whether they are of another language."""

import pytest

from attnpool import InputError
from attnpool.teachers import LeftOut, clean_pool, other_language
from attnpool.text import Cleanup


def test_texts_that_are_of_no_use_are_left_out_and_counted():
    pool = ["new", " held", "", "e\u0301t\u00e9", "new ", "known", "  ", "other", "held", "known"]
    kept, left_out = clean_pool(pool, ["known"], ["held", "\u00e9t\u00e9"])
    assert kept == ["new", "other"]
    assert left_out == LeftOut(empty=2, held_out=3, labelled=2, twice=1)
    assert len(pool) == len(kept) + sum(left_out)


def test_a_text_that_is_labelled_and_held_out_counts_as_held_out():
    assert clean_pool(["x"], ["x"], ["x"]) == ([], LeftOut(0, 1, 0, 0))
    assert clean_pool([], ["x"], []) == ([], LeftOut(0, 0, 0, 0))


def test_texts_are_alike_without_what_is_cleaned_up():
    pool, left = clean_pool(["好[泪]", "很好", "[笑]"], [], ["好"], Cleanup(("bracket-emoji",)))
    assert pool == ["很好"]
    assert left._asdict() == {"empty": 1, "held_out": 1, "labelled": 0, "twice": 0}


@pytest.mark.parametrize("value", [None, float("nan"), 3, ("a", "b"), b"a"])
def test_what_is_no_text_is_one_line(value):
    with pytest.raises(InputError, match=r"unlabelled\[1\] is \w+, not a string"):
        clean_pool(["a", value], [])


SENTENCES = {
    "English": """The room was clean and the staff were very kind, but the breakfast left a lot to
        be desired. We would come back anyway because the place is simply excellent. The film is
        boring and the actors look tired. I did not have a good time for a single minute. The story
        is easy to guess, but the pictures are beautiful. One should not expect too much when one
        reads this book for the first time. There is nothing here that has not been said before.""",
    "German": """Das Zimmer war sauber und das Personal sehr freundlich, aber das Frühstück ließ zu
        wünschen übrig. Wir würden dennoch wiederkommen, weil die Lage einfach hervorragend ist. Der
        Film ist langweilig und die Schauspieler wirken müde. Ich habe mich keine Minute gut
        unterhalten gefühlt. Die Handlung ist vorhersehbar, doch die Bilder sind wunderschön. Man
        sollte nicht zu viel erwarten, wenn man dieses Buch zum ersten Mal liest.""",
    "French": """La chambre était propre et le personnel très aimable, mais le petit déjeuner
        laissait à désirer. Nous reviendrons quand même parce que l'emplacement est tout simplement
        excellent. Le film est ennuyeux et les acteurs semblent fatigués. Je ne me suis pas amusé
        une seule minute. L'histoire est prévisible, mais les images sont magnifiques. Il ne faut
        pas trop en attendre quand on lit ce livre pour la première fois de sa vie.""",
    "Russian": """Номер был чистым, а персонал очень любезным, но завтрак оставлял желать лучшего.
        Мы всё равно вернулись бы, потому что место просто отличное. Фильм скучный, а актёры
        выглядят усталыми. История предсказуема, но картины прекрасны.""",
    "Chinese": "房间很干净，服务员也很热情，可惜早餐不太好。位置非常方便，下次还会来住。"
    * 2
    + "电影很无聊，演员看上去很累，我一分钟也没有觉得好看。故事很容易猜到，不过画面很美，"
    "第一次看这本书的人不要期望太高，里面说的话别人早就说过了，没有什么新的东西。",
    "Japanese": "部屋はとても綺麗で、スタッフも親切でしたが、朝食は残念ながら期待外れでした。"
    "それでも立地が素晴らしいので、また泊まりたいと思います。映画は退屈で、俳優たちは疲れて"
    "いるように見えました。一分も楽しめませんでした。物語は予想できますが、映像は美しいです。"
    "初めてこの本を読むときは、あまり期待しないほうがいいでしょう。",
    "Korean": "방은 깨끗하고 직원들도 매우 친절했지만 아침 식사는 아쉬웠습니다. 위치가 정말 "
    "훌륭해서 다시 오고 싶습니다. 영화는 지루하고 배우들은 피곤해 보였습니다. 단 일 분도 즐겁지 "
    "않았습니다. 이야기는 예상할 수 있지만 화면은 아름답습니다. 이 책을 처음 읽을 때는 너무 "
    "기대하지 마세요.",
}
OTHER_ENGLISH = [
    "attention is a weighted mean of the values",
    "Each row of the table holds a text and its label, and rows without a label are left out.",
    "Prices rose again in the third quarter, said the bank, as shops ran out of their stocks.",
    "The team lost its first match of the season by three goals to one on Saturday evening.",
    "Press the red button twice and wait until the lamp goes out before you open the cover.",
    "Police are looking for two men who were seen near the station on the night of the fire.",
]


@pytest.mark.parametrize("labelled", SENTENCES)
@pytest.mark.parametrize("pool", SENTENCES)
def test_a_pool_of_another_language_is_said_in_one_sentence(labelled, pool):
    said = other_language(cut(labelled), cut(pool))
    if labelled == pool:
        assert said is None
    else:
        assert "of another language" in said
        assert "\n" not in said


def cut(language):
    """Texts of some forty characters."""
    text = " ".join(SENTENCES[language].split())
    return [text[i : i + 40] for i in range(0, len(text), 40)]


def test_another_subject_is_no_other_language():
    assert other_language(cut("English"), OTHER_ENGLISH) is None


def test_the_share_of_letters_is_said():
    said = other_language(cut("Chinese"), cut("English"))
    assert "100% Latin letters there, 100% Chinese letters here" in said


@pytest.mark.parametrize("few", [[], ["привет"], ["12345 !!!"] * 100])
def test_too_few_letters_say_nothing(few):
    assert other_language(cut("English"), few) is None
    assert other_language(few, cut("English")) is None
