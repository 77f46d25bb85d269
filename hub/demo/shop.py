"""`/demo/shop`: the shop page of Loja Ipê, carrying the widget by its script tag like any site would."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

from hub.errors import NotFound

FILES = Path(__file__).resolve().parent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

BESIDE: Mapping[str, str] = {"shop.css": "text/css", "shop.js": "text/javascript", "shop.svg": "image/svg+xml"}

WidgetKey = Callable[[], Awaitable[str | None]]


def routes(widget_key: WidgetKey) -> Sequence[web.AbstractRouteDef]:
    """`widget_key` gives the key of the demo company's widget, or None while the demo is not open."""
    page = Template((FILES / "shop.html").read_text("utf-8"))

    async def shop(request: web.Request) -> web.Response:
        key = await widget_key()
        if key is None:
            raise NotFound("not_found", "The demo company is not open.")
        words = WORDS["en" if request.query.get("lang", "").startswith("en") else "pt-BR"]
        filled = page.substitute({name: escape(word) for name, word in words.items()}, key=escape(key))
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
        return web.Response(text=filled, content_type="text/html", headers=headers)

    return [web.get("/demo/shop", shop), *(_file(name, type) for name, type in BESIDE.items())]


def _file(name: str, content_type: str) -> web.RouteDef:
    content = (FILES / name).read_bytes()

    async def answer(_: web.Request) -> web.Response:
        headers = {"Cache-Control": "no-cache"}
        return web.Response(body=content, content_type=content_type, charset="utf-8", headers=headers)

    return web.get(f"/demo/{name}", answer)


WORDS: Mapping[str, Mapping[str, str]] = {
    "pt-BR": {
        "language": "pt-BR",
        "other": "en",
        "other_name": "English",
        "title": "Loja Ipê: roupa de algodão e linho, feita no Recife",
        "new": "Novidades",
        "women": "Feminino",
        "men": "Masculino",
        "stores": "Nossas lojas",
        "bag": "Sacola",
        "season": "Coleção de verão",
        "headline": "Roupa leve para dias de sol e chuva passageira",
        "pitch": "Algodão, linho e tingimento natural, costurados em ateliês do Recife e de Caruaru.",
        "look": "Ver a coleção",
        "shelf": "Mais procurados",
        "coat": "Casaco Mata",
        "coat_of": "Algodão encerado, do 34 ao 46",
        "dress": "Vestido Ipê",
        "dress_of": "Linho com botões de coco",
        "shirt": "Camisa Boa Viagem",
        "shirt_of": "Linho lavado, azul ou cru",
        "bag_product": "Bolsa Sisal",
        "bag_of": "Trançada à mão em Valente",
        "sandal": "Sandália Olinda",
        "sandal_of": "Couro curtido sem cromo",
        "scarf": "Lenço Capibaribe",
        "scarf_of": "Algodão estampado a carimbo",
        "add": "Pôr na sacola",
        "added": "Na sacola",
        "price_coat": "R$ 389,00",
        "price_dress": "R$ 279,00",
        "price_shirt": "R$ 219,00",
        "price_bag": "R$ 189,00",
        "price_sandal": "R$ 249,00",
        "price_scarf": "R$ 89,00",
        "shipping": "Frete grátis acima de R$ 250",
        "returns": "Troca grátis em 30 dias",
        "pay": "Em até 6 vezes sem juros",
        "footer": "Loja Ipê · Recife, Boa Viagem · Esta é uma loja de demonstração: nada aqui é vendido de verdade.",
    },
    "en": {
        "language": "en",
        "other": "pt",
        "other_name": "Português",
        "title": "Loja Ipê: cotton and linen clothes, made in Recife",
        "new": "New in",
        "women": "Women",
        "men": "Men",
        "stores": "Our stores",
        "bag": "Bag",
        "season": "Summer collection",
        "headline": "Light clothes for sunny days and passing rain",
        "pitch": "Cotton, linen and natural dyes, sewn in small workshops in Recife and Caruaru.",
        "look": "See the collection",
        "shelf": "Most wanted",
        "coat": "Mata coat",
        "coat_of": "Waxed cotton, sizes 34 to 46",
        "dress": "Ipê dress",
        "dress_of": "Linen with coconut buttons",
        "shirt": "Boa Viagem shirt",
        "shirt_of": "Washed linen, blue or natural",
        "bag_product": "Sisal bag",
        "bag_of": "Woven by hand in Valente",
        "sandal": "Olinda sandal",
        "sandal_of": "Leather tanned without chrome",
        "scarf": "Capibaribe scarf",
        "scarf_of": "Block-printed cotton",
        "add": "Add to bag",
        "added": "In your bag",
        "price_coat": "R$ 389.00",
        "price_dress": "R$ 279.00",
        "price_shirt": "R$ 219.00",
        "price_bag": "R$ 189.00",
        "price_sandal": "R$ 249.00",
        "price_scarf": "R$ 89.00",
        "shipping": "Free shipping over R$ 250",
        "returns": "Free returns for 30 days",
        "pay": "Six instalments, no interest",
        "footer": "Loja Ipê · Recife, Boa Viagem · This is a demonstration shop: nothing here is really sold.",
    },
}
