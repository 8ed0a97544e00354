"""The vocabulary of the names of ledger accounts, in Dutch, French, English and German; how it is
read stands in account_words.py. General words of bookkeeping, never those of one chart."""

import re

# What words mean, and how they are written: whole, or what they begin with (with *). Abbreviations
# that offices use are among them.
MEANINGS = {
    "cost": (
        "kost kosten frais charge charges cost costs expense expenses fee fees aufwand "
        "aufwendung* lasten uitgaven depenses last"
    ),
    "account": "rekening* compte comptes account accounts konto*",
    "business": (
        "bedrijf* business entreprise* exploitation* operating onderneming* unternehmen* betrieb* "
        "enterprise* company alg algemeen algemene general generaux generale* allgemein*"
    ),
    "other": (
        "overig* andere* ander autre* other* sonstig* divers* sundry allerlei varia div and autr "
        "miscellaneous verschieden* various"
    ),
    "income": (
        "opbrengst* baten produits produit income revenue* ertrag* revenus inkomsten opbr ontv prod"
    ),
    "sale": (
        "verkoop* verkopen vente ventes sale sales omzet* turnover* erlos* umsatz* verkauf* verk "
        "vte vtes chiffre"
    ),
    "purchase": (
        "aankoop* aankopen inkoop* inkopen achat* purchas* einkauf* wareneinsatz* aank ach "
        "kostprijs*"
    ),
    "resale": (
        "handelsgoed* marchandis* merchandis* handelswaren* wederverkoop* revente* resale* "
        "handelsg march marchand waren"
    ),
    "goods": "goederen biens bien goods guter",
    "raw": "grondstof* rohstoff* raw_material grondst",
    "consumable": "hulpstof* consommables consumable* hilfsstoff* excipients",
    "service": (
        "dienst diensten service services prestation* dienstleistung* prest dienstverl* "
        "detachering* leistung*"
    ),
    "subcontract": (
        "onderaanne* uitbesteed* soustraitance subcontract* unterauftrag* fremdleistung* derden "
        "tiers freelanc* zzp contractor* independant*"
    ),
    "stock": "voorraad* voorraden stock stocks inventor* lager* vorrat* bestand* vrrd voorr",
    "change": (
        "wijziging* mutatie* variation* decrease* increase change* veranderung* "
        "bestandsveranderung* voorraadwijziging*"
    ),
    "packaging": "verpakking* emballage* packaging* verpackung*",
    "discount": (
        "korting* ristorno* remise* rabais ristourne* rabat* discount* rebate* allowance* kort "
        "rist skonto* escompte* nachlass* betalingskorting*"
        " rrr rdr rpr"
    ),
    "rent": "huur* verhuur* loyer* locati* rent rental* rents miet*",
    "lease": "leas* renting*",
    "maintain": (
        "onderhoud* entretien* maint* herstel* repar* repair* instandhaltung* wartung* ond onderh "
        "herst ent entr rep unterhalt*"
    ),
    "clean": "schoonmaak* poets* nettoyag* clean* reinigung* kuis* ouvrage",
    "building": (
        "gebouw* batiment* building* gebaude* pand panden kantoorgebouw* immeuble* geb bat batim "
        "construction* lokal* locaux huisvesting* bedrijfsruimte* syndic* copropriet* "
        "mede_eigendom bedrijfspand* magazijn* entrepot* warehouse* atelier*"
    ),
    "property": "onroerend* immobili* propert* grundstuck*",
    "land": "grond gronden terrein* terrain* land",
    "machine": "machine* maschine*",
    "plant": "installatie* installation* plant anlagen",
    "equipment": (
        "uitrusting* outillage* equipment* apparat* equipement* gereedschap* tool tools mat uitr "
        "equip werkzeug* materieel materiel"
    ),
    "work": "werk werken travaux work works arbeiten trav",
    "furniture": (
        "inventaris* meubilair* meubel* mobilier* furniture* mobel* kantoormeubilair* meub mob"
    ),
    "small": "klein kleine petit* small gering* kleinmateri*",
    "office": "kantoor* bureau* buro* office* bur kant",
    "supplies": (
        "benodigdheden fourniture* supplies supply bedarf burobedarf fourn benodigdh kantoorben* "
        "papier* stationery kopie* copie* photocop* toner* cartouche* klasseer*"
    ),
    "print": "drukwerk* imprim* impression* print* druck*",
    "water": "water* eau eaux wasser*",
    "gas": "gas gaz aardgas*",
    "electricity": "elektric* electric* elektriz* strom stroom*",
    "energy": "energi* energy verwarming* chauffage heating stookolie mazout* utilit* nuts*",
    "fuel": (
        "brandstof* carburant* fuel* kraftstoff* benzin* essence diesel* tank tanken brandst "
        "laad* charging recharg* treibstoff*"
    ),
    "phone": "telefo* telecom* telepho* phone* gsm mobile* communicati* tel",
    "internet": "internet* web",
    "post": (
        "post porti frankering* postag* poste postaux postzegel* affranch* timbre* verzendkost* "
        "koerier* coursier* courier* dhl ups bpost postnl kurier* porto*"
    ),
    "software": (
        "software* logiciel* licentie* licence* license* lizenz* microsoft odoo saas app apps adobe"
    ),
    "it": (
        "it informati* computer* automatisering* edv ict hardware* hosting* domein* domain* cloud "
        "aws azure server*"
    ),
    "accountant": (
        "accountan* boekhoud* comptab* expert steuerberat* belastingadvis* boekh compta "
        "expertcomptable* fisc fiduc* fiscalist* audit* revis*"
    ),
    "legal": (
        "juridi* advoca* avocat* legal lawyer* notar* recht rechtsberat* anwalt* gericht* gerechts*"
    ),
    "professional": "ereloon erelonen professional er hono honor* vergoeding*",
    "advice": "advies* consult* advis* conseil* berat*",
    "insurance": (
        "verzekering* assuranc* assurant* insur* versicherung* premie premies prime verz ass "
        "assur primes"
    ),
    "fire": "brand brand* incendie* fire feuer*",
    "liability": "aansprakelijkheid* responsabilite* ba rc haftpflicht*",
    "travel": (
        "reis* reizen deplacement* travel* voyage* verplaatsing* taxi* vliegticket* flight* avion "
        "trein train openbaarvervoer uber mileage commut* kilometer* kilometre* woonwerk* km"
    ),
    "hotel": "hotel* verblijf* sejour* logement* ubernacht* lodging accommodat*",
    "restaurant": (
        "restaurant* horeca bewirtung* eten repas* meal* maaltijd* resto rest horecakost* "
        "catering* traiteur* lunch* diner*"
    ),
    "reception": "recepti* representati* onthaal* ontvangst* entertainment",
    "gift": "geschenk* relatiegeschenk* cadeau* gift* bloemen fleurs flowers attentie*",
    "advertise": (
        "reclam* advert* annonc* werbe* werbung* marketing* promotie* recl pub ads promotion* "
        "sponsor* seo publicit*"
    ),
    "fair": "beurs* beurzen foire* salon* trade_shows conference* messe* congres* seminar*",
    "member": (
        "lidgeld* cotisation* membership* bijdrage* contribut* mitglied* beitrag* dues lidg "
        "lidmaatschap* ledenbijdrag* adhesion*"
    ),
    "subscription": "abonnement* subscript* abo",
    "documentation": "documentati* vakliteratuur* literatuur* boeken livres books",
    "training": (
        "opleiding* vorming* formation* training* studie* cursus* schulung* fortbildung* bildung*"
    ),
    "interim": "interim* uitzend* temporary inhuur* ingeleend* leiharbeit* zeitarbeit*",
    "staff": (
        "personeel* personnel* employe* staff werknemer* pers "
        "collaborat* human medewerker* teambuilding"
        " personal"
    ),
    "wage": (
        "loon lonen bezoldig* remunerat* salai* salar* wage* lohn* gehalt* wedde* rem vergoed* "
        "bezold paie payroll* traitement* bruto"
        " arbeitsentgelt*"
    ),
    "director": (
        "bestuurder* administrateur* director* zaakvoerder* gerant* dga geschaftsfuhr* manager "
        "managers management* bedrijfsleider* dirigeant* tantieme* executive*"
    ),
    "social": "social* rsz onss nsso sozial* patronale* werkgeversbijdrag* sociaal",
    "pension": "pensioen* pension* rente*",
    "holiday": "vakantie* vacances holiday* urlaub* pecule*",
    "clothing": "kleding* kledij vetement* clothing* arbeitskleidung* werkkledij",
    "car": (
        "auto* wagen wagens personenauto* personenwagen* voiture* car cars pkw* passenger carwash "
        "lavage"
    ),
    "truck": "vrachtauto* vrachtwagen* camion* truck* bestelwagen* lkw lorry commercial_vehicle",
    "motorbike": "motorfiets* moto motos motorbike* motorrad* motorcycle*",
    "ebike": "ebike",
    "bike": "fiets fietsen velo velos bike* bicycle* fahrrad*",
    "vehicle": (
        "voertuig* vehicul* vehicle* roulant rollend wagenpark* vervoermiddel* rollmat rolling "
        "transportmiddel* fahrzeug* kfz rijdend"
        " verkehrsmittel* fuhrpark* rijwiel*"
    ),
    "parking": "parkeer* parking* parkgebuhr* stationnement",
    "toll": "peage* tol tolheffing* wegenbelasting* vignet* maut* verkeersbelasting*",
    "transport": (
        "transport* vervoer* vracht vrachtkost* freight* fracht* port ports shipping* transp verv "
        "verzending* expedition* levering* livraison*"
    ),
    "customs": "douane* accijn* accis* customs excise* zoll* invoerrecht*",
    "tax": "belasting* taks taksen taxe taxes tax impot* steuer* heffing* bel taxation",
    "fine": "boete* amende* fine fines geldbusse* bussgeld* sanction* penalit*",
    "regional": "gewest* region*",
    "municipal": "gemeente* communal* municipal* provinc* gemeinde*",
    "registration": "registratie* enregistre* registration* neerlegging* publication*",
    "bank": "bank bankkost* bancair* banque* banken* bankgebuhr*",
    "interest": "interest* intrest* interet* rente zins* rentelast* agio* schuldinterest*",
    "exchange": (
        "wissel wisselresult* wisselkoers* koers* exchange* currency kursdifferen* devise* wahrung*"
    ),
    "payment": "betaling* paiement* payment* zahlung*",
    "difference": "verschil* difference* differenz* afronding* arrondi* rounding* rundung* ecart*",
    "depreciate": (
        "afschrijving* amorti* depreciation* abschreib* waardevermindering* dotation* afschr "
        "amort dot geboekte abschr write_down reduction*"
        " dcv ava zwb correction* wertberichtigung* wertminderung* zufuhrung*"
    ),
    "acquisition": "aanschaf* acquisition* anschaffung* verkrijgingsprijs* aankoopwaarde*",
    "revalue": (
        "meerwaarde* herwaardering* plus_value reevaluation* revaluation* gain* boekwinst* "
        "buchgewinn* mehrwert*"
    ),
    "loss": "minderwaarde* moins_value verlies* boekverlies* loss losses perte* buchverlust*",
    "writeback": "terugneming* reprise* write_back rucknahme* besteding* utilisation* uses",
    "doubtful": "dubieuze dubieus oninbaar* douteu* doubtful bad zweifelhaft* irrecouvr* dub",
    "provision": "voorziening* provision* ruckstellung* voorz prov",
    "debtor": (
        "klant klanten debiteur* client clients customer* debtor* handelsvordering* kunden* "
        "trade_debtors"
    ),
    "creditor": "leverancier* crediteur* fournisseur* supplier* creditor* lieferant*",
    "receive": (
        "ontvangen vorder* creance* receivable* recevoir recuperer recover* forderung* "
        "terugvorder* terug"
    ),
    "pay": "betalen payer payable* zahlen verbindlichkeit* schuld schulden dette* debt* afdragen",
    "deferred": (
        "overlopend* overgedragen regularis* deferred reporter overdragen vooruitbetaald* prepaid "
        "vooruit abgrenzung*"
    ),
    "accrued": "toerekenen imputer accrued verkregen acquis",
    "advance": "voorschot* vooruitbetaling* acompte* advance* avance* anzahlung* aanbetaling*",
    "vat": "btw tva vat mwst ust umsatzsteuer* vorsteuer* voorbelasting",
    "guarantee": "waarborg* borgtocht* caution* deposit* garanti* guarant* kaution* borg",
    "loan": "lening* emprunt* pret prets loan* darlehen* krediet* credit hypothe*",
    "capital": "kapitaal* capital* kapital*",
    "reserve": "reserve* rucklage*",
    "private": "prive privat*",
    "current_account": "currentaccount",
    "cash": "kas kassa* caisse* cash kasse*",
    "transfer": "overboeking* virement* transfer*",
    "suspense": "tussenrekening* wachtrekening* attente suspense kruisposten vraagposten",
    "security": (
        "bewaking* beveiliging* gardiennage security* surveillance alarm* securite veiligheid*"
    ),
    "waste": (
        "afval* dechet* waste milieu* environment* entsorgung* huisvuil* vuilnis* poubelle* ordures"
    ),
    "commission": "commissie* commission* provisie* makelaar* courtage* broker*",
    "brand": "merk merken marque* brands trademark*",
    "study": "etude etudes studies",
    "development": "ontwikkeling* development* developpement* entwicklung*",
    "formation": "oprichting* etablissement* gruendung* startup*",
    "grant": "subsidie* subside* subvention* grant* zuschuss* subs wbso",
    "recharge": "doorbelast* doorreken* refactur* recuperat* recharge* weiterbelast*",
    "shop": "webshop winkel* magasin*",
    "intangible": "immaterie* incorpor* intangib*",
    "tangible": "materiele corporel* tangib* sachanlage* materieel_vast",
    "nondeductible": "nondeductible",
    "year": "jaar an ans year jahr annee* geschaftsjahr* exercice* boekjaar* period*",
    "eu": (
        "inside_eu duitsland allemagne germany deutschland frankrijk france frankreich italie "
        "italy spanje espagne ic icl"
    ),
    "non_eu": "outside_eu usa vs verenigde etats suisse zwitserland uk",
    "domestic": (
        "binnenland* belgie belgique belgium national* nederland* nl be inland* luxembourg* "
        "binnenl domestic"
        " belgisch* belge* belgian luxemburg*"
    ),
    "export": "export* uitvoer* ausfuhr*",
    "import": "import* invoer* einfuhr*",
    "high": "hoog high hoch",
    "low": "laag low niedrig",
    "reverse": "verlegd* autoliquid* reverse verlagert",
    "cocontract": "medecontract* cocontract* mc cocontr cc medec",
    "food": (
        "koffie* cafe boisson* drank* drinks coffee getrank* food voeding* nourriture* "
        "alimentation*"
    ),
    "tyre": "band banden pneu pneus tyre tyres tires reifen*",
    "move": "verhuis* demenag* moving umzug*",
    "medical": (
        "arbeidsgeneesk* medisch* medical* medecin* ziekte* hospitali* health kranken* gezondheid*"
    ),
    "accident": "arbeidsongeval* accident* unfall*",
    "benefit": "voordel* avantage* benefit*",
    "donation": "schenking* giften don dons donat* spende*",
    "royalty": "royalt* auteursrecht* droits_auteur",
    "patent": "octrooi* brevet* patent*",
    "corporate_tax": "vennootschapsbelasting* isoc venb vpb korperschaftsteuer* corporat*",
    "withholding": "voorheffing* precompte* withhold* bedrijfsvoorheffing* loonheffing*",
    "dividend": "dividend*",
    "collect": "incasso* recouvr* inning* collection*",
    "card": (
        "kredietkaart* carte cartes card cards tpe terminal* bancontact worldline visa mastercard"
    ),
    "garden": "tuin* jardin* garden* groen*",
    "secretariat": "secretar*",
    "recruit": "werving* recrut* recruit* aanwerving* personalbeschaff*",
    "dismissal": "ontslag* preavis* licenciement* severance opzeg*",
    "goodwill": "goodwill* fonds_commerce",
    "shares": (
        "aandelen aandeel actions action shares share deelneming* participation* beteiligung* "
        "anteile*"
    ),
    "meal_voucher": "maaltijdcheq* ticket* cheques cheque voucher* ecocheq* essensgutschein*",
    "event": "event* evenement* veranstaltung*",
    "foreign": "buitenland* etranger* foreign* ausland*",
    "financial": "financi* finanz*",
    "profit": "winst* profit* benefice* gewinn*",
    "asset": "activa actif asset* anlagevermogen* immobilisation*",
}
STOP = frozenset(
    "de het een van der den en of op in aan voor met te tot door uit bij over naar om als ten zijn"
    " le la les l d du des un une et ou a au aux sur pour par avec en dans s qui ne pas"
    " the a an of and or on in for to by with at from which are"
    " der die das des dem den ein und oder fur von mit zu im am auf aus nach"
    " einem einer wird werden besteht bei ist zum zur vom durch gege gegen est sont dont que elle"
    " lequel lesquelles than is as be up its this ayant aan mij me befindlich"
    " ag nv bv sa sprl bvba srl vzw asbl excl incl inclusief compris c alg enz etc".split()
)
# Words that belong together, before they are taken apart.
PHRASES = (
    (r"\b(e|elektrische|electric|electriques?) (bikes?|fietsen|fiets|velos?)\b", "ebike"),
    (r"\b(velos?|fahrrader) (electriques?)\b|\belektrofahrrader\b", "ebike"),
    (
        r"\b(commercial vehicles?|vehicules? utilitaires?|bedrijfsvoertuig(en)?|lichte vracht\w*"
        r"|nutzfahrzeuge?)\b",
        "commercial_vehicle",
    ),
    (r"\b(plus values?|capital (profits?|gains?))\b", "plus_value"),
    (r"\b(moins values?|capital losses)\b", "moins_value"),
    (r"\b(write downs?|reductions? de valeur)\b", "write_down"),
    (r"\bwrite backs?\b", "write_back"),
    (r"\b(trade debtors?|creances commerciales|handelsvorderingen)\b", "trade_debtors"),
    (
        r"\b(rekening courant|comptes? courants?|current accounts?|kontokorrent\w*|r c)\b",
        "currentaccount",
    ),
    (
        r"\b(buiten (de )?(eu|eg|europa)|hors (de )?(l )?(ue|cee|eu)|outside (of )?(the )?eu|non eu"
        r"|derde landen|pays tiers|extracommunautaire\w*|ausserhalb (der )?(eu|eg)|drittland\w*"
        r"|rest of (the )?world|reste du monde|outside europe)\b",
        "outside_eu",
    ),
    (
        r"\b(binnen (de )?(eu|eg)|innerhalb (der )?eu|(within|inside) (the )?eu|dans l ue"
        r"|intra ?commun\w*|intracom\w*"
        r"|intra eu|innergemeinschaft\w*|icv|icl|icp|ue|eu|eg|cee)\b",
        "inside_eu",
    ),
    (r"\b(niet|non|not) ?(aftrekb\w*|deduct\w*|recup\w*)\b", "nondeductible"),
    (r"\bsous traitan\w*\b", "soustraitance"),
    (r"\btrade shows?\b", "trade_shows"),
    (
        r"\b(belasting\w*|tax|taxes|taxe|steuern?) (op |sur |on |auf )?(les |the )?"
        r"(auto\w*|personenauto\w*|voitures?|cars?|wagens?|voertuigen|vehicules|vehicles|pkw)\b"
        r"|\b(taxes?|impots?) de (circulation|roulage)"
        r"|(verkeers|wegen|motorrijtuigen)\w*belasting\w*|road tax\w*|kfz steuer\w*|\bmrb\b",
        "verkeersbelasting auto",
    ),
    (
        r"\b(openbaar vervoer|transports? (en commun|publics?)|public transport\w*"
        r"|offentliche verkehrsmittel)\b",
        "openbaarvervoer",
    ),
    (r"\b(roll\w* mat\w*|mat\w* roul\w*|rollend\w* mat\w*|rolling stock)\b", "rolling"),
    (r"\b(femme d ouvrage|femme de menage)\b", "nettoyage"),
    (r"\b(huur en |renting en )?(operation\w* leas\w*|leasing operationnel)\b", "leasing"),
    (r"\bverbruikte? goederen\b", "consommables"),
    (r"\b(matieres? premieres?|raw materials?)\b", "raw_material"),
    (r"\b(belastingen|taxe|taxes) (op|sur) (de )?(toegevoegde waarde|la valeur ajoutee)\b", "btw"),
)
COMPILED = tuple((re.compile(form), word) for form, word in PHRASES)
# Words that often stand for each other: an office has one account for what Odoo parts, or parts it
# another way.
RELATED = {
    **dict.fromkeys(
        [
            *(("car", "vehicle"), ("truck", "vehicle"), ("property", "building")),
            *(("electricity", "energy"), ("gas", "energy"), ("rent", "lease"), ("hotel", "travel")),
            *(("software", "it"), ("raw", "resale"), ("raw", "consumable"), ("goods", "resale")),
            *(("car", "truck"), ("interim", "staff"), ("fair", "advertise"), ("fine", "tax")),
            *(("legal", "professional"), ("accountant", "professional")),
            *(("advice", "professional"), ("parking", "travel"), ("toll", "tax")),
            *(("wage", "staff"), ("consumable", "supplies"), ("reception", "restaurant")),
            *(("machine", "equipment"), ("plant", "machine"), ("furniture", "equipment")),
            *(("transport", "vehicle"), ("it", "internet"), ("internet", "phone")),
            *(("municipal", "tax"), ("regional", "municipal"), ("water", "energy")),
            *(("motorbike", "vehicle"), ("ebike", "bike"), ("bike", "vehicle")),
            *(("eu", "export"), ("non_eu", "export"), ("cocontract", "reverse")),
            *(("loan", "interest"), ("difference", "exchange"), ("building", "office")),
        ],
        0.6,
    ),
}
# A word that ends with a point is cut off.
CUT = re.compile(r"(\w{3,})\.")
# How much a word counts that stands in a great part of all names, and one that parts accounts which
# are alike otherwise.
LIGHT = {
    **dict.fromkeys(("eu", "non_eu", "cocontract"), 1.6),
    "business": 0.25,
    "sale": 0.6,
    "cost": 0.15,
    "account": 0.15,
    "purchase": 0.5,
    "income": 0.5,
    "service": 0.6,
    "goods": 0.5,
    "year": 0.4,
    "acquisition": 0.3,
    "domestic": 0.5,
    "professional": 0.7,
    "equipment": 0.7,
}
# Two names with different words of one of these groups mean different accounts.
EXCLUSIVE = (
    {"car", "truck", "motorbike", "bike", "ebike"},
    {"acquisition", "depreciate"},
    {"revalue", "loss"},
    {"receive", "pay"},
    {"debtor", "creditor"},
    {"sale", "purchase"},
    {"income", "cost"},
    {"eu", "non_eu", "domestic"},
    {"high", "low"},
    {"import", "export"},
    {"deferred", "accrued"},
    {"tangible", "intangible"},
)
