"""The French and English words that tell questions apart, and those that do not."""

from __future__ import annotations

from collections.abc import Mapping


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _map(*lines: str) -> Mapping[str, str]:
    """Map every word of a line to the first."""
    return {word: line.split()[0] for line in lines for word in line.split()}


SILENT = _set(
    # French
    "a ai as au aux avez avec avoir ca ce ceci cela celle celui ces cet cette chez comme dans de "
    "des donc du elle elles en encore es est et etre eu eux fait faut il ils je la le les leur "
    "leurs lui ma mais me mes moi mon ne nos notre nous on ont ou par pour qu que quel quelle "
    "quels quelles quoi sa se sera seront ses si soit son sont sur ta te tes toi ton tres tu un "
    "une va vais vont vos votre vous y est-ce serait peu bonjour bonsoir salut merci svp stp "
    "madame monsieur mme professeur prof plait vraiment bien aussi alors quelqu "
    "quelque "
    # English
    "a about am an and are as at be been being but by did do does doing done for from had has have "
    "he her here his how i if in into is it its just like me my of on or our she so some than that "
    "the their them then there these they this those to too up us was we were what which will with "
    "would you your hello hi hey please thanks thank sir madam professor really also dear all "
    "something anything one ones im ive well can could may might shall should must "
    "peut peux pouvez pouvoir peuvent pourrait pourriez pourrais puis doit dois devez devons "
    "doivent"
)
"""Words that carry nothing of what is asked: articles, pronouns, auxiliaries, politeness."""

LIGHT = _set(
    "need want able possible possibly explain explanation allow allowed permitted find put "
    "tell know understand understood mean means meaning say said show give gave see go goes going "
    "get got make made use used using talk over back maybe wonder wondering question ask again "
    "repeat cover covered include included part "
    "expliquer expliquez explique explication reexpliquer reexpliquez droit autorise autorisee "
    "autorises autorisees permis utiliser utilise trouver trouve mettre mis mise dire "
    "dites savoir sais sait savez comprendre "
    "compris comprends comprend montrer donner donnez voir parler revenir refaire redire reprendre "
    "repeter repetez preciser question demande demander faire refaites signifie veut "
    "couvre couvrir compte inclus partie besoin faudra"
)
"""Words of asking itself; they count only where nothing else is said."""

MARKS: Mapping[str, str] = {
    **_map(
        "not pas jamais never no sans without cannot aucun aucune",
        "2 two deux", "3 three trois", "4 four quatre", "5 five cinq", "6 six", "7 seven sept",
        "8 eight huit", "9 nine neuf", "10 ten dix", "11 eleven onze", "12 twelve douze",
        "monday lundi", "tuesday mardi", "wednesday mercredi", "thursday jeudi", "friday vendredi",
        "saturday samedi", "sunday dimanche", "today aujourd", "tomorrow demain", "yesterday hier",
        "january janvier", "february fevrier", "march mars", "april avril", "june juin",
        "july juillet", "august aout", "september septembre", "october octobre",
        "november novembre", "december decembre",
        "before avant", "after apres", "first premier premiere 1st 1er 1ere",
        "second seconde deuxieme 2nd 2e 2eme", "third troisieme 3rd 3e 3eme",
        "last dernier derniere", "next prochain prochaine", "previous precedent precedente",
        "only seulement uniquement", "more plus", "less moins fewer", "increase augmente augmenter",
        "decrease diminue diminuer", "always toujours", "left gauche", "right droite",
        "same meme", "different differente", "midterm midterms", "final finals finale",
        "remote distance distanciel",
        "positive positif", "negative negatif", "minimum min", "maximum max",
    ),
    "mai": "may_month",
}  # fmt: skip
"""Words that make another question of it: two wordings must have the same."""

ASKS: Mapping[str, str] = _map(
    "when quand date deadline heure time jour day", "where salle room", "who qui",
    "why pourquoi", "how comment", "many combien much nombre number", "duration longtemps duree",
)  # fmt: skip
"""Words that say what is asked for."""

SAME: Mapping[str, str] = _map(
    "exam exams examen examens partiel partiels",
    "slides slide diapo diapos diapositive diapositives powerpoint ppt transparents",
    "grade grades mark marks note notes", "lecture lectures cours class classes seance seances",
    "homework devoir devoirs assignment assignments dm",
    "answers answer corrige corriges correction corrections solution solutions reponse reponses",
    "lab labs tp tps", "tutorial tutorials td tds",
    "exercise exercises exercice exercices exo exos", "chapter chapters chapitre chapitres chap",
    "page pages p", "video videos recording recordings enregistrement enregistrements replay",
    "book textbook manuel livre", "formula formulas formule formules", "mandatory compulsory "
    "obligatoire obligatoires required", "calculator calculatrice", "group groups groupe groupes",
    "project projects projet projets", "internship stage stages", "report rapport rapports",
    "online ligne", "sheet sheets fiche fiches",
)  # fmt: skip
"""Words of classes that say the same, in either language."""
