"""What the form can tell by itself before anything is sent: GB 11643 blocks, GB 32100 only warns. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from counter_app.device_ports import CardData
from counter_app.take_in.ports import AgentForm, ApplicantForm, ApplicantKind, Source
from hall.identity.credit_code import read_credit_code
from hall.identity.id_number import IdNumberRefused, normalise, read_id_number
from hall.journal.typed_text import ADDRESS, NAME, SHORT, TextRule, too_long

_ID_CARD = "111"


@dataclass(frozen=True, slots=True)
class FieldNote:
    """A remark beside a field. `blocks`: the step cannot go on. `at_once`: said while it is typed."""

    field: str
    text: str
    blocks: bool = True
    at_once: bool = False


def check_applicant(form: ApplicantForm, *, today: date) -> tuple[FieldNote, ...]:
    """Every remark, in the order of the fields."""
    notes: list[FieldNote] = []
    if not form.name.strip():
        notes.append(FieldNote("name", "请填写姓名或名称"))
    if form.kind is ApplicantKind.ORGANISATION:
        notes += _credit_code_notes(form.cert_no)
        if not form.legal_representative.strip():
            notes.append(FieldNote("legal_representative", "请填写法定代表人或负责人"))
    else:
        notes += _certificate_notes(form.cert_type, form.cert_no, today)
    notes += _phone_notes("phone", form.phone, needed=True)
    texts = (("name", form.name, NAME), ("legal_representative", form.legal_representative, NAME))
    return (*notes, *_long_notes(*texts, ("address", form.address, ADDRESS)))


def check_agent(form: AgentForm, *, today: date) -> tuple[FieldNote, ...]:
    """An agent needs a name, a checked ID number and a mandate that was seen."""
    notes: list[FieldNote] = []
    if not form.name.strip():
        notes.append(FieldNote("agent_name", "请填写代理人姓名"))
    for note in _certificate_notes(_ID_CARD, form.cert_no, today):
        notes.append(FieldNote("agent_cert_no", note.text))
    notes += _phone_notes("agent_phone", form.phone, needed=False)
    if not form.mandate:
        notes.append(FieldNote("agent_mandate", "请查看授权委托书后勾选"))
    return (
        *notes,
        *_long_notes(("agent_name", form.name, NAME), ("agent_relation", form.relation, SHORT)),
    )


@dataclass(frozen=True, slots=True)
class PeopleCheck:
    """All remarks on the people of a case."""

    today: Callable[[], date]
    by_hand: Callable[[str], str]
    """What to do about characters of a text that papers cannot show; empty: none."""

    def __call__(self, applicant: ApplicantForm, agent: AgentForm | None) -> tuple[FieldNote, ...]:
        """Applicant's remarks, then the agent's, then what will have to be written by hand."""
        today = self.today()
        notes = check_applicant(applicant, today=today)
        if agent is not None:
            notes += check_agent(agent, today=today)
        return notes + self.at_once(applicant, agent)

    def at_once(self, applicant: ApplicantForm, agent: AgentForm | None) -> tuple[FieldNote, ...]:
        """What is said while it is typed, or as soon as a card was read."""
        printed = [
            ("name", applicant.name),
            ("address", applicant.address),
            ("legal_representative", applicant.legal_representative),
            ("agent_name", agent.name if agent else ""),
        ]
        found = ((field, self.by_hand(text)) for field, text in printed)
        return tuple(FieldNote(field, words, blocks=False, at_once=True) for field, words in found if words)


def edited_applicant(old: ApplicantForm, new: ApplicantForm) -> ApplicantForm:
    """A typed change of name or number is no longer from the card; another kind has another certificate."""
    if (new.name, new.cert_no) != (old.name, old.cert_no):
        new = replace(new, source=Source.TYPED)
    if new.kind is not old.kind:
        new = replace(new, cert_type="USCC" if new.kind is ApplicantKind.ORGANISATION else _ID_CARD)
    return new


def filled_from_card(
    card: CardData, applicant: ApplicantForm, agent: AgentForm | None
) -> tuple[ApplicantForm, AgentForm | None]:
    """The card fills an agent whose name is still empty, else the applicant."""
    if agent is not None and not agent.name:
        return applicant, replace(agent, name=card.name, cert_no=card.id_number, source=Source.CARD)
    filled = replace(
        applicant,
        kind=ApplicantKind.PERSON,
        cert_type=_ID_CARD,
        name=card.name,
        cert_no=card.id_number,
        address=card.address or applicant.address,
        source=Source.CARD,
    )
    return filled, agent


def tidy_applicant(form: ApplicantForm) -> ApplicantForm:
    """The form as it is sent: full-width digits and spaces in numbers made plain, names only trimmed."""
    number = form.cert_no
    if form.kind is ApplicantKind.ORGANISATION:
        number = read_credit_code(number).text
    elif form.cert_type == _ID_CARD:
        number = normalise(number)
    return ApplicantForm(
        kind=form.kind,
        name=form.name.strip(),
        cert_type="USCC" if form.kind is ApplicantKind.ORGANISATION else form.cert_type,
        cert_no=number,
        phone=normalise(form.phone),
        address=form.address.strip(),
        legal_representative=form.legal_representative.strip(),
        source=form.source,
    )


def _long_notes(*texts: tuple[str, str, TextRule]) -> list[FieldNote]:
    """(field, text, rule): what is longer than the hall takes."""
    found = ((field, too_long(text, rule)) for field, text, rule in texts)
    return [FieldNote(field, words) for field, words in found if words]


def _certificate_notes(cert_type: str, number: str, today: date) -> list[FieldNote]:
    if cert_type != _ID_CARD:
        return [] if number.strip() else [FieldNote("cert_no", "请填写证件号码")]
    try:
        read_id_number(number, today=today)
    except IdNumberRefused as refusal:
        return [FieldNote("cert_no", refusal.problem.value)]
    return []


def _credit_code_notes(number: str) -> list[FieldNote]:
    if not number.strip():
        return [FieldNote("cert_no", "请填写统一社会信用代码")]
    return [FieldNote("cert_no", warning.text, blocks=False) for warning in read_credit_code(number).warnings]


def _phone_notes(field: str, text: str, *, needed: bool) -> list[FieldNote]:
    digits = normalise(text).replace("-", "")
    if not digits:
        return [FieldNote(field, "请填写联系电话")] if needed else []
    if not digits.isdecimal() or not 7 <= len(digits) <= 12:
        return [FieldNote(field, "联系电话应为 7 到 12 位数字")]
    return []
