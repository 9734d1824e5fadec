"""What each point of the scale means in each domain, so that two people give the same one. Anchors of this system, not
of the law: they order the talk, and compare a person only with themself."""

from django.utils.translation import gettext_lazy as _

ANCHORS = {
    "personal": {
        1: _("da sola non affronta la giornata, o corre un rischio grave"),
        2: _("molte cose di ogni giorno chiedono l’aiuto di qualcuno"),
        3: _("se la cava nelle cose di ogni giorno"),
        4: _("si prende cura di sé e chiede aiuto quando serve"),
        5: _("è autonoma, e altri contano su di lei"),
    },
    "economic": {
        1: _("manca il necessario: cibo, utenze, cure"),
        2: _("arriva al necessario con debiti o aiuti continui"),
        3: _("copre il necessario, senza margine"),
        4: _("copre il necessario e qualche imprevisto"),
        5: _("ha un reddito stabile e mette da parte"),
    },
    "work": {
        1: _("fuori dal lavoro da anni, e oggi non può cercarlo"),
        2: _("senza lavoro, con ostacoli di orario o di distanza"),
        3: _("senza lavoro o precaria, può cercare subito"),
        4: _("ha esperienza recente e competenze richieste"),
        5: _("lavora, o ha un’offerta concreta"),
    },
    "education": {
        1: _("non legge o non scrive in italiano"),
        2: _("senza titolo del primo ciclo, o non riconosciuto qui"),
        3: _("ha un titolo di base, o l’italiano di ogni giorno"),
        4: _("ha una qualifica o un diploma che servono al lavoro"),
        5: _("ha un titolo richiesto, o studia per averlo"),
    },
    "housing": {
        1: _("senza casa, o con lo sfratto già eseguibile"),
        2: _("in un alloggio precario, affollato o non adatto"),
        3: _("ha un alloggio, con un titolo che scade o costa troppo"),
        4: _("ha un alloggio adatto e sicuro per i prossimi mesi"),
        5: _("ha una casa stabile, adatta e sostenibile"),
    },
    "networks": {
        1: _("sola, o con chi le sta vicino che la mette in pericolo"),
        2: _("pochi legami, carichi di cura senza aiuto"),
        3: _("qualche persona su cui contare ogni tanto"),
        4: _("famiglia o amici che aiutano davvero"),
        5: _("una rete che la sostiene e a cui dà anche lei"),
    },
}
