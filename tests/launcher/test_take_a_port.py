import socket

import pytest

from accanto.console import main
from accanto.console.preparation import Stop
from accanto.console.serving import kept_port


def free_port():
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return chosen.getsockname()[1]


def test_two_servers_begun_together_do_not_take_the_same_port():
    port = free_port()
    with (
        kept_port("127.0.0.1", port),
        pytest.raises(Stop, match=f"la porta {port} è occupata.*PORT={port + 1}"),
        kept_port("127.0.0.1", port),
    ):
        pass


def test_the_workers_may_listen_on_the_port_that_is_kept():
    port = free_port()
    with kept_port("127.0.0.1", port), socket.socket() as worker:
        worker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        worker.bind(("127.0.0.1", port))
        worker.listen()
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass


@pytest.mark.parametrize("port", ["otto", "0", "70000", "-1"])
def test_a_port_that_is_none_is_said_in_one_sentence(port, monkeypatch, capsys):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(SystemExit):
        main(["serve"])
    assert "la porta è un numero da 1 a 65535" in capsys.readouterr().err
