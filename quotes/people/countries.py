"""Countries: their ISO 3166 codes, names and demonyms.

Besides the two letters of ISO 3166-1, which reserves EU and UN, there are the four nations of the United Kingdom (ISO
3166-2) and XK, by which everybody calls Kosovo.
"""

from __future__ import annotations

from functools import cache

from unidecode import unidecode

# A line a country: its code, its name, then other names and demonyms.
TABLE = """
AD Andorra, Andorran
AE United Arab Emirates, UAE, Emirates, Emirati
AF Afghanistan, Afghan
AG Antigua and Barbuda, Antiguan
AL Albania, Albanian
AM Armenia, Armenian
AO Angola, Angolan
AR Argentina, Argentine, Argentinian
AT Austria, Austrian
AU Australia, Australian
AZ Azerbaijan, Azerbaijani, Azeri
BA Bosnia and Herzegovina, Bosnia-Herzegovina, Bosnia, Bosnian
BB Barbados, Barbadian, Bajan
BD Bangladesh, Bangladeshi
BE Belgium, Belgian
BF Burkina Faso, Burkinabe
BG Bulgaria, Bulgarian
BH Bahrain, Bahraini
BI Burundi, Burundian
BJ Benin, Beninese
BN Brunei, Bruneian
BO Bolivia, Bolivian
BR Brazil, Brazilian
BS Bahamas, Bahamian
BT Bhutan, Bhutanese
BW Botswana, Botswanan
BY Belarus, Belarusian, Belarussian
BZ Belize, Belizean
CA Canada, Canadian
CD Democratic Republic of the Congo, Democratic Republic of Congo, DR Congo, DRC
CF Central African Republic
CG Republic of the Congo, Congo-Brazzaville
CH Switzerland, Swiss
CI Ivory Coast, Côte d'Ivoire, Ivorian
CL Chile, Chilean
CM Cameroon, Cameroonian
CN China, Chinese, People's Republic of China, PRC
CO Colombia, Colombian
CR Costa Rica, Costa Rican
CU Cuba, Cuban
CV Cape Verde, Cabo Verde, Cape Verdean
CY Cyprus, Cypriot
CZ Czech Republic, Czechia, Czech
DE Germany, German, Federal Republic of Germany
DJ Djibouti, Djiboutian
DK Denmark, Danish
DO Dominican Republic
DZ Algeria, Algerian
EC Ecuador, Ecuadorian, Ecuadorean
EE Estonia, Estonian
EG Egypt, Egyptian
ER Eritrea, Eritrean
ES Spain, Spanish
ET Ethiopia, Ethiopian
EU European Union, EU, European
FI Finland, Finnish
FJ Fiji, Fijian
FR France, French
GA Gabon, Gabonese
GB United Kingdom, UK, Britain, Great Britain, British
GB-ENG England
GB-NIR Northern Ireland, Northern Irish
GB-SCT Scotland, Scottish
GB-WLS Wales, Welsh
GE Georgia, Georgian
GH Ghana, Ghanaian
GM Gambia, Gambian
GN Guinea, Guinean
GQ Equatorial Guinea, Equatoguinean
GR Greece, Greek
GT Guatemala, Guatemalan
GW Guinea-Bissau
GY Guyana, Guyanese
HK Hong Kong
HN Honduras, Honduran
HR Croatia, Croatian
HT Haiti, Haitian
HU Hungary, Hungarian
ID Indonesia, Indonesian
IE Ireland, Irish, Republic of Ireland, Irish Republic
IL Israel, Israeli
IN India, Indian
IQ Iraq, Iraqi
IR Iran, Iranian
IS Iceland, Icelandic
IT Italy, Italian
JM Jamaica, Jamaican
JO Jordan, Jordanian
JP Japan, Japanese
KE Kenya, Kenyan
KG Kyrgyzstan, Kyrgyz
KH Cambodia, Cambodian
KP North Korea, North Korean, DPRK
KR South Korea, South Korean, Republic of Korea
KW Kuwait, Kuwaiti
KZ Kazakhstan, Kazakh
LA Laos, Laotian
LB Lebanon, Lebanese
LI Liechtenstein
LK Sri Lanka, Sri Lankan
LR Liberia, Liberian
LS Lesotho
LT Lithuania, Lithuanian
LU Luxembourg
LV Latvia, Latvian
LY Libya, Libyan
MA Morocco, Moroccan
MC Monaco, Monegasque
MD Moldova, Moldovan
ME Montenegro, Montenegrin
MG Madagascar, Malagasy
MK North Macedonia, Macedonia, Macedonian, North Macedonian
ML Mali, Malian
MM Myanmar, Burma, Burmese
MN Mongolia, Mongolian
MR Mauritania, Mauritanian
MT Malta, Maltese
MU Mauritius, Mauritian
MV Maldives, Maldivian
MW Malawi, Malawian
MX Mexico, Mexican
MY Malaysia, Malaysian
MZ Mozambique, Mozambican
NA Namibia, Namibian
NE Niger, Nigerien
NG Nigeria, Nigerian
NI Nicaragua, Nicaraguan
NL Netherlands, Dutch
NO Norway, Norwegian
NP Nepal, Nepalese, Nepali
NZ New Zealand
OM Oman, Omani
PA Panama, Panamanian
PE Peru, Peruvian
PG Papua New Guinea
PH Philippines, Philippine, Filipino
PK Pakistan, Pakistani
PL Poland, Polish
PS Palestine, Palestinian, Palestinian Authority
PT Portugal, Portuguese
PY Paraguay, Paraguayan
QA Qatar, Qatari
RO Romania, Romanian
RS Serbia, Serbian
RU Russia, Russian, Russian Federation
RW Rwanda, Rwandan
SA Saudi Arabia, Saudi, Saudi Arabian
SB Solomon Islands
SC Seychelles, Seychellois
SD Sudan, Sudanese
SE Sweden, Swedish
SG Singapore, Singaporean
SI Slovenia, Slovenian, Slovene
SK Slovakia, Slovak
SL Sierra Leone, Sierra Leonean
SM San Marino
SN Senegal, Senegalese
SO Somalia, Somali
SR Suriname, Surinamese
SS South Sudan, South Sudanese
SV El Salvador, Salvadoran
SY Syria, Syrian
SZ Eswatini, Swaziland
TD Chad, Chadian
TG Togo, Togolese
TH Thailand, Thai
TJ Tajikistan, Tajik
TL East Timor, Timor-Leste, Timorese
TM Turkmenistan, Turkmen
TN Tunisia, Tunisian
TO Tonga, Tongan
TR Turkey, Türkiye, Turkish
TT Trinidad and Tobago, Trinidadian
TW Taiwan, Taiwanese
TZ Tanzania, Tanzanian
UA Ukraine, Ukrainian
UG Uganda, Ugandan
UN United Nations, UN
US United States, United States of America, US, USA, America, American
UY Uruguay, Uruguayan
UZ Uzbekistan, Uzbek
VA Vatican City, Vatican, Holy See
VE Venezuela, Venezuelan
VN Vietnam, Vietnamese
VU Vanuatu
WS Samoa, Samoan
XK Kosovo, Kosovan, Kosovar
YE Yemen, Yemeni
ZA South Africa, South African
ZM Zambia, Zambian
ZW Zimbabwe, Zimbabwean
"""
# Names that news in English mean otherwise at least as often: a state of the US, and people's names.
AMBIGUOUS = frozenset({"Georgia", "Chad", "Jordan"})


def country_of(word: str) -> str | None:
    """Tell the country that a name or a demonym stands for.

    Words that are written small stand for none ("polish", "us"), and neither do capitals ("Moscow"), languages'
    names that are no demonyms of one country ("English"), or words that mean something else as often ("Georgia").

    Args:
        word: a name or demonym, such as "Russian", "Russia's", "the U.S." or "South Korea".

    Returns:
        The ISO 3166-1 code or, for a nation of the United Kingdom, the ISO 3166-2 code; None where it stands for none.
    """
    name = word.strip().removeprefix("the ").removeprefix("The ").replace(".", "").replace("’", "'")
    name = name.removesuffix("'s").removesuffix("'")
    if not name[:1].isupper() or (len(name) <= 3 and not name.isupper()):
        return None
    return _codes().get(_key(name))


def name_of(code: str) -> str | None:
    """Give a country's name in English by its code, None for an unknown one."""
    return _names().get(code)


def _key(name: str) -> str:
    return unidecode(name).casefold()


@cache
def _rows() -> tuple[tuple[str, list[str]], ...]:
    rows = (line.split(" ", 1) for line in TABLE.strip().splitlines())
    return tuple((code, words.split(", ")) for code, words in rows)


@cache
def _codes() -> dict[str, str]:
    return {_key(word): code for code, words in _rows() for word in words if word not in AMBIGUOUS}


@cache
def _names() -> dict[str, str]:
    return {code: words[0] for code, words in _rows()}
