"""The language of a message: Portuguese, Spanish or English, or not known.

py3langid compares it with all the languages that customers may write (docs/adr/0009); on a line of chat its answer
leans on few letters, so words that only one of the three has weigh in.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from hub.routing.fold import fold, words

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

READ = 2_000  # characters: more say nothing new
CLEARLY = 1.5  # times as probable as the next of the three
TELLS = 30.0  # how much more probable a telling word makes its language
TELLING_MOST = 3  # words that count


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Rare and extinct languages are left out of the comparison: by their great number they would take every fifth line.
_COMPARED = _set(
    """
    af ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr ht hu hy id is it ja ka kk km kn ko
    lt lv mk ml mn mr ms my ne nl no pa pl ps pt ro ru si sk sl so sq sr sv sw ta te th tl tr uk ur uz vi yo zh zu zxx
    """
)

# Folded, as people write them. Of the three only one has the word, and their neighbours do not use it often.
_TELLING: Mapping[str, frozenset[str]] = {
    "pt": _set(
        """
        oi ola nao voce voces vc vcs obrigado obrigada brigado brigada valeu bom boa dia noite tchau sim isso isto esse
        essa meu minha meus minhas seu sua dele dela muito muita tambem tb tbm ate depois amanha hoje ontem agora ainda
        ja pra pro pras pros num numa pelo pela uma umas tem tenho tinha foi sao estou tou tava quero queria preciso
        consigo posso faz fiz cade onde quando quanto qual quais pq porem entao mais bem tudo ninguem alguem moca moco
        beleza blz gente comprei paguei recebi mandei chegou veio loja boleto pix fatura cartao senha frete prazo troca
        desculpa aguardo atendente nenhum nenhuma kkk kkkk
        """
    ),
    "es": _set(
        """
        hola buenos buenas buen dias tardes noches gracias usted ustedes vos yo los las mis mucho mucha muchas hasta
        despues manana hoy ayer ahorita todavia aun ya una unas unos hay tengo tiene tienen tenes soy son estoy quiero
        quisiera necesito puedo puede pueden podes hacer hace hago hice donde cuando cuanto cual cuales pero entonces
        muy bien nadie alguien bueno listo dale che compre pague recibi llego llega llegado vino tienda tarjeta
        contrasena envio disculpe perdon ningun ninguno jaja jajaja
        """
    ),
    "en": _set(
        """
        hi hello hey good morning afternoon evening thanks thank thx you your the this that these those it my our they
        what when where which who why how were been have does did can could would should with from just still already
        now today yesterday tomorrow please pls plz yes yeah need got order bought paid received sent store password
        shipping delivery refund sorry nobody anyone anybody help again
        """
    ),
}
_NO_WORDS = re.compile(r"\S*(?:://|@|\d)\S*")  # addresses and numbers


def language_of(text: str) -> str | None:
    """`pt`, `es` or `en`; None when it is none of them, or not to be told. The first call takes half a second to load
    the model; then a line takes a twentieth of a millisecond."""
    text = _NO_WORDS.sub(" ", text[:READ])
    found = words(fold(text))
    if not found:
        return None
    likely = dict(_model().rank(text))
    for language, telling in _TELLING.items():
        likely[language] *= TELLS ** min(sum(word in telling for word in found), TELLING_MOST)
    best, second = sorted(_TELLING, key=lambda each: -likely[each])[:2]
    sure = likely[best] == max(likely.values()) and likely[best] >= CLEARLY * likely[second]
    return best if sure else None


@cache
def _model() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(_COMPARED)
    return model
