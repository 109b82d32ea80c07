"""The cache of what follows from strings: computed once, never more than fits."""

from boilerplate.lexicon.cache import BoundedCache


def counted(capacity, longest=400):
    asked = []
    return BoundedCache(lambda key: asked.append(key) or len(key), capacity, longest), asked


def test_a_value_is_computed_once():
    cache, asked = counted(10)
    assert [cache["satu"], cache["dua"], cache["satu"]] == [4, 3, 4]
    assert asked == ["satu", "dua"]


def test_a_full_cache_is_dropped_whole():
    cache, _ = counted(3)
    for key in ("a", "bb", "ccc", "dddd"):
        assert cache[key] == len(key)
    assert dict(cache) == {"dddd": 4}


def test_long_strings_are_not_kept():
    cache, asked = counted(3, longest=5)
    assert [cache["x" * 6], cache["x" * 6], cache["x" * 5]] == [6, 6, 5]
    assert asked == ["x" * 6, "x" * 6, "x" * 5]
    assert list(cache) == ["x" * 5]


def test_many_values_are_kept_if_they_fit():
    cache, asked = counted(3)
    cache.store({"a": 1, "bb": 2})
    assert cache["bb"] == 2
    assert asked == []
    cache.store({"ccc": 3, "dddd": 4})
    assert dict(cache) == {"ccc": 3, "dddd": 4}
    cache.store({str(i): 1 for i in range(4)})
    assert not cache
