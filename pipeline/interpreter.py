"""The interpreter's form of an answer: which language was heard, what it means in another, and the answer."""

_FORM = "Recognised language: {language}\nTranslation: {translation}\nAnswer: {answer}"
_HEAD, _ANSWER = "Recognised language: ", "\nAnswer: "


def interpreted(language: str, translation: str, answer: str) -> str:
    """Return an answer in the interpreter's form. `language` is the name of the question's."""
    return _FORM.format(language=language, translation=translation.strip(), answer=answer.strip())


def bare_answer(text: str) -> str:
    """Return the answer alone of one in the interpreter's form, any other as it is."""
    return text.partition(_ANSWER)[2] if text.startswith(_HEAD) and _ANSWER in text else text
