from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "tongdao.party.members"
    label = "members"
