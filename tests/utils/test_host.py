"""CPU cores and memory."""
import os

from utils import host


def test_there_is_at_least_one_core_and_no_more_than_the_machine_has():
    assert 1 <= host.cores() <= os.cpu_count()


def test_memory_is_pages_times_their_size(monkeypatch):
    monkeypatch.setattr(os, 'sysconf', {'SC_PAGE_SIZE': 4096, 'SC_PHYS_PAGES': 10}.__getitem__)
    assert host.memory_bytes() == 40960


def test_memory_is_unknown_where_the_platform_does_not_report_it(monkeypatch):
    def sysconf(name):
        raise ValueError('unrecognized configuration name')

    monkeypatch.setattr(os, 'sysconf', sysconf)
    assert host.memory_bytes() is None
