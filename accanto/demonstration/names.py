"""Invented people: names put together at random, and fiscal codes that are well formed and can be nobody's."""

from functools import cache

from codicefiscale import codicefiscale


def listed(text):
    return tuple(text.split())


GIVEN = {
    "F": listed(
        "Ada Agnese Alba Alessia Alice Amelia Anita Anna Arianna Aurora Beatrice Benedetta Bianca Bruna Camilla Carla "
        "Caterina Cecilia Chiara Clara Claudia Costanza Cristina Daniela Debora Delia Diana Donatella Elena Eleonora "
        "Elisa Emma Enrica Erika Ester Eva Fabiola Federica Fiorella Flavia Francesca Gaia Gemma Ginevra Giada Gianna "
        "Giorgia Giovanna Giulia Giuliana Grazia Greta Ilaria Ines Irene Isabella Ivana Jessica Katia Lara Laura "
        "Letizia Lia Lidia Linda Lisa Livia Lorenza Loretta Luana Lucia Luisa Maddalena Manuela Mara Margherita Maria "
        "Marina Marisa Marta Martina Matilde Michela Milena Miriam Monica Nadia Nicoletta Noemi Norma Ornella Paola "
        "Patrizia Piera Rachele Rebecca Rita Roberta Rosa Sabrina Samanta Sandra Sara Serena Silvia Simona Sofia "
        "Sonia Stefania Susanna Tania Teresa Tiziana Valentina Valeria Vanessa Vera Veronica Viola Virginia Zoe"
    ),
    "M": listed(
        "Achille Adriano Alberto Aldo Alessandro Alessio Alfio Andrea Angelo Antonio Armando Attilio Aurelio Bruno "
        "Carlo Cesare Christian Claudio Corrado Cosimo Cristiano Damiano Daniele Dante Dario Davide Denis Diego Dino "
        "Domenico Duccio Edoardo Elia Emanuele Emilio Ennio Enrico Enzo Ernesto Ettore Fabio Fabrizio Federico "
        "Ferdinando Filippo Flavio Francesco Franco Gabriele Gaetano Gianluca Gianni Gino Giordano Giorgio Giovanni "
        "Giulio Giuseppe Guido Igor Ivan Ivo Jacopo Lapo Leonardo Lorenzo Luca Luciano Luigi Manuel Marcello Marco "
        "Mario Massimo Matteo Mattia Maurizio Mauro Michele Mirko Nello Neri Niccolò Nicola Oliviero Orlando Oscar "
        "Paolo Pasquale Patrizio Piero Pietro Raffaele Remo Renato Riccardo Roberto Rocco Romano Ruggero Salvatore "
        "Samuele Sandro Saverio Sergio Silvano Silvio Simone Stefano Tiziano Tommaso Ugo Umberto Valerio Vasco "
        "Vincenzo Virgilio Vittorio Walter"
    ),
}
# family names are put together from these, so that the list is nobody's
STEMS = listed(
    "Alb Baldacc Band Barb Bell Bened Bert Bianch Bind Bon Borg Brand Brun Calam Camp Capp Carl Casal Cast Cecc Cell "
    "Cerr Chell Cial Cin Col Cord Cors Dan Don Fabbr Falc Fant Fatt Fel Ferr Fior Forn Franc Frasc Fusc Gall Gamb Gar "
    "Gerv Ghel Giann Gin Gor Grand Grazz Guarn Guid Lap Leon Lip Lomb Lor Lucch Magn Mann Marc Mart Masc Mass Maz "
    "Mell Mich Mont Mor Mug Nann Nard Nenc Nucc Orl Pag Palm Pand Papp Parr Past Pell Per Piazz Pin Pucc Quart Ram "
    "Ricc Rin Roman Rond Ross Rov Sald Salv Sant Sarr Scal Sered Sim Sold Spag Spin Stagn Tacc Tadd Tar Tass Ton Torr "
    "Trav Turch Ug Vald Vann Vent Verd Vign Vill Zan Zucc"
)
ENDINGS = listed("ai aldi ani anti arelli atti elli eri etti iani icci ieri igiani ini occhi oli oni otti ucci ulli")
IN_TWO_WORDS = (
    "D'Amati/D'Angioli/Dal Colle/De Marchis/De Sanzi/Del Bigio/Del Corsoni/Dell'Orsi/Della Vallina/Di Nocerai/Lo Brani"
)
# where people born abroad were born (cadastral code of the State), with names as they are borne there
ABROAD = {
    "Z330": ("Fatima Khadija Naima Salma Youssef Hassan Rachid Omar", "Alaoui Benali Chakir Haddioui Idrissi Ouardi"),
    "Z100": ("Ardita Elira Mirela Blerim Ilir Erion", "Bardhi Dervishi Hoxhaj Kelmendi Leka Shkurti"),
    "Z129": ("Mihaela Ioana Cristina Ionuţ Andrei Vasile", "Albescu Cârstea Dumitrache Munteanu Şerban Vlădescu"),
    "Z335": ("Blessing Grace Joy Emeka Samuel Chidi", "Adeyemo Ekwueme Iroabuchi Nwosu Obiora Okonta"),
    "Z343": ("Aminata Fatou Mame Cheikh Ousmane Modou", "Badji Diallo Faye Ndoye Sarr Thiam"),
    "Z249": ("Nasrin Shirin Rahim Kamal Jahid Tariq", "Alam Chowdhury Hossain Miah Sarkar Talukder"),
    "Z210": ("Mei Xiaoli Yan Jun Wei Jie", "Chen Hu Lin Wu Zhao Zhou"),
    "Z611": ("Rosario Maritza Luz Edwin Percy Wilmer", "Cárdenas Huamaní Muñoz Quispe Ríos Yupanqui"),
    "Z138": ("Oksana Halyna Natalia Dmytro Bohdan Andriy", "Bondarenko Hrytsenko Kovalchuk Melnyk Savchenko"),
    "Z352": ("Ines Rim Amel Sami Nizar Walid", "Ben Amor/Ben Salah/Gharbi/Jaziri/Mansouri/Trabelsi"),
}
# Towns where people of these parts are born (cadastral code): those that have a hospital, and some far away.
BORN = listed("A390 D612 E202 E625 E715 F023 G702 G999 G713 I726 D403 L833 G843 G687 G752 F656 B832 C415")
BORN_FAR = listed("F839 G273 H501 F205 C352 D643 L049 A662")

ODD = dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True)) | dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)
EVEN = {c: n for n, c in enumerate("0123456789")} | {c: n for n, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
MONTHS = "ABCDEHLMPRST"
LETTERS_FOR_DIGITS = str.maketrans("0123456789", "LMNPQRSTUV")


@cache
def family_names():
    return [stem + ending for stem in STEMS for ending in ENDINGS]


@cache
def abroad(place):
    """Women's names, men's names, family names."""
    given, family = ABROAD[place]
    names = given.split()
    half = len(names) // 2
    return names[:half], names[half:], family.split("/") if "/" in family else family.split()


def draw(rng, *, sex, from_abroad):
    """A given name, a family name and the cadastral code of where they were born."""
    if from_abroad:
        place = rng.choice(list(ABROAD))
        women, men, families = abroad(place)
        return rng.choice(women if sex == "F" else men), rng.choice(families), place
    given, family = rng.choice(GIVEN[sex]), rng.choice(family_names())
    chance = rng.random()
    if chance < 0.05:
        family = rng.choice(IN_TWO_WORDS.split("/"))
    elif chance < 0.08:
        given = f"{given} {rng.choice(GIVEN[sex])}"
    return given, family, rng.choice(BORN_FAR if rng.random() < 0.12 else BORN)


@cache
def of_family(name):
    return codicefiscale.encode_lastname(name)


@cache
def of_given(name):
    return codicefiscale.encode_firstname(name)


@cache
def place_name(code):
    return codicefiscale.decode(sealed(f"RSSMRA80A01{code}"))["birthplace"]["name"].title()


def fiscal_code(*, given, family, birth_date, sex, place):
    """A code that passes every check and can belong to nobody.

    Where two people share a code the Agency puts letters in place of digits, one at a time and then in all the ways of
    two, of three, and so on (omocodes: DM 23/12/1976 art. 6). A code with six letters in place of its seven digits
    would be given only when 120 people of the same name, birth and place were there before: it never was."""
    day = birth_date.day + (40 if sex == "F" else 0)
    digits = f"{birth_date.year % 100:02}".translate(LETTERS_FOR_DIGITS)
    day = f"{day:02}".translate(LETTERS_FOR_DIGITS)
    place = place[0] + place[1:3].translate(LETTERS_FOR_DIGITS) + place[3]
    return sealed(f"{of_family(family)}{of_given(given)}{digits}{MONTHS[birth_date.month - 1]}{day}{place}")


def sealed(fifteen):
    """With its control letter (the sum of the values of odd and even places, modulo 26)."""
    total = sum(ODD[c] for c in fifteen[::2]) + sum(EVEN[c] for c in fifteen[1::2])
    return fifteen + chr(65 + total % 26)
