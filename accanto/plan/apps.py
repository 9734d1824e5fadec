from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "accanto.plan"
    label = "plan"
