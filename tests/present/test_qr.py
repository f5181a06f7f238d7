"""An address is drawn as other encoders draw it, and no address is drawn that does not fit."""

from __future__ import annotations

import pytest

from vigie.present.qr import QUIET, qr_modules, qr_path

DRAWN = {
    "https://vigie.example/wall/droit_constitutionnel/": (
        "1fce1637f 104325441 17574185d 175f2455d 175af925d 105fca441 1fd55557f 1a53a00 "
        "17c5da77c 4049b26d 12e2e8456 1a7bd99f f61737bb 1227a4ac7 145579cea 1f8ee0dcc "
        "1ffca87b1 1f06d7eee c4f74cb6 1c3a90e3c 2c40459a 17b9f12c9 14e64699a 13a55386e "
        "14eacb5f0 180f117 1fc8a9f56 1058fdb1e 1751121f9 175d2cb9b 175971860 104427e9c "
        "1fd1aa7aa"
    ),
    "https://social.universite-nouvelle.example/wall/droit_constitutionnel/": (
        "1fc9f0a57f 104001d741 175760e45d 175dfc3f5d 17592fa15d 105658d641 1fd555557f "
        "120dc100 17c9725d7c 4a9ed292a 4fa7ade73 1d3ca7e1b1 17722a6cff 1f3f572820 "
        "2e664c23b a3d3197f2 1c7e473cd7 311b02da6 6f381439b 119d10a581 17c1c87cdc "
        "48e9b250a 11482947fb 4a22df272 5f4709ef6 190e6d25e4 12e1b64f4b 1288a7d0a8 "
        "17537a6fff 11176318 1fcaf45555 1058b3351b 1752c5dff7 175a70a4d5 175945d707 "
        "104a50c791 1fd7094c9f"
    ),
    "https://social.universite-nouvelle-de-northfield.example/wall/"
    "question/droit_constitutionnel/": (
        "1fd50fe9b7f 105b4428441 1749691015d 175a7397a5d 17410a5fa5d 1046e79cb41 "
        "1fd5555557f 104827c00 16eadfb3d4b a9b7fa17f5 5cf187dc96 133da2091e2 1350eb7ea0e "
        "1b27b938ac9 460ebe8367 1c1550a537a 61f4cb718 1b8b43faca4 1b5e3443850 4b30c9282d "
        "3692229cfe 7b643adefb 1e673d68426 171d053a7e3 11569e5c825 51baad3b4f "
        "15f5d30c7fb 1f39b2a23ab 1f65e5da3bb 825bbc3122 16708a4e1c8 2ab7e61d4e "
        "f499d86df6 1f6fb951b 1fdd9429f5e 10584a3051b 174792b69f5 175d4357912 "
        "1755decc923 1042599715a 1fdd24ca70a"
    ),
}
"""Squares of another encoder (qrcode 8.2, level M), a row a number: dark modules are its ones."""


@pytest.mark.parametrize("text", DRAWN)
def test_square_is_the_one_another_encoder_draws(text: str) -> None:
    modules = qr_modules(text)
    assert modules is not None
    rows = [f"{int(''.join(str(int(one)) for one in line), 2):x}" for line in modules]
    assert " ".join(rows) == DRAWN[text]


def test_what_does_not_fit_is_not_drawn() -> None:
    assert qr_modules("x" * 106) is not None
    assert qr_modules("x" * 107) is None
    assert qr_path("é" * 54) is None


def test_path_has_a_quiet_zone_around_it() -> None:
    drawn = qr_path("https://vigie.example/wall/")
    assert drawn is not None
    path, side = drawn
    assert path.startswith(f"M{QUIET} {QUIET}h1v1h-1z")
    assert side == 29 + 2 * QUIET
