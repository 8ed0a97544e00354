"""More of the vocabulary of account_vocabulary.py: words of the balance sheet, of results and of
taxes, and rarer words of costs. General words of bookkeeping, never those of one chart."""

# Written as in account_vocabulary.py; a meaning that is there too gets these words as well.
MEANINGS = {
    "meal_voucher": "eco",
    "margin": "marge margin*",
    "service": "prestati*",
    "fair": "tentoonstel*",
    "pension": "ipt",
    "bike": "fiets*",
    "profit": "earnings",
    "reception": "entertaining",
    "accountant": "buchfuhr* jaarrekening*",
    "purchase": "wareneing*",
    "work": "travail",
    "registration": "moniteur staatsblad publicati*",
    "return": "retour* returns ruckgabe*",
    "packaging": "statiegeld*",
    "fine": "naheffing*",
    "payment": "transacti* processing versement*",
    "recruit": "selectie* selection*",
    "electricity": "licht lumiere",
    "director": "directie directeur*",
    "raw": "matieres_premieres rohmaterial*",
    "consumable": (
        "verbruiksgoed* verbruiksmat* approvisionnement* verbrauchsgut* verbrauchsmat* "
        "betriebsstoff* hilfs"
    ),
    "stock": "grondstoffenvoorraad* warenbestand*",
    "office": "bureel* bureau",
    "property": "eigendom* vastgoed* goed_onroerend",
    "supplies": "kantoorartikel* bureelbenodigd* schrijfwaren* papeterie* burowaren* buromaterial*",
    "interim": "oproepkracht* flexi* jobstudent* dagcontract*",
    "gift": "kerstpakket* kerstgeschenk* relatie relaties",
    "workshop": "werkplaats* workshop* werkstatt*",
    "test": "niet_gebruiken test tests dummy testrekening",
    "loss": "verliez*",
    "card": "merchant* kartenzahl* pin pinbetal* betaalkaart*",
    "paypal": "paypal stripe mollie adyen sumup",
    "bank": (
        "girokonto* zichtrekening* rekening_courant sparkasse kbc belfius bnp fortis rabobank "
        "abn argenta"
    ),
    "cash": "petty bargeld* barbestand kassen*",
    "recharge": "doorgerekend* doorrekening* weiterberech* herfacturatie* rebilling",
    "car": "omnium motor personenkraft* autokost*",
    "study": "studien ontwerp* design*",
    "accident": "arbeidsongevallen* ongeval*",
    "overtime": "overuren overtime uberstund*",
    "extralegal": "extralegal* buitenwettelijk* groepsverzek* gruppenversicher*",
    "secretariat": "securex acerta liantis partena",
    "own": "eigen propre propres own eigene",
    "consumer": "particulier* consument* consumer* consommateur* b2c verbraucher* privatkund*",
    "interest": (
        "renteopbr* rentebat* rentekost* renteinkomst* debetrente creditrente intresten interessen"
    ),
    "late": "nalatigheid* verwijl* moratoire* late retard verzug* laattijdig*",
    "medical": "arbo eerste_hulp pharmac* apothe* ehbo verbandkist* betriebsarzt*",
    "fuel": "esso q8 shell lukoil texaco laadpaal* laadkost* borne bornes",
    "phone": "proximus telenet orange kpn vodafone ziggo handy* smartphone*",
    "municipal_business": "icc mbt gewst gewerbesteuer*",
    "doubtful": "uneinbring* dubious",
    "sale": "vertrieb* selling afzet*",
    "cost": "ausgabe* uitgave*",
    "income": "einnahme* einkunft* ontvangsten recettes inkomst*",
    "business": "societe societes venno overhead* gemeinkost* firma firmen*",
    "maintain": "renewal* pflege* instandsetz* keuring* revisie* unterhaltung*",
    "creditor": "glaubiger* kreditoren",
    "debtor": "clientel* debitor* schuldner*",
    "clerk": "bediende* angestellt* employes salaried clerk*",
    "worker": "arbeider* ouvrier* arbeiter* worker* hourly",
    "not": "niet non not nicht",
    "value": (
        "waarde value values valeur valeurs wert werte bedrag bedragen betrag betrage montant* "
        "amount amounts buchwert* boekwaarde"
    ),
    "price": "prijs prijzen price prices prix preis preise",
    "rate": "tarief rate rates taux tariev* steuersatz* satz",
    "year": "boekjaar boekjaren geschafts",
    "previous": "vorig* voorgaand* anterieur* previous* preceding prior vorjahr* vorhergehend*",
    "estimated": "geraamd* estime* estimated geschatzt* raming*",
    "recurring": "recurr* wiederkehrend*",
    "linked": "linked",
    "other": "overig overige remaining weitere",
    "third": "extern* third dritt*",
    "major": "groot grote grosse grosses gros major grosser",
    "additional": "aanvullend* additional supplement* zusatzlich* suppletie* nachzahlung*",
    "allowed": "toegekend* accorde* allowed gewahrt* granted verleend*",
    "receive": (
        "received recu recus recue recues recoverable erhalten* obtenu* te_ontvangen "
        "erstattungs* zuruckzuerhaltend* innen"
    ),
    "pay": (
        "paid verse verses versee versees gezahlt* geleistet* zahlend* verschuldigd* gestort* "
        "storten due dus betaald* uitbetaald* afdracht* remittance liabilities obligations "
        "betaal*"
    ),
    "direct": "direct* rechtstreeks*",
    "asset": "anlagewert* immobilise* vermogensgegenstand*",
    "tangible": "materiell*",
    "research": "onderzoek* recherche research forschung*",
    "concession": "concessie* concession* konzession*",
    "royalty": "copyright* urheber* auteur* reproduct* reproduktion*",
    "patent": "patente",
    "brand": "warenzeich* handelsmerk*",
    "built": "bebouwd* bati bebaut* built developed",
    "fitting": (
        "fitting* fixture* einrichtung* agencement* amenagement* inrichting* ausstattung* "
        "verbouwing* renovat* ombouw umbau*"
    ),
    "construction_work": "aanbouw",
    "building": "winkelpand* bedrijfsgebouw* bureelgebouw* bauten hal hallen",
    "plant": "anlage produktionsanlag* technische technisch techniques",
    "equipment": (
        "tooling* artikelen materiaal material materials betriebsausstattung* "
        "geschaftsausstattung* apparatuur* appareil* device* hulpmidd*"
    ),
    "furniture": "inventar* geschaftseinrichtung*",
    "vehicle": (
        "heftruck* aanhangwagen* remorque* anhanger* vervoer_middel lastkraft* lieferwagen* "
        "poids_lourd*"
    ),
    "affiliated": (
        "verbonden affiliated liee liees lie verbunden* konzern* groepsmaatschappij* "
        "intercompany groep group groupe intragroup"
    ),
    "participation": "participating deelnemings* deelgeneming*",
    "securities": (
        "effecten titre titres securities wertpapier* beleggingen geldbelegging* placement* "
        "kapitalanlage* investments valeurs_mobilieres"
    ),
    "bond": "obligati* obligation* obligatair* bond bonds debenture* anleih* schuldverschreibung*",
    "fixed_income": "vastrentend* festverzinslich*",
    "bill": (
        "wissels bill bills effet effets besitzwechsel* schuldwechsel* solawechsel* wechseln "
        "promesse* promissory orderbriefje* handelswissel*"
    ),
    "trade": "trade commercial commerciale commerciales commerciaux handel handels* commerce",
    "receivables": "claim claims",
    "term": "terme termijn* term terms laufzeit* termin*",
    "deposit": "deposito* depot depots hinterlegung* spaar* epargne* savings* sparkonto",
    "guarantee": (
        "gewahrleist* borgsom* borgstelling* waarborgsom* warranty garantie* gewaarborgd* "
        "security_deposit"
    ),
    "subordinated": "achtergesteld* subordonne* subordinated nachrangig*",
    "convertible": "convertib* converteer* wandel*",
    "mortgage": "mortgage*",
    "contribution": "inbreng apport apports einlage einlagen contributed",
    "capital": (
        "vermogen issued geplaatst souscrit gezeichnet* subscribed gestort_kapitaal eigen_vermogen"
    ),
    "called": "opgevraagd* appele appeles called eingefordert*",
    "legal_reserve": "wettelijk* legale legales gesetzlich* statutory statutair* statutaire*",
    "available": "beschikba* disponible* available verfugbar* onbeschikbar* unavailable",
    "carried": (
        "onverdeeld* retained reporte reportee reportes carried brought verlustvortrag* "
        "gewinnvortrag* vortrag*"
    ),
    "deferred": (
        "prepay* rechnungsabgrenzung* vooruitbetaal* vorausbezahl* uitgesteld* differe differes "
        "latent* aufgeschoben* vorzutragend* abgegrenzt* vooruitgefactureerd* vooruitontvangen"
    ),
    "accrued": "anzurechnend*",
    "restructuring": "umstruktur* restructur* herstructurer* restrukturier* reorganis*",
    "risk": "risico* risque* risk* risik*",
    "obligation": "verplichting* obligation verpflichtung* engagement* commitment*",
    "invoice": "factuur* facture* invoice* rechnung* gefactureerd*",
    "advance": "anticip* vooraf anzahlungen aanbetaald*",
    "withdrawal": "onttrekking* prelevement* withdrawal* entnahme* opname* privatentnahm* drawing*",
    "contribution_private": "storting*",
    "partner": (
        "vennot* vennoot* associe associes partner* gesellschafter* shareholder* aandeelhouder* "
        "actionnaire*"
    ),
    "result": "result resultaat* resultat* results ergebnis* reingewinn*",
    "disposal": (
        "realisees realisee realisatie* realisation* disposal* verausserung* abgang* cession* "
        "gerealiseerd* realise realises realisiert* vervreemding* desinvest* afstoting*"
    ),
    "appropriate": "toevoeging* appropriation* addition* einstellung*",
    "depreciate": "dotatie* afschrijv* wertverminderung* abwertung* amortiss*",
    "writeback": "rva rcv wertaufholung* auflosung* reversal* terugname* terugneem* reprises",
    "write_off": "afboek* write_off ausbuchung* afwaardering*",
    "fair_value": "fva ajv afv",
    "refund": "terugbetal* rembours* erstattung* reimburs* refund* ruckerstattung* restitution*",
    "produced": (
        "geactiveerd* aktivier* capitali* geproduceerd* produced production produktion* productie*"
    ),
    "discount": (
        "ruckvergutung* preisnachlass* rabatt* betalingskort* kontantkorting* kredietbeperk* "
        "bonifi* boni"
    ),
    "bonus": "eindejaarspremie* dertiende bonus* gratific* pramie* premies_personeel winstdeling",
    "obsolete": "veraltet* incourant* obsolet* obsolescence veroudering*",
    "remote": "afstandsverk* remote fernabsatz* distance",
    "error": "fouten* error* fehler* erreur*",
    "exceptional": (
        "bijzonder* einmalig* uitzonderlijk* exceptionnel* exceptional extraordinar* "
        "buitengewoon* ausserordentlich* ausserbetrieblich* niet_recurrent"
    ),
    "insurance": "assurantie* verzek prevoyance mutuelle*",
    "display": "etalage* decoratie* display* vitrine* schaufenster* decoration* etalier*",
    "advertise": (
        "inserat* insertion* werbemittel* facebook instagram linkedin google adverteren "
        "advertentie* folder* brochure* uithangbord* drukreclame offentlichkeitsarbeit*"
    ),
    "it": "automation* informaticakosten website* websit*",
    "internet": "email",
    "parking": "parken parkieren",
    "post": "verzend* briefmarken versand postkosten postgebuhr*",
    "member": (
        "beitrage mitgliedsbeitr* contributie* verband* beroepsvereniging* kammer* chambre* "
        "ordre federatie* federation*"
    ),
    "documentation": (
        "vakblad* fachliterat* abonnements_presse tijdschrift* magazine* zeitschrift* krant* "
        "journaux fachliteratur* fachbucher revues bibliothe*"
    ),
    "training": "formation formations ausbildung* weiterbildung* seminarie* bijscholing* leergang*",
    "food": (
        "speisen verpflegung* kantin* cantine canteen* drinken getranken* waters fruit broodjes"
    ),
    "restaurant": "geschaftsessen* gaststatte* dejeuner* diners",
    "commute": "woonwerkverkeer* fahrtkosten pendel* trajets_domicile",
    "allowance": (
        "stagevergoed* thuiswerk* ziekengeld* dagvergoed* toelage* indemnit* allowances spesen "
        "onkostenvergoed* forfait* kostenvergoed* taggeld* tagegeld* diem"
    ),
    "sick": "ziekteverzuim* verzuim* arbeidsongeschikt* krankheit* sick maladie* zorgverzek*",
    "employer": "werkgever* employer* employeur* arbeitgeber* patronal*",
    "social": "vapz svw sociaux sicherheit* lasten_sociaal sozialversich* wia uwv zvw",
    "wage": "netto gages salaris* brutoloon nettoloon loonkosten lohnkosten",
    "staff": (
        "welfare* belegschaft* arbeitnehmer* zeitarbeitpersonal personeelslid* teamuitje* "
        "effectif* workforce"
    ),
    "hired": "ingehuurd* loaned detaches",
    "administration": "administratie* administration administrative verwaltung*",
    "representation": "representatie* representation* repraesentation*",
    "audit": "prufung* accountantscontrole* commissaris* commissaire* wirtschaftspruf* revisor*",
    "advice": "consultan* adviseur* beratung* beratungskost*",
    "legal": (
        "rechts prozess* rechtskost* rechtsbijstand* notariel* notarial* beurkund* deurwaarder* "
        "huissier* bailiff* contentieux proces gerecht*"
    ),
    "recycling": "recyc* recupel bebat fostplus",
    "energy": (
        "engie luminus eneco vattenfall essent pellets fuel_oil heizung* brennstoff* heizol* "
        "combustible*"
    ),
    "clean": "wasserij* blanchisserie* laundry ramen vitres",
    "waste": "umwelt* environn* ecolog* containers container",
    "security": "schutz* uberwachung*",
    "transport": "fuhrkost* frachtkost* zustellung* bezorg* vrachtkosten",
    "customs": "invoerkosten invoerrechten inklaring* dedouan* clearance",
    "travel": (
        "kilometri* subsist* vols vol mission missions assignment* dienstreise* geschaftsreise* "
        "kmverg* zakenreis* rijkost* kilometergeld* fahrt* bahn bus tram metro reisekost* "
        "vliegreis* vluchten flights billets flug*"
    ),
    "hotel": "unterbring* verblijfkost* verblijfskost* ubernachtung* hebergement*",
    "lease": "financieringshuur location_financement mietkauf*",
    "vat": "mehrwertsteuer* omzetbelasting* aanslag_btw pre_tax sales_tax turnover_tax",
    "tax": (
        "abgabe* aanslag* steuern fiscal fiscale fiscales fiscaux heffingen duties duty "
        "belastingschuld*"
    ),
    "withholding": (
        "ingehouden retenu retenus retenue retenues einbehalten* withheld payroll_tax wage_tax "
        "lohnsteuer* quellensteuer* roerende verrechnungssteuer"
    ),
    "corporate_tax": "inkomstenbelasting vennootschapsbel* korperschafts* irc cit kst income_tax",
    "revision": "herziening* revision* berichtigung* regularisation_tva",
    "deduction": "aftrek* deduct* deduction* abzug*",
    "state": "verwaltung_staat staat staats* etat state federaal federale federal",
    "car_tax": (
        "verkeerstaks* verkeersbel* autobelast* kfzsteuer* verkeersbelast* mrb "
        "motorrijtuigenbelast*"
    ),
    "start": "errichtung* incorporation constitution grundung*",
    "formation": "errichtungs* oprichtings*",
    "currency": "valuta munt* fremdwahrung* devises monnaie*",
    "exchange": (
        "fx forex wisselverl* wisselwinst* wisselverschil* koerswinst* koersverl* conversion "
        "conversions omrekening* umrechnung* deviezen* wechselkurs* kursgewinn* kursverlust* "
        "kursdiffer* koersverschil*"
    ),
}
