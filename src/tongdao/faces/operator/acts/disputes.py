"""What an arbiter does: decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from tongdao.faces.kit.case_words import OUTCOMES, RULES
from tongdao.faces.kit.money_text import yuan
from tongdao.faces.operator.acts.base import Act, Doing, Preview, ReasonForm, choice
from tongdao.faces.operator.reading.disputes import merchant_of
from tongdao.foundation.money import BadMoney, Fen, parse_yuan
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.deadlines import GOODS_BACK
from tongdao.trade.aftersales.queries import CaseView, case_view
from tongdao.trade.disputes.models import MOST_LETTERS, Dispute
from tongdao.trade.disputes.operations import Decision, rule_dispute


class RulingForm(ReasonForm):
    """The reason is the ruling's own: both sides read it."""

    outcome = choice(gettext_lazy("Who is right"), list(OUTCOMES.items()))
    rule = choice(
        gettext_lazy("The rule that it rests on"), [(code, words[0]) for code, words in RULES.items()]
    )
    yuan = forms.CharField(
        label=gettext_lazy("Part of the money: how much, in yuan"),
        required=False,
        max_length=20,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    goods_back = forms.ChoiceField(
        label=gettext_lazy("The goods go back first"),
        required=False,
        choices=[("", gettext_lazy("no")), ("yes", gettext_lazy("yes"))],
        widget=UnfoldAdminSelectWidget(),
    )
    reason = forms.CharField(
        label=gettext_lazy("The reasons"),
        min_length=10,
        max_length=MOST_LETTERS,
        help_text=gettext_lazy("Both sides read them, and they stay on record under your name."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
    )
    field_order = ("outcome", "yuan", "goods_back", "rule", "reason")

    def clean_yuan(self) -> Fen | None:
        """What was typed, as whole fen."""
        typed = str(self.cleaned_data["yuan"]).strip("¥￥ ").replace(",", "")
        try:
            return parse_yuan(typed) if typed else None
        except BadMoney:
            wrong = _("Write an amount in yuan with at most two decimals, such as 128.00.")
            raise ValidationError(wrong) from None


class RulingWithoutGoodsForm(RulingForm):
    """Of what has no goods to come back, or they are there: nothing is asked that could only be refused."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["goods_back"]


def _case(dispute_id: UUID) -> CaseView:
    with merchant_scope(merchant_of(dispute_id)):
        return case_view(Dispute.objects.values_list("aftersale_id", flat=True).get(pk=dispute_id))


def _before_ruling(dispute_id: UUID) -> Preview:
    case = _case(dispute_id)
    sentences = [
        _("For the buyer: ¥%(amount)s goes back.") % {"amount": yuan(case.worth_fen)},
        _("For the shop: the case is closed, and nothing goes back."),
        _("Either side may appeal against a first ruling once; a second one is carried out at once."),
    ]
    if case.row.kind in GOODS_BACK:
        sentences.insert(1, _("With the goods going back first, the money follows once they are there."))
    title = _("Decide about order %(number)s") % {"number": case.order_number}
    return Preview(title, sentences, reverse("operator:dispute", args=[dispute_id]))


def _form(**parts: Any) -> type[ReasonForm]:
    row = _case(parts["dispute_id"]).row
    return RulingForm if row.kind in GOODS_BACK and not row.received_at else RulingWithoutGoodsForm


def _rule(doing: Doing) -> str:
    dispute_id, typed = doing.parts["dispute_id"], doing.typed
    decision = Decision(
        outcome=typed["outcome"],
        rule=typed["rule"],
        text=doing.reason,
        goods_back=bool(typed.get("goods_back")),
        goods_fen=typed["yuan"],
    )
    with merchant_scope(merchant_of(dispute_id)):
        ruling = rule_dispute(dispute_id, decision, actor=doing.actor)
    if ruling.round == 1:
        return _("Decided. Both sides read it; it is carried out when nobody appeals.")
    return _("Decided, and carried out.")


ACTS = (
    Act(
        "dispute_rule",
        "disputes/<uuid:dispute_id>/rule",
        gettext_lazy("Decide"),
        _before_ruling,
        _rule,
        _form,
    ),
)
