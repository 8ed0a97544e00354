"""What every channel does. A new one brings a case, no test."""

from dataclasses import replace

import pytest
from odoo.addons.accountable_connect.api.channels.contract import ChannelError, Outcome

from .cases import shipment, shipped, through_json

TWO = {"A 1.xml": b"<Invoice>one</Invoice>", "A 2.pdf": b"%PDF-1.4"}


def hand_over(channel, parcel):
    """As the core does it; what is written is stored in between."""
    written = through_json(channel.write(parcel))
    names = channel.publish(parcel, written, first=True)
    assert names == written["names"]
    return names


def test_one_file_arrives_whole_under_its_name(case):
    names = hand_over(case.channel, shipment({"INV 1.xml": b"<Invoice/>"}))
    assert case.received() == {"INV 1.xml": b"<Invoice/>"}
    assert names == ["INV 1.xml"]
    assert case.left() == []


def test_several_files_arrive_together_under_the_name_of_the_batch(case):
    hand_over(case.channel, shipment(TWO))
    assert case.received() == {f"00012/{name}": content for name, content in TWO.items()}
    assert case.left() == []


def test_a_single_file_that_is_packed_does_too(case):
    hand_over(case.channel, shipment({"ACT.TXT": b"1"}, packed=True))
    assert case.received() == {"00012/ACT.TXT": b"1"}
    assert case.left() == []


def test_an_empty_file_arrives_empty(case):
    hand_over(case.channel, shipment({"a.xml": b""}))
    assert case.received() == {"a.xml": b""}


def test_nothing_is_seen_before_it_is_published(case):
    case.channel.write(shipment(TWO))
    assert case.received() == {}


def test_what_is_no_longer_what_it_was_is_not_handed_over(case):
    wrong = replace(shipped("b.xml", b"abcdef"), checksum="0" * 64)
    parcel = shipment({"a.xml": b"first"})
    with pytest.raises(ChannelError) as caught:
        case.channel.write(replace(parcel, files=(*parcel.files, wrong)))
    assert caught.value.code == "content_lost"
    assert caught.value.values["name"] == "b.xml"
    assert case.received() == {}
    assert case.left() == []


def test_the_test_leaves_nothing(case):
    case.channel.test()
    assert case.received() == {}
    assert case.left() == []


def test_files_that_go_apart_arrive_under_their_own_names(settling):
    names = hand_over(settling.channel, shipment(TWO, apart=True))
    assert settling.received() == TWO
    assert names == list(TWO)
    assert settling.left() == []


@pytest.mark.parametrize("apart", [False, True])
def test_a_worker_that_died_before_publishing_delivered_nothing(settling, apart):
    parcel = shipment(TWO, apart=apart)
    written = through_json(settling.channel.write(parcel))
    assert settling.channel.settle(parcel, written) is Outcome.NOT_DELIVERED
    settling.channel.publish(parcel, written)
    assert len(settling.received()) == 2
    assert settling.left() == []


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("taken", [False, True])
def test_what_was_published_counts_as_delivered_even_if_it_is_gone(settling, apart, taken):
    """Receivers empty watched folders: absent does not mean that it never arrived."""
    parcel = shipment(TWO, apart=apart)
    written = through_json(settling.channel.write(parcel))
    settling.channel.publish(parcel, written)
    if taken:
        settling.take()
    assert settling.channel.settle(parcel, written) is Outcome.DELIVERED
    assert settling.left() == []
    # whoever publishes all the same makes no second one
    settling.channel.publish(parcel, written)
    assert len(settling.received()) == (0 if taken else 2)


def test_a_name_that_is_taken_is_never_replaced(settling):
    settling.occupy("a.xml", b"of somebody else")
    with pytest.raises(ChannelError) as caught:
        hand_over(settling.channel, shipment({"a.xml": b"ours"}))
    assert caught.value.code == "name_taken"
    assert caught.value.values["name"] == "a.xml"
    assert settling.received() == {"a.xml": b"of somebody else"}
    assert settling.left() == []


def test_a_name_that_is_taken_meanwhile_is_not_replaced_either(settling):
    parcel = shipment({"a.xml": b"ours"})
    written = through_json(settling.channel.write(parcel))
    settling.occupy("a.xml", b"ours")  # the same bytes, and yet not this hand-over
    with pytest.raises(ChannelError) as caught:
        settling.channel.publish(parcel, written)
    assert caught.value.code == "name_taken"
    assert caught.value.withdrawn
    assert settling.received() == {"a.xml": b"ours"}
    assert settling.left() == []


def test_what_a_dead_worker_left_before_it_was_written_goes(settling):
    parcel = shipment(TWO)
    settling.channel.write(parcel)
    settling.channel.discard(parcel)
    assert settling.left() == []
    settling.channel.discard(parcel)  # nothing there is no failure
    assert settling.received() == {}
