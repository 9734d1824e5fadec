from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "accanto.indicators"
    label = "indicators"
