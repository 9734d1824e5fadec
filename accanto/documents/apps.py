from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "accanto.documents"
    verbose_name = "documents"
