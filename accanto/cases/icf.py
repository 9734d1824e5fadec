"""The ICF at the level of its chapters: component letter and number, with the short title. Optional in an assessment,
never a diagnosis. Body functions and structures tell of health: they stay out of the domains that others read."""

from django.utils.translation import gettext_lazy as _

CHAPTERS = {
    "b1": _("funzioni mentali"),
    "b2": _("funzioni sensoriali e dolore"),
    "b3": _("funzioni della voce e dell’eloquio"),
    "b4": _("funzioni cardiovascolari, del sangue, immunitarie e respiratorie"),
    "b5": _("funzioni digestive, metaboliche ed endocrine"),
    "b6": _("funzioni genitourinarie e riproduttive"),
    "b7": _("funzioni neuro-muscolo-scheletriche e del movimento"),
    "b8": _("funzioni della cute"),
    "s1": _("strutture del sistema nervoso"),
    "s2": _("occhio, orecchio e strutture collegate"),
    "s3": _("strutture della voce e dell’eloquio"),
    "s4": _("strutture cardiovascolari, immunitarie e respiratorie"),
    "s5": _("strutture digestive, metaboliche ed endocrine"),
    "s6": _("strutture genitourinarie e riproduttive"),
    "s7": _("strutture del movimento"),
    "s8": _("cute e strutture collegate"),
    "d1": _("apprendimento e applicazione delle conoscenze"),
    "d2": _("compiti e richieste generali"),
    "d3": _("comunicazione"),
    "d4": _("mobilità"),
    "d5": _("cura della propria persona"),
    "d6": _("vita domestica"),
    "d7": _("interazioni e relazioni interpersonali"),
    "d8": _("aree di vita principali (scuola, lavoro, economia)"),
    "d9": _("vita sociale, civile e di comunità"),
    "e1": _("prodotti e tecnologia"),
    "e2": _("ambiente naturale e cambiamenti fatti dall’uomo"),
    "e3": _("relazioni e sostegno sociale"),
    "e4": _("atteggiamenti"),
    "e5": _("servizi, sistemi e politiche"),
}
OF_HEALTH = tuple(code for code in CHAPTERS if code[0] in "bs")
