"""A customer's HTML made harmless: no scripts, no forms, nothing that calls home. Pure.

What is left is shown in a sandboxed frame under its own Content-Security-Policy (`web/frames.py`): two walls.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape

import nh3


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What stands in for a picture from elsewhere, which would tell its owner that the mail was read: one empty pixel.
BLOCKED = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

TAGS = _words(
    "a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del "
    "details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav "
    "ol p pre q s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul "
    "var wbr"
)
# Their content is no text for anybody.
SWALLOWED = _words(
    "script style title noscript template iframe object embed svg math select textarea button audio video canvas "
    "noembed noframes xmp plaintext"
)
_SIZES = frozenset({"width", "height", "align", "valign", "bgcolor"})
ATTRIBUTES: Mapping[str, set[str]] = {
    "*": {"style", "dir", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "align"},
    "font": {"color", "face", "size"},
    "table": {*_SIZES, "border", "cellpadding", "cellspacing"},
    "td": {*_SIZES, "colspan", "rowspan"},
    "th": {*_SIZES, "colspan", "rowspan", "scope"},
    "tr": set(_SIZES),
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "blockquote": {"type"},
    "details": {"open"},
    "time": {"datetime"},
}
STYLES = _words(
    "color background-color font-family font-size font-style font-weight line-height letter-spacing text-align "
    "text-decoration text-indent text-transform vertical-align white-space word-break direction "
    "margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom "
    "padding-left border border-top border-right border-bottom border-left border-color border-style border-width "
    "border-collapse border-spacing border-radius width max-width height max-height min-width min-height "
    "list-style-type display"
)
SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_ENOUGH = 20_000  # characters of HTML hold a line of words

# Brackets in a value are how a style sheet reaches out (url, image-set, …) or grows clever: only colours may have them.
_COLOUR = re.compile(r"\b(?:rgba?|hsla?)\([0-9.,%\s/]*\)", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z]")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`blocked` counts the pictures from elsewhere that were left out."""

    html: str
    blocked: int


def clean(html: str, files: Mapping[str, str]) -> Cleaned:
    """The fragment to show. `files`: the message's own pictures, content id to address (`cid:` goes nowhere else)."""
    kept = _Filter(files)
    cleaned = nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(SWALLOWED),
        attributes=dict(ATTRIBUTES),
        attribute_filter=kept,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes={*SCHEMES, "cid", "data"},
        link_rel="noopener noreferrer nofollow",
        filter_style_properties=set(STYLES),
    )
    return Cleaned(cleaned, kept.blocked)


def words_of(html: str) -> str:
    """What is left without the tags, for the one line that a list shows."""
    return unescape(nh3.clean(html[:_ENOUGH], tags=set(), clean_content_tags=set(SWALLOWED)))


def tags_in(html: str) -> int:
    """At most so many tags open in it. The time that HTML takes can grow with the square of this."""
    return sum(1 for _ in _TAG.finditer(html))


@dataclass(slots=True)
class _Filter:
    files: Mapping[str, str]
    blocked: int = field(default=0)

    def __call__(self, tag: str, attribute: str, value: str) -> str | None:
        if attribute == "style":
            return styles(value) or None
        if attribute == "href":
            return _link(value)
        if attribute == "src":
            return self._picture(value)
        return value

    def _picture(self, src: str) -> str:
        src = src.strip()
        if src[:4].lower() == "cid:":
            return self.files.get(src[4:].strip("<>"), BLOCKED)
        if _PICTURE.fullmatch(src):
            return src
        self.blocked += 1
        return BLOCKED


def _link(href: str) -> str | None:
    """Absolute ones only: a relative link in a mail would lead into the hub."""
    scheme, colon, _ = href.strip().partition(":")
    return href.strip() if colon and scheme.lower() in SCHEMES else None


def styles(value: str) -> str:
    """The declarations that are on the list and reach nowhere."""
    kept = (each.strip() for each in value.split(";"))
    return ";".join(each for each in kept if _is_plain(each))


def _is_plain(declaration: str) -> bool:
    name, colon, value = declaration.partition(":")
    value = _COLOUR.sub("", value)
    return bool(colon) and name.strip().lower() in STYLES and not re.search(r"[()\\<>{}@]|/\*", value)
