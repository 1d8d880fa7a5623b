from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tongdao.party.people"
    label = "people"
