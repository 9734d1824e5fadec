from django.apps import AppConfig


class StaffingConfig(AppConfig):
    name = "accanto.staffing"
    label = "staffing"
