"""Who may open which page. Every address has a row here: without one this file fails, and says so.

A row names the kinds of role that may open the page; to the others the page does not exist. `about` marks the pages
whose address holds the id of a person's row: those of another zone get 404 and the refusal is logged."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accanto.access.log import Reading
from accanto.access.organisation import Organisation
from accanto.access.relation import open_relation
from accanto.access.role import REACH, Kind, Role
from accanto.cases.diary import DiaryEntry, ReservedNote, SecretDisclosure
from accanto.cases.health import HealthFact
from accanto.cases.justice import JusticeMeasure
from accanto.cases.limits import Accommodation, FunctionalLimit
from accanto.people.advocacy import Invitation
from accanto.people.household import HouseholdMember
from accanto.people.representation import Dissent, Representation
from accanto.staffing.supervision import SupervisionSession
from accanto.traineeships.traineeship import Traineeship
from tests import factories

pytestmark = pytest.mark.walk

EVERYBODY = frozenset(Kind)
WORKERS = {Kind.SOCIAL_WORKER, Kind.CASE_MANAGER, Kind.EMPLOYMENT_OPERATOR}
MANAGERS = {Kind.SOCIAL_WORKER, Kind.CASE_MANAGER}
STARTERS = {Kind.SOCIAL_WORKER, Kind.CASE_MANAGER}
OFFICE = {Kind.SOCIAL_WORKER, Kind.CASE_MANAGER}
AROUND = WORKERS | {Kind.HEALTH_WORKER, Kind.PERSON}
TUTORS = {Kind.THIRD_SECTOR_TUTOR, Kind.HOST_TUTOR}
DOCUMENT_READERS = TUTORS | {Kind.HEALTH_WORKER, Kind.ADVOCATE, Kind.PERSON}
PLANNERS = {Kind.ZONE_PLANNER, Kind.REGIONAL_OFFICER}
ACCOMPANY = WORKERS | PLANNERS | {Kind.THIRD_SECTOR_TUTOR, Kind.HEALTH_WORKER}
ADMINISTRATOR = {Kind.ADMINISTRATOR}
HEALTH = {Kind.HEALTH_WORKER}
INSPECTOR = {Kind.INSPECTOR}
INSPECTION = STARTERS | INSPECTOR | {Kind.ZONE_PLANNER}


@dataclass(frozen=True)
class Page:
    """`answers` are the statuses of a GET of who may; `post_only` pages answer 405 to it."""

    kinds: frozenset = EVERYBODY
    public: bool = False
    about: bool = False
    post_only: bool = False
    answers: tuple = field(default=(200,))


def page(kinds=EVERYBODY, **more):
    return Page(kinds=frozenset(kinds), **more)


PAGES = {
    # everybody, also who has not signed in
    "public_home": page(public=True),
    "sign_in": page(public=True),
    "demonstration_sign_in": page(public=True, post_only=True),
    "set_language": page(public=True, answers=(302,)),
    "gallery": page(public=True),
    # whoever has signed in
    "home": page(answers=(200, 302)),
    "sign_out": page(post_only=True),
    "switch_role": page(post_only=True),
    "own_account": page(),
    "reminders": page(EVERYBODY - {Kind.ADVOCATE}),
    "calendar": page(public=True, answers=(404,)),  # an address that is nobody's
    # people and cases
    "my_day": page(EVERYBODY - {Kind.REFERRER, Kind.ADVOCATE}),
    "own_file": page({Kind.PERSON}, answers=(200, 302)),
    "people": page(WORKERS | HEALTH),
    "search": page(WORKERS),
    "person": page(WORKERS | HEALTH | {Kind.PERSON}, about=True),
    "registry": page(MANAGERS, about=True),
    "household": page(WORKERS | {Kind.PERSON}, about=True),
    "household_alone": page(MANAGERS, about=True, post_only=True),
    "household_member": page(MANAGERS, about=True),
    "privacy_notice": page(WORKERS | {Kind.PERSON}, about=True),
    "protected_address": page({Kind.SOCIAL_WORKER, Kind.HEALTH_WORKER, Kind.PERSON}, about=True),
    "unseal_address": page({Kind.SOCIAL_WORKER}, about=True, answers=(404,)),  # nothing of the scene is sealed
    "protect_documents": page({Kind.SOCIAL_WORKER}, about=True, post_only=True, answers=(404,)),  # not sealed
    "representation": page(MANAGERS | {Kind.PERSON}, about=True),
    "new_representation": page(MANAGERS, about=True),
    "change_representation": page(MANAGERS, about=True),
    "judge_told": page(MANAGERS, about=True, post_only=True),
    "judge_not_told": page(MANAGERS, about=True, post_only=True, answers=(404,)),  # the judge is still to be told
    "representation_ending": page(MANAGERS, about=True, post_only=True, answers=(404,)),  # the decree still holds
    "advocates": page(MANAGERS | {Kind.PERSON}, about=True),
    "withdraw_invitation": page(MANAGERS, about=True, post_only=True),
    "invited": page({Kind.ADVOCATE}),
    "invited_file": page({Kind.ADVOCATE}, about=True),
    "who_can_see": page(WORKERS | HEALTH | {Kind.PERSON}, about=True),
    "gepi_entries": page(MANAGERS),
    "leave_operation": page(MANAGERS, about=True),
    "back_in_operation": page(MANAGERS, about=True, post_only=True),
    "after_operation": page(MANAGERS, about=True, answers=(404,)),  # nobody of the scene has left
    "benefits": page(MANAGERS | {Kind.PERSON}, about=True),
    "measures": page(WORKERS | {Kind.PERSON}, about=True),
    "disadvantage": page(MANAGERS, about=True),
    "another_referral": page(MANAGERS, about=True, answers=(302,)),  # the person of the scene is in charge already
    "take_charge": page(MANAGERS, about=True, answers=(302,)),
    "same_person": page(MANAGERS, post_only=True),
    "known_elsewhere": page(MANAGERS, post_only=True),
    "duplicates": page(MANAGERS),
    "side_by_side": page(MANAGERS, about=True),
    "enquiries": page(MANAGERS, about=True),
    "record_batches": page(MANAGERS),
    "record_template": page(MANAGERS),
    "record_batch": page(MANAGERS, about=True),
    "record_step": page(MANAGERS, about=True, post_only=True),
    "record_pairs": page(MANAGERS, about=True),
    "record_broken_rows": page(MANAGERS, about=True),
    "new_referral": page(MANAGERS),
    "referrals": page(MANAGERS),
    "received_referral": page(MANAGERS, about=True),
    "sent_referrals": page({Kind.REFERRER}),
    "send_referral": page({Kind.REFERRER}),
    "send_findings": page({Kind.REFERRER}),
    "sent_referral": page({Kind.REFERRER}, about=True),
    "send_referral_on": page({Kind.REFERRER}, about=True, post_only=True, answers=(404,)),  # it waits
    "referral_outcome": page({Kind.REFERRER} | MANAGERS, about=True),
    "fiscal_code": page(WORKERS | {Kind.REFERRER}, post_only=True),
    "referral": page(MANAGERS, about=True),
    "referral_wait": page(MANAGERS, about=True, answers=(302,)),  # in charge already
    "reopen_case": page(MANAGERS, about=True, answers=(302,)),
    "follow_up": page(MANAGERS, about=True, answers=(302,)),
    "transfer_case": page(MANAGERS, about=True),
    "withdraw_transfer": page(MANAGERS, about=True, post_only=True),
    "received_transfer": page(MANAGERS, about=True),
    "change_area": page(MANAGERS, about=True),
    "hand_over": page(MANAGERS, about=True),
    "team": page(MANAGERS, about=True),
    "leave_team": page(MANAGERS, about=True, post_only=True),
    "close_case": page(MANAGERS, about=True),
    "new_assessment": page(MANAGERS, about=True),
    "assessment_findings": page(MANAGERS, about=True),
    "assessments": page(MANAGERS | {Kind.PERSON}, about=True),
    "employability": page(WORKERS | {Kind.PERSON}, about=True),
    "assessment": page(MANAGERS | {Kind.PERSON}, about=True),
    "revise_domain": page(WORKERS, about=True),
    "write_plan": page(MANAGERS, about=True),
    "personal_plan": page(MANAGERS | {Kind.PERSON}, about=True),
    "agree_plan": page(MANAGERS, about=True),
    "action_done": page(MANAGERS | {Kind.PERSON}, about=True, post_only=True),
    "action_reopened": page(MANAGERS | {Kind.PERSON}, about=True, post_only=True),
    "new_participation": page(MANAGERS, about=True),
    "entry_findings": page(MANAGERS, about=True),
    "participation": page(MANAGERS, about=True),
    # meetings
    "person_meetings": page(AROUND, about=True),
    "sittings": page(WORKERS),
    "sitting": page(WORKERS),
    "move_sitting": page(MANAGERS),
    "withdraw_sitting": page(MANAGERS, post_only=True),
    "meeting": page(AROUND, about=True),
    "record_meeting": page(MANAGERS, about=True),
    "withdraw_meeting": page(MANAGERS, about=True, post_only=True),
    "decision_done": page(AROUND, about=True, post_only=True),
    "decision_reopened": page(AROUND, about=True, post_only=True),
    "diary": page(MANAGERS | {Kind.PERSON}, about=True),
    "search_diary": page(MANAGERS | {Kind.PERSON}, about=True, post_only=True),
    "correct_entry": page(MANAGERS, about=True),
    "reserved_notes": page(MANAGERS, about=True),
    "note_readers": page(MANAGERS, about=True, answers=(404,)),  # the note of the scene is Anna's
    "withdraw_note": page(MANAGERS, about=True, post_only=True),
    "disclosures": page(MANAGERS | {Kind.PERSON}, about=True),
    "disclosure_told": page(MANAGERS, about=True),
    "health": page(MANAGERS | HEALTH | {Kind.PERSON}, about=True),
    "withdraw_health": page(HEALTH, about=True, post_only=True),
    "limits": page(WORKERS | HEALTH | {Kind.PERSON}, about=True),
    "withdraw_limit": page(MANAGERS | HEALTH, about=True, post_only=True),
    "withdraw_accommodation": page(MANAGERS | HEALTH, about=True, post_only=True),
    "justice": page(MANAGERS | {Kind.PERSON}, about=True),
    "renew_measure": page({Kind.SOCIAL_WORKER}, about=True, answers=(404,)),  # who asks does not follow the case
    "end_measure": page({Kind.SOCIAL_WORKER}, about=True, post_only=True),
    # documents
    "plan_document": page(MANAGERS | {Kind.PERSON}, about=True),
    "plan_to_sign": page(MANAGERS, about=True),
    "signed_paper": page(MANAGERS, about=True, answers=(404,)),  # the plan of the scene is still a draft
    "plain_plan_document": page(MANAGERS | {Kind.PERSON}, about=True),
    "assessment_document": page(MANAGERS | {Kind.PERSON}, about=True),
    "meeting_document": page(AROUND, about=True),
    "sitting_document": page(WORKERS, about=True),
    "sent_outcome_document": page({Kind.REFERRER} | MANAGERS, about=True, answers=(404,)),  # it waits
    "outcome_document": page(MANAGERS, about=True, answers=(404,)),  # the referral of the scene waits for an answer
    "notice_document": page(MANAGERS | {Kind.PERSON}, about=True),
    "documents": page(WORKERS | DOCUMENT_READERS, about=True),
    "new_document": page(WORKERS | {Kind.HEALTH_WORKER}, about=True),
    "document": page(WORKERS | DOCUMENT_READERS, about=True),
    "document_content": page(WORKERS | DOCUMENT_READERS, about=True),
    "draft": page(WORKERS, post_only=True),
    # traineeships
    "week": page(TUTORS),
    "offline": page(public=True),
    "offline_worker": page(public=True),
    "offline_week": page(TUTORS),
    "offline_key": page(TUTORS),
    "offline_entries": page(TUTORS, post_only=True),
    "traineeships": page(WORKERS | TUTORS | {Kind.PERSON}),
    "traineeship": page(WORKERS | TUTORS | {Kind.PERSON}, about=True, answers=(200, 404)),
    "month_register": page(WORKERS | TUTORS | INSPECTOR | {Kind.PERSON}, about=True, answers=(200, 404)),
    "attendance_day": page(TUTORS | STARTERS, about=True, answers=(200, 404)),
    "timetable": page(TUTORS | STARTERS, about=True, answers=(200, 404)),
    "sign_register": page(TUTORS | {Kind.PERSON}, about=True, answers=(200, 404)),
    "register_document": page(WORKERS | TUTORS | INSPECTOR | {Kind.PERSON}, about=True, answers=(200, 404)),
    "close_register": page(STARTERS | {Kind.THIRD_SECTOR_TUTOR}, about=True),
    "reopen_register": page(STARTERS, about=True, answers=(404,)),  # the month of the scene is open
    "close_registers": page(STARTERS | {Kind.THIRD_SECTOR_TUTOR}),
    # of the hosts one has trainees at
    "host_closures": page(TUTORS | STARTERS, answers=(200, 404)),
    "withdraw_closure": page(TUTORS | STARTERS, post_only=True),
    # the promoter's tutor only where the promoter pays, which is not so in the scene
    "payments": page(STARTERS),
    "determine_month": page(STARTERS),
    "draw_list": page(STARTERS, post_only=True),
    "payment_list": page(STARTERS, about=True),
    "payment_file": page(STARTERS, about=True, answers=(404,)),  # of a draft there are no files
    "operation_payments": page(STARTERS),
    "person_payments": page(STARTERS | {Kind.THIRD_SECTOR_TUTOR, Kind.PERSON}, about=True, answers=(200, 404)),
    "payment_chain": page(STARTERS | {Kind.THIRD_SECTOR_TUTOR, Kind.PERSON}, about=True, answers=(200, 404)),
    "month_allowance": page(STARTERS | {Kind.THIRD_SECTOR_TUTOR, Kind.PERSON}, about=True, answers=(200, 404)),
    "traineeship_step": page(STARTERS, about=True),
    "attestation": page(WORKERS | {Kind.THIRD_SECTOR_TUTOR, Kind.PERSON}, about=True),
    # a tutor attests what their own body promotes, which is not so in the scene
    "attestation_preview": page(STARTERS | {Kind.THIRD_SECTOR_TUTOR}, about=True, post_only=True),
    "attestation_paper": page(WORKERS | {Kind.THIRD_SECTOR_TUTOR, Kind.PERSON}, about=True),
    "hand_attestation": page(STARTERS | {Kind.THIRD_SECTOR_TUTOR}, about=True, answers=(200, 404)),
    "withdraw_attestation": page(STARTERS, about=True),
    "prepare_attestation": page(STARTERS, about=True),
    "attestations": page(STARTERS),
    "print_attestations": page(STARTERS, post_only=True),
    "dossier_document": page(WORKERS | {Kind.THIRD_SECTOR_TUTOR, Kind.PERSON}, about=True),
    "traineeship_outcome": page(STARTERS | {Kind.PERSON}, about=True, answers=(302,)),  # it has not ended
    "repeat_traineeship": page(STARTERS, about=True, answers=(302,)),  # the one of the scene goes on
    "visits": page(WORKERS | TUTORS | {Kind.PERSON}, about=True, answers=(200, 404)),
    "new_visit": page(WORKERS | {Kind.THIRD_SECTOR_TUTOR}, about=True),
    # the employment centre writes the visits it makes; the one of the scene is Anna's
    "write_visit": page(WORKERS | {Kind.THIRD_SECTOR_TUTOR}, about=True, answers=(200, 404)),
    "move_visit": page(WORKERS | {Kind.THIRD_SECTOR_TUTOR}, about=True, answers=(302, 404)),
    "withdraw_visit": page(WORKERS | {Kind.THIRD_SECTOR_TUTOR}, about=True, answers=(200, 404)),
    "visit_task_done": page(WORKERS | {Kind.THIRD_SECTOR_TUTOR}, about=True, post_only=True),
    "visit_task_reopened": page(WORKERS | {Kind.THIRD_SECTOR_TUTOR}, about=True, post_only=True),
    "evaluations": page(WORKERS | TUTORS | {Kind.PERSON}, about=True, answers=(200, 404)),
    # the party of the address is the promoter's tutor; the evaluation of the scene is closed
    "evaluation_answer": page(
        STARTERS | TUTORS | {Kind.PERSON},
        about=True,
        answers=(302, 404),
    ),
    "close_evaluation": page(STARTERS | {Kind.THIRD_SECTOR_TUTOR}, about=True, answers=(302,)),
    "reopen_evaluation": page(STARTERS | {Kind.THIRD_SECTOR_TUTOR}, about=True, post_only=True),
    "judge_goals": page(STARTERS, about=True),
    "skills": page(WORKERS | {Kind.THIRD_SECTOR_TUTOR, Kind.PERSON}, about=True),
    "change_skill": page(STARTERS | {Kind.THIRD_SECTOR_TUTOR}, about=True),
    "withdraw_skill": page(STARTERS | {Kind.THIRD_SECTOR_TUTOR}, about=True),
    "prepare_plan": page(STARTERS, about=True, answers=(404,)),  # the one of the scene has begun
    "prepare_agreement": page(STARTERS, about=True, answers=(404,)),
    "signature_round": page(STARTERS, about=True),
    "signature_file": page(STARTERS, about=True),
    "signature_evidence": page(STARTERS, about=True),
    "draw_signature": page(STARTERS, about=True),
    "sign": page(public=True, answers=(404,)),  # an address that is nobody's
    "sign_document": page(public=True, answers=(404,)),
    "sign_annex": page(public=True, answers=(404,)),
    "plan_traineeship": page(STARTERS, about=True),
    "plan_findings": page(STARTERS, about=True),
    "change_plan": page(STARTERS, about=True, answers=(404,)),
    "plan_change_findings": page(STARTERS, about=True, answers=(404,)),
    "hosts": page(WORKERS),
    "new_host": page(WORKERS),
    "host": page(WORKERS),
    "change_host": page(WORKERS),
    "close_host": page(WORKERS),
    "reopen_host": page(WORKERS, post_only=True),
    "change_seat": page(WORKERS),
    "new_place": page(WORKERS),
    "agreements": page(WORKERS),
    "agreement": page(WORKERS),
    "places": page(WORKERS),
    "place": page(ACCOMPANY),
    "change_place": page(WORKERS),
    "matching": page(WORKERS),
    "matching_round": page(WORKERS),
    "accept_proposals": page(MANAGERS, post_only=True),
    "matching_proposal": page(WORKERS, about=True),
    "place_search": page(WORKERS, about=True),
    "offer": page(public=True, answers=(404,)),  # an address that is nobody's
    "directory": page(ACCOMPANY),
    "new_entry": page(WORKERS | {Kind.ZONE_PLANNER}),
    "change_entry": page(WORKERS | {Kind.ZONE_PLANNER}),
    "end_entry": page(WORKERS | {Kind.ZONE_PLANNER}, post_only=True),
    # controls
    "controls": page(STARTERS | {Kind.ZONE_PLANNER}),
    "look_now": page(STARTERS),
    "anomaly": page(STARTERS | INSPECTOR, about=True, answers=(200, 404)),  # where the inspection is one's own
    "report_anomaly": page(STARTERS | {Kind.THIRD_SECTOR_TUTOR, Kind.PERSON}, about=True),
    "inspections": page(INSPECTION),
    "new_inspection": page({Kind.ZONE_PLANNER}),
    "inspection": page(INSPECTION, about=True, answers=(200, 404)),
    "begin_inspection": page(INSPECTOR, about=True, post_only=True),
    "move_inspection": page({Kind.ZONE_PLANNER}, about=True),
    "close_inspection": page(INSPECTOR, about=True, answers=(200, 404)),
    "inspection_document": page(STARTERS | INSPECTOR, about=True, answers=(200, 404)),
    "inspection_check": page(STARTERS | INSPECTOR, about=True, answers=(200, 404)),
    # indicators
    "dashboard": page(PLANNERS | OFFICE),
    "indicator": page(PLANNERS | OFFICE),
    "indicator_csv": page(PLANNERS | OFFICE),
    "indicator_records": page(OFFICE),
    # the plan, its money and its staff
    "plan": page(public=True),
    "acts": page(public=True),
    "act": page(public=True),
    "new_act": page(PLANNERS),
    # only of what one's own office entered: the scene's act is the pack's
    "change_act": page(PLANNERS, answers=(404,)),
    "link_act": page(PLANNERS, answers=(404,)),
    "unlink_act": page(PLANNERS, post_only=True),
    "funds": page(public=True),
    "fund": page(public=True),
    "split_fund": page({Kind.REGIONAL_OFFICER}),
    "allocation": page(public=True),
    "adopt_allocation": page({Kind.REGIONAL_OFFICER}, post_only=True),
    "discard_allocation": page({Kind.REGIONAL_OFFICER}, post_only=True),
    "allocation_csv": page(public=True),
    "allocation_xlsx": page(public=True),
    "coverage": page(public=True),
    "zone_teams": page(public=True),
    "zone_team": page(WORKERS | PLANNERS),
    "coverage_zone": page(public=True),
    "staffing": page(public=True),
    "staffing_zone": page(public=True),
    "decree_sums": page(public=True),
    "new_decree_sum": page(PLANNERS),
    "withdraw_decree_sum": page(PLANNERS),
    "workers": page({Kind.ZONE_PLANNER}),
    "new_worker": page({Kind.ZONE_PLANNER}),
    "worker": page({Kind.ZONE_PLANNER}),
    "withdraw_worker": page({Kind.ZONE_PLANNER}, answers=(200, 404)),  # nobody under contract is taken away
    "new_contract": page({Kind.ZONE_PLANNER}),
    "correct_contract": page({Kind.ZONE_PLANNER}),
    "withdraw_contract": page({Kind.ZONE_PLANNER}),
    "new_absence": page({Kind.ZONE_PLANNER}),
    "correct_absence": page({Kind.ZONE_PLANNER}),
    "withdraw_absence": page({Kind.ZONE_PLANNER}),
    "full_time_year": page({Kind.ZONE_PLANNER}),
    "scenarios": page(PLANNERS, answers=(200, 302)),  # a planner has the page of the zone
    "zone_scenarios": page(PLANNERS),
    "new_scenario": page({Kind.ZONE_PLANNER}),
    "compare_scenarios": page(PLANNERS),
    "scenario": page(PLANNERS),
    "choose_scenario": page({Kind.ZONE_PLANNER}),
    "withdraw_scenario": page({Kind.ZONE_PLANNER}),
    "supervision": page(PLANNERS),
    "edit_supervision_plan": page({Kind.ZONE_PLANNER}),
    "withdraw_supervision_plan": page({Kind.ZONE_PLANNER}),
    "new_supervision_session": page({Kind.ZONE_PLANNER}),
    "supervision_session": page({Kind.ZONE_PLANNER}),
    "correct_supervision_session": page({Kind.ZONE_PLANNER}),
    "withdraw_supervision_session": page({Kind.ZONE_PLANNER}),
    "ledger": page(PLANNERS),
    "movements": page(PLANNERS),
    "new_movement": page(PLANNERS, answers=(200, 404)),  # of a line: there may be none
    "movement": page(PLANNERS),
    "reverse_movement": page(PLANNERS),
    "expenditure": page(PLANNERS),
    "money_flow": page(PLANNERS),
    "cumulative": page(PLANNERS),
    "new_cumulative": page(PLANNERS, answers=(200, 404)),
    "deadlines": page(PLANNERS),
    "new_advance": page(PLANNERS),
    "receive_advance": page(PLANNERS),
    "withdraw_advance": page(PLANNERS),
    "operations": page(PLANNERS),
    "new_operation": page(PLANNERS),
    "operation": page(PLANNERS),
    "edit_operation": page(PLANNERS),
    "esf": page(PLANNERS),
    "esf_csv": page(PLANNERS),
    "esf_xlsx": page(PLANNERS),
    "declare_esf": page(PLANNERS),
    "withdraw_esf": page(PLANNERS),
    "submissions": page(PLANNERS),
    "submission": page(PLANNERS),
    # the Region reads a zone's and moves none; the scene's is not yet checked
    "validate_submission": page(PLANNERS, post_only=True),
    "send_submission": page(PLANNERS, answers=(302, 404)),
    "discard_submission": page(PLANNERS, post_only=True),
    "receipt_submission": page(PLANNERS, answers=(302, 404)),
    "submission_file": page(PLANNERS, answers=(200, 404)),
    "local_parameters": page(PLANNERS),
    "withdraw_local_parameter": page(PLANNERS, post_only=True),
    "staffing_returns": page(PLANNERS),
    "staffing_return": page(PLANNERS),
    "import_pnrr": page({Kind.REGIONAL_OFFICER}),
    # public figures and the law
    "figures": page(public=True),
    "figures_of": page(public=True, answers=(404,)),  # no release yet
    "open_data": page(public=True),
    "open_data_csv": page(public=True, answers=(404,)),
    "norms": page(public=True),
    "norm": page(public=True),
    "staffing_calculator": page(public=True),
    "traineeship_calculator": page(public=True),
    "accessibility": page(public=True),
    "privacy": page(public=True),
    # access
    "users": page(ADMINISTRATOR),
    "new_user": page(ADMINISTRATOR),
    "user": page(ADMINISTRATOR),
    "user_reach": page({Kind.ADMINISTRATOR, Kind.DATA_PROTECTION_OFFICER}),
    "who_sees": page({Kind.DATA_PROTECTION_OFFICER}),
    "close_user": page(ADMINISTRATOR),
    "renew_password": page(ADMINISTRATOR),
    "give_role": page(ADMINISTRATOR),
    "end_role": page(ADMINISTRATOR),
    "organisations": page(ADMINISTRATOR),
    "new_organisation": page(ADMINISTRATOR),
    "organisation": page(ADMINISTRATOR),
    "log": page({Kind.DATA_PROTECTION_OFFICER}),
}

# What stands in an address, by the name it has there: an object of Anna's zone. A new name in an address is added here.
OBJECTS = {
    "subject": lambda scene: scene.case.subject_id,
    "case": lambda scene: scene.case.pk,
    "referral": lambda scene: scene.case.person.referrals.get().pk,
    "received": lambda scene: factories.received_referral(scene.case.subject, by=scene.anna).pk,
    "transfer": lambda scene: factories.received_transfer(scene.case.subject, by=scene.anna).pk,
    "member": lambda scene: scene.case.members.get().pk,
    "relative": lambda scene: HouseholdMember.objects.order_by("id").last().pk,
    "representation": lambda scene: Representation.objects.get().pk,
    "dissent": lambda scene: Dissent.objects.get().pk,
    "invitation": lambda scene: Invitation.objects.get().pk,
    "assessment": lambda scene: scene.case.assessments.get().pk,
    "domain": lambda scene: scene.case.assessments.get().domains.get(domain="work").pk,
    "plan": lambda scene: scene.case.plans.get().pk,
    "action": lambda scene: scene.case.plans.get().actions.get().pk,
    "meeting": lambda scene: factories.meeting(scene.case, by=scene.anna).pk,
    "decision": lambda scene: factories.meeting(scene.case, by=scene.anna).decisions.get().pk,
    "sitting": lambda scene: factories.meeting(scene.case, by=scene.anna).sitting_id,
    "document": lambda scene: factories.document(scene.case, by=scene.anna).pk,
    "participation": lambda scene: scene.case.participations.get().pk,
    "entry": lambda scene: DiaryEntry.objects.get(case=scene.case).pk,
    "note": lambda scene: ReservedNote.objects.get(case=scene.case).pk,
    "disclosure": lambda scene: SecretDisclosure.objects.get(case=scene.case).pk,
    "fact": lambda scene: HealthFact.objects.get(case=scene.case).pk,
    "limit": lambda scene: FunctionalLimit.objects.get(case=scene.case).pk,
    "accommodation": lambda scene: Accommodation.objects.get(case=scene.case).pk,
    "measure": lambda scene: JusticeMeasure.objects.get(case=scene.case).pk,
    "traineeship": lambda scene: scene.traineeship.pk,
    "visit": lambda scene: factories.visit(scene.traineeship, by=scene.anna).pk,
    "task": lambda scene: factories.visit(scene.traineeship, by=scene.anna).tasks.get().pk,
    "moment": lambda scene: factories.evaluation(scene.traineeship, by=scene.anna).moment,
    "party": lambda scene: "tutor",
    "skill": lambda scene: factories.skill(scene.traineeship, by=scene.anna).pk,
    "token": lambda scene: "nobody-s",
    "packet": lambda scene: UUID(int=7),
    "user": lambda scene: scene.anna.user.pk,
    "role": lambda scene: scene.anna.role.pk,
    "organisation": lambda scene: scene.body.pk,
    "zone": lambda scene: scene.zone.code,
    "code": lambda scene: "traineeship_hours",
    "name": lambda scene: "tis.max_months",
    "page": lambda scene: "write_plan",
    "about": lambda scene: scene.case.pk,
    "act": lambda scene: factories.act("77").code,
    "link": lambda scene: 1,
    "fund": lambda scene: factories.fund_line().code,
    "allocation": lambda scene: factories.allocation(scene.zone).pk,
    "operation": lambda scene: factories.operation(scene.zone).pk,
    "advance": lambda scene: factories.advance(scene.zone, by=scene.anna).pk,
    "movement": lambda scene: factories.movement(scene.zone, by=scene.anna).pk,
    "declaration": lambda scene: factories.esf_declaration(scene.zone).pk,
    "submission": lambda scene: factories.submission(scene.zone).pk,
    "parameter": lambda scene: factories.local_parameter(scene.zone).pk,
    "year": lambda scene: factories.staffing_return(scene.zone).year,
    "worker": lambda scene: factories.absence_of(scene.zone).worker_id,
    "contract": lambda scene: factories.absence_of(scene.zone).worker.contracts.get().pk,
    "absence": lambda scene: factories.absence_of(scene.zone).pk,
    "decree_sum": lambda scene: factories.decree_sum(scene.zone, year=2022).pk,
    "scenario": lambda scene: factories.scenario(scene.zone).pk,
    "supervision_kind": lambda scene: factories.supervision_plan(scene.zone).kind,
    "supervision_session": lambda scene: (
        (SupervisionSession.objects.order_by("id").first() or factories.supervision_session(scene.zone)).pk
    ),
    "drawn": lambda scene: factories.payment_list(scene.traineeship, by=scene.anna).pk,
    "file": lambda scene: "treasurer",
    "host": lambda scene: scene.traineeship.host_id,
    "agreement": lambda scene: factories.agreement(scene.traineeship.host, scene.case.zone).pk,
    "seat": lambda scene: factories.seat(scene.traineeship.host, by=scene.anna).pk,
    "place": lambda scene: factories.place(scene.traineeship.host, by=scene.anna).pk,
    "matching_round": lambda scene: (
        factories.matching_proposal(scene.case, scene.traineeship.host, by=scene.anna).round_id
    ),
    "proposal": lambda scene: factories.matching_proposal(scene.case, scene.traineeship.host, by=scene.anna).pk,
    "directory_entry": lambda scene: factories.directory_entry(scene.zone, by=scene.anna).pk,
    "anomaly": lambda scene: factories.anomaly(scene.traineeship).pk,
    "inspection": lambda scene: factories.inspection(scene.traineeship, by=scene.anna).pk,
    "check": lambda scene: factories.inspection(scene.traineeship, by=scene.anna).checks.get().pk,
    "closure": lambda scene: factories.host_closure(scene.traineeship.host, by=scene.anna).pk,
    "round": lambda scene: factories.matching_proposal(scene.case, scene.traineeship.host, by=scene.anna).round_id,
    "collection": lambda scene: factories.signing(scene.traineeship, by=scene.anna).round_id,
    "paper": lambda scene: factories.signing(scene.traineeship, by=scene.anna).round.papers.get().pk,
    "signatory": lambda scene: factories.signing(scene.traineeship, by=scene.anna).round.signatories.first().pk,
    "other": lambda scene: factories.second_file(scene.zone, by=scene.anna).subject_id,
    "batch": lambda scene: factories.record_batch(scene.zone, by=scene.anna).pk,
    "step": lambda scene: "close",
    "attestation": lambda scene: factories.attestation(scene.traineeship, by=scene.anna).pk,
    "attestation_paper": lambda scene: factories.attestation(scene.traineeship, by=scene.anna).papers.get().pk,
    "when": lambda scene: "exit",
    "month": lambda scene: f"{scene.traineeship.starts:%Y-%m}",
    "day": lambda scene: scene.traineeship.starts.isoformat(),
}


def addresses(patterns=None):
    """Every route with a name: (name, names in the address)."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern.url_patterns)
        else:
            yield pattern.name, sorted(pattern.pattern.converters)


ADDRESSES = dict(addresses())


@dataclass
class Scene:
    zone: object
    anna: object
    case: object
    traineeship: object
    body: object
    asked: dict = field(default_factory=dict, init=False)  # the addresses already told: {name: address}


@pytest.fixture
def scene(mugello, versilia, anna, tutor):
    case = factories.person_in_charge(mugello, by=anna)
    factories.papers(case, by=anna)
    factories.secrets(case, by=anna)
    return Scene(
        zone=mugello,
        anna=anna,
        case=case,
        traineeship=factories.traineeship(case, tutor=tutor, by=anna),
        body=factories.organisation(Organisation.Kind.HOST, "Vivaio di prova"),
    )


def url(name, scene):
    unknown = set(ADDRESSES[name]) - set(OBJECTS)
    assert not unknown, f"say in OBJECTS what {unknown} is in the address of «{name}»"
    if name not in scene.asked:
        scene.asked[name] = reverse(name, kwargs={word: OBJECTS[word](scene) for word in ADDRESSES[name]})
    return scene.asked[name]


def somebody(kind, zone, *, tied_to=None, name="somebody"):
    """Someone of that kind in that zone, tied to a subject where the kind works by relation."""
    acting = factories.user(
        f"{name}_{kind}",
        kind,
        zone=zone if REACH[kind] == "zone" else None,
        organisation=factories.organisation("third_sector_body", f"Cooperativa di {name}"),
    )
    if tied_to and REACH[kind] == "subject":
        open_relation(subject=tied_to, kind=kind, user=acting.user, reason="prova", by=acting, now=timezone.now())
    if tied_to and kind == Kind.INSPECTOR:  # the inspection is theirs
        placed = Traineeship.objects.filter(subject=tied_to).order_by("id").first()
        factories.inspection(placed, by=acting, inspector=acting)
    return acting


def test_every_address_has_a_row_and_every_row_an_address():
    assert None not in ADDRESSES, "an address without a name cannot have a row: give it one in urls.py"
    missing, gone = set(ADDRESSES) - set(PAGES), set(PAGES) - set(ADDRESSES)
    assert not missing, f"say in PAGES who may open {sorted(missing)}"
    assert not gone, f"take out of PAGES what is no longer in urls.py: {sorted(gone)}"


def test_who_has_not_signed_in_is_asked_to_unless_the_page_is_public(scene):
    for name, row in PAGES.items():
        answer = Client().get(url(name, scene))
        if row.public:
            assert answer.status_code in ((405,) if row.post_only else row.answers), name
        else:
            assert answer.status_code == 302, name
            assert answer["Location"].startswith(reverse("sign_in")), name


def refusals_logged(acting):
    """The pages for which the log says that they were asked for and refused."""
    return set(
        Reading.objects.filter(user_id=acting.user.pk, refused=True, subject_ids=[]).values_list("page", flat=True)
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_of_role_opens_its_pages_and_finds_no_others(kind, scene, enter):
    """Of the others those about a person are refused in the log too, though the person is of their own zone."""
    acting = somebody(kind, scene.zone, tied_to=scene.case.subject)
    client = enter(acting)
    for name, row in PAGES.items():
        address = url(name, scene)
        if kind not in row.kinds:
            expected = (404,)
            assert client.post(address).status_code == 404, f"{kind} posts to {name}"
        elif row.post_only:
            expected = (405,)
        else:
            expected = row.answers
        found = client.get(address).status_code
        assert found in expected, f"{kind} opens {name}: {found} instead of {expected}"
    refused = {name for name, row in PAGES.items() if row.about and kind not in row.kinds}
    missing = refused - refusals_logged(acting)
    assert not missing, f"nothing says that {kind} asked for {missing}"


@pytest.mark.parametrize("kind", list(Kind))
def test_who_is_of_another_zone_finds_no_page_about_a_person_and_the_refusal_is_logged(kind, scene, versilia, enter):
    """The pages of their kind: those of others are not there for them in their own zone either (above)."""
    acting = somebody(kind, versilia, name="elsewhere")
    client, theirs = enter(acting), [name for name, row in PAGES.items() if row.about and kind in row.kinds]
    for name in theirs:
        address, row = url(name, scene), PAGES[name]
        for method in (client.get, client.post):
            expected = (404, 405) if row.post_only or method == client.post else (404,)
            assert method(address).status_code in expected, f"{kind} of another zone opens {name}"
    missing = set(theirs) - refusals_logged(acting)
    assert not missing, f"nothing says that {kind} asked for {missing}"


def test_a_page_with_the_id_of_somebody_that_does_not_exist_is_not_there(scene, enter):
    """The kind that comes first asks with ids of every size, the others with one that is nobody's."""
    asked = set()
    for kind in Kind:
        client = enter(somebody(kind, scene.zone))
        for name, row in PAGES.items():
            if row.about and kind in row.kinds:
                ask = client.post if row.post_only else client.get
                for nobody in (999_999_999,) if name in asked else (0, 999_999_999, 10**30):
                    kwargs = dict.fromkeys(ADDRESSES[name], nobody)
                    assert ask(reverse(name, kwargs=kwargs)).status_code == 404, name
                asked.add(name)


def test_without_a_role_today_only_the_account_opens(scene, enter):
    Role.objects.filter(pk=scene.anna.role.pk).update(ends=timezone.localdate() - dt.timedelta(days=1))
    client = enter(scene.anna)
    for name, row in PAGES.items():
        if row.kinds != EVERYBODY:
            assert client.get(url(name, scene)).status_code == 404, name
    assert client.get(reverse("own_account")).status_code == 200
    assert client.get(reverse("home")).status_code == 200


def test_no_page_is_served_without_csrf(scene):
    client = Client(enforce_csrf_checks=True)
    for name, row in PAGES.items():
        if row.public:
            assert client.post(url(name, scene)).status_code in (403, 405), name
