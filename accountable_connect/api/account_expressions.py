"""Expressions of several words in the names of ledger accounts, in Dutch, French, English and
German, and how the words of account_vocabulary_balance.py go together."""

# What they are read as, and how they are written or begin, parted by semicolons.
EXPRESSIONS = {
    "finished_product": (
        "gereed product; gereed produkt; afgewerkte product; eindproduct; produits finis; "
        "produit fini; finished good; finished product; fertigerzeugnis; fertige erzeugnis; "
        "fertigen erzeugnis"
    ),
    "work_in_progress": (
        "goederen in bewerking; onderhanden werk; en cours de fabrication; encours de "
        "fabrication; produits en cours; work in progress; work in process; goods in process; "
        "unfertige erzeugnis; unfertigen erzeugnis"
    ),
    "contract_in_progress": (
        "bestellingen in uitvoering; onderhanden projecten; projecten in uitvoering; commandes "
        "en cours; contracts in progress; orders in progress; in ausfuhrung befindliche; in "
        "ausfuhrung befindlichen"
    ),
    "order_advance": (
        "acomptes sur commandes; acomptes recus sur commandes; vooruitbetalingen op "
        "bestellingen; ontvangen vooruitbetalingen; anzahlungen auf bestellungen; advance "
        "payments on contracts in progress; advances on orders; payments received on account"
    ),
    "under_construction": (
        "activa in aanbouw; immobilisations en cours; immobilisations corporelles en cours; "
        "immobilisations incorporelles en cours; assets under construction; fixed assets in "
        "progress; anlagen im bau; im bau befindliche"
    ),
    "current_asset": (
        "vlottende activa; actifs circulants; actif circulant; current assets; umlaufvermogen"
    ),
    "asset": (
        "vaste activa; vast actief; fixed assets; fixed asset; actifs immobilises; "
        "bedrijfsmiddelen; capital goods; biens d investissement"
    ),
    "credit_institution": (
        "kredietinstellingen; kredietinstelling; etablissements de credit; credit institutions; "
        "kreditinstitute; kreditinstitut"
    ),
    "participation": (
        "participating interest; waarmee een deelnemingsverhouding bestaat; avec lesquelles il "
        "existe un lien de participation; avec lesquelles l entreprise a un lien de "
        "participation; ayant un lien de participation; mit denen ein beteiligungsverhaltnis "
        "besteht; linked by virtue of"
    ),
    "affiliated": "affiliated enterprise; affiliated undertaking; parties liees",
    "fixed_income": (
        "fixed income; titres a revenu fixe; revenu fixe; vastrentende effecten; "
        "festverzinsliche wertpapiere"
    ),
    "share_premium": "share premium; primes d emission; uitgiftepremie; emissionsagi; agioreserve",
    "know_how": "know how; savoir faire",
    "goodwill": "fonds de commerce; geschafts oder firmenwert; geschaftswert",
    "carried": "carried forward; brought forward; a reporter le benefice",
    "deferred": (
        "over te dragen; a reporter; vorzutragende; vooruit gefactureerd; vooruit ontvangen; "
        "vooruit betaald; invoiced in advance; paid in advance; payees d avance; percus d "
        "avance; constatees d avance; im voraus"
    ),
    "accrued": (
        "toe te rekenen; a imputer; nog te betalen kosten; anzurechnende; verkregen opbrengst; "
        "produits acquis; erworbene ertrage; accrued income"
    ),
    "invoice_to_come": (
        "nog te ontvangen facturen; te ontvangen facturen; factures a recevoir; invoices to be "
        "received; invoices to receive; eingehende rechnungen; zu erhaltende rechnungen; "
        "ausstehende rechnungen"
    ),
    "invoice_to_make": (
        "op te maken facturen; op te stellen facturen; nog te factureren; factures a etablir; "
        "factures a emettre; invoices to be issued; invoices to issue; auszustellende "
        "rechnungen; zu erstellende rechnungen"
    ),
    "exchange difference": (
        "exchange result; exchange difference; exchange rate difference; resultats de change; "
        "difference de change; differences de change; ecarts de change; wisselresultat; "
        "wisselkoersverschil; koersverschil; wechselkursdifferenz; kursdifferenz"
    ),
    "exchange": "gains de change; pertes de change; perte de change; gain de change",
    "oprichting": "formation expense; formation cost; frais d etablissement",
    "securities": "valeurs mobilieres; transferable securities",
    "extralegal": (
        "assurance groupe; assurances groupe; group insurance; extra legal; extra legale; "
        "aussergesetzlich"
    ),
    "auto onderhoud": "controle technique; technische keuring; autokeuring; car inspection",
    "verkeersbelasting auto": "inverkeerstelling; mise en circulation",
    "wage bonus": (
        "prime de fin d annee; primes de fin d annee; 13eme mois; thirteenth month; 13e maand; "
        "year end bonus"
    ),
    "test": (
        "niet gebruiken; niet te gebruiken; ne pas utiliser; do not use; not to be used; nicht "
        "verwenden; nicht benutzen"
    ),
    "gewst": "impot commercial communal; municipal business tax",
    "long_term": (
        "meer dan een jaar; plus d un an; more than one year; mehr als einem jahr; lange "
        "termijn; long terme; long term; langfristig; langlopend"
    ),
    "credit_note": (
        "creditnota; credit nota; note de credit; notes de credit; credit note; gutschrift"
    ),
    "receivables": "amounts receivable; amounts owed by; amounts due from; accounts receivable",
    "pay schulden": "amounts owed to; amounts payable; accounts payable; amounts due to",
    "trade": (
        "aus lieferungen und leistungen; handelsschuld; handelsvordering; dettes commerciales; "
        "creances commerciales; trade debtors; trade creditors; trade receivables; trade "
        "payables; trade debts"
    ),
    "douteux debiteur": (
        "bad debts; bad debt; doubtful debtors; dubieuze debiteur; oninbare vordering; oninbare "
        "debiteur; creances douteuses; clients douteux; creances irrecouvrables; "
        "forderungsausfall; forderungsausfalle; uneinbringliche forderungen; doubtful amounts; "
        "zweifelhafte forderungen"
    ),
    "write_off": "write off; written off",
    "depreciate": (
        "value adjustment; correction de valeur; corrections de valeur; amounts written down; "
        "amounts written off; geboekte waardeverminderingen"
    ),
    "meerwaarde": "capital profit; plus values; book profit; book gain",
    "onroerend belasting voorheffing": (
        "onroerende voorheffing; precompte immobilier; property withholding tax; "
        "immobilienvorabzug; immobiliensteuervorabzug; grundsteuer; property tax; property "
        "taxes; ozb; onroerende zaakbelasting; onroerendezaakbelasting; onroerend "
        "zaakbelasting; onroerende zaak belasting; impot foncier; taxe fonciere; belastingen "
        "onroerend; belasting onroerend"
    ),
    "vervoermiddelen": (
        "transport resources; means of transport; moyens de transport; transport equipment"
    ),
    "kostprijs": (
        "cost price; cost of goods sold; cost of sales; prix de revient; kostprijs van de "
        "omzet; kostprijs verkopen; herstellungskosten; selbstkosten"
    ),
    "loonheffing": "payroll tax; wage tax; precompte professionnel; berufssteuervorabzug",
    "btw": "sales tax; turnover tax; pre tax; input tax; belasting over de toegevoegde",
    "vennootschapsbelasting": (
        "corporate income tax; corporation tax; company tax; income taxes; impot des societes; "
        "impots sur les revenus; impot sur le revenu; impot sur les societes; impots sur le "
        "resultat; belastingen op het resultaat; belasting op het resultaat; winstbelasting"
    ),
    "gift": (
        "business gift; cadeaux d affaires; cadeaux clients; cadeaux a la clientele; werbegeschenk"
    ),
    "hired personeel": (
        "staff on loan; ingeleend personeel; ingehuurd personeel; hired staff; personnel "
        "detache; personnel mis a disposition"
    ),
    "commute": (
        "woon werk; woonwerk; domicile lieu de travail; domicile travail; home to work; trajets "
        "domicile"
    ),
    "email": "e mail",
    "zzp": "third party work; work third parties; work of third parties; werk derden",
    "security_deposit": "security deposit; rental deposit; garantie locative; huurwaarborg",
    "openbaarvervoer": "transport en commun; public transport",
    "social rsz": "social security; securite sociale; sociale zekerheid",
    "niet subordinated": "unsubordinated",
    "marchandises": "trade goods; goods for resale",
    "bank card": "credit card; kredietkaart; carte de credit; cartes de credit",
}
# As in account_vocabulary.py.
RELATED = {
    ("allowance", "professional"): 0.5,
    ("receivables", "receive"): 0.8,
    ("receivables", "debtor"): 0.5,
    ("trade", "debtor"): 0.5,
    ("trade", "creditor"): 0.5,
    ("credit_institution", "bank"): 0.7,
    ("bond", "loan"): 0.7,
    ("mortgage", "loan"): 0.7,
    ("securities", "shares"): 0.6,
    ("participation", "shares"): 0.7,
    ("workshop", "building"): 0.6,
    ("electricity", "fuel"): 0.3,
    ("worker", "staff"): 0.8,
    ("clerk", "staff"): 0.8,
    ("municipal_business", "municipal"): 0.6,
    ("extralegal", "pension"): 0.6,
    ("extralegal", "insurance"): 0.5,
    ("late", "fine"): 0.4,
    ("late", "interest"): 0.4,
    ("paypal", "card"): 0.5,
    ("consumer", "private"): 0.3,
    ("commute", "travel"): 0.6,
    ("allowance", "wage"): 0.4,
    ("display", "advertise"): 0.7,
    ("representation", "reception"): 0.9,
    ("representation", "restaurant"): 0.5,
    ("appropriate", "depreciate"): 0.5,
    ("appropriate", "provision"): 0.5,
    ("write_off", "loss"): 0.6,
    ("write_off", "depreciate"): 0.6,
    ("refund", "receive"): 0.4,
    ("hired", "interim"): 0.8,
    ("audit", "accountant"): 0.7,
    ("bonus", "discount"): 0.6,
    ("bonus", "wage"): 0.5,
    ("fitting", "furniture"): 0.5,
    ("fitting", "building"): 0.5,
    ("mortgage", "interest"): 0.3,
    ("order_advance", "advance"): 0.8,
    ("car_tax", "toll"): 0.9,
    ("security_deposit", "guarantee"): 0.9,
    ("deposit", "guarantee"): 0.4,
    ("deposit", "bank"): 0.5,
    ("currency", "exchange"): 0.8,
    ("disposal", "loss"): 0.3,
    ("disposal", "revalue"): 0.4,
    ("employer", "social"): 0.5,
    ("formation", "start"): 0.9,
    ("withdrawal", "private"): 0.5,
    ("partner", "private"): 0.6,
    ("partner", "director"): 0.6,
    ("withholding", "wage"): 0.3,
    ("invoice_to_come", "receive"): 0.4,
    ("sick", "medical"): 0.6,
    ("exceptional", "recurring"): 0.5,
    ("affiliated", "participation"): 0.3,
    ("administration", "office"): 0.6,
    ("administration", "accountant"): 0.5,
    ("result", "difference"): 0.5,
    ("result", "profit"): 0.5,
    ("research", "study"): 0.6,
    ("recycling", "waste"): 0.7,
    ("remote", "export"): 0.3,
    ("contribution_private", "private"): 0.5,
    ("payment", "pay"): 0.6,
    ("finished_product", "goods"): 0.4,
    ("plant", "equipment"): 0.6,
}
LIGHT = {
    # an account nobody is to use
    "test": 4.0,
    "value": 0.2,
    "price": 0.4,
    "rate": 0.3,
    "linked": 0.2,
    "asset": 0.5,
    "not": 0.7,
    "trade": 0.5,
    "additional": 0.6,
    "term": 0.5,
    "third": 0.6,
    "direct": 0.5,
    "result": 0.6,
    "produced": 0.6,
    "affiliated": 0.8,
    "state": 0.6,
}
EXCLUSIVE = (
    {"allowed", "receive"},
    {"creditor", "debtor"},
    {"invoice_to_come", "invoice_to_make"},
    {"finished_product", "raw", "work_in_progress"},
    {"appropriate", "writeback"},
    {"acquisition", "sale"},
    {"clerk", "director", "worker"},
    # what is paid for one thing: rented, maintained, insured …
    {"clean", "depreciate", "fuel", "insurance", "interest", "maintain", "rent", "tax"},
)
