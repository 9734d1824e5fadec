from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "accanto.exchange"
    label = "exchange"
