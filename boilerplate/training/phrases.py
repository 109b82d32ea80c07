"""Phrases that news sites repeat around and inside their stories, in our own wording (see `training.augmentation`)."""

AD_MARKERS = (
    "Advertisement",
    "ADVERTISEMENT",
    "Iklan",
    "SCROLL TO CONTINUE WITH CONTENT",
    "Scroll untuk lanjut membaca",
    "- Advertisement -",
    "Gulir ke bawah untuk lanjut membaca",
)
CALLS_TO_FOLLOW = (
    "Ikuti",
    "Ayo ikuti",
    "Yuk, gabung di",
    "Jangan lupa ikuti",
    "Dapatkan kabar terbaru lewat",
    "Follow",
    "Gabung sekarang di",
    "Mari bergabung dengan",
    "Simak terus",
)
CHANNELS = (
    "saluran WhatsApp",
    "kanal Telegram",
    "WhatsApp Channel",
    "Google News",
    "akun Instagram",
    "aplikasi",
    "newsletter",
)
REASONS_TO_FOLLOW = (
    "supaya tidak tertinggal kabar terbaru",
    "agar selalu mendapat berita pilihan setiap hari",
    "untuk informasi menarik lainnya",
    "dan nikmati bacaan pilihan redaksi",
    "biar tahu berita seru dari dalam dan luar negeri",
    "untuk update berita terbaru setiap hari",
)
LINK_PROMPTS = (
    "Klik di sini.",
    "Klik tautan ini, ya!",
    "Caranya, klik tautan ini lalu pilih gabung.",
    "",
    "",
    "Klik di sini untuk bergabung.",
    "Gratis!",
)
PROMOTIONS = (
    "Cek berita dan artikel yang lain di {}.",
    "Temukan ulasan menarik dan berita pilihan lain hanya di {}. Kalau tidak di sini, di mana lagi?",
    "Yuk, baca juga ulasan lain yang tak kalah seru di {}!",
    "Baca berita tanpa iklan dengan berlangganan {}.",
    "Nantikan terus informasi menarik lainnya hanya di {}.",
    "Unduh aplikasi {} sekarang dan dapatkan promo khusus pembaca.",
    "Punya info menarik di sekitarmu? Kirim ke redaksi {} dan dapatkan hadiahnya.",
)
SITES = ("Kabarkota.com", "WartaNusa.id", "situs kami", "kabarpagi.co.id", "Suluh Media", "Ranah.net", "laman ini")
EMBED_MARKERS = (
    "[Gambas:Twitter]",
    "[Gambas:Instagram]",
    "[Embed: YouTube]",
    "View this post on Instagram",
    "[embedded content]",
    "[Gambas:Facebook]",
    "A post shared by Kabar Kota (@kabarkota)",
    "Lanjut ke sebelah...",
)
VIDEO_MARKERS = ("[Gambas:Video]", "[Video]", "[Gambas:Youtube]")
READ_ALSO = ("Baca juga:", "Baca Juga:", "Baca juga", "BACA JUGA:", "Simak juga:", "Lihat juga:", "Baca Juga")
CONTENTS_HEADINGS = ("Daftar Isi", "Daftar isi", "Isi Artikel")
LIST_INTRODUCTIONS = (
    "Berikut daftarnya:",
    "Berikut daftar lengkapnya:",
    "Ini daftarnya:",
    "Berikut rinciannya:",
    "Simak daftarnya berikut ini:",
)
ANNOUNCEMENTS = (
    "Berikut {}:",
    "Berikut {} selengkapnya:",
    "Berikut ini {} pekan ini:",
    "Adapun {} yang perlu diketahui sebagai berikut:",
    "Ini dia {} yang dirangkum dari berbagai sumber:",
    "Inilah {} dikutip dari laman resmi penyelenggara, seperti disampaikan panitia pada awal pekan ini:",
    "{} ialah sebagai berikut:",
)
SIDES = (
    "Persela",
    "PSM",
    "Bhayangkara",
    "Persik",
    "Borneo",
    "Madura Utama",
    "Garuda Muda",
    "Elang Timur",
    "Sriwijaya",
    "Villa Utara",
    "Kota Sari",
    "Real Pantai",
    "Arema",
    "Inter Selatan",
    "Dewa Laut",
)
FIRST_NAMES = (
    "Agung",
    "Bima",
    "Dewi",
    "Eko",
    "Farid",
    "Gilang",
    "Hana",
    "Joko",
    "Lia",
    "Marco",
    "Nadia",
    "Oscar",
    "Rian",
    "Sari",
)
LAST_NAMES = (
    "Santoso",
    "Wibowo",
    "Lestari",
    "Pratama",
    "Siregar",
    "Tanjung",
    "Keller",
    "Moreno",
    "Okafor",
    "Rossi",
    "Saputra",
)
GOODS = (
    "Beras medium",
    "Beras premium",
    "Cabai rawit merah",
    "Bawang putih",
    "Minyak goreng curah",
    "Telur ayam ras",
    "Emas 0,5 gram",
    "Emas 5 gram",
    "Tiket kelas ekonomi",
    "Tipe 1.5 CVT",
    "Varian 8/256 GB",
)
PLACES = ("Jakarta", "Bandung", "Surabaya", "Makassar", "Banda Aceh", "Kota Palu", "Medan", "Denpasar", "Kupang")
OPENINGS = (
    "Hingga {date}, {side} sudah mendatangkan dua pemain baru.",
    "Sampai dengan {day} ({date}), sebagian warga masih bertahan di posko.",
    "{person} akhirnya angkat bicara soal kabar yang beredar sejak {day}.",
    "{side} menang tipis atas tamunya pada {day} malam.",
    "Harga {good} di sejumlah pasar kembali naik pada {day} ({date}).",
    "Pemerintah kota menutup sementara jalan utama mulai {day}, {date}.",
    "Memasuki {date}, panitia mulai membagikan jadwal lengkap kepada peserta.",
)
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober")
ZONES = ("WIB", "WIB", "WITA", "WIT")
REPORTS = (
    "Laporan wartawan {site}, {person}",
    "Laporan Wartawan {site} {person}",
    "Laporan kontributor {site}, {person}",
    "Oleh: {person}",
    "Oleh {person}",
    "Penulis: {person}",
    "{person} - {site}",
    "{site}, {day}, {date} {hour} {zone}",
    "{day}, {date} {hour} {zone}",
    "{day}, {date} | {hour} {zone}",
)
CREDITS = ("Penulis:", "Editor:", "Reporter:", "Pewarta:", "Sumber:", "Kontributor:")
SYNDICATION_NOTES = (
    "Artikel ini telah tayang di {} dengan judul yang sama.",
    "Artikel ini sudah tayang lebih dulu di {}.",
    "Berita ini telah tayang di {}. Baca selengkapnya di sini.",
    "Baca artikel selengkapnya di {}.",
)
SYNDICATION_SOURCES = ("Kabar Kota", "laman mitra", "Warta Nusa", "kabarkota.example")
VIDEO_LINES = (
    "Simak selengkapnya dalam video berikut.",
    "Saksikan video selengkapnya di bawah ini.",
    "Tonton video lengkapnya berikut ini:",
    "Simak video pilihan berikut ini:",
)
VIDEO_PROMPTS = ("Simak Video", "Lihat juga Video", "Tonton juga Video", "Saksikan video")
