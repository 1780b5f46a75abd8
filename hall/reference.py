"""Reference data of one hall as the machines use it: profile, catalogue, people, calendar, powers."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hall.calendar.model import WorkCalendar
from hall.catalogue.catalogue import HallCatalogue
from hall.catalogue.hall_profile import DeskAt, HallProfile, Window
from hall.catalogue.loading import load_calendar, load_hall_catalogue
from hall.catalogue.model import CaseType as CatalogueCaseType
from hall.catalogue.model import MaterialRequirement, ServiceItem, Tag
from hall.catalogue.scenario import Answers, materials_for
from hall.intake.authority import Grant, Rules
from hall.intake.events import ItemFacts, RequiredMaterial
from hall.intake.model import CaseType
from hall.journal.refusal import Refusal
from hall.people.loading import HallPeople, load_people
from hall.people.model import Staff
from hall.people.powers import Power, Refused, power_check, powers_of


@dataclass(frozen=True, slots=True)
class Reference:
    """Built once at start, then only read; safe on any thread."""

    catalogue: HallCatalogue
    people: HallPeople
    calendar: WorkCalendar

    @property
    def profile(self) -> HallProfile:
        return self.catalogue.profile

    @property
    def rules(self) -> Rules:
        return Rules(HallAuthority(self), self.calendar)

    def window(self, no: int) -> Window | None:
        return next((w for w in self.profile.windows if w.no == no), None)

    def staff_by_no(self, employee_no: str) -> Staff | None:
        return next((s for s in self.people.staff if s.employee_no == employee_no), None)

    def staff_name(self, staff_id: str) -> str:
        """The name to print, or the id itself for who is not on the list."""
        return next((s.name for s in self.people.staff if s.id == staff_id), staff_id)

    def powers(self, window: Window, item: ServiceItem, day: date) -> frozenset[Power]:
        return powers_of(self.people.authorisations, window, item, day)

    def desk(self, department: str) -> str:
        """The review desk of a catalogue department: "<unit>@node" or "<unit>@county"."""
        unit = self.profile.department_for(department)
        if unit is None:
            return f"{department}@county"
        return f"{unit.name}@{'node' if unit.desk_at is DeskAt.NODE else 'county'}"

    def unit_name(self, department: str) -> str:
        """The hall's own name of a catalogue department, as a paper names it: 昌吉市公安局, not 市公安局."""
        unit = self.profile.department_for(department)
        name = department if unit is None else unit.name
        place = self.profile.place
        return place + name[1:] if name[0] in "市县旗区" and name[0] == place[-1] else name

    def item_facts(self, item: ServiceItem) -> ItemFacts:
        """What a case keeps of its item. Raises Refusal for an item without a guide."""
        guide = item.guide
        if guide is None or item.item_type is None or item.case_type is None:
            raise Refusal("guide_missing", f"“{item.name}”的办事指南待补充，暂不能收件。")
        statutory, promised = guide.statutory_limit, guide.promised_limit
        return ItemFacts(
            id=item.id,
            version=item.version,
            name=item.name,
            code=item.task_code or item.local_code or item.id,
            item_type=item.item_type.value,
            case_type=CaseType.IMMEDIATE
            if item.case_type is CatalogueCaseType.IMMEDIATE
            else CaseType.COMMITTED,
            department=item.department,
            desk=self.desk(item.department),
            statutory_n=statutory.n if statutory else None,
            statutory_unit=statutory.unit.value if statutory else "工作日",
            promised_n=promised.n,
            promised_unit=promised.unit.value,
            result_name=guide.result_name,
            sample=item.sample,
        )

    def exact_materials(self, item: ServiceItem, answers: Answers) -> tuple[RequiredMaterial, ...]:
        """The exact list for these answers. Raises ScenarioRefused."""
        return tuple(required(item, m) for m in materials_for(item, answers))


@dataclass(frozen=True, slots=True)
class HallAuthority:
    """hall.intake's Authority over the registered letters."""

    reference: Reference

    def covers(self, *, window: int | None, item: str, department: str, power: str, day: date) -> Grant:
        """Raises Refusal with the reason that the clerk reads (R19)."""
        at = None if window is None else self.reference.window(window)
        known = self.reference.catalogue.by_id.get(item)
        if at is None or known is None:
            raise Refusal("no_power", "这个窗口或事项不在本大厅的名录中，不能办理。")
        answer = power_check(self.reference.people.authorisations, at, known, Power(power), day)
        if isinstance(answer, Refused):
            raise Refusal("no_power", answer.reason + "。")
        return Grant(answer.letter.id, answer.letter.granter)


def required(item: ServiceItem, material: MaterialRequirement) -> RequiredMaterial:
    tolerant = Tag.TOLERANT in item.tags and not material.principal
    return RequiredMaterial(
        id=material.id,
        name=material.name,
        original_n=material.original_n,
        copy_n=material.copies_asked,
        electronic_ok=material.electronic_ok,
        necessary=material.necessary,
        tolerable=tolerant,
        waivable="数据共享" if material.licence_code else None,
        review_points=material.review_points,
        identity=material.identity is not None,
        identity_paper=material.identity,
    )


def load_reference(resources: Path, hall_code: str) -> Reference:
    """Raises CatalogueFileError, PeopleFileError with file and place."""
    catalogue = load_hall_catalogue(resources, hall_code)
    return Reference(
        catalogue, load_people(resources, catalogue.profile), load_calendar(resources, catalogue.profile)
    )
