# ruff: noqa: E501  # one language a line
"""Sentences of 20 to 60 characters in the twelve languages: every subject with every predicate."""

from itertools import product

# language: subjects, and predicates that agree with each of them
_PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "en": (("The old pump", "This machine", "Our teacher", "The red house"),
           ("needs a new filter.", "is not here today.", "was built last year.", "works until late evening.", "has two large windows.", "must wait for the train.")),
    "de": (("Die alte Pumpe", "Diese Maschine", "Unsere Lehrerin", "Das rote Haus"),
           ("braucht einen neuen Filter.", "ist heute nicht hier.", "bleibt noch ein Jahr lang.", "arbeitet bis spät am Abend.", "hat zwei große Fenster.", "muss auf den Zug warten.")),
    "fr": (("La vieille pompe", "Cette machine", "Notre professeur", "La maison rouge"),
           ("a besoin d'un filtre.", "n'est pas ici aujourd'hui.", "reste encore une année.", "travaille jusqu'au soir.", "possède deux fenêtres.", "doit attendre le train.")),
    "es": (("La bomba vieja", "Esta máquina", "Nuestro profesor", "La casa roja"),
           ("necesita un filtro nuevo.", "no está aquí hoy.", "se queda un año más.", "trabaja hasta la noche.", "tiene dos ventanas grandes.", "debe esperar el tren.")),
    "pt": (("A bomba velha", "Esta máquina", "Nosso professor", "A casa vermelha"),
           ("precisa de um filtro novo.", "não está aqui hoje.", "fica mais um ano.", "trabalha até à noite.", "tem duas janelas grandes.", "deve esperar pelo comboio.")),
    "it": (("La vecchia pompa", "Questa macchina", "Il nostro insegnante", "La casa rossa"),
           ("ha bisogno di un filtro.", "oggi non è qui.", "resta ancora un anno.", "lavora fino a sera.", "ha due finestre grandi.", "deve aspettare il treno.")),
    "id": (("Pompa tua itu", "Mesin ini", "Guru kami", "Rumah merah itu"),
           ("membutuhkan saringan baru.", "tidak ada di sini hari ini.", "tetap di sana setahun lagi.", "bekerja sampai larut malam.", "punya dua jendela besar.", "harus menunggu kereta api.")),
    "vi": (("Cái máy bơm cũ", "Chiếc máy này", "Cô giáo của chúng tôi", "Ngôi nhà màu đỏ"),
           ("cần một bộ lọc mới.", "hôm nay không ở đây.", "sẽ ở lại thêm một năm.", "làm việc đến tối muộn.", "có hai cửa sổ lớn.", "phải chờ chuyến tàu.")),
    "tl": (("Ang lumang bomba", "Ang makinang ito", "Ang aming guro", "Ang pulang bahay"),
           ("ay nangangailangan ng filter.", "ay wala rito ngayon.", "ay mananatili ng isang taon.", "ay gumagana hanggang gabi.", "ay may dalawang bintana.", "ay dapat maghintay ng tren.")),
    "th": (("ปั๊มน้ำเก่าเครื่องนี้", "เครื่องจักรเครื่องนี้", "คุณครูของพวกเรา", "บ้านสีแดงหลังนั้น"),
           ("ต้องการตัวกรองใหม่", "ไม่อยู่ที่นี่ในวันนี้", "จะอยู่ต่ออีกหนึ่งปี", "ทำงานจนถึงตอนดึก", "มีหน้าต่างใหญ่สองบาน", "ต้องรอรถไฟขบวนต่อไป")),
    "hi": (("वह पुराना पंप", "यह नया यंत्र", "हमारा शिक्षक", "वह लाल मकान"),
           ("आज यहाँ नहीं है।", "एक साल और रहेगा।", "देर शाम तक चलता है।", "बहुत बड़ा और सुंदर है।", "कल सुबह फिर से खुलेगा।", "अब बिल्कुल ठीक लगता है।")),
    "ar": (("المضخة القديمة", "هذه الآلة الكبيرة", "معلمة المدرسة", "السيارة الحمراء"),
           ("تحتاج إلى مرشح جديد.", "ليست هنا في هذا اليوم.", "ستبقى سنة أخرى.", "تعمل حتى وقت متأخر.", "لها نافذتان كبيرتان.", "يجب أن تنتظر القطار.")),
}  # fmt: skip


def labelled_sentences() -> list[tuple[str, str]]:
    """Return (language, sentence) pairs, 24 of each language."""
    return [
        (language, f"{subject}{'' if language == 'th' else ' '}{predicate}")
        for language, (subjects, predicates) in _PARTS.items()
        for subject, predicate in product(subjects, predicates)
    ]
