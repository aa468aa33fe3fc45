"""What materials are made of, and whether a laser may burn that: what is not here must be asked.

Source: lists of the University of Texas, UIC, Cleveland Public Library and Trotec, notes of INRS
and CNRS on the fumes of plastics; gathered in 2026. A lab's own words are compared without accents,
case and plural, word by word.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Burning(StrEnum):
    """What a laser may do to it."""

    NEVER = "never"
    ASK = "ask"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class Substance:
    """One substance.

    Attributes:
        id: short name.
        burning: what a laser may do to it.
        names: words that people use for it, French, English and brands.
    """

    id: str
    burning: Burning
    names: tuple[tuple[str, ...], ...]


def _row(id_: str, burning: Burning, names: str) -> Substance:
    return Substance(id_, burning, tuple(tuple(name.split()) for name in names.split(",")))


_NEVER, _ASK, _ALLOWED = Burning.NEVER, Burning.ASK, Burning.ALLOWED

SUBSTANCES: tuple[Substance, ...] = (
    _row("pvc", _NEVER, "pvc,vinyle,vinyl,forex,sintra,skai,simili,flex vinyle,moleskine"),
    _row("fluoropolymer", _NEVER, "ptfe,teflon,pvdf,viton,fluoroelastomere,fluoroelastomer"),
    _row("chloroprene", _NEVER, "neoprene,chloroprene"),
    _row("circuit-board", _NEVER, "fr4,pcb,circuit imprime,epoxy,phenolique,bakelite,phenolic"),
    _row("composite", _NEVER, "fibre carbone,carbone,carbon fiber,carbon,fibre verre,fiberglass"),
    _row("abs", _NEVER, "abs,san,pan,pvb"),
    _row("polycarbonate", _NEVER, "polycarbonate,lexan,makrolon"),
    _row("polyolefin", _NEVER, "pehd,hdpe,polypropylene mousse,pp mousse"),
    _row("polystyrene", _NEVER, "polystyrene,ps,eps,xps,styrofoam,depron,plume,foamcore"),
    _row("polyurethane", _NEVER, "polyurethane,mousse pu,pu foam"),
    _row("chrome-leather", _NEVER, "cuir chrome,chrome leather"),
    _row("treated-wood", _NEVER, "bois traite,autoclave,bois peint,treated wood,painted wood"),
    _row("beryllium", _NEVER, "beryllium"),
    _row("food", _NEVER, "aliment,nourriture,food"),
    _row("metal", _ASK, "metal,acier,inox,aluminium,aluminum,laiton,cuivre,steel,brass,copper"),
    _row("pom", _ASK, "pom,delrin"),
    _row("pet", _ASK, "pet,petg,mylar"),
    _row("silicone", _ASK, "silicone"),
    _row("mdf", _ASK, "mdf,medium,exterieur,exterior"),
    _row("felt", _ASK, "feutre,felt,laine,wool"),
    _row("textile", _ASK, "tissu,textile,fabric,polyester,nylon,acrylic fabric"),
    _row("acrylic", _ALLOWED, "pmma,plexiglas,plexi,acrylique,acrylic,perspex,altuglas"),
    _row("plywood", _ALLOWED, "contreplaque,peuplier,bouleau,plywood,okoume,birch,poplar"),
    _row("wood", _ALLOWED, "bois massif,bois,wood,chene,hetre,pin,tilleul,oak,beech,balsa"),
    _row("cardboard", _ALLOWED, "carton,cardboard"),
    _row("paper", _ALLOWED, "papier,paper"),
    _row("vegetable-leather", _ALLOWED, "cuir vegetal,vegetable leather,veg leather,cuir,leather"),
    _row("cotton", _ALLOWED, "coton,cotton,lin,linen"),
    _row("cork", _ALLOWED, "liege,cork"),
    _row("laser-rubber", _ALLOWED, "caoutchouc laser,laser rubber,gomme tampon"),
    _row("mineral", _ALLOWED, "verre,glass,ardoise,slate,pierre,stone,ceramique,ceramic"),
)
"""The strictest first: a name that is found in two rows counts for the first."""


def substance_of(names: Iterable[str]) -> Substance | None:
    """Recognise a material by any of its names; None for one that nobody knows."""
    return _recognised(tuple(names))


@functools.lru_cache(maxsize=1024)
def _recognised(names: tuple[str, ...]) -> Substance | None:
    words = [_words(name) for name in names]
    for substance in SUBSTANCES:
        for wanted in substance.names:
            if any(set(wanted) <= each for each in words):
                return substance
    return None


def _words(name: str) -> set[str]:
    letters = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    found = set(re.findall(r"[a-z][a-z0-9]*", bare))
    return found | {word.removesuffix("s") for word in found}
