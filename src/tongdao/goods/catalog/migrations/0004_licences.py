from django.db import migrations, models
from django.db.models import Q

# No SKU goes on sale without the licence that its product needs, whoever writes the row: it is held back instead.
# The operations refuse before; this is for what they do not see, such as an import into a product that is there.
HOLD = """
create function tongdao_hold_unlicensed() returns trigger language plpgsql as $$
declare
  today date := (now() at time zone 'Asia/Shanghai')::date;
  needs record;
begin
  select licence_kind, number_needed and registration_no = '' as unnumbered into needs
    from product where merchant_id = new.merchant_id and id = new.product_id;
  new.held_for := '';
  if needs.unnumbered then
    new.held_for := 'no_number';
  elsif needs.licence_kind <> '' and not exists (
    select from licence where merchant_id = new.merchant_id and kind = needs.licence_kind
      and withdrawn_at is null and valid_from <= today and (valid_until is null or valid_until >= today)
  ) then
    new.held_for := 'no_licence';
  end if;
  new.saleable := new.held_for = '';
  return new;
end $$;
create trigger hold_unlicensed before insert or update of saleable, product_id on sku
  for each row when (new.saleable) execute function tongdao_hold_unlicensed();
"""
UNDO = "drop trigger hold_unlicensed on sku; drop function tongdao_hold_unlicensed();"
CODE = models.CharField(blank=True, default="", max_length=32)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_sku_size"), ("merchants", "0002_company")]

    operations = [
        migrations.AddField("product", "category", CODE),
        migrations.AddField("product", "licence_kind", CODE.clone()),
        migrations.AddField("product", "number_needed", models.BooleanField(default=False)),
        migrations.AddField(
            "product", "registration_no", models.CharField(blank=True, default="", max_length=64)
        ),
        migrations.AddField("sku", "held_for", models.CharField(blank=True, default="", max_length=16)),
        migrations.AddIndex(
            "product",
            models.Index(
                fields=["merchant_id", "licence_kind"],
                condition=~Q(licence_kind=""),
                name="product_licence_kind",
            ),
        ),
        migrations.AddConstraint(
            "sku", models.CheckConstraint(condition=Q(held_for="") | Q(saleable=False), name="sku_held")
        ),
        migrations.RunSQL(HOLD, UNDO),
    ]
