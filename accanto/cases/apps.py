from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "accanto.cases"
    label = "cases"

    def ready(self):
        from accanto.cases import kept_contacts  # noqa: F401  (it adds itself to what sealing forgets)
