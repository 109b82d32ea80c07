"""Bytes to text, and HTML or not."""

import codecs
import gzip
import io
import random
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

import boilerplate
from boilerplate.errors import InputError
from boilerplate.reading import charset as reading
from boilerplate.reading import decode, is_html, unescape

TEXT = "<p>Presiden berkata, “Kita akan membangun café di Bandung – segera.” Harganya 5€.</p>"
LATIN = "<p>Kopi di café José, jalan Malioboro, très bon menurut turis: déjà vu à Genève.</p>"
RUSSIAN = "<p>Сегодня в столице прошло заседание правительства, сообщает корреспондент агентства.</p>"
JAPANESE = "<p>東京都は今日、新しい計画を発表しました。知事は記者会見で説明した。</p>"
CHINESE = "<p>北京市政府今天宣布了新的计划,市长在记者会上作了说明。</p>"


def meta(charset):
    return f'<html><head><meta charset="{charset}"></head>'


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_byte_order_mark(bom, encoding):
    text = meta("iso-8859-1") + TEXT + JAPANESE
    assert decode(bom + text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_mark(encoding):
    assert decode((TEXT * 3).encode(encoding)) == TEXT * 3


@pytest.mark.parametrize("label", ["utf-8", "iso-8859-1", "windows-1252", "gbk", "utf-16", "no-such-thing"])
def test_valid_utf_8_is_utf_8_whatever_the_label(label):
    text = meta(label) + TEXT
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    ("text", "label", "encoding"),
    [
        (TEXT, "iso-8859-1", "cp1252"),
        (TEXT, "windows-1252", "cp1252"),
        (TEXT, "us-ascii", "cp1252"),
        (TEXT, "ISO_8859-1", "cp1252"),
        (LATIN, "latin1", "latin-1"),
        ("<p>İstanbul'da güneşli, şık bir gün</p>", "iso-8859-9", "cp1254"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (RUSSIAN, "windows-1251", "cp1251"),
        (JAPANESE, "shift_jis", "cp932"),
        (JAPANESE, "x-sjis", "cp932"),
        (JAPANESE, "euc-jp", "euc-jp"),
        (CHINESE, "gb2312", "gb18030"),
        (CHINESE + "\U00020000", "gbk", "gb18030"),
        (CHINESE, "gb18030", "gb18030"),
        ("<p>서울시는 오늘 새로운 계획을 발표했다 뷁</p>", "euc-kr", "cp949"),
        ("<p>台北市政府今天宣布了新的計畫</p>", "big5", "big5"),
    ],
)
def test_declared_encoding_as_browsers_read_it(text, label, encoding):
    page = meta(label) + text
    assert decode(page.encode(encoding)) == page


@pytest.mark.parametrize(
    "head",
    [
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        "<META HTTP-EQUIV=Content-Type CONTENT='text/html;charset=windows-1251'/>",
        '<?xml version="1.0" encoding="windows-1251"?>',
        "<!-- komentar --><meta\n charset = 'windows-1251'>",
    ],
)
def test_ways_to_declare(head):
    assert decode((head + RUSSIAN).encode("cp1251")) == head + RUSSIAN


@pytest.mark.parametrize("label", ["utf-8", "punycode", "zlib", "unicode_escape", "undefined", "utf-7", "x-none"])
def test_mislabelled_latin_1(label):
    page = meta(label) + LATIN * 4
    assert "café José" in decode(page.encode("latin-1"))


def test_a_slow_codec_is_not_tried():
    data = meta("punycode").encode() + b"kata-kata\xe9 " * 100_000
    start = time.process_time()
    assert decode(data).count("kata-kata") == 100_000
    assert time.process_time() - start < 20  # hours with the codec


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(TEXT, "cp1252"), (LATIN, "cp1252"), (RUSSIAN, "cp1251"), (JAPANESE, "cp932"), (CHINESE, "gb18030")],
)
def test_no_label_at_all(text, encoding):
    assert decode((text * 20).encode(encoding)) == text * 20


def test_truncated_utf_8():
    data = (meta("utf-8") + TEXT * 3 + "”").encode()
    for missing in (1, 2):
        assert decode(data[:-missing]).startswith(meta("utf-8") + TEXT * 3)
    # The only character that is not ASCII is the one cut through.
    assert decode("Ia berkata “".encode()[:-1]) == "Ia berkata \ufffd"
    assert decode((meta("utf-8") + "<p>Ia berkata “").encode()[:-2]).endswith("berkata \ufffd")


def test_a_last_letter_of_latin_1_is_no_cut_utf_8():
    assert decode(b"<p>Kami minum di caf\xe9") == "<p>Kami minum di café"


def test_utf_8_with_broken_bytes():
    good = meta("iso-8859-1") + TEXT * 5
    data = good.encode() + b"<p>rusak \xff di sini \xe9 \xe2\x80 </p>" + JAPANESE.encode()
    text = decode(data)
    assert text.startswith(good)
    assert text.endswith(JAPANESE)


def test_replacement_characters_are_no_breakage():
    text = "<p>" + "rusak \ufffd\ufffd\ufffd " * 50 + "“baik”"
    assert decode(text.encode() + b"\xe2\x80") == text + "\ufffd"


def _zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "halo " * 100)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "JPEG"),
        (b"GIF89a\1\0\1\0", "GIF"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "image or a recording"),
        (_zip(), "ZIP"),
        (gzip.compress(b"<p>halo</p>"), "gzip"),
        (b"\x7fELF\2\1\1", "program"),
        (random.Random(1).randbytes(5000), "binary"),
        (random.Random(2).randbytes(300), "binary"),
        (b"SQLite format 3\0" + b"\0\1\0\0\2" * 1000, "binary"),
        (b"nama.txt" + bytes(500) + b"0000644\0" + bytes(3500), "binary"),
        (b"\xff\xfe" + random.Random(3).randbytes(5000), "binary"),
    ],
)
def test_binary_is_refused(data, name):
    with pytest.raises(InputError, match=name):
        decode(data)


@pytest.mark.parametrize("text", ["RIFF adalah format berkas.", "PKK desa", "GIF8 itu apa?", "BZhang menang"])
def test_text_that_starts_like_binary(text):
    assert decode(text.encode()) == text


def test_too_large(monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 2**20)
    assert len(decode(b"a" * 2**20)) == 2**20
    with pytest.raises(InputError, match=r"too large for a page \(at most 1 MB\)"):
        decode(b"a" * (2**20 + 1))


def test_nuls_and_nothing():
    text = "<p>Jakarta \0 hari ini\0</p>" + "kata " * 20
    assert decode(text.encode()) == text
    assert decode(b"") == ""
    assert decode(b"\xef\xbb\xbf") == ""


@given(st.text())
def test_utf_8_round_trip(text):
    data = text.encode("utf-8", "ignore")
    try:
        decoded = decode(data)
    except InputError:
        return
    if data.count(0) <= 0.3 * len(data) and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe")):
        assert decoded == data.decode()


@given(st.binary(max_size=400))
def test_any_bytes_decode_or_are_refused(data):
    try:
        text = decode(data)
    except InputError:
        return
    assert isinstance(text, str)
    text.encode()  # no lone surrogates


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><title>x</title>",
        "\ufeff\n  <html>",
        "<?xml version='1.0'?><html/>",
        "<!-- a --><!-- b -->\n<div class=x>halo",
        "<!--" + " panjang " * 4000 + "--><p>halo",
        "\n" * 30_000 + "<!doctype html>",
        "<p>Satu paragraf",
        "<br>satu",
        "<amp-story standalone>",
        "Halo <b>dunia</b> dan <i>semua</i>",
        "Satu<br>dua<br/>tiga",
        "teks lalu <p>satu</p><p>dua</p>",
    ],
)
def test_is_html(text):
    assert is_html(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Jakarta - Harga beras naik.\n\nBaca juga: Harga gula",
        "Gunakan tag <p> untuk paragraf dan <br> sekali.",
        "Jangan lupa menutup dengan </p> di akhir.",
        "<3 kamu selamanya",
        "<nama> berkata kepada <tempat>",
        "< 5 persen warga > 3 persen",
        "# Judul\n\n- satu\n- dua\n\n[tautan](https://contoh.id) **tebal** <https://contoh.id>",
        "a < b dan c > d; x<y",
        "<!-- tak ditutup",
        "Warga datang.\n<strong>Baca Juga: <a href='/x'>Jalan</a></strong><br><br>\nMereka pulang.\nHari cerah.",
        "<b>Warga</b> datang.\n<i>Mereka</i> pulang.\nHari cerah.",
        "Judul\n\nTag <b>teks</b> menebalkan huruf.\n\nTag <i>teks</i> memiringkannya.\n",
        "Satu.\nDua.\n<p>Tiga.</p>\nEmpat.\nLima.",
    ],
)
def test_is_text(text):
    assert not is_html(text)


def test_many_comments_take_linear_time():
    start = time.process_time()
    assert not is_html("<!-- a -->" * 50_000 + "kata")
    assert not is_html("<!--" * 50_000)
    assert time.process_time() - start < 5  # for ever with a pattern that backtracks


@pytest.mark.parametrize(
    "text",
    [
        "Judul\n<p>Warga datang.</p>\n<p>Mereka pulang.</p>",
        "Warga datang.<br>Mereka pulang.<br>Hari cerah.",
        "Warga datang.<br>\nMereka pulang.<br>\nHari cerah.<br>",
        "<p>Satu alinea yang\npanjang dan terputus\npada lebar tetap\nseperti dulu.",
    ],
)
def test_fragments_of_html_are_html(text):
    assert is_html(text)


def test_escaped_tags_are_read_as_tags():
    escaped = "&lt;p&gt;Warga &amp;amp; &quot;ketua&quot; datang.&lt;/p&gt;"
    page = '<p>Warga &amp; "ketua" datang.</p>'
    assert unescape(escaped) == page
    assert unescape(escaped.encode()) == page.encode()
    for other in ("&lt;3 kamu &lt;p&gt;", "&amp;lt;p&gt;", "&lt;p&gt; dan <p>tag</p>"):
        assert unescape(other) is other


@pytest.mark.parametrize(("codec", "controls"), [("utf-8", 5), ("utf-16", 0)])  # 3 % as it came, 6 % without entities
def test_escaped_tags_are_the_same_in_bytes_and_in_text(codec, controls):
    page = "&lt;p&gt; " * 16 + "Warga datang.&lt;p&gt;Mereka pulang." + "\x1f" * controls
    texts = [[block.text for block in boilerplate.label(each).blocks] for each in (page, page.encode(codec))]
    assert texts[0] == texts[1]
    assert len(texts[0]) == 2
