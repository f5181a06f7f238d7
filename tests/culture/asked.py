"""Questions invented for a class: each block is one question, asked in several wordings.

Many blocks differ from another by a single word on purpose. ``FIRST`` was read while the rules of
grouping were written; ``SECOND`` was written before and only counted afterwards.
"""

from __future__ import annotations

Blocks = tuple[tuple[str, ...], ...]


def _blocks(text: str) -> Blocks:
    return tuple(
        tuple(line.strip() for line in block.strip().splitlines())
        for block in text.strip().split("\n\n")
    )


FIRST = _blocks("""
Will chapter 4 be on the exam?
is chapter 4 in the exam??
Hello, does the exam cover chapter 4? Thanks!
chapter 4 on exam ?

Will chapter 5 be on the exam?
does the exam cover chapter 5

When is the midterm?
what date is the midterm
When will the midterm be?

When is the final exam?
date of the final exam?

Where is the midterm?
In which room is the midterm?

Can we use a calculator in the exam?
Are we allowed a calculator at the exam?
can i use my calculator for the exam please
Peut-on utiliser la calculatrice à l'examen ?
A-t-on le droit à la calculatrice pour l'examen ?
la calculatrice est elle autorisée à l'examen

Can you explain entropy again?
could you please explain entropy
I did not understand entropy
Entropy??

Can you explain enthalpy again?
please explain enthalpy

What is the difference between entropy and enthalpy?
difference between enthalpy and entropy?

Is the reaction endothermic?
is this reaction endothermic ?

Is the reaction exothermic?

How do we compute the standard entropy of the reaction?
how do you compute the standard entropy of a reaction

How do we compute the standard enthalpy of the reaction?

Is attendance mandatory on Monday?
is attendance compulsory monday

Is attendance mandatory on Tuesday?

Can you repeat?
could you repeat that please
repeat please!

Why is the sign negative?
why is the sign negative here?

Why is the sign positive?

Where can I find the slides?
where are the slides
Where are the slides please??

When will the slides be online?
when will the slides be put online?

Est-ce que le chapitre 3 est au programme de l'examen ?
le chapitre 3 est-il au programme de l’examen
Bonjour, le chapitre 3 est au programme de l'exam ? merci

Est-ce que le chapitre 7 est au programme de l'examen ?

Quand est le partiel ?
C'est quand le partiel ?
date du partiel svp

Où est le partiel ?
Dans quelle salle est le partiel ?

Pouvez-vous réexpliquer l'équation de Nernst ?
pouvez vous expliquer l’équation de Nernst svp
Je n'ai pas compris l'équation de Nernst

Quelle est la différence entre mitose et méiose ?
difference entre la mitose et la meiose ?

La mitose a combien de phases ?
Combien de phases dans la mitose ?

La méiose a combien de phases ?

Est-ce que le TP est obligatoire ?
le tp est il obligatoire
Les TP sont-ils obligatoires ?

Est-ce que le TD est obligatoire ?

Faut-il rendre le rapport avant vendredi ?
on doit rendre le rapport avant vendredi ?

Faut-il rendre le rapport après vendredi ?

Le groupe B a cours demain ?
groupe B : cours demain ?

Le groupe C a cours demain ?

Pourquoi on ne divise pas par n ?
pourquoi ne divise-t-on pas par n

Pourquoi on divise par n ?
pourquoi divise-t-on par n ?

Pouvez-vous répéter ?
vous pouvez répéter svp

Les diapos seront-elles en ligne ?
Est-ce que les diapositives seront en ligne ?
les diapos seront en ligne ?

Est-ce qu'il y a un corrigé de l'exercice 2 ?
y a-t-il une correction de l’exercice 2
correction exercice 2 ?

Est-ce qu'il y a un corrigé de l'exercice 3 ?
""")

SECOND = _blocks("""
Do we need to bring our laptop on Thursday?
should we bring a laptop thursday?
Bring laptops on Thursday?

Do we need to bring our laptop on Friday?

How many questions will there be in the quiz?
how many questions in the quiz?
Number of questions of the quiz?

How long is the quiz?
how long will the quiz be

Is the essay graded?
will the essay be graded
Is the essay graded or not?

Is the presentation graded?

What is the deadline of the essay?
when is the essay due?
When do we have to hand in the essay?

Can we work in pairs?
are we allowed to work in pairs?
Can we work in pairs for the project?

Can we work alone?

Is the lecture recorded?
will this lecture be recorded?
is the lecture recordd

Will you share the recording of last lecture?

How does natural selection work?
how does natural selection work ??

How does sexual selection work?

Does demand increase when prices fall?
does demand increase if prices fall

Does demand decrease when prices fall?

What does ATP stand for?
ATP stands for what?

Why did Rome fall?
why did the Roman empire fall?

What was the first cause of the war?
First cause of the war?

What was the second cause of the war?

Is the matrix invertible?
is that matrix invertible

Is the matrix diagonal?

Can you speak louder please?
could you speak louder
louder please

Can you zoom in?
could you zoom in on the board?

Who do we write to about absences?
who should we write to for absences?

Peut-on avoir une pause ?
on peut avoir une pause svp ?
pause ?

Est-ce que le contrôle continu compte dans la moyenne ?
le contrôle continu compte dans la moyenne ?
le controle continu compte-t-il dans la moyenne ?

Est-ce que le contrôle terminal compte dans la moyenne ?

Combien de pages pour le mémoire ?
le mémoire doit faire combien de pages ?
Nombre de pages du mémoire ?

Quand rend-on le mémoire ?
Quelle est la date de rendu du mémoire ?

Qui corrige les copies ?
c'est qui qui corrige les copies

À quelle heure finit le cours ?
le cours finit à quelle heure ?

À quelle heure commence le cours ?

Qu'est-ce qu'une fonction continue ?
c'est quoi une fonction continue
définition d'une fonction continue ?

Qu'est-ce qu'une fonction dérivable ?

Est-ce que la série converge ?
la série converge-t-elle ?

Est-ce que la série diverge ?

Comment calculer la variance ?
comment on calcule la variance ?
comment calcule-t-on la variance ?

Comment calculer la covariance ?

Peut-on venir avec une fiche de révision ?
A-t-on droit à une fiche de révision ?
fiche de revision autorisée ?

Est-ce que l'amphi de jeudi est annulé ?
l'amphi de jeudi est annulé ?
amphi jeudi annulé ??

Est-ce que l'amphi de lundi est annulé ?

Pouvez-vous parler plus fort ?
vous pouvez parler plus fort svp ?
plus fort svp

Pouvez-vous parler moins vite ?
moins vite svp

Pourquoi la lumière est-elle polarisée ?
pourquoi la lumiere est polarisee

Pourquoi la lumière est-elle diffractée ?
""")
