"""Packages on a machine: opened whole as a window does, or left as a cut-off opening of earlier left them."""

from collections.abc import Sequence

from hall.intake import commands as cmd
from hall.intake import packages
from hall.intake.events import CaseReceived, ItemFacts
from hall.intake.package_events import PackageChild, PackageOpened
from hall.journal.ledger import Ledger
from tests.hall.builders import DAY, MATERIALS, Machine, fresh, item


def opening(
    kids: Sequence[PackageChild], items: Sequence[ItemFacts] = (), window: int = 1, staff: str = "w1"
) -> cmd.OpenPackage:
    """`items`: of the children, where they are not the usual one under the child's id and name."""
    package, session = fresh("package"), fresh("s")
    facts = items or [item(id=k.item, name=k.name) for k in kids]
    cases = tuple(
        cmd.OpenCase(
            fresh("c"), k.case, "652301", 1, 7, f, MATERIALS, "accept_then_dispatch", None, session, window, staff,
            DAY, package=package,
        )
        for k, f in zip(kids, facts, strict=True)
    )  # fmt: skip
    return cmd.OpenPackage(
        fresh("c"), package, 2, 1, "开示例店", "示例局", tuple(kids), cases, (), "652301", 1, 7, DAY, staff
    )


def drafted_package(m: Machine, kids: Sequence[PackageChild], items: Sequence[ItemFacts] = ()) -> str:
    command = opening(kids, items, staff=m.staff)
    m.do(command, packages.open_package)
    return command.package


def received_package(
    m: Machine, kids: Sequence[PackageChild], items: Sequence[ItemFacts] = (), window: int = 1
) -> str:
    command = opening(kids, items, window, m.staff)
    m.do(command, packages.open_package)
    for kid in kids:
        m.applicant(kid.case)
        m.check_all(kid.case)
    kept = tuple(k.case for k in kids)
    m.ruled(
        cmd.ReceivePackage(fresh("c"), command.package, kept, (), window, m.staff, m.day, m.day),
        packages.receive_package,
    )
    return command.package


def named_only(m: Machine, opened: PackageOpened) -> str:
    """A package of which not one case was opened: the program before opened them one by one, after it."""
    package = fresh("package")

    def work(ledger: Ledger) -> None:
        ledger.open(package, "package", scope="case", actor=opened.staff)
        ledger.append(package, opened, actor=opened.staff)

    m.write(work)
    return package


def received_alone(m: Machine, case: str) -> None:
    """As the program before received a child: beside the others."""
    m.append(case, CaseReceived(m.day, m.day, 1, m.staff))
