"""Words that say nothing of what a text is about: French and English, and what neighbours use.

Written by hand, without accents and in lower case, as ``folding`` writes them. The courtesies of
networks are among them, since every office uses them.
"""

from __future__ import annotations

FRENCH = """
a ai aie aient ait alors apres as assez au aucun aucune aujourd aussi autant autre autres aux
avaient avais avait avant avec avez aviez avions avoir avons bah beaucoup bien bon bonne bonjour
bonsoir bref c ca car ce ceci cela celle celles celui cependant certain certaine certaines
certains ces cet cette ceux chaque chez ci combien comme comment contre d dans de dedans dehors
deja depuis des desormais dessous dessus deux devant doit doivent donc dont du durant elle elles
en encore enfin ensuite entre environ es est et etaient etais etait etant ete etes etre eu eux
faire fais fait faites font fois grace guere hein hier hors hui ici il ils j jamais je jusqu
jusque l la laquelle le lequel les lesquelles lesquels leur leurs lol lors lorsqu lorsque lui m ma
maintenant mais malgre me meme memes merci mes mieux moi moins mon n ne ni non nos notamment notre
nous nul on ont ou ouais oui outre par parce parfois parmi pas pendant peu peut peuvent peux plus
plusieurs plutot pour pourquoi pourtant pouvez pouvons pres presque puis puisqu puisque qu quand
quant que quel quelle quelles quelqu quelque quelques quels qui quoi quoique rien s sa sans sauf
se selon sera serait seront ses si sien sinon soi soient sois soit sommes son sont sous souvent
suis sur surtout t ta tandis tant te tel telle telles tels tes toi ton toujours tous tout toute
toutes tres trop tu un une va vais vas vers voici voila vont vos votre vous vraiment vu y etc svp
stp afin ainsi via voir vient venez faut veux veut voulez dit dire mdr ptdr decouvrez rendez
retrouvez jour jours heure heures h
"""
ENGLISH = """
a about above across after again against ago all almost along already also although always am
among an and another any anyone anything are aren around as at away b back be became because been
before being below between both but by came can cannot could couldn d did didn do does doesn doing
don done down during each either else enough even ever every everyone everything few first for
from further get gets getting give go goes going gone got had hadn has hasn have haven having he
hello her here hers herself hey hi him himself his how however i if im in instead into is isn it
its itself just keep kept know last least less let like ll lot made make makes making many may
maybe me might mine more most much must my myself need needs never next no nobody none nor not
nothing now of off often ok okay on once one only onto or other others our ours ourselves out over
own per perhaps please put quite rather re really s said same say says see seen several shall she
should shouldn since so some someone something sometimes soon still such t take than thank thanks
that the their theirs them themselves then there these they thing things this those though through
thus to today together tomorrow tonight too toward towards two u under until up upon us use used
using ve very via want was wasn way we well went were weren what when where whether which while
who whole whom whose why will with within without won would wouldn yes yesterday yet you your
yours yourself yourselves amp rt day days
"""
GERMAN = """
ab aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bereits
bin bis bist da dabei dafur damit dank danke dann daran darauf das dass dein dem den denn der
deren des dessen die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem
einen einer eines er es etwa etwas euch euer eure fur ganz gar gegen gibt habe haben hat hatte
hatten heute hier hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja jede
jeden jeder jedes jetzt kann kein keine keinen konnen mal man mehr mein meine mit mochte muss
mussen nach nicht nichts noch nun nur ob oder ohne schon sehr sein seine seinem seinen seiner seit
sich sie sind so sogar soll sollen sondern sowie uber um und uns unser unsere unserem unseren
unserer unter viel viele vom von vor wann war waren warum was wegen weil weitere welche welchen
welcher wenn wer werden wie wieder wir wird wo wollen worden wurde wurden zu zum zur zwischen
findet statt bzw uhr mehrere neue neuen neuer neues erfahren
"""
ITALIAN = """
a ad ai al alla alle allo anche ancora avere c che chi ci cio come con cosa cui da dagli dai dal
dalla dalle degli dei del della delle dello di dopo dove e ed era erano essere fa gli ha hai hanno
ho i il in io l la le lei li lo loro ma mi mia mio molto ne nei nel nella nelle negli no noi non
nostra nostri nostro o ogni oggi per perche piu poi prima quale quali quando quella quelle quelli
quello questa queste questi questo se sei si sia sono su sua sue sugli sui sul sulla sulle suo tra
tu tua tutti tutto un una uno vi voi
"""
DAYS = """
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre lundi mardi
mercredi jeudi vendredi samedi dimanche semaine mois annee annees an ans matin midi soir demain
january february march april may june july august september october november december monday
tuesday wednesday thursday friday saturday sunday week weeks month months year years morning
evening januar februar marz juni juli oktober dezember montag dienstag mittwoch donnerstag freitag
samstag sonntag woche wochen wochenende monat jahr jahre jahren tag tage morgen abend gennaio
febbraio marzo aprile maggio giugno luglio agosto settembre ottobre dicembre lunedi martedi
mercoledi giovedi venerdi sabato domenica settimana mese anno anni giorno
"""
"""When something is said tells no theme: a month would emerge every month."""
STOP_WORDS = frozenset(" ".join((FRENCH, ENGLISH, GERMAN, ITALIAN, DAYS)).split())
