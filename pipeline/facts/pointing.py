# ruff: noqa: E501  # one language a line
"""How a question points at the document it was made from, in the languages beside English that Llama 4 speaks."""

import re

_PATTERNS = (
    # German
    r"\b(?:dies(?:e[rmns]?)|(?:der|die|das|dem|den)\s(?:obige|vorliegende|folgende|genannte)n?)\s(?:Text|Dokument|Abschnitt|Absatz|Auszug|Artikel|Tabelle|Passage|Kapitel|Material)s?\b",
    r"\b(?:laut|gemäß|nach)\s(?:dem|der)\s(?:Text|Dokument|Abschnitt|Absatz|Auszug|Artikel|Tabelle|Passage|Material)\b(?!\s\d)|\bim\s(?:Text|Dokument|Abschnitt|Absatz|Auszug|Material)\b(?!\s\d)|\b(?:oben|zuvor)\s(?:genannt|erwähnt|beschrieben)",
    # French
    r"\b(?:ce|cet|cette)\s(?:texte|passage|document|paragraphe|section|extrait|article|tableau|chapitre)\b|\b(?:selon|d['’]après|dans)\s(?:le|la|l['’])\s?(?:texte|passage|document|paragraphe|extrait)\b|\bci-(?:dessus|dessous)\b",
    # Spanish
    r"\best[ea]\s(?:texto|pasaje|documento|párrafo|sección|fragmento|artículo|tabla|capítulo)\b|\b(?:según|de acuerdo con|en)\s(?:el|la)\s(?:texto|pasaje|documento|párrafo|fragmento)\b|\b(?:texto|tabla|sección|párrafo)\s(?:anterior|siguiente)\b",
    # Portuguese
    r"\b(?:n?est[ea]|dest[ea])\s(?:texto|trecho|documento|parágrafo|seção|secção|excerto|artigo|tabela|capítulo)\b|\b(?:segundo|conforme|de acordo com)\s(?:o|a)\s(?:texto|trecho|documento|parágrafo|excerto)\b|\bno\s(?:texto|trecho|excerto)\b|\b(?:texto|tabela|seção|secção)\sacima\b",
    # Italian
    r"\bquest[oa]\s(?:testo|brano|documento|paragrafo|sezione|passaggio|articolo|tabella|capitolo)\b|\bsecondo\s(?:il|la)\s(?:testo|brano|documento|paragrafo|passaggio)\b|\bnel\s(?:testo|brano|passaggio)\b|\b(?:testo|tabella|sezione)\s(?:sopra|precedente|seguente)\b",
    # Indonesian
    r"\b(?:teks|dokumen|bagian|paragraf|bacaan|artikel|tabel|kutipan|bab)\s(?:ini|di\satas|tersebut|berikut)\b|\b(?:menurut|berdasarkan|dalam)\s(?:teks|dokumen|bacaan|kutipan)\b",
    # Tagalog
    r"\b(?:teksto|dokumento|bahagi|talata|artikulo|talahanayan)ng\sito\b|\bitong\s(?:teksto|dokumento|bahagi|talata|artikulo|talahanayan)\b|\bayon\ssa\s(?:teksto|dokumento|talata)\b|\bsa\s(?:teksto|talata)\b",
    # Vietnamese
    r"\b(?:văn bản|tài liệu|đoạn văn|đoạn trích|bài viết|bảng|phần)\s(?:này|trên|sau)\b|\btheo\s(?:văn bản|tài liệu|đoạn văn|đoạn trích)\b",
    # Hindi
    r"(?:इस|उपरोक्त|उपर्युक्त|दिए गए|निम्नलिखित)\s(?:पाठ|दस्तावेज़|दस्तावेज|अनुच्छेद|खंड|लेख|तालिका|सामग्री)|(?:पाठ|दस्तावेज़|दस्तावेज|अनुच्छेद|सामग्री)\sके\sअनुसार",
    # Thai
    r"(?:ข้อความ|เอกสาร|บทความ|ย่อหน้า|ตาราง|เนื้อหา|ส่วน)(?:นี้|ข้างต้น|ดังกล่าว|ด้านบน|ที่ให้มา)|ตาม(?:ข้อความ|เอกสาร|บทความ|เนื้อหา)",
    # Arabic
    r"هذ[اه]\s(?:النص|المستند|الوثيقة|المقطع|الفقرة|القسم|المقال|الجدول)|(?:وفق[اً]*|بحسب|حسب|في)\s(?:للنص|النص|للمستند|للوثيقة|للمقطع|للفقرة)|(?:النص|الجدول|الفقرة|القسم)\s(?:أعلاه|المذكور|السابق)",
)
_POINTING = re.compile("|".join(_PATTERNS), re.IGNORECASE)


def points_at_document(text: str) -> str:
    """Return the words with which `text` points at its document, empty where it does not."""
    found = _POINTING.search(text)
    return found[0] if found else ""
