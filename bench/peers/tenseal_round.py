"""
One round of NVFlare's homomorphic encryption: a CKKS context as its provisioning writes it (HEBuilder: N = 8192,
[60, 40, 40], scale 2^40, symmetric), vectors serialised with TenSEAL's own compression, added as they arrive. Vectors are
cut into single ciphertexts, which TenSEAL encrypts faster than the whole vectors that NVFlare hands it, and the mean is
taken after decryption, where NVFlare multiplies the encrypted sum: both in the peer's favour.
"""

from workload import Stopwatch, arguments, largest_difference, mean_of, report, vector_of

import tenseal as ts

SLOTS = 4096


def contexts():
    """(every client's, the server's): the clients share one secret key, the server has none."""
    context = ts.context(
        ts.SCHEME_TYPE.CKKS,
        poly_modulus_degree=2 * SLOTS,
        coeff_mod_bit_sizes=[60, 40, 40],
        encryption_type=ts.ENCRYPTION_TYPE.SYMMETRIC,
        n_threads=1,
    )
    context.generate_relin_keys()
    context.global_scale = 2**40
    written = [
        context.serialize(
            save_public_key=is_client, save_secret_key=is_client, save_galois_keys=False, save_relin_keys=True
        )
        for is_client in (True, False)
    ]
    return [ts.context_from(bytes_, n_threads=1) for bytes_ in written]


def upload_of(client, values):
    return [
        ts.ckks_vector(client, values[start : start + SLOTS]).serialize() for start in range(0, len(values), SLOTS)
    ]


def opened(client, upload):
    return [value for part in upload for value in ts.ckks_vector_from(client, part).decrypt()]


def run_round(client, server, vectors):
    """Uploads are added as they arrive, so that only one is in memory."""
    site_seconds, upload_bytes = [], 0
    adding, total = Stopwatch(), None
    for vector in vectors:
        with Stopwatch() as encrypting:
            upload = upload_of(client, vector)
        site_seconds.append(encrypting.seconds)
        upload_bytes = max(upload_bytes, sum(map(len, upload)))
        with adding:
            parts = [ts.ckks_vector_from(server, part) for part in upload]
            total = parts if total is None else [sum_ + part for sum_, part in zip(total, parts)]
    with adding:
        answer = [part.serialize() for part in total]
    with Stopwatch() as opening:
        sums = opened(client, answer)
    return {
        "siteSeconds": site_seconds,
        "serverSeconds": adding.seconds,
        "openSeconds": opening.seconds,
        "uploadBytes": upload_bytes,
        "maxError": largest_difference([value / len(vectors) for value in sums], mean_of(vectors)),
    }


def main():
    values, sites, dropped = arguments()
    client, server = contexts()
    short = [vector_of(site, SLOTS) for site in range(sites)]
    run_round(client, server, short)  # warm
    survivors = run_round(client, server, short[dropped:])
    # What any client and the server read together: the upload of another client, under the key that all clients hold.
    read = opened(client, upload_of(client, short[0]))
    report(
        ["tenseal", "numpy"],
        **run_round(client, server, [vector_of(site, values) for site in range(sites)]),
        survivorsError=survivors["maxError"],
        readError=largest_difference(read, short[0]),
    )


main()
