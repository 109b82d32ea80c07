"""Features of a block's own text: its shape and its wording.

All texts of a batch are described at once, from their characters and hashed
words (`words`); only those that could hold a date, a dateline or the like are
looked at one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from boilerplate.features import words as w
from boilerplate.features.lexicon import (
    HEADING_KINDS,
    LONGEST_OPEN,
    LONGEST_PHRASE,
    MOST_MORE,
    Headings,
    Rows,
    heading_words,
    headings,
    unpack,
)

# The commonest function words of news prose in the large languages, but for those that mean something else in
# Indonesian or English (`war`, `die`).
STOPWORDS = frozenset(
    (
        # Indonesian
        "yang dan di ke dari untuk pada dengan ini itu dalam tidak akan oleh juga sudah telah bisa ada karena "
        "saat sebagai adalah tersebut mereka dia ia kami kita saya anda para atau agar bahwa seperti lebih "
        "menjadi namun hingga secara serta setelah antara masih harus dapat bagi tak pun belum sementara "
        "ketika jika maka hanya atas saja lalu kata ujar ujarnya katanya jelas tutur salah satu hal lain "
        "sejak sebelum terhadap melalui merupakan tahun hari nya "
        # English
        "the of and to in a is that for on with as was it by at from be this are an have has his her he she "
        "they we you not but or which were will had their its who been more about would said after one when "
        "there all out up so if than into can also over no what new "
        # Malay
        "daripada kepada ialah beliau turut boleh iaitu apabila sekiranya "
        # Javanese, Sundanese
        "ing lan sing kanggo iki kuwi ora saka karo nang anu jeung pikeun dina henteu ieu sareng "
        # Spanish, Portuguese
        "de la que el los se del las por un una con su al lo como más pero sus le ya este porque esta entre "
        "cuando muy sin sobre también hasta hay donde desde todo nos durante uno ni contra ese eso ante fue "
        "ha es en o os do da em um uma não com dos na das ao seu sua mais mas foi pelo pela até isso já são "
        "às aos nas também "
        # French, Italian
        "les des du et est une dans qui pour au sur par ce avec sont ne il elle nous vous ou cette ces aux "
        "leur été être ont après selon che non per gli sono della delle dei nel alla anche come più dal "
        "questo nella stato ma "
        # German, Dutch
        "der und von zu sich auf für ist im dem nicht ein eine auch werden aus dass sie wird einer einem noch "
        "wie haben nur oder aber vor zur bis mehr durch einen zum sind het een dat niet zijn aan voor met ook "
        "maar naar heeft bij deze uit worden wordt nog "
        # Nordic
        "och att det som på är av för till med har inte om ett var jag sig från vi så kan när han og til ikke "
        "blev fra også efter ved skal være ble etter ja joka että oli ovat myös mutta kun olla tai hän niin "
        "kuin "
        # Slavic
        "w i z się nie jest że jak po od za przez przy dla był ale co oraz jego tym je že si jsou jako pro "
        "byl podle také které který nebo sa aj ako ktoré ktorý и в не на что с по как это а из у за от к о "
        "его для он но так же их было только или все был была были й та що з до як від це про його які який є "
        "і је да су од који са што се че със като който което "
        # Romanian, Hungarian
        "și în nu cu care din mai pentru sunt ca pe fost dar sau după prin acest această az egy hogy nem és "
        "ez meg csak volt már mint még vagy lehet után szerint "
        # Turkish
        "ve bir bu için ile olarak olan daha çok gibi kadar sonra ise ancak ki göre olduğu "
        # Greek
        "και το να του η της με που την από για είναι στο ο οι τα των στην σε δεν θα τον τους ότι ως στη "
        # Arabic, Persian, Urdu
        "في من على إلى أن عن هذا هذه التي الذي مع كان ما لا أو بعد كما قد ذلك بين لم و که در به از این را با "
        "است برای آن یک تا بر هم شده بود اما خود کے کی میں ہے سے کا کو نے اور پر یہ ہیں بھی اس کہ "
        # Hebrew
        "של את על לא הוא זה עם כי גם היא או אל יש כל אבל אם כן היה "
        # Hindi, Bengali
        "के में की है और से का को पर ने कि यह हैं इस भी नहीं एक लिए हो था तो कर এই ও করে থেকে এ জন্য এর হয়ে "
        "তিনি করা হয় একটি না যে "
        # Vietnamese
        "và của là có được cho trong với các một những không này đã người khi từ đến về tại cũng ra như vào "
        "để "
        # Tagalog
        "ang ng mga ay hindi kay ito siya kanilang ayon "
    ).split()
)

NAMES: tuple[str, ...] = (
    "log_chars",
    "log_words",
    "word_length",
    "digit_share",
    "upper_share",
    "punct_share",
    "comma_rate",
    "ends_sentence",
    "ends_colon",
    "ends_dots",
    "quotes",
    "stop_share",
    "log_stops",
    "starts_lower",
    "starts_digit",
    "rank",
    "ago",
    "date",
    "clock",
    "separator",
    "initials",
    "handle",
    "titlecase_share",
    "all_caps",
    "dateline",
    "verb_lead",
    "lead_colon",
    "byline",
    "social",
    "count",
    "continue",
    "question",
    "currency",
    "sentences",
    "is_long",
    "said",
    "photo_credit",
    "notice",
    "pager",
    "log_appeals",
    *(f"head_{k}" for k in HEADING_KINDS),
    *(f"word_{k}" for k in HEADING_KINDS),
    *(f"lead_{k}" for k in HEADING_KINDS),
)
"""Names of the columns. Shares are 0 to 1, flags 0 or 1, ``log_*`` natural logarithms of 1 + count."""

N_SHAPE = NAMES.index("head_related")

_UNITS = (
    r"(?:detik|menit|jam|hari|minggu|pekan|bulan|tahun|mins?|minutes?|hours?|days?|hrs?|weeks?|months?)"
    r"\s(?:yang\s)?(?:lalu|ago)"
)
_SINCE = rf"(?:(?:\d+|se|satu|dua|tiga|a|an)\s?{_UNITS}|baru saja|kemarin|sejam lalu)"
# An age stands alone, ends or begins an entry, or is set off by a mark; `baru saja` in a sentence is none.
_AGO = re.compile(
    rf"^\W*\d+\s?{_UNITS}\b|^\W*{_SINCE}\b(?=.{{0,40}}$)|\b{_SINCE}[^\w.?!]*$|[|•·–-]\s*{_SINCE}\b|^\d{{1,2}}\s?(?:h|hr|hrs|m|d|j)$",
    re.I,
)
_MONTH = (
    r"(?:jan(?:uari|uary)?|feb(?:ruari|ruary)?|mar(?:et|ch)?|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?"
    r"|ag(?:u?st(?:us)?|t|s)|aug(?:ust)?|sep(?:t(?:ember)?)?|o[kc]t(?:ober)?|nov(?:ember)?|de[sc](?:ember)?)"
)
_MONTHS = frozenset(
    "jan januari january feb februari february mar maret march apr april mei may jun juni june jul juli july agustus "
    "agust agst agus agu agt ags aug august sep sept september okt oktober oct october nov november des desember dec "
    "december".split()
)
# Most of a text can be passed over by its first letters, so each way of telling a date begins with what it is told by.
_DATE = re.compile(
    rf"\b(?:\d\d?(?:[/.-]\d\d?[/.-](?:20)?\d\d\b|\s{_MONTH}$|(?:st|nd|rd|th)?\s{_MONTH}\.?,?\s'?\d{{2,4}}\b)"
    rf"|20\d\d[/-]\d\d[/-]\d\d|(?=[jfmasond]){_MONTH}\.?\s\d\d?,?\s\d{{4}}\b)",
    re.I,
)
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d(?:[:.]\d\d)?\s?(?:wib|wita|wit|am|pm|gmt)?\b", re.I)
_INITIALS = re.compile(r"^[(\[][\w\s./*&,-]{2,40}[)\]]$")
# Something must part the words, so that a long one can be read in one way only: no page may make this slow.
DATELINE = r"[A-Z][\w.]+(?:(?:,\s?|\s)[A-Z][\w.]+){0,3},?\s?(?:\([^)]{1,20}\)\s?)?\s?[-–—:]{1,2}\s?[A-Z\"“]"
_DATELINE = re.compile(rf"^{DATELINE}|^[\w-]+\.(?:com|co\.id|net|id),\s[A-Z]")
_LEAD_COLON = re.compile(r"^[^.:?!]{2,40}\s?:(?!\d)")
_COUNT = re.compile(
    r"^\W*\d[\d.,]*\s?(?:k|rb|jt|x)?\+?\s?(?:views?|kali|dibaca|komentar|comments?|shares?|likes?|pembaca|dilihat|suka|dibagikan|tayangan)\b"
    r"|^(?:dibaca|views?|komentar|comments?|dilihat)\s?:?\s?\(?\d",
    re.I,
)
_PAGER = re.compile(
    r"^\W*(?:halaman|hal|page|foto|photo|slide)?\W*\d{1,3}\s?(?:dari|of|/)\s?\d{1,3}(?:\s(?:halaman|pages?|foto|photos?|gambar))?\W*$",
    re.I,
)
_CURRENCY = re.compile(r"\b(?:rp|usd|idr|eur)\b\.?\s?\d", re.I)
VERBS = frozenset("baca simak lihat tonton saksikan read see watch klik cek".split())
_BYLINES = frozenset(
    "oleh penulis editor reporter pewarta wartawan kontributor laporan sumber source foto photo dok copyright by"
    " ditulis written penerjemah uploader redaktur image ilustrasi credit kredit via".split()
)
_SOCIAL = frozenset(
    "facebook twitter whatsapp telegram instagram linkedin pinterest youtube tiktok salin tautan link email line "
    "threads rss".split()
)
_SAID = frozenset(
    "kata ujar ujarnya katanya tutur tuturnya ucap ucapnya jelas jelasnya tulis tulisnya imbuh imbuhnya timpal "
    "sambung sahut komentar puji celetuk tegas tegasnya terang ungkap ungkapnya papar paparnya lanjutnya tambahnya "
    "beber sebut balas cuit pungkas pungkasnya said says wrote added".split()
)
_CREDIT = frozenset(
    "c afp ap epa reuters getty gettyimages xinhua antarafoto shutterstock istimewa istockphoto pexels unsplash "
    "pixabay freepik wikimedia instagram twitter youtube tiktok facebook screenshot tangkapan dok doc dokumentasi "
    "foto photo cipta".split()
)
_NOTICE = frozenset(
    "disclaimer sanggahan cipta copyright copyrighted dilarang menyalin mengutip menyadur rights reserved "
    "redaksi kebijakan privasi ketentuan terms policy".split()
)
_APPEAL = frozenset(
    "ikuti follow gabung bergabung join klik click unduh download aplikasi app langganan berlangganan subscribe "
    "subscriber newsletter saluran kanal channel whatsapp telegram donasi berdonasi donate gratis free promo diskon "
    "beli pesan daftar daftarkan dapatkan nonton streaming".split()
)
_CONTINUE = frozenset(
    "scroll gulir swipe geser lanjut lanjutkan selengkapnya halaman berikutnya selanjutnya sebelumnya semua load "
    "all view indeks more".split()
)

# What a word can be, as bits above those of the heading kinds that it leans to.
(
    _STOPWORD,
    _VERB,
    _BYLINE,
    _IS_SOCIAL,
    _IS_CONTINUE,
    _HTTP,
    _IS_AGO,
    _IS_MONEY,
    _OPENER,
    _IS_MONTH,
    _IS_COUNT,
    _IS_SAID,
    _IS_CREDIT,
    _IS_NOTICE,
    _IS_APPEAL,
    _IS_SITE,
    _CLOSER,
) = (1 << (len(HEADING_KINDS) + k) for k in range(17))
_LEANS = (1 << len(HEADING_KINDS)) - 1
_UNSPACED_STOPS = 8  # characters a function word in prose whose words are not parted
_CLOSING, _OPENING, _FULL_STOPS = "\"”'’)", "([", "。！？।؟۔"


class Lexicon:
    """The words and phrases that matter, hashed."""

    def __init__(self, known: Headings) -> None:
        phrases, bits = known.phrases, dict(known.words)
        groups = (
            (STOPWORDS, _STOPWORD),
            (VERBS, _VERB),
            (_BYLINES, _BYLINE),
            (_SOCIAL, _IS_SOCIAL),
            (_CONTINUE, _IS_CONTINUE),
            (("http", "https", "www"), _HTTP),
            (("lalu", "ago", "baru", "kemarin"), _IS_AGO),
            (("rp", "usd", "idr", "eur"), _IS_MONEY),
            ({phrase.split()[0] for phrase in (*phrases, *known.before)}, _OPENER),
            ({phrase.split()[-1] for phrase in known.behind}, _CLOSER),
            (_MONTHS, _IS_MONTH),
            (("dibaca", "view", "views", "komentar", "comment", "comments", "dilihat"), _IS_COUNT),
            (_SAID, _IS_SAID),
            (_CREDIT, _IS_CREDIT),
            (_NOTICE, _IS_NOTICE),
            (_APPEAL, _IS_APPEAL),
            (("com", "co", "net", "id"), _IS_SITE),
        )
        for group, bit in groups:
            for word in group:
                word = "".join(heading_words(word))  # as the words of texts are: without accents
                bits[word] = bits.get(word, 0) | bit
        self.words = w.Lookup(bits)
        self.phrases = [w.Lookup(phrases, n) for n in range(1, LONGEST_PHRASE + 1)]
        self.before = [w.Lookup(known.before, n) for n in range(1, LONGEST_OPEN + 1)]
        self.behind = [w.Lookup(known.behind, n) for n in range(1, LONGEST_OPEN + 1)]

    def bits(self, hashes: np.ndarray) -> np.ndarray:
        """What each word is: kinds that it leans a heading to, and more (see `is_stopword`)."""
        return self.words.get(hashes)


@lru_cache(maxsize=8)
def lexicon(extra: Rows = ()) -> Lexicon:
    """Return the lexicon with a model's own rows of headings, made once for each set of rows."""
    return Lexicon(headings(extra))


def is_stopword(bits: np.ndarray) -> np.ndarray:
    """Whether each word, given its bits, is a function word."""
    return (bits & _STOPWORD) > 0


def _headings(spelt: w.Words, bits: np.ndarray, known: Lexicon) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Look texts up as section headings: see `Headings.look_up`."""
    count = np.diff(spelt.bounds)
    whole, lead = np.zeros(len(count), np.int64), np.zeros(len(count), np.int64)
    fits = spelt.sizes <= 100
    part = np.where(fits & (count <= 8), spelt.any_of(bits) & _LEANS, 0)
    opens = np.flatnonzero(spelt.first(bits) & _OPENER)  # those that begin as some phrase does
    for n, lookup in enumerate(known.phrases, 1):
        opens = opens[count[opens] >= n]
        found = lookup.get(w.phrase_hashes(spelt.hashes, spelt.bounds[:-1][opens], n))
        whole[opens] = np.where((count[opens] == n) & fits[opens], found, whole[opens])
        if 2 <= n <= 5:
            lead[opens] = np.where(found > 0, found, lead[opens])
    # Headings of which only the first or the last words are known: the longest such phrase tells.
    open_ = fits & (whole == 0) & (count >= 2) & (count <= LONGEST_OPEN + MOST_MORE)
    first, last = spelt.bounds[:-1], spelt.bounds[1:]
    closes = np.flatnonzero(open_ & (last > first))
    closes = closes[(bits[last[closes] - 1] & _CLOSER) > 0]
    opens = np.flatnonzero(open_ & ((spelt.first(bits) & _OPENER) > 0))
    for which, lookups, behind in ((closes, known.behind, True), (opens, known.before, False)):
        for n, lookup in enumerate(lookups, 1):
            some = which[(count[which] > n) & (count[which] <= n + MOST_MORE)]
            found = lookup.get(w.phrase_hashes(spelt.hashes, last[some] - n if behind else first[some], n))
            whole[some] = np.where(found > 0, found, whole[some])
    return whole, part, lead


def _one_of(codes: np.ndarray, chars: str) -> np.ndarray:
    """Which code points are one of a few characters (`np.isin` sorts first, which takes longer)."""
    return np.logical_or.reduce([codes == ord(ch) for ch in chars])


def _where(test: Callable[[str], object], texts: list[str], gate: np.ndarray) -> np.ndarray:
    """Test the texts that pass a gate."""
    out = np.zeros(len(texts), bool)
    for i in np.flatnonzero(gate).tolist():
        out[i] = test(texts[i]) is not None
    return out


def rows(texts: list[str], known: Lexicon) -> np.ndarray:
    """Describe texts that are not empty: shape ``(n_texts, len(NAMES))``, float32."""
    spelt = w.spell(texts)
    return describe(texts, spelt, known.bits(spelt.hashes), known)


def describe(texts: list[str], spelt: w.Words, bits: np.ndarray, known: Lexicon) -> np.ndarray:
    """Describe texts whose words are known, and what the lexicon says of them."""
    size = spelt.sizes
    (
        letters,
        upper,
        digits,
        spaces,
        commas,
        quotes,
        marks,
        handles,
        signs,
        joints,
        tokens,
        capitalised,
        borders,
        unspaced,
    ) = spelt.counts
    tokens = np.maximum(tokens + unspaced // 2, 1)  # two characters a word: Chinese and Japanese have no spaces
    stops = np.bincount(spelt.text, (bits & _STOPWORD) > 0, len(texts)) + unspaced // _UNSPACED_STOPS
    held, lead_word = spelt.any_of(bits), spelt.first(bits)
    whole, part, lead = _headings(spelt, bits, known)
    # --- first and last characters
    first_is, last_is, before, before2 = spelt.edges
    first, last = w.classes_of(first_is), w.classes_of(last_is)
    full_stops = (last_is == ord(".")) & (before == ord(".")) & (before2 == ord("."))
    dots = (full_stops & (size >= 3)) | (last_is == ord("…"))
    closed = _one_of(last_is, _CLOSING) & ((w.classes_of(before) & (w.STOP | w.COMMA)) > 0)
    # --- what takes a look at the text
    short, has_digits = size <= 160, digits > 0
    timed = short & (((held & _IS_AGO) > 0) | ((size <= 6) & has_digits))
    punct = size - letters - digits - spaces
    dated = short & (((digits >= 2) & ((held & _IS_MONTH) > 0)) | ((digits >= 4) & (punct >= 2)))
    counted = short & has_digits & (((first & w.LETTER) == 0) | ((lead_word & _IS_COUNT) > 0))
    joint = joints > 0
    paged = (size <= 24) & (digits >= 2) & (digits <= 6)
    out = np.empty((len(texts), len(NAMES)), np.float32)
    columns = (
        np.log1p(size),
        np.log1p(tokens),
        np.minimum(size / tokens, 20) / 10,
        digits / size,
        upper / np.maximum(letters, 1),
        punct / size,
        np.minimum(commas / tokens, 1),
        (closed | ((last & w.STOP) > 0) | _one_of(last_is, _FULL_STOPS)) & ~dots,
        last_is == ord(":"),
        dots,
        quotes > 0,
        stops / tokens,
        np.log1p(stops),
        ((first & (w.LETTER | w.UPPER)) == w.LETTER) & (first_is < w.UNSPACED[0]),
        (first & w.DIGIT) > 0,
        (size <= 3) & has_digits & (letters == 0) & (spaces == 0),
        _where(_AGO.search, texts, timed),
        _where(_DATE.search, texts, dated),
        _where(_CLOCK.search, texts, short & (digits >= 3) & (punct > 0)),
        short & (marks > 0),
        _where(_INITIALS.match, texts, short & _one_of(first_is, _OPENING)),
        (handles > 0) | ((held & _HTTP) > 0),
        capitalised / tokens,
        (letters > 1) & (upper == letters),
        _where(_DATELINE.match, texts, (joint | ((held & _IS_SITE) > 0)) & ((first & w.UPPER) > 0)),
        (lead_word & _VERB) > 0,
        _where(_LEAD_COLON.match, texts, joint),
        ((lead_word & _BYLINE) > 0) | (first_is == ord("©")),
        short & ((held & _IS_SOCIAL) > 0),
        _where(_COUNT.search, texts, counted),
        short & ((held & _IS_CONTINUE) > 0),
        last_is == ord("?"),
        (signs > 0) | _where(_CURRENCY.search, texts, has_digits & ((held & _IS_MONEY) > 0)),
        np.log1p(borders),
        tokens >= 25,
        (quotes > 0) & ((held & _IS_SAID) > 0),
        (size <= 200) & ((held & _IS_CREDIT) > 0),
        (held & _IS_NOTICE) > 0,
        _where(_PAGER.match, texts, paged),
        np.log1p(np.bincount(spelt.text, (bits & _IS_APPEAL) > 0, len(texts))),
    )
    for i, column in enumerate(columns):
        out[:, i] = column
    for k, mask in enumerate((whole, part, lead)):
        at = N_SHAPE + k * len(HEADING_KINDS)
        out[:, at : at + len(HEADING_KINDS)] = unpack(mask, len(HEADING_KINDS))
    return out
