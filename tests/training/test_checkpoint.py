import pytest

from attnpool import InputError
from attnpool.persistence import model_folder as checkpoint


def fill(word):
    def write(folder):
        for name in (checkpoint.WEIGHTS, checkpoint.TOKENIZER, checkpoint.METRICS):
            (folder / name).write_text(word)
        checkpoint.write_config(folder, {"kind": "Test", "word": word})

    return write


def test_a_crash_while_writing_leaves_the_old_model_and_nothing_else(tmp_path):
    place = tmp_path / "model"
    checkpoint.write_folder(place, fill("old"), overwrite=False)

    def crash(folder):
        fill("new")(folder)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        checkpoint.write_folder(place, crash, overwrite=True)
    assert checkpoint.read_config(place)["word"] == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["model"]


def test_overwrite_swaps_the_new_one_in(tmp_path):
    place = tmp_path / "model"
    checkpoint.write_folder(place, fill("old"), overwrite=False)
    with pytest.raises(InputError, match="--overwrite"):
        checkpoint.write_folder(place, fill("new"), overwrite=False)
    checkpoint.write_folder(place, fill("new"), overwrite=True)
    assert checkpoint.read_config(place)["word"] == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["model"]


def test_what_is_no_model_is_never_replaced(tmp_path):
    thesis = tmp_path / "thesis"
    thesis.mkdir()
    (thesis / "chapter.txt").write_text("years of work")
    (thesis / "config.json").write_text('{"mine": 1}')
    for overwrite in (False, True):
        with pytest.raises(InputError, match="is not a model"):
            checkpoint.check_target(thesis, overwrite=overwrite)
    # Another tool's folder with a config.json that looks a little like ours.
    (thesis / "config.json").write_text('{"tool": "other", "format_version": "3"}')
    with pytest.raises(InputError, match="is not a model"):
        checkpoint.check_target(thesis, overwrite=True)
    with pytest.raises(InputError, match="does not exist"):
        checkpoint.check_target(tmp_path / "no" / "model", overwrite=False)


def test_what_a_user_keeps_inside_a_model_folder_is_not_deleted(tmp_path):
    place = tmp_path / "model"
    checkpoint.write_folder(place, fill("old"), overwrite=False)
    (place / "predictions.csv").write_text("mine")
    with pytest.raises(InputError, match=r"predictions\.csv"):
        checkpoint.write_folder(place, fill("new"), overwrite=True)
    assert (place / "predictions.csv").exists()


def test_a_link_to_a_model_stays_a_link(tmp_path):
    checkpoint.write_folder(tmp_path / "v1", fill("old"), overwrite=False)
    (tmp_path / "latest").symlink_to("v1")
    checkpoint.write_folder(tmp_path / "latest", fill("new"), overwrite=True)
    assert (tmp_path / "latest").is_symlink()
    assert checkpoint.read_config(tmp_path / "v1")["word"] == "new"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["latest", "v1"]


def test_readable_by_others_as_any_folder_is(tmp_path):
    checkpoint.write_folder(tmp_path / "model", fill("x"), overwrite=False)
    (tmp_path / "plain").mkdir()
    assert (tmp_path / "model").stat().st_mode == (tmp_path / "plain").stat().st_mode
