"""The demo says what is in its way before it does harm."""

import socket

import pytest
from tools.demo.stage import alone, must_be_free


def test_two_demos_of_one_folder_do_not_pull_the_desk_from_under_each_other(tmp_path):
    with alone(tmp_path), pytest.raises(SystemExit, match="runs from this folder already"):
        alone(tmp_path).__enter__()

    with alone(tmp_path):
        pass


def test_a_port_that_is_taken_is_said_at_once():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=f"port {port}"):
            must_be_free(port)
