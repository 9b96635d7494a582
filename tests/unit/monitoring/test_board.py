"""Every query of the board and of the alerts asks for metrics and labels that the service has."""

import json
import re
import time
from pathlib import Path

import fakeredis
import pytest
import yaml

from watcher.ledger.database import Ledger
from watcher.running.alarms import Alarms
from watcher.taking.noticing import Counts
from watcher.telemetry import Lookups, WatcherTelemetry
from worker.health import HealthMetric
from worker.telemetry import WorkerTelemetry

ROOT = Path(__file__).parents[3]
BOARD = json.loads((ROOT / "monitoring" / "board.json").read_text("utf-8"))
ALERTS = yaml.safe_load((ROOT / "monitoring" / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
PROMETHEUS = yaml.safe_load((ROOT / "monitoring" / "prometheus.yml").read_text("utf-8"))
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
#: What Prometheus says of each process that it asks.
OF_PROMETHEUS = {"up": {"job", "instance"}}
WORDS = {"sum", "by", "rate", "increase", "histogram_quantile", "le"}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The labels of each sample that watcher and worker give."""
    ledger = Ledger.open(tmp_path_factory.mktemp("board") / "ledger.sqlite")
    alarms = Alarms(time.monotonic)
    alarms.set("queue", "Redis is away")
    watcher = WatcherTelemetry(time.time)
    watcher.registry.register(Lookups(ledger, fakeredis.FakeRedis(), Counts(), alarms, time.time, time.monotonic))
    worker = WorkerTelemetry()
    worker.registry.register(HealthMetric(time.time))
    found: dict[str, set[str]] = {name: set(labels) for name, labels in OF_PROMETHEUS.items()}
    for family in (*watcher.registry.collect(), *worker.registry.collect()):
        for suffix in ("_bucket", "_sum", "_count") if family.type == "histogram" else ("",):
            name = family.name + ("_total" if family.type == "counter" else "") + suffix
            found[name] = {label for sample in family.samples for label in sample.labels} | {"job", "instance"}
    ledger.close()
    return found


def queries() -> list[tuple[str, str, set[str]]]:
    """Where each stands, the query, and the labels that its legend or its text names."""
    rows = [
        (panel["title"], target["expr"], set(re.findall(r"{{(\w+)}}", target["legendFormat"])))
        for panel in BOARD["panels"]
        for target in panel["targets"]
    ]
    for rule in ALERTS:
        labels = re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"])
        rows.append((rule["alert"], rule["expr"], set(labels)))
    return rows


@pytest.mark.parametrize(("where", "query", "named"), queries(), ids=[row[0] for row in queries()])
def test_a_query_asks_for_what_is_there(where: str, query: str, named: set[str], exported: dict[str, set[str]]) -> None:
    """Its metrics, the labels that it sums by or selects, and those that are shown."""
    plain = re.sub(r'"[^"]*"|\b\d\w*', "", query)
    grouped = {label for words in re.findall(r"by \(([^)]*)\)", plain) for label in re.findall(r"\w+", words)}
    selected = set(re.findall(r"(\w+)\s*[=!]~?", re.sub(r"[<>=!]=", "", plain)))
    metrics = set(re.findall(r"[a-z_]\w+", plain)) - WORDS - grouped - selected

    assert metrics
    assert metrics <= exported.keys(), where
    labels = set.union(*(exported[name] for name in metrics))
    assert grouped | selected | named <= labels
    assert named <= grouped or not grouped


def test_the_board_shows_every_metric_but_those_of_single_files(exported: dict[str, set[str]]) -> None:
    """A new metric is put on the board, or here, with the reason."""
    unneeded = {
        "zhibiao_watcher_settle_seconds",  # how senders write, not how the service does
        "zhibiao_watcher_queue_to_outcome_seconds",  # a part of the way that is shown
        "zhibiao_watcher_overflows_total",
        "zhibiao_watcher_found_by_walk_files_total",
        "zhibiao_watcher_walks_total",
        "zhibiao_worker_rejected_entries_total",
        "zhibiao_watcher_rereading_files",  # a person has asked for it and sees it in the status
    }
    asked = " ".join(query for _, query, _ in queries())
    families = {re.sub("_(bucket|sum|count)$", "", name) for name in exported if name.startswith("zhibiao_")}

    assert {name for name in families if name not in asked} == unneeded


def test_the_alerts_of_the_manual_are_those_of_the_file() -> None:
    """Each stands there with its meaning."""
    page = (ROOT / "docs" / "operations.md").read_text("utf-8").partition("Worth an alert")[2].partition("\n## ")[0]

    assert [rule["expr"] for rule in ALERTS if f"`{rule['expr']}`" not in page] == []


def test_what_compose_mounts_is_where_the_programs_look() -> None:
    """Prometheus finds the port that the parts serve, and Grafana its board and the source that the board names."""
    services = COMPOSE["services"]
    (finder,) = PROMETHEUS["scrape_configs"][0]["dns_sd_configs"]
    source = yaml.safe_load((ROOT / "monitoring/grafana/datasources/prometheus.yml").read_text("utf-8"))
    folder = yaml.safe_load((ROOT / "monitoring/grafana/dashboards/board.yml").read_text("utf-8"))

    for part in finder["names"]:
        assert services[part]["environment"]["ZHIBIAO_METRICS_PORT"] == finder["port"]
    assert "./monitoring:/etc/prometheus:ro" in services["prometheus"]["volumes"]
    assert "./monitoring:/etc/zhibiao:ro" in services["grafana"]["volumes"]
    assert {target["datasource"]["uid"] for panel in BOARD["panels"] for target in panel["targets"]} == {
        source["datasources"][0]["uid"]
    }
    assert folder["providers"][0]["options"]["path"] == "/etc/zhibiao"
    assert services["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"] == "/etc/zhibiao/board.json"
    assert services["grafana"]["environment"]["GF_PATHS_PROVISIONING"] == "/etc/zhibiao/grafana"
