"""How people get into the demo company: links that sign them in, and the words printed beside them."""

from collections.abc import Sequence

from hub.inbox.enter import keep_entry_link
from hub.inbox.house import House
from hub.model import Role, User

SHOP = ("A customer, in the shop", "um cliente, na loja")
ANSWERS = ("who answers customers", "que atende os clientes")
LEADS = ("who leads the team and runs the house", "que coordena a equipe e a casa")


async def entry_links(house: House, url: str) -> Sequence[tuple[str, str]]:
    """Fresh links for an agent and the admin: who one is then, in words, and where to go. Earlier ones stay good."""
    people = ((_agent_of(house), ANSWERS), (admin_of(house), LEADS))
    return [(_both(user, does), await _link(house, url, user)) for user, does in people]


def admin_of(house: House) -> User:
    return _first(house, Role.ADMIN)


def greeting(links: Sequence[tuple[str, str]], url: str) -> str:
    """What `hub demo` prints."""
    doors = "\n\n".join(f"    {who}\n    {link}" for who, link in [(_beside(*SHOP), f"{url}/demo/shop"), *links])
    return (
        "\n  Loja Ipê is open. Who would you like to be?\n"
        "  A Loja Ipê está aberta. Quem você quer ser?\n\n"
        f"{doors}\n\n"
        "  Best in two windows side by side: the customer in one, Ana in the other. Ctrl-C closes the shop.\n"
        "  Fica melhor com duas janelas lado a lado: o cliente numa, a Ana na outra. Ctrl-C fecha a loja.\n"
    )


async def _link(house: House, url: str, user: User) -> str:
    secret = house.clock.new_secret()
    await keep_entry_link(house, secret, user)
    return f"{url}/enter#{secret}"


def _both(user: User, does: tuple[str, str]) -> str:
    name = user.name.split()[0]
    return _beside(f"{name}, {does[0]}", f"{name}, {does[1]}")


def _beside(english: str, portuguese: str) -> str:
    return f"{english}  ·  {portuguese}"


def _agent_of(house: House) -> User:
    """Ana: the first by name, as the directory reads them."""
    return _first(house, Role.AGENT)


def _first(house: House, role: Role) -> User:
    return min((user for user in house.directory.users.values() if user.role is role), key=lambda user: user.name)
