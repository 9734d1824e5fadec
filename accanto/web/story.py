"""The acts of the log as sentences, for the timeline of a person's file. A sentence names no area and no value."""

import datetime as dt
from dataclasses import dataclass, replace

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.access.role import Kind
from accanto.web.parts import numbers

# (verb, table) -> sentence, icon
SENTENCES = {
    ("register", "person"): (gettext_lazy("Registrata la persona"), "it-user"),
    ("correct", "person"): (gettext_lazy("Corretti nome o recapiti"), "it-user"),
    ("register", "registry"): (gettext_lazy("Scritti i dati anagrafici"), "it-user"),
    ("correct", "registry"): (gettext_lazy("Corretti i dati anagrafici"), "it-user"),
    ("link", "person"): (gettext_lazy("Collegata a un’altra scheda della stessa persona"), "it-link"),
    ("show_first", "person"): (gettext_lazy("Scelta la scheda che si legge per prima"), "it-link"),
    ("unlink", "person"): (gettext_lazy("Separata da un’altra scheda"), "it-link"),
    ("compare", "comparison"): (gettext_lazy("Confrontata con un’altra scheda"), "it-copy"),
    ("look_elsewhere", "person"): (gettext_lazy("Un altro servizio ha chiesto se la persona è nota"), "it-search"),
    ("enquire", "person"): (gettext_lazy("Chiesto a servizi di altre zone se la conoscono"), "it-mail"),
    ("answer", "enquiry"): (gettext_lazy("Risposto al servizio di un’altra zona"), "it-mail"),
    ("import", "recordorigin"): (gettext_lazy("Importata da un archivio precedente"), "it-upload"),
    ("compare", "recordpair"): (gettext_lazy("Confrontata con una riga di un archivio"), "it-copy"),
    ("refer", "referral"): (gettext_lazy("Arrivata una segnalazione"), "it-mail"),
    ("accept", "referral"): (gettext_lazy("Segnalazione accolta"), "it-mail"),
    ("decline", "referral"): (gettext_lazy("Segnalazione non accolta"), "it-mail"),
    ("send", "receivedreferral"): (gettext_lazy("Inviata una segnalazione"), "it-mail"),
    ("sort", "receivedreferral"): (gettext_lazy("Riconosciuta la persona di una segnalazione"), "it-mail"),
    ("unsort", "receivedreferral"): (gettext_lazy("Una segnalazione non era di questa persona"), "it-mail"),
    ("decline", "receivedreferral"): (gettext_lazy("Segnalazione non accolta"), "it-mail"),
    ("open", "case"): (gettext_lazy("Presa in carico"), "it-folder"),
    ("reopen", "case"): (gettext_lazy("Di nuovo in carico"), "it-folder"),
    ("wait", "referralwait"): (gettext_lazy("In lista d’attesa"), "it-clock"),
    ("leave", "referralwait"): (gettext_lazy("Fuori dalla lista d’attesa"), "it-clock"),
    ("follow_up", "casefollowup"): (gettext_lazy("Chiesto l’esito a sei mesi"), "it-check-circle"),
    ("propose", "casetransfer"): (gettext_lazy("Proposto il passaggio a un’altra zona"), "it-exchange-circle"),
    ("receive", "casetransfer"): (gettext_lazy("Un’altra zona propone il passaggio"), "it-exchange-circle"),
    ("accepted", "casetransfer"): (gettext_lazy("Passaggio fra zone accolto"), "it-exchange-circle"),
    ("declined", "casetransfer"): (gettext_lazy("Passaggio fra zone non accolto"), "it-exchange-circle"),
    ("withdrawn", "casetransfer"): (gettext_lazy("Ritirato il passaggio a un’altra zona"), "it-exchange-circle"),
    ("set_area", "case"): (gettext_lazy("Aggiornata l’area del caso"), "it-folder"),
    ("hand_over", "case"): (gettext_lazy("Cambiato il responsabile del caso"), "it-exchange-circle"),
    ("close", "case"): (gettext_lazy("Caso chiuso"), "it-folder"),
    ("join", "casemember"): (gettext_lazy("Qualcuno è entrato nell’équipe"), "it-user"),
    ("leave", "casemember"): (gettext_lazy("Qualcuno ha lasciato l’équipe"), "it-user"),
    ("open", "relation"): (gettext_lazy("Aperto un accesso al fascicolo"), "it-unlocked"),
    ("end", "relation"): (gettext_lazy("Finito un accesso al fascicolo"), "it-locked"),
    ("assess", "assessment"): (gettext_lazy("Scritta una valutazione"), "it-search"),
    ("revise", "assessmentdomain"): (gettext_lazy("Aggiornata una parte della valutazione"), "it-search"),
    ("describe", "employabilityprofile"): (gettext_lazy("Scritto il profilo di occupabilità"), "it-tool"),
    ("write", "personalplan"): (gettext_lazy("Scritta una versione del progetto"), "it-pencil"),
    ("agree", "personalplan"): (gettext_lazy("Progetto firmato"), "it-check-circle"),
    ("prove", "planevidence"): (gettext_lazy("Raccolta una prova di firma del progetto"), "it-pencil"),
    ("fulfil", "planaction"): (gettext_lazy("Mantenuto un impegno del progetto"), "it-check-circle"),
    ("reopen", "planaction"): (gettext_lazy("Riaperto un impegno del progetto"), "it-pencil"),
    ("call", "meeting"): (gettext_lazy("Convocata una riunione"), "it-calendar"),
    ("hold", "meeting"): (gettext_lazy("Tenuta una riunione"), "it-calendar"),
    ("withdraw", "meeting"): (gettext_lazy("Annullata una riunione"), "it-close-circle"),
    ("fulfil", "meetingdecision"): (gettext_lazy("Fatta una cosa decisa in riunione"), "it-check-circle"),
    ("reopen", "meetingdecision"): (gettext_lazy("Riaperta una cosa decisa in riunione"), "it-pencil"),
    ("keep", "document"): (gettext_lazy("Aggiunto un documento al fascicolo"), "it-file"),
    ("protect", "document"): (gettext_lazy("Reso riservato un documento con i recapiti"), "it-locked"),
    ("withdraw", "document"): (gettext_lazy("Ritirato un documento del fascicolo"), "it-file"),
    ("record", "benefitfact"): (gettext_lazy("Registrato un fatto dell’ADI o dell’SFL"), "it-calendar"),
    ("enter_in_gepi", "benefitfact"): (gettext_lazy("Incontro registrato in GePI"), "it-calendar"),
    ("withdraw", "benefitfact"): (gettext_lazy("Ritirato un fatto dell’ADI o dell’SFL"), "it-pencil"),
    ("set_situation", "benefitsituation"): (gettext_lazy("Aggiornato chi tiene i 90 giorni dell’ADI"), "it-pencil"),
    ("begin", "measure"): (gettext_lazy("Cominciata una misura"), "it-plus-circle"),
    ("add", "measurestep"): (gettext_lazy("Registrato un passo di una misura"), "it-pencil"),
    ("leave", "measurestep"): (gettext_lazy("Finita una misura"), "it-minus-circle"),
    ("correct", "measure"): (gettext_lazy("Corretta una misura"), "it-pencil"),
    ("withdraw", "measure"): (gettext_lazy("Ritirata una misura scritta per errore"), "it-pencil"),
    ("withdraw", "measurestep"): (gettext_lazy("Ritirato un passo di una misura"), "it-pencil"),
    ("enter", "participation"): (gettext_lazy("Entrata in un’operazione"), "it-plus-circle"),
    ("correct", "participation"): (gettext_lazy("Corretta la scheda d’ingresso"), "it-pencil"),
    ("leave", "participation"): (gettext_lazy("Uscita da un’operazione"), "it-minus-circle"),
    ("come_back", "participation"): (gettext_lazy("Rientrata in un’operazione"), "it-plus-circle"),
    ("record", "participationoutcome"): (gettext_lazy("Scritto che cosa fa dopo un’operazione"), "it-check-circle"),
    ("begin", "household"): (gettext_lazy("Scritto con chi vive"), "it-user"),
    ("join", "householdmember"): (gettext_lazy("Qualcuno è entrato nel nucleo"), "it-user"),
    ("leave", "householdmember"): (gettext_lazy("Qualcuno ha lasciato il nucleo"), "it-user"),
    ("correct", "householdmember"): (gettext_lazy("Corretto il nucleo familiare"), "it-user"),
    ("note", "careduty"): (gettext_lazy("Aggiornati i carichi di cura"), "it-user"),
    ("tell", "privacynotice"): (gettext_lazy("Spiegati diritti e trattamento dei dati"), "it-info-circle"),
    ("seal", "protectedaddress"): (gettext_lazy("Resi riservati i recapiti"), "it-locked"),
    ("correct", "protectedaddress"): (gettext_lazy("Aggiornati i recapiti riservati"), "it-locked"),
    ("end", "protectedaddress"): (gettext_lazy("Finita la riservatezza dei recapiti"), "it-unlocked"),
    ("record", "representation"): (gettext_lazy("Registrato chi rappresenta la persona"), "it-pencil"),
    ("correct", "representation"): (gettext_lazy("Corretto chi rappresenta la persona"), "it-pencil"),
    ("end", "representation"): (gettext_lazy("Finita una rappresentanza"), "it-minus-circle"),
    ("dissent", "dissent"): (gettext_lazy("Scritto un dissenso"), "it-warning-circle"),
    ("reopen", "dissent"): (gettext_lazy("Il giudice tutelare è di nuovo da informare"), "it-pencil"),
    ("tell", "dissent"): (gettext_lazy("Informato il giudice tutelare"), "it-check-circle"),
    ("invite", "invitation"): (gettext_lazy("La persona ha invitato qualcuno"), "it-unlocked"),
    ("withdraw", "invitation"): (gettext_lazy("La persona ha chiuso un invito"), "it-locked"),
    ("write", "diaryentry"): (gettext_lazy("Scritto nel diario"), "it-pencil"),
    ("correct", "diaryentry"): (gettext_lazy("Corretta una voce del diario"), "it-pencil"),
    ("disclose", "secretdisclosure"): (gettext_lazy("Scritto nel registro dei segreti rivelati"), "it-unlocked"),
    ("set", "functionallimit"): (gettext_lazy("Scritto un limite o un vincolo"), "it-pencil"),
    ("withdraw", "functionallimit"): (gettext_lazy("Ritirato un limite o un vincolo"), "it-minus-circle"),
    ("set", "accommodation"): (gettext_lazy("Scritto un accomodamento"), "it-pencil"),
    ("withdraw", "accommodation"): (gettext_lazy("Ritirato un accomodamento"), "it-minus-circle"),
    ("record", "attendanceday"): (gettext_lazy("Registrate giornate di tirocinio"), "it-calendar"),
    ("correct", "attendanceday"): (gettext_lazy("Corretto il registro del tirocinio"), "it-pencil"),
    ("discard", "traineeship"): (gettext_lazy("Lasciata cadere una giornata scritta senza rete"), "it-minus-circle"),
    ("sign", "registersignature"): (gettext_lazy("Firmate giornate del registro"), "it-sign"),
    ("close", "monthlyclose"): (gettext_lazy("Chiuso un mese del registro"), "it-locked"),
    ("find", "anomaly"): (gettext_lazy("Trovata una cosa insolita da verificare nel tirocinio"), "it-search"),
    ("say", "anomaly"): (gettext_lazy("Scritto di una cosa insolita del tirocinio"), "it-search"),
    ("mend", "anomalystep"): (gettext_lazy("Corretto ciò che era insolito nel tirocinio"), "it-check-circle"),
    ("check", "inspectioncheck"): (gettext_lazy("Vista sul posto da chi fa un’ispezione"), "it-search"),
    ("reopen", "monthlyclose"): (gettext_lazy("Riaperto un mese del registro"), "it-unlocked"),
    ("change", "timetable"): (gettext_lazy("Scritto l’orario abituale del tirocinio"), "it-clock"),
    ("plan", "traineeship"): (gettext_lazy("Scritto un progetto di tirocinio"), "it-pencil"),
    ("change", "traineeship"): (gettext_lazy("Corretto il progetto di tirocinio"), "it-pencil"),
    ("sign", "traineeship"): (gettext_lazy("Firmato il progetto di tirocinio"), "it-check-circle"),
    ("reopen", "traineeship"): (gettext_lazy("Riaperto il progetto di tirocinio"), "it-pencil"),
    ("agree", "traineeship"): (gettext_lazy("Collegata la convenzione di tirocinio"), "it-link"),
    ("insure", "traineeship"): (gettext_lazy("Scritte le coperture INAIL e di responsabilità civile"), "it-file"),
    ("notify", "traineeship"): (gettext_lazy("Inviata la comunicazione di avvio"), "it-mail"),
    ("notify", "mandatorynotice"): (gettext_lazy("Inviata una comunicazione obbligatoria"), "it-mail"),
    ("start", "traineeship"): (gettext_lazy("Avviato il tirocinio"), "it-tool"),
    ("suspend", "traineeship"): (gettext_lazy("Sospeso il tirocinio"), "it-minus-circle"),
    ("resume", "traineeship"): (gettext_lazy("Ripreso il tirocinio"), "it-tool"),
    ("extend", "traineeship"): (gettext_lazy("Prorogato il tirocinio"), "it-calendar"),
    ("close", "traineeship"): (gettext_lazy("Finito il tirocinio"), "it-tool"),
    ("attest", "traineeship"): (gettext_lazy("Consegnata l’attestazione finale"), "it-file"),
    ("wait_for_attestation", "traineeship"): (gettext_lazy("L’attestazione finale è da rifare"), "it-file"),
    ("issue", "attestation"): (gettext_lazy("Emessa un’attestazione"), "it-file"),
    ("sign", "attestation"): (gettext_lazy("Firmata da tutti un’attestazione"), "it-file"),
    ("print", "attestation"): (gettext_lazy("Stampata un’attestazione"), "it-print"),
    ("hand_over", "attestation"): (gettext_lazy("Consegnata un’attestazione rifatta"), "it-file"),
    ("withdraw", "attestation"): (gettext_lazy("Ritirata un’attestazione sbagliata"), "it-file"),
    ("record", "traineeshipoutcome"): (gettext_lazy("Chiesto che cosa fa dopo il tirocinio"), "it-check-circle"),
    ("archive", "traineeship"): (gettext_lazy("Archiviato il tirocinio"), "it-folder"),
    ("withdraw", "traineeship"): (gettext_lazy("Ritirato il tirocinio"), "it-close-circle"),
    ("plan", "visit"): (gettext_lazy("Programmata una visita al tirocinio"), "it-calendar"),
    ("record", "visit"): (gettext_lazy("Scritta una visita al tirocinio"), "it-map-marker"),
    ("move", "visit"): (gettext_lazy("Spostata una visita al tirocinio"), "it-calendar"),
    ("withdraw", "visit"): (gettext_lazy("Tolta una visita al tirocinio"), "it-minus-circle"),
    ("fulfil", "visittask"): (gettext_lazy("Fatta una cosa concordata in una visita"), "it-check-circle"),
    ("reopen", "visittask"): (gettext_lazy("Riaperta una cosa concordata in una visita"), "it-pencil"),
    ("answer", "evaluationanswer"): (gettext_lazy("Detto come va il tirocinio"), "it-comment"),
    ("close", "evaluation"): (gettext_lazy("Chiusa una valutazione del tirocinio"), "it-check-circle"),
    ("reopen", "evaluation"): (gettext_lazy("Riaperta una valutazione del tirocinio"), "it-pencil"),
    ("judge", "goaljudgement"): (gettext_lazy("Giudicati gli obiettivi del tirocinio"), "it-check-circle"),
    ("record", "skill"): (gettext_lazy("Scritta una competenza"), "it-star-outline"),
    ("withdraw", "skill"): (gettext_lazy("Tolta una competenza"), "it-minus-circle"),
    ("describe", "placesearch"): (gettext_lazy("Scritto che cosa cerca in un posto"), "it-search"),
    ("accept", "matchingproposal"): (gettext_lazy("Accolta una proposta di posto"), "it-check-circle"),
    ("decline", "matchingproposal"): (gettext_lazy("Non accolta una proposta di posto"), "it-close-circle"),
    ("change", "matchingproposal"): (gettext_lazy("Scelto un altro posto"), "it-pencil"),
    ("reopen", "matchingproposal"): (gettext_lazy("Da decidere di nuovo una proposta di posto"), "it-pencil"),
    ("determine", "monthallowance"): (gettext_lazy("Determinata l’indennità di un mese"), "it-card"),
}
# said by another act of the same moment
SILENT = {
    ("link", "matchingproposal"),
    ("open", "relation"),
    ("end", "relation"),
    ("extend", "relation"),
    ("register", "registry"),
}
# a line a week for each trainee: told by the month
REGISTER = {("record", "attendanceday"), ("correct", "attendanceday")}


@dataclass(frozen=True)
class Event:
    when: object
    title: str
    who: str
    icon: str
    text: str = ""


def names_of_tables():
    return {model._meta.model_name: model._meta.verbose_name for model in apps.get_models()}


def told(acts):
    """The acts of `log.acts_on` as events, newest first. The same act again on the same day is one, with its count; the
    weeks of a register are one event a month, with its days."""
    events, counts, registers = [], [], {}
    names = None
    for act in acts:
        key = (act["verb"], act["noun"])
        if key in SILENT:
            continue
        if key in SENTENCES:
            title, icon = SENTENCES[key]
        else:
            names = names or names_of_tables()
            title = _("Aggiornamento: %(noun)s") % {"noun": names.get(act["noun"], act["noun"])}
            icon = "it-pencil"
        who = ", ".join(part for part in (act["name"] or "", role_of(act)) if part)
        if key in REGISTER:
            month = timezone.localtime(act["at"])
            group = (key, who, month.year, month.month)
            days = days_of(act)
            if group in registers:
                registers[group][1].extend(days)
                continue
            registers[group] = (len(events), days)
        same = events and events[-1].title == str(title) and events[-1].who == who
        if same and key not in REGISTER and events[-1].when.date() == act["at"].date():
            counts[-1] += 1
            continue
        events.append(Event(when=act["at"], title=str(title), who=who, icon=icon))
        counts.append(1)
    told_of_days = {place: words_of_days(days) for place, days in registers.values()}
    for place, (event, count) in enumerate(zip(events, counts, strict=True)):
        text = _("%(count)s volte") % {"count": count} if count > 1 else told_of_days.get(place, "")
        events[place] = replace(event, text=text)
    return events


def days_of(act):
    """The days a line of the register speaks of; none in the lines that do not say."""
    return [dt.date.fromisoformat(day) for day in act["detail"].get("days", ())]


def words_of_days(days):
    if not days:
        return ""
    first, last = min(days), max(days)
    if first == last:
        return numbers.day(first)
    return ngettext(
        "%(count)s giornata, dal %(first)s al %(last)s", "%(count)s giornate, dal %(first)s al %(last)s", len(set(days))
    ) % {"count": len(set(days)), "first": numbers.day(first), "last": numbers.day(last)}


def role_of(act):
    """The role in words and its body, as the log keeps them."""
    kind = Kind(act["kind"]).label if act["kind"] in Kind.values else ""
    return " · ".join(str(part) for part in (kind, act["organisation"]) if part)


@dataclass(frozen=True)
class Look:
    when: object
    who: str
    role: str
    page: str


PAGES = {
    "person": gettext_lazy("il fascicolo"),
    "own_file": gettext_lazy("il proprio fascicolo"),
    "search": gettext_lazy("una ricerca"),
    "people": gettext_lazy("l’elenco delle persone"),
    "my_day": gettext_lazy("la giornata di lavoro"),
    "week": gettext_lazy("il registro della settimana"),
    "matching": gettext_lazy("chi è pronto per un tirocinio"),
    "matching_round": gettext_lazy("una proposta di abbinamenti"),
    "matching_proposal": gettext_lazy("una proposta di posto"),
    "accept_proposals": gettext_lazy("gli abbinamenti da accogliere insieme"),
    "place_search": gettext_lazy("che cosa cerca in un posto"),
    "traineeships": gettext_lazy("l’elenco dei tirocini"),
    "traineeship": gettext_lazy("il tirocinio"),
    "month_register": gettext_lazy("il registro del mese"),
    "attendance_day": gettext_lazy("una giornata del registro"),
    "timetable": gettext_lazy("l’orario abituale"),
    "sign_register": gettext_lazy("le firme del registro"),
    "register_document": gettext_lazy("il registro del mese, su carta"),
    "close_register": gettext_lazy("la chiusura di un mese del registro"),
    "close_registers": gettext_lazy("la chiusura del mese di molti registri"),
    "attestation": gettext_lazy("l’attestazione finale"),
    "attestation_preview": gettext_lazy("l’anteprima di un’attestazione"),
    "attestation_paper": gettext_lazy("l’attestazione finale, su carta"),
    "hand_attestation": gettext_lazy("la consegna di un’attestazione"),
    "withdraw_attestation": gettext_lazy("il ritiro di un’attestazione"),
    "attestations": gettext_lazy("le attestazioni da fare e da consegnare"),
    "print_attestations": gettext_lazy("le attestazioni da stampare"),
    "prepare_attestation": gettext_lazy("chi firma l’attestazione finale"),
    "dossier_document": gettext_lazy("il dossier individuale"),
    "traineeship_outcome": gettext_lazy("che cosa fa dopo il tirocinio"),
    "month_allowance": gettext_lazy("l’indennità di un mese"),
    "visits": gettext_lazy("le visite al tirocinio"),
    "new_visit": gettext_lazy("una visita al tirocinio"),
    "write_visit": gettext_lazy("una visita al tirocinio"),
    "move_visit": gettext_lazy("una visita al tirocinio"),
    "withdraw_visit": gettext_lazy("una visita al tirocinio"),
    "evaluations": gettext_lazy("le valutazioni del tirocinio"),
    "evaluation_answer": gettext_lazy("una risposta alla valutazione del tirocinio"),
    "close_evaluation": gettext_lazy("la chiusura di una valutazione del tirocinio"),
    "judge_goals": gettext_lazy("gli obiettivi del tirocinio"),
    "skills": gettext_lazy("le competenze"),
    "change_skill": gettext_lazy("una competenza"),
    "withdraw_skill": gettext_lazy("una competenza"),
    "repeat_traineeship": gettext_lazy("il progetto di tirocinio"),
    "plan_traineeship": gettext_lazy("il progetto di tirocinio"),
    "prepare_plan": gettext_lazy("il progetto di tirocinio da firmare"),
    "prepare_agreement": gettext_lazy("la convenzione da firmare"),
    "signature_round": gettext_lazy("le firme di un documento del tirocinio"),
    "signature_file": gettext_lazy("un documento del tirocinio da firmare"),
    "signature_evidence": gettext_lazy("le prove delle firme"),
    "draw_signature": gettext_lazy("la firma del progetto di tirocinio"),
    "personal_plan": gettext_lazy("il progetto"),
    "meeting": gettext_lazy("una riunione"),
    "record_meeting": gettext_lazy("una riunione"),
    "person_meetings": gettext_lazy("le riunioni"),
    "sitting": gettext_lazy("una seduta dell’équipe di zona"),
    "sent_referrals": gettext_lazy("le segnalazioni inviate"),
    "sent_referral": gettext_lazy("la segnalazione inviata"),
    "referral_outcome": gettext_lazy("l’esito della segnalazione"),
    "referrals": gettext_lazy("le segnalazioni da smistare"),
    "received_referral": gettext_lazy("una segnalazione da smistare"),
    "benefits": gettext_lazy("ADI e SFL"),
    "measures": gettext_lazy("le misure"),
    "same_person": gettext_lazy("il confronto mentre si registra una persona"),
    "duplicates": gettext_lazy("i possibili doppioni"),
    "side_by_side": gettext_lazy("due schede affiancate"),
    "enquiries": gettext_lazy("le domande fra servizi"),
    "record_pairs": gettext_lazy("il confronto con un archivio da importare"),
    "record_step": gettext_lazy("l’importazione di un archivio"),
    "assessments": gettext_lazy("le valutazioni a confronto"),
    "employability": gettext_lazy("il profilo di occupabilità"),
    "who_can_see": gettext_lazy("chi può vedere"),
    "registry": gettext_lazy("i dati anagrafici"),
    "household": gettext_lazy("il nucleo familiare"),
    "representation": gettext_lazy("chi rappresenta la persona"),
    "privacy_notice": gettext_lazy("le informazioni date"),
    "protected_address": gettext_lazy("i recapiti riservati"),
    "advocates": gettext_lazy("le persone di fiducia"),
    "invited": gettext_lazy("l’elenco di chi l’ha invitata"),
    "invited_file": gettext_lazy("ciò che la persona le mostra"),
    "diary": gettext_lazy("il diario"),
    "search_diary": gettext_lazy("il diario"),
    "disclosures": gettext_lazy("il registro dei segreti rivelati"),
    "health": gettext_lazy("la salute"),
    "limits": gettext_lazy("limiti e accomodamenti"),
    "plan_document": gettext_lazy("il progetto, su carta"),
    "plan_to_sign": gettext_lazy("il progetto da firmare"),
    "signed_paper": gettext_lazy("il progetto firmato su carta"),
    "plain_plan_document": gettext_lazy("il progetto in parole semplici, su carta"),
    "assessment_document": gettext_lazy("la valutazione, su carta"),
    "meeting_document": gettext_lazy("il verbale di una riunione, su carta"),
    "sitting_document": gettext_lazy("il verbale di una seduta, su carta"),
    "sent_outcome_document": gettext_lazy("l’esito della segnalazione, su carta"),
    "outcome_document": gettext_lazy("l’esito della segnalazione, su carta"),
    "notice_document": gettext_lazy("l’informativa"),
    "documents": gettext_lazy("l’elenco dei documenti"),
    "document": gettext_lazy("un documento"),
    "document_content": gettext_lazy("il contenuto di un documento"),
    "known_elsewhere": gettext_lazy("la domanda se un altro servizio la conosce"),
    "household_member": gettext_lazy("una persona del nucleo familiare"),
    "new_referral": gettext_lazy("una nuova segnalazione"),
    "another_referral": gettext_lazy("una nuova segnalazione"),
    "referral": gettext_lazy("una segnalazione"),
    "referral_wait": gettext_lazy("la lista d’attesa"),
    "take_charge": gettext_lazy("la presa in carico"),
    "reopen_case": gettext_lazy("la riapertura del caso"),
    "close_case": gettext_lazy("la chiusura del caso"),
    "follow_up": gettext_lazy("la verifica dopo la chiusura"),
    "team": gettext_lazy("l’équipe"),
    "hand_over": gettext_lazy("il cambio di responsabile"),
    "transfer_case": gettext_lazy("il passaggio a un’altra zona"),
    "received_transfer": gettext_lazy("un caso che arriva da un’altra zona"),
    "new_assessment": gettext_lazy("la valutazione da scrivere"),
    "assessment": gettext_lazy("una valutazione"),
    "revise_domain": gettext_lazy("una parte della valutazione"),
    "write_plan": gettext_lazy("il progetto da scrivere"),
    "agree_plan": gettext_lazy("le firme del progetto"),
    "new_participation": gettext_lazy("l’ingresso in un’operazione"),
    "participation": gettext_lazy("la partecipazione a un’operazione"),
    "leave_operation": gettext_lazy("l’uscita da un’operazione"),
    "after_operation": gettext_lazy("che cosa fa dopo un’operazione"),
    "disadvantage": gettext_lazy("le condizioni di svantaggio"),
    "new_representation": gettext_lazy("chi rappresenta la persona"),
    "change_representation": gettext_lazy("chi rappresenta la persona"),
    "new_document": gettext_lazy("un documento da aggiungere"),
    "change_plan": gettext_lazy("il progetto di tirocinio"),
    "traineeship_step": gettext_lazy("un passo del tirocinio"),
    "correct_entry": gettext_lazy("il diario"),
    "controls": gettext_lazy("l’elenco delle anomalie dei tirocini"),
    "look_now": gettext_lazy("la ricerca di anomalie nei tirocini"),
    "anomaly": gettext_lazy("un’anomalia del tirocinio"),
    "report_anomaly": gettext_lazy("una segnalazione sul tirocinio"),
    "inspection": gettext_lazy("l’ispezione dell’ospitante"),
    "inspection_check": gettext_lazy("la verifica del tirocinio in un’ispezione"),
    "inspection_document": gettext_lazy("il verbale di un’ispezione"),
    "indicator_records": gettext_lazy("le persone contate in una figura"),
}
OTHER_PAGE = gettext_lazy("una pagina del fascicolo")


def looks(readings):
    """Who opened the file, in words; the pages without a word of their own are «una pagina del fascicolo»."""
    return [
        Look(
            when=reading["at"],
            who=reading["name"] or "",
            role=role_of(reading),
            page=str(PAGES.get(reading["page"], OTHER_PAGE)),
        )
        for reading in readings
    ]
