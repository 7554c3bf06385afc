"""What every test may ask for: the real servers that stand beside the desk."""

import os
import time
from importlib import import_module

import hypothesis
import pytest
import time_machine
from django.db import connection
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.utils import timezone, translation

# How long a case takes says how busy the machine is, not whether the claim holds.
hypothesis.settings.register_profile(
    "desk", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("desk")

UNTIL = float(os.environ.get("COMMONGROUND_TESTS_UNTIL", "inf"))  # seconds of the epoch
pytest_plugins = ["tests.peers.fixtures"]


def pytest_collection_modifyitems(config, items):
    """What never touches the database has nothing new to say on another one."""
    if connection.vendor == "sqlite":
        return
    ways = {"db", "transactional_db"}
    touch = [
        it for it in items if it.get_closest_marker("django_db") or ways & set(it.fixturenames)
    ]
    kept = set(touch)
    config.hook.pytest_deselected(items=[it for it in items if it not in kept])
    items[:] = touch


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from tests.sharing import InTheirOrder

    return InTheirOrder(config, log)


@pytest.fixture(autouse=True)
def the_language_and_zone_of_the_last_reader_are_forgotten():
    """A page drawn for somebody leaves their language and zone active in the thread."""
    translation.activate("en")
    timezone.deactivate()
    yield
    translation.activate("en")
    timezone.deactivate()


def pytest_runtest_setup(item):
    """Whoever must have an answer in time has one: what was not run is counted in the summary."""
    if time.time() > UNTIL:
        pytest.skip("!! NOT RUN: the time that was given is over")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    """Whoever comes next would send to a pretended network that was left behind. After everything
    a test had is gone, the one that forgot is the one that fails."""
    from commonground.channels.networks import networks

    done = yield
    for name, network in networks().items():
        real = import_module(f"commonground.channels.networks.{name}.adapter").NETWORK
        if network is not real:
            networks()[name] = real
            pytest.fail(f"{item.name} left a pretended {name} behind")
    return done


def the_clock_of_the_test(execute, sql, params, many, context):
    """Where a test moves its clock, PostgreSQL's clock moves along."""
    if sql == "SELECT clock_timestamp()" and time_machine.escape_hatch.is_travelling():
        return execute("SELECT %s::timestamptz", [timezone.now()], many, context)
    return execute(sql, params, many, context)


@receiver(connection_created)
def move_with_the_test(connection, **_):
    if connection.vendor == "postgresql":
        connection.execute_wrappers.append(the_clock_of_the_test)


@pytest.fixture
def a_record_that_can_be_emptied(transactional_db):
    """Such tests are cleaned up by deleting every row, which the record rightly refuses."""
    yield
    from commonground.record.models import Entry

    guards = import_module("commonground.record.migrations.0002_never_changed")
    vendor = connection.vendor
    on = " ON commonground_record_entry" if vendor == "postgresql" else ""
    written = guards.SQLITE if vendor == "sqlite" else guards.POSTGRESQL
    triggers = [s for s in written if s.startswith("CREATE TRIGGER")]
    with connection.cursor() as cursor:
        for trigger in triggers:
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.split()[2]}{on}")
        Entry.objects.all().delete()
        for trigger in triggers:
            cursor.execute(trigger)
