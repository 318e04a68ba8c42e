"""Gateway mode. The Kubernetes API is a stand-in here: a small HTTP server that keeps one HTTPRoute and one scale, checks every
patch as the API would (content type, resource version, shape), and records the order. The real API is not part of these tests.
"""

import copy
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
import serving_support as support
from test_deploy import ROW, RUN, TIMING, Bench

from cyclops_runtime.document import Gateway
from cyclops_runtime.errors import InputError, RolledBack, RuntimeFailure
from cyclops_runtime.rollout.deploy import Deployment
from cyclops_runtime.rollout.gateway import KubernetesApi, Traffic, routed

ROUTE = "/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes/churn"
SCALE = "/apis/apps/v1/namespaces/shop/deployments/churn-canary/scale"
GATEWAY = {
    "namespace": "shop",
    "route": "churn",
    "stableService": "churn",
    "canaryService": "churn-canary",
    "canaryDeployment": "churn-canary",
    "canaryPods": "127.0.0.1:1",
    "port": 8080,
}
RULES = [
    {
        "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
        "timeouts": {"request": "30s"},
        "filters": [{"type": "RequestHeaderModifier", "requestHeaderModifier": {"set": [{"name": "x", "value": "y"}]}}],
        "backendRefs": [{"name": "churn", "port": 8080, "weight": 100}, {"name": "churn-canary", "port": 8080, "weight": 0}],
    },
    {"matches": [{"path": {"type": "PathPrefix", "value": "/docs"}}], "backendRefs": [{"name": "docs", "port": 80}]},
]


class FakeApi:
    """Holds the two objects; `on_scale` is told the number of replicas."""

    def __init__(self, tmp_path, on_scale=lambda replicas: None):
        self.route = {
            "metadata": {"name": "churn", "resourceVersion": "1"},
            "spec": {"hostnames": ["churn.test"], "rules": copy.deepcopy(RULES)},
        }
        self.replicas, self.log, self.problems, self.conflicts, self.forbidden = 0, [], [], 0, False
        token = tmp_path / "token"
        token.write_text("secret-token\n")
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                api.check(self, None)
                self.answer(200 if self.path == ROUTE else 404, api.route)

            def do_PATCH(self):
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                api.check(self, body)
                if api.forbidden:
                    return self.answer(403, {"message": "patch is forbidden"})
                if self.path == SCALE:
                    api.replicas = body["spec"]["replicas"]
                    api.log.append(("scale", api.replicas))
                    on_scale(api.replicas)
                    return self.answer(200, {"spec": {"replicas": api.replicas}})
                if api.conflicts > 0:
                    api.conflicts -= 1
                    api.route["metadata"]["resourceVersion"] += "0"
                if body["metadata"]["resourceVersion"] != api.route["metadata"]["resourceVersion"]:
                    return self.answer(409, {"message": "the object has been modified"})
                api.route["spec"]["rules"] = body["spec"]["rules"]
                api.route["metadata"]["resourceVersion"] += "1"
                api.log.append(("weights", api.weights(), api.mirror()))
                return self.answer(200, api.route)

            def answer(self, status, body):
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.api = KubernetesApi(f"http://127.0.0.1:{self.server.server_port}", token)

    def check(self, request, body):
        """What the API would refuse."""
        if request.headers["authorization"] != "Bearer secret-token":
            self.problems.append("no token")
        if request.path not in (ROUTE, SCALE):
            self.problems.append(f"touches {request.path}")
        if body is None:
            return
        if request.headers["content-type"] != "application/merge-patch+json":
            self.problems.append(request.headers["content-type"])
        if (request.path == SCALE and body.keys() != {"spec"} | set()) or (
            request.path == SCALE and body["spec"].keys() != {"replicas"}
        ):
            self.problems.append(f"scale {body}")
        if request.path == ROUTE and (
            body.keys() != {"metadata", "spec"}
            or body["spec"].keys() != {"rules"}
            or body["metadata"].keys() != {"resourceVersion"}
        ):
            self.problems.append(f"route {body}")

    def weights(self):
        return [ref["weight"] for ref in self.route["spec"]["rules"][0]["backendRefs"]]

    def mirror(self):
        return [f["requestMirror"] for f in self.route["spec"]["rules"][0].get("filters", []) if f["type"] == "RequestMirror"]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def gateway():
    return Gateway(
        namespace="shop",
        route="churn",
        stable_service="churn",
        canary_service="churn-canary",
        canary_deployment="churn-canary",
        canary_pods="127.0.0.1:1",
        port=8080,
    )


def test_only_weights_of_our_rules_change(gateway):
    changed = routed(RULES, gateway, 10, None)
    expected = copy.deepcopy(RULES)
    expected[0]["backendRefs"][0]["weight"], expected[0]["backendRefs"][1]["weight"] = 90, 10
    assert changed == expected
    assert routed(changed, gateway, 0, None) == RULES
    assert [ref["weight"] for ref in routed(RULES, gateway, 2.5, None)[0]["backendRefs"]] == [975, 25]


@pytest.mark.parametrize(
    ("percent", "share"), [(100, {}), (20, {"percent": 20}), (2.5, {"fraction": {"numerator": 25, "denominator": 1000}})]
)
def test_copies_are_a_mirror_filter(gateway, percent, share):
    changed = routed(RULES, gateway, 0, percent)
    assert changed[0]["filters"][1:] == [
        {"type": "RequestMirror", "requestMirror": {"backendRef": {"name": "churn-canary", "port": 8080}, **share}}
    ]
    assert changed[0]["filters"][0] == RULES[0]["filters"][0]
    assert routed(changed, gateway, 0, percent) == changed
    assert routed(changed, gateway, 0, None) == RULES


def test_a_missing_canary_backend_is_added_and_a_foreign_route_refused(gateway):
    alone = [{"backendRefs": [{"name": "churn", "port": 8080}]}]
    assert routed(alone, gateway, 5, None)[0]["backendRefs"] == [
        {"name": "churn", "port": 8080, "weight": 95},
        {"name": "churn-canary", "port": 8080, "weight": 5},
    ]
    with pytest.raises(InputError, match="no rule that sends to churn"):
        routed([RULES[1]], gateway, 5, None)


def test_conflicting_changes_are_made_again_on_the_new_object(tmp_path, gateway):
    fake = FakeApi(tmp_path)
    fake.conflicts = 2
    Traffic(gateway, fake.api).split(30)
    assert fake.weights() == [70, 30]
    fake.conflicts = 100
    with pytest.raises(RuntimeFailure, match="changed all the time"):
        Traffic(gateway, fake.api).split(40)
    fake.close()


def test_a_missing_permission_is_named(tmp_path, gateway):
    fake = FakeApi(tmp_path)
    fake.forbidden = True
    with pytest.raises(RuntimeFailure, match="403 patch is forbidden: the step's ServiceAccount needs that permission"):
        Traffic(gateway, fake.api).scale_canary(1)
    fake.close()


def test_outside_of_a_pod_there_is_no_api(tmp_path):
    with pytest.raises(InputError, match="runs in a pod"):
        KubernetesApi.of_this_pod({}, tmp_path)


class GatewayBench(Bench):
    """A stable scorer that always runs, and a canary that runs while its Deployment has replicas."""

    def __init__(self, tmp_path, name, folders, rollout):
        super().__init__(tmp_path, name, folders, rollout, role="stable")
        self.canary = None
        with support.socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.canary_port = probe.getsockname()[1]
        gateway = {**GATEWAY, "canaryPods": f"127.0.0.1:{self.canary_port}"}
        self.document = support.make_document(
            tmp_path, name, pods=f"127.0.0.1:{self.scorer.port}", rollout=rollout, gateway=gateway
        )
        self.fake = FakeApi(tmp_path, self.on_scale)

    def on_scale(self, replicas):
        if replicas and self.canary is None:
            self.canary = support.RunningScorer(
                support.make_document(self.tmp_path, self.name), port=self.canary_port, role="canary"
            ).__enter__()
        elif not replicas and self.canary is not None:
            self.canary.__exit__()
            self.canary = None

    def __exit__(self, *arguments):
        self.on_scale(0)
        super().__exit__(*arguments)
        self.fake.close()

    def deploy(self, run_id=RUN, timing=TIMING):
        with httpx.Client(timeout=15) as client:
            return Deployment(self.document, run_id, client, Traffic(self.document.serving.gateway, self.fake.api), timing).run()


def test_canary_by_gateway_in_the_order_that_drops_nothing(tmp_path, name, saved):
    with GatewayBench(tmp_path, name, [saved["v1"], saved["v2"]], {"strategy": "canary", "percent": 10, "bake": "1s"}) as bench:
        bench.champion_is("1")
        bench.files_of_run("2")
        result = bench.deploy()
        assert bench.scorer.status()["champion"]["version"] == "2"
    assert result["outcome"] == "promoted"
    assert bench.fake.log == [("scale", 1), ("weights", [90, 10], []), ("weights", [100, 0], []), ("scale", 0)]
    assert bench.fake.problems == []
    assert bench.fake.route["spec"]["rules"] == RULES
    assert bench.aliases() == {"champion": "2"}


def test_a_failing_canary_loses_its_weight_before_its_replicas(tmp_path, name, saved):
    with GatewayBench(
        tmp_path, name, [saved["v1"], saved["picky"]], {"strategy": "canary", "percent": 10, "bake": "10m"}
    ) as bench:
        bench.champion_is("1")
        bench.files_of_run("2")
        support.people(50, 3).assign(age=20.0).to_parquet(bench._path("features", RUN, "test.parquet"), index=False)

        def old_customer():
            support.wait_until(lambda: bench.fake.weights() == [90, 10])
            bench.canary.invoke(ROW.assign(age=90.0))

        sender = threading.Thread(target=old_customer)
        sender.start()
        with pytest.raises(RolledBack, match="1 of 1 requests failed"):
            bench.deploy()
        sender.join(30)
    assert bench.fake.log == [("scale", 1), ("weights", [90, 10], []), ("weights", [100, 0], []), ("scale", 0)]
    assert bench.aliases() == {"champion": "1"}
    assert bench.outcome("2") == "rolled-back"


def test_shadow_by_gateway_mirrors_and_leaves_the_weights(tmp_path, name, saved):
    with GatewayBench(tmp_path, name, [saved["v1"], saved["v2"]], {"strategy": "shadow", "percent": 50, "bake": "1s"}) as bench:
        bench.champion_is("1")
        bench.files_of_run("2")
        assert bench.deploy()["outcome"] == "promoted"
    mirror = {"backendRef": {"name": "churn-canary", "port": 8080}, "percent": 50}
    assert bench.fake.log == [("scale", 1), ("weights", [100, 0], [mirror]), ("weights", [100, 0], []), ("scale", 0)]
    assert bench.fake.problems == []


def test_a_refused_patch_leaves_the_champion_and_may_be_repeated(tmp_path, name, saved):
    with GatewayBench(tmp_path, name, [saved["v1"], saved["v2"]], {"strategy": "canary", "percent": 10, "bake": "1s"}) as bench:
        bench.champion_is("1")
        bench.files_of_run("2")
        bench.fake.forbidden = True
        with pytest.raises(RuntimeFailure, match="ServiceAccount needs that permission"):
            bench.deploy()
        assert bench.aliases()["champion"] == "1"
        bench.fake.forbidden = False
        assert bench.deploy()["outcome"] == "promoted"
    assert bench.fake.route["spec"]["rules"] == RULES
