"""① Who asks: typed or read from the card, an agent below when there is one."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from counter_app.take_in.checks import FieldNote
from counter_app.take_in.ports import AgentForm, ApplicantForm, ApplicantKind
from counter_app.take_in.state import TakeInState
from counter_app.view_parts import FormField, row_of
from hall.journal.typed_text import ADDRESS, NAME
from ui.buttons import ChoiceButton
from ui.labels import WrapLabel


class ApplicantView(QScrollArea):
    """Signals:
    applicant_edited: an ApplicantForm. agent_edited: an AgentForm.
    finished: Enter in the last field.
    """

    applicant_edited = Signal(object)
    agent_edited = Signal(object)
    finished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._form = ApplicantForm()
        self._agent: AgentForm | None = None
        self._person = ChoiceButton(self.tr("个人"), name=self.tr("申请人是个人"))
        self._organisation = ChoiceButton(self.tr("单位"), name=self.tr("申请人是单位"))
        self._name = FormField(self.tr("姓名"), name=self.tr("申请人姓名"), rule=NAME)
        self._number = FormField(self.tr("身份证号码"), name=self.tr("申请人证件号码"), digits=True)
        self._phone = FormField(self.tr("联系电话"), name=self.tr("申请人电话"), digits=True)
        self._legal = FormField(self.tr("法定代表人或负责人"), name=self.tr("法定代表人"), rule=NAME)
        self._address = FormField(self.tr("住址"), name=self.tr("申请人住址"), rule=ADDRESS)
        self._agent_title = WrapLabel(self.tr("代理人"), role="body")
        self._agent_title.set_bold()
        self._agent_name = FormField(self.tr("代理人姓名"), rule=NAME)
        self._agent_number = FormField(self.tr("代理人身份证号码"), digits=True)
        self._agent_phone = FormField(self.tr("代理人电话"), digits=True)
        self._relation = FormField(self.tr("与申请人的关系"))
        self._mandate = QCheckBox(self.tr("已查看授权委托书"))
        self._mandate.setAccessibleName(self.tr("已查看授权委托书"))
        self._mandate_note = WrapLabel("", role="caption", tone="wrong", name=self.tr("授权委托书提示"))
        self._fields = {
            "name": self._name,
            "cert_no": self._number,
            "phone": self._phone,
            "legal_representative": self._legal,
            "address": self._address,
            "agent_name": self._agent_name,
            "agent_relation": self._relation,
            "agent_cert_no": self._agent_number,
            "agent_phone": self._agent_phone,
        }
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(2, 2, 12, 2)
        column.setSpacing(12)
        column.addLayout(row_of(self._person, self._organisation))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.addWidget(self._name, 0, 0)
        grid.addWidget(self._number, 0, 1)
        grid.addWidget(self._phone, 1, 0)
        grid.addWidget(self._legal, 1, 1)
        self._grid = grid
        self._place_address(person=True)
        column.addLayout(grid)
        self._agent_part = QWidget()
        agent = QGridLayout(self._agent_part)
        agent.setContentsMargins(0, 4, 0, 0)
        agent.setHorizontalSpacing(16)
        agent.setVerticalSpacing(10)
        agent.addWidget(self._agent_title, 0, 0, 1, 2)
        agent.addWidget(self._agent_name, 1, 0)
        agent.addWidget(self._agent_number, 1, 1)
        agent.addWidget(self._relation, 2, 0)
        agent.addWidget(self._agent_phone, 2, 1)
        agent.addWidget(self._mandate, 3, 0)
        agent.addWidget(self._mandate_note, 3, 1)
        column.addWidget(self._agent_part)
        column.addStretch(1)
        self.setWidget(inner)

    def _connect(self) -> None:
        self._person.clicked.connect(self._on_person)
        self._organisation.clicked.connect(self._on_organisation)
        applicant = (self._name, self._number, self._phone, self._legal, self._address)
        agent = (self._agent_name, self._agent_number, self._relation, self._agent_phone)
        for field in applicant:
            field.edited.connect(self._on_applicant)
            field.entered.connect(self._on_enter)
        for field in agent:
            field.edited.connect(self._on_agent)
            field.entered.connect(self._on_enter)
        self._mandate.clicked.connect(self._on_agent)

    def focus_first(self) -> None:
        """The first field that is empty, so that typing goes on."""
        fields = [self._name, self._number, self._phone]
        target = next((field for field in fields if not field.text()), self._name)
        target.line.setFocus()

    def show_state(self, state: TakeInState) -> None:
        form, agent = state.applicant, state.agent
        appeared = agent is not None and self._agent is None
        self._form, self._agent = form, agent
        person = form.kind is ApplicantKind.PERSON
        self._person.setChecked(person)
        self._organisation.setChecked(not person)
        self._name.set_caption(self.tr("姓名") if person else self.tr("单位名称"))
        self._number.set_caption(self.tr("身份证号码") if person else self.tr("统一社会信用代码"))
        self._legal.setVisible(not person)
        self._place_address(person=person)
        self._name.show_text(form.name)
        self._number.show_text(form.cert_no)
        self._phone.show_text(form.phone)
        self._legal.show_text(form.legal_representative)
        self._address.show_text(form.address)
        self._agent_part.setVisible(agent is not None)
        if agent is not None:
            self._agent_name.show_text(agent.name)
            self._agent_number.show_text(agent.cert_no)
            self._agent_phone.show_text(agent.phone)
            self._relation.show_text(agent.relation)
            self._mandate.setChecked(agent.mandate)
        if appeared and self.isVisible():
            self._agent_name.line.setFocus()
            self.ensureWidgetVisible(self._agent_part)
        self._show_notes(state.notes)

    def _place_address(self, *, person: bool) -> None:
        """Beside the phone for a person; a line of its own under an organisation's representative."""
        self._grid.removeWidget(self._address)
        if person:
            self._grid.addWidget(self._address, 1, 1)
        else:
            self._grid.addWidget(self._address, 2, 0, 1, 2)

    def _show_notes(self, notes: tuple[FieldNote, ...]) -> None:
        by_field = {note.field: note for note in reversed(notes)}
        for key, field in self._fields.items():
            note = by_field.get(key)
            field.show_note(note.text if note else "", blocks=note.blocks if note else True)
        mandate = by_field.get("agent_mandate")
        self._mandate_note.setText(mandate.text if mandate else "")

    def _on_applicant(self) -> None:
        self.applicant_edited.emit(
            replace(
                self._form,
                name=self._name.text(),
                cert_no=self._number.text(),
                phone=self._phone.text(),
                legal_representative=self._legal.text(),
                address=self._address.text(),
            )
        )

    def _on_agent(self) -> None:
        if self._agent is not None:
            self.agent_edited.emit(
                replace(
                    self._agent,
                    name=self._agent_name.text(),
                    cert_no=self._agent_number.text(),
                    phone=self._agent_phone.text(),
                    relation=self._relation.text(),
                    mandate=self._mandate.isChecked(),
                )
            )

    def _on_person(self) -> None:
        self.applicant_edited.emit(replace(self._form, kind=ApplicantKind.PERSON))

    def _on_organisation(self) -> None:
        self.applicant_edited.emit(replace(self._form, kind=ApplicantKind.ORGANISATION))

    def _on_enter(self) -> None:
        """Enter walks the fields; in the last one it is F9."""
        order = [self._name, self._number, self._phone]
        if self._form.kind is ApplicantKind.ORGANISATION:
            order.append(self._legal)
        order.append(self._address)
        if self._agent is not None:
            order += [self._agent_name, self._agent_number, self._relation, self._agent_phone]
        lines = [field.line for field in order]
        focus = self.window().focusWidget()
        at = next((i for i, line in enumerate(lines) if line is focus), len(lines) - 1)
        if at + 1 < len(lines):
            lines[at + 1].setFocus()
        else:
            self.finished.emit()
