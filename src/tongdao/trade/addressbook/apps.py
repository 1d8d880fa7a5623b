from django.apps import AppConfig


class AddressbookConfig(AppConfig):
    name = "tongdao.trade.addressbook"
    label = "addressbook"
