from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "accanto.web"
    label = "web"
