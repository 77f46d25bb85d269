"""What holds for the whole company."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hub.events import Kind
from hub.inbox.house import House
from hub.model import Company, Person
from hub.ports import Ref, Sheet

COMPANY = Ref(Company, "company")


async def change_company(house: House, person: Person, **changes: Any) -> Company:
    """Only what is given of `agents_see_all`: whether agents see what is another team's."""
    changed = await house.filing.submit(ChangeCompany(person, changes))
    await house.directory.refresh()
    return changed


@dataclass(frozen=True, slots=True)
class ChangeCompany:
    person: Person
    changes: Mapping[str, Any]

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [COMPANY]

    def decide(self, sheet: Sheet) -> Company:
        known = sheet.get(Company, COMPANY.id)
        assert known  # whoever is signed in has a company
        changed = replace(known, **self.changes)
        if changed != known:
            sheet.put(changed)
            sheet.tell(Kind.COMPANY_CHANGED, actor=self.person.actor, data={"fields": sorted(self.changes)})
        return changed
