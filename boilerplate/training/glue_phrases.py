"""Phrases that stand within scraped stories, in our own wording where they are longer than a mark.

``{t}`` is the headline of another story, ``{s}`` a site, ``{p}`` a person,
``{c}`` a place, ``{n}`` and ``{m}`` are numbers.
"""

from __future__ import annotations

from boilerplate.labels import Label

READ_ALSO = (
    *("Baca juga: {t}", "Baca juga: {t}", "Baca Juga: {t}", "BACA JUGA: {t}", "Baca juga : {t}", "Baca Juga {t}"),
    *("Baca juga:{t}", "Baca Juga : {t}", "Lihat juga: {t}", "Lihat Juga : {t}", "Simak juga: {t}", "Simak Juga: {t}"),
    *("Baca pula: {t}", "Baca selengkapnya: {t}", "Berita terkait: {t}", "Artikel terkait: {t}", "BACA JUGA {t}"),
    *("Simak pula: {t}", "Baca juga berita lainnya: {t}", "Baca artikel lainnya: {t}", "(Baca juga: {t})"),
    *("(Baca: {t})", "Baca: {t}", "Baca juga artikel menarik lainnya: {t}", "Read also: {t}", "Related: {t}"),
)
VIDEO = (
    *("Simak Video '{t}':", 'Simak Video "{t}"', "Simak juga Video '{t}':", "Lihat juga Video: {t}"),
    *("Lihat juga video '{t}':", 'Tonton video "{t}"', "Lihat Video: {t}", "Tonton juga Video: {t}"),
    *("Saksikan video: {t}", "Simak video berikut: {t}", "Simak Video: {t}", "VIDEO: {t}", "Video: {t}"),
    *(
        "Saksikan video pilihan berikut ini:",
        "Simak video pilihan di bawah ini:",
        "Simak selengkapnya dalam video ini.",
    ),
    *("Saksikan video menarik berikut ini: {t}", "Tonton video selengkapnya di bawah ini."),
)
VIDEO_MARKS = ("[Gambas:Video 20detik]", "[Gambas:Video]", "[Gambas:Youtube]", "[Video]", "[Gambas:Video CNN]", "")
MARKS: tuple[tuple[Label, tuple[str, ...]], ...] = (
    (
        Label.AD,
        (
            *("ADVERTISEMENT", "ADVERTISEMENT SCROLL TO CONTINUE WITH CONTENT", "SCROLL TO CONTINUE WITH CONTENT"),
            *("ADVERTISEMENT SCROLL TO RESUME CONTENT", "SCROLL TO RESUME CONTENT", "Advertisement", "Iklan"),
            *("ADVERTISEMENT SCROLL TO CONTINUE WITH CONTENT", "- Advertisement -", "Advertisement Scroll to continue"),
            *("Gulir ke bawah untuk melanjutkan membaca", "Scroll untuk melanjutkan membaca", "loading..."),
        ),
    ),
    (Label.PICKS, ("Pilihan Editor: {t}", "Pilihan Editor: {t}", "PILIHAN EDITOR: {t}", "Pilihan editor: {t}")),
    (
        Label.CHROME,
        (
            *("[Gambas:Instagram]", "[Gambas:Twitter]", "[Gambas:Facebook]", "[Gambas:Video CNN]", "[Embed: YouTube]"),
            *(
                "Lihat Foto",
                "Lihat foto",
                "Lanjut ke sebelah...",
                "Lanjut ke halaman berikutnya",
                "Halaman selanjutnya",
            ),
            *(
                "Simak di halaman berikut.",
                "Selengkapnya di halaman selanjutnya.",
                "Halaman {n} dari {m}",
                "{n} dari {m}",
            ),
            *(
                "View this post on Instagram",
                "View this post on Instagram A post shared by {p}",
                "A post shared by {p}",
            ),
            *("[embedded content]", "Lanjut baca di halaman berikut:", "{n} dari {m} halaman", "Scroll ke bawah"),
        ),
    ),
)
ENDINGS: tuple[tuple[Label, tuple[str, ...]], ...] = (
    (
        Label.META,
        (
            *("({i}/{j})", "({i}/{j})", "({i})", "({i}/{j})", "[{i}]", "({I})", "(*)", "(Ditulis oleh {p})"),
            *("(Penulis: {p})", "Editor: {p}", "Penulis: {p}", "Pewarta: {p} Editor: {p}", "Reporter: {p}"),
            *("Pewarta: {p} Editor: {p} Copyright © {S} 2024", "Sumber: {s}", "Penulis : {p} Editor : {p}"),
            *("Artikel ini telah tayang di {s} dengan judul {t}", "Berita ini sudah terbit di {s} dengan judul {t}"),
            *("Artikel ini sebelumnya tayang di {s}.", "Dilaporkan oleh {p} dari {c}.", "Laporan: {p}", "({p})"),
            *("Copyright © {S} 2025", "{p} berkontribusi dalam tulisan ini.", "COPYRIGHT © {S} 2023"),
        ),
    ),
    (
        Label.AD,
        (
            *("Update berita lainnya di Google News", "Update informasi lainnya di {s} dan Google News.", "{appeal}"),
            *(
                "{appeal}",
                "{appeal}",
                "Cek berita dan artikel menarik lain di Google News",
                "Ikuti kami di Google News",
            ),
        ),
    ),
    (
        Label.RELATED,
        (
            "Simak selengkapnya di sini.",
            "Baca selengkapnya di sini.",
            "Selengkapnya baca di sini",
            "Topik terkait: {t}",
        ),
    ),
    (Label.LATEST, ("BACA BERITA {C} LAINNYA", "Baca berita {c} lainnya di sini", "Berita Lainnya: {t}")),
    (Label.POPULAR, ("Terpopuler: {t}", "Paling banyak dibaca: {t}", "TERPOPULER {t}")),
    (Label.PICKS, ("Pilihan Editor: {t}", "Rekomendasi untuk Anda: {t}")),
    (
        Label.CHROME,
        (
            "Dilarang mengambil isi laman ini untuk keperluan kecerdasan buatan tanpa izin tertulis dari {S}.",
            "Dilarang menyalin atau mengindeks isi situs ini secara otomatis tanpa izin dari redaksi {S}.",
            *("Komentar", "Bagikan", "Share this", "Tinggalkan komentar", "Halaman selanjutnya"),
        ),
    ),
)
CREDITS = (
    *("Foto: {s}/{p}", "(Foto: {p})", "(Foto: {s}/{p})", "Foto: dok. {s}", "(Dok. {s})", "({s}/{p})", "Foto: {p}"),
    *("(ANTARA/{p})", "| Sumber Foto: Istimewa", "(Foto: Istimewa)", "Foto : Istimewa", "Dok. Istimewa", "/ {s}"),
    *("(c) AP Photo", "© Shutterstock", "© instagram.com/{u}", "Credit: instagram.com/{u}", "(foto: Instagram/@{u})"),
    *(
        "foto: freepik.com",
        "(Sumber: iStockphoto)",
        "(Foto: Instagram @{u})",
        "/Getty Images",
        "Image: {s}",
        "Perbesar",
    ),
    *("(Shutterstock)", "(Instagram/@{u})", "Ilustrasi (Foto: {s})", "(AP Photo/{p})", "(c) {s}", "Sumber: {s}"),
)
PEOPLE = (
    *("Rina Kusuma", "Agus Salim", "Dewi Lestari W", "Bambang H.", "Siti Nurhaliza", "Moch. Fajar", "Yudi P"),
    *("Maria Goreti", "Tono Wibowo", "Andi Saputra", "Nur Azizah", "Hendra", "Retno W.", "Putu Ayu", "I Made Arta"),
)
"""Names for bylines; a text's own people are not its authors."""
PLACES = ("Bandung", "Surabaya", "Makassar", "Sleman", "Kota Blitar", "Medan", "Banyuwangi", "Lampung", "Jakarta")
SITES = (
    *(
        "Kabarkota.com",
        "WartaNusa.id",
        "kabarpagi.co.id",
        "Suluh Media",
        "Ranah.net",
        "Kantor Berita RADAR",
        "TribunKita",
    ),
    *("Lensa Daerah", "detakkota.com", "Nusa TV", "KORANDESA.com"),
)
