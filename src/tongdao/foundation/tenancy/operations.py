"""Migration operations that give a merchant-owned table its locks in the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from tongdao.foundation.tenancy.models import TenantForeignKey

MERCHANT = "(select nullif(current_setting('tongdao.merchant', true), '')::uuid)"
PERSONS = "(select tongdao_persons(nullif(current_setting('tongdao.person', true), '')::uuid))::uuid[]"
NODE = "(select nullif(current_setting('tongdao.node', true), '')::uuid)"

PERSONS_ALONE = """
create function tongdao_persons(uuid) returns uuid[] language sql stable strict parallel safe
return array[$1]
"""
"""All ids under which one human being has rows: here only the one. The room that can tell more replaces
it.
"""


def policies(table: str, *, person: str | None, node: str, platform: bool) -> list[str]:
    """The statements that put `table` under row-level security (see docs/decisions and tenancy.md)."""
    own = f"merchant_id = {MERCHANT}"
    statements = [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"create policy merchant on {table} using ({own}) with check ({own})",
    ]
    if person:
        statements.append(f"create policy person on {table} for select using ({person} = any ({PERSONS}))")
    if node == "shared":
        statements += [
            f"create policy node_insert on {table} as restrictive for insert with check ({NODE} is null)",
            f"create policy node_update on {table} as restrictive for update using ({NODE} is null)",
            f"create policy node_delete on {table} as restrictive for delete using ({NODE} is null)",
        ]
    else:
        mine = "false" if node == "hidden" else f"{node} = {NODE}"
        statements.append(
            f"create policy node on {table} as restrictive using ({NODE} is null or {mine})"
            f" with check ({NODE} is null or {mine})"
        )
    if platform:
        statements.append(f"create policy platform on {table} for select to tongdao_platform using (true)")
    return statements


def append_only(table: str) -> list[str]:
    """Nobody updates or deletes: no grant for the roles, and a trigger against the owner."""
    return [
        f"revoke update, delete, truncate on {table} from tongdao_app",
        (
            f"create trigger append_only before update or delete on {table}"
            " for each row execute function tongdao_append_only()"
        ),
        (
            f"create trigger append_only_truncate before truncate on {table}"
            " for each statement execute function tongdao_append_only()"
        ),
    ]


class _TableOperation(Operation):
    """Runs statements built from the frozen state of one model; it changes no model state."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model: str) -> None:
        self.model = model

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        return None

    def statements(self, model: type[models.Model], table: str) -> Iterable[str]:
        raise AssertionError("each operation states its own")

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model)
        table = schema_editor.quote_name(model._meta.db_table)
        for statement in self.statements(model, table):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Nothing: the table itself goes with the migration that made it."""

    def describe(self) -> str:
        return f"{type(self).__name__} {self.model}"


class SecureTable(_TableOperation):
    """Key `(merchant_id, id)`, composite foreign keys, row-level security, append-only where asked."""

    def __init__(
        self,
        model: str,
        *,
        person: str | None = None,
        node: str = "hidden",
        platform: bool = True,
        append_only: bool = False,
    ) -> None:
        super().__init__(model)
        self.person, self.node, self.platform, self.append_only = person, node, platform, append_only

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        options = {"person": self.person, "node": self.node, "platform": self.platform}
        return type(self).__name__, [self.model], {**options, "append_only": self.append_only}

    def statements(self, model: type[models.Model], table: str) -> Iterable[str]:
        name = model._meta.db_table
        yield f'alter table {table} drop constraint "{name}_pkey"'
        yield f"alter table {table} add primary key (merchant_id, id)"
        for field in model._meta.local_fields:
            if isinstance(field, TenantForeignKey):
                yield from self._relation(name, field)
        yield from policies(table, person=self.person, node=self.node, platform=self.platform)
        if self.append_only:
            yield from append_only(table)

    def _relation(self, name: str, field: TenantForeignKey[Any, Any]) -> Iterable[str]:
        column, target = field.column, field.related_model._meta.db_table
        yield (
            f'alter table "{name}" add constraint "{name}_{column}_own" foreign key (merchant_id, "{column}")'
            f' references "{target}" (merchant_id, id)'
        )
        if field.indexed and not field.unique:
            yield f'create index "{name}_{column}_own" on "{name}" (merchant_id, "{column}")'


class GuardStates(_TableOperation):
    """The database refuses a state that the noun's table does not lead to, and a wrong first state."""

    def __init__(
        self, model: str, *, initial: str, transitions: Sequence[tuple[str, str]], also: Sequence[str] = ()
    ) -> None:
        super().__init__(model)
        self.initial, self.also, self.transitions = initial, sorted(also), sorted(transitions)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        options: dict[str, Any] = {"initial": self.initial, "transitions": self.transitions}
        if self.also:
            options["also"] = self.also
        return type(self).__name__, [self.model], options

    def statements(self, model: type[models.Model], table: str) -> Iterable[str]:
        pairs = ", ".join(f"('{frm}', '{to}')" for frm, to in self.transitions)
        starts = ", ".join(f"'{state}'" for state in (self.initial, *self.also))
        yield f"drop trigger if exists guard_states on {table}"
        yield f"drop trigger if exists guard_first_state on {table}"
        yield (
            f"create trigger guard_states before update of state on {table} for each row"
            f" when (old.state <> new.state and (old.state, new.state) not in ({pairs}))"
            " execute function tongdao_refuse_state()"
        )
        yield (
            f"create trigger guard_first_state before insert on {table} for each row"
            f" when (new.state not in ({starts})) execute function tongdao_refuse_state()"
        )
