"""Function words."""

from __future__ import annotations

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
