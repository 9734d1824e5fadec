from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "accanto.access"
    label = "access"
