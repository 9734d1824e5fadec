from django.apps import AppConfig


class TraineeshipsConfig(AppConfig):
    name = "accanto.traineeships"
    label = "traineeships"
