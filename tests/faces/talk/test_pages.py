"""The pages of a conversation, without a browser: what they show to whom, and what they refuse."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.faces.console.support import paid_order
from tests.faces.talk.support import BACKEND, Room, make_room
from tests.support.builders import an_address
from tests.trade.reviews.support import a_buyer, a_photo
from tongdao.foundation import clock
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.party.people.models import Person
from tongdao.rulebook import trade
from tongdao.trade.talk.limits import PERSON
from tongdao.trade.talk.models import MOST_LETTERS
from tongdao.trade.talk.operations import QuickDraft, add_quick_answer


@pytest.fixture
def room() -> Room:
    return make_room()


def words(text: str, **more: object) -> dict[str, object]:
    return {"text": text, "key": token(16), **more}


def shown(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer.content.decode()[:600]
    return answer.content.decode()


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("IMG_1.jpg", a_photo(), "image/jpeg")


def test_buyer_and_shop_write_to_each_other(room: Room) -> None:
    buyer, clerk = room.buyer(), room.clerk()
    assert "还没有消息" in shown(buyer, room.shop())
    answer = buyer.post(room.shop(), words("几时到？\n急用"))
    assert (answer.status_code, answer["Location"]) == (302, room.shop() + "#say")
    listed = shown(clerk, room.desk.url("talks"))
    assert room.console() in listed and "刚刚" in listed
    page = shown(clerk, room.console())
    assert "几时到？\n急用" in page and "还有" not in page
    clerk.post(room.console("talk_send"), words("明天。"))
    assert "没有人在等待回复" in shown(clerk, room.desk.url("talks"))
    assert room.console() in shown(clerk, room.desk.url("talks") + "?show=all")
    page = shown(buyer, room.shop())
    assert "明天。" in page and "已读" in page
    assert "service 同事" not in page, "who of the staff answered is the shop's"


def test_the_buyer_is_told_of_news_where_orders_are(room: Room) -> None:
    buyer = room.buyer()
    places = {
        room.shop("order"): "联系店家：1 条新消息",
        _orders(room): "1 条新消息",
        _me(room): "您的订单有 1 条新消息",
    }
    room.table.answer()
    for url, told in places.items():
        assert told in shown(buyer, url), url
    shown(buyer, room.shop())
    for url in places:
        assert "条新消息" not in shown(buyer, url), url


def _orders(room: Room) -> str:
    return room.shop("order").rsplit("/", 1)[0] + "/"


def _me(room: Room) -> str:
    return room.shop("order").split("/orders/")[0] + "/me"


def test_the_menu_counts_who_waits(room: Room) -> None:
    clerk = room.clerk()
    assert 'class="count"' not in shown(clerk, room.desk.url("reviews"))
    room.table.ask()
    assert '<span class="count">1</span>' in shown(clerk, room.desk.url("reviews"))
    room.table.answer()
    assert 'class="count"' not in shown(clerk, room.desk.url("reviews"))


def test_news_come_by_themselves_and_only_when_there_are_some(room: Room) -> None:
    room.table.ask()
    for client, page, news in (
        (room.buyer(), room.shop(), room.shop("talk_news")),
        (room.clerk(), room.console(), room.console("talk_news")),
    ):
        found = re.search(r'hx-get="([^"]+)"', shown(client, page))
        assert found and found[1].startswith(news)
        url = found[1].replace("&amp;", "&")
        first = client.get(url)
        assert client.get(url).status_code in (200, 204)
        room.table.answer(token(8))
        later = client.get(url)
        assert later.status_code == 200 and "<html" not in later.content.decode()
        assert first.status_code in (200, 204)
        again = re.search(r'hx-get="([^"]+)"', later.content.decode())
        assert again and client.get(again[1].replace("&amp;", "&")).status_code in (200, 204)
    quiet = re.search(r'hx-get="([^"]+)"', shown(room.clerk(), room.console()))
    assert quiet and room.clerk().get(quiet[1].replace("&amp;", "&")).status_code == 204


def test_what_is_refused_is_shown_again_with_its_words(room: Room) -> None:
    buyer, clerk = room.buyer(), room.clerk()
    long = "长" * (MOST_LETTERS + 1)
    for client, url in ((buyer, room.shop()), (clerk, room.console("talk_send"))):
        answer = client.post(url, words(long))
        assert answer.status_code == 422 and "长" * 100 in answer.content.decode()
        assert client.post(url, words(" ")).status_code == 422
        assert client.post(url, {"text": "x"}).status_code == 422, "a form of another page"
    buyer.post(room.shop(), {"text": "一", "key": "k" * 16})
    assert buyer.post(room.shop(), {"text": "一", "key": "k" * 16}).status_code == 302
    changed = buyer.post(room.shop(), {"text": "二", "key": "k" * 16})
    assert changed.status_code == 409 and ">二</textarea>" in changed.content.decode()
    assert room.table.talk().last_seq == 1


def test_too_fast_is_said_so(room: Room) -> None:
    buyer = room.buyer()
    for place in range(PERSON.burst):
        assert buyer.post(room.shop(), words(str(place))).status_code == 302
    assert buyer.post(room.shop(), words("再")).status_code == 429


def test_files_are_seen_by_these_two_alone(room: Room) -> None:
    buyer, clerk = room.buyer(), room.clerk()
    assert buyer.post(room.shop(), words("", files=[photo(), photo()])).status_code == 302
    found = re.findall(r'<img src="([^"]+/talk/files/[^"]+)"', shown(buyer, room.shop()))
    assert len(found) == 2
    answer = buyer.get(found[0])
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    seen = re.findall(r'<img src="([^"]+/talk/files/[^"]+)"', shown(clerk, room.console()))
    assert len(seen) == 2 and clerk.get(seen[0]).status_code == 200
    other = make_room()
    for client in (other.buyer(), Client(), room.table.earner.phone(), other.clerk()):
        assert client.get(found[0]).status_code == 404
    foreign = seen[0].replace(str(room.table.shop.merchant_id), str(other.table.shop.merchant_id))
    assert other.clerk().get(foreign).status_code == 404
    wrong = SimpleUploadedFile("x.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    assert buyer.post(room.shop(), words("看", files=[wrong])).status_code == 422
    assert buyer.post(room.to_promoter, words("看", files=[photo()])).status_code == 422
    assert room.table.talk().last_seq == 1


def test_the_promoter_reads_no_private_word_and_answers(room: Room) -> None:
    buyer, promoter, clerk = room.buyer(), room.table.earner.phone("zh-hans"), room.clerk()
    address = an_address()
    assert "推广员不会知道您是谁" in shown(buyer, room.to_promoter)
    page = shown(promoter, room.promote())
    assert "还没有给你留言" in page and "<textarea" not in page
    assert promoter.post(room.promote(), words("您好")).status_code == 409
    assert room.promote() not in shown(promoter, room.promote("order"))
    text = f"{address.recipient} {address.phone} {address.detail} 微信 tea_lover99 好喝吗"
    assert buyer.post(room.to_promoter, words(text)).status_code == 302
    assert "条新消息" in shown(promoter, room.promote("order"))
    assert "条新消息" in shown(promoter, room.promote("order").rsplit("/", 1)[0])
    page = shown(promoter, room.promote())
    for private in (address.recipient, address.phone, "文三路", "tea_lover99", str(room.table.buyer.id)):
        assert private not in page
    assert "好喝吗" in page and "***" in page and "买家" in page and "其中部分内容对你隐藏" in page
    assert promoter.post(room.promote(), words("好喝\n真的")).status_code == 302
    page = shown(buyer, room.to_promoter)
    assert "好喝\n真的" in page and address.phone in page and "其中部分内容对推广员隐藏" in page
    both = shown(clerk, f"{room.console()}?with={room.table.earner.promoter_id}")
    assert address.phone in both and "好喝" in both
    assert "好喝" not in shown(clerk, room.console())


def test_whose_order_it_is_not_finds_nothing(room: Room) -> None:
    other, elsewhere = make_room(), make_room()
    room.table.ask()
    for client in (other.buyer(), Client(), room.table.earner.phone()):
        assert client.get(room.shop()).status_code == 404
        assert client.post(room.shop(), words("x")).status_code == 404
        assert client.get(room.shop("talk_news")).status_code == 404
    promoter_of_other = f"{room.shop()}?with={other.table.earner.promoter_id}"
    assert room.buyer().get(promoter_of_other).status_code == 404
    assert room.buyer().get(f"{room.shop()}?with=x").status_code == 404
    assert other.clerk().get(room.console()).status_code == 404
    ours = elsewhere.desk.url("talk", order_id=room.order_id)
    assert elsewhere.clerk().get(ours).status_code == 404
    assert elsewhere.clerk().post(ours + "/send", words("x")).status_code == 404


def test_reading_is_not_answering(room: Room) -> None:
    """Whose role only reads orders sees it, sends nothing, and does not count as the shop having read."""
    room.table.ask()
    reader = room.clerk(Role.READ_ONLY)
    page = shown(reader, room.console())
    assert "还有货吗？" in page and "<textarea" not in page
    assert reader.post(room.console("talk_send"), words("x")).status_code == 403
    assert room.table.talk().staff_unread == 1
    shown(room.clerk(), room.console())
    assert room.table.talk().staff_unread == 0


def test_quick_answers_are_filled_and_kept(room: Room) -> None:
    room.table.ask()
    clerk, there = room.clerk(), room.desk.url("quick_answers")
    assert "还没有快捷回复" in shown(clerk, there)
    clerk.post(there, {"title": "单号", "text": "订单 {order}：{product}"})
    clerk.post(there, {"title": "谢谢", "text": "谢谢惠顾"})
    page = shown(clerk, room.console())
    assert 'data-quick="订单 2' in page and "云雾茶 1" in page
    link = re.search(r'href="([^"]+quick=[^"]+)"', page)
    assert link and "云雾茶 1</textarea>" in shown(clerk, link[1].replace("&amp;", "&"))
    ids = re.findall(r'name="answer" value="([^"]+)"', shown(clerk, there))
    clerk.post(there, {"answer": ids[1], "do": "up"})
    assert re.findall(r'name="answer" value="([^"]+)"', shown(clerk, there)) == ids[::-1]
    english = {"text": "订单 {order}：{product}", "text_en": "Order {order}"}
    clerk.post(there, {"answer": ids[0], "do": "save", "title": "单号", **english})
    clerk.post(there, {"answer": ids[1], "do": "save", "title": "谢谢", "text_en": "Thank you"})
    room.buyer("zh-hans").post(room.shop(), words("在吗"))
    page = shown(clerk, room.console())
    assert 'data-quick="订单 2' in page and 'data-quick="Thank you"' in page and page.count("仅英文") == 1
    room.buyer("en").post(room.shop(), words("Hello?"))
    page = shown(clerk, room.console())
    assert 'data-quick="Order 2' in page and "仅英文" not in page and "仅中文" not in page
    clerk.post(there, {"answer": ids[1], "do": "save", "title": "谢谢", "text": "谢谢惠顾"})
    wrong = clerk.post(there, {"answer": ids[0], "do": "save", "title": "单号", "text": "{x}"})
    assert wrong.status_code == 422 and ">{x}</textarea>" in wrong.content.decode()
    clerk.post(there, {"answer": ids[0], "do": "remove"})
    assert re.findall(r'name="answer" value="([^"]+)"', shown(clerk, there)) == [ids[1]]


def test_thanks_need_no_answer(room: Room) -> None:
    room.table.ask("谢谢")
    clerk = room.clerk()
    answer = clerk.post(room.console("talk_settle"), {"upto": "1"})
    assert answer.status_code == 302
    assert "没有人在等待回复" in shown(clerk, room.desk.url("talks"))


def test_it_ends_for_all(room: Room) -> None:
    room.table.ask()
    room.table.ask(promoter=True)
    room.table.earner.receive(room.order_id)
    buyer, promoter = room.buyer(), room.table.earner.phone("zh-hans")
    with clock.shifted(trade.TALK_AFTER_END.on(clock.now()) + timedelta(hours=1)):
        for client, url in ((buyer, room.shop()), (promoter, room.promote())):
            page = shown(client, url)
            assert "这段对话已于" in page and "<textarea" not in page and "hx-get" not in page
            assert client.post(url, words("x")).status_code == 409


def test_without_a_promoter_there_is_one_conversation(room: Room) -> None:
    buyer = a_buyer()
    order_id = paid_order(room.table.shop, person_id=buyer.id)
    url = room.shop().replace(str(room.order_id), str(order_id))
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(Person.objects.get(pk=buyer.id), backend=BACKEND)
    page = shown(client, url)
    assert "对话对象" not in page and "with=" not in page


def test_what_is_written_is_escaped(room: Room) -> None:
    with merchant_scope(room.table.shop.merchant_id):
        add_quick_answer(QuickDraft('"><b>', '"><script>alert(1)</script>'), actor=room.table.clerk)
    room.table.ask("<script>alert(1)</script>")
    for client, url in ((room.buyer(), room.shop()), (room.clerk(), room.console())):
        assert "<script>alert" not in shown(client, url)
