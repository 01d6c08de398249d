"""Effects of an exit: joint review, the owners' decision, notice, hand-over, interim service.

A contract ends in one place only, :func:`end_contract`, by the act of a person, after a checked decision of the owners
and their served notice.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from linhe.core.dated import value
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.people.models import Organisation
from linhe.core.people.queries import posts_of
from linhe.desks.property.engine.assembly import Count, decide
from linhe.desks.property.loop import DECIDING, FAILED, KEPT, NOTICING
from linhe.desks.property.models import Contract, Decision, ExitCase, HandedItem, Opinion
from linhe.desks.property.queries.rounds import clock_is_late, compound_of, contract_at
from linhe.desks.property.queries.rules import assembly_rule, choices_of
from linhe.desks.property.services.contracts import company_of, sign_contract
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

RUNNING = Text("这份合同已有退出程序在办。", "A case for this contract is under way already.")


def case_of(matter_id: int) -> ExitCase:
    """The case of an exit, with its contract."""
    related = ("matter__place", "contract__company", "contract__compound")
    return ExitCase.objects.select_related(*related).get(pk=matter_id)


def open_review(step: Step) -> dict[str, Any]:
    """The ground is an assessment that failed again, of the contract in force here."""
    contract = _contract_here(step)
    failed = Matter.objects.filter(pk=step.data.assessment_id, kind="assessment", stage=FAILED).first()
    if failed is None or failed.assessment.contract_id != contract.pk:
        text = Text("请选择本小区现任企业复查不合格的考核。", "Choose a failed assessment of the company serving here.")
        raise invalid({"assessment_id": str(text)})
    _begin(step, contract, failed)
    return {"contract": contract.pk}


def convene_owners(step: Step) -> dict[str, Any]:
    """Owners may decide without any assessment: the law asks for none."""
    contract = _contract_here(step)
    _begin(step, contract, None)
    return {"contract": contract.pk}


def keep_opinion(step: Step) -> dict[str, Any]:
    """The opinion of a department that the rules ask; each speaks once."""
    place_code = step.matter.place.code
    asked = {c.code for c in choices_of("property.review_departments", step.at, place_code)}
    assert step.by is not None
    held = [p for p in posts_of(step.by, at=step.at) if p.organisation_id and p.place.contains(step.matter)]
    found = next(((p.organisation, part) for p in held if p.organisation for part in asked
                  if p.organisation.code.rpartition("-")[2] == part), None)  # fmt: skip
    if found is None:
        text = Text("会商只征求住建和公安的意见。", "Only housing and police are asked in the joint review.")
        raise Refused("not_asked", text, status=403)
    organisation, part = found
    try:
        with transaction.atomic():
            Opinion.objects.create(
                case_id=step.matter.pk,
                organisation=organisation,
                department=part,
                opinion=step.data.opinion,
                at=step.at,
            )
    except IntegrityError as error:
        raise Refused("spoken", Text("贵单位已提交意见。", "Your department has given its opinion.")) from error
    return {"department": part}


def conclude_review(step: Step) -> dict[str, Any]:
    """When all departments have spoken, or the time for it is over; who kept silent is named."""
    place_code = step.matter.place.code
    asked = [c.code for c in choices_of("property.review_departments", step.at, place_code)]
    spoken = set(Opinion.objects.filter(case=step.matter.pk).values_list("department", flat=True))
    silent = [code for code in asked if code not in spoken]
    if silent and not clock_is_late(step.matter.pk, "review"):
        text = Text("部门意见还没到齐，会商期也未满。", "Not all departments have spoken, and their time is not over.")
        raise Refused("waiting", text)
    if step.to == KEPT:
        close_case(step)
    return {"silent": silent}


def close_case(step: Step) -> None:
    """The case is over and the contract stays as it is."""
    ExitCase.objects.filter(pk=step.matter.pk).update(running=False)


def record_decision(step: Step) -> None:
    """Keep the counts of the minutes; impossible ones are refused, and what they decide is worked out later."""
    data = step.data
    if data.held_on > local_date(step.at):
        raise invalid({"held_on": str(Text("日期不能晚于今天。", "The day cannot lie ahead."))})
    pairs = (("voted", "owners"), ("voted_dm2", "area_dm2"), ("agreed", "voted"), ("agreed_dm2", "voted_dm2"))
    if faults := {low: str(Text("超过了总数。", "More than the total.")) for low, high in pairs
                  if getattr(data, low) > getattr(data, high)}:  # fmt: skip
        raise invalid(faults)
    Decision.objects.create(case_id=step.matter.pk, **data.model_dump())


def verify_decision(step: Step) -> dict[str, Any]:
    """Another person has compared the counts with the minutes: now they decide, by number and by area."""
    case = case_of(step.matter.pk)
    decision = case.decisions.order_by("-id")[0]
    quorum, more_than = assembly_rule(step.at, step.matter.place.code)
    count = Count(
        owners=decision.owners, area_dm2=decision.area_dm2, voted=decision.voted, voted_dm2=decision.voted_dm2,
        agreed=decision.agreed, agreed_dm2=decision.agreed_dm2,
    )  # fmt: skip
    decision.outcome = decide(count, quorum=quorum, more_than=more_than)
    decision.verified_at = step.at
    decision.save(update_fields=["outcome", "verified_at"])
    step.to = {"carried": NOTICING, "lost": KEPT, "no_quorum": DECIDING}[decision.outcome]
    if step.to == KEPT:
        close_case(step)
    return {"outcome": decision.outcome}


def serve_notice(step: Step) -> dict[str, Any]:
    """The written notice has reached the company: its days run from now."""
    minutes = value("property.notice_minutes", at=step.at, place_code=step.matter.place.code)
    until = step.at + timedelta(minutes=minutes)
    ExitCase.objects.filter(pk=step.matter.pk).update(notice_until=until)
    return {"until": until.isoformat(timespec="seconds")}


def end_contract(step: Step) -> dict[str, Any]:
    """End the contract, once the notice is over or the company agreed in writing (with a photo of it).

    Both facts are looked up again here: a carried decision that somebody checked, and the served notice.
    """
    case = case_of(step.matter.pk)
    if not case.decisions.filter(outcome="carried", verified_at__isnull=False).exists() or case.notice_until is None:
        raise Refused("not_decided", Text("没有生效的业主决定和通知。", "There is no decision with a served notice."))
    if step.at < case.notice_until and not step.data.agreed_early:
        text = Text("通知期未满。", "The notice period is not over yet.")
        raise Refused("notice_runs", text, details={"agreed_early": str(text)})
    if step.at < case.notice_until and not step.record.get("photos"):
        text = Text("请附上企业书面同意的照片。", "Add a photo of the company's written consent.")
        raise Refused("photo_missing", text, status=422, details={"files": str(text)})
    contract = case.contract
    contract.ended_date = max(contract.from_date, min(local_date(step.at), contract.to_date))
    contract.save(update_fields=["ended_date"])
    return {"ended_on": contract.ended_date.isoformat()}


def hand_item(step: Step) -> None:
    """One line of the list; twice is refused."""
    known = {c.code for c in choices_of("property.handover_items", step.matter.created_at, step.matter.place.code)}
    if step.data.item not in known:
        raise invalid({"item": str(Text("清单上没有这一项。", "This is not on the list."))})
    try:
        with transaction.atomic():
            HandedItem.objects.create(case_id=step.matter.pk, item=step.data.item, at=step.at)
    except IntegrityError as error:
        raise Refused("handed", Text("这一项已经交接。", "This item has been handed over.")) from error


def begin_interim(step: Step) -> dict[str, Any]:
    """When everything is handed over, somebody serves the compound in the meantime."""
    case = case_of(step.matter.pk)
    listed = [c.code for c in choices_of("property.handover_items", step.matter.created_at, step.matter.place.code)]
    handed = set(case.handed.values_list("item", flat=True))
    if missing := [code for code in listed if code not in handed]:
        text = Text(f"还有 {len(missing)} 项没有交接。", f"{len(missing)} items are not handed over yet.")
        raise Refused("not_handed", text)
    company = _another_company(step.data.company, case)
    day = local_date(step.at)
    days = value("property.interim_days", at=step.at, place_code=step.matter.place.code)
    case.interim = sign_contract(
        company=company, compound=case.contract.compound, from_date=day, to_date=day + timedelta(days=days),
        fee_fen=step.data.fee_fen, kind=Contract.Kind.INTERIM,
    )  # fmt: skip
    case.save(update_fields=["interim"])
    return {"interim": company.code}


def finish_exit(step: Step) -> dict[str, Any]:
    """The case is closed; with a company named, its contract follows the interim one."""
    case = case_of(step.matter.pk)
    close_case(step)
    if not step.data.company:
        return {}
    company, day = _another_company(step.data.company, case), local_date(step.at)
    if case.interim is not None and case.interim.in_force(day):
        case.interim.ended_date = day
        case.interim.save(update_fields=["ended_date"])
    years = value("property.contract_years", at=step.at, place_code=step.matter.place.code)
    until = day.replace(year=day.year + years, day=1)  # the first of that month: every month has one
    compound = case.contract.compound
    sign_contract(company=company, compound=compound, from_date=day, to_date=until, fee_fen=step.data.fee_fen)
    return {"company": company.code}


def _another_company(code: str, case: ExitCase) -> Organisation:
    company = company_of(code)
    if company.pk == case.contract.company_id:
        text = Text("不能是退出的企业。", "Not the company that leaves.")
        raise invalid({"company": str(text)})
    return company


def _contract_here(step: Step) -> Contract:
    compound = compound_of(step.matter.place)
    contract = contract_at(compound, local_date(step.at)) if compound else None
    if contract is None:
        raise Refused("no_contract", Text("这个小区没有生效的物业合同。", "No contract is in force here."), status=422)
    return contract


def _begin(step: Step, contract: Contract, failed: Matter | None) -> None:
    step.matter.organisation = contract.company
    step.matter.parent = failed
    step.matter.title = f"{contract.compound.name}：{contract.company.name}退出"[:80]
    place_en, company_en = (x.name_en or x.name for x in (contract.compound, contract.company))
    step.matter.title_en = f"{place_en}: {company_en} leaves"[:120]
    try:
        with transaction.atomic():
            ExitCase.objects.create(matter=step.matter, contract=contract, assessment=failed)
    except IntegrityError as error:
        raise Refused("running", RUNNING) from error
