from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "tongdao.trade.notes"
    label = "notes"
