"""Letters and signs that Western Windows does not have, in those it has.

The scripts are those of the European Union: Latin, Greek (ISO 843 without accents) and Cyrillic
(the Bulgarian transliteration of 2009, with the letters of other languages beside it).
"""

LATIN = {
    "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "Ŧ": "T", "ŧ": "t", "Ŋ": "NG",
    "ŋ": "ng", "ı": "i", "ĸ": "k", "ẞ": "SS",
}  # fmt: skip
SIGNS = {
    "‐": "-", "‑": "-", "‒": "-", "―": "-", "−": "-", "′": "'", "″": "'", "⁄": "/", "∕": "/",
    "≤": "<=", "≥": ">=", "→": "->", "←": "<-",
}  # fmt: skip
GREEK = "αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo"
CYRILLIC = (
    "аa бb вv гg дd еe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хh цts чch шsh щsht ъa ыy ьy"
    " эe юyu яya ѝi єye іi їi ґg ђdj јj љlj њnj ћc џdz"
)


def _both_cases(pairs: str) -> dict[str, str]:
    letters = {pair[0]: pair[1:] for pair in pairs.split()}
    return letters | {one.upper(): latin.capitalize() for one, latin in letters.items()}


LETTERS = {**LATIN, **SIGNS, **_both_cases(GREEK), **_both_cases(CYRILLIC)}
