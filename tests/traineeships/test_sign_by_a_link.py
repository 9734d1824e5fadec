"""Four parties sign a plan, three an agreement: by a personal link and a code, in presence, on paper. Links burn
nothing when they are looked at, and say nothing to who guesses."""

import datetime as dt
import hashlib
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.access.secret_link import code_mark, fingerprint
from accanto.documents import signature_link as links
from accanto.documents.document import Document
from accanto.documents.signature_link import SignatureLink
from accanto.documents.signature_round import Signatory, Signature, SignaturePaper, SignatureRound
from accanto.norms.findings import Refused
from accanto.traineeships import life
from accanto.traineeships.agreement import Agreement
from accanto.traineeships.signing import Signing
from accanto.traineeships.traineeship import State, Traineeship
from accanto.traineeships.traineeship_plan import TraineeshipPlan
from tests.documents import files

PARTIES = ("promoter", "host", "body_in_charge", "trainee")
PHONE = "Mozilla/5.0 (Linux; Android 15; Mobile) AppleWebKit/537 Chrome/140.0 Mobile Safari/537"


def addresses(parties=PARTIES, **more):
    said = {"send": "on"}
    for party in parties:
        said |= {f"{party}-1-name": f"Firma {party}", f"{party}-1-email": f"{party}@prova.example"}
    return said | more


@pytest.fixture
def draft(enter, anna, scene):
    """A plan that the law has nothing against, not signed."""
    answer = enter(anna).post(reverse("plan_traineeship", args=[scene.case.pk]), scene.form)
    assert answer.status_code == 302, answer.context["form"].errors
    return Traineeship.objects.get(case=scene.case)


@pytest.fixture
def ready(enter, anna, draft):
    """The round of the plan, with a link for each party: the addresses by party."""

    def prepare(page="prepare_plan", parties=PARTIES, **more):
        mail.outbox.clear()
        answer = enter(anna).post(reverse(page, args=[draft.pk]), addresses(parties, **more))
        assert answer.status_code == 302, (answer.context["wrong"], answer.context["form"].errors)
        found = {}
        for message in mail.outbox:
            found[message.to[0].split("@")[0]] = re.search(r"http://testserver(/sign/\S+)", message.body)[1]
        return found

    return prepare


def token_of(url):
    return url.strip("/").split("/")[-1]


def code_for(url, client=None):
    mail.outbox.clear()
    answer = (client or Client()).post(url, {"do": "code"})
    assert answer.status_code == 302
    return re.search(r"\b(\d{6})\b", mail.outbox[0].body)[1] if mail.outbox else None


def sign(url, code=None, **how):
    code = code or code_for(url)
    return Client(**how).post(url, {"do": "sign", "code": code, "read": "on"})


# --- all sign --------------------------------------------------------------------------------------------------------


def test_four_parties_sign_the_plan_and_only_then_it_is_signed(ready, enter, anna, draft):
    urls = ready()
    one = Signing.objects.get()
    page = reverse("signature_round", args=[one.round_id])
    for n, party in enumerate(PARTIES, start=1):
        text = enter(anna).get(page).content.decode()
        assert "Manca la firma di" in text
        with pytest.raises(Refused) as refused, transaction.atomic():
            life.sign_plan(traineeship=draft, on=timezone.localdate(), signed_by=PARTIES, by=anna, now=timezone.now())
        assert any("alla firma" in str(finding.sentence.it) for finding in refused.value.findings)
        answer = sign(urls[party], HTTP_USER_AGENT=PHONE)
        assert answer.status_code == 302, answer.content.decode()
        assert Signature.objects.count() == n
        assert "Firma registrata il" in Client().get(urls[party]).content.decode()
    draft.refresh_from_db()
    assert draft.state == State.DRAFT  # the law is asked again when it is registered
    assert "Firmato da tutti: da registrare" in enter(anna).get(reverse("my_day")).content.decode()
    assert enter(anna).post(page, {"do": "register"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.plan_signed_on) == (State.PLAN_SIGNED, timezone.localdate())
    assert set(draft.plan_signed_by) == set(PARTIES)
    proof = Signature.objects.select_related("signatory", "round").get(signatory__party="host")
    paper = SignaturePaper.objects.get(round=one.round_id, part="document")
    assert proof.sha256 == paper.sha256 == hashlib.sha256(bytes(paper.data)).hexdigest()
    assert (proof.channel, proof.sent_to, proof.agent) == ("email", "h…@prova.example", "phone/Chrome")
    assert Act.objects.filter(noun="signature", verb="sign", user_id=None).count() == 4
    evidence = enter(anna).get(reverse("signature_evidence", args=[one.round_id]))
    assert evidence["Content-Type"] == "application/pdf"


def test_the_agreement_holds_up_nothing_before_its_three_signatures(ready, enter, anna, draft, today):
    urls = ready("prepare_agreement", PARTIES[:3], valid_from=draft.starts.isoformat(), places="2")
    agreement = Agreement.objects.get()
    assert (agreement.signed_on, agreement.host) == (None, draft.host)
    assert not Agreement.objects.in_force(today).exists()
    Traineeship.objects.update(state=State.PLAN_SIGNED)
    covers = {"inail_reference": "", "liability_reference": ""}
    with pytest.raises(Refused, match="non è ancora firmata da tutti"):
        life.activate_agreement(traineeship=draft, agreement=agreement, by=anna, now=timezone.now(), **covers)
    Traineeship.objects.update(state=State.DRAFT)
    for party in PARTIES[:3]:
        assert sign(urls[party]).status_code == 302
    one = Signing.objects.get()
    assert one.subject_id is None
    assert enter(anna).post(reverse("signature_round", args=[one.round_id]), {"do": "register"}).status_code == 302
    agreement.refresh_from_db()
    assert (agreement.signed_on, set(agreement.signed_by)) == (today, set(PARTIES[:3]))
    assert Agreement.objects.in_force(today).get() == agreement


def test_who_signs_for_the_bodies_is_known_from_the_traineeship_and_from_who_signed_before(
    ready, enter, anna, draft, tutor
):
    """The promoter's tutor at first; then who was named for the same promoter, while that round holds."""
    draft.tutor.email = "tutor@prova.example"
    draft.tutor.save()

    def known(page):
        places = enter(anna).get(reverse(page, args=[draft.pk])).context["form"].places
        return {
            one.party: (one.body, one.known.get("name"), one.known.get("email")) for one in places if one.number == 1
        }

    first = known("prepare_plan")
    assert first["promoter"] == (str(draft.promoter), tutor.user.name, "tutor@prova.example")
    assert first["host"][0] == str(draft.host)
    assert first["body_in_charge"][1] == anna.user.name
    ready(**{"promoter-1-name": "Paola Presidente"})
    for page in ("prepare_plan", "prepare_agreement"):
        assert known(page)["promoter"] == (str(draft.promoter), "Paola Presidente", "promoter@prova.example")
        assert known(page)["body_in_charge"][1] == "Firma body_in_charge"
    enter(anna).post(reverse("signature_round", args=[Signing.objects.get().round_id]), {"do": "cancel"})
    assert known("prepare_plan")["promoter"][1] == tutor.user.name


def test_the_main_button_is_what_one_does_next(ready, enter, anna, draft):
    """Before, to record what was signed on paper; while the link is out, who is missing; then to record it."""
    page, office = reverse("traineeship", args=[draft.pk]), enter(anna)

    def main(url):
        return re.findall(r'btn-primary"[^>]*>(?:\s*<svg.*?</svg>)?\s*([^<]+)<', office.get(url).content.decode())

    assert main(page) == ["Registra le firme"]
    urls = ready()
    round_page = reverse("signature_round", args=[Signing.objects.get().round_id])
    assert main(page) == ["Firme: chi manca"]
    text = office.get(page).content.decode()
    for refused in (reverse("traineeship_step", args=[draft.pk, "sign"]), reverse("prepare_plan", args=[draft.pk])):
        assert refused not in text
    assert f'href="{round_page}#paper">Registra le firme su carta<' in text
    assert 'id="paper"' in office.get(round_page).content.decode()
    assert main(round_page)[0].strip() == "Ricorda a chi manca, 4"
    sign(urls["host"])
    mail.outbox.clear()
    answer = office.post(round_page, {"do": "remind"}, follow=True)
    assert "Collegamenti mandati a 3 persone." in answer.content.decode()
    assert {message.to[0] for message in mail.outbox} == {f"{one}@prova.example" for one in PARTIES if one != "host"}
    urls = {
        message.to[0].split("@")[0]: re.search(r"http://testserver(/sign/\S+)", message.body)[1]
        for message in mail.outbox
    }
    for url in urls.values():
        assert sign(url).status_code == 302
    assert main(page) == ["Registra il progetto firmato"]
    assert office.post(round_page, {"do": "remind"}).status_code == 404


def test_a_second_signatory_is_waited_for(ready):
    urls = ready(**{"host-2-name": "Altro Socio", "host-2-email": "socio@prova.example"})
    for party in PARTIES:
        sign(urls[party])
    assert SignatureRound.objects.get().completed_at is None
    sign(urls["socio"])
    assert SignatureRound.objects.get().completed_at is not None


def test_a_delegation_that_is_over_signs_nothing(ready, enter, anna, draft, today):
    gone = {"host-1-delegated_by": "Titolare Esempio", "host-1-delegated_until": (today - dt.timedelta(1)).isoformat()}
    answer = enter(anna).post(reverse("prepare_plan", args=[draft.pk]), addresses(**gone))
    assert "è già finita" in answer.content.decode()
    without_end = addresses(**{"host-1-delegated_by": "Titolare Esempio"})
    assert "Una delega ha una fine" in enter(anna).post(
        reverse("prepare_plan", args=[draft.pk]), without_end
    ).content.decode()  # fmt: skip
    urls = ready(**gone | {"host-1-delegated_until": today.isoformat()})
    code = code_for(urls["host"])
    Signatory.objects.filter(party="host").update(delegated_until=today - dt.timedelta(days=1))
    answer = sign(urls["host"], code)
    assert answer.status_code == 410
    assert "delega è scaduta" in answer.content.decode()
    assert not Signature.objects.exists()


def test_paper_and_a_drawing_prove_too(ready, enter, anna, draft):
    ready()
    one = Signing.objects.get()
    page = reverse("signature_round", args=[one.round_id])
    host, trainee = (Signatory.objects.get(party=party) for party in ("host", "trainee"))
    scan = SimpleUploadedFile("firmato.pdf", files.saved(files.plain_pdf()), "application/pdf")
    others = [str(row.pk) for row in Signatory.objects.exclude(pk=trainee.pk).order_by("pk")]
    said = {"do": "paper", "file": scan, "day": timezone.localdate().isoformat(), "who": others}
    assert enter(anna).post(page, said).status_code == 302
    assert Signature.objects.get(signatory=host).paper.part == "signed"
    draw = reverse("draw_signature", args=[one.round_id, trainee.pk])
    assert enter(anna).get(draw).status_code == 200
    assert enter(anna).post(draw, {"drawn": "[]", "read": "on"}).status_code == 422
    strokes = str([[n * 20 if k == 0 else 100 for n in range(1, 20) for k in (0, 1)]])
    assert enter(anna).post(draw, {"drawn": strokes, "read": "on"}).status_code == 302
    one.round.refresh_from_db()
    assert one.round.completed_at
    file = SignaturePaper.objects.get(part="signed")
    answer = enter(anna).get(reverse("signature_file", args=[one.round_id, file.pk]))
    assert "attachment" in answer["Content-Disposition"]


def test_a_typed_signature_keeps_the_paper_that_proves_it(enter, anna, draft, today):
    scan = SimpleUploadedFile("firmato.pdf", files.saved(files.plain_pdf()), "application/pdf")
    said = {"on": today.isoformat(), "signed_by": list(PARTIES), "signed_file": scan}
    assert enter(anna).post(reverse("traineeship_step", args=[draft.pk, "sign"]), said).status_code == 302
    draft.refresh_from_db()
    assert draft.state == State.PLAN_SIGNED
    assert Document.objects.get().degree == "traineeship_plan"


def test_who_has_no_mailbox_signs_with_a_code_that_is_said(ready, enter, anna):
    ready(**{"trainee-1-email": ""})
    one, trainee = Signing.objects.get(), Signatory.objects.get(party="trainee")
    answer = enter(anna).post(reverse("signature_round", args=[one.round_id]), {"do": "here", "signatory": trainee.pk})
    assert answer["Cache-Control"] == "private, no-store"
    text = answer.content.decode()
    url = re.search(r'value="http://testserver(/sign/[^"]+)"', text)[1]
    code = answer.context["code"]
    assert Client().post(url, {"do": "code"}).status_code == 302  # nothing leaves
    assert sign(url, code).status_code == 302
    assert Signature.objects.get().channel == "in_person"


def test_a_code_goes_to_the_phone_where_messages_to_phones_leave(ready, settings, tmp_path):
    settings.SMS_BACKEND, settings.SMS_FOLDER = "accanto.access.sms.FileBackend", tmp_path
    urls = ready(**{"host-1-phone": "333 000 0000"})
    mail.outbox.clear()
    assert "SMS" in Client().get(urls["host"]).content.decode()
    Client().post(urls["host"], {"do": "code"})
    (file,) = tmp_path.iterdir()
    number, text = file.read_text().strip().split("\n")
    assert number == "333 000 0000"
    assert not mail.outbox
    assert sign(urls["host"], re.search(r"\d{6}", text)[0]).status_code == 302
    assert Signature.objects.get().sent_to == "…000"


# --- the link --------------------------------------------------------------------------------------------------------


def test_a_scanner_that_opens_the_link_twice_burns_nothing(ready):
    urls = ready()
    for _time in range(2):
        answer = Client().get(urls["host"])
        assert answer.status_code == 200
        assert Client().head(urls["host"]).status_code == 200
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("private, no-store", "same-origin")
    assert not Signature.objects.exists()
    assert not SignatureLink.objects.exclude(code_hash="").exists()
    assert sign(urls["host"]).status_code == 302


def test_the_host_signs_without_reading_the_reasons(ready, draft):
    urls = ready()
    assert "llegato riservato" not in Client().get(urls["host"]).content.decode()
    assert Client().get(urls["host"] + "annex/").status_code == 404
    assert Client().get(urls["trainee"] + "annex/")["Content-Type"] == "application/pdf"
    assert Client().get(urls["host"] + "document/").content == bytes(SignaturePaper.objects.get(part="document").data)
    sign(urls["host"]), sign(urls["trainee"])
    assert Signature.objects.get(signatory__party="host").annex_sha256 == ""
    assert Signature.objects.get(signatory__party="trainee").annex_sha256
    for message in mail.outbox:
        assert str(draft.person) not in message.body + message.subject


def test_words_the_host_would_read_stop_the_plan(enter, anna, draft):
    TraineeshipPlan.objects.filter(traineeship=draft).update(activities="Dopo il carcere, tenere l’orto.")
    answer = enter(anna).post(reverse("prepare_plan", args=[draft.pk]), addresses())
    assert answer.status_code == 422
    assert "li legge anche l’ospitante" in answer.content.decode()
    assert not SignatureRound.objects.exists()


def test_no_message_names_the_person_or_the_host(ready, draft):
    ready()
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        for word in (draft.person.family_name, str(draft.host), "tirocinio", "Firma "):
            assert word not in message.body + message.subject


def test_nobody_learns_anything_by_guessing(ready):
    urls = ready()
    SignatureLink.objects.filter(signatory__party="host").update(revoked_at=timezone.now())
    guessed = "/sign/" + "x" * 43 + "/"
    answers = [Client().get(url).content for url in (guessed, urls["host"])]
    assert answers[0].replace(b"x" * 43, b"") == answers[1].replace(token_of(urls["host"]).encode(), b"")
    for part in ("document/", "annex/"):
        assert Client().get(guessed + part).status_code == Client().get(urls["host"] + part).status_code == 404
    posted = {"do": "sign", "code": "000000", "read": "on"}
    assert Client().post(guessed, posted).status_code == Client().post(urls["host"], posted).status_code == 404
    mail.outbox.clear()
    # asking for a new one answers the same to everybody, and nothing leaves
    renewed = [Client().post(url, {"do": "renew"}).content.decode() for url in (guessed, urls["host"])]
    plain = [re.sub(r'name="csrfmiddlewaretoken" value="\w+"|\d\d:\d\d[\d:.+]*', "", text) for text in renewed]
    assert plain[0] == plain[1]
    assert not mail.outbox
    for _time in range(60):
        last = Client().get(guessed)
    assert last.status_code == 429


def test_five_wrong_codes_lock_and_a_new_link_goes_to_the_address_on_file(ready):
    urls = ready()
    code = code_for(urls["host"])
    wrong = "111111" if code != "111111" else "222222"
    for left in (4, 3, 2, 1):
        answer = sign(urls["host"], wrong)
        assert answer.status_code == 422
        assert f"Tentativi rimasti: {left}" in answer.content.decode()
    assert sign(urls["host"], wrong).status_code == 410
    answer = sign(urls["host"], code)  # the right one comes too late
    assert answer.status_code == 410
    assert "Troppi codici sbagliati" in answer.content.decode()
    assert not Signature.objects.exists()
    mail.outbox.clear()
    Client().post(urls["host"], {"do": "renew", "email": "stranger@prova.example"})
    assert [message.to for message in mail.outbox] == [["host@prova.example"]]
    fresh = re.search(r"http://testserver(/sign/\S+)", mail.outbox[0].body)[1]
    assert Client().get(urls["host"]).status_code == 404
    assert sign(fresh).status_code == 302


def test_an_expired_link_says_so_and_three_new_ones_a_day_are_sent(ready):
    url = ready()["host"]
    for time in range(4):
        SignatureLink.objects.filter(signatory__party="host", revoked_at=None).update(
            expires_at=timezone.now() - dt.timedelta(hours=1)
        )
        answer = Client().get(url)
        assert answer.status_code == 410
        text = answer.content.decode()
        assert "scaduto" in text
        assert "Firma host" not in text
        assert Client().get(url + "document/").status_code == 404
        assert Client().post(url, {"do": "code"}).status_code == 410
        mail.outbox.clear()
        assert Client().post(url, {"do": "renew"}).status_code == 200
        assert len(mail.outbox) == (time < 3)
        if mail.outbox:
            url = re.search(r"http://testserver(/sign/\S+)", mail.outbox[0].body)[1]


def test_a_code_is_over_after_its_minutes_and_one_a_minute_leaves(ready):
    url = ready()["host"]
    code = code_for(url)
    assert code_for(url) is None
    SignatureLink.objects.update(code_until=timezone.now() - dt.timedelta(hours=1))
    answer = sign(url, code)
    assert "non vale più" in answer.content.decode()
    assert sign(url).status_code == 302


def test_a_form_sent_twice_signs_once(ready):
    url = ready()["host"]
    code = code_for(url)
    assert [sign(url, code).status_code for _time in range(2)] == [302, 200]
    assert Signature.objects.count() == 1


def test_without_having_read_nothing_is_signed(ready):
    url = ready()["host"]
    code = code_for(url)
    assert Client().post(url, {"do": "sign", "code": code}).status_code == 422
    assert "Il codice ha 6 cifre" in sign(url, "12").content.decode()
    assert not Signature.objects.exists()
    assert SignatureLink.objects.get(signatory__party="host").wrong_codes == 0
    assert sign(url, f"{code[:3]} {code[3:]}").status_code == 302


def test_a_link_sent_again_ends_the_one_before(ready, enter, anna):
    url = ready()["host"]
    page, host = reverse("signature_round", args=[Signing.objects.get().round_id]), Signatory.objects.get(party="host")
    mail.outbox.clear()
    assert enter(anna).post(page, {"do": "send", "signatory": host.pk}).status_code == 302
    fresh = re.search(r"http://testserver(/sign/\S+)", mail.outbox[0].body)[1]
    assert (Client().get(url).status_code, Client().get(fresh).status_code) == (404, 200)
    assert enter(anna).post(page, {"do": "revoke", "signatory": host.pk}).status_code == 302
    assert Client().get(fresh).status_code == 404


# --- the data change meanwhile ---------------------------------------------------------------------------------------


def test_data_changed_between_make_the_round_void_and_it_says_so(ready, enter, anna, draft, scene):
    urls = ready()
    sign(urls["trainee"])
    code = code_for(urls["host"])
    answer = enter(anna).post(reverse("change_plan", args=[draft.pk]), scene.form | {"weekly_hours": "18"})
    assert answer.status_code == 302
    answer = sign(urls["host"], code)
    assert answer.status_code == 410
    assert "non si firma più" in answer.content.decode()
    row = SignatureRound.objects.get()
    assert (row.void_reason, Signature.objects.count()) == ("changed", 1)
    page = enter(anna).get(reverse("signature_round", args=[row.pk])).content.decode()
    assert "I dati sono cambiati" in page
    assert "annullata" in enter(anna).get(reverse("traineeship", args=[draft.pk])).content.decode()


def test_a_change_that_nobody_told_the_round_voids_it_too(ready, enter, anna, draft):
    """A host that moves, a name put right: whatever page writes it."""
    urls = ready()
    code = code_for(urls["host"])
    draft.host.address = "via Altrove 9"
    draft.host.save()
    assert Client().get(urls["trainee"]).status_code == 410
    with connection.cursor() as cursor:
        cursor.execute(
            "select traineeship_sign(%s, %s, 'x')",
            [fingerprint(token_of(urls["host"])), code_mark(token_of(urls["host"]), code)],
        )
        assert cursor.fetchone()[0] == "void"
    assert SignatureRound.objects.get().voided_at
    assert "le firme non valgono" not in enter(anna).get(reverse("my_day")).content.decode()


def test_a_new_document_ends_the_one_before(ready, enter, anna):
    before = ready()
    after = ready()
    assert Client().get(before["host"]).status_code == 410
    assert sign(after["host"]).status_code == 302
    assert enter(anna).post(
        reverse("signature_round", args=[Signing.objects.first().round_id]), {"do": "cancel"}
    ).status_code == 302  # fmt: skip
    assert Client().get(after["trainee"]).status_code == 410


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


def test_without_a_session_the_functions_of_a_link_are_all_there_is(ready, as_application, bruno):
    urls = ready()
    token = token_of(urls["host"])
    tables = ("signatureround", "signaturepaper", "signatory", "signature", "signaturelink")
    for who in (None, bruno):
        with as_application(who) as cursor:
            for table in (*(f"documents_{name}" for name in tables), "traineeships_signing"):
                cursor.execute(f"select count(*) from {table}")
                assert cursor.fetchone() == (0,)
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute("insert into documents_signature (round_id, signatory_id) values (1, 1)")
    with as_application(None) as cursor:
        for statement, values, answer in (
            ("select standing, name from signature_link_read(%s)", [fingerprint(token)], ("open", "Firma host")),
            ("select count(*) from signature_link_read(%s)", [token], (0,)),  # the hash is not the secret
            ("select count(*) from signature_link_read(%s)", [""], (0,)),
            ("select signature_link_paper(%s, 'annex')", [fingerprint(token)], (None,)),
            ("select signature_link_paper(%s, 'signed')", [fingerprint(token)], (None,)),
            ("select signing_holds(%s)", [fingerprint(token)], (True,)),
            ("select signing_holds(%s)", [fingerprint("x")], (False,)),
            ("select traineeship_sign(%s, %s, 'x')", [fingerprint(token), ""], ("no_code",)),
            ("select traineeship_sign(%s, %s, 'x')", [fingerprint("x"), ""], (None,)),
            ("select signature_link_renew(%s, %s)", [fingerprint(token), fingerprint("new")], (None,)),
            ("select signature_link_mailed(%s, %s)", [fingerprint("x"), "x"], (None,)),
            ("select count(*) from signature_link_code(%s, %s, false)", [fingerprint("x"), "m"], (0,)),
        ):
            cursor.execute(statement, values)
            assert cursor.fetchone() == answer, statement
        with pytest.raises(DatabaseError), transaction.atomic():  # it looks at no data of the traineeship
            cursor.execute("select signature_link_sign(%s, %s, 'x')", [fingerprint(token), ""])
        cursor.execute("select signing_mark(%s, null)", [Signing.objects.values_list("traineeship_id")[:0].count()])
        assert len(cursor.fetchone()[0]) == 64


def test_contacts_that_come_under_protection_are_emptied_here_too(ready, enter, anna, draft, tutor, as_application):
    urls = ready(**{"trainee-1-phone": "333 000 0000"})
    said = {
        "address": "Casa protetta",
        "municipality": str(draft.host.municipality),
        "phone": "",
        "email": "",
        "safely": "",
    }
    answer = enter(anna).post(reverse("protected_address", args=[draft.subject_id]), said)
    assert answer.status_code == 302, answer.context["form"].errors
    trainee, host = (Signatory.objects.get(party=party) for party in ("trainee", "host"))
    assert (trainee.email, trainee.phone, host.email) == ("", "", "host@prova.example")
    assert Client().get(urls["trainee"]).status_code == 404
    assert Client().get(urls["host"]).status_code == 200
    with as_application(tutor) as cursor:
        cursor.execute("select count(*) from documents_signatory")
        assert cursor.fetchone() == (0,)
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("select signature_contacts_forget(%s, '{host}')", [draft.subject_id])


def test_what_was_signed_is_never_changed(ready, as_application, anna):
    url = ready()["host"]
    sign(url)
    for statement in (
        "update documents_signature set sha256 = ''",
        "update documents_signaturepaper set data = ''",
        "update documents_signatureround set sha256 = ''",
        "delete from documents_signature",
        "update traineeships_signing set mark = ''",
    ):
        with as_application(anna) as cursor, pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(statement)


def test_the_secret_and_the_code_are_kept_nowhere(ready):
    url = ready()["host"]
    token, code = token_of(url), code_for(url)
    with connection.cursor() as cursor:
        cursor.execute("select l::text from documents_signaturelink l")
        text = "".join(row for (row,) in cursor.fetchall())
    assert token not in text
    assert code not in text
    assert links.read(token).code_live
    cache.clear()


def test_my_day_asks_the_same_queries_for_one_round_and_for_many(ready, enter, anna, draft, same_queries):
    ready()
    client = enter(anna)

    def more():
        one = Signing.objects.get()
        for _n in range(5):
            row = one.round
            row.pk = None
            row.save(force_insert=True)
            Signatory.objects.create(round=row, party="host", name="Altro", subject=one.subject, zone=one.zone)
            Signing.objects.create(round=row, traineeship=draft, mark=one.mark, subject=one.subject, zone=one.zone)

    text = client.get(reverse("my_day")).content.decode()
    assert "Manca la firma di: soggetto promotore, soggetto ospitante" in text
    same_queries(lambda: client.get(reverse("my_day")), more=more)


# what PostgreSQL holds by documents_signature_by_link, documents_signaturelink_made, documents_signatureround_complete
def test_nobody_of_the_office_signs_for_another_by_writing_sql(ready, as_application, anna, today):
    ready()
    signatory = Signatory.objects.order_by("id").first()
    whose = [signatory.subject_id, signatory.zone_id]
    attempts = (
        (
            "insert into documents_signature (subject_id, zone_id, round_id, signatory_id, how, signed_at, sha256, "
            "annex_sha256, channel, sent_to, agent, strokes) values (%s, %s, %s, %s, 'link', now(), '', '', 'email', "
            "'t…@example.org', '', '')",
            [*whose, signatory.round_id, signatory.pk],
        ),
        (
            "insert into documents_signaturelink (subject_id, zone_id, signatory_id, hash, made_at, expires_at, "
            "in_person, code_hash, code_channel, code_until, codes_sent, wrong_codes, mail_failure, made_by_id) values "
            "(%s, %s, %s, %s, now(), now() + interval '1 day', false, 'known', 'email', now() + interval '1 hour', 1, "
            "0, '', %s)",
            [*whose, signatory.pk, "f" * 64, anna.user.pk],
        ),
        ("update documents_signatureround set completed_at = now() where id = %s", [signatory.round_id]),
    )
    for statement, values in attempts:
        with pytest.raises(DatabaseError), as_application(anna) as cursor:
            cursor.execute(statement, values)
