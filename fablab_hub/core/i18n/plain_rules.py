"""What plain French is, as tables: how long, which words, which characters.

The rules are those of *facile à lire et à comprendre* (Inclusion Europe, "Information for all";
Unapei, "Règles européennes pour une information facile à lire et à comprendre"): one idea in a
sentence, short sentences, everyday words, the same word for the same thing, figures as digits,
no per cent sign, no unexplained acronym, no italics, no capitals, the reader spoken to directly.
The spaces are those of the Imprimerie nationale (`Lexique des règles typographiques`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Rule(StrEnum):
    """What can be wrong with a sentence; the id that a finding and an exemption name."""

    LONG_SENTENCE = "long-sentence"
    MANY_SENTENCES = "many-sentences"
    MANY_IDEAS = "many-ideas"
    HARD_WORD = "hard-word"
    NUMBER_IN_LETTERS = "number-in-letters"
    CAPITALS = "capitals"
    CHARACTER = "character"
    SPACE = "space"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Profile:
    """How much one entry may hold.

    Attributes:
        words: in a sentence, at most; a placeholder counts as one.
        sentences: in an entry, at most.
        breaks: commas, semicolons and brackets of several words in a sentence, at most: each
            opens another idea.
        everyday: only everyday words; else words of the trade are fine.
    """

    words: int
    sentences: int
    breaks: int
    everyday: bool


EVERYBODY = Profile(words=15, sentences=4, breaks=1, everyday=True)
"""What a trainee reads."""

TERMINAL = Profile(words=20, sentences=5, breaks=3, everyday=False)
"""What only the person who installs the hub reads: settings, commands, folders, logs."""

TERMINAL_MARKS = re.compile(
    r"\{(?:file|key|driver|folder|archive|sha256|port|path|cause|known|address|wanted)\}"
    r"|fablab-hub|fablab\.toml|docs/|--\w|\bTOML\b|\bagents?\b|password_file|Ctrl-C|“dialect”"
    r"|\b[Pp]ort\b|\b[Dd]river\b|\bdata folder\b"
)
"""The criterion of that profile: the sentence names a file, a key, a command or a port."""

HARD_WORDS: Mapping[str, str] = MappingProxyType(
    {
        r"vous|votre|vos|veuillez": "say “tu”",
        r"effectue[rz]?|réalise[rz]?": "say “faire”",
        r"sélectionne[rz]?": "say “choisir”",
        r"clique[rz]?|cliques": "say “appuyer”: on a tablet nobody clicks",
        r"téléverse[rz]?|uploade[rz]?": "say “envoyer”",
        r"paramètres?|paramétrage|configurations?|configure[rz]?": "say “réglage”",
        r"afin": "say “pour”",
        r"lors": "say “quand”",
        r"lorsque": "say “quand”",
        r"actuellement|présentement": "say “maintenant”",
        r"préalable(?:ment)?|au préalable": "say “avant”",
        r"ultérieure?(?:ment)?": "say “plus tard”",
        r"notamment|néanmoins|toutefois|cependant": "make two sentences, or say “mais”",
        r"dysfonctionnements?": "say “panne”",
        r"invalides?|incorrecte?s?": "say what is wrong",
        r"requise?s?|obligatoires?": "say “il faut”",
        r"authentifi\w+|s’identifier|logins?": "say “se connecter” or “entrer”",
        r"utilisateurs?|usagers?": "say who: “stagiaire”, “formateur”, “responsable”",
        r"fabmanagers?|managers?": "say “responsable”",
        r"matières?|matériels?": "say “matériau”",
        r"trancheuse|slicer": "say “trancheur”",
        r"lab|labs|lieu": "say “fablab”",
        r"(?<!FabLab )hub": "say “FabLab Hub”: its name",
        r"nous|notre|nos": "say “on”",
        r"équipe|formatrice": "say “formateur” or “responsable”: one word for one person",
        r"bugs?|job|jobs|check|upload|feedback": "say it in French",
        r"etc|cf|càd|p\. ex": "say it in full, or leave it out",
        r"a priori|a posteriori|in situ|via|idem|ad hoc": "say it in French",
        r"procédure|processus|modalités?": "say “étapes” or “façon de faire”",
        r"susceptibles?|éventuel(?:le)?s?|éventuellement": "say “peut”, “peut-être”",
        r"concernant|relatif|relative|au sein": "say “sur”, “de”, “dans”",
        r"feu vert|du coup|au fur et à mesure|tour de main": "say it without an image",
        r"défaillances?|défectueuse?s?|défectueux": "say “panne”, “abîmé”",
        r"interrompue?s?|interruption": "say “arrêté”, “coupé”",
        r"insérer|insère|renseigne[rz]?|saisir|saisis|saisissez": "say “mettre”, “écrire”, “taper”",
        r"visualise[rz]?|visualisation": "say “voir”",
        r"supprime[rz]?|suppression": "say “effacer”, “enlever”",
        r"opérations?|opérateurs?": "say what is done, and who",
        r"séquence|itération|instance|statut": "say “suite”, “fois”, “état”",
    }
)
"""Words (as patterns of whole words) that stop a beginner, and what to say instead."""

TRADE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        r"firmware|microprogramme": "say “la machine”",
        r"agents?": "say “le programme de la machine”",
        r"port|ports|port série": "say “la prise”",
        r"bauds?|octets?|serveurs?|navigateur|cache|cookies?": "say what it does for the reader",
        r"API|JSON|TOML|HTTP|MQTT|URL|IP|SHA|UTF|ASCII": "an acronym: say what it is",
        r"axe [XYZ]|overrides?|offsets?|homing": "say it in French, with a gesture or an example",
    }
)
"""Hard words that are plain to whoever installs the hub: forbidden to `EVERYBODY` only."""

NUMBERS = (
    r"deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize"
    r"|vingt|trente|quarante|cinquante|soixante|cent|cents|mille|millions?|milliards?"
)
"""Numbers to be written as digits; `un` and `une` are articles as well."""

KNOWN_CAPITALS: Mapping[str, str] = MappingProxyType(
    {
        "DXF": "the ending of the file's name; the glossary explains it",
        "SVG": "the ending of the file's name; the glossary explains it",
        "STL": "the ending of the file's name; the glossary explains it",
        "3MF": "the ending of the file's name; the glossary explains it",
        "PDF": "the ending of the file's name, known from everyday life",
        "ZIP": "the ending of the file's name, known from everyday life",
        "CV": "the word that everybody uses for it",
        "USB": "written so beside every socket",
        "LED": "written so on every lamp",
        "3D": "the word that everybody uses for it",
        "PVC": "the name on the sheet; the glossary explains it",
        "ABS": "the name on the spool",
        "PLA": "the name on the spool",
        "PETG": "the name on the spool",
        "GRBL": "the name of a program on a machine, for staff",
        "QR": "the word that everybody uses for it",
        "OK": "the word that everybody uses for it",
    }
)
"""Words that are written in capitals, and why nobody stumbles over them."""

CHARACTERS: Mapping[str, str] = MappingProxyType(
    {
        "%": "say “3 sur 4”, not per cent",
        "'": "write ’",
        '"': "write « »",
        "“": "write « »",
        "”": "write « »",
        "...": "write …",
        "*": "no italics, no emphasis by signs",
        "_": "no underline, no emphasis by signs",
        "<": "no markup in sentences",
        "&": "say “et”",
    }
)
"""Characters that do not belong in a French sentence, and what to write instead."""

NO_BREAK = "\u00a0\u202f"
"""The spaces that keep a line from breaking."""

UNITS = r"mm(?:/min|/s)?|cm|m|g|kg|s|min|h|°C|W|secondes?|minutes?|heures?"
"""Units that never stand alone at the start of a line."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """One entry that breaks one rule on purpose."""

    english: str
    rule: Rule
    reason: str


EXEMPTIONS: tuple[Exemption, ...] = ()
"""Everything that breaks a rule on purpose; `plain.stale` names those that are no longer needed."""
