"""Peers for Python: reads the workloads, writes one line of JSON for each."""

import collections
import collections.abc
import json
import sys
import time

# One peer was written for a Python in which these still lay here.
for name in ("Mapping", "MutableMapping"):
    setattr(collections, name, getattr(collections.abc, name))

from moto.iam.access_control import IAMPolicy, PermissionResult
from principalmapper.common import Node, Policy
from principalmapper.querying.query_interface import local_check_authorization


def moto(workload):
    policies = [IAMPolicy({"policy_document": text}) for text in workload["policies"]]

    def decide(ask):
        # As its own `is_action_permitted` puts them together: one Deny is final.
        permitted = False
        for policy in policies:
            result = policy.is_action_permitted(ask["action"], ask["resource"], None, ask["context"])
            if result == PermissionResult.DENIED:
                return "explicitly-denied"
            permitted |= result == PermissionResult.PERMITTED
        return "allowed" if permitted else "implicitly-denied"

    return decide


def principalmapper(workload):
    texts = enumerate(workload["policies"])
    policies = [Policy(f"arn:aws:iam::111122223333:policy/p{at}", f"p{at}", json.loads(text)) for at, text in texts]
    user = "arn:aws:iam::111122223333:user/alice"
    node = Node(user, "AIDACKCEVSQ6C2EXAMPLE", policies, None, None, None, 1, True, False, None, False, None)

    def decide(ask):
        allowed = local_check_authorization(node, ask["action"], ask["resource"], dict(ask["context"]))
        return "allowed" if allowed else "denied"

    return decide


for workload in json.load(open(sys.argv[1])):
    for name, make in {"moto 5.2.1": moto, "principalmapper 1.1.5": principalmapper}.items():
        decide = make(workload)
        answers = []
        for ask in workload["asks"]:
            try:
                answers.append(decide(ask))
            except Exception as error:  # what a peer does not know is a wrong answer, and the run goes on
                answers.append(f"refused: {type(error).__name__}: {error}")
        asks = [ask for ask, answer in zip(workload["asks"], answers) if not answer.startswith("refused")]
        asked, begin = 0, time.perf_counter()
        while asks and time.perf_counter() - begin < 1:
            for ask in asks:
                decide(ask)
            asked += len(asks)
        spent = time.perf_counter() - begin
        nanoseconds = spent * 1e9 / asked if asked else None
        line = {"peer": name, "workload": workload["name"], "nanoseconds": nanoseconds, "answers": answers}
        print(json.dumps(line))
