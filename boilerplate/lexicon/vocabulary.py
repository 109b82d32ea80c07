"""Words that tell one kind of text from another, in Indonesian and English."""

from __future__ import annotations

MONTHS = frozenset(
    "jan januari january feb februari february mar maret march apr april mei may jun juni june jul juli july agustus "
    "agust agst agus agu agt ags aug august sep sept september okt oktober oct october nov november des desember dec "
    "december".split()
)
"""Names of months and their short forms."""
VERBS = frozenset("baca simak lihat tonton saksikan read see watch klik cek".split())
"""What a link to another story begins with."""
_SHARED_BYLINES = frozenset(
    "oleh penulis editor reporter pewarta wartawan kontributor laporan sumber foto dok copyright ditulis penerjemah "
    "image ilustrasi".split()
)
BYLINES = _SHARED_BYLINES | frozenset("source photo by written uploader redaktur credit kredit via".split())
"""What a line of authors or sources begins with."""
LINE_BYLINES = _SHARED_BYLINES | {"©"}
"""The like, of a line of text."""

SOCIAL = frozenset(
    "facebook twitter whatsapp telegram instagram linkedin pinterest youtube tiktok salin tautan link email line "
    "threads rss".split()
)
"""Networks, and what shares a page."""
SAID = frozenset(
    "kata ujar ujarnya katanya tutur tuturnya ucap ucapnya jelas jelasnya tulis tulisnya imbuh imbuhnya timpal "
    "sambung sahut komentar puji celetuk tegas tegasnya terang ungkap ungkapnya papar paparnya lanjutnya tambahnya "
    "beber sebut balas cuit pungkas pungkasnya said says wrote added".split()
)
"""Verbs of speech."""
CREDITS = frozenset(
    "c afp ap epa reuters getty gettyimages xinhua antarafoto shutterstock istimewa istockphoto pexels unsplash "
    "pixabay freepik wikimedia instagram twitter youtube tiktok facebook screenshot tangkapan dok doc dokumentasi "
    "foto photo cipta".split()
)
"""What credits a picture."""
NOTICES = frozenset(
    "disclaimer sanggahan cipta copyright copyrighted dilarang menyalin mengutip menyadur rights reserved "
    "redaksi kebijakan privasi ketentuan terms policy".split()
)
"""What legal notices are made of."""
_SHARED_APPEALS = frozenset(
    "klik saluran whatsapp telegram kanal berlangganan unduh aplikasi download newsletter gabung bergabung gratis "
    "promo follow".split()
)
APPEALS = _SHARED_APPEALS | frozenset(
    "ikuti join click app langganan subscribe subscriber channel donasi berdonasi donate free diskon beli pesan daftar "
    "daftarkan dapatkan nonton streaming".split()
)
"""What appeals to readers to follow, subscribe or buy."""
LINE_APPEALS = _SHARED_APPEALS | frozenset("google ketinggalan tertinggal update yuk ayo lainnya instagram".split())
"""The like, of a line of text."""
LINE_CALLS = frozenset(
    "yuk ayo jangan dapatkan temukan ikuti gabung bergabung unduh download klik follow subscribe nantikan segera "
    "mari cek kirim simak baca".split()
)
"""Verbs and particles that a line begins with which calls on readers to do something."""

CONTINUES = frozenset(
    "scroll gulir swipe geser lanjut lanjutkan selengkapnya halaman berikutnya selanjutnya sebelumnya semua load "
    "all view indeks more".split()
)
"""What leads on to more."""
