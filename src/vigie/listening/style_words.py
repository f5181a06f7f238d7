"""Words that tell how an office writes, not what an institution does: thanks, calls, days, links.

Written by hand, without accents and in lower case, as ``folding`` writes them. A term made of them
is shown as a habit beside the specialities: it helps to recognise an institution, and says nothing
of what it is known for.
"""

from __future__ import annotations

from vigie.listening.stop_words import STOP_WORDS

FRENCH = """
abonnez actu actualite actualites annonce annoncer annoncons attend attendent attendons aussi avis
belle belles beau bienvenue bio bravo cliquez coeur complet consultez contactez date dates debut
dernier derniere derniers desormais detail details diaporama direct disponible disponibles dimanche
episode episodes equipe equipes excellente exceptionnel felicitation felicitations fier fiere fiers
fin flash formidable gratuit gratuite gratuitement hate heureuse heureuses heureux image images info
infos information informations inscription inscrivez inscrire interview invitation invite invitent
invitons jeudi joyeuse joyeux lien ligne lire lisez live lundi magnifique mardi mercredi message
mois minute minutes newsletter nouveau nouveaux nouvel nouvelle nouvelles numero occasion partage
partagez partager participez participer photo photos place places plaisir plongez podcast portrait
pret prets profitez programme prochain prochaine prochainement prochains question questions rappel
ravi ravie ravis regardez rejoignez rendez rdv replay repondez repondre reponse reponses reserve
reservez retour retours revivez revoir samedi savoir semaine semaines site soir soiree story succes
suite suivez suivre super superbe tag temoignage temoignages thread tweet tweets venez vendredi
video videos visitez voeux week janvier fevrier mars avril mai juin juillet aout septembre octobre
novembre decembre annee annees ans
"""
ENGLISH = """
amazing announce announced announcing apply available award awards big bio book check chance clip
click come congrats congratulation congratulations date dates dear delighted details discover don
enjoy episode event events excited exciting explore fantastic feel find follow forward free friday
full glad good great happy hear helped highlight honored honoured hope hurry info information invite
invited invites inviting join latest learn link links listen live look looking love meet message
miss monday month months moment moments new newsletter news open photo photos picture pictures place
pleased podcast post program proud question questions read recap registration register remind
reminder reply rsvp saturday save series share shout sign site spot spots spotlight stay story
sunday talk team teams thread thrilled throwback thursday tickets time tuesday tune tweet tweets
update updates video videos visit watch webinar website wednesday week weekend weeks welcome wish
wishes wonderful year years january february march april may june july august september october
november december
"""
GERMAN = """
abend aktuell aktuelle aktuellen aktueller aktuelles angebot anlass anmelden anmeldung antwort
antworten artikel ausblick ausgabe beitrag beitragen bericht bild bilder blog blogbeitrag datum
details dienstag donnerstag einblick einblicke einladen einladung entdecken episode erfahre erfahrt
erleben ersten feiern findest folge folgen foto fotos frage fragen frei freitag freude freuen freut
fruh galerie ganze geht gerne gespannt gestern gewinnen glauben gluckwunsch gluckwunsche gratis
gratulation gratulieren grosse grossen grosser grosses gut gute guten herzlich herzliche herzlichen
highlight highlights hilft hoffen impressionen info infoabend infoanlass infos information
informationen informieren interessant interessante interview jahr jahre jahren jetzt kostenlos laden
lesen letzte letzten lernen liebe live link melde meldung mitmachen mittwoch moderation monat montag
morgen nachlesen nachsten nachste neu neuigkeiten newsletter online platz platze plenum podcast
programm rund sagt samstag schauen schon schone sehen sonntag spannend spannende start starten
startet stellt stolz tag tage tagen team teil teilen teilnahme teilnehmen teilnehmende thema themen
tipp tipps toll tolle uberblick unbedingt veranstaltung verpassen video videos vielen viel vorbei
vorbeikommen webinar webseite weiter wichtig willkommen woche wochen wunschen wunsche zeigen zeigt
naturlich sofort ubrigens unseres helfen impuls januar februar marz april mai juni juli august
september oktober november dezember
"""
STYLE_WORDS = frozenset(" ".join((FRENCH, ENGLISH, GERMAN)).split()) | STOP_WORDS


def is_style(term: str) -> bool:
    """Say whether a term is a habit of writing: each of its words is one, or a number."""
    return all(word in STYLE_WORDS or word.isdigit() for word in term.split())
