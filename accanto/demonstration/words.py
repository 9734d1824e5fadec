"""What invented people say they want, and what services write: sentences put together at random."""

NEEDS = {
    "mental_health": "Seguita dal servizio da tempo, chiede di tornare a fare qualcosa durante il giorno.",
    "disability": "Ha finito il percorso di orientamento e cerca un posto dove mettersi alla prova.",
    "disadvantage": "Senza lavoro da molto tempo, fatica con l’affitto e con le scadenze.",
    "prison": "Si avvicina la fine della pena: serve una rete fuori e un’occupazione.",
}
# goal in the person's words, the change that will show it
GOALS = (
    (
        "Voglio un lavoro che mi lasci andare a prendere mia figlia a scuola.",
        "Un’occupazione di mezza giornata, la mattina",
    ),
    ("Mi piacerebbe imparare a cucinare per tanta gente.", "Tre mesi in una cucina, con l’attestato sull’igiene"),
    ("Vorrei stare di più con gli altri e meno a casa da solo.", "Un impegno fisso di quattro giorni la settimana"),
    ("Voglio pagare le mie bollette senza chiedere a nessuno.", "Le bollette pagate alla scadenza per sei mesi"),
    ("Mi manca la patente, senza non si arriva da nessuna parte.", "L’esame di teoria superato"),
    ("Vorrei lavorare con le piante, come faceva mio nonno.", "Un tirocinio in un vivaio portato fino in fondo"),
    ("Voglio capire meglio l’italiano quando parlano in fretta.", "Il corso di italiano finito, livello A2"),
    ("Mi piacerebbe una stanza tutta mia.", "Una sistemazione stabile entro l’anno"),
    ("Voglio tornare a fidarmi di me.", "Sei mesi senza saltare un impegno"),
    ("Vorrei rimettere a posto i denti e presentarmi meglio.", "Le cure finite e un colloquio fatto"),
    ("Mi piace aggiustare le cose, vorrei farlo per mestiere.", "Un tirocinio in officina e il corso sulla sicurezza"),
    ("Voglio smettere di rimandare le carte.", "Documenti e residenza in regola"),
)
SUPPORTS = (
    ("social_service", "Un colloquio ogni due settimane con l’assistente sociale"),
    ("employment_service", "Orientamento al centro per l’impiego, tre incontri"),
    ("education", "Un educatore che accompagna nei primi giorni"),
    ("training", "Corso sulla sicurezza nei luoghi di lavoro, otto ore"),
    ("housing", "Aiuto per la domanda di alloggio"),
    ("cultural_mediation", "Mediatrice nei colloqui importanti"),
    ("home_care", "Due ore la settimana in casa"),
    ("parenting", "Incontri per i genitori, uno al mese"),
    ("secretariat", "Aiuto per domande e scadenze"),
)
ACTIONS = (
    ("person", "Porta i documenti che mancano"),
    ("person", "Va al primo incontro con l’ente ospitante"),
    ("person", "Si iscrive al corso"),
    ("person", "Tiene il quaderno delle spese della settimana"),
    ("manager", "Telefona all’ospitante per fissare la visita"),
    ("manager", "Fissa la verifica con tutta l’équipe"),
    ("manager", "Scrive al medico per il certificato"),
    ("employment_centre", "Aggiorna il patto di servizio"),
    ("employment_centre", "Prepara il curriculum insieme alla persona"),
    ("third_sector", "Cerca un posto adatto per il tirocinio"),
    ("third_sector", "Accompagna la prima settimana"),
)
DOMAINS = {
    "personal": (
        "Rispetta gli appuntamenti, si stanca presto.",
        "Ha bisogno di tempi suoi e di poche cose alla volta.",
    ),
    "economic": ("Entrate irregolari, nessun risparmio.", "Un debito con il condominio, in rate."),
    "work": (
        "Ultimo lavoro tre anni fa, in cucina.",
        "Ha fatto le pulizie e l’aiuto in magazzino.",
        "Mai lavorato in regola.",
    ),
    "education": (
        "Licenza media, legge con fatica i testi lunghi.",
        "Diploma preso fuori dall’Italia, non riconosciuto.",
    ),
    "housing": (
        "In affitto, contratto fino all’anno prossimo.",
        "Ospite di un parente.",
        "Casa popolare, spese in arretrato.",
    ),
    "networks": ("Una sorella vicina, che aiuta.", "Pochi contatti, un vicino di cui si fida.", "Due figli a scuola."),
}
# the score each of these speaks of, give or take a point
SCORES = {
    "Rispetta gli appuntamenti, si stanca presto.": 3,
    "Ha bisogno di tempi suoi e di poche cose alla volta.": 2,
    "Entrate irregolari, nessun risparmio.": 2,
    "Un debito con il condominio, in rate.": 2,
    "Ultimo lavoro tre anni fa, in cucina.": 2,
    "Ha fatto le pulizie e l’aiuto in magazzino.": 3,
    "Mai lavorato in regola.": 2,
    "Licenza media, legge con fatica i testi lunghi.": 3,
    "Diploma preso fuori dall’Italia, non riconosciuto.": 2,
    "In affitto, contratto fino all’anno prossimo.": 3,
    "Ospite di un parente.": 2,
    "Casa popolare, spese in arretrato.": 3,
    "Una sorella vicina, che aiuta.": 4,
    "Pochi contatti, un vicino di cui si fida.": 2,
    "Due figli a scuola.": 3,
}
PLAN_REASONS = ("Primo progetto", "Verifica: si aggiungono obiettivi", "È cambiata la situazione", "Dopo il tirocinio")
TRAINEESHIP_REASONS = (
    "Provare un ritmo di lavoro in un luogo che accoglie.",
    "Rimettersi alla prova dopo una lunga pausa.",
    "Imparare un mestiere facendolo, con qualcuno accanto.",
)
INCLUSION_GOALS = ("Arrivare puntuale e avvertire quando non può.", "Stare in un gruppo per mezza giornata.")
AUTONOMY_GOALS = (
    "Andare e tornare da sola con l’autobus.",
    "Gestire i soldi del mese.",
    "Chiedere aiuto quando serve.",
)
TRAINING_GOALS = (
    "Le regole dell’igiene.",
    "L’uso degli attrezzi e la sicurezza.",
    "Il magazzino: carico, scarico, ordine.",
)
ACTIVITIES = (
    "Aiuto in cucina e in sala.",
    "Cura delle piante e del banco.",
    "Piccole riparazioni.",
    "Scaffali e magazzino.",
)
ACCOMMODATIONS = (
    "",
    "",
    "",
    "Non prima delle 9.",
    "Pausa di dieci minuti ogni ora.",
    "Niente turni la sera.",
    "Vicino alla fermata.",
)
HOST_KINDS = (
    ("Vivaio", "private_employer"), ("Forno", "private_employer"), ("Officina", "private_employer"),
    ("Trattoria", "private_employer"), ("Lavanderia", "private_employer"), ("Bottega", "private_employer"),
    ("Biblioteca comunale", "public_body"), ("Giardini del Comune", "public_body"),
    ("Cooperativa agricola", "social_cooperative"), ("Emporio solidale", "volunteer_body"),
    ("Circolo", "social_promotion_body"), ("Falegnameria", "private_employer"),
)  # fmt: skip
HOST_NAMES = (
    "La Ginestra", "Tre Ponti", "del Borgo", "Il Melograno", "San Lazzaro", "La Torre Vecchia", "Il Mulino", "Le Fonti",
    "Poggio Sereno", "La Pieve", "Al Lavatoio", "Il Leccio", "Porta Nuova", "La Marzocca", "Campo dei Fiori", "L’Aia",
)  # fmt: skip
BODIES = (
    "Il Filo",
    "Passo Lento",
    "La Barca",
    "Orti Aperti",
    "Il Ponte di Legno",
    "Altra Riva",
    "La Sporta",
    "Sottovento",
)
