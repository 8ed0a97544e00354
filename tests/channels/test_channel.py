"""What every channel does. A new one brings a case, no test; what not all can do is named with
``needs``."""

from dataclasses import replace

import pytest
from odoo.addons.accountable_connect.api.channels.contract import ChannelError, Outcome

from .cases import shipment, shipped, through_json

needs = pytest.mark.needs
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


@needs("groups")
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


@needs("apart")
def test_files_that_go_apart_arrive_under_their_own_names(case):
    names = hand_over(case.channel, shipment(TWO, apart=True))
    assert case.received() == TWO
    assert names == list(TWO)
    assert case.left() == []


@needs("settles")
@pytest.mark.parametrize("apart", [False, True])
def test_a_worker_that_died_before_publishing_delivered_nothing(case, apart):
    parcel = shipment(TWO, apart=apart)
    written = through_json(case.channel.write(parcel))
    assert case.channel.settle(parcel, written) is Outcome.NOT_DELIVERED
    case.channel.publish(parcel, written)
    assert len(case.received()) == 2
    assert case.left() == []


@needs("settles")
@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("taken", [False, True])
def test_what_was_published_counts_as_delivered_even_if_it_is_gone(case, apart, taken):
    """Receivers empty watched folders: absent does not mean that it never arrived."""
    parcel = shipment(TWO, apart=apart)
    written = through_json(case.channel.write(parcel))
    case.channel.publish(parcel, written)
    if taken:
        case.take()
    assert case.channel.settle(parcel, written) is Outcome.DELIVERED
    assert case.left() == []
    # whoever publishes all the same makes no second one
    case.channel.publish(parcel, written)
    assert len(case.received()) == (0 if taken else 2)


@needs("shares")
def test_a_name_that_is_taken_is_never_replaced(case):
    case.occupy("a.xml", b"of somebody else")
    with pytest.raises(ChannelError) as caught:
        hand_over(case.channel, shipment({"a.xml": b"ours"}))
    assert caught.value.code == "name_taken"
    assert caught.value.values["name"] == "a.xml"
    assert case.received() == {"a.xml": b"of somebody else"}
    assert case.left() == []


@needs("shares")
def test_a_name_that_is_taken_meanwhile_is_not_replaced_either(case):
    parcel = shipment({"a.xml": b"ours"})
    written = through_json(case.channel.write(parcel))
    case.occupy("a.xml", b"ours")  # the same bytes, and yet not this hand-over
    with pytest.raises(ChannelError) as caught:
        case.channel.publish(parcel, written)
    assert caught.value.code == "name_taken"
    assert caught.value.withdrawn
    assert case.received() == {"a.xml": b"ours"}
    assert case.left() == []


def test_what_a_dead_worker_left_before_it_was_written_goes(case):
    parcel = shipment(TWO)
    case.channel.write(parcel)
    case.channel.discard(parcel)
    assert case.left() == []
    case.channel.discard(parcel)  # nothing there is no failure
    assert case.received() == {}


def test_names_arrive_as_they_are(case):
    name = "Facture N° 12 – été ÉÈ (copie).XML"
    assert hand_over(case.channel, shipment({name: b"<Invoice/>"})) == [name]
    assert case.received() == {name: b"<Invoice/>"}


def test_a_file_of_many_pieces_arrives_whole(case):
    content = bytes(range(256)) * 1200
    file = shipped("a.pdf", content, "application/pdf", piece=40_000)
    hand_over(case.channel, replace(shipment({}), files=(file,)))
    assert case.received() == {"a.pdf": content}
    assert case.left() == []


@pytest.mark.parametrize("packed", [False, True])
def test_an_error_in_the_middle_leaves_nothing(case, packed):
    fail_in_the_middle(case, shipment(TWO, packed=packed))


@needs("apart")
def test_nor_does_one_between_files_that_go_apart(case):
    fail_in_the_middle(case, shipment(TWO, apart=True))


def fail_in_the_middle(case, parcel):
    """The second file cannot be read to its end. The next try is not hindered by it."""

    def torn():
        yield b"ab"
        raise OSError("the disk is gone")

    first, second = parcel.files
    with pytest.raises(ChannelError) as caught:
        case.channel.write(replace(parcel, files=(first, replace(second, chunks=torn))))
    assert caught.value.code == "content_lost"
    assert case.received() == {}
    assert case.left() == []
    hand_over(case.channel, parcel)
    assert len(case.received()) == 2


def test_it_can_be_closed_at_any_time(case):
    case.channel.close()
    case.channel.write(shipment({"a.xml": b"not published"}))
    case.channel.close()
    case.channel.close()
    assert case.received() == {}
    hand_over(case.channel, shipment({"b.xml": b"1"}, mark="m2"))
    case.channel.close()
    case.channel.close()
    assert case.received() == {"b.xml": b"1"}


@needs("keeps")
def test_what_is_written_is_published_by_another_session(case):
    parcel = shipment({"a.xml": b"1"})
    written = through_json(case.channel.write(parcel))
    case.channel.close()
    assert case.again().publish(parcel, written) == ["a.xml"]
    assert case.received() == {"a.xml": b"1"}


@needs("-keeps")
def test_what_is_written_ends_with_its_session(case):
    parcel = shipment({"a.xml": b"1"})
    written = through_json(case.channel.write(parcel))
    case.channel.close()
    with pytest.raises(ChannelError) as caught:
        case.channel.publish(parcel, written)
    assert caught.value.withdrawn
    assert case.received() == {}


@needs("loses", "settles")
@pytest.mark.parametrize(
    ("when", "outcome"), [("before", Outcome.NOT_DELIVERED), ("after", Outcome.DELIVERED)]
)
def test_lost_in_between_it_is_found_out(case, when, outcome):
    parcel = shipment({"a.xml": b"1"})
    written = through_json(case.channel.write(parcel))
    case.lose(when)
    with pytest.raises(ChannelError) as caught:
        case.channel.publish(parcel, written, first=True)
    assert (caught.value.withdrawn, caught.value.unknown) == (False, False)
    assert caught.value.temporary
    another = case.again()
    assert another.settle(parcel, written) is outcome
    # whatever it was: now it is there, once
    another.publish(parcel, written)
    another.close()
    assert case.received() == {"a.xml": b"1"}
    assert case.left() == []


@needs("loses", "-settles")
def test_lost_before_it_was_not_sent(case):
    parcel = shipment({"a.xml": b"1"})
    written = through_json(case.channel.write(parcel))
    case.lose("before")
    with pytest.raises(ChannelError) as caught:
        case.channel.publish(parcel, written, first=True)
    assert (caught.value.withdrawn, caught.value.unknown) == (True, False)
    assert caught.value.temporary
    assert case.received() == {}
    hand_over(case.again(), parcel)
    assert case.received() == {"a.xml": b"1"}


@needs("loses", "-settles")
def test_lost_after_it_nobody_knows(case):
    parcel = shipment({"a.xml": b"1"})
    written = through_json(case.channel.write(parcel))
    case.lose("after")
    with pytest.raises(ChannelError) as caught:
        case.channel.publish(parcel, written, first=True)
    assert (caught.value.withdrawn, caught.value.unknown) == (False, True)
    assert not caught.value.temporary
    assert case.received() == {"a.xml": b"1"}
    assert case.again().settle(parcel, written) is Outcome.UNKNOWN
