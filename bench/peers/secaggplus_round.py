"""
One round of Flower's SecAgg+: its own workflow on the server, its own mod on every site, with its defaults for clipping,
quantisation and modulus, over a grid that calls the sites in this process. Each site's weight is the largest, which
quantises finest: the peer's best precision. Shares and threshold have no default: 7 and 4, as in Flower's example with
differential privacy.
"""

from workload import Stopwatch, arguments, largest_difference, mean_of, report, vector_of

import logging
import os
from copy import deepcopy
from functools import reduce
from types import SimpleNamespace

import numpy as np

from flwr.app import ConfigRecord, Context, Message, RecordDict
from flwr.app.message_type import MessageType
from flwr.client.mod import secaggplus_mod
from flwr.common import (
    Code,
    FitIns,
    FitRes,
    Status,
    bytes_to_ndarray,
    ndarrays_to_parameters,
    parameters_to_ndarrays,
)
from flwr.common.secure_aggregation.crypto.shamir import combine_shares
from flwr.common.secure_aggregation.crypto.symmetric_encryption import generate_shared_key
from flwr.common.secure_aggregation.ndarrays_arithmetic import (
    factor_extract,
    get_parameters_shape,
    parameters_addition,
    parameters_mod,
    parameters_subtraction,
)
from flwr.common.secure_aggregation.quantization import dequantize
from flwr.common.secure_aggregation.secaggplus_constants import RECORD_KEY_CONFIGS, Key, Stage
from flwr.common.secure_aggregation.secaggplus_utils import pseudo_rand_gen
from flwr.compat.common import recorddict_compat
from flwr.server.compat.legacy_context import LegacyContext
from flwr.server.workflow import SecAggPlusWorkflow
from flwr.server.workflow.constant import MAIN_CONFIGS_RECORD, MAIN_PARAMS_RECORD
from flwr.server.workflow.constant import Key as WorkflowKey
from flwr.supercore.primitives.asymmetric import bytes_to_private_key, bytes_to_public_key, generate_key_pairs
from flwr.supercore.task_identity import TaskIdentity

NUM_SHARES = 7
THRESHOLD = 4
MAX_WEIGHT = 1000

TaskIdentity.task_id, TaskIdentity.run_id, TaskIdentity.node_id = 1, 1, 1


class Site:
    """A client app whose training yields one vector."""

    def __init__(self, node_id, vector):
        self.node_id = node_id
        self.context = Context(1, node_id, {}, RecordDict(), {})
        self.parameters = ndarrays_to_parameters([vector])
        self.working = Stopwatch()
        self.sent_bytes = 0

    def reply(self, message):
        with self.working:
            reply = secaggplus_mod(message, self.context, self.train)
        self.sent_bytes += reply.content.config_records[RECORD_KEY_CONFIGS].count_bytes()
        return reply

    def train(self, message, _context):
        result = FitRes(Status(Code.OK, ""), self.parameters, MAX_WEIGHT, {})
        return Message(recorddict_compat.fitres_to_recorddict(result, keep_input=True), reply_to=message)


class InProcessGrid:
    """Delivers messages to sites in this process; the dropped ones fall silent when masked vectors are collected."""

    def __init__(self, sites, dropped=0):
        self.sites = {site.node_id: site for site in sites}
        self.silent = {site.node_id for site in sites[:dropped]}
        self.masked = {}
        self.victim = sites[0].node_id
        self.read = None
        self.working = Stopwatch()

    def send_and_receive(self, messages, *, timeout=None):
        with self.working:
            return [reply for reply in map(self.deliver, messages) if reply is not None]

    def deliver(self, message):
        # Sites pop entries from what they receive; over a network each has a copy of its own.
        message.content = deepcopy(message.content)
        stage = message.content.config_records[RECORD_KEY_CONFIGS][Key.STAGE]
        node_id = message.metadata.dst_node_id
        if node_id in self.silent and stage in (Stage.COLLECT_MASKED_VECTORS, Stage.UNMASK):
            return None
        reply = self.sites[node_id].reply(message)
        if stage == Stage.COLLECT_MASKED_VECTORS:
            self.masked[node_id] = reply.content.config_records[RECORD_KEY_CONFIGS][Key.MASKED_PARAMETERS]
        return reply


class Strategy:
    """Samples every site and keeps the mean that the workflow hands over."""

    def __init__(self, sites):
        self.sites = sites
        self.mean = None

    def configure_fit(self, *_):
        return [(SimpleNamespace(node_id=site.node_id), FitIns(ndarrays_to_parameters([]), {})) for site in self.sites]

    def aggregate_fit(self, _round, results, _failures):
        self.mean = parameters_to_ndarrays(results[0][1].parameters)[0]
        return None, {}


class DeviatingWorkflow(SecAggPlusWorkflow):
    """
    A server that asks every site for both kinds of shares of one of them, as if it were active and dropped at once.
    Nothing in the sites' mod objects, so this needs no colluder at all.
    """

    def unmask_stage(self, grid, context, state):
        victim = grid.victim
        seed_shares, key_shares = [], []
        for nid in state.nid_to_neighbours[victim]:
            active = list(state.nid_to_neighbours[nid])
            question = {Key.STAGE: Stage.UNMASK, Key.ACTIVE_NODE_ID_LIST: active, Key.DEAD_NODE_ID_LIST: [victim]}
            content = RecordDict({RECORD_KEY_CONFIGS: ConfigRecord(question)})
            [reply] = grid.send_and_receive([Message(content, nid, MessageType.TRAIN)])
            shares = reply.content.config_records[RECORD_KEY_CONFIGS][Key.SHARE_LIST]
            seed_shares.append(shares[active.index(victim)])
            key_shares.append(shares[len(active)])
        grid.read = self.unmasked(grid, state, combine_shares(seed_shares), combine_shares(key_shares))
        return True

    def unmasked(self, grid, state, seed, key):
        victim = grid.victim
        masked = [bytes_to_ndarray(part) for part in grid.masked[victim]]
        shapes = get_parameters_shape(masked)
        masked = parameters_subtraction(masked, pseudo_rand_gen(seed, state.mod_range, shapes))
        for nid in state.nid_to_neighbours[victim] - {victim}:
            public_key = bytes_to_public_key(state.nid_to_publickeys[nid][0])
            mask = pseudo_rand_gen(generate_shared_key(bytes_to_private_key(key), public_key), state.mod_range, shapes)
            remove = parameters_subtraction if victim > nid else parameters_addition
            masked = remove(masked, mask)
        _weight, vector = factor_extract(parameters_mod(masked, state.mod_range))
        return dequantize(vector, state.clipping_range, state.quantization_range)[0]


def run_workflow(workflow_type, vectors, dropped=0):
    sites = [Site(100 + index, vector) for index, vector in enumerate(vectors)]
    grid, strategy = InProcessGrid(sites, dropped), Strategy(sites)
    context = LegacyContext(Context(1, 1, {}, RecordDict(), {}), strategy=strategy)
    context.state.config_records[MAIN_CONFIGS_RECORD] = ConfigRecord({WorkflowKey.CURRENT_ROUND: 1})
    context.state.array_records[MAIN_PARAMS_RECORD] = recorddict_compat.parameters_to_arrayrecord(
        ndarrays_to_parameters([]), keep_input=True
    )
    with Stopwatch() as everything:
        workflow_type(NUM_SHARES, THRESHOLD, max_weight=MAX_WEIGHT)(grid, context)
    return sites, grid, strategy, everything.seconds - grid.working.seconds


def seed_bits(seeds):
    """How many bits of the 32-bit number, into which pseudo_rand_gen folds a seed, ever vary."""
    folded = [int(np.bitwise_xor.reduce(np.frombuffer(seed, dtype="<u4"))) for seed in seeds]
    return reduce(lambda varying, number: varying | (number ^ folded[0]), folded, 0).bit_count()


def main():
    logging.getLogger("flwr").setLevel(logging.CRITICAL)
    values, sites, dropped = arguments()
    short = [vector_of(site, 4096) for site in range(sites)]
    _, _, survivors, _ = run_workflow(SecAggPlusWorkflow, short, dropped)
    _, deviating, _, _ = run_workflow(DeviatingWorkflow, short)
    keys = [generate_key_pairs() for _ in range(65)]
    vectors = [vector_of(site, values) for site in range(sites)]
    workers, _, strategy, server_seconds = run_workflow(SecAggPlusWorkflow, vectors)
    report(
        ["flwr", "numpy"],
        siteSeconds=[site.working.seconds for site in workers],
        serverSeconds=server_seconds,
        openSeconds=0,
        uploadBytes=max(site.sent_bytes for site in workers),
        maxError=largest_difference(strategy.mean, mean_of(vectors)),
        survivorsError=largest_difference(survivors.mean, mean_of(short[dropped:])),
        readError=largest_difference(deviating.read, short[0]),
        privateSeedBits=seed_bits([os.urandom(32) for _ in range(256)]),
        pairwiseSeedBits=seed_bits([generate_shared_key(keys[0][0], public) for _, public in keys[1:]]),
    )


main()
