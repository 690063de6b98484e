"""Sentences of a guest in many languages, and the encodings in which each is found."""

import unicodedata

SENTENCES = {
    "zh-CN": [
        "房间很干净，服务员态度也不错，下次还会再来。",
        "早餐种类太少，而且味道一般，价格偏贵。",
        "离地铁站很近，出门逛街非常方便。",
        "隔音太差了，晚上根本睡不着！",
        "前台小姐热情周到，给我们升级了房间。",
        "空调坏了，打电话也没人来修。",
    ],
    "zh-TW": [
        "房間很乾淨，櫃檯人員也很親切，下次還會再來。",
        "早餐種類太少，而且味道普通，價格偏貴。",
        "離捷運站很近，出門逛街非常方便。",
        "隔音太差了，晚上根本睡不著！",
        "老闆娘熱情招待，還送我們水果。",
        "冷氣壞了，打電話也沒有人來修理。",
    ],
    "zh-HK": [
        "間房好細，但係好乾淨，職員嘅態度都唔錯。",
        "早餐冇乜選擇，味道麻麻哋，而且好貴。",
        "行去地鐵站好近，出街買嘢好方便。",
        "隔離房嘈到我成晚瞓唔著，以後都唔會再嚟！",
        "老闆好熱情，仲送咗生果俾我哋食。",
        "冷氣壞咗，打電話落大堂都冇人理。",
    ],
    "ja": [
        "部屋はとても清潔で、スタッフの対応も親切でした。",
        "朝食の種類が少なく、味も普通で、値段が高いです。",
        "駅から近くて、買い物にとても便利でした。",
        "隣の部屋の声がうるさくて、全然眠れませんでした。",
        "また利用したいと思います。ありがとうございました。",
        "エアコンが壊れていて、電話しても誰も来なかった。",
    ],
    "ko": [
        "방이 아주 깨끗하고 직원들도 친절했습니다.",
        "조식 종류가 너무 적고 맛도 별로였어요.",
        "지하철역에서 가까워서 쇼핑하기 정말 편했습니다.",
        "옆방 소리가 시끄러워서 밤새 한숨도 못 잤어요.",
        "다음에도 꼭 다시 오고 싶습니다.",
        "에어컨이 고장 났는데 아무도 고쳐 주지 않았다.",
    ],
    "en": [
        "The room was lovely — we’ll be back next year.",
        "They didn’t fix the lift, and the desk wasn’t helpful.",
        "“Great value”, as my sister says; it’s close to everything.",
        "I can’t recommend this place: £200 for a cold room…",
        "The café downstairs serves a fine crème brûlée.",
        "We weren’t told that breakfast isn’t included.",
    ],
    "de": [
        "Das Zimmer war schön, und das Frühstück hat uns gut geschmeckt.",
        "Leider war es nachts sehr laut, wir konnten nicht schlafen.",
        "Die Küche schließt viel zu früh, und niemand grüßt.",
        "Für diesen Preis hätten wir mehr erwartet.",
        "Überall lag Müll, das Bad war völlig schmutzig.",
        "Gemütliches Häuschen, nette Gäste, schöne Gegend.",
    ],
    "fr": [
        "La chambre était très propre et le personnel charmant.",
        "Le petit-déjeuner n’était pas à la hauteur, café froid et thé tiède.",
        "Nous avons été déçus par l’hôtel, trop bruyant à cause de la fête.",
        "Très bon accueil, à deux pas du métro, je reviendrai.",
        "Où est passée la clé ? Personne ne répond à la réception.",
        "Ça vaut vraiment le coût, bel endroit près de la forêt.",
    ],
    "es": [
        "La habitación estaba limpia y el señor de recepción fue muy amable.",
        "El desayuno era pésimo: el café frío y el pan duro.",
        "¡Qué lugar más bonito! Volveremos el próximo año.",
        "No pudimos dormir, había música hasta las tres de la mañana.",
        "¿Por qué nadie arregló el baño? Está sucio y pequeño.",
        "Está cerca de la estación, muy cómodo para los niños.",
    ],
    "pl": [
        "Pokój był bardzo czysty, a obsługa niezwykle miła.",
        "Śniadanie okropne: zimna kawa i czerstwy chleb.",
        "Nie mogliśmy spać, bo ściany są cienkie i wszystko słychać.",
        "Świetna lokalizacja, blisko dworca, na pewno wrócimy.",
        "Łazienka brudna, a ręczniki nieświeże.",
        "Polecam każdemu, kto szuka ciszy i spokoju nad jeziorem.",
    ],
    "cz": [
        "Pokoj byl čistý a personál velmi příjemný.",
        "Snídaně byla hrozná, studená káva a tvrdý chléb.",
        "Nemohli jsme spát, přes zeď bylo všechno slyšet.",
        "Skvělá poloha blízko nádraží, určitě se vrátíme.",
        "Koupelna byla špinavá a ručníky smrděly.",
        "Doporučuji každému, kdo hledá klid u řeky.",
    ],
    "ru": [
        "Номер был очень чистый, персонал вежливый и внимательный.",
        "Завтрак ужасный: холодный кофе и черствый хлеб.",
        "Мы не могли спать, за стеной всю ночь играла музыка.",
        "Отличное место рядом с метро, обязательно вернёмся.",
        "Кондиционер не работал, и никто его не починил.",
        "Рекомендую всем, кто ищет тишину и покой.",
    ],
    "el": [
        "Το δωμάτιο ήταν πολύ καθαρό και το προσωπικό ευγενικό.",
        "Το πρωινό ήταν απαράδεκτο, κρύος καφές και μπαγιάτικο ψωμί.",
        "Δεν μπορούσαμε να κοιμηθούμε από τον θόρυβο.",
        "Εξαιρετική τοποθεσία, κοντά στη θάλασσα, θα ξαναπάμε.",
        "Το μπάνιο ήταν βρώμικο και οι πετσέτες παλιές.",
        "Άψογη εξυπηρέτηση, το συνιστώ σε όλους.",
    ],
    "tr": [
        "Oda çok temizdi, çalışanlar da güler yüzlüydü.",
        "Kahvaltı kötüydü: soğuk kahve ve bayat ekmek.",
        "Bütün gece gürültüden uyuyamadık, şikâyet ettik.",
        "İstasyona yakın, alışveriş için çok elverişli bir yer.",
        "Klima bozuktu ve kimse ilgilenmedi.",
        "Şiddetle tavsiye ediyorum, yine geleceğiz.",
    ],
    "he": [
        "החדר היה נקי מאוד והצוות היה אדיב.",
        "ארוחת הבוקר הייתה גרועה, קפה קר ולחם ישן.",
        "לא הצלחנו לישון כל הלילה בגלל הרעש.",
        "מיקום מצוין ליד התחנה, בטוח נחזור.",
        "המזגן היה מקולקל ואף אחד לא תיקן אותו.",
        "מומלץ לכל מי שמחפש שקט ליד הים.",
    ],
    "ar": [
        "الغرفة نظيفة جدا والموظفون لطفاء.",
        "كان الفطور سيئا، القهوة باردة والخبز قديم.",
        "لم نستطع النوم طوال الليل بسبب الضوضاء.",
        "موقع ممتاز قريب من المحطة، سنعود بالتأكيد.",
        "المكيف معطل ولم يصلحه أحد.",
        "أنصح به كل من يبحث عن الهدوء قرب البحر.",
    ],
    "th": [
        "ห้องพักสะอาดมากและพนักงานบริการดี",
        "อาหารเช้าไม่อร่อย กาแฟเย็นและขนมปังแข็ง",
        "นอนไม่หลับทั้งคืนเพราะเสียงดังมาก",
        "ทำเลดี ใกล้สถานีรถไฟฟ้า จะกลับมาอีกแน่นอน",
        "แอร์เสียแต่ไม่มีใครมาซ่อมให้",
        "แนะนำสำหรับคนที่ชอบความเงียบสงบริมทะเล",
    ],
    "vi": [
        "Phòng rất sạch sẽ và nhân viên thân thiện.",
        "Bữa sáng quá tệ, cà phê nguội và bánh mì cứng.",
        "Cả đêm không ngủ được vì tiếng ồn.",
        "Vị trí tốt, gần nhà ga, chắc chắn sẽ quay lại.",
        "Máy lạnh hỏng mà không ai đến sửa.",
        "Rất đáng tiền, tôi sẽ giới thiệu cho bạn bè.",
    ],
}

ENCODINGS = {
    "zh-CN": "gb2312 gbk gb18030 hz utf-16-le utf-16-be utf-32-le utf-32-be",
    "zh-TW": "big5 cp950 big5hkscs gb18030 utf-16-le utf-16-be",
    "zh-HK": "big5hkscs gb18030 utf-16-le",
    "ja": "shift_jis cp932 euc_jp iso2022_jp utf-16-le utf-16-be utf-32-le",
    "ko": "euc_kr cp949 johab iso2022_kr utf-16-le utf-16-be",
    "en": "cp1252 mac_roman utf-16-le utf-32-be",
    "de": "cp1252 latin-1 iso8859-15 mac_roman cp850 utf-16-le",
    "fr": "cp1252 mac_roman cp850 utf-16-le",
    "es": "cp1252 latin-1 mac_roman cp850",
    "pl": "cp1250 iso8859-2 cp852 utf-16-be",
    "cz": "cp1250 iso8859-2 cp852",
    "ru": "cp1251 koi8-r cp866 iso8859-5 mac_cyrillic utf-16-le",
    "el": "cp1253 iso8859-7 utf-16-le",
    "tr": "cp1254 iso8859-9",
    "he": "cp1255 iso8859-8 utf-16-be",
    "ar": "cp1256 iso8859-6 utf-16-le",
    "th": "cp874 tis-620 utf-16-le",
    "vi": "cp1258 utf-16-le",
}

TONES = "\u0300\u0301\u0303\u0309\u0323"


def as_written(text, encoding):
    """The text with what the encoding has; Windows-1258 has the tones of Vietnamese apart."""
    if encoding == "cp1258":
        text = "".join(map(_apart, unicodedata.normalize("NFC", text)))
    return text.encode(encoding, "ignore").decode(encoding)


def _apart(char):
    if char.encode("cp1258", "ignore"):
        return char
    parts = unicodedata.normalize("NFD", char)
    letter = "".join(part for part in parts if part not in TONES)
    tones = "".join(part for part in parts if part in TONES)
    return unicodedata.normalize("NFC", letter) + tones
