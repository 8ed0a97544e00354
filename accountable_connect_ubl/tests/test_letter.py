"""What each rule of a receiver makes of an e-mail. Plain Python."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.addons.accountable_connect_ubl.api.letter import (
    Facts,
    MailRules,
    body,
    given_word,
    is_pattern,
    largest_file,
    looks_like,
    recipient,
    subject,
    text_fault,
    word_fault,
)
from odoo.addons.accountable_connect_ubl.api.profile import Profile

OCTOPUS = MailRules(word_sales="SI", word_bills="PI", word_in_address=True)
BASECONE = MailRules(
    subject="[{word}] {type} {number} {company}",
    note="[*{type} {number} {party}*]",
    word_sales="VRK",
    word_bills="INK",
)
INVOICE = Facts(kind="sale", number="INV/2026/00015", company="Claes BV", party="Peeters")
BILL = replace(INVOICE, kind="purchase", number="BILL/2026/01/0003")


@pytest.mark.parametrize(
    ("kind", "address", "expected"),
    [
        ("sale", "uid80001@octopus.example", "uid80001-SI@octopus.example"),
        ("sale_refund", "uid80001@octopus.example", "uid80001-SI@octopus.example"),
        ("purchase", "uid80001@octopus.example", "uid80001-PI@octopus.example"),
        ("purchase_refund", "uid80001@octopus.example", "uid80001-PI@octopus.example"),
        # with the word of one side already
        ("sale", "uid80001-SI@octopus.example", "uid80001-SI@octopus.example"),
        ("purchase", "uid80001-SI@octopus.example", "uid80001-PI@octopus.example"),
        # a folder that a person chose
        ("sale", "uid80001-ODOO@octopus.example", "uid80001-ODOO@octopus.example"),
        # no words: figures, small letters
        ("sale", "uid-80001@octopus.example", "uid-80001-SI@octopus.example"),
        ("sale", "uid-si@octopus.example", "uid-si-SI@octopus.example"),
        ("sale", "Uid80001@octopus.example", "Uid80001-SI@octopus.example"),
        ("sale", "no address", "no address"),
    ],
)
def test_the_word_of_a_side_in_the_address(kind, address, expected):
    assert recipient(OCTOPUS, kind, address) == expected


def test_an_address_keeps_its_capitals():
    address = "0477472701-ABcd@Claes.ClearFacts.example"
    for rules in (MailRules(), BASECONE):
        assert recipient(rules, "sale", address) == address


def test_a_word_that_a_person_chose():
    assert given_word(OCTOPUS, "uid1-ODOO@octopus.example") == "ODOO"
    assert not given_word(OCTOPUS, "uid1-PI@octopus.example")
    assert not given_word(MailRules(), "uid1-ODOO@octopus.example")


def test_the_tag_and_the_comment():
    assert subject(BASECONE, INVOICE, "x") == "[VRK] INV INV/2026/00015 Claes BV"
    assert subject(BASECONE, BILL, "x") == "[INK] BILL BILL/2026/01/0003 Claes BV"
    assert body(BASECONE, BILL, "x") == "[*BILL BILL/2026/01/0003 Peeters*]"


def test_no_value_makes_a_tag_or_ends_a_comment():
    facts = replace(BILL, number="[VRK] 1", company="[SLS]", party="P *] x [*")
    assert subject(BASECONE, facts, "x") == "[INK] BILL (VRK) 1 (SLS)"
    assert body(BASECONE, facts, "x") == "[*BILL (VRK) 1 P *) x (**]"


def test_no_value_is_read_as_a_place():
    assert subject(BASECONE, replace(BILL, number="{word}"), "x").startswith("[INK] BILL {word} ")


def test_without_rules_the_plain_words_stay():
    assert subject(MailRules(), INVOICE, "Invoice 1 – Claes BV") == "Invoice 1 – Claes BV"
    assert body(MailRules(), INVOICE, "Attached: 1.") == "Attached: 1."


@given(st.text(), st.text())
@settings(max_examples=60)
def test_subject_and_text_are_one_line(number, party):
    facts = Facts(kind="sale", number=number, company=party, party=party)
    for rules in (BASECONE, MailRules()):
        for text in (subject(rules, facts, number), body(rules, facts, party)):
            assert len(text.splitlines()) <= 1
        assert len(subject(rules, facts, number)) <= 150


@pytest.mark.parametrize(
    ("pattern", "address", "fits"),
    [
        ("uid*@*", "uid80001@octopus.example", True),
        ("uid*@*", "info@octopus.example", False),
        ("*@*exactonline*", "abc@verkoop.ExactOnline.nl", True),
        ("*.*@mailtobasecone.*", "claes.101@mailtobasecone.com", True),
        ("*.*@mailtobasecone.*", "claes@mailtobasecone.com", False),
        ("*a*a*a*a*a*b@x", "a" * 250 + "@x", False),
    ],
)
def test_what_an_address_looks_like(pattern, address, fits):
    assert looks_like(pattern, address) is fits


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("*@*clearfacts*", True),
        ("uid*@*", True),
        ("", False),
        ("receiver.be", False),
        ("a@b@c", False),
        ("[a-z]@x", False),
        ("a b@x", False),
        ("a@x\n", False),
        ("a" * 200 + "@x", False),
    ],
)
def test_what_a_pattern_of_addresses_is(text, good):
    assert is_pattern(text) is good


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", ""),
        ("[{word}] {type} {number} {company} {party}", ""),
        ("Facture n° {number}", ""),
        ("{vat}", "mail_place"),
        ("{number", "mail_place"),
        ("}", "mail_place"),
        ("{{number}}", "mail_place"),
        ("a\r\nBcc: b@c", "mail_sign"),
        ("a\0", "mail_sign"),
        ("a" * 151, "mail_sign"),
    ],
)
def test_what_a_subject_can_be(text, fault):
    assert text_fault(text) == fault


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        (MailRules(), ""),
        (OCTOPUS, ""),
        (BASECONE, ""),
        (MailRules(word_sales="si"), "word_sign"),
        (MailRules(word_bills="P I"), "word_sign"),
        (MailRules(word_bills="É"), "word_sign"),
        (MailRules(word_bills="A" * 21), "word_sign"),
        (MailRules(word_in_address=True, word_sales="SI"), "word_missing"),
        (MailRules(subject="{word}", word_bills="PI"), "word_missing"),
        (MailRules(note="{word}"), "word_missing"),
    ],
)
def test_what_words_can_be(rules, fault):
    assert word_fault(rules) == fault


@pytest.mark.parametrize("megabytes", [1, 20])
def test_the_largest_file_fits_in_the_largest_e_mail(megabytes):
    limit = megabytes << 20
    size = largest_file(limit)
    coded = -(-size // 3) * 4
    assert coded + -(-coded // 76) * 2 + 15 * 1024 <= limit
    assert size > limit * 0.7


def test_by_mail_a_file_has_to_fit_in_it():
    profile = Profile(name="A", largest=20 << 20, mail=MailRules(largest=20 << 20))
    assert profile.by_mail().largest == largest_file(20 << 20)
    assert replace(profile, largest=1000).by_mail().largest == 1000
    assert replace(profile, mail=MailRules()).by_mail().largest == 20 << 20
    assert Profile(name="A").by_mail().largest == 0


def test_by_mail_the_pdf_beside_is_a_rule_of_its_own():
    assert Profile(name="A", mail=MailRules(pdf_beside=True)).by_mail().pdf_beside
    assert not Profile(name="A", pdf_beside=True).by_mail().pdf_beside
