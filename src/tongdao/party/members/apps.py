from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "tongdao.party.members"
    label = "members"

    def ready(self) -> None:
        """Its events, and what it does on others', become known at start."""
        from tongdao.party.members import events  # noqa: F401 registers
