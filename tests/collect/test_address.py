"""Addresses of every shape become a network and an account, or a reason in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from vigie.collect.address import NETWORKS, parse_addresses

ACCOUNTS = [
    ("https://m.facebook.com/Northfield/", None, "facebook:northfield"),
    ("https://fr-fr.facebook.com/GroupeISA", None, "facebook:groupeisa"),
    ("https://www.facebook.com/profile.php?id=100064&ref=hl", None, "facebook:100064"),
    ("https://www.facebook.com/pages/Ensea/136481359731543?v=wall", None,
     "facebook:136481359731543"),
    ("https://www.facebook.com/people/Northfield/61550000/", None, "facebook:61550000"),
    ("https://www.facebook.com/IFP-School-135706763121931/", None, "facebook:135706763121931"),
    ("https://www.facebook.com/groups/northfield.alumni/", None,
     "facebook:groups/northfield.alumni"),
    ("https://www.facebook.com/uni-hildesheim", None, "facebook:uni-hildesheim"),
    ("http://www.facebook.com/#!/Northfield", None, "facebook:northfield"),
    ("https://mobile.twitter.com/UNF?lang=fr", None, "x:unf"),
    ("https://twitter.com/#!/UNF", None, "x:unf"),
    ("https://x.com/UNF/", None, "x:unf"),
    ("https://twitter.com/intent/user?screen_name=UNF", None, "x:unf"),
    ("twitter.com/@UNF", None, "x:unf"),
    ("https://twitter.com/UNF.fr", None, "x:unf"),
    ("https://www.instagram.com/collegedefrance/.fr", None, "instagram:collegedefrance"),
    ("https://www.instagram.com/unf/?hl=fr", None, "instagram:unf"),
    ("https://www.instagram.com/hfwu.de", None, "instagram:hfwu.de"),
    ("https://fr.linkedin.com/school/ensci/", None, "linkedin:ensci"),
    ("https://www.linkedin.com/company/2530907/", None, "linkedin:2530907"),
    ("https://www.linkedin.com/company-beta/896011/", None, "linkedin:896011"),
    ("https://www.linkedin.com/school/1044488?pathWildcard=1044488", None, "linkedin:1044488"),
    ("https://www.linkedin.com/school/universit%C3%A9-psl/", None, "linkedin:université-psl"),
    ("https://www.linkedin.com/company//school/fachhochschule-kiel/", None,
     "linkedin:fachhochschule-kiel"),
    ("https://www.linkedin.com/edu/school?id=12401&trk=edu-cp-title", None, "linkedin:edu/12401"),
    ("https://www.linkedin.com/edu/edhec-business-school-19922", None, "linkedin:edu/19922"),
    ("http://www.linkedin.com/groups?home=&gid=62742&trk=anet_ug_hm", None,
     "linkedin:groups/62742"),
    ("https://www.linkedin.com/groups/INSA-de-Toulouse-1853952?trk=x", None,
     "linkedin:groups/1853952"),
    ("https://www.linkedin.com/in/essca-67aa3922", None, "linkedin:in/essca-67aa3922"),
    ("https://www.youtube.com/channel/UCJRfmVMO9aeYDHDAJuEv6bw?view_as=subscriber", None,
     "youtube:UCJRfmVMO9aeYDHDAJuEv6bw"),
    ("https://www.youtube.com/user/WebmestreCDF.fr", None, "youtube:webmestrecdf"),
    ("https://www.youtube.com/user/EcoleLouisLumiere#p/a", None, "youtube:ecolelouislumiere"),
    ("https://www.youtube.com/c/Universit%C3%A9deParis/", None, "youtube:universitédeparis"),
    ("https://www.youtube.com/@RennesUniv", None, "youtube:rennesuniv"),
    ("https://www.youtube.com/insead", None, "youtube:insead"),
    ("https://www.tiktok.com/@tu_berlin?_t=8x", None, "tiktok:tu_berlin"),
    ("https://www.threads.net/@unf", None, "threads:unf"),
    ("https://bsky.app/profile/kitkarlsruhe.bsky.social", None,
     "bluesky:kitkarlsruhe.bsky.social"),
    ("https://bsky.app/profile/did:plc:ewvi7nxzyoun6zhxrhs64oiz", None,
     "bluesky:did:plc:ewvi7nxzyoun6zhxrhs64oiz"),
    ("https://unf.bsky.social", None, "bluesky:unf.bsky.social"),
    ("https://bawü.social/@phludwigsburg", None, "mastodon:phludwigsburg@bawü.social"),
    ("https://xn--baw-joa.social/@phludwigsburg", None, "mastodon:phludwigsburg@bawü.social"),
    ("https://mastodon.example/users/unf", "mastodon", "mastodon:unf@mastodon.example"),
    ("https://a.example/@unf@b.example", None, "mastodon:unf@b.example"),
    ("@unf@mastodon.example", None, "mastodon:unf@mastodon.example"),
    ("https://www.flickr.com/photos/111833692@N02/", None, "flickr:111833692@N02"),
    ("https://www.flickr.com/people/149867880@N02/", None, "flickr:149867880@N02"),
    ("https://www.flickr.com/photos/utbm_fr/albums", None, "flickr:utbm_fr"),
    ("https://www.pinterest/uantillesguyane/", None, "pinterest:uantillesguyane"),
    ("https://www.pinterest.fr/essca/", None, "pinterest:essca"),
    ("https://vimeo.com/channels/mnhn", None, "vimeo:channels/mnhn"),
    ("http://www.dailymotion.com/user/webmestre_supmeca/1", None, "dailymotion:webmestre_supmeca"),
    ("https://www.dailymotion.com/CommunicationP13#video=x18idtq", None,
     "dailymotion:communicationp13"),
    ("https://github.com/UnivParis1", None, "github:univparis1"),
    ("http://www.ec-lille.fr/fr/rss", "rss", "rss:www.ec-lille.fr/fr/rss"),
    ("https://ecolehei.tumblr.com/", "other", "other:ecolehei.tumblr.com"),
    ("https://www.scoop.it/u/le-cnam", "other", "other:www.scoop.it/u/le-cnam"),
    ("@UNF", "x", "x:unf"),
    ("unf.campus", "instagram", "instagram:unf.campus"),
    ("www.facebook.com/Northfield", "facebook", "facebook:northfield"),
    (" «https://x.com/UNF»; ", None, "x:unf"),
    ("http:/x.com/UNF", None, "x:unf"),
    ("https://https://x.com/UNF", None, "x:unf"),
    ("https://x.com/UNF\u200b", None, "x:unf"),
]  # fmt: skip

UNREADABLE = [
    ("https://twitter.com/search?q=esitc%20caen&src=typd", "x", "search"),
    ("https://www.agro-bordeaux.fr/", "x", "is not x"),
    ("https://www.dailymotion.com/video/x3bfs38", "dailymotion", "one post"),
    ("https://www.facebook.com/", "facebook", "home page"),
    ("https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Funf.example", None, "share"),
    ("https://www.facebook.com/events/123", None, "event"),
    ("https://x.com/UNF/status/1", None, "one post"),
    ("https://youtu.be/abc", None, "one post"),
    ("https://www.youtube.com/channel/UCshort", None, "channel"),
    ("https://twitter.com.evil.example/UNF", None, "not a network"),
    ("https://facebook.com@evil.example/UNF", "facebook", "is not facebook"),
    ("javascript:alert(1)", "x", "not an address"),
    ("mailto:contact@unf.example", None, "not an address"),
    ("oui", None, "Write it in full"),
    ("Université de Northfield", "facebook", "cannot be the handle"),
    ("@unf", "mastodon", "which server"),
    ("https://[oops", "x", "not an address"),
]


@pytest.mark.parametrize(("cell", "network", "account"), ACCOUNTS)
def test_address_is_read_as_the_account_it_names(
    cell: str, network: str | None, account: str
) -> None:
    read = parse_addresses(cell, network)
    assert [address.account for address in read.found] == [account]
    assert read.unreadable == ()


@pytest.mark.parametrize(("cell", "network", "said"), UNREADABLE)
def test_what_cannot_be_read_is_said_and_why(cell: str, network: str | None, said: str) -> None:
    read = parse_addresses(cell, network)
    assert read.found == ()
    assert said in str(read.unreadable[0].reason)


@pytest.mark.parametrize(
    "cell",
    [
        "https://x.com/UNF https://x.com/UNF_library",
        "https://x.com/UNF;https://x.com/UNF_library",
        "https://x.com/UNFhttps://x.com/UNF_library",
        "https://x.com/UNF (siège) ; @UNF_library",
        "@UNF, @UNF_library",
        "UNF\nUNF_library",
    ],
)
def test_two_addresses_in_one_cell_are_two_accounts(cell: str) -> None:
    found = parse_addresses(cell, "x").found
    assert [address.account for address in found] == ["x:unf", "x:unf_library"]


def test_same_account_written_twice_is_one() -> None:
    assert len(parse_addresses("https://twitter.com/UNF https://x.com/unf").found) == 1


def test_address_of_another_network_is_kept_under_its_own() -> None:
    (found,) = parse_addresses("https://www.instagram.com/builders_ingenieurs/", "flickr").found
    assert found.network == "instagram"


def test_empty_cell_names_nothing() -> None:
    assert parse_addresses("  ", "x") == parse_addresses(None, "x")
    assert parse_addresses(None).unreadable == ()


def test_handle_keeps_its_capitals_and_its_key_does_not() -> None:
    (found,) = parse_addresses("https://x.com/UniFAU").found
    assert (found.handle, found.account) == ("UniFAU", "x:unifau")


@pytest.mark.parametrize(("cell", "network", "account"), ACCOUNTS)
def test_clean_address_reads_as_the_same_account(
    cell: str, network: str | None, account: str
) -> None:
    (found,) = parse_addresses(cell, network).found
    assert parse_addresses(found.url, found.network).found == (found,)


PARTS = some.sampled_from(
    ["https://", "http:/", "www.", "facebook.com", "x.com/", "twitter.com/", "@", "/", "?", "#!/",
     "=", "&amp;", ";", ",", " ", "fr.linkedin.com/school/", "company/", "groups", "feeds/",
     "youtube.com/user/", "channel/UC", "c/", "bsky.app/profile/", "did:plc:ab", "bawü.social",
     "xn--baw-joa.social", "/@", "%C3%A9", "%", "%2F", "%40", "é", "İ", "ß", ".fr", "users/",
     "profile.php?id=12", "/pages/A/12", "pinterest.", "vimeo.com/", "flickr.com/photos/",
     "12@N03", "a", "Bc", "1234567890", "-", "_", ".", "'", "\u200b", "::", "[", "]", "\n",
     "intent/user?screen_name=", "status/1", "#", "utm_source=a", ":80", "x.tumblr.com", "||"]
)  # fmt: skip
CELLS = some.one_of(some.text(max_size=60), some.lists(PARTS, max_size=12).map("".join))


@given(cell=CELLS, network=some.sampled_from((None, *NETWORKS)))
def test_any_cell_is_read_and_what_is_found_reads_back(cell: str, network: str | None) -> None:
    for found in parse_addresses(cell, network).found:
        assert found.network in NETWORKS
        again = parse_addresses(found.url, found.network)
        assert (again.found, again.unreadable) == ((found,), ())
